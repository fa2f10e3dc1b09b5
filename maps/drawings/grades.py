"""Where do the classes of a grade begin, the same for blocks, drillholes and legends?"""

from __future__ import annotations

import bisect
import re
from collections.abc import Mapping
from typing import Any

from maps.style import most_breaks
from maps.wording import words_for

Summary = Mapping[str, Any]

#: Breaks of an element without cut-offs in the study, by its unit.
USUAL = {"%": (0.5, 1.0, 2.0, 5.0, 10.0), "g/t": (0.5, 1.0, 2.0, 5.0, 10.0)}

#: Breaks of what says how well a block is known.
OF_QUALITY = {"slope": (0.2, 0.4, 0.6, 0.8, 0.95), "efficiency": (0.2, 0.4, 0.6, 0.8, 0.95)}

#: A column of grades in the middle of a sentence.
_COLUMN = re.compile(r"\b[a-z]{1,3}_(?:pct|gpt)\b")


def main_element(summary: Summary) -> str:
    """Return the field that is compared with the cut-offs, "" when the study has none."""
    cut = (summary.get("tonnage") or {}).get("cut_field")
    elements = (summary.get("drilling") or {}).get("elements") or []
    return str(cut or (elements[0].get("name") if elements else ""))


def unit_of(summary: Summary, element: str) -> str:
    """Return the unit of an element with its sign, such as "% Sb"."""
    unit = words_for(element)[1]
    known = (summary.get("drilling") or {}).get("elements") or []
    stated = next((str(e.get("unit") or "") for e in known if e.get("name") == element), "")
    return unit if unit and (not stated or unit.startswith(stated)) else stated


def label_of(summary: Summary, field: str) -> str:
    """Return the words of a field of blocks: those of the study, else our own."""
    model = summary.get("block_model") or {}
    drilling = summary.get("drilling") or {}
    for known in (*(model.get("fields") or []), *(drilling.get("elements") or [])):
        if known.get("name") == field and known.get("label"):
            return str(known["label"])
    return words_for(field)[0]


def without_columns(summary: Summary, sentence: str) -> str:
    """Say what an element is called where a sentence names its column."""
    return _COLUMN.sub(lambda found: label_of(summary, found[0]), sentence)


def breaks_of(summary: Summary, element: str) -> tuple[float, ...] | None:
    """Return where the classes of an element begin.

    Parameters
    ----------
    summary : mapping
        The study's ``summary.json``.
    element : str
        A field of blocks or composites.

    Returns
    -------
    tuple of float or None
        For the field that the study cuts on: its cut-offs, thinned to what eyes tell apart, the
        base cut-off kept. For other grades usual round ones; None where the values must say.
    """
    tonnage = summary.get("tonnage") or {}
    if element == tonnage.get("cut_field"):
        found = [float(r["cutoff"]) for r in tonnage.get("rows") or [] if r.get("cutoff")]
        if found:
            return most_breaks(found, tonnage.get("base_cutoff"))
    unit = unit_of(summary, element)
    usual = next((b for start, b in USUAL.items() if unit.startswith(start)), None)
    return OF_QUALITY.get(element, usual)


def class_number(value: float, breaks: tuple[float, ...]) -> int:
    """Return the number of the class of a value; a value at a break belongs above it."""
    return bisect.bisect_right(breaks, value)
