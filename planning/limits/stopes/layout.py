r"""Which panels are mined and which levels opened so that the whole layout is worth the most?

Why a choice of panels is exact for the layout of stopes. Let :math:`C_p` be the sets of stopes that
keep the rules within panel p, :math:`v_p(c)` the worth of such a set, and let a rule between panels
see only which panels are mined, :math:`x_p = [c_p \ne \emptyset]`, and which levels are opened. A
panel's worth does not depend on what stands in its neighbours: skins lie within the panel, and the
pillar within it is never thinner than the skins that face each other. For given x the panels are
then free of one another, and the best layout with these x is worth :math:`\sum_p x_p V_p` less the
cost of levels, with :math:`V_p = \max_{c \in C_p, c \ne \emptyset} v_p(c)`, each found by itself.
So the greatest :math:`\sum_p x_p V_p - \sum_l y_l K_l` over all x, y that keep the rules is the
worth of the best layout, not a bound of it, and the stopes of the panels' optima are that layout.

Rules along one level and the order of opening levels are solved level by level in whole numbers,
without rounding; a sill pillar joins levels and needs a mixed-integer program, whose answer is
checked against the rows' bound.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
from numpy.typing import ArrayLike, NDArray

from deposits.display import Fact, as_html, as_text
from deposits.errors import DataError, Problem
from planning.limits.stopes.frame import StopeFrame
from planning.limits.stopes.layout_program import panel_program
from planning.limits.stopes.layout_rows import best_levels, best_row, choose_rows, in_units
from planning.limits.stopes.layout_rules import LayoutRules, PanelChoice
from planning.limits.stopes.panels import PanelSolutions
from planning.limits.stopes.rules import StopeRules
from planning.limits.stopes.stope import Stope
from planning.programs import SolveReport, SolveStatus
from planning.solver import solve

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class StopeLayout:
    """The stopes of a mine, with a proof.

    Parameters
    ----------
    frame, rules, layout_rules : StopeFrame, StopeRules, LayoutRules
        What the layout is optimal for.
    stopes : tuple of Stope
        By level, section, and position across.
    choice : PanelChoice
        Panels mined, levels opened, how they were found.
    value : float
        Worth of the stopes less the cost of the levels, in `unit`.
    bound : float
        No layout on this frame that keeps the rules is worth more.
    unit : str
        Unit of the worth.
    words : str
        What is proven, and for which step, frame and rules.
    offsets : str
        Which offsets of the frame were tried; see `with_offsets`.
    """

    frame: StopeFrame
    rules: StopeRules
    layout_rules: LayoutRules
    stopes: tuple[Stope, ...]
    choice: PanelChoice
    value: float
    bound: float
    unit: str
    words: str
    offsets: str = "The frame stands where it is; no offsets were tried."

    def certificate(self) -> str:
        """Say what is proven, and for which step, frame, offsets and rules."""
        return f"{self.words} {self.offsets}"

    def with_offsets(self, words: str) -> StopeLayout:
        """Return the same layout with what a search of frames says of its offsets."""
        return replace(self, offsets=words)

    @property
    def gap(self) -> float:
        """(bound - value) / |bound| [fraction]; 0 where nothing pays but for rounding."""
        if self.bound == self.value or self.choice.bound == 0.0:
            return 0.0
        return (self.bound - self.value) / abs(self.bound) if self.bound else math.inf

    @property
    def status(self) -> str:
        """Whether the choice of panels is "proven" or only "feasible"."""
        return self.choice.status

    @property
    def opened(self) -> tuple[int, ...]:
        """Levels that are opened, from 0 upwards."""
        return tuple(np.flatnonzero(self.choice.opened).tolist())

    def facts(self) -> list[Fact]:
        """Return what a reader wants to know first."""
        return [
            Fact("stopes", str(len(self.stopes))),
            Fact("levels opened", ", ".join(str(level + 1) for level in self.opened) or "none"),
            Fact("value", self.value, self.unit),
            Fact("bound", self.bound, self.unit),
            Fact("bound without rules", self.choice.relaxed_bound, self.unit),
            Fact("gap", 100 * self.gap, "%"),
            Fact("status", self.status),
            Fact("certificate", self.certificate()),
        ]

    def __str__(self) -> str:
        """Facts as text."""
        return as_text("Layout of stopes", self.facts())

    def _repr_html_(self) -> str:
        """Facts as a table."""
        return as_html("Layout of stopes", self.facts())


def lay_out(
    panels: PanelSolutions,
    rules: LayoutRules,
    *,
    time_limit_s: float | None = None,
) -> StopeLayout:
    """Choose the stopes of a mine from the best stopes of its panels.

    Parameters
    ----------
    panels : PanelSolutions
        The optimum of every panel; a panel without stopes is never mined, not to bridge a run
        either.
    rules : LayoutRules
        Rules between panels.
    time_limit_s : float, optional
        When to stop the program that a sill pillar needs [s].

    Returns
    -------
    StopeLayout
        Exact, as this module's first lines show.

    Raises
    ------
    DataError
        If the rules do not fit the frame.
    MissingPackage
        If the rules need a program and highspy is not installed.
    """
    holding = np.zeros(panels.values.shape, dtype=np.bool_)
    for stope in panels.stopes:
        holding[stope.level, stope.section] = True
    values = np.where(holding, panels.values, np.nan)
    choice = choose_panels(values, rules, time_limit_s=time_limit_s)
    stopes = tuple(s for s in panels.stopes if choice.mined[s.level, s.section])
    # Any choice gains at most what the panels' own rounding may hide.
    hidden = math.fsum(np.maximum(panels.bounds - panels.values, 0.0).ravel().tolist())
    bound = max(choice.bound + hidden, choice.value)
    if choice.method == "rows":
        proof = "Panels and levels chosen exactly, in whole numbers"
    else:
        proof = f"Panels and levels chosen by a mixed-integer program ({choice.solver})"
    if choice.status != "proven":
        proof += ", stopped before a proof"
    gap = (bound - choice.value) / abs(bound) if choice.bound else 0.0
    words = (
        f"{panels.certificate()} Between panels: {rules.words()}. {proof}: value "
        f"{choice.value:.10g}, bound {bound:.10g} {panels.unit}, gap {100 * gap:.2g} %. A mined "
        "panel holds stopes that pay by themselves; walls need not meet those of the next section."
    )
    return StopeLayout(
        frame=panels.frame, rules=panels.rules, layout_rules=rules, stopes=stopes, choice=choice,
        value=choice.value, bound=bound, unit=panels.unit, words=words,
    )  # fmt: skip


def choose_panels(
    values: ArrayLike, rules: LayoutRules, *, time_limit_s: float | None = None
) -> PanelChoice:
    """Choose the panels to mine and the levels to open.

    Parameters
    ----------
    values : array_like, shape (L, S)
        Worth of the best stopes of each panel, levels upwards; NaN where no stope fits. What is
        worth 0 or less is mined only to make a run long enough.
    rules : LayoutRules
        Rules between panels.
    time_limit_s : float, optional
        When to stop the program that a sill pillar needs [s].

    Returns
    -------
    PanelChoice
        With its proof; of equal choices the same one is taken every time.

    Raises
    ------
    DataError
        If a worth is infinite or an array has another shape.
    MissingPackage
        If the rules need a program and highspy is not installed.
    """
    began = time.perf_counter()
    worths = _checked(values, rules)
    allowed = np.where(rules.barred(_shape(worths)), np.nan, worths)
    mined, opened, worth = choose_rows(allowed, rules)
    relaxed = _relaxed(worths, rules)
    status, method, solver, interrupted = SolveStatus.PROVEN, "rows", "", False
    bound = worth
    if not _keeps_sills(mined, rules.most_levels):
        method = "program"
        first = _with_sills(allowed, rules)
        report = solve(panel_program(allowed, rules), start=_start(allowed, rules, *first),
                       time_limit_s=time_limit_s)  # fmt: skip
        mined, opened, status = _better(report, first, allowed, rules)
        worth = _worth(allowed, rules, mined, opened)
        # The rows' answer keeps fewer rules: it bounds the program too.
        found = math.inf if report.bound is None else report.bound
        bound = bound if float(bound) < found else Fraction(found)
        bound = max(bound, worth)
        solver, interrupted = f"{report.solver} {report.version}", report.interrupted
    return PanelChoice(mined=mined, opened=opened, value=float(worth), bound=float(bound),
                       relaxed_bound=float(relaxed), status=str(status), method=method,
                       solver=solver, interrupted=interrupted,
                       seconds=time.perf_counter() - began)  # fmt: skip


def _shape(worths: FloatArray) -> tuple[int, int]:
    """Levels and sections."""
    return len(worths), worths.shape[1]


def _checked(values: ArrayLike, rules: LayoutRules) -> FloatArray:
    """Return worths as an array (L, S) that fits the rules."""
    worths = np.asarray(values, dtype=np.float64)
    if worths.ndim != 2 or not worths.size:
        raise DataError(
            [Problem("not a table of levels and sections", "values", str(worths.shape))]
        )
    if np.isinf(worths).any():
        raise DataError([Problem("worths are infinite", "values", f"{np.isinf(worths).sum()}")])
    rules.check_shape(_shape(worths))
    return worths


def _relaxed(worths: FloatArray, rules: LayoutRules) -> Fraction:
    """Return what every panel of positive worth brings when each level opens on its own."""
    numbers, unit = in_units(worths)
    total = Fraction(0)
    for row, cost in zip(numbers, rules.costs(len(worths)).tolist(), strict=True):
        gain = Fraction(sum(v for v in row if v is not None and v > 0), unit)
        total += max(gain - Fraction(cost), Fraction(0))
    return total


def _worth(worths: FloatArray, rules: LayoutRules, mined: BoolArray, opened: BoolArray) -> Fraction:
    """Add a choice up without rounding."""
    gains = sum(map(Fraction, worths[mined].tolist()), Fraction(0))
    return gains - sum(map(Fraction, rules.costs(len(worths))[opened].tolist()), Fraction(0))


def _keeps_sills(mined: BoolArray, most: int | None) -> bool:
    """Whether no section is mined over more levels than it may."""
    if most is None or most >= len(mined):
        return True
    seen = np.lib.stride_tricks.sliding_window_view(mined, most + 1, axis=0)
    return not bool(seen.all(axis=-1).any())


def _with_sills(worths: FloatArray, rules: LayoutRules) -> tuple[BoolArray, BoolArray]:
    """Return a good choice that keeps all rules: the best levels first, around their sills."""
    most = rules.most_levels or len(worths)
    numbers, unit = in_units(worths)
    alone = [best_row(row, rules).worth for row in numbers]
    mined = np.zeros(worths.shape, dtype=np.bool_)
    for level in sorted(range(len(worths)), key=lambda row: (-alone[row], row)):
        trial = mined.copy()
        trial[level] = True
        run = np.zeros(worths.shape[1], dtype=np.int64)
        full = np.zeros(worths.shape[1], dtype=np.bool_)
        for row in trial:
            run = np.where(row, run + 1, 0)
            full |= run > most
        row_of = [None if shut else worth
                  for worth, shut in zip(numbers[level], full.tolist(), strict=True)]  # fmt: skip
        mined[level] = best_row(row_of, rules).mined
    gains = [Fraction(sum(v or 0 for v, m in zip(row, kept, strict=True) if m), unit)
             for row, kept in zip(numbers, mined.tolist(), strict=True)]  # fmt: skip
    costs = [Fraction(cost) for cost in rules.costs(len(worths)).tolist()]
    unit = math.lcm(*(value.denominator for value in (*gains, *costs)))
    net = [int((gain - cost) * unit) for gain, cost in zip(gains, costs, strict=True)]
    opened = best_levels(net, *rules.needs(len(worths)))
    return mined & opened[:, None], opened


def _start(
    worths: FloatArray, rules: LayoutRules, mined: BoolArray, opened: BoolArray
) -> FloatArray:
    """Return a choice as the program's variables."""
    parts = [mined.ravel(), opened]
    if rules.least_run > 1:
        before = np.zeros_like(mined)
        before[:, 1:] = mined[:, :-1]
        parts.append((mined & ~before).ravel())
    if rules.least_run == 1:
        parts[0] = parts[0] & (np.nan_to_num(worths).ravel() > 0)
    return np.concatenate(parts).astype(np.float64)


def _better(
    report: SolveReport, first: tuple[BoolArray, BoolArray], worths: FloatArray, rules: LayoutRules
) -> tuple[BoolArray, BoolArray, SolveStatus]:
    """Return the program's choice, or the first one when that is worth more."""
    if report.solution is None:
        return *first, SolveStatus.FEASIBLE
    n = worths.size
    chosen = report.solution > 0.5
    mined, opened = chosen[:n].reshape(worths.shape), chosen[n : n + len(worths)]
    if _worth(worths, rules, mined, opened) < _worth(worths, rules, *first):
        return *first, report.status
    return mined, opened, report.status
