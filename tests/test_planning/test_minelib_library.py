"""Are the library's own files read, its answers valued as published, and its pits found?

Published values are those of the instances' pages of MineLib: pits as Hochbaum's pseudoflow found
them, the library's best plans of 2012, relaxed values as they stand there.
"""

import numpy as np
import pytest
from support.reference import reference

from planning.formats.minelib import read_instance, read_problem
from planning.formats.minelib_model import read_blocks
from planning.formats.minelib_solutions import read_solution
from planning.formats.minelib_writing import write_precedence, write_problem
from planning.limits.minelib_problem import pit_solution
from planning.limits.pit import ultimate_pit
from planning.verification.minelib import verify_solution

pytestmark = pytest.mark.reference
#: (blocks, arcs, periods, rate, pit, blocks of the pit, cpit, pcpsp)
PUBLISHED = {
    "newman1": (1060, 3922, 6, 0.08, 26_086_899, 1059, 23_483_671, 23_658_230),
    "zuck_small": (9400, 145_640, 20, 0.10, 1_422_726_898, 9399, 788_652_600, 872_372_967),
    "marvin": (53_271, 650_631, 20, 0.10, 1_415_655_436, 8516, 820_726_048, 885_968_070),
}
#: Published values of relaxed problems.
RELAXED = {
    ("newman1", "cpit"): 24_486_184,
    ("newman1", "pcpsp"): 24_486_549,
    ("zuck_small", "cpit"): 854_182_396,
    ("marvin", "cpit"): 863_916_131,
    ("marvin", "pcpsp"): 911_704_665,
}


def asked(name, kind):
    return read_instance(reference(f"minelib/{name}"), kind).or_raise()


@pytest.mark.parametrize("name", PUBLISHED)
def test_the_pit_is_found_to_the_unit(name):
    blocks, arcs, _, _, value, mined, _, _ = PUBLISHED[name]
    problem = asked(name, "upit")
    assert (problem.n_blocks, len(problem.precedence.indices)) == (blocks, arcs)
    pit = ultimate_pit(problem.pit_values(), problem.precedence)
    assert round(pit.value) == value
    assert pit.value_units == pit.bound_units
    check = verify_solution(problem, pit_solution(pit.mined))
    assert check.feasible
    assert round(check.value) == value
    official = read_solution(reference(f"minelib/{name}/{name}_upit.sol"), "upit").or_raise()
    assert len(official.block) == mined
    # Pits of equal value differ by free blocks only.
    may = np.flatnonzero(pit.mined | pit.free)
    assert set(np.flatnonzero(pit.mined)) <= set(official.block.tolist()) <= set(may)


@pytest.mark.parametrize("name", PUBLISHED)
@pytest.mark.parametrize("kind", ["upit", "cpit", "pcpsp"])
def test_official_answers_keep_every_rule_and_are_worth_what_was_published(name, kind):
    published = dict(zip(("upit", "cpit", "pcpsp"), np.array(PUBLISHED[name])[[4, 6, 7]],
                         strict=True))  # fmt: skip
    ending = "upit.sol" if kind == "upit" else f"{kind}_gmunoz120723.sol"
    answer = read_solution(reference(f"minelib/{name}/{name}_{ending}"), kind).or_raise()
    check = verify_solution(asked(name, kind), answer)
    assert check.feasible, check.sentences(3)
    assert abs(check.value - published[kind]) < 10


@pytest.mark.parametrize(("name", "kind"), RELAXED)
def test_relaxed_answers_keep_every_rule_but_wholeness(name, kind):
    """Their six decimals leave the value within a hundred-thousandth of the published one."""
    problem = asked(name, kind)
    answer = read_solution(reference(f"minelib/{name}/{name}.LP{kind}"), kind).or_raise()
    check = verify_solution(problem, answer, relaxed=True)
    assert check.feasible, check.sentences(3)
    assert check.value == pytest.approx(RELAXED[name, kind], rel=1e-5)
    assert list(verify_solution(problem, answer).counts()) == ["whole"]


@pytest.mark.parametrize("name", PUBLISHED)
@pytest.mark.parametrize("kind", ["cpit", "pcpsp"])
def test_plans_have_the_published_periods_and_rates(name, kind):
    problem = asked(name, kind)
    assert (problem.n_periods, problem.discount_rate) == PUBLISHED[name][2:4]
    assert problem.n_destinations == (2 if kind == "pcpsp" else 1)
    assert problem.upper.shape == (2, problem.n_periods)
    assert np.isneginf(problem.lower).all()
    assert problem.discount_factors()[0] == 1.0


def test_a_plan_moved_one_period_on_is_worth_less_by_the_rate():
    problem = asked("newman1", "cpit")
    answer = read_solution(
        reference("minelib/newman1/newman1_cpit_gmunoz120723.sol"), "cpit"
    ).or_raise()
    later = type(answer)("cpit", answer.block, answer.destination, answer.period + 1,
                         answer.fraction)  # fmt: skip
    first, second = (verify_solution(problem, a) for a in (answer, later))
    assert second.value == pytest.approx(first.value / 1.08, rel=1e-12)
    assert second.feasible


def test_a_plan_without_one_block_is_caught():
    problem = asked("zuck_small", "cpit")
    answer = read_solution(
        reference("minelib/zuck_small/zuck_small_cpit_gmunoz120723.sol"), "cpit"
    ).or_raise()
    top = np.flatnonzero(answer.period == 0)[0]
    keep = np.arange(len(answer.block)) != top
    less = type(answer)("cpit", *(column[keep] for column in (
        answer.block, answer.destination, answer.period, answer.fraction)))  # fmt: skip
    above = set(verify_solution(problem, less).violations["predecessor"])
    assert above == {answer.block[top]}


def test_the_mark_for_forbidden_stands_in_the_blocks_and_not_in_the_problem():
    """newman1: -5.36e19 in .blocks, -5.36e6 in .pcpsp."""
    table = read_blocks(reference("minelib/newman1/newman1.blocks")).or_raise().table
    assert table["f6"].iloc[-1] == -5.36024e19
    problem = asked("newman1", "pcpsp")
    assert problem.objective[1059].tolist() == [-5467.4448, -5.36024e6]
    assert not problem.forbidden.any()
    assert sorted(table["f1"].unique())[:2] == ["0", "FROR"]


def test_two_of_the_library_s_own_files_lack_an_eof_and_are_read():
    for name, warned in (("newman1", True), ("zuck_small", True), ("marvin", False)):
        read = read_instance(reference(f"minelib/{name}"), "upit")
        assert [p.severity for p in read.problems] == ["warning"] * warned


@pytest.mark.parametrize("kind", ["upit", "cpit", "pcpsp"])
def test_an_instance_reads_back_the_same(tmp_path, kind):
    problem = asked("newman1", kind)
    write_problem(tmp_path / "a", problem)
    write_precedence(tmp_path / "a.prec", problem.precedence)
    again = read_problem(tmp_path / "a", tmp_path / "a.prec", kind).or_raise()
    assert np.array_equal(again.objective, problem.objective)
    assert np.array_equal(again.use.amount, problem.use.amount)
    assert np.array_equal(again.upper, problem.upper)
    assert np.array_equal(again.precedence.indices, problem.precedence.indices)
