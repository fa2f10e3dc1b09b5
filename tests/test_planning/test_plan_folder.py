"""Does a problem come back from its folder exactly, and is a spoilt folder refused in sentences?"""

import dataclasses
import datetime as dt
import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from support.plans import small_contents, small_folder
from support.reference import reference
from support.schedules import ALL, FEATURES, random_schedule

from deposits.errors import DataError
from planning.formats.minelib import read_instance
from planning.formats.plans.folder import TABLES, ScheduleFolder, write_folder
from planning.formats.plans.folder_reading import read_folder
from planning.scheduling.from_minelib import schedule_problem


def equal(a, b):
    """Say whether two nouns are the same in every field, to the last bit."""
    assert type(a) is type(b)
    if dataclasses.is_dataclass(a):
        return all(equal(getattr(a, f.name), getattr(b, f.name)) for f in dataclasses.fields(a))
    if isinstance(a, np.ndarray):
        assert a.shape == b.shape
        return np.array_equal(a, b) and np.array_equal(np.signbit(a), np.signbit(b))
    if isinstance(a, pd.DataFrame):
        pd.testing.assert_frame_equal(a, b)
        return True
    return a == b


@pytest.mark.parametrize(
    "features", [(), *((name,) for name in FEATURES), tuple(sorted(ALL))], ids=str
)
def test_every_kind_of_problem_reads_back_exactly(tmp_path, features):
    for seed in range(2):
        folder = ScheduleFolder(random_schedule(seed, features, 9, 4))
        write_folder(tmp_path, folder)
        assert equal(read_folder(tmp_path).or_raise(), folder)


@pytest.mark.parametrize("synthetic", [False, True])
def test_what_stands_beside_the_problem_reads_back(tmp_path, synthetic):
    folder = small_folder(synthetic=synthetic)
    names = write_folder(tmp_path, folder)
    assert sorted(names) == sorted(path.name for path in tmp_path.iterdir())
    assert all(name.startswith("synthetic_") is synthetic for name in names)
    assert names[-1].endswith("problem.json")
    assert equal(read_folder(tmp_path).or_raise(), folder)
    assert "Small mine" in str(folder)
    assert "2027-01-01" in folder._repr_html_()


def test_others_can_read_it(tmp_path):
    write_folder(tmp_path, small_folder())
    told = json.loads((tmp_path / "problem.json").read_text("utf-8"))
    assert told["destinations"] == ["plant", "stockpile", "none"]
    assert told["units"] == ["t", "t", "t"]
    assert told["start"] == "2027-01-01"
    assert set(told["tables"]) == {f"{name}.parquet" for name in TABLES}
    value = pd.read_parquet(tmp_path / "activities.parquet")
    assert value["value_0"].isna().tolist() == [True, False, False, False, False]
    assert value["name"].tolist()[0] == "Штрек 1"
    limits = pd.read_parquet(tmp_path / "limits.parquet")
    assert limits.query("resource == 1 and period == 1")["lower"].item() == 200
    assert limits["lower"].isna().sum() == 7


def test_equal_problems_give_equal_bytes(tmp_path):
    for name in "ab":
        write_folder(tmp_path / name, small_folder())
    for path in (tmp_path / "a").iterdir():
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes()


def test_a_folder_written_again_holds_nothing_old(tmp_path):
    write_folder(tmp_path, small_folder())
    write_folder(tmp_path, small_folder(contents=None, start=None))
    again = read_folder(tmp_path).or_raise()
    assert again.contents is None
    assert again.start is None
    assert not (tmp_path / "contents.parquet").exists()


def test_writing_that_stops_half_way_leaves_no_head_over_new_tables(tmp_path, monkeypatch):
    write_folder(tmp_path, small_folder())
    written = []

    def full(table, file, **how):
        written.append(file)
        if len(written) == 3:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr("pyarrow.parquet.write_table", full)
    with pytest.raises(OSError, match="No space left"):
        write_folder(tmp_path, small_folder())
    assert "there is no problem.json" in str(read_folder(tmp_path).problems[0])
    assert not list(tmp_path.glob(".*"))


def test_contents_of_something_else_are_refused():
    contents = replace(small_contents(), table=small_contents().table.iloc[:3])
    with pytest.raises(DataError, match="not one row an activity; found 3 rows; allowed 5"):
        small_folder(contents=contents)


def rewrite(folder, name, change):
    """Change one table of a folder."""
    path = folder / f"{name}.parquet"
    change(pd.read_parquet(path)).to_parquet(path, index=False)


def spoil(name, change):
    return lambda folder: rewrite(folder, name, change)


def head(**changes):
    def change(folder):
        path = folder / "problem.json"
        path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | changes))

    return change


def put(column, row, value):
    def change(table):
        table = table.astype({column: "float64"})
        table.loc[row, column] = value
        return table

    return change


