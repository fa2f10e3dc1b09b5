"""What shape may a stope have, and what are the cells within it worth?

Widths, pillars and skins are true distances, square to the walls. The walls of one stope need not
be parallel: its width is measured square to its mean wall, the line from the middle of its floor
to the middle of its roof, at floor and roof, and so everywhere between, the walls being straight.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from deposits.display import Fact, as_html, as_text
from deposits.errors import DataError, Problem
from planning.limits.stopes.cells import StopeCells

FloatArray = NDArray[np.float64]
#: A width or a dip that misses its limit by less than this share of a step or of a degree meets it.
TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class StopeRules:
    """What a stope must keep to.

    Parameters
    ----------
    least_width_m, most_width_m : float
        True width square to the mean wall, without the skins [m]; most may be infinite.
    pillar_m : float
        True thickness of rock left between neighbours in one panel [m]. Where the skins that face
        each other are thicker together, the pillar is as thick as they are: so no skin is counted
        twice, and what a stope is worth never depends on its neighbours.
    near_skin_m, far_skin_m : float
        True thickness of the wall rock that falls in on the side of least w and of most w [m].
    wall_dip_deg : tuple = (least, most)
        Dips that a wall may have [degrees], within 0 to 180: below 90 it dips towards +w, 90 is
        upright, above 90 it dips towards -w.
    mining_recovery : float
        Share of the diluted stope that reaches the mill, above 0, at most 1.

    Raises
    ------
    DataError
        With all the rules that cannot be kept.
    """

    least_width_m: float
    most_width_m: float = math.inf
    pillar_m: float = 0.0
    near_skin_m: float = 0.0
    far_skin_m: float = 0.0
    wall_dip_deg: tuple[float, float] = (90.0, 90.0)
    mining_recovery: float = 1.0

    def __post_init__(self) -> None:
        """Refuse rules that no stope keeps."""
        problems = _check(self)
        if problems:
            raise DataError(problems)

    @property
    def clearance_m(self) -> float:
        """True thickness of rock between neighbours that rules and skins ask for together [m]."""
        return max(self.pillar_m, self.near_skin_m + self.far_skin_m)

    def facts(self) -> list[Fact]:
        """Return the rules in words."""
        least, most = self.wall_dip_deg
        return [
            Fact("true width", f"{self.least_width_m:g} to {self.most_width_m:g} m"),
            Fact("pillar between neighbours", f"{self.clearance_m:g} m"),
            Fact("near and far skin", f"{self.near_skin_m:g} and {self.far_skin_m:g} m"),
            Fact("dip of the walls", f"{least:g} to {most:g} degrees"),
            Fact("mining recovery", self.mining_recovery),
        ]

    def __str__(self) -> str:
        """Lay the rules out as text."""
        return as_text("Rules of stopes", self.facts())

    def _repr_html_(self) -> str:
        """Lay the rules out for a notebook."""
        return as_html("Rules of stopes", self.facts())


@dataclass(frozen=True, slots=True, eq=False)
class StopeValue:
    """What each sub-cell adds to the worth of a stope that breaks it.

    Parameters
    ----------
    value : ndarray, shape (L, S, K, J)
        Additive worth of a cell, in `unit`; a stope is worth the sum over its diluted shape.
    needs : tuple of ndarray, shape (L, S, K, J)
        Additive quantities whose sum over every diluted stope must not be below 0.
    words : str
        What is maximised, for the certificate.
    unit : str
        Unit of the worth, such as "USD" or "t x sb_pct".
    mining_recovery : float
        Share that reaches the mill, as in the rules.
    """

    value: FloatArray
    needs: tuple[FloatArray, ...] = ()
    words: str = "sum of the cells' worth"
    unit: str = ""
    mining_recovery: float = 1.0

    def __post_init__(self) -> None:
        """Refuse worths that are no numbers or of several shapes."""
        needs = ((f"need {n}", need) for n, need in enumerate(self.needs, start=1))
        problems = [
            Problem(fact, f"worth of stopes, {name}", found, allowed)
            for name, array in (("value", self.value), *needs)
            for fact, found, allowed in _faults(array, self.value.shape)
        ]
        if problems:
            raise DataError(problems)


def cutoff_value(
    cells: StopeCells, grade: str, cutoff: float, mining_recovery: float = 1.0
) -> StopeValue:
    r"""Return the worth of cells as metal above a cut-off grade.

    A cell adds :math:`r\,t\,(g - g_c)`, with recovery r, tonnes t, grade g and cut-off :math:`g_c`.
    A stope's worth is then :math:`r\,T\,(\bar g - g_c)` with its diluted tonnes T and diluted grade
    :math:`\bar g = \sum t g / T`. No best layout holds a stope of negative worth, for leaving it
    out breaks no rule and gains; so every chosen stope has :math:`\bar g \ge g_c`, skins included,
    and none swells down to the cut-off as it would if only metal counted: rock below
    :math:`g_c` always costs.

    Parameters
    ----------
    cells : StopeCells
        Tonnes and metal.
    grade : str
        Field of the cut-off.
    cutoff : float
        Cut-off, in the unit of the field, above or equal to 0.
    mining_recovery : float
        Share that reaches the mill; scales the worth and chooses nothing.

    Returns
    -------
    StopeValue
        In tonnes times the unit of the field.

    Raises
    ------
    DataError
        If the field was not integrated or a number cannot be right.
    """
    problems = _known(cells, grade)
    if not (cutoff >= 0 and math.isfinite(cutoff)):
        problems.append(Problem("cut-off is not a grade", "stopes", f"{cutoff}", "0 or more"))
    problems += _check_recovery(mining_recovery, "stopes, mining_recovery")
    if problems:
        raise DataError(problems)
    worth = mining_recovery * (cells.metal[grade] - cutoff * cells.tonnes)
    words = f"sum of t x ({grade} - {cutoff:g}) over diluted stopes, times mining recovery"
    return StopeValue(worth, (), words, f"t x {grade}", mining_recovery)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class StopeCosts:
    """What it costs to mine and treat a tonne of stope.

    Parameters
    ----------
    mining_usd_per_t : float or ndarray, shape (L,) or (L, S, K, J)
        Per tonne *broken*, recovered or not: drilling, blasting, development, support and fill are
        spent on all of the stope and its skins, whatever is later left behind.
    ore_usd_per_t : float
        Per tonne that reaches the mill: processing, general costs.
    """

    mining_usd_per_t: float | FloatArray
    ore_usd_per_t: float


def nsr_value(
    cells: StopeCells,
    nsr: str,
    costs: StopeCosts,
    mining_recovery: float = 1.0,
    least_grades: dict[str, float] | None = None,
) -> StopeValue:
    """Return the worth of cells as net smelter return less costs.

    A cell adds r x (t x NSR) - r x t x ore cost - t x mining cost: what is left behind earns
    nothing and is not treated, but it was broken and is paid for. Rock outside the model returns
    nothing and costs the same.

    Parameters
    ----------
    cells : StopeCells
        Tonnes, and the sum of t x NSR as the "metal" of the field `nsr`.
    nsr : str
        Field with the net smelter return of each row [USD/t].
    costs : StopeCosts
        Mining per tonne broken, the rest per tonne milled [USD/t].
    mining_recovery : float
        Share r that reaches the mill.
    least_grades : dict = {field: grade}, optional
        Diluted grades that every stope must reach, each a need of the sum of t x (g - least).

    Returns
    -------
    StopeValue
        In USD.

    Raises
    ------
    DataError
        If a field was not integrated or a number cannot be right.
    """
    floors = least_grades or {}
    problems = [problem for name in (nsr, *floors) for problem in _known(cells, name)]
    problems += _check_recovery(mining_recovery, "stopes, mining_recovery")
    broken = np.asarray(costs.mining_usd_per_t, dtype=np.float64)
    allowed = ((), (cells.frame.n_levels,), cells.frame.shape)
    if broken.shape not in allowed:
        found, may = str(broken.shape), "one number, one a level, or one a cell"
        problems.append(Problem("mining cost does not fit the frame", "stopes", found, may))
    if not (np.isfinite(broken).all() and math.isfinite(costs.ore_usd_per_t)):
        problems.append(Problem("a cost is not a number", "stopes", remedy="State it in USD/t."))
    problems += [
        Problem("least grade is not a grade", f"stopes, {name}", f"{grade}", "0 or more")
        for name, grade in floors.items()
        if not (grade >= 0 and math.isfinite(grade))
    ]
    if problems:
        raise DataError(problems)
    if broken.ndim == 1:
        broken = broken[:, None, None, None]
    milled = mining_recovery * (cells.metal[nsr] - costs.ore_usd_per_t * cells.tonnes)
    needs = tuple(cells.metal[name] - grade * cells.tonnes for name, grade in floors.items())
    worth = nsr.removesuffix("_usd_per_t").upper()
    words = f"sum of recovered t x ({worth} - ore cost) less mining cost of all t broken"
    words += "".join(f"; diluted {name} of each stope >= {g:g}" for name, g in floors.items())
    return StopeValue(milled - broken * cells.tonnes, needs, words, "USD", mining_recovery)


def _known(cells: StopeCells, name: str) -> list[Problem]:
    """Say which fields there are when one was not integrated."""
    if name in cells.metal:
        return []
    have = ", ".join(cells.metal) or "none"
    return [Problem("field was not integrated over the frame", "stopes", name, have)]


def _check_recovery(share: float, place: str) -> list[Problem]:
    """Refuse a recovery that is no share."""
    if 0 < share <= 1:
        return []
    remedy = "State it as a fraction." if share > 1 else ""
    return [Problem("mining recovery is not a share", place, f"{share}", "above 0, to 1", remedy)]


def _faults(array: FloatArray, shape: tuple[int, ...]) -> list[tuple[str, str, str]]:
    """List what keeps an array from being a worth of cells: fact, found, allowed."""
    faults = []
    if array.ndim != 4 or array.shape != shape:
        allowed = "levels, sections, slices, steps; the same for all"
        faults.append(("has another shape", str(array.shape), allowed))
    absent = int(np.count_nonzero(~np.isfinite(array)))
    if absent:
        faults.append(("cells are no finite numbers", f"{absent} of {array.size}", "none"))
    return faults


def _check(rules: StopeRules) -> list[Problem]:
    """List all the rules that cannot be kept."""
    problems = []
    if not 0 < rules.least_width_m < math.inf:
        found = f"{rules.least_width_m} m"
        problems.append(
            Problem("least width is not a width", "stope rules, least_width_m", found, "above 0 m")
        )
    if not rules.most_width_m >= rules.least_width_m:
        found = f"most {rules.most_width_m} m, least {rules.least_width_m} m"
        problems.append(
            Problem("most width is below the least", "stope rules", found, "least <= most")
        )
    for name in ("pillar_m", "near_skin_m", "far_skin_m"):
        length = getattr(rules, name)
        if not 0 <= length < math.inf:
            found, place = f"{length} m", f"stope rules, {name}"
            problems.append(Problem("thickness is not a length", place, found, "0 m or more"))
    least, most = rules.wall_dip_deg
    if not 0 < least <= most < 180:
        remedy = "Dips are degrees from the horizontal; 90 is upright, above 90 dips towards -w."
        problems.append(
            Problem(
                "dips of the walls are no range",
                "stope rules, wall_dip_deg",
                f"{least} to {most}",
                "0 < least <= most < 180",
                remedy,
            )
        )
    return problems + _check_recovery(rules.mining_recovery, "stope rules, mining_recovery")
