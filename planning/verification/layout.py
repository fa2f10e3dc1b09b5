"""Does a choice of panels keep every rule between panels, and is it worth what it says?

Every rule is walked panel by panel and every sum is taken in fractions, without rounding. Nothing
is imported from what chose the panels.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from deposits.display import Fact, as_html, as_text
from planning.limits.stopes.layout_rules import LayoutRules, PanelChoice

BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class LayoutProof:
    """What a check of a choice of panels found.

    Parameters
    ----------
    value : float
        Worth added up again.
    relaxed_bound : float
        What no choice can exceed, whatever the rules between panels: worked out again.
    violations : tuple of str
        What is broken, each with its place; () when all is well.
    """

    value: float
    relaxed_bound: float
    violations: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether nothing is broken."""
        return not self.violations

    def facts(self) -> list[Fact]:
        """Return what a reader wants to know first."""
        return [
            Fact("holds", "yes" if self.holds else "no"),
            Fact("value added up again", self.value),
            Fact("bound without rules", self.relaxed_bound),
            *(Fact(f"violation {n + 1}", text) for n, text in enumerate(self.violations)),
        ]

    def __str__(self) -> str:
        """Facts as text."""
        return as_text("Check of a layout", self.facts())

    def _repr_html_(self) -> str:
        """Facts as a table."""
        return as_html("Check of a layout", self.facts())


def verify_choice(values: ArrayLike, rules: LayoutRules, choice: PanelChoice) -> LayoutProof:
    """Check a choice of panels against the rules and its own figures.

    Parameters
    ----------
    values : array_like, shape (L, S)
        Worth of each panel; NaN where no stope fits.
    rules : LayoutRules
        Rules between panels.
    choice : PanelChoice
        What is claimed.

    Returns
    -------
    LayoutProof
        Whether the bound is the least possible is proven by the solver alone; that it is not below
        the value and that neither passes the bound without rules is checked here.
    """
    worths = np.asarray(values, dtype=np.float64)
    n_levels, n_sections = worths.shape
    if choice.mined.shape != worths.shape or choice.opened.shape != (n_levels,):
        text = f"the choice is of shape {choice.mined.shape}, the worths {worths.shape}"
        return LayoutProof(float("nan"), float("nan"), (text,))
    value, violations = Fraction(0), []
    costs = rules.costs(n_levels)
    for level in range(n_levels):
        if choice.opened[level]:
            value -= Fraction(float(costs[level]))
        for section in range(n_sections):
            if choice.mined[level, section]:
                worth = float(worths[level, section])
                value += Fraction(worth) if worth == worth else 0
                violations += _panel(worth, rules, choice, level, section)
    violations += _openings(rules, choice)
    for level in range(n_levels):
        violations += _along(rules, choice.mined[level].tolist(), level)
    for section in range(n_sections):
        violations += _upwards(rules, choice.mined[:, section].tolist(), section)
    relaxed = _relaxed(worths, rules)
    violations += _figures(choice, float(value), float(relaxed))
    return LayoutProof(float(value), float(relaxed), tuple(violations))


class PlacedStope(Protocol):
    """What is asked of a stope: its panel and its worth."""

    @property
    def level(self) -> int:
        """Level, from 0 upwards."""

    @property
    def section(self) -> int:
        """Section, from 0 along strike."""

    @property
    def value(self) -> float:
        """Worth."""


def verify_layout(
    values: ArrayLike, rules: LayoutRules, choice: PanelChoice, stopes: Sequence[PlacedStope]
) -> LayoutProof:
    """Check a choice of panels together with the stopes that were taken from it.

    Parameters
    ----------
    values : array_like, shape (L, S)
        Worth of each panel; NaN where no stope fits.
    rules : LayoutRules
        Rules between panels.
    choice : PanelChoice
        What is claimed.
    stopes : sequence of stopes
        Each with level, section and value; their shapes are checked by `verification.stopes`.

    Returns
    -------
    LayoutProof
        As `verify_choice`; each mined panel must hold stopes that add up to its worth to 1e-9,
        and no other panel any.
    """
    proof = verify_choice(values, rules, choice)
    worths = np.asarray(values, dtype=np.float64)
    held: dict[tuple[int, int], list[float]] = {}
    for stope in stopes:
        held.setdefault((stope.level, stope.section), []).append(stope.value)
    found = []
    for level, section in sorted({*held, *zip(*np.nonzero(choice.mined), strict=True)}):
        place = f"level {level + 1}, section {section + 1}"
        parts = held.get((level, section), [])
        inside = 0 <= level < worths.shape[0] and 0 <= section < worths.shape[1]
        if not inside or not choice.mined[level, section]:
            found.append(f"{place} holds {len(parts)} stopes, but is not mined")
        elif not parts:
            found.append(f"{place} is mined, but holds no stope")
        else:
            total, worth = math.fsum(parts), float(worths[level, section])
            if not abs(total - worth) <= 1e-9 * math.fsum(map(abs, parts)):
                found.append(f"{place}: stopes are worth {total!r}, the panel {worth!r}")
    return LayoutProof(proof.value, proof.relaxed_bound, (*proof.violations, *found))


