"""Experimental variograms: brute force, GSLIB's own output, gstlearn, and awkward samples."""

from __future__ import annotations

import itertools
import math

import numba
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from support.reference import geoeas, reference

from deposits.errors import DataError
from deposits.estimation.block_variance import block_points, block_variance, gammabar
from deposits.estimation.covariance import Covariance, Structure
from deposits.estimation.variogram_directions import (
    Cone,
    Direction,
    Lags,
    along_axes,
    omnidirectional,
    unit_vector,
)
from deposits.estimation.variogram_maps import (
    MapFrame,
    VariogramMap,
    suggest_directions,
    variogram_map,
)
from deposits.estimation.variogram_pairs import Pairing
from deposits.estimation.variography import (
    cross_variogram,
    downhole_variogram,
    experimental_variogram,
    standardised,
    variogram_matrix,
)
from deposits.laws.support import average_correlation
from deposits.orientation import Ellipsoid, isotropic, rotation_matrix

DIRECTIONS = (
    Direction(0.0, 0.0, 90.0, 90.0, name="all"),
    Direction(30.0, -20.0, 40.0, 35.0, 8.0, 9.0),
    Cone(120.0, -70.0, 35.0, 25.0),
    Cone(0.0, -90.0, 30.0, name="down"),
)
MEASURES = (
    "semivariogram",
    "covariance",
    "correlogram",
    "general_relative",
    "pairwise_relative",
    "madogram",
)


def samples(n=45, seed=3):
    """Points, grades with a mean far from 0, holes, weights; two samples coincide."""
    rng = np.random.default_rng(seed)
    points = rng.uniform(0, 60, (n, 3))
    points[1] = points[0]
    return points, rng.lognormal(1.0, 0.5, n), rng.integers(0, 6, n), rng.uniform(0.5, 2.0, n)


def passes(direction, lag):
    """Whether a lag is in a direction: geometry by vectors and angles, not the kernel's way."""
    h = np.linalg.norm(lag)
    if h == 0:
        return True
    unit = unit_vector(direction.azimuth_deg, direction.dip_deg)
    if isinstance(direction, Cone):
        angle = math.degrees(math.acos(min(1.0, abs(lag @ unit) / h)))
        across = np.linalg.norm(np.cross(lag, unit))
        return angle <= direction.tolerance_deg and across <= direction.radius_m
    plan = unit_vector(direction.azimuth_deg, 0.0)
    level = lag * [1, 1, 0]
    size = np.linalg.norm(level)
    if size > 0:
        angle = math.degrees(math.acos(min(1.0, abs(level @ plan) / size)))
        if angle > direction.azimuth_tolerance_deg:
            return False
        if np.linalg.norm(np.cross(level, plan)) > direction.horizontal_band_m:
            return False
    # The section through the pair, unfolded along the direction's own azimuth.
    along = size if level @ plan >= 0 else -size
    dip = math.radians(direction.dip_deg)
    angle = math.degrees(
        math.acos(min(1.0, abs(along * math.cos(dip) + lag[2] * math.sin(dip)) / h))
    )
    across = abs(lag[2] * math.cos(dip) - along * math.sin(dip))
    return angle <= direction.dip_tolerance_deg and across <= direction.vertical_band_m


def ordered_pairs(points, direction, lags, lag):
    """All ordered pairs (tail, head) of a direction and a lag class."""
    unit = unit_vector(direction.azimuth_deg, direction.dip_deg)
    tolerance = lags.tolerance_m or 0.5 * lags.size_m
    for i, j in itertools.permutations(range(len(points)), 2):
        d = points[j] - points[i]
        h = np.linalg.norm(d)
        inside = h == 0 if lag == 0 else h > 0 and abs(h - (lag - 1) * lags.size_m) <= tolerance
        if not inside or h > (lags.count + 0.5) * lags.size_m or not passes(direction, d):
            continue
        if not direction.is_omnidirectional and (d @ unit < 0 or (h == 0 and i > j)):
            continue
        yield i, j, h


