"""Does the verdict of a mine's plan say no more than plan and bound prove, on named assumptions?"""

import json
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from support.plan_mine import SCHEDULE, config
from support.small_plan import small_mine, small_plan

from planning.economics.block_terms import block_terms
from planning.production.judgement import assumptions, verdict_of
from planning.production.outcome import outcome_of
from planning.production.plan_rows import activity_rows, stope_rows
from planning.production.plan_summary import summarise_plan
from planning.production.rates import Window, held_rate
from planning.production.solving import (
    HOLDS,
    PAYS_BEST,
    Planned,
    Rate,
    checked,
    find_rate,
    held_by,
    target_rate,
    window_of,
)
from planning.production.words import verdict_sentence, worth_sentences
from planning.production.workflow import plan_case
from planning.scheduling.answers import Effort, ScheduleAnswer
from planning.scheduling.plan import empty_plan
from planning.scheduling.relaxation import relax

EFFORT = Effort(seed=1, rounds=2)


def study(hold_years=3, *, synthetic=False, schedule=SCHEDULE):
    """A study that asks for so many years."""
    text = schedule.replace("[schedule]", f"[schedule]\nhold_years = {hold_years}", 1)
    tables = config(text)
    terms = block_terms(tables.economics, tables.plants, tables.value).value
    about = SimpleNamespace(title="a made-up mine", name="made_up", seed=1)
    file = SimpleNamespace(path=SimpleNamespace(name="s.toml"))
    drilled = SimpleNamespace(config=SimpleNamespace(study=about), study=file)
    return SimpleNamespace(config=tables, terms=terms, drilled=drilled, synthetic=synthetic,
                           prefix="synthetic_" if synthetic else "")  # fmt: skip


def answer_of(mine, plan):
    relaxation = relax(mine.problem)
    from planning.scheduling.plan import plan_value

    value = plan_value(mine.problem, plan)
    return ScheduleAnswer(problem=mine.problem, plan=plan, value=value, bound=relaxation.bound,
                          status="feasible", relaxation=relaxation)  # fmt: skip


def rate_of(mine, held, bound, years=3):
    """A rate with figures of one's own."""
    found = find_rate(mine, window_of(mine, years), {PAYS_BEST: small_plan()})
    return replace(found, held={PAYS_BEST: held}, relaxation=replace(found.relaxation, bound=bound))


@pytest.fixture(scope="module")
def found():
    """The small mine, planned in full."""
    return plan_case(small_mine(feed_t=12_500.0), study(2, synthetic=True), EFFORT)


@pytest.mark.parametrize(
    ("held", "bound", "holds", "said"),
    [
        (12_000.0, 12_400.0, True, "holds"),
        (11_000.0, 11_500.0, False, "no plan can"),
        (11_000.0, 12_400.0, None, "not known"),
    ],
)
def test_a_plan_proves_that_it_holds_a_bound_that_none_does_and_nothing_else(
    held, bound, holds, said
):
    mine = small_mine()
    rate = rate_of(mine, held, bound)
    assert rate.holds is holds
    verdict = verdict_of(study(), checked(mine, answer_of(mine, small_plan()), None), rate, None)
    gate = next(t for t in verdict["tests"] if t["name"] == "feed_every_year")
    assert gate["passes"] is holds and gate["value"] == held and gate["limit"] == 12_000
    assert gate["margin"] == held - 12_000
    assert verdict["share_of_draws"] is None and verdict["route"] == "drillholes"
    assert said in verdict_sentence({**verdict, "holds": holds}, rate)
    # Without its worth a plan is never said to hold.
    assert verdict["holds"] is (False if holds is False else None)


def test_years_beyond_the_plan_leave_it_open_and_name_the_key():
    mine = small_mine()
    assert window_of(mine, 4) is None and window_of(mine, 3).last == 4
    verdict = verdict_of(study(4), checked(mine, answer_of(mine, small_plan()), None), None, None)
    assert verdict["holds"] is None and "schedule.periods" in verdict["missing"]
    assert "not known" in verdict_sentence(verdict, None)


def test_assumptions_are_named_by_their_keys():
    keys = assumptions(study())
    assert "schedule.stoping.in_cycle" in keys and "mine.throughput_t_per_year" in keys
    assert "schedule.plant_ramp" in keys and "stopes.near_skin_m" in keys
    assert "economics.royalty_fraction_of_nsr" in keys
    assert len(set(keys)) == len(keys)
    stated = SCHEDULE.replace("in_cycle = 3", 'in_cycle = { value = 3, kind = "reported", '
                              'source = "a permit" }')  # fmt: skip
    assert "schedule.stoping.in_cycle" not in assumptions(study(schedule=stated))


