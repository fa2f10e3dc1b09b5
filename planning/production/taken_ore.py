"""What is a tonne off a stockpile, when nobody knows which ore of its bin it is?

Never better than any ore that may lie in the bin. It has the least of each metal that is paid, and
the least that any ore earns by it; its costs are those of the ore that is worth least. So its value
is at most that of every ore of the bin, and nothing is gained by putting ore down and taking other
ore out. Of a limit it takes the most that any ore of the bin takes, so that none is relieved.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from deposits.display import round_for_reading as shown
from planning.economics.block_config import unit_of
from planning.economics.block_nouns import BlockTerms
from planning.production.activities import EARNED
from planning.production.ore_money import OreMoney

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
#: How names of flows off a stockpile begin.
TAKEN = "taken from the stockpile of "
#: Elements that no buyer wants.
UNWANTED = ("as", "hg")
#: Elements and units in sentences.
ELEMENTS = {"sb": "antimony", "au": "gold", "as": "arsenic", "hg": "mercury"}
UNITS = {"pct": " %", "gpt": " g/t", "ppm": " ppm"}


def penalised(terms: BlockTerms) -> tuple[str, ...]:
    """Return the fields of grades that buyers deduct for, or refuse.

    Parameters
    ----------
    terms : BlockTerms
        Selling terms.
    """
    found = [terms.fields[element] for element in UNWANTED if element in terms.fields]
    return tuple(dict.fromkeys([*found, *(penalty.column for penalty in terms.penalties)]))


def taken_grades(
    grades: Mapping[str, FloatArray], worse: Collection[str], bins: IntArray
) -> dict[str, FloatArray]:
    """Return what a tonne off each bin is said to hold.

    Parameters
    ----------
    grades : mapping of str to ndarray, shape (n,)
        Of all ore by field; NaN is not known.
    worse : collection of str
        Fields of which the most counts; of others it is the least.
    bins : ndarray of int, shape (n,)
        Bin of each, from 0 and none without ore; -1 for none.

    Returns
    -------
    dict of str to ndarray, shape (f,)
        0 where nothing is known.

    Examples
    --------
    >>> held = {"sb_pct": np.array([2.0, 3.0]), "as_pct": np.array([0.1, 0.4])}
    >>> found = taken_grades(held, ("as_pct",), np.array([0, 0]))
    >>> {name: values.tolist() for name, values in found.items()}
    {'sb_pct': [2.0], 'as_pct': [0.4]}
    """
    return {
        name: -_least(-grade, bins) if name in worse else _least(grade, bins)
        for name, grade in grades.items()
    }


def taken_ore(plant: OreMoney, ore_t: FloatArray, bins: IntArray) -> OreMoney:
    """Return what a tonne off each bin earns, costs and delivers, before it is rehandled.

    Parameters
    ----------
    plant : OreMoney
        All ore in the plant, with the kinds of money that are paid there.
    ore_t : ndarray, shape (n,)
        Its tonnes [t].
    bins : ndarray of int, shape (n,)
        Bin of each, from 0 and none without ore; -1 for none.

    Returns
    -------
    OreMoney
        Shape (f,); without contents.
    """
    worst = _worst(per_t(plant.value, ore_t), bins)
    money = {}
    for kind, usd in plant.money.items():
        own = per_t(usd, ore_t)
        money[kind] = _least(own, bins) if kind in EARNED else own[worst]
    amounts = {name: _least(per_t(held, ore_t), bins) for name, held in plant.amounts.items()}
    return OreMoney(money, amounts, {})


def most_per_t(amount: FloatArray, ore_t: FloatArray, bins: IntArray) -> FloatArray:
    """Return the most of an amount in a tonne of any ore of each bin.

    Parameters
    ----------
    amount, ore_t : ndarray, shape (n,)
        Of all ore; tonnes [t].
    bins : ndarray of int, shape (n,)
        Bin of each, from 0 and none without ore; -1 for none.

    Returns
    -------
    ndarray, shape (f,)
    """
    return -_least(-per_t(amount, ore_t), bins)


def per_t(amount: FloatArray, ore_t: FloatArray) -> FloatArray:
    """Return an amount of a tonne of ore, 0 where there is none, shape (n,)."""
    found: FloatArray = np.divide(amount, ore_t, out=np.zeros(ore_t.shape), where=ore_t > 0.0)
    return found


def taken_notes(
    names: Sequence[str], grades: Mapping[str, FloatArray], worse: Collection[str]
) -> Iterator[str]:
    """Say with what grades ore leaves a stockpile, and why.

    Parameters
    ----------
    names : sequence of str
        Of the f bins.
    grades : mapping of str to ndarray, shape (f,)
        As of `taken_grades`.
    worse : collection of str
        Fields of which the most counts.
    """
    words = "; ".join(
        f"{name} with " + ", ".join(told_grade(field, own[k]) for field, own in grades.items())
        for k, name in enumerate(names)
    )
    more = " and the most of what its buyers deduct for" if set(worse) & set(grades) else ""
    yield (
        f"A tonne off the stockpile counts as no better than any ore that may lie in its bin: with "
        f"the least metal{more}: {words}."
    )
    yield (
        "The metal that is thereby not counted stands in the balance. The concentrate line is "
        "loaded with the most concentrate that any ore of the bin gives."
    )


def told_grade(field: str, grade: float) -> str:
    """Write a grade for reading.

    Parameters
    ----------
    field : str
        Its name, which ends with its unit.
    grade : float
        In that unit.

    Examples
    --------
    >>> told_grade("au_gpt", 0.3812), told_grade("as_pct", 0.15), told_grade("hardness", 7.0)
    ('gold 0.381 g/t', 'arsenic 0.150 %', 'hardness 7.00')
    """
    unit = unit_of(field)
    element = field.removesuffix(f"_{unit}") if unit else field
    return f"{ELEMENTS.get(element, element)} {shown(grade, 3)}{UNITS.get(unit, '')}"


def _least(values: FloatArray, bins: IntArray) -> FloatArray:
    """Return the least of what is known in each bin, 0 where nothing is, shape (f,)."""
    found = np.full(int(bins.max(initial=-1)) + 1, np.inf)
    held = bins >= 0
    np.fmin.at(found, bins[held], values[held])
    return np.where(np.isfinite(found), found, 0.0)


def _worst(values: FloatArray, bins: IntArray) -> IntArray:
    """Return the number of the least value in each bin, shape (f,)."""
    held = np.flatnonzero(bins >= 0)
    order = held[np.lexsort((values[held], bins[held]))]
    _, first = np.unique(bins[order], return_index=True)
    return order[first].astype(np.int64)