def brute(points, tails, heads, direction, lags, lag, measure, weights, allowed):
    """Weighted mean distance, number of pairs and measure of one lag, by the textbook."""
    rows = [
        (weights[i] * weights[j], h, tails[i], heads[j])
        for i, j, h in ordered_pairs(points, direction, lags, lag)
        if allowed(i, j)
    ]
    if not rows:
        return 0, math.nan, math.nan
    w, h, t, u = np.array(rows).T
    w = w / w.sum()
    n = len(rows) // 2 if direction.is_omnidirectional else len(rows)
    mt, mu = w @ t, w @ u
    total = weights.sum()
    mean_t, mean_u = weights @ tails / total, weights @ heads / total
    variance = weights @ ((tails - mean_t) * (heads - mean_u)) / total
    covariance = w @ (t * u) - mt * mu
    spread = math.sqrt(max((w @ t**2 - mt**2) * (w @ u**2 - mu**2), 0.0))
    gamma = 0.5 * w @ (t - u) ** 2
    value = {
        "semivariogram": gamma,
        "covariance": variance - covariance,
        "correlogram": 1 - covariance / spread if spread > 0 else math.nan,
        "general_relative": gamma / ((mt + mu) / 2) ** 2,
        "pairwise_relative": 0.5 * w @ ((t - u) / ((t + u) / 2)) ** 2,
        "madogram": 0.5 * w @ np.abs(t - u),
    }[measure]
    return n, w @ h, value


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("direction", DIRECTIONS, ids=lambda d: d.name or str(d.azimuth_deg))
def test_every_measure_agrees_with_brute_force(measure, direction):
    points, values, holes, weights = samples()
    lags = Lags(5, 8.0, 5.0)
    pairing = Pairing(holes, "without", weights)
    found = experimental_variogram(points, values, DIRECTIONS, lags, measure, pairing).table
    number = DIRECTIONS.index(direction)
    rows = found.iloc[number * 7 : number * 7 + 7]
    for lag, row in enumerate(rows.itertuples()):
        n, h, gamma = brute(
            points, values, values, direction, lags, lag, measure, weights,
            lambda i, j: holes[i] != holes[j],
        )  # fmt: skip
        assert row.n_pairs == n
        assert_allclose(row.distance_m, h, rtol=1e-12)
        if n > 2:
            assert_allclose(row.gamma, gamma, rtol=1e-9)


