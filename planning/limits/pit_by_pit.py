"""What does each shell add, and what is its pit worth if it is dug well, badly or as planned?

Every block has its worth, but not its date: that comes with the order of digging. Three orders::

    best        shell after shell from the innermost, each bench by bench from the top
    specified   the benches of pushbacks in their own order (`planning.limits.pushbacks`)
    worst       the whole pit bench by bench from the top

Rock moves at the mine's rate and ore at the plant's: a year ends when the first is reached. A bench
of a shell (or pushback) is dug evenly, ore and waste together. Blocks are not chosen within it and
nothing is stockpiled. Usually best >= specified >= worst. That is no law: an inner shell is worth
more per tonne than the next only on the whole, and a plan may beat both; `PitByPit` counts where
the worst case beats the best.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from deposits.display import Fact, as_html, as_text
from deposits.errors import DataError, Problem
from planning.economics.discounting import discount_factors
from planning.limits.answers import NestedShells
from planning.limits.pit_blocks import METAL_UNITS, MOST_YEARS, MineRates, PitBlocks
from planning.limits.pushback_plan import Pushbacks

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
#: Part of a year's rate below which the year is full.
FULL = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class DiggingCase:
    """A pit dug in one order at given rates.

    Parameters
    ----------
    name : str
        "best", "worst" or "specified".
    rates : MineRates
        How fast, and how money is discounted.
    years : DataFrame
        One row a year: ``year`` from 1, ``rock_t, ore_t, waste_t``, mean grades of ore with a known
        grade, metal in it, ``value_usd, discount_factor, discounted_usd``.
    life_years : float
        Time until the last tonne, the last year counted as far as it is used [years].
    npv_usd : float
        Sum of discounted values [USD].
    """

    name: str
    rates: MineRates
    years: pd.DataFrame
    life_years: float
    npv_usd: float

    def facts(self) -> list[Fact]:
        """List what a reader wants to know first."""
        return [
            Fact("Case", self.name),
            Fact("Life", f"{self.life_years:.1f} years"),
            Fact("Rock", float(self.years["rock_t"].sum()), "t"),
            Fact("Ore", float(self.years["ore_t"].sum()), "t"),
            Fact("Undiscounted", float(self.years["value_usd"].sum()), "USD"),
            Fact("Net present value", self.npv_usd, "USD"),
            Fact("Discount rate", f"{self.rates.discount_rate:.4g} ({self.rates.discounting})"),
        ]

    def __str__(self) -> str:
        """Facts as plain text."""
        return as_text(f"Digging, {self.name} case", self.facts())

    def _repr_html_(self) -> str:
        """Facts as HTML."""
        return as_html(f"Digging, {self.name} case", self.facts())


@dataclass(frozen=True, slots=True, eq=False)
class PitByPit:
    """All nested pits, one row each.

    Parameters
    ----------
    rates : MineRates
        How fast, and how money is discounted.
    table : DataFrame
        One row a shell, cumulative: ``shell`` from 0, ``factor``, what `PitBlocks.totals` tells of
        the pit, ``best_npv_usd, worst_npv_usd, best_years, worst_years``.
    """

    rates: MineRates
    table: pd.DataFrame

    def facts(self) -> list[Fact]:
        """List what a reader wants to know first."""
        table = self.table
        facts = [Fact("Shells", f"{len(table):,}")]
        for column, words in (
            ("value_usd", "Most valuable, undiscounted"),
            ("best_npv_usd", "Most valuable, best case"),
            ("worst_npv_usd", "Most valuable, worst case"),
        ):
            if len(table):
                row = table.iloc[int(np.argmax(table[column].to_numpy()))]
                facts.append(Fact(words, f"factor {row['factor']:g}: {row[column]:,.0f} USD"))
        beaten = int((table["worst_npv_usd"] > table["best_npv_usd"]).sum()) if len(table) else 0
        return [*facts, Fact("Shells whose worst case beats the best", f"{beaten:,}")]

    def __str__(self) -> str:
        """Facts as plain text."""
        return as_text("Pit by pit", self.facts())

    def _repr_html_(self) -> str:
        """Facts as HTML."""
        return as_html("Pit by pit", self.facts())


def pit_by_pit(shells: NestedShells, blocks: PitBlocks, rates: MineRates) -> PitByPit:
    """Tabulate nested pits with their best and worst case.

    Parameters
    ----------
    shells : NestedShells
        Pits of k rising factors.
    blocks : PitBlocks
        Rock, ore, grades and worth of every block, at one set of prices.
    rates : MineRates
        How fast, and how money is discounted.

    Returns
    -------
    PitByPit
        k rows; a shell that adds nothing repeats the one before it.

    Raises
    ------
    DataError
        If shells and blocks are not of one model, or the rates would take thousands of years.
    """
    _check(shells, blocks, rates)
    k, nz = len(shells.factors), blocks.grid.shape[2]
    level = np.arange(shells.n_blocks) // (blocks.grid.shape[0] * blocks.grid.shape[1])
    cell = shells.shell.astype(np.int64) * nz + level
    parts = _amounts(blocks, cell, k * nz + nz)[: k * nz].reshape(k, nz, -1)[:, ::-1]
    best = _dig(parts.reshape(k * nz, -1), rates)
    discounted = best.discounted(rates).reshape(k, nz).sum(axis=1)
    rows = []
    for number in range(k):
        worst = _dig(parts[: number + 1].sum(axis=0), rates)
        rows.append(
            {
                "shell": number,
                "factor": float(shells.factors[number]),
                **blocks.totals(shells.pit(number)),
                "best_npv_usd": float(discounted[: number + 1].sum()),
                "worst_npv_usd": float(worst.discounted(rates).sum()),
                "best_years": float(best.finished[(number + 1) * nz - 1]),
                "worst_years": float(worst.finished[-1]),
            }
        )
    return PitByPit(rates, pd.DataFrame(rows))


def best_case(shells: NestedShells, blocks: PitBlocks, rates: MineRates, last: int) -> DiggingCase:
    """Dig shell after shell, each bench by bench.

    Parameters
    ----------
    shells : NestedShells
        Nested pits.
    blocks : PitBlocks
        Rock, ore, grades and worth of every block.
    rates : MineRates
        How fast, and how money is discounted.
    last : int
        Number of the shell that is dug in the end.

    Returns
    -------
    DiggingCase
    """
    _check(shells, blocks, rates)
    return _case("best", _by_bench(blocks, shells.shell.astype(np.int64), last + 1), blocks, rates)


def worst_case(shells: NestedShells, blocks: PitBlocks, rates: MineRates, last: int) -> DiggingCase:
    """Dig a whole pit bench by bench.

    Parameters
    ----------
    shells : NestedShells
        Nested pits.
    blocks : PitBlocks
        Rock, ore, grades and worth of every block.
    rates : MineRates
        How fast, and how money is discounted.
    last : int
        Number of the shell that is dug.

    Returns
    -------
    DiggingCase
    """
    _check(shells, blocks, rates)
    outside = (shells.shell > last).astype(np.int64)
    return _case("worst", _by_bench(blocks, outside, 1), blocks, rates)


def specified_case(pushbacks: Pushbacks, blocks: PitBlocks, rates: MineRates) -> DiggingCase:
    """Dig the benches of pushbacks in their own order.

    Parameters
    ----------
    pushbacks : Pushbacks
        The pit cut up.
    blocks : PitBlocks
        Rock, ore, grades and worth of every block.
    rates : MineRates
        How fast, and how money is discounted.

    Returns
    -------
    DiggingCase
    """
    _check(pushbacks, blocks, rates)
    count, nz = pushbacks.count, blocks.grid.shape[2]
    group = np.where(pushbacks.number > 0, pushbacks.number.astype(np.int64) - 1, count)
    parts = _by_bench(blocks, group, count)
    steps = pushbacks.sequence
    # Parcels stand by pushback and from the top bench down.
    order = (steps["pushback"].to_numpy() - 1) * nz + (nz - 1 - steps["bench"].to_numpy())
    return _case("specified", parts[order], blocks, rates)


def _check(made: NestedShells | Pushbacks, blocks: PitBlocks, rates: MineRates) -> None:
    """Refuse arrays of different models and rates that are slips of the pen."""
    n = made.n_blocks if isinstance(made, NestedShells) else len(made.number)
    problems = []
    if n != blocks.grid.n_blocks:
        found = f"{n} and {blocks.grid.n_blocks} blocks"
        problems.append(Problem("pits and blocks are not of one model", "pit by pit", found))
    years = max(
        float(blocks.rock_t.sum()) / rates.rock_t_per_year,
        float(blocks.ore_t.sum()) / rates.ore_t_per_year,
    )
    if years > MOST_YEARS:
        found, allowed = f"{years:,.0f} years for the whole model", f"at most {MOST_YEARS} years"
        remedy = "Look at the unit of the rates: t a year."
        problems.append(Problem("digging takes too long", "mine rates", found, allowed, remedy))
    if problems:
        raise DataError(problems)


def _columns(blocks: PitBlocks) -> list[FloatArray]:
    """Return what is added up of every block: rock, ore, worth, then known ore and metal."""
    columns = [blocks.rock_t, blocks.ore_t, blocks.value_usd]
    for grade in blocks.grades.values():
        known = np.isfinite(grade)
        columns.append(np.where(known, blocks.ore_t, 0.0))
        columns.append(np.where(known, blocks.ore_t * np.where(known, grade, 0.0), 0.0))
    return columns


def _amounts(blocks: PitBlocks, cell: IntArray, n_cells: int) -> FloatArray:
    """Add every column up by cell, shape (n_cells, columns)."""
    return np.column_stack([_sums(cell, column, n_cells) for column in _columns(blocks)])


def _sums(place: IntArray, weights: FloatArray, n_places: int) -> FloatArray:
    """Add weights up by place, shape (n_places,)."""
    return np.bincount(place, weights=weights, minlength=n_places).astype(np.float64)


def _by_bench(blocks: PitBlocks, group: IntArray, n_groups: int) -> FloatArray:
    """Return parcels by group and from the top bench down; blocks of later groups stay."""
    nx, ny, nz = blocks.grid.shape
    level = np.arange(len(group)) // (nx * ny)
    cell = np.minimum(group, n_groups) * nz + (nz - 1 - level)
    return _amounts(blocks, cell, (n_groups + 1) * nz)[: n_groups * nz]


@dataclass(frozen=True, slots=True, eq=False)
class _Slices:
    """Which share of which parcel is dug in which year (from 0), and when each is finished."""

    parcels: FloatArray
    parcel: IntArray
    year: IntArray
    share: FloatArray
    finished: FloatArray

    def discounted(self, rates: MineRates) -> FloatArray:
        """Return the discounted worth of each parcel [USD]."""
        years = int(self.year.max(initial=0)) + 1
        factors = discount_factors(rates.discount_rate, years, rates.discounting)
        worth = self.share * factors[self.year] * self.parcels[self.parcel, 2]
        return _sums(self.parcel, worth, len(self.parcels))


def _dig(parcels: FloatArray, rates: MineRates) -> _Slices:
    """Dig parcels one after another; a year ends when rock or ore reaches its rate."""
    rock_rate, ore_rate = rates.rock_t_per_year, rates.ore_t_per_year
    slices: list[tuple[int, int, float]] = []
    finished = np.zeros(len(parcels))
    year, rock_left, ore_left = 0, 1.0, 1.0  # shares of the year's rates
    for number, (rock_t, ore_t) in enumerate(parcels[:, :2].tolist()):
        rock, ore, left = rock_t / rock_rate, ore_t / ore_rate, 1.0
        while left > 0.0:
            if (rock > 0.0 and rock_left <= FULL) or (ore > 0.0 and ore_left <= FULL):
                year, rock_left, ore_left = year + 1, 1.0, 1.0
            share = left
            if rock * share > rock_left:
                share = rock_left / rock
            if ore * share > ore_left:
                share = ore_left / ore
            slices.append((number, year, share))
            rock_left, ore_left = rock_left - rock * share, ore_left - ore * share
            left = left - share if share < left else 0.0
        finished[number] = year + 1.0 - min(rock_left, ore_left)
    parcel, years, share_of = zip(*slices, strict=True) if slices else ((), (), ())
    return _Slices(
        parcels,
        np.array(parcel, dtype=np.int64),
        np.array(years, dtype=np.int64),
        np.array(share_of, dtype=np.float64),
        finished,
    )


def _case(name: str, parcels: FloatArray, blocks: PitBlocks, rates: MineRates) -> DiggingCase:
    """Dig parcels and tabulate the years."""
    dug = _dig(parcels, rates)
    n_years = int(dug.year.max(initial=-1)) + 1
    sums = [_sums(dug.year, dug.share * column[dug.parcel], n_years) for column in parcels.T]
    years: dict[str, FloatArray | IntArray] = {"year": np.arange(1, n_years + 1)}
    years |= {"rock_t": sums[0], "ore_t": sums[1], "waste_t": sums[0] - sums[1]}
    years |= _grades(blocks.grades, sums[3:])
    factors = discount_factors(rates.discount_rate, n_years, rates.discounting)
    flows = {"value_usd": sums[2], "discount_factor": factors, "discounted_usd": sums[2] * factors}
    life = float(dug.finished[-1]) if len(parcels) else 0.0
    table = pd.DataFrame(years | flows)
    return DiggingCase(name, rates, table, life, float(flows["discounted_usd"].sum()))


def _grades(grades: Mapping[str, FloatArray], sums: list[FloatArray]) -> dict[str, FloatArray]:
    """Return mean grades and metal of each year from known ore and ore times grade."""
    found = {}
    for name, known, amount in zip(grades, sums[::2], sums[1::2], strict=True):
        stem, unit = name.rsplit("_", 1)
        factor, metal = METAL_UNITS[unit]
        found[name] = np.divide(amount, known, out=np.full_like(amount, np.nan), where=known > 0.0)
        found[f"{stem}_{metal}"] = amount * factor
    return found
