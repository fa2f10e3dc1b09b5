"""Do slopes become the blocks that a block needs, and are impossible slopes refused?"""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.closures import arcs_of, minelib_pit

from deposits.blockmodel import infer_grid
from deposits.errors import DataError
from deposits.grid import Grid
from planning.limits.precedence import ArcPrecedence, ConePrecedence, as_arcs
from planning.limits.slope_fit import achieved_angles, slope_fit
from planning.limits.slopes import (
    SlopeBand,
    SlopeSector,
    SlopeZone,
    angles_at,
    cone_precedence,
    uniform_slope,
)

CUBES = Grid((0.0, 0.0, 0.0), (10.0, 10.0, 10.0), (11, 11, 9))
MARVIN = {(0, 0, 1), (1, 0, 1), (-1, 0, 1), (0, 1, 1), (0, -1, 1)}
MARVIN |= {(a, b, 3) for a in (-2, 2) for b in (-2, 2)}
MARVIN |= {(a * s, b * t, 5) for a, b in ((4, 3), (3, 4)) for s in (-1, 1) for t in (-1, 1)}


def needed(cone: ConePrecedence | ArcPrecedence, block: int) -> set[int]:
    """Every block that a block needs, at any height."""
    arcs = as_arcs(cone) if isinstance(cone, ConePrecedence) else cone
    found, waiting = {block}, [block]
    while waiting:
        for other in arcs.predecessors(waiting.pop()).tolist():
            if other not in found:
                found.add(other)
                waiting.append(other)
    return found


def in_cone(grid: Grid, block: int, cot_of_azimuth, levels: int) -> set[int]:
    """Blocks at most some levels up whose centre lies in the cone, by its definition."""
    centres = grid.centres(np.arange(grid.n_blocks))
    apart = centres - centres[block]
    rise = apart[:, 2]
    azimuth = np.degrees(np.arctan2(apart[:, 0], apart[:, 1]))
    reach = rise * cot_of_azimuth(azimuth)
    inside = np.hypot(apart[:, 0], apart[:, 1]) <= reach * (1 + 1e-9) + 1e-9
    inside &= (rise > 0) & (rise < (levels + 0.5) * grid.size_m[2])
    return set(np.flatnonzero(inside).tolist()) | {block}


def test_forty_five_degrees_and_eight_levels_are_marvins_seventeen_offsets():
    (pattern,) = cone_precedence(CUBES, {0: uniform_slope(45.0)}, levels=8).patterns
    assert {tuple(offset) for offset in pattern.tolist()} == MARVIN
    assert len(pattern) == 17


@pytest.mark.reference
def test_marvins_official_arcs_come_out_to_the_last():
    _, official, places, _ = minelib_pit("marvin")
    shape = tuple(int(n) for n in places.max(axis=0) + 1)
    grid = Grid((0.0, 0.0, 0.0), (30.0, 30.0, 30.0), shape)
    arcs = as_arcs(cone_precedence(grid, {0: uniform_slope(45.0)}, levels=8))
    assert official_of_grid(grid, arcs, places) == set(arcs_of(official))
    assert official.n_arcs == 650_631


@pytest.mark.reference
def test_newman1s_official_arcs_are_forty_five_degrees_at_one_level():
    _, official, places, _ = minelib_pit("newman1")
    shape = tuple(int(n) for n in places.max(axis=0) + 1)
    grid = Grid((0.0, 0.0, 0.0), (1.0, 1.0, 1.0), shape)
    arcs = as_arcs(cone_precedence(grid, {0: uniform_slope(45.0)}, levels=1))
    assert official_of_grid(grid, arcs, places) == set(arcs_of(official))


@pytest.mark.reference
def test_zuck_smalls_official_arcs_are_one_pattern_everywhere():
    _, official, places, _ = minelib_pit("zuck_small")
    tails = np.repeat(np.arange(len(places)), np.diff(official.indptr))
    offsets = np.unique(places[official.indices] - places[tails], axis=0)
    assert len(offsets) == 32
    shape = tuple(int(n) for n in places.max(axis=0) + 1)
    grid = Grid((0.0, 0.0, 0.0), (1.0, 1.0, 1.0), shape)
    arcs = as_arcs(ConePrecedence(shape, (offsets,)))
    assert official_of_grid(grid, arcs, places) == set(arcs_of(official))