@pytest.mark.parametrize("same_hole", ["all", "only", "without"])
def test_pairs_of_holes_add_up(same_hole):
    points, values, holes, _ = samples()
    pairing = Pairing(holes, same_hole)
    lags = Lags(15, 8.0)
    table = experimental_variogram(points, values, [omnidirectional()], lags, pairing=pairing).table
    same = sum(holes[i] == holes[j] for i, j in itertools.combinations(range(45), 2))
    allowed = {"all": 45 * 44 // 2, "only": same, "without": 45 * 44 // 2 - same}
    assert table["n_pairs"].sum() == allowed[same_hole]


@pytest.mark.reference
@pytest.mark.parametrize(
    ("first_line", "column", "measure"),
    [(1, 2, "semivariogram"), (40, 2, "correlogram"), (79, 3, "semivariogram")],
)
def test_gamv_of_gslib_is_reproduced_to_print(first_line, column, measure):
    _, data = geoeas("geostat/gslib/cluster.dat")
    points = np.column_stack([data[:, :2], np.zeros(len(data))])
    directions = [
        Direction(0.0, 0.0, 90.0, 90.0, 50.0, 50.0, "1"),
        Direction(0.0, 0.0, 22.5, 22.5, 25.0, 25.0, "2"),
        Direction(90.0, 0.0, 22.5, 22.5, 25.0, 25.0, "3"),
    ]
    ours = experimental_variogram(points, data[:, column], directions, Lags(10, 5.0, 3.0), measure)
    table = (standardised(ours) if measure == "semivariogram" else ours).table
    lines = reference("geostat/gslib_outputs/gamv.out").read_text().splitlines()
    block = lines[first_line - 1 : first_line + 38]
    theirs = np.array([[float(x) for x in line.split()[1:6]] for line in block if line[0] == " "])
    beyond = table["lag"].to_numpy() > 0
    # gamv counts both ways round of an omnidirectional pair.
    twice = np.where(table["direction"] == "1", 2, 1)[beyond]
    table, theirs = table[beyond], theirs[beyond]
    assert_array_equal(table["n_pairs"] * twice, theirs[:, 2])
    assert_allclose(table["distance_m"], theirs[:, 0], atol=5.1e-4)
    for name, place in (("gamma", 1), ("tail_mean", 3), ("head_mean", 4)):
        assert_allclose(table[name], theirs[:, place], atol=5.1e-6)


@pytest.mark.parametrize("cone", [True, False], ids=["cone", "omnidirectional"])
def test_gstlearn_agrees_in_three_dimensions(cone):
    gl = pytest.importorskip("gstlearn")
    gl.defineDefaultSpace(gl.ESpaceType.RN, 3)
    rng = np.random.default_rng(11)
    points, values = rng.uniform(0, 100, (300, 3)), rng.normal(size=300)
    db = gl.Db.createFromSamples(
        300, gl.ELoadBy.COLUMN, np.column_stack([points, values]).T.ravel(), ["x", "y", "z", "v"]
    )
    db.setLocators(["x", "y", "z"], gl.ELoc.X)
    db.setLocator("v", gl.ELoc.Z)
    direction = Cone(40.0, -30.0, 25.0) if cone else omnidirectional()
    unit = unit_vector(40.0, -30.0) if cone else np.array([1.0, 0.0, 0.0])
    tolerance = 25.0 if cone else 90.0
    rule = gl.DirParam.create(
        8, 10.0, 0.5, tolerance, 0, 0, math.nan, math.nan, 0.0, gl.VectorDouble(), unit
    )
    parameters = gl.VarioParam()
    parameters.addDir(rule)
    theirs = gl.Vario.computeFromDb(parameters, db)
    ours = experimental_variogram(points, values, [direction], Lags(8, 10.0)).table
    # gstlearn's first class reaches half a lag from 0, as our class 1; its last is our class 8.
    assert_array_equal(ours["n_pairs"][1:9], np.array(theirs.getSwVec(0, 0, 0))[:8])
    assert_allclose(ours["gamma"][1:9], np.array(theirs.getGgVec(0, 0, 0))[:8], rtol=1e-9)


def test_sums_do_not_depend_on_threads():
    points, values, holes, weights = samples(800, 5)
    tables = []
    before = numba.get_num_threads()
    for threads in (1, min(2, numba.config.NUMBA_NUM_THREADS)):
        numba.set_num_threads(threads)
        pairing = Pairing(holes, "all", weights)
        tables.append(
            experimental_variogram(points, values, DIRECTIONS, Lags(9, 5.0), pairing=pairing).table
        )
    numba.set_num_threads(before)
    assert_array_equal(
        tables[0].drop(columns="direction").to_numpy(float),
        tables[1].drop(columns="direction").to_numpy(float),
    )


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 1000), st.floats(0.01, 100), st.floats(-1e4, 1e4))
def test_order_scale_and_level_of_grades_change_nothing_else(seed, factor, level):
    points, values, _, _ = samples(30, seed)
    order = np.random.default_rng(seed).permutation(30)
    first = experimental_variogram(points, values, DIRECTIONS, Lags(5, 10.0)).table
    other = experimental_variogram(
        points[order], factor * values[order] + level, DIRECTIONS, Lags(5, 10.0)
    ).table
    assert_array_equal(first["n_pairs"], other["n_pairs"])
    assert_allclose(other["gamma"], factor**2 * first["gamma"], rtol=1e-6, atol=1e-9)


def test_large_coordinates_lose_nothing():
    points, values, _, _ = samples()
    points = np.round(points * 4) / 4
    near = experimental_variogram(points, values, DIRECTIONS, Lags(5, 10.0)).table
    far = experimental_variogram(points + 1e9, values, DIRECTIONS, Lags(5, 10.0)).table
    assert_array_equal(near["gamma"], far["gamma"])


