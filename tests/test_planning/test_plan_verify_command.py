"""What does `anzob plan-verify` print of a plan that a planner has changed, and how does it end?"""

import json

import openpyxl
import pytest
import typer
from support.plans import small_folder, small_plan
from typer.testing import CliRunner

from deposits.errors import DataError
from planning.formats.plans import cli
from planning.formats.plans.checking import check_plan
from planning.formats.plans.folder import write_folder
from planning.formats.plans.writing import write_plan
from planning.verification.plans import verify_plan

APP = typer.Typer()
APP.command("plan-verify")(cli.plan_verify)
VALUE = 90 / 1.1**0.5 + 111 / 1.1**1.5 + 10 / 1.1**2.5


def run(*words):
    return CliRunner().invoke(APP, [str(word) for word in words])


@pytest.fixture
def folder(tmp_path):
    """The small mine with its plan in all three forms."""
    write_folder(tmp_path, small_folder())
    for suffix in ("parquet", "csv", "xlsx"):
        write_plan(tmp_path / f"plan.{suffix}", small_folder(), small_plan())
    return tmp_path


def with_commas(path, change):
    """Save a CSV as a spreadsheet with decimal commas would, after a change of its rows."""
    rows = [line.split(",") for line in path.read_text("utf-8-sig").splitlines()]
    change(rows)
    for row in rows:
        row[7:] = [cell.replace(".", ",") for cell in row[7:]]
    edited = path.with_name("edited.csv")
    edited.write_bytes("\r\n".join(";".join(row) for row in rows).encode("cp1251"))
    return edited


def test_the_plan_of_the_folder_is_checked_by_default(folder):
    found = run(folder)
    assert found.exit_code == 0, found.output
    assert "Small mine: plan, checked" in found.stdout
    assert "plan.parquet" in found.stdout
    assert "189.90 kUSD" in found.stdout
    assert "Rules kept" in found.stdout
    assert found.stderr == ""


@pytest.mark.parametrize("name", ["plan.parquet", "plan.csv", "plan.xlsx"])
def test_json_holds_value_and_warnings_and_nothing_else_is_printed(folder, name):
    found = run(folder, "--plan", folder / name, "--json")
    assert found.exit_code == 0
    told = json.loads(found.stdout)
    assert told.pop("value") == pytest.approx(VALUE, rel=1e-12)
    assert told == {
        "problem": "Small mine", "synthetic": False, "plan": name, "currency": "kUSD",
        "feasible": True, "violations": [], "warnings": [],
    }  # fmt: skip


def test_a_stope_moved_well_gives_the_new_value(folder):
    def move(rows):
        # ST-12 is sent to the plant in period 4, where there is room for it beside the stock.
        assert rows[5][2] == "ST-12"
        rows[5][3], rows[5][6], rows[5][7] = "3", "stockpile", "1.0"
        rows[3][7], rows[4][7] = "0.55", "0.45"

    edited = with_commas(folder / "plan.csv", move)
    found = run(folder, "--plan", edited)
    assert found.exit_code == 3
    assert "row 8" not in found.stdout
    told = json.loads(run(folder, "--plan", edited, "--json").stdout)
    assert [v["says"] for v in told["violations"]] == [
        "mined in period 3: 3,500 t is 1,000 t above the upper limit of 2,500 t",
        "stock in period 3 so far: 2,300 t is 1,300 t above the upper limit of 1,000 t, and it "
        'stays above until period 4; take more in the rows of flow "reclaim" until then, or send '
        "less to stockpile",
    ]


def test_a_share_changed_well_gives_the_new_value(folder):
    def move(rows):
        rows[3][7], rows[4][7] = "0.55", "0.45"

    found = run(folder, "--plan", with_commas(folder / "plan.csv", move), "--json")
    assert found.exit_code == 0, found.output
    told = json.loads(found.stdout)
    assert told["value"] == pytest.approx(VALUE + 0.05 * 222 / 1.1**1.5)
    assert told["warnings"] == [
        "edited.csv: the file is not UTF-8; it was read as cp1251, by the names in it. Save it as "
        "CSV UTF-8."
    ]
    spoken = run(folder, "--plan", folder / "edited.csv")
    assert spoken.stderr.startswith("Warning: edited.csv: the file is not UTF-8")


