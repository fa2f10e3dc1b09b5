"""How is the choice of panels written as a mixed-integer program?

Variables in order: x (a panel is mined, L x S), y (a level is opened, L) and, where runs have a
least length m, z (a run starts at a section, L x S). Rows: x <= y of its level; y <= y of the level
it needs; in any most_run + 1 neighbouring sections, and any most_levels + 1 levels, one is left;
z(s) >= x(s) - x(s - 1); the runs that start at s - m + 1 to s hold s: sum z <= x(s), which
describes runs of a least length without slack (Rajan & Takriti 2005, IBM Research Report RC23628).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from planning.limits.stopes.layout_rules import LayoutRules
from planning.programs import MixedIntegerProgram

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
#: Columns and coefficients of some rows (both of shape (rows, entries)), and their upper limit.
Rows = tuple[IntArray, FloatArray, float]


def panel_program(values: FloatArray, rules: LayoutRules) -> MixedIntegerProgram:
    """Write the choice of panels as a program to maximise.

    Parameters
    ----------
    values : ndarray, shape (L, S)
        Worth of each panel; NaN where it cannot be mined.
    rules : LayoutRules
        All of them are written.

    Returns
    -------
    MixedIntegerProgram
        Its solution starts with the panels, row by row, then the levels.
    """
    n_levels, n_sections = values.shape
    n = values.size
    panels = np.arange(n).reshape(values.shape)
    levels = n + np.arange(n_levels)
    starts = n + n_levels + panels
    may = ~np.isnan(values)
    if rules.least_run == 1:
        # No panel serves to bridge a gap; one that earns nothing is left.
        may &= np.nan_to_num(values) > 0
    may = may.ravel()
    parts = [_rows([panels.ravel(), np.repeat(levels, n_sections)], [1.0, -1.0], 0.0)]
    above, below = rules.needs(n_levels)
    parts.append(_rows([levels[:-1][above[:-1]], levels[1:][above[:-1]]], [1.0, -1.0], 0.0))
    parts.append(_rows([levels[1:][below[1:]], levels[:-1][below[1:]]], [1.0, -1.0], 0.0))
    parts += _windows(panels, rules.most_run)
    parts += _windows(panels.T, rules.most_levels)
    gain = np.concatenate([np.nan_to_num(values).ravel(), -rules.costs(n_levels)])
    upper = np.concatenate([may.astype(np.float64), np.ones(n_levels)])
    if rules.least_run > 1:
        parts += _runs(panels, starts, rules.least_run)
        first = np.ones(values.shape)
        first[:, max(0, n_sections - rules.least_run + 1) :] = 0.0
        gain = np.concatenate([gain, np.zeros(n)])
        upper = np.concatenate([upper, first.ravel()])
    return _program(gain, upper, parts)


def _rows(columns: list[IntArray], entries: list[float], upper: float) -> Rows:
    """One row for each position of equally long columns."""
    stacked = np.column_stack(columns)
    return stacked, np.broadcast_to(np.array(entries), stacked.shape), upper


def _windows(panels: IntArray, most: int | None) -> list[Rows]:
    """Of any most + 1 panels in a line, one is left."""
    if most is None or most >= panels.shape[1]:
        return []
    seen = np.lib.stride_tricks.sliding_window_view(panels, most + 1, axis=1)
    columns = np.ascontiguousarray(seen.reshape(-1, most + 1))
    return [(columns, np.ones(columns.shape), float(most))]


def _runs(panels: IntArray, starts: IntArray, least: int) -> list[Rows]:
    """Write runs of a least length: where they start, and the stretch that follows."""
    first = _rows([panels[:, 0], starts[:, 0]], [1.0, -1.0], 0.0)
    later = _rows(
        [panels[:, 1:].ravel(), panels[:, :-1].ravel(), starts[:, 1:].ravel()],
        [1.0, -1.0, -1.0],
        0.0,
    )
    rows = [first, later]
    for section in range(panels.shape[1]):
        begun = starts[:, max(0, section - least + 1) : section + 1]
        columns = [*begun.T, panels[:, section]]
        rows.append(_rows(columns, [1.0] * begun.shape[1] + [-1.0], 0.0))
    return rows


def _program(gain: FloatArray, upper: FloatArray, parts: list[Rows]) -> MixedIntegerProgram:
    """Put rows together."""
    parts = [part for part in parts if len(part[0])]
    lengths = np.concatenate([np.full(len(c), c.shape[1]) for c, _, _ in parts])
    limits = np.concatenate([np.full(len(c), limit) for c, _, limit in parts])
    return MixedIntegerProgram(
        gain=gain,
        lower=np.zeros(len(gain)),
        upper=upper,
        whole=np.ones(len(gain), dtype=np.bool_),
        indptr=np.concatenate([[0], np.cumsum(lengths)]),
        columns=np.concatenate([c.ravel() for c, _, _ in parts]),
        entries=np.concatenate([e.ravel() for _, e, _ in parts]),
        row_lower=np.full(len(limits), -np.inf),
        row_upper=limits,
    )
