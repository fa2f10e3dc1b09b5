"""Do stopes keep their rules, and are they worth what is claimed?

Nothing of the search for them is used: each diluted stope is cut out of the cells as a polygon
(Sutherland and Hodgman 1974), cell by cell, and every rule is checked from its own definition.
Whether other stopes would be worth more is not checked here; that is the bound's part.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from deposits.display import Fact, as_html, as_text
from planning.limits.stopes.cells import StopeCells
from planning.limits.stopes.frame import StopeFrame
from planning.limits.stopes.rules import StopeRules, StopeValue
from planning.limits.stopes.stope import Stope
from planning.verification.clipping import area, keep_side

FloatArray = NDArray[np.float64]
#: What a length [m], an angle [degrees] and a share of a cell may be off.
LENGTH, ANGLE, SHARE = 1e-6, 1e-6, 1e-9
#: What a sum may be off, as a share of the sum of absolute cells of its panel.
ROUNDING = 1e-11


@dataclass(frozen=True, slots=True)
class StopeViolation:
    """One rule that one stope, or a pair of neighbours, does not keep.

    Parameters
    ----------
    rule : str
        Which rule, in words.
    level, section : int
        Where; -1 where all stopes together are meant.
    amount : float
        By how much it is missed, above 0.
    unit : str
        Unit of the amount.
    """

    rule: str
    level: int
    section: int
    amount: float
    unit: str

    def __str__(self) -> str:
        """One sentence."""
        place = f"level {self.level}, section {self.section}: " if self.level >= 0 else ""
        return f"{place}{self.rule}, by {self.amount:.6g} {self.unit}".rstrip() + "."


@dataclass(frozen=True, slots=True, eq=False)
class StopeProof:
    """What was worked out again, and what does not hold.

    Parameters
    ----------
    table : pandas.DataFrame
        One row a stope, diluted and before losses: ``level, section, volume_m3, tonnes``, a grade
        for each field, ``value``.
    value : float
        Sum of the stopes' worth, worked out from the cells.
    violations : tuple of StopeViolation
        Rules that are broken and worths that are not what was claimed; () when all holds.
    """

    table: pd.DataFrame
    value: float
    violations: tuple[StopeViolation, ...]

    @property
    def holds(self) -> bool:
        """Whether nothing is violated."""
        return not self.violations

    def facts(self) -> list[Fact]:
        """Return what was checked and the first of what does not hold."""
        facts = [
            Fact("stopes checked", str(len(self.table))),
            Fact("value worked out again", self.value),
            Fact("violations", str(len(self.violations))),
        ]
        return facts + [Fact("violation", str(violation)) for violation in self.violations[:20]]

    def __str__(self) -> str:
        """Lay the facts out as text."""
        return as_text("Check of stopes", self.facts())

    def _repr_html_(self) -> str:
        """Lay the facts out for a notebook."""
        return as_html("Check of stopes", self.facts())


def verify_stopes(
    cells: StopeCells,
    value: StopeValue,
    rules: StopeRules,
    stopes: Sequence[Stope],
    *,
    claimed: tuple[float, float] | None = None,
) -> StopeProof:
    """Check stopes against their rules and work out again what they hold and are worth.

    Parameters
    ----------
    cells : StopeCells
        Rock and exclusions on the frame.
    value : StopeValue
        Worth and needs of the cells.
    rules : StopeRules
        What stopes keep to.
    stopes : sequence of Stope
        In any order.
    claimed : tuple = (value, bound), optional
        Worth of all stopes together, before costs beyond the cells', and its bound.

    Returns
    -------
    StopeProof
        With every violation.
    """
    found: list[StopeViolation] = []
    rows = []
    for stope in stopes:
        faults = list(_misplaced(stope, cells.frame))
        if faults:
            found += faults
            continue
        found += _misshapen(stope, cells.frame, rules)
        shares = _shares(stope, cells.frame, rules)
        row, faults = _recount(stope, shares, cells, value)
        rows.append(row)
        found += faults
    found += _neighbours(stopes, cells.frame, rules)
    columns = ["level", "section", "volume_m3", "tonnes", *cells.fields, "value"]
    table = pd.DataFrame(rows, columns=columns)
    total = math.fsum(table["value"])
    if claimed is not None:
        found += _claims(total, claimed, float(np.sum(np.abs(value.value))))
    return StopeProof(table, total, tuple(found))


def _misplaced(stope: Stope, frame: StopeFrame) -> Iterator[StopeViolation]:
    """Yield what keeps a stope from lying in a panel at all."""
    here = stope.level, stope.section
    if not (0 <= stope.level < frame.n_levels and 0 <= stope.section < frame.n_sections):
        yield StopeViolation("the stope is in no panel of the frame", *here, 1.0, "panel")
    width = frame.n_steps * frame.step_m
    for wall in stope.walls_m:
        if not 0 <= wall <= width:  # NaN too
            beyond = max(-wall, wall - width) if math.isfinite(wall) else math.inf
            if not beyond <= LENGTH:
                yield StopeViolation("a wall leaves the frame", *here, beyond, "m")


def _misshapen(stope: Stope, frame: StopeFrame, rules: StopeRules) -> Iterator[StopeViolation]:
    """Yield where one stope's own shape breaks a rule."""
    here = stope.level, stope.section
    near, far = _dips(stope, frame)
    off = max(abs(wall / frame.step_m - round(wall / frame.step_m)) for wall in stope.walls_m)
    if off * frame.step_m > LENGTH:
        yield StopeViolation("a wall ends between two steps", *here, off * frame.step_m, "m")
    for name, dip in (("near", near), ("far", far)):
        beyond = max(rules.wall_dip_deg[0] - dip, dip - rules.wall_dip_deg[1])
        if beyond > ANGLE:
            fact = f"the {name} wall dips beyond its limits"
            yield StopeViolation(fact, *here, beyond, "degrees")
    bottom = stope.far_bottom_m - stope.near_bottom_m
    top = stope.far_top_m - stope.near_top_m
    middle = (sum(stope.walls_m[::2]) - sum(stope.walls_m[1::2])) / 2
    mean = math.atan2(frame.level_m, middle)
    for name, width in (("floor", bottom), ("roof", top)):
        true = width * math.sin(mean)
        if true < rules.least_width_m - LENGTH:
            short = rules.least_width_m - true
            yield StopeViolation(f"the stope is too narrow at its {name}", *here, short, "m")
        if true > rules.most_width_m + LENGTH:
            over = true - rules.most_width_m
            yield StopeViolation(f"the stope is too wide at its {name}", *here, over, "m")
    reach = (
        rules.near_skin_m / math.sin(math.radians(near)) - min(stope.walls_m[:2]),
        rules.far_skin_m / math.sin(math.radians(far))
        + max(stope.walls_m[2:])
        - frame.n_steps * frame.step_m,
    )
    if max(reach) > LENGTH:
        yield StopeViolation("a skin leaves the frame", *here, max(reach), "m")


