"""How much ore can the fields send to a plant, at what grade, and for how long?

What lies in situ becomes run-of-mine ore by mining recovery and dilution. While they are not
stated the in-situ figures stand in for it, and bound what can be fed from above.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from deposits.evidence.parts import Part, gold_above, ore_above
from deposits.evidence.resources import Resource
from deposits.units import STIBNITE_SB_PCT

Cases = NDArray[np.float64]

#: Halvings of the cut-off interval: 71.7 / 2**50 is below the rounding of a float.
HALVINGS = 50


@dataclass(frozen=True, slots=True, eq=False)
class Factors:
    """What mining does to ore in situ, shape (cases,) each; neutral while not stated.

    Parameters
    ----------
    recovery : ndarray
        Ore recovered per ore in situ [fraction].
    dilution : ndarray
        Waste mined per ore recovered [fraction].
    dilution_sb_pct : ndarray
        Grade of that waste [% Sb].
    missing : tuple of str
        Keys of those that are not stated.
    """

    recovery: Cases
    dilution: Cases
    dilution_sb_pct: Cases
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Supply:
    """What a plant's fields can give, in every case.

    Parameters
    ----------
    resources : tuple of Resource
        What is known of the fields.
    unknown_fields : tuple of str
        Fields without known tonnes: what is known is then only a part.
    factors : Factors
        From in situ to run of mine.
    missing : tuple of str
        Keys that keep the supply from being known.
    """

    resources: tuple[Resource, ...]
    unknown_fields: tuple[str, ...]
    factors: Factors
    missing: tuple[str, ...]

    @property
    def is_known(self) -> bool:
        """Whether every field has tonnes."""
        return bool(self.resources) and not self.unknown_fields

    @property
    def has_laws(self) -> bool:
        """Whether the grades inside every statement are known to spread by a law."""
        return all(part.law is not None for part in self.parts)

    @property
    def parts(self) -> tuple[Part, ...]:
        """All parts of all resources."""
        return tuple(part for resource in self.resources for part in resource.parts)


@dataclass(frozen=True, slots=True, eq=False)
class Feed:
    """Ore sent to the plant, shape (cases,) each; NaN where there is too little of it.

    Parameters
    ----------
    sb_pct : ndarray
        Mean grade [% Sb].
    au_gpt : ndarray or None
        Mean gold grade [g/t]; None is not known.
    cutoff_sb_pct : ndarray
        Lowest grade that is fed, in situ [% Sb].
    """

    sb_pct: Cases
    au_gpt: Cases | None
    cutoff_sb_pct: Cases


def factors_of(stated: Mapping[str, Cases | None], missing_keys: Mapping[str, str]) -> Factors:
    """Return the modifying factors, neutral and named where they are not stated.

    Parameters
    ----------
    stated : mapping of str to ndarray or None
        Under recovery, dilution, dilution_sb_pct.
    missing_keys : mapping of str to str
        Study key of recovery and of dilution.
    """
    recovery, dilution = stated["recovery"], stated["dilution"]
    waste = stated["dilution_sb_pct"]
    return Factors(
        recovery=np.ones(1) if recovery is None else recovery,
        dilution=np.zeros(1) if dilution is None else dilution,
        dilution_sb_pct=np.zeros(1) if waste is None else waste,
        missing=tuple(key for name, key in missing_keys.items() if stated[name] is None),
    )


def run_of_mine(supply: Supply, cutoff_sb_pct: Cases | float = 0.0) -> tuple[Cases, Cases]:
    """Return run-of-mine ore [t] and its antimony [t] from rock at or above a cut-off.

    Parameters
    ----------
    supply : Supply
        With at least one known resource; only its known part is counted.
    cutoff_sb_pct : float or ndarray, shape (cases,)
        Cut-off in situ [% Sb]; below a statement's own cut-off all of the statement is taken.

    Returns
    -------
    tuple of ndarray
        Ore and metal, shape (cases,).
    """
    ore = np.zeros(1)
    metal = np.zeros(1)
    cutoff = np.asarray(cutoff_sb_pct, dtype=float)
    for part in supply.parts:
        tonnes, sb = ore_above(part, cutoff)
        ore, metal = ore + tonnes, metal + sb
    mined = ore * supply.factors.recovery
    waste = mined * supply.factors.dilution
    sb_mined = metal * supply.factors.recovery + waste * supply.factors.dilution_sb_pct / 100.0
    return mined + waste, sb_mined


def feed_of_richest(supply: Supply, need_t: float) -> Feed:
    """Return the feed made of the richest run-of-mine tonnes that fill a need.

    Parameters
    ----------
    supply : Supply
        With known resources and grade laws.
    need_t : float
        Ore fed over the horizon [t].

    Returns
    -------
    Feed
        NaN in the cases that hold less than the need: no grade is given for ore that is not there.

    Notes
    -----
    Tonnage falls with the cut-off, so the cut-off is found by halving; what lies above the need at
    that cut-off (a step, where a statement has no spread) is taken off at the cut-off's own grade.
    """
    cutoff = _last_cutoff(supply, lambda ore, metal: ore >= need_t)
    ore, metal = run_of_mine(supply, cutoff)
    surplus = np.maximum(ore - need_t, 0.0) * _rom_grade(supply, cutoff) / 100.0
    enough = run_of_mine(supply)[0] >= need_t
    sb_pct = np.where(enough, (metal - surplus) / need_t * 100.0, np.nan)
    return Feed(sb_pct, _gold_grade(supply, cutoff, ore), cutoff)


def feed_of_all(supply: Supply, cutoff_sb_pct: float = 0.0) -> Feed:
    """Return the feed made of everything at or above a cut-off."""
    cutoff = np.array([cutoff_sb_pct])
    ore, metal = run_of_mine(supply, cutoff)
    with np.errstate(invalid="ignore", divide="ignore"):
        return Feed(metal / ore * 100.0, _gold_grade(supply, cutoff, ore), cutoff)


def tonnes_at_grade(supply: Supply, grade_sb_pct: float) -> Cases:
    """Return the most run-of-mine ore whose mean grade reaches a grade.

    Parameters
    ----------
    supply : Supply
        With known resources and grade laws.
    grade_sb_pct : float
        Mean that the ore must reach [% Sb].

    Returns
    -------
    ndarray, shape (cases,)
        Ore [t]; 0 where none reaches it.

    Notes
    -----
    The mean above a cut-off rises with the cut-off. At the highest cut-off that still falls short,
    the ore just below it (grade c) is added until the mean is the asked grade g:
    x = (metal - g ore) / (g - c).
    """
    g = grade_sb_pct / 100.0
    low = _last_cutoff(supply, lambda ore, metal: metal < g * ore)
    high = low + STIBNITE_SB_PCT * 0.5**HALVINGS
    below, short = run_of_mine(supply, low)
    ore, metal = run_of_mine(supply, high)
    room = g - _rom_grade(supply, low) / 100.0
    with np.errstate(invalid="ignore", divide="ignore"):
        extra = np.where(room > 0, (metal - g * ore) / room, 0.0)
    reached = ore + np.clip(extra, 0.0, np.maximum(below - ore, 0.0))
    return np.where(short >= g * below, below, reached)


def _last_cutoff(supply: Supply, holds: Callable[[Cases, Cases], NDArray[np.bool_]]) -> Cases:
    """Halve towards the highest cut-off at which a condition still holds, case by case."""
    shape = np.broadcast_shapes(
        *(np.shape(part.ore_t) for part in supply.parts), *(run_of_mine(supply)[0].shape,)
    )
    low, high = np.zeros(shape), np.full(shape, STIBNITE_SB_PCT)
    for _ in range(HALVINGS):
        middle = (low + high) / 2.0
        true = holds(*run_of_mine(supply, middle))
        low, high = np.where(true, middle, low), np.where(true, high, middle)
    return low


def _rom_grade(supply: Supply, sb_pct: Cases) -> Cases:
    """Return the grade after dilution of rock of one grade [% Sb]."""
    waste = supply.factors.dilution
    return (sb_pct + waste * supply.factors.dilution_sb_pct) / (1.0 + waste)


def _gold_grade(supply: Supply, cutoff: Cases, rom_t: Cases) -> Cases | None:
    """Return the gold grade of the feed [g/t], waste taken as barren of gold; None if not known."""
    grams = np.zeros(1)
    for part in supply.parts:
        own = gold_above(part, cutoff, ore_above(part, cutoff)[0])
        if own is None or np.isnan(own).any():
            return None
        grams = grams + own
    with np.errstate(invalid="ignore", divide="ignore"):
        return grams * supply.factors.recovery / rom_t


def supply_of(
    fields: Mapping[str, Sequence[Resource]], factors: Factors, missing: Mapping[str, Sequence[str]]
) -> Supply:
    """Gather what several fields can give.

    Parameters
    ----------
    fields : mapping of str to sequence of Resource
        The resources of each field that feeds the plant; empty is not known.
    factors : Factors
        From in situ to run of mine.
    missing : mapping of str to sequence of str
        Keys that would make each unknown field known.
    """
    known = {name: [r for r in resources if r.is_known] for name, resources in fields.items()}
    unknown = tuple(
        name
        for name, resources in fields.items()
        if len(known[name]) < len(resources) or not resources
    )
    keys = [key for name in unknown for key in missing.get(name, ())]
    return Supply(
        resources=tuple(r for resources in known.values() for r in resources),
        unknown_fields=unknown,
        factors=factors,
        missing=tuple(dict.fromkeys(keys)),
    )
