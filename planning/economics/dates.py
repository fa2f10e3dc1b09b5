"""Which days does a quoted date stand for: a day, a month or a year?"""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Any

from pydantic import BeforeValidator

#: A quoted date: a year, a month or a day.
DATE_PATTERN = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")


def period_of(date: str) -> tuple[dt.date, dt.date]:
    """Return the first and last day that "2024", "2024-08" or "2024-08-15" stands for.

    Raises
    ------
    ValueError
        If it is none of the three, or not in the calendar.

    Examples
    --------
    >>> period_of("2024-02")
    (datetime.date(2024, 2, 1), datetime.date(2024, 2, 29))
    """
    if not DATE_PATTERN.fullmatch(date):
        raise ValueError(f'"{date}" is not a date; write 2025, 2025-06 or 2025-06-24')
    try:
        first = dt.date.fromisoformat((date + "-01-01")[:10])
        if len(date) == 4:
            return first, dt.date(first.year, 12, 31)
        if len(date) == 7:
            day_31_or_later = first + dt.timedelta(days=31)
            return first, day_31_or_later.replace(day=1) - dt.timedelta(days=1)
    except (ValueError, OverflowError) as error:
        raise ValueError(f'"{date}" is not in the calendar') from error
    return first, first


def date_text(start: dt.date, end: dt.date) -> str:
    """Write a period as it was quoted.

    Examples
    --------
    >>> [date_text(*period_of(date)) for date in ("2024", "2024-02", "2024-02-15")]
    ['2024', '2024-02', '2024-02-15']
    """
    for text in (f"{start:%Y}", f"{start:%Y-%m}", f"{start}"):
        if period_of(text) == (start, end):
            return text
    return f"{start} to {end}"


def _quoted_date(given: Any) -> Any:
    """Accept a TOML date or a text such as "2025", "2025-06", "2025-06-24"."""
    if isinstance(given, dt.datetime):
        raise ValueError("a date without a time of day is needed")
    if isinstance(given, dt.date):
        return given.isoformat()
    if isinstance(given, str):
        period_of(given)
    return given


def _day(given: Any) -> Any:
    """Accept a TOML date, or the same in quotation marks."""
    if isinstance(given, dt.datetime):
        raise ValueError("a date without a time of day is needed")
    if isinstance(given, str):
        try:
            return dt.date.fromisoformat(given)
        except ValueError as error:
            raise ValueError(f'"{given}" is not a day; write 2026-01-01') from error
    return given


#: Fields of a model: a date as quoted, kept as text, and a single day.
QuotedDate = Annotated[str, BeforeValidator(_quoted_date)]
Day = Annotated[dt.date, BeforeValidator(_day)]
