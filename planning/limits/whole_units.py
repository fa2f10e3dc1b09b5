"""In which whole units are a model's values counted, so that every sum of them is exact?"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from deposits.errors import DataError, Problem

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
#: Sums of sizes must stay below this, so that no sum of two overflows 64 bits.
LARGEST_SUM = 2**62
#: Whole numbers up to here are floats without rounding.
EXACT = 2**53
#: The finest unit: a millionth of the currency.
FINEST = 1_000_000
#: Wrong rows that one message names.
SHOWN = 5
#: Blocks converted at a time, so that large models need little memory beside their own.
CHUNK = 1_000_000


def checked_values(values: ArrayLike, n_blocks: int) -> FloatArray:
    """Return block values as floats, one a block.

    Parameters
    ----------
    values : array, shape (n_blocks,)
        Block values [currency]; air has 0.
    n_blocks : int
        Number of blocks of the precedence.

    Returns
    -------
    array, shape (n_blocks,)
        The same values, finite; shared when they already are floats.

    Raises
    ------
    DataError
        If there are more or fewer than *n_blocks*, some are not finite (rows are named), or whole
        numbers are too large to be kept exactly.
    """
    numbers = np.asarray(values)
    if numbers.dtype.kind not in "fiub" or numbers.shape != (n_blocks,):
        found = f"{numbers.dtype} of shape {numbers.shape}"
        raise DataError([Problem("one value a block", "values", found, f"shape ({n_blocks},)")])
    if numbers.dtype.kind in "iu" and numbers.size and int(np.abs(numbers).max()) > EXACT:
        found = f"{int(np.abs(numbers).max()):,}"
        raise DataError([Problem("a whole block value is too large", "values", found, "2^53")])
    floats = np.ascontiguousarray(numbers, dtype=np.float64)
    rows = np.flatnonzero(~np.isfinite(floats))
    if rows.size:
        shown = ", ".join(f"{floats[row]} in block {row}" for row in rows[:SHOWN])
        more = f" and {rows.size - SHOWN:,} more" if rows.size > SHOWN else ""
        remedy = "Give a block without an estimate the value of waste, and air the value 0."
        raise DataError(
            [Problem("block values must be numbers", "values", shown + more, "finite", remedy)]
        )
    return floats


def choose_scale(largest: FloatArray, whole: bool | None = None) -> int:
    """Choose how many units make one unit of currency.

    Parameters
    ----------
    largest : array, shape (n_blocks,)
        The largest size of each block's value [currency], finite.
    whole : bool or None
        Whether all values are whole; None when *largest* tells.

    Returns
    -------
    int
        1 when all values are whole; otherwise the largest power of ten, at most a million, that
        keeps the sum of all sizes below 2^62.

    Raises
    ------
    DataError
        If the sum is not below 2^62 even in whole units of currency.
    """
    total = math.fsum(float(np.abs(part).sum()) for part in chunks(largest))
    # Half a unit a block may be added by rounding; the sum itself is off by far less than 1e-6.
    most = float(LARGEST_SUM) * (1 - 1e-6) - largest.size
    if total >= most:
        remedy = "Value the blocks in thousands or millions, or look for a forbidden value."
        raise DataError(
            [Problem("block values are too large", "values", f"sum {total:.3g}", "4.6e18", remedy)]
        )
    if whole is None:
        whole = all(bool(np.all(part == np.rint(part))) for part in chunks(largest))
    if whole:
        return 1
    scale = FINEST
    while scale > 1 and total * scale >= most:
        scale //= 10
    return scale


def to_units(values: FloatArray, scale: int) -> tuple[IntArray, float]:
    """Round values to units, and return the sum of the sizes of the roundings [currency]."""
    units = np.empty(values.size, dtype=np.int64)
    off = 0.0
    for first in range(0, values.size, CHUNK):
        part = values[first : first + CHUNK]
        rounded = np.rint(part * scale)
        units[first : first + CHUNK] = rounded
        off += float(np.abs(part - rounded / scale).sum())
    return units, off


def chunks(values: FloatArray) -> list[FloatArray]:
    """Cut an array into views of at most a million numbers."""
    return [values[first : first + CHUNK] for first in range(0, values.size, CHUNK)]
