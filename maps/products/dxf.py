"""How do layers go to a CAD program: one DXF layer each, in the project's own coordinates?

Points are POINT, lines LWPOLYLINE, rings of areas closed ones; what has elevations is a POLYLINE in
space. Every figure of a feature stands beside it as extended data under ANZOB, as ``name=value``,
unknown ones left out; labels are TEXT on a layer of their own. Bodies of stopes are taken over from
the file that the study left.
"""

from __future__ import annotations

import io
import textwrap
from collections.abc import Iterator, Sequence
from typing import Any

from deposits.formats.dxf_files import fixed_dates, layer_name, one_line, order_classes
from deposits.formats.files import whole_file
from maps.errors import UnavailableFormat
from maps.finished import Finished
from maps.layers import Layer
from maps.style import Symbol

INSTALL = "Format dxf needs ezdxf: pip install 'anzob[dxf]'."
#: Version R2010: text is UTF-8, colours are free.
VERSION, APPLICATION = "R2010", "ANZOB"
#: Height of a label as a share of the whole drawing, and size of a point beside it.
TEXT_SHARE, POINT_SHARE = 1 / 400, 0.5
#: Extended data of one entity end at 16 kB, a text at this many characters.
MOST_FIGURES, MOST_LETTERS = 60, 255


def write_dxf(finished: Finished) -> list[str]:
    """Write all layers of a study, and the bodies of its stopes, to one DXF file.

    Parameters
    ----------
    finished : Finished
        A study; its folder may hold ``stopes.dxf``.

    Returns
    -------
    list of str
        Name of the file, relative to the output folder.

    Raises
    ------
    UnavailableFormat
        If ezdxf is not installed.
    """
    try:
        import ezdxf
    except ImportError as error:
        raise UnavailableFormat(INSTALL) from error
    name = finished.named("layers.dxf")
    layers = finished.marked(finished.layers)
    with fixed_dates():
        drawing = ezdxf.filemanagement.new(VERSION, units=6)
        drawing.appids.add(APPLICATION)
        for number, said in enumerate(_said(finished), 1):
            drawing.header.custom_vars.append(f"ANZOB {number}", said)
        height = _size(layers) * TEXT_SHARE
        # A small cross inside a circle: a point of one pixel is not seen.
        drawing.header["$PDMODE"], drawing.header["$PDSIZE"] = 34, height * POINT_SHARE
        for layer in layers:
            _add_layer(drawing, layer, height)
        bodies = finished.left("stopes.dxf")
        if bodies is not None:
            _take_over(drawing, ezdxf.filemanagement.readfile(bodies))
        order_classes(drawing)
        written = io.StringIO()
        drawing.write(written)
    finished.out.mkdir(parents=True, exist_ok=True)
    with whole_file(finished.out / name) as file:
        file.write(written.getvalue().encode("utf-8", errors="dxfreplace"))
    return [name]


def _said(finished: Finished) -> Iterator[str]:
    """Say what the file is, where it lies and of what it was made, 255 characters at a time."""
    about = finished.summary.get("study", {})
    systems = dict.fromkeys(layer.features.crs.to_string() for layer in finished.layers)
    made = finished.stamp.line(finished.translate)
    told = (
        str(about.get("title") or about.get("name") or "Study"),
        f"coordinates in {', '.join(systems)}; lengths in metres" if systems else "",
        finished.provenance.removesuffix(made),
        made,
    )
    for said in told:
        yield from textwrap.wrap(one_line(said, len(said)), MOST_LETTERS)


def _size(layers: Sequence[Layer]) -> float:
    """Return the diagonal of everything drawn [units of the coordinates], 1000 for nothing."""
    import numpy as np

    boxes = [layer.features.total_bounds for layer in layers if len(layer.features)]
    known = np.array([box for box in boxes if np.isfinite(box).all()]).reshape(-1, 4)
    if not len(known):
        return 1000.0
    west, south = known[:, :2].min(axis=0)
    east, north = known[:, 2:].max(axis=0)
    return float(np.hypot(east - west, north - south)) or 1000.0


