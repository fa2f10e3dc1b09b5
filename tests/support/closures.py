"""Closure problems to test pits with: families, referees that are slow and obvious, MineLib's."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import maximum_flow
from support.reference import reference

from planning.limits.precedence import ArcPrecedence, ConePrecedence, arc_precedence, as_arcs

#: Published optima of MineLib, to the unit.
PUBLISHED = {"newman1": 26_086_899, "zuck_small": 1_422_726_898, "marvin": 1_415_655_436}


def arcs_of(precedence: ArcPrecedence) -> list[tuple[int, int]]:
    """All arcs as pairs: block that needs, block needed."""
    pairs = [(b, int(p)) for b in range(precedence.n_blocks) for p in precedence.predecessors(b)]
    return pairs


def every_best(
    values: np.ndarray, precedence: ArcPrecedence
) -> tuple[float, np.ndarray, np.ndarray]:
    """Try all sets of at most 16 blocks: best value, smallest and largest set of that value."""
    n = precedence.n_blocks
    sets = (np.arange(2**n)[:, None] >> np.arange(n)) & 1 == 1
    closed = np.ones(2**n, dtype=bool)
    for tail, head in arcs_of(precedence):
        closed &= ~sets[:, tail] | sets[:, head]
    worth = sets[closed].astype(np.float64) @ np.asarray(values, dtype=np.float64)
    best = sets[closed][np.isclose(worth, worth.max(), rtol=0, atol=1e-9)]
    return float(worth.max()), best.all(axis=0), best.any(axis=0)


def by_maximum_flow(values: np.ndarray, precedence: ArcPrecedence) -> int:
    """Best value by scipy's maximum flow, which takes capacities of 32 bits."""
    n, source, sink = precedence.n_blocks, precedence.n_blocks, precedence.n_blocks + 1
    gain, cost = np.flatnonzero(values > 0), np.flatnonzero(values < 0)
    endless = int(values[gain].sum()) + 1
    assert endless < 2**31
    tails = np.repeat(np.arange(n), np.diff(precedence.indptr))
    rows = np.concatenate([np.full(gain.size, source), cost, tails])
    columns = np.concatenate([gain, np.full(cost.size, sink), precedence.indices])
    amounts = np.concatenate([values[gain], -values[cost], np.full(tails.size, endless)])
    graph = csr_matrix((amounts.astype(np.int32), (rows, columns)), shape=(n + 2, n + 2))
    return int(values[gain].sum()) - int(maximum_flow(graph, source, sink).flow_value)


def random_arcs(rng: np.random.Generator, n: int, density: float) -> ArcPrecedence:
    """Arcs of a random order, each pair with a chance."""
    order = rng.permutation(n)
    first, second = np.triu_indices(n, 1)
    chosen = rng.random(first.size) < density
    return arc_precedence(n, order[second[chosen]], order[first[chosen]])


def chains(rng: np.random.Generator, n: int, length: int) -> ArcPrecedence:
    """Separate chains in a shuffled numbering."""
    order = rng.permutation(n)
    starts = np.flatnonzero(np.arange(n) % length)
    return arc_precedence(n, order[starts], order[starts - 1])


def bipartite(rng: np.random.Generator, n: int, degree: int) -> ArcPrecedence:
    """Ore blocks that each need some of the waste blocks."""
    ore = n // 2
    tails = np.repeat(np.arange(ore), degree)
    return arc_precedence(n, tails, rng.integers(ore, n, tails.size))


def cones(shape: tuple[int, int, int], seed: int = 0) -> ConePrecedence:
    """Two patterns in one grid, mixed at random."""
    rng = np.random.default_rng(seed)
    steep = np.array([[0, 0, 1], [1, 0, 2], [0, -1, 2]])
    flat = np.array([[0, 0, 1], [-1, 0, 1], [1, 0, 1], [0, -1, 1], [0, 1, 1], [2, 2, 3]])
    zone = rng.integers(0, 2, int(np.prod(shape))).astype(np.uint8)
    return ConePrecedence(shape, (steep, flat), zone)


def families(seed: int) -> dict[str, tuple[np.ndarray, ArcPrecedence | ConePrecedence]]:
    """Problems of some hundred blocks, whole values."""
    rng = np.random.default_rng(seed)
    cone = cones((9, 7, 5), seed)
    n = cone.n_blocks
    dag, ties = random_arcs(rng, 120, 0.05), random_arcs(rng, 150, 0.03)
    body = np.where(rng.random(n) < 0.15, rng.integers(5, 60, n), rng.integers(-9, 0, n))
    return {
        "cones": (body, cone),
        "cones, arc by arc": (body, as_arcs(cone)),
        "random arcs": (rng.integers(-50, 51, 120), dag),
        "many ties and zeros": (rng.integers(-1, 2, 150), ties),
        "chains": (rng.integers(-20, 21, 200), chains(rng, 200, 17)),
        "one chain": (rng.integers(-20, 21, 90), chains(rng, 90, 90)),
        "bipartite": (
            np.r_[rng.integers(0, 30, 80), -rng.integers(0, 30, 80)],
            bipartite(rng, 160, 4),
        ),
        "all positive": (rng.integers(1, 9, n), cone),
        "all negative": (-rng.integers(1, 9, n), cone),
        "all zero": (np.zeros(n, dtype=np.int64), cone),
        "no arcs": (rng.integers(-5, 6, 40), arc_precedence(40, [], [])),
    }


def minelib_pit(name: str) -> tuple[np.ndarray, ArcPrecedence, np.ndarray, np.ndarray]:
    """Values, precedence, places (x, y, z) and the official pit of a MineLib instance."""
    folder = f"minelib/{name}/{name}"
    lines = reference(f"{folder}.upit").read_text("latin-1").splitlines()
    start = next(i for i, line in enumerate(lines) if line.startswith("OBJECTIVE_FUNCTION"))
    rows = [line.split() for line in lines[start + 1 :] if line[:1].isdigit()]
    values = np.zeros(len(rows))
    values[[int(block) for block, _ in rows]] = [float(value) for _, value in rows]
    arcs = [line.split() for line in reference(f"{folder}.prec").read_text("latin-1").splitlines()]
    arcs = [[int(word) for word in row] for row in arcs if row]
    tails = np.repeat([row[0] for row in arcs], [row[1] for row in arcs])
    heads = np.concatenate([row[2:] for row in arcs]).astype(np.int64)
    places = [
        line.split()[:4] for line in reference(f"{folder}.blocks").read_text("latin-1").splitlines()
    ]
    table = np.array([[float(word) for word in row] for row in places if row and row[0].isdigit()])
    official = reference(f"{folder}_upit.sol").read_text("latin-1").split()
    mined = np.zeros(len(values), dtype=bool)
    mined[[int(word) for word in official]] = True
    return values, arc_precedence(len(values), tails, heads), table[:, 1:].astype(np.int64), mined
