"""Which covariance model describes these experimental variograms best, within what is possible?

One model in three dimensions is fitted to all directions at once by weighted least squares, from
several starts, always the same ones. A fit is an aid: what stands at a bound, and what the pairs
cannot tell, is said in words.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import least_squares

from deposits.errors import DataError, Problem
from deposits.estimation.covariance import Covariance, Structure, StructureKind
from deposits.estimation.variogram_rows import LagRows, lag_rows
from deposits.estimation.variography import ExperimentalVariogram
from deposits.orientation import Ellipsoid

FloatArray = NDArray[np.float64]
Bounds = tuple[float, float]
Weighting = Literal["pairs_over_distance_squared", "pairs", "cressie", "equal"]
Anisotropy = Literal["isotropic", "planar", "full"]

#: Pairs below which a lag says little (Journel and Huijbregts 1978, p. 194).
FEW_PAIRS = 30
#: Part of the way between bounds that counts as standing at one.
AT_BOUND = 1e-4


@dataclass(frozen=True, slots=True)
class FitRules:
    """What the fit may vary, and how far.

    Parameters
    ----------
    kinds : tuple of str
        One structure each, shortest first.
    orientation : tuple = (azimuth_deg, dip_deg, rake_deg)
        Axes of all structures, as for :class:`~deposits.orientation.Ellipsoid`.
    angle_window_deg : float
        How far each angle may turn to either side; 0 holds the orientation.
    anisotropy : {"isotropic", "planar", "full"}
        One range; one in the plane of the major and semi-major axes and one across; or three.
        Ratios are shared by all structures.
    nugget : tuple of float
        Bounds [grade unit squared].
    sills : tuple of tuple of float
        Bounds of each structure's sill; () for 0 and up.
    ranges_m : tuple of tuple of float
        Bounds of each structure's major range [m]; () for a quarter of the shortest distance to
        three times the longest.
    ratios : tuple of float
        Bounds of semi-major and minor over major range.
    total_sill : float, optional
        Nugget and sills add up to it exactly; not together with *sills*.
    weighting : str
        Of the squared residual of a lag: pairs over squared distance, pairs, Cressie's (1985) pairs
        over the squared model, or equal.
    starts : int
        Number of starting models.

    Raises
    ------
    ValueError
        If bounds are upside down or contradict each other.
    """

    kinds: tuple[StructureKind, ...] = ("spherical",)
    orientation: tuple[float, float, float] = (0.0, 0.0, 0.0)
    angle_window_deg: float = 0.0
    anisotropy: Anisotropy = "full"
    nugget: Bounds = (0.0, math.inf)
    sills: tuple[Bounds, ...] = ()
    ranges_m: tuple[Bounds, ...] = ()
    ratios: Bounds = (0.05, 1.0)
    total_sill: float | None = None
    weighting: Weighting = "pairs_over_distance_squared"
    starts: int = 12

    def __post_init__(self) -> None:
        """Refuse rules that no model can keep."""
        if not self.kinds:
            raise ValueError("a fit needs at least one structure")
        for name, given in (("sills", self.sills), ("ranges_m", self.ranges_m)):
            if given and len(given) != len(self.kinds):
                raise ValueError(f"{name} must have one pair of bounds for each structure")
        above_zero = (*self.ranges_m, self.ratios)
        for low, high in (self.nugget, *self.sills, *above_zero):
            if not 0 <= low <= high:
                raise ValueError(f"bounds must rise from 0 or more, given {low} to {high}")
        if any(low <= 0 or high == math.inf for low, high in above_zero):
            raise ValueError("bounds of a range or a ratio of ranges must be above 0 and finite")
        if self.total_sill is not None:
            if self.sills:
                raise ValueError("give the total sill or bounds of sills, not both")
            if not self.nugget[0] <= self.total_sill < math.inf or self.total_sill <= 0:
                raise ValueError("the total sill must be above 0 and not below the nugget")
        if self.starts < 1:
            raise ValueError("a fit needs at least one start")


@dataclass(frozen=True, slots=True)
class FittedModel:
    """A model and how well it fits.

    Parameters
    ----------
    covariance : Covariance
        Practical ranges.
    table : pandas.DataFrame
        direction, lag, distance_m, n_pairs, gamma, model, residual (gamma less model), weight
        (sums to 1; of the relative residual for Cressie's).
    objective : float
        Weighted mean of squared residuals.
    start_objective : float
        The same of the best start.
    at_bounds : tuple of str
        What stands at a bound of the rules.
    warnings : tuple of str
        What a reader should know before using the model.
    """

    covariance: Covariance
    table: pd.DataFrame = field(compare=False)
    objective: float
    start_objective: float
    at_bounds: tuple[str, ...]
    warnings: tuple[str, ...]


class _Parameters(NamedTuple):
    """Names, bounds and the way from a vector of parameters to a model."""

    names: tuple[str, ...]
    low: FloatArray
    high: FloatArray
    model: Callable[[FloatArray], Covariance]


def fit(
    experimentals: Sequence[ExperimentalVariogram] | ExperimentalVariogram,
    rules: FitRules = FitRules(),
) -> FittedModel:
    """Fit one covariance model to experimental variograms in any number of directions.

    Parameters
    ----------
    experimentals : ExperimentalVariogram or sequence of them
        Of one element.
    rules : FitRules

    Returns
    -------
    FittedModel

    Raises
    ------
    DataError
        If no lag has a pair, or gamma is 0 in all of them.
    """
    given = [experimentals] if isinstance(experimentals, ExperimentalVariogram) else experimentals
    rows = lag_rows(given)
    gamma = rows.table["gamma"].to_numpy()
    if not gamma.max() > 0:
        remedy = "Check that grades vary; a constant has no variogram to model."
        raise DataError([Problem("gamma is 0 or less at every lag", found="0", remedy=remedy)])
    parameters = _parameters(rows, rules)
    weights = _weights(rows.table, rules.weighting)

    free = parameters.high > parameters.low

    def missed(moved: FloatArray, x0: FloatArray) -> FloatArray:
        x = x0.copy()
        x[free] = moved
        model = rows.mean(parameters.model(x).variogram(rows.vectors))
        if rules.weighting == "cressie":
            model = np.maximum(model, 1e-9 * gamma.max())
            return np.asarray(np.sqrt(weights) * (gamma / model - 1.0))
        return np.asarray(np.sqrt(weights) * (gamma - model))

    bounds = parameters.low[free], parameters.high[free]
    start_objective, best = math.inf, (math.inf, parameters.low)
    for x0 in _starts(parameters, rules.starts):
        before = float(np.sum(missed(x0[free], x0) ** 2))
        start_objective = min(start_objective, before)
        best = min(best, (before, x0), key=lambda pair: pair[0])
        if free.any():
            found = least_squares(
                missed, x0[free], bounds=bounds, args=(x0,), x_scale="jac", xtol=1e-12,
                ftol=1e-12, gtol=1e-12, max_nfev=300,
            )  # fmt: skip
            x = x0.copy()
            x[free] = found.x
            best = min(best, (float(2.0 * found.cost), x), key=lambda pair: pair[0])
    return _report(rows, weights, parameters, best, start_objective)


def _parameters(rows: LagRows, rules: FitRules) -> _Parameters:
    """List the free parameters: variances as shares of the level, ranges and ratios as logs."""
    gamma, distance = rows.table["gamma"], rows.table["distance_m"]
    level = rules.total_sill or float(gamma.max())
    top = 1.0 if rules.total_sill is not None else 3.0
    n = len(rules.kinds)
    ranges = rules.ranges_m or ((0.25 * distance.min(), 3.0 * distance.max()),) * n
    variance = [("nugget", rules.nugget[0] / level, min(rules.nugget[1] / level, top))]
    sticks = rules.total_sill is not None
    for k in range(n - 1 if sticks else n):
        low, high = (0.0, 1.0) if sticks else (rules.sills[k] if rules.sills else (0.0, math.inf))
        scale = 1.0 if sticks else level
        variance.append((f"sill of structure {k + 1}", low / scale, min(high / scale, top)))
    lengths = [
        (f"range of structure {k + 1}", math.log(low), math.log(high))
        for k, (low, high) in enumerate(ranges)
    ]
    ratio_names = {"isotropic": (), "planar": ("minor",), "full": ("semi", "minor")}
    ratios = [
        (f"ratio of {name} to major range", math.log(rules.ratios[0]), math.log(rules.ratios[1]))
        for name in ratio_names[rules.anisotropy]
    ]
    window = rules.angle_window_deg / 45.0
    turned = window > 0 and rules.anisotropy != "isotropic"
    angles = [(name, -window, window) for name in ("azimuth", "dip", "rake") if turned]
    entries = [*variance, *lengths, *ratios, *angles]
    lowest = np.array([entry[1] for entry in entries], dtype=np.float64)
    highest = np.maximum(np.array([entry[2] for entry in entries], dtype=np.float64), lowest)
    counts = (len(variance), len(ratios))
    return _Parameters(
        tuple(entry[0] for entry in entries),
        lowest,
        highest,
        lambda x: _model(x, rules, level, counts),
    )


def _model(x: FloatArray, rules: FitRules, level: float, counts: tuple[int, int]) -> Covariance:
    """Build the model that parameters stand for."""
    n, (n_variances, n_ratios) = len(rules.kinds), counts
    nugget, sills = float(x[0]), [float(s) for s in x[1:n_variances]]
    if rules.total_sill is not None:
        # Each stick is a share of what the ones before it have left.
        left, parts = 1.0 - nugget, []
        for share in sills:
            parts.append(left * share)
            left -= parts[-1]
        sills = [*parts, max(left, 0.0)]
    ranges = np.exp(x[n_variances : n_variances + n])
    ratios = [float(r) for r in np.exp(x[n_variances + n : n_variances + n + n_ratios])]
    semi, minor = [(1.0, 1.0), (1.0, *ratios), tuple(ratios)][n_ratios]
    turn = 45.0 * x[n_variances + n + n_ratios :]
    azimuth, dip, rake = np.array(rules.orientation) + (turn if turn.size else 0.0)
    structures = tuple(
        Structure(
            kind,
            sill * level,
            Ellipsoid(
                float(reach), float(reach * semi), float(reach * minor),
                float(azimuth), float(dip), float(rake),
            ),
        )
        for kind, sill, reach in zip(rules.kinds, sills, ranges, strict=True)
    )  # fmt: skip
    smallest = 1e-12 * level if nugget + sum(sills) <= 0 else 0.0
    return Covariance(max(nugget * level, smallest), structures)


def _starts(parameters: _Parameters, count: int) -> list[FloatArray]:
    """Spread starts evenly over the middle of the bounds, ranges in rising order."""
    n = parameters.low.size
    # Kronecker sequence on the roots of x^(n+1) = x + 1: even, and always the same.
    root = 2.0
    for _ in range(40):
        root = (1.0 + root) ** (1.0 / (n + 1))
    steps = root ** -np.arange(1, n + 1)
    ranges = [i for i, name in enumerate(parameters.names) if name.startswith("range")]
    starts = []
    for k in range(count):
        share = 0.05 + 0.9 * np.mod(0.5 + k * steps, 1.0)
        share[ranges] = np.sort(share[ranges])
        for i, name in enumerate(parameters.names):
            if name.startswith(("nugget", "sill")):
                # Bounds of variances reach far above what is likely.
                share[i] /= max(1.0, parameters.high[i] - parameters.low[i])
        starts.append(parameters.low + share * (parameters.high - parameters.low))
    return starts


def _weights(table: pd.DataFrame, weighting: Weighting) -> FloatArray:
    """Weights of squared residuals, adding up to 1."""
    pairs = table["n_pairs"].to_numpy(dtype=np.float64)
    weights = np.ones_like(pairs) if weighting == "equal" else pairs
    if weighting == "pairs_over_distance_squared":
        weights = pairs / table["distance_m"].to_numpy() ** 2
    total: FloatArray = weights / weights.sum()
    return total


def _report(
    rows: LagRows,
    weights: FloatArray,
    parameters: _Parameters,
    best: tuple[float, FloatArray],
    start_objective: float,
) -> FittedModel:
    """Lay out the best fit and what is doubtful about it."""
    objective, x = best
    model = _short_first(parameters.model(x))
    width = parameters.high - parameters.low
    near = AT_BOUND * width
    at_bounds = tuple(
        f"{name} at its {'lower' if at_low else 'upper'} bound"
        for name, at_low, at_high, wide in zip(
            parameters.names, x - parameters.low <= near, parameters.high - x <= near,
            width > 0, strict=True,
        )
        if wide and (at_low or at_high)
    )  # fmt: skip
    shown = rows.table[["direction", "lag", "distance_m", "n_pairs", "gamma"]].copy()
    shown["model"] = rows.mean(model.variogram(rows.vectors))
    shown["residual"] = shown["gamma"] - shown["model"]
    shown["weight"] = weights
    warnings = _warnings(shown, model, int(np.sum(width > 0)))
    n_directions = shown["direction"].nunique()
    if "azimuth" in parameters.names and n_directions < 6:
        # Three angles and three ranges need six numbers.
        warnings += (f"{n_directions} directions do not fix an orientation: give 6 or more",)
    return FittedModel(model, shown, objective, start_objective, at_bounds, warnings)


def _short_first(model: Covariance) -> Covariance:
    """Put structures of one kind in the order of their ranges."""
    if len({structure.kind for structure in model.structures}) > 1:
        return model
    return replace(
        model, structures=tuple(sorted(model.structures, key=lambda s: s.ranges.major_m))
    )


def _warnings(table: pd.DataFrame, model: Covariance, n_free: int) -> tuple[str, ...]:
    """Say what the pairs cannot tell."""
    found = []
    if len(table) <= n_free:
        found.append(f"{len(table)} lags for {n_free} free parameters: the fit is not unique")
    few = int((table["n_pairs"] < FEW_PAIRS).sum())
    if few:
        found.append(f"{few} of {len(table)} lags have fewer than {FEW_PAIRS} pairs")
    longest = float(table["distance_m"].max())
    for number, structure in enumerate(model.structures, start=1):
        if structure.sill <= 1e-3 * model.sill:
            found.append(f"structure {number} has no sill to speak of: leave it out")
        elif structure.ranges.major_m > longest:
            reach = structure.ranges.major_m
            found.append(
                f"the range of structure {number}, {reach:.4g} m, is beyond the longest lag,"
                f" {longest:.4g} m: nothing shows it"
            )
    return tuple(found)
