"""How much ore and metal do the blocks of a reserve calculation hold?

The geological-block method, as reports to the Soviet and post-Soviet state commissions on reserves
(GKZ) use it: each block is a plate of ore with one dip, one mean true thickness and one mean grade.
Its area is measured on a plan, or on a longitudinal projection (a vertical plane along the strike),
and leaned back into the plate::

    volume = plan area / cos(dip) x true thickness
    volume = longitudinal area / sin(dip) x true thickness
    ore = volume x density        metal = ore x grade
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from deposits.errors import Checked, DataError, Problem
from deposits.evidence.block_attributes import (
    AreaBasis,
    category_of,
    cutoff_problems,
    dip_problems,
    look_like_fractions,
    missing_columns,
    read_attributes,
)
from deposits.evidence.density import ore_density
from deposits.evidence.statements import Quantity, Statement
from deposits.layers import Layer
from deposits.names import listed, resolve_field
from deposits.stated import Kind, Stated, softest

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

#: How far a stated area may differ from the drawn polygon's before it is worth a warning.
AREA_TOLERANCE = 0.05

#: Overlaps smaller than this are digitising, not double counting [m2].
OVERLAP_M2 = 1.0


@dataclass(frozen=True, slots=True)
class ReserveBlock:
    """One block of a reserve calculation; quantities are unrounded.

    Parameters
    ----------
    block_id, field, category : str
        Which block, of which ore field, in which category ("not stated" if none is given).
    cutoff_sb_pct : float or None
        Cut-off it was outlined at [% Sb]; None is not stated.
    area_m2 : float
        Area on its basis [m2].
    area_basis : {"plan", "longitudinal"}
        Which projection the area was measured on.
    dip_deg : float
        Dip from the horizontal, as a magnitude [degrees].
    true_thickness_m, volume_m3, density_t_per_m3, ore_t : float
        Mean thickness across the plate [m], volume [m3], density [t/m3], ore in situ [t].
    sb_pct : float
        Mean grade [% Sb].
    au_gpt : float or None
        Mean gold grade [g/t]; None is not known.
    sb_t : float
        Contained antimony [t].
    au_kg : float or None
        Contained gold [kg]; None is not known.
    kind : {"reported", "derived", "assumed"}
        The softest of the block's own kind and that of a host density it needed.
    source : str
        Where it stands.
    year : int or None
        Year of the estimate; None is not stated.
    """

    block_id: str
    field: str
    category: str
    cutoff_sb_pct: float | None
    area_m2: float
    area_basis: AreaBasis
    dip_deg: float
    true_thickness_m: float
    volume_m3: float
    density_t_per_m3: float
    ore_t: float
    sb_pct: float
    au_gpt: float | None
    sb_t: float
    au_kg: float | None
    kind: Kind
    source: str
    year: int | None


def block_volume(
    area_m2: float, basis: AreaBasis, dip_deg: float, true_thickness_m: float
) -> float:
    """Work out the volume of a plate from its projected area.

    Parameters
    ----------
    area_m2 : float
        Area on the projection [m2].
    basis : {"plan", "longitudinal"}
        Horizontal plane, or vertical plane parallel to the strike.
    dip_deg : float
        Dip as a magnitude [degrees], below 90 for a plan, above 0 for a longitudinal.
    true_thickness_m : float
        Thickness across the plate [m].

    Returns
    -------
    float
        Volume [m3].

    Examples
    --------
    >>> round(block_volume(1000.0, "plan", 60.0, 2.0))
    4000
    >>> round(block_volume(1000.0, "longitudinal", 30.0, 2.0))
    4000
    """
    dip = math.radians(dip_deg)
    lean = math.cos(dip) if basis == "plan" else math.sin(dip)
    return area_m2 / lean * true_thickness_m


def read_reserve_blocks(
    layer: Layer,
    host_density: Stated | None = None,
    fields: Mapping[str, Sequence[str]] | None = None,
) -> Checked[list[ReserveBlock]]:
    """Read reserve blocks from the attributes and polygons of a layer.

    Parameters
    ----------
    layer : Layer
        Columns block_id (or the layer's id), field, category, area_basis, dip_deg (a magnitude,
        0 to 90), true_thickness_m, sb_pct; optionally au_gpt, cutoff_sb_pct, density_t_per_m3,
        area_m2, year, kind (assumed if blank), source.
    host_density : Stated, optional
        Density of the barren host [t/m3], for blocks that state no density.
    fields : mapping of str to sequence of str, optional
        Names and aliases of the study's fields by identifier, so that two spellings of one field
        are compared as one; names of no field stay as they are.

    Returns
    -------
    Checked of list of ReserveBlock
        In the order of the layer; None when a block is wrong, for a total of the others would
        look complete.

    Notes
    -----
    A plan area is the stated one, else the polygon's on the project's map divided by the areal
    scale of the projection there. It is the area on the ellipsoid: heights of vertices are
    ignored, and at 2,500 m the ground is 0.08 % larger. A longitudinal area must be stated,
    because a polygon on a map cannot give it.
    """
    table = layer.table
    if "block_id" not in table:
        table = table.assign(block_id=table["id"])
    place = layer.source.place
    key = f"layers.{layer.source.name}.host_density_t_per_m3"
    problems = missing_columns(table.columns, place)
    if problems:
        return Checked(None, tuple(problems))
    if fields is not None:
        known = [resolve_field(str(name), fields) or name for name in table["field"]]
        table = table.assign(field=known)
    areas = plan_areas(table)
    blocks = []
    for record, drawn in zip(table.to_dict("records"), areas, strict=True):
        spot = f"{place}, block {record['block_id']}"
        cells, wrong = read_attributes(record, spot)
        problems += wrong
        if not any(problem.severity == "error" for problem in wrong):
            made = _make(cells, drawn, host_density, spot, key)
            problems += made.problems
            blocks += [made.value] if made.value is not None else []
    problems += _repeats(table, place)
    problems += look_like_fractions([block.sb_pct for block in blocks], place)
    problems += _overlaps(table, blocks, place)
    broken = any(problem.severity == "error" for problem in problems)
    # What is wrong with the host's density is the same for every block that needs it.
    return Checked(None if broken else blocks, tuple(dict.fromkeys(problems)))


def as_statements(
    blocks: Sequence[ReserveBlock], *, model: str, cv_within: float = 0.0
) -> tuple[Statement, ...]:
    """Turn reserve blocks into statements of their fields.

    Parameters
    ----------
    blocks : sequence of ReserveBlock
        As read.
    model : str
        Name under which they stand beside published statements.
    cv_within : float
        Spread of selection units within a block; 0 takes each block as one unit, above a cut-off
        or not as a whole.

    Returns
    -------
    tuple of Statement
        One a block, with its own category and cut-off.
    """
    return tuple(_as_statement(block, model, cv_within) for block in blocks)


def _as_statement(block: ReserveBlock, model: str, cv_within: float) -> Statement:
    """State one block: tonnes from its volume, grades as measured."""
    tonnes: Kind = softest("derived", block.kind)
    stated: dict[Quantity, Stated] = {
        "ore_t": Stated(value=block.ore_t, kind=tonnes, source=block.source),
        "sb_pct": Stated(value=block.sb_pct, kind=block.kind, source=block.source),
    }
    if block.au_gpt is not None:
        stated["au_gpt"] = Stated(value=block.au_gpt, kind=block.kind, source=block.source)
    return Statement(
        statement_id=block.block_id,
        field=block.field,
        model=model,
        role="model",
        category=block.category,
        kind=tonnes,
        basis="in situ",
        cutoff_sb_pct=block.cutoff_sb_pct,
        primary=tuple(stated),
        stated=stated,
        year=block.year,
        source=block.source,
        cv_within=cv_within,
    )


def plan_areas(table: GeoDataFrame) -> NDArray[np.float64]:
    """Measure polygons on the ellipsoid through their map.

    Parameters
    ----------
    table : geopandas.GeoDataFrame
        Features in a projected system.

    Returns
    -------
    ndarray of float, shape (n,)
        Area on the map divided by the projection's areal scale at the polygon [m2]; NaN for a
        feature that is no polygon.

    Notes
    -----
    One scale is taken for each polygon: even at the edge of a zone the areal scale of UTM changes
    by little more than 1e-5 over a kilometre.
    """
    from pyproj import Proj

    area = table.geometry.area.to_numpy(dtype=float)
    polygonal = table.geometry.geom_type.isin(["Polygon", "MultiPolygon"]).to_numpy()
    if not polygonal.any():
        return np.full(len(table), np.nan)
    projection = Proj(table.crs)
    spots = table.geometry.representative_point()
    lon, lat = projection(spots.x.to_numpy(), spots.y.to_numpy(), inverse=True)
    scale = np.asarray(projection.get_factors(lon, lat).areal_scale, dtype=float)
    return np.where(polygonal, area / scale, np.nan)


def _make(
    cells: Mapping[str, Any], drawn_m2: float, host: Stated | None, spot: str, key: str
) -> Checked[ReserveBlock]:
    """Work one block out, or say what it lacks."""
    problems = [
        *dip_problems(cells["area_basis"], cells["dip_deg"], spot),
        *_area_problems(cells, drawn_m2, spot),
        *cutoff_problems(cells["sb_pct"], cells["cutoff_sb_pct"], spot),
    ]
    mixed = _density(cells, host, spot, key)
    problems += mixed.problems
    density, kind = mixed.value or (None, "assumed")
    if density is None or any(problem.severity == "error" for problem in problems):
        return Checked(None, tuple(problems))
    same = ("block_id", "field", "cutoff_sb_pct", "area_basis", "dip_deg", "true_thickness_m")
    area = cells["area_m2"] if cells["area_m2"] is not None else float(drawn_m2)
    thickness = cells["true_thickness_m"]
    volume = block_volume(area, cells["area_basis"], cells["dip_deg"], thickness)
    ore, sb, au = volume * density, cells["sb_pct"], cells["au_gpt"]
    block = ReserveBlock(
        **{name: cells[name] for name in same},
        category=category_of(cells["category"]),
        area_m2=area,
        volume_m3=volume,
        density_t_per_m3=density,
        ore_t=ore,
        sb_pct=sb,
        au_gpt=au,
        sb_t=ore * sb / 100.0,
        au_kg=None if au is None else ore * au / 1000.0,
        kind=kind,
        source=cells["source"],
        year=None if cells["year"] is None else int(cells["year"]),
    )
    return Checked(block, tuple(problems))


def _density(
    cells: Mapping[str, Any], host: Stated | None, spot: str, key: str
) -> Checked[tuple[float, Kind]]:
    """Take the block's density, else mix it from the host's; with the kind of the result."""
    kind: Kind = cells["kind"] or "assumed"
    if cells["density_t_per_m3"] is not None:
        return Checked((cells["density_t_per_m3"], kind))
    if host is None:
        remedy = f"State {key}, the density of the barren rock, or a density for each block."
        fact = "the density is not known, so volume cannot become tonnes"
        place = f"{spot}, column density_t_per_m3"
        return Checked(None, (Problem(fact, place, remedy=remedy),))
    try:
        density = float(ore_density(cells["sb_pct"], host.base))
    except DataError as error:
        return Checked(None, tuple(replace(p, place=f"key {key}") for p in error.problems))
    return Checked((density, softest(kind, host.kind)))


def _area_problems(cells: Mapping[str, Any], drawn_m2: float, spot: str) -> list[Problem]:
    """Say when there is no area, or two that differ."""
    stated, place = cells["area_m2"], f"{spot}, column area_m2"
    if stated is None and cells["area_basis"] == "longitudinal":
        fact = "a polygon on the map cannot give a longitudinal area"
        return [Problem(fact, place, remedy="State area_m2, measured on the projection.")]
    if stated is None and not drawn_m2 > 0:
        fact = "neither a polygon nor a stated area"
        return [Problem(fact, place, remedy="Draw the block, or state area_m2.")]
    if stated is None or cells["area_basis"] == "longitudinal" or not drawn_m2 > 0:
        return []
    if abs(stated / drawn_m2 - 1.0) <= AREA_TOLERANCE:
        return []
    found = f"{stated:,.0f} m2 stated, {drawn_m2:,.0f} m2 drawn"
    fact = "stated and drawn area differ by more than 5 %; the stated one is used"
    return [Problem(fact, place, found, remedy="Check both.", severity="warning")]


def _repeats(table: GeoDataFrame, place: str) -> list[Problem]:
    """Report block ids that stand more than once in one field."""
    counts = table.groupby(["field", "block_id"], dropna=True).size()
    twice = [f"{block} ({field})" for (field, block), n in counts.items() if n > 1]
    if not twice:
        return []
    fact = "a block stands more than once in its field"
    return [Problem(fact, f"{place}, column block_id", listed(twice), remedy="Make it unique.")]


def _overlaps(table: GeoDataFrame, blocks: list[ReserveBlock], place: str) -> list[Problem]:
    """Warn of plan polygons of one field that cover the same ground."""
    import shapely

    shapes = table.geometry.to_numpy()
    plan = {(b.field, b.block_id) for b in blocks if b.area_basis == "plan"}
    names = list(zip(table["field"].astype(str), table["block_id"].astype(str), strict=True))
    chosen = [i for i, name in enumerate(names) if name in plan and shapely.area(shapes[i]) > 0]
    first, second = shapely.STRtree(shapes[chosen]).query(shapes[chosen], predicate="intersects")
    problems = []
    for a, b in sorted((chosen[i], chosen[j]) for i, j in zip(first, second, strict=True)):
        if a >= b or names[a][0] != names[b][0]:
            continue
        shared = float(shapely.area(shapely.intersection(shapes[a], shapes[b])))
        if shared > OVERLAP_M2:
            pair = f"{place}, blocks {names[a][1]} and {names[b][1]}"
            fact = f"the plans of two blocks of {names[a][0]} overlap by {shared:,.0f} m2"
            remedy = "Right for bodies above each other; otherwise ore is counted twice."
            problems.append(Problem(fact, pair, remedy=remedy, severity="warning"))
    return problems
