"""How do tonnes and grade of the stopes change with cut-off and price, and which could be shipped?

Every case is optimised anew on the same frame: stopes move, narrow and vanish, rather than being
filtered. Rows are plain dictionaries as the summary holds them; unknown is None.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from deposits.errors import DataError, Problem
from planning.limits.stopes.cells import StopeCells
from planning.limits.stopes.layout import StopeLayout, lay_out
from planning.limits.stopes.layout_rules import LayoutRules
from planning.limits.stopes.panels import optimise_panels, sums_between
from planning.limits.stopes.rules import StopeRules, StopeValue, cutoff_value
from planning.limits.stopes.stope import Stope, diluted_walls
from planning.limits.stopes.stope_sums import metal_of

CUTOFFS = (0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 7.5, 10.0, 12.5, 15.0)
FACTORS = (0.4, 0.6, 0.8, 1.0, 1.2, 1.5, 2.0)
Row = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class SensitivityRules:
    """What stays the same in all cases.

    Parameters
    ----------
    stopes : StopeRules
        Rules of one stope.
    layout : LayoutRules
        Rules between panels.
    grade : str
        Field of the main metal, such as "sb_pct"; keys of the rows are made of it.
    """

    stopes: StopeRules
    layout: LayoutRules
    grade: str


def by_cutoff(
    cells: StopeCells, rules: SensitivityRules, cutoffs: Sequence[float] = CUTOFFS
) -> list[Row]:
    """Optimise the stopes for each cut-off grade.

    Parameters
    ----------
    cells : StopeCells
        The model over the frame.
    rules : SensitivityRules
        The cost of opening a level is money and left out: worth is counted in t x grade here.
    cutoffs : sequence of float
        Cut-offs of the diluted stope, in the unit of the grade.

    Returns
    -------
    list of dict
        cutoff_GRADE, stopes, ore_t (recovered), GRADE (diluted, None without ore), the metal
        recovered, status of the optimum, share_of_METAL (of all metal known in the model, within
        the frame or not).
    """
    layout = replace(rules.layout, level_cost=0.0)
    rows = []
    for cutoff in cutoffs:
        worth = cutoff_value(cells, rules.grade, cutoff, rules.stopes.mining_recovery)
        found = lay_out(optimise_panels(cells, worth, rules.stopes), layout)
        row: Row = {f"cutoff_{rules.grade}": float(cutoff), **_figures(cells, rules, found)}
        rows.append({**row, **_share(cells, rules, row)})
    return rows


def by_price(
    case_of: Callable[[float], tuple[StopeCells, StopeValue]],
    rules: SensitivityRules,
    factors: Sequence[float] = FACTORS,
) -> list[Row]:
    """Optimise the stopes for each factor of all metal prices.

    Parameters
    ----------
    case_of : callable
        Gives, for a factor, the cells with the return at these prices, and their worth [USD]; all
        on one frame.
    rules : SensitivityRules
        Rules of stopes and panels.
    factors : sequence of float
        Factors, above 0.

    Returns
    -------
    list of dict
        factor, stopes, ore_t, GRADE, the metal recovered, status of the optimum, value_usd.

    Raises
    ------
    DataError
        If the worth is not in USD.
    """
    rows = []
    for factor in factors:
        cells, worth = case_of(factor)
        if worth.unit != "USD":
            fact = "prices change nothing in a worth that is not money"
            raise DataError([Problem(fact, "stopes", worth.unit, "USD")])
        found = lay_out(optimise_panels(cells, worth, rules.stopes), rules.layout)
        figures = _figures(cells, rules, found)
        rows.append({"factor": float(factor), **figures, "value_usd": found.value})
    return rows


def direct_shipping(
    stopes: Sequence[Stope],
    cells: StopeCells,
    rules: SensitivityRules,
    least: float = 15.0,
    rate_t_per_year: float | None = None,
) -> Row:
    """Return what part of the ore lies in stopes that are rich enough to ship as they are.

    Parameters
    ----------
    stopes : sequence of Stope
        The layout, without skins.
    cells : StopeCells
        The model over its frame.
    rules : SensitivityRules
        Skins, recovery, grade.
    least : float
        Least diluted grade of a stope, in the unit of the grade; a stope of just this grade counts.
    rate_t_per_year : float, optional
        What the line takes [t/a].

    Returns
    -------
    dict
        cutoff_GRADE, stopes, ore_t, GRADE (None without ore), share_of_ore (None without stopes),
        years_at_rate (None where no rate is known), richest_GRADE (of any stope; None without).
    """
    tonnes, metal = _broken(stopes, cells, rules)
    grade = np.divide(metal, tonnes, out=np.zeros_like(tonnes), where=tonnes > 0)
    rich = grade >= least
    recovery = rules.stopes.mining_recovery
    ore, whole = (recovery * math.fsum(part.tolist()) for part in (tonnes[rich], tonnes))
    held = recovery * math.fsum(metal[rich].tolist())
    return {
        f"cutoff_{rules.grade}": float(least),
        "stopes": int(rich.sum()),
        "ore_t": ore,
        rules.grade: held / ore if ore else None,
        "share_of_ore": ore / whole if whole else None,
        "years_at_rate": ore / rate_t_per_year if rate_t_per_year else None,
        f"richest_{rules.grade}": float(grade.max()) if len(grade) else None,
    }


def _broken(
    stopes: Sequence[Stope], cells: StopeCells, rules: SensitivityRules
) -> tuple[np.ndarray[Any, np.dtype[np.float64]], np.ndarray[Any, np.dtype[np.float64]]]:
    """Tonnes and tonnes times grade of each diluted stope."""
    diluted = [diluted_walls(stope, cells.frame, rules.stopes) for stope in stopes]
    tonnes = sums_between(cells.tonnes, cells.frame, diluted)
    return tonnes, sums_between(cells.metal[rules.grade], cells.frame, diluted)


def _figures(cells: StopeCells, rules: SensitivityRules, found: StopeLayout) -> Row:
    """Ore, grade and metal that reach the mill."""
    tonnes, metal = _broken(found.stopes, cells, rules)
    recovery = rules.stopes.mining_recovery
    ore, held = recovery * math.fsum(tonnes.tolist()), recovery * math.fsum(metal.tolist())
    row: Row = {"stopes": len(found.stopes), "ore_t": ore, rules.grade: held / ore if ore else None}
    named = metal_of(rules.grade)
    if named is not None:
        row[named[0]] = held / named[1]
    return {**row, "status": found.status}


def _share(cells: StopeCells, rules: SensitivityRules, row: Row) -> Row:
    """Share of the model's metal."""
    named = metal_of(rules.grade)
    if named is None:
        return {}
    name, divisor = named
    whole = cells.inside().metal[rules.grade] + cells.outside.metal[rules.grade]
    label = f"share_of_{name.rsplit('_', 1)[0]}"
    return {label: row[name] * divisor / whole if whole > 0 else None}
