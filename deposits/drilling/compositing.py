"""What are the grades of equal lengths of core, within each domain, and is no metal lost?

Composites never cross a change of domain (hard boundaries). A run is a stretch of one hole in one
domain; gaps no longer than `most_gap_m` belong to it, as ground without samples.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from deposits.drilling.compositing_checks import check_intervals
from deposits.errors import DataError
from deposits.kernels.compositing import Cut, cut_intervals

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
Residual = Literal["distribute", "keep", "merge", "discard"]
#: Lengths that differ by less are equal [m]: logs are written to the centimetre.
TOLERANCE_M = 1e-6


@dataclass(frozen=True, slots=True)
class CompositeRule:
    """How holes are cut.

    Parameters
    ----------
    length_m : float
        Length of a composite [m], above 0.
    residual : {"distribute", "keep", "merge", "discard"}
        What becomes of the end of a run: all composites of the run are stretched or shortened
        evenly to the nearest whole number of them; a short one stays; one below
        `least_length_m` joins the composite before it; or one below it is dropped and counted.
    least_length_m : float, optional
        Least length for "merge" (half a composite unless stated) and "discard" (a full one).
    least_sampled_share : float
        A grade known over a smaller share of a composite is NaN and counted, 0 to 1.
    most_gap_m : float, optional
        Longest gap between intervals of one domain that a run bridges [m]; a composite's length
        unless stated.

    Raises
    ------
    ValueError
        If a number or the residual cannot be right.
    """

    length_m: float
    residual: Residual = "distribute"
    least_length_m: float | None = None
    least_sampled_share: float = 0.5
    most_gap_m: float | None = None

    def __post_init__(self) -> None:
        """Refuse what cuts nothing."""
        if not 0 < self.length_m < np.inf:
            raise ValueError(f"a composite's length must be above 0 m, given {self.length_m}")
        if self.residual not in ("distribute", "keep", "merge", "discard"):
            raise ValueError(f"unknown residual {self.residual!r}")
        if not 0 <= self.least_sampled_share <= 1:
            raise ValueError(f"a share lies in 0 to 1, given {self.least_sampled_share}")
        if self.least_length_m is not None and not 0 <= self.least_length_m <= self.length_m:
            raise ValueError(f"least_length_m lies in 0 to {self.length_m} m")
        if self.most_gap_m is not None and not self.most_gap_m >= 0:
            raise ValueError(f"most_gap_m must not be negative, given {self.most_gap_m}")

    @property
    def least_m(self) -> float:
        """Length below which the end of a run is short [m]."""
        share = 0.5 if self.residual == "merge" else 1.0
        return share * self.length_m if self.least_length_m is None else self.least_length_m

    @property
    def gap_m(self) -> float:
        """Longest gap that a run bridges [m]."""
        return self.length_m if self.most_gap_m is None else self.most_gap_m


@dataclass(frozen=True, slots=True, eq=False)
class Composites:
    """Composites and the proof that nothing was lost.

    Parameters
    ----------
    table : DataFrame
        `composite` (number down the holes in order of their names), `hole_id`, `from_m`, `to_m`,
        `depth_m` (of the middle), `domain`, `length_m`, `sampled_m` (covered by intervals), the
        elements, and for each `<element>_sampled_m`.
    balance : DataFrame
        Per domain and element, lengths with a grade [m] and metal (grade x length x weight):
        `before`, `after`, `discarded` (ends of runs), `rejected` (too little sampled) and
        `difference`, which is before - after - discarded - rejected; `n_rejected`, `n_discarded`.
    """

    table: pd.DataFrame
    balance: pd.DataFrame


def composite(
    intervals: pd.DataFrame,
    elements: Sequence[str],
    rule: CompositeRule,
    domain: str | None = None,
    weight: str | None = None,
) -> Composites:
    """Cut every hole into composites within its domains.

    Parameters
    ----------
    intervals : DataFrame
        `hole_id`, `from_m`, `to_m` and the named columns, in any order of rows.
    elements : sequence of str
        Columns of grades; NaN is not assayed and never counts as 0.
    rule : CompositeRule
        Length, residuals and least share.
    domain : str, optional
        Column of domains; missing ones are "" (unassigned). One domain "" unless named.
    weight : str, optional
        Column such as `density_t_per_m3` or a recovery by which lengths are weighed, above 0.

    Raises
    ------
    DataError
        If columns are missing, intervals have no length or overlap, or a weight is missing.
    """
    problems = check_intervals(intervals, elements, domain, weight)
    if problems:
        raise DataError(problems)
    table = _ordered(intervals, domain)
    codes = table["domain"].to_numpy()
    values = np.ascontiguousarray(table[list(elements)].to_numpy(np.float64))
    weights = np.ones(len(table)) if weight is None else table[weight].to_numpy(np.float64)
    starts = _run_starts(table, rule.gap_m)
    run_from, run_to = _run_ends(table, starts)
    pieces = _pieces(run_from, run_to, rule)
    cut = Cut(
        table["from_m"].to_numpy(np.float64),
        table["to_m"].to_numpy(np.float64),
        np.append(starts, len(table)),
        pieces.from_m,
        pieces.to_m,
        pieces.first,
    )
    # A row without a grade may lack its weight; 1 stands there and is multiplied by nothing.
    held = cut_intervals(cut, values, np.where(np.isfinite(weights), weights, 1.0))
    row = np.repeat(starts, np.diff(pieces.first))
    rows = pd.DataFrame({"hole_id": table["hole_id"].to_numpy()[row], "domain": codes[row]})
    before = _before(cut, values, weights)
    return _assemble(rows, pieces, held, (codes, before), list(elements), rule)


@dataclass(frozen=True, slots=True, eq=False)
class _Pieces:
    """Pieces of runs in order; run r has first[r]:first[r + 1]."""

    from_m: FloatArray
    to_m: FloatArray
    first: IntArray
    dropped: NDArray[np.bool_]


def _ordered(intervals: pd.DataFrame, domain: str | None) -> pd.DataFrame:
    """Return the rows down each hole, holes in order of their names, with a text domain."""
    table = intervals.copy()
    if domain is None:
        table["domain"] = ""
    else:
        table["domain"] = intervals[domain].astype(object).where(intervals[domain].notna(), "")
        table["domain"] = table["domain"].astype(str)
    table["hole_id"] = table["hole_id"].astype(str)
    return table.sort_values(["hole_id", "from_m"], kind="stable", ignore_index=True)


def _run_starts(table: pd.DataFrame, gap_m: float) -> IntArray:
    """Return the first row of each run."""
    if table.empty:
        return np.zeros(0, dtype=np.int64)
    hole, domain = (pd.factorize(table[name])[0] for name in ("hole_id", "domain"))
    top, foot = table["from_m"].to_numpy(), table["to_m"].to_numpy()
    new = (np.diff(hole) != 0) | (np.diff(domain) != 0)
    new |= top[1:] - foot[:-1] > gap_m + TOLERANCE_M
    return np.concatenate(([0], np.flatnonzero(new) + 1)).astype(np.int64)


def _run_ends(table: pd.DataFrame, starts: IntArray) -> tuple[FloatArray, FloatArray]:
    """Return where runs begin and end [m]."""
    last = np.append(starts[1:], len(table)) - 1
    top, foot = table["from_m"].to_numpy(np.float64), table["to_m"].to_numpy(np.float64)
    return top[starts], foot[last[: len(starts)]]


def _pieces(run_from: FloatArray, run_to: FloatArray, rule: CompositeRule) -> _Pieces:
    """Cut runs into pieces by the rule; the last piece ends where its run ends."""
    span = run_to - run_from
    whole = np.floor((span + TOLERANCE_M) / rule.length_m).astype(np.int64)
    tail = span - whole * rule.length_m
    short = tail > TOLERANCE_M
    step = np.full(len(span), rule.length_m)
    count = whole + short
    below = short & (tail < rule.least_m - TOLERANCE_M)
    if rule.residual == "distribute":
        # Half a composite more makes one more: 3.9 m at 2 m are two of 1.95 m.
        count = np.maximum(np.floor(span / rule.length_m + 0.5 + TOLERANCE_M).astype(np.int64), 1)
        step = span / count
    elif rule.residual == "merge":
        count = np.where(below, np.maximum(whole, 1), count)
    first = np.concatenate(([0], np.cumsum(count))).astype(np.int64)
    number = np.arange(first[-1]) - np.repeat(first[:-1], count)
    top = np.repeat(run_from, count) + number * np.repeat(step, count)
    foot = np.repeat(run_from, count) + (number + 1) * np.repeat(step, count)
    final = first[1:] - 1
    foot[final] = run_to
    dropped = np.zeros(len(top), dtype=np.bool_)
    if rule.residual == "discard":
        dropped[final] = below
    return _Pieces(top, foot, first, dropped)


def _before(cut: Cut, values: FloatArray, weights: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return length and metal of the intervals as they came, (n, m) each."""
    length = (cut.to_m - cut.from_m)[:, None]
    known = np.isfinite(values)
    metal = np.where(known, values * length * weights[:, None], 0.0)
    return np.where(known, length, 0.0), metal


