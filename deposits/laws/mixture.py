"""Which kinds of material do samples come from, and how far do their grades resemble each other?

A mixture stands for barren host, disseminated ore and rich pockets side by side, which no single
lognormal law describes at sample support.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from deposits.errors import DataError, Problem
from deposits.laws.block_law import SteppedLaw
from deposits.laws.grade_law import (
    GradeLaw,
    feasible,
    fit_grade_law,
    largest_cv,
    metal_share,
    tonnage_share,
)
from deposits.laws.richest import cutoff_of_richest
from deposits.units import STIBNITE_SB_PCT

StructureKind = Literal["spherical", "exponential"]
STRUCTURE_KINDS: tuple[StructureKind, ...] = get_args(StructureKind)

#: Classes of a mixture; more change the shares of units by less than 1e-4 of their size.
CLASSES = 1000


@dataclass(frozen=True, slots=True)
class Population:
    """One kind of material at sample support.

    Parameters
    ----------
    name : str
        What a geologist calls it.
    share : float
        Share of the tonnes, in (0, 1].
    mean_pct : float
        Mean grade [%]; 0 for what holds none.
    cv : float
        Coefficient of variation of samples within it; 0 with a mean of 0.
    """

    name: str
    share: float
    mean_pct: float
    cv: float

    def __post_init__(self) -> None:
        if not 0.0 < self.share <= 1.0:
            raise DataError(
                [Problem("share out of range", self.name, f"{self.share:g}", "0 < share <= 1")]
            )


@dataclass(frozen=True, slots=True)
class Structure:
    """One scale over which grades resemble each other, the same in all directions.

    Parameters
    ----------
    kind : {"spherical", "exponential"}
        Shape of the covariance.
    sill_share : float
        Share of the variance of samples, in (0, 1].
    range_m : float
        Distance beyond which samples are unrelated [m]; of the exponential the practical range,
        where 5 % of the likeness is left.
    """

    kind: StructureKind
    sill_share: float
    range_m: float

    def __post_init__(self) -> None:
        problems = []
        if self.kind not in STRUCTURE_KINDS:
            allowed = ", ".join(STRUCTURE_KINDS)
            problems.append(Problem("unknown kind", "structure", str(self.kind), allowed))
        if not 0.0 < self.sill_share <= 1.0:
            found = f"{self.sill_share:g}"
            problems.append(
                Problem("sill share out of range", "structure", found, "0 < share <= 1")
            )
        if not 0.0 < self.range_m < np.inf:
            problems.append(Problem("range is not positive", "structure", f"{self.range_m:g} m"))
        if problems:
            raise DataError(problems)


@dataclass(frozen=True, slots=True)
class Mixture:
    """Grades of samples, and how far they resemble each other.

    Parameters
    ----------
    populations : tuple of Population
        Their shares sum to 1.
    structures : tuple of Structure
        With the nugget their shares sum to 1.
    nugget_share : float
        Share of the variance of samples that neighbouring samples do not have in common. It falls
        as sample mass over unit mass, so that nothing of it is left in blocks.
    density_t_per_m3 : float
        Density of the ore in place.
    upper_pct : float
        Highest grade of any sample [%].
    sample_t : float
        Mass that the populations' CVs hold for [t].

    Raises
    ------
    DataError
        With every problem at once.
    """

    populations: tuple[Population, ...]
    structures: tuple[Structure, ...]
    nugget_share: float
    density_t_per_m3: float
    upper_pct: float = STIBNITE_SB_PCT
    sample_t: float = 0.005

    def __post_init__(self) -> None:
        object.__setattr__(self, "populations", tuple(self.populations))
        object.__setattr__(self, "structures", tuple(self.structures))
        problems = _problems(self)
        if problems:
            raise DataError(problems)

    @property
    def mean_pct(self) -> float:
        """Mean grade [%], the same at every support."""
        return sum(p.share * p.mean_pct for p in self.populations)

    @property
    def variance(self) -> float:
        """Variance of samples [%^2]."""
        squares = sum(p.share * p.mean_pct**2 * (1.0 + p.cv**2) for p in self.populations)
        return squares - self.mean_pct**2

    @property
    def cv(self) -> float:
        """Coefficient of variation of samples."""
        return float(np.sqrt(self.variance)) / self.mean_pct


def point_shares(mixture: Mixture, cutoff_pct: float) -> tuple[float, float]:
    """Shares of tonnes and of metal at or above a cut-off, at sample support.

    Parameters
    ----------
    mixture : Mixture
        Grades of samples.
    cutoff_pct : float
        Cut-off [%].

    Returns
    -------
    tonnage_share, metal_share : float
        0 to 1.
    """
    tonnes, metal = _tails(mixture, np.array([cutoff_pct]))
    return float(tonnes[0]), float(metal[0]) / mixture.mean_pct


def stepped_mixture(mixture: Mixture) -> SteppedLaw:
    """Cut a mixture into classes whose shares and mean grades are exact.

    Parameters
    ----------
    mixture : Mixture
        Grades of samples.

    Returns
    -------
    SteppedLaw
        About ``CLASSES`` classes; the mean is the mixture's, the variance smaller by what is left
        within the classes.

    Notes
    -----
    The classes follow the rule for the least variance within them: as many per grade interval as
    the cube root of the density.
    """
    grade = _fine_grades(mixture)
    tonnes, _ = _tails(mixture, grade)
    part = -np.diff(tonnes)
    crowd = np.cumsum(np.cbrt(np.maximum(part, 0.0) * np.diff(grade) ** 2))
    wanted = np.searchsorted(crowd, np.linspace(0.0, crowd[-1], CLASSES + 1)[1:-1])
    # Grades that many samples share exactly, such as those of a barren host, keep a class.
    level = np.array([p.mean_pct for p in mixture.populations if p.cv == 0.0])
    kept = np.isin(grade, np.concatenate([level, np.nextafter(level, np.inf)]))
    kept[np.unique(wanted) + 1] = True
    kept[[0, -1]] = True
    edges = grade[kept]
    tonnes, metal = _tails(mixture, edges)
    tonnes[-1], metal[-1] = 0.0, 0.0
    share, held = -np.diff(tonnes), -np.diff(metal)
    full = share > 1e-13
    mean = np.clip(held[full] / share[full], edges[:-1][full], edges[1:][full])
    rising = np.concatenate([[True], np.diff(mean) > 0.0])
    share, mean = share[full][rising] / share[full][rising].sum(), mean[rising]
    richer = np.cumsum(share[::-1])[::-1][1:]
    return SteppedLaw(mean, share, -ndtri(richer))


@lru_cache(maxsize=16)
def _laws(mixture: Mixture) -> GradeLaw:
    """Grade laws of all populations."""
    means = [p.mean_pct for p in mixture.populations]
    return fit_grade_law(means, [p.cv for p in mixture.populations], upper_pct=mixture.upper_pct)


def _tails(
    mixture: Mixture, cutoffs: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Tonnes and metal [%] at or above cut-offs, per tonne of the mixture."""
    laws = _laws(mixture)
    share = np.array([p.share for p in mixture.populations])
    mean = np.array([p.mean_pct for p in mixture.populations])
    tonnes = np.einsum("p,pk->k", share, tonnage_share(laws.column, cutoffs))
    return tonnes, np.einsum("p,pk->k", share * mean, metal_share(laws.column, cutoffs))


