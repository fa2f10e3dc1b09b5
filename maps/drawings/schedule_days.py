"""Which columns say when work of a plan begins and ends, and which colour has its year?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

Row = Mapping[str, Any]

#: Name of the layer, and its columns of first and last day.
SCHEDULE, BEGINS, ENDS = "plan_schedule", "begins", "ends"
#: Columns of whole numbers, some of them unknown.
_WHOLE = ("level", "section", "period", "year")


def is_dated(row: Row) -> bool:
    """Say whether an activity has a period, a year and days."""
    return all(row.get(key) is not None for key in ("period", "year", "from_date", "to_date"))


def days_of(row: Row) -> dict[str, dt.date]:
    """Return the first and the last day of an activity."""
    ends = {BEGINS: row["from_date"], ENDS: row["to_date"]}
    return {name: dt.date.fromisoformat(str(day)[:10]) for name, day in ends.items()}


def typed(features: Any) -> Any:
    """Give numbers of levels, sections, periods and years one whole type, with nulls."""
    import pandas as pd

    for name in (name for name in _WHOLE if name in features.columns):
        features[name] = pd.array(list(features[name]), dtype="Int64")
    return features


def class_of_year(year: int, runs: Sequence[tuple[int, int]]) -> str:
    """Return the class of a year: the number of the run that holds it."""
    return str(next(i for i, (_, last) in enumerate(runs) if year <= last))


def years_in_words(first: int, last: int) -> str:
    """Return the words of a run of years.

    Examples
    --------
    >>> years_in_words(2, 2), years_in_words(3, 4)
    ('year 2', 'years 3 to 4')
    """
    return f"year {first}" if first == last else f"years {first} to {last}"
