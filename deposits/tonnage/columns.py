"""How does a block model of any kind become runs of plain columns of one fixed length?

A run always holds the same blocks, however they arrive: that is why the answer does not depend on
the batches a file is read in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from deposits.errors import DataError, Problem
from deposits.tables import did_you_mean

#: Blocks in a run: a few megabytes, so that a run stays in the processor's cache.
RUN = 262_144
Batch: TypeAlias = Any  # DataFrame, RecordBatch, Table or mapping of arrays


@dataclass(frozen=True, slots=True)
class Run:
    """Consecutive blocks.

    Parameters
    ----------
    numbers : dict of str to ndarray (n,)
        Numeric columns in the file's own precision; NaN is absent.
    codes : tuple of int32 (n,)
        One array a breakdown field, numbering the values in `Vocabulary`.
    sizes : tuple of int
        How many values each breakdown field may take in this run.
    n : int
        Number of blocks.
    """

    numbers: Mapping[str, NDArray[Any]]
    codes: tuple[NDArray[np.int32], ...]
    sizes: tuple[int, ...]
    n: int


class Vocabulary:
    """The values of one breakdown field met so far, numbered as they came."""

    def __init__(self) -> None:
        self.values: list[object] = []
        self._codes: dict[object, int] = {}

    def code(self, value: object) -> int:
        """Return the number of a value, a new one if it was not met before."""
        if isinstance(value, np.generic):
            value = value.item()
        if value is None or value is pd.NA or value != value:
            value = ""
        if value not in self._codes:
            self._codes[value] = len(self.values)
            self.values.append(value)
        return self._codes[value]

    def encode(self, column: Any) -> NDArray[np.int32]:
        """Return the numbers of a column's values, shape (n,); an absent one is the value ""."""
        indices, values = _dictionary(column)
        absent = bool(indices.size) and int(indices.min()) < 0
        table = np.array([self.code(v) for v in values] + [self.code("")] * absent, dtype=np.int32)
        if not absent and np.array_equal(table, np.arange(table.size)):
            return np.ascontiguousarray(indices, dtype=np.int32)
        found: NDArray[np.int32] = table[indices]
        return found


def runs_of(
    batches: Iterable[Batch],
    numbers: Sequence[str],
    by: Mapping[str, Vocabulary],
    length: int = RUN,
) -> Iterator[Run]:
    """Cut batches into runs of equal length, the last one shorter.

    Parameters
    ----------
    batches : iterable of DataFrame, RecordBatch, Table or mapping of arrays
        Any number of rows each; they must hold all columns named.
    numbers : sequence of str
        Numeric columns.
    by : mapping of str to Vocabulary
        Breakdown fields; new values are added to the vocabularies.
    length : int
        Blocks in a run.

    Yields
    ------
    Run

    Raises
    ------
    DataError
        If columns are missing or hold text where numbers are needed.
    """
    waiting: list[Run] = []
    held = 0
    for batch in batches:
        run, start = _columns(batch, numbers, by), 0
        while held + run.n - start >= length:
            stop = start + length - held
            yield _join([*waiting, _cut(run, start, stop)])
            waiting, held, start = [], 0, stop
        if run.n > start:
            waiting.append(_cut(run, start, run.n))
            held += run.n - start
    if held:
        yield _join(waiting)


def names_of(batch: Batch) -> list[str]:
    """Return the column names of a batch."""
    if isinstance(batch, pa.RecordBatch | pa.Table):
        return list(batch.schema.names)
    return [str(name) for name in batch]


def refuse_missing(needed: Iterable[str], present: Sequence[str], place: str = "") -> None:
    """Raise one error that lists every column that is needed and not there.

    Raises
    ------
    DataError
        With a suggestion for each.
    """
    lost = [name for name in dict.fromkeys(needed) if name not in present]
    shown = ", ".join(present[:20]) + (", ..." if len(present) > 20 else "")
    if lost:
        raise DataError(
            Problem("the block model has no such column", place, name, shown, _hint(name, present))
            for name in lost
        )


