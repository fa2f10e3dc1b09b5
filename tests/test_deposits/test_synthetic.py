"""Does the SYNTHETIC deposit hold what it says it holds?"""

import dataclasses
import functools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deposits.estimation.covariance import Covariance, Structure
from deposits.evidence.density import ore_density
from deposits.grid import Grid
from deposits.orientation import Ellipsoid
from deposits.synthetic import (
    Campaign,
    DepositDesign,
    Fault,
    Populations,
    drill,
    make_deposit,
    mixture,
    true_blocks,
    true_grade_tonnage,
)
from deposits.synthetic.gaussian import embed, micro_structure, simulate
from deposits.synthetic.paths import HolePath, trace
from deposits.synthetic.shape import ROCKS, make_shape
from deposits.synthetic.wireframe import horizon_bodies, volume_m3


@functools.cache
def demo():
    return make_deposit(DepositDesign())


@functools.cache
def drilled(seed=1):
    return drill(demo(), Campaign(seed=seed))


@functools.cache
def selection_units():
    return true_blocks(demo(), demo().grid((10.0, 10.0, 5.0)), part="horizon")


def tonnes_mean(blocks, column="sb_pct"):
    return np.average(blocks[column], weights=blocks["tonnage_t"])


# Conservation


def test_metal_is_the_same_on_any_blocks():
    fine = true_blocks(demo(), demo().grid((5.0, 5.0, 2.5)), part="horizon")
    coarse = selection_units()
    assert fine["tonnage_t"].sum() == pytest.approx(coarse["tonnage_t"].sum(), rel=1e-9)
    assert tonnes_mean(fine) == pytest.approx(tonnes_mean(coarse), rel=1e-9)


def test_a_turned_grid_changes_the_metal_little():
    turned = demo().grid((10.0, 10.0, 5.0))
    east, north, low = turned.origin_m
    upright = Grid(
        (east - 300.0, north - 400.0, low), (10.0, 10.0, 5.0), (130, 120, turned.shape[2])
    )
    blocks = true_blocks(demo(), upright, part="horizon")
    metal = [(b["tonnage_t"] * b["sb_pct"]).sum() for b in (blocks, selection_units())]
    assert metal[0] == pytest.approx(metal[1], rel=0.005)


def test_whole_blocks_hold_the_horizon_and_barren_wall_rock():
    grid = demo().grid((10.0, 10.0, 5.0))
    whole, inside = true_blocks(demo(), grid), selection_units()
    assert whole["block"].equals(inside["block"])
    assert (whole["tonnage_t"] >= inside["tonnage_t"] * (1 - 1e-12)).all()
    metal = [(b["tonnage_t"] * b["sb_pct"]).sum() for b in (whole, inside)]
    wall = whole["tonnage_t"].sum() - inside["tonnage_t"].sum()
    assert metal[0] - metal[1] == pytest.approx(wall * demo().design.wall_rock_sb_pct, rel=1e-6)


