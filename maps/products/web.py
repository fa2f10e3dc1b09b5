"""How do layers and results become one page that opens anywhere, without a network?"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from html import escape
from typing import Any

from maps.config import MapSettings
from maps.drawings import mine_limits
from maps.drawings.benches import Benches
from maps.drawings.cards import feature_facts, names_of, result_cards
from maps.drawings.cuts import bodies_of
from maps.drawings.depths import depths_of
from maps.drawings.panel import side_panel
from maps.drawings.pictures import Picture
from maps.drawings.pit_labels import label_spots
from maps.drawings.plan_steps import year_steps
from maps.drawings.point_rows import in_columns, point_columns
from maps.drawings.results import tables_of
from maps.drawings.view import opening_view
from maps.finished import INVENTED
from maps.languages import translator
from maps.layers import Layer
from maps.products.inline import (
    VENDORED,
    asset,
    json_for_script,
    licences,
    raw,
    render_alone,
    secured,
)
from maps.products.localised import localised
from maps.products.web_words import scripts_of, words_of

#: Decimals of degrees on the page: 0.1 m, far below what any position here is known to.
DECIMALS = 6

#: Sources that a printed map names; the page has them all.
MOST_SOURCES = 8

#: Legend groups from the top of the panel down.
GROUPS = ("Mine limits", "Drillholes", "Block model", "Ore fields", "Plants", "Places and ways")

#: Which label yields when two would overlap: the smaller number stays.
PRIORITY = {"collars": 0, "deposits": 0, "plants": 1, "location_uncertainty": 2, "places": 3}


#: Layers that are off when the page opens, and layers of which a few features have labels.
OFF, MOST_LABELS = frozenset({"composites"}), {"collars": 150}

#: Layers that are off too where stopes lie under them: holes would hide what was made of them.
OFF_OVER_STOPES = frozenset({"drillhole_traces", "collars"})


def page(
    summary: Mapping[str, Any],
    layers: Sequence[Layer],
    settings: MapSettings,
    benches: Benches | None = None,
    pictures: Sequence[Picture] = (),
    under: Mapping[str, Any] | None = None,
) -> str:
    """Write the map page of a study.

    Parameters
    ----------
    summary : mapping
        The study's ``summary.json``.
    layers : sequence of Layer
        Drawn layers, from the bottom up.
    settings : MapSettings
        Title, view and background.
    benches : Benches, optional
        Value grids of the block model.
    pictures : sequence of Picture
        Pictures of the ground, from the bottom up.
    under : mapping, optional
        What sections show beside (see :func:`maps.drawings.cuts.under_sections`).

    Returns
    -------
    str
        HTML that makes no request; equal input gives equal text.

    Raises
    ------
    UnknownAsset
        If folium asks for a file that is not vendored.
    """
    import folium

    study = summary.get("study", {})
    data = json_for_script(page_data(summary, layers, settings, pictures))
    view = folium.Map(tiles=None, zoom_control=True, control_scale=False, zoom_snap=0.25)
    figure: Any = view.get_root()
    title = settings.title or study.get("title") or study.get("name") or "Study"
    figure.title = escape(str(title), quote=True)
    # Before the map in the source, so that it is read first and comes first on paper.
    figure.html.add_child(raw(_frame(summary, settings)), name="frame")
    figure.html.add_child(raw(f'<script type="application/json" id="study">{data}</script>'))
    told = {"benches": benches and benches.to_dict(), "under": under}
    for name, tree in told.items():
        if tree:
            grids = json_for_script(tree)
            figure.html.add_child(
                raw(f'<script type="application/json" id="{name}">{grids}</script>')
            )
    with_years = bool(under and "years" in under)
    scripts = scripts_of(layers, with_benches=benches is not None, with_years=with_years)
    words = json_for_script(words_of(scripts, settings.language))
    figure.html.add_child(raw(f'<script type="application/json" id="words">{words}</script>'))
    for name in scripts:
        figure.script.add_child(raw(asset(name)), name=name)
    html = render_alone(figure, "anzob_map.css")
    start = f"anzobMap.start({view.get_name()});"
    kept = licences(name for names in VENDORED.values() for name in names)
    html = html.replace("</body>\n<script>", f"</body>\n<!--\n{kept}\n-->\n<script>", 1)
    head, _, tail = html.rpartition("</script>")
    html = _tidied(f"{head}{start}\n</script>{tail}", settings.language)
    html = localised(html, settings.language)
    return secured(html, settings.tile_url if settings.online_tiles else "")


def _frame(summary: Mapping[str, Any], settings: MapSettings) -> str:
    study = summary.get("study", {})
    banner = ""
    if study.get("synthetic"):
        banner = f'<div class="synthetic" role="alert">{INVENTED}</div>'
    said = str(study.get("disclaimer") or "")
    disclaimer = escape(said, quote=True)
    return (
        f"<style>{_foot_of_every_sheet(said)}</style>"
        '<a class="skip" href="#layer-panel">Skip to the layers of the map</a>'
        f'{banner}<main id="answer" tabindex="-1">{side_panel(summary, settings.title)}</main>'
        f'<footer class="disclaimer">{disclaimer}</footer>'
    )


def _foot_of_every_sheet(text: str) -> str:
    """Repeat a text at the foot of every printed sheet, as a quoted CSS string."""
    quoted = "".join(c if c.isalnum() or c in " ,.;:-" else f"\\{ord(c):x} " for c in text)
    return f'@page {{ @bottom-center {{ content: "{quoted}"; font: 7.5pt sans-serif; }} }}'


def _tidied(html: str, language: str) -> str:
    """Let readers zoom the page, name its language, and drop trailing blanks."""
    html = html.replace("<html>", f'<html lang="{language}">', 1)
    html = html.replace("initial-scale=1.0, maximum-scale=1.0, user-scalable=no", "initial-scale=1")
    # Not splitlines(): that also cuts at signs that may stand inside somebody's text.
    return "\n".join(line.rstrip() for line in html.split("\n")).rstrip("\n") + "\n"


def page_data(
    summary: Mapping[str, Any],
    layers: Sequence[Layer],
    settings: MapSettings,
    pictures: Sequence[Picture] = (),
) -> dict[str, Any]:
    """Collect what the page's own script draws; every text in it is escaped HTML."""
    drawn = [
        _mine_data(layer, summary, settings)
        if layer.name in mine_limits.WORDS
        else _layer_data(layer)
        for layer in layers
    ]
    if any("levels" in layer for layer in drawn):
        drawn = [{**x, "off": True} if x["name"] in OFF_OVER_STOPES else x for x in drawn]
    found = [layer for group in GROUPS for layer in reversed(drawn) if layer["group"] == group]
    rest = [layer for layer in drawn if layer["group"] not in GROUPS]
    tiles = {"url": settings.tile_url, "attribution": escape(settings.tile_attribution)}
    return {
        "layers": drawn,
        "panel": [layer["name"] for layer in [*found, *rest]],
        "cards": result_cards(summary),
        "view": opening_view(summary, layers, settings),
        "grid": _grid_of(layers),
        "pictures": [picture.to_dict() for picture in pictures],
        "paper": _paper(summary),
        "tiles": tiles if settings.online_tiles else None,
    }


