"""What is each scenario called at the head of a column, in a list and in a picture?

A number makes names differ whose beginnings are alike; the whole title and the key in the study
stand under the heading.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

#: Signs of a name; a chart has no room for more.
LONGEST = 44


def names_of(cases: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the names of all scenarios, in their order.

    Parameters
    ----------
    cases : sequence of mapping
        Scenarios of the summary.

    Returns
    -------
    list of str
        Number and title, the key where there is no title; no two are alike.

    Examples
    --------
    >>> names_of([{"name": "fast", "title": "At twice the rate"}, {"name": "late"}])
    ['1. At twice the rate', '2. late']
    """
    return [
        _shortened(f"{number}. {case.get('title') or case['name']}")
        for number, case in enumerate(cases, 1)
    ]


def _shortened(name: str) -> str:
    if len(name) <= LONGEST:
        return name
    kept = name[: LONGEST - 1]
    whole = kept.rpartition(" ")[0]
    return f"{(whole if len(whole) > LONGEST // 2 else kept).rstrip(' ,;:')}…"
