"""Is an answer to a MineLib problem worth what is said, and is every broken rule found?"""

import json
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.minelib import CPIT, UPIT, instance

from planning.formats.minelib import read_instance
from planning.limits.minelib_problem import (
    MineLibProblem,
    MineLibSolution,
    ResourceUse,
    SideConstraints,
    pit_solution,
)
from planning.limits.precedence import arc_precedence
from planning.verification.minelib import verify_solution

#: The best plan of the tiny cpit: blocks 0, 1, 3 (31 t) first, 2 and 4 (21 t) a period later.
PLAN = [(0, 0, 0, 1), (1, 0, 0, 1), (3, 0, 0, 1), (2, 0, 1, 1), (4, 0, 1, 1)]


def answer(kind, rows):
    columns = list(zip(*rows, strict=True)) or [()] * 4
    block, destination, period = (np.array(c, dtype=np.int64) for c in columns[:3])
    return MineLibSolution(kind, block, destination, period, np.array(columns[3], dtype=float))


def check(folder, kind, rows, relaxed=False, **texts):
    problem = read_instance(instance(folder, **texts), kind).or_raise()
    return verify_solution(problem, answer(kind, rows), relaxed=relaxed)


def rules(found):
    return list(found.counts())


def test_a_plan_that_keeps_every_rule_is_worth_its_discounted_values(tmp_path):
    found = check(tmp_path, "cpit", PLAN)
    assert found.value == 3 + (2 - 2) * 0.8
    assert found.feasible
    assert found.to_dict() == {"value": 3.0, "feasible": True, "violations": []}
    later = [(b, d, 1 - t, x) for b, d, t, x in PLAN if b in (0, 1, 3)]
    assert check(tmp_path, "cpit", later).value == pytest.approx(3 * 0.8)


def test_nothing_mined_is_a_plan(tmp_path):
    for kind in ("upit", "cpit"):
        found = check(tmp_path, kind, [])
        assert (found.value, found.feasible, found.n_blocks) == (0.0, True, 0)


def test_a_pit_without_what_lies_above_is_refused(tmp_path):
    found = check(tmp_path, "upit", [(0, 0, 0, 1), (3, 0, 0, 1)])
    assert found.value == 5
    assert found.to_dict()["violations"] == [
        {
            "rule": "precedence", "block": 3, "predecessor": 1, "period": 0, "amount": 1.0,
            "limit": 0.0, "says": "block 3 before block 1 in period 0: 1 against 0",
        }
    ]  # fmt: skip


def test_mining_above_and_below_in_one_period_is_allowed_and_below_first_is_not(tmp_path):
    assert check(tmp_path, "cpit", PLAN).feasible
    early = [(0, 0, 0, 1), (1, 0, 1, 1), (3, 0, 0, 1)]
    found = check(tmp_path, "cpit", early)
    assert rules(found) == ["precedence"]
    assert found.violations[["block", "predecessor", "period"]].values.tolist() == [[3, 1, 0]]


def test_ids_that_do_not_exist_are_named_and_not_valued(tmp_path):
    odd = [(5, 0, 0, 1), (-1, 0, 0, 1), (0, 1, 0, 1), (0, 0, 2, 1), (0, 0, -1, 1)]
    found = check(tmp_path, "cpit", PLAN + odd)
    assert found.value == 3.0
    assert found.counts() == {"unknown": 5}
    assert found.sentences()[0] == "block 5, destination 0, period 0 does not exist"


def test_a_block_is_mined_once(tmp_path):
    found = check(tmp_path, "upit", [(0, 0, 0, 1), (0, 0, 0, 1)])
    assert found.sentences() == ["block 0 is mined 2 times"]


def test_a_block_is_mined_whole_and_in_one_period_unless_the_problem_is_relaxed(tmp_path):
    halves = [(0, 0, 0, 0.5), (0, 0, 1, 0.5), (1, 0, 1, 0.25)]
    found = check(tmp_path, "cpit", halves)
    assert found.counts() == {"whole": 2}
    assert found.sentences() == [
        "block 1 is mined in part: 0.25",
        "block 0 is mined in part: 0.5 by period 0, and more later",
    ]
    assert check(tmp_path, "cpit", halves, relaxed=True).feasible
    too_much = check(tmp_path, "cpit", [*halves, (0, 0, 1, 0.5)], relaxed=True)
    assert rules(too_much) == ["at most once"]


