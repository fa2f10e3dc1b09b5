"""What stands on a printed sheet beside its map: title, legend, scale, north arrow, sources?"""

from __future__ import annotations

import base64
import textwrap
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from maps import palettes
from maps.languages import Translate
from maps.products.qgis_layers import Entry
from maps.products.qgis_scale import MAP, Box, rounded_down
from maps.products.qml import rgba

#: Headings and what stands under them.
Groups = Sequence[tuple[str, Sequence[Entry]]]

#: A3, landscape [mm].
WIDE, HIGH = 420.0, 297.0
#: Left, top, width and height of the legend [mm], and letters of one of its lines.
LEGEND, LETTERS = (304.0, 26.0, 106.0, 150.0), 54
#: Left, top, width and height of the box of words [mm], under the legend.
TOLD = (304.0, 178.0, 106.0, 38.0)
#: Signs that the box has room for in the larger letters.
FEW = 340
#: Numbers of the kinds of items in QGIS.
MAP_ITEM, PICTURE, LABEL, LEGEND_ITEM, SCALE, PAGE = 65639, 65640, 65641, 65642, 65646, 65638
FONT = "DejaVu Sans"
ARROW = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 64">'
    '<path d="M20 2 34 46 20 38 6 46Z" fill="none" stroke="#1b1f24" stroke-width="2"/>'
    '<path d="M20 2 20 38 6 46Z" fill="#1b1f24"/>'
    '<text x="20" y="62" font-family="sans-serif" font-size="16" text-anchor="middle">N</text>'
    "</svg>"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What one sheet says.

    Parameters
    ----------
    theme : str
        Map theme that it shows; the sheet is called so too.
    title : str
        Heading, SYNTHETIC first where it applies.
    foot : str
        Disclaimer and stamp.
    notes : str
        What a reader of these layers must not miss.
    sources : str
        Sources of what is drawn.
    told : str
        What the sheet says of its own, a line for each thing.
    extent : tuple of float
        West, south, east, north in project units; of the shape of `MAP`.
    crs : str
        Name of the project CRS, its code and unit.
    north : str
        What the arrow shows.
    """

    theme: str
    title: str
    foot: str
    notes: str
    sources: str
    told: str
    extent: Box
    crs: str
    north: str


def layout(
    sheet: Sheet, groups: Sequence[tuple[str, Sequence[Entry]]], say: Translate
) -> ET.Element:
    """Lay out one sheet.

    Parameters
    ----------
    sheet : Sheet
        What it says.
    groups : sequence of (str, sequence of Entry)
        The legend: headings and what stands under them.
    say : callable
        Writes labels in the language of the study.

    Returns
    -------
    Element
        ``<Layout>``; the same for the same sheet.
    """
    node = ET.Element("Layout", units="mm", printResolution="200", name=sheet.theme)
    pages = ET.SubElement(node, "PageCollection")
    pages.append(_item(sheet, "page", PAGE, (0.0, 0.0, WIDE, HIGH)))
    # The first in the file lies on top.
    said = (
        ("title", sheet.title, (10.0, 8.0, 400.0, 14.0), 18),
        ("notes", sheet.notes, (10.0, 269.0, 290.0, 10.0), 7),
        ("foot", sheet.foot, (10.0, 280.0, 290.0, 12.0), 7),
        ("sources", f"{say('Sources')}: {sheet.sources}", (304.0, 250.0, 106.0, 42.0), 7),
        ("crs", f"{sheet.crs}\n{sheet.north}", (320.0, 238.0, 90.0, 11.0), 7),
    )
    items = [_text(sheet, *one) for one in said]
    scales = [_figure(sheet), _scale(sheet, say)]
    items += [_told(sheet), _north(sheet), *scales, _legend(sheet, groups), _map(sheet)]
    for level, item in enumerate(reversed(items), start=1):
        item.set("zValue", str(level))
    node.extend(items)
    ET.SubElement(node, "Atlas", enabled="0", coverageLayer="")
    return node


def _item(sheet: Sheet, name: str, kind: int, place: Box) -> ET.Element:
    left, top, wide, high = place
    own = _own(sheet, name)
    at = f"{left:g},{top:g},mm"
    node = ET.Element(
        "LayoutItem",
        type=str(kind),
        id=name,
        uuid=own,
        templateUuid=own,
        position=at,
        positionOnPage=at,
        size=f"{wide:g},{high:g},mm",
        referencePoint="0",
        itemRotation="0",
        visibility="1",
        opacity="1",
        blendMode="0",
        zValue="0",
        frame="true" if kind == MAP_ITEM else "false",
        frameJoinStyle="miter",
        outlineWidthM="0.3,mm",
        background="false" if kind in (LABEL, PICTURE, SCALE) else "true",
        excludeFromExports="0",
        positionLock="false",
        groupUuid="",
    )
    for tag, shade in (("FrameColor", "0"), ("BackgroundColor", "255")):
        ET.SubElement(node, tag, red=shade, green=shade, blue=shade, alpha="255")
    if kind == PAGE:
        node.append(_paper())
    return node


def _own(sheet: Sheet, name: str) -> str:
    return f"{{{uuid.uuid5(uuid.NAMESPACE_URL, f'{sheet.theme}/{name}')}}}"


def _paper() -> ET.Element:
    paper = ET.Element("symbol", type="fill", name="", alpha="1", clip_to_extent="1")
    options = {"color": "255,255,255,255", "style": "solid", "outline_style": "no"}
    drawn = ET.SubElement(paper, "layer", {"class": "SimpleFill", "enabled": "1", "pass": "0"})
    for key, value in options.items():
        ET.SubElement(drawn, "prop", k=key, v=value)
    return paper


def _font(points: float, *, bold: bool = False) -> str:
    return f"{FONT},{points:g},-1,5,{75 if bold else 50},0,0,0,0,0"


def _text(sheet: Sheet, name: str, said: str, place: Box, points: int) -> ET.Element:
    node = _item(sheet, name, LABEL, place)
    # A label evaluates what stands in [% %]; words of a study are words.
    node.attrib |= {"labelText": said.replace("[%", "[ %"), "htmlState": "0"}
    node.attrib |= {"halign": "1", "valign": "32", "marginX": "0", "marginY": "0"}
    ET.SubElement(node, "LabelFont", description=_font(points, bold=name == "title"), style="")
    red, green, blue = (str(int(palettes.INK[i : i + 2], 16)) for i in (1, 3, 5))
    ET.SubElement(node, "FontColor", red=red, green=green, blue=blue, alpha="255")
    return node


def _told(sheet: Sheet) -> ET.Element:
    """Write the words of the sheet in a frame, on white."""
    short = len(sheet.told) <= FEW and sheet.told.count("\n") < 5
    node = _text(sheet, "told", sheet.told, TOLD, 9 if short else 7)
    node.attrib |= {"frame": "true", "background": "true", "marginX": "1.5", "marginY": "1"}
    return node


def _north(sheet: Sheet) -> ET.Element:
    node = _item(sheet, "north", PICTURE, (304.0, 219.0, 12.0, 20.0))
    picture = base64.b64encode(ARROW.encode()).decode()
    node.attrib |= {"file": f"base64:{picture}", "mode": "0", "resizeMode": "0"}
    node.attrib |= {"mapUuid": _own(sheet, "map"), "northMode": "0", "northOffset": "0"}
    node.attrib |= {"pictureRotation": "0", "anchorPoint": "0"}
    return node


def _figure(sheet: Sheet) -> ET.Element:
    """Write the scale as a figure, which QGIS keeps right when the map is changed."""
    node = _item(sheet, "figure", SCALE, (320.0, 217.0, 90.0, 6.0))
    node.attrib |= {"style": "Numeric", "unitType": "meters", "alignment": "0"}
    node.attrib |= {"boxContentSpace": "1", "mapUuid": _own(sheet, "map")}
    _letters(node, 9)
    # QGIS works the scale out from what is shown: 3999.99999 for 4000.
    style = ET.SubElement(ET.SubElement(node, "numericFormat", id="basic"), "Option", type="Map")
    for name, value, kind in (
        ("decimals", "0", "int"),
        ("rounding_type", "0", "int"),
        ("show_thousand_separator", "true", "bool"),
        ("show_trailing_zeros", "false", "bool"),
    ):
        ET.SubElement(style, "Option", name=name, value=value, type=kind)
    return node


def _scale(sheet: Sheet, say: Translate) -> ET.Element:
    west, _, east, _ = sheet.extent
    # A third of the room beside the arrow for each of two segments.
    step = rounded_down((east - west) / MAP[2] * 26.0)
    far = step >= 1000.0
    node = _item(sheet, "scale", SCALE, (320.0, 223.0, 90.0, 14.0))
    node.attrib |= {
        "style": "Single Box",
        "unitType": "meters",
        "unitLabel": say("km") if far else say("m"),
        "numMapUnitsPerScaleBarUnit": "1000" if far else "1",
        "numUnitsPerSegment": f"{step:g}",
        "numSegments": "2",
        "numSegmentsLeft": "0",
        "segmentSizeMode": "0",
        "height": "3",
        "labelBarSpace": "2",
        "boxContentSpace": "1",
        "alignment": "0",
        "mapUuid": _own(sheet, "map"),
    }
    _letters(node, 9)
    for tag, colour in (("fillSymbol1", palettes.INK), ("fillSymbol2", palettes.WHITE)):
        node_of = ET.SubElement(node, tag)
        symbol = ET.SubElement(node_of, "symbol", type="fill", name="", alpha="1")
        drawn = ET.SubElement(symbol, "layer", {"class": "SimpleFill", "enabled": "1", "pass": "0"})
        for key, value in {"color": rgba(colour), "style": "solid", "outline_style": "no"}.items():
            ET.SubElement(drawn, "prop", k=key, v=value)
    return node


def _letters(node: ET.Element, points: int) -> ET.Element:
    return ET.SubElement(
        node,
        "text-style",
        fontFamily=FONT,
        fontSize=str(points),
        fontSizeUnit="Point",
        fontWeight="50",
        fontItalic="0",
        textColor=rgba(palettes.INK),
        textOpacity="1",
    )


def _legend(sheet: Sheet, groups: Groups) -> ET.Element:
    node = _item(sheet, "legend", LEGEND_ITEM, LEGEND)
    node.attrib |= {"title": "", "columnCount": "1", "splitLayer": "0", "equalColumnWidth": "0"}
    node.attrib |= {"legendFilterByMap": "1", "resizeToContents": "1", "wrapChar": ""}
    node.attrib |= {"symbolWidth": "6", "symbolHeight": "3.4", "boxSpace": "0", "lineSpacing": "1"}
    node.attrib |= {"map_uuid": _own(sheet, "map"), "fontColor": palettes.INK}
    styles = ET.SubElement(node, "styles")
    for name, points, above in (
        ("title", 11, 0.0),
        ("group", 10, 3.0),
        ("subgroup", 8.5, 2.0),
        ("symbol", 8, 1.0),
        ("symbolLabel", 8, 1.0),
    ):
        one = ET.SubElement(styles, "style", name=name, marginTop=f"{above:g}")
        one.attrib |= {"alignment": "1", "indent": "0"}
        if name == "symbolLabel":
            one.set("marginLeft", "2")
        ET.SubElement(one, "styleFont", description=_font(points, bold=name == "group"), style="")
    root = ET.SubElement(node, "layer-tree-group")
    for title, entries in groups:
        group = ET.SubElement(root, "layer-tree-group", name=title, expanded="1")
        group.set("checked", "Qt::Checked")
        group.extend(_wrapped(tree_line(entry, on=True), entry) for entry in entries)
    return node


def _wrapped(line: ET.Element, entry: Entry) -> ET.Element:
    """Break long words of a legend, which QGIS would print past the edge of the sheet."""
    labels = {"legend/title-label": _broken(entry.title)}
    if entry.provider == "ogr":
        said = [category.get("label", "") for category in entry.node.iter("category")]
        labels |= {f"legend/label-{i}": _broken(one) for i, one in enumerate(said)}
    broken = {key: words for key, words in labels.items() if "\n" in words}
    own = ET.SubElement(ET.SubElement(line, "customproperties"), "Option", type="Map")
    for key, words in broken.items():
        ET.SubElement(own, "Option", name=key, value=words, type="QString")
    return line


def _broken(words: str) -> str:
    return "\n".join(textwrap.wrap(words, LETTERS, break_long_words=False)) or words


def tree_line(entry: Entry, *, on: bool) -> ET.Element:
    """Return the line of a layer in a tree."""
    return ET.Element(
        "layer-tree-layer",
        id=entry.id,
        name=entry.title,
        source=entry.source,
        providerKey=entry.provider,
        checked="Qt::Checked" if on else "Qt::Unchecked",
        expanded="1" if on else "0",
        legend_exp="",
        legend_split_behavior="0",
        patch_size="-1,-1",
    )


def _map(sheet: Sheet) -> ET.Element:
    node = _item(sheet, "map", MAP_ITEM, MAP)
    node.attrib |= {"followPreset": "true", "followPresetName": sheet.theme, "mapRotation": "0"}
    node.attrib |= {"keepLayerSet": "false", "drawCanvasItems": "true", "isTemporal": "0"}
    west, south, east, north = (repr(float(x)) for x in sheet.extent)
    ET.SubElement(node, "Extent", xmin=west, ymin=south, xmax=east, ymax=north)
    ET.SubElement(node, "LayerSet")
    node.append(_grid(sheet))
    ET.SubElement(node, "AtlasMap", atlasDriven="0", scalingMode="2", margin="0.1")
    return node


def _grid(sheet: Sheet) -> ET.Element:
    """Write easting and northing along the frame, and crosses where they meet."""
    step = f"{rounded_down((sheet.extent[2] - sheet.extent[0]) / 4.0):g}"
    grid = ET.Element(
        "ComposerMapGrid",
        uuid=_own(sheet, "grid"),
        name="Grid",
        show="1",
        unit="0",
        gridStyle="1",
        crossLength="2",
        position="3",
        intervalX=step,
        intervalY=step,
        offsetX="0",
        offsetY="0",
        blendMode="0",
        gridFrameStyle="0",
        showAnnotation="1",
        annotationFormat="0",
        annotationPrecision="0",
        frameAnnotationDistance="1",
    )
    for side in ("left", "right", "top", "bottom"):
        # Inside the frame, so that nothing reaches over title or legend; twice is enough.
        grid.set(f"{side}AnnotationDisplay", "0" if side in ("left", "bottom") else "3")
        grid.set(f"{side}AnnotationPosition", "0")
        grid.set(f"{side}AnnotationDirection", "1" if side == "left" else "0")
    line = ET.SubElement(
        ET.SubElement(grid, "lineStyle"), "symbol", type="line", name="", alpha="1"
    )
    drawn = ET.SubElement(line, "layer", {"class": "SimpleLine", "enabled": "1", "pass": "0"})
    grey = {"line_color": rgba(palettes.GREY), "line_width": "0.15", "line_width_unit": "MM"}
    for key, value in grey.items():
        ET.SubElement(drawn, "prop", k=key, v=value)
    _letters(grid, 7)
    return grid
