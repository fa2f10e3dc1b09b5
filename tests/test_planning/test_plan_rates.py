"""Is no plan able to hold a rate above the bound, and is the rate of a plan its lowest year?"""

from dataclasses import replace

import numpy as np
import pytest
from support.schedules import breaches, naive_optimum, naive_relaxation
from support.small_plan import small_mine, small_plan

from planning.production import holding
from planning.production.outcome import outcome_of
from planning.production.rates import (
    Window,
    feed_problem,
    first_full_year,
    held_rate,
    rate_problem,
    whole_years,
    window_problem,
    with_held,
)
from planning.production.solving import window_of
from planning.scheduling.answers import Effort, ScheduleAnswer
from planning.scheduling.plan import plan_value


def bound(mine, window):
    """The relaxation of the rate problem, by SciPy."""
    return naive_relaxation(rate_problem(mine, window, 100_000.0))


def can_hold(mine, window, rate, whole):
    """Whether the plant can have so much in each year of a window, whose periods are years."""
    problem = mine.problem
    lower = problem.lower.copy()
    lower[0, problem.calendar.years() + 1 >= window.first] = rate
    lower[0, problem.calendar.years() + 1 > window.last] = -np.inf
    if (lower > problem.upper).any():
        return False
    asked = replace(problem, lower=lower)
    return (naive_optimum(asked) if whole else naive_relaxation(asked)) is not None


def test_the_first_full_year_is_the_one_without_ramp_up():
    assert first_full_year(small_mine()) == 2 and whole_years(small_mine()) == 4


def test_a_plan_that_ends_within_the_ramp_up_has_no_full_year():
    mine = small_mine()
    rising = replace(mine, target_t=np.array([1e3, 2e3, 6e3, 9e3, 12e3]) * [1, 1, 1, 1, 0.999])
    assert first_full_year(rising) == 4
    lengths = np.array([0.5, 0.5, 0.5, 0.5, 0.5])
    calendar = replace(mine.problem.calendar, length_years=lengths)
    short = replace(mine, problem=replace(mine.problem, calendar=calendar),
                    target_t=np.array([1e3, 2e3, 3e3, 4e3, 3e3]))  # fmt: skip
    assert first_full_year(short) is None and window_of(short, 1) is None


def test_the_held_rate_is_that_of_the_lowest_year_and_none_beyond_the_plan():
    years = outcome_of(small_mine(), small_plan()).years
    assert held_rate(years, Window(1, 1)) == 10_000
    assert held_rate(years, Window(1, 2)) == 0
    assert held_rate(years, Window(3, 2)) == 8_000
    assert held_rate(years, Window(3, 3)) == 0


def test_the_bound_is_the_capacity_where_ore_is_plenty_and_the_ore_where_it_is_not():
    # A to D hold 42,000 t; 12,000 t a year can be had in each of the years 2 to 4.
    assert bound(small_mine(), Window(2, 3)) == pytest.approx(12_000)
    # With room for all in the plant, at most a third of it, and less for what is drawn in a year.
    roomy = bound(small_mine(feed_t=60_000, stopes=60.0), Window(2, 3))
    assert roomy == pytest.approx(42_000 / 3)


def test_what_is_fed_before_the_window_does_not_count():
    mine = small_mine(feed_t=60_000, stopes=60.0)
    assert bound(mine, Window(1, 4)) == pytest.approx(42_000 / 4)
    assert bound(mine, Window(4, 1)) == pytest.approx(42_000)


@pytest.mark.parametrize(
    ("stopes", "window"), [(0.4, Window(2, 3)), (0.5, Window(3, 2)), (1.5, Window(2, 3))]
)
def test_no_plan_holds_more_than_the_bound_which_a_fractional_plan_reaches(stopes, window):
    mine = small_mine(stopes=stopes)
    most = bound(mine, window)
    assert most < 12_000 or stopes > 0.4
    assert not can_hold(mine, window, most * 1.000_01, whole=False)
    assert can_hold(mine, window, most * 0.999_99, whole=False)
    assert not can_hold(mine, window, most * 1.000_01, whole=True)


def test_feeding_first_is_worth_its_tonnes():
    problem, mine = feed_problem(small_mine()), small_mine()
    assert (problem.value[mine.problem.allowed] >= 0).all()
    assert problem.value[1].tolist() == [10_000, 0, -np.inf, -np.inf]
    assert (problem.flows.value == 1.0).all()


def test_feeding_a_window_pays_nothing_after_it_and_more_the_later():
    mine = small_mine()
    problem = window_problem(mine, Window(2, 2))
    assert problem.upper[0].tolist() == [6_000, 6_000, 12_000, 12_000, 0]
    assert (np.diff(problem.calendar.factors()[1:]) > 0).all()
    asked, found = with_held(mine, Window(2, 2)), naive_optimum(problem)
    # The plan that feeds the window keeps the floor that is asked of a plan that pays.
    assert asked.problem.lower[0].tolist() == [-np.inf, -np.inf, 12_000, 12_000, -np.inf]
    assert breaches(asked.problem, found[1]) == []
    best, free = naive_optimum(asked.problem), naive_optimum(mine.problem)
    assert held_rate(outcome_of(mine, best[1]).years, Window(2, 2)) >= 12_000 * (1 - 1e-9)
    assert plan_value(mine.problem, found[1]) <= best[0] <= free[0] * (1 + 1e-12)


def test_a_floor_is_no_part_of_the_rate_that_is_proven():
    mine, window = small_mine(stopes=0.4), Window(2, 3)
    assert bound(with_held(mine, Window(3, 1)), window) == pytest.approx(bound(mine, window))


def test_one_ctrl_c_ends_the_search_for_a_plan_that_holds(monkeypatch):
    mine, window, calls = small_mine(), Window(2, 3), []

    def cut_short(problem, effort, *, start=None):
        calls.append(effort.seed)
        return ScheduleAnswer(problem=problem, plan=None, value=None, bound=None,
                              status="interrupted", relaxation=None, trace=(),
                              seconds=0.0)  # fmt: skip

    monkeypatch.setattr(holding, "schedule", cut_short)
    assert holding.hold(mine, window, (), Effort(seed=7, rounds=1)) is None
    assert calls == [7]