def test_a_plan_is_checked_told_and_written_as_json(found):
    summary = summarise_plan(found)
    assert json.loads(json.dumps(summary, allow_nan=False))["npv_usd"] == summary["npv_usd"]
    assert summary["check"] == [] and summary["status"] in ("optimal", "feasible")
    assert summary["npv_usd"] <= summary["bound_usd"] * (1 + 1e-9)
    assert all(word.startswith("SYNTHETIC: ") for word in summary["words"])
    assert summary["verdict"]["holds"] is True and "holds. The plan has" in summary["words"][0]
    own = [p["policy"] for p in summary["policies"]]
    assert own == ["this plan", "no rate", "greedy", "Lane"]
    free = found.free.answer
    assert summary["bound_usd"] <= free.bound * (1 + 1e-6)
    assert summary["policies"][0]["npv_usd"] == summary["npv_usd"]
    years = summary["years"]
    discounted = sum(row["discounted_usd"] for row in years)
    assert discounted == pytest.approx(summary["npv_usd"])
    rate = summary["rate"]
    assert rate["by"] == HOLDS and rate["achieved_t_per_year"] == rate["held_t_per_year"][HOLDS]
    assert max(rate["held_t_per_year"].values()) <= rate["impossible_above_t_per_year"] + 1e-6
    fed = [row["feed_t"] for row in years if 2 <= row["year"] <= 3]
    assert min(fed) == pytest.approx(rate["achieved_t_per_year"])
    assert summary["verdict"]["synthetic"] is True


def test_rows_of_activities_and_stopes_follow_the_plan():
    mine, plan = small_mine(), small_plan()
    rows = activity_rows(mine, plan, None)
    assert [r["period"] for r in rows] == [1, 2, 4, 3, 4, 4]
    assert rows[0]["stope"] is None and rows[0]["section"] is None and rows[0]["level"] == 1
    assert rows[2]["shares"] == {"plant": 0.75, "stockpile": 0.25}
    assert rows[2]["destination"] == "plant"
    stopes = {r["stope"]: r for r in stope_rows(rows, "sb_pct")}
    assert set(stopes) == {"A", "B", "C", "D"}
    assert stopes["B"]["destination"] == "plant" and stopes["C"]["direct_fraction"] == 1.0
    plan.period[4], plan.share[4] = mine.problem.n_periods, 0.0
    rows = activity_rows(mine, plan, None)
    assert rows[4]["period"] is None and rows[4]["destination"] is None
    assert {r["stope"] for r in stope_rows(rows, "sb_pct")} == {"A", "B", "D"}


def test_a_fault_of_the_check_is_told_and_takes_the_proof_away():
    mine, plan = small_mine(stopes=0.4), small_plan()
    planned = checked(mine, answer_of(mine, plan), None)
    assert planned.faults
    said = " ".join(worth_sentences(planned))
    assert "An independent check found: " in said and "found nothing wrong" not in said


def test_without_a_plan_the_reason_is_told():
    mine = small_mine()
    none = replace(answer_of(mine, small_plan()), plan=None, value=None, status="infeasible")
    assert "No plan keeps to all limits" in " ".join(
        worth_sentences(Planned(mine, none, None, None))
    )


def test_the_target_is_that_of_a_year_after_the_ramp_up():
    assert target_rate(small_mine()) == 12_000.0


def test_rates_know_which_plan_holds_most():
    mine = small_mine()
    rate = rate_of(mine, 5_000.0, 12_000.0)
    better = rate.with_plan(mine, "another", small_plan())
    assert better.by == PAYS_BEST and better.achieved == 5_000.0
    assert isinstance(better, Rate) and better.held["another"] == 0.0
    assert np.isclose(better.impossible_above, 12_000.0)


def test_a_plan_that_breaks_a_rule_holds_nothing():
    mine = small_mine(stopes=0.4)
    plan, fed = small_plan(), Window(3, 2)
    assert held_rate(outcome_of(mine, plan).years, fed) == 8_000.0
    assert held_by(mine, plan, fed) == 0.0  # it draws three stopes at once
    assert held_by(small_mine(), empty_plan(mine.problem), window_of(mine, 3)) == 0.0


def test_where_no_plan_can_hold_the_rate_the_one_that_pays_best_is_shown():
    found = plan_case(small_mine(stopes=0.4), study(3), EFFORT)
    summary = summarise_plan(found)
    assert summary["verdict"]["holds"] is False and "no plan can" in summary["words"][0]
    assert found.planned.mine is found.free.mine
    assert summary["verdict"]["first_failing_year"] in (2, 3, 4)
    assert summary["verdict"]["binding"] == "feed_every_year"
