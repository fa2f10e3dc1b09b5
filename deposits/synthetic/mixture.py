"""What grade has a SYNTHETIC point, and what do all points of a cell hold on average?

At a point two Gaussians act: X cuts the rock into jasperoid, disseminated ore and pockets, W sets
the grade within them. Each is a part known at cell support plus a micro-structure finer than a
cell, so that the mean over a cell is a conditional expectation, worked out exactly here: what
samples see and what blocks hold agree by construction.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr, ndtri

from deposits.evidence.density import ore_density
from deposits.synthetic.design import Companion, DepositDesign, Populations

FloatArray = NDArray[np.float64]

#: Share of W's variance that stands at cell support.
GRADE_CELL_SHARE = 0.4
#: Jasperoid is cut off below ore.
MOST_BARREN_SB_PCT = 0.9
#: Names of the populations in rising order of X.
POPULATIONS = ("barren jasperoid", "disseminated ore", "pockets")


class CellFields(NamedTuple):
    """The parts of the Gaussians at cell support, any one shape.

    level : of X, with its trend [standard deviations of X]
    grade : of W, in its own standard deviations
    companions : of the companions' own parts, one each, in their own standard deviations
    """

    level: FloatArray
    grade: FloatArray
    companions: tuple[FloatArray, ...]


def point_grade(design: Populations, x: ArrayLike, w: ArrayLike) -> FloatArray:
    """Return the antimony of points [%].

    Parameters
    ----------
    design : Populations
        The mixture.
    x, w : array_like
        Whole Gaussians of the points.

    Returns
    -------
    ndarray
        [% Sb], in the broadcast shape.
    """
    x, w = np.broadcast_arrays(np.asarray(x, dtype=float), np.asarray(w, dtype=float))
    number = np.searchsorted(np.asarray(design.thresholds), x, side="right")
    return np.choose(number, [population_grade(design, k, w) for k in range(3)])


def population_grade(design: Populations, number: int, w: FloatArray) -> FloatArray:
    """Return the antimony of points of one population [%], by its number in ``POPULATIONS``."""
    if number == 0:
        lognormal = design.barren_median_sb_pct * np.exp(design.barren_log_sd * w)
        return np.minimum(lognormal, MOST_BARREN_SB_PCT)
    if number == 1:
        (low, high), power = design.disseminated_sb_pct, design.disseminated_power
    else:
        (low, high), power = design.pocket_sb_pct, design.pocket_power
    return np.asarray(low + (high - low) * ndtr(w) ** power)


def shares(design: DepositDesign, level: FloatArray) -> FloatArray:
    """Return the shares of the populations within cells, shape (3, ...)."""
    return _tilted_shares(design, level, 0.0)


def cell_mass(design: DepositDesign, fields: CellFields) -> dict[str, FloatArray]:
    """Work out what a cubic metre of each cell holds.

    Parameters
    ----------
    design : DepositDesign
        The deposit.
    fields : CellFields
        Gaussians at cell support.

    Returns
    -------
    dict of ndarray
        "density_t_per_m3" and, for every element, mass x grade: e.g. "sb_pct" is t/m3 x %. Divide
        by the density for the grade by mass.
    """
    part = shares(design, fields.level)
    moments = _grade_moments(design, fields.grade)
    held = {
        "density_t_per_m3": np.sum(part * moments[0], axis=0),
        "sb_pct": np.sum(part * moments[1], axis=0),
    }
    for companion, own in zip(design.companions, fields.companions, strict=True):
        tilted = _tilted_shares(design, fields.level, companion.correlation * companion.log_sd)
        held[companion.column] = _own_mean(design, companion, own) * np.sum(
            tilted * moments[0], axis=0
        )
    return held


def companion_grade(companion: Companion, x: ArrayLike, own: ArrayLike) -> FloatArray:
    """Return a companion at points from X and its own Gaussian [unit of its column]."""
    rho = companion.correlation
    score = rho * np.asarray(x, dtype=float) + math.sqrt(1.0 - rho**2) * np.asarray(own, float)
    return companion.median * np.exp(companion.log_sd * score)


def point_square(design: DepositDesign, fields: CellFields) -> FloatArray:
    """Return the mean square of point grades in each cell [%^2]."""
    part = shares(design, fields.level)
    return np.asarray(np.sum(part * _grade_moments(design, fields.grade)[2], axis=0))


def point_mean(design: DepositDesign, fields: CellFields) -> FloatArray:
    """Return the mean of point grades by volume in each cell [%]."""
    part = shares(design, fields.level)
    return np.asarray(np.sum(part * _grade_moments(design, fields.grade)[3], axis=0))


def point_share_above(
    design: DepositDesign, fields: CellFields, cutoff_sb_pct: float
) -> FloatArray:
    """Return the share of each cell's points at or above a cut-off within the pockets' grades.

    Raises
    ------
    ValueError
        If the cut-off lies below the pockets' lowest grade, where other populations count.
    """
    low, high = design.populations.pocket_sb_pct
    if not low <= cutoff_sb_pct <= high:
        raise ValueError(
            f"the cut-off must lie within {low:g} to {high:g} %, given {cutoff_sb_pct}"
        )
    least = ndtri(((cutoff_sb_pct - low) / (high - low)) ** (1.0 / design.populations.pocket_power))
    known, micro = math.sqrt(GRADE_CELL_SHARE), math.sqrt(1.0 - GRADE_CELL_SHARE)
    above = ndtr((known * fields.grade - least) / micro)
    return np.asarray(shares(design, fields.level)[2] * above)


def _tilted_shares(design: DepositDesign, level: FloatArray, tilt: float) -> FloatArray:
    """E[exp(tilt X), X in population | cell], shape (3, ...)."""
    micro = math.sqrt(1.0 - design.cell_share)
    first, second = design.populations.thresholds
    centre = level + tilt * micro**2
    below = ndtr((first - centre) / micro)
    under_pocket = ndtr((second - centre) / micro)
    growth = np.exp(tilt * level + 0.5 * (tilt * micro) ** 2)
    return np.asarray(growth * np.stack([below, under_pocket - below, 1.0 - under_pocket]))


def _own_mean(design: DepositDesign, companion: Companion, own: FloatArray) -> FloatArray:
    """E[median exp(log_sd sqrt(1 - rho^2) U) | cell part of U]."""
    spread = companion.log_sd * math.sqrt(1.0 - companion.correlation**2)
    known, micro = math.sqrt(design.cell_share), math.sqrt(1.0 - design.cell_share)
    return companion.median * np.exp(spread * known * own + 0.5 * (spread * micro) ** 2)


def _grade_moments(design: DepositDesign, grade: FloatArray) -> FloatArray:
    """E[density], E[density x grade], E[grade^2], E[grade] by population, shape (4, 3, ...)."""
    nodes = np.linspace(-8.0, 8.0, 801)
    step, weight = np.polynomial.hermite_e.hermegauss(64)
    weight = weight / weight.sum()
    known, micro = math.sqrt(GRADE_CELL_SHARE), math.sqrt(1.0 - GRADE_CELL_SHARE)
    w = known * nodes[:, None] + micro * step
    moments = []
    for number in range(3):
        sb = population_grade(design.populations, number, w)
        density = ore_density(sb, design.host_density_t_per_m3)
        table = [density @ weight, (density * sb) @ weight, sb**2 @ weight, sb @ weight]
        moments.append([np.interp(grade, nodes, row) for row in table])
    return np.moveaxis(np.asarray(moments), 0, 1)
