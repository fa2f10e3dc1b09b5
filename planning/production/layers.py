"""When is each stope on the map drawn, and where does its ore go?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import geopandas as gpd

#: Column of the layer -> key of a stope in the plan.
COLUMNS = {
    "plan_year": "year",
    "plan_last_year": "last_year",
    "plan_period": "period",
    "plan_last_period": "last_period",
    "plan_from_years": "from_years",
    "plan_to_years": "to_years",
    "plan_from": "from_date",
    "plan_to": "to_date",
    "plan_destination": "destination",
}
#: Numbers that are whole; a stope the plan leaves has none.
WHOLE = ("plan_year", "plan_last_year", "plan_period", "plan_last_period")
#: Days, as texts: files of every kind keep them so.
DAYS = ("plan_from", "plan_to")
#: Where the ore goes of a stope that the plan leaves.
LEFT = "not mined in this plan"


def with_plan(
    layers: Mapping[str, gpd.GeoDataFrame], plan: Mapping[str, Any]
) -> dict[str, gpd.GeoDataFrame]:
    """Put the plan's periods and dates into the layer of the stopes.

    Parameters
    ----------
    layers : mapping of str to GeoDataFrame
        By role; "stopes" has a column ``stope``.
    plan : mapping
        Key ``plan`` of ``summary.json``.

    Returns
    -------
    dict of str to GeoDataFrame
        The same; "stopes" with the columns `COLUMNS`. Days are left out where the plan has no
        first day; a stope that the plan does not draw has null and `LEFT`. A plan of a pit changes
        nothing.
    """
    import pandas as pd

    found = dict(layers)
    rows = plan.get("stopes") or []
    if plan.get("of") == "pit" or "stopes" not in found or not plan.get("activities"):
        return found
    stopes = found["stopes"].copy()
    told = {str(row["stope"]): row for row in rows}
    own = [told.get(str(name), {}) for name in stopes["stope"]]
    dated = any(row.get("from_date") for row in rows)
    for column, key in COLUMNS.items():
        values = [row.get(key) for row in own]
        if column in DAYS and not dated:
            continue
        if column in WHOLE:
            stopes[column] = pd.array(values, dtype="Int64")
        elif column == "plan_destination":
            stopes[column] = [LEFT if not row else row.get(key) for row in own]
        else:
            stopes[column] = values
    found["stopes"] = stopes
    return found
