"""How does a finished study become a QGIS project that opens styled, grouped and ready to print?

``study.qgz`` is written without QGIS. It names its layers by relative paths, so that it opens
wherever the folder goes: ``layers.gpkg`` and the rasters must stay beside it. Each theme has its
own printed sheet. Equal results give equal bytes.
"""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from maps.drawings.results import tables_of
from maps.drawings.schedule import schedule_layers
from maps.drawings.schedule_days import BEGINS, ENDS, SCHEDULE
from maps.drawings.view import opening_view
from maps.finished import Finished, put
from maps.layers import Layer
from maps.products.qgis_layers import Entry, of_layer, of_raster, of_table, reference_system
from maps.products.qgis_scale import Box, north_in_words, shaped, system_in_words
from maps.products.qgis_sheet import Sheet, layout, tree_line
from maps.products.qgis_told import OWN_FILE, told_of

NAME, PROJECT = "study.qgz", "study.qgs"
#: Headings of the tree from the top down; what has another heading comes after them.
GROUPS = (
    "Mine limits",
    "Drillholes",
    "Block model",
    "Ore fields",
    "Plants",
    "Places and ways",
    "Other layers",
)
RASTERS, GROUND, TABLES = "Block model by bench", "Terrain", "Tables"

#: In every theme: a point without its circle looks surveyed.
_AROUND = ("places", "location_uncertainty", "contours", "terrain")
#: Theme -> roles that it shows; what no theme names, such as a licence, stands in each.
THEMES: dict[str, tuple[str, ...]] = {
    "Geology": (
        *("drillhole_traces", "composites", "collars", "block_model_outline"),
        *("deposits", "rivers", "roads", *_AROUND),
    ),
    "Resource": (
        *("blocks", "block_model_outline", "reserve_blocks"),
        *("deposits", *_AROUND),
    ),
    "Plan": (
        *(SCHEDULE, "pit_outline", "plants", "deposits", "roads", "rivers"),
        *_AROUND,
    ),
}
#: What is off when the project opens, and what else where stopes lie under it.
OFF, OFF_OVER_STOPES = (
    frozenset({"composites", SCHEDULE}),
    frozenset({"drillhole_traces", "collars"}),
)
#: Sources that a sheet has room for [signs].
ROOM = 520
#: Day of everything in the zip: the first that a zip can write.
FIRST_DAY = (1980, 1, 1, 0, 0, 0)


def write_project(finished: Finished) -> list[str]:
    """Write the QGIS project of a study.

    Parameters
    ----------
    finished : Finished
        A finished study, whose GeoPackage and rasters lie in ``finished.out`` already.

    Returns
    -------
    list of str
        Name of the file; none without a layer.
    """
    if not finished.layers:
        return []
    entries = _entries(finished)
    root = _project(finished, entries)
    ET.indent(root)
    head = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
    text = head + ET.tostring(root, encoding="unicode") + "\n"
    name = finished.named(NAME)
    put(finished.out / name, partial(_zip, text, finished.named(PROJECT)))
    return [name]


