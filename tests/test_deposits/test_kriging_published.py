"""Kriging against published answers and GSLIB's own output."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from numpy.testing import assert_allclose
from support.reference import geoeas

from deposits.estimation.covariance import Covariance, Structure
from deposits.estimation.kriging import (
    Ordinary,
    Simple,
    Targets,
    Universal,
    krige,
    weights_of,
)
from deposits.estimation.samples import Samples
from deposits.estimation.search import Search
from deposits.grid import Grid
from deposits.orientation import Ellipsoid, isotropic

CLUSTER = Covariance(0.2, (Structure("spherical", 0.8, isotropic(10.0)),))
NESTED = Covariance(
    0.1,
    (
        Structure("spherical", 0.5, Ellipsoid(20.0, 10.0, 10.0, 45.0)),
        Structure("exponential", 0.4, Ellipsoid(30.0, 12.0, 10.0, 45.0)),
    ),
)
POINTS = Targets.of_grid(Grid((0, 0, 0), (1.0, 1.0, 1.0), (50, 50, 1)))
BLOCKS = Targets.of_grid(Grid((0, 0, 0), (5.0, 5.0, 1.0), (10, 10, 1)), discretisation=(4, 4, 1))
EIGHT = Search(isotropic(20.0), 4, 8)
SIXTEEN = Search(isotropic(20.0), 4, 16)
OCTANTS = Search(
    Ellipsoid(30.0, 15.0, 20.0, 45.0), 2, 12, sectors=8, most_per_sector=2, sector_axes="world"
)
MEAN = 2.302


def flat(xy, values, elevation=0.0):
    xy = np.asarray(xy, dtype=float)
    return Samples(np.column_stack([xy, np.full(len(xy), elevation)]), values)


def test_isaaks_and_srivastava_seven_samples():
    """Isaaks and Srivastava (1989), table 12.1, p. 291, and pp. 290-296."""
    xy = [(61, 139), (63, 140), (64, 129), (68, 128), (71, 140), (73, 141), (75, 128)]
    samples = flat(xy, [477, 696, 227, 646, 606, 791, 783])
    model = Covariance(0.0, (Structure("exponential", 10.0, isotropic(10.0)),))
    target = Targets(points=np.array([[65.0, 137.0, 0.0]]))
    everything = (Search(isotropic(100.0)),)
    got = krige(samples, target, model, everything)
    table = weights_of(samples, target, model, everything)
    assert_allclose(table.weight, [0.173, 0.318, 0.129, 0.086, 0.151, 0.057, 0.086], atol=1e-3)
    assert got.values[0, 0] == pytest.approx(592.7, abs=0.05)
    assert got.variance[0] == pytest.approx(8.96, abs=0.005)
    explained = 10.0 - got.variance[0]
    multiplier = explained - table.weight @ model.at(samples.points - target.points)
    assert abs(multiplier) == pytest.approx(0.907, abs=1e-3)
    # The textbook's slope from variances and the multiplier, its sign that of the book.
    slope = (explained + abs(multiplier)) / (explained + 2 * abs(multiplier))
    assert got.slope[0] == pytest.approx(slope, rel=1e-9)
    assert got.efficiency[0] == pytest.approx(explained / 10.0, rel=1e-12)


def test_the_linear_variogram_of_three_samples():
    """A worked example of Virginia Tech's kriging page: semivariance 4 h."""
    samples = flat([(1, 2), (4, 1), (6, 4)], [150.0, 110.0, 140.0])
    model = Covariance(0.0, (Structure("linear", 4.0, isotropic(1.0)),))
    targets = Targets(points=np.array([[3.0, 2, 0], [4.0, 4, 0]]))
    got = krige(samples, targets, model, (Search(isotropic(50.0)),))
    assert_allclose(got.values[:, 0], [128.9, 138.6], atol=0.05)
    assert_allclose(got.variance, [6.70, 10.4], atol=0.05)
    assert np.isnan(got.slope).all() and np.isnan(got.efficiency).all()


