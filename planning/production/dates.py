"""On which days does a period of a plan begin and end, and what is it called?"""

from __future__ import annotations

import datetime as dt

from planning.formats.plans.layout import period_dates
from planning.scheduling.calendar import Calendar

#: Times closer to a whole month than this are that month [months].
WHOLE_MONTH = 1e-6
#: What so many periods a year are called.
NAMES = {12: "month", 4: "quarter", 2: "half"}


def days_of(calendar: Calendar, start: dt.date | None) -> list[tuple[str | None, str | None]]:
    """Return the first and the last day of each period.

    Parameters
    ----------
    calendar : Calendar
        The periods.
    start : date or None
        Day on which the first one begins; None is not known.

    Returns
    -------
    list of (str or None, str or None)
        ISO dates.
    """
    if start is None:
        return [(None, None)] * calendar.n_periods
    return [(a.isoformat(), b.isoformat()) for a, b in period_dates(calendar, start)]


def period_name(begins: float, ends: float) -> str:
    """Name a period by its year and its part of it.

    Parameters
    ----------
    begins, ends : float
        [years from time 0]

    Returns
    -------
    str

    Examples
    --------
    >>> period_name(0.0, 1 / 12), period_name(2.25, 2.5), period_name(3.0, 4.0)
    ('year 1, month 1', 'year 3, quarter 2', 'year 4')
    """
    year = int(begins + WHOLE_MONTH / 12)
    length = ends - begins
    for count, name in NAMES.items():
        if abs(length * count - 1.0) < WHOLE_MONTH:
            return f"year {year + 1}, {name} {round((begins - year) * count) + 1}"
    if abs(length - 1.0) < WHOLE_MONTH:
        return f"year {year + 1}"
    return f"years {begins:g} to {ends:g}"
