"""What adds up from stope to mine, and which figures are made of it at the end?

Only tonnes, metal, volume and worth add up. Grades, shares and dilution are quotients of sums,
made once for a stope, a level, a section or the mine.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planning.limits.stopes.cells import StopeCells
from planning.limits.stopes.frame import StopeFrame
from planning.limits.stopes.panels import sums_between
from planning.limits.stopes.stope import Stope

FloatArray = NDArray[np.float64]
#: Name of a field's metal, and tonnes times grade over its unit.
METALS = {"_pct": ("_t", 100.0), "_gpt": ("_kg", 1000.0), "_ppm": ("_t", 1e6)}


def metal_of(grade: str) -> tuple[str, float] | None:
    """Return the name of a grade's metal and what tonnes times grade are divided by.

    Parameters
    ----------
    grade : str
        Name of a field.

    Returns
    -------
    tuple of (str, float), or None
        None where the name tells no unit.

    Examples
    --------
    >>> metal_of("sb_pct"), metal_of("au_gpt"), metal_of("hardness")
    (('sb_t', 100.0), ('au_kg', 1000.0), None)
    """
    for ending, (unit, divisor) in METALS.items():
        if grade.endswith(ending):
            return grade.removesuffix(ending) + unit, divisor
    return None


def quantities(cells: StopeCells) -> dict[str, FloatArray]:
    """Return what adds up in the cells, (L, S, K, J): t, host, x FIELD, unknown FIELD."""
    found = {"t": cells.tonnes, "host": cells.host_tonnes}
    found |= {f"x {name}": array for name, array in cells.metal.items()}
    return found | {f"unknown {name}": array for name, array in cells.unknown.items()}


def between_stopes(frame: StopeFrame, diluted: Sequence[Stope]) -> list[Stope]:
    """Return what a frame's panels hold beside stopes, as bodies between walls.

    Parameters
    ----------
    frame : StopeFrame
        The frame.
    diluted : sequence of Stope
        Stopes with their skins, none over another.

    Returns
    -------
    list of Stope
        From the frame's near side to its far side in every panel.
    """
    held: dict[tuple[int, int], list[Stope]] = {}
    for stope in diluted:
        held.setdefault((stope.level, stope.section), []).append(stope)
    end = frame.n_steps * frame.step_m
    rest = []
    for level in range(frame.n_levels):
        for section in range(frame.n_sections):
            foot, head = 0.0, 0.0
            for stope in sorted(held.get((level, section), []), key=lambda s: s.walls_m):
                near_foot, near_head, far_foot, far_head = stope.walls_m
                rest.append(Stope(level, section, foot, head, near_foot, near_head, 0.0))
                foot, head = far_foot, far_head
            rest.append(Stope(level, section, foot, head, end, end, 0.0))
    return rest


def sums_of(arrays: Mapping[str, FloatArray], frame: StopeFrame, bodies: Sequence[Stope],
            before: str) -> pd.DataFrame:  # fmt: skip
    """Return the sums of all quantities over bodies, one row a body, names after *before*."""
    return pd.DataFrame(
        {f"{before} {n}": sums_between(a, frame, bodies) for n, a in arrays.items()}
    )


def totals(sums: pd.DataFrame) -> pd.DataFrame:
    """Add all rows up, each column once and without loss, to a table of one row."""
    return pd.DataFrame({name: [math.fsum(sums[name].tolist())] for name in sums.columns})


def grouped(sums: pd.DataFrame, by: str) -> pd.DataFrame:
    """Add rows of equal *by* up, as `totals` does; one row each, rising, indexed by it."""
    parts = {key: totals(group.drop(columns=by)) for key, group in sums.groupby(by)}
    if not parts:
        return sums.drop(columns=by).set_index(sums[by])
    return pd.concat([part.set_index(pd.Index([key], name=by)) for key, part in parts.items()])


def figures(
    sums: pd.DataFrame, grades: Sequence[str], nsr: str | None, recovery: float
) -> pd.DataFrame:
    """Make tonnes, grades, metal and shares of sums.

    Parameters
    ----------
    sums : pandas.DataFrame
        Columns ``stopes``, ``volume_m3``, ``value``, ``class_...``, and those of `sums_of` before
        "in" (in situ) and "all" (diluted).
    grades : sequence of str
        Fields to report.
    nsr : str or None
        Field with the net smelter return.
    recovery : float
        Mining recovery.

    Returns
    -------
    pandas.DataFrame
        The same rows; NaN where there are no tonnes.
    """
    inner, whole = sums["in t"], sums["all t"]
    made: dict[str, pd.Series] = {
        "stopes": sums["stopes"].astype(np.int64),
        "volume_m3": sums["volume_m3"],
        "in_situ_t": inner,
        "diluted_t": whole,
        "recovered_t": recovery * whole,
    }
    for grade in grades:
        made[f"in_situ_{grade}"] = sums[f"in x {grade}"] / inner
        made[f"diluted_{grade}"] = sums[f"all x {grade}"] / whole
        metal = metal_of(grade)
        if metal is not None:
            name, divisor = metal
            made[f"in_situ_{name}"] = sums[f"in x {grade}"] / divisor
            made[f"diluted_{name}"] = sums[f"all x {grade}"] / divisor
            made[f"recovered_{name}"] = recovery * sums[f"all x {grade}"] / divisor
    if nsr is not None:
        made["nsr_usd_per_t"] = sums[f"all x {nsr}"] / whole
    made["value"] = sums["value"]
    made["dilution_pct"] = 100.0 * (whole - inner) / inner
    made["mining_recovery"] = pd.Series(recovery, sums.index)
    made["host_share"] = sums["all host"] / whole
    for grade in grades:
        made[f"unknown_share_{grade}"] = sums[f"all unknown {grade}"] / whole
    made |= {name: sums[name] for name in sums.columns if str(name).startswith("class_")}
    return pd.DataFrame(made)
