"""Which numbers does the first page of a report have to show, by the summary alone?

Nothing of the report is used here: amounts are taken from their places in the summary and rounded
again.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from html import unescape
from typing import Any

Row = Mapping[str, Any]

_NUMBER = re.compile(
    r"(?<![\w.,-])[+-]?((?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)(?![\w,]*\d)\s*(Mt|kt|million|t Au)?"
)
_UNITS = {"Mt": 1e6, "kt": 1e3, "million": 1e6, "t Au": 1e3}


def texts_of(tree: Any) -> Iterator[str]:
    """Give every text of a tree."""
    if isinstance(tree, Mapping | list):
        for value in tree.values() if isinstance(tree, Mapping) else tree:
            yield from texts_of(value)
    elif isinstance(tree, str):
        yield " ".join(tree.split())


def shown(html: str, summary: Row) -> Counter[str]:
    """Count the numbers of a page that stand in no text of the summary, in their base unit."""
    bare = re.sub(r"<(style|code|h2)\b.*?</\1>", " ", html, flags=re.DOTALL)
    spoken = {t for t in texts_of(summary) if re.search(r"\d.*[A-Za-z]{3}|[A-Za-z]{3}.*\d", t)}
    given = sorted(spoken, key=len, reverse=True)
    found: Counter[str] = Counter()
    for part in re.split(r"<[^<>]*>", bare):
        text = " ".join(unescape(part).split())
        for one in given:
            text = text.replace(one.removeprefix("SYNTHETIC: "), " ")
        for m in _NUMBER.finditer(text):
            found[two(float(m[1].replace(",", "")) * _UNITS.get(m[2] or "", 1.0))] += 1
    return found


def two(value: float | None) -> str:
    """Write a number with two figures: what a page shows of an estimate."""
    return "" if value is None else f"{value:.1e}"


def expected(summary: Row) -> Counter[str]:
    """Count the numbers that the first page has to show."""
    found = Counter(two(v) for v in _amounts(summary) if v is not None)
    return Counter({k: n for k, n in found.items() if n})


def _amounts(summary: Row) -> Iterator[float | None]:
    cases = {c["name"]: c["verdict"] for c in summary.get("scenarios") or []}
    for verdict in (cases.get("as_claimed"), summary.get("verdict")):
        yield from _verdict(verdict or {})
        yield from _horizons(summary, verdict or {})
    yield from _tornado(summary)
    if summary.get("tonnage"):
        yield from _classes(summary["tonnage"])
    else:
        yield from _fields(summary)
    plan = summary.get("plan") or {}
    helped = sorted((r for r in plan.get("relief") or [] if (r.get("gain_usd") or 0) > 0),
                    key=lambda r: -r["gain_usd"])  # fmt: skip
    for row in helped[:3]:
        yield row["gain_usd"]
        yield row["rate_gain_t_per_year"] or None
    yield from _mine(summary.get("mine") or {})
    yield from _ways(summary.get("mine") or {}, plan)


def _ways(mine: Row, plan: Row) -> Iterator[float | None]:
    """Give the discounted worth beside each way to mine, then what the sentences compare."""
    known = {"pit": (mine.get("pit") or {}).get("plan")} | {plan.get("of"): plan}
    worths = [v for k, v in known.items() if k in ("pit", "stopes") and v]
    yield from (one["npv_usd"] for one in worths)
    if not (mine.get("pit") and mine.get("stopes")):
        return
    bases = {(one["discount_rate"], one.get("discounting")) for one in worths}
    yield from (100 * rate for rate, _ in bases)
    if len(bases) < 2:
        yield from (one["npv_usd"] for one in worths)
    if len(worths) == 2 and len(bases) < 2:
        yield max(row["best_npv_usd"] for row in mine["pit"]["shells"])


def _verdict(verdict: Row) -> Iterator[float | None]:
    gates = [t for t in verdict.get("tests") or [] if t["role"] == "gate"]
    binding = [t for t in gates if t["name"] == verdict.get("binding")]
    failing = [t for t in gates if t["passes"] is False]
    for test in [*binding, *failing]:
        value = test["value"]
        yield value["value"] if isinstance(value, Mapping) else value
        yield test["limit"]
    if binding:
        yield verdict.get("first_failing_year")
    if verdict.get("share_of_draws") is not None:
        yield 100 * verdict["share_of_draws"]


def _horizons(summary: Row, verdict: Row) -> Iterator[float | None]:
    """Give the assumptions under a verdict, then the horizons with another verdict beside its."""
    case = next((c for c in summary.get("scenarios") or [] if c["verdict"] == verdict), {})
    for known in case.get("workings", {}).get("inputs", {}).values():
        if known["key"] in verdict["conditional_on"]:
            yield known["value"]
    for row in summary.get("horizons") or []:
        own = row["readings"].get(verdict.get("reading"))
        if own is not None and own["holds"] is not verdict["holds"]:
            yield from (row["horizon_years"], verdict["horizon_years"])


def _tornado(summary: Row) -> Iterator[float | None]:
    every = summary.get("tornado") or []
    bars = [b for b in every if b["scenario"] == every[0]["scenario"]]
    if bars and summary.get("verdict"):
        top = max(bars, key=lambda b: abs(b["high"] - b["low"]))
        yield from (float(top["low_label"]), float(top["high_label"]), top["low"], top["high"])


def _fields(summary: Row) -> Iterator[float | None]:
    for field in summary["fields"]:
        rows = [r for r in summary["grade_tonnage"] if r["field"] == field["id"]]
        rows = [r for r in rows if r.get("role") != "bounding"]
        for row in rows:
            if row["cutoff_sb_pct"] == rows[0]["cutoff_sb_pct"] and row["ore_t"]["value"]:
                yield from (row[k]["value"] for k in ("ore_t", "sb_pct", "sb_t", "au_kg"))


def _classes(tonnage: Row) -> Iterator[float | None]:
    base = tonnage["base_cutoff"]
    yield base
    for row in [*tonnage["rows"], *(tonnage.get("truth") or [])]:
        if row["cutoff"] == base:
            yield from (row["ore_t"], row["sb_pct"], row["sb_t"], row["au_gpt"], row["au_kg"])
    at = [[r for r in tonnage.get(k) or [] if r["cutoff"] == base] for k in ("whole", "truth")]
    for (found,), (true,) in [at] if all(at) else []:
        yield from (100 * abs(found[k] / true[k] - 1) for k in ("ore_t", "sb_t"))
        yield base


def _mine(mine: Row) -> Iterator[float | None]:
    stopes, pit = mine.get("stopes") or {}, mine.get("pit") or {}
    if stopes:
        whole = {**stopes["totals"], **stopes["certificate"]}
        yield from (whole["stopes"], whole["ore_t"], whole["sb_pct"], whole["sb_t"])
        yield whole["value_usd"]
        before = whole.get("value_before_levels_usd")
        yield None if before is None else before - whole["value_usd"]
    if pit:
        yield from (pit[k] for k in ("strip_ratio", "ore_t", "sb_pct", "sb_t", "value_usd"))
