"""What does a study of drillholes need to become a mine, and can it be right?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from deposits.blockmodel import Inside, Surface, in_polygon
from deposits.errors import Checked, DataError, Problem
from deposits.estimate.config import SYNTHETIC_PREFIX, block_fields
from deposits.estimate.workflow import DrillStudy
from deposits.grid import Grid
from deposits.study import apply_scenario
from planning.economics.block_nouns import BlockTerms, Need
from planning.economics.block_prices import read_quotes, with_quote
from planning.economics.block_terms import block_terms
from planning.economics.prices import ExchangeRate, price_at
from planning.limits.slope_checks import zone_problems
from planning.mine.config import MineConfig, asked_layers, read_config
from planning.mine.rock import widen
from planning.mine.slopes import named_zones, slope_zones

if TYPE_CHECKING:
    import geopandas as gpd


@dataclass(frozen=True, slots=True, eq=False)
class MineStudy:
    """A study whose block model is to be mined, read and found sound.

    Parameters
    ----------
    drilled : DrillStudy
        The study with its files.
    config : MineConfig
        Tables of the mine.
    terms : BlockTerms
        Prices, terms and costs; what is missing among them is named there.
    """

    drilled: DrillStudy
    config: MineConfig
    terms: BlockTerms

    @property
    def synthetic(self) -> bool:
        """Whether everything in the study is made up."""
        return self.drilled.config.study.synthetic

    @property
    def prefix(self) -> str:
        """How the names of the study's files start."""
        return SYNTHETIC_PREFIX if self.synthetic else ""

    @property
    def missing_for_pit(self) -> tuple[str, ...]:
        """Keys that a pit needs and the study does not state."""
        return self._missing("nsr", "ore", "rock")

    @property
    def unpriced(self) -> tuple[str, ...]:
        """Keys without which stopes have no return and no cost."""
        return self._missing("nsr", "ore", "stope")

    @property
    def missing_for_stopes(self) -> tuple[str, ...]:
        """Keys that the stopes' objective needs and the study does not state."""
        table = self.config.stopes
        return self.unpriced if table is not None and table.objective == "nsr" else ()

    def _missing(self, *needs: Need) -> tuple[str, ...]:
        keys = [key for need in needs for key in self.terms.needed.get(need, ())]
        return tuple(dict.fromkeys(keys))

    def only(self, limit: str) -> MineStudy:
        """Return the study with one kind of limit alone, "pit" or "stopes"."""
        other = "stopes" if limit == "pit" else "pit"
        return replace(self, config=self.config.model_copy(update={other: None}))

    def input_files(self) -> list[Path]:
        """Files the study and its scenarios name; what comes from a database is left out."""
        drilled, tree = self.drilled, self.drilled.study.tree
        trees = (tree, *tree.get("scenario", {}).values())
        quotes = (each.get("mine", {}).get("sb_price_quote", {}).get("path") for each in trees)
        named = [drilled.study.folder / path for path in quotes if path is not None]
        return [*drilled.input_files(), *named]

    def ground(self) -> Surface | None:
        """Return the elevation of the ground, if the study has a topography."""
        from deposits.gis.rasters import read_surface

        path: Path | None = self.drilled.inputs.topography
        return None if path is None else read_surface(path, self.drilled.config.study.crs)

    def excluded(self) -> Inside | None:
        """Return what says whether a place lies in rock that stopes must leave, if there is any."""
        table = self.config.stopes
        if table is None or not (table.exclude or table.within):
            return None
        bodies = [self._polygon(name) for name in table.exclude]
        kept = None if table.within is None else self._polygon(table.within)

        def inside(points: NDArray[np.float64]) -> NDArray[np.bool_]:
            found = np.zeros(len(points), dtype=np.bool_) if kept is None else ~kept(points)
            for body in bodies:
                found |= body(points)
            return found

        return inside

    def licence(self) -> Inside | None:
        """Return what says whether a place lies where a pit may be dug; None for everywhere."""
        name = None if self.config.pit is None else self.config.pit.within
        return None if name is None else self._polygon(name)

    def _polygon(self, name: str) -> Inside:
        return in_polygon(self.drilled.inputs.layers[name].table.geometry.union_all())


