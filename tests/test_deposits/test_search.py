"""The search: a comparison of all samples with all targets as referee, ties, limits, refusals."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deposits.errors import DataError
from deposits.estimation.kriging_neighbours import find_neighbours, local_origin, prepare_pass
from deposits.estimation.kriging_targets import Targets
from deposits.estimation.samples import Samples
from deposits.estimation.search import Search
from deposits.kernels.kriging_vectors import LANES
from deposits.orientation import Ellipsoid, isotropic

TILTED = Ellipsoid(60.0, 35.0, 15.0, 40.0, -25.0, 15.0)


def quadrant(lag):
    """Sectors written out: each boundary belongs to the next quadrant clockwise."""
    x, y = lag[0], lag[1]
    if x <= 0 and y > 0:
        return 0
    if x > 0 and y >= 0:
        return 1
    return 2 if x < 0 and y <= 0 else 3


def by_hand(samples, target, search, without_sample=-1, without_hole=-1):
    """One target's samples by sorting all of them."""
    lags = samples.points - target
    scaled = lags @ search.ellipsoid.scaling().T
    far = ((scaled**2).sum(axis=1) + 65536.0) - 65536.0
    axes = scaled if search.sector_axes == "ellipsoid" else lags
    chosen, per_hole, per_sector = [], {}, {}
    for i in np.lexsort((np.arange(samples.n), far)):
        if far[i] > 1 or i == without_sample or samples.hole[i] == without_hole:
            continue
        sector = 0 if search.sectors == 1 else quadrant(axes[i])
        sector += 4 * (search.sectors == 8 and axes[i][2] < 0)
        hole = samples.hole[i]
        if per_hole.get(hole, 0) >= (search.most_per_hole or 10**9):
            continue
        if per_sector.get(sector, 0) >= (search.most_per_sector or 10**9):
            continue
        per_hole[hole] = per_hole.get(hole, 0) + 1
        per_sector[sector] = per_sector.get(sector, 0) + 1
        chosen.append(int(i))
        if len(chosen) == search.most:
            break
    enough = len(chosen) >= search.least and len(per_sector) >= search.least_sectors
    return sorted(chosen) if enough and len(per_hole) >= search.least_holes else []


def found(samples, targets, *searches):
    origin = local_origin(samples)
    passes = tuple(prepare_pass(samples, search, origin) for search in searches)
    hood = find_neighbours(samples, targets, passes, origin)
    rows = [hood.neighbours[t, :n].tolist() for t, n in enumerate(hood.counts)]
    return rows, hood


def scattered(seed, n=300, holes=20):
    rng = np.random.default_rng(seed)
    points = rng.uniform(0, 100, (n, 3)) * [1, 1, 0.4]
    return Samples(points, np.ones(n), hole=rng.integers(0, holes, n))


def somewhere(seed, n=200):
    return Targets(points=np.random.default_rng(seed).uniform(-20, 120, (n, 3)) * [1, 1, 0.4])


SEARCHES = [
    Search(TILTED, 1, 12),
    Search(TILTED, 5, 24),
    Search(isotropic(15.0), 2, 7),
    Search(isotropic(500.0), 1, 300),
    Search(TILTED, 1, 12, most_per_hole=2),
    Search(TILTED, 3, 16, sectors=8, most_per_sector=2),
    Search(TILTED, 3, 16, sectors=4, most_per_sector=3, sector_axes="world"),
    Search(TILTED, 3, 16, most_per_hole=1, sectors=8, most_per_sector=2, least_sectors=4),
    Search(TILTED, 1, 9, least_holes=6),
]


@pytest.mark.parametrize("search", SEARCHES, ids=range(len(SEARCHES)))
def test_the_search_finds_what_sorting_all_samples_finds(search):
    samples, targets = scattered(1), somewhere(2)
    rows, _ = found(samples, targets, search)
    assert rows == [by_hand(samples, t, search) for t in targets.points]


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 30), st.sampled_from([5.0, 40.0, 300.0]))
def test_any_cloud_is_searched_exactly(seed, most, reach):
    samples, targets = scattered(seed, n=97), somewhere(seed + 1, n=40)
    search = Search(Ellipsoid(reach, reach / 2, reach / 3, seed % 360), 1, most)
    rows, _ = found(samples, targets, search)
    assert rows == [by_hand(samples, t, search) for t in targets.points]


