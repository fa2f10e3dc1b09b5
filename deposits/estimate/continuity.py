"""How far do the grades of each domain run on, measured, stated or fitted?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from deposits.errors import DataError, Problem
from deposits.estimate.sampling import DomainSamples
from deposits.estimate.tables import DomainTable, FitTable, VariogramTable
from deposits.estimation.coregionalisation import Coregionalisation, fit_coregionalisation
from deposits.estimation.covariance import Covariance, Structure
from deposits.estimation.fitting import FitRules, fit
from deposits.estimation.variogram_directions import Lags, along_axes
from deposits.estimation.variography import (
    ExperimentalVariogram,
    downhole_variogram,
    experimental_variogram,
    variogram_matrix,
)
from deposits.orientation import Ellipsoid, in_plane

FloatArray = NDArray[np.float64]
AXES = ("major", "semi", "minor")
#: Points of a drawn model curve.
DRAWN = 60


@dataclass(frozen=True, slots=True, eq=False)
class Continuity:
    """The model of one element in one domain, and what it was fitted to.

    Parameters
    ----------
    element : str
        Column of the grade.
    origin : str
        "stated", "fitted", or "same as ELEMENT".
    on : {"grades", "normal_scores"}
        What the experimental variogram was measured on.
    covariance : Covariance
        Practical ranges; of an element that shares another's model, that one scaled to its own
        variance.
    axes : Ellipsoid
        Orientation (its reaches mean nothing).
    experimental : pandas.DataFrame
        direction, distance_m, n_pairs, gamma [grade unit squared]; empty without any pair.
    warnings : tuple of str
        What a reader should know.
    """

    element: str
    origin: str
    on: str
    covariance: Covariance
    axes: Ellipsoid
    experimental: pd.DataFrame
    warnings: tuple[str, ...] = ()

    def modelled(self, reach_m: Mapping[str, float]) -> pd.DataFrame:
        """Return the model as curves: direction, distance_m, gamma, out to a reach an axis [m]."""
        parts = []
        for name, axis in zip(AXES, self.axes.axes(), strict=True):
            # From just beside 0, where the nugget shows.
            distance = np.linspace(1e-6, 1.0, DRAWN) * reach_m[name]
            gamma = self.covariance.variogram(distance[:, None] * axis)
            parts.append(pd.DataFrame({"direction": name, "distance_m": distance, "gamma": gamma}))
        return pd.concat(parts, ignore_index=True)


def axes_of(domain: DomainTable, reach_m: Sequence[float] = (1.0, 1.0, 1.0)) -> Ellipsoid:
    """Return an ellipsoid along the plane of a domain with the given reaches [m]."""
    plane = domain.plane
    angles = in_plane(plane.dip_deg, plane.dip_direction_deg, plane.pitch_deg)
    major, semi, minor = reach_m
    return Ellipsoid(major, semi, minor, *angles)


def model_continuity(domain: DomainTable, samples: DomainSamples) -> dict[str, Continuity]:
    """Return the model of every element of a domain.

    Parameters
    ----------
    domain : DomainTable
        What the study says.
    samples : DomainSamples
        Composites of the domain.

    Returns
    -------
    dict of Continuity
        By element, in the order of the samples.

    Raises
    ------
    DataError
        If a variogram cannot be fitted, with the domain and the element.
    """
    found: dict[str, Continuity] = {}
    elements = samples.samples.elements
    for element in sorted(elements, key=lambda e: domain.variograms[e].same_as is not None):
        table = domain.variograms[element]
        if table.same_as is not None:
            found[element] = _shared(element, found[table.same_as], samples)
        elif table.fit is not None:
            found[element] = _fitted(element, domain, table.fit, samples)
        else:
            found[element] = _stated(element, domain, table, samples)
    return {element: found[element] for element in elements}


def coregionalise(
    domain: DomainTable,
    samples: DomainSamples,
    continuity: Mapping[str, Continuity],
    pair: tuple[str, str],
) -> Coregionalisation:
    """Fit a linear model of coregionalisation of an element and the one that helps it.

    Parameters
    ----------
    domain : DomainTable
        What the study says.
    samples : DomainSamples
        Composites of the domain.
    continuity : mapping of Continuity
        Models by element; structures of the helper's are shared.
    pair : tuple = (element, helper)

    Returns
    -------
    Coregionalisation
        Element first.
    """
    model = continuity[pair[1]].covariance
    shapes = [(s.kind, s.ranges) for s in model.structures]
    rule = domain.variograms[pair[1]].fit
    widest = max((s.ranges.major_m for s in model.structures), default=samples.length_m * 10)
    lags = Lags(8, widest / 8.0) if rule is None else Lags(rule.lags, rule.lag_m)
    known = samples.samples.only(pair)
    cones = along_axes(axes_of(domain), 22.5 if rule is None else rule.angle_tolerance_deg)
    measured = variogram_matrix(known.points, known.values, cones[:2], lags)
    return fit_coregionalisation(measured, pair, shapes).model


def _stated(
    element: str, domain: DomainTable, table: VariogramTable, samples: DomainSamples
) -> Continuity:
    """Take the model that the study states, and measure what it can be held against."""
    structures = tuple(
        Structure(s.kind, s.sill, axes_of(domain, s.ranges_m)) for s in table.structures
    )
    model = Covariance(table.nugget or 0.0, structures)
    widest = max((s.ranges_m[0] for s in table.structures), default=samples.length_m * 10)
    rule = FitTable(lag_m=max(widest / 8.0, samples.length_m))
    experimental = pd.concat(
        [e.table for e in _measure(element, domain, rule, samples)], ignore_index=True
    )
    return Continuity(element, "stated", "grades", model, axes_of(domain), experimental)


def _shared(element: str, other: Continuity, samples: DomainSamples) -> Continuity:
    """Scale another element's model to the variance of this one."""
    factor = samples.variance(element) / samples.variance(other.element)
    experimental = other.experimental.iloc[0:0]
    model = other.covariance.scaled(factor) if factor > 0 else other.covariance
    return Continuity(
        element, f"same as {other.element}", other.on, model, other.axes, experimental
    )


