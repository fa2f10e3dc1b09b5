"""How does a report put a picture, what to see in it and its table together, and number them?

A page on a screen keeps every row. On paper long tables stop after their first rows, and say so.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from maps.drawings.tables import Html, text
from maps.languages import Translate

_PICTURE = re.compile(r"<svg\b.*?</svg>", re.DOTALL)
#: Switches that only the map page obeys.
_SWITCH = re.compile(r'<label class="enlarge">.*?</label>', re.DOTALL)
_TABLE = re.compile(r'(<div class="scroll"[^>]*>)<table>(.*?)</table></div>', re.DOTALL)
_IN_CAPTION = re.compile(
    r"<figcaption>((?:(?!</figcaption>).)*?)(<details>.*?</details>)</figcaption>", re.DOTALL
)
_LIST = re.compile(r'<div class="points".*?</pre></div>', re.DOTALL)

#: Longer tables are cut on paper, to this many of their rows; the style sheet knows the number.
LONG, ON_PAPER = 18, 12


def figure(picture: str, caption: object, behind: object, say: Translate = str) -> Html:
    """Set a picture over its caption and the table that it is a picture of.

    Parameters
    ----------
    picture : str
        One or more ``<svg>`` elements; "" makes no figure.
    caption : object
        What to see in it; texts are escaped.
    behind : object
        Table of the figures that are drawn.
    say : callable
        Writes labels in the language of the study.

    Returns
    -------
    Html
        A ``<figure>``, "" without a picture.
    """
    if not picture:
        return Html("")
    # The folded part stands beside the caption, not in it: readers of a page hear the caption
    # without the table.
    return Html(
        f"<figure>{picture}<figcaption>{text(caption)}</figcaption>"
        f"<details><summary>{text(say('Table behind this figure'))}</summary>{text(behind)}"
        "</details></figure>"
    )


def cut_on_paper(html: str, summary: Mapping[str, Any], say: Translate, kept: str = "") -> Html:
    """Mark long tables, so that paper shows their first rows and says where the others are.

    Parameters
    ----------
    html : str
        Finished HTML; on a screen nothing of it changes.
    summary : mapping
        The study's ``summary.json``, which says whether names of files carry SYNTHETIC.
    say : callable
        Writes labels in the language of the study.
    kept : str
        File beside the report that holds the whole table too, such as "plan_limits.csv"; named
        where the study left it.

    Returns
    -------
    Html
        Tables of more than `LONG` rows with the class "long" and a sentence under each.
    """
    study = summary.get("study") or {}
    mark = "synthetic_" if study.get("synthetic") else ""
    files = [f"{mark}report.html"]
    left = [str(name) for name in summary.get("files") or []]
    if kept.endswith(".html") or f"{mark}{kept}" in left:
        files.append(f"{mark}{kept}")
    where = "; ".join(files)

    def cut(found: re.Match[str]) -> str:
        body = found[2].partition("<tbody>")[2]
        rows = body.count("<tr")
        if rows <= LONG:
            return found[0]
        said = f"On paper the first {ON_PAPER} of {rows} rows stand. All are in {where}."
        note = f'<p class="paper">{text(say(said))}</p>'
        return f'{found[1]}<table class="long">{found[2]}</table></div>{note}'

    marked = _TABLE.sub(cut, html)
    gone = say(f"The list is not printed. It is in {where}.")
    note = f'<p class="paper">{text(gone)}</p>'
    return Html(_LIST.sub(lambda found: found[0] + note, marked))


def whole_on_paper(html: str) -> Html:
    """Mark tables whose every row is printed, however many."""
    marked = _TABLE.sub(r'\1<table class="whole">\2</table></div>', html)
    return Html(marked)


def pictures(html: str) -> list[str]:
    """Return the drawings inside finished HTML, in their order."""
    return _PICTURE.findall(html)


def without_pictures(html: str) -> Html:
    """Return finished HTML without its drawings and without what only the map page obeys."""
    return inner(_PICTURE.sub("", html))


def inner(html: str) -> Html:
    """Make a part of another page one of a chapter: no switch, no section, smaller headings."""
    bare = _SWITCH.sub("", html)
    bare = re.sub(r"<section\b[^>]*>\s*", '<div class="part">', bare)
    bare = bare.replace("</section>", "</div>")
    # Readers of a page hear a caption without the table, as with the figures made here.
    bare = _IN_CAPTION.sub(r"<figcaption>\1</figcaption>\2", bare)
    return Html(re.sub(r"<(/?)h2\b", r"<\1h3", bare))


def bare_section(html: str) -> Html:
    """Return what a section of another page holds, without its own heading."""
    found = re.sub(r"^<section\b[^>]*><h2>.*?</h2>", "", html, flags=re.DOTALL)
    return inner(found.removesuffix("</section>"))


def chapter(key: str, title: str, body: Sequence[object]) -> Html:
    """Lay out one chapter, "" where it has nothing to say."""
    inside = "".join(text(one) for one in body if one)
    if not inside:
        return Html("")
    return Html(f'<section id="{key}"><h2>{text(title)}</h2>{inside}</section>')


def heading(words: object) -> Html:
    """Write the heading of a part of a chapter."""
    return Html(f"<h3>{text(words)}</h3>")


def paragraph(words: object, style: str = "") -> Html:
    """Write a paragraph, "" without words."""
    kind = f' class="{style}"' if style else ""
    return Html(f"<p{kind}>{text(words)}</p>") if words else Html("")


def items(lines: Sequence[object], style: str = "remarks") -> Html:
    """List lines, "" without any."""
    found = "".join(f"<li>{text(line)}</li>" for line in lines)
    return Html(f'<ul class="{style}">{found}</ul>' if found else "")


def folded(title: str, body: object) -> Html:
    """Fold a long part away under its title; on paper it is open."""
    if not body:
        return Html("")
    return Html(f"<details><summary>{text(title)}</summary>{text(body)}</details>")


def beside(figures: Sequence[Html]) -> Html:
    """Set figures side by side where there is room."""
    found = "".join(figures)
    return Html(f'<div class="figures">{found}</div>' if found else "")


def with_numbers(page: str, say: Translate) -> str:
    """Give every figure of a page its number, from 1.

    Examples
    --------
    >>> with_numbers("<figcaption>Ore</figcaption>", str)
    '<figcaption><b>Figure 1.</b> Ore</figcaption>'
    """
    count = 0

    def numbered(_: re.Match[str]) -> str:
        nonlocal count
        count += 1
        return f"<figcaption><b>{say(f'Figure {count}')}.</b> "

    return re.sub(r"<figcaption>", numbered, page)
