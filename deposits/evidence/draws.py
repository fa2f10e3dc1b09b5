"""What are the uncertain inputs of one study, draw by draw, and what do the draws say together?

Latin hypercube draws: each input's range is cut into as many parts of equal probability as there
are draws, and each part is visited once. Every input draws from a stream of its own, named by the
seed and the input's name, so adding an input changes no other, in any order.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri

from deposits.errors import DataError, Problem
from deposits.stated import Stated

Array = NDArray[np.float64]

PERCENTILES = {"p10": 0.1, "p50": 0.5, "p90": 0.9}


def draw_inputs(
    ranges: Mapping[str, Stated],
    *,
    draws: int,
    seed: int,
    correlation: Mapping[tuple[str, str], float] | None = None,
) -> dict[str, Array]:
    """Draw every input from its stated range.

    Parameters
    ----------
    ranges : mapping of str to Stated
        What is stated of each input; an input without a range is the same in every draw.
    draws : int
        Number of draws n, at least 1.
    seed : int
        Whole number, 0 or more; equal seeds give equal draws.
    correlation : mapping of (str, str) to float, optional
        Correlations of the normal scores of pairs of inputs, in [-1, 1]; pairs not named in a
        group of tied inputs have 0, inputs in different groups are independent.

    Returns
    -------
    dict of str to ndarray of float, shape (n,)
        In the order of *ranges*, each value in the unit of its input.

    Raises
    ------
    DataError
        If the number of draws, the seed or the correlations cannot be.

    Notes
    -----
    Tied inputs are put into an order that has the wanted correlation, after Iman and Conover, so
    that each keeps exactly the values it has alone.

    References
    ----------
    Iman, R. L. and Conover, W. J. (1982). A distribution-free approach to inducing rank
    correlation among input variables. Communications in Statistics B 11(3).
    """
    tied = dict(correlation or {})
    problems = _problems(ranges, draws, seed, tied)
    if problems:
        raise DataError(problems)
    probability = {name: _hypercube_column(name, draws, seed) for name in ranges}
    for group in _groups(tied):
        wanted = _matrix(group, tied)
        ordered = _reordered(np.column_stack([probability[name] for name in group]), wanted)
        for column, name in enumerate(group):
            probability[name] = ordered[:, column]
    return {name: stated.quantile(probability[name]) for name, stated in ranges.items()}


def percentiles(values: ArrayLike, weights: ArrayLike | None = None) -> dict[str, float | None]:
    """Percentiles of the quantity itself, over the draws.

    Parameters
    ----------
    values : array_like of float, shape (n,)
        One value per draw.
    weights : array_like of float, shape (n,), optional
        Weights of the draws, 0 or more; equal without.

    Returns
    -------
    dict of str to float or None
        ``p10``, ``p50``, ``p90``; p10 is the low one. None where there are no draws or where a
        draw that counts is not estimated, since the rest would be a chosen few
        (``missing_draws`` words that).

    Raises
    ------
    DataError
        If weights do not fit the values.

    Notes
    -----
    Each draw stands in the middle of its own weight, values in between are interpolated, so the
    p10 of the negated values is minus the p90.

    Examples
    --------
    >>> percentiles([3.0, 1.0, 2.0])["p50"]
    2.0
    >>> percentiles([1.0, float("nan")])["p50"] is None
    True
    """
    x, w = _weighted(values, weights)
    if x.size == 0 or np.isnan(x).any():
        return dict.fromkeys(PERCENTILES)
    order = np.argsort(x, kind="stable")
    x, w = x[order], w[order]
    place = (np.cumsum(w) - 0.5 * w) / w.sum()
    found: dict[str, float | None] = {}
    for name, p in PERCENTILES.items():
        after = int(np.searchsorted(place, p))
        low, high = x[max(after - 1, 0)], x[min(after, x.size - 1)]
        # Equal neighbours, infinite ones among them, need no interpolation.
        part = 0.0 if low == high else (p - place[after - 1]) / (place[after] - place[after - 1])
        # Rounding must not carry the value past its neighbour.
        found[name] = float(min(low + part * (high - low), high)) if part else float(low)
    return found


def missing_draws(values: ArrayLike, weights: ArrayLike | None = None) -> str:
    """Say why there are no percentiles.

    Parameters
    ----------
    values : array_like of float, shape (n,)
        One value per draw.
    weights : array_like of float, shape (n,), optional
        Weights of the draws.

    Returns
    -------
    str
        For example "not estimated in 3 of 10,000 draws"; empty when percentiles exist.
    """
    x, _ = _weighted(values, weights)
    if x.size == 0:
        return "no draws"
    lost = int(np.isnan(x).sum())
    return f"not estimated in {lost:,} of {x.size:,} draws" if lost else ""


def _weighted(values: ArrayLike, weights: ArrayLike | None) -> tuple[Array, Array]:
    """Values that count, and their weights."""
    x = np.asarray(values, float)
    w = np.ones(x.shape) if weights is None else np.asarray(weights, float)
    if x.ndim != 1 or x.shape != w.shape:
        found = f"{x.shape} and {w.shape}"
        raise DataError([Problem("draws and weights must be of one length", found=found)])
    if not np.all((w >= 0.0) & np.isfinite(w)):
        raise DataError([Problem("a weight is negative or not finite", allowed="0 or more")])
    return x[w > 0.0], w[w > 0.0]


@lru_cache(maxsize=64)
def _hypercube_column(name: str, draws: int, seed: int) -> Array:
    """Probabilities of one input: one in each of n equal parts, in an order of its own.

    One column of scipy.stats.qmc.LatinHypercube, which takes most of a second to import. Scenarios
    share columns, so they are read-only.
    """
    words = np.frombuffer(hashlib.sha256(name.encode()).digest(), dtype="<u4")
    # The library spawns a stream of its own; with the same one, equal seeds stay equal draws.
    source = np.random.SeedSequence([seed, *(int(word) for word in words)], spawn_key=(0,))
    stream = np.random.Generator(np.random.PCG64(source))
    within = stream.uniform(size=draws)
    column = np.asarray((stream.permutation(np.arange(1, draws + 1)) - within) / draws)
    column.setflags(write=False)
    return column


def _reordered(probability: Array, wanted: Array) -> Array:
    """Sort each column anew so that the normal scores have the wanted correlation."""
    score = ndtri(probability)
    score -= score.mean(axis=0)
    score /= np.sqrt(np.einsum("ni,ni->i", score, score) / score.shape[0])
    # einsum, because a threaded product may differ in its last digits from run to run.
    found = np.einsum("ni,nj->ij", score, score) / score.shape[0]
    mix = _root(wanted) @ np.linalg.inv(np.linalg.cholesky(found))
    target = np.einsum("nj,ij->ni", score, mix)
    result = np.empty_like(probability)
    for column in range(probability.shape[1]):
        rank = np.argsort(np.argsort(target[:, column], kind="stable"), kind="stable")
        result[:, column] = np.sort(probability[:, column])[rank]
    return result


def _root(wanted: Array) -> Array:
    """Lower triangular root of a correlation matrix that may be singular."""
    n = wanted.shape[0]
    root = np.zeros_like(wanted)
    for i in range(n):
        for j in range(i + 1):
            rest = wanted[i, j] - sum(root[i, k] * root[j, k] for k in range(j))
            if i == j:
                root[i, i] = np.sqrt(max(rest, 0.0))
            elif root[j, j] > 1e-7:
                root[i, j] = rest / root[j, j]
    return root


def _groups(tied: Mapping[tuple[str, str], float]) -> list[list[str]]:
    """Gather inputs tied to each other, also through others; each group in order of name."""
    groups: list[set[str]] = []
    for pair in tied:
        joined = set(pair).union(*(group for group in groups if group & set(pair)))
        groups = [group for group in groups if not group & joined] + [joined]
    return sorted(sorted(group) for group in groups)


def _matrix(group: list[str], tied: Mapping[tuple[str, str], float]) -> Array:
    """Correlation matrix of a group."""
    matrix = np.eye(len(group))
    for (one, other), value in tied.items():
        if one in group:
            i, j = group.index(one), group.index(other)
            matrix[i, j] = matrix[j, i] = value
    return matrix


def _problems(
    ranges: Mapping[str, Stated], draws: int, seed: int, tied: Mapping[tuple[str, str], float]
) -> list[Problem]:
    """List all that is wrong with a request."""
    found = []
    if draws < 1:
        found.append(Problem("number of draws out of range", found=str(draws), allowed="1 or more"))
    if seed < 0:
        found.append(Problem("seed out of range", found=str(seed), allowed="0 or more"))
    sound = True
    for (one, other), value in tied.items():
        place = f"correlation of {one} and {other}"
        wrong = [
            Problem(f"{name} is not an input", place, remedy="Name two inputs that have a range.")
            for name in (one, other)
            if name not in ranges or not ranges[name].is_range
        ]
        if one == other or (other, one) in tied:
            wrong.append(Problem("a pair is stated twice, or with itself", place))
        if not -1.0 <= value <= 1.0:
            wrong.append(Problem("correlation out of range", place, f"{value:g}", "-1 to 1"))
        sound = sound and not wrong
        found += wrong
    for group in _groups(tied) if sound else []:
        if np.linalg.eigvalsh(_matrix(group, tied)).min() < -1e-9:
            remedy = "Bring the correlations closer to 0, or state those of the other pairs."
            found.append(
                Problem("correlations contradict each other", ", ".join(group), remedy=remedy)
            )
    if tied and 1 <= draws < 2 + max(len(group) for group in _groups(tied)):
        found.append(Problem("too few draws for tied inputs", found=str(draws)))
    return found
