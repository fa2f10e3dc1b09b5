"""Which part of a mine is there, and how is each of its cells written?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from maps.drawings.tables import Html, text
from maps.mine_words import money
from maps.wording import NOT_KNOWN, mass, number, share, texts

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
        return f"proven optimal for {basis}; between value and bound: {gap_words(gap)}."
    if gap is None:
        return "nothing is proven of its value."
    return f"not proven optimal; for {basis} nothing is worth more than {share(gap)} above it."


def gap_words(gap: float | None) -> str:
    """Write the unproven part of a value.

    Examples
    --------
    >>> gap_words(0.0), gap_words(1.6e-9), gap_words(0.012)
    ('no gap', 'a gap of less than 0.0001 %', 'a gap of 1.2 %')
    """
    if not gap:
        return "no gap"
    return "a gap of less than 0.0001 %" if 0 < gap < 1e-6 else f"a gap of {share(gap)}"