def test_a_block_is_what_its_points_are():
    grid = demo().grid((10.0, 10.0, 5.0))
    whole = true_blocks(demo(), grid)
    row = whole.iloc[len(whole) // 2]
    steps = np.stack(
        np.meshgrid([-3.75, -1.25, 1.25, 3.75], [-3.75, -1.25, 1.25, 3.75], [-1.25, 1.25]), -1
    )
    points = grid.centres([int(row["block"])]) + steps.reshape(-1, 3) @ grid.axes()
    field = demo().at(points)
    assert row["density_t_per_m3"] == pytest.approx(field["density_t_per_m3"].mean(), rel=1e-12)
    mean = np.average(field["sb_pct"], weights=field["density_t_per_m3"])
    assert row["sb_pct"] == pytest.approx(mean, rel=1e-12)


@settings(max_examples=10, deadline=None)
@given(level=st.floats(-2, 3), grade=st.floats(-3, 3), own=st.floats(-3, 3))
def test_points_of_a_cell_average_to_the_cell(level, grade, own):
    design = DepositDesign()
    cell = mixture.CellFields(np.array([level]), np.array([grade]), (np.array([own]),) * 3)
    held = mixture.cell_mass(design, cell)
    random = np.random.default_rng(5)
    n, share, w_share = 150_000, design.cell_share, mixture.GRADE_CELL_SHARE
    noise = random.standard_normal((3, n))
    x = level + np.sqrt(1 - share) * noise[0]
    w = np.sqrt(w_share) * grade + np.sqrt(1 - w_share) * noise[1]
    u = np.sqrt(share) * own + np.sqrt(1 - share) * noise[2]
    sb = mixture.point_grade(design.populations, x, w)
    density = ore_density(sb, design.host_density_t_per_m3)
    gold = mixture.companion_grade(design.companions[0], x, u) * density
    for name, points in {
        "density_t_per_m3": density,
        "sb_pct": density * sb,
        "au_gpt": gold,
    }.items():
        error = points.std() / np.sqrt(n)
        assert abs(points.mean() - held[name][0]) < 5 * error + 1e-9


def test_samples_see_the_cells_they_cross():
    found = []
    for seed in (1, 2, 3):
        exact = drilled(seed).exact
        weights = (exact["to_m"] - exact["from_m"]) * exact["density_t_per_m3"]
        cells = demo().at(exact[["easting", "northing", "elevation"]].to_numpy())
        inside = cells["rock"].isin(["BX", "JSP"]).to_numpy()
        seen, true = (
            np.average(column[inside], weights=weights[inside])
            for column in (exact["sb_pct"], cells["sb_pct"])
        )
        found.append(seen / true - 1)
    assert abs(np.mean(found)) < 0.03


def test_assays_are_the_truth_with_an_error_of_mean_one():
    tables = drilled()
    exact, printed = tables.exact["sb_pct"], tables.assays["sb_pct"]
    measured = ~printed.str.startswith("<") & (exact > 0.5)
    error = printed[measured].astype(float) / exact[measured]
    assert error.mean() == pytest.approx(1.0, abs=0.005)
    assert error.std() == pytest.approx(Campaign().relative_error, rel=0.1)


def test_even_a_coarse_laboratory_has_no_bias():
    tables = drill(demo(), Campaign(relative_error=0.8))
    exact, printed = tables.exact["sb_pct"], tables.assays["sb_pct"]
    ore = exact > 0.5
    error = printed[ore].astype(float) / exact[ore]
    assert error.mean() == pytest.approx(1.0, abs=5 * 0.8 / np.sqrt(ore.sum()))


# The published type


def test_run_of_mine_above_one_per_cent_is_near_two_and_a_half():
    table = true_grade_tonnage(selection_units(), [0.0, 1.0])
    assert table["sb_pct"][1] == pytest.approx(2.5, abs=0.15)
    assert 1.2 <= table["sb_pct"][0] <= 2.0


def test_the_horizon_is_ten_to_two_hundred_metres_thick():
    shape = demo().shape
    x, y = np.meshgrid(np.linspace(0, 260, 53), np.linspace(0, 540, 109))
    thickness = shape.thickness_m(x, y)
    assert thickness.min() >= 10 and thickness.max() <= 200
    assert thickness.min() < 15 and thickness.max() > 100


def test_rich_ore_fades_as_the_support_grows():
    facts = {fact.label: fact.value for fact in demo().facts()}
    supports = ("points", "cells", "10 x 10 x 5 m")
    rich = [facts[f"share at or above 15 % Sb, {support}"] for support in supports]
    spread = [facts[f"standard deviation, {support}"] for support in supports]
    assert rich[0] > 2 * rich[1] > 0 and rich[1] > rich[2] > 0
    assert spread[0] > spread[1] > spread[2] > 0


def test_points_are_barren_disseminated_or_pockets_and_nothing_between():
    random = np.random.default_rng(1)
    sb = mixture.point_grade(Populations(), *random.standard_normal((2, 100_000)) * 1.3)
    assert not np.any((sb > 0.9) & (sb < 1.0)) and not np.any((sb > 4.0) & (sb < 10.0))
    assert sb.min() > 0 and sb.max() <= 40.0


def test_pockets_are_decimetres_to_a_metre_long_in_holes():
    design, random = DepositDesign(), np.random.default_rng(3)
    micro = micro_structure(2_000_000, design.micro_length_m / 0.1, random)
    pocket = np.sqrt(0.4) * micro > design.populations.thresholds[1] - 1.0
    edges = np.flatnonzero(np.diff(pocket.astype(int)))
    lengths = np.diff(edges)[int(pocket[edges[0]]) :: 2] * 0.1
    assert 0.2 <= np.median(lengths) <= 1.0
    assert np.percentile(lengths, 90) <= 1.0


def test_antimony_and_gold_are_weakly_tied_in_the_horizon():
    exact = drilled().exact
    rock = demo().at(exact[["easting", "northing", "elevation"]].to_numpy())["rock"]
    ore = exact[rock.isin(["BX", "JSP"])]
    logs = np.log(ore[["sb_pct", "au_gpt", "hg_pct"]].to_numpy())
    found = np.corrcoef(logs.T)[0]
    assert 0.15 <= found[1] <= 0.35
    assert found[2] > found[1]


def test_cells_obey_the_density_of_stibnite_ore():
    held = demo().held
    density = held["density_t_per_m3"]
    # 1/density is linear in the grade by mass, so a mixture of grades keeps the rule.
    rule = ore_density(held["sb_pct"] / density, demo().design.host_density_t_per_m3)
    assert np.abs(density / rule - 1).max() < 1e-6
    assert density.min() == pytest.approx(2.68, abs=0.01) and density.max() > 2.9


# Geometry


@settings(max_examples=20, deadline=None)
@given(throw=st.floats(-60, 30), obliquity=st.floats(-25, 25))
def test_a_fault_displaces_the_horizon_by_its_throw(throw, obliquity):
    design = DepositDesign(faults=(Fault(270.0, obliquity, throw),), roof_m=880.0)
    shape, sound = make_shape(design), make_shape(dataclasses.replace(design, faults=()))
    x = np.linspace(0, 250, 6)
    beyond, before = (270.0 + np.tan(np.radians(obliquity)) * x + d for d in (0.01, -0.01))
    assert sound.roof_m(x, beyond) - shape.roof_m(x, beyond) == pytest.approx(throw)
    assert sound.roof_m(x, before) - shape.roof_m(x, before) == pytest.approx(0.0)
    assert shape.thickness_m(x, beyond) == pytest.approx(sound.thickness_m(x, beyond))


def test_shale_lies_above_and_limestone_below():
    shape = demo().shape
    x, y = 100.0, 250.0
    above = shape.to_world([[x, y, float(shape.roof_m(x, y)) + 1.0]])
    below = shape.to_world([[x, y, float(shape.floor_m(x, y)) - 1.0]])
    inside = shape.to_world([[x, y, float(shape.roof_m(x, y)) - 3.0]])
    found = demo().at(np.vstack([above, below, inside]))
    assert list(found["rock"][:2]) == ["SH", "LST"]
    assert found["rock"][2] in ("BX", "JSP")
    assert list(found["in_horizon"]) == [False, False, True]


def test_the_crushed_zone_of_a_fault_is_barren():
    fault, shape = demo().design.faults[0], demo().shape
    x = 120.0
    y = fault.along_m + fault.slope * x
    z = float(shape.roof_m(x, y)) - 8.0
    found = demo().at(shape.to_world([[x, y + 0.5, z]]))
    assert found["rock"][0] == "FLT"
    assert found["sb_pct"][0] == pytest.approx(demo().design.wall_rock_sb_pct)


def test_wireframes_are_closed_and_as_large_as_the_horizon():
    bodies = horizon_bodies(demo().shape)
    assert len(bodies) == 1 + len(demo().design.faults)
    for body in bodies:
        sides = body.triangles[:, [0, 1, 1, 2, 2, 0]].reshape(-1, 2)
        assert {tuple(s) for s in sides} == {tuple(s) for s in sides[:, ::-1]}
        assert len({tuple(s) for s in sides}) == len(sides)
        assert volume_m3(body) > 0
    drawn = sum(volume_m3(body) for body in bodies)
    assert drawn == pytest.approx(selection_units()["volume_m3"].sum(), rel=0.005)


def test_faults_that_cross_are_refused():
    with pytest.raises(ValueError, match="faults must follow"):
        DepositDesign(faults=(Fault(200.0, 40.0, 5.0), Fault(220.0, -40.0, 5.0)))


def test_all_that_is_wrong_with_a_design_is_said_at_once():
    with pytest.raises(ValueError, match=r"dip must.*thicknesses must.*cell_share must"):
        DepositDesign(dip_deg=85.0, thickness_m=(0.0, 1.0, 2.0), cell_share=1.0)


def test_a_horizon_in_the_air_is_refused():
    with pytest.raises(ValueError, match="under the ground"):
        make_shape(DepositDesign(roof_m=1100.0))


# Simulation


def test_fields_have_the_covariance_asked_for():
    model = Covariance(0.0, (Structure("spherical", 1.0, Ellipsoid(12.0, 8.0, 4.0)),))
    torus = embed(model, (40, 40, 30), (1.0, 1.0, 1.0))
    random = np.random.default_rng(7)
    fields = [simulate(torus, random) for _ in range(30)]
    assert np.mean([f.mean() for f in fields]) == pytest.approx(0.0, abs=0.05)
    stack = np.stack(fields)
    for lag in ((0, 4, 0), (4, 0, 0), (0, 0, 2), (0, 13, 0), (3, 3, 1)):
        x, y, z = lag
        far = stack[:, z:, y:, x:]
        near = stack[:, : far.shape[1], : far.shape[2], : far.shape[3]]
        assert np.mean(near * far) == pytest.approx(model.at([lag])[0], abs=0.04)


def test_micro_structure_has_the_correlation_it_states():
    line = micro_structure(400_000, 3.5, np.random.default_rng(2))
    assert line.var() == pytest.approx(1.0, abs=0.02)
    assert np.mean(line[:-4] * line[4:]) == pytest.approx(np.exp(-(4**2) / (2 * 3.5**2)), abs=0.02)


def test_holes_follow_the_arc_of_minimum_curvature():
    stations = np.array([[0.0, 45.0, -75.0], [100.0, 60.0, -60.0]])
    hole = HolePath("SYN-001", (0.0, 0.0, 0.0), 100.0, stations)
    azimuth, dip = np.radians(stations[:, 1]), np.radians(stations[:, 2])
    first, second = np.column_stack(
        [np.cos(dip) * np.sin(azimuth), np.cos(dip) * np.cos(azimuth), np.sin(dip)]
    )
    angle = np.arccos(first @ second)
    closed = 50.0 * (first + second) * (2 / angle) * np.tan(angle / 2)
    assert trace(hole)[-1] == pytest.approx(closed, abs=1e-4)


# Reproducibility


def test_equal_seeds_give_equal_deposits_and_campaigns():
    again = drill(make_deposit(DepositDesign()), Campaign())
    for table in ("collars", "surveys", "assays", "lithology", "exact"):
        assert getattr(again, table).equals(getattr(drilled(), table))


def test_other_seeds_give_other_deposits_and_campaigns():
    other = make_deposit(DepositDesign(seed=7))
    assert not np.allclose(other.held["sb_pct"], demo().held["sb_pct"])
    assert not drilled(2).assays.equals(drilled(1).assays)


# Grade and tonnage


@settings(max_examples=25, deadline=None)
@given(cutoffs=st.lists(st.floats(0, 20), min_size=2, max_size=6).map(sorted))
def test_tonnes_and_metal_fall_and_the_mean_rises_with_the_cutoff(cutoffs):
    table = true_grade_tonnage(selection_units(), cutoffs)
    assert (np.diff(table["ore_t"]) <= 0).all() and (np.diff(table["sb_t"]) <= 0).all()
    means = table["sb_pct"].dropna()
    assert (np.diff(means) >= -1e-12).all()
    assert table["synthetic"].all()


def test_above_the_richest_block_there_is_nothing():
    table = true_grade_tonnage(selection_units(), [71.0])
    assert table["ore_t"][0] == 0 and table["sb_t"][0] == 0 and np.isnan(table["sb_pct"][0])


def test_a_grid_beside_the_deposit_holds_nothing():
    beside = Grid((0.0, 0.0, 0.0), (10.0, 10.0, 10.0), (2, 2, 2))
    assert true_blocks(demo(), beside).empty


def test_codes_are_the_stated_ones():
    assert set(drilled().lithology["code"]) == set(ROCKS)
