"""Which point is the field or deposit of a study, and which only a record that may be the same?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from maps.style import CLASS_COLUMN

Row = Mapping[str, Any]

#: Layers of fields and of records.
OF_FIELDS = ("deposits", "location_uncertainty")
#: Classes that the results of a field are not said of.
NO_RESULTS = frozenset({"record", "candidate", "analogue"})
#: What a record says of its origin.
RECORD = "published record"


def leading_feature(rows: Sequence[Row], field: str) -> int:
    """Choose the feature that stands for a field: the one of its name, else the surest.

    Parameters
    ----------
    rows : sequence of mapping
        Features of a layer with their classes.
    field : str
        Identifier of the field.

    Returns
    -------
    int
        Its place among *rows*, -1 for none.
    """
    own = [
        (row.get("id") != field, row.get("uncertainty_m") or 0.0, i)
        for i, row in enumerate(rows)
        if row.get("field") == field and row.get(CLASS_COLUMN) == "field"
    ]
    return min(own)[2] if own else -1


def with_candidates(rows: Sequence[Row], classes: Sequence[str]) -> list[str]:
    """Tell published records from the point that stands for their field.

    Parameters
    ----------
    rows : sequence of mapping
        Features of a layer of `OF_FIELDS`.
    classes : sequence of str
        Their classes, "field" for whatever names a field of the study.

    Returns
    -------
    list of str
        The same; "candidate" for a record beside the point that stands for its field.
    """
    marked = [{**row, CLASS_COLUMN: one} for row, one in zip(rows, classes, strict=True)]
    leading = {leading_feature(marked, str(row.get("field"))) for row in rows}
    return [
        "candidate" if one == "field" and i not in leading and row.get("record") == RECORD else one
        for i, (row, one) in enumerate(zip(rows, classes, strict=True))
    ]


def drilled_names(summary: Row) -> set[str]:
    """Name the deposit that a drillhole study is about: as itself, and as its tonnages do."""
    study = summary.get("study") or {}
    rows = summary.get("grade_tonnage") or []
    return {str(n) for n in (study.get("name"), *(r.get("field") for r in rows)) if n}


def record_label(row: Row) -> str:
    """Write the whole name of a record, and of what it is one, such as mercury."""
    commodity = str(row.get("commodity") or "").replace(";", ", ")
    name = str(row.get("name") or row.get("id") or "")
    return f"{name}: {commodity}" if commodity else name
