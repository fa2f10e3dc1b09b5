"""How does a table become CSV that a spreadsheet opens without running anything in it?"""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterable, Sequence
from typing import Any

from maps.finished import Finished

#: First signs by which spreadsheets take a cell for a formula.
RISKY = ("=", "+", "-", "@", "\t", "\r", "\n")

NUMBER = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?")


def cell(value: Any) -> str:
    """Write one cell: unknown empty, numbers unrounded, texts that look like formulas quoted.

    Parameters
    ----------
    value : object
        A value of a table.

    Returns
    -------
    str
        Its text; an apostrophe stands before what a spreadsheet would run.

    Examples
    --------
    >>> cell("=1+1"), cell(-2.5), cell("-2.5"), cell("-x"), cell(None)
    ("'=1+1", '-2.5', '-2.5', "'-x", '')
    """
    # By its name: pandas' NA cannot be compared, not even with itself.
    if value is None or str(value) in {"<NA>", "NaT", "nan"}:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return repr(float(value)) if math.isfinite(value) else ""
    written = str(value)
    if written.startswith(RISKY) and not NUMBER.fullmatch(written):
        return f"'{written}"
    return written


def written(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Write a table as comma-separated UTF-8 with one heading line.

    Parameters
    ----------
    columns : sequence of str
        Headings.
    rows : iterable of sequence
        Cells in the order of the headings.

    Returns
    -------
    str
        RFC 4180 text with one line feed a line.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([cell(column) for column in columns])
    writer.writerows([cell(value) for value in row] for row in rows)
    return out.getvalue()


def about(finished: Finished) -> str:
    """Write of what the tables beside this one were made, since a table has no room for it.

    Parameters
    ----------
    finished : Finished
        A study.

    Returns
    -------
    str
        A table of what and value: study, hash, version, time, disclaimer.
    """
    told = [*finished.stamp.facts(), ("Disclaimer", finished.disclaimer)]
    rows = [[finished.translate(label), value] for label, value in told if value]
    return written(["what", "value"], rows)