def _fitted(
    element: str, domain: DomainTable, rule: FitTable, samples: DomainSamples
) -> Continuity:
    """Measure and fit."""
    if samples.variance(element) == 0.0:
        place = f"domain {samples.domain}, {element}"
        fact, remedy = "all grades are equal: no variogram", "State a nugget for it, or same_as."
        raise DataError([Problem(fact, place, remedy=remedy)])
    measured = _measure(element, domain, rule, samples)
    if rule.on == "normal_scores":
        measured = [_back_to_grades(one, element, samples) for one in measured]
    axes = axes_of(domain)
    total = samples.variance(element) if rule.sill == "variance" else None
    rules = FitRules(
        rule.structures,
        (axes.azimuth_deg, axes.dip_deg, axes.rake_deg),
        total_sill=total,
    )
    try:
        nugget = _nugget(element, rule, samples, total)
        fitted = fit(measured, rules if nugget is None else replace(rules, nugget=(nugget, nugget)))
    except DataError as error:
        place = f"domain {samples.domain}, {element}"
        raise DataError([replace(p, place=place) for p in error.problems]) from error
    experimental = pd.concat([one.table for one in measured], ignore_index=True)
    warnings = (*fitted.warnings, *(f"at its bound: {name}" for name in fitted.at_bounds))
    return Continuity(element, "fitted", rule.on, fitted.covariance, axes, experimental, warnings)


def _nugget(
    element: str, rule: FitTable, samples: DomainSamples, total: float | None
) -> float | None:
    """Read the nugget off the downhole variogram, the only one with lags this short."""
    if rule.on == "normal_scores":
        return None
    values = samples.samples.values[:, samples.samples.elements.index(element)]
    lags = Lags(8, samples.length_m)
    downhole = downhole_variogram(samples.mid_depth_m, values, samples.samples.hole, lags)
    if not downhole.table["gamma"].max() > 0:
        return None
    near = fit(downhole, FitRules(("spherical", "spherical"), anisotropy="isotropic"))
    nugget = near.covariance.nugget
    return nugget if total is None else min(nugget, 0.95 * total)


def _measure(
    element: str, domain: DomainTable, rule: FitTable, samples: DomainSamples
) -> list[ExperimentalVariogram]:
    """Measure in the plane with its lag, across it with a shorter one."""
    known = samples.samples
    values = known.values[:, known.elements.index(element)]
    if rule.on == "normal_scores":
        values = samples.normal_scores(element)
    if np.isfinite(values).sum() < 2:
        place = f"domain {samples.domain}, {element}"
        raise DataError([Problem("fewer than two samples: no variogram", place)])
    major, semi, minor = along_axes(axes_of(domain), rule.angle_tolerance_deg)
    across = Lags(rule.lags, rule.across_lag_m or samples.length_m)
    return [
        experimental_variogram(known.points, values, (major, semi), Lags(rule.lags, rule.lag_m)),
        experimental_variogram(known.points, values, (minor,), across),
    ]


def _back_to_grades(
    measured: ExperimentalVariogram, element: str, samples: DomainSamples
) -> ExperimentalVariogram:
    """Turn a variogram of normal scores into one of grades.

    With Z = sum phi_n H_n(Y) and correlation r(h) of Y, the covariance of Z is
    sum phi_n^2 r(h)^n, n >= 1 (Mehler: Hermite polynomials of a bivariate Gaussian).
    """
    phi = samples.hermite(element)
    table = measured.table.copy()
    likeness = np.clip(1.0 - table["gamma"].to_numpy(), -1.0, 1.0)
    powers = likeness[:, None] ** np.arange(1, len(phi))
    table["gamma"] = ((1.0 - powers) * phi[1:] ** 2).sum(axis=1)
    return replace(measured, table=table)
