"""What does each stope hold, before and after dilution, and what do all of them?

In-situ is what stands between a stope's walls; diluted is what breaks, with the skins; recovered is
what of it reaches the mill. Grades are metal over tonnes: rock whose grade is not known, and host
rock, count as grade 0, and their shares stand beside. Levels and sections are numbered from 1,
upwards and along strike.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from deposits.display import Fact, as_html, as_text
from deposits.errors import DataError, Problem
from planning.limits.stopes.cells import StopeCells
from planning.limits.stopes.frame import StopeFrame
from planning.limits.stopes.rules import StopeRules
from planning.limits.stopes.solids import volume_m3
from planning.limits.stopes.stope import Stope, diluted_walls
from planning.limits.stopes.stope_sums import (
    between_stopes,
    figures,
    grouped,
    quantities,
    sums_of,
    totals,
)

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class TableFields:
    """How the fields of the cells are read.

    Parameters
    ----------
    grades : tuple of str
        Fields whose grades are reported; ``_pct`` and ``_gpt`` at the end of a name give metal in
        t and kg.
    nsr : str or None
        Field with the net smelter return [USD/t], reported per tonne milled.
    classes : mapping = {class: field}
        Share of the rock in each resource class, such as {"Measured": "is_measured"}: 1 or 0 in a
        block, or between. Tonnes of a class stand apart; Inferred is never added to another.
    """

    grades: tuple[str, ...]
    nsr: str | None = None
    classes: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def needed(self) -> tuple[str, ...]:
        """Fields that the cells must hold."""
        return (*self.grades, *((self.nsr,) if self.nsr else ()), *self.classes.values())


@dataclass(frozen=True, slots=True, eq=False)
class StopeTable:
    """What stopes hold: each, by level, by section, all together, and what is left.

    Parameters
    ----------
    rows : pandas.DataFrame
        One row a stope, unrounded; see `stope_table`.
    levels, sections : pandas.DataFrame
        Sums over the stopes of a level, or of a section; only those that hold stopes.
    totals : mapping
        Sums over all stopes, from unrounded figures.
    rest : mapping
        Tonnes and metal of the model's and the host's rock that is not in a diluted stope, summed
        by itself, not as a difference.
    balance : mapping
        Stopes plus rest less the whole, as a share of the whole; 0 but for rounding.
    """

    rows: pd.DataFrame
    levels: pd.DataFrame
    sections: pd.DataFrame
    totals: Mapping[str, float]
    rest: Mapping[str, float]
    balance: Mapping[str, float]

    def facts(self) -> list[Fact]:
        """Return the totals; tonnes of each class apart."""
        known = self.totals
        facts = [
            Fact("stopes", str(len(self.rows))),
            Fact("ore to mill", known["recovered_t"], "t"),
            Fact("in situ", known["in_situ_t"], "t"),
        ]
        for name, value in known.items():
            if name.startswith("diluted_") and name.endswith(("_pct", "_gpt")):
                unit = "%" if name.endswith("_pct") else "g/t"
                facts.append(Fact(name.removeprefix("diluted_"), value, unit))
            if name.startswith("class_"):
                label = name.removeprefix("class_").removesuffix("_t")
                facts.append(Fact(f"of it {label}", value, "t"))
        facts.append(Fact("planned dilution", known["dilution_pct"], "%"))
        return facts

    def __str__(self) -> str:
        """Facts as text."""
        return as_text("Stopes", self.facts())

    def _repr_html_(self) -> str:
        """Facts as a table."""
        return as_html("Stopes", self.facts())


def stope_ids(stopes: Sequence[Stope]) -> list[str]:
    """Return names such as L03-S12-1: level, section, number across from the near side.

    Parameters
    ----------
    stopes : sequence of Stope
        In any order.

    Returns
    -------
    list of str
        One a stope, all different; digits as many as the largest number needs, two at least.
    """
    digits = [max(2, len(str(1 + max((getattr(s, n) for s in stopes), default=0))))
              for n in ("level", "section")]  # fmt: skip
    order = sorted(range(len(stopes)), key=lambda n: (stopes[n].level, stopes[n].section,
                                                      stopes[n].walls_m))  # fmt: skip
    names, counted = [""] * len(stopes), dict[tuple[int, int], int]()
    for n in order:
        panel = (stopes[n].level, stopes[n].section)
        counted[panel] = counted.get(panel, 0) + 1
        level, section = panel[0] + 1, panel[1] + 1
        names[n] = f"L{level:0{digits[0]}d}-S{section:0{digits[1]}d}-{counted[panel]}"
    return names


def stope_table(
    stopes: Sequence[Stope], cells: StopeCells, rules: StopeRules, fields: TableFields
) -> StopeTable:
    """Work out what stopes hold.

    Parameters
    ----------
    stopes : sequence of Stope
        Without their skins, as the optimiser returns them.
    cells : StopeCells
        The model over the frame.
    rules : StopeRules
        Skins and mining recovery.
    fields : TableFields
        Grades, net smelter return and classes among the cells' fields.

    Returns
    -------
    StopeTable
        Columns of a row: id, level, section, number, floor and roof elevation [m], volume [m3] of
        the diluted stope; tonnes in situ, diluted, recovered; for each grade in_situ_ and diluted_
        grade and the metal in situ, diluted, recovered; nsr_usd_per_t; value; true widths at floor
        and roof [m] square to the mean wall; dips of near and far wall [degrees, above 90 towards
        -w]; dilution_pct, tonnes of the skins over tonnes in situ; mining_recovery; host_share and
        unknown_share_FIELD of the diluted tonnes [fraction]; class_NAME_t and class_none_t of the
        recovered tonnes.

    Raises
    ------
    DataError
        If the cells lack a field.
    """
    lacking = [name for name in fields.needed if name not in cells.fields]
    if lacking:
        have = ", ".join(cells.fields)
        raise DataError([Problem("field is not in the cells", "stopes", n, have) for n in lacking])
    frame, diluted = cells.frame, [diluted_walls(s, cells.frame, rules) for s in stopes]
    arrays = quantities(cells)
    inner = sums_of(arrays, frame, stopes, "in")
    whole = sums_of(arrays, frame, diluted, "all")
    sums = pd.concat([_counted(stopes, diluted, frame), inner, whole], axis=1)
    sums = pd.concat([sums, _classes(whole, fields, rules.mining_recovery)], axis=1)

    def made(parts: pd.DataFrame) -> pd.DataFrame:
        return figures(parts, fields.grades, fields.nsr, rules.mining_recovery)

    places = _places(stopes, frame)
    rows = pd.concat([places, made(sums).drop(columns="stopes"), _shapes(stopes, frame)], axis=1)
    by_level = grouped(sums.assign(level=places["level"]), "level")
    by_section = grouped(sums.assign(section=places["section"]), "section")
    levels = made(by_level).reset_index()
    floors = [frame.floor_elevation_m(int(level) - 1) for level in levels["level"]]
    levels.insert(1, "floor_m", np.array(floors, dtype=np.float64))
    levels.insert(2, "roof_m", levels["floor_m"] + frame.level_m)
    of_all = totals(sums)
    total = {str(name): float(v.iloc[0]) for name, v in made(of_all).items()}
    rest, balance = _rest(cells, arrays, between_stopes(frame, diluted), of_all)
    return StopeTable(rows, levels, made(by_section).reset_index(), total, rest, balance)


def _places(stopes: Sequence[Stope], frame: StopeFrame) -> pd.DataFrame:
    """Names, panels and elevations."""
    floors = np.array([frame.floor_elevation_m(s.level) for s in stopes], dtype=np.float64)
    return pd.DataFrame({
        "id": pd.Series(stope_ids(stopes), dtype="str"),
        "level": np.array([s.level + 1 for s in stopes], dtype=np.int64),
        "section": np.array([s.section + 1 for s in stopes], dtype=np.int64),
        "floor_m": floors,
        "roof_m": floors + frame.level_m,
    })  # fmt: skip


def _counted(stopes: Sequence[Stope], diluted: Sequence[Stope], frame: StopeFrame) -> pd.DataFrame:
    """Return what adds up beside the cells' quantities."""
    return pd.DataFrame({
        "stopes": np.ones(len(stopes)),
        "volume_m3": np.array([volume_m3(frame, s) for s in diluted], dtype=np.float64),
        "value": np.array([s.value for s in stopes], dtype=np.float64),
    })  # fmt: skip


