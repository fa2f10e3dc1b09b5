"""From the stopes or the pit of a study to its plan: what is found, proven, compared, in order?

In a study the work is counted in rounds, so that equal inputs give equal plans.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from deposits.errors import DataError, Problem
from planning.mine.study import MineStudy
from planning.mine.workflow import Dug
from planning.production.activities import MineActivities
from planning.production.bottleneck import Bottleneck, bottlenecks
from planning.production.comparisons import (
    LaneComparison,
    Worth,
    greedy_plan,
    lane_of,
    worth_of_plan,
)
from planning.production.ending import Ending, stop_in_time
from planning.production.holding import hold, stocked_in_time
from planning.production.pit_schedule import pit_activities
from planning.production.plan_summary import summarise_plan
from planning.production.rates import with_held
from planning.production.relief import Held, Relief, changes, relieve
from planning.production.solving import (
    HOLDS,
    PAYS_BEST,
    RULE,
    Planned,
    Rate,
    Say,
    checked,
    find_rate,
    plan_activities,
    window_of,
)
from planning.production.underground import mine_activities
from planning.scheduling.answers import Effort, ScheduleAnswer
from planning.scheduling.plan import SchedulePlan, plan_value

if TYPE_CHECKING:
    import geopandas as gpd

#: Status of a schedule that Ctrl-C ended.
INTERRUPTED = "interrupted"
#: What a plan may begin from: plan and rate of a like mine.
Known = tuple[ScheduleAnswer, Rate | None]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class MinePlan:
    """The plan of a mine, with everything that is said of it.

    Parameters
    ----------
    source : MineStudy
        Whose plan it is.
    planned : Planned
        Plan, proof, check and outcome.
    free : Planned
        The first plan without the rate, and what no such plan can pass.
    rate : Rate or None
        What can be held; None where the plan ends before, or there is none.
    worths : tuple of Worth
        This plan, then others on equal terms.
    lane : LaneComparison or None
        Lane's cut-offs.
    bottlenecks, rate_bottlenecks : tuple of Bottleneck
        What holds the worth back, and what the rate.
    reliefs : tuple of Relief
        What would help.
    ending : Ending or None
        Where the plan stops; None without a plan.
    """

    source: MineStudy
    planned: Planned
    free: Planned
    rate: Rate | None
    worths: tuple[Worth, ...]
    lane: LaneComparison | None
    bottlenecks: tuple[Bottleneck, ...]
    rate_bottlenecks: tuple[Bottleneck, ...]
    reliefs: tuple[Relief, ...]
    ending: Ending | None = None

    @property
    def start(self) -> dt.date | None:
        """First day of the plan; None is not known."""
        return start_of(self.source)

    def summary(self) -> dict[str, Any]:
        """Return key ``plan`` of ``summary.json``."""
        return summarise_plan(self)

    def layers(self, layers: Mapping[str, gpd.GeoDataFrame]) -> dict[str, gpd.GeoDataFrame]:
        """Return layers with the plan's dates in that of the stopes."""
        from planning.production.layers import with_plan

        return dict(with_plan(layers, self.summary()))


def start_of(source: MineStudy) -> dt.date | None:
    """Return the first day of a study's plan; None is not known."""
    table = source.config.schedule
    return None if table is None else table.start


def activities_of(dug: Dug, source: MineStudy) -> MineActivities:
    """Return the activities of a study's pit or stopes.

    Parameters
    ----------
    dug : Dug
        With the pit or the stopes that are to be planned.
    source : MineStudy
        Prices and costs, and a table ``[schedule]``.

    Returns
    -------
    MineActivities

    Raises
    ------
    DataError
        If there is nothing to plan, or something it needs is not stated.
    """
    table = source.config.schedule
    if table is None:
        remedy = "State [schedule]; data/demo.toml is an example."
        place = source.drilled.study.path.name
        raise DataError([Problem("the study has no table [schedule]", place, remedy=remedy)])
    made = mine_activities if table.of == "stopes" else pit_activities
    return made(dug, source, table)


def effort_of(source: MineStudy) -> Effort:
    """Return the work that a study asks for: rounds, never seconds."""
    table = source.config.schedule
    assert table is not None
    return Effort(seed=source.drilled.config.study.seed, rounds=table.rounds, gap=table.gap)


