"""What do the pit, its shells and its pushbacks come to, and does a check confirm them?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from deposits.grid import Grid
from planning.economics.block_nsr import block_return
from planning.economics.lane import LanePolicy
from planning.economics.lane_blocks import policy_of_blocks
from planning.economics.nsr import known
from planning.limits.bench_width import widest_bench_m
from planning.limits.pit_blocks import MineRates, PitBlocks
from planning.limits.pit_by_pit import DiggingCase, PitByPit, pit_by_pit, specified_case
from planning.limits.precedence import ConePrecedence
from planning.limits.pushback_plan import PushbackRules, Pushbacks
from planning.limits.pushbacks import make_pushbacks, pushback_table
from planning.limits.slope_fit import SlopeFit, slope_fit
from planning.mine.config import MineConfig, PitTable
from planning.mine.open_pit import PitAnswer, PitRock
from planning.mine.rejection import Rejection, rejections
from planning.mine.slopes import levels_of, slope_zones
from planning.verification.pushbacks import verify_pushbacks

BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class PitResult:
    """The pit, what it holds, and how it may be dug.

    Parameters
    ----------
    prepared : PitRock
        Rock, costs and returns.
    precedence : ConePrecedence
        Slopes, block by block.
    answer : PitAnswer
        Pit and shells with their proof.
    blocks : PitBlocks
        Rock, ore and worth of every block at the study's prices.
    shells : PitByPit, optional
        Shells one by one; None where no discount rate is stated.
    pushbacks : Pushbacks
        The pit cut up.
    plan : DiggingCase, optional
        The pushbacks dug in their order; None where no discount rate is stated.
    slopes : SlopeFit
        How near whole blocks come to the stated slopes.
    asked : PitTable
        Pushbacks and width that were asked for.
    rejected : tuple of Rejection
        What a buyer would refuse of the pit's ore, one an element with a limit.
    policy : LanePolicy, optional
        Lane's cut-offs over the life of the pit; None where a limit or a rate is not stated.
    faults : tuple of str
        What independent checks found wrong; () when all holds.
    """

    prepared: PitRock
    precedence: ConePrecedence
    answer: PitAnswer
    blocks: PitBlocks
    shells: PitByPit | None
    pushbacks: Pushbacks
    plan: DiggingCase | None
    slopes: SlopeFit
    asked: PitTable
    rejected: tuple[Rejection, ...]
    policy: LanePolicy | None
    faults: tuple[str, ...]

    @property
    def grid(self) -> Grid:
        """Grid of the pit's rock."""
        return self.prepared.rock.grid

    @property
    def dug(self) -> BoolArray:
        """Rock of the pit, without the air above it, shape (n_blocks,)."""
        found: BoolArray = self.answer.pit.mined & (self.blocks.rock_t > 0.0)
        return found

    def totals(self, blocks: BoolArray) -> dict[str, float]:
        """Add up rock, ore, grades, metal and worth of some blocks, classes of the ore apart.

        Rock of no class within ore is host rock that dilutes it.
        """
        found = self.blocks.totals(blocks)
        ore = blocks & (self.blocks.ore_t > 0.0)
        share = self.prepared.recovery
        for name, tonnes in self.prepared.rock.classes.items():
            found[f"class_{name.lower()}_t"] = share * float(tonnes[ore].sum())
        told = sum(value for key, value in found.items() if key.startswith("class_"))
        found["class_none_t"] = max(found["ore_t"] - told, 0.0)
        return found

    @property
    def shell_table(self) -> pd.DataFrame:
        """One row a shell, cumulative."""
        if self.shells is not None:
            return self.shells.table
        shells = self.answer.shells
        rows = [
            {"shell": n, "factor": float(f), **self.blocks.totals(shells.pit(n))}
            for n, f in enumerate(shells.factors)
        ]
        return pd.DataFrame(rows)

    @property
    def pushback_table(self) -> pd.DataFrame:
        """One row a pushback: what it alone holds, its classes, and what its width did."""
        table = pushback_table(self.pushbacks, self.blocks)
        held = [self.totals(self.pushbacks.number == number) for number in table["number"]]
        names = [key for row in held[:1] for key in row if key.startswith("class_")]
        return table.assign(**{name: [row[name] for row in held] for name in names})

    @property
    def bench_table(self) -> pd.DataFrame:
        """One row a bench of the pit, from the top: rock, ore, grades, metal and worth."""
        nx, ny, _ = self.grid.shape
        rows = []
        for level in np.unique(np.flatnonzero(self.dug) // (nx * ny))[::-1]:
            bench = np.zeros(self.grid.n_blocks, dtype=np.bool_)
            bench[level * nx * ny : (level + 1) * nx * ny] = True
            floor = self.grid.origin_m[2] + level * self.grid.size_m[2]
            rows.append({"elevation_m": float(floor), **self.totals(bench & self.dug)})
        return pd.DataFrame(rows)

    def crests(self) -> list[tuple[dict[str, Any], BoolArray]]:
        """Return what maps say of the pit and its pushbacks, with their rock."""
        found = [(self._crest("Ultimate pit", "ultimate pit", 0, 1.0, self.dug), self.dug)]
        for number in range(1, self.pushbacks.count + 1):
            rock = self.pushbacks.pit(number) & (self.blocks.rock_t > 0.0)
            factor = float(self.pushbacks.factors[number - 1])
            found.append(
                (self._crest(f"Pushback {number}", "pushback", number, factor, rock), rock)
            )
        return found

    def _crest(
        self, name: str, kind: str, number: int, factor: float, rock: BoolArray
    ) -> dict[str, Any]:
        held = self.blocks.totals(rock)
        kept = {key: held[key] for key in ("rock_t", "ore_t", "strip_ratio")}
        return {"name": name, "kind": kind, "number": number, "factor": factor, **kept}


def gather_pit(
    prepared: PitRock, precedence: ConePrecedence, answer: PitAnswer, config: MineConfig
) -> PitResult:
    """Work out what pit, shells and pushbacks hold, and check them without the solver.

    Parameters
    ----------
    prepared : PitRock
        Rock, costs and returns.
    precedence : ConePrecedence
        Slopes.
    answer : PitAnswer
        Pit and shells.
    config : MineConfig
        With a table ``[pit]``.

    Returns
    -------
    PitResult
    """
    pit = config.pit
    assert pit is not None
    rock = prepared.rock
    ore = np.where(prepared.ore(), prepared.recovery * rock.tonnes, 0.0)
    blocks = PitBlocks(
        grid=rock.grid,
        rock_t=rock.tonnes,
        ore_t=ore,
        value_usd=prepared.values_usd(),
        grades=dict(rock.grades),
    )
    pushed = _cut(answer, blocks, precedence, pit)
    check = verify_pushbacks(pushed, blocks, precedence)
    rates = _rates(config, prepared)
    return PitResult(
        prepared,
        precedence,
        answer,
        blocks,
        None if rates is None else pit_by_pit(answer.shells, blocks, rates),
        pushed,
        None if rates is None else specified_case(pushed, blocks, rates),
        slope_fit(rock.grid, slope_zones(pit), levels_of(pit, rock)),
        pit,
        _rejected(prepared, answer, blocks),
        _policy(prepared, answer, blocks, config),
        (*answer.faults, *map(str, check.violations)),
    )


def _cut(
    answer: PitAnswer, blocks: PitBlocks, precedence: ConePrecedence, pit: PitTable
) -> Pushbacks:
    """Cut the pit into pushbacks; a pit that is nowhere wide enough is one, whatever its width."""
    dug = answer.shells.pit(answer.shells.factors.tolist().index(1.0))
    wide = widest_bench_m(dug & (blocks.rock_t > 0.0), blocks.grid) >= pit.least_width_m
    rules = PushbackRules(
        count=pit.pushbacks if wide else 1,
        least_width_m=pit.least_width_m if wide else 0.0,
        most_narrow_share=pit.most_narrow_share,
        least_lag=pit.bench_lag,
        most_lag=pit.most_bench_lag,
    )
    return make_pushbacks(answer.shells, blocks, precedence, rules)


def _rates(config: MineConfig, prepared: PitRock) -> MineRates | None:
    """Return how fast the pit is dug; None while no discount rate is stated."""
    rate = prepared.terms.base.discount_rate
    if rate is None or config.pit is None:
        return None
    return MineRates(
        rock_t_per_year=config.pit.rock_t_per_year.base,
        ore_t_per_year=config.mine.throughput_t_per_year.base,
        discount_rate=float(known(rate)),
        discounting=config.economics.discounting,
    )


def _rejected(prepared: PitRock, answer: PitAnswer, blocks: PitBlocks) -> tuple[Rejection, ...]:
    """Return what a buyer would refuse of the pit's ore."""
    ore = np.flatnonzero(answer.pit.mined & (blocks.ore_t > 0.0))
    grades = {name: grade[ore] for name, grade in prepared.rock.grades.items()}
    return rejections(grades, blocks.ore_t[ore], prepared.terms)


def _policy(
    prepared: PitRock, answer: PitAnswer, blocks: PitBlocks, config: MineConfig
) -> LanePolicy | None:
    """Return Lane's policy for the rock of the pit, where the study states its limits."""
    terms = prepared.terms
    rock = np.flatnonzero(answer.pit.mined & (blocks.rock_t > 0.0))
    if config.value.lane is None or terms.needed.get("lane") or not rock.size:
        return None
    grades = {name: grade[rock] for name, grade in prepared.rock.grades.items()}
    tonnes = blocks.rock_t[rock]
    cost = float(prepared.dig_usd[rock].sum() / tonnes.sum())
    sb_pct = grades[terms.fields["sb"]]
    return policy_of_blocks(block_return(grades, terms), sb_pct, tonnes, cost, terms)