def _recount(
    stope: Stope, shares: FloatArray, cells: StopeCells, value: StopeValue
) -> tuple[list[float], list[StopeViolation]]:
    """Sum what a diluted stope holds, and list what it lacks; shares of cells, (K, J)."""
    here = stope.level, stope.section

    def held(array: FloatArray) -> float:
        return math.fsum((array[here] * shares).ravel())

    tonnes, worth = held(cells.tonnes), held(value.value)
    metal = [held(array) for array in cells.metal.values()]
    grades = [sum_ / tonnes if tonnes > 0 else math.nan for sum_ in metal]
    found = []
    barred = float(np.sum(shares[cells.blocked[here] > SHARE]))
    if barred > LENGTH:
        volume = barred * cells.frame.cell_volume_m3
        found.append(StopeViolation("the diluted stope touches an exclusion", *here, volume, "m3"))
    for number, need in enumerate(value.needs, start=1):
        lacking = -held(need)
        if lacking > ROUNDING * float(np.sum(np.abs(need[here]))):
            found.append(StopeViolation(f"need {number} is not met", *here, lacking, ""))
    off = abs(worth - stope.value)
    if not off <= ROUNDING * float(np.sum(np.abs(value.value[here]))):
        found.append(StopeViolation("the stope is not worth what it says", *here, off, value.unit))
    return [*here, held(cells.volume_m3), tonnes, *grades, worth], found


