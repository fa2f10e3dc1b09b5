"""In which order do categories stand, which may be shown together, and what might GKZ call them?

Inferred and C2 are never added to higher categories: where a breakdown holds categories, no total
over all of them is made.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

from deposits.errors import DataError, Problem
from deposits.tables import did_you_mean

#: From the surest to the least sure.
CRIRSCO = ("Measured", "Indicated", "Inferred")
GKZ = ("A", "B", "C1", "C2", "P1", "P2", "P3")
ORDER: Mapping[str, int] = {name: place for place, name in enumerate((*CRIRSCO, *GKZ))}
#: What may be shown together, and under which name.
TOGETHER: Mapping[str, tuple[str, ...]] = {
    "Measured + Indicated": ("Measured", "Indicated"),
    "A + B + C1": ("A", "B", "C1"),
}
UNCLASSIFIED = "unclassified"
#: Names under which block models hold categories.
FIELD_NAMES = frozenset(
    {"category", "class", "classification", "rescat", "rescode", "resource_class", "gkz_category"}
)
Complexity = Literal["1-2", "3-4"]

#: A suggestion, not a rule, by the deposit's complexity group: the CRIRSCO-GKZ protocol (2008)
#: and guidelines (2010) give no automatic table and leave the conversion to a Competent Person.
SUGGESTED_GKZ: Mapping[Complexity, Mapping[str, str]] = {
    "1-2": {"Measured": "B", "Indicated": "C1", "Inferred": "C2"},
    "3-4": {"Measured": "C1", "Indicated": "C1", "Inferred": "C2"},
}
SUGGESTION_NOTE = (
    "suggested conversion of categories, complexity group {group}; to be decided by a Competent "
    "Person, it is not an approval by a State Commission"
)


def holds_categories(values: Iterable[object]) -> bool:
    """Say whether a breakdown is one of resource categories.

    Examples
    --------
    >>> holds_categories(["Inferred", "Measured", ""]), holds_categories(["oxide", "A"])
    (True, False)
    """
    named = {str(value).casefold() for value in values if value not in ("", UNCLASSIFIED)}
    return bool(named) and named <= {name.casefold() for name in ORDER}


def category_field(by: Mapping[str, Iterable[object]], stated: str | None) -> str:
    """Name the breakdown field that holds categories, "" if none does.

    Parameters
    ----------
    by : mapping of str to iterable
        Values of each breakdown field.
    stated : str or None
        The answer, when the request gives it.
    """
    if stated is not None:
        return stated
    named = [name for name in by if name.lower() in FIELD_NAMES]
    return next(iter([*named, *(name for name in by if holds_categories(by[name]))]), "")


def order_of(value: object) -> tuple[int, float, str]:
    """Sort key of a breakdown's value: categories first to last, numbers, texts, absent."""
    if value in ("", UNCLASSIFIED):
        return (3, 0.0, "")
    if value in TOGETHER:
        return (0, ORDER[TOGETHER[str(value)][-1]] + 0.5, "")
    if value in ORDER:
        return (0, float(ORDER[str(value)]), "")
    if isinstance(value, int | float):
        return (1, float(value), "")
    return (2, 0.0, str(value))


def to_gkz(categories: Iterable[str], mapping: Mapping[str, str]) -> tuple[str, ...]:
    """Rename categories by a mapping that somebody has decided on.

    Parameters
    ----------
    categories : iterable of str
        For example of CRIRSCO; "" stays unclassified.
    mapping : mapping of str to str
        Category to GKZ category; `SUGGESTED_GKZ` holds two to start from.

    Returns
    -------
    tuple of str

    Raises
    ------
    DataError
        If a category is not in the mapping, or the mapping names what GKZ does not have.
    """
    given = tuple(categories)
    wrong = sorted(set(mapping.values()) - set(GKZ))
    lost = sorted(set(given) - mapping.keys() - {"", UNCLASSIFIED})
    problems = [
        Problem("not a GKZ category", "mapping", name, ", ".join(GKZ), did_you_mean(name, GKZ))
        for name in wrong
    ]
    problems += [
        Problem("category without a GKZ counterpart", "mapping", name, ", ".join(mapping))
        for name in lost
    ]
    if problems:
        raise DataError(problems)
    return tuple(mapping.get(name, "") for name in given)
