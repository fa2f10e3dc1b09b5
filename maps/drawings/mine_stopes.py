"""Where do stopes lie, what do they hold, and what would other cut-offs and prices leave?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from maps.drawings.drillhole_facts import facts
from maps.drawings.mine_curves import by_cutoff, by_price
from maps.drawings.mine_heat import panels
from maps.drawings.mine_parts import (
    Row,
    based,
    compared,
    count,
    grade,
    kept_together,
    named,
    part,
    proven,
    refused,
    rounded,
    rows_in,
    tonnage,
    why_none,
    with_unit,
    worth,
)
from maps.drawings.tables import Html, fold, table, text
from maps.mine_words import (
    by_class,
    class_in,
    elevations,
    money,
    ore_at,
    stopes_of,
    tonnes,
    words_of,
)
from maps.wording import number, share, texts

#: For what stopes are proven.
FRAME = "this step and frame"

#: Places of the frame that are listed; the tables hold all.
MOST_OFFSETS = 20


def stopes_laid_out(summary: Row) -> Html:
    """Lay out the certificate, all stopes together, by level, by section and both ways.

    Parameters
    ----------
    summary : mapping
        The study's ``summary.json``.

    Returns
    -------
    Html
        Facts and tables; a sentence where there are no stopes.
    """
    stopes = part(summary, "stopes")
    if not stopes:
        return why_none(summary, "stopes")
    levels = sorted(rows_in(stopes, "levels"), key=_height, reverse=True)
    down = [(_level(row), row) for row in levels]
    along = [(named(row.get("section")), row) for row in rows_in(stopes, "sections")]
    title = "Stopes by section, along strike"
    listed = "Every stope with its widths and dips is in the GeoPackage, tables and layer."
    return Html(
        f"{_certificate(stopes)}{panels(summary, stopes)}"
        f"{_stope_table('Level, m', down, 'Stopes by level, from the top down')}{_classes(down)}"
        f"{fold(title, _stope_table('Section', along, title))}"
        f'<p class="note">{text(listed)}</p>{_offsets(stopes)}'
    )


def _height(row: Row) -> float:
    return float(row.get("elevation_low_m") or row.get("level") or 0.0)


def _level(row: Row) -> object:
    ends = (row.get("elevation_low_m"), row.get("elevation_high_m"))
    place = kept_together(elevations(*ends).removesuffix(" m"))
    small = f"<small>level {text(row['level'])}</small>" if row.get("level") is not None else ""
    return Html(f"{text(place)}{small}")


def _certificate(stopes: Row) -> Html:
    found, whole = (part({"mine": stopes}, key) for key in ("certificate", "totals"))
    frame = part({"mine": stopes}, "frame")
    said = proven(found, FRAME)
    told = facts(
        [
            ("Stopes", f"{stopes_of(whole)}, {ore_at(whole)}" if whole else None),
            ("By class", by_class(whole)),
            ("Before opening levels", _before_levels(whole, found)),
            *compared(found, _objective(found)),
            ("Levels opened", found.get("levels_opened")),
            ("Return of the ore", _return(whole)),
            ("Strike of the frame", with_unit(frame.get("strike_deg"), "degrees")),
            ("Level, section, step", _frame(frame)),
        ]
    )
    words = Html("".join(f"<p>{text(line)}</p>" for line in texts(found.get("words"))))
    lead = f"<p>{text(said[:1].upper() + said[1:])}</p>" if found else ""
    return Html(f"{lead}{told}{fold('What exactly is proven', words)}{refused(stopes)}")


def _before_levels(whole: Row, found: Row) -> str | None:
    """Write the value before levels are opened, and what opening them takes."""
    usd, takes = whole.get("value_before_levels_usd"), opening(whole, found)
    plain = worth({**whole, "unit": found.get("unit")}, "value_before_levels")
    before = plain if usd is None else f"{float(usd):,.0f} USD"
    return f"{before}; opening them takes {takes}" if before and takes else before


def opening(whole: Row, found: Row) -> str | None:
    """Write what opening levels takes from the value of the stopes, None where it is not told.

    Parameters
    ----------
    whole : mapping
        ``mine.stopes.totals``.
    found : mapping
        ``mine.stopes.certificate``.

    Returns
    -------
    str or None
        Money.
    """
    before, net = whole.get("value_before_levels_usd"), found.get("value_usd")
    return None if before is None or net is None else money(float(before) - float(net))


def _return(whole: Row) -> str | None:
    """Write the return block by block and, where it is known, at the diluted head of stopes."""
    own, head = whole.get("nsr_usd_per_t"), whole.get("nsr_at_head_usd_per_t")
    if own is None:
        return None
    beside = "" if head is None else f"; {number(head, 3)} at the diluted head of each stope"
    return f"{number(own, 3)} USD/t, block by block{beside}"


def _objective(found: Row) -> str:
    return "Value after costs" if found.get("value_usd") is not None else "Value of the objective"


def _frame(frame: Row) -> str | None:
    sizes = [frame.get(key) for key in ("level_m", "section_m", "step_m")]
    if any(size is None for size in sizes):
        return None
    return " x ".join(f"{float(size or 0):g}" for size in sizes) + " m"


def _stope_table(first: str, lines: Sequence[tuple[object, Row]], caption: str) -> Html:
    heads = (first, "Stopes", "Ore", "Grade, % Sb", "Sb metal", "NSR, USD/t")
    body: list[list[object]] = [
        [name, *_amounts(row, _with_gold(row)), number(row.get("nsr_usd_per_t"))]
        for name, row in lines
    ]
    return table(heads, body, caption)


def _classes(lines: Sequence[tuple[object, Row]]) -> Html:
    """Fold away the ore of each level by class: classes are never added without the split."""
    found = dict.fromkeys(key for _, row in lines for key in row if class_in(key))
    body = [[name, *(tonnage(row, key) for key in found)] for name, row in lines]
    title = "Ore by level and class"
    heads = ("Level, m", *(f"{class_in(key)[:1].upper()}{class_in(key)[1:]}" for key in found))
    return fold(title, table(heads, body, title) if found else None)


def _amounts(row: Row, grade_cell: object) -> list[object]:
    """Write stopes, ore, grade and metal."""
    return [count(row.get("stopes")), tonnage(row), grade_cell, tonnage(row, "sb_t")]


def _with_gold(row: Row) -> Html:
    au = row.get("au_gpt")
    gold = kept_together(f"{number(au)} g/t Au")
    return Html(f"{text(grade(row))}{f'<small>{gold}</small>' if au is not None else ''}")


def _offsets(stopes: Row) -> Html:
    rows = rows_in(stopes, "offsets")
    if len(rows) < 2:
        return Html("")
    shown = [k for k in rows[0] if k != "words" and not isinstance(rows[0][k], list | dict)]
    heads = [", ".join(part for part in words_of(k) if part) for k in shown]
    best = sorted(rows, key=lambda r: -(r.get("value_usd") or 0.0))
    body = [[_cell(row.get(key), key) for key in shown] for row in best[:MOST_OFFSETS]]
    title = f"Places of the frame that were tried ({len(rows)})"
    caption = "The best first" if len(rows) <= MOST_OFFSETS else f"The best {MOST_OFFSETS}"
    return fold(title, table(heads, body, caption))


def _cell(value: Any, key: str) -> str:
    if key.endswith("_usd") and isinstance(value, int | float):
        return money(float(value))
    return number(value, 3)


def sensitivity(summary: Row) -> Html:
    """Lay out stopes at other cut-offs and prices, and what could feed a line of rich ore.

    Parameters
    ----------
    summary : mapping
        The study's ``summary.json``.

    Returns
    -------
    Html
        Curves, their tables and a sentence; "" without stopes.
    """
    stopes = part(summary, "stopes")
    varied = stopes.get("sensitivity") or {}
    cuts, prices = rows_in(varied, "cutoff"), rows_in(varied, "price")
    said = rich_feed(stopes)
    lead = f'<p class="answer">{text(said)}</p>' if said else ""
    counting = texts(part(summary, "ore").get("classes"))
    return Html(
        f"{lead}{by_cutoff(cuts)}{_cut_table(cuts, counting)}"
        f"{by_price(prices)}{_price_table(prices)}"
    )


def rich_feed(stopes: Row) -> str:
    """Say what part of the mine could ever feed a line that takes rich ore only.

    Parameters
    ----------
    stopes : mapping
        ``mine.stopes``.

    Returns
    -------
    str
        One or two sentences, "" where nothing was worked out.
    """
    varied = part({"mine": stopes}, "sensitivity")
    found = part({"mine": varied}, "direct_shipping")
    if texts(found.get("words")):
        return " ".join(texts(found["words"]))
    cut, ore = found.get("cutoff_sb_pct"), found.get("ore_t")
    if cut is None or ore is None:
        return ""
    line = f"a line that takes ore of {cut:g} % Sb and more as mined"
    alone = next((r for r in rows_in(varied, "cutoff") if r.get("cutoff_sb_pct") == cut), {})
    if ore == 0:
        best = found.get("richest_sb_pct")
        richest = f"; the richest holds {number(best)} % Sb" if best is not None else ""
        none = f"No stope of this mine reaches {cut:g} % Sb as mined{richest}."
        if alone.get("ore_t") == 0:
            ruled = "None could be laid out that does, in this frame and with these widths"
            return f"{none} {ruled}: nothing could ever feed {line}."
        return f"{none}{_alone(alone)}"
    share_said = found.get("share_of_ore")
    of_all = f", {share(share_said)} of the ore in stopes," if share_said is not None else ""
    return (
        f"Of this mine {ore_at(found)}{of_all} could feed {line}.{_lasting(found)}{_alone(alone)}"
    )


def _alone(row: Row) -> str:
    """Say what stopes hold that are laid out for a line of rich ore and nothing else."""
    if not row.get("ore_t"):
        return ""
    held = f"stopes would hold {ore_at(row)}"
    return f" Laid out for that cut-off alone, {held}: more could never feed it."


def _lasting(found: Row) -> str:
    years, rate = found.get("years_at_rate"), found.get("throughput_t_per_year")
    if years is None:
        return ""
    time = f"{number(years)} years" if years >= 1 else f"{number(365.25 * years)} days"
    at = f"At {tonnes(rate)} a year" if rate is not None else "At the rate of the plant"
    return f" {at} that is {time} of feed."


def _cut_table(rows: Sequence[Row], counting: Sequence[str]) -> Html:
    """Lay out cut-offs; the share is of the antimony in rock of the classes that count."""
    rock = f"in {' and '.join(counting)} rock" if counting else "in rock that may be ore"
    heads = ("Cut-off, % Sb", "Stopes", "Ore", "Grade, % Sb", "Sb metal", f"Of the antimony {rock}")
    body: list[list[object]] = [
        [rounded(row.get("cutoff_sb_pct")), *_amounts(row, grade(row)), _part_of(row)]
        for row in rows
    ]
    return table(heads, body, "Stopes laid out again for each cut-off")


def _part_of(row: Row) -> str:
    return kept_together(share(row.get("share_of_sb")))


def _price_table(rows: Sequence[Row]) -> Html:
    paid = any(row.get("value_usd") is not None for row in rows)
    value = "Value, million USD" if paid else "Value"
    heads = ("Antimony price", "Stopes", "Ore", "Grade, % Sb", "Sb metal", value)
    body: list[list[object]] = []
    for row in rows:
        price, factor = row.get("sb_price_usd_per_t"), row.get("factor")
        small = f"<small>{factor:g} x all prices</small>" if factor is not None else ""
        name = kept_together(f"{rounded(price)} USD/t") if price is not None else ""
        body.append([Html(f"{text(name)}{small}"), *_amounts(row, grade(row)), _value(row, paid)])
    return based(table(heads, body, "Stopes laid out again for each price"), "1 x all prices")


def _value(row: Row, paid: bool) -> str:
    """Write a value, in million USD where the head of the column says so."""
    usd = row.get("value_usd")
    if paid and usd is not None:
        return number(float(usd) / 1e6)
    return worth(row, "value") or money(None)
