"""In which coordinate system is this, and how, and how well, does it come into the project's?

Coordinates are easting and northing, or longitude and latitude, in that order, whatever order an
authority defines for its system. Heights pass through unchanged: no vertical datum is applied.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from deposits.errors import Checked, DataError, Problem

if TYPE_CHECKING:
    from pyproj import CRS

WGS84 = "EPSG:4326"
#: What newer versions of PROJ add to an operation whose axes were put in the usual order.
AXES_NOTE = " (with axis order normalized for visualization)"


@dataclass(frozen=True, slots=True)
class Extent:
    """The district's box, for telling whether coordinates can be right.

    Parameters
    ----------
    west, south, east, north : float
        Sides [degrees, WGS 84]; boxes across the 180th meridian are not supported.

    Raises
    ------
    DataError
        If the sides are out of range or in the wrong order.

    Examples
    --------
    >>> Extent(67.5, 38.5, 70.0, 40.0).contains([[68.63, 39.17], [39.17, 68.63]])
    array([ True, False])
    """

    west: float
    south: float
    east: float
    north: float

    def __post_init__(self) -> None:
        in_range = -180 <= self.west < self.east <= 180 and -90 <= self.south < self.north <= 90
        if not in_range:
            problem = Problem(
                "the extent is not a box",
                found=f"[{self}]",
                allowed="[west, south, east, north] in degrees, west < east, south < north",
            )
            raise DataError([problem])

    def __str__(self) -> str:
        """Four numbers, in the order of the study file."""
        return f"{self.west:g}, {self.south:g}, {self.east:g}, {self.north:g}"

    def grown(self) -> Extent:
        """Return a box three times as wide and as high around the same middle."""
        wide, high = self.east - self.west, self.north - self.south
        west, south = max(self.west - wide, -180.0), max(self.south - high, -90.0)
        return Extent(west, south, min(self.east + wide, 180.0), min(self.north + high, 90.0))

    def contains(self, lonlat: ArrayLike) -> NDArray[np.bool_]:
        """Whether points, shape (n, 2), lie in the box or on its sides; shape (n,)."""
        lon, lat = np.asarray(lonlat, dtype=float).reshape(-1, 2).T
        inside = (self.west <= lon) & (lon <= self.east) & (self.south <= lat) & (lat <= self.north)
        return np.asarray(inside)

    def touches(self, boxes: ArrayLike) -> NDArray[np.bool_]:
        """Whether boxes (west, south, east, north), shape (n, 4), meet this one; shape (n,).

        A box with a NaN or infinite side does not.
        """
        sides = np.asarray(boxes, dtype=float).reshape(-1, 4)
        west, south, east, north = sides.T
        meets = (west <= self.east) & (east >= self.west) & (south <= self.north)
        return np.asarray(meets & (north >= self.south) & np.isfinite(sides).all(axis=1))


@dataclass(frozen=True, slots=True, eq=False)
class Operation:
    """The way from one coordinate system to another.

    Parameters
    ----------
    name : str
        Steps, as PROJ names them.
    accuracy_m : float or None
        Accuracy that PROJ's database gives for it [m], 0 within one datum; None when unknown.
    transformer : pyproj.Transformer
        Does the work; easting or longitude first.
    problems : tuple of Problem
        Warnings: no datum transformation known, or a better one needs a grid that is absent.
    """

    name: str
    accuracy_m: float | None
    transformer: Any = field(repr=False)
    problems: tuple[Problem, ...] = ()

    def __call__(self, xy: ArrayLike) -> NDArray[np.float64]:
        """Transform points, shape (n, 2); infinite where the operation is not defined."""
        points = np.asarray(xy, dtype=float).reshape(-1, 2)
        return np.column_stack(self.transformer.transform(points[:, 0], points[:, 1]))


def parse_crs(text: object, place: str) -> Checked[CRS]:
    """Understand the name of a coordinate system.

    Parameters
    ----------
    text : str or anything pyproj understands
        Such as "EPSG:32642", a WKT text or a PROJ string.
    place : str
        Where it stands, for the message.

    Returns
    -------
    Checked of pyproj.CRS
        The system, or an error; one without a position on the Earth is an error too.
    """
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    remedy = "Write an EPSG code, such as EPSG:32642 for WGS 84 / UTM zone 42N."
    try:
        crs = CRS.from_user_input(text)
    except CRSError:
        return Checked(None, (Problem("unknown CRS", place, found=str(text)[:80], remedy=remedy),))
    if not (crs.is_geographic or crs.is_projected):
        fact = f"the CRS is neither geographic nor projected ({crs.type_name})"
        return Checked(None, (Problem(fact, place, found=crs_label(crs), remedy=remedy),))
    return Checked(crs)


def crs_label(crs: CRS) -> str:
    """Name a system by its code and its words, such as "EPSG:2502 (Pulkovo 1942 / ...)"."""
    authority = crs.to_authority(min_confidence=70)
    return f"{':'.join(authority)} ({crs.name})" if authority else crs.name


def find_operation(source: object, target: object, extent: Extent | None = None) -> Operation:
    """Choose the best available operation between two systems for a district.

    Parameters
    ----------
    source, target : anything pyproj understands as a CRS
        From where, to where.
    extent : Extent, optional
        Area of interest: PROJ ranks datum transformations by whether they are valid there.

    Returns
    -------
    Operation
        With PROJ's name and accuracy.

    Notes
    -----
    From Pulkovo 1942 to WGS 84 the database holds some twenty transformations, each made for a
    country; without an area of interest the one chosen may belong to another one.
    """
    from pyproj.aoi import AreaOfInterest
    from pyproj.transformer import TransformerGroup

    area: Any = None
    if extent is not None:
        area = AreaOfInterest(extent.west, extent.south, extent.east, extent.north)
    with warnings.catch_warnings():
        # pyproj warns of absent grids; the same is said below as a Problem.
        warnings.simplefilter("ignore", UserWarning)
        group = TransformerGroup(source, target, always_xy=True, area_of_interest=area)
    if not group.transformers:
        raise DataError([Problem("no way between two CRS is known", found=f"{source} to {target}")])
    best = group.transformers[0]
    described = best.description.removesuffix(AXES_NOTE)
    steps = [s for s in described.split(" + ") if not s.startswith("axis order change")]
    accuracy = best.accuracy if best.accuracy is not None and best.accuracy >= 0 else None
    if _share_datum(source, target):
        # Within one datum a projection is exact; some versions of PROJ leave that unsaid.
        accuracy = 0.0
    name = " + ".join(steps) if steps else "none needed"
    return Operation(name, accuracy, best, _operation_problems(group, name, accuracy))


def extent_around(xy: ArrayLike, crs: object) -> Extent | None:
    """Box the places of points, for choosing the operations that are valid there.

    Parameters
    ----------
    xy : array of float, shape (n, 2)
        Points in *crs*.
    crs : anything pyproj understands
        Their system.

    Returns
    -------
    Extent or None
        A box about a kilometre wider than the points; None when they are nowhere on the Earth.
    """
    lonlat = find_operation(crs, WGS84)(xy)
    if not lonlat.size or not (np.abs(lonlat) <= [180.0, 90.0]).all():
        return None
    low = np.maximum(lonlat.min(axis=0) - 0.01, [-180.0, -90.0])
    high = np.minimum(lonlat.max(axis=0) + 0.01, [180.0, 90.0])
    return Extent(float(low[0]), float(low[1]), float(high[0]), float(high[1]))


def _share_datum(source: object, target: object) -> bool:
    """Whether both systems count from the same datum, so that nothing but formulas lies between."""
    from pyproj import CRS

    found = [CRS.from_user_input(system).geodetic_crs for system in (source, target)]
    datums = [None if crs is None else crs.datum for crs in found]
    return datums[0] is not None and datums[0] == datums[1]


def _operation_problems(group: Any, name: str, accuracy: float | None) -> tuple[Problem, ...]:
    """Say when the datum transformation is a guess or a better one cannot be used here."""
    if accuracy is None:
        return (
            Problem(
                "no datum transformation is known; positions may be off by 100 m or more",
                found=name,
                remedy="State the CRS by its EPSG code, so that its datum is known.",
                severity="warning",
            ),
        )
    absent = [op for op in group.unavailable_operations if 0 <= op.accuracy < accuracy]
    if group.best_available or not absent:
        return ()
    return (
        Problem(
            f"a better operation needs a grid that is not installed: {absent[0].name}",
            found=f"{name}, {accuracy:g} m",
            allowed=f"{absent[0].accuracy:g} m with the grid",
            remedy="Install PROJ's grid to gain the accuracy; the work goes on without it.",
            severity="warning",
        ),
    )


def move_geometries(geometries: NDArray[Any], operation: Operation) -> NDArray[Any]:
    """Bring geometries into another system.

    Parameters
    ----------
    geometries : ndarray of shapely geometries, shape (n,)
        2-D, 3-D or None.
    operation : Operation
        What is done to their coordinates.

    Returns
    -------
    ndarray of shapely geometries, shape (n,)
        The same in the other system; heights are carried over as they are, None stays None.
    """
    import shapely

    moved = np.array(geometries, dtype=object)
    solid = shapely.has_z(moved)

    def keep_heights(xyz: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack([operation(xyz[:, :2]), xyz[:, 2]])

    moved[~solid] = shapely.transform(moved[~solid], operation)
    moved[solid] = shapely.transform(moved[solid], keep_heights, include_z=True)
    return moved
