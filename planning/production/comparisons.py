"""Is an optimised plan worth more than a simple rule, and how far is it from Lane's policy?

All are worth the same things: what is paid for the ore, less every cost of the activities; the
fixed cost of a year is taken off for as long as the mine works; initial capital and taxes are in
none of them. The simple rule takes the best part of a stope that is left, and first all that it
needs. Lane's policy begins when the plant of the plan has run in, and pays the fixed cost until
then. It knows no place: no access, no sequence, any ore at any time; it pays the mean cost of
headings for each tonne, and leaves for good what is below its cut-off. A real plan cannot have that
freedom; neither knows the error of the estimate.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from planning.economics.discounting import TIME_BEFORE_YEAR_END
from planning.economics.lane import LanePolicy, lane_policy
from planning.economics.lane_blocks import table_of_blocks
from planning.economics.lane_rates import GradeTable, LaneTerms
from planning.limits.precedence import ArcPrecedence
from planning.production.activities import MineActivities
from planning.production.outcome import worked_periods
from planning.scheduling.plan import SchedulePlan, plan_value
from planning.scheduling.rounding import pack

FloatArray = NDArray[np.float64]
#: What the three are worth, in one sentence.
STATEMENT = (
    "NPV: what is paid for the ore less all costs of mining, headings, fill, haulage, processing, "
    "general, sustaining capital and royalty, discounted; before the fixed cost of a year (taken "
    "off apart), initial capital and tax."
)
#: Kinds of activities that bring ore.
ORE_KINDS = ("stope", "block")


@dataclass(frozen=True, slots=True)
class Worth:
    """What one way of mining comes to.

    Parameters
    ----------
    policy, words : str
        Which, and how it chooses.
    npv_usd : float
        As `STATEMENT` says [USD].
    fixed_usd : float
        Fixed cost of the years it works, discounted [USD].
    life_years : float
        To the end of the last period, or the last tonne [years].
    ore_t : float
        Ore to the plant or sold [t].
    """

    policy: str
    words: str
    npv_usd: float
    fixed_usd: float
    life_years: float
    ore_t: float

    @property
    def after_fixed_usd(self) -> float:
        """Worth when the fixed cost of the years is paid [USD]."""
        return self.npv_usd - self.fixed_usd

    def as_row(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {
            "policy": self.policy,
            "words": self.words,
            "npv_usd": self.npv_usd,
            "fixed_usd": self.fixed_usd,
            "npv_after_fixed_usd": self.after_fixed_usd,
            "life_years": self.life_years,
            "ore_t": self.ore_t,
        }


def worth_of_plan(mine: MineActivities, plan: SchedulePlan, policy: str, words: str) -> Worth:
    """Return what a plan comes to, and the fixed cost of the time it takes.

    Parameters
    ----------
    mine : MineActivities
        With the fixed cost of each period.
    plan : SchedulePlan
        The plan.
    policy, words : str
        Which it is, and how it chooses.

    Returns
    -------
    Worth
    """
    calendar = mine.problem.calendar
    worked = worked_periods(mine, plan)
    fixed = float((mine.fixed_usd * calendar.factors())[worked].sum())
    life = float(calendar.length_years[worked].sum())
    used = (mine.amounts["feed_t"] + mine.amounts["direct_t"]) * plan.share
    ore = float(used.sum()) + float(plan.flow.sum())
    return Worth(policy, words, plan_value(mine.problem, plan), fixed, life, ore)


def richest_first(mine: MineActivities) -> NDArray[np.int64]:
    """Return an order of activities: the best stope that is left, and before it all it needs.

    Parameters
    ----------
    mine : MineActivities
        What ore is worth in the plant.

    Returns
    -------
    ndarray of int
        Every activity that a paying stope is or needs, once, its fill with it; what an activity
        needs comes before it.
    """
    worth, stope = return_per_tonne(mine), mine.table["stope"].to_numpy(dtype=object)
    paying = np.flatnonzero(worth > 0.0)
    wanted = paying[np.argsort(-worth[paying], kind="stable")].tolist()
    together: dict[object, list[int]] = {}
    for number, name in enumerate(stope.tolist()):
        together.setdefault(name or number, []).append(number)
    precedence, seen, order = mine.problem.precedence, set[int](), list[int]()
    for goal in wanted:
        for own in together[stope[goal] or goal]:
            _with_needs(own, precedence, seen, order)
    return np.array(order, dtype=np.int64)


def _with_needs(goal: int, precedence: ArcPrecedence, seen: set[int], order: list[int]) -> None:
    """Put what an activity needs, and then itself, at the end of an order."""
    stack = [goal]
    while stack:
        here = stack[-1]
        open_ = [p for p in precedence.predecessors(here).tolist() if p not in seen]
        if here not in seen and open_:
            stack += sorted(open_, reverse=True)
            continue
        stack.pop()
        if here not in seen:
            seen.add(here)
            order.append(here)


def return_per_tonne(mine: MineActivities) -> FloatArray:
    """Return what a tonne of each activity's ore is worth in the plant [USD/t].

    NaN where it holds no ore or may not go there; its own mining is paid, headings are not.
    """
    plant = mine.destination("plant")
    tonnes = mine.table["ore_t"].to_numpy(np.float64)
    value = mine.problem.value[:, plant] if plant is not None else np.full(tonnes.size, -np.inf)
    ore = np.isfinite(value) & (tonnes > 0.0)
    ore &= mine.table["kind"].isin(ORE_KINDS).to_numpy()
    paid: FloatArray = np.divide(value, tonnes, out=np.full(tonnes.size, np.nan), where=ore)
    return paid


def greedy_plan(mine: MineActivities) -> SchedulePlan | None:
    """Return the plan of a simple rule: each stope as early as it fits, the best first.

    Parameters
    ----------
    mine : MineActivities
        The mine.

    Returns
    -------
    SchedulePlan or None
        None where the rule finds no plan that keeps to all limits.
    """
    order = richest_first(mine)
    return None if not order.size else pack(mine.problem, order)


@dataclass(frozen=True, slots=True, eq=False)
class LaneComparison:
    """Lane's policy for the ore of a plan.

    Parameters
    ----------
    policy : LanePolicy
        Its cut-offs, on the return of a tonne [USD/t].
    worth : Worth
        In the plan's own convention of discounting.
    grades : ndarray of float, shape (years,)
        The head grade whose ore is at the cut-off at the start of each year [main grade].
    """

    policy: LanePolicy
    worth: Worth
    grades: FloatArray


def lane_of(mine: MineActivities) -> LaneComparison | None:
    """Find Lane's policy for the ore that a plan may mine.

    Parameters
    ----------
    mine : MineActivities
        Ore, costs, limits of plant and concentrate, discount rate.

    Returns
    -------
    LaneComparison or None
        None where there is no ore or no limit of the plant, or no cut-off pays.
    """
    paid, plant = return_per_tonne(mine), mine.resource("plant")
    ore = np.flatnonzero(np.isfinite(paid))
    if plant is None or not ore.size:
        return None
    tonnes = mine.table["ore_t"].to_numpy(np.float64)[ore]
    per_tonne = mine.amounts["concentrate_t"][ore, mine.destination("plant")] / tonnes
    head = mine.table[mine.grades[0]].to_numpy(np.float64)[ore]
    table = table_of_blocks(paid[ore], tonnes, per_tonne, head)
    calendar = mine.problem.calendar
    terms = LaneTerms(
        mine_cost=0.0,
        plant_cost=_other_cost(mine, float(tonnes.sum())),
        fixed_cost=float((mine.fixed_usd / calendar.length_years).max()),
        discount_rate=calendar.discount_rate,
        plant_limit=_per_year(mine, "plant"),
        market_limit=_per_year(mine, "concentrate"),
    )
    if not math.isfinite(min(terms.plant_limit, terms.market_limit)):
        return None
    policy = lane_policy(table, terms)
    if not policy.years:
        return None
    return LaneComparison(policy, _lane_worth(mine, policy, terms), _grade_at(policy, table))


def _other_cost(mine: MineActivities, tonnes: float) -> float:
    """Return what headings, preparation and fill cost for a tonne of all ore [USD/t]."""
    rows = ~mine.table["kind"].isin(ORE_KINDS).to_numpy()
    value = mine.problem.value[rows]
    best = np.where(np.isfinite(value), value, -np.inf).max(axis=1, initial=-np.inf)
    return max(-float(best[np.isfinite(best)].sum()), 0.0) / tonnes


def _per_year(mine: MineActivities, key: str) -> float:
    """Return the highest yearly rate that a limit allows; inf where there is none."""
    number = mine.resource(key)
    if number is None:
        return math.inf
    return float((mine.problem.upper[number] / mine.problem.calendar.length_years).max())


def run_in_years(mine: MineActivities) -> float:
    """Return the time that is lost before the plant has its full target [years].

    Parameters
    ----------
    mine : MineActivities
        With the ramp-up in its targets.

    Returns
    -------
    float
        Whole time to the full target less the time at the full target that the ramp is worth.
    """
    lengths = mine.problem.calendar.length_years
    rate = mine.target_t / lengths
    if not rate.max() > 0.0:
        return 0.0
    ramp = lengths[: int(np.argmax(rate >= rate.max() * (1.0 - 1e-9)))]
    return float(ramp.sum() - mine.target_t[: ramp.size].sum() / rate.max())


def _lane_worth(mine: MineActivities, policy: LanePolicy, terms: LaneTerms) -> Worth:
    """Return the policy's worth in the convention of the plan, begun when its plant has run in."""
    calendar, rate = mine.problem.calendar, mine.problem.calendar.discount_rate
    delay = run_in_years(mine)
    later = (1.0 + rate) ** (TIME_BEFORE_YEAR_END[calendar.discounting] - delay)
    paid = [(1.0 + rate) ** -y.year * y.duration for y in policy.years]
    own = terms.fixed_cost * math.fsum(paid) * later
    # The plan pays the fixed cost from its first day; so does what waits for its plant.
    waited = np.clip(delay - calendar.starts(), 0.0, calendar.length_years)
    before = float((mine.fixed_usd / calendar.length_years * waited * calendar.factors()).sum())
    words = "a cut-off each year, any ore at any time, once the plant has run in"
    ore = math.fsum(y.ore_t for y in policy.years)
    npv = policy.value_usd * later + own
    return Worth("Lane", words, npv, own + before, policy.life_years + delay, ore)