def official_of_grid(grid, arcs, places):
    """Arcs of a full grid between those of its blocks that an instance has, by its numbers."""
    number = np.full(grid.n_blocks, -1)
    number[grid.index(*places.T)] = np.arange(len(places))
    tails = np.repeat(np.arange(grid.n_blocks), np.diff(arcs.indptr))
    pairs = np.column_stack([number[tails], number[arcs.indices]])
    return set(map(tuple, pairs[(pairs >= 0).all(axis=1)].tolist()))


sizes = st.sampled_from([5.0, 8.0, 10.0, 25.0])
angles = st.floats(28.0, 75.0).map(lambda a: round(a, 2))


@settings(max_examples=40)
@given(st.tuples(sizes, sizes, sizes), angles, st.sampled_from([0.0, 33.0, -17.5]))
def test_a_block_needs_exactly_what_lies_in_its_cone(size, angle, azimuth):
    grid = Grid((100.0, 200.0, 50.0), size, (9, 9, 5), azimuth)
    cone = cone_precedence(grid, {3: uniform_slope(angle)}, levels=4)
    for block in (4 + 9 * 4, 0, 8 + 9 * 2):
        expected = in_cone(grid, block, lambda _: 1 / math.tan(math.radians(angle)), 4)
        assert needed(cone, block) == expected


@settings(max_examples=40)
@given(st.floats(30.0, 60.0), st.floats(0.0, 359.0), st.sampled_from([0.0, 30.0, -120.0]))
def test_what_sectors_ask_for_is_always_needed(flat, seam, azimuth):
    sectors = (SlopeSector(seam, (seam + 130) % 360, flat),)
    sectors += (SlopeSector((seam + 130) % 360, seam, flat + 15),)
    grid = Grid((0.0, 0.0, 0.0), (10.0, 10.0, 8.0), (9, 9, 5), azimuth)
    cone = cone_precedence(grid, {0: SlopeZone(sectors)}, levels=4)

    def cot(angle_of):
        return 1 / np.tan(np.radians(angles_at(sectors, angle_of)))

    block = 4 + 9 * 4
    assert needed(cone, block) >= in_cone(grid, block, cot, 4)


def test_no_offset_is_a_sum_of_others():
    for zone in (uniform_slope(38.0), uniform_slope(52.0)):
        grid = Grid((0.0, 0.0, 0.0), (12.0, 10.0, 9.0), (5, 5, 5))
        (pattern,) = cone_precedence(grid, {0: zone}, levels=5).patterns
        offsets = [tuple(offset) for offset in pattern.tolist()]
        for left in offsets:
            sums = {(0, 0, 0)}
            for _ in range(5):
                sums |= {
                    tuple(a + b for a, b in zip(one, other, strict=True))
                    for one in sums
                    for other in offsets
                    if other != left and one[2] + other[2] <= left[2]
                }
            assert left not in sums


def test_walls_of_a_rotated_grid_face_the_true_azimuth():
    # Flat towards the east; the grid is turned by 90 degrees, so its own northing points east.
    zone = SlopeZone((SlopeSector(60, 120, 30.0), SlopeSector(120, 60, 80.0)))
    grid = Grid((0.0, 0.0, 0.0), (10.0, 10.0, 10.0), (7, 7, 3), 90.0)
    (pattern,) = cone_precedence(grid, {0: zone}, levels=1).patterns
    assert {tuple(offset) for offset in pattern.tolist()} == {(0, 0, 1), (0, 1, 1)}
    fit = slope_fit(grid, {0: zone}, levels=1).table.set_index("azimuth_deg")["achieved_deg"]
    assert fit[90.0] == pytest.approx(45.0)
    assert fit[270.0] == fit[0.0] == 90.0


