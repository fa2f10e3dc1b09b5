"""Does the estimate keep the mean of the samples, and how was every block estimated?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from maps.drawings.figures_words import (
    capital,
    element_words,
    finite,
    listed,
    readable,
    with_unit,
)
from maps.drawings.tables import Html, table
from maps.drawings.validation import (
    absent,
    count,
    domain_title,
    domains,
    grouped,
    heading,
    in_order,
    paragraph,
    part,
    per_cent,
    section,
    subheading,
)
from maps.wording import number, share

Row = Mapping[str, Any]


def means(summary: Row) -> Html:
    """Lay out the comparison of means by domain and element.

    Parameters
    ----------
    summary : mapping
        The study's ``summary.json``.

    Returns
    -------
    Html
        Section "means".
    """
    validation = part(summary, "validation")
    rows = listed(validation.get("means") or validation.get("comparison"))
    body: list[object] = []
    for group in grouped(in_order(summary, rows), "domain", "element").values():
        words = with_unit(element_words(summary, group[0].get("element")))
        cells = [
            [
                capital(readable(row.get("reference"))),
                number(finite(row.get("reference_mean")), 3),
                number(finite(row.get("estimate")), 3),
                per_cent(row.get("difference")),
                readable(row.get("verdict")),
            ]
            for row in group
        ]
        head = ("Held against", "Its mean", "Mean of the estimate", "Difference", "In words")
        about = f"{words}; {count(group[0].get('n_samples'))} samples, "
        about += f"{count(group[0].get('n_blocks'))} blocks"
        body += [subheading(heading(summary, group[0])), table(head, cells, about)]
    if not rows:
        body.append(absent("Comparison of means", "no block is estimated"))
    return section("means", "5. Comparison of means", body)


def counts(summary: Row) -> Html:
    """Lay out how many blocks were estimated, in which pass, and their classes.

    Parameters
    ----------
    summary : mapping
        The study's ``summary.json``.

    Returns
    -------
    Html
        Section "counts".
    """
    model = part(summary, "block_model")
    body: list[object] = []
    if model:
        lines = [
            ("Blocks and sub-blocks", count(model.get("rows"))),
            ("Parent blocks", count(model.get("parents"))),
            ("Estimated", count(model.get("estimated"))),
            ("Not estimated: no grade, no tonnes", count(model.get("unestimated"))),
        ]
        body.append(table(("What", "Number"), lines, "Block model"))
    else:
        body.append(absent("Counts of blocks"))
    for domain in domains(summary):
        body.append(_passes(summary, domain))
    body.append(_classes(part(summary, "tonnage")))
    return section("counts", "8. Estimation counts", body)


def _passes(summary: Row, domain: Row) -> Html:
    """List the searches of a domain and the blocks that each estimated."""
    title = domain_title(summary, domain.get("id"))
    rows = listed(domain.get("search"))
    if not rows:
        return absent(f"Search passes of {title}")
    total = sum(finite(row.get("blocks")) or 0.0 for row in rows)
    cells = [
        [
            count(row.get("pass")),
            " x ".join(number(finite(row.get(f"{a}_m")), 3) for a in ("major", "semi", "minor")),
            f"{count(row.get('least'))} to {count(row.get('most'))}",
            _asked(row.get("most_per_hole")),
            "not split" if row.get("sectors") in (None, 1) else count(row["sectors"]),
            count(row.get("blocks")),
            share((finite(row.get("blocks")) or 0.0) / total) if total else None,
        ]
        for row in rows
    ]
    head = ("Pass", "Reaches, m", "Samples", "Most a hole", "Sectors", "Blocks", "Share")
    return table(head, cells, f"{capital(title)}: search passes and the blocks each estimated")


def _asked(value: object) -> str:
    return "no limit" if value is None else count(value)


def _classes(tonnage: Row) -> Html:
    """Count blocks by class above the lowest cut-off."""
    rows = groups_of(tonnage)
    if not rows or not any(row.get("class") is not None for row in rows):
        return absent("Classes", "blocks are not classified")
    low = min(finite(row.get("cutoff")) or 0.0 for row in rows)
    found: dict[str, float] = {}
    for row in rows:
        if (finite(row.get("cutoff")) or 0.0) == low:
            name = readable(row.get("class"))
            found[name] = found.get(name, 0.0) + (finite(row.get("n_blocks")) or 0.0)
    total = sum(found.values())
    cells = [[n, count(k), share(k / total) if total else None] for n, k in found.items()]
    about = f"Classes of the blocks at or above {low:g} {tonnage.get('unit') or ''}".strip()
    return Html(table(("Class", "Blocks", "Share of blocks"), cells, about) + _said())


def groups_of(tonnage: Row) -> list[Row]:
    """Return the rows of a tonnage table that add up: groups, never sub-totals beside them."""
    rows: Sequence[Row] = listed(tonnage.get("rows"))
    lone = [row for row in rows if row.get("level") in (None, "group")]
    return lone or [row for row in rows if row.get("level") == "total"]


def _said() -> Html:
    return paragraph("Classes are the model's own criteria, not a statement of resources.", "note")