def _classes(whole: pd.DataFrame, fields: TableFields, recovery: float) -> pd.DataFrame:
    """Return recovered tonnes of each class, and of none."""
    if not fields.classes:
        return pd.DataFrame(index=whole.index)
    apart = pd.DataFrame({
        f"class_{name.lower()}_t": recovery * whole[f"all x {share}"]
        for name, share in fields.classes.items()
    })  # fmt: skip
    return apart.assign(class_none_t=recovery * whole["all t"] - apart.sum(axis=1))


def _shapes(stopes: Sequence[Stope], frame: StopeFrame) -> pd.DataFrame:
    """Return true widths and dips."""
    feet, heads, dips = [], [], []
    for stope in stopes:
        near_foot, near_head, far_foot, far_head = stope.walls_m
        runs = near_foot - near_head, far_foot - far_head
        # Sine of the dip of the mean wall, to which widths are square.
        sine = frame.level_m / math.hypot(frame.level_m, sum(runs) / 2.0)
        feet.append((far_foot - near_foot) * sine)
        heads.append((far_head - near_head) * sine)
        dips.append([math.degrees(math.atan2(frame.level_m, run)) for run in runs])
    angles = np.array(dips, dtype=np.float64).reshape(-1, 2)
    return pd.DataFrame({
        "true_width_floor_m": np.array(feet, dtype=np.float64),
        "true_width_roof_m": np.array(heads, dtype=np.float64),
        "near_dip_deg": angles[:, 0],
        "far_dip_deg": angles[:, 1],
    })  # fmt: skip


def _rest(
    cells: StopeCells, arrays: Mapping[str, FloatArray], beside: list[Stope], of_all: pd.DataFrame
) -> tuple[dict[str, float], dict[str, float]]:
    """Return what is left in the frame and outside it, and how well all of it adds up."""
    left = totals(sums_of(arrays, cells.frame, beside, "left"))
    rest, balance = {"outside_t": cells.outside.tonnes}, {}
    named = {"t": "t"} | {f"x {name}": f"t_x_{name}" for name in cells.fields}
    for name, label in named.items():
        whole = float(np.sum(arrays[name]))
        size = float(np.sum(np.abs(arrays[name])))
        rest[f"frame_{label}"] = float(left[f"left {name}"].iloc[0])
        over = rest[f"frame_{label}"] + float(of_all[f"all {name}"].iloc[0]) - whole
        balance[label] = over / size if size else over
    rest |= {f"outside_t_x_{name}": value for name, value in cells.outside.metal.items()}
    return rest, balance
