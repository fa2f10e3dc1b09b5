"""What stands in each block that a pit may dig: rock, ore, metal and worth?

The nouns of everything that is told of a pit: `PitBlocks` before it is cut up, `MineRates` for how
fast it is dug.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from deposits.errors import DataError, Problem
from deposits.grid import Grid
from planning.economics.config import Discounting

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

#: Unit of a grade by the end of its name: metal per tonne of ore, the metal's own unit.
METAL_UNITS = {"pct": (0.01, "t"), "gpt": (0.001, "kg")}
#: Longest life that is dug year by year; beyond it a rate is a slip of the pen.
MOST_YEARS = 2000


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class PitBlocks:
    """Rock, ore, grades and worth of every block of a grid.

    Parameters
    ----------
    grid : Grid
        n blocks, easting fastest, then northing, then elevation upwards.
    rock_t : ndarray of float, shape (n,)
        All rock of the block [t]; 0 is air.
    ore_t : ndarray of float, shape (n,)
        Part of the rock that goes to the plant [t].
    value_usd : ndarray of float, shape (n,)
        Undiscounted worth of digging the block [USD].
    grades : mapping of str to ndarray of float, shape (n,)
        Grades of the ore; names end in ``_pct`` [%] or ``_gpt`` [g/t]. NaN: not known.

    Raises
    ------
    DataError
        If arrays do not fit, tonnes are negative or not finite, ore is more than rock, or a
        worth is not finite; all at once.
    """

    grid: Grid
    rock_t: FloatArray
    ore_t: FloatArray
    value_usd: FloatArray
    grades: Mapping[str, FloatArray] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse what describes no rock."""
        problems = [*_shape_problems(self), *_name_problems(self.grades)]
        if not problems:
            problems += _amount_problems(self)
        if problems:
            raise DataError(problems)

    def totals(self, blocks: BoolArray | IntArray) -> dict[str, float]:
        """Add up some blocks.

        Parameters
        ----------
        blocks : ndarray of bool, shape (n,), or of int
            Which.

        Returns
        -------
        dict of str to float
            ``blocks, rock_t, ore_t, waste_t, strip_ratio`` (NaN without ore), for each grade its
            mean over ore whose grade is known (NaN without such) and the metal in that ore
            (``sb_t``, ``au_kg``), ``NAME_unknown_ore_t`` where some ore has no such grade, and
            ``value_usd``.
        """
        rock, ore = float(self.rock_t[blocks].sum()), self.ore_t[blocks]
        ore_t = float(ore.sum())
        found = {
            "blocks": float(np.count_nonzero(self.rock_t[blocks])),
            "rock_t": rock,
            "ore_t": ore_t,
            "waste_t": rock - ore_t,
            "strip_ratio": (rock - ore_t) / ore_t if ore_t > 0.0 else math.nan,
        }
        for name, grades in self.grades.items():
            grade = grades[blocks]
            known = np.isfinite(grade)
            sure_t = float(ore[known].sum())
            amount = float((ore[known] * grade[known]).sum())
            stem, unit = name.rsplit("_", 1)
            factor, metal = METAL_UNITS[unit]
            found[name] = amount / sure_t if sure_t > 0.0 else math.nan
            found[f"{stem}_{metal}"] = amount * factor
            if ore_t - sure_t > 0.0:
                found[f"{name}_unknown_ore_t"] = float(ore[~known].sum())
        found["value_usd"] = float(self.value_usd[blocks].sum())
        return found


def _shape_problems(model: PitBlocks) -> list[Problem]:
    """Report arrays that are not one number a block."""
    named = {"rock_t": model.rock_t, "ore_t": model.ore_t, "value_usd": model.value_usd}
    n = model.grid.n_blocks
    return [
        Problem(f"{name} is not one number a block", "pit blocks", str(array.shape), f"({n},)")
        for name, array in (named | dict(model.grades)).items()
        if array.shape != (n,)
    ]


def _name_problems(grades: Mapping[str, FloatArray]) -> list[Problem]:
    """Report grades whose name does not say their unit."""
    return [
        Problem("the name of a grade says no unit", "pit blocks", name, "..._pct or ..._gpt")
        for name in grades
        if name.rsplit("_", 1)[-1] not in METAL_UNITS or "_" not in name
    ]


def _amount_problems(model: PitBlocks) -> list[Problem]:
    """Report tonnes and worths that cannot be right."""
    rock, ore = model.rock_t, model.ore_t
    checks = (
        ("tonnes of rock are negative or not finite", ~((rock >= 0.0) & (rock < np.inf))),
        ("tonnes of ore are negative or more than the rock", ~((ore >= 0.0) & (ore <= rock))),
        ("the worth is not finite", ~np.isfinite(model.value_usd)),
    )
    problems = []
    for fact, wrong in checks:
        if wrong.any():
            few = ", ".join(map(str, np.flatnonzero(wrong)[:5]))
            found = f"{int(wrong.sum()):,} blocks, such as {few}"
            problems.append(Problem(fact, "pit blocks", found))
    return problems


@dataclass(frozen=True, slots=True, kw_only=True)
class MineRates:
    """How fast a pit is dug, and how money is discounted.

    A year ends when the first of the two rates is reached; within a year rock and ore are what
    the order of digging brings.

    Parameters
    ----------
    rock_t_per_year : float
        Ore and waste the mine can move [t/yr]; inf: no limit.
    ore_t_per_year : float
        Ore the plant takes [t/yr]; inf: no limit.
    discount_rate : float
        Real rate a year [fraction], above -1.
    discounting : {"end_of_year", "mid_year", "start_of_year"}
        When in its year a flow falls.

    Raises
    ------
    DataError
        If no rate limits anything, or a rate cannot be right.
    """

    rock_t_per_year: float = math.inf
    ore_t_per_year: float = math.inf
    discount_rate: float
    discounting: Discounting = "end_of_year"

    def __post_init__(self) -> None:
        """Refuse rates that cannot be right."""
        rates = {"rock_t_per_year": self.rock_t_per_year, "ore_t_per_year": self.ore_t_per_year}
        problems = [
            Problem(f"{name} is no rate", "mine rates", str(rate), "above 0 t/yr")
            for name, rate in rates.items()
            if not rate > 0.0
        ]
        if all(rate == math.inf for rate in rates.values()):
            remedy = "State what the mine moves or what the plant takes."
            problems.append(Problem("nothing limits the digging", "mine rates", remedy=remedy))
        if not -1.0 < self.discount_rate < math.inf:
            found = str(self.discount_rate)
            problems.append(Problem("no discount rate", "mine rates", found, "above -1"))
        if problems:
            raise DataError(problems)