def test_on_a_seam_the_flatter_angle_counts_and_beside_it_the_stated_one():
    sectors = (SlopeSector(350, 90, 40.0), SlopeSector(90, 350, 60.0))
    azimuths = [90.0, 90.0 + 1e-6, 90.0 - 1e-6, 350.0, 350.0 - 1e-6, 0.0, 360.0, -1.0, 200.0]
    expected = [40.0, 60.0, 40.0, 40.0, 60.0, 40.0, 40.0, 40.0, 60.0]
    np.testing.assert_array_equal(angles_at(sectors, azimuths), expected)


def test_a_centre_on_the_cone_is_in_it_and_a_hair_outside_is_not():
    for angle, inside in ((45.0, True), (45.0 - 1e-5, True), (45.0 + 1e-5, False)):
        (pattern,) = cone_precedence(CUBES, {0: uniform_slope(angle)}, levels=1).patterns
        assert (len(pattern) == 5) is inside


def test_zones_have_their_own_patterns_and_air_too():
    rock = np.where(np.arange(CUBES.n_blocks) % 2, 7, 2)
    zones = {7: uniform_slope(45.0), 2: uniform_slope(80.0)}
    cone = cone_precedence(CUBES, zones, rock, levels=1)
    assert [len(pattern) for pattern in cone.patterns] == [1, 5]
    np.testing.assert_array_equal(cone.zone, rock == 7)


