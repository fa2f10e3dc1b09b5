"""Can these intervals be right: each with a length, inside its hole, none above another?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from deposits.drilling.findings import Finding, Mistake, TableRows

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

#: Depths written with different numbers of digits may differ by this [m].
TOUCHING_M = 0.005

#: A driller's last metre and a logger's may differ by this [m].
BEYOND_M = 0.1

NO_LENGTH = Mistake(
    "from_not_above_to", "from is not above to", "from < to", "Correct or leave out the row."
)
NEGATIVE = Mistake("negative_depth", "the depth is negative", "0 m and below")
BEYOND = Mistake(
    "beyond_depth",
    "the row lies beyond the depth of the hole",
    f"at most {BEYOND_M:g} m beyond",
    "Correct the depth of the collar or that of the row.",
)
REPEATED = Mistake("duplicate_interval", "the interval stands twice", remedy="Keep one of them.")
OVERLAP = Mistake("overlap", "intervals overlap", remedy="Correct from or to.")
GAP = Mistake("gap", "gaps between intervals", severity="warning")
ENDS = Mistake("unsampled_end", "holes not covered to their ends", severity="warning")


@dataclass(frozen=True, eq=False, slots=True)
class Spans:
    """Intervals of one table.

    Parameters
    ----------
    rows : TableRows
        Rows of the table.
    holes : ndarray of int, shape (n,)
        Number of each row's hole; -1 for an orphan.
    from_m, to_m : ndarray of float, shape (n,)
        Ends [m].
    """

    rows: TableRows
    holes: IntArray
    from_m: FloatArray
    to_m: FloatArray

    @property
    def sound(self) -> NDArray[np.bool_]:
        """Which have a hole and a length, so that neighbours can be compared."""
        return np.asarray((self.holes >= 0) & (self.from_m < self.to_m))

    def found(self, at: IntArray) -> list[str]:
        """Word the intervals at these positions."""
        return [f"{self.from_m[i]:g} to {self.to_m[i]:g} m" for i in at]


def check_each(spans: Spans, depth: FloatArray) -> list[Finding]:
    """Find what is wrong with an interval alone.

    Parameters
    ----------
    spans : Spans
        The intervals.
    depth : ndarray of float, shape (holes,)
        Depth of every hole [m]; NaN where not known.
    """
    rows, start, end = spans.rows, spans.from_m, spans.to_m
    most = np.append(depth, np.nan)[spans.holes]
    findings: list[Finding] = []
    for mistake, wrong in (
        (NO_LENGTH, start >= end),
        (NEGATIVE, (start < 0.0) | (end < 0.0)),
        (BEYOND, end > most + BEYOND_M),
    ):
        at = np.flatnonzero(wrong)
        findings += rows.tell(mistake, at, spans.found(at))
    return findings


def check_neighbours(spans: Spans, depth: FloatArray) -> list[Finding]:
    """Find intervals that stand twice, overlap, or leave gaps.

    Parameters
    ----------
    spans : Spans
        The intervals.
    depth : ndarray of float, shape (holes,)
        Depth of every hole [m].
    """
    at = np.flatnonzero(spans.sound)
    order = at[np.lexsort((spans.to_m[at], spans.from_m[at], spans.holes[at]))]
    hole, start, end = spans.holes[order], spans.from_m[order], spans.to_m[order]
    same_hole = hole[1:] == hole[:-1]
    same = same_hole & (start[1:] == start[:-1]) & (end[1:] == end[:-1])
    findings = spans.rows.tell(
        REPEATED, np.sort(order[1:][same]), spans.found(np.sort(order[1:][same]))
    )
    reach = _reach(hole, end)
    apart = start[1:] - reach[:-1]
    above = np.sort(order[1:][same_hole & ~same & (apart < -TOUCHING_M)])
    findings += spans.rows.tell(OVERLAP, above, spans.found(above))
    open_ = same_hole & (apart > TOUCHING_M)
    metres = f"{apart[open_].sum():,.1f} m in all"
    findings += spans.rows.tell(
        GAP, order[1:][open_], [f"{gap:g} m above" for gap in apart[open_]], note=metres
    )
    return findings + _ends(spans, order, reach, depth)


def _reach(hole: IntArray, end: FloatArray) -> FloatArray:
    """Return the deepest end so far in each hole, of intervals sorted by hole."""
    # Holes are kept apart by a step larger than any depth, so that one running maximum does.
    if not end.size:
        return end
    step = hole * (float(np.abs(end).max()) + 1.0)
    return np.asarray(np.maximum.accumulate(step + end) - step)


def _ends(spans: Spans, order: IntArray, reach: FloatArray, depth: FloatArray) -> list[Finding]:
    """Count the metres above the first and below the last interval of each hole."""
    if not order.size:
        return []
    hole = spans.holes[order]
    first = np.flatnonzero(np.diff(hole, prepend=-1))
    last = np.append(first[1:], hole.size) - 1
    top = np.maximum(spans.from_m[order][first], 0.0)
    bottom = np.nan_to_num(np.maximum(depth[hole[first]] - reach[last], 0.0))
    short = (top > TOUCHING_M) | (bottom > BEYOND_M)
    words = [
        f"{a:g} m at the top, {b:g} m at the bottom"
        for a, b in zip(top[short], bottom[short], strict=True)
    ]
    metres = f"{(top[short] + bottom[short]).sum():,.1f} m in all"
    return spans.rows.tell(ENDS, order[first][short], words, note=metres)


def check_points(spans: Spans, depth: FloatArray) -> list[Finding]:
    """Find points above the collar or beyond the hole.

    Parameters
    ----------
    spans : Spans
        The points; both ends are their depth.
    depth : ndarray of float, shape (holes,)
        Depth of every hole [m].
    """
    most = np.append(depth, np.nan)[spans.holes]
    findings = spans.rows.tell(NEGATIVE, spans.from_m < 0.0, spans.from_m)
    return findings + spans.rows.tell(BEYOND, spans.from_m > most + BEYOND_M, spans.from_m)
