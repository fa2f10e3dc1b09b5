"""Where should levels, sections and steps begin so that the stopes between them are worth the most?

A frame fixes where floors and ends of stopes lie. Shifting it by part of a level, of a section or
of a step gives another problem, solved exactly; the search keeps what each shift is worth and
takes the best. Between the shifts that were tried nothing is proven.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Generic, Protocol, TypeVar

import pandas as pd

from deposits.display import Fact, as_html, as_text
from deposits.errors import DataError, Problem
from planning.limits.stopes.frame import StopeFrame

#: More frames than this are a slip rather than a search.
MOST_FRAMES = 10_000


class Solved(Protocol):
    """Stopes on one frame: panels by themselves, or a whole layout."""

    @property
    def value(self) -> float:
        """What they are worth."""

    @property
    def bound(self) -> float:
        """What nothing on this frame can pass."""


Solution = TypeVar("Solution", bound=Solved)


@dataclass(frozen=True, slots=True, eq=False)
class FrameSearch(Generic[Solution]):
    """What the stopes are worth on each frame that was tried.

    Parameters
    ----------
    offsets : pandas.DataFrame
        One row a frame, in the order tried: ``u_m, w_m, z_m`` by which the first frame was shifted
        [m], ``value``, ``bound``, ``best`` (True in one row).
    frame : StopeFrame
        The best one; of equals the first tried.
    best : Solution
        The stopes on it.
    """

    offsets: pd.DataFrame
    frame: StopeFrame
    best: Solution

    def certificate(self) -> str:
        """Say what was searched and what is proven."""
        n = len(self.offsets)
        if n == 1:
            return "One frame was tried; its stopes carry their own proof."
        least, most = float(self.offsets["value"].min()), float(self.offsets["value"].max())
        return (
            f"Best of {n} offsets of the frame; the stopes of each offset carry their own proof, "
            f"frames between the offsets are not covered. Worth {least:,.0f} to {most:,.0f}."
        )

    def facts(self) -> list[Fact]:
        """Return what was searched and what it brought."""
        best = self.offsets[self.offsets["best"]].iloc[0]
        return [
            Fact("frames tried", str(len(self.offsets))),
            Fact("best shift along strike", f"{best['u_m']:g} m"),
            Fact("best shift across", f"{best['w_m']:g} m"),
            Fact("best shift upwards", f"{best['z_m']:g} m"),
            Fact("value", float(best["value"])),
            Fact("value of the first frame", float(self.offsets["value"].iloc[0])),
            Fact("certificate", self.certificate()),
        ]

    def __str__(self) -> str:
        """Lay the facts out as text."""
        return as_text("Frames of stopes", self.facts())

    def _repr_html_(self) -> str:
        """Lay the facts out for a notebook."""
        return as_html("Frames of stopes", self.facts())


def search_frames(
    frame: StopeFrame,
    solve: Callable[[StopeFrame], Solution],
    parts: tuple[int, int, int] = (1, 1, 1),
) -> FrameSearch[Solution]:
    """Solve the stopes on shifted frames and keep the best.

    Parameters
    ----------
    frame : StopeFrame
        The first one tried, unshifted.
    solve : callable
        Gives the stopes on a frame: integrates the model, values its cells, optimises.
    parts : tuple = (along strike, across, upwards)
        Into how many equal shifts a section, a step and a level are divided; 1 leaves it. The
        frame is only ever shifted downwards along its axes, and by as many sections, steps and
        levels longer as covers the same rock.

    Returns
    -------
    FrameSearch
        Every offset's worth, the best frame and its stopes.

    Raises
    ------
    DataError
        If the numbers of parts are no counts, or too many.

    Examples
    --------
    >>> first = StopeFrame(
    ...     origin_m=(0.0, 0.0, 0.0), strike_deg=0.0,
    ...     section_m=20.0, level_m=30.0, step_m=1.0, n_sections=3, n_levels=2, n_steps=40,
    ... )
    >>> [shift for shift in shifts(first, (1, 1, 3))]
    [(0.0, 0.0, 0.0), (0.0, 0.0, -10.0), (0.0, 0.0, -20.0)]
    """
    rows, best_frame, best = [], None, None
    tried = shifts(frame, parts)
    for u_m, w_m, z_m in tried:
        shifted = _shifted(frame, (u_m, w_m, z_m))
        found = solve(shifted)
        rows.append(
            {"u_m": u_m, "w_m": w_m, "z_m": z_m, "value": found.value, "bound": found.bound}
        )
        if best is None or found.value > best.value:
            best_frame, best = shifted, found
    assert best is not None and best_frame is not None
    offsets = pd.DataFrame(rows)
    first_best = int(offsets["value"].to_numpy().argmax())
    return FrameSearch(offsets.assign(best=offsets.index == first_best), best_frame, best)


def shifts(frame: StopeFrame, parts: tuple[int, int, int]) -> list[tuple[float, float, float]]:
    """Return the shifts that a search tries.

    Parameters
    ----------
    frame : StopeFrame
        Whose sections, steps and levels are divided.
    parts : tuple = (along strike, across, upwards)
        Into how many equal shifts.

    Returns
    -------
    list of tuple = (u, w, z)
        Shifts [m], none above 0; the first is (0, 0, 0); along strike changes slowest.

    Raises
    ------
    DataError
        If the numbers of parts are no counts, or too many.
    """
    counts = all(isinstance(n, int) and not isinstance(n, bool) and n >= 1 for n in parts)
    if len(parts) != 3 or not counts or math.prod(parts) > MOST_FRAMES:
        allowed = f"three counts, {MOST_FRAMES:,} frames in all"
        raise DataError([Problem("offsets of the frame", "stopes", f"{parts}", allowed)])
    sizes = (frame.section_m, frame.step_m, frame.level_m)
    along, across, up = (
        [-size * n / count if n else 0.0 for n in range(count)]
        for size, count in zip(sizes, parts, strict=True)
    )
    return [(u, w, z) for u in along for w in across for z in up]


def _shifted(frame: StopeFrame, shift: tuple[float, float, float]) -> StopeFrame:
    """Shift a frame and lengthen it by one where it was shifted, so that it covers as much."""
    if shift == (0.0, 0.0, 0.0):
        return frame
    longer = [int(length != 0.0) for length in shift]
    return replace(
        frame.moved(*shift),
        n_sections=frame.n_sections + longer[0],
        n_steps=frame.n_steps + longer[1],
        n_levels=frame.n_levels + longer[2],
    )