@pytest.mark.parametrize("limits", [{}, {"sectors": 8, "most_per_sector": 2}])
def test_ties_go_to_the_lower_number(limits):
    x, y, z = np.meshgrid(np.arange(7.0), np.arange(7.0), np.arange(3.0))
    samples = Samples(np.column_stack([x.ravel(), y.ravel(), z.ravel()]), np.ones(x.size))
    targets = Targets(points=np.array([[3.0, 3.0, 1.0], [2.5, 3.5, 0.5], [0.0, 0.0, 0.0]]))
    for azimuth in (0.0, 45.0, 30.0):
        search = Search(Ellipsoid(4.0, 4.0, 4.0, azimuth), 1, 11, sector_axes="world", **limits)
        rows, _ = found(samples, targets, search)
        assert rows == [by_hand(samples, t, search) for t in targets.points]


def test_a_line_of_samples_and_one_sample_are_searched():
    line = Samples(np.column_stack([np.arange(50.0), np.zeros((50, 2))]), np.ones(50))
    rows, _ = found(
        line, Targets(points=np.array([[10.2, 0, 0], [200.0, 0, 0]])), Search(isotropic(5.0), 1, 3)
    )
    assert rows == [[9, 10, 11], []]
    rows, _ = found(
        Samples(np.zeros((1, 3)), [1.0]), Targets(points=np.zeros((1, 3))), Search(isotropic(1.0))
    )
    assert rows == [[0]]


def test_the_surface_of_the_ellipsoid_belongs_to_it():
    samples = Samples([[5.0, 0, 0], [0, 5.0001, 0]], [1.0, 2.0])
    rows, _ = found(samples, Targets(points=np.zeros((1, 3))), Search(isotropic(5.0)))
    assert rows == [[0]]


def test_later_passes_serve_what_earlier_ones_left():
    samples, targets = scattered(3, n=60), somewhere(4)
    small, large = Search(isotropic(12.0), 3, 8), Search(isotropic(30.0), 2, 5)
    rows, hood = found(samples, targets, small, large)
    for t, point in enumerate(targets.points):
        first, second = by_hand(samples, point, small), by_hand(samples, point, large)
        assert rows[t] == (first or second)
        assert hood.pass_number[t] == (1 if first else 2 if second else 0)
    assert set(hood.pass_number) == {0, 1, 2}


def test_drillholes_are_counted():
    samples, targets = scattered(5), somewhere(6)
    for search in SEARCHES[:6]:
        rows, hood = found(samples, targets, search)
        assert hood.holes.tolist() == [len({samples.hole[i] for i in row}) for row in rows]


def test_samples_and_holes_can_be_left_out():
    samples = scattered(7)
    number = np.arange(samples.n)
    targets = Targets(points=samples.points, without_sample=number)
    rows, _ = found(samples, targets, Search(TILTED, 1, 10))
    assert rows == [by_hand(samples, samples.points[i], Search(TILTED, 1, 10), i) for i in number]
    targets = Targets(points=samples.points, without_hole=samples.hole)
    rows, _ = found(samples, targets, Search(TILTED, 1, 10))
    search = Search(TILTED, 1, 10)
    assert rows == [
        by_hand(samples, samples.points[i], search, -1, samples.hole[i]) for i in number
    ]


def test_lanes_are_eight():
    assert LANES == 8


def test_a_search_that_cannot_be_is_refused():
    with pytest.raises(ValueError, match=r"least <= most.*sectors must be 1, 4 or 8"):
        Search(isotropic(1.0), 5, 3, sectors=3)
    with pytest.raises(ValueError, match="most_per_hole"):
        Search(isotropic(1.0), most_per_hole=0)


def test_samples_that_cannot_be_are_refused_all_at_once():
    with pytest.raises(DataError) as refused:
        Samples([[0, 0, np.nan], [0, 0, 0]], [np.inf, 1.0], hole=[1])
    assert len(refused.value.problems) == 3
    with pytest.raises(DataError, match="no samples"):
        Samples(np.empty((0, 3)), np.empty((0, 1)))


def test_targets_that_cannot_be_are_refused():
    with pytest.raises(DataError, match="discretisation of blocks without a size"):
        Targets(points=np.zeros((1, 3)), discretisation=(2, 2, 1))
    with pytest.raises(DataError, match="above 0 m"):
        Targets(points=np.zeros((1, 3)), block_size_m=np.array([1.0, 0.0, 1.0]))
