"""How does QGIS show the columns of a layer: which of them, in which words, and at which time?

Codes stay in the file, where expressions and other programs find them; tables and forms of QGIS
show the words that legend and language have for them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from xml.etree import ElementTree as ET

from maps.drawings.schedule_days import BEGINS, ENDS
from maps.layers import Field

#: What names a feature, the best first: QGIS shows it in lists and at the cursor.
NAMING = ("name", "stope", "hole_id", "title", "source", "field", "id")
#: Columns that say nothing to people.
HIDDEN = ("fid",)


def add_columns(
    root: ET.Element, fields: Sequence[Field], words: Mapping[str, Mapping[str, str]]
) -> None:
    """Say how columns are called and shown.

    Parameters
    ----------
    root : Element
        ``<qgis>``; it is added to.
    fields : sequence of Field
        Columns with their words and units.
    words : mapping
        Column -> code -> its words; other values stand as they are.
    """
    _forms(root, words)
    listed = ET.SubElement(root, "aliases")
    for i, field in enumerate(fields):
        ET.SubElement(listed, "alias", field=field.name, index=str(i), name=field.label)
    names = [*HIDDEN, *(field.name for field in fields)]
    _table(root, names)
    best = next((n for n in NAMING if n in names), None)
    if best is not None:
        ET.SubElement(root, "previewExpression").text = f'"{best}"'
    if {BEGINS, ENDS} <= set(names):
        root.append(_times())


def _forms(root: ET.Element, words: Mapping[str, Mapping[str, str]]) -> None:
    """Hide what says nothing to people, and show words for codes."""
    listed = ET.SubElement(root, "fieldConfiguration")
    for name in HIDDEN:
        ET.SubElement(_field(listed, name, "Hidden"), "config")
    for name, told in words.items():
        config = ET.SubElement(_field(listed, name, "ValueMap"), "config")
        options = ET.SubElement(config, "Option", type="Map")
        pairs = ET.SubElement(options, "Option", name="map", type="List")
        for code, said in told.items():
            pair = ET.SubElement(pairs, "Option", type="Map")
            ET.SubElement(pair, "Option", name=said, value=code, type="QString")


def _field(listed: ET.Element, name: str, widget: str) -> ET.Element:
    field = ET.SubElement(listed, "field", name=name, configurationFlags="None")
    return ET.SubElement(field, "editWidget", type=widget)


def _table(root: ET.Element, names: Sequence[str]) -> None:
    config = ET.SubElement(root, "attributetableconfig", actionWidgetStyle="dropDown")
    listed = ET.SubElement(config, "columns")
    for name in dict.fromkeys(names):
        hidden = "1" if name in HIDDEN else "0"
        ET.SubElement(listed, "column", type="field", name=name, hidden=hidden, width="-1")
    ET.SubElement(listed, "column", type="actions", hidden="1", width="-1")


def _times() -> ET.Element:
    """Say when a feature is there: from its first to its last day, both of which count.

    Days are made moments by an expression: QGIS 3.22 compares a day itself with a moment as texts,
    and the first day of the next year would count into a year.
    """
    node = ET.Element(
        "temporal",
        enabled="1",
        mode="4",
        limitMode="1",
        startField="",
        endField="",
        durationField="",
        durationUnit="d",
        fixedDuration="0",
        accumulate="0",
        startExpression=f'to_datetime("{BEGINS}")',
        endExpression=f'to_datetime("{ENDS}")',
    )
    fixed = ET.SubElement(node, "fixedRange")
    ET.SubElement(fixed, "start")
    ET.SubElement(fixed, "end")
    return node
