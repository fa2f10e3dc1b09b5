"""axe-core, the accessibility checker, run inside a page that Chromium has open."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import Any

from support.browser import need

#: What a person with a screen reader, a keyboard or weak eyes would stumble over.
GRAVE = ("serious", "critical")

#: What stands inside a picture with a text in its place is not read out (ARIA: children of an img
#: are presentational); thousands of marks would take a minute.
CONTEXT = "{exclude: [['svg[role=img] > *']]}"


@cache
def _source() -> str:
    folder = os.environ.get("AXE_CORE", "")
    path = Path(folder) / "axe.min.js"
    return path.read_text("utf-8") if folder and path.is_file() else ""


def grave_findings(page: Any) -> list[str]:
    """Serious and critical findings of a page as it stands, each with the elements it is about.

    ``AXE_CORE`` names the folder of the npm package axe-core.
    """
    source = _source()
    need(source, "axe-core (set AXE_CORE to the folder of the npm package)")
    # evaluate() works beside the page's security policy, which forbids scripts of others.
    page.evaluate(source)
    found = page.evaluate(f"axe.run({CONTEXT}, {{resultTypes: ['violations']}})")
    assert found["passes"], "axe looked at nothing"
    return [_told(v) for v in found["violations"] if v["impact"] in GRAVE]


def _told(finding: dict[str, Any]) -> str:
    nodes = finding["nodes"][:4]
    where = [f"{n['target']} {n['html'][:160]} {n['failureSummary'][:300]}" for n in nodes]
    return f"{finding['impact']} {finding['id']}: {finding['help']}: {'; '.join(where)}"
