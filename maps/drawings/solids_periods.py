"""In which stages is a pit dug, and which colour has each on the page in space?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from maps import palettes
from maps.drawings.bench_packing import pack
from maps.drawings.plan_steps import plan_years
from maps.drawings.plan_years import year_classes
from maps.drawings.solids_pit import pit_stages
from maps.drawings.tables import text
from maps.finished import Finished

Row = Mapping[str, Any]

#: The lightest tone is left to many stages, and so are the darkest.
FEW = 4


def pit_periods(finished: Finished) -> list[dict[str, Any]]:
    """Return the stages of a pit: years of the plan where the study plans a pit, and pushbacks.

    Parameters
    ----------
    finished : Finished
        A study with ``pit_blocks.parquet``.

    Returns
    -------
    list of dict
        ``name``, ``label``, ``steps`` (``name`` and ``said`` of each, and ``at``: which floors it
        leaves, -1 before the first), ``classes`` and ``of`` (class of each of the floors), and
        ``data``: floors, packed. All texts escaped.
    """
    path, years = finished.left("pit_blocks.parquet"), finished.left("plan_blocks.parquet")
    plan = finished.summary.get("plan") or {}
    found = []
    if path is not None and years is not None and plan.get("of") == "pit":
        stages = pit_stages(path, "plan_year", years)
        if stages is not None:
            last = max(stages["numbers"])
            steps = plan_years(finished.summary, range(1, last + 1), finished.translate)
            found.append(_set("year", "Year of the plan", stages, steps))
    stages = None if path is None else _pushbacks(finished)
    if stages is not None:
        steps = {n: {"name": text(f"Pushback {n}"), "said": ""} for n in stages["numbers"]}
        found.append(_set("pushback", "Pushback", stages, steps))
    return found


def _pushbacks(finished: Finished) -> dict[str, Any] | None:
    import pyarrow.parquet as pq

    path = finished.left("pit_blocks.parquet")
    if path is None or "pushback" not in pq.read_schema(path).names:
        return None
    return pit_stages(path, "pushback")


def _set(name: str, label: str, stages: Row, steps: Mapping[int, Row]) -> dict[str, Any]:
    numbers: list[int] = stages["numbers"]
    edges = year_classes(numbers[0], numbers[-1])
    tones = palettes.YEARS[1 : 1 + max(3, len(edges))] if len(edges) <= FEW else palettes.YEARS
    fills = palettes.sequence(len(edges), tones)
    return {
        "name": name,
        "label": text(label),
        "steps": [
            {**steps[n], "at": int(np.searchsorted(numbers, n, side="right")) - 1}
            for n in sorted(steps)
        ],
        "classes": [
            {"label": text(_words(name, first, last)), "colour": fill}
            for (first, last), fill in zip(edges, fills, strict=True)
        ],
        "of": [_class(number, edges) for number in numbers],
        "numbers": numbers,
        "data": pack(stages["floors"].astype(np.uint16)),
    }


def _class(number: int, edges: Sequence[tuple[int, int]]) -> int:
    return next(i for i, (_, last) in enumerate(edges) if number <= last)


def _words(name: str, first: int, last: int) -> str:
    return f"{name} {first}" if first == last else f"{name}s {first} to {last}"
