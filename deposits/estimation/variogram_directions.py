"""In which directions, and over which distances, are samples compared?

Angles are GSLIB's: azimuth clockwise from north, dip negative downwards.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from deposits.kernels.variography import CONE, TOLERANCES, PackedLags
from deposits.orientation import Ellipsoid

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Direction:
    """A direction with GSLIB's tolerances: one angle in plan, one in section, and two bands.

    Parameters
    ----------
    azimuth_deg, dip_deg : float
        Direction [degrees].
    azimuth_tolerance_deg, dip_tolerance_deg : float
        Half windows, above 0; 90 or more lets every angle pass. With an azimuth tolerance of 90
        or more the variogram is omnidirectional: both ways round of a pair count.
    horizontal_band_m, vertical_band_m : float
        Largest distance from the direction's line, in plan and in section [m].
    name : str
        Shown in tables; made from the angles when empty.

    Raises
    ------
    ValueError
        If an angle is not finite, or a tolerance or band is not above 0.

    Notes
    -----
    Deutsch and Journel (1998), GSLIB, pp. 48-50 and subroutine ``gamv``. The azimuth of a steep
    pair says little, so the window is a poor one for steep directions; :class:`Cone` serves those.
    """

    azimuth_deg: float
    dip_deg: float = 0.0
    azimuth_tolerance_deg: float = 22.5
    dip_tolerance_deg: float = 22.5
    horizontal_band_m: float = math.inf
    vertical_band_m: float = math.inf
    name: str = ""

    def __post_init__(self) -> None:
        """Refuse windows through which no pair can pass."""
        _check_angles(self.azimuth_deg, self.dip_deg)
        for value in (self.azimuth_tolerance_deg, self.dip_tolerance_deg):
            _check_above_zero("a tolerance [degrees]", value)
        for value in (self.horizontal_band_m, self.vertical_band_m):
            _check_above_zero("a band [m]", value)

    @property
    def is_omnidirectional(self) -> bool:
        """Whether both ways round of a pair count."""
        return self.azimuth_tolerance_deg >= 90.0


@dataclass(frozen=True, slots=True)
class Cone:
    """A direction with one angle about it, the same all round, and a cylinder.

    Parameters
    ----------
    azimuth_deg, dip_deg : float
        Direction [degrees].
    tolerance_deg : float
        Half opening of the cone, above 0 [degrees]; 90 or more is omnidirectional.
    radius_m : float
        Largest distance from the line [m].
    name : str
        Shown in tables; made from the angles when empty.

    Raises
    ------
    ValueError
        As for :class:`Direction`.
    """

    azimuth_deg: float
    dip_deg: float = 0.0
    tolerance_deg: float = 22.5
    radius_m: float = math.inf
    name: str = ""

    def __post_init__(self) -> None:
        """Refuse windows through which no pair can pass."""
        _check_angles(self.azimuth_deg, self.dip_deg)
        _check_above_zero("the tolerance of a cone [degrees]", self.tolerance_deg)
        _check_above_zero("the radius of a cone [m]", self.radius_m)

    @property
    def is_omnidirectional(self) -> bool:
        """Whether both ways round of a pair count."""
        return self.tolerance_deg >= 90.0


@dataclass(frozen=True, slots=True)
class Lags:
    """Distances at which pairs are gathered.

    Parameters
    ----------
    count : int
        Number of lags beyond the one about 0, at least 1.
    size_m : float
        Distance between lags [m], above 0.
    tolerance_m : float, optional
        How far from a lag's distance a pair may lie [m]; half the size by default. Above half,
        lags overlap and a pair counts in each; below, pairs between lags count in none.

    Raises
    ------
    ValueError
        If a number is out of range.

    Notes
    -----
    As in GSLIB's ``gamv``: class 0 holds coincident samples, class k + 1 those within the tolerance
    of k sizes, k = 0 ... *count*, none beyond *count* + 1/2 sizes. (A sample is not paired with
    itself; ``gamv`` does so in class 0, which hides the variance of true duplicates.)
    """

    count: int
    size_m: float
    tolerance_m: float | None = None

    def __post_init__(self) -> None:
        """Refuse lags that hold no pair."""
        if self.count < 1:
            raise ValueError(f"there must be at least 1 lag, given {self.count}")
        _check_above_zero("the size of a lag [m]", self.size_m, math.inf)
        if self.tolerance_m is not None:
            _check_above_zero("the tolerance of a lag [m]", self.tolerance_m, math.inf)

    def packed(self) -> PackedLags:
        """Return the lags as kernels take them."""
        tolerance = 0.5 * self.size_m if self.tolerance_m is None else self.tolerance_m
        reach = (self.count + 0.5) * self.size_m
        return PackedLags(int(self.count), float(self.size_m), float(tolerance), float(reach))


def omnidirectional(name: str = "omnidirectional") -> Cone:
    """Return the direction that takes every pair."""
    return Cone(0.0, 0.0, 90.0, name=name)


def along_axes(
    ranges: Ellipsoid, tolerance_deg: float = 22.5, radius_m: float = math.inf
) -> tuple[Cone, Cone, Cone]:
    """Return cones about the major, semi-major and minor axes of an ellipsoid.

    Parameters
    ----------
    ranges : Ellipsoid
        Its orientation is taken.
    tolerance_deg, radius_m : float
        As for :class:`Cone`.

    Returns
    -------
    tuple of Cone
        Named "major", "semi", "minor".
    """
    cones = []
    for name, axis in zip(("major", "semi", "minor"), ranges.axes(), strict=True):
        azimuth, dip = angles_of(axis)
        cones.append(Cone(azimuth, dip, tolerance_deg, radius_m, name))
    return cones[0], cones[1], cones[2]


def angles_of(vector: FloatArray) -> tuple[float, float]:
    """Return azimuth and dip [degrees] of a vector (easting, northing, elevation)."""
    azimuth = math.degrees(math.atan2(vector[0], vector[1]))
    dip = math.degrees(math.atan2(vector[2], math.hypot(vector[0], vector[1])))
    return azimuth, dip


def unit_vector(azimuth_deg: float, dip_deg: float) -> FloatArray:
    """Return (easting, northing, elevation) of a direction [degrees], length 1."""
    azimuth, dip = math.radians(azimuth_deg), math.radians(dip_deg)
    level = math.cos(dip)
    return np.array([level * math.sin(azimuth), level * math.cos(azimuth), math.sin(dip)])


def names_of(directions: Sequence[Direction | Cone]) -> tuple[str, ...]:
    """Return what directions are called in tables.

    Raises
    ------
    ValueError
        If two have the same name.
    """
    names = tuple(d.name or f"azimuth {d.azimuth_deg:g}, dip {d.dip_deg:g}" for d in directions)
    if len(set(names)) < len(names):
        raise ValueError(f"directions must have different names, given {', '.join(names)}")
    return names


def pack(directions: Sequence[Direction | Cone]) -> FloatArray:
    """Return directions as kernels take them.

    Parameters
    ----------
    directions : sequence of Direction or Cone

    Returns
    -------
    ndarray, shape (d, 13)
        Kind, unit vector (3), cosine and band in plan or of the cone, unit vector in plan (2), in
        section (2), cosine and band in section, and 1 for both ways round.
    """
    rows = []
    for direction in directions:
        unit = unit_vector(direction.azimuth_deg, direction.dip_deg)
        both = float(direction.is_omnidirectional)
        if isinstance(direction, Cone):
            cone = [_cosine(direction.tolerance_deg), direction.radius_m]
            rows.append([CONE, *unit, *cone, 0, 0, 0, 0, 0, 0, both])
            continue
        azimuth, dip = math.radians(direction.azimuth_deg), math.radians(direction.dip_deg)
        plan = [_cosine(direction.azimuth_tolerance_deg), direction.horizontal_band_m]
        level = [math.sin(azimuth), math.cos(azimuth)]
        section = [math.cos(dip), math.sin(dip)]
        last = [_cosine(direction.dip_tolerance_deg), direction.vertical_band_m]
        rows.append([TOLERANCES, *unit, *plan, *level, *section, *last, both])
    return np.array(rows, dtype=np.float64).reshape(-1, 13)


def _cosine(tolerance_deg: float) -> float:
    """Cosine of a half window; below 0 for one that lets all pass, whatever the rounding."""
    return -1.0 if tolerance_deg >= 90.0 else math.cos(math.radians(tolerance_deg))


def _check_angles(azimuth_deg: float, dip_deg: float) -> None:
    if not (math.isfinite(azimuth_deg) and math.isfinite(dip_deg)):
        raise ValueError(f"angles must be finite, given {azimuth_deg} and {dip_deg} degrees")


def _check_above_zero(what: str, value: float, below: float = math.nan) -> None:
    if not value > 0 or value >= below:
        raise ValueError(f"{what} must be above 0 and finite, given {value}")