def plan_mine(
    dug: Dug, source: MineStudy, effort: Effort | None = None, say: Say = lambda *_: None
) -> MinePlan:
    """Plan a mine: the plan that pays best, the rate it can hold, what would help, comparisons.

    Parameters
    ----------
    dug : Dug
        Its pit or stopes.
    source : MineStudy
        Prices, costs and the table ``[schedule]``.
    effort : Effort, optional
        When to stop; absent, the study's own work.
    say : callable
        Called with (what is being done, progress of the schedule or None).

    Returns
    -------
    MinePlan
    """
    effort = effort or effort_of(source)
    say("Making the activities of the plan", None)
    mine = activities_of(dug, source)
    found = plan_case(mine, source, effort, say=say)
    if not found.worths or found.planned.answer.status == INTERRUPTED:
        return found
    say("Working out what would relieve the bottleneck", None)
    reliefs = _reliefs(found, dug)
    return replace(found, reliefs=reliefs)


def plan_case(
    mine: MineActivities,
    source: MineStudy,
    effort: Effort,
    *,
    known: Known | None = None,
    say: Say = lambda *_: None,
) -> MinePlan:
    """Plan activities, and compare the plan with a simple rule and with Lane's policy.

    Parameters
    ----------
    mine : MineActivities
        The activities.
    source : MineStudy
        Whose they are.
    effort : Effort
        When to stop.
    known : tuple = (ScheduleAnswer, Rate or None), optional
        Plan and rate of a like mine, to begin from.
    say : callable
        As in `plan_mine`.

    Returns
    -------
    MinePlan
        Of the plan that pays best among those that hold the rate, where one is found that does;
        else of the plan that pays best.
    """
    answer, like = (None, None) if known is None else known
    first = replace(effort, rounds=None if effort.rounds is None else 0)
    free = plan_activities(mine, first, start_of(source), known=answer, say=say)
    if free.answer.plan is None or free.answer.status == INTERRUPTED:
        return _alone(source, free)
    say("Comparing the plan with a simple rule and with Lane's policy", None)
    simple, lane = greedy_plan(mine), lane_of(mine)
    say("Proving the rate that can be held", None)
    rate, holding = _rate(
        mine, source, (first, like, free.answer), _named(free.answer.plan, simple)
    )
    planned = _best(mine, source, effort, (free, rate, holding), say)
    ending, planned = _ended(planned, source, rate)
    if rate is not None:
        name = PAYS_BEST if planned.mine is mine else HOLDS
        rate = rate.with_plan(mine, name, ending.plan)
    assert planned.answer.relaxation is not None
    return MinePlan(
        source=source, planned=planned, rate=rate, free=free, ending=ending,
        worths=_worths(planned, free, simple, lane), lane=lane,
        bottlenecks=bottlenecks(planned.mine, ending.plan, planned.answer.relaxation),
        rate_bottlenecks=() if rate is None else _of_rate(mine, ending.plan, rate),
        reliefs=(),
    )  # fmt: skip


def _ended(planned: Planned, source: MineStudy, rate: Rate | None) -> tuple[Ending, Planned]:
    """Leave out last years that do not earn the fixed cost, and check what is left."""
    plan = planned.answer.plan
    assert plan is not None
    held = 0 if rate is None or planned.answer.plan is None else rate.window.last
    ending = stop_in_time(planned.mine, plan, held)
    if ending.plan is plan:
        return ending, planned
    value = plan_value(planned.mine.problem, ending.plan)
    answer = replace(planned.answer, plan=ending.plan, value=value)
    status = "feasible" if answer.status == "optimal" else answer.status
    return ending, checked(planned.mine, replace(answer, status=status), start_of(source))


def _alone(source: MineStudy, free: Planned) -> MinePlan:
    """Return a plan with nothing beside it: there is none, or Ctrl-C came."""
    ending = None if free.answer.plan is None else Ending(free.answer.plan, None, 0.0)
    return MinePlan(
        source=source, planned=free, free=free, rate=None, ending=ending, worths=(), lane=None,
        bottlenecks=(), rate_bottlenecks=(), reliefs=(),
    )  # fmt: skip


