"""Which way does a structure run, and how far does continuity reach along it?

Angles are GSLIB's: azimuth clockwise from north, dip negative downwards, rake the rotation about
the major axis. Right-handed frame: easting, northing, elevation.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


def rotation_matrix(azimuth_deg: float, dip_deg: float, rake_deg: float) -> NDArray[np.float64]:
    """Return the rotation from (easting, northing, elevation) to (major, semi, minor) axes.

    Parameters
    ----------
    azimuth_deg : float
        Direction of the major axis, clockwise from north [degrees].
    dip_deg : float
        Plunge of the major axis, negative downwards [degrees].
    rake_deg : float
        Rotation of the semi-major axis about the major one [degrees]; 0 leaves it horizontal.
        Looking along the major axis from its origin, a positive one turns it clockwise, that
        is, down on the right hand.

    Returns
    -------
    ndarray, shape (3, 3)
        Orthonormal; each row is one axis as a unit vector.

    Notes
    -----
    Deutsch and Journel (1998), GSLIB, pp. 27-30, subroutine ``setrot``.

    Examples
    --------
    >>> rotation_matrix(90.0, 0.0, 0.0)[0].round(6) + 0.0
    array([1., 0., 0.])
    """
    alpha = math.radians(90.0 - azimuth_deg)
    beta = math.radians(-dip_deg)
    theta = math.radians(rake_deg)
    cos_a, sin_a = math.cos(alpha), math.sin(alpha)
    cos_b, sin_b = math.cos(beta), math.sin(beta)
    cos_t, sin_t = math.cos(theta), math.sin(theta)
    return np.array(
        [
            [cos_b * cos_a, cos_b * sin_a, -sin_b],
            [
                -cos_t * sin_a + sin_t * sin_b * cos_a,
                cos_t * cos_a + sin_t * sin_b * sin_a,
                sin_t * cos_b,
            ],
            [
                sin_t * sin_a + cos_t * sin_b * cos_a,
                -sin_t * cos_a + cos_t * sin_b * sin_a,
                cos_t * cos_b,
            ],
        ]
    )


@dataclass(frozen=True, slots=True)
class Ellipsoid:
    """Reaches along three orthogonal axes: of a covariance structure or of a search.

    Parameters
    ----------
    major_m, semi_m, minor_m : float
        Reaches (radii) along the axes [m], above 0.
    azimuth_deg, dip_deg, rake_deg : float
        As for :func:`rotation_matrix` [degrees].

    Raises
    ------
    ValueError
        If a reach is not above 0 or an angle is not finite.
    """

    major_m: float
    semi_m: float
    minor_m: float
    azimuth_deg: float = 0.0
    dip_deg: float = 0.0
    rake_deg: float = 0.0

    def __post_init__(self) -> None:
        """Refuse reaches and angles that describe no ellipsoid."""
        reaches = (self.major_m, self.semi_m, self.minor_m)
        if not all(0 < reach < math.inf for reach in reaches):
            raise ValueError(f"reaches of an ellipsoid must be above 0 m, given {reaches}")
        angles = (self.azimuth_deg, self.dip_deg, self.rake_deg)
        if not all(math.isfinite(angle) for angle in angles):
            raise ValueError(f"angles of an ellipsoid must be finite, given {angles} degrees")

    def axes(self) -> NDArray[np.float64]:
        """Return the unit vectors of the axes as rows, shape (3, 3)."""
        return rotation_matrix(self.azimuth_deg, self.dip_deg, self.rake_deg)

    def scaling(self) -> NDArray[np.float64]:
        """Return the matrix, shape (3, 3), that turns a lag [m] into one in units of the reach.

        A lag that ends on the ellipsoid comes out with length 1.
        """
        reaches = np.array([self.major_m, self.semi_m, self.minor_m])
        scaled: NDArray[np.float64] = self.axes() / reaches[:, None]
        return scaled


def isotropic(reach_m: float) -> Ellipsoid:
    """Return a sphere of the given reach [m]."""
    return Ellipsoid(reach_m, reach_m, reach_m)


def in_plane(
    dip_deg: float, dip_direction_deg: float, pitch_deg: float
) -> tuple[float, float, float]:
    """Return (azimuth, dip, rake) [degrees] of axes lying in a plane, the way geologists state it.

    Parameters
    ----------
    dip_deg : float
        Dip of the plane, positive downwards, 0 to 90 [degrees].
    dip_direction_deg : float
        Azimuth in which the plane dips [degrees].
    pitch_deg : float
        Angle in the plane from its strike (dip direction less 90 degrees) to the major axis,
        positive downwards [degrees].

    Returns
    -------
    tuple = (azimuth_deg, dip_deg, rake_deg)
        For :class:`Ellipsoid`: the major axis along the pitch line, the semi-major in the plane,
        the minor across it.

    Examples
    --------
    A vertical plane that strikes north, the major axis horizontal:

    >>> [round(angle, 6) + 0.0 for angle in in_plane(90.0, 90.0, 0.0)]
    [0.0, 0.0, -90.0]
    """
    strike = math.radians(dip_direction_deg - 90.0)
    dip, pitch = math.radians(dip_deg), math.radians(pitch_deg)
    along = np.array([math.sin(strike), math.cos(strike), 0.0])
    toward = math.radians(dip_direction_deg)
    down = np.array(
        [
            math.cos(dip) * math.sin(toward),
            math.cos(dip) * math.cos(toward),
            -math.sin(dip),
        ]
    )
    major = math.cos(pitch) * along + math.sin(pitch) * down
    normal = np.cross(along, down)
    semi = np.cross(normal, major)
    azimuth = math.degrees(math.atan2(major[0], major[1]))
    plunge = math.degrees(math.asin(max(-1.0, min(1.0, major[2]))))
    level = rotation_matrix(azimuth, plunge, 0.0)
    rake = math.degrees(math.atan2(float(semi @ level[2]), float(semi @ level[1])))
    return azimuth, plunge, rake
