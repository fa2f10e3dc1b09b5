"""Does anzob plan do for a mine what it says: verdict, files, scenarios, nothing from seconds?"""

import json

import pandas as pd
import pytest
from support.command import anzob, printed
from support.plan_mine import SCHEDULE, STOCKPILE
from support.small_mine import STOPES, write_mine

SCENARIOS = """
[scenario.slow]
title = "half the plant"
mine.throughput_t_per_year = 10000
[scenario.poor]
title = "nothing pays"
economics.sb_price = { usd_per_t = 100, market = "test", vat = "excluded", date = "2026" }
[scenario.drilled]
title = "other blocks"
blocks.size_m = [20, 20, 10]
"""
SHORT = SCHEDULE.replace("[schedule]", "[schedule]\nstart = 2027-01-01\nhold_years = 2\nrounds = 1")


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    folder = tmp_path_factory.mktemp("planned")
    asked = SHORT + STOCKPILE + SCENARIOS
    return write_mine(folder, pit="", stopes=STOPES + asked)


@pytest.fixture(scope="module")
def finished(study, tmp_path_factory):
    """The whole study, run once."""
    out = tmp_path_factory.mktemp("finished") / "results"
    found = anzob("study", study, "--out", out, SOURCE_DATE_EPOCH="0")
    assert found.returncode == 0, found.stderr
    return out, found.stdout


def test_the_main_job_ends_with_the_plan_in_words_and_years(finished):
    out, said = finished
    summary = json.loads((out / "summary.json").read_text("utf-8"))
    plan = summary["plan"]
    assert (
        plan["verdict"]["sentence"] in said.replace("\n", " ") and "The plan year by year" in said
    )
    assert plan["npv_usd"] <= plan["bound_usd"] * (1 + 1e-9) and plan["check"] == []
    assert plan["target_t_per_year"] == 20_000 and plan["start"] == "2027-01-01"
    names = set(summary["files"])
    assert {"plan.parquet", "plan.csv", "plan.xlsx", "plan_years.csv", "plan_stopes.csv"} <= names
    assert "plan_problem/problem.json" in names
    assert all((out / name).is_file() for name in names)


def test_tables_are_those_of_the_summary_and_stopes_on_the_map_have_their_dates(finished):
    out, _ = finished
    plan = json.loads((out / "summary.json").read_text("utf-8"))["plan"]
    years = pd.read_csv(out / "plan_years.csv")
    assert years["feed_t"].tolist() == pytest.approx([row["feed_t"] for row in plan["years"]])
    drawn = {row["stope"]: row["from_date"] for row in plan["stopes"]}
    layer = json.loads((out / "geojson" / "stopes.geojson").read_text("utf-8"))
    told = {f["properties"]["stope"]: f["properties"]["plan_from"] for f in layer["features"]}
    assert drawn and all(told[name] == day for name, day in drawn.items())


def test_the_plan_that_is_written_is_verified_again_by_itself(finished):
    found = printed("plan-verify", finished[0], "--json")
    plan = json.loads((finished[0] / "summary.json").read_text("utf-8"))["plan"]
    assert found["feasible"] and found["value"] == pytest.approx(plan["npv_usd"])


def test_the_plan_of_a_finished_study_is_made_again_without_estimating(study, finished, tmp_path):
    found = printed("plan", study, "--from", finished[0], "--out", tmp_path, "--json")
    plan = json.loads((finished[0] / "summary.json").read_text("utf-8"))["plan"]
    assert found["plan"]["npv_usd"] == pytest.approx(plan["npv_usd"])
    assert found["plan"]["years"] == plan["years"]
    written, before = tmp_path / "plan.csv", finished[0] / "plan.csv"
    assert written.read_bytes() == before.read_bytes()


def test_scenarios_stand_side_by_side_and_one_that_cannot_be_planned_says_why(study, finished):
    found = printed("plan", study, "--from", finished[0], "--all-scenarios", "--json")
    rows = {row["scenario"]: row for row in found["scenarios"]}
    assert list(rows) == ["base", "slow", "poor", "drilled"]
    assert rows["slow"]["bound_usd"] < rows["base"]["bound_usd"]
    assert rows["base"]["npv_against_base_usd"] == 0
    assert rows["slow"]["impossible_above_t_per_year"] <= 10_000 * (1 + 1e-6)
    assert rows["slow"]["changes"] == "mine.throughput_t_per_year = 10000"
    assert rows["poor"]["npv_usd"] is None and "pays" in rows["poor"]["why"]
    assert "changes the block model" in rows["drilled"]["why"]
    alone = printed("plan", study, "--from", finished[0], "--scenario", "slow", "--json")["plan"]
    assert alone["bound_usd"] == pytest.approx(rows["slow"]["bound_usd"], rel=0.01)


def test_figures_of_the_command_line_are_laid_over_the_study(study, finished):
    words = ("plan", study, "--from", finished[0], "--throughput", 9000, "--gap", 0.2, "--json")
    plan = printed(*words)["plan"]
    assert plan["target_t_per_year"] == 9000
    assert all(row["target_t"] <= 9000 + 1e-6 for row in plan["years"])


def test_a_plan_that_does_not_hold_is_a_result_unless_asked_otherwise(study, finished):
    words = ("plan", study, "--from", finished[0], "--throughput", 9_000_000, "--gap", 0.2)
    assert anzob(*words).returncode == 0
    found = anzob(*words, "--fail-if-not-holding")
    assert found.returncode == 3 and "does not hold, and no plan can" in found.stdout


def test_wrong_use_is_said_in_a_sentence(study, finished, tmp_path):
    found = anzob("plan", "--gap", 0.1)
    assert found.returncode == 2 and "study of drillholes" in found.stderr
    found = anzob("plan", study, "--from", tmp_path)
    assert found.returncode == 1 and "not a finished study" in found.stderr
    bare = study.with_name("bare.toml")
    text = study.read_text("utf-8")
    bare.write_text(text[: text.index("[schedule]")], "utf-8")
    found = anzob("plan", bare, "--from", finished[0])
    assert found.returncode == 1 and "no table [schedule]" in found.stderr
    assert "Traceback" not in found.stderr
