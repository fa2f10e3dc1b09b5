"""What would an open pit hold, shell by shell, and on which figures does a mine rest?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from maps.drawings.drillhole_facts import facts
from maps.drawings.mine_curves import pit_by_pit
from maps.drawings.mine_parts import (
    Row,
    based,
    compared,
    dollars,
    grade,
    kept_together,
    missing,
    named,
    part,
    proven,
    ratio,
    refused,
    rounded,
    rows_in,
    tonnage,
    why_none,
    with_unit,
)
from maps.drawings.tables import Html, fold, keys, table, text
from maps.mine_words import by_class, money, ore_at, tonnes
from maps.wording import AU_UNIT, NOT_KNOWN, SB_UNIT, number, texts

#: For what a pit is proven.
BLOCKS = "these blocks and slopes"


def pit_laid_out(summary: Row) -> Html:
    """Lay out the ultimate pit with its proof, the pit-by-pit graph and table, and pushbacks.

    Parameters
    ----------
    summary : mapping
        The study's ``summary.json``.

    Returns
    -------
    Html
        Facts, curves and tables; a sentence where there is no pit.
    """
    pit = part(summary, "pit")
    if not pit:
        return why_none(summary, "pit")
    proof = "".join(f"<p>{text(line)}</p>" for line in texts(pit.get("proof")))
    au, plan = pit.get("au_gpt"), part({"mine": pit}, "plan")
    life = plan.get("life_years")
    told = facts(
        [
            ("Ore to the plant", ore_at(pit)),
            ("By class", by_class(pit)),
            ("Gold grade", None if au is None else f"{number(au)} {AU_UNIT}"),
            ("Waste", tonnes(pit["waste_t"]) if pit.get("waste_t") is not None else None),
            ("Strip ratio, waste to ore", ratio(pit)),
            ("Elevation of the bottom", _metres(pit.get("bottom_m"))),
            ("Depth below its highest bench", _metres(pit.get("depth_m"))),
            ("Walls against the stated slopes", _slopes(part({"mine": pit}, "slopes"))),
            *compared(pit, "Value after costs"),
            ("Rounding can hide at most", dollars(pit.get("rounding_usd"))),
            ("NPV, dug in pushbacks", dollars(plan.get("npv_usd"))),
            ("Years of digging", None if life is None else number(life)),
        ]
    )
    shells = rows_in(pit, "shells")
    graph = pit_by_pit(shells)
    heading = "<h3>Pit by pit</h3>" if shells else ""
    return Html(
        f"<p>{text(_first(proven(pit, BLOCKS)))}</p>{told}"
        f"{fold('What exactly is proven', Html(proof))}{_edge(pit)}{refused(pit)}"
        f"{heading}{graph}{_shell_table(shells)}"
        f"{_asked(pit)}{_pushback_table(rows_in(pit, 'pushbacks'))}"
        f"{fold('Year by year', _year_table(rows_in(plan, 'years')))}"
        f"{fold('Bench by bench', _bench_table(rows_in(pit, 'benches')))}"
    )


def _metres(value: Any) -> str | None:
    return None if value is None else f"{float(value):,.6g} m"


def _slopes(found: Row) -> str | None:
    """Say how far the walls of whole blocks are from the stated slopes."""
    mean, steep, flat = (
        found.get(f"{key}_deg") for key in ("mean_error", "most_too_steep", "most_too_flat")
    )
    if mean is None:
        return None
    most = "" if steep is None else f"; at most {float(steep):.1f} too steep"
    most += "" if flat is None else f", {float(flat):.1f} too flat"
    return f"{float(mean):.1f} degrees off on average{most}"


def _edge(pit: Row) -> str:
    """Warn of a pit that is cut off by the end of its rock or by the licence."""
    said = ["The pit reaches the edge of its rock: it could be larger."]
    found = [line for line in said if pit.get("reaches_edge")]
    if part({"mine": pit}, "licence").get("bounds_the_pit"):
        found.append("The licence bounds the pit: it would be larger without.")
    return "".join(f'<p class="warning">{line}</p>' for line in found)


def _asked(pit: Row) -> str:
    """Say how many pushbacks were asked for where fewer could be made."""
    asked, made = pit.get("asked_pushbacks"), len(rows_in(pit, "pushbacks"))
    if asked is None or made >= asked:
        return ""
    return f'<p class="note">{text(f"{asked} pushbacks were asked for; {made} could be made.")}</p>'


def _bench_table(rows: Sequence[Row]) -> Html:
    heads = ("Floor, m", "Rock", "Ore", "Grade, % Sb")
    down = sorted(rows, key=lambda row: -float(row.get("elevation_m") or 0.0))
    body: list[list[object]] = [
        [_elevation(row), tonnage(row, "rock_t"), tonnage(row), grade(row)] for row in down
    ]
    return table(heads, body, "Benches of the pit, from the top down")


def _elevation(row: Row) -> str:
    metres = _metres(row.get("elevation_m"))
    return NOT_KNOWN if metres is None else metres.removesuffix(" m")


def _year_table(rows: Sequence[Row]) -> Html:
    heads = ("Year", "Rock", "Ore", "Grade, % Sb", "Cash", "Discounted")
    body: list[list[object]] = [
        [
            named(row.get("year")),
            tonnage(row, "rock_t"),
            tonnage(row),
            grade(row),
            _millions(row.get("value_usd")),
            _millions(row.get("discounted_usd")),
        ]
        for row in rows
    ]
    return table(heads, body, "Pushbacks dug in their order; money in million USD")


def _shell_table(shells: Sequence[Row]) -> Html:
    heads = ("Factor", "Ore", "Strip ratio", "Grade, % Sb", "Best NPV", "Worst NPV")
    body: list[list[object]] = []
    for row in shells:
        rock = row.get("rock_t")
        of_rock = kept_together(f"of {tonnage(row, 'rock_t')} rock")
        small = f"<small>{of_rock}</small>" if rock else ""
        here = "<small>stated prices</small>" if row.get("factor") == 1 else ""
        body.append(
            [
                Html(f"{text(number(row.get('factor')))}{here}"),
                Html(f"{tonnage(row)}{small}"),
                ratio(row),
                grade(row),
                _millions(row.get("best_npv_usd")),
                _millions(row.get("worst_npv_usd")),
            ]
        )
    caption = Html(
        "Nested shells by factor on the metal prices<small>NPV in million USD; best: shell after "
        "shell, worst: bench after bench</small>"
    )
    return based(table(heads, body, caption), "stated prices")


def _millions(value: Any) -> str:
    return NOT_KNOWN if value is None else number(float(value) / 1e6)


def _pushback_table(rows: Sequence[Row]) -> Html:
    heads = ("Pushback", "Ore", "Waste", "Strip ratio", "Grade, % Sb", "Least width")
    body: list[list[object]] = [
        [
            named(row.get("number")),
            tonnage(row),
            tonnage(row, "waste_t"),
            ratio(row),
            grade(row),
            with_unit(row.get("least_width_m"), "m"),
        ]
        for row in rows
    ]
    return table(heads, body, "Pushbacks, in the order of digging")


def economics(summary: Row) -> Html:
    """Lay out cut-offs and every figure the mine rests on, with its kind and source.

    Parameters
    ----------
    summary : mapping
        The study's ``summary.json``.

    Returns
    -------
    Html
        Two tables, and the keys a study would have to state.
    """
    found = part(summary, "economics")
    cuts: list[list[object]] = [
        [
            Html(f"{text(_first(c.get('name')))}<small>{text(_meaning(c))}</small>"),
            rounded(c.get("sb_pct")),
            rounded(c.get("nsr_usd_per_t")),
        ]
        for c in rows_in(found, "cutoffs")
    ]
    rows: list[list[object]] = [
        [
            Html(f"{text(_first(r.get('label') or r.get('key')))}{fold('source', _source(r))}"),
            Html(f"{text(_value(r))}<small>{text(r.get('unit') or '')}</small>"),
            r.get("kind") or NOT_KNOWN,
        ]
        for r in rows_in(found, "rows")
    ]
    notes = "".join(f"<li>{text(note)}</li>" for note in texts(found.get("notes")))
    return Html(
        table(("Cut-off", SB_UNIT, "NSR, USD/t"), cuts, "Cut-offs")
        + _policy(part({"mine": found}, "lane"))
        + table(("Figure", "Value", "Kind"), rows, "Figures the mine rests on")
        + (f'<ul class="remarks">{notes}</ul>' if notes else "")
        + keys(missing(summary))
    )


def _first(words: Any) -> str:
    """Begin with a capital letter."""
    written = str(words or NOT_KNOWN)
    return written[:1].upper() + written[1:]


def _meaning(cut: Row) -> str:
    lacking = texts(cut.get("missing"))
    state = f"; not known without {', '.join(lacking)}" if lacking else ""
    return f"{cut.get('meaning') or ''}{state}"


def _policy(lane: Row) -> Html:
    """Lay out Lane's policy: the cut-off of each year that makes the mine worth most."""
    heads = ("Year", "Cut-off, USD/t", "Ore", "Grade, % Sb", "Cash", "Bound by")
    body: list[list[object]] = [
        [
            named(row.get("year")),
            rounded(row.get("cutoff_usd_per_t")),
            tonnage(row),
            grade(row),
            money(row.get("cash_usd")),
            row.get("binding"),
        ]
        for row in rows_in(lane, "years")
    ]
    if not body:
        return Html("")
    constant = rounded(lane.get("constant_cutoff_usd_per_t"))
    said = (
        f"Discounted value {money(lane.get('value_usd'))}; with one cut-off of {constant} USD/t "
        f"throughout {money(lane.get('constant_value_usd'))}."
    )
    caption = "Cut-off on the return, year by year (Lane's policy)"
    return Html(f"{table(heads, body, caption)}<p class='note'>{text(said)}</p>")


def _source(row: Row) -> Html:
    key = f"<code>{text(row['key'])}</code> " if row.get("key") else ""
    source = "; ".join(texts(row.get("source")))
    return Html(f"{key}{text(source)}" if key or source else "")


def _value(row: Row) -> str | None:
    value = row.get("value")
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None if value is None else str(value)
    return f"{value:,.6g}"
