"""What goes into a question asked of a plan backwards, and what does its answer carry?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace

from deposits.display import round_for_reading
from deposits.stated import Kind, softest


@dataclass(frozen=True, slots=True)
class Given:
    """One input of a question.

    Parameters
    ----------
    value : float or None
        The figure in the unit the question names; None is not known.
    key : str
        Where the study states it, or would.
    kind : {"reported", "derived", "assumed"}
        How it is known.
    source : str
        Who says so; "" where it is worked out here.
    """

    value: float | None
    key: str
    kind: Kind = "reported"
    source: str = ""


@dataclass(frozen=True, slots=True)
class WorldOutput:
    """World mine output of one year in one edition of the statistics.

    Parameters
    ----------
    edition : str
        "MCS 2026"
    year : int
        Year of the output.
    tonnes : float
        [t of Sb]
    source : str
        Where the figure stands.
    """

    edition: str
    year: int
    tonnes: float
    source: str = ""


@dataclass(frozen=True, slots=True)
class InverseAnswer:
    """A question asked backwards, and its answer.

    Parameters
    ----------
    question, answer : str
        Both as sentences.
    value : float or None
        The figure; None is not known or does not exist.
    unit : str
        Unit of *value*, *low* and *high*.
    kind : {"derived", "assumed"}
        As soft as the softest input.
    missing : tuple of str
        Keys without which the figure is not known, or is only a bound (the answer then says so).
    low, high : float or None
        Ends of a range, where the answer is one.
    sources : tuple of str
        Sources of the inputs it was worked out from.
    """

    question: str
    answer: str
    value: float | None
    unit: str
    kind: Kind
    missing: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    sources: tuple[str, ...] = ()

    def as_row(self) -> dict[str, object]:
        """Return the answer as a row of `summary.json`."""
        return {**asdict(self), "missing": list(self.missing), "sources": list(self.sources)}


def answered(
    inputs: Iterable[Given], question: str, text: str, value: float | None, unit: str
) -> InverseAnswer:
    """Answer from inputs: as soft as the softest of them, with the sources of the known ones.

    Parameters
    ----------
    inputs : iterable of Given
        What the answer was worked out from.
    question, text : str
        Both as sentences.
    value : float or None
        The figure in *unit*; None does not exist.
    unit : str
        Its unit.

    Returns
    -------
    InverseAnswer
    """
    given = tuple(inputs)
    return InverseAnswer(question, text, value, unit, kind_of(*given), sources=sources_of(*given))


def not_known(question: str, unit: str, inputs: Iterable[Given]) -> InverseAnswer:
    """Answer that it is not known, naming what is missing."""
    given = tuple(inputs)
    missing = tuple(g.key for g in given if g.value is None)
    text = f"Not known; state {', '.join(missing)}."
    return replace(answered(given, question, text, None, unit), missing=missing)


def kind_of(*inputs: Given) -> Kind:
    """Return the softest kind of the known inputs, at best derived."""
    return softest("derived", *(g.kind for g in inputs if g.value is not None))


def sources_of(*inputs: Given) -> tuple[str, ...]:
    """Return the different sources of the known inputs, in order."""
    return tuple(dict.fromkeys(g.source for g in inputs if g.value is not None and g.source))


def in_words(number: float, figures: int = 3) -> str:
    """Write a number to three figures: these are divisions of stated figures, not estimates."""
    return round_for_reading(number, figures)


def in_tonnes(tonnes: float) -> str:
    """Write tonnes to three figures, with their unit."""
    return f"{round_for_reading(tonnes, 3)} t"


def as_sentence(text: str) -> str:
    """Begin with a capital and end with a full stop."""
    return text[:1].upper() + text[1:] + "."


def ore_of_a_year(rate: Given, sb_pct: Given) -> str:
    """Name a year's ore by what is known of it."""
    tonnes = "a year's ore" if rate.value is None else f"{in_tonnes(rate.value)} of ore a year"
    return tonnes if sb_pct.value is None else f"{tonnes} at {sb_pct.value:g} % Sb"
