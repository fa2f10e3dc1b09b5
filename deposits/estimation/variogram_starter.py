"""Which covariance model does a first study start from, before anyone has looked?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from deposits.estimation.fitting import FitRules, FittedModel, fit
from deposits.estimation.variography import ExperimentalVariogram


def fit_starter(
    experimentals: Sequence[ExperimentalVariogram],
    downhole: ExperimentalVariogram | None = None,
    rules: FitRules = FitRules(),
) -> FittedModel:
    """Fit one or two spherical structures, the nugget taken from the downhole variogram.

    Parameters
    ----------
    experimentals : sequence of ExperimentalVariogram
        Directional ones, or an omnidirectional one.
    downhole : ExperimentalVariogram, optional
        Its own fit gives the nugget; without it the nugget is fitted with the rest.
    rules : FitRules
        Orientation, anisotropy and weighting are taken; kinds and their bounds are not.

    Returns
    -------
    FittedModel
        Two structures only where they cut the objective by a quarter or more.

    Raises
    ------
    DataError
        As for :func:`fit`.

    Notes
    -----
    A first model for a first study. Someone who knows the geology should look at it.
    """
    base = replace(rules, kinds=("spherical",), sills=(), ranges_m=())
    if downhole is not None:
        near = fit(downhole, FitRules(("spherical", "spherical"), anisotropy="isotropic"))
        nugget = near.covariance.nugget
        if base.total_sill is not None:
            nugget = min(nugget, base.total_sill)
        base = replace(base, nugget=(nugget, nugget))
    one = fit(experimentals, base)
    two = fit(experimentals, replace(base, kinds=("spherical", "spherical")))
    return two if two.objective < 0.75 * one.objective else one