def _neighbours(
    stopes: Sequence[Stope], frame: StopeFrame, rules: StopeRules
) -> Iterator[StopeViolation]:
    """Yield pairs of stopes of one panel with too thin a pillar between them."""
    panels: dict[tuple[int, int], list[Stope]] = {}
    for stope in stopes:
        panels.setdefault((stope.level, stope.section), []).append(stope)
    for here, row in panels.items():
        row.sort(key=lambda stope: sum(stope.walls_m))
        for first, then in pairwise(row):
            far = math.sin(math.radians(_dips(first, frame)[1]))
            near = math.sin(math.radians(_dips(then, frame)[0]))
            skins = rules.far_skin_m / far + rules.near_skin_m / near
            spare = rules.pillar_m - rules.far_skin_m - rules.near_skin_m
            needed = skins + max(spare, 0.0) / 2 * (1 / far + 1 / near)
            gap = min(then.near_bottom_m - first.far_bottom_m, then.near_top_m - first.far_top_m)
            if gap < skins - LENGTH:
                fact = "skins of neighbours overlap, or the stopes themselves"
                yield StopeViolation(fact, *here, skins - gap, "m")
            elif gap < needed - LENGTH:
                fact = "the pillar between neighbours is too thin"
                yield StopeViolation(fact, *here, needed - gap, "m across")


def _claims(value: float, claimed: tuple[float, float], scale: float) -> Iterator[StopeViolation]:
    """Yield what is wrong with the claimed worth and its bound."""
    off = abs(value - claimed[0])
    if not off <= ROUNDING * scale:
        yield StopeViolation("all stopes are not worth what is claimed", -1, -1, off, "")
    over = value - claimed[1]
    if not over <= ROUNDING * scale:
        yield StopeViolation("the stopes are worth more than their bound", -1, -1, over, "")


def _dips(stope: Stope, frame: StopeFrame) -> tuple[float, float]:
    """Dips of near and far wall [degrees], below 90 towards +w."""
    near = math.atan2(frame.level_m, stope.near_bottom_m - stope.near_top_m)
    far = math.atan2(frame.level_m, stope.far_bottom_m - stope.far_top_m)
    return math.degrees(near), math.degrees(far)


def _shares(stope: Stope, frame: StopeFrame, rules: StopeRules) -> FloatArray:
    """Cut a diluted stope out of its panel: the share of each cell within it, (K, J)."""
    near, far = (math.sin(math.radians(dip)) for dip in _dips(stope, frame))
    left, right = rules.near_skin_m / near, rules.far_skin_m / far
    corners = [
        (stope.near_bottom_m - left, 0.0),
        (stope.far_bottom_m + right, 0.0),
        (stope.far_top_m + right, frame.level_m),
        (stope.near_top_m - left, frame.level_m),
    ]
    across, height = frame.step_m, frame.level_m / frame.n_sublevels
    shares = np.zeros((frame.n_sublevels, frame.n_steps))
    for k in range(frame.n_sublevels):
        lower = keep_side(corners, 1, k * height, 1.0)
        part = keep_side(lower, 1, (k + 1) * height, -1.0)
        if not part:
            continue
        first = max(0, math.floor(min(w for w, _ in part) / across))
        last = min(frame.n_steps, math.ceil(max(w for w, _ in part) / across))
        for j in range(first, last):
            cell = keep_side(keep_side(part, 0, j * across, 1.0), 0, (j + 1) * across, -1.0)
            shares[k, j] = area(cell) / (across * height)
    return shares
