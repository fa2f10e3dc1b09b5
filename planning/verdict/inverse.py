"""If the plan does not hold as said, what would: which rate, how much ore, which grade or blend?

Every answer is one division written out. An input that is not known makes the answer "not known"
and names its key; nothing is put in its place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from planning.verdict.answers import (
    Given,
    InverseAnswer,
    WorldOutput,
    answered,
    as_sentence,
    in_tonnes,
    in_words,
    not_known,
    ore_of_a_year,
)
from planning.verdict.rate_rules import (
    UNDERGROUND_RULES,
    RateRule,
    RuleRange,
    rate_for_size,
    size_for_rate,
)


def highest_rate(
    ore: Given, years: float, plant_capacity: Given, mine_capacity: Given
) -> InverseAnswer:
    """Find the highest rate that can be kept for so many years.

    Parameters
    ----------
    ore : Given
        Ore that can be milled [t].
    years : float
        How long.
    plant_capacity, mine_capacity : Given
        What plant and mine can take [t/yr].

    Returns
    -------
    InverseAnswer
        In t/yr: the lowest of ore / years and the two capacities, naming the one that binds. With
        the ore known and a capacity not, the figure is an upper bound and says so; without the
        ore there is none.
    """
    question = f"What is the highest rate that holds for {years:g} years?"
    supply = replace(ore, value=None if ore.value is None else ore.value / years)
    limits = (("the ore", supply), ("the plant", plant_capacity), ("the mine", mine_capacity))
    known = [(name, g.value) for name, g in limits if g.value is not None]
    missing = tuple(g.key for _, g in limits if g.value is None)
    lowest = min(known, key=lambda item: item[1], default=None)
    if supply.value is None or lowest is None:
        text = "Not known, because the ore is not"
        if lowest is not None:
            text += f"; {lowest[0]} allows at most {in_tonnes(lowest[1])} of ore a year"
        inputs = (ore, plant_capacity, mine_capacity)
        return replace(answered(inputs, question, text + ".", None, "t/yr"), missing=missing)
    name, rate = lowest
    # The same capacity may be stated twice; then both bind and the first is named.
    text = f"{'At most ' if missing else ''}{in_tonnes(rate)} of ore a year; {name} binds"
    if missing:
        unknown = [other for other, g in limits if g.value is None]
        text += f", as far as known: the capacity of {' and of '.join(unknown)} is not"
    inputs = (ore, plant_capacity, mine_capacity)
    return replace(answered(inputs, question, as_sentence(text), rate, "t/yr"), missing=missing)


def ore_needed(rate: Given, years: float) -> InverseAnswer:
    """Find the run-of-mine ore that a rate uses up in so many years.

    Parameters
    ----------
    rate : Given
        [t/yr]
    years : float
        How long.

    Returns
    -------
    InverseAnswer
        In t, run of mine.
    """
    question = f"How much run-of-mine ore does the rate need for {years:g} years?"
    if rate.value is None:
        return not_known(question, "t", [rate])
    ore = rate.value * years
    text = f"{in_tonnes(ore)} run of mine ({in_tonnes(rate.value)} a year for {years:g} years)."
    return answered([rate], question, text, ore, "t")


def rock_needed(rate: Given, years: float, recovery: Given, dilution: Given) -> InverseAnswer:
    """Find the resource in situ that a rate uses up in so many years.

    Parameters
    ----------
    rate : Given
        Run-of-mine ore [t/yr].
    years : float
        How long.
    recovery : Given
        Ore recovered per ore in situ [fraction].
    dilution : Given
        Waste mined per tonne of ore recovered [fraction].

    Returns
    -------
    InverseAnswer
        In t in situ: rate x years / (recovery x (1 + dilution)).
    """
    question = f"How large a resource in situ does the rate need for {years:g} years?"
    if rate.value is None or recovery.value is None or dilution.value is None:
        return not_known(question, "t", [rate, recovery, dilution])
    rock = rate.value * years / (recovery.value * (1.0 + dilution.value))
    text = (
        f"{in_tonnes(rock)} in situ at {100 * recovery.value:g} % mining recovery and "
        f"{100 * dilution.value:g} % dilution."
    )
    return answered([rate, recovery, dilution], question, text, rock, "t")


def blend_share(feed: Given, rich: Given, target: Given, rate: Given) -> InverseAnswer:
    """Find the part of rich ore that lifts the feed to a grade.

    Parameters
    ----------
    feed, rich, target : Given
        Grade of the ordinary feed, of the rich ore, and wanted [% Sb].
    rate : Given
        Blend milled [t/yr]; not known leaves the tonnes out of the answer.

    Returns
    -------
    InverseAnswer
        In % of the blend by mass: 100 (target - feed) / (rich - feed); None where no blend
        reaches the target.
    """
    question = "How much rich ore must be blended in to lift the feed to the wanted grade?"
    unit = "% of the blend"
    if feed.value is None or rich.value is None or target.value is None:
        return not_known(question, unit, [feed, rich, target])
    inputs = (feed, rich, target)
    question = (
        f"How much {rich.value:g} % ore must be blended in to lift {feed.value:g} % feed to "
        f"{target.value:g} % Sb?"
    )
    if target.value <= feed.value:
        return answered(inputs, question, "None: the feed is that rich already.", 0.0, unit)
    if target.value > rich.value:
        text = "No blend reaches it: the rich ore is poorer than the wanted grade."
        return answered(inputs, question, text, None, unit)
    share = (target.value - feed.value) / (rich.value - feed.value)
    text = f"{in_words(100 * share)} % of the blend"
    missing: tuple[str, ...] = ()
    if rate.value is None:
        text, missing = text + "; the tonnes are not known", (rate.key,)
    else:
        text += f", {in_tonnes(share * rate.value)} a year in {in_tonnes(rate.value)}"
    return replace(answered(inputs, question, text + ".", 100.0 * share, unit), missing=missing)


def metal_a_year(rate: Given, sb_pct: Given) -> InverseAnswer:
    """Find the antimony in a year's ore.

    Parameters
    ----------
    rate : Given
        [t/yr]
    sb_pct : Given
        [% Sb]

    Returns
    -------
    InverseAnswer
        In t of Sb a year.
    """
    question = f"How much antimony would {ore_of_a_year(rate, sb_pct)} hold?"
    if rate.value is None or sb_pct.value is None:
        return not_known(question, "t/yr", [rate, sb_pct])
    metal = rate.value * sb_pct.value / 100.0
    text = f"{in_tonnes(metal)} of Sb in {in_tonnes(rate.value)} of ore at {sb_pct.value:g} %."
    return answered([rate, sb_pct], question, text, metal, "t/yr")


def share_of_world(rate: Given, sb_pct: Given, world: Sequence[WorldOutput]) -> InverseAnswer:
    """Set the antimony of a year's ore against the world's mine output.

    Parameters
    ----------
    rate : Given
        [t/yr]
    sb_pct : Given
        [% Sb]
    world : sequence of WorldOutput
        Every edition and year to compare with.

    Returns
    -------
    InverseAnswer
        In % of world mine output: *low* and *high* with their editions in the answer, *value* the
        share in the newest edition's newest year.
    """
    question = (
        f"What part of the world's mine output would the antimony in "
        f"{ore_of_a_year(rate, sb_pct)} be?"
    )
    unit = "% of world mine output"
    if rate.value is None or sb_pct.value is None:
        return not_known(question, unit, [rate, sb_pct])
    known = [w for w in world if w.tonnes > 0]
    if not known:
        return not_known(question, unit, [Given(None, "market.folder")])
    metal = rate.value * sb_pct.value / 100.0
    most, least = min(known, key=lambda w: w.tonnes), max(known, key=lambda w: w.tonnes)
    newest = max(known, key=lambda w: (w.edition, w.year))
    low, value, high = (100.0 * metal / w.tonnes for w in (least, newest, most))
    text = f"{in_words(low)} % ({least.year} by {least.edition}: {in_tonnes(least.tonnes)})"
    if len(known) > 1:
        text += f" to {in_words(high)} % ({most.year} by {most.edition}: {in_tonnes(most.tonnes)})"
    if len({w.edition for w in known}) > 1:
        text += "; the editions differ from each other"
    stood = [Given(w.tonnes, w.edition, "reported", w.source) for w in (least, most, newest)]
    answer = answered([rate, sb_pct, *stood], question, text + ".", value, unit)
    return replace(answer, low=low, high=high)


def ceiling_grade(metal: Given, rate: Given, years: float) -> InverseAnswer:
    """Spread all the metal over all the ore of a plan.

    Parameters
    ----------
    metal : Given
        Antimony in the ground [t].
    rate : Given
        [t/yr]
    years : float
        How long.

    Returns
    -------
    InverseAnswer
        In % Sb: 100 x metal / (rate x years). A ceiling, not a head grade: it takes every tonne
        of metal out, in no more ore than the plan digs.
    """
    question = f"What grade could the metal give at most, at this rate for {years:g} years?"
    if metal.value is None or rate.value is None:
        return not_known(question, "% Sb", [metal, rate])
    grade = 100.0 * metal.value / (rate.value * years)
    text = (
        f"{in_words(grade, 2)} % Sb, a ceiling and not a head grade: all {in_tonnes(metal.value)} "
        f"of Sb in {in_tonnes(rate.value * years)} of ore."
    )
    return answered([metal, rate], question, text, grade, "% Sb")


def size_answering_to(rate: Given, rules: Sequence[RateRule] = UNDERGROUND_RULES) -> InverseAnswer:
    """Find the size of deposit that mines of this rate usually have.

    Parameters
    ----------
    rate : Given
        [t/yr]
    rules : sequence of RateRule
        Rules of thumb to ask.

    Returns
    -------
    InverseAnswer
        In t of ore, *low* to *high*; *value* is None, since the rules are not one answer. Kind
        "assumed" while a multiplier is recalled.
    """
    question = "What size of deposit does this rate usually answer to?"
    if rate.value is None:
        return not_known(question, "t", [rate])
    return _by_rules(question, size_for_rate(rate.value, rules), rate, rules)


def rate_answering_to(
    ore: Given, rules: Sequence[RateRule] = UNDERGROUND_RULES, *, case: str = ""
) -> InverseAnswer:
    """Find the rate that mines of this size usually run at.

    Parameters
    ----------
    ore : Given
        [t]
    rules : sequence of RateRule
        Rules of thumb to ask.
    case : str
        Whose ore it is, for the question.

    Returns
    -------
    InverseAnswer
        In t/yr, *low* to *high*; see `size_answering_to`.
    """
    about = f" ({case})" if case else ""
    question = f"What rate does a deposit of this size usually answer to{about}?"
    if ore.value is None:
        return not_known(question, "t/yr", [ore])
    return _by_rules(question, rate_for_size(ore.value, rules), ore, rules)


def _by_rules(
    question: str, found: RuleRange, given: Given, rules: Sequence[RateRule]
) -> InverseAnswer:
    """Turn the range of several rules into an answer."""
    recalled = any(rule.constant_is_recalled for rule in rules)
    rule = Given(1.0, "rules of thumb", "assumed" if recalled else "derived", _sources(rules))
    answer = answered([given, rule], question, as_sentence(found.sentence), None, found.unit)
    return replace(answer, low=found.low, high=found.high)


def _sources(rules: Sequence[RateRule]) -> str:
    """Name where the rules stand."""
    return "; ".join(dict.fromkeys(rule.exponent_source for rule in rules))
