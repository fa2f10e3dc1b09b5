"""What do the tables of stopes and pits look like as small curves inside a page?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from maps.drawings.curves import Curve, Panel, figure

Row = Mapping[str, Any]

#: Width of a figure with one pair of axes [CSS px].
WIDE = 368.0


def by_cutoff(rows: Sequence[Row]) -> str:
    """Draw tonnes, grade and antimony of stopes against the cut-off they are laid out for.

    Parameters
    ----------
    rows : sequence of mapping
        ``mine.stopes.sensitivity.cutoff``.

    Returns
    -------
    str
        An ``<svg>`` element, "" with fewer than two known points.
    """
    return _stopes(rows, "cutoff_sb_pct", 1.0, "cut-off, % Sb", "Stopes by cut-off")


def by_price(rows: Sequence[Row]) -> str:
    """Draw tonnes and grade of stopes against the price of antimony.

    Parameters
    ----------
    rows : sequence of mapping
        ``mine.stopes.sensitivity.price``.

    Returns
    -------
    str
        An ``<svg>`` element, "" with fewer than two known points.
    """
    if all(row.get("sb_price_usd_per_t") is None for row in rows):
        return _stopes(rows, "factor", 1.0, "factor on the prices", "Stopes by price")
    label = "antimony price, 1,000 USD/t"
    return _stopes(rows, "sb_price_usd_per_t", 1e-3, label, "Stopes by price")


def _stopes(rows: Sequence[Row], key: str, scale: float, x_label: str, title: str) -> str:
    size, unit = _scale(rows, ("ore_t",))
    ore = Curve("stopes, found again for each", _points(rows, key, "ore_t", scale, size))
    grade = Curve(ore.label, _points(rows, key, "sb_pct", scale, 1.0))
    if len(ore.points) < 2:
        return ""
    # Where nothing is left there is no grade: its axis must not end sooner for that.
    across = tuple(x for x, _ in ore.points)
    return figure(
        (
            Panel(title=f"Ore, {unit}", x_label=x_label, curves=(ore,)),
            Panel(title="Grade, % Sb", x_label=x_label, curves=(grade,), span=across),
        ),
        title,
    )


def pit_by_pit(shells: Sequence[Row]) -> str:
    """Draw the pit-by-pit graph: tonnes, strip ratio and grade, best and worst NPV by factor.

    Parameters
    ----------
    shells : sequence of mapping
        ``mine.pit.shells``.

    Returns
    -------
    str
        Up to three ``<svg>`` elements; one without two known points is left out.
    """
    label = "revenue factor"
    size, unit = _scale(shells, ("ore_t", "waste_t"))
    tonnes = _curves(shells, (("ore_t", "ore"), ("waste_t", "waste")), size)
    money = _curves(
        shells,
        (
            ("best_npv_usd", "NPV, best case (shell after shell)"),
            ("worst_npv_usd", "NPV, worst case (bench after bench)"),
        ),
        1e-6,
    )
    ratio = _curves(shells, (("strip_ratio", "each nested shell"),), 1.0)
    grade = _curves(shells, (("sb_pct", "each nested shell"),), 1.0)
    drawn = []
    if _known(tonnes):
        panel = Panel(title=f"Tonnes, {unit}", x_label=label, curves=tonnes)
        drawn.append(figure((panel,), "Ore and waste by revenue factor", WIDE))
    if _known(ratio):
        panels = [Panel(title="Strip ratio, waste to ore, t/t", x_label=label, curves=ratio)]
        if _known(grade):
            panels.append(Panel(title="Grade, % Sb", x_label=label, curves=grade))
        width = WIDE / len(panels)
        drawn.append(figure(panels, "Strip ratio and grade by revenue factor", width))
    if _known(money):
        panel = Panel(title="NPV, million USD", x_label=label, curves=money)
        drawn.append(figure((panel,), "Best and worst NPV by revenue factor", WIDE))
    return "".join(drawn)


def _curves(
    rows: Sequence[Row], named: Sequence[tuple[str, str]], scale: float
) -> tuple[Curve, ...]:
    made = (Curve(label, _points(rows, "factor", key, 1.0, scale)) for key, label in named)
    return tuple(curve for curve in made if curve.points)


def _known(curves: Sequence[Curve]) -> bool:
    return any(len(curve.points) > 1 for curve in curves)


def _points(
    rows: Sequence[Row], across: str, up: str, x_scale: float, y_scale: float
) -> tuple[tuple[float, float], ...]:
    known = [r for r in rows if r.get(across) is not None and r.get(up) is not None]
    return tuple(sorted((float(r[across]) * x_scale, float(r[up]) * y_scale) for r in known))


def _scale(rows: Sequence[Row], keys: Sequence[str]) -> tuple[float, str]:
    """Choose the unit in which the largest amount needs the fewest digits."""
    most = max((float(r[k]) for r in rows for k in keys if r.get(k) is not None), default=0.0)
    return (1e-6, "Mt") if most >= 1e6 else (1e-3, "kt") if most >= 1e3 else (1.0, "t")
