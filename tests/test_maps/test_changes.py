import json
import shutil
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import typer
from support.small_mine import MINE, QUOTES, loaded, write_mine
from typer.testing import CliRunner

from deposits.formats.meshes import Mesh, write_stl
from maps.cli import map_command
from maps.errors import UnfinishedStudy
from maps.finished import Stamp, stamp_of
from maps.products.changes import Change, changes_since
from maps.products.manifest import as_json, files_of, manifest, sha256

NAMES = ("study.toml", "ore.csv", "market/prices.csv", "layers/roads.shp", "layers/roads.dbf")
app = typer.Typer()
app.command("map")(map_command)


@app.command("other")
def other() -> None:
    """A second command, so that the first keeps its name."""


def summary_of(study, **more):
    about = {"file": study.name, "hash": sha256(study), "seed": 1, "draws": 10}
    told = {"study": about, "version": "1.0", "generated": "2026-01-02T03:04:05+00:00"}
    return {**told, "warnings": [], **more}


@pytest.fixture
def made(tmp_path):
    """A study with files, a folder of files and a shapefile, and the results beside it."""
    home = tmp_path / "home" / "data"
    for name in NAMES:
        path = home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"what stands in {name}", "utf-8")
    out = tmp_path / "home" / "results"
    out.mkdir()
    study = home / "study.toml"
    told = summary_of(study)
    inputs = [home / "ore.csv", home / "market", home / "layers/roads.shp"]
    (out / "summary.json").write_text(as_json(told), "utf-8")
    kept = manifest(told, study, inputs, time.perf_counter(), out)
    (out / "manifest.json").write_text(as_json(kept), "utf-8")
    return home, out


def found(out, **more):
    return list(changes_since(out, **more).changes)


def test_nothing_changed_is_said_of_what_did_not_change(made):
    _, out = made
    same = changes_since(out, version="1.0")
    assert same.changes == () and same.compared == len(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_one_letter_in_any_file_is_found(made, name):
    home, out = made
    text = (home / name).read_text("utf-8")
    (home / name).write_text(text[:-1] + "!", "utf-8")
    what = "study" if name == "study.toml" else "input"
    assert found(out) == [Change(what, name, "changed")]
    (home / name).write_text(text, "utf-8")
    assert found(out) == []


@pytest.mark.parametrize("name", NAMES)
def test_any_file_that_is_gone_is_found(made, name):
    home, out = made
    (home / name).unlink()
    what = "study" if name == "study.toml" else "input"
    assert found(out) == [Change(what, name, "missing")]


def test_a_new_file_in_a_folder_that_is_read_is_found(made):
    home, out = made
    (home / "market" / "customs.csv").write_text("new", "utf-8")
    (home / "beside.csv").write_text("nobody names it", "utf-8")
    assert found(out) == [Change("input", "market/customs.csv", "new")]


@pytest.mark.parametrize("name", [".~lock.prices.csv#", "prices.csv.aux.xml", "prices.csv~"])
def test_looking_at_a_file_is_no_change(made, name):
    home, out = made
    (home / "market" / name).write_text("left by a program", "utf-8")
    assert found(out) == []


def test_another_version_of_the_tool_is_a_change(made):
    _, out = made
    assert found(out, version="1.1") == [Change("version", "1.0 then, 1.1 now", "changed")]


def test_results_of_two_runs_are_told(made):
    home, out = made
    told = {**summary_of(home / "study.toml"), "generated": "later"}
    (out / "summary.json").write_text(as_json(told), "utf-8")
    assert [c.state for c in found(out)] == ["of two runs"]
    (out / "summary.json").write_text("{", "utf-8")
    assert [str(c) for c in found(out)] == ["results summary.json: changed"]
    (out / "summary.json").unlink()
    assert [str(c) for c in found(out)] == ["results summary.json: missing"]


def test_study_and_results_may_move_together(made, tmp_path):
    home, _ = made
    moved = shutil.move(home.parent, tmp_path / "elsewhere")
    assert found(moved / "results") == []


def test_results_that_moved_alone_find_the_study_that_is_named(made, tmp_path):
    home, out = made
    moved = shutil.move(out, tmp_path / "far" / "results")
    assert {c.state for c in found(moved)} == {"missing"}
    assert found(moved, study=home / "study.toml") == []


def test_a_link_to_the_results_leads_to_the_same_study(made, tmp_path):
    _, out = made
    (tmp_path / "a").mkdir()
    link = tmp_path / "a" / "link"
    link.symlink_to(out)
    assert found(link) == []


def test_a_manifest_of_an_older_version_asks_for_the_study(made):
    home, out = made
    kept = json.loads((out / "manifest.json").read_text("utf-8"))
    del kept["study_path"], kept["input_folders"]
    (out / "manifest.json").write_text(as_json(kept), "utf-8")
    with pytest.raises(UnfinishedStudy, match="Name the study"):
        changes_since(out)
    assert found(out, study=home / "study.toml") == []


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"study": 1}', "\ufeff{"])
def test_a_broken_manifest_is_refused_in_one_sentence(made, text):
    _, out = made
    (out / "manifest.json").write_text(text, "utf-8")
    with pytest.raises(UnfinishedStudy, match=r"manifest\.json"):
        changes_since(out)


