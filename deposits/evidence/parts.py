"""How much ore, antimony and gold of one statement lies at or above a cut-off?

Written once: grade-tonnage tables, the supply of a plant and the row of cut-offs of the workbook
all cut with it. Arrays run over cases, entry 0 the base case, or over cut-offs of one case.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from deposits.laws.gold_law import gold_factor
from deposits.laws.grade_law import GradeLaw, metal_share, tonnage_share

Cases = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """One statement with the law of its grades.

    Parameters
    ----------
    ore_t, sb_pct : ndarray, shape (cases,)
        Tonnes [t] and mean grade [% Sb].
    au_gpt : ndarray, shape (cases,), or None
        Mean gold grade [g/t]; None is not known.
    law : GradeLaw or None
        Spread of Sb among selection units; None is not stated.
    gold : tuple of ndarray, or None
        Log-standard deviation of gold and its correlation with Sb.
    """

    ore_t: Cases
    sb_pct: Cases
    au_gpt: Cases | None
    law: GradeLaw | None
    gold: tuple[Cases, Cases] | None

    @property
    def is_whole(self) -> bool:
        """Whether it is one unit, above a cut-off or not as a whole; its gold goes with it."""
        return self.law is not None and bool(np.all(self.law.sigma == 0.0))


def ore_above(part: Part, cutoff_sb_pct: Cases | float) -> tuple[Cases, Cases]:
    """Return what one statement holds at or above cut-offs; without a law, all of it.

    Parameters
    ----------
    part : Part
        The statement.
    cutoff_sb_pct : float or ndarray, broadcasting with the cases
        Cut-offs [% Sb].

    Returns
    -------
    tuple of ndarray
        Ore [t] and antimony [t].
    """
    ore, metal = part.ore_t, part.ore_t * part.sb_pct / 100.0
    if part.law is None:
        return ore, metal
    return (
        ore * tonnage_share(part.law, cutoff_sb_pct),
        metal * metal_share(part.law, cutoff_sb_pct),
    )


def gold_above(part: Part, cutoff_sb_pct: Cases | float, ore_t: Cases) -> Cases | None:
    """Return the gold of that ore [g].

    Parameters
    ----------
    part : Part
        The statement.
    cutoff_sb_pct : float or ndarray, broadcasting with the cases
        Cut-offs [% Sb].
    ore_t : ndarray
        From :func:`ore_above` at the same cut-offs.

    Returns
    -------
    ndarray or None
        NaN at the cut-offs at which it is not known; None where it is known at none.
    """
    if part.au_gpt is None:
        return None
    uncut = np.asarray(cutoff_sb_pct) <= 0.0
    if part.law is None or part.is_whole or np.all(uncut):
        return ore_t * part.au_gpt
    if part.gold is None:
        return np.where(uncut, ore_t * part.au_gpt, np.nan) if np.any(uncut) else None
    sigma, rho = part.gold
    # Where no ore is left its gold grade is undefined, but its gold is none.
    factor = np.nan_to_num(gold_factor(part.law, cutoff_sb_pct, rho, sigma))
    return ore_t * part.au_gpt * factor
