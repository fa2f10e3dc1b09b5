"""Which coordinate systems come into question for these numbers in this district?

Nothing is tied to a district: the systems are looked up in PROJ's database for the extent, and
every one is tried by transforming the numbers themselves.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from deposits.gis.georeference import WGS84, Extent, Operation, find_operation

if TYPE_CHECKING:
    from pyproj import CRS

#: Families of systems that mines and state surveys use: WGS 84 / UTM, and Gauss-Krüger.
FAMILIES = re.compile(r"^WGS 84 / UTM zone|Gauss-Kruger")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A coordinate system that a file of this district may be in.

    Parameters
    ----------
    code, name : str
        As EPSG writes them.
    datum : str
        Name of the geographic system below it.
    false_easting_m : float
        Easting of its central meridian [m]; NaN for a geographic system.
    """

    code: str
    name: str
    datum: str
    false_easting_m: float

    def __str__(self) -> str:
        """Code and name."""
        return f"{self.code} ({self.name})"


@dataclass(frozen=True, slots=True)
class Fit:
    """One reading of the coordinates that puts features inside the extent.

    Parameters
    ----------
    system : Candidate
        The system they would be in.
    swapped : bool
        Whether the two coordinates have to be exchanged first.
    share : float
        Part of the features that then meet the extent, 0 to 1.
    lonlat : tuple of float
        Where the first of those features would lie [degrees, WGS 84].
    """

    system: Candidate
    swapped: bool
    share: float
    lonlat: tuple[float, float]


@lru_cache(maxsize=64)
def candidate_systems(extent: Extent) -> tuple[Candidate, ...]:
    """Look up the systems in use in a district.

    Parameters
    ----------
    extent : Extent
        The district.

    Returns
    -------
    tuple of Candidate
        WGS 84 degrees first, then UTM, then Gauss-Krüger with the wider zones first; without
        those of other families.
    """
    from pyproj import CRS
    from pyproj.aoi import AreaOfInterest
    from pyproj.database import query_crs_info
    from pyproj.enums import PJType

    area: Any = AreaOfInterest(extent.west, extent.south, extent.east, extent.north)
    found = query_crs_info(
        auth_name="EPSG", pj_types=PJType.PROJECTED_CRS, area_of_interest=area, contains=False
    )
    codes = [
        (not info.name.startswith("WGS 84"), "3-degree" in info.name, info.name, info.code)
        for info in found
        if FAMILIES.search(info.name) and not info.deprecated and "(N-E)" not in info.name
    ]
    systems = [CRS.from_epsg(4326), *(CRS.from_epsg(int(code)) for *_, code in sorted(codes))]
    return tuple(_as_candidate(crs) for crs in systems if "grid system" not in crs.name)


def likely_systems(boxes: ArrayLike, extent: Extent) -> tuple[Fit, ...]:
    """Find the systems under which features would meet the extent.

    Parameters
    ----------
    boxes : array of float, shape (n, 4)
        Bounds of the features in their unknown system: least x, least y, most x, most y.
    extent : Extent
        The district.

    Returns
    -------
    tuple of Fit
        The best first; readings with exchanged axes only when no other one fits; () when none
        brings half of the features in.
    """
    bounds = np.asarray(boxes, dtype=float).reshape(-1, 4)
    # Nobody's metres are all below 360: such numbers can only be degrees (or a local grid).
    degrees = bool(bounds.size) and bool(np.abs(bounds).max() <= 360.0)
    fits = []
    for system in candidate_systems(extent)[: 1 if degrees else None]:
        operation = _to_wgs84(system.code, extent)
        for swapped in (False, True):
            there = lonlat_boxes(bounds[:, [1, 0, 3, 2]] if swapped else bounds, operation)
            meets = extent.touches(there)
            if bounds.size and meets.mean() >= 0.5:
                west, south, east, north = there[meets][0]
                place = (float(west + east) / 2.0, float(south + north) / 2.0)
                fits.append(Fit(system, swapped, float(meets.mean()), place))
    straight = [fit for fit in fits if not fit.swapped]
    return tuple(sorted(straight or fits, key=lambda fit: -fit.share))


def lonlat_boxes(boxes: NDArray[np.float64], operation: Operation) -> NDArray[np.float64]:
    """Bring bounds, shape (n, 4), to longitude and latitude by their corners; shape (n, 4)."""
    corners = boxes[:, [0, 1, 0, 3, 2, 1, 2, 3]].reshape(-1, 2)
    moved = operation(corners).reshape(-1, 4, 2)
    return np.column_stack([moved.min(axis=1), moved.max(axis=1)])


@lru_cache(maxsize=64)
def newer_twin(name: str) -> str:
    """Find the Pulkovo 1995 system that looks like a Pulkovo 1942 one.

    Parameters
    ----------
    name : str
        Name of a system, as EPSG writes it.

    Returns
    -------
    str
        Code and name of the twin, whose coordinates have the same form; "" when there is none.
        It is named to the reader only: it is not in use everywhere its twin was.
    """
    from pyproj.database import query_crs_info
    from pyproj.enums import PJType

    wanted = name.replace("Pulkovo 1942 /", "Pulkovo 1995 /")
    if wanted == name:
        return ""
    systems = query_crs_info(auth_name="EPSG", pj_types=PJType.PROJECTED_CRS)
    codes = [info.code for info in systems if info.name == wanted and not info.deprecated]
    return f"EPSG:{codes[0]} ({wanted})" if codes else ""


def _as_candidate(crs: CRS) -> Candidate:
    """Keep of a system what the diagnosis needs."""
    base = crs.geodetic_crs.name if crs.geodetic_crs is not None else ""
    code = ":".join(crs.to_authority(min_confidence=70) or ("", ""))
    return Candidate(code, crs.name, base, false_easting(crs))


def false_easting(crs: CRS) -> float:
    """Return the false easting [m]; NaN where there is none."""
    steps = crs.coordinate_operation
    values = {p.name: p.value for p in steps.params} if steps is not None else {}
    return float(values.get("False easting", math.nan))


@lru_cache(maxsize=256)
def _to_wgs84(code: str, extent: Extent) -> Operation:
    return find_operation(code, WGS84, extent)
