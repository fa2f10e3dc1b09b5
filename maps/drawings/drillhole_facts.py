"""What was drilled, how do grades run on and how were blocks estimated, told in words?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from maps.drawings.grades import label_of, main_element, unit_of
from maps.drawings.tables import Html, fold, table, text
from maps.wording import number, share, texts

Row = Mapping[str, Any]

ORIGINS = {"stated": "as the study states it", "fitted": "fitted to the experimental variogram"}
#: Findings that are shown before the rest is folded away.
FIRST_FINDINGS = 6


def facts(lines: Sequence[tuple[str, object]]) -> Html:
    """Lay out names and values; what has no value is left out."""
    rows = "".join(
        f"<tr><th scope='row'>{text(name)}</th><td>{text(value)}</td></tr>"
        for name, value in lines
        if value not in (None, "")
    )
    return Html(f"<table class='facts'>{rows}</table>" if rows else "")


def samples(summary: Row) -> Html:
    """Lay out what was drilled and sampled, and what was found wrong with it."""
    found = summary.get("drilling") or {}
    if not found:
        return Html("")
    length = found.get("composite_length_m")
    told = facts(
        [
            ("Drillholes", _count(found.get("holes"))),
            ("Drilled", _with(found.get("metres"), "m")),
            ("of it without an assay", _unassayed(summary)),
            ("Assayed intervals", _count(found.get("assays"))),
            ("Composites", _count(found.get("composites"))),
            ("Length of a composite", _with(length, "m")),
            ("Composites outside the domains", _count(found.get("outside_domains"))),
        ]
    )
    said = [
        f'<li class="{"" if f.get("severity") == "note" else "warning"}">{text(f.get("said"))}</li>'
        for f in found.get("findings") or []
    ]
    first, rest = said[:FIRST_FINDINGS], said[FIRST_FINDINGS:]
    listed = f'<ul class="remarks">{"".join(first)}</ul>' if first else ""
    more = Html(f'<ul class="remarks">{"".join(rest)}</ul>') if rest else ""
    return Html(f"{told}{listed}{fold(f'{len(rest)} more findings', more)}")


def _unassayed(summary: Row) -> str | None:
    """Say how much of what was drilled has no assay of the main element."""
    found = summary.get("drilling") or {}
    drilled, main = found.get("metres"), main_element(summary)
    sampled = [
        r["length_m_before"]
        for r in found.get("balance") or []
        if r.get("element") == main and r.get("length_m_before") is not None
    ]
    if not drilled or not sampled:
        return None
    left = max(0.0, float(drilled) - sum(sampled))
    return f"{left:,.0f} m ({share(left / float(drilled))})"


def domains(summary: Row) -> Html:
    """Lay out each domain: size, statistics, top-cuts, variogram models in words."""
    return Html("".join(_domain(summary, d) for d in summary.get("domains") or []))


def _domain(summary: Row, domain: Row) -> str:
    size = facts(
        [
            ("Composites", _count(domain.get("composites"))),
            ("Length of the composites", _with(domain.get("metres"), "m")),
            ("Volume", _with(domain.get("volume_m3"), "m3")),
        ]
    )
    return (
        f"<h3>{text(domain.get('title') or domain.get('id'))}</h3>{size}"
        f"{_statistics(summary, domain)}{_caps(summary, domain)}{_variograms(summary, domain)}"
    )


def _element(summary: Row, row: Row) -> str:
    name = str(row.get("element") or "")
    unit = unit_of(summary, name)
    return f"{label_of(summary, name)}, {unit}" if unit else label_of(summary, name)


def _statistics(summary: Row, domain: Row) -> Html:
    keys = ("n", "mean", "declustered_mean", "cv", "median", "maximum")
    heads = ("Element", "Number", "Mean", "Declustered mean", "CV", "Median", "Maximum")
    body: list[list[object]] = [
        [_element(summary, r), _count(r.get("n")), *(number(r.get(k), 3) for k in keys[1:])]
        for r in domain.get("statistics") or []
    ]
    return table(heads, body, "Composites (CV: standard deviation over mean)")


def _caps(summary: Row, domain: Row) -> Html:
    heads = ("Element", "Top-cut", "Composites cut", "Mean before", "Mean after", "Metal removed")
    body: list[list[object]] = [
        [
            _element(summary, r),
            number(r.get("cap"), 3),
            _count(r.get("n_capped")),
            number(r.get("mean_before"), 3),
            number(r.get("mean_after"), 3),
            None if r.get("metal_removed_pct") is None else share(r["metal_removed_pct"] / 100),
        ]
        for r in domain.get("caps") or []
    ]
    return table(heads, body, "Top-cuts")


def _variograms(summary: Row, domain: Row) -> Html:
    items = [
        f"<li>{text(variogram_words(summary, v))}"
        + "".join(f'<br><span class="warning">{text(w)}</span>' for w in texts(v.get("warnings")))
        + "</li>"
        for v in domain.get("variograms") or []
    ]
    head = "<p>Variogram models (practical ranges along the major, semi-major and minor axis)</p>"
    return Html(f'{head}<ul class="remarks">{"".join(items)}</ul>' if items else "")


def variogram_words(summary: Row, model: Row) -> str:
    """Put a variogram model into a sentence or two.

    Parameters
    ----------
    summary : mapping
        The study's ``summary.json``.
    model : mapping
        One of ``domains[].variograms``.

    Returns
    -------
    str
        Element, origin, nugget, structures with ranges, direction.
    """
    origin = str(model.get("origin") or "")
    on = " on normal scores" if model.get("on") == "normal_scores" else ""
    if origin.startswith("same as "):
        name = origin.removeprefix("same as ")
        origin = f"of the shape of {label_of(summary, name).lower()}"
    parts = [f"{_element(summary, model)}: {ORIGINS.get(origin, origin)}{on}."]
    sill, nugget = model.get("sill"), model.get("nugget")
    of_sill = f" ({share(nugget / sill)} of the sill)" if sill and nugget is not None else ""
    parts.append(f"Nugget {number(nugget, 3)}{of_sill}, sill {number(sill, 3)}.")
    for one in model.get("structures") or []:
        reach = " x ".join(number(one.get(f"{axis}_m"), 2) for axis in ("major", "semi", "minor"))
        parts.append(
            f"{str(one.get('kind')).capitalize()} {number(one.get('sill'), 3)}: {reach} m."
        )
    angles = [model.get(f"{name}_deg") for name in ("azimuth", "dip", "rake")]
    if all(a is not None for a in angles):
        azimuth, dip, rake = (f"{round(float(a or 0)) + 0:g}" for a in angles)
        parts.append(f"Major axis: azimuth {azimuth}, dip {dip}, rake {rake} degrees (GSLIB).")
    return " ".join(parts)


def estimation(summary: Row) -> Html:
    """Lay out the grid, the searches with the blocks each estimated, and what is not estimated."""
    model = summary.get("block_model") or {}
    if not model:
        return Html("")
    grid = model.get("grid") or {}
    size = " x ".join(f"{float(s):g}" for s in grid.get("size_m") or [])
    told = facts(
        [
            ("Parent blocks", f"{size} m" if size else None),
            ("Azimuth of the grid", _with(grid.get("azimuth_deg"), "degrees", zero=True)),
            ("Blocks and sub-blocks", _count(model.get("rows"))),
            ("of them estimated", _count(model.get("estimated"))),
            ("not estimated", _count(model.get("unestimated"))),
            ("Volume", _with(model.get("volume_m3"), "m3")),
            ("Negative estimates set to 0", _count(model.get("negative_estimates_set_to_0"))),
            ("File of the blocks", model.get("file")),
        ]
    )
    return Html(told + "".join(_search(d) for d in summary.get("domains") or []))


def _search(domain: Row) -> Html:
    heads = ("Pass", "Reach, m", "Samples", "Most of one hole", "Sectors", "Blocks estimated")
    body: list[list[object]] = []
    for one in domain.get("search") or []:
        axes = ("major_m", "semi_m", "minor_m")
        reach = " x ".join(number(one.get(axis), 3) for axis in axes)
        hole, sectors = one.get("most_per_hole"), one.get("sectors")
        body.append(
            [
                _count(one.get("pass")),
                reach,
                f"{_count(one.get('least'))} to {_count(one.get('most'))}",
                "any" if hole is None else _count(hole),
                "not split" if sectors in (None, 1) else _count(sectors),
                _count(one.get("blocks")),
            ]
        )
    if domain.get("unestimated") is not None:
        body.append(["not estimated", "", "", "", "", _count(domain["unestimated"])])
    method = f", {domain['method']} kriging" if domain.get("method") else ""
    return table(heads, body, f"{domain.get('title') or domain.get('id')}{method}")


def _count(value: object) -> str | None:
    return f"{round(value):,}" if isinstance(value, int | float) else None


def _with(value: object, unit: str, *, zero: bool = False) -> str | None:
    if not isinstance(value, int | float) or (value == 0 and not zero):
        return None
    return f"{value:,.10g} {unit}"