def test_fractions_count_cumulatively_in_precedence(tmp_path):
    rows = [(0, 0, 0, 0.5), (1, 0, 0, 0.5), (3, 0, 0, 0.5), (3, 0, 1, 0.25), (0, 0, 1, 0.5)]
    found = check(tmp_path, "cpit", rows, relaxed=True)
    assert found.violations[["block", "predecessor", "period"]].values.tolist() == [[3, 1, 1]]
    assert found.violations[["amount", "limit"]].values.tolist() == [[0.75, 0.5]]
    assert check(tmp_path, "cpit", [*rows, (1, 0, 1, 0.25)], relaxed=True).feasible


def test_limits_of_both_signs_are_kept_to_the_last_tonne(tmp_path):
    at = CPIT.replace("0 0 L 31", "0 0 L 31").replace("0 1 I 0 31", "0 1 I 21 31")
    assert check(tmp_path, "cpit", PLAN, cpit=at).feasible
    above = check(tmp_path, "cpit", PLAN, cpit=at.replace("0 0 L 31", "0 0 L 30.999999"))
    assert above.sentences() == ["resource 0 in period 0: 31 is above 30.999999"]
    below = check(tmp_path, "cpit", PLAN, cpit=at.replace("I 21 31", "G 21.000001"))
    assert below.sentences() == ["resource 0 in period 1: 21 is below 21.000001"]
    both = check(tmp_path, "cpit", [], cpit=at.replace("I 21 31", "I 21 31"))
    assert both.sentences() == ["resource 0 in period 1: 0 is below 21"]


def test_a_fraction_may_be_off_by_rounding_and_no_more(tmp_path):
    for off, feasible in ((0.00002, True), (0.00005, False)):
        for sign in (1, -1):
            rows = [(0, 0, 0, 1 + sign * off), (1, 0, 0, 1), (2, 0, 0, 1)]
            assert check(tmp_path, "cpit", rows).feasible == feasible
    assert not check(tmp_path, "cpit", [(0, 0, 0, -0.00005)]).feasible


def test_shares_between_destinations_are_a_plan_and_between_periods_are_not(tmp_path):
    rows = [(0, 0, 0, 1), (1, 0, 0, 1), (3, 0, 0, 0.75), (3, 1, 0, 0.25)]
    assert check(tmp_path, "pcpsp", rows).feasible
    assert check(tmp_path, "pcpsp", rows).value == -2 - 2 - 3 * 0.75 + 7 * 0.25
    assert rules(check(tmp_path, "pcpsp", [*rows[:3], (3, 1, 1, 0.25)])) == ["whole"]


def test_a_forbidden_place_is_named(tmp_path):
    found = check(tmp_path, "pcpsp", [(0, 1, 1, 1)])
    assert found.sentences() == ["block 0 may not go to destination 1 (period 1)"]
    upit = UPIT.replace("0 -2", "0 -1E+16")
    assert rules(check(tmp_path, "upit", [(0, 0, 0, 1)], upit=upit)) == ["forbidden"]


def test_a_side_constraint_sums_over_periods(tmp_path):
    plan = [(0, 0, 0, 1), (1, 0, 0, 1), (2, 0, 0, 1), (4, 1, 1, 1)]
    found = check(tmp_path, "pcpsp", plan)
    assert found.sentences() == ["side constraint 0: -1 is below -0.5"]
    assert check(tmp_path, "pcpsp", [*plan, (3, 1, 0, 1)]).feasible


def test_an_answer_to_another_problem_is_refused(tmp_path):
    problem = read_instance(instance(tmp_path), "cpit").or_raise()
    with pytest.raises(ValueError, match="an answer to upit is none to cpit"):
        verify_solution(problem, pit_solution(np.ones(5, dtype=bool)))


