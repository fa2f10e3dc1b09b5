"""What does it cost to mine a tonne this deep in this rock, and to treat a tonne of ore?"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from deposits.errors import DataError, Problem
from deposits.names import listed
from deposits.tables import did_you_mean
from planning.economics.block_config import OTHER_ZONES
from planning.economics.block_nouns import TERMS_OF_ORE, BlockTerms, DepthCost
from planning.economics.nsr import known

FloatArray = NDArray[np.float64]


def rock_cost_usd_per_t(
    elevation_m: ArrayLike, zone: ArrayLike | None, terms: BlockTerms
) -> FloatArray:
    """Work out what a tonne of rock out of the pit costs, ore or waste.

    Parameters
    ----------
    elevation_m : array_like of float, shape (n,)
        Elevation of the middle of each block [m]; NaN gives NaN.
    zone : array_like of str, shape (n,), or None
        The block's zone (field ``terms.mining.zone_field``); None where cost does not depend on it.
    terms : BlockTerms
        With ``[value.mining]``.

    Returns
    -------
    ndarray of float, shape (n,)
        [USD/t of rock]

    Raises
    ------
    DataError
        If a figure is not stated, or a zone has no factor; all at once.

    Notes
    -----
    cost x factor of the zone + haulage + below x max(reference - z, 0) + above x
    max(z - reference, 0). The factor is for drilling and blasting, not for the way to the dump.

    Examples
    --------
    >>> from planning.economics.nsr import Terms
    >>> pit = DepthCost(2.0, 0.6, 0.004, 0.002, 800.0, "rock", {"jasperoid": 1.3, "other": 1.0})
    >>> terms = BlockTerms(Terms(), {"sb": "sb_pct"}, mining=pit)
    >>> cost = rock_cost_usd_per_t([700.0, 900.0], ["jasperoid", "shale"], terms)
    >>> cost.round(2).tolist()  # 2 x 1.3 + 0.6 + 0.4 and 2 + 0.6 + 0.2
    [3.6, 2.8]
    """
    terms.require("rock")
    return _cost(elevation_m, zone, terms.mining, "value.mining")


def stope_cost_usd_per_t(
    elevation_m: ArrayLike, zone: ArrayLike | None, terms: BlockTerms
) -> FloatArray:
    """Work out what a tonne of ore out of a stope costs, without the opening of its level.

    Parameters
    ----------
    elevation_m : array_like of float, shape (n,)
        Elevation of each stope, cell or block [m]; NaN gives NaN.
    zone : array_like of str, shape (n,), or None
        Its zone (field ``terms.stoping.zone_field``); None where cost does not depend on it.
    terms : BlockTerms
        With ``[value.stoping]``.

    Returns
    -------
    ndarray of float, shape (n,)
        [USD/t of what is drawn from the stope, dilution included]

    Raises
    ------
    DataError
        As `rock_cost_usd_per_t`, whose formula it shares.
    """
    terms.require("stope")
    return _cost(elevation_m, zone, terms.stoping, "value.stoping")


def ore_cost_usd_per_t(terms: BlockTerms) -> float:
    """Add haulage to the plant, processing, general cost and sustaining capital.

    Parameters
    ----------
    terms : BlockTerms
        Terms.

    Returns
    -------
    float
        [USD/t of ore]; the same for every tonne that is sent to the plant.

    Raises
    ------
    DataError
        If one of the four is not stated.
    """
    terms.require("ore")
    own = [float(known(getattr(terms.base, name))) for name in TERMS_OF_ORE]
    return sum(own) + float(known(terms.ore_haulage))


def _cost(
    elevation_m: ArrayLike, zone: ArrayLike | None, costs: DepthCost | None, key: str
) -> FloatArray:
    """Cost by elevation and zone [USD/t]."""
    if costs is None:  # only terms made by hand come here: those of a study list what is missing
        raise DataError([Problem("not stated", f"key {key}")])
    elevation = np.asarray(elevation_m, dtype=float)
    drop = costs.reference_m - elevation
    haulage = np.where(drop > 0.0, costs.below * drop, -costs.above * drop)
    return costs.cost * _factors(zone, elevation.shape, costs, key) + (costs.haulage + haulage)


def _factors(
    zone: ArrayLike | None, shape: tuple[int, ...], costs: DepthCost, key: str
) -> FloatArray | float:
    """Factor of each block's zone."""
    if not costs.zones:
        return 1.0
    place = f"key {key}.zones"
    if zone is None:
        fact = "the cost depends on the zone, and no zone is given"
        remedy = f"Give the field {costs.zone_field} of the blocks."
        raise DataError([Problem(fact, place, remedy=remedy)])
    codes, names = pd.factorize(np.asarray(zone, dtype=object))
    if codes.shape != shape:
        counts = f"{codes.size} zones, {int(np.prod(shape))} elevations"
        raise DataError([Problem("zones and elevations do not belong together", place, counts)])
    other = costs.zones.get(OTHER_ZONES)
    lost = [name for name in names if str(name) not in costs.zones]
    blank = int(np.count_nonzero(codes < 0))
    if other is None and (lost or blank):
        raise DataError(_lost_zones(lost, blank, costs, place))
    table = [costs.zones.get(str(name), other) for name in names]
    return np.array([*table, other], dtype=float)[codes]  # a blank's code is -1, the last


def _lost_zones(lost: list[Any], blank: int, costs: DepthCost, place: str) -> list[Problem]:
    """Word the zones that have no factor."""
    allowed = ", ".join(costs.zones)
    remedy = f'Add them, or a factor "{OTHER_ZONES}" for all that are not listed.'
    found = []
    if lost:
        guess = did_you_mean(str(lost[0]), costs.zones)
        advice = f"{guess} {remedy}".strip()
        fact = "zones without a cost factor"
        found.append(Problem(fact, place, listed(lost), allowed, advice))
    if blank:
        found.append(Problem("blocks without a zone", place, f"{blank:,}", allowed, remedy))
    return found
