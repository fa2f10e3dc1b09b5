"""What does each printed sheet say of its own in words, and what does it say that it lacks?

The sentences are those of summary, map page and report; none is made up for the sheet but the ones
that say what is not there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from maps.drawings.drilling import is_drilled
from maps.drawings.headline import plan_sentence
from maps.drawings.plan_panel import plan_of
from maps.drawings.results import claimed_verdict, resource_of_field
from maps.finished import Finished
from maps.layers import Layer

#: Signs that the box of a sheet has room for.
ROOM = 720
#: A source that names a file beside the study, which is not among the results.
OWN_FILE = re.compile(r"\S+\.(?:md|txt|toml|csv|json|geojson)")

NO_HOLES = (
    "No drillholes and no mapped geology are in this study: points are published or inferred."
)
NO_RESOURCE = "This study states no tonnes and no grades."
NO_PLAN = "No plan is stated, so none is tested."
THE_REST = "The rest stands in the report."


def told_of(finished: Finished, theme: str) -> str:
    """Return what stands in the box of a sheet.

    Parameters
    ----------
    finished : Finished
        A finished study.
    theme : str
        "Geology", "Resource" or "Plan".

    Returns
    -------
    str
        A line for each thing said, in the language of the study; never "".
    """
    lines = {"Geology": _geology, "Resource": _resource, "Plan": _plan}[theme](finished)
    said = "\n".join(lines)
    if len(said) <= ROOM:
        return said
    kept = re.split(r"(?<=[.?!])\s", said[:ROOM])[:-1]
    return " ".join([*kept, finished.translate(THE_REST)])


def _geology(finished: Finished) -> list[str]:
    say, summary = finished.translate, finished.summary
    drilling = summary.get("drilling") or {}
    lines = []
    if is_drilled(summary) and drilling.get("holes") is not None:
        holes, metres = int(drilling["holes"]), float(drilling.get("metres") or 0.0)
        lines.append(say(f"Drillholes: {holes:,}; drilled {metres:,.0f} m."))
    else:
        lines.append(say(NO_HOLES))
    deposits = _layer(finished, "deposits")
    for row in deposits.features.to_dict("records") if deposits else ():
        # Of a column that only some features fill, the rest is no number.
        if isinstance(row.get("may_be_field"), str):
            lines.append(say(f"{row['name']}: a record that may be {row['may_be_field']}."))
    return lines


def _resource(finished: Finished) -> list[str]:
    say, summary = finished.translate, finished.summary
    headline = (summary.get("study") or {}).get("headline")
    # The headline of a study of evidence is about its plan.
    if headline and is_drilled(summary):
        return [say(str(headline))]
    lines = []
    for field in summary.get("fields") or []:
        name = field.get("name") or field["id"]
        held = resource_of_field(summary, str(field["id"])).split(" | ")
        lines += [f"{name}: {say(one)}" for one in held]
    return lines or [say(NO_RESOURCE)]


def _plan(finished: Finished) -> list[str]:
    say, summary = finished.translate, finished.summary
    found = (claimed_verdict(summary), summary.get("verdict"), plan_of(summary).get("verdict"))
    lines = [say(str(v.get("sentence") or plan_sentence(v))) for v in found if v]
    lines = list(dict.fromkeys(lines)) or [say(NO_PLAN)]
    names: Mapping[str, str] = {
        str(f["id"]): str(f.get("name") or f["id"]) for f in summary.get("fields") or []
    }
    plants = _layer(finished, "plants")
    for row in plants.features.to_dict("records") if plants else ():
        if str(row.get("feeds")) in names:
            lines.append(say(f"{row.get('name')} is fed by {names[str(row['feeds'])]}."))
    return lines


def _layer(finished: Finished, name: str) -> Layer | None:
    return next((layer for layer in finished.layers if layer.name == name), None)
