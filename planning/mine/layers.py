"""Where are stopes and pits, as layers that maps and QGIS can show?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from numpy.typing import NDArray

from deposits.grid import Grid
from planning.limits.stopes.polygons import plan_polygons
from planning.mine.stope_results import StopesResult
from planning.mine.stope_summary import stope_row, worth_key

if TYPE_CHECKING:
    import geopandas as gpd
    from shapely import MultiPolygon, Polygon

#: What a stope's polygon says of it, where it is known.
STOPE_COLUMNS = (
    "stope",
    "level",
    "level_low_m",
    "level_high_m",
    "section",
    "ore_t",
    "sb_pct",
    "au_gpt",
    "as_pct",
    "hg_pct",
    "nsr_usd_per_t",
    "value_usd",
    "width_m",
    "near_dip_deg",
    "far_dip_deg",
    "unknown_fraction",
)


def stope_layer(result: StopesResult, crs: str, synthetic: bool) -> gpd.GeoDataFrame:
    """Return one polygon a stope, cut at half the height of its level.

    Parameters
    ----------
    result : StopesResult
        The stopes and what they hold.
    crs : str
        Of the block model.
    synthetic : bool
        Whether every row must say so.

    Returns
    -------
    geopandas.GeoDataFrame
        Columns `STOPE_COLUMNS` as far as they are known.
    """
    import geopandas as gpd
    import pandas as pd

    worth = worth_key(result)
    listed = [stope_row(row, worth) for _, row in result.table.rows.iterrows()]
    shapes = plan_polygons(result.solved.cells.frame, result.solved.layout.stopes)
    kept = [name for name in STOPE_COLUMNS if not listed or name in listed[0]]
    table = pd.DataFrame({name: [row[name] for row in listed] for name in kept})
    if synthetic:
        table["synthetic"] = True
    return gpd.GeoDataFrame(table, geometry=shapes, crs=crs)


def pit_layer(
    grid: Grid, pits: Sequence[tuple[dict[str, Any], NDArray[np.bool_]]], crs: str, synthetic: bool
) -> gpd.GeoDataFrame:
    """Return the crest of each pit: the plan outline of all its blocks.

    Parameters
    ----------
    grid : Grid
        Of the pit's rock.
    pits : sequence of (columns, mined)
        What is said of each pit, and its rock below the ground, shape (n_blocks,).
    crs : str
        Of the grid.
    synthetic : bool
        Whether every row must say so.

    Returns
    -------
    geopandas.GeoDataFrame
        Pits without rock are left out.
    """
    import geopandas as gpd
    import pandas as pd

    dug = [(columns, mined) for columns, mined in pits if mined.any()]
    table = pd.DataFrame([columns for columns, _ in dug])
    if synthetic:
        table["synthetic"] = True
    return gpd.GeoDataFrame(table, geometry=[crest(grid, mined) for _, mined in dug], crs=crs)


def crest(grid: Grid, mined: NDArray[np.bool_]) -> Polygon | MultiPolygon:
    """Return the plan outline of blocks.

    Parameters
    ----------
    grid : Grid
        The blocks.
    mined : ndarray of bool, shape (n_blocks,)
        At least one.

    Returns
    -------
    shapely.Polygon or MultiPolygon
        In the grid's coordinates [m].
    """
    import shapely

    nx, ny, nz = grid.shape
    plan = mined.reshape(nz, ny, nx).any(axis=0)
    # Runs of columns in a row are one rectangle: far fewer shapes to join than blocks.
    edges = np.diff(np.pad(plan, ((0, 0), (1, 1))).astype(np.int8), axis=1)
    rows, starts = np.nonzero(edges == 1)
    _, ends = np.nonzero(edges == -1)
    low = np.column_stack([starts, rows, np.zeros_like(rows)]) * np.asarray(grid.size_m)
    high = np.column_stack([ends, rows + 1, np.zeros_like(rows)]) * np.asarray(grid.size_m)
    ring = np.stack(
        [
            low,
            np.column_stack([high[:, 0], low[:, 1], low[:, 2]]),
            high,
            np.column_stack([low[:, 0], high[:, 1], low[:, 2]]),
        ],
        axis=1,
    )
    world = grid.to_world(ring.reshape(-1, 3))[:, :2].reshape(-1, 4, 2)
    # Corners that rounding parted by less than a millimetre are one: no slivers between rows.
    joined = shapely.union_all(shapely.polygons(world), grid_size=0.001)
    return cast("Polygon | MultiPolygon", shapely.normalize(joined))
