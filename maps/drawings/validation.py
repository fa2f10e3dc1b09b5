"""How do a figure, its table and a sentence stand together on the validation page?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from maps.drawings.figures_words import capital, element_words, finite, listed, readable
from maps.drawings.tables import Html, table, text
from maps.wording import number, texts

Row = Mapping[str, Any]

#: Most rows of a table on the page; of more, evenly spread ones are written, and it says so.
MOST_ROWS = 120


def part(summary: Row, *path: str) -> Row:
    """Return a mapping inside the summary, empty where it is absent or null.

    Parameters
    ----------
    summary : mapping
        The study's ``summary.json``.
    *path : str
        Keys from the outside in.

    Returns
    -------
    mapping
    """
    found: Any = summary
    for key in path:
        found = found.get(key) if isinstance(found, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def domains(summary: Row) -> list[Row]:
    """Return the domains of the study."""
    return listed(summary.get("domains"))


def domain_title(summary: Row, domain: object) -> str:
    """Return what a domain is called, "all domains" for the whole model."""
    for one in domains(summary):
        if str(one.get("id")) == str(domain):
            return str(one.get("title") or one.get("id"))
    return "all domains" if domain in (None, "", "all") else readable(domain)


def heading(summary: Row, row: Row) -> str:
    """Name domain and element of a row: "Stockwork: Antimony grade"."""
    element = row.get("element")
    words = element_words(summary, element)[0] if element is not None else ""
    where = capital(domain_title(summary, row.get("domain")))
    return f"{where}: {words}" if words else where


def unit_of(summary: Row, element: object) -> str:
    """Return the unit of an element's grade, "" when it is not known."""
    return element_words(summary, element)[1]


def in_order(summary: Row, rows: Sequence[Row]) -> list[Row]:
    """Put rows in the order of the study's domains and elements, all domains together first.

    Parameters
    ----------
    summary : mapping
        The study's ``summary.json``.
    rows : sequence of mapping
        With "domain" and "element".

    Returns
    -------
    list of mapping
    """
    drilling = listed(part(summary, "drilling").get("elements"))
    elements = [str(one.get("name")) for one in drilling]
    ids = [str(one.get("id")) for one in domains(summary)]

    def place(row: Row) -> tuple[int, int]:
        domain, element = str(row.get("domain")), str(row.get("element"))
        return (
            ids.index(domain) if domain in ids else -1,
            elements.index(element) if element in elements else len(elements),
        )

    return sorted(rows, key=place)


def grouped(rows: Sequence[Row], *names: str) -> dict[tuple[Any, ...], list[Row]]:
    """Return rows by the values of some columns, in the order in which they come."""
    groups: dict[tuple[Any, ...], list[Row]] = {}
    for row in rows:
        groups.setdefault(tuple(readable_key(row.get(name)) for name in names), []).append(row)
    return groups


def readable_key(value: object) -> str:
    """Return a value that rows can be grouped by; null is ""."""
    return "" if value is None else str(value)


def section(name: str, title: str, body: Sequence[object]) -> Html:
    """Lay out one section of the page.

    Parameters
    ----------
    name : str
        Its id, for the table of contents.
    title : str
        Its heading.
    body : sequence
        Html or texts; texts are escaped.

    Returns
    -------
    Html
    """
    inside = "".join(text(one) for one in body)
    return Html(f'<section id="{name}"><h2>{text(title)}</h2>{inside}</section>')


def paragraph(words: object, style: str = "") -> Html:
    """Write a paragraph."""
    kind = f' class="{style}"' if style else ""
    return Html(f"<p{kind}>{text(words)}</p>")


def subheading(words: object) -> Html:
    """Write the heading of one domain and element."""
    return Html(f"<h3>{text(words)}</h3>")


def absent(what: str, why: str = "the summary does not hold it") -> Html:
    """Say that a part was not worked out, and why."""
    return Html(f'<p class="absent">{text(what)}: not worked out ({text(why)}).</p>')


def warned(words: object) -> Html:
    """List warnings, each with its sign."""
    lines = "".join(f"<li>{text(one)}</li>" for one in texts(words))
    return Html(f'<ul class="warnings">{lines}</ul>' if lines else "")


def pictured(figure: Html, caption: str, written: Html) -> Html:
    """Put the table of a figure under it.

    Parameters
    ----------
    figure : Html
        From ``figures.drawn``.
    caption : str
        What the figure shows; a text.
    written : Html
        The table that it is a picture of.

    Returns
    -------
    Html
        A ``<figure>``; the table is folded away.
    """
    return Html(
        f"<figure>{figure}<figcaption>{text(caption)}"
        f"<details><summary>Its table</summary>{written}</details></figcaption></figure>"
    )


def beside(figures: Sequence[Html]) -> Html:
    """Set figures side by side where there is room."""
    found = "".join(figures)
    return Html(f'<div class="figures">{found}</div>' if found else "")


def columns(
    rows: Sequence[Row],
    wanted: Sequence[tuple[str, str]],
    caption: object = "",
    figures: int = 3,
    most: int = MOST_ROWS,
) -> Html:
    """Lay out columns of rows under words, numbers rounded for reading.

    Parameters
    ----------
    rows : sequence of mapping
        Tidy data; of more than *most*, evenly spread ones are written.
    wanted : sequence of (str, str)
        Key and heading of each column; a column that no row knows is left out.
    caption : object
        What the table shows.
    figures : int
        Significant figures.
    most : int
        Rows that are written at most.

    Returns
    -------
    Html
        A table, "" without rows.
    """
    step = max(1, -(-len(rows) // most))
    chosen = rows[::step]
    first, *others = wanted
    known = [first, *(w for w in others if any(row.get(w[0]) is not None for row in rows))]
    cells = [[_cell(row.get(key), figures) for key, _ in known] for row in chosen]
    some = f"one in {step} of {len(rows)} rows"
    said = caption if step == 1 else f"{caption}; {some}" if caption else some
    return table([head for _, head in known], cells, said)


def _cell(value: object, figures: int) -> str:
    """Write whole numbers in full, others rounded."""
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    return number(value, figures)


def position(value: object) -> str:
    """Write a coordinate to the metre: rounding it to figures would move it."""
    found = finite(value)
    return number(None) if found is None else f"{found:,.0f}"


def count(value: object) -> str:
    """Write a whole number in full."""
    found = finite(value)
    return number(None) if found is None else f"{found:,.0f}"


def per_cent(value: object, decimals: int = 1) -> str:
    """Write a signed difference, a fraction, as per cent."""
    found = finite(value)
    if found is None:
        return number(None)
    written = f"{100 * found:+.{decimals}f} %"
    # What rounds to nothing has no sign.
    return written if any(c in "123456789" for c in written) else written[1:]
