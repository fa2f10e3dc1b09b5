"""How does the likeness of grades fall with distance and direction?

A model is a nugget and nested structures. Ranges are practical ranges: where a spherical or cubic
structure reaches its sill, and where an exponential or Gaussian one has 95 % of it (exp(-3) left).
That is GSLIB's convention; GSTools and gstat give the plain scale, a third of the exponential's
range and 1/sqrt(3) of the Gaussian's.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from deposits.kernels import covariance as kernel
from deposits.orientation import Ellipsoid

FloatArray = NDArray[np.float64]
StructureKind = Literal["spherical", "exponential", "gaussian", "cubic", "linear"]
KINDS: dict[str, int] = {
    "spherical": kernel.SPHERICAL,
    "exponential": kernel.EXPONENTIAL,
    "gaussian": kernel.GAUSSIAN,
    "cubic": kernel.CUBIC,
    "linear": kernel.LINEAR,
}


class Packed(NamedTuple):
    """A covariance model as kernels take it.

    nugget : float
    kinds : int64 (m,); sills : float64 (m,); scalings : float64 (m, 3, 3), lag [m] to range units
    """

    nugget: float
    kinds: NDArray[np.int64]
    sills: FloatArray
    scalings: FloatArray


@dataclass(frozen=True, slots=True)
class Structure:
    """One nested structure.

    Parameters
    ----------
    kind : {"spherical", "exponential", "gaussian", "cubic", "linear"}
        Shape; "linear" is unbounded and serves ordinary kriging only: its variogram rises by
        *sill* over one range.
    sill : float
        Its part of the variance [grade unit squared], not negative.
    ranges : Ellipsoid
        Practical ranges and their orientation.
    """

    kind: StructureKind
    sill: float
    ranges: Ellipsoid

    def __post_init__(self) -> None:
        """Refuse what is not a structure."""
        if self.kind not in KINDS:
            raise ValueError(f"structure kind must be one of {', '.join(KINDS)}, not {self.kind!r}")
        if not 0 <= self.sill < np.inf:
            raise ValueError(f"sill of a structure must not be negative, given {self.sill}")


@dataclass(frozen=True, slots=True)
class Covariance:
    """A nugget and nested structures; models add with ``+``.

    Parameters
    ----------
    nugget : float
        Variance without continuity [grade unit squared].
    structures : tuple of Structure
        The part with continuity.

    Examples
    --------
    >>> from deposits.orientation import isotropic
    >>> model = Covariance(1.0, (Structure("spherical", 9.0, isotropic(50.0)),))
    >>> model.sill
    10.0
    >>> model.variogram([[0.0, 0.0, 0.0], [25.0, 0.0, 0.0], [60.0, 0.0, 0.0]])
    array([ 0.    ,  7.1875, 10.    ])
    """

    nugget: float
    structures: tuple[Structure, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a model without variance."""
        if not 0 <= self.nugget < np.inf:
            raise ValueError(f"the nugget must not be negative, given {self.nugget}")
        if not self.sill > 0:
            raise ValueError("a covariance model needs a nugget or a structure above 0")

    @property
    def sill(self) -> float:
        """The whole variance: nugget and all structures."""
        return self.nugget + sum(structure.sill for structure in self.structures)

    @property
    def is_bounded(self) -> bool:
        """Whether the variogram levels out, as simple kriging and block variances need."""
        return all(structure.kind != "linear" for structure in self.structures)

    def __add__(self, other: Covariance) -> Covariance:
        """Nest two models."""
        return Covariance(self.nugget + other.nugget, self.structures + other.structures)

    def scaled(self, factor: float) -> Covariance:
        """Return the model with every variance multiplied by *factor*."""
        parts = tuple(replace(part, sill=part.sill * factor) for part in self.structures)
        return Covariance(self.nugget * factor, parts)

    def at(self, lags_m: ArrayLike) -> FloatArray:
        """Return the covariance at lags (easting, northing, elevation) [m], shape (n, 3)."""
        lags = np.atleast_2d(np.asarray(lags_m, dtype=np.float64))
        total = np.where(np.any(lags != 0.0, axis=1), 0.0, self.nugget)
        for structure in self.structures:
            h = np.linalg.norm(lags @ structure.ranges.scaling().T, axis=1)
            total += structure.sill * _shape(structure.kind, h)
        return total

    def variogram(self, lags_m: ArrayLike) -> FloatArray:
        """Return the semivariance at lags [m], shape (n, 3): sill less covariance."""
        return self.sill - self.at(lags_m)

    def packed(self) -> Packed:
        """Return the model as kernels take it."""
        return Packed(
            float(self.nugget),
            np.array([KINDS[s.kind] for s in self.structures], dtype=np.int64),
            np.array([s.sill for s in self.structures], dtype=np.float64),
            np.array([s.ranges.scaling() for s in self.structures]).reshape(-1, 3, 3),
        )


def _shape(kind: str, h: FloatArray) -> FloatArray:
    """Correlation of one structure at lags in units of the range (numpy twin of the kernel)."""
    near = np.minimum(h, 1.0)
    if kind == "spherical":
        return 1.0 - near * (1.5 - 0.5 * near**2)
    if kind == "exponential":
        return np.exp(-3.0 * h)
    if kind == "gaussian":
        return np.exp(-3.0 * h**2)
    if kind == "cubic":
        return 1.0 - near**2 * (7.0 - near * (8.75 - near**2 * (3.5 - 0.75 * near**2)))
    return 1.0 - h
