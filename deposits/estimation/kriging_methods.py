"""What is taken to be known of the mean grade?"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Ordinary:
    """The mean is unknown and the same within each neighbourhood: weights sum to one."""


@dataclass(frozen=True, slots=True)
class Simple:
    """The mean of every element is known.

    Parameters
    ----------
    means : tuple of float
        One an element, in its unit.
    """

    means: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Universal:
    """The mean is a polynomial of position (kriging with a trend).

    Parameters
    ----------
    terms : tuple of str
        Monomials of easting x, northing y and elevation z from the target, such as
        ``("x", "y", "xy", "x2")``; the constant is always there. From the target means as in
        GSLIB's kt3d; it matters only for a set that lacks the lower terms of one it has.

    Examples
    --------
    >>> Universal.of_degree(1).terms
    ('x', 'y', 'z')
    >>> Universal(("x2", "yz")).powers()
    array([[0, 0, 0],
           [2, 0, 0],
           [0, 1, 1]])
    """

    terms: tuple[str, ...]

    def __post_init__(self) -> None:
        """Refuse terms that are no monomials."""
        self.powers()

    @classmethod
    def of_degree(cls, degree: int, axes: str = "xyz") -> Universal:
        """Return all monomials of some axes up to a degree."""
        terms = [
            "".join(chosen)
            for n in range(1, degree + 1)
            for chosen in itertools.combinations_with_replacement(axes, n)
        ]
        return cls(tuple(terms))

    def powers(self) -> IntArray:
        """Return the powers of x, y, z, one row a term, the constant first; shape (p, 3)."""
        rows = [[0, 0, 0], *(_powers_of(term) for term in self.terms)]
        if len({tuple(row) for row in rows}) < len(rows):
            raise ValueError(f"drift terms repeat one another: {self.terms}")
        return np.array(rows, dtype=np.int64)


def _powers_of(term: str) -> list[int]:
    """Powers of x, y, z in a monomial such as x2y."""
    powers, axis = [0, 0, 0], -1
    for letter in term:
        if letter in "xyz":
            axis = "xyz".index(letter)
            powers[axis] += 1
        elif letter in "23456789" and axis >= 0:
            powers[axis] += int(letter) - 1
        else:
            raise ValueError(f"a drift term is made of x, y, z and powers, not {term!r}")
    if not any(powers):
        raise ValueError("a drift term must not be empty; the constant is always there")
    return powers


@dataclass(frozen=True, slots=True, eq=False)
class ExternalDrift:
    """The mean is linear in variables that are known everywhere.

    Parameters
    ----------
    at_samples : array, shape (n_samples, q)
        The variables at the samples; those at the targets are ``Targets.external``.
    """

    at_samples: FloatArray


Method = Ordinary | Simple | Universal | ExternalDrift
