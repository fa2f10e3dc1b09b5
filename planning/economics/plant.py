"""What does a plant make of its ore: concentrate, metal, tailings, mercury and arsenic?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from deposits.display import Fact, as_html, as_text
from deposits.errors import Problem
from deposits.units import STIBNITE_SB_PCT
from planning.errors import BalanceError

#: One number, or one per draw; shapes broadcast as in numpy.
Amounts: TypeAlias = float | NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class MassBalance:
    """Where the tonnes and the metals of a year's ore go; None is not known.

    Parameters
    ----------
    ore_t, sb_in_ore_t : float or ndarray
        Ore treated [t] and antimony in it [t].
    sb_in_concentrate_t, sb_to_tailings_t : float, ndarray or None
        Antimony recovered and lost [t].
    concentrate_t, tailings_t : float, ndarray or None
        Products by mass, dry [t].
    hg_in_ore_t, as_in_ore_t : float, ndarray or None
        Mercury and arsenic that enter with the ore [t]. Where they leave (concentrate, fume,
        tailings, sale) is not modelled; a year's entry is what has to be accounted for.
    missing : tuple of str
        Names of the inputs without which a part stays None.
    """

    ore_t: Amounts
    sb_in_ore_t: Amounts
    sb_in_concentrate_t: Amounts | None
    sb_to_tailings_t: Amounts | None
    concentrate_t: Amounts | None
    tailings_t: Amounts | None
    hg_in_ore_t: Amounts | None
    as_in_ore_t: Amounts | None
    missing: tuple[str, ...] = ()

    def facts(self) -> list[Fact]:
        """Return the balance, the mean where there are draws."""
        lines = (
            ("ore", self.ore_t),
            ("antimony in ore", self.sb_in_ore_t),
            ("antimony in concentrate", self.sb_in_concentrate_t),
            ("concentrate", self.concentrate_t),
            ("mercury in ore", self.hg_in_ore_t),
            ("arsenic in ore", self.as_in_ore_t),
        )
        return [Fact(k, None if v is None else float(np.mean(v)), "t") for k, v in lines]

    def __str__(self) -> str:
        """Plain text."""
        return as_text("Mass balance of a year", self.facts())

    def _repr_html_(self) -> str:
        return as_html("Mass balance of a year", self.facts())


def metal_t(ore_t: Amounts, grade_pct: Amounts) -> Amounts:
    """Weigh the metal in ore.

    Parameters
    ----------
    ore_t : float or ndarray
        Ore [t].
    grade_pct : float or ndarray
        Grade [% by mass].

    Returns
    -------
    float or ndarray
        Metal [t].

    Examples
    --------
    >>> float(metal_t(700_000.0, 15.0)), round(float(metal_t(700_000.0, 0.04)))
    (105000.0, 280)
    """
    return np.multiply(ore_t, grade_pct) / 100.0


def concentrate_t(
    ore_t: Amounts, sb_pct: Amounts, recovery: Amounts, concentrate_sb_pct: Amounts
) -> Amounts:
    """Weigh the concentrate that ore gives.

    Parameters
    ----------
    ore_t : float or ndarray
        Ore treated [t].
    sb_pct : float or ndarray
        Head grade [% Sb].
    recovery : float or ndarray
        Part of the antimony that reaches the concentrate [fraction].
    concentrate_sb_pct : float or ndarray
        Grade of the concentrate [% Sb].

    Returns
    -------
    float or ndarray
        Dry concentrate [t].

    Raises
    ------
    BalanceError
        If a grade is above that of stibnite, a recovery is not in (0, 1], or the concentrate
        would weigh more than the ore.

    Notes
    -----
    Two-product formula with the metal kept: ore x grade x recovery = concentrate x its grade.

    Examples
    --------
    >>> float(concentrate_t(700_000.0, 15.0, 0.875, 50.0))
    183750.0
    """
    _refuse_impossible(sb_pct, recovery, concentrate_sb_pct)
    mass = np.multiply(ore_t, sb_pct) * recovery / concentrate_sb_pct
    return np.asarray(mass, dtype=float)[()]


def mass_balance(
    ore_t: Amounts,
    sb_pct: Amounts,
    recovery: Amounts | None = None,
    concentrate_sb_pct: Amounts | None = None,
    hg_pct: Amounts | None = None,
    as_pct: Amounts | None = None,
) -> MassBalance:
    """Follow the tonnes and metals of a year's ore through the plant.

    Parameters
    ----------
    ore_t : float or ndarray
        Ore treated in a year [t].
    sb_pct : float or ndarray
        Head grade [% Sb].
    recovery : float or ndarray, optional
        Antimony recovery to concentrate [fraction].
    concentrate_sb_pct : float or ndarray, optional
        Grade of the concentrate [% Sb].
    hg_pct, as_pct : float or ndarray, optional
        Mercury and arsenic in the ore [%].

    Returns
    -------
    MassBalance
        What depends on an input that is None is None, and the input is named in `missing`.

    Raises
    ------
    BalanceError
        See `concentrate_t`; an ore grade above stibnite is refused whatever else is known.

    Examples
    --------
    >>> balance = mass_balance(700_000.0, 15.0, 0.875, 50.0, hg_pct=0.04)
    >>> float(balance.concentrate_t), round(float(balance.hg_in_ore_t)), balance.missing
    (183750.0, 280, ('as_pct_of_ore',))
    """
    contained = metal_t(ore_t, sb_pct)
    _refuse_impossible(sb_pct, recovery, concentrate_sb_pct)
    recovered = None if recovery is None else np.multiply(contained, recovery)
    product = None
    if recovered is not None and concentrate_sb_pct is not None:
        product = recovered * 100.0 / np.asarray(concentrate_sb_pct, dtype=float)
    names = ("sb_recovery_fraction", "concentrate_sb_pct", "hg_pct_of_ore", "as_pct_of_ore")
    given = (recovery, concentrate_sb_pct, hg_pct, as_pct)
    return MassBalance(
        ore_t=ore_t,
        sb_in_ore_t=contained,
        sb_in_concentrate_t=recovered,
        sb_to_tailings_t=None if recovered is None else contained - recovered,
        concentrate_t=product,
        tailings_t=None if product is None else np.subtract(ore_t, product),
        hg_in_ore_t=None if hg_pct is None else metal_t(ore_t, hg_pct),
        as_in_ore_t=None if as_pct is None else metal_t(ore_t, as_pct),
        missing=tuple(name for name, value in zip(names, given, strict=True) if value is None),
    )


def implied_head_grade_pct(
    concentrate: Amounts, ore_t: Amounts, recovery: Amounts, concentrate_sb_pct: Amounts
) -> Amounts:
    """Work back to the head grade a design stands for.

    Parameters
    ----------
    concentrate : float or ndarray
        Design output [t of concentrate].
    ore_t : float or ndarray
        Ore that makes it [t].
    recovery : float or ndarray
        Antimony recovery [fraction].
    concentrate_sb_pct : float or ndarray
        Grade of the concentrate [% Sb].

    Returns
    -------
    float or ndarray
        Head grade [% Sb].

    Examples
    --------
    >>> round(float(implied_head_grade_pct(30_000.0, 700_000.0, 0.875, 50.0)), 2)
    2.45
    """
    return np.multiply(concentrate, concentrate_sb_pct) / np.multiply(ore_t, recovery)


def throughput_t_per_year(
    nameplate: Amounts | None, availability: Amounts | None
) -> Amounts | None:
    """Return the ore a plant can take in a year.

    Parameters
    ----------
    nameplate : float, ndarray or None
        Nameplate [t/yr].
    availability : float, ndarray or None
        Part of the year it runs [fraction]; None leaves the nameplate, an upper bound.

    Returns
    -------
    float, ndarray or None
        Ore [t/yr]; None if the nameplate is not known.
    """
    if nameplate is None or availability is None:
        return nameplate
    return np.multiply(nameplate, availability)


def _refuse_impossible(
    sb_pct: Amounts, recovery: Amounts | None, concentrate_sb_pct: Amounts | None
) -> None:
    """Raise with every impossibility among the inputs; NaN (not estimated) is let through."""
    problems = list(_grade_problems("the ore", sb_pct, lowest=0.0))
    if recovery is not None:
        wrong = np.asarray(np.less_equal(recovery, 0.0) | np.greater(recovery, 1.0))
        if np.any(wrong):
            remedy = "Write a recovery as a fraction: 0.875 for 87.5 %."
            problems.append(_problem("a recovery outside (0, 1]", recovery, wrong, remedy))
    if concentrate_sb_pct is not None:
        problems += _grade_problems("the concentrate", concentrate_sb_pct, lowest=1e-9)
    if recovery is not None and concentrate_sb_pct is not None and not problems:
        pull = np.multiply(sb_pct, recovery) / np.asarray(concentrate_sb_pct, dtype=float)
        if np.any(pull > 1.0):
            fact = "the concentrate would weigh more than its ore (tonnes per tonne)"
            remedy = "Ore this rich is sold as it is, or the concentrate grade is too low."
            problems.append(_problem(fact, pull, np.asarray(pull > 1.0), remedy))
    if problems:
        raise BalanceError(problems)


def _grade_problems(what: str, grade: Amounts, lowest: float) -> Iterable[Problem]:
    """Find grades below *lowest* or above that of stibnite."""
    if np.any(np.greater(grade, STIBNITE_SB_PCT)):
        remedy = f"Pure stibnite holds {STIBNITE_SB_PCT} % Sb; check the unit."
        fact = f"{what} is richer than stibnite [% Sb]"
        yield _problem(fact, grade, np.greater(grade, STIBNITE_SB_PCT), remedy)
    if np.any(np.less(grade, lowest)):
        fact = f"{what} has no grade above 0 [% Sb]" if lowest else f"{what} has a grade below 0"
        yield _problem(fact, grade, np.less(grade, lowest), "Leave it out if it is not known.")


def _problem(fact: str, values: Amounts, wrong: NDArray[np.bool_], remedy: str) -> Problem:
    """Word an impossibility with its first offender and, among draws, their number."""
    offenders = np.atleast_1d(values)[np.atleast_1d(wrong)]
    found = f"{offenders[0]:g}"
    if np.size(values) > 1:
        found += f" and {offenders.size - 1} more of {np.size(values)}"
    return Problem(fact, "mass balance", found=found, remedy=remedy)