def test_samples_without_value_or_place_are_left_out_and_counted():
    points, values, _, _ = samples()
    values[3], points[7, 2] = np.nan, np.nan
    found = experimental_variogram(points, values, DIRECTIONS, Lags(5, 10.0))
    kept = np.delete(np.arange(45), [3, 7])
    clean = experimental_variogram(points[kept], values[kept], DIRECTIONS, Lags(5, 10.0))
    assert (found.n_dropped, found.n_samples, clean.n_dropped) == (2, 43, 0)
    assert_array_equal(found.table["gamma"], clean.table["gamma"])


@pytest.mark.parametrize("values", [[], [1.0], [np.nan, 1.0, np.nan]])
def test_one_sample_makes_no_variogram(values):
    with pytest.raises(DataError, match="two samples"):
        experimental_variogram(np.zeros((len(values), 3)), values, DIRECTIONS, Lags(3, 1.0))


def test_duplicates_show_in_the_first_class_only():
    points = np.array([[0.0, 0, 0], [0, 0, 0], [10, 0, 0]])
    table = experimental_variogram(points, [1.0, 3.0, 2.0], [Cone(90.0)], Lags(1, 10.0)).table
    assert_array_equal(table["n_pairs"], [1, 0, 2])
    assert table["gamma"][0] == 2.0
    assert table["distance_m"][0] == 0.0


def test_equal_grades_have_no_variogram_to_speak_of():
    points, values, _, _ = samples()
    found = experimental_variogram(points, 0 * values + 2.3, DIRECTIONS, Lags(5, 10.0))
    assert np.nanmax(found.table["gamma"]) == 0.0
    with pytest.raises(DataError, match="do not vary"):
        standardised(found)


def test_a_line_of_samples_has_pairs_along_it_only():
    points = np.outer(np.arange(20.0), [0.0, 1.0, 0.0])
    directions = [Cone(0.0, name="along"), Cone(90.0, name="across")]
    table = experimental_variogram(points, np.arange(20.0), directions, Lags(5, 1.0)).table
    pairs = table.groupby("direction")["n_pairs"].sum()
    assert pairs["across"] == 0
    assert pairs["along"] == 19 + 18 + 17 + 16 + 15
    along = table[table["direction"] == "along"]
    assert_allclose(along["gamma"][2:], 0.5 * np.arange(1, 6) ** 2)
    assert_allclose(along["head_mean"][2:] - along["tail_mean"][2:], np.arange(1, 6))


def test_downhole_pairs_stay_in_their_hole():
    depths = np.array([0.5, 1.5, 2.5, 0.5, 1.5, 2.5])
    table = downhole_variogram(depths, [1, 2, 4, 10, 10, 10], list("aaabbb"), Lags(2, 1.0)).table
    assert_array_equal(table["n_pairs"], [0, 0, 4, 2])
    assert_allclose(table["gamma"][2:], [(0.5 + 2.0) / 4, 4.5 / 2])


def test_a_cross_variogram_with_itself_is_the_variogram():
    points, values, _, weights = samples()
    both = np.column_stack([values, values])
    pairing = Pairing(weights=weights)
    for measure in ("semivariogram", "covariance", "correlogram"):
        cross = cross_variogram(points, both, DIRECTIONS, Lags(5, 10.0), measure, pairing)
        own = experimental_variogram(points, values, DIRECTIONS, Lags(5, 10.0), measure, pairing)
        assert_allclose(cross.table["gamma"], own.table["gamma"], rtol=1e-9)


def test_cross_semivariance_follows_from_the_sum_of_both():
    points, sb, _, _ = samples()
    au = np.random.default_rng(8).normal(size=45)

    def gamma(values):
        return experimental_variogram(points, values, DIRECTIONS, Lags(5, 10.0)).table["gamma"]

    cross = cross_variogram(points, np.column_stack([sb, au]), DIRECTIONS, Lags(5, 10.0))
    expected = 0.5 * (gamma(sb + au) - gamma(sb) - gamma(au))
    assert_allclose(cross.table["gamma"], expected, atol=1e-10)
    assert_allclose(cross.variance, np.cov(sb, au, bias=True)[0, 1], rtol=1e-10)