@pytest.mark.reference
@pytest.mark.parametrize(
    ("method", "estimate", "variance"),
    [
        (Simple((0.0,)), 2.243, 0.580),
        (Ordinary(), 2.507, 0.583),
        (Universal(("x", "y", "xy")), 1.435, 0.591),
    ],
)
def test_gstl_kt3d_single_node(method, estimate, variance):
    _, rows = geoeas("geostat/gsTL_kt3d/parta.dat")
    samples = flat(rows[:, :2], rows[:, 3], 1.0)
    model = Covariance(0.0, (Structure("exponential", 1.0, isotropic(10.0)),))
    target = Targets(points=np.array([[41.0, 29.0, 1.0]]))
    got = krige(samples, target, model, (Search(Ellipsoid(20.0, 20.0, 1.0), 7, 9),), method)
    assert got.values[0, 0] == pytest.approx(estimate, abs=5e-4)
    assert got.variance[0] == pytest.approx(variance, abs=5e-4)


def cluster():
    _, rows = geoeas("geostat/gslib/cluster.dat")
    return flat(rows[:, :2], rows[:, 2], 0.5)


def octant(x, y):
    if x <= 0 and y > 0:
        return 0
    if x > 0 and y >= 0:
        return 1
    return 2 if x < 0 and y <= 0 else 3


def accept(group, chosen, lags, search):
    """Take what limits allow of a group, in the order given."""
    chosen = list(chosen)
    for i in group:
        same = sum(octant(*lags[j, :2]) == octant(*lags[i, :2]) for j in chosen)
        room = search.most_per_sector is None or same < search.most_per_sector
        if len(chosen) < search.most and room:
            chosen.append(i)
    return frozenset(chosen)


def choices(samples, target, search):
    """Every set of samples that an order of those at equal distances can lead to."""
    lags = samples.points - target
    far = np.round(((lags @ search.ellipsoid.scaling().T) ** 2).sum(axis=1), 10)
    sets = {frozenset()}
    for distance in np.unique(far[far <= 1]):
        group = np.flatnonzero(far == distance)
        orders = list(itertools.permutations(group)) if group.size < 7 else [tuple(group)]
        sets = {accept(order, chosen, lags, search) for chosen in sets for order in orders}
    return sets


def solve(samples, rows, points, model, method):
    """Estimate and variance of a block from some samples, by numpy."""
    rows = np.array(sorted(rows))
    known, n = samples.points[rows], len(rows)
    lags = (known[:, None] - known[None]).reshape(-1, 3)
    c = model.at(lags).reshape(n, n)
    lags = (known[:, None] - points[None]).reshape(-1, 3)
    right = model.at(lags).reshape(n, -1)
    block = model.at((points[:, None] - points[None]).reshape(-1, 3)).reshape(len(points), -1)
    if len(points) > 1:
        right = right - model.nugget * (lags == 0).all(axis=1).reshape(n, -1)
        block = block - model.nugget * np.eye(len(points))
    right = right.mean(axis=1)
    values = samples.values[rows, 0]
    if isinstance(method, Simple):
        weights = np.linalg.solve(c, right)
        estimate = MEAN + weights @ (values - MEAN)
    else:
        system = np.block([[c, np.ones((n, 1))], [np.ones((1, n)), np.zeros((1, 1))]])
        weights = np.linalg.solve(system, np.append(right, 1.0))[:n]
        estimate = weights @ values
    return estimate, block.mean() - 2 * weights @ right + weights @ c @ weights


MAPS = [
    ("geostat/gslib/pygslib_kt3d.out", POINTS, CLUSTER, EIGHT, Simple((MEAN,)), 1e-5),
    ("geostat/gslib_outputs/sk_pt.out", POINTS, CLUSTER, EIGHT, Simple((MEAN,)), 5.1e-4),
    ("geostat/gslib_outputs/ok_pt.out", POINTS, CLUSTER, EIGHT, Ordinary(), 5.1e-4),
    ("geostat/gslib_outputs/ok_blk.out", BLOCKS, CLUSTER, SIXTEEN, Ordinary(), 5.1e-4),
    ("geostat/gslib_outputs/ok_blk_aniso_oct.out", BLOCKS, NESTED, OCTANTS, Ordinary(), 5.1e-4),
]