def test_a_folder_without_a_manifest_is_refused(tmp_path):
    with pytest.raises(UnfinishedStudy, match="anzob study"):
        changes_since(tmp_path)


def test_the_command_ends_with_0_or_1_and_writes_nothing(made):
    home, out = made
    before = sorted(path.name for path in out.iterdir())
    same = CliRunner().invoke(app, ["map", str(out), "--check"])
    assert same.exit_code == 0 and "Nothing changed since: 5 files" in same.output
    (home / "ore.csv").write_text("other", "utf-8")
    changed = CliRunner().invoke(app, ["map", str(out), "--check"])
    assert changed.exit_code == 1
    assert "input ore.csv: changed" in changed.output and "anzob study" in changed.output
    told = CliRunner().invoke(app, ["map", str(out), "--check", "--json"])
    answer = json.loads(told.stdout)
    assert told.exit_code == 1 and not answer["same"]
    assert answer["changes"] == [{"what": "input", "name": "ore.csv", "state": "changed"}]
    assert sorted(path.name for path in out.iterdir()) == before


def test_the_manifest_names_every_solver_that_was_asked_and_its_version(made):
    home, out = made
    parts = {"mine": {"stopes": {"certificate": {"solver": "HiGHS 1.2"}}}, "plan": [{"solver": ""}]}
    told = summary_of(home / "study.toml", **parts)
    assert manifest(told, home / "study.toml", [], 0.0, out)["solver"] == "HiGHS 1.2"
    told["plan"].append({"solver": "CBC 2"})
    assert manifest(told, home / "study.toml", [], 0.0, out)["solver"] == "CBC 2; HiGHS 1.2"
    assert manifest(summary_of(home / "study.toml"), home / "a", [], 0.0, out)["solver"] is None


def test_a_stamp_leaves_out_what_is_not_known():
    assert str(stamp_of({})) == "" and stamp_of({}).facts() == ()
    stamp = Stamp(study="", hash="ab" * 32, version="", generated="2026-01-02T03:04:05+00:00")
    assert str(stamp) == "SHA-256 abababababab · 2026-01-02 03:04 UTC"


def test_a_study_that_is_gone_with_all_it_names_is_told_in_one_line_and_asked_for(made, tmp_path):
    home, out = made
    alone = shutil.move(out, tmp_path / "another machine" / "results")
    told = CliRunner().invoke(app, ["map", "--check", str(alone)])
    assert found(alone) == [Change("study", "study.toml", "missing")]
    assert told.exit_code == 1 and "--check --study FILE" in told.output
    assert "anzob study" not in told.output
    (home / "study.toml").rename(home / "renamed.toml")
    assert found(alone, study=home / "renamed.toml") == []