def test_a_stope_moved_too_early_is_told_with_row_period_and_amount(folder):
    def move(rows):
        rows[3][3] = rows[4][3] = "2"

    edited = with_commas(folder / "plan.csv", move)
    found = run(folder, "--plan", edited)
    assert found.exit_code == 3
    said = " ".join(found.stdout.split())
    assert "- row 4: =ST+3 in period 2 comes too soon after 1-2 in period 2: at most 0.5" in said
    assert "mined in period 2: 3,000 t is 1,000 t above the upper limit of 2,000 t" in said
    violations = json.loads(run(folder, "--plan", edited, "--json").stdout)["violations"]
    first = violations[0]
    assert {k: first[k] for k in ("rule", "activity", "predecessor", "period_from_1", "row")} == {
        "rule": "precedence", "activity": 2, "predecessor": 1, "period_from_1": 2, "row": 4,
    }  # fmt: skip
    assert first["amount"] == 0.5
    assert first["limit"] == 1.0
    assert first["activity_name"] == "=ST+3"
    assert {v["rule"] for v in violations} == {"precedence", "limit"}


def test_a_workbook_is_changed_and_checked(folder):
    book = openpyxl.load_workbook(folder / "plan.xlsx")
    book["plan"]["I8"] = 350
    book.save(folder / "plan.xlsx")
    found = run(folder, "--plan", folder / "plan.xlsx")
    assert found.exit_code == 3
    assert "- feed in period 3: 1,350 t is 150 t above the upper limit of 1,200 t" in found.stdout
    book["plan"]["I8"] = -1
    book.save(folder / "plan.xlsx")
    found = run(folder, "--plan", folder / "plan.xlsx", "--json")
    flow = next(v for v in json.loads(found.stdout)["violations"] if v["rule"] == "flow")
    assert flow["row"] == 8
    assert flow["says"] == 'row 8: flow "reclaim" in period 3: -1 is below 0'


def test_all_that_cannot_be_read_and_all_that_is_broken_anyway_is_one_list(folder):
    def move(rows):
        rows[5][3], rows[5][6], rows[5][7] = "3", "stocpile", "1.0"
        rows[6][3], rows[6][6], rows[6][7] = "1", "plant", "1"
        rows[3][3] = rows[4][3] = "2"
        rows.append(["", "", "Total", "", "", "", "", "", "600"])

    found = run(folder, "--plan", with_commas(folder / "plan.csv", move))
    assert isinstance(found.exception, DataError)
    said = str(found.exception).splitlines()
    assert [line.split(":")[0] for line in said] == [
        "- edited.csv, row 6, column destination",
        "- edited.csv, row 10, column name",
        "- edited.csv, row 7",
        "- edited.csv, row 4",
        "- edited.csv",
        "- edited.csv",
        "- edited.csv",
        "and 2 warnings",
    ]
    assert 'Did you mean "stockpile"?' in said[0]
    assert "-4 level in period 1 is too early: it can be done in periods 3 to 4 only" in said[2]
    assert "=ST+3 in period 2 comes too soon after 1-2" in said[3]
    assert "mined in period 2: 3,000 t is 1,000 t above the upper limit" in said[4]
    assert "feed in period 2: 2,000 t is 800 t above the upper limit" in said[5]
    assert "are checked once they can be read" in said[6]
    # The predecessor of "-4 level" is in a wrong row: whether it is done nobody knows.
    assert not any("needs ST-12" in line for line in said)
    assert not any("below the lower limit" in line for line in said)


def test_what_a_wrong_row_could_still_mend_is_not_held_against_the_plan(folder):
    def move(rows):
        rows[2][7] = "x"

    with pytest.raises(DataError) as error:
        check_plan(folder, with_commas(folder / "plan.csv", move))
    said = str(error.value)
    assert "row 3, column share" in said
    assert "lower limit" not in said
    assert "needs" not in said