def _zip(text: str, name: str, path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        about = zipfile.ZipInfo(name, FIRST_DAY)
        about.compress_type, about.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
        archive.writestr(about, text.encode("utf-8"))


def _entries(finished: Finished) -> list[Entry]:
    """Return all layers from the top down, then rasters, then tables."""
    package, say = finished.named("layers.gpkg"), finished.translate
    drawn = [*finished.layers, *schedule_layers(finished)]
    stopes = any(layer.name == "stopes" for layer in drawn)
    off = OFF | OFF_OVER_STOPES if stopes else OFF
    found = [
        of_layer(marked, package, role=layer.name, on=layer.name not in off)
        for layer, marked in zip(drawn, finished.marked(drawn), strict=True)
    ]
    order = [say(group) for group in GROUPS]
    found.reverse()  # within a heading, what is drawn last comes first
    found.sort(key=lambda e: order.index(e.group) if e.group in order else len(order))
    tables = finished.marked(tables_of(finished.summary))
    rows = [of_table(table, package, say(TABLES)) for table in tables]
    return [*found, *_rasters(finished, shown=not stopes), *rows]


def _rasters(finished: Finished, *, shown: bool) -> Iterator[Entry]:
    """Yield rasters that the study has written: fields of the blocks, then the ground."""
    from maps.drawings.grades import label_of, main_element, unit_of

    say, out = finished.translate, finished.out
    mark = "SYNTHETIC " if finished.synthetic else ""
    paths = sorted((out / "rasters").glob(finished.named("blocks_*.tif")))
    if finished.blocks is not None:
        main = main_element(finished.summary)
        paths.sort(key=lambda path: (not path.stem.endswith(f"blocks_{main}"), path.stem))
        for path in paths:
            field = path.stem.removeprefix(finished.named("blocks_"))
            title = say(label_of(finished.summary, field))
            unit = say(unit_of(finished.summary, field))
            title = f"{title}, {unit}" if unit else title
            entry = of_raster(path, out, title=f"{mark}{title}", group=say(RASTERS), on=False)
            role = "blocks" if field == main else "other_blocks"
            yield replace(entry, role=role, on=shown and field == main)
    shade = out / finished.named("terrain.tif")
    if shade.is_file() and finished.left("terrain_elevations.tif") is not None:
        title = f"{mark}{say('Shaded ground')}"
        entry = of_raster(shade, out, title=title, group=say(GROUND), on=True)
        yield replace(entry, role="terrain")


def _project(finished: Finished, entries: Sequence[Entry]) -> ET.Element:
    title = _title(finished)
    root = ET.Element("qgis", version="3.22.0", projectname=title)
    ET.SubElement(root, "homePath", path="")
    ET.SubElement(root, "title").text = title
    crs = finished.layers[0].features.crs
    ET.SubElement(root, "projectCrs").append(reference_system(crs))
    root.append(_tree(entries, _from_the_top(finished, entries)))
    ET.SubElement(root, "projectlayers").extend(e.node for e in entries)
    order = ET.SubElement(root, "layerorder")
    for entry in entries:
        ET.SubElement(order, "layer", id=entry.id)
    root.append(_properties())
    box = shaped(_extent(finished))
    themes = {name: _of_theme(entries, roles) for name, roles in THEMES.items()}
    themes = {name: own for name, own in themes.items() if own}
    shown = {finished.translate(name): own for name, own in themes.items()}
    root.append(_presets(shown, entries))
    root.append(_metadata(finished, title))
    sheets = ET.SubElement(root, "Layouts")
    for name, own in themes.items():
        sheet = _sheet(finished, name, box, own)
        # Shades of grey are read without a legend.
        told = [entry for entry in own if entry.role != "terrain"]
        sheets.append(layout(sheet, list(_grouped(told).items()), finished.translate))
    view = ET.SubElement(root, "ProjectViewSettings", UseProjectScales="0", rotation="0")
    edges = dict(zip(("xmin", "ymin", "xmax", "ymax"), map(repr, box), strict=True))
    ET.SubElement(view, "DefaultViewExtent", edges).append(reference_system(crs))
    root.extend(_times(finished))
    return root


def _title(finished: Finished) -> str:
    study = finished.summary.get("study") or {}
    said = str(finished.settings.title or study.get("title") or study.get("name") or "Study")
    return said if not finished.synthetic or "SYNTHETIC" in said else f"SYNTHETIC: {said}"


def _grouped(entries: Sequence[Entry]) -> dict[str, list[Entry]]:
    groups: dict[str, list[Entry]] = {}
    for entry in entries:
        groups.setdefault(entry.group, []).append(entry)
    return groups


def _from_the_top(finished: Finished, entries: Sequence[Entry]) -> list[Entry]:
    """Order layers as they are drawn, points on top, whatever heading they stand under."""
    roles = [layer.name for layer in finished.layers]
    place = {role: float(i) for i, role in enumerate(roles)}
    # Under the crests of pits, over the stopes.
    place[SCHEDULE] = place.get("pit_outline", place.get("stopes", 0.0) + 1.0) - 0.5
    # Under all that the tool draws lie rasters, then what it has no rule for, as a licence whose
    # veil would change the colours of grades, and the ground under them.
    place |= {"blocks": -1.0, "other_blocks": -1.0, "terrain": -3.0}
    place |= {layer.name: -2.0 for layer in finished.layers if layer.group == "Other layers"}
    return sorted(entries, key=lambda entry: -place.get(entry.role, -4.0))


def _tree(entries: Sequence[Entry], from_the_top: Sequence[Entry]) -> ET.Element:
    root = ET.Element("layer-tree-group")
    for title, own in _grouped(entries).items():
        table = all(entry.node.get("wkbType") == "NoGeometry" for entry in own)
        group = ET.SubElement(root, "layer-tree-group", name=title, expanded="0" if table else "1")
        group.set("checked", "Qt::Checked")
        group.extend(tree_line(e, on=e.on and not table) for e in own)
    order = ET.SubElement(root, "custom-order", enabled="1")
    for entry in from_the_top:
        ET.SubElement(order, "item").text = entry.id
    return root


def _of_theme(entries: Sequence[Entry], roles: Sequence[str]) -> list[Entry]:
    """Return what a theme shows; [] where nothing but the ground of every theme is left."""
    named = {role for roles_of in THEMES.values() for role in roles_of}
    kept = named | {"stopes", "other_blocks", "roads"}
    spatial = [e for e in entries if e.node.get("wkbType") != "NoGeometry"]
    own = set(roles)
    if SCHEDULE in own and all(e.role != SCHEDULE for e in spatial):
        own.add("stopes")
    found = [e for e in spatial if e.role in own or e.role not in kept]
    return found if any(e.role in own - set(_AROUND) for e in found) else []


def _presets(themes: Mapping[str, Sequence[Entry]], entries: Sequence[Entry]) -> ET.Element:
    node = ET.Element("visibility-presets")
    groups = list(_grouped(entries))
    for name, own in themes.items():
        preset = ET.SubElement(node, "visibility-preset", {"has-expanded-info": "1"}, name=name)
        preset.set("has-checked-group-info", "1")
        for entry in own:
            ET.SubElement(preset, "layer", id=entry.id, visible="1", expanded="1", style="default")
        for kind in ("checked", "expanded"):
            listed = ET.SubElement(preset, f"{kind}-group-nodes")
            for group in groups:
                ET.SubElement(listed, f"{kind}-group-node", id=group)
    return node


def _properties() -> ET.Element:
    """Keep paths relative, and let the project have a CRS: without this QGIS gives it none."""
    node = ET.Element("properties")
    paths = ET.SubElement(node, "Paths")
    ET.SubElement(paths, "Absolute", type="bool").text = "false"
    system = ET.SubElement(node, "SpatialRefSys")
    ET.SubElement(system, "ProjectionsEnabled", type="int").text = "1"
    measures = ET.SubElement(node, "Measurement")
    ET.SubElement(measures, "DistanceUnits", type="QString").text = "meters"
    ET.SubElement(measures, "AreaUnits", type="QString").text = "m2"
    return node


def _metadata(finished: Finished, title: str) -> ET.Element:
    node = ET.Element("projectMetadata")
    ET.SubElement(node, "title").text = title
    ET.SubElement(node, "abstract").text = finished.provenance
    ET.SubElement(node, "author").text = f"anzob {finished.stamp.version}".strip()
    generated = finished.stamp.generated[:19]
    if generated:
        ET.SubElement(node, "creation").text = generated
    return node


def _sheet(finished: Finished, name: str, box: Box, own: Sequence[Entry]) -> Sheet:
    theme = finished.translate(name)
    roles = {entry.role for entry in own}
    crs = finished.layers[0].features.crs
    return Sheet(
        theme=theme,
        title=f"{_title(finished)} – {theme}",
        foot=finished.provenance,
        notes=" ".join(dict.fromkeys(entry.note for entry in own if entry.note)),
        sources=_sources_line(finished, roles),
        told=told_of(finished, name),
        extent=box,
        crs=system_in_words(crs, finished.translate),
        north=north_in_words(crs, box, finished.translate),
    )


def _sources_line(finished: Finished, roles: set[str]) -> str:
    """Write the sources that have room, and where the results hold all of them."""
    found = _sources(finished, roles)
    named = [one for one in found if not OWN_FILE.fullmatch(one)]
    line = "; ".join(named)
    if len(line) > ROOM:
        line = line[:ROOM].rpartition(";")[0]
    if not found:
        return finished.translate("not known")
    if line == "; ".join(found):
        return line
    report, package = finished.named("report.html"), finished.named("layers.gpkg")
    where = finished.translate(f"all of them: chapter 2 of {report}, table Sources of {package}")
    return f"{line}; {where}" if line else where


def _sources(finished: Finished, roles: set[str]) -> list[str]:
    """Return the sources of the layers a sheet shows: of the files, then of their features."""
    told = [row for row in finished.summary.get("layers") or [] if row.get("source")]
    found = [str(row["source"]) for row in told]
    for layer in finished.layers:
        if layer.name in roles and "source" in layer.features.columns:
            found += [str(source) for source in layer.features["source"].dropna()]
    return list(dict.fromkeys(found))


def _extent(finished: Finished) -> Box:
    """Return what the project opens on, in its own units: the same as the map page."""
    import geopandas as gpd
    import shapely

    layers: Sequence[Layer] = finished.layers
    view: dict[str, Any] = opening_view(finished.summary, layers, finished.settings)
    if "bounds" in view:
        (south, west), (north, east) = view["bounds"]
    else:
        latitude, longitude = view["centre"]
        # The page shows about four tiles of 256 px across, 360 degrees at zoom 0.
        half = 2.0 * 360.0 / 2.0 ** float(view["zoom"]) / 2.0
        west, east, south, north = (
            *(longitude - half, longitude + half),
            *(max(latitude - half, -85.0), min(latitude + half, 85.0)),
        )
    box = gpd.GeoSeries([shapely.box(west, south, east, north)], crs=4326)
    edges = box.to_crs(layers[0].features.crs).total_bounds
    return float(edges[0]), float(edges[1]), float(edges[2]), float(edges[3])


def _times(finished: Finished) -> list[ET.Element]:
    """Return the time that the temporal controller plays, a year a step; [] without a schedule."""
    layers = schedule_layers(finished)
    if not layers:
        return []
    features = layers[0].features
    first, last = min(features[BEGINS]), max(features[ENDS]) + dt.timedelta(days=1)
    # Steps are years of the plan, in whichever month of one its first work begins.
    years = (finished.summary.get("plan") or {}).get("years") or []
    starts = (dt.date.fromisoformat(str(y["from_date"])[:10]) for y in years if y.get("from_date"))
    first = max((start for start in starts if start <= first), default=first)
    node = ET.Element(
        "ProjectTimeSettings",
        timeStep="1",
        timeStepUnit="y",
        frameRate="1",
        cumulativeTemporalRange="0",
    )
    span = ET.SubElement(node, "TemporalRange")
    for tag, day in (("start", first), ("end", last)):
        ET.SubElement(span, tag).text = f"{day.isoformat()}T00:00:00Z"
    return [node]
