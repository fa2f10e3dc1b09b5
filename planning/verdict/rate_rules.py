"""What rate do mines of this size usually run at, and what size does this rate answer to?

Context, never a gate: the rules describe what others built, with a scatter that is not shown here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from deposits.display import round_for_reading
from planning.economics.plant import Amounts

#: Working days a year behind the daily rates.
DAYS_PER_YEAR = 350.0

#: A plan whose rate is outside this many times the rule's is worth a second look.
USUAL_RATIO = (0.5, 2.0)

_NOT_READ = "multiplier recalled, not checked against the paper"


@dataclass(frozen=True, slots=True)
class RateRule:
    """Capacity as a power of the ore: tonnes a day = multiplier x ore ^ exponent.

    Parameters
    ----------
    name : str
        As it is cited.
    multiplier : float
        [t/day for t of ore]
    exponent : float
        Elasticity of capacity to ore.
    published_exponent : float
        The exponent as far as the source was read; the one used may carry another digit.
    applies_to : str
        Which mines it was fitted to.
    exponent_source : str
        Where the published exponent stands.
    constant_is_recalled : bool
        Whether the multiplier was not checked against the source; every text then says so.
    constant_note : str
        How the multiplier is known.
    days_per_year : float
        Working days.
    """

    name: str
    multiplier: float
    exponent: float
    published_exponent: float
    applies_to: str
    exponent_source: str
    constant_is_recalled: bool
    constant_note: str
    days_per_year: float = DAYS_PER_YEAR

    def rate_t_per_year(self, ore_t: ArrayLike) -> Amounts:
        """Return the usual rate of a mine with so much ore [t/yr]."""
        ore = np.asarray(ore_t, dtype=float)
        rate: Amounts = self.days_per_year * self.multiplier * ore**self.exponent
        return rate

    def ore_t(self, rate_t_per_year: ArrayLike) -> Amounts:
        """Return the ore to which a rate answers [t]."""
        daily = np.asarray(rate_t_per_year, dtype=float) / self.days_per_year
        ore: Amounts = (daily / self.multiplier) ** (1.0 / self.exponent)
        return ore


_LONG = (
    "Long, K.R. (2009), A test and re-estimation of Taylor's empirical capacity-reserve "
    "relationship, Natural Resources Research 18(1), 57-63, abstract (1,195 mines)"
)
_TAYLOR_EXPONENT = "Taylor (1977, 1986), three-quarters power, as quoted in " + _LONG

#: Life in years = 0.2 x ore^0.25, that is ore^0.75 / 70 tonnes a day at 350 days.
TAYLOR = RateRule(
    name="Taylor",
    multiplier=1.0 / 70.0,
    exponent=0.75,
    published_exponent=0.75,
    applies_to="nearly 30 mining projects, most of them young mines",
    exponent_source=_TAYLOR_EXPONENT,
    constant_is_recalled=True,
    constant_note=f"{_NOT_READ} (life of 0.2 x the fourth root of the tonnes)",
)

#: A shorter life, 4.0 x (ore / Mt)^0.25 years, that also passes for Taylor's rule.
TAYLOR_SHORT_LIFE = RateRule(
    name="Taylor, short-life multiplier",
    multiplier=1e6**0.25 / 4.0 / DAYS_PER_YEAR,
    exponent=0.75,
    published_exponent=0.75,
    applies_to="as Taylor",
    exponent_source=_TAYLOR_EXPONENT,
    constant_is_recalled=True,
    constant_note="multiplier met in public code without a page, not checked against the paper",
)

LONG_UNDERGROUND = RateRule(
    name="Long 2009, underground other than block caving",
    multiplier=0.297,
    exponent=0.563,
    published_exponent=0.56,
    applies_to="underground mines other than block caves",
    exponent_source=_LONG,
    constant_is_recalled=True,
    constant_note=_NOT_READ,
)

LONG_OPEN_PIT = RateRule(
    name="Long 2009, open pit and block cave",
    multiplier=0.123,
    exponent=0.649,
    published_exponent=0.65,
    applies_to="open pits and block caves",
    exponent_source=_LONG,
    constant_is_recalled=True,
    constant_note=_NOT_READ,
)

UNDERGROUND_RULES = (TAYLOR, LONG_UNDERGROUND)


@dataclass(frozen=True, slots=True)
class RuleRange:
    """What several rules say of one question.

    Parameters
    ----------
    low, high : float
        Lowest and highest answer [t] or [t/yr].
    by_rule : tuple of (str, float)
        Name of the rule and its answer, in the order given.
    unit : str
        "t" or "t/yr".
    sentence : str
        The answer in words, saying which constants are recalled.
    """

    low: float
    high: float
    by_rule: tuple[tuple[str, float], ...]
    unit: str
    sentence: str


def size_for_rate(
    rate_t_per_year: float, rules: Sequence[RateRule] = UNDERGROUND_RULES
) -> RuleRange:
    """Find the ore to which a rate answers.

    Parameters
    ----------
    rate_t_per_year : float
        Rate [t/yr].
    rules : sequence of RateRule
        Rules to ask, at least one.

    Returns
    -------
    RuleRange
        In t of ore.

    Examples
    --------
    >>> answer = size_for_rate(700_000.0)
    >>> round(answer.low / 1e6, 1), round(answer.high / 1e6, 1)
    (6.3, 7.3)
    """
    answers = tuple((rule.name, float(rule.ore_t(rate_t_per_year))) for rule in rules)
    opening = f"{round_for_reading(rate_t_per_year, 3)} t of ore a year answers to"
    return _range(opening, answers, "t", rules)


def rate_for_size(ore_t: float, rules: Sequence[RateRule] = UNDERGROUND_RULES) -> RuleRange:
    """Find the usual rate of a mine with so much ore.

    Parameters
    ----------
    ore_t : float
        Ore [t].
    rules : sequence of RateRule
        Rules to ask, at least one.

    Returns
    -------
    RuleRange
        In t/yr.

    Examples
    --------
    >>> answer = rate_for_size(6_350_000.0)
    >>> round(answer.low, -3), round(answer.high, -3)
    (632000.0, 703000.0)
    """
    answers = tuple((rule.name, float(rule.rate_t_per_year(ore_t))) for rule in rules)
    opening = f"{round_for_reading(ore_t)} t of ore answers to"
    return _range(opening, answers, "t/yr", rules)


def recalled_note(rules: Sequence[RateRule] = UNDERGROUND_RULES) -> str:
    """Say which constants were not checked against their source; "" when all were."""
    recalled = [rule.name for rule in rules if rule.constant_is_recalled]
    if not recalled:
        return ""
    ratio = TAYLOR_SHORT_LIFE.multiplier / TAYLOR.multiplier
    spread = f" (up to {ratio:.1f} times Taylor's is in use)" if TAYLOR in rules else ""
    whose = "" if len(recalled) == len(rules) else f" of {' and '.join(recalled)}"
    return (
        f"exponents published, multipliers{whose} recalled and not checked against the "
        f"papers{spread}; context, not a gate"
    )


def _range(
    opening: str,
    answers: tuple[tuple[str, float], ...],
    unit: str,
    rules: Sequence[RateRule],
) -> RuleRange:
    """Word the answers of several rules."""
    numbers = [number for _, number in answers]
    parts = ", ".join(f"{round_for_reading(number)} {unit} ({name})" for name, number in answers)
    note = recalled_note(rules)
    sentence = f"{opening} {parts}" + (f"; {note}" if note else "")
    return RuleRange(min(numbers), max(numbers), answers, unit, sentence)
