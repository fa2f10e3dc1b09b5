"""When does each period of a plan begin and end, and what is its money worth at the start?

A period's money is discounted with the factor of the year in which the period begins, under the
convention of the study. The value of a plan is therefore what a spreadsheet makes of its yearly
cash flow, whether the plan is kept by years, quarters or months.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from deposits.display import Fact, as_html, as_text
from deposits.errors import DataError, Problem
from planning.economics.config import Discounting
from planning.economics.discounting import discount_factors

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
#: Dates closer than this are one: a twelfth of a year twelve times is a year [years].
SAME_DATE = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Calendar:
    """The periods of a plan, one after the other from time 0.

    Parameters
    ----------
    length_years : ndarray of float, shape (t,)
        Length of each period [years], above 0.
    discount_rate : float
        Real rate a year [fraction], above -1.
    discounting : {"end_of_year", "mid_year", "start_of_year"}
        When in its year a flow falls.

    Raises
    ------
    DataError
        If there is no period, a length is not above 0, the rate is not above -1, or the convention
        is not known; all at once.

    Examples
    --------
    >>> Calendar(np.array([0.5, 0.5, 1.0]), 0.1, "end_of_year").factors().round(4)
    array([0.9091, 0.9091, 0.8264])
    """

    length_years: FloatArray
    discount_rate: float
    discounting: Discounting

    def __post_init__(self) -> None:
        """Refuse what is no calendar."""
        object.__setattr__(self, "length_years", np.asarray(self.length_years, np.float64))
        lengths, problems = self.length_years, []
        if lengths.ndim != 1 or lengths.size == 0:
            problems.append(Problem("a plan needs periods", "calendar", f"{lengths.shape}"))
        elif not (good := np.isfinite(lengths) & (lengths > 0)).all():
            found = f"{lengths[~good][:5]}"
            problems.append(Problem("a period has no length", "calendar", found, "above 0 years"))
        if self.discounting not in get_args(Discounting):
            found, allowed = f"{self.discounting}", ", ".join(get_args(Discounting))
            problems.append(Problem("no convention of discounting", "calendar", found, allowed))
        if not -1 < self.discount_rate < math.inf:
            found = f"{self.discount_rate}"
            problems.append(Problem("no discount rate", "calendar", found, "above -1"))
        if problems:
            raise DataError(problems)

    @property
    def n_periods(self) -> int:
        """Number of periods."""
        return int(self.length_years.size)

    def ends(self) -> FloatArray:
        """Return when each period ends [years from time 0], shape (t,)."""
        return np.cumsum(self.length_years).astype(np.float64)

    def starts(self) -> FloatArray:
        """Return when each period begins [years from time 0], shape (t,)."""
        return self.ends() - self.length_years

    def years(self) -> IntArray:
        """Return the year, counted from 0, in which each period begins, shape (t,)."""
        return np.floor(self.starts() + SAME_DATE).astype(np.int64)

    def factors(self) -> FloatArray:
        """Return what one unit of money of each period is worth at time 0, shape (t,)."""
        year = self.years()
        yearly = discount_factors(self.discount_rate, int(year[-1]) + 1, self.discounting)
        return yearly[year].astype(np.float64)

    def latest_before(self, spans_years: ArrayLike) -> IntArray:
        """Return the last period in which a predecessor may fall, for every successor's period.

        Parameters
        ----------
        spans_years : array_like of float, shape (k,)
            Least time from the predecessor's beginning to the successor's end [years], none below
            0: both durations and what must pass between them.

        Returns
        -------
        ndarray of int, shape (k, t)
            The latest s, not after t, so that dates exist: the start of s plus the span is not
            after the end of t. -1 where there is none.
        """
        spans = np.asarray(spans_years, dtype=np.float64)
        starts, ends = self.starts(), self.ends()
        fits = starts[None, None, :] + spans[:, None, None] <= ends[None, :, None] + SAME_DATE
        order = np.arange(self.n_periods)
        fits &= order[None, None, :] <= order[None, :, None]
        latest: IntArray = np.where(fits, order, -1).max(axis=2).astype(np.int64)
        return latest

    def facts(self) -> list[Fact]:
        """Say what a reader wants to know first."""
        return [
            Fact("Periods", f"{self.n_periods:,}"),
            Fact("Years", float(self.ends()[-1])),
            Fact("Discount rate", f"{self.discount_rate:g} a year, {self.discounting}"),
        ]

    def __str__(self) -> str:
        """Facts as plain text."""
        return as_text("Calendar", self.facts())

    def _repr_html_(self) -> str:
        """Facts as HTML."""
        return as_html("Calendar", self.facts())


def equal_years(n_periods: int, rate: float, discounting: Discounting) -> Calendar:
    """Return a calendar of whole years.

    Parameters
    ----------
    n_periods : int
        Number of years.
    rate : float
        Real rate a year [fraction].
    discounting : {"end_of_year", "mid_year", "start_of_year"}
        When in its year a flow falls.

    Returns
    -------
    Calendar
    """
    return Calendar(np.ones(n_periods), rate, discounting)


def mixed_calendar(
    parts: Sequence[tuple[int, int]], rate: float, discounting: Discounting
) -> Calendar:
    """Return a calendar of runs of equal periods, such as months first and then quarters.

    Parameters
    ----------
    parts : sequence of (count, per_year)
        So many periods, of which so many make a year.
    rate : float
        Real rate a year [fraction].
    discounting : {"end_of_year", "mid_year", "start_of_year"}
        When in its year a flow falls.

    Returns
    -------
    Calendar

    Examples
    --------
    >>> mixed_calendar([(12, 12), (8, 4)], 0.1, "mid_year").n_periods
    20
    """
    lengths = np.concatenate([np.full(count, 1.0 / per_year) for count, per_year in parts])
    return Calendar(lengths, rate, discounting)