def test_cross_covariance_of_heterotopic_samples_agrees_with_brute_force():
    points, sb, _, _ = samples()
    au = sb[::-1].copy()
    au[::3] = np.nan
    direction, lags = Cone(30.0, -10.0, 60.0), Lags(3, 15.0)
    table = cross_variogram(points, np.column_stack([sb, au]), [direction], lags, "covariance")
    rows = [
        (sb[i], au[j])
        for i, j, _ in ordered_pairs(points, direction, lags, 2)
        if not np.isnan(au[j])
    ]
    t, u = np.array(rows).T
    assert table.table["n_pairs"][2] == len(rows)
    assert_allclose(
        table.variance - table.table["gamma"][2], np.mean(t * u) - t.mean() * u.mean(), rtol=1e-9
    )


def test_all_elements_rest_on_the_same_pairs():
    points, sb, _, _ = samples()
    au = sb**2
    au[5] = np.nan
    found = variogram_matrix(points, np.column_stack([sb, au]), DIRECTIONS, Lags(5, 10.0))
    assert sorted(found) == [(0, 0), (0, 1), (1, 1)]
    assert all(one.n_dropped == 1 for one in found.values())
    assert_array_equal(found[0, 0].table["n_pairs"], found[1, 1].table["n_pairs"])


def test_a_map_agrees_with_brute_force_and_is_symmetric():
    points, values, _, _ = samples()
    angles = (40.0, -25.0, 15.0)
    frame = MapFrame((7.0, 9.0, 11.0), (3, 2, 1), angles)
    found = variogram_map(points, values, frame)
    assert_array_equal(found.gamma, found.gamma[::-1, ::-1, ::-1])
    axes = rotation_matrix(*angles)
    sums, pairs = np.zeros(found.gamma.shape), np.zeros(found.gamma.shape)
    for i, j in itertools.permutations(range(45), 2):
        steps = np.round(axes @ (points[j] - points[i]) / frame.cell_m)
        place = steps.astype(int) + np.array([3, 2, 1])
        if np.all(place >= 0) and np.all(place < found.gamma.shape):
            sums[tuple(place)] += 0.5 * (values[i] - values[j]) ** 2
            pairs[tuple(place)] += 1
    pairs[3, 2, 1] /= 2
    sums[3, 2, 1] /= 2
    assert_array_equal(found.n_pairs, pairs)
    there = pairs > 0
    assert_allclose(found.gamma[there], sums[there] / pairs[there], rtol=1e-9)
    assert len(found.as_frame()) == found.gamma.size


@settings(max_examples=25, deadline=None)
@given(st.floats(0, 359), st.floats(-80, -5), st.floats(-80, 80))
def test_directions_suggested_from_a_map_are_those_of_its_model(azimuth, dip, rake):
    ranges = Ellipsoid(60.0, 30.0, 15.0, azimuth, dip, rake)
    model = Covariance(0.1, (Structure("spherical", 1.0, ranges),))
    frame = MapFrame((4.0, 4.0, 4.0), (6, 6, 6))
    empty = VariogramMap(frame, np.empty(0), np.empty(0, dtype=np.int64), 1.0, 0)
    lags = empty.lags()
    gamma = model.variogram(lags.reshape(-1, 3)).reshape(lags.shape[:3])
    pairs = np.full(gamma.shape, 100)
    pairs[6, 6, 6] = 0
    found = suggest_directions(VariogramMap(frame, gamma, pairs, 1.1, 0))
    axes = rotation_matrix(found.azimuth_deg, found.dip_deg, found.rake_deg)
    assert_allclose(np.abs(np.diag(axes @ ranges.axes().T)), 1.0, atol=0.01)
    assert found.dip_deg <= 0
    assert found.steepness[0] < found.steepness[1] < found.steepness[2]


def test_directions_in_a_plane_stay_in_it():
    rng = np.random.default_rng(2)
    angles = (70.0, -30.0, 20.0)
    frame = MapFrame((5.0, 5.0, 4.0), (6, 6, 0), angles)
    axes = rotation_matrix(*angles)
    inside = rng.uniform(-40, 40, (700, 3)) * [1, 1, 0.01]
    points = inside @ axes
    values = np.sin(inside[:, 1] / 12.0)
    found = suggest_directions(variogram_map(points, values, frame))
    major = unit_vector(found.azimuth_deg, found.dip_deg)
    assert abs(major @ axes[0]) > 0.99
    assert abs(major @ axes[2]) < 1e-9
    assert math.isnan(found.steepness[2])


