"""What does a study of drillholes need to become a mine, and can it be right?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from deposits.blockmodel import Inside, Surface, in_polygon
from deposits.errors import Checked, DataError, Problem
from deposits.estimate.config import SYNTHETIC_PREFIX, block_fields
from deposits.estimate.workflow import DrillStudy
from deposits.study import apply_scenario
from planning.economics.block_nouns import BlockTerms, Need
from planning.economics.block_prices import read_quotes, with_quote
from planning.economics.block_terms import block_terms
from planning.economics.prices import ExchangeRate, price_at
from planning.mine.config import MineConfig, read_config


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

    def ground(self) -> Surface | None:
        """Return the elevation of the ground, if the study has a topography."""
        from deposits.gis.rasters import read_surface

        path: Path | None = self.drilled.inputs.topography
        return None if path is None else read_surface(path, self.drilled.config.study.crs)

    def excluded(self) -> Inside | None:
        """Return what says whether a place lies in rock that must stay, if there is any."""
        names = () if self.config.stopes is None else self.config.stopes.exclude
        if not names:
            return None
        bodies = [self._polygon(name) for name in names]

        def inside(points: NDArray[np.float64]) -> NDArray[np.bool_]:
            found: NDArray[np.bool_] = np.any([body(points) for body in bodies], axis=0)
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
