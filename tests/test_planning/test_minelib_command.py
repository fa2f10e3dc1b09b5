"""What do `anzob minelib` and `anzob minelib-verify` print, and how do they end?"""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import typer
from support.minelib import CPIT, UPIT, instance
from typer.testing import CliRunner

from deposits.errors import DataError
from planning.errors import PlanningError
from planning.formats import cli, minelib_answers
from planning.formats.minelib import read_instance
from planning.formats.progress_line import words
from planning.scheduling.answers import Effort, Progress
from planning.scheduling.plan import SchedulePlan

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


#: By hand: cpit mines 0, 1 and 3 at once, worth 3. In pcpsp 3 goes to the mill and the general
#: constraint wants 1.5 of it no less than 0.5 below what 4 brings; 4 does not pay.
BEST = {"cpit": 3.0, "pcpsp": 3.0}


@pytest.mark.parametrize("kind", BEST)
def test_a_schedule_is_solved_written_and_found_to_hold(tmp_path, kind):
    folder, out = instance(tmp_path), tmp_path / "answer.sol"
    found = printed("minelib", folder, "--problem", kind, "--json", "--write", out)
    times = {key: found.pop(key) for key in ("seconds", "compile_seconds")}
    assert 0 < times["compile_seconds"] <= times["seconds"]
    assert found.pop("iterations") >= 1
    assert found == {
        "instance": "Tiny", "problem": kind, "value": pytest.approx(BEST[kind]),
        "bound": pytest.approx(BEST[kind]), "gap": pytest.approx(0.0, abs=1e-9),
        "status": "optimal",
    }  # fmt: skip
    check = printed("minelib-verify", folder, "--problem", kind, "--solution", out, "--json")
    assert check == {"value": pytest.approx(BEST[kind]), "feasible": True, "violations": []}


def test_the_words_of_a_schedule_say_what_is_known(tmp_path):
    words = ("minelib", instance(tmp_path), "--problem", "cpit", "--write", tmp_path / "a.sol")
    found = run(*words, "--gap", "0.1", "--time-limit", "20", "--rounds", "3", "--seed", "7")
    assert found.exit_code == 0, found.output
    assert "Tiny, cpit: optimal" in found.stdout
    assert "Value 3.00, bound 3.00" in found.stdout
    assert "3 blocks mined; every rule checked again." in found.stdout
    assert "compiling" in found.stdout


def test_limits_that_cannot_be_kept_end_in_3_and_are_named(tmp_path):
    fed = CPIT.replace("0 1 I 0 31", "0 1 I 30 31").replace("0 0 L 31", "0 0 I 30 31")
    folder, out = instance(tmp_path, cpit=fed), tmp_path / "a.sol"
    words = ("minelib", folder, "--problem", "cpit", "--write", out)
    found = run(*words, "--json")
    assert found.exit_code == 3
    report = json.loads(found.stdout)
    assert (report["status"], report["value"], report["gap"]) == ("infeasible", None, None)
    found = run(*words)
    assert found.exit_code == 3
    assert "Tiny, cpit: infeasible" in found.stdout
    assert "resource 0" in found.stdout
    assert "a.sol is not written" in found.stdout.replace("\n", "")
    assert not out.exists()


@pytest.mark.parametrize("wrong", [("--gap", "-1"), ("--rounds", "-1"), ("--time-limit", "-1")])
def test_efforts_that_are_none_are_wrong_usage(tmp_path, wrong):
    assert run("minelib", instance(tmp_path), "--problem", "cpit", *wrong).exit_code == 2


def test_a_plan_that_the_checker_refuses_is_not_answered(tmp_path):
    asked = read_instance(instance(tmp_path), "cpit").or_raise()
    answer = minelib_answers.solve_schedule(asked, Effort(rounds=1), None)
    assert answer.plan is not None and answer.value is not None
    early = SchedulePlan(np.zeros(5, np.int64), np.ones((5, 1)), np.zeros((0, 2)))
    with pytest.raises(PlanningError, match="does not hold"):
        minelib_answers.checked_solution(asked, replace(answer, plan=early))
    with pytest.raises(PlanningError, match=r"counted again 3\.00"):
        minelib_answers.checked_solution(asked, replace(answer, value=answer.value + 1.0))
    nothing = replace(answer, plan=None, value=None, status="no_plan")
    assert minelib_answers.checked_solution(asked, nothing) is None
    assert minelib_answers.schedule_result(asked, nothing)["status"] == "interrupted"


def test_progress_is_one_line_with_value_bound_and_gap():
    assert words(Progress(0.2, "bound")) == "0 s, bound"
    whole = words(Progress(12.3, "window 3 of 19", 9.5e8, 1e9))
    assert whole == "12 s, value 950,000,000, bound 1,000,000,000, gap 5.00 %, window 3 of 19"


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
    monkeypatch.setattr(cli, "_compile", lambda _: pytest.fail("work began"))
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
    asked = ("minelib", folder, "--problem", "upit", "--time-limit", "0", "--write", out)
    found = printed(*asked, "--json")
    assert (found["status"], found["value"], found["gap"]) == ("interrupted", None, None)
    assert found["bound"] == 9.0
    assert not out.exists()
    assert "a.sol is not written" in run(*asked).stdout.replace("\n", "")
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
