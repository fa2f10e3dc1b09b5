"""How do layers, stopes and blocks go together into one Open Mining Format file, version 1?

Areas become lines along their rings. The format has no coordinates without an elevation: what is
known in plan only lies at elevation 0 and says so in its name.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from deposits.blockmodel import About, read_blocks
from deposits.errors import DataError
from deposits.formats.omf import Element, Lines, Points, read_omf, write_omf
from maps.errors import UnavailableFormat
from maps.finished import Finished
from maps.layers import Layer
from maps.products.blocks import whole_blocks

if TYPE_CHECKING:
    import pandas as pd

IN_PLAN = "in plan, at elevation 0"


def write_project(finished: Finished) -> list[str]:
    """Write what a study has to one OMF file.

    Parameters
    ----------
    finished : Finished
        A study; its folder may hold ``stopes.omf``.

    Returns
    -------
    list of str
        Name of the file, relative to the output folder.

    Raises
    ------
    UnavailableFormat
        If the block model cannot be held by the format.
    """
    about = finished.summary.get("study", {})
    place = f"Coordinates in {about.get('crs') or 'a system not stated'}."
    told = About(
        name=str(about.get("title") or about.get("name") or "Study"),
        synthetic=finished.synthetic,
        crs=str(about.get("crs") or ""),
        note=f"{place} {finished.provenance}",
    )
    name = finished.named("study.omf")
    finished.out.mkdir(parents=True, exist_ok=True)
    try:
        elements = [*_elements(finished)]
        write_omf(finished.out / name, elements, told)
    except DataError as error:
        raise UnavailableFormat(f"Format omf cannot hold this study: {error}") from error
    return [name]


def _elements(finished: Finished) -> Iterator[Element]:
    for layer in finished.layers:
        yield from _of_layer(layer)
    stopes = finished.left("stopes.omf")
    if stopes is not None:
        yield from read_omf(stopes).elements
    if finished.blocks is not None:
        yield whole_blocks(read_blocks(finished.blocks))


def _of_layer(layer: Layer) -> Iterator[Element]:
    """Split a layer into its points and its lines; empty ones leave nothing."""
    import numpy as np

    points: list[Any] = []
    lines: list[Any] = []
    for row, shape in enumerate(layer.features.geometry):
        for part in _parts(shape):
            (points if part.geom_type == "Point" else lines).append((row, part))
    values, title = _values(layer), layer.title
    if not all(part.has_z for _, part in (*points, *lines)):
        title = f"{title} ({IN_PLAN})"
    if points:
        vertices = np.array([_in_space(part)[0] for _, part in points])
        yield Points(title, vertices, values.iloc[[row for row, _ in points]])
    if lines:
        runs = [_in_space(part) for _, part in lines]
        first = np.concatenate([[0], np.cumsum([len(run) for run in runs])])
        legs = [np.arange(len(run) - 1) + at for run, at in zip(runs, first[:-1], strict=True)]
        ends = np.concatenate(legs)
        rows = np.repeat([row for row, _ in lines], [len(leg) for leg in legs])
        yield Lines(title, np.vstack(runs), np.column_stack([ends, ends + 1]), values.iloc[rows])


def _parts(shape: Any) -> Iterator[Any]:
    """Take a geometry apart into points and lines; rings of areas are lines."""
    if shape is None or shape.is_empty:
        return
    if hasattr(shape, "geoms"):
        for part in shape.geoms:
            yield from _parts(part)
    elif shape.geom_type == "Polygon":
        yield shape.exterior
        yield from shape.interiors
    else:
        yield shape


def _in_space(part: Any) -> Any:
    """Return the vertices of a point or line, shape (n, 3)."""
    import numpy as np

    places = np.array(part.coords, dtype=np.float64)
    return places if places.shape[1] == 3 else np.column_stack([places, np.zeros(len(places))])


def _values(layer: Layer) -> pd.DataFrame:
    """Return attributes as numbers or as texts with None for what is not known."""
    import pandas as pd

    columns: dict[str, Any] = {}
    for each in layer.fields:
        column = layer.features[each.name]
        if column.dtype.kind in "iufb":
            columns[each.name] = column.to_numpy()
        else:
            texts = [None if v is None or v != v or str(v) == "<NA>" else str(v) for v in column]
            columns[each.name] = pd.array(texts, dtype="str")
    return pd.DataFrame(columns)