def test_a_map_of_few_pairs_suggests_nothing():
    points, values, _, _ = samples(5)
    with pytest.raises(DataError, match="too few cells"):
        suggest_directions(variogram_map(points, values, MapFrame((5.0,) * 3, (3, 3, 3))))


def test_cones_follow_the_axes_of_an_ellipsoid():
    ranges = Ellipsoid(3.0, 2.0, 1.0, 35.0, -40.0, 25.0)
    for cone, axis in zip(along_axes(ranges), ranges.axes(), strict=True):
        assert_allclose(unit_vector(cone.azimuth_deg, cone.dip_deg), axis, atol=1e-12)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: Lags(0, 1.0),
        lambda: Lags(3, 0.0),
        lambda: Lags(3, 1.0, 0.0),
        lambda: Direction(math.nan),
        lambda: Direction(0.0, azimuth_tolerance_deg=0.0),
        lambda: Cone(0.0, tolerance_deg=-1.0),
        lambda: Cone(0.0, radius_m=0.0),
        lambda: MapFrame((1.0, 1.0, 0.0), (1, 1, 0)),
        lambda: MapFrame((1.0, 1.0, 1.0), (0, 0, 0)),
        lambda: Pairing(same_hole="only"),
        lambda: experimental_variogram(np.zeros((3, 2)), [1, 2, 3], DIRECTIONS, Lags(1, 1.0)),
        lambda: experimental_variogram(np.zeros((3, 3)), [1, 2, 3], [], Lags(1, 1.0)),
        lambda: experimental_variogram(np.zeros((2, 3)), [1, 2], [Cone(0), Cone(0)], Lags(1, 1.0)),
    ],
)
def test_what_cannot_be_meant_is_refused(wrong):
    with pytest.raises(ValueError):
        wrong()


def test_negative_weights_are_refused():
    points, values, _, weights = samples()
    weights[0] = -1.0
    with pytest.raises(DataError, match="negative"):
        experimental_variogram(
            points, values, DIRECTIONS, Lags(1, 1.0), pairing=Pairing(weights=weights)
        )


BLOCK = Covariance(0.3, (Structure("spherical", 1.0, Ellipsoid(60, 40, 20, 30, -20, 10)),))


def test_block_variance_is_the_mean_of_all_pairs_of_cells():
    size, cells = (10.0, 20.0, 5.0), (3, 4, 2)
    points = block_points(size, cells)
    lags = (points[:, None] - points).reshape(-1, 3)
    assert_allclose(gammabar(BLOCK, size, cells), BLOCK.variogram(lags).mean(), rtol=1e-12)
    without = Covariance(0.0, BLOCK.structures)
    assert_allclose(block_variance(BLOCK, size, cells), without.at(lags).mean(), rtol=1e-12)


def test_block_variance_falls_to_its_limit_as_cells_get_smaller():
    model = Covariance(0.0, (Structure("spherical", 1.0, isotropic(40.0)),))
    limit = average_correlation("spherical", (0.25, 0.5, 0.125))
    coarse, fine = (block_variance(model, (10, 20, 5), (n, n, n)) for n in (10, 20))
    assert limit < fine < coarse
    # The error falls with the square of the cell's edge.
    assert_allclose(fine - (coarse - fine) / 3.0, limit, rtol=2e-5)


def test_a_point_keeps_its_variance_without_the_nugget():
    assert_allclose(block_variance(BLOCK, (0, 0, 0), (1, 1, 1)), 1.0)
    assert_allclose(gammabar(BLOCK, (0, 0, 0), (1, 1, 1)), 0.0, atol=1e-15)


def test_a_block_must_be_one():
    linear = Covariance(0.0, (Structure("linear", 1.0, isotropic(10.0)),))
    for model, size, cells in (
        (BLOCK, (1, 1), (1, 1, 1)),
        (BLOCK, (1, 1, -1), (1, 1, 1)),
        (BLOCK, (1, 1, 1), (1, 1, 0)),
        (linear, (1, 1, 1), (2, 2, 2)),
    ):
        with pytest.raises(ValueError):
            block_variance(model, size, cells)
