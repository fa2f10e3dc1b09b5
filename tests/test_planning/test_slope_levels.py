"""How many levels does a slope take, and do refusals of slopes say where to look?"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deposits.errors import DataError
from deposits.grid import Grid
from planning.limits.slope_checks import grid_problems, zone_problems
from planning.limits.slope_fit import LEVELS, levels_for, slope_fit
from planning.limits.slopes import SlopeBand, SlopeSector, SlopeZone, uniform_slope

DEMO = Grid((0.0, 0.0, 0.0), (10.0, 10.0, 5.0), (102, 130, 88), azimuth_deg=30.0)
TWO_WALLS = SlopeZone((SlopeSector(210, 30, 48.0), SlopeSector(30, 210, 42.0)))
CUBES = Grid((0.0, 0.0, 0.0), (10.0, 10.0, 10.0), (60, 60, 40))


def worst(grid, zones, levels):
    return float(slope_fit(grid, zones, levels).table["error_deg"].max())


def test_eight_levels_leave_the_demo_too_steep_and_twenty_do_not():
    assert worst(DEMO, {0: TWO_WALLS}, 8) > 2.9
    assert levels_for(DEMO, {0: TWO_WALLS}) == 20
    assert worst(DEMO, {0: TWO_WALLS}, 20) <= 0.5 < worst(DEMO, {0: TWO_WALLS}, 16)


@settings(max_examples=25, deadline=None)
@given(
    st.tuples(*[st.sampled_from([4.0, 5.0, 10.0])] * 3),
    st.floats(0.0, 360.0),
    st.tuples(st.floats(35.0, 60.0), st.floats(35.0, 60.0), st.floats(35.0, 60.0)),
    st.tuples(st.integers(0, 179), st.integers(180, 359)),
    st.sampled_from([0.25, 0.5, 1.0, 2.0]),
)
def test_the_fewest_levels_are_found_that_the_patterns_themselves_bear_out(
    size, azimuth, angles, seams, most
):
    grid = Grid((0.0, 0.0, 0.0), size, (50, 50, 21), azimuth_deg=azimuth)
    split = (SlopeSector(*seams, angles[0]), SlopeSector(*seams[::-1], angles[1]))
    banded = SlopeZone(split, (SlopeBand(30.0, (SlopeSector(0, 360, angles[2]),)),))
    zones = {0: banded, 3: uniform_slope(angles[2])}
    errors = {levels: worst(grid, zones, levels) for levels in (8, 12, 16, 20)}
    good = [levels for levels, error in errors.items() if error <= most]
    found = levels_for(grid, zones, most)
    if good:
        assert found == good[0]
    else:
        assert errors[found] == pytest.approx(min(errors.values()), abs=1e-9)


def test_where_no_levels_are_close_enough_the_fewest_of_the_closest_are_taken():
    found = levels_for(DEMO, {0: TWO_WALLS}, 0.0)
    errors = {levels: worst(DEMO, {0: TWO_WALLS}, levels) for levels in (32, 40, 48)}
    assert found == 40
    assert errors[32] > errors[40] == pytest.approx(errors[48], abs=1e-9)


@pytest.mark.parametrize(("benches", "levels"), [(1, 1), (2, 1), (6, 5), (9, 8), (11, 10)])
def test_no_more_levels_are_followed_than_the_grid_has_benches(benches, levels):
    grid = Grid((0.0, 0.0, 0.0), (10.0, 10.0, 5.0), (9, 9, benches))
    assert levels_for(grid, {0: TWO_WALLS}, 1e-6) == levels


def test_flat_slopes_are_followed_over_as_many_levels_as_they_can_be():
    # 1 degree from cubes: L levels reach 57 L blocks, 4 million on a bench beyond 17.
    grid = Grid((0.0, 0.0, 0.0), (2.0, 2.0, 2.0), (9, 9, 80))
    found = levels_for(grid, {0: uniform_slope(1.0)}, 0.0)
    assert found in LEVELS
    assert 8 <= found < 20
    with pytest.raises(DataError, match="too many blocks"):
        levels_for(grid, {0: uniform_slope(0.1)})


def test_slopes_that_cannot_be_right_have_no_levels():
    with pytest.raises(DataError, match="neither flat nor upright"):
        levels_for(CUBES, {0: uniform_slope(90.0)})
    with pytest.raises(DataError, match="no slope at all"):
        levels_for(CUBES, {})


WRONG = {
    0: SlopeZone((SlopeSector(0, 180, 45.0),)),
    7: SlopeZone(
        (SlopeSector(0, 200, 95.0), SlopeSector(180, 360, 45.0)),
        (SlopeBand(5.0, ()), SlopeBand(50.0, (SlopeSector(10, 10, 45.0),))),
    ),
    300: uniform_slope(45.0),
}


def test_a_refused_slope_says_where_it_stands_and_what_its_zone_is_called():
    problems = zone_problems(WRONG, "study.toml, key pit.slopes", {0: "", 7: "oxide"})
    said = [str(problem) for problem in problems]
    assert said[0] == (
        "study.toml, key pit.slopes: sectors leave a gap; found no slope from azimuth 180 to 0; "
        "allowed sectors all around. End each sector where the next begins."
    )
    assert "study.toml, key pit.slopes, zone oxide: sectors overlap" in " ".join(said)
    assert "pit.slopes, zone oxide, band below 50 m: bands run from above downwards" in str(said)
    assert all(line.startswith("study.toml, key pit.slopes") for line in said)


def test_every_refusal_of_a_slope_has_what_was_found_allowed_and_a_remedy():
    flat = {0: uniform_slope(1e-3), 1: uniform_slope(45.0)}
    problems = [
        *zone_problems(WRONG),
        *zone_problems({}),
        *grid_problems(CUBES, flat, None, 0),
        *grid_problems(CUBES, flat, np.zeros(3), 8, "a.toml", {0: "ore", 1: "waste"}),
        *grid_problems(CUBES, flat, np.full(CUBES.n_blocks, 9), 30, "a.toml"),
    ]
    assert len(problems) >= 13
    for problem in problems:
        assert problem.place
        assert problem.found
        assert problem.allowed
        assert problem.remedy
    assert "a.toml, zone ore: the slope is so flat" in " ".join(map(str, problems))


def test_without_a_place_zones_go_by_their_numbers():
    assert [p.place for p in zone_problems(WRONG)][:1] == ["zone 0"]
