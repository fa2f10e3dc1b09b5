"""What would a drillhole campaign have seen of the SYNTHETIC deposit?

A sample is the tonnage-weighted mean of points 0.1 m apart along the hole, each the cell's true
part plus its micro-structure, times an error of sampling and assay of mean one.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from deposits.evidence.density import ore_density
from deposits.synthetic import mixture
from deposits.synthetic.design import STEP_M, Campaign
from deposits.synthetic.gaussian import micro_structure
from deposits.synthetic.paths import plan_holes, trace
from deposits.synthetic.shape import BRECCIA, JASPEROID, ROCKS
from deposits.synthetic.truth import TrueDeposit

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

#: Spread of the low grades of wall rock and fault zones about their mean [ln].
WALL_LOG_SD = 0.8


@dataclass(frozen=True, slots=True, eq=False)
class SyntheticTables:
    """What a SYNTHETIC campaign leaves: every row has ``synthetic`` true.

    Parameters
    ----------
    collars : DataFrame
        ``hole_id, easting, northing, elevation, depth_m`` [m].
    surveys : DataFrame
        ``hole_id, depth_m, azimuth_deg, dip_deg`` (negative down).
    assays : DataFrame
        ``hole_id, from_m, to_m``, elements as a laboratory prints them (texts, "<0.01" below
        detection), ``density_t_per_m3``.
    lithology : DataFrame
        ``hole_id, from_m, to_m, code``.
    exact : DataFrame
        Not for a study: ``hole_id, from_m, to_m`` and the grades before error and rounding, the
        coordinates of the middle and the density.
    """

    collars: pd.DataFrame
    surveys: pd.DataFrame
    assays: pd.DataFrame
    lithology: pd.DataFrame
    exact: pd.DataFrame


@dataclass(frozen=True, slots=True, eq=False)
class _Seen:
    """What stands along one hole, step by step."""

    rock: IntArray
    held: dict[str, FloatArray]
    logged: IntArray


def drill(deposit: TrueDeposit, campaign: Campaign) -> SyntheticTables:
    """Drill the SYNTHETIC deposit.

    Parameters
    ----------
    deposit : TrueDeposit
        With its true field.
    campaign : Campaign
        Pattern and sampling.

    Returns
    -------
    SyntheticTables
        Holes are SYN-001, SYN-002 and so on.
    """
    paths = plan_holes(deposit.shape, campaign)
    tables: dict[str, list[pd.DataFrame]] = {"assays": [], "lithology": [], "exact": []}
    for number, path in enumerate(paths, start=1):
        random = np.random.default_rng([deposit.design.seed, campaign.seed, 4, number])
        seen = _see(deposit, trace(path), random)
        ends = _sample_ends(seen, campaign, random)
        exact = _exact(seen, ends, trace(path))
        tables["exact"].append(exact.assign(hole_id=path.hole_id))
        tables["assays"].append(
            _report(deposit, campaign, exact, random).assign(hole_id=path.hole_id)
        )
        tables["lithology"].append(_log(seen).assign(hole_id=path.hole_id))
    joined = {name: _in_order(pd.concat(rows, ignore_index=True)) for name, rows in tables.items()}
    return SyntheticTables(
        _in_order(pd.DataFrame([path.collar() for path in paths])),
        _in_order(pd.concat([path.survey_table() for path in paths], ignore_index=True)),
        **joined,
    )


def _in_order(table: pd.DataFrame) -> pd.DataFrame:
    """Put the hole first and the warning last."""
    others = [name for name in table.columns if name != "hole_id"]
    return table[["hole_id", *others]].assign(synthetic=True)


def _see(deposit: TrueDeposit, points: FloatArray, random: np.random.Generator) -> _Seen:
    """Look at the true point field along a hole, at the middles of the steps."""
    middles = 0.5 * (points[1:] + points[:-1])
    local = deposit.shape.to_local(middles)
    cell = deposit.cell_of(local)
    rock = deposit.rock(local, cell)
    design, n = deposit.design, len(middles)
    steps = design.micro_length_m / STEP_M
    share = design.cell_share

    def whole(known: FloatArray, part: float) -> FloatArray:
        micro = micro_structure(n, steps, random)
        return math.sqrt(part) * known[cell] + math.sqrt(1.0 - part) * micro

    x = deposit.fields.level[cell] + math.sqrt(1.0 - share) * micro_structure(n, steps, random)
    sb = mixture.point_grade(
        design.populations, x, whole(deposit.fields.grade, mixture.GRADE_CELL_SHARE)
    )
    density = ore_density(sb, design.host_density_t_per_m3)
    held = {"density_t_per_m3": density, "sb_pct": sb * density}
    for companion, known in zip(design.companions, deposit.fields.companions, strict=True):
        own = whole(known, share)
        held[companion.column] = mixture.companion_grade(companion, x, own) * density
    ore = (rock == JASPEROID) | (rock == BRECCIA)
    walls = deposit.mass(cell, rock)
    scatter = np.exp(WALL_LOG_SD * micro_structure(n, steps, random) - 0.5 * WALL_LOG_SD**2)
    walls = {name: m if name == "density_t_per_m3" else m * scatter for name, m in walls.items()}
    held = {name: np.where(ore, mass, walls[name]) for name, mass in held.items()}
    return _Seen(rock, held, _smooth(rock))


def _smooth(rock: IntArray) -> IntArray:
    """Log rock as a geologist does: no run shorter than 0.5 m stands by itself."""
    logged = rock.copy()
    starts = _run_starts(logged)
    for start, end in zip(starts, [*starts[1:], len(rock)], strict=True):
        if start > 0 and (end - start) * STEP_M < 0.5:
            logged[start:end] = logged[start - 1]
    return logged


def _run_starts(code: IntArray) -> list[int]:
    """Positions where a new run of one code begins."""
    return [0, *(np.flatnonzero(np.diff(code)) + 1).tolist()]


def _log(seen: _Seen) -> pd.DataFrame:
    """Write the lithology log; intervals meet without gaps."""
    starts = _run_starts(seen.logged)
    ends = [*starts[1:], len(seen.logged)]
    return pd.DataFrame(
        {
            "from_m": _metres(starts),
            "to_m": _metres(ends),
            "code": [ROCKS[seen.logged[start]] for start in starts],
        }
    )


def _metres(steps: list[int]) -> FloatArray:
    """Depths of step boundaries [m]."""
    return np.round(np.asarray(steps) * STEP_M, 1)


def _sample_ends(
    seen: _Seen, campaign: Campaign, random: np.random.Generator
) -> list[tuple[int, int]]:
    """Cut the sampled part of a hole into samples that cross no logged contact."""
    ore = np.flatnonzero((seen.rock == JASPEROID) | (seen.rock == BRECCIA))
    if not ore.size:
        return []
    wall = round(campaign.sampled_wall_m / STEP_M)
    first, last = max(0, ore[0] - wall), min(len(seen.rock), ore[-1] + 1 + wall)
    starts = _run_starts(seen.logged)
    samples: list[tuple[int, int]] = []
    for start, end in zip(starts, [*starts[1:], len(seen.rock)], strict=True):
        low, high = max(start, first), min(end, last)
        long_barren = seen.logged[start] == JASPEROID and (end - start) * STEP_M > 2.0
        skipped = random.random() < campaign.unsampled_share and long_barren
        if high > low and not skipped:
            samples += _cut(low, high, campaign, random)
    return samples


def _cut(
    low: int, high: int, campaign: Campaign, random: np.random.Generator
) -> list[tuple[int, int]]:
    """Cut one run into samples of irregular length."""
    least, usual, most = (round(length / STEP_M) for length in campaign.lengths_m)
    cuts = [low]
    while (left := high - cuts[-1]) > most:
        usually = random.random() < 0.6
        length = usual if usually else int(random.integers(least, most, endpoint=True))
        # No sliver is left at the contact.
        cuts.append(cuts[-1] + min(length, left - least))
    return list(zip(cuts, [*cuts[1:], high], strict=True))


def _exact(seen: _Seen, ends: list[tuple[int, int]], points: FloatArray) -> pd.DataFrame:
    """Average the point field over samples, by mass."""
    starts = [start for start, _ in ends]
    stops = [stop for _, stop in ends]
    total = {name: np.concatenate([[0.0], np.cumsum(mass)]) for name, mass in seen.held.items()}
    mass = {name: sums[stops] - sums[starts] for name, sums in total.items()}
    weight = mass.pop("density_t_per_m3")
    middle = [points[(a + b) // 2] + points[(a + b + 1) // 2] for a, b in ends]
    where = 0.5 * np.asarray(middle).reshape(-1, 3).T
    return pd.DataFrame(
        {
            "from_m": _metres(starts),
            "to_m": _metres(stops),
            **{name: value / weight for name, value in mass.items()},
            "density_t_per_m3": weight / (np.asarray(stops) - np.asarray(starts)),
            **dict(zip(("easting", "northing", "elevation"), where, strict=True)),
        }
    )


def _report(
    deposit: TrueDeposit, campaign: Campaign, exact: pd.DataFrame, random: np.random.Generator
) -> pd.DataFrame:
    """Print the samples as a laboratory would: with error, digits and detection limits."""
    printed = exact[["from_m", "to_m"]].copy()
    known = {"sb_pct": (campaign.sb_detection_limit_pct, 3)}
    known |= {c.column: (c.detection_limit, c.decimals) for c in deposit.design.companions}
    sigma = math.sqrt(math.log1p(campaign.relative_error**2))
    for name, (limit, decimals) in known.items():
        error = np.exp(sigma * random.standard_normal(len(exact)) - 0.5 * sigma**2)
        found = exact[name].to_numpy() * error
        printed[name] = [
            f"<{limit:g}" if value < limit else f"{value:.{decimals}f}" for value in found
        ]
    noise = 0.01 * random.standard_normal(len(exact))
    printed["density_t_per_m3"] = np.round(exact["density_t_per_m3"].to_numpy() + noise, 2)
    return printed
