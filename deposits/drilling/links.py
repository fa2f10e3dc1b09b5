"""Which hole of the collar table does each row belong to?"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from deposits.drilling.collar_checks import NO_ID, id_key
from deposits.drilling.findings import Finding, Mistake, TableRows

IntArray = NDArray[np.int64]

ORPHAN = Mistake("orphan", "the hole has no collar", remedy="Add the collar or correct the id.")
NUMBER_ID = Mistake(
    "number_id",
    "ids that a spreadsheet wrote as decimals were taken for those of the collars",
    severity="warning",
)
NO_ROWS = "holes without a row in {table}"


def link(rows: TableRows, collars: TableRows) -> tuple[IntArray, list[Finding]]:
    """Find the collar of every row.

    Parameters
    ----------
    rows : TableRows
        Rows of a table.
    collars : TableRows
        Rows of the collar table.

    Returns
    -------
    holes : ndarray of int, shape (n,)
        Number of each row's hole among the names of *collars*; -1 for an orphan.
    findings : list of Finding
        Orphans, rows without an id, ids that became decimals.
    """
    place = {name: code for code, name in enumerate(collars.names)}
    found = np.full(len(rows.names) + 1, -1, dtype=np.int64)
    decimals = []
    for code, name in enumerate(rows.names):
        found[code] = place.get(name, -1)
        if found[code] < 0 and name.endswith(".0") and name[:-2] in place:
            found[code] = place[name[:-2]]
            decimals.append(code)
    holes = found[rows.codes]
    findings = rows.tell(NO_ID, rows.codes < 0)
    findings += rows.tell(NUMBER_ID, np.isin(rows.codes, decimals))
    spelt = {id_key(name): name for name in collars.names}
    orphans = (rows.codes >= 0) & (holes < 0)
    meant = {
        name: spelt.get(id_key(name), "") for code, name in enumerate(rows.names) if found[code] < 0
    }
    near = [""] * rows.codes.size
    for at in np.flatnonzero(orphans):
        other = meant[rows.names[rows.codes[at]]]
        near[at] = f"the collars have {other}" if other else ""
    return holes, findings + rows.tell(ORPHAN, orphans, near)


def without_rows(holes: IntArray, table: str, collars: TableRows) -> list[Finding]:
    """Find collars that a table says nothing of: one warning."""
    there = np.zeros(len(collars.names) + 1, dtype=bool)
    there[holes] = True
    mistake = Mistake("no_rows", NO_ROWS.format(table=table), severity="warning")
    return collars.tell(mistake, (collars.codes >= 0) & ~there[collars.codes])
