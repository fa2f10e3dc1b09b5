"""Which input moves the answer most, and how long does the ore last at other rates?"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from deposits.display import round_for_reading
from planning.verdict.rate_rules import UNDERGROUND_RULES, USUAL_RATIO, RateRule


@dataclass(frozen=True, slots=True)
class TornadoBar:
    """What one input does to the answer while all others stay at their base.

    Parameters
    ----------
    input : str
        Key of the input.
    low_input, high_input : float
        The two values it was set to.
    low, base, high : float or None
        The answer at the low value, in the base case and at the high value; None is not known.
    """

    input: str
    low_input: float
    high_input: float
    low: float | None
    base: float | None
    high: float | None

    @property
    def swing(self) -> float | None:
        """Distance between the highest and lowest of the answers; None if one is not known."""
        answers = [self.low, self.high, *([] if self.base is None else [self.base])]
        known = [a for a in answers if a is not None and math.isfinite(a)]
        if len(known) < len(answers):
            return None
        return max(known) - min(known)

    def as_row(self, scenario: str, output: str, unit: str) -> dict[str, object]:
        """Return the bar as a row of `summary.json`; an answer that is not finite is null."""
        answers = {"low": self.low, "base": self.base, "high": self.high}
        return {
            "scenario": scenario,
            "input": self.input,
            "low_label": round_for_reading(self.low_input, 3),
            "high_label": round_for_reading(self.high_input, 3),
            "output": output,
            "unit": unit,
            **{k: v if v is not None and math.isfinite(v) else None for k, v in answers.items()},
        }


@dataclass(frozen=True, slots=True)
class FrontierPoint:
    """One rate and how long it lasts.

    Parameters
    ----------
    rate_t_per_year : float
        [t/yr]
    life_years : float or None
        Ore / rate; None if the ore is not known.
    rule_rate_low, rule_rate_high : float or None
        What the rules of thumb say for this much ore [t/yr].
    ratio_low, ratio_high : float or None
        Rate / the higher and / the lower rule rate.
    usual : bool or None
        Whether the rate is within half and twice of at least one rule.
    """

    rate_t_per_year: float
    life_years: float | None
    rule_rate_low: float | None
    rule_rate_high: float | None
    ratio_low: float | None
    ratio_high: float | None
    usual: bool | None


def tornado(
    evaluate: Callable[[Mapping[str, float]], float | None],
    base: Mapping[str, float],
    ranges: Mapping[str, tuple[float, float]],
) -> list[TornadoBar]:
    """Move one input at a time from its low to its high value.

    Parameters
    ----------
    evaluate : callable
        Answer for a full set of inputs; None is not known.
    base : mapping of str to float
        Base case.
    ranges : mapping of str to (float, float)
        Low and high value of each input to move; an input that the base lacks is added for it.

    Returns
    -------
    list of TornadoBar
        Widest first; those with an unknown answer last; equals in the order given.
    """
    middle = evaluate(dict(base))
    bars = [
        TornadoBar(
            name,
            low,
            high,
            evaluate({**base, name: low}),
            middle,
            evaluate({**base, name: high}),
        )
        for name, (low, high) in ranges.items()
    ]
    return sorted(bars, key=lambda bar: -1.0 if bar.swing is None else bar.swing, reverse=True)


def rate_life_frontier(
    ore_t: float | None, rates: Iterable[float], rules: Sequence[RateRule] = UNDERGROUND_RULES
) -> list[FrontierPoint]:
    """Set rates against the years they last and against the rules of thumb.

    Parameters
    ----------
    ore_t : float or None
        Ore that can be milled [t]; None is not known.
    rates : iterable of float
        Rates [t/yr], above 0.
    rules : sequence of RateRule
        Rules to compare with.

    Returns
    -------
    list of FrontierPoint
        In the order of the rates.
    """
    points = []
    for rate in rates:
        if not rate > 0:
            raise ValueError(f"a rate of {rate:g} t/yr; rates are above 0")
        if ore_t is None or not ore_t > 0:
            life = None if ore_t is None else 0.0
            points.append(FrontierPoint(rate, life, None, None, None, None, None))
            continue
        usual_rates = [float(rule.rate_t_per_year(ore_t)) for rule in rules]
        low, high = min(usual_rates), max(usual_rates)
        usual = any(USUAL_RATIO[0] <= rate / r <= USUAL_RATIO[1] for r in usual_rates)
        points.append(FrontierPoint(rate, ore_t / rate, low, high, rate / high, rate / low, usual))
    return points