class WalledStope(PlacedStope, Protocol):
    """What is asked of a stope where walls must be continuous."""

    @property
    def walls_m(self) -> tuple[float, float, float, float]:
        """Near foot, near head, far foot, far head [m]."""


def verify_continuity(stopes: Sequence[WalledStope], shift_m: float) -> tuple[str, ...]:
    """List where walls move too far between neighbouring mined sections of a level.

    Parameters
    ----------
    stopes : sequence of stopes
        Each with level, section and walls; one a panel at most.
    shift_m : float
        How far each of the four ends may move [m]; 1e-6 m more is no fault.

    Returns
    -------
    tuple of str
        Every fault with its place; () when all is well.
    """
    held: dict[tuple[int, int], WalledStope] = {}
    found = []
    for stope in stopes:
        place = (stope.level, stope.section)
        if place in held:
            found.append(f"level {place[0] + 1}, section {place[1] + 1} holds more than one stope")
        held[place] = stope
    for (level, section), stope in sorted(held.items(), key=lambda item: item[0]):
        then = held.get((level, section + 1))
        if then is None:
            continue
        pairs = zip(stope.walls_m, then.walls_m, strict=True)
        moved = max(abs(first - second) for first, second in pairs)
        if moved > shift_m + 1e-6:
            place_of = f"level {level + 1}, sections {section + 1} to {section + 2}"
            found.append(f"{place_of}: a wall moves by {moved:g} m, at most {shift_m:g} m")
    return tuple(found)


def _panel(
    worth: float, rules: LayoutRules, choice: PanelChoice, level: int, section: int
) -> list[str]:
    """Check what a mined panel asks for."""
    place = f"level {level + 1}, section {section + 1}"
    found = []
    if worth != worth:
        found.append(f"{place} is mined, but no stope fits there")
    if rules.excluded is not None and rules.excluded[level, section]:
        found.append(f"{place} is mined, but excluded")
    if not choice.opened[level]:
        found.append(f"{place} is mined, but its level is not opened")
    return found


def _openings(rules: LayoutRules, choice: PanelChoice) -> list[str]:
    """Check the order of opening levels."""
    n = len(choice.opened)
    found = []
    for needs, step, word in ((rules.needs_above, 1, "above"), (rules.needs_below, -1, "below")):
        for level in np.flatnonzero(choice.opened).tolist():
            asks = (
                needs if isinstance(needs, bool) else bool(np.ravel(needs)[level % np.size(needs)])
            )
            other = level + step
            if asks and 0 <= other < n and not choice.opened[other]:
                found.append(f"level {level + 1} is opened, the one {word} is not")
    return found


def _along(rules: LayoutRules, row: list[bool], level: int) -> list[str]:
    """Check the length of every mined stretch of a level."""
    found, first = [], 0
    for section, is_mined in enumerate([*row, False]):
        if is_mined:
            continue
        length = section - first
        place = f"level {level + 1}, sections {first + 1} to {section}"
        if 0 < length < rules.least_run:
            found.append(f"{place}: {length} mined together, at least {rules.least_run} must be")
        if rules.most_run is not None and length > rules.most_run:
            found.append(f"{place}: {length} mined together, at most {rules.most_run} may be")
        first = section + 1
    return found


def _upwards(rules: LayoutRules, column: list[bool], section: int) -> list[str]:
    """Check the height of every mined stack of a section."""
    found, height = [], 0
    for level, is_mined in enumerate([*column, False]):
        if is_mined:
            height += 1
            continue
        if rules.most_levels is not None and height > rules.most_levels:
            place = f"section {section + 1}, levels {level - height + 1} to {level}"
            found.append(f"{place}: {height} without a sill, at most {rules.most_levels} may be")
        height = 0
    return found


def _relaxed(worths: NDArray[np.float64], rules: LayoutRules) -> Fraction:
    """Add up what every level could bring by itself, without any rule."""
    total = Fraction(0)
    for row, cost in zip(worths.tolist(), rules.costs(len(worths)).tolist(), strict=True):
        gain = sum((Fraction(worth) for worth in row if worth > 0), Fraction(0)) - Fraction(cost)
        total += gain if gain > 0 else 0
    return total


def _figures(choice: PanelChoice, value: float, relaxed: float) -> list[str]:
    """Check the figures that a choice states."""
    found = []
    if choice.value != value:
        found.append(f"the choice is worth {value!r}, not {choice.value!r}")
    if choice.bound < value:
        found.append(f"the bound {choice.bound!r} lies below the value {value!r}")
    if choice.relaxed_bound != relaxed:
        found.append(f"the bound without rules is {relaxed!r}, not {choice.relaxed_bound!r}")
    if max(choice.bound, value) > relaxed:
        found.append(f"bound or value pass {relaxed!r}, the bound without rules")
    if choice.status == "proven" and choice.bound - value > 1e-9 * abs(choice.bound):
        found.append(f"called proven, but the bound {choice.bound!r} is above {value!r}")
    return found
