"""Where are the holes, the samples and the model, as layers that maps and QGIS can show?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from deposits.estimate.workflow import Estimated

if TYPE_CHECKING:
    import geopandas as gpd

PLACES = ["easting", "northing", "elevation"]


def layers_of(made: Estimated) -> dict[str, gpd.GeoDataFrame]:
    """Return the layers of a drillhole study in its CRS.

    Parameters
    ----------
    made : Estimated
        The model and what led to it.

    Returns
    -------
    dict of GeoDataFrame
        block_model_outline (polygon), drillhole_traces (3-D lines), collars and composites
        (3-D points); every row of a synthetic study says so.
    """
    found = {
        "block_model_outline": _outline(made),
        "drillhole_traces": _traces(made),
        "collars": _collars(made),
        "composites": _composites(made),
    }
    if made.source.config.study.synthetic:
        return {name: table.assign(synthetic=True) for name, table in found.items()}
    return found


def _frame(made: Estimated, columns: dict[str, Any], shapes: Any) -> gpd.GeoDataFrame:
    import geopandas as gpd

    return gpd.GeoDataFrame(columns, geometry=shapes, crs=made.source.config.study.crs)


def _outline(made: Estimated) -> gpd.GeoDataFrame:
    """Return the outline of the grid in plan."""
    import shapely

    nx, ny, nz = made.grid.shape
    columns = {
        "name": ["Block model"],
        "file": [made.blocks.name],
        "parent_blocks": [nx * ny * nz],
        "bottom_m": [float(made.grid.origin_m[2])],
        "top_m": [float(made.grid.origin_m[2] + nz * made.grid.size_m[2])],
    }
    return _frame(made, columns, [shapely.Polygon(made.grid.outline())])


def _traces(made: Estimated) -> gpd.GeoDataFrame:
    """Return one line a hole, with what its composites hold in the domains."""
    import shapely

    traces, main = made.sampled.traces, made.source.config.samples.elements[0]
    composites = made.sampled.composites
    inside = composites[(composites["domain"] != "") & composites[main].notna()]
    metal = (inside[main] * inside["length_m"]).groupby(inside["hole_id"]).sum()
    length = inside.groupby("hole_id")["length_m"].sum()
    best = inside.groupby("hole_id")[main].max()
    ids = [str(hole) for hole in traces.hole_ids]
    columns = {
        "hole_id": ids,
        "depth_m": np.asarray(traces.depth_m, float),
        "domain_length_m": length.reindex(ids).to_numpy(float),
        main: (metal / length).reindex(ids).to_numpy(float),
        f"best_{main}": best.reindex(ids).to_numpy(float),
    }
    return _frame(made, columns, [shapely.LineString(_line(made, hole)) for hole in ids])


def _line(made: Estimated, hole: str) -> Any:
    """Return a trace of two points at least."""
    points = made.sampled.traces.polyline(hole)
    return points if len(points) > 1 else np.vstack([points, points])


def _collars(made: Estimated) -> gpd.GeoDataFrame:
    """Return one point a hole, with the direction it starts in."""
    import shapely

    holes = made.source.inputs.holes
    first = holes.surveys.drop_duplicates("hole_id").set_index("hole_id")
    ids = holes.collars["hole_id"].astype(str)
    columns = {
        "hole_id": ids.to_numpy(),
        "depth_m": holes.collars["depth_m"].to_numpy(float),
        "elevation": holes.collars["elevation"].to_numpy(float),
        "azimuth_deg": first["azimuth_deg"].reindex(ids).to_numpy(float),
        "dip_deg": first["dip_deg"].reindex(ids).to_numpy(float),
    }
    return _frame(made, columns, shapely.points(holes.collars[PLACES].to_numpy(float)))


def _composites(made: Estimated) -> gpd.GeoDataFrame:
    """Return one point a composite within a domain."""
    import shapely

    table = made.sampled.composites
    own = table[table["domain"] != ""].reset_index(drop=True)
    kept = ["hole_id", "from_m", "to_m", "domain", *made.source.config.samples.elements]
    columns = {name: own[name].to_numpy() for name in kept}
    return _frame(made, columns, shapely.points(own[PLACES].to_numpy(float)))
