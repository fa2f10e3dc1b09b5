"""Which part of a mine is there, and how is each of its cells written?"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from maps.drawings.tables import Html, table, text
from maps.mine_words import money
from maps.wording import NOT_KNOWN, mass, number, share, texts, words_for

Row = Mapping[str, Any]

#: Why there is no pit or no stope, by the part.
NAMES = {"pit": "open pit", "stopes": "stopes"}


def has_mine(summary: Row) -> bool:
    """Say whether a study holds mine limits, or at least what they lack."""
    return isinstance(summary.get("mine"), Mapping)


def part(summary: Row, key: str) -> Row:
    """Return a part of the mine, {} where it is absent or null."""
    found = (summary.get("mine") or {}).get(key)
    return found if isinstance(found, Mapping) else {}


def rows_in(tree: Row, key: str) -> list[Row]:
    """Return a list of records, [] where it is absent or null."""
    return [row for row in tree.get(key) or [] if isinstance(row, Mapping)]


def missing(summary: Row, key: str = "") -> list[str]:
    """Return the keys a study would have to state, each once.

    Parameters
    ----------
    summary : mapping
        The study's ``summary.json``.
    key : str
        Part of the mine that needs them; "" for all that the mine lacks.

    Returns
    -------
    list of str
        What the part itself is said to lack; where that is not told apart, all.
    """
    told = (summary.get("mine") or {}).get("missing")
    priced = texts(part(summary, "economics").get("missing"))
    if isinstance(told, Mapping):
        if key:
            return texts(told.get(key))
        priced += [name for several in told.values() for name in texts(several)]
    else:
        priced += texts(told)
    return list(dict.fromkeys(priced))


def why_none(summary: Row, key: str) -> Html:
    """Say in words why a part of the mine is not there, "" where it is.

    Parameters
    ----------
    summary : mapping
        The study's ``summary.json``.
    key : {"pit", "stopes"}
        Part of the mine.

    Returns
    -------
    Html
        Such as "No stopes: no price is stated: economics.sb_price."
    """
    if part(summary, key):
        return Html("")
    lacking = missing(summary, key)
    if not lacking:
        return Html(f'<p class="note">No {NAMES[key]}: the study asks for none.</p>')
    prices = [name for name in lacking if "price" in name]
    fact = "no price is stated" if prices else "figures it rests on are not stated"
    codes = ", ".join(f"<code>{text(name)}</code>" for name in lacking)
    return Html(f'<p class="missing">No {NAMES[key]}: {fact}: {codes}.</p>')


def kept_together(words: str) -> str:
    """Put blanks that break no line between words."""
    return words.replace(" ", "\u00a0")


def tonnage(row: Row, key: str = "ore_t") -> str:
    """Write tonnes on one line."""
    return kept_together(mass(row.get(key)))


def count(value: Any) -> str:
    """Write a whole number."""
    return NOT_KNOWN if value is None else f"{value:,.0f}"


def named(name: Any) -> str:
    """Write the number or name of a section, a level or a pushback."""
    return f"{name:g}" if isinstance(name, float) else str(name)


def dollars(value: Any) -> str | None:
    """Write money, None where there is none to write."""
    return None if value is None else money(float(value))


def with_unit(value: Any, unit: str) -> str | None:
    """Write a stated number with its unit, None where there is none."""
    return None if value is None else f"{float(value):g} {unit}"


def rounded(value: Any) -> str:
    """Write a figure to three digits without needless zeros.

    Examples
    --------
    >>> rounded(0.54), rounded(1180.4), rounded(None)
    ('0.54', '1,180', 'not known')
    """
    return NOT_KNOWN if value is None else f"{float(f'{float(value):.3g}'):,.12g}"


def grade(row: Row) -> str:
    """Write the antimony grade; a dash where there is no ore: it is not unknown, there is none."""
    return "–" if row.get("ore_t") == 0 else number(row.get("sb_pct"))


def ratio(row: Row) -> str:
    """Write a strip ratio, a dash where there is no ore."""
    found = row.get("strip_ratio")
    return "–" if found is None else kept_together(f"{number(found)} t/t")


def based(laid: Html, mark: str) -> Html:
    """Mark the rows of a table that say *mark* in small type: those of the stated prices."""
    first, *rest = laid.split("<tr>")
    said = f"<small>{mark}</small>"
    marked = [f'<tr class="base">{r}' if said in r else f"<tr>{r}" for r in rest]
    return Html("".join([first, *marked]))


def worth(row: Row, key: str) -> str | None:
    """Write ``value`` or ``bound`` in money, else in the unit of the objective."""
    usd = row.get(f"{key}_usd")
    if usd is not None:
        return dollars(usd)
    plain = row.get(key)
    return None if plain is None else f"{number(plain)} {row.get('unit') or ''}".strip()


def proven(found: Row, basis: str) -> str:
    """Say in a sentence what is proven of a value.

    Parameters
    ----------
    found : mapping
        With ``status`` and, where it is known, ``gap`` [fraction].
    basis : str
        For what it is proven, such as "this step and frame".

    Returns
    -------
    str
        Without a subject.
    """
    gap = found.get("gap")
    if found.get("status") == "optimal":
        beside = "" if gap is None else f"; {gap_words(gap)}"
        return f"proven optimal for {basis}{beside}."
    if gap is None:
        return "nothing is proven of its value."
    return f"not proven optimal; for {basis} nothing is worth more than {share(gap)} above it."


def gap_words(gap: float) -> str:
    """Say how far the proven bound lies above the value.

    Examples
    --------
    >>> gap_words(0.0), gap_words(2.9e-10)
    ('value and proven bound are equal', 'the proven bound exceeds the value by 0.000000029 %')
    """
    if not gap:
        return "value and proven bound are equal"
    return f"the proven bound exceeds the value by {per_cent(gap)}"


def per_cent(fraction: float) -> str:
    """Write a fraction as per cent to two figures, however small, without an exponent.

    Examples
    --------
    >>> per_cent(0.012), per_cent(1.6e-9), per_cent(1e-20)
    ('1.2 %', '0.00000016 %', 'less than 0.000000000001 %')
    """
    if 0.0 < abs(fraction) < 1e-14:
        return "less than 0.000000000001 %"
    return f"{100.0 * fraction:,.{_decimals(100.0 * fraction)}f} %"


def _decimals(amount: float) -> int:
    """Return how many decimals show two figures of an amount."""
    return max(0, 1 - math.floor(math.log10(abs(amount)))) if amount else 0


def compared(found: Row, name: str) -> list[tuple[str, str | None]]:
    """Write value and proven bound with the digits in which they differ, and what lies between.

    Parameters
    ----------
    found : mapping
        With ``value_usd`` and ``bound_usd`` [USD], else ``value``, ``bound`` and ``unit``.
    name : str
        What the value is called.

    Returns
    -------
    list of (str, str or None)
        Lines of facts, None where there is nothing to say.
    """
    ending = "_usd" if found.get("value_usd") is not None else ""
    unit = "USD" if ending else str(found.get("unit") or "")
    value, bound = found.get(f"value{ending}"), found.get(f"bound{ending}")
    if value is None or bound is None:
        return [(name, worth(found, "value")), ("Proven upper bound", worth(found, "bound"))]
    between = float(bound) - float(value)
    places = min(_decimals(between), 6)

    def full(amount: float) -> str:
        return f"{amount:,.{places}f} {unit}".strip()

    part_of = f", {per_cent(between / abs(value))}" if value else ""
    told = f"{full(between)}{part_of}" if between else "nothing: they are equal"
    return [
        (name, full(float(value))),
        ("Proven upper bound", full(float(bound))),
        ("Bound exceeds value by", told),
    ]


def refused(found: Row) -> Html:
    """Lay out what a buyer of the concentrate would refuse, element by element.

    Parameters
    ----------
    found : mapping
        A part of the mine; ``rejected`` holds ``limit_pct`` [%], ``share_of_ore`` [fraction] and
        ``blend_pct`` [%] of each element.

    Returns
    -------
    Html
        A table, "" where no limit is known.
    """
    body: list[list[object]] = []
    for element, row in part({"mine": found}, "rejected").items():
        over = _exceeds(row)
        mark = "<small>above the limit</small>" if over else ""
        body.append(
            [
                element_name(element),
                rounded(row.get("limit_pct")),
                share(row.get("share_of_ore")),
                Html(f"{text(number(row.get('blend_pct')))}{mark}"),
            ]
        )
    caption = Html(
        "What a buyer of the concentrate would refuse<small>ore whose own concentrate, sold "
        "unmixed, exceeds the limit; content of the concentrate of all ore mixed</small>"
    )
    return table(("Element", "Limit, %", "Of the ore", "Blend, %"), body, caption)


def exceeded(found: Row) -> list[str]:
    """Return the elements that exceed the limit of the buyer even in the blend of all ore."""
    told = part({"mine": found}, "rejected")
    return [element_name(element) for element, row in told.items() if _exceeds(row)]


def _exceeds(row: Row) -> bool:
    limit, blend = row.get("limit_pct"), row.get("blend_pct")
    return limit is not None and blend is not None and float(blend) > float(limit)


def element_name(element: Any) -> str:
    """Name an element.

    Examples
    --------
    >>> element_name("hg"), element_name("as"), element_name("zz")
    ('Mercury', 'Arsenic', 'Zz')
    """
    return words_for(f"{element}_pct")[0].removesuffix(" grade")
