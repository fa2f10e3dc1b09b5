"""Which block, search and discretisation does the kriging ask for?

Kriging neighbourhood analysis (Vann, Jackson and Bertoli, 2003, Quantitative kriging neighbourhood
analysis for the mining geologist, AusIMM Fifth International Mining Geology Conference): one choice
varies while the others stay. What comes out is a suggestion, no verdict.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.spatial import cKDTree

from deposits.errors import DataError, Problem
from deposits.estimation.block_variance import block_variance
from deposits.estimation.covariance import Covariance
from deposits.estimation.kriging import krige
from deposits.estimation.kriging_targets import Targets
from deposits.estimation.samples import Samples
from deposits.estimation.search import Search
from deposits.grid import Grid
from deposits.orientation import Ellipsoid

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
Triple = tuple[float, float, float]
Counts = tuple[int, int, int]
#: Most blocks looked at when test blocks are chosen; of more, evenly spread ones are taken.
CANDIDATES = 20_000
COLUMNS = (
    "varied",
    "option",
    "blocks",
    "n",
    "n_estimated",
    "slope",
    "efficiency",
    "negative_weight_share",
    "share_of_blocks_with_negative_weights",
    "variance",
    "block_variance",
    "n_samples",
)


@dataclass(frozen=True, slots=True)
class Choice:
    """Block, search and discretisation that are kept while one of them varies.

    Parameters
    ----------
    block_size_m : tuple = (dx, dy, dz)
        [m]
    search : Search
    discretisation : tuple = (nx, ny, nz)
    """

    block_size_m: Triple
    search: Search
    discretisation: Counts = (4, 4, 2)


@dataclass(frozen=True, slots=True)
class Options:
    """What is tried of each; nothing of an empty tuple.

    Parameters
    ----------
    block_sizes_m : tuple of (dx, dy, dz)
        [m]
    most_samples : tuple of int
    search_factors : tuple of float
        Multiples of the search ellipsoid.
    discretisations : tuple of (nx, ny, nz)
    """

    block_sizes_m: tuple[Triple, ...] = ()
    most_samples: tuple[int, ...] = (8, 12, 16, 24, 32, 48)
    search_factors: tuple[float, ...] = ()
    discretisations: tuple[Counts, ...] = ((1, 1, 1), (2, 2, 2), (3, 3, 3), (4, 4, 4))


@dataclass(frozen=True, slots=True, eq=False)
class TestBlocks:
    """Blocks to try on, by how well samples inform them.

    Parameters
    ----------
    centres : array, shape (n, 3)
        Easting, northing, elevation [m].
    group : array of str, shape (n,)
        "well informed" or "poorly informed".
    azimuth_deg : float
        Of the grid [degrees].
    """

    #: Not a test case, whatever its name suggests to a test runner.
    __test__ = False

    centres: FloatArray
    group: NDArray[np.str_]
    azimuth_deg: float = 0.0


def choose_test_blocks(
    samples: Samples, grid: Grid, index: ArrayLike | None = None, count: int = 25
) -> TestBlocks:
    """Choose blocks close to samples and far from them, the same ones every time.

    Parameters
    ----------
    samples : Samples
    grid : Grid
    index : array_like of int, optional
        Numbers of the blocks of the domain; all without.
    count : int
        Most blocks of each group.

    Returns
    -------
    TestBlocks
        Blocks are ranked by the mean distance to the 8 nearest samples; the groups are spread
        evenly over the nearest fifth and the farthest fifth.

    Raises
    ------
    DataError
        If the domain has no block.
    """
    numbers = np.arange(grid.n_blocks) if index is None else np.asarray(index, dtype=np.int64)
    if numbers.size == 0:
        raise DataError([Problem("the domain has no block to analyse neighbourhoods on")])
    numbers = _spread(numbers, CANDIDATES)
    centres = grid.centres(numbers)
    near = min(8, samples.n)
    distance, _ = cKDTree(samples.points).query(centres, k=[*range(1, near + 1)])
    order = np.argsort(distance.mean(axis=1), kind="stable")
    fifth = max(1, order.size // 5)
    well = _spread(order[:fifth], count)
    poor = _spread(order[max(fifth, order.size - fifth) :], count)
    group = np.array(["well informed"] * well.size + ["poorly informed"] * poor.size)
    return TestBlocks(centres[np.concatenate([well, poor])], group, grid.azimuth_deg)


def _spread(rows: IntArray, count: int) -> IntArray:
    """At most *count* of some rows, evenly spread over them."""
    if rows.size <= count:
        return rows
    return rows[((np.arange(count) + 0.5) * rows.size / count).astype(np.int64)]


def analyse_neighbourhoods(
    samples: Samples,
    blocks: TestBlocks,
    covariance: Covariance,
    base: Choice,
    options: Options = Options(),
) -> pd.DataFrame:
    """Krige test blocks with one choice varied at a time.

    Parameters
    ----------
    samples : Samples
        Of the domain.
    blocks : TestBlocks
    covariance : Covariance
    base : Choice
        What the others keep.
    options : Options

    Returns
    -------
    pandas.DataFrame
        One row an option and group of blocks: ``varied`` ("block size", "most samples", "search
        range", "discretisation"), ``option`` (text), ``blocks`` (group or "all"), ``n``,
        ``n_estimated``, means over estimated blocks of ``slope``, ``efficiency``,
        ``negative_weight_share`` [fraction], ``variance`` (kriging variance), ``n_samples``,
        ``share_of_blocks_with_negative_weights`` [fraction], and ``block_variance`` (NaN for an
        unbounded model). NaN where no block was estimated.

    Notes
    -----
    All options are judged on the same centres.
    """
    first = Samples(samples.points, samples.values[:, 0], samples.elements[:1], samples.hole)
    known = first.take(np.isfinite(first.values[:, 0])) if first.n else first
    rows: list[dict[str, object]] = []
    for varied, option, choice in _choices(base, options):
        rows += _try(known, blocks, covariance, choice, (varied, option))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _choices(base: Choice, options: Options) -> list[tuple[str, str, Choice]]:
    """Every choice to try: what varies, to what, and all three."""
    found = [
        ("block size", _by(size, " m"), replace(base, block_size_m=size))
        for size in options.block_sizes_m
    ]
    for most in options.most_samples:
        # The fewest samples must not exceed the most.
        least, holes = min(base.search.least, most), min(base.search.least_holes, most)
        search = replace(base.search, most=most, least=least, least_holes=holes)
        found.append(("most samples", str(most), replace(base, search=search)))
    for factor in options.search_factors:
        search = replace(base.search, ellipsoid=_larger(base.search.ellipsoid, factor))
        found.append(("search range", f"{factor:g} times", replace(base, search=search)))
    return found + [
        ("discretisation", _by(counts, ""), replace(base, discretisation=counts))
        for counts in options.discretisations
    ]


def _larger(ellipsoid: Ellipsoid, factor: float) -> Ellipsoid:
    """Return an ellipsoid of the same shape."""
    return replace(
        ellipsoid,
        major_m=factor * ellipsoid.major_m,
        semi_m=factor * ellipsoid.semi_m,
        minor_m=factor * ellipsoid.minor_m,
    )


def _by(numbers: Sequence[float], unit: str) -> str:
    """Three numbers in words."""
    return " x ".join(f"{number:g}" for number in numbers) + unit


def _try(
    samples: Samples,
    blocks: TestBlocks,
    covariance: Covariance,
    choice: Choice,
    what: tuple[str, str],
) -> list[dict[str, object]]:
    """Krige the test blocks once and describe each group."""
    targets = Targets(
        points=blocks.centres,
        block_size_m=np.array(choice.block_size_m),
        discretisation=choice.discretisation,
        azimuth_deg=blocks.azimuth_deg,
    )
    found = krige(samples, targets, covariance, (choice.search,))
    whole = (
        block_variance(covariance, choice.block_size_m, choice.discretisation)
        if covariance.is_bounded and blocks.azimuth_deg == 0.0
        else _turned_variance(targets, found.variance, found.efficiency)
    )
    solved = np.isfinite(found.values[:, 0])
    rows: list[dict[str, object]] = []
    for group in ("all", "well informed", "poorly informed"):
        inside = np.ones(targets.n, bool) if group == "all" else blocks.group == group
        kept = inside & solved
        rows.append(
            {
                "varied": what[0],
                "option": what[1],
                "blocks": group,
                "n": int(inside.sum()),
                "n_estimated": int(kept.sum()),
                "slope": _mean(found.slope[kept]),
                "efficiency": _mean(found.efficiency[kept]),
                "negative_weight_share": _mean(found.negative_weight_share[kept]),
                "share_of_blocks_with_negative_weights": _mean(
                    found.negative_weight_share[kept] > 0
                ),
                "variance": _mean(found.variance[kept]),
                "block_variance": whole,
                "n_samples": _mean(found.n_samples[kept]),
            }
        )
    return rows


def _turned_variance(targets: Targets, variance: FloatArray, efficiency: FloatArray) -> float:
    """Block variance as kriging knows it, from efficiency = 1 - variance / block variance."""
    kept = np.isfinite(efficiency) & (efficiency < 1.0)
    return float(np.median(variance[kept] / (1.0 - efficiency[kept]))) if kept.any() else np.nan


def _mean(values: NDArray[np.float64] | NDArray[np.int64] | NDArray[np.bool_]) -> float:
    """Mean of finite values; NaN of none."""
    numbers = np.asarray(values, dtype=np.float64)
    numbers = numbers[np.isfinite(numbers)]
    return float(numbers.mean()) if numbers.size else float("nan")


@dataclass(frozen=True, slots=True)
class Rule:
    """When a further step gains nothing.

    Parameters
    ----------
    gain : float
        Rise of the mean slope, and of the mean efficiency, that counts as none.
    variance : float
        Relative difference of the block variance from the finest discretisation's that does.
    """

    gain: float = 0.01
    variance: float = 0.01


def suggest(table: pd.DataFrame, rule: Rule = Rule()) -> pd.DataFrame:
    """Mark where gain flattens.

    Parameters
    ----------
    table : pandas.DataFrame
        From :func:`analyse_neighbourhoods`.
    rule : Rule

    Returns
    -------
    pandas.DataFrame
        One row a thing varied: ``varied``, ``option`` (None where nothing was estimated) and
        ``reason`` in a sentence. Most samples and search range: the first option that no later
        one betters by more than *gain* in slope or efficiency. Block size: the highest slope plus
        efficiency. Discretisation: the first within *variance* of the last one's block variance.
    """
    rows = []
    for varied, part in table[table["blocks"] == "all"].groupby("varied", sort=False):
        kept = part[part["n_estimated"] > 0]
        rows.append({"varied": varied} | _suggested(str(varied), kept, rule))
    return pd.DataFrame(rows, columns=["varied", "option", "reason"])


def _suggested(varied: str, part: pd.DataFrame, rule: Rule) -> dict[str, str | None]:
    """Option and reason for one thing varied."""
    options = [str(option) for option in part["option"]]
    slope, efficiency = (part[name].to_numpy(np.float64) for name in ("slope", "efficiency"))
    whole = part["block_variance"].to_numpy(np.float64)
    if not options or not (np.isfinite(slope) & np.isfinite(efficiency) & np.isfinite(whole)).all():
        return {"option": None, "reason": "Nothing can be compared: blocks without an estimate."}
    if varied == "discretisation":
        near = np.abs(whole / whole[-1] - 1.0) <= rule.variance
        place = int(np.argmax(near))
        text = f"Block variance is within {100 * rule.variance:g} % of the last option's."
        return {"option": options[place], "reason": text}
    if varied == "block size":
        place = int(np.argmax(slope + efficiency))
        return {"option": options[place], "reason": "Highest slope and efficiency together."}
    for place in range(len(options)):
        better = np.maximum(slope[place:] - slope[place], efficiency[place:] - efficiency[place])
        if better.max() <= rule.gain:
            break
    text = f"No later option raises slope or efficiency by more than {rule.gain:g}."
    return {"option": options[place], "reason": text}
