"""What does a study find, on what does it rest and what would change it: how is that one page?

The page holds everything it shows and runs no script, so that its security policy can forbid all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from maps.drawings.figures import numbered
from maps.drawings.report_answer import answer
from maps.drawings.report_ground import evidence, public_claims, tonnage, validation
from maps.drawings.report_map import map_figure
from maps.drawings.report_method import method, table_1
from maps.drawings.report_mine import mine_limits, schedule, sensitivities, tests
from maps.drawings.report_parts import (
    beside,
    chapter,
    cut_on_paper,
    heading,
    whole_on_paper,
    with_numbers,
)
from maps.drawings.tables import Html, table, text
from maps.drawings.validation import count
from maps.finished import INVENTED, Finished, write_text
from maps.languages import Translate
from maps.products.inline import asset
from maps.products.localised import localised
from maps.products.paper import page_marks
from maps.products.validation_page import POLICY

Summary = Mapping[str, Any]
Chapter = Callable[[Summary, Translate], list[object]]

#: Id, title and writer of every chapter, in their order; one without anything to say is left out.
CHAPTERS: tuple[tuple[str, str, Chapter], ...] = (
    ("answer", "The answer", answer),
    ("evidence", "Evidence and sources", evidence),
    ("claims", "Claims of the public story", public_claims),
    ("tonnage", "Grade and tonnage above cut-offs", tonnage),
    ("validation", "Validation of the estimate", validation),
    ("limits", "Mine limits", mine_limits),
    ("schedule", "Schedule", schedule),
    ("tests", "The tests behind the verdicts", tests),
    ("sensitivities", "What moves the answer", sensitivities),
    ("method", "Method and limits", method),
    ("table-1", "JORC Table 1, skeleton", table_1),
)
#: Chapter -> page or file beside the report that has more of the same.
KEPT = {"validation": "validation.html", "tonnage": "grade_tonnage.csv"}
#: Chapters whose tables are printed whole.
WHOLE = ("claims", "tests", "table-1", "manifest")
#: The last chapter is about the page itself.
MANIFEST = ("manifest", "Manifest")


def write_report(finished: Finished) -> list[str]:
    """Write the report of a finished study.

    Parameters
    ----------
    finished : Finished
        The study; any part of it may be missing.

    Returns
    -------
    list of str
        The name of the page.
    """
    name = finished.named("report.html")
    write_text(report_page(finished), finished.out / name)
    return [name]


def report_page(finished: Finished) -> str:
    """Write the report as one page that makes no request.

    Parameters
    ----------
    finished : Finished
        The study; any part of it may be missing.

    Returns
    -------
    str
        HTML without scripts; equal studies give equal text.
    """
    say = finished.translate
    # A part that is null is one that the study does not have.
    known = {key: part for key, part in finished.summary.items() if part is not None}
    written = [(key, title, write(known, say)) for key, title, write in CHAPTERS]
    written = [(k, t, [*_map(finished, k), *body]) for k, t, body in written]
    written.append((*MANIFEST, _manifest(finished)))
    kept = [(key, title, body) for key, title, body in written if any(body)]
    named = [(key, f"{i}. {say(title)}", body) for i, (key, title, body) in enumerate(kept, 1)]
    first, *rest = (
        _printed(key, chapter(key, title, body), known, say) for key, title, body in named
    )
    contents = _contents([(key, title) for key, title, _ in named], say)
    title = f"{_name(finished)}: {say('report')}"
    page = (
        f'<!DOCTYPE html>\n<html lang="{finished.settings.language}" data-ready="yes">\n<head>\n'
        f'<meta charset="utf-8">\n<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{text(title)}</title>\n<style>{asset('anzob_report.css')}</style>\n"
        f"<style>{page_marks(finished)}</style>\n</head>\n"
        f"<body>\n{_head(finished, title)}\n<main>{first}{contents}{''.join(rest)}</main>\n"
        f"<footer>{text(finished.stamp.line(say))}</footer>\n</body>\n</html>\n"
    )
    # Labels that are put together above speak the language already; here the rest of them do.
    return with_numbers(localised(numbered(page), finished.settings.language), say)


def _map(finished: Finished, key: str) -> list[object]:
    """Draw the map at the head of the chapter of the evidence."""
    if key != "evidence" or not finished.layers:
        return []
    drawn = map_figure(finished.layers, finished.settings.open_on, finished.translate)
    return [heading(finished.translate("Where it lies")), beside([drawn])] if drawn else []


def _printed(key: str, html: Html, summary: Summary, say: Translate) -> Html:
    """Say how much of the tables of a chapter goes on paper."""
    if key in WHOLE:
        return whole_on_paper(html)
    return cut_on_paper(html, summary, say, KEPT.get(key, ""))


def _name(finished: Finished) -> str:
    study = finished.summary.get("study") or {}
    return str(study.get("title") or study.get("name") or "Study")


def _head(finished: Finished, title: str) -> Html:
    """Banner of a synthetic study, title, disclaimer, of which study and when."""
    say = finished.translate
    study = finished.summary.get("study") or {}
    banner = f'<div class="synthetic" role="alert">{text(say(INVENTED))}</div>'
    said = study.get("disclaimer")
    disclaimer = f'<p class="disclaimer">{text(said)}</p>' if said else ""
    return Html(
        f"{banner if finished.synthetic else ''}<header><h1>{text(title)}</h1>"
        f'<p class="stamp">{text(finished.stamp.line(say))}</p>{disclaimer}</header>'
    )


def _contents(chapters: list[tuple[str, str]], say: Translate) -> Html:
    lines = "".join(f'<li><a href="#{key}">{text(title)}</a></li>' for key, title in chapters)
    head = text(say("Contents"))
    return Html(f'<nav aria-label="{head}"><h2>{head}</h2><ul>{lines}</ul></nav>')


def _manifest(finished: Finished) -> list[object]:
    """Say of which study the page was made; hashes of the inputs stand in their own file."""
    say = finished.translate
    study = finished.summary.get("study") or {}
    lines: list[list[object]] = [[say(label), value] for label, value in finished.stamp.facts()]
    for label, value in (
        ("Coordinate reference system", study.get("crs")),
        ("Seed", study.get("seed")),
        ("Draws", None if study.get("draws") is None else count(study["draws"])),
    ):
        if value is not None:
            lines.append([say(label), str(value)])
    if not lines:
        return []
    heads = (say("Of this report"), say("Value"))
    return [table(heads, lines), *_inputs(finished, say)]


def _inputs(finished: Finished, say: Translate) -> list[object]:
    """List every input with its size and the head of its hash."""
    rows = finished.summary.get("inputs") or []
    more = (
        "The whole hashes, the versions of the packages and the solver stand in the file "
        "manifest.json beside this page."
    )
    note = Html(f'<p class="note">{text(say(more))}</p>')
    if not rows:
        return [note]
    body: list[list[object]] = [
        [row.get("file"), count(row.get("bytes")), str(row.get("sha256") or "")[:12] or None]
        for row in rows
    ]
    heads = [say(h) for h in ("Input", "Size, bytes", "SHA-256, first 12 digits")]
    return [table(heads, body, f"{say('Inputs')} ({len(rows)})"), note]
