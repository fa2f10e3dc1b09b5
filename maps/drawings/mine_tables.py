"""Which flat tables does a mine add to the GeoPackage and the CSV files?"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

Row = Mapping[str, Any]
Titled = tuple[str, list[Row]]

#: Amounts that are numbers here, not quantities: unknown is NaN, which files write as null.
AMOUNTS = frozenset({"ore_t", "sb_pct", "au_gpt", "sb_t", "au_kg", "au_oz"})


def mine_tables(summary: Row) -> dict[str, Titled]:
    """Collect the tables of the mine limits.

    Parameters
    ----------
    summary : mapping
        The study's ``summary.json``; ``mine`` may be absent, its parts null.

    Returns
    -------
    dict of (str, list)
        Name in files -> title and rows, none of them the name of a layer; {} without a mine.
        Rows of a SYNTHETIC study say so.
    """
    mine = summary.get("mine")
    if not isinstance(mine, Mapping):
        return {}
    synthetic = bool((summary.get("study") or {}).get("synthetic"))
    found = {**_of_economics(mine), **_of_pit(mine), **_of_stopes(mine)}
    return {
        name: (title, [_numbers(row, synthetic) for row in rows])
        for name, (title, rows) in found.items()
    }


def of_pit(name: str) -> bool:
    """Say whether a table of the mine is one of an open pit."""
    return name.startswith("pit_")


def _of_economics(mine: Row) -> dict[str, Titled]:
    economics = _tree(mine, "economics")
    lane = _tree(economics, "lane")
    lacking: list[Row] = [{"limit": None, "key": key} for key in economics.get("missing") or []]
    told = mine.get("missing")
    for limit, names in told.items() if isinstance(told, Mapping) else ():
        lacking += [{"limit": limit, "key": key} for key in names or []]
    return {
        "mine_economics": ("Figures the mine limits rest on", _rows(economics, "rows")),
        "mine_cutoffs": ("Cut-offs of the mine", _rows(economics, "cutoffs")),
        "mine_ore": ("What of the model may be ore", _scalars(_tree(mine, "ore"))),
        "mine_policy": ("Cut-off of each year (Lane's policy)", _rows(lane, "years")),
        "mine_policy_value": ("Worth of Lane's policy", _scalars(lane)),
        "mine_missing": ("Not known of the mine: state these keys", lacking),
    }


def _of_pit(mine: Row) -> dict[str, Titled]:
    pit = _tree(mine, "pit")
    return {
        "pit_ultimate": ("Ultimate pit", _scalars(_spread(pit, "slopes", "licence"))),
        "pit_benches": ("Benches of the pit", _rows(pit, "benches")),
        "pit_rejected": ("What a buyer of the pit's concentrate would refuse", _rejected(pit)),
        "pit_plan": ("The pit dug in pushbacks", _scalars(_tree(pit, "plan"))),
        "pit_years": ("The pit dug in pushbacks, year by year", _rows(_tree(pit, "plan"), "years")),
        "pit_shells": ("Nested shells, pit by pit", _rows(pit, "shells")),
        "pit_pushbacks": ("Pushbacks", _rows(pit, "pushbacks")),
    }


def _of_stopes(mine: Row) -> dict[str, Titled]:
    stopes = _tree(mine, "stopes")
    varied = _tree(stopes, "sensitivity")
    return {
        "stope_list": ("Stopes, one a row", _rows(stopes, "rows")),
        "stopes_by_level": ("Stopes by level", _rows(stopes, "levels")),
        "stopes_by_section": ("Stopes by section", _rows(stopes, "sections")),
        "stope_totals": ("All stopes together", _scalars(_tree(stopes, "totals"))),
        "stope_certificate": (
            "What is proven of the stopes",
            _scalars(_tree(stopes, "certificate")),
        ),
        "stope_rejected": (
            "What a buyer of the stopes' concentrate would refuse",
            _rejected(stopes),
        ),
        "stope_frame": ("Frame of levels and sections", _scalars(_tree(stopes, "frame"))),
        "stope_offsets": ("Places of the frame that were tried", _rows(stopes, "offsets")),
        "stope_cutoffs": ("Stopes by cut-off", _rows(varied, "cutoff")),
        "stope_prices": ("Stopes by price", _rows(varied, "price")),
        "stope_rich_feed": (
            "What could feed a line that takes rich ore only",
            _scalars(_tree(varied, "direct_shipping")),
        ),
    }


def _tree(parent: Row, key: str) -> Row:
    found = parent.get(key)
    return found if isinstance(found, Mapping) else {}


def _rows(parent: Row, key: str) -> list[Row]:
    several = parent.get(key)
    return [r for r in several if isinstance(r, Mapping)] if isinstance(several, list) else []


def _rejected(tree: Row) -> list[Row]:
    """Make one row an element of what a buyer would refuse."""
    told = _tree(tree, "rejected")
    return [{"element": k, **row} for k, row in told.items() if isinstance(row, Mapping)]


def _spread(tree: Row, *keys: str) -> Row:
    """Lay parts of a part out as columns of their own; ``rejected`` has a table of its own."""
    found: dict[str, Any] = {k: v for k, v in tree.items() if k not in (*keys, "rejected")}
    for key in keys:
        found |= {f"{key}_{name}": value for name, value in _tree(tree, key).items()}
    return found


def _scalars(tree: Row) -> list[Row]:
    """Make one row of what is no table itself; none of nothing."""
    row = {key: value for key, value in tree.items() if not _is_table(value)}
    return [row] if row else []


def _is_table(value: Any) -> bool:
    """Say whether a value is a list of records, or a tree that holds one."""
    if isinstance(value, Mapping):
        return any(_is_table(v) for v in value.values())
    return isinstance(value, list) and bool(value) and isinstance(value[0], Mapping)


def _numbers(row: Row, synthetic: bool) -> Row:
    known = {k: math.nan if v is None and k in AMOUNTS else v for k, v in row.items()}
    return {**known, "synthetic": "SYNTHETIC"} if synthetic else known