def _in_plan(shape: Any) -> dict[str, Any] | None:
    """Return a geometry in plan, rounded; None without one, as the trace of a vertical hole.

    Vertices that lie on the line of their neighbours, to a rounding, say nothing.
    """
    import shapely

    if shape is None or shape.is_empty:
        return None
    straight = shapely.simplify(shapely.force_2d(shape), 0.5 * 10.0**-DECIMALS)
    flat = shapely.set_precision(straight, 10.0**-DECIMALS)
    if flat.is_empty:
        return None
    plan: dict[str, Any] = _rounded(json.loads(shapely.to_geojson(flat)))
    return plan


def _layer_data(layer: Layer) -> dict[str, Any]:
    labels = list(layer.features[layer.label_field]) if layer.label_field else []
    if len(layer.features) > MOST_LABELS.get(layer.name, len(layer.features)):
        labels = []
    if in_columns(layer):
        return _about(layer, {"points": point_columns(layer, [_escaped(x) for x in labels])})
    ground = layer.features.to_crs(4326).geometry
    facts, numbers, names = feature_facts(layer), layer.class_numbers, names_of(layer)
    features, depths = [], depths_of(layer)
    for i, shape in enumerate(ground):
        flat = _in_plan(shape)
        if flat is None:
            continue
        features.append(
            {
                "geometry": flat,
                "class": numbers[i],
                "title": facts[i][0],
                "facts": facts[i][1],
                "card": layer.cards[i] if layer.cards else "",
                "name": names[i],
                "label": _escaped(labels[i]) if labels else "",
                **depths[i],
            }
        )
    return {**_about(layer, {}), "features": features}


