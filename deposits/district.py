"""Which layers does a study name, and do they lie together in its district?"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

from deposits.config import LayerTable, StudyTable
from deposits.errors import Checked, DataError, Problem
from deposits.study import StudyFile
from deposits.tables import Column, TableFile, read_table

if TYPE_CHECKING:
    from deposits.layers import Layer, MineGrid


def read_layers(
    study: StudyFile,
    layers: Mapping[str, LayerTable],
    about: StudyTable,
    *,
    roles: Collection[str] | None = None,
) -> Checked[dict[str, Layer]]:
    """Read a study's vector layers, check its rasters, and hold them against each other.

    Parameters
    ----------
    study : StudyFile
        Where the files are.
    layers : mapping of str to LayerTable
        What they are, by name.
    about : StudyTable
        The study's CRS and extent.
    roles : collection of str, optional
        Read only layers of these roles; all by default.

    Returns
    -------
    Checked of dict
        Sound layers by name, in the study's CRS, with the problems of all; a layer with an error
        is left out, so look at the problems before use.
    """
    wanted = {k: table for k, table in layers.items() if roles is None or table.role in roles}
    if not wanted:
        return Checked({})
    from deposits.layers import Extent, check_together, read_layer, read_raster_info

    box = about.extent
    extent = Extent(box.west, box.south, box.east, box.north)
    found: dict[str, Layer] = {}
    problems: list[Problem] = []
    for name, table in wanted.items():
        if table.role == "raster":
            problems += read_raster_info(study.folder / table.path).problems
            continue
        try:
            source = _layer_source(name, table, study)
        except DataError as error:
            problems += error.problems
            continue
        checked = read_layer(source, crs=about.crs, extent=extent)
        problems += checked.problems
        if checked.value is not None:
            found[name] = checked.value
    problems += check_together(list(found.values()), extent)
    return Checked(found, tuple(problems))


def layer_summary(layer: Layer) -> dict[str, Any]:
    """Return where a layer comes from and how it came into the project's CRS."""
    return {
        "name": layer.source.name,
        "title": layer.source.title or layer.source.name,
        "role": layer.source.role,
        "source": layer.source.source,
        "features": len(layer.table),
        "crs_found": layer.crs_found,
        "operation": layer.operation,
        "accuracy_m": layer.accuracy_m,
    }


def _layer_source(name: str, table: LayerTable, study: StudyFile) -> Any:
    """Turn a table of the study into a source to read, its mine grid fitted."""
    from deposits.layers import LayerSource

    is_url = "://" in table.path
    keys = ("role", "title", "source", "crs", "layer", "encoding", "x", "y", "id_column")
    stated = {key: getattr(table, key) for key in (*keys, "delimiter", "decimal", "repair")}
    grid = None
    if table.control_points is not None:
        grid = _mine_grid(table.control_points.resolve(study.folder))
    return LayerSource(
        name=name,
        path=table.path if is_url else study.folder / table.path,
        mine_grid=grid,
        **stated,
    )


def _mine_grid(file: TableFile) -> MineGrid:
    """Fit the local grid that a table of control points ties to the study's CRS."""
    from deposits.gis.mine_grid import CONTROL_COLUMNS, fit_mine_grid

    columns = [Column(name, "number", required=True) for name in CONTROL_COLUMNS]
    return fit_mine_grid(read_table(file, columns).or_raise(), file.path.name)