def _hint(name: str, present: Sequence[str]) -> str:
    found = did_you_mean(name, present)
    return found[0].upper() + found[1:] if found else "Name the column as the file has it"


def _columns(batch: Batch, numbers: Sequence[str], by: Mapping[str, Vocabulary]) -> Run:
    """Turn one batch into a run of any length."""
    refuse_missing([*numbers, *by], names_of(batch))
    found = {name: _number(batch[name], name) for name in numbers}
    codes = tuple(vocabulary.encode(batch[name]) for name, vocabulary in by.items())
    lengths = {len(column) for column in (*found.values(), *codes)}
    if len(lengths) > 1:
        raise ValueError(f"columns of a batch differ in length: {sorted(lengths)}")
    sizes = tuple(len(vocabulary.values) for vocabulary in by.values())
    return Run(found, codes, sizes, lengths.pop() if lengths else 0)


def _number(column: Any, name: str) -> NDArray[Any]:
    """Return a column as numbers; 32-bit floats stay, all else becomes 64-bit."""
    if isinstance(column, pa.ChunkedArray):
        column = column.combine_chunks()
    if isinstance(column, pa.Array):
        if pa.types.is_dictionary(column.type):
            column = column.dictionary_decode()
        values = column.to_numpy(zero_copy_only=False)
    elif isinstance(column, pd.Series) and pd.api.types.is_extension_array_dtype(column.dtype):
        try:
            values = column.to_numpy(dtype=float, na_value=np.nan)
        except (TypeError, ValueError):
            values = np.asarray(column, dtype=object)
    else:
        values = np.asarray(column)
    if values.dtype.kind not in "fiub":
        texts = [v for v in values if isinstance(v, str)]
        raise DataError([Problem("text where numbers are needed", name, repr(texts[:1])[1:-1])])
    found: NDArray[Any] = values
    return found if found.dtype == np.float32 else found.astype(np.float64, copy=False)


def _dictionary(column: Any) -> tuple[NDArray[Any], Sequence[object]]:
    """Return indices, -1 where absent, and the values they stand for."""
    if isinstance(column, pa.ChunkedArray):
        column = column.unify_dictionaries().combine_chunks()
    if isinstance(column, pa.Array):
        if not pa.types.is_dictionary(column.type):
            column = column.dictionary_encode()
        indices = column.indices.fill_null(-1) if column.indices.null_count else column.indices
        return indices.to_numpy(zero_copy_only=False), column.dictionary.to_pylist()
    if isinstance(column, pd.Series) and column.dtype.kind in "iu":
        column = column.to_numpy()
    if isinstance(column, np.ndarray) and column.dtype.kind in "iu" and column.size:
        low, high = int(column.min()), int(column.max())
        if high - low < column.size and high - low < 2**20:
            # Whole numbers close together, such as benches: no hashing is needed.
            present = np.flatnonzero(np.bincount(column - column.dtype.type(low)))
            places = np.zeros(high - low + 1, dtype=np.int32)
            places[present] = np.arange(present.size)
            return places[column - column.dtype.type(low)], (present + low).tolist()
    series = pd.Series(column, copy=False)
    if isinstance(series.dtype, pd.CategoricalDtype):
        return series.cat.codes.to_numpy(), list(series.cat.categories)
    codes, values = pd.factorize(series)
    return codes, list(values)


def _cut(run: Run, start: int, stop: int) -> Run:
    """Return blocks start to stop of a run, without copying."""
    numbers = {name: column[start:stop] for name, column in run.numbers.items()}
    codes = tuple(column[start:stop] for column in run.codes)
    return Run(numbers, codes, run.sizes, stop - start)


def _join(parts: Sequence[Run]) -> Run:
    """Return one run of several; vocabularies only grow, so the last sizes hold for all."""
    if len(parts) == 1:
        return parts[0]
    names = parts[0].numbers
    numbers = {name: np.concatenate([part.numbers[name] for part in parts]) for name in names}
    columns = zip(*(part.codes for part in parts), strict=True)
    codes = tuple(np.concatenate(column) for column in columns)
    return Run(numbers, codes, parts[-1].sizes, sum(part.n for part in parts))
