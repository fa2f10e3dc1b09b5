"""What do the blocks of each group and cut-off class sum to, and what was left out?

Runs of a fixed number of blocks are summed each by itself, on as many threads as there are, and
added together in their order. The sums carry their rounding along, so batches, threads and (but
for the last digit at worst) the order of the blocks leave no mark.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numba
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from deposits.errors import DataError, Problem
from deposits.kernels import tonnage as kernel
from deposits.tonnage.columns import Run
from deposits.tonnage.request import TonnageRequest, Volume, inside

FloatArray = NDArray[np.float64]
BUCKETS = 2048
#: Up to so many sums a run's table is laid out for every group that could occur.
DENSE_CELLS = 250_000
#: More sums than this would not fit beside the blocks; a breakdown by a coordinate does that.
MOST_CELLS = 20_000_000
COUNTED = (
    "n_read", "n_outside", "volume_outside_m3", "volume_mined_m3", "n_default_density",
    "t_default_density", "bad fraction", "bad depletion", "bad constraint",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tally:
    """Sums by group and cut-off class.

    Parameters
    ----------
    groups : tuple of tuple of int
        Codes of the breakdown fields, one tuple a group, in the order they came.
    cells : float64 (groups, cut-offs + 2, quantities, 2)
        See `deposits.kernels.tonnage.tally`.
    faults : int64
        See there.
    counts : dict of str to float
        What was left out or filled in, by `COUNTED`.
    """

    groups: tuple[tuple[int, ...], ...]
    cells: FloatArray
    faults: NDArray[np.int64]
    counts: dict[str, float]


@dataclass(frozen=True, slots=True)
class _Part:
    """One run, summed."""

    groups: list[tuple[int, ...]]
    cells: FloatArray
    faults: NDArray[np.int64]
    counts: FloatArray


def tally_runs(runs: Iterable[Run], request: TonnageRequest, volume: Volume) -> Tally:
    """Sum runs of blocks.

    Parameters
    ----------
    runs : iterable of Run
        All of one length but the last.
    request : TonnageRequest
    volume : Volume
        Where the volume of a block comes from.

    Returns
    -------
    Tally

    Raises
    ------
    DataError
        If a value cannot be right, or is absent and the request does not say what that means;
        all such findings at once, with the number of blocks.
    """
    places: dict[tuple[int, ...], int] = {}
    shape = (len(request.cutoffs) + 2, kernel.FIRST_ELEMENT + 2 * len(request.elements), 2)
    cells = np.zeros((0, *shape))
    faults = np.zeros(kernel.FIRST_ELEMENT_FAULT + 2 * len(request.elements), dtype=np.int64)
    counts: list[FloatArray] = []
    for part in _in_order(runs, request, volume):
        rows = [places.setdefault(group, len(places)) for group in part.groups]
        if len(places) > cells.shape[0]:
            _refuse_too_many(len(places), shape, request)
            more = np.zeros((max(len(places), 2 * cells.shape[0]) - cells.shape[0], *shape))
            cells = np.concatenate([cells, more])
        kernel.fold(cells, np.array(rows, dtype=np.int64), part.cells)
        faults += part.faults
        counts.append(part.counts)
    columns = np.array(counts).reshape(-1, len(COUNTED)).T
    summed = {name: math.fsum(c) for name, c in zip(COUNTED, columns, strict=True)}
    problems = _problems(faults, summed, request)
    if problems:
        raise DataError(problems)
    return Tally(tuple(places), cells[: len(places)], faults, summed)


def ladder_of(cutoffs: Iterable[float], precision: np.dtype[Any]) -> kernel.Ladder:
    """Index rising cut-offs, rounded to the precision of the column they cut."""
    steps = np.asarray(tuple(cutoffs), dtype=float)
    if precision == np.float32:
        steps = steps.astype(np.float32).astype(float)
    bits = (steps + 0.0).view(np.int64)
    positive = bits[steps > 0]
    span = int(positive[-1] - positive[0]) if positive.size else 0
    shift = max(span.bit_length() - BUCKETS.bit_length() + 2, 0)
    low = int(positive[0]) >> shift if positive.size else 0
    first, last = np.zeros(BUCKETS, dtype=np.int32), np.zeros(BUCKETS, dtype=np.int32)
    kernel.fill_index(bits, low, shift, first, last)
    return kernel.Ladder(steps, first, last, low, shift)


def _in_order(runs: Iterable[Run], request: TonnageRequest, volume: Volume) -> Iterator[_Part]:
    """Sum runs on all threads and hand them out in their order, few in flight."""
    workers = numba.get_num_threads()
    under_way: deque[Future[_Part]] = deque()
    with ThreadPoolExecutor(workers) as pool:
        for run in runs:
            under_way.append(pool.submit(_sum_run, run, request, volume))
            if len(under_way) > workers + 1:
                yield under_way.popleft().result()
        while under_way:
            yield under_way.popleft().result()


def _sum_run(run: Run, request: TonnageRequest, volume: Volume) -> _Part:
    """Sum one run of blocks."""
    ladder = ladder_of(request.cutoffs, run.numbers[request.cut_field].dtype)
    numbers = {name: _with_absent(run.numbers[name], request) for name in _graded(request)}
    counts = dict.fromkeys(COUNTED, 0.0) | {"n_read": float(run.n)}
    volumes = _volumes(run, request, volume, counts)
    density = _densities(numbers, request, volumes, counts)
    group, keys = _groups(run, request)
    quantities = kernel.FIRST_ELEMENT + 2 * len(request.elements)
    cells = np.zeros((len(keys), ladder.cutoffs.size + 2, quantities, 2))
    faults = np.zeros(kernel.FIRST_ELEMENT_FAULT + 2 * len(request.elements), dtype=np.int64)
    elements = tuple(_frozen(numbers[element.column]) for element in request.elements)
    cut = _frozen(numbers[request.cut_field])
    blocks = kernel.Blocks(
        cut,
        cut.view(np.int64),
        elements or (_frozen(np.zeros(run.n)),),
        _frozen(density),
        _frozen(volumes),
        _frozen(group),
    )
    lowest = np.array([element.lowest for element in request.elements])
    if not elements:  # numba cannot loop over an empty tuple: one column that is thrown away
        cells, lowest = np.zeros((*cells.shape[:2], quantities + 2, 2)), np.zeros(1)
        faults = np.append(faults, [0, 0])
    kernel.tally(blocks, ladder, lowest, cells, faults)
    if volumes.size == 1 and run.n > 1:
        cells[:, :, kernel.VOLUME, 0] = cells[:, :, kernel.BLOCKS, 0] * volumes[0]
    cells, faults = cells[:, :, :quantities], faults[: quantities + 3]
    used = np.flatnonzero(cells[:, :, kernel.BLOCKS, 0].any(axis=1))
    if used.size < len(keys):
        keys, cells = [keys[row] for row in used], cells[used]
    return _Part(keys, np.ascontiguousarray(cells), faults, np.array(list(counts.values())))


def _frozen(values: NDArray[Any]) -> NDArray[Any]:
    """Return a read-only view in one layout, so that the kernel is compiled once."""
    view = np.ascontiguousarray(values).view()
    view.flags.writeable = False
    return view


def _graded(request: TonnageRequest) -> list[str]:
    """Columns in which a number may stand for absent."""
    names = [request.cut_field, *(element.column for element in request.elements)]
    return list(
        dict.fromkeys([*names, *([request.density.field] if request.density.field else [])])
    )


def _with_absent(values: NDArray[Any], request: TonnageRequest) -> FloatArray:
    """Return 64-bit numbers with NaN for the values that stand for absent."""
    full = values.astype(np.float64, copy=False)
    if not request.absent_values:
        return full
    marked = np.isin(values, np.asarray(request.absent_values, dtype=values.dtype))
    return np.where(marked, np.nan, full)


def _volumes(
    run: Run, request: TonnageRequest, volume: Volume, counts: dict[str, float]
) -> FloatArray:
    """Volume that counts of each block [m3], shape (n,), or (1,) when all are equal."""
    if volume.block_m3 is not None:
        volumes = np.array([volume.block_m3])
    elif volume.sizes is not None:
        dx, dy, dz = (run.numbers[name].astype(float, copy=False) for name in volume.sizes)
        volumes = dx * dy * dz
    else:
        volumes = run.numbers[str(volume.field)].astype(float, copy=False)
    if request.fraction is not None:
        volumes = volumes * _share(run, request.fraction, "bad fraction", counts)
    if request.depletion is not None:
        mined = _share(run, request.depletion, "bad depletion", counts)
        counts["volume_mined_m3"] = float(np.nansum(volumes * mined))
        volumes = volumes * (1.0 - mined)
    if request.constraint is None:
        return volumes
    kept = _kept(run, request, counts)
    whole = np.broadcast_to(volumes, (run.n,))
    counts["n_outside"] = float(run.n - np.count_nonzero(kept))
    counts["volume_outside_m3"] = float(np.nansum(whole[~kept]))
    return np.where(kept, whole, 0.0)


def _share(run: Run, name: str, fault: str, counts: dict[str, float]) -> FloatArray:
    """Return a column of parts of one; what is none is counted."""
    share = run.numbers[name].astype(float, copy=False)
    counts[fault] += float(np.count_nonzero(~((share >= 0) & (share <= 1))))
    return share


def _kept(run: Run, request: TonnageRequest, counts: dict[str, float]) -> NDArray[np.bool_]:
    """Say which blocks the constraint keeps, shape (n,)."""
    if not isinstance(request.constraint, str):
        centres = [run.numbers[name].astype(float, copy=False) for name in request.centre]
        return inside(request, np.column_stack(centres))
    flag = run.numbers[request.constraint]
    counts["bad constraint"] += float(np.count_nonzero((flag != 0) & (flag != 1)))
    return np.asarray(flag == 1)


def _densities(
    numbers: dict[str, FloatArray],
    request: TonnageRequest,
    volumes: FloatArray,
    counts: dict[str, float],
) -> FloatArray:
    """Density of each block [t/m3], shape (n,), or (1,) when all are equal."""
    stated = request.density
    if stated.field is None:
        return np.array([stated.default_t_per_m3])
    density = numbers[stated.field]
    if stated.absent == "error" or stated.default_t_per_m3 is None:
        return density
    absent = np.isnan(density)
    counted = absent & (volumes > 0) & ~np.isnan(numbers[request.cut_field])
    counts["n_default_density"] = float(np.count_nonzero(counted))
    filled = np.broadcast_to(volumes, density.shape)[counted].sum()
    counts["t_default_density"] = float(filled) * stated.default_t_per_m3
    return np.where(absent, stated.default_t_per_m3, density) if absent.any() else density


def _groups(run: Run, request: TonnageRequest) -> tuple[NDArray[np.int32], list[tuple[int, ...]]]:
    """Give each block the number of its group, and list the codes behind each number."""
    if not run.codes:
        return np.zeros(run.n, dtype=np.int32), [()]
    possible = math.prod(run.sizes)
    width = (len(request.cutoffs) + 2) * (kernel.FIRST_ELEMENT + 2 * len(request.elements))
    dense = possible * width <= DENSE_CELLS
    group: NDArray[Any] = run.codes[0]
    for codes, size in zip(run.codes[1:], run.sizes[1:], strict=True):
        wide: NDArray[Any] = group.astype(np.int32 if dense else np.int64, copy=False)
        group = wide * size + codes
    numbers: NDArray[Any] = np.arange(possible) if dense else np.empty(0)
    if not dense:
        group, numbers = pd.factorize(group)
    keys = np.column_stack(np.unravel_index(numbers, run.sizes)).tolist()
    return group.astype(np.int32, copy=False), [tuple(key) for key in keys]


def _refuse_too_many(groups: int, shape: tuple[int, ...], request: TonnageRequest) -> None:
    """Stop before the table of sums outgrows the blocks."""
    if groups * math.prod(shape) > MOST_CELLS * 2:
        fact = f"the breakdown makes more than {groups:,} groups"
        remedy = "Break down by fields with few values, or ask for fewer cut-offs"
        raise DataError([Problem(fact, "by", ", ".join(request.by), remedy=remedy)])


def _problems(
    faults: NDArray[np.int64], counts: dict[str, float], request: TonnageRequest
) -> list[Problem]:
    """List what stops the work, with the number of blocks and the remedy."""
    stated = request.density.field or "density"
    marked = "If a number such as -99 stands for absent, name it in absent_values"
    state = 'State absent_grade="unestimated" to count such blocks apart'
    default = "Fill the column, or state a default density and absent='default'"
    found: list[tuple[float, str, str, str, str]] = [
        (faults[kernel.CUT_INFINITE], "grade is infinite", request.cut_field, "", ""),
        (faults[kernel.DENSITY_ABSENT], "density is absent", stated, "", default),
        (faults[kernel.DENSITY_IMPOSSIBLE], "density is impossible", stated, "above 0", marked),
        (faults[kernel.VOLUME_IMPOSSIBLE], "volume is impossible", "volume", "0 or more", ""),
        (counts["bad fraction"], "not a part of one", str(request.fraction), "0 to 1", ""),
        (counts["bad depletion"], "not a part of one", str(request.depletion), "0 to 1", ""),
        (counts["bad constraint"], "not true or false", str(request.constraint), "0 or 1", ""),
    ]
    absent = request.absent_grade == "error"
    if absent:
        cut = faults[kernel.CUT_ABSENT]
        found.append((cut, "grade is absent", request.cut_field, "", state))
    for place, element in enumerate(request.elements):
        at, name = kernel.FIRST_ELEMENT_FAULT + 2 * place, element.column
        if absent and name != request.cut_field:
            found.append((faults[at], "grade is absent", name, "", state))
        found.append((faults[at + 1], "grade is impossible", name, "0 or more", marked))
    return [
        Problem(fact, place, f"{int(n):,} blocks", allowed, remedy)
        for n, fact, place, allowed, remedy in found
        if n
    ]
