"""How heavy is a cubic metre of ore, given its antimony and its host rock?"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from deposits.errors import DataError, Problem
from deposits.units import DENSITY_RANGE_T_PER_M3, STIBNITE_DENSITY_T_PER_M3, STIBNITE_SB_PCT


def ore_density(sb_pct: ArrayLike, host_density: ArrayLike) -> NDArray[np.float64]:
    """Work out the density of ore that is host rock and stibnite, without pores.

    Parameters
    ----------
    sb_pct : array of float
        Antimony [% by mass], 0 to 71.7.
    host_density : array of float
        Density of the barren host rock [t/m3], 1 to 5.5.

    Returns
    -------
    ndarray of float
        Density [t/m3] in the shape both broadcast to; NaN where an input is NaN.

    Raises
    ------
    DataError
        If a grade or a density is out of range.

    Notes
    -----
    Volumes add, masses are shared by the stibnite fraction w = Sb % / 71.7::

        1 / rho = (1 - w) / rho_host + w / 4.63

    A constant density would under-count rich ore: with a host of 2.70, ore of 15 % Sb is 8 %
    heavier than ore of 2.5 %.

    Examples
    --------
    >>> ore_density([2.5, 15.0], 2.70).round(2)
    array([2.74, 2.96])
    """
    sb = np.asarray(sb_pct, dtype=float)
    host = np.asarray(host_density, dtype=float)
    low, high = DENSITY_RANGE_T_PER_M3
    problems = [
        *_beyond(sb, 0.0, STIBNITE_SB_PCT, "antimony grade", "% Sb"),
        *_beyond(host, low, high, "host density", "t/m3"),
    ]
    if problems:
        raise DataError(problems)
    share = sb / STIBNITE_SB_PCT
    return np.asarray(1.0 / ((1.0 - share) / host + share / STIBNITE_DENSITY_T_PER_M3))


def _beyond(
    numbers: NDArray[np.float64], low: float, high: float, name: str, unit: str
) -> list[Problem]:
    """Word the numbers out of range; NaN is absent, not wrong."""
    wrong = numbers[(numbers < low) | (numbers > high)]
    return [
        Problem(f"{name} is out of range", "", f"{value:g} {unit}", f"{low:g} to {high:g} {unit}")
        for value in np.unique(wrong)
    ]