def test_through_bands_the_radius_grows_by_each_bands_angle():
    zone = SlopeZone((SlopeSector(0, 360, 60.0),), (SlopeBand(45.0, (SlopeSector(0, 360, 30.0),)),))
    grid = Grid((0.0, 0.0, 0.0), (3.0, 3.0, 10.0), (41, 41, 9))
    cone = as_arcs(cone_precedence(grid, {0: zone}, levels=3))
    middle = 20 + 41 * 20
    for bench in range(6):
        block = middle + 41 * 41 * bench
        got = needed(cone, block)
        for up in range(1, 4):
            low, high = 10.0 * bench + 5.0, 10.0 * (bench + up) + 5.0
            below = min(max(45.0 - low, 0.0), high - low)
            reach = below / math.tan(math.radians(30)) + (high - low - below) / math.tan(
                math.radians(60)
            )
            wide = sum(block + 41 * 41 * up + i in got for i in range(21))
            assert wide == int(reach * (1 + 1e-9) // 3.0) + 1


def test_everything_wrong_with_slopes_is_said_at_once():
    zones = {
        1: SlopeZone((SlopeSector(0, 360, 90.0),)),
        2: SlopeZone((SlopeSector(0, 360, 0.0),)),
        3: SlopeZone((SlopeSector(0, 200, 45.0), SlopeSector(180, 350, 45.0))),
        4: SlopeZone(
            (SlopeSector(0, 360, 45.0),),
            (SlopeBand(10.0, (SlopeSector(0, 180, 45.0),)), SlopeBand(20.0, ())),
        ),
        300: uniform_slope(45.0),
        5: SlopeZone((SlopeSector(20, 20, -3.0), SlopeSector(20, 400, math.nan))),
    }
    rock = np.full(CUBES.n_blocks, 9)
    with pytest.raises(DataError) as caught:
        cone_precedence(CUBES, zones, rock, levels=0)
    facts = [f"{p.place}: {p.fact}" for p in caught.value.problems]
    for words in (
        "zone 1, azimuth 0 to 360: a wall can be neither flat nor upright",
        "zone 2, azimuth 0 to 360: a wall can be neither flat nor upright",
        "zone 3: sectors overlap",
        "zone 3: sectors leave a gap",
        "zone 4, band below 10 m: sectors leave a gap",
        "zone 4, band below 20 m: there is no sector",
        "zone 4, band below 20 m: bands run from above downwards",
        "zone 5, azimuth 20 to 20: a wall can be neither flat nor upright",
        "zone 5, azimuth 20 to 20: a range of azimuths",
        "zone 5, azimuth 20 to 400: a wall can be neither flat nor upright",
        "slopes: a zone number",
        "slopes: levels of the slope pattern",
        f"zone 9, {CUBES.n_blocks:,} blocks: a zone has no slope",
    ):
        assert words in facts


@pytest.mark.parametrize("angle", [0.0, 90.0, -1.0, 180.0, math.nan, math.inf])
def test_flat_and_upright_walls_are_refused(angle):
    with pytest.raises(DataError, match="neither flat nor upright"):
        cone_precedence(CUBES, {0: uniform_slope(angle)})


@pytest.mark.parametrize("angle", [1e-3, 0.5])
def test_a_slope_too_flat_for_its_levels_is_refused(angle):
    with pytest.raises(DataError, match="too many blocks"):
        cone_precedence(CUBES, {0: uniform_slope(angle)}, levels=30)


def test_several_zones_need_zones_of_blocks_and_these_must_fit():
    zones = {0: uniform_slope(40.0), 1: uniform_slope(50.0)}
    with pytest.raises(DataError, match="no zones of blocks"):
        cone_precedence(CUBES, zones)
    with pytest.raises(DataError, match="one zone number a block"):
        cone_precedence(CUBES, zones, np.zeros(3, dtype=int))
    with pytest.raises(DataError, match="no slope at all"):
        cone_precedence(CUBES, {})


def test_more_cones_than_a_byte_can_number_are_refused():
    bands = tuple(SlopeBand(200.0 - 10.5 * i, (SlopeSector(0, 360, 40.0 + i),)) for i in range(18))
    zones = {z: SlopeZone((SlopeSector(0, 360, 35.0 + z),), bands) for z in range(14)}
    grid = Grid((0.0, 0.0, 0.0), (10.0, 10.0, 10.0), (2, 2, 22))
    with pytest.raises(DataError, match="too many different cones"):
        cone_precedence(grid, zones, np.zeros(grid.n_blocks, dtype=int), levels=2)


def test_block_sizes_that_are_not_multiples_are_no_grid():
    centres = [0.0, 10.0, 20.0, 33.0]
    table = pd.DataFrame({"easting": centres, "northing": centres, "elevation": centres})
    with pytest.raises(DataError, match="no regular grid"):
        infer_grid(table)


def test_the_achieved_slope_is_that_of_the_patterns_hull():
    pattern = np.array([[0, 0, 1], [1, 0, 1], [-1, 0, 1], [0, 1, 1], [0, -1, 1]])
    got = achieved_angles(CUBES, pattern, np.array([0.0, 45.0, 90.0, 180.0]))
    diagonal = math.degrees(math.atan(math.sqrt(2)))
    np.testing.assert_allclose(got, [45.0, diagonal, 45.0, 45.0])
    straight = achieved_angles(CUBES, np.array([[0, 0, 1]]), np.array([0.0, 77.0]))
    np.testing.assert_array_equal(straight, [90.0, 90.0])
    east = achieved_angles(CUBES, np.array([[0, 0, 1], [1, 0, 1]]), np.array([90.0, 0.0, 270.0]))
    np.testing.assert_allclose(east, [45.0, 90.0, 90.0])


@settings(max_examples=20)
@given(angles, st.integers(2, 6))
def test_a_uniform_slope_is_never_achieved_too_flat_and_more_levels_come_closer(angle, levels):
    grid = Grid((0.0, 0.0, 0.0), (10.0, 10.0, 7.0), (5, 5, 5), 20.0)
    few = slope_fit(grid, {0: uniform_slope(angle)}, levels).table["error_deg"]
    more = slope_fit(grid, {0: uniform_slope(angle)}, levels + 4).table["error_deg"]
    assert few.min() >= -1e-6
    assert more.max() <= few.max() + 1e-9


def test_the_fit_says_where_the_largest_errors_are():
    zone = SlopeZone((SlopeSector(0, 90, 35.0), SlopeSector(90, 360, 55.0)))
    fit = slope_fit(CUBES, {1: zone, 2: uniform_slope(45.0)})
    assert len(fit.table) == 720
    assert set(fit.table.loc[fit.table["zone"] == 2, "offsets"]) == {17}
    steep = fit.table["error_deg"].max()
    assert f"{steep:.2f} degrees" in str(fit)
    # Beside the flat sector the steep one is flattened: a cone of sums has no re-entrant side.
    assert "most too flat" in str(fit)
    assert fit.table["error_deg"].min() < -1
    assert "<table>" in fit._repr_html_()