def _grade_at(policy: LanePolicy, table: GradeTable) -> FloatArray:
    """Return the mean head grade of ore whose return is the cut-off of each year."""
    held = table.tonnes > 0.0
    middles = 0.5 * (table.edges[:-1] + table.edges[1:])[held]
    grade = table.content[held].mean(axis=1)
    at: FloatArray = np.interp([year.cutoff for year in policy.years], middles, grade)
    return at


def cutoff_rows(
    mine: MineActivities, plan: SchedulePlan, lane: LaneComparison | None
) -> list[dict[str, Any]]:
    """Say year by year which ore is just good enough for the plant, in the plan and for Lane.

    Parameters
    ----------
    mine : MineActivities
        The mine.
    plan : SchedulePlan
        The plan.
    lane : LaneComparison or None
        Beside it, if there is one.

    Returns
    -------
    list of dict
        year; of the ore that goes to the plant as it is mined: least and mean return [USD/t], least
        head grade; Lane's cut-off on the return and its head grade. Unknown is None.
    """
    plant, calendar = mine.destination("plant"), mine.problem.calendar
    paid, head = return_per_tonne(mine), mine.table[mine.grades[0]].to_numpy(np.float64)
    tonnes = mine.table["ore_t"].to_numpy(np.float64)
    fed = np.isfinite(paid) & plan.done(calendar.n_periods)
    if plant is not None:
        fed &= plan.share[:, plant] > 0.0
    year = np.append(calendar.years(), -1)[plan.period]
    rows = []
    for number in range(int(calendar.years()[-1]) + 1):
        own = fed & (year == number)
        at = None if lane is None or number >= len(lane.policy.years) else lane.policy.years[number]
        weights = tonnes[own] * (plan.share[own, plant] if plant is not None else 1.0)
        rows.append({
            "year": number + 1,
            "least_return_usd_per_t": _first(np.sort(paid[own])),
            "mean_return_usd_per_t": _mean(paid[own], weights),
            f"least_{mine.grades[0]}": _first(np.sort(head[own])),
            "lane_cutoff_usd_per_t": None if at is None else at.cutoff,
            f"lane_cutoff_{mine.grades[0]}": _lane_grade(lane, number),
        })  # fmt: skip
    return rows


def _first(values: Sequence[float] | FloatArray) -> float | None:
    return float(values[0]) if len(values) else None


def _mean(values: FloatArray, weights: FloatArray) -> float | None:
    return float(np.average(values, weights=weights)) if weights.sum() > 0.0 else None


def _lane_grade(lane: LaneComparison | None, number: int) -> float | None:
    return None if lane is None or number >= lane.grades.size else float(lane.grades[number])