def _add_layer(drawing: Any, layer: Layer, height: float) -> None:
    name = layer_name(layer.name)
    drawing.layers.add(name).description = one_line(layer.title)
    if layer.label_field:
        drawing.layers.add(f"{name}_LABELS")
    columns = [f.name for f in layer.fields if f.name in layer.features.columns]
    rows = layer.features[columns].to_dict("records")
    symbols = [layer.style.classes[number].symbol for number in layer.class_numbers]
    for shape, row, symbol in zip(layer.features.geometry, rows, symbols, strict=True):
        figures = {str(key): value for key, value in row.items()}
        drawn = list(_draw(drawing.modelspace(), shape, {"layer": name, **_colour(symbol)}))
        for entity in drawn:
            entity.set_xdata(APPLICATION, list(_xdata(figures)))
        label = figures.get(layer.label_field)
        if label and drawn:
            place = shape.representative_point()
            z = float(place.z) if place.has_z else 0.0
            where = {"layer": f"{name}_LABELS", "insert": (place.x, place.y, z), "height": height}
            drawing.modelspace().add_text(one_line(label), dxfattribs=where)


def _colour(symbol: Symbol) -> dict[str, int]:
    shown = symbol.fill or symbol.stroke
    return {"true_color": int(shown.removeprefix("#"), 16)} if len(shown) == 7 else {}


def _draw(space: Any, shape: Any, how: dict[str, Any]) -> Iterator[Any]:
    """Draw a geometry of any kind, part by part; yields the entities."""
    if shape is None or shape.is_empty:
        return
    if hasattr(shape, "geoms"):
        for part in shape.geoms:
            yield from _draw(space, part, how)
    elif shape.geom_type == "Point":
        yield space.add_point(shape.coords[0], dxfattribs=how)
    elif shape.geom_type == "Polygon":
        for ring in (shape.exterior, *shape.interiors):
            yield _line(space, list(ring.coords)[:-1], closed=True, how=how)
    else:
        yield _line(space, list(shape.coords), closed=False, how=how)


def _line(space: Any, places: list[Any], *, closed: bool, how: dict[str, Any]) -> Any:
    flat = len(places[0]) == 2
    add = space.add_lwpolyline if flat else space.add_polyline3d
    return add(places, close=closed, dxfattribs=how)


def _xdata(figures: dict[str, Any]) -> Iterator[tuple[int, str]]:
    """Write known figures as texts of 255 characters at most; numbers with every digit."""
    known = {k: v for k, v in figures.items() if v is not None and v == v and str(v) != "<NA>"}
    for key, value in list(known.items())[:MOST_FIGURES]:
        yield 1000, one_line(f"{key}={value}")


def _take_over(drawing: Any, other: Any) -> None:
    """Copy bodies and names of stopes with their figures; layers keep their names."""
    from ezdxf.render.mesh import MeshBuilder

    space = drawing.modelspace()
    for entity in other.modelspace():
        layer = entity.dxf.layer
        if layer not in drawing.layers:
            drawing.layers.add(layer, color=other.layers.get(layer).color)
        if entity.dxftype() == "TEXT":
            where = {"layer": layer, "insert": entity.dxf.insert, "height": entity.dxf.height}
            space.add_text(one_line(entity.dxf.text), dxfattribs=where)
        elif entity.dxftype() == "POLYLINE" and entity.is_poly_face_mesh:
            body = MeshBuilder.from_polyface(entity)
            copy = body.render_polyface(space, dxfattribs={"layer": layer})
            if entity.has_xdata(APPLICATION):
                told = entity.get_xdata(APPLICATION)
                copy.set_xdata(APPLICATION, [tag for tag in told if tag.code == 1000])
