"""What is asked of a block model: cut on which field, broken down by what, with which density?

Nothing is assumed silently: an absent density or grade stops the work until the request says
what it means.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from deposits.units import GRAMS_PER_TROY_OUNCE

BoolArray = NDArray[np.bool_]
FloatArray = NDArray[np.float64]
Unit = Literal["%", "g/t", "ppm", "ppb", ""]

#: How the name of a column ends -> the unit it carries.
UNIT_OF_SUFFIX: Mapping[str, Unit] = {"_pct": "%", "_gpt": "g/t", "_ppm": "ppm", "_ppb": "ppb"}
SUFFIX_OF_UNIT: Mapping[str, str] = {unit: suffix for suffix, unit in UNIT_OF_SUFFIX.items()}
#: Metal columns of a unit, and what one tonne of ore times one unit of grade comes to in them.
METAL_OF_UNIT: Mapping[str, Mapping[str, float]] = {
    "%": {"t": 0.01},
    "g/t": {"kg": 1e-3, "oz": 1.0 / GRAMS_PER_TROY_OUNCE},
    "ppm": {"t": 1e-6},
    "ppb": {"kg": 1e-6},
    "": {},
}


@runtime_checkable
class Region(Protocol):
    """Anything that knows which points it holds: a mesh, a polygon, a pit."""

    def contains(self, points: FloatArray) -> BoolArray:
        """Say of each point, shape (n, 3) [m], whether it lies inside."""


@dataclass(frozen=True, slots=True)
class Element:
    """A grade to average, and the metal that goes with it.

    Parameters
    ----------
    column : str
        Column of the block model.
    unit : {"%", "g/t", "ppm", "ppb", ""} or None
        Unit of that column; None reads it off the name (``sb_pct``, ``au_gpt``). "" is a value
        that has a tonnage-weighted mean but no metal, such as a net smelter return, and it alone
        may be negative.
    name : str
        Name in the table; "" takes the column's without its unit.

    Raises
    ------
    ValueError
        If no unit is given and the name carries none.

    Examples
    --------
    >>> Element("sb_pct").metals
    {'sb_t': 0.01}
    >>> Element("SB_OK", "%", "sb").grade_column
    'sb_pct'
    """

    column: str
    unit: Unit | None = None
    name: str = ""

    def __post_init__(self) -> None:
        """Read unit and name off the column."""
        suffix = next((end for end in UNIT_OF_SUFFIX if self.column.endswith(end)), "")
        if self.unit is None:
            if not suffix:
                raise ValueError(f'{self.column}: state the unit, "%", "g/t", "ppm", "ppb" or ""')
            object.__setattr__(self, "unit", UNIT_OF_SUFFIX[suffix])
        if self.unit not in METAL_OF_UNIT:
            raise ValueError(f"{self.column}: unit {self.unit!r} is not one of {METAL_OF_UNIT}")
        if not self.name:
            object.__setattr__(self, "name", self.column.removesuffix(suffix))

    @property
    def grade_column(self) -> str:
        """Name of the mean grade in the table, with its unit."""
        return self.name + SUFFIX_OF_UNIT.get(str(self.unit), "")

    @property
    def metals(self) -> dict[str, float]:
        """Metal columns, and their amount per tonne of ore and unit of grade."""
        return {f"{self.name}_{unit}": x for unit, x in METAL_OF_UNIT[str(self.unit)].items()}

    @property
    def lowest(self) -> float:
        """Least value that can be right."""
        return -math.inf if self.unit == "" else 0.0


@dataclass(frozen=True, slots=True)
class Density:
    """Where the tonnes per cubic metre come from.

    Parameters
    ----------
    field : str or None
        Column [t/m3]; None uses the default everywhere.
    default_t_per_m3 : float or None
        Density where the field is absent, or everywhere [t/m3].
    absent : {"error", "default"}
        What an absent density means; with "default" the share of such tonnes is reported.
    """

    field: str | None = "density_t_per_m3"
    default_t_per_m3: float | None = None
    absent: Literal["error", "default"] = "error"

    def __post_init__(self) -> None:
        """Refuse a default that is needed and not given."""
        needed = self.field is None or self.absent == "default"
        if needed and self.default_t_per_m3 is None:
            raise ValueError("state default_t_per_m3, or a density field with absent='error'")
        if self.default_t_per_m3 is not None and not 0 < self.default_t_per_m3 < math.inf:
            raise ValueError(f"density must be above 0 t/m3, given {self.default_t_per_m3}")


@dataclass(frozen=True, slots=True)
class Volume:
    """Where the volume of a block comes from: one of the three.

    Parameters
    ----------
    field : str or None
        Column with the volume [m3].
    sizes : tuple of str or None
        Columns with the three edge lengths [m].
    block_m3 : float or None
        The same volume for every block [m3].
    """

    field: str | None = None
    sizes: tuple[str, str, str] | None = None
    block_m3: float | None = None

    def __post_init__(self) -> None:
        """Ask for exactly one way."""
        if sum(given is not None for given in (self.field, self.sizes, self.block_m3)) != 1:
            raise ValueError("state one of a volume field, three size fields, or one block volume")
        if self.block_m3 is not None and not 0 < self.block_m3 < math.inf:
            raise ValueError(f"block volume must be above 0 m3, given {self.block_m3}")


@dataclass(frozen=True, slots=True)
class Dilution:
    """What mining adds to the ore above the cut-off, and what it leaves behind.

    Parameters
    ----------
    fraction : float
        Waste added per tonne of ore mined [t/t].
    grades : mapping of str to float
        Grade of that waste by the element's column, in its unit; what is not named is 0.
    ore_loss : float
        Part of the ore above the cut-off that is not mined, 0 to 1.

    Notes
    -----
    Ore mined = ore (1 - loss); run of mine = ore mined (1 + dilution); metal = metal (1 - loss)
    + ore mined x dilution x grade of the waste.
    """

    fraction: float = 0.0
    grades: Mapping[str, float] = field(default_factory=dict)
    ore_loss: float = 0.0

    def __post_init__(self) -> None:
        """Refuse what cannot be mined."""
        if not (0 <= self.fraction < math.inf and 0 <= self.ore_loss <= 1):
            raise ValueError("dilution must be at least 0, ore loss between 0 and 1")
        if any(not 0 <= grade < math.inf for grade in self.grades.values()):
            raise ValueError(f"grades of dilution must be at least 0, given {dict(self.grades)}")


@dataclass(frozen=True, slots=True)
class TonnageRequest:
    """One question to a block model.

    Parameters
    ----------
    cut_field : str
        Column to cut on: a grade, an equivalent, a value. A block is ore if it is at or above
        the cut-off.
    cutoffs : tuple of float
        Rising, in the unit of that column. They are rounded to the precision of the column, so
        that a block written as 0.7 in single precision is at a cut-off of 0.7.
    elements : tuple of Element
        Grades and metals to report.
    by : tuple of str
        Columns to break down by, at once; sub-totals go from the right.
    density : Density
    volume : Volume or None
        None takes it from the file: ``volume_m3``, else ``dx``, ``dy``, ``dz``, else its grid.
    absent_grade : {"error", "unestimated"}
        What an absent grade means. "unestimated": a block without the cut field is counted apart
        with its volume and tonnage; where another element is absent the block is ore, its tonnes
        are left out of that element's mean and reported beside it. Never zero.
    absent_values : tuple of float
        Numbers that stand for absent in this file, such as -99.
    fraction, depletion : str or None
        Columns with the part of the block that is rock in question, and the part already mined
        out, both 0 to 1. An absent one is an error.
    constraint : str, Region, callable or None
        Count only blocks where a true-or-false column holds, or whose centre the region
        contains; a callable takes the centres, shape (n, 3), and returns booleans.
    centre : tuple of str
        Columns of the centre [m], used with a region.
    dilution : Dilution or None
        Adds run-of-mine columns; the in-situ ones stay.
    category : str or None
        Which of *by* holds resource categories; None finds it by its name or its values. Over
        categories no total is made, only Measured with Indicated, and A with B and C1.
    category_names : mapping
        What the file calls a category to what it is called here, such as 1 to "Measured" or,
        by a mapping that somebody has decided on, "Indicated" to "C1".
    """

    cut_field: str
    cutoffs: tuple[float, ...]
    elements: tuple[Element, ...] = ()
    by: tuple[str, ...] = ()
    density: Density = field(default_factory=Density)
    volume: Volume | None = None
    absent_grade: Literal["error", "unestimated"] = "error"
    absent_values: tuple[float, ...] = ()
    fraction: str | None = None
    depletion: str | None = None
    constraint: str | Region | Callable[[FloatArray], BoolArray] | None = None
    centre: tuple[str, str, str] = ("easting", "northing", "elevation")
    dilution: Dilution | None = None
    category: str | None = None
    category_names: Mapping[Any, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse a ladder that does not rise, and names that come twice."""
        steps = np.asarray(self.cutoffs, dtype=float)
        if not steps.size or not np.isfinite(steps).all() or (np.diff(steps) <= 0).any():
            raise ValueError(f"cut-offs must be finite numbers and rise, given {self.cutoffs}")
        names = [element.grade_column for element in self.elements]
        if len(set(names)) < len(names) or len(set(self.by)) < len(self.by):
            raise ValueError(f"a name comes twice: elements {names}, by {list(self.by)}")
        if self.category is not None and self.category not in self.by:
            raise ValueError(f"category {self.category!r} is not among by, {list(self.by)}")
        if self.dilution and set(self.dilution.grades) - {e.column for e in self.elements}:
            raise ValueError("dilution names a grade that is not among the elements")

    @property
    def numbers(self) -> tuple[str, ...]:
        """The numeric columns needed beside volume, in order and once each."""
        more = [self.density.field, self.fraction, self.depletion]
        more += [self.constraint] if isinstance(self.constraint, str) else []
        more += self.centre if self.needs_centres else []
        names = [self.cut_field, *(e.column for e in self.elements), *more]
        return tuple(dict.fromkeys(name for name in names if name is not None))

    @property
    def needs_centres(self) -> bool:
        """Whether the constraint is worked out from block centres."""
        return self.constraint is not None and not isinstance(self.constraint, str)


def inside(request: TonnageRequest, points: FloatArray) -> BoolArray:
    """Say which block centres, shape (n, 3) [m], the request's region contains."""
    region: Any = request.constraint
    found = region.contains(points) if hasattr(region, "contains") else region(points)
    return np.asarray(found, dtype=bool)