def _fine_grades(mixture: Mixture) -> NDArray[np.float64]:
    """Grades dense enough for every population, from 0 to the highest possible."""
    scores = np.linspace(-7.5, 7.5, 2501)
    found = [np.array([0.0, mixture.upper_pct])]
    for population in mixture.populations:
        if population.cv == 0.0:
            found.append(np.array([population.mean_pct, np.nextafter(population.mean_pct, np.inf)]))
            continue
        law = fit_grade_law(population.mean_pct, population.cv, upper_pct=mixture.upper_pct)
        found.append(np.asarray(cutoff_of_richest(law, ndtr(-scores))))
    return np.unique(np.concatenate(found))


def _problems(mixture: Mixture) -> list[Problem]:
    """List all that is wrong with a mixture."""
    found = []
    if not mixture.populations:
        found.append(Problem("a mixture needs at least one population"))
    for what, shares in (
        ("shares of the populations", [p.share for p in mixture.populations]),
        (
            "nugget and sill shares",
            [mixture.nugget_share, *(s.sill_share for s in mixture.structures)],
        ),
    ):
        if shares and not abs(sum(shares) - 1.0) <= 1e-9:
            found.append(Problem(f"{what} do not sum to 1", found=f"{sum(shares):.6g}"))
    if not 0.0 <= mixture.nugget_share <= 1.0:
        nugget = f"{mixture.nugget_share:g}"
        found.append(Problem("nugget share out of range", found=nugget, allowed="0 to 1"))
    positive = (mixture.density_t_per_m3, mixture.upper_pct, mixture.sample_t)
    names = ("density", "highest grade", "sample mass")
    for name, value in zip(names, positive, strict=True):
        if not 0.0 < value < np.inf:
            found.append(Problem(f"{name} is not positive", found=f"{value:g}"))
    for p in mixture.populations:
        if mixture.upper_pct > 0.0 and not feasible(p.mean_pct, p.cv, 0.0, mixture.upper_pct):
            most = float(largest_cv(p.mean_pct, 0.0, mixture.upper_pct))
            allowed = f"mean from 0 to {mixture.upper_pct:g} %" + (
                f" and a CV below {most:.4g}" if np.isfinite(most) else ""
            )
            pair = f"mean {p.mean_pct:g} %, CV {p.cv:g}"
            found.append(Problem("mean and CV cannot both hold", p.name, pair, allowed))
    if mixture.populations and not mixture.mean_pct > 0.0:
        found.append(Problem("the mixture holds no metal at all"))
    if not found and not mixture.variance > 0.0:
        found.append(Problem("the mixture has no spread: there is nothing to smooth"))
    return found
