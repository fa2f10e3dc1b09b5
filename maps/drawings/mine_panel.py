"""What does a reader of a mine see beside the map: what is mined, at what worth, how proven?"""

from __future__ import annotations

from maps.drawings.mine_parts import (
    NAMES,
    Row,
    exceeded,
    grade,
    has_mine,
    part,
    proven,
    tonnage,
    why_none,
    worth,
)
from maps.drawings.mine_pits import BLOCKS, economics, pit_laid_out
from maps.drawings.mine_stopes import FRAME, opening, rich_feed, sensitivity, stopes_laid_out
from maps.drawings.mine_ways import discounted, ways
from maps.drawings.tables import Html, fold, table, text
from maps.mine_words import by_class, money, stopes_of
from maps.wording import number, texts

FRONT_CAPTION = Html(
    "At the stated prices and costs<small>two ways to mine the same ore, not to be "
    "added; diluted and recovered, worth after costs, not discounted</small>"
)


def front(summary: Row) -> Html:
    """Lay out the mine in one small table, with what could feed a line of rich ore.

    Parameters
    ----------
    summary : mapping
        The study's ``summary.json``; without ``mine`` there is nothing to say.

    Returns
    -------
    Html
        A small table and one or two sentences, "" without a mine.
    """
    if not has_mine(summary):
        return Html("")
    pit, stopes = part(summary, "pit"), part(summary, "stopes")
    body: list[list[object]] = []
    later = discounted(summary)
    if stopes:
        # What levels cost to open is in the value of the whole, not in that of its stopes.
        whole = {**(stopes.get("totals") or {}), **_certificate(stopes)}
        body.append([*_front_row(whole, "Stopes", later.get("stopes"))])
    if pit:
        body.append([*_front_row(pit, "Open pit", later.get("pit"))])
    heads = ("Mined as", "Ore", "Grade, % Sb", "Value")
    parts: list[str] = ["<h2>Mine limits</h2>"]
    told = " ".join(f"<span>{text(line)}</span>" for line in ways(summary))
    parts.append(f'<p class="ways">{told}</p>' if told else "")
    parts.append(table(heads, body, FRONT_CAPTION))
    parts += [f'<p class="note">{text(line)}</p>' for line in _proofs(summary)]
    parts += [f'<p class="warning">{text(line)}</p>' for line in _refusals(summary)]
    said = "".join(f"<li>{text(line)}</li>" for line in texts(summary["mine"].get("sentences")))
    if rich_feed(stopes):
        parts.append(f"<p>{text(rich_feed(stopes))}</p>")
    parts += [why_none(summary, key) for key in NAMES]
    parts.append(fold("In sentences", Html(f'<ul class="remarks">{said}</ul>') if said else None))
    return Html(f'<section class="known">{"".join(parts)}</section>')


def _front_row(row: Row, name: str, later: float | None) -> tuple[object, ...]:
    beside = stopes_of(row) if row.get("stopes") is not None else ""
    if row.get("strip_ratio") is not None:
        beside = f"strip ratio {number(row['strip_ratio'])}"
    small = f"<small>{text(beside)}</small>" if beside else ""
    then = "" if later is None else f"<small>discounted: {text(money(later))}</small>"
    metal = f"<small>{tonnage(row, 'sb_t')} Sb</small>" if row.get("sb_t") is not None else ""
    return (
        Html(f"{text(name)}{small}"),
        tonnage(row),
        Html(f"{text(grade(row))}{metal}"),
        Html(f"{text(worth(row, 'value') or money(None))}{_net(row)}{then}"),
    )


def _net(row: Row) -> str:
    """Say what opening levels takes, where the value is told before it."""
    takes = opening(row, row)
    return f"<small>after {text(takes)} to open levels</small>" if takes else ""


def _certificate(stopes: Row) -> Row:
    return part({"mine": stopes}, "certificate")


def _proofs(summary: Row) -> list[str]:
    """Say in a sentence each what is proven; the sections say it in full."""
    stopes, pit = part(summary, "stopes"), part(summary, "pit")
    lines = [] if not stopes else [f"Stopes: {proven(_certificate(stopes), FRAME)}"]
    ore = by_class(stopes.get("totals") or {})
    lines += [f"Ore of the stopes by class: {ore}."] if ore else []
    return lines if not pit else [*lines, f"Open pit: {proven(pit, BLOCKS)}"]


def _refusals(summary: Row) -> list[str]:
    """Warn of concentrate that a buyer would refuse even when all ore is mixed."""
    lines = []
    for key, name in NAMES.items():
        over = " and ".join(exceeded(part(summary, key)))
        if over:
            lines.append(
                f"{over} in concentrate of all ore of the {name} mixed exceed"
                f"{'' if ' and ' in over else 's'} the limit of the buyer: the value assumes that "
                "it is sold all the same."
            )
    return lines


def sections(summary: Row) -> list[tuple[str, Html]]:
    """Return what backs the mine limits, title by title; [] without a mine.

    Parameters
    ----------
    summary : mapping
        The study's ``summary.json``.

    Returns
    -------
    list of (str, Html)
        Stopes by level and section, their sensitivity, the open pit, the figures all rest on.
    """
    if not has_mine(summary):
        return []
    return [
        ("Stopes by level and section", stopes_laid_out(summary)),
        ("Stopes at other cut-offs and prices", sensitivity(summary)),
        ("Open pit, shell by shell", pit_laid_out(summary)),
        ("Prices, costs and cut-offs of the mine", economics(summary)),
    ]
