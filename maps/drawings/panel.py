"""What stands beside the map: the answer, then all that backs it, each part to be opened?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from maps.drawings.cards import field_card
from maps.drawings.drilling import front as drillhole_front
from maps.drawings.drilling import is_drilled
from maps.drawings.drilling import sections as drillhole_sections
from maps.drawings.headline import headline_cutoff, known, support, verdicts
from maps.drawings.mine_panel import front as mine_front
from maps.drawings.mine_panel import sections as mine_sections
from maps.drawings.money import bearable, sensitivities
from maps.drawings.plan_panel import front as plan_front
from maps.drawings.plan_panel import sections as plan_sections
from maps.drawings.results import claimed_verdict, rows_of_field, tables_of
from maps.drawings.tables import (
    Html,
    answers,
    claims,
    grade_tonnage,
    horizons,
    scenarios,
    sources,
    text,
    verdict_tests,
)
from maps.finished import stamp_of
from maps.wording import texts

Summary = Mapping[str, Any]


def side_panel(summary: Summary, title: str = "") -> Html:
    """Lay out everything that is not on the map.

    Parameters
    ----------
    summary : mapping
        The study's ``summary.json``.
    title : str
        Heading of the page; "" takes the study's.

    Returns
    -------
    Html
        Headline, verdict cards, then sections that open by mouse and keyboard without script.
    """
    study = summary.get("study", {})
    heading = title or study.get("title") or study.get("name") or "Study"
    question = f'<p class="question">{text(study["question"])}</p>' if study.get("question") else ""
    # The headline says both verdicts in one sentence; the cards say each in full.
    told = claimed_verdict(summary) is not None and summary.get("verdict") is not None
    answer = (
        f'<p class="answer">{text(study["headline"])}</p>'
        if study.get("headline") and not told
        else ""
    )
    if is_drilled(summary):
        mine = f"{mine_front(summary)}{plan_front(summary)}"
        front = f"{question}{drillhole_front(summary)}{mine}"
    else:
        front = f"{question}{known(summary)}{verdicts(summary)}{answer}{mine_front(summary)}"
    return Html(
        f'<div class="front"><h1>{text(heading)}</h1>{front}</div>'
        + '<div class="backing">'
        + "".join(section(name, body) for name, body in _sections(summary) if body)
        + f"{_footing(summary)}</div>"
    )


def section(title: str, body: Html) -> Html:
    """Fold a part away under its title."""
    return Html(f"<details><summary>{text(title)}</summary><div>{body}</div></details>")


def _sections(summary: Summary) -> list[tuple[str, Html]]:
    if is_drilled(summary):
        backing = [("Warnings", _warnings(summary)), ("Sources and layers", _sources(summary))]
        tonnage, *rest = drillhole_sections(summary)
        return [tonnage, *mine_sections(summary), *plan_sections(summary), *rest, *backing]
    said = summary.get("claims") or []
    cases = summary.get("scenarios") or []
    return [
        ("Why: the tests behind the verdicts", _tests(summary)),
        (f"Claims of the public story ({len(said)})", claims(said)),
        (_rich_title(summary), headline_cutoff(summary)),
        ("Why rich samples and a lean feed are both true", support(summary)),
        ("Grade and tonnage by field", _fields(summary)),
        *mine_sections(summary),
        ("If the plan must hold for longer", horizons(summary.get("horizons") or [])),
        ("What would have to be true", answers(summary.get("inverse") or [])),
        ("What a tonne of ore could bear", bearable(summary)),
        (f"Scenarios ({len(cases)})", scenarios(cases)),
        ("What moves the answer, and how long ore would last", sensitivities(summary)),
        ("Warnings", _warnings(summary)),
        ("Sources", _sources(summary)),
    ]


def _rich_title(summary: Summary) -> str:
    cutoff = (summary.get("headline_cutoff") or {}).get("cutoff_sb_pct")
    return f"What ore above {cutoff:g} % Sb would mean" if cutoff is not None else "Rich ore"


def _tests(summary: Summary) -> Html:
    parts = []
    for verdict in (claimed_verdict(summary), summary.get("verdict")):
        if verdict and verdict.get("tests"):
            reading = str(verdict.get("reading") or "the plan")
            parts.append(f"<h3>{text(reading[:1].upper() + reading[1:])}</h3>")
            parts.append(verdict_tests(verdict))
    return Html("".join(parts))


def _fields(summary: Summary) -> Html:
    parts = [
        f"<h3>{text(field.get('name') or field['id'])}</h3>{field_card(summary, field)}"
        for field in summary.get("fields", [])
    ]
    totals = rows_of_field(summary, "all")
    if totals:
        parts.append(f"<h3>All fields together</h3>{grade_tonnage(totals)}")
    return Html("".join(parts))


def _warnings(summary: Summary) -> Html:
    items = "".join(f'<li class="warning">{text(w)}</li>' for w in texts(summary.get("warnings")))
    return Html(f'<ul class="remarks">{items}</ul>' if items else "")


def _sources(summary: Summary) -> Html:
    found = next((t for t in tables_of(summary) if t.name == "sources"), None)
    return sources(_plain(found.rows)) if found is not None else Html("")


def _plain(rows: Any) -> list[dict[str, Any]]:
    return [{str(k): v for k, v in row.items()} for row in rows.to_dict("records")]


def _footing(summary: Summary) -> Html:
    study = summary.get("study", {})
    # The time is that of the study's run, not of this writing: a page made again is the same.
    parts = [
        str(stamp_of(summary)),
        f"{study.get('crs')} in the GeoPackage, WGS 84 on this page" if study.get("crs") else "",
    ]
    return Html(f'<p class="made">{text(" · ".join(p for p in parts if p))}</p>')
