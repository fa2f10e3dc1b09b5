"""Which rows does a broken-down table have: groups, sub-totals, totals, and none that mixes?

A sub-total rolls up breakdown fields from the right. Categories are never rolled up: each
sub-total is split by category, and only what may stand together is shown together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from deposits.tonnage.categories import TOGETHER, UNCLASSIFIED, category_field, order_of

ALL = "all"
Level = Literal["group", "together", "subtotal", "total"]
Labels = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the breakdown.

    Parameters
    ----------
    labels : tuple
        Value of each breakdown field, "all" where it is rolled up.
    level : {"group", "together", "subtotal", "total"}
        "together" adds categories that may stand together.
    members : tuple of int
        Groups it holds.
    """

    labels: Labels
    level: Level
    members: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """The lines of the breakdown, in reading order.

    Parameters
    ----------
    rows : tuple of Row
    category : str
        Field that holds categories, "" if none does.
    """

    rows: tuple[Row, ...]
    category: str


def lay_out(
    by: Sequence[str],
    groups: Sequence[Labels],
    category: str | None = None,
    names: Mapping[object, str] | None = None,
) -> Layout:
    """Lay out groups, sub-totals and totals.

    Parameters
    ----------
    by : sequence of str
        Breakdown fields.
    groups : sequence of tuple
        Value of each field, one tuple a group.
    category : str or None
        Field that holds categories; None finds it.
    names : mapping
        New names of categories; two that become one are added together.

    Returns
    -------
    Layout

    Examples
    --------
    >>> found = lay_out(("lode", "category"), [("N", "Inferred"), ("N", "Measured")])
    >>> [(*row.labels, row.level) for row in found.rows]  # doctest: +NORMALIZE_WHITESPACE
    [('N', 'Measured', 'group'), ('N', 'Inferred', 'group'),
     ('all', 'Measured', 'total'), ('all', 'Inferred', 'total')]
    """
    renamed = names or {}
    values = {
        name: [renamed.get(group[i], group[i]) for group in groups] for i, name in enumerate(by)
    }
    found = category_field(values, category)
    if found and category is None and renamed:
        # Names are meant for categories alone: another field may hold the same values.
        values |= {name: [g[i] for g in groups] for i, name in enumerate(by) if name != found}
    labelled = [tuple(values[name][g] for name in by) for g in range(len(groups))]
    if found:
        at = list(by).index(found)
        labelled = [
            (*g[:at], g[at] if g[at] != "" else UNCLASSIFIED, *g[at + 1 :]) for g in labelled
        ]
    rows: dict[tuple[Labels, Level], Row] = {}
    rolled = [name for name in by if name != found]
    for depth in range(len(rolled), -1, -1):
        kept = {*rolled[:depth], found}
        level: Level = "group" if depth == len(rolled) else "subtotal" if depth else "total"
        level = "total" if not by else level
        for row in _level(by, labelled, kept, level):
            rows[row.labels, row.level] = row
        for row in _together(by, labelled, kept, found):
            rows[row.labels, row.level] = row
    if not by:
        # Nothing counted is a row of noughts, not a table without rows.
        rows.setdefault(((), "total"), Row((), "total", ()))
    ordered = sorted(rows.values(), key=lambda row: [_place(label) for label in row.labels])
    return Layout(tuple(ordered), found)


def _level(by: Sequence[str], groups: Sequence[Labels], kept: set[str], level: Level) -> list[Row]:
    """Add up the groups that agree in the kept fields."""
    members: dict[Labels, list[int]] = {}
    for number, group in enumerate(groups):
        labels = tuple(g if name in kept else ALL for name, g in zip(by, group, strict=True))
        members.setdefault(labels, []).append(number)
    return [Row(labels, level, tuple(rows)) for labels, rows in members.items()]


def _together(
    by: Sequence[str], groups: Sequence[Labels], kept: set[str], category: str
) -> list[Row]:
    """Add up the categories that may stand together, where there are several of them."""
    if not category:
        return []
    at, rows = list(by).index(category), []
    for name, parts in TOGETHER.items():
        joined = [(*g[:at], name, *g[at + 1 :]) if g[at] in parts else None for g in groups]
        chosen = [number for number, labels in enumerate(joined) if labels]
        for row in _level(by, [labels for labels in joined if labels], kept, "together"):
            members = tuple(chosen[m] for m in row.members)
            if len({groups[m][at] for m in members}) > 1:
                rows.append(Row(row.labels, "together", members))
    return rows


def _place(label: object) -> tuple[int, float, str]:
    """Sort key: what is rolled up comes last."""
    return (9, 0.0, "") if label == ALL else order_of(label)
