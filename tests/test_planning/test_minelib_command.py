"""What do `anzob minelib` and `anzob minelib-verify` print, and how do they end?"""

import json
from pathlib import Path

import pytest
import typer
from support.minelib import UPIT, instance
from typer.testing import CliRunner

from deposits.errors import DataError
from planning.formats import cli

APP = typer.Typer()
APP.command("minelib")(cli.minelib)
APP.command("minelib-verify")(cli.minelib_verify)


def run(*words):
    return CliRunner().invoke(APP, [str(word) for word in words])


def printed(*words):
    found = run(*words)
    assert found.exit_code == 0, found.output
    return json.loads(found.stdout)


def test_a_pit_is_solved_written_and_found_to_hold(tmp_path):
    folder = instance(tmp_path)
    out = tmp_path / "answer.sol"
    found = printed("minelib", folder, "--problem", "upit", "--json", "--write", out)
    times = {key: found.pop(key) for key in ("seconds", "compile_seconds")}
    assert found == {
        "instance": "Tiny", "problem": "upit", "value": 3.0, "bound": 3.0, "gap": 0.0,
        "status": "optimal", "iterations": 1,
    }  # fmt: skip
    assert 0 <= times["compile_seconds"] <= times["seconds"]
    assert out.read_text() == "0\n1\n3\n"
    check = printed("minelib-verify", folder, "--problem", "upit", "--solution", out, "--json")
    assert check == {"value": 3.0, "feasible": True, "violations": []}


def test_the_words_say_what_the_json_says(tmp_path):
    folder = instance(tmp_path, upit=UPIT.removesuffix("\nEOF\n"))
    found = run("minelib", folder, "--problem", "upit", "--write", tmp_path / "a.sol")
    assert "Tiny, upit: optimal" in found.stdout
    assert "Value 3.00, bound 3.00" in found.stdout
    assert "a.sol" in found.stdout
    assert "does not end with EOF" in found.stderr
    assert "does not end with EOF" not in found.stdout


def test_scheduling_is_said_to_be_still_to_come(tmp_path):
    for kind in ("cpit", "pcpsp"):
        found = run("minelib", instance(tmp_path), "--problem", kind)
        assert found.exit_code == 2
        assert f"scheduling ({kind}) is not done yet" in " ".join(found.stderr.split())


def test_a_problem_that_does_not_exist_is_wrong_usage(tmp_path):
    assert run("minelib", tmp_path, "--problem", "mip").exit_code == 2
    assert run("minelib", tmp_path).exit_code == 2
    missing = tmp_path / "no" / "a.sol"
    found = run("minelib", instance(tmp_path), "--problem", "upit", "--write", missing)
    assert found.exit_code == 2


PLACES = {
    "a folder": ("here", "is a folder, not a file"),
    "no folder": ("no/a.sol", "there is no folder"),
    "no place for files": ("/proc/a.sol", "nothing can be written into /proc"),
}


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="needs a folder that takes no files")
@pytest.mark.parametrize("place", PLACES)
def test_an_answer_that_cannot_be_written_is_refused_before_it_is_looked_for(
    tmp_path, monkeypatch, place
):
    where, words = PLACES[place]
    (tmp_path / "here").mkdir()
    monkeypatch.setattr(cli, "_compile", lambda: pytest.fail("work began"))
    found = run("minelib", instance(tmp_path), "--problem", "upit", "--write", tmp_path / where)
    assert found.exit_code == 2
    said = " ".join(found.stderr.replace("│", " ").split())
    assert words in said
    assert "name a file in a folder of your own." in said
    assert "partial" not in said
    assert not list((tmp_path / "here").iterdir())


def test_a_medium_that_fills_up_is_told_of_the_file_that_was_asked_for(tmp_path, monkeypatch):
    def full(path, _):
        raise OSError(28, "No space left on device", f"{path.parent}/.{path.name}.partial")

    monkeypatch.setattr("planning.formats.minelib_writing.write_solution", full)
    out = tmp_path / "a.sol"
    found = run("minelib", instance(tmp_path), "--problem", "upit", "--write", out)
    assert isinstance(found.exception, DataError)
    assert str(found.exception) == (
        f"- {out}: the file cannot be written; found No space left on device. "
        "Make room, or name another file."
    )


def test_wrong_input_is_told_in_sentences(tmp_path):
    found = run("minelib", tmp_path, "--problem", "upit")
    assert isinstance(found.exception, DataError)
    out = tmp_path / "none.sol"
    found = run("minelib-verify", tmp_path, "--problem", "upit", "--solution", out)
    assert isinstance(found.exception, DataError)
    assert "there is no .prec file" in str(found.exception)
    assert "the file does not exist" in str(found.exception)


def test_a_pit_that_is_not_done_in_time_is_said_to_be_interrupted(tmp_path):
    out = tmp_path / "a.sol"
    folder = instance(tmp_path)
    words = ("minelib", folder, "--problem", "upit", "--time-limit", "0", "--write", out)
    found = printed(*words, "--json")
    assert (found["status"], found["value"], found["gap"]) == ("interrupted", None, None)
    assert found["bound"] == 9.0
    assert not out.exists()
    assert "a.sol is not written" in run(*words).stdout.replace("\n", "")
    long = ("minelib", folder, "--problem", "upit", "--time-limit", "60", "--json")
    assert printed(*long)["status"] == "optimal"


def test_an_error_of_the_solver_is_not_lost_under_a_time_limit(tmp_path):
    huge = UPIT.replace("3 7", "3 1E+300")
    folder = instance(tmp_path, upit=huge)
    for more in ((), ("--time-limit", "60")):
        found = run("minelib", folder, "--problem", "upit", *more)
        assert isinstance(found.exception, DataError)


@pytest.mark.parametrize("as_json", [True, False])
def test_a_broken_rule_is_said_and_ends_in_3(tmp_path, as_json):
    (tmp_path / "a.sol").write_text("3 0 0 1\n")
    words = ("minelib-verify", instance(tmp_path), "--problem", "cpit", "--solution")
    found = run(*words, tmp_path / "a.sol", *(["--json"] if as_json else []))
    assert found.exit_code == 3
    if as_json:
        report = json.loads(found.stdout)
        assert report["feasible"] is False
        assert [v["predecessor"] for v in report["violations"]] == [0, 1]
    else:
        assert "- block 3 before block 0 in period 0: 1 against 0" in found.stdout


def test_a_relaxed_answer_is_checked_as_one(tmp_path):
    (tmp_path / "a.LPcpit").write_text("0 0 0 0.5\n0 0 1 0.5\n")
    words = ("minelib-verify", instance(tmp_path), "--problem", "cpit", "--solution")
    assert run(*words, tmp_path / "a.LPcpit").exit_code == 3
    assert run(*words, tmp_path / "a.LPcpit", "--relaxed").exit_code == 0


def test_many_violations_are_counted(tmp_path):
    (tmp_path / "a.sol").write_text("".join(f"{b}\n" for b in range(100, 130)))
    words = ("minelib-verify", instance(tmp_path), "--problem", "upit", "--solution")
    assert "and 10 more, which --json lists" in run(*words, tmp_path / "a.sol").stdout
