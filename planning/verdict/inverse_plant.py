"""What do the plant's concentrate and its design say, asked backwards?"""

from __future__ import annotations

from planning.economics.plant import implied_head_grade_pct
from planning.verdict.answers import (
    Given,
    InverseAnswer,
    answered,
    in_tonnes,
    in_words,
    not_known,
    ore_of_a_year,
)

#: Ore that needs no plant.
AS_RICH = "None: ore as rich as the concentrate is sold as it is."


def ore_to_fill_line(
    line: Given, concentrate_sb_pct: Given, recovery: Given, sb_pct: Given
) -> InverseAnswer:
    """Find how much ore of a grade makes all the concentrate a line is built for.

    Parameters
    ----------
    line : Given
        Concentrate [t/yr].
    concentrate_sb_pct : Given
        Its grade [% Sb].
    recovery : Given
        Antimony recovery [fraction].
    sb_pct : Given
        Head grade [% Sb].

    Returns
    -------
    InverseAnswer
        In t of ore a year: line x concentrate grade / (recovery x head grade).
    """
    grade = "ore" if sb_pct.value is None else f"{sb_pct.value:g} % ore"
    question = f"How much {grade} a year fills the concentrate line?"
    inputs = (line, concentrate_sb_pct, recovery, sb_pct)
    known = [g.value for g in inputs if g.value is not None]
    if len(known) < len(inputs):
        return not_known(question, "t/yr", inputs)
    tonnes, product, part, head = known
    if not head > 0:
        text = "No amount: there is no Sb in it."
        return answered(inputs, question, text, None, "t/yr")
    if head >= product:
        return answered(inputs, question, AS_RICH, None, "t/yr")
    ore = tonnes * product / (part * head)
    text = (
        f"{in_tonnes(ore)} of ore a year makes the line's {in_tonnes(tonnes)} of concentrate "
        f"({product:g} % Sb, {100 * part:g} % recovery)."
    )
    return answered(inputs, question, text, ore, "t/yr")


def concentrate_a_year(
    rate: Given, sb_pct: Given, recovery: Given, concentrate_sb_pct: Given, design: Given
) -> InverseAnswer:
    """Find the concentrate that a year's ore would make.

    Parameters
    ----------
    rate : Given
        [t/yr]
    sb_pct : Given
        Head grade [% Sb].
    recovery : Given
        Antimony recovery [fraction].
    concentrate_sb_pct : Given
        [% Sb]
    design : Given
        Design output [t/yr of concentrate]; not known leaves the comparison out.

    Returns
    -------
    InverseAnswer
        In t of concentrate a year.
    """
    question = f"How much concentrate would {ore_of_a_year(rate, sb_pct)} make?"
    inputs = (rate, sb_pct, recovery, concentrate_sb_pct)
    known = [g.value for g in inputs if g.value is not None]
    if len(known) < len(inputs):
        return not_known(question, "t/yr", inputs)
    tonnes, head, part, product = known
    if head >= product:
        return answered(inputs, question, AS_RICH, None, "t/yr")
    concentrate = tonnes * head * part / product
    text = f"{in_tonnes(concentrate)} of {product:g} % concentrate at {100 * part:g} % recovery"
    if design.value is not None:
        times = concentrate / design.value
        text += f", {in_words(times)} times the design output of {in_tonnes(design.value)}"
    return answered((*inputs, design), question, text + ".", concentrate, "t/yr")


def design_head_grade(
    design: Given, ore: Given, recovery: Given, concentrate_sb_pct: Given
) -> InverseAnswer:
    """Find the head grade for which a plant was designed.

    Parameters
    ----------
    design : Given
        Design output [t/yr of concentrate].
    ore : Given
        Design throughput [t/yr of ore].
    recovery : Given
        Antimony recovery [fraction].
    concentrate_sb_pct : Given
        [% Sb]

    Returns
    -------
    InverseAnswer
        In % Sb: concentrate x its grade / (ore x recovery).
    """
    question = "Which head grade was the plant designed for?"
    inputs = (design, ore, recovery, concentrate_sb_pct)
    known = [g.value for g in inputs if g.value is not None]
    if len(known) < len(inputs):
        return not_known(question, "% Sb", inputs)
    made, milled, part, product = known
    grade = float(implied_head_grade_pct(made, milled, part, product))
    text = (
        f"{in_words(grade)} % Sb: {in_tonnes(made)} of {product:g} % concentrate from "
        f"{in_tonnes(milled)} of ore at {100 * part:g} % recovery."
    )
    return answered(inputs, question, text, grade, "% Sb")
