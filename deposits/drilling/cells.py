"""Which cells of this column are numbers, and what do the others say?

The good majority is converted at once; each distinct other text is looked at once.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import compute

from deposits.drilling.findings import Mistake, TableRows
from deposits.tables import DECIMAL_COMMA, THOUSANDS

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

NUMBER = r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?"
BELOW = re.compile(rf"(?:<|<=|≤)\s*({NUMBER})\s*(.*)")
ABOVE = re.compile(rf"(?:>|>=|≥)\s*({NUMBER})\s*(.*)")
WITH_UNIT = re.compile(rf"({NUMBER})\s*(%|[A-Za-zµ‰][A-Za-z%/µ.]*)")

NOT_A_NUMBER = Mistake("text_in_number", "not a number", remedy="Write a number or leave it empty.")
COMMA = Mistake(
    "text_in_number",
    "not a number",
    remedy='Write a decimal point, or state decimal = "," for this file in the study.',
)
THOUSAND = Mistake("text_in_number", "not a number", remedy="Write thousands without separators.")
NOT_FINITE = Mistake("not_finite", "not a finite number")
MIXED = Mistake(
    "mixed_units",
    "a unit stands in the cell, so the column mixes units",
    remedy="Convert the cell and leave the unit out; units state it for the column.",
)


@dataclass(frozen=True, eq=False, slots=True)
class OddCells:
    """Cells of a number column that are no plain numbers.

    Parameters
    ----------
    at : ndarray of int, shape (k,)
        Their positions in the table.
    words : tuple of str, length k
        What stands there.
    """

    at: IntArray
    words: tuple[str, ...]

    def where(self, wanted: Iterable[str]) -> tuple[IntArray, tuple[str, ...]]:
        """Return positions and words of those whose word is wanted."""
        known = set(wanted)
        kept = [i for i, word in enumerate(self.words) if word in known]
        return self.at[kept], tuple(self.words[i] for i in kept)


def read_numbers(cells: Any, decimal: str) -> tuple[FloatArray, OddCells]:
    """Convert a column of cells.

    Parameters
    ----------
    cells : pyarrow.Array of string or double
        As the file has them.
    decimal : str
        Decimal sign of texts.

    Returns
    -------
    values : ndarray of float, shape (n,)
        NaN where a cell is empty or odd.
    odd : OddCells
        Cells that hold something which is no plain finite number.
    """
    if pa.types.is_floating(cells.type):
        values = np.array(cells.to_numpy(zero_copy_only=False), dtype=float)
        at = np.flatnonzero(np.isinf(values))
        words = tuple(f"{value}" for value in values[at])
        values[at] = np.nan
        return values, OddCells(at, words)
    texts = compute.utf8_trim_whitespace(compute.fill_null(cells, ""))
    plain = _as_point(texts, decimal)
    empty = compute.equal(plain, "")
    try:
        numbers = compute.cast(compute.if_else(empty, None, plain), pa.float64())
        good = compute.is_valid(numbers)
    except pa.ArrowInvalid:
        good = compute.match_substring_regex(plain, f"^{NUMBER}$")
        unsigned = compute.replace_substring_regex(plain, r"^\+", "")
        numbers = compute.cast(compute.if_else(good, unsigned, None), pa.float64())
    values = np.array(numbers.to_numpy(zero_copy_only=False), dtype=float)
    good = np.array(good.to_numpy(zero_copy_only=False)) & np.isfinite(values)
    odd = ~good & ~empty.to_numpy(zero_copy_only=False)
    values[~good] = np.nan
    at = np.flatnonzero(odd)
    return values, OddCells(at, tuple(texts.take(pa.array(at)).to_pylist()))


def _as_point(texts: Any, decimal: str) -> Any:
    """Write decimals with a point; a point in a file of decimal commas is left to be refused."""
    if decimal == ".":
        return texts
    pointed = compute.match_substring(texts, ".")
    swapped = compute.replace_substring(texts, decimal, ".")
    return compute.if_else(pointed, compute.binary_join_element_wise("?", texts, ""), swapped)


def read_ids(cells: Any) -> tuple[IntArray, tuple[str, ...]]:
    """Read hole ids as text without blanks around them.

    Parameters
    ----------
    cells : pyarrow.Array of string or double
        As the file has them; the number 101.0 is the id 101.

    Returns
    -------
    codes : ndarray of int, shape (n,)
        Number of each row's id; -1 where the cell is empty.
    names : tuple of str
        Ids in the order in which they appear first.
    """
    if pa.types.is_floating(cells.type):
        numbers = cells.to_pylist()
        words = ["" if v is None else str(int(v)) if v == int(v) else repr(v) for v in numbers]
        cells = pa.array(words, pa.string())
    texts = compute.utf8_trim_whitespace(compute.fill_null(cells, ""))
    coded = texts.dictionary_encode()
    names = coded.dictionary.to_pylist()
    codes = coded.indices.to_numpy(zero_copy_only=False).astype(np.int64)
    if "" in names:
        blank = names.index("")
        names.remove("")
        codes = np.where(codes == blank, -1, np.where(codes > blank, codes - 1, codes))
    return codes, tuple(names)


def limit_of(word: str, sign: re.Pattern[str], decimal: str) -> float:
    """Return the number behind "<" or ">"; NaN when the word is no such code.

    Examples
    --------
    >>> limit_of("<0.01", BELOW, "."), limit_of("< 0,5", BELOW, ",")
    (0.01, 0.5)
    """
    found = sign.fullmatch(word if decimal == "." else word.replace(decimal, "."))
    return float(found[1]) if found is not None and not found[found.lastindex or 1] else math.nan


def mistake_of(word: str, decimal: str) -> Mistake:
    """Say what is wrong with a cell that is no plain number."""
    pointed = word if decimal == "." else word.replace(decimal, ".")
    if word.lower().lstrip("+-") in ("nan", "inf", "infinity"):
        return NOT_FINITE
    if WITH_UNIT.fullmatch(pointed):
        return MIXED
    if decimal == "." and DECIMAL_COMMA.fullmatch(word):
        return THOUSAND if re.fullmatch(r"[-+]?\d{1,3}(,\d{3})+", word) else COMMA
    return THOUSAND if THOUSANDS.fullmatch(word) else NOT_A_NUMBER


def odd_findings(rows: TableRows, odd: OddCells, column: str, decimal: str) -> list[Any]:
    """Word the cells of a column that are no numbers, one finding for each mistake."""
    meant = {word: mistake_of(word, decimal) for word in set(odd.words)}
    findings = []
    for mistake in (NOT_A_NUMBER, COMMA, THOUSAND, NOT_FINITE, MIXED):
        at, words = odd.where(word for word, its in meant.items() if its is mistake)
        findings += rows.tell(mistake, at, [f'"{word}"' for word in words], column=column)
    return findings