@pytest.mark.reference
@pytest.mark.parametrize(
    ("name", "targets", "model", "search", "method", "tolerance"),
    MAPS,
    ids=[case[0].rsplit("/", 1)[1] for case in MAPS],
)
def test_kt3d_maps_node_by_node(name, targets, model, search, method, tolerance):
    """Nodes differ only where samples at one distance compete for the last place.

    GSLIB sorts them by an unstable sort, we by number. At each such node one of the possible
    choices must give GSLIB's figures; at all others ours must.
    """
    samples = cluster()
    _, rows = geoeas(name)
    got = krige(samples, targets, model, (search,), method)
    ours = np.column_stack([got.values[:, 0], got.variance])
    differs = np.flatnonzero(np.abs(ours - rows).max(axis=1) > tolerance)
    assert np.isfinite(ours).all()
    assert differs.size < 0.1 * len(rows)
    offsets = targets.offsets(targets.sizes()[0])[0]
    for node in differs:
        point = targets.points[node]
        options = choices(samples, point, search)
        assert len(options) > 1
        answers = [solve(samples, o, point + offsets, model, method) for o in options]
        assert min(np.abs(np.array(answers) - rows[node]).max(axis=1)) <= tolerance


REFEREE_RANGES = Ellipsoid(60.0, 35.0, 15.0, 40.0, -25.0, 15.0)
REFEREE_MODEL = Covariance(0.3, (Structure("spherical", 1.7, REFEREE_RANGES),))
REFEREE_SEARCH = (Search(Ellipsoid(72.0, 42.0, 18.0, 40.0, -25.0, 15.0), 3, 16),)


def referee(gl, points, values=None):
    """A gstlearn database in units of the ranges, which its moving neighbourhood needs."""
    scaled = points @ REFEREE_RANGES.scaling().T
    table = gl.Db.createFromSamples(len(points), gl.ELoadBy.SAMPLE, [])
    for axis in range(3):
        table[f"x{axis}"] = scaled[:, axis]
    table.setLocators(["x0", "x1", "x2"], gl.ELoc.X)
    if values is not None:
        table["z"] = values
        table.setLocator("z", gl.ELoc.Z)
    return table


def referee_model(gl):
    model = gl.Model.createFromParam(gl.ECov.SPHERICAL, 1.0, 1.7)
    model.addCovFromParam(gl.ECov.NUGGET, 0.0, 0.3)
    model.setDriftIRF(0)
    return model


@pytest.fixture
def gl():
    gstlearn = pytest.importorskip("gstlearn")
    gstlearn.defineDefaultSpace(gstlearn.ESpaceType.RN, 3)
    return gstlearn


def referee_case():
    rng = np.random.default_rng(4)
    points = rng.uniform(0, 100, (200, 3)) * [1, 1, 0.4]
    nodes = rng.uniform(20, 80, (40, 3)) * [1, 1, 0.4]
    return Samples(points, rng.lognormal(size=200)), nodes


def test_gstlearn_agrees_on_points_in_three_dimensions(gl):
    samples, nodes = referee_case()
    got = krige(samples, Targets(points=nodes), REFEREE_MODEL, REFEREE_SEARCH)
    data, out = referee(gl, samples.points, samples.values[:, 0]), referee(gl, nodes)
    # Without coefficients it measures distances in plan only.
    neighbours = gl.NeighMoving.create(False, 16, 1.2, 3, 1, 16, [1.0, 1.0, 1.0])
    gl.kriging(data, out, referee_model(gl), neighbours)
    estimate, error = np.ravel(out["*estim"]), np.ravel(out["*stdev"])
    assert np.isfinite(estimate).sum() > 30
    assert_allclose(got.values[:, 0], estimate, rtol=1e-9)
    assert_allclose(got.variance, error**2, rtol=1e-9)


def test_gstlearn_agrees_on_blocks_as_means_of_their_points(gl):
    """A block is the mean of its points kriged from the same samples."""
    samples, nodes = referee_case()
    blocks = Targets(
        points=nodes[:8],
        block_size_m=np.array([8.0, 6.0, 4.0]),
        discretisation=(3, 2, 2),
        azimuth_deg=30.0,
    )
    got = krige(samples, blocks, REFEREE_MODEL, REFEREE_SEARCH)
    used = weights_of(samples, blocks, REFEREE_MODEL, REFEREE_SEARCH)
    offsets = blocks.offsets(blocks.sizes()[0])[0]
    for t in range(blocks.n):
        rows = used[used.target == t]["sample"].to_numpy()
        data = referee(gl, samples.points[rows], samples.values[rows, 0])
        out = referee(gl, nodes[t] + offsets)
        gl.kriging(data, out, referee_model(gl), gl.NeighUnique.create())
        assert_allclose(got.values[t, 0], np.ravel(out["*estim"]).mean(), rtol=1e-9)
