"""Rich samples exist where no rich stope does: how does the share of rich ore fall with size?

The change of support (``block_law``) of a mixture of samples gives the grades of larger selection
units, from how fast grades lose their likeness over distance. Nothing of this is published for most
fields, so what comes out says what the assumed mixture implies.

Units are cubes of the stated mass, fully known when they are selected; a real slice is flat and its
grade an estimate, so the part recovered is rather smaller.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from deposits.errors import DataError, Problem
from deposits.laws.block_law import SteppedLaw, coefficient_from, hermite_variances, recovered
from deposits.laws.mixture import Mixture, StructureKind, point_shares, stepped_mixture

#: Gauss-Legendre points along each edge of a unit.
NODES, WEIGHTS = np.polynomial.legendre.leggauss(24)

#: Distance, in ranges, beyond which a structure correlates by less than 1e-15.
REACH: dict[str, float] = {"spherical": 1.0, "exponential": 12.0}


@dataclass(frozen=True, slots=True)
class SupportPoint:
    """What lies at or above one cut-off when ore is selected in units of one size.

    Parameters
    ----------
    name : str
        What the unit is.
    selection_unit_t : float
        Its mass [t].
    variance_ratio : float
        Variance of units over variance of samples, 0 to 1.
    r : float
        Change-of-support coefficient, 0 to 1.
    cv : float
        Coefficient of variation of units.
    tonnage_share, metal_share : float
        Shares of all tonnes and all metal, 0 to 1.
    mean_above_pct : float or None
        Mean grade of that part [%]; None where there is none.
    """

    name: str
    selection_unit_t: float
    variance_ratio: float
    r: float
    cv: float
    tonnage_share: float
    metal_share: float
    mean_above_pct: float | None


def average_correlation(kind: StructureKind, edges_in_ranges: tuple[float, float, float]) -> float:
    """Mean correlation between two points of a box.

    Parameters
    ----------
    kind : {"spherical", "exponential"}
        Shape of the covariance.
    edges_in_ranges : tuple of float
        Edge lengths, each over the range along it.

    Returns
    -------
    float
        1 for a point, falling to 0 for a large box. GSLIB's average variogram of the same
        structure is 1 minus it.

    Notes
    -----
    The difference of two points along an edge e has the density 2 (e - h)/e^2 of its length h.
    Gauss-Legendre points in the root of h: they crowd at 0, where the covariance has its cone.
    """
    axes = []
    for edge in edges_in_ranges:
        root = 0.5 * (NODES + 1.0)
        far = min(edge, REACH[kind])
        h = far * root**2
        axes.append((h, WEIGHTS * far * root * 2.0 * (edge - h) / edge**2))
    (x, wx), (y, wy), (z, wz) = axes
    h = np.sqrt(x[:, None, None] ** 2 + y[:, None] ** 2 + z**2)
    if kind == "spherical":
        near = np.minimum(h, 1.0)
        likeness = 1.0 - near * (1.5 - 0.5 * near**2)
    else:
        likeness = np.exp(-3.0 * h)
    return float(np.einsum("i,j,k,ijk->", wx, wy, wz, likeness))


def variance_ratio(mixture: Mixture, unit_t: float) -> float:
    """Variance of units over variance of samples.

    Parameters
    ----------
    mixture : Mixture
        Grades of samples.
    unit_t : float
        Mass of a unit [t], at least that of a sample.

    Returns
    -------
    float
        1 for units of the sample's mass, falling with size.

    Raises
    ------
    DataError
        If the unit is lighter than a sample.
    """
    if not mixture.sample_t <= unit_t < np.inf:
        found, allowed = f"{unit_t:g} t", f"{mixture.sample_t:g} t, the mass of a sample, or more"
        raise DataError([Problem("selection unit is too small", "", found, allowed)])
    ratio = mixture.nugget_share * mixture.sample_t / unit_t
    for structure in mixture.structures:
        unit, sample = (
            _cube_correlation(structure.kind, _edge_m(mixture, t) / structure.range_m)
            for t in (unit_t, mixture.sample_t)
        )
        ratio += structure.sill_share * unit / sample
    return min(ratio, 1.0)


def support_curve(
    mixture: Mixture, units: Mapping[str, float], cutoff_pct: float
) -> list[SupportPoint]:
    """Say for units of several sizes what part of them lies at or above a cut-off.

    Parameters
    ----------
    mixture : Mixture
        Grades of samples.
    units : mapping of str to float
        Name and mass of each selection unit [t].
    cutoff_pct : float
        Cut-off [%].

    Returns
    -------
    list of SupportPoint
        In the order of *units*.

    Raises
    ------
    DataError
        If a unit is lighter than a sample.
    """
    return [_support_point(mixture, name, mass, cutoff_pct) for name, mass in units.items()]


def support_line(
    mixture: Mixture, cutoff_pct: float, heaviest_t: float, count: int = 25
) -> list[SupportPoint]:
    """Work out a smooth line for drawing, from the sample up.

    Parameters
    ----------
    mixture : Mixture
        Grades of samples.
    cutoff_pct : float
        Cut-off [%].
    heaviest_t : float
        Mass of the heaviest unit [t].
    count : int
        Number of points, equally far apart in the logarithm of mass.

    Returns
    -------
    list of SupportPoint
    """
    masses = np.geomspace(mixture.sample_t, heaviest_t, count)
    masses[0] = mixture.sample_t
    return [_support_point(mixture, f"{mass:.3g} t", float(mass), cutoff_pct) for mass in masses]


def _support_point(mixture: Mixture, name: str, unit_t: float, cutoff_pct: float) -> SupportPoint:
    """Work out one size; a unit of the sample's mass is the mixture itself."""
    ratio = variance_ratio(mixture, unit_t)
    cv = float(np.sqrt(ratio)) * mixture.cv
    if ratio == 1.0:
        tonnes, metal = point_shares(mixture, cutoff_pct)
        mean = mixture.mean_pct * metal / tonnes if tonnes else None
        return SupportPoint(name, unit_t, ratio, 1.0, cv, tonnes, metal, mean)
    law, variances = _smoothing(mixture)
    r = coefficient_from(variances, ratio * mixture.variance)
    above = recovered(law, r, cutoff_pct)
    return SupportPoint(
        name, unit_t, ratio, r, cv, above.tonnage_share, above.metal_share, above.mean_above
    )


@lru_cache(maxsize=16)
def _smoothing(mixture: Mixture) -> tuple[SteppedLaw, NDArray[np.float64]]:
    """Classes and Hermite variances of a mixture, which all sizes share."""
    law = stepped_mixture(mixture)
    return law, hermite_variances(law)


def _edge_m(mixture: Mixture, mass_t: float) -> float:
    """Edge of a cube of ore [m]."""
    return float(np.cbrt(mass_t / mixture.density_t_per_m3))


@lru_cache(maxsize=1024)
def _cube_correlation(kind: StructureKind, edge: float) -> float:
    """Mean correlation within a cube whose edge is given in ranges."""
    return average_correlation(kind, (edge, edge, edge))