def test_a_check_shows_itself_and_fits_into_json(tmp_path):
    found = check(tmp_path, "cpit", [(3, 0, 0, 1), (4, 0, 0, 1), (9, 9, 9, 9)])
    text = str(found)
    assert "no (unknown: 1, precedence: 4, resource: 1)" in text
    assert "<table>" in found._repr_html_()
    assert len(json.loads(json.dumps(found.to_dict(), allow_nan=False))["violations"]) == 6


@st.composite
def cases(draw):
    n, d, t = draw(st.integers(1, 4)), draw(st.integers(1, 2)), draw(st.integers(1, 3))
    small = st.integers(-3, 4).map(float)
    pairs = [(b, p) for b in range(n) for p in range(b)]
    arcs = draw(st.lists(st.sampled_from(pairs), unique=True)) if pairs else []
    cells = [(b, e, 0) for b in range(n) for e in range(d)]
    side = [(b, e, p, 0) for b in range(n) for e in range(d) for p in range(t)]
    low, high = sorted((draw(small), draw(small)))
    values = np.array([[draw(small) for _ in range(d)] for _ in range(n)])
    use = ResourceUse(*np.array(cells).T, np.array([draw(small) for _ in cells]))
    weights = np.array([draw(small) for _ in side])
    general = SideConstraints(*np.array(side).T, weights, np.array([low - 2]), np.array([high + 2]))

    def problem():
        # Put together in the test: checking arcs compiles code, which is no part of drawing.
        above = arc_precedence(n, [a[0] for a in arcs], [a[1] for a in arcs])
        lower, upper = np.full((1, t), low - 3), np.full((1, t), high + 1)
        return MineLibProblem("x", "pcpsp", values, above, t, 0.1, use, lower, upper, general)

    fractions = st.sampled_from([0.25, 0.5, 0.75, 1.0])
    row = st.tuples(st.integers(0, n - 1), st.integers(0, d - 1), st.integers(0, t - 1), fractions)
    rows = draw(st.lists(row, max_size=6, unique_by=lambda r: r[:3]))
    return problem, rows, draw(st.booleans())


def referee(problem, rows, relaxed):
    """Check the same rules cell by cell, without any array."""
    n, d = problem.objective.shape
    t = problem.n_periods
    x = {(b, e, p): 0.0 for b in range(n) for e in range(d) for p in range(t)}
    for b, e, p, fraction in rows:
        x[b, e, p] += fraction
    by_period = [[sum(x[b, e, p] for e in range(d)) for p in range(t)] for b in range(n)]
    value = sum(problem.objective[b, e] * 1.1**-p * fraction for (b, e, p), fraction in x.items())
    good = all(sum(row) <= 1 for row in by_period)
    if not relaxed:
        good &= all(sorted(row)[-1] in (0, 1) and sum(row) in (0, 1) for row in by_period)
    for b in range(n):
        for above in problem.precedence.predecessors(b):
            for p in range(t):
                good &= sum(by_period[b][: p + 1]) <= sum(by_period[above][: p + 1])
    for p in range(t):
        use = problem.use
        ids = zip(use.block, use.destination, use.amount, strict=True)
        used = sum(a * x[b, e, p] for b, e, a in ids)
        good &= problem.lower[0, p] <= used <= problem.upper[0, p]
    side = problem.general
    ids = zip(side.block, side.destination, side.period, side.amount, strict=True)
    used = sum(a * x[b, e, p] for b, e, p, a in ids)
    return value, bool(good and side.lower[0] <= used <= side.upper[0])


@settings(max_examples=300, deadline=None)
@given(case=cases())
def test_the_check_agrees_with_one_done_cell_by_cell(case):
    make, rows, relaxed = case
    problem = make()
    found = verify_solution(problem, answer("pcpsp", rows), relaxed=relaxed)
    value, feasible = referee(problem, rows, relaxed)
    assert math.isclose(found.value, value, abs_tol=1e-12)
    assert found.feasible == feasible