def test_open_thousands_are_asked_about_and_answered(folder):
    def move(rows):
        for row in rows[1:]:
            row[7] = {"1.0": "1", "0.5": ""}.get(row[7], row[7])
            row[8] = row[8].removesuffix(".0")
        rows[3][7], rows[4][6:8] = "1", ["plant", "0"]
        rows.pop(4)
        rows[6][8] = "1.234"

    edited = with_commas(folder / "plan.csv", move)
    assert "can be meant in two ways" in str(run(folder, "--plan", edited).exception)
    found = run(folder, "--plan", edited, "--decimal", ",", "--json")
    flows = [v for v in json.loads(found.stdout)["violations"] if v["rule"] == "limit"]
    assert any(v["amount"] == pytest.approx(2001.234) for v in flows)
    found = run(folder, "--plan", edited, "--decimal", ".", "--json")
    assert any(v["rule"] == "flow" and v["amount"] == 1234 for v in
               json.loads(found.stdout)["violations"])  # fmt: skip
    assert run(folder, "--decimal", ":").exit_code == 2


def test_wrong_input_is_told_in_sentences(folder, tmp_path):
    for words in ((folder / "no",), (folder, "--plan", folder / "no.csv")):
        found = run(*words)
        assert isinstance(found.exception, DataError)
        assert "does not exist" in str(found.exception)
    (folder / "plan.parquet").unlink()
    assert "plan.parquet: the file does not exist" in str(run(folder).exception)


def test_a_synthetic_plan_says_so(tmp_path):
    made_up = small_folder(synthetic=True)
    write_folder(tmp_path, made_up)
    write_plan(tmp_path / "synthetic_plan.parquet", made_up, small_plan())
    found = run(tmp_path)
    assert found.exit_code == 0
    assert found.stdout.startswith("SYNTHETIC")
    assert json.loads(run(tmp_path, "--json").stdout)["synthetic"] is True


@pytest.mark.parametrize("start", ["", "synthetic_"])
def test_the_results_of_a_study_are_found(tmp_path, start):
    found = small_folder(synthetic=bool(start))
    write_folder(tmp_path / f"{start}plan_problem", found)
    write_plan(tmp_path / f"{start}plan.parquet", found, small_plan())
    for folder in (tmp_path, tmp_path / f"{start}plan_problem"):
        assert run(folder).exit_code == 0


def test_only_so_many_violations_are_printed(folder, monkeypatch):
    monkeypatch.setattr(cli, "SHOWN", 1)

    def move(rows):
        rows[3][3] = rows[4][3] = "2"

    found = run(folder, "--plan", with_commas(folder / "plan.csv", move))
    assert "and 2 more, which --json lists" in found.stdout


def test_the_check_is_that_of_verification(folder):
    found = check_plan(folder)
    assert found.check.value == verify_plan(small_folder().problem, small_plan()).value
    assert found.check.contents is not None
    assert "Small mine" in found._repr_html_()


def test_a_stope_moved_by_its_dates_only_is_told(folder):
    def move(rows):
        rows[2][4] = "2028-08-01"

    edited = with_commas(folder / "plan.csv", move)
    found = run(folder, "--plan", edited)
    assert found.exit_code == 0
    said = "row 3: begins 2028-08-01 where period 2 begins 2027-07-01. To move an activity, change"
    assert said in found.stderr
    warnings = json.loads(run(folder, "--plan", edited, "--json").stdout)["warnings"]
    assert any(said in warning for warning in warnings)


def test_a_broken_plan_is_worth_what_it_says_with_a_word(folder):
    def move(rows):
        rows[3][3] = rows[4][3] = "2"

    found = run(folder, "--plan", with_commas(folder / "plan.csv", move))
    assert "Value (rules are broken)" in found.stdout
    assert "(rules are broken)" not in run(folder).stdout
