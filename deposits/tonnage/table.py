"""What does the grade-tonnage table of a block model say, and does it balance?

Above each cut-off, between neighbouring cut-offs, what is not estimated, and what was left out.
Figures are unrounded; `deposits.tonnage.statement` rounds them, once and last.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from deposits.errors import DataError, Problem
from deposits.kernels import tonnage as kernel
from deposits.tonnage.columns import Batch, Vocabulary, names_of, refuse_missing, runs_of
from deposits.tonnage.layout import Layout, lay_out
from deposits.tonnage.request import TonnageRequest, Volume
from deposits.tonnage.tally import Tally, tally_runs

FloatArray = NDArray[np.float64]
SIZES = ("dx", "dy", "dz")


@dataclass(frozen=True, slots=True, eq=False)
class TonnageTable:
    """Grade and tonnage of a block model.

    Parameters
    ----------
    request : TonnageRequest
        What was asked.
    above : DataFrame
        Breakdown fields, level, cutoff, n_blocks, volume_m3, ore_t, share_of_tonnes (of the
        row's own estimated tonnage), grade and metals of each element, ``<name>_absent_t`` where
        an element is absent, and ``rom_`` columns with dilution and loss. A block at the cut-off
        is above it.
    between : DataFrame
        The same between neighbouring cut-offs; cutoff_from is NaN below the first, cutoff_to
        above the last.
    unestimated : DataFrame
        Blocks without the cut field: n_blocks, volume_m3, rock_t (NaN where a density is absent).
    balance : dict
        Blocks, volumes and tonnes read, left out, not estimated and counted; what fills gaps.
    category : str
        Breakdown field that holds categories, "" if none does.
    synthetic : bool
        Whether the blocks are a demonstration.
    source : str
        Where they come from.
    """

    request: TonnageRequest
    above: pd.DataFrame
    between: pd.DataFrame
    unestimated: pd.DataFrame
    balance: Mapping[str, float]
    category: str = ""
    synthetic: bool = False
    source: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON values; what is not known is None."""
        tables = ("above", "between", "unestimated")
        about: dict[str, Any] = {"cut_field": self.request.cut_field, "category": self.category}
        about |= {"synthetic": self.synthetic, "source": self.source}
        return (
            about
            | {name: _records(getattr(self, name)) for name in tables}
            | {"balance": dict(self.balance)}
        )


def tabulate_blocks(
    batches: Iterable[Batch] | pd.DataFrame,
    request: TonnageRequest,
    *,
    block_m3: float | None = None,
    synthetic: bool = False,
    source: str = "",
) -> TonnageTable:
    """Cut, group and sum a block model in one pass.

    Parameters
    ----------
    batches : DataFrame, or iterable of DataFrame, RecordBatch, Table or mapping of arrays
        Blocks in any number of pieces; only the columns asked for are looked at.
    request : TonnageRequest
    block_m3 : float or None
        Volume of a block of the grid [m3], used when neither request nor columns give one.
    synthetic : bool
        Whether the blocks are a demonstration; it stays with the table.
    source : str
        Where the blocks come from.

    Returns
    -------
    TonnageTable
        The same to the last digit for any batches and any number of threads. Another order of
        the blocks can change the last digit at most.

    Raises
    ------
    DataError
        If a column is missing, or values are absent or impossible, all at once.
    """
    first, pieces = _first_of([batches] if isinstance(batches, pd.DataFrame) else batches)
    refuse_missing([*request.numbers, *request.by], names_of(first))
    volume = volume_of(request, names_of(first), block_m3)
    vocabularies = {name: Vocabulary() for name in request.by}
    more = volume.sizes or ((volume.field,) if volume.field else ())
    needed = tuple(dict.fromkeys([*request.numbers, *more]))
    tally = tally_runs(runs_of(pieces, needed, vocabularies), request, volume)
    values = [vocabulary.values for vocabulary in vocabularies.values()]
    groups = [tuple(v[c] for v, c in zip(values, g, strict=True)) for g in tally.groups]
    layout = lay_out(request.by, groups, request.category, request.category_names)
    cells = _rows_of(tally, layout)
    above = cells[:, 1:-1].copy()
    kernel.cumulate(above)
    estimated = cells[:, :-1].copy()
    kernel.cumulate(estimated)
    whole = _plain(estimated)[:, 0]
    steps = np.array(request.cutoffs)
    return TonnageTable(
        request,
        _frame(_plain(above), layout, request, whole, {"cutoff": steps}),
        _frame(_plain(cells[:, :-1]), layout, request, whole, _edges(steps)),
        _unestimated(_plain(cells[:, -1:]), layout, request),
        _balance(tally),
        layout.category,
        synthetic,
        source,
    )


def volume_of(
    request: TonnageRequest, names: Sequence[str], block_m3: float | None = None
) -> Volume:
    """Decide where the volume of a block comes from.

    Parameters
    ----------
    request : TonnageRequest
        Its own `volume` goes first.
    names : sequence of str
        Columns of the block model: ``volume_m3``, or ``dx``, ``dy`` and ``dz``.
    block_m3 : float or None
        Volume of a block of the grid [m3].

    Returns
    -------
    Volume

    Raises
    ------
    DataError
        If nothing gives a volume.
    """
    if request.volume is not None:
        return request.volume
    if "volume_m3" in names:
        return Volume("volume_m3")
    if set(SIZES) <= set(names):
        return Volume(sizes=SIZES)
    if block_m3 is not None:
        return Volume(block_m3=block_m3)
    fact = "the volume of a block is not known"
    allowed = "a column volume_m3, columns dx, dy, dz, or a grid in the file"
    remedy = "Name the columns, or state one block size for all"
    raise DataError([Problem(fact, "blocks", ", ".join(names[:20]), allowed, remedy)])


def _first_of(batches: Iterable[Batch]) -> tuple[Batch, Iterator[Batch]]:
    """Look at the first batch without losing it."""
    pieces = iter(batches)
    for first in pieces:
        return first, chain([first], pieces)
    raise DataError([Problem("there are no blocks", "blocks", "an empty model")])


def _rows_of(tally: Tally, layout: Layout) -> FloatArray:
    """Sum the groups of each row: shape (rows, classes, quantities, 2)."""
    cells = np.zeros((len(layout.rows), *tally.cells.shape[1:]))
    for number, row in enumerate(layout.rows):
        at = np.full(len(row.members), number, dtype=np.int64)
        kernel.fold(cells, at, tally.cells[list(row.members)])
    return cells


def _plain(cells: FloatArray) -> FloatArray:
    """Round the sums and their lost parts, once: shape (rows, classes, quantities)."""
    return np.asarray(cells[..., 0] + cells[..., 1])


def _edges(steps: FloatArray) -> dict[str, FloatArray]:
    """Cut-offs around each class; NaN is open."""
    return {"cutoff_from": np.append(np.nan, steps), "cutoff_to": np.append(steps, np.nan)}


def _labels(layout: Layout, request: TonnageRequest, repeat: int) -> dict[str, list[object]]:
    """Breakdown fields and level, each row repeated for its cut-offs."""
    columns: dict[str, list[object]] = {
        name: [row.labels[i] for row in layout.rows for _ in range(repeat)]
        for i, name in enumerate(request.by)
    }
    return columns | {"level": [row.level for row in layout.rows for _ in range(repeat)]}


def _frame(
    sums: FloatArray,
    layout: Layout,
    request: TonnageRequest,
    whole: FloatArray,
    steps: Mapping[str, FloatArray],
) -> pd.DataFrame:
    """Turn sums, shape (rows, cut-offs, quantities), into the table."""
    rows, repeat = sums.shape[:2]
    data: dict[str, Any] = dict(_labels(layout, request, repeat))
    data |= {name: np.tile(values, rows) for name, values in steps.items()}
    tonnes = sums[:, :, kernel.TONNES]
    data["n_blocks"] = sums[:, :, kernel.BLOCKS].ravel().astype(np.int64)
    data["volume_m3"] = sums[:, :, kernel.VOLUME].ravel()
    data["ore_t"] = tonnes.ravel()
    with np.errstate(invalid="ignore", divide="ignore"):
        data["share_of_tonnes"] = (tonnes / whole[:, None, kernel.TONNES]).ravel()
        data |= _grades(sums, request)
        if request.dilution is not None:
            data |= _run_of_mine(sums, request)
    return pd.DataFrame(data)


def _grades(sums: FloatArray, request: TonnageRequest) -> dict[str, FloatArray]:
    """Grade, metals and tonnes without a grade, of each element."""
    tonnes, data = sums[:, :, kernel.TONNES].ravel(), {}
    for place, element in enumerate(request.elements):
        metal, absent = _of_element(sums, place, request)
        # Where nothing has a grade the difference must be nought, not its rounding.
        known = np.where(absent >= tonnes, 0.0, tonnes - absent)
        lost = (tonnes > 0) & (known == 0)
        data[element.grade_column] = metal / np.where(known > 0, known, np.nan)
        for name, factor in element.metals.items():
            data[name] = np.where(lost, np.nan, metal * factor)
        if absent.any():
            data[f"{element.name}_absent_t"] = absent
    return data


def _of_element(
    sums: FloatArray, place: int, request: TonnageRequest
) -> tuple[FloatArray, FloatArray]:
    """Metal of an element, in grade unit x t, and the tonnes that lack it."""
    at = kernel.FIRST_ELEMENT + place
    return sums[:, :, at].ravel(), sums[:, :, at + len(request.elements)].ravel()


def _run_of_mine(sums: FloatArray, request: TonnageRequest) -> dict[str, FloatArray]:
    """Tonnes, grades and metals after dilution and loss; see `Dilution`."""
    stated = request.dilution
    assert stated is not None
    dilution, left = stated.fraction, 1.0 - stated.ore_loss
    mined = sums[:, :, kernel.TONNES].ravel() * left
    data = {"rom_t": mined * (1.0 + dilution)}
    for place, element in enumerate(request.elements):
        metal, absent = _of_element(sums, place, request)
        waste = mined * dilution * stated.grades.get(element.column, 0.0)
        # A run-of-mine tonne cannot leave out the blocks whose grade is absent.
        total = np.where(absent > 0, np.nan, metal * left + waste)
        rom = data["rom_t"]
        data[f"rom_{element.grade_column}"] = total / np.where(rom > 0, rom, np.nan)
        data |= {f"rom_{name}": total * factor for name, factor in element.metals.items()}
    return data


def _unestimated(sums: FloatArray, layout: Layout, request: TonnageRequest) -> pd.DataFrame:
    """Blocks without the cut field, row by row; rows without such blocks are not listed."""
    found = pd.DataFrame(_labels(layout, request, 1))
    found["n_blocks"] = sums[:, 0, kernel.BLOCKS].astype(np.int64)
    found["volume_m3"] = sums[:, 0, kernel.VOLUME]
    found["rock_t"] = sums[:, 0, kernel.TONNES]
    return found[found["n_blocks"] > 0].reset_index(drop=True)


def _balance(tally: Tally) -> dict[str, float]:
    """Account for every block that was read."""
    total = np.zeros((1, *tally.cells.shape[1:]))
    kernel.fold(total, np.zeros(len(tally.groups), dtype=np.int64), tally.cells)
    gone = total[:, -1:]
    kept = total[:, :-1].copy()
    kernel.cumulate(kept)
    estimated, unestimated = _plain(kept)[0, 0], _plain(gone)[0, 0]
    counts = tally.counts
    tonnes = float(estimated[kernel.TONNES])
    empty = float(tally.faults[kernel.EMPTY]) - counts["n_outside"]
    return {
        "n_read": counts["n_read"],
        "n_outside": counts["n_outside"],
        "n_empty": empty,
        "n_unestimated": float(unestimated[kernel.BLOCKS]),
        "n_estimated": float(estimated[kernel.BLOCKS]),
        "volume_outside_m3": counts["volume_outside_m3"],
        "volume_mined_m3": counts["volume_mined_m3"],
        "volume_unestimated_m3": float(unestimated[kernel.VOLUME]),
        "volume_estimated_m3": float(estimated[kernel.VOLUME]),
        "t_unestimated": float(unestimated[kernel.TONNES]),
        "t_estimated": tonnes,
        "n_default_density": counts["n_default_density"],
        "share_default_density": counts["t_default_density"] / tonnes if tonnes else 0.0,
    }


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as plain values, NaN as None."""
    return [
        {
            str(k): None if isinstance(v, float) and not math.isfinite(v) else v
            for k, v in row.items()
        }
        for row in frame.to_dict("records")
    ]