def _mine_data(layer: Layer, summary: Mapping[str, Any], settings: MapSettings) -> dict[str, Any]:
    """Collect stopes or pits: facts as rows under one head, stopes with their level."""
    parts = mine_limits.page_parts(layer, summary)
    steps = year_steps(layer, summary, translator(settings.language))
    labels = [_escaped(label) for label in layer.features[layer.label_field]]
    numbers, at, years = layer.class_numbers, parts.get("at"), parts.get("year_of")
    bodies = bodies_of(layer, summary) if layer.name == "stopes" else {}
    spots = label_spots(layer) if layer.name == "pit_outline" else []
    features = [
        {
            "geometry": flat,
            "class": numbers[i],
            "title": parts["titles"][i],
            "name": parts["names"][i],
            "label": labels[i],
            "row": parts["rows"][i],
            **({} if at is None else {"level": at[i]}),
            **({} if years is None else {"year": years[i]}),
            **({"drawn": steps["drawn"][i]} if steps else {}),
            **({"body": bodies["corners"][i]} if bodies else {}),
            **({"spots": spots[i]} if spots else {}),
        }
        for i, flat in enumerate(map(_in_plan, layer.features.to_crs(4326).geometry))
        if flat is not None
    ]
    beside = {key: parts[key] for key in mine_limits.BESIDE if key in parts}
    beside |= {"steps": steps["steps"]} if steps else {}
    beside |= {"bodies_from": bodies["from"]} if bodies else {}
    return {**_about(layer, beside), "features": features}


def _about(layer: Layer, beside: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name": layer.name,
        "title": escape(layer.title),
        "group": escape(layer.group),
        "note": escape(layer.note),
        "priority": PRIORITY.get(layer.name, 4),
        **beside,
        **({"off": True} if layer.name in OFF else {}),
        "classes": _legend(layer),
    }


def _legend(layer: Layer) -> list[dict[str, Any]]:
    return [
        {"value": c.value, "label": escape(e.label), "symbol": asdict(e.symbol), "count": e.count}
        for c, e in zip(layer.style.classes, layer.legend, strict=True)
    ]


def _escaped(value: object) -> str:
    return "" if value is None or value != value else escape(str(value), quote=True)


def _rounded(geometry: Any) -> Any:
    if isinstance(geometry, dict):
        return {k: _rounded(v) for k, v in geometry.items()}
    if isinstance(geometry, list):
        return [_rounded(v) for v in geometry]
    return round(geometry, DECIMALS) if isinstance(geometry, float) else geometry


def _grid_of(layers: Sequence[Layer]) -> dict[str, Any] | None:
    """Name the UTM zone of the project, so that the page can show metres at the cursor."""
    crs = layers[0].features.crs if layers else None
    zone = crs.utm_zone if crs is not None else None
    # Only WGS 84: another datum would need a shift that a page has no business guessing.
    if crs is None or not zone or "WGS 84" not in crs.name:
        return None
    return {"name": escape(crs.name), "zone": int(zone[:-1]), "south": zone.endswith("S")}


def _paper(summary: Mapping[str, Any]) -> dict[str, Any]:
    """Say what stands beside a map that is printed alone: sources, system, making."""
    study = summary.get("study", {})
    table = next((t for t in tables_of(summary) if t.name == "sources"), None)
    sources = [] if table is None else [str(s) for s in table.rows.get("source", [])]
    hashed = f"study {str(study.get('hash'))[:12]}" if study.get("hash") else ""
    made = [f"anzob {summary.get('version') or ''}".strip(), hashed]
    return {
        "sources": [escape(s, quote=True) for s in sources[:MOST_SOURCES]],
        "more": max(0, len(sources) - MOST_SOURCES),
        "stamp": escape(" · ".join(part for part in made if part), quote=True),
        "crs": escape(str(study.get("crs") or ""), quote=True),
    }