def load(drilled: DrillStudy) -> Checked[MineStudy]:
    """Read the tables of the mine of a drillhole study, and list every problem at once.

    Parameters
    ----------
    drilled : DrillStudy
        A sound study that asks for a mine.

    Returns
    -------
    Checked of MineStudy
        A missing price is no error: what needs it is then "not known".
    """
    study = drilled.study
    config = read_config(study, block_fields(drilled.config))
    if config.value is None:
        return Checked(None, config.problems)
    problems = list(config.problems)
    money = config.value
    terms = _quoted(block_terms(money.economics, money.plants, money.value), drilled, money)
    problems += [
        Problem(p.fact, f"{study.path.name}, {p.place}", p.found, p.allowed, p.remedy, p.severity)
        for p in terms.problems
    ]
    problems += _topography_problems(drilled, money)
    problems += _layer_problems(drilled, money)
    problems += _pit_problems(drilled, money)
    problems += _scenario_problems(drilled, tuple(problems))
    if terms.value is None or any(p.severity == "error" for p in problems):
        return Checked(None, tuple(problems))
    return Checked(MineStudy(drilled, money, terms.value), tuple(problems))


def _quoted(
    terms: Checked[BlockTerms], drilled: DrillStudy, config: MineConfig
) -> Checked[BlockTerms]:
    """Put the price of a dated series in the place of the stated one, where the study asks."""
    asked = config.mine.sb_price_quote
    if asked is None or terms.value is None:
        return terms
    try:
        quotes = read_quotes(drilled.study.folder / asked.path)
        quote = price_at(quotes, asked.market, asked.date, vat=asked.vat)
        stated = config.economics.exchange_rates.get(quote.currency)
        rate = None
        if stated is not None:
            per_usd = stated.per_usd
            rate = ExchangeRate(quote.currency, per_usd.base, per_usd.kind, per_usd.source)
        return Checked(with_quote(terms.value, quote, rate), terms.problems)
    except DataError as error:
        return Checked(None, (*terms.problems, *error.problems))


def _scenario_problems(drilled: DrillStudy, known: tuple[Problem, ...]) -> list[Problem]:
    """Merge every scenario of the study, and word what is wrong with it and not with the study."""
    study, found = drilled.study, list[Problem]()
    for name in study.scenario_names:
        try:
            merged = apply_scenario(study, name)
        except DataError as error:
            found += error.problems
            continue
        problems = read_config(merged, block_fields(drilled.config)).problems
        found += [
            replace(p, place=p.place.replace(", key ", f", key scenario.{name}.", 1))
            for p in problems
            if p not in known
        ]
    return list(dict.fromkeys(found))


def _layer_problems(drilled: DrillStudy, config: MineConfig) -> list[Problem]:
    """Find layers that should bound a pit or stopes and hold no polygons."""
    file, layers = drilled.study.path.name, drilled.inputs.layers
    polygons = [n for n, layer in layers.items() if _is_area(layer.table)]
    found = []
    for key, name in asked_layers(config):
        if name in drilled.config.layers and name not in polygons:
            place, allowed = f"{file}, key {key}", ", ".join(polygons) or "none in this study"
            remedy = "Name a layer of polygons, such as a licence."
            found.append(Problem("the layer holds no polygons", place, name, allowed, remedy))
    return found


def _is_area(table: gpd.GeoDataFrame) -> bool:
    """Whether all features of a layer are areas."""
    return bool(len(table)) and set(table.geom_type) <= {"Polygon", "MultiPolygon"}


def _pit_problems(drilled: DrillStudy, config: MineConfig) -> list[Problem]:
    """Find slopes that cannot be right, and a ground too small for the pit's margin."""
    pit, file = config.pit, drilled.study.path.name
    if pit is None:
        return []
    zones, names = slope_zones(pit), named_zones(pit)
    found = list(zone_problems(zones, f"{file}, key pit.slopes", names))
    blocks, path = drilled.config.blocks, drilled.inputs.topography
    known = [name for name in names.values() if name and name not in drilled.config.domains]
    if known:
        allowed = ", ".join(drilled.config.domains)
        place = f"{file}, key pit.slopes.zone"
        found.append(Problem("no such domain", place, ", ".join(known), allowed))
    if blocks.origin_m is not None and blocks.shape is not None and path is not None:
        from deposits.gis.rasters import read_surface

        grid = Grid(blocks.origin_m, blocks.size_m, blocks.shape, blocks.azimuth_deg)
        try:
            widen(grid, pit.margin_m, read_surface(path, drilled.config.study.crs))
        except DataError as error:
            found += [replace(p, place=f"{file}, {p.place}") for p in error.problems]
    return found


def _topography_problems(drilled: DrillStudy, config: MineConfig) -> list[Problem]:
    """Refuse a pit or a crown pillar without the ground they are measured from."""
    asking = []
    if config.pit is not None:
        asking.append("pit")
    if config.stopes is not None and config.stopes.crown_m > 0:
        asking.append("stopes.crown_m")
    if not asking or drilled.inputs.topography is not None:
        return []
    place = f"{drilled.study.path.name}, key blocks.topography"
    remedy = "Name a raster layer of the ground; neither rock nor air is guessed."
    return [Problem(f"{' and '.join(asking)} needs the ground", place, remedy=remedy)]
