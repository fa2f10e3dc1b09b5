"""Local mine grids: the affine tie and what its residuals can say."""

import math

import numpy as np
import numpy.testing as npt
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deposits.errors import DataError
from deposits.gis.mine_grid import fit_mine_grid

LOCAL = np.array([[0.0, 0.0], [1000.0, 0.0], [1000.0, 800.0], [0.0, 800.0], [450.0, 300.0]])


def rotated(local, degrees, scale=1.0, origin=(467000.0, 4336000.0)):
    angle = math.radians(degrees)
    turn = [[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]]
    return scale * local @ np.array(turn).T + origin


@settings(deadline=None)
@given(st.floats(-179, 179), st.floats(0.99, 1.01), st.floats(-5e3, 5e3), st.floats(-5e3, 5e3))
def test_exact_control_gives_the_tie_back(degrees, scale, x, y):
    grid = fit_mine_grid(np.hstack([LOCAL, rotated(LOCAL, degrees, scale)]))
    npt.assert_allclose(
        grid.to_project(x, y), rotated(np.array([[x, y]]), degrees, scale), atol=1e-6
    )
    npt.assert_allclose(grid.to_local(*grid.to_project(x, y)[0]), [[x, y]], atol=1e-6)
    npt.assert_allclose(grid.scale, (scale, scale), rtol=1e-9)
    assert grid.rotation_deg == pytest.approx(degrees, abs=1e-7)
    assert grid.shear_deg == pytest.approx(0.0, abs=1e-7)
    assert grid.rms_m < 1e-6


def test_least_squares_agrees_with_the_normal_equations():
    rng = np.random.default_rng(5)
    given_xy = rotated(LOCAL, 12.0) + rng.normal(0, 0.2, LOCAL.shape)
    grid = fit_mine_grid(np.hstack([LOCAL, given_xy]))
    design = np.column_stack([LOCAL, np.ones(5)])
    referee = np.linalg.solve(design.T @ design, design.T @ (given_xy - [467000, 4336000]))
    expected = design @ referee + [467000, 4336000] - given_xy
    npt.assert_allclose(grid.residuals_m, expected, atol=1e-6)
    npt.assert_allclose(grid.residuals_m.sum(axis=0), 0.0, atol=1e-6)
    assert grid.rms_m == pytest.approx(np.sqrt((expected**2).sum(axis=1).mean()))
    assert grid.redundancy == 4


def test_three_points_fit_exactly_and_say_that_this_proves_nothing():
    grid = fit_mine_grid(
        np.hstack([LOCAL[:3], rotated(LOCAL[:3], 30) + np.array([[9, 0], [0, 0], [0, 0]])])
    )
    assert grid.redundancy == 0
    npt.assert_allclose(grid.residuals_m, 0.0, atol=1e-6)
    assert "nothing tests them" in str(grid.problems()[0])
    assert "no redundancy" in str(grid)


def test_a_wrong_control_point_shows_in_the_residuals_of_five():
    wrong = rotated(LOCAL, 30)
    wrong[4] += [20.0, 0.0]
    grid = fit_mine_grid(np.hstack([LOCAL, wrong]))
    assert np.hypot(*grid.residuals_m.T).argmax() == 4
    assert grid.rms_m > 1.0


def test_exchanged_axes_of_the_control_are_warned_of():
    control = np.hstack([LOCAL[:, ::-1], rotated(LOCAL, 0)])
    assert any("mirrored" in str(p) for p in fit_mine_grid(control).problems())


def test_feet_are_warned_of():
    control = np.hstack([LOCAL / 0.3048, rotated(LOCAL, 0)])
    assert any("not a metre" in str(p) for p in fit_mine_grid(control).problems())


def test_good_control_raises_no_warning():
    assert fit_mine_grid(np.hstack([LOCAL, rotated(LOCAL, 5, 0.9999)])).problems() == ()


def test_shear_leans_local_y_towards_x():
    lean = LOCAL @ np.array([[1.0, math.tan(math.radians(3.0))], [0.0, 1.0]]).T
    assert fit_mine_grid(np.hstack([LOCAL, lean])).shear_deg == pytest.approx(3.0)


@pytest.mark.parametrize(
    ("control", "words"),
    [
        (np.hstack([LOCAL[:2], LOCAL[:2]]), "too few"),
        (
            np.array([[0, 0, 0, 0], [1, 1, 5, 5], [2, 2, 9, 1]]),
            "one line, or on one spot, in the local",
        ),
        (np.array([[0, 0, 0, 0], [1, 0, 5, 5], [0, 2, 9, 9]]), "in the project"),
        (np.array([[0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]]), "one spot"),
        (np.array([[0, 0, 0, 0], [1, np.nan, 5, 5], [0, 2, 9, 1]]), "control point 2"),
        (np.ones((3, 3)), "four numbers"),
        (np.empty((0, 4)), "too few"),
    ],
)
def test_control_that_cannot_tie_a_grid_is_refused(control, words):
    with pytest.raises(DataError, match=words):
        fit_mine_grid(control)


def test_a_table_is_read_by_its_headers():
    table = pd.DataFrame(
        np.hstack([rotated(LOCAL, 9), LOCAL]), columns=["easting", "northing", "local_x", "local_y"]
    )
    assert fit_mine_grid(table).rotation_deg == pytest.approx(9.0)
    with pytest.raises(DataError, match='"northing" is missing'):
        fit_mine_grid(table.drop(columns="northing"))
