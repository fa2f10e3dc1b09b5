"""What can be said in money, which input moves the answer most, and how long would ore last?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from maps.drawings.tables import Html, keys, table, text
from maps.wording import NOT_KNOWN, mass, number

Row = Mapping[str, Any]


def bearable(summary: Row) -> Html:
    """Lay out what a tonne of ore could bear, and what a tonne of antimony must bring.

    Parameters
    ----------
    summary : mapping
        The study's ``summary.json``.

    Returns
    -------
    Html
        Two tables and what they leave out; "" where the study has no grid.
    """
    economics = summary.get("economics") or {}
    grid, required = (economics.get(k) or [] for k in ("net_price_grid", "required_net_price"))
    if not grid and not required:
        return Html("")
    grade = f"{number(economics.get('head_grade_sb_pct'))} % Sb"
    basis = text(f"At a head grade of {grade} ({economics.get('head_grade_basis') or NOT_KNOWN}).")
    note = text(f"Kind: assumed; {economics.get('note') or ''}. No term of sale is published.")
    return Html(
        f"<p>{basis}</p>{_bearable(grid)}{_required(required)}<p class='note'>{note}</p>"
        f"{keys(economics.get('missing') or [])}"
    )


def _bearable(grid: Sequence[Row]) -> Html:
    """Set price against payability."""
    prices = _steps(row["price_usd_per_t"] for row in grid)
    rows = []
    for part in _steps(row["payability"] for row in grid):
        found = {r["price_usd_per_t"]: r for r in grid if r["payability"] == part}
        cells = [number(found[p]["revenue_usd_per_t_ore"]) for p in prices if p in found]
        rows.append([f"{number(100 * part)} % payable", *cells])
    head = ["Antimony price", *(f"{number(price)} USD/t" for price in prices)]
    return table(head, rows, "Highest cost a tonne of ore could bear, USD per tonne of ore")


def _required(rows: Sequence[Row]) -> Html:
    """List the net price that each cost asks for."""
    cells = [
        [
            f"{number(row['cost_usd_per_t_ore'])} USD/t of ore",
            f"{number(row['required_net_price_usd_per_t'])} USD/t Sb",
        ]
        for row in rows
    ]
    head = ["If all costs come to", "a recovered tonne must bring, net"]
    return table(head, cells, "Required net price")


def _steps(values: Iterable[float]) -> list[float]:
    return list(dict.fromkeys(values))


def sensitivities(summary: Row) -> Html:
    """Lay out the tornado of every case that has one, and the rate-life frontier.

    Parameters
    ----------
    summary : mapping
        The study's ``summary.json``.

    Returns
    -------
    Html
        One table a case; "" where nothing can be moved.
    """
    titles = {case["name"]: case.get("title") or case["name"] for case in _cases(summary)}
    bars = summary.get("tornado") or []
    parts = [
        _tornado(titles.get(name, name), [bar for bar in bars if bar["scenario"] == name])
        for name in dict.fromkeys(bar["scenario"] for bar in bars)
    ]
    points = summary.get("frontier") or []
    parts += [
        _frontier(titles.get(name, name), [p for p in points if p["scenario"] == name])
        for name in dict.fromkeys(point["scenario"] for point in points)
    ]
    return Html("".join(parts))


def _cases(summary: Row) -> Sequence[Row]:
    return summary.get("scenarios") or []


def _tornado(title: str, bars: Sequence[Row]) -> Html:
    """List inputs, widest swing first."""
    unit, output = bars[0]["unit"], bars[0]["output"]
    scale = 1e6 if unit == "USD" else 1.0
    unit = "million USD" if unit == "USD" else unit

    def figure(value: float | None) -> str:
        return number(None if value is None else value / scale, 3)

    rows = [
        [
            Html(f"<code>{text(bar['input'])}</code>"),
            f"{bar['low_label']} to {bar['high_label']}",
            f"{figure(bar['low'])} to {figure(bar['high'])}",
        ]
        for bar in bars
    ]
    base = f"{output}, {unit}; base {figure(bars[0]['base'])}"
    return Html(
        f"<h3>{text(title)}</h3>"
        + table(["One input at a time", "from, to", output.capitalize()], rows, base)
    )


def _frontier(title: str, points: Sequence[Row]) -> Html:
    """Set rates against the years they last."""
    rows = [
        [
            f"{mass(point['rate_t_per_year'])} a year",
            f"{number(point['life_years'])} years",
            {True: "usual", False: "unusual", None: NOT_KNOWN}[point["usual"]],
        ]
        for point in points
    ]
    about = f"{mass(points[0]['ore_t'])} of ore ({points[0]['ore_basis']})"
    head = ["Rate", "would last", "for this size, by rule of thumb"]
    return Html(f"<h3>{text(title)}</h3>" + table(head, rows, about))
