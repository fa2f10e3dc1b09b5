"""Which colour has a stope on the map by the year in which the plan draws it?"""

from __future__ import annotations

import math
from typing import Any

from maps import palettes
from maps.drawings.tables import text
from maps.layers import Layer

#: Column of the first year of a stope's ore.
YEAR = "plan_year"
#: Words for a stope that the plan leaves.
LEFT = "not in this plan"


def year_colours(layer: Layer) -> dict[str, Any]:
    """Return colours by year for a layer of stopes, {} where it has no plan.

    Parameters
    ----------
    layer : Layer
        Drawn stopes.

    Returns
    -------
    dict
        ``years``: ``classes`` (label and fill of each, the first years first, light to dark; what
        the plan leaves last), and ``year_of``: class of each feature, shape (n,).
    """
    if YEAR not in layer.features.columns:
        return {}
    years = [_whole(value) for value in layer.features[YEAR]]
    known = [year for year in years if year is not None]
    if not known:
        return {}
    edges = year_classes(min(known), max(known))
    fills = palettes.sequence(len(edges), palettes.YEARS)
    classes = [
        {"label": str(text(_label(first, last))), "fill": fill}
        for (first, last), fill in zip(edges, fills, strict=True)
    ]
    left = len(edges)
    if len(known) < len(years):
        classes.append({"label": str(text(LEFT)), "fill": palettes.ABSENT})
    of = [
        left if year is None else next(i for i, (_, last) in enumerate(edges) if year <= last)
        for year in years
    ]
    return {"years": {"classes": classes}, "year_of": of}


def _whole(value: Any) -> int | None:
    """Return a year, None where files or pandas hold a missing one."""
    missing = value is None or str(value) in ("<NA>", "nan")
    return None if missing else int(value)


def year_classes(first: int, last: int) -> list[tuple[int, int]]:
    """Part years into as many equal runs as colours can be told apart.

    Parameters
    ----------
    first, last : int
        First and last year.

    Returns
    -------
    list of (int, int)
        First and last year of each run.

    Examples
    --------
    >>> year_classes(1, 4), year_classes(1, 13)
    ([(1, 1), (2, 2), (3, 3), (4, 4)], [(1, 3), (4, 6), (7, 9), (10, 12), (13, 13)])
    """
    step = math.ceil((last - first + 1) / len(palettes.YEARS))
    return [(year, min(year + step - 1, last)) for year in range(first, last + 1, step)]


def _label(first: int, last: int) -> str:
    return f"year {first}" if first == last else f"years {first} to {last}"