def _assemble(
    rows: pd.DataFrame,
    pieces: _Pieces,
    held: tuple[FloatArray, FloatArray, FloatArray, FloatArray],
    source: tuple[NDArray[np.object_], tuple[FloatArray, FloatArray]],
    elements: list[str],
    rule: CompositeRule,
) -> Composites:
    """Put the table and the balance together."""
    covered, sampled, support, metal = held
    length = pieces.to_m - pieces.from_m
    enough = sampled >= rule.least_sampled_share * length[:, None] - TOLERANCE_M
    known = (support > 0) & enough
    grades = np.divide(metal, support, out=np.full(metal.shape, np.nan), where=known)
    table = rows[["hole_id"]].copy()
    table["from_m"], table["to_m"] = pieces.from_m, pieces.to_m
    table["depth_m"] = 0.5 * (pieces.from_m + pieces.to_m)
    table["domain"], table["length_m"], table["sampled_m"] = rows["domain"], length, covered
    for e, element in enumerate(elements):
        table[element] = grades[:, e]
        table[f"{element}_sampled_m"] = sampled[:, e]
    kept = table[~pieces.dropped].reset_index(drop=True)
    kept.insert(0, "composite", np.arange(len(kept), dtype=np.int64))
    # After is grade x support as written, so that the balance checks the grades themselves.
    written = np.where(known, grades * support, 0.0)
    fate = np.where(pieces.dropped[:, None], 1, np.where(known, 0, 2))
    parts = []
    for e, element in enumerate(elements):
        before = (source[0], source[1][0][:, e], source[1][1][:, e])
        lost = np.where(fate[:, e] == 0, written[:, e], metal[:, e])
        after = (rows["domain"].to_numpy(), fate[:, e], sampled[:, e], lost)
        parts.append(_balance(element, before, after))
    return Composites(kept, pd.concat(parts, ignore_index=True) if parts else pd.DataFrame())


def _balance(
    element: str,
    before: tuple[NDArray[np.object_], FloatArray, FloatArray],
    after: tuple[NDArray[np.object_], NDArray[np.int64], FloatArray, FloatArray],
) -> pd.DataFrame:
    """Return the balance of one element by domain."""
    domain, length, metal = before
    piece_domain, fate, piece_length, piece_metal = after
    found = []
    for name in sorted(set(domain)):
        here, there = domain == name, piece_domain == name
        row: dict[str, object] = {"domain": name, "element": element}
        row["n_discarded"] = int((there & (fate == 1)).sum())
        row["n_rejected"] = int((there & (fate == 2)).sum())
        for unit, old, new in (("length_m", length, piece_length), ("metal", metal, piece_metal)):
            total = float(old[here].sum())
            split = [float(new[there & (fate == kind)].sum()) for kind in range(3)]
            row[f"{unit}_before"] = total
            for word, amount in zip(("after", "discarded", "rejected"), split, strict=True):
                row[f"{unit}_{word}"] = amount
            row[f"{unit}_difference"] = total - sum(split)
        found.append(row)
    return pd.DataFrame(found)
