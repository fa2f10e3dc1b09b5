"""From a block model to its pit and its stopes, with what they come to: what is done, in order?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from deposits.blockmodel import BlockModel, read_blocks
from planning.mine.files import write_pit, write_stopes
from planning.mine.layers import pit_layer, stope_layer
from planning.mine.open_pit import find_pit, prepare_pit
from planning.mine.pit_results import PitResult, gather_pit
from planning.mine.rock import ValuedRows, domain_names, value_rows
from planning.mine.slopes import precedence_of
from planning.mine.stope_results import StopesResult, gather
from planning.mine.stoping import Stoping, find_stopes, prepare
from planning.mine.study import MineStudy
from planning.mine.summary import summarise

if TYPE_CHECKING:
    import geopandas as gpd

Say = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True, eq=False)
class Dug:
    """Pit and stopes of a study, and what is left of them on disk.

    Parameters
    ----------
    source : MineStudy
        What was asked.
    pit : PitResult, optional
        None where no pit is asked for, or something it needs is not stated.
    stopes : StopesResult, optional
        Likewise.
    summary : dict
        Key ``mine`` of ``summary.json``.
    files : list of str
        Files written, relative to the folder.
    """

    source: MineStudy
    pit: PitResult | None
    stopes: StopesResult | None
    summary: dict[str, Any]
    files: list[str]

    def layers(self) -> dict[str, gpd.GeoDataFrame]:
        """Return stopes and crests of pits, by role, in the study's CRS."""
        crs, synthetic = self.source.drilled.config.study.crs, self.source.synthetic
        found = {}
        if self.pit is not None:
            found["pit_outline"] = pit_layer(self.pit.grid, self.pit.crests(), crs, synthetic)
        if self.stopes is not None:
            found["stopes"] = stope_layer(self.stopes, crs, synthetic)
        return {name: layer for name, layer in found.items() if len(layer)}


def dig(source: MineStudy, blocks: Path, out: Path, say: Say = lambda *_: None) -> Dug:
    """Find the pit and the stopes that a study asks for, and write their tables and bodies.

    Parameters
    ----------
    source : MineStudy
        A sound study.
    blocks : Path
        Its block model.
    out : Path
        Folder; it exists.
    say : callable
        Called with (what is being done, done, in all).

    Returns
    -------
    Dug

    Raises
    ------
    DataError
        If model, ground or rules do not fit; nothing half-written is left.
    """
    say("Reading the block model", 0, 1)
    model = read_blocks(blocks)
    rows = value_rows(model, source.config.mine, source.config.value.grades)
    pit = find_pit_of(source, model, rows, say)
    stopes = _stopes(source, model, rows, say)
    summary = summarise(source, rows, pit, stopes)
    files = [] if pit is None else write_pit(pit, source, out)
    files += [] if stopes is None else write_stopes(stopes, source, out)
    return Dug(source, pit, stopes, summary, files)


def find_pit_of(
    source: MineStudy, model: BlockModel, rows: ValuedRows, say: Say = lambda *_: None
) -> PitResult | None:
    """Find the pit of a study, if it is asked for and everything it needs is stated.

    Parameters
    ----------
    source : MineStudy
        A sound study.
    model : BlockModel
        Its blocks.
    rows : ValuedRows
        What of them may be ore.
    say : callable
        Called with (what is being done, done, in all).

    Returns
    -------
    PitResult or None
    """
    config, ground = source.config, source.ground()
    if config.pit is None or ground is None or source.missing_for_pit:
        return None
    say("Finding the pit and its shells", 0, 1)
    prepared = prepare_pit(source, model, rows, ground)
    precedence = precedence_of(prepared.rock, config.pit, domain_names(model))
    answer = find_pit(prepared, precedence, config.pit.revenue_factors)
    say("Cutting the pit into pushbacks", 0, 1)
    return gather_pit(prepared, precedence, answer, config)


def stoping_of(source: MineStudy, model: BlockModel, rows: ValuedRows) -> Stoping | None:
    """Return what the stopes of a study are found from, if all that they need is stated.

    Parameters
    ----------
    source : MineStudy
        A sound study.
    model : BlockModel
        Its blocks.
    rows : ValuedRows
        What of them may be ore.

    Returns
    -------
    Stoping or None
    """
    if source.config.stopes is None or source.missing_for_stopes:
        return None
    terms = None if source.unpriced else source.terms
    return prepare(model, rows, source.config, terms, (source.ground(), source.excluded()))


def _stopes(
    source: MineStudy, model: BlockModel, rows: ValuedRows, say: Say
) -> StopesResult | None:
    """Find the stopes, if they are asked for and everything they need is stated."""
    stoping = stoping_of(source, model, rows)
    if stoping is None:
        return None
    return gather(stoping, find_stopes(stoping, say), rows, source.config.mine, say)
