"""Which samples may inform a block?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from deposits.orientation import Ellipsoid


@dataclass(frozen=True, slots=True)
class Search:
    """A moving neighbourhood; several in order are passes, each for what the last one left.

    Samples are taken nearest first in the metric of the ellipsoid, those at equal distance by their
    number (row). Squared distances that differ by less than 2**-36 of the squared reach are equal.

    Parameters
    ----------
    ellipsoid : Ellipsoid
        Reaches of the search [m] and their orientation; its surface belongs to it.
    least, most : int
        Fewest and most samples of an estimate.
    most_per_hole : int, optional
        Most samples of one drillhole.
    sectors : {1, 4, 8}
        Parts in which samples are counted apart: quadrants (in plan) or octants.
    most_per_sector : int, optional
        Most samples of one sector.
    least_sectors : int
        Fewest sectors that must hold a sample.
    least_holes : int
        Fewest drillholes that must give a sample.
    sector_axes : {"ellipsoid", "world"}
        Whether sectors turn with the ellipsoid or follow easting, northing and elevation, as in
        GSLIB.

    Raises
    ------
    ValueError
        If a number cannot be right, with all that are wrong.

    Examples
    --------
    >>> from deposits.orientation import Ellipsoid
    >>> near = Search(Ellipsoid(60.0, 40.0, 10.0), least=8, most=24, most_per_hole=6)
    >>> near.needs_limits
    True
    """

    ellipsoid: Ellipsoid
    least: int = 1
    most: int = 24
    most_per_hole: int | None = None
    sectors: Literal[1, 4, 8] = 1
    most_per_sector: int | None = None
    least_sectors: int = 1
    least_holes: int = 1
    sector_axes: Literal["ellipsoid", "world"] = "ellipsoid"

    def __post_init__(self) -> None:
        """Refuse numbers that describe no search."""
        wrong = []
        if not 1 <= self.least <= self.most:
            wrong.append(f"1 <= least <= most, given {self.least} and {self.most}")
        if self.sectors not in (1, 4, 8):
            wrong.append(f"sectors must be 1, 4 or 8, given {self.sectors}")
        if not 1 <= self.least_sectors <= self.sectors:
            wrong.append(f"least_sectors must be 1 to {self.sectors}, given {self.least_sectors}")
        if not 1 <= self.least_holes <= self.most:
            wrong.append(f"least_holes must be 1 to {self.most}, given {self.least_holes}")
        if self.sector_axes not in ("ellipsoid", "world"):
            wrong.append(f"sector_axes must be ellipsoid or world, given {self.sector_axes!r}")
        for name in ("most_per_hole", "most_per_sector"):
            value = getattr(self, name)
            if value is not None and value < 1:
                wrong.append(f"{name} must be at least 1, given {value}")
        if wrong:
            raise ValueError("a search needs: " + "; ".join(wrong))

    @property
    def needs_limits(self) -> bool:
        """Whether more than the count of samples limits the choice."""
        limited = self.most_per_hole is not None or self.most_per_sector is not None
        return limited or self.least_sectors > 1
