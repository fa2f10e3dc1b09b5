"""How is a plan told: does it hold, what holds it back, what would help, what is it worth?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from deposits.display import round_for_reading as shown
from planning.production.bottleneck import Bottleneck
from planning.production.comparisons import STATEMENT, Worth
from planning.production.ending import Ending
from planning.production.relief import Relief
from planning.production.solving import HOLDS, PAYS_BEST, Planned, Rate

#: Difference of two bounds that is told as an amount [fraction]; each has its tolerance.
TOLD = 0.01
#: Limits whose share of all worth is below this are not named beside the first.
NAMED = 0.1
#: Parts of a period's feed that are told as a shortfall [fraction of the target].
SHORT = 0.98
STATUS = {
    "infeasible": "No plan keeps to all limits, not even one with parts of activities.",
    "no_plan": "No plan was found, and none was excluded either.",
    "interrupted": "Ctrl-C came before a plan was found.",
}
#: What a study's sentences say of Lane and of the estimate, once.
UNLIKE = (
    "Lane's policy knows no place: no access and no sequence, any ore at any time. Neither it nor "
    "the plan knows the error of the estimate: every grade is taken as estimated."
)


def money(usd: float | None) -> str:
    """Write an amount for reading: millions to three figures."""
    if usd is None:
        return "not known"
    if abs(usd) >= 1e6:
        return f"{shown(usd / 1e6, 3)} M USD"
    return f"{shown(usd, 3)} USD"


def verdict_sentence(verdict: Mapping[str, Any], rate: Rate | None) -> str:
    """Say whether the plan holds, and what proves it.

    Parameters
    ----------
    verdict : mapping
        From `verdict_of`.
    rate : Rate or None
        What can be held; None where the plan ends before.

    Returns
    -------
    str
    """
    target = f"{verdict['target_t_per_year']:,.0f} t of ore a year"
    if rate is None:
        years = f"{verdict['horizon_years']:g} years"
        return f"{target} for {years}: not known. The periods of the plan end before that."
    window = rate.window
    opening = f"{target} in years {window.first} to {window.last}"
    best, most = f"{rate.achieved:,.0f} t", f"{rate.impossible_above:,.0f} t"
    if verdict["holds"] is True:
        told = "The plan" if rate.by in (HOLDS, PAYS_BEST) else _capital(rate.by)
        return (
            f"{opening}: holds. {told} has {best} or more in each of them; that none has more than "
            f"{most} is proven."
        )
    if rate.holds is False:
        return (
            f"{opening}: does not hold, and no plan can: the relaxed problem proves that none has "
            f"more than {most} in each of them. {_capital(rate.by)} has {best}."
        )
    if rate.holds is None:
        return (
            f"{opening}: not known. {_capital(rate.by)} has {best} in its lowest year; only above "
            f"{most} is it proven that no plan can."
        )
    return f"{opening}: does not hold: it feeds the plant, and loses money."


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def worth_sentences(planned: Planned) -> Iterator[str]:
    """Say what the plan is worth, how far from the best it may be, and who checked it."""
    answer = planned.answer
    if answer.plan is None or answer.value is None:
        yield STATUS.get(answer.status, STATUS["no_plan"])
        return
    if answer.status == "interrupted":
        yield "Ctrl-C came: this is the best plan so far, and what is missing was not worked out."
    calendar = planned.mine.problem.calendar
    at = f"{100 * calendar.discount_rate:g} % a year ({calendar.discounting.replace('_', ' ')})"
    proof = "no plan is worth more"
    if answer.gap is not None and answer.bound is not None and answer.gap > 1e-9:
        proof = (
            f"no plan can pass {money(answer.bound)}, so that it is at most "
            f"{shown(100 * answer.gap)} % below the best there is"
        )
    yield f"The plan is worth {money(answer.value)} at {at}; {proof}."
    if planned.faults:
        yield f"An independent check found: {' '.join(planned.faults[:5])}"
    else:
        yield "An independent check of every limit, sequence, share and sum found nothing wrong."


def feed_sentences(planned: Planned, rate: Rate | None) -> Iterator[str]:
    """Say how long the ore lasts, and in which years the plant is short of it in this plan."""
    if planned.outcome is None:
        return
    years = planned.outcome.years
    fed = years[years["feed_t"] > 0.0]
    if not len(fed):
        yield "Nothing is fed to the plant."
        return
    first, last = int(fed["year"].iloc[0]), int(fed["year"].iloc[-1])
    ore, mean = float(years["ore_t"].sum()), float(fed["feed_t"].sum() / fed["part_of_year"].sum())
    full = fed[fed["feed_t"] >= SHORT * fed["target_t"]]
    most = f"{shown(float(full['feed_t'].mean()), 3)} t in its full years and " if len(full) else ""
    yield (
        f"In the plan {shown(ore, 3)} t are mined and the plant runs in years {first} to {last}: "
        f"{most}{shown(mean, 3)} t a year in the mean of all."
    )
    until = last if rate is None else rate.window.last
    asked = (years["target_t"] > 0.0) & (years["year"] <= until)
    short = years[asked & (years["feed_t"] < SHORT * years["target_t"])]
    if not len(short):
        room = f"{100 * (1 - SHORT):.0f} %"
        yield f"It has its target in every year up to year {until}, within {room}."
        return
    part = 100.0 * short["feed_t"].to_numpy(np.float64) / short["target_t"].to_numpy(np.float64)
    parts = [f"{y} ({p:.0f} %)" for y, p in zip(short["year"].to_list(), part, strict=True)]
    yield (
        f"Up to year {until} the plant is more than {100 * (1 - SHORT):.0f} % short of its target "
        f"in {len(short)} of {int(asked.sum())} years: {', '.join(parts)}."
    )


def bottleneck_sentences(found: Sequence[Bottleneck], rate: Sequence[Bottleneck]) -> Iterator[str]:
    """Say which limit holds the worth back, and which the rate."""
    priced = [b for b in found if b.share > 0.0]
    if not priced:
        yield "No limit holds the plan back: a unit more of any is worth nothing."
    else:
        first, others = priced[0], [b for b in priced[1:] if b.share >= NAMED]
        beside = "".join(f", then {b.called} ({100 * b.share:.0f} %)" for b in others)
        yield (
            f"What holds its worth back is {first.called}: {100 * first.share:.0f} % of what all "
            f"limits are worth{beside}."
        )
        yield (
            f"{_capital(first.called)} is full in {first.periods_full} of {first.periods} periods "
            f"of the plan; one {first.unit or 'unit'} more is worth up to "
            f"{shown(first.price_usd, 3)} USD in one of them, undiscounted."
        )
    slow = [b for b in rate if b.share >= NAMED]
    if slow:
        named = ", ".join(f"{b.called} ({100 * b.share:.0f} %)" for b in slow)
        yield f"What holds the rate down that can be held: {named}."


def relief_sentences(reliefs: Sequence[Relief]) -> Iterator[str]:
    """Say what would help most, for the rate and for the worth, and what would not."""
    if not reliefs:
        return
    paying = sorted((r for r in reliefs if r.gain_usd > 0.0), key=lambda r: -r.gain_usd)
    if paying:
        named = "; ".join(f"{r.what}: {money(r.gain_usd)}" for r in paying[:4])
        yield f"What would add to its worth, by the relaxed problem: {named}."
    faster = [r for r in reliefs if r.rate_gain_t_per_year]
    faster.sort(key=lambda r: -(r.rate_gain_t_per_year or 0.0))
    if faster:
        named = "; ".join(f"{r.what}: {shown(r.rate_gain_t_per_year, 3)} t/yr" for r in faster[:4])
        yield f"What would raise the rate that can be held: {named}."
    idle = [r.what for r in reliefs if r.gain_usd <= 0.0 and not r.rate_gain_t_per_year]
    if idle:
        yield f"By the relaxed problem next to nothing (under 0.1 %): {', '.join(idle)}."


def holding_sentence(planned: Planned, free: Planned) -> Iterator[str]:
    """Say what holding the rate costs, as far as bounds tell it."""
    own, other = planned.answer.bound, free.answer.bound
    if planned.mine is free.mine or own is None or other is None:
        return
    if other - own < TOLD * abs(other):
        yield (
            f"To hold the rate costs less than {100 * TOLD:g} % of its worth: without it no plan "
            f"can pass {money(other)} either."
        )
    else:
        yield (
            f"To hold the rate costs about {money(other - own)}: without it no plan can pass "
            f"{money(other)}."
        )


def ending_sentence(ending: Ending | None) -> Iterator[str]:
    """Say which last years were left out, since they do not earn what a year costs."""
    if ending is not None and ending.last_year is not None:
        yield (
            f"The plan stops after year {ending.last_year}: the years after it would not earn the "
            f"fixed cost of a year; without them it is worth {money(ending.gain_usd)} more."
        )


def what_to_do(
    verdict: Mapping[str, Any], reliefs: Sequence[Relief], ending: Ending | None
) -> Iterator[str]:
    """Say in one sentence what follows from all this for whoever decides."""
    steps = []
    if verdict["holds"] is True:
        steps.append("plan the rate, it can be held")
    elif verdict["holds"] is False:
        steps.append("do not promise this rate with these limits")
    paying = sorted((r for r in reliefs if r.gain_usd > 0.0), key=lambda r: -r.gain_usd)
    own = [r for r in paying if r.resource is not None]
    if own:
        steps.append(f"look at {' before '.join(r.what for r in own[:2])}")
    if ending is not None and ending.last_year is not None:
        steps.append(f"stop after year {ending.last_year}")
    idle = [r.what for r in reliefs if r.gain_usd <= 0.0 and not r.rate_gain_t_per_year]
    if idle and own:
        steps.append(f"spend nothing on {idle[0]}" + (" or the like" if len(idle) > 1 else ""))
    if steps:
        yield f"What follows: {'; '.join(steps)}."


def comparison_sentences(worths: Sequence[Worth]) -> Iterator[str]:
    """Say what other ways of choosing come to, on equal terms."""
    if len(worths) < 2:
        return
    own, others = worths[0], worths[1:]
    told = "; ".join(
        f"{w.policy} ({w.words}) {money(w.after_fixed_usd)}, {shown(w.life_years, 3)} years"
        for w in others
    )
    yield (
        f"After the fixed cost of its {shown(own.life_years, 3)} years ({money(own.fixed_usd)}) it "
        f"is worth {money(own.after_fixed_usd)}. Beside it: {told}."
    )
    if any(w.policy == "Lane" for w in others):
        yield UNLIKE
    yield STATEMENT