def test_a_study_that_is_gone_hides_no_change_of_what_it_names(made):
    home, out = made
    (home / "study.toml").rename(home / "renamed.toml")
    (home / "ore.csv").write_text("other", "utf-8")
    assert [str(c) for c in found(out)] == [
        "study study.toml: missing",
        "input ore.csv: changed",
    ]


@pytest.mark.parametrize("words", [["--check", "DIR"], ["DIR", "--check"]])
def test_the_order_of_the_words_does_not_matter(made, words):
    _, out = made
    told = CliRunner().invoke(app, ["map", *(str(out) if w == "DIR" else w for w in words)])
    assert told.exit_code == 0 and "Nothing changed" in told.output


@pytest.mark.parametrize("words", [["--check", "--out", "x"], ["--study", "x"]])
def test_words_that_do_not_go_together_are_wrong_usage(made, words):
    assert CliRunner().invoke(app, ["map", str(made[1]), *words]).exit_code == 2


@pytest.mark.parametrize("end", ["\r\n", "\n\n"])
def test_other_line_ends_are_a_change_because_bytes_are_compared(made, end):
    home, out = made
    (home / "ore.csv").write_bytes(b"what stands in ore.csv" + end.encode())
    assert found(out) == [Change("input", "ore.csv", "changed")]


def test_a_key_of_another_kind_in_a_manifest_is_refused_in_one_sentence(made):
    _, out = made
    kept = json.loads((out / "manifest.json").read_text("utf-8"))
    for key, wrong in (("inputs_sha256", ["ore.csv"]), ("input_folders", 5)):
        (out / "manifest.json").write_text(as_json({**kept, key: wrong}), "utf-8")
        with pytest.raises(UnfinishedStudy, match=key):
            changes_since(out)


@pytest.mark.parametrize(
    ("name", "beside", "counts"),
    [
        ("ground.asc", "ground.prj", True),
        ("ground.tif", "ground.tfw", True),
        ("roads.tab", "roads.dat", True),
        ("roads[1].shp", "roads[1].dbf", True),
        ("ground.tif", "ground.csv", False),
        ("ground.tif", "ground.tif.aux.xml", False),
    ],
)
def test_what_says_where_a_file_lies_belongs_to_it(tmp_path, name, beside, counts):
    for each in (name, beside):
        (tmp_path / each).write_text(each, "utf-8")
    listed = [path.name for path in files_of([tmp_path / name])]
    assert listed == sorted([name, beside] if counts else [name])


OPENED: list[str] = []
WATCHING: list[bool] = []


def remember(event, arguments):
    """Remember what Python opens; a hook of this kind can never be taken off again."""
    if WATCHING and event == "open":
        OPENED.append(str(arguments[0]))


def test_every_file_that_a_mine_reads_is_compared(tmp_path):
    sheet = Mesh(
        np.array([[4.9e5, 9e4, 20.0], [5.1e5, 9e4, 20.0], [5e5, 1.2e5, 20.0]]),
        np.array([[0, 1, 2]]),
        "floor",
    )
    write_stl(tmp_path / "floor.stl", sheet)
    for name in ("prices.csv", "other.csv"):
        (tmp_path / name).write_text(QUOTES, "utf-8")
    quote = '[{}mine.sb_price_quote]\npath = "{}"\nmarket = "Rotterdam"\ndate = "2026-03-06"\n'
    tables = quote.format("", "prices.csv") + quote.format("scenario.later.", "other.csv")
    path = write_mine(tmp_path, price="", mine=MINE + tables, domain='over = "floor.stl"')
    sys.addaudithook(remember)
    WATCHING.append(True)
    try:
        mine = loaded(path).or_raise()
    finally:
        WATCHING.clear()
    # By its name too: GDAL opens the ground without Python.
    read = {Path(name).name for name in OPENED if Path(name).parent == tmp_path} | {"ground.tif"}
    listed = {file.name for file in mine.input_files()}
    assert {"floor.stl", "prices.csv", "collars.csv"} < read
    # The prices of a scenario are read when it is planned.
    assert (read - {"study.toml"}) | {"other.csv"} == listed