SPOILT = {
    "no table": (lambda f: (f / "use.parquet").unlink(), "use.parquet: the file does not exist"),
    "no Parquet": (
        lambda f: (f / "use.parquet").write_text("x"), "use.parquet: not a sound Parquet file",
    ),
    "half a table": (
        lambda f: (f / "use.parquet").write_bytes((f / "use.parquet").read_bytes()[:-9]),
        "not a sound Parquet file",
    ),
    "no column": (
        spoil("use", lambda t: t.drop(columns="amount")), 'use.parquet: column "amount" is missing',
    ),
    "an empty cell": (
        spoil("use", put("amount", 2, np.nan)),
        "use.parquet, column amount: cells are empty; found 1 empty cells, the first in row 2",
    ),
    "text": (
        spoil("use", lambda t: t.assign(amount="x")),
        "use.parquet, column amount: the column holds no numbers",
    ),
    "half an activity": (
        spoil("use", put("activity", 0, 0.5)),
        "use.parquet, column activity: not whole numbers; found 0.5 in row 0",
    ),
    "another activity": (spoil("use", put("activity", 0, 9)), "use.activity: does not exist"),
    "rows in another order": (
        spoil("activities", lambda t: t.iloc[::-1]), "activities.parquet: the rows are not one",
    ),
    "a row too few": (spoil("limits", lambda t: t.iloc[:-1]), "limits.parquet: the rows are not"),
    "unsorted arcs": (
        spoil("precedence", lambda t: t.iloc[::-1]), "not in rising order of activity",
    ),
    "a circle": (
        spoil("precedence", put("predecessor", 0, 2)), "need one another in a circle",
    ),
    "a limit upside down": (
        spoil("limits", put("lower", 0, 9999)), "the lower limit is above the upper one",
    ),
    "another version": (head(version=2), "another version; found 2; allowed 1"),
    "another format": (head(format="x"), "not a scheduling problem"),
    "no key": (head(flows=None), 'key "flows" is missing or wrong; found None; allowed list'),
    "a number for a flag": (head(split=1), 'key "split" is missing or wrong'),
    "a flag for a number": (head(n_resources=True), 'key "n_resources" is missing or wrong'),
    "a calendar without a rate": (
        head(calendar={"length_years": [0.5, 0.5, 1, 1]}), "the problem cannot be put together",
    ),
    "an unknown convention": (
        head(calendar={"length_years": [0.5, 0.5, 1, 1], "discount_rate": 0.1, "discounting": "x"}),
        "no convention of discounting",
    ),
    "a day that is none": (head(start="2027-02-30"), "the problem cannot be put together"),
    "names that do not fit": (head(destinations=["a"]), "names of destinations"),
    "no JSON": (lambda f: (f / "problem.json").write_text("{"), "problem.json: not sound JSON"),
    "a list": (lambda f: (f / "problem.json").write_text("[]"), "not a scheduling problem"),
    "two heads": (
        lambda f: (f / "synthetic_problem.json").write_text("{}"),
        "the folder holds both problem.json and synthetic_problem.json",
    ),
    "no contents": (
        lambda f: (f / "contents.parquet").unlink(), "contents.parquet: the file does not exist",
    ),
    "contents without a column": (
        spoil("contents", lambda t: t.drop(columns="ore_t")), 'column "ore_t" is missing',
    ),
    "contents of fewer": (
        spoil("contents", lambda t: t.iloc[:-1]), "contents: not one row an activity; found 4",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", SPOILT)
def test_a_spoilt_folder_is_told_in_sentences(tmp_path, what):
    change, words = SPOILT[what]
    write_folder(tmp_path, small_folder())
    change(tmp_path)
    read = read_folder(tmp_path)
    assert read.value is None
    assert words in "\n".join(map(str, read.problems))


def test_all_that_is_wrong_is_told_at_once(tmp_path):
    write_folder(tmp_path, small_folder())
    for what in ("no column", "no Parquet", "a row too few", "text"):
        if what != "no Parquet":
            SPOILT[what][0](tmp_path)
    (tmp_path / "flows.parquet").write_text("x")
    rewrite(tmp_path, "general", lambda t: t.drop(columns=["period", "amount"]))
    assert len(read_folder(tmp_path).problems) == 4


def test_a_folder_that_is_none_is_told(tmp_path):
    for path, words in (
        (tmp_path, "there is no problem.json. `anzob plan` writes one."),
        (tmp_path / "no", "the folder does not exist"),
        (tmp_path / "a.txt", "this is a file, not a folder"),
        (tmp_path / "minelib", "anzob minelib-verify"),
    ):
        (tmp_path / "a.txt").write_text("x")
        (tmp_path / "minelib").mkdir(exist_ok=True)
        (tmp_path / "minelib" / "a.prec").write_text("x")
        assert words in str(read_folder(path).problems[0])


def test_a_table_of_other_integers_is_read(tmp_path):
    write_folder(tmp_path, small_folder())
    rewrite(tmp_path, "use", lambda t: t.astype({"activity": "int32", "resource": "uint8"}))
    rewrite(tmp_path, "limits", lambda t: t.astype({"upper": "float64"}))
    assert equal(read_folder(tmp_path).or_raise(), small_folder())
    assert small_contents().columns()["sb_t"].tolist() == [0, 20, 60, 15, 4]
    assert read_folder(tmp_path).or_raise().start == dt.date(2027, 1, 1)


@pytest.mark.reference
def test_newman1_reads_back_exactly(tmp_path):
    problem = schedule_problem(read_instance(reference("minelib/newman1"), "pcpsp").or_raise())
    write_folder(tmp_path, ScheduleFolder(problem))
    assert equal(read_folder(tmp_path).or_raise().problem, problem)
