"""What speaks for the estimate and what against it: how does it become one page?

The page holds everything it shows and runs no script, so that its security policy can forbid all.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from maps.drawings.figures import numbered
from maps.drawings.tables import Html, text
from maps.drawings.validation import part, warned
from maps.drawings.validation_crossed import crossed
from maps.drawings.validation_means import counts, means
from maps.drawings.validation_neighbours import neighbours
from maps.drawings.validation_samples import samples
from maps.drawings.validation_support import supports
from maps.drawings.validation_swaths import swath_plots
from maps.drawings.validation_variograms import variograms
from maps.finished import INVENTED, stamp_of
from maps.products.inline import asset
from maps.wording import texts

POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
    "form-action 'none'"
)

#: Ids and headings of the sections, in their order.
CONTENTS = (
    ("samples", "1. Samples"),
    ("variograms", "2. Variograms"),
    ("cross-validation", "3. Cross-validation"),
    ("swaths", "4. Swaths"),
    ("means", "5. Comparison of means"),
    ("support", "6. Change of support"),
    ("neighbourhoods", "7. Kriging neighbourhood analysis"),
    ("counts", "8. Estimation counts"),
)


def validation_page(summary: Mapping[str, Any]) -> str:
    """Write the validation page of a drillhole study.

    Parameters
    ----------
    summary : mapping
        The study's ``summary.json``, route "drillholes"; any part of it may be null or missing.

    Returns
    -------
    str
        HTML without scripts that makes no request; equal summaries give equal text.

    Examples
    --------
    >>> "not worked out" in validation_page({})
    True
    """
    study = part(summary, "study")
    name = str(study.get("title") or study.get("name") or "Study")
    sections = (samples, variograms, crossed, swath_plots, means, supports, neighbours, counts)
    body = "".join(write(summary) for write in sections)
    page = (
        f'<!DOCTYPE html>\n<html lang="en" data-ready="yes">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{text(name)}: validation</title>\n"
        f"<style>{asset('anzob_validation.css')}</style>\n</head>\n<body>\n"
        f"{_head(summary, name)}\n<main>{_contents()}{_short(summary)}{body}</main>\n"
        f"<footer>{_foot(summary)}</footer>\n</body>\n</html>\n"
    )
    return numbered(page)


def _head(summary: Mapping[str, Any], name: str) -> Html:
    """Banner of a synthetic study, title, disclaimer."""
    study = part(summary, "study")
    banner = ""
    if study.get("synthetic"):
        banner = f'<div class="synthetic" role="alert">{INVENTED}</div>'
    said = study.get("disclaimer")
    disclaimer = f'<p class="disclaimer">{text(said)}</p>' if said else ""
    return Html(f"{banner}<header><h1>{text(name)}: validation</h1>{disclaimer}</header>")


def _contents() -> Html:
    lines = "".join(f'<li><a href="#{key}">{text(title)}</a></li>' for key, title in CONTENTS)
    return Html(f'<nav aria-label="Contents"><h2>Contents</h2><ul>{lines}</ul></nav>')


def _short(summary: Mapping[str, Any]) -> Html:
    """Lay out the result and the warnings; details are below."""
    headline = "".join(
        f"<p><b>{text(s)}</b></p>" for s in texts(part(summary, "study").get("headline"))
    )
    warnings = warned(summary.get("warnings"))
    if not headline and not warnings:
        return Html("")
    return Html(f'<section id="short"><h2>In short</h2>{headline}{warnings}</section>')


def _foot(summary: Mapping[str, Any]) -> Html:
    made = f"Figures are pictures of summary.json, rounded for reading. {stamp_of(summary)}"
    return text(made.strip())