def _best(
    mine: MineActivities,
    source: MineStudy,
    effort: Effort,
    found: tuple[Planned, Rate | None, SchedulePlan | None],
    say: Say,
) -> Planned:
    """Spend the work on the plan that is shown: one that holds the rate, where it can be held."""
    free, rate, holding = found
    if rate is not None and holding is not None:
        held = with_held(mine, rate.window)
        planned = plan_activities(held, effort, start_of(source), known=holding, say=say)
        if planned.answer.plan is not None:
            return planned
    best = free
    if effort.rounds != 0:
        best = plan_activities(mine, effort, start_of(source), known=free.answer, say=say)
    plan = best.answer.plan
    if plan is None or rate is None or rate.holds is False:
        return best
    stocked = stocked_in_time(mine, rate.window, plan)
    if stocked is None:
        return best
    less = replace(effort, rounds=None if effort.rounds is None else 0)
    held = with_held(mine, rate.window)
    planned = plan_activities(held, less, start_of(source), known=stocked, say=say)
    return best if planned.answer.plan is None else planned


def _worths(
    planned: Planned, free: Planned, simple: SchedulePlan | None, lane: LaneComparison | None
) -> tuple[Worth, ...]:
    """Return what the plan comes to, and what stands beside it on equal terms."""
    mine, plan = planned.mine, planned.answer.plan
    assert plan is not None and free.answer.plan is not None
    holding = mine is not free.mine
    found = [worth_of_plan(mine, plan, "this plan", HOLDS if holding else PAYS_BEST)]
    if holding:
        words = "the first plan found without the rate"
        found.append(worth_of_plan(mine, free.answer.plan, "no rate", words))
    if simple is not None:
        found.append(worth_of_plan(mine, simple, "greedy", "the best stope that is left, first"))
    return tuple(found) if lane is None else (*found, lane.worth)


def _named(plan: SchedulePlan, simple: SchedulePlan | None) -> dict[str, SchedulePlan]:
    """Return plans by what they are called."""
    return {PAYS_BEST: plan} | ({} if simple is None else {RULE: simple})


def _rate(
    mine: MineActivities,
    source: MineStudy,
    work: tuple[Effort, Rate | None, ScheduleAnswer],
    plans: dict[str, SchedulePlan],
) -> tuple[Rate | None, SchedulePlan | None]:
    """Prove the rate, and look for a plan that holds it where that is not excluded."""
    effort, like, answer = work
    table = source.config.schedule
    assert table is not None
    window = window_of(mine, table.hold_years)
    if window is None:
        return None, None
    rate = find_rate(mine, window, plans, like)
    if rate is None or rate.holds is False:
        return rate, None
    holding = hold(mine, window, tuple(plans.values()), effort, answer)
    return rate if holding is None else rate.with_plan(mine, HOLDS, holding), holding


def _of_rate(mine: MineActivities, plan: SchedulePlan, rate: Rate) -> tuple[Bottleneck, ...]:
    """Rank the mine's own limits by what they hold the rate down."""
    own = replace(rate.relaxation, prices=rate.relaxation.prices[: mine.problem.n_resources])
    # Prices of a rate are not discounted.
    plain = replace(mine.problem.calendar, discount_rate=0.0)
    bare = replace(mine, problem=replace(mine.problem, calendar=plain))
    return bottlenecks(bare, plan, own)


def _reliefs(found: MinePlan, dug: Dug) -> tuple[Relief, ...]:
    """Work out what a higher limit or a higher price would bring."""
    source, mine = found.source, found.planned.mine
    relaxation = found.planned.answer.relaxation
    assert relaxation is not None

    def priced(factor: float) -> MineActivities:
        terms = source.terms.with_prices(factor * source.terms.price_factor)
        dear = activities_of(dug, replace(source, terms=terms))
        held = mine is not found.free.mine and found.rate is not None
        return with_held(dear, found.rate.window) if held and found.rate else dear

    rate = found.rate
    known = Held(
        mine,
        relaxation,
        None if rate is None else rate.relaxation,
        None if rate is None else rate.window,
        0.0 if rate is None else rate.most_t_per_year,
    )
    reliefs = []
    for change in changes(mine, priced):
        relief = relieve(change, known)
        if relief is None:  # Ctrl-C: what is known already is told
            break
        reliefs.append(relief)
    return tuple(reliefs)
