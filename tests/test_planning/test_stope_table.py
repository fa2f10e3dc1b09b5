"""Does the table of stopes hold what the stopes hold, and does nothing get lost?"""

import math

import numpy as np
import pytest
from support.stope_mine import FIELDS, RULES, small_mine
from support.stopes_small import cells_of, small_frame

from deposits.blockmodel import volumes_m3
from deposits.errors import DataError
from planning.limits.stopes.rules import StopeRules
from planning.limits.stopes.solids import solid
from planning.limits.stopes.stope import Stope, diluted_walls
from planning.limits.stopes.stope_sums import between_stopes, metal_of
from planning.limits.stopes.table import TableFields, stope_ids, stope_table

CLASSES = {"Measured": "is_measured", "Inferred": "is_inferred"}
ALL = TableFields(grades=("sb_pct", "au_gpt"), nsr="nsr", classes=CLASSES)


def table_of_mine():
    _, cells, _, panels = small_mine()
    return cells, panels.stopes, stope_table(panels.stopes, cells, RULES, ALL)


def test_a_stope_by_hand():
    # Strike north, one panel 5 m long, 4 m high, six steps of 2 m, 20 t and grade j in each step.
    frame = small_frame(6)
    grade = np.arange(6.0)
    cells = cells_of(frame, np.full(6, 20.0), sb_pct=20.0 * grade, nsr=20.0 * 10.0 * grade)
    rules = StopeRules(least_width_m=2.0, near_skin_m=1.0, far_skin_m=0.5, mining_recovery=0.8)
    stope = Stope(0, 0, 4.0, 4.0, 8.0, 8.0, 77.0)
    fields = TableFields(grades=("sb_pct",), nsr="nsr")
    row = stope_table([stope], cells, rules, fields).rows.iloc[0]
    assert row["id"] == "L01-S01-1" and row["value"] == 77.0
    assert row["in_situ_t"] == pytest.approx(40.0) and row["in_situ_sb_pct"] == pytest.approx(2.5)
    # Skins: half of step 1, a quarter of step 4.
    assert row["diluted_t"] == pytest.approx(55.0)
    assert row["diluted_sb_pct"] == pytest.approx((10 * 1 + 20 * 2 + 20 * 3 + 5 * 4) / 55)
    assert row["nsr_usd_per_t"] == pytest.approx(10 * row["diluted_sb_pct"])
    assert row["recovered_t"] == pytest.approx(44.0)
    assert row["in_situ_sb_t"] == pytest.approx(1.0)
    assert row["recovered_sb_t"] == pytest.approx(0.8 * 1.3)
    assert row["dilution_pct"] == pytest.approx(37.5)
    assert row["volume_m3"] == pytest.approx(5.5 * 4 * 5)
    assert row["true_width_floor_m"] == 4.0 == row["true_width_roof_m"]
    assert row["near_dip_deg"] == 90.0 == row["far_dip_deg"]
    assert row["mining_recovery"] == 0.8
    assert row["floor_m"] == 300.0 and row["roof_m"] == 304.0


def test_true_widths_are_square_to_the_mean_wall():
    frame = small_frame(6, level_m=4.0)
    cells = cells_of(frame, sb_pct=np.ones(6))
    stope = Stope(0, 0, 4.0, 0.0, 8.0, 4.0, 0.0)
    rules = StopeRules(least_width_m=1.0, wall_dip_deg=(40.0, 90.0))
    row = stope_table([stope], cells, rules, TableFields(grades=("sb_pct",))).rows.iloc[0]
    assert row["near_dip_deg"] == pytest.approx(45.0) and row["far_dip_deg"] == pytest.approx(45.0)
    assert row["true_width_floor_m"] == pytest.approx(4.0 * math.sqrt(0.5))
    assert row["true_width_roof_m"] == pytest.approx(4.0 * math.sqrt(0.5))


def test_stopes_and_the_rest_are_the_model():
    model, cells, _, panels = small_mine()
    table = stope_table(panels.stopes, cells, RULES, ALL)
    assert len(panels.stopes) > 10
    assert all(abs(share) < 1e-12 for share in table.balance.values()), table.balance
    tonnes = volumes_m3(model.table, model.grid) * model.table["density_t_per_m3"]
    for grade, divisor in (("sb_pct", 100.0), ("au_gpt", 1000.0)):
        name = metal_of(grade)[0]
        whole = math.fsum((tonnes * model.table[grade]).fillna(0.0).tolist()) / divisor
        left = table.rest[f"frame_t_x_{grade}"] + table.rest[f"outside_t_x_{grade}"]
        found = table.totals[f"diluted_{name}"] + left / divisor
        assert found == pytest.approx(whole, rel=1e-9)
    # Host rock fills the frame: what the model holds plus the host.
    host = float(np.sum(cells.host_tonnes))
    found = table.totals["diluted_t"] + table.rest["frame_t"] + table.rest["outside_t"] - host
    assert found == pytest.approx(math.fsum(tonnes.tolist()), rel=1e-9)


def test_the_rest_lies_between_the_stopes():
    _, cells, _, panels = small_mine()
    frame = cells.frame
    diluted = [diluted_walls(s, frame, RULES) for s in panels.stopes]
    beside = between_stopes(frame, diluted)
    assert len(beside) == frame.n_levels * frame.n_sections + len(diluted)
    widths = [s.far_bottom_m - s.near_bottom_m + s.far_top_m - s.near_top_m for s in beside]
    assert min(widths) >= -1e-9
    bodies = math.fsum(solid(frame, s).volume_m3 for s in diluted)
    rest = math.fsum(widths) / 2 * frame.level_m * frame.section_m
    assert bodies + rest == pytest.approx(math.prod(frame.extent_m), rel=1e-9)


@pytest.mark.parametrize("by", ["level", "section"])
def test_levels_and_sections_add_up_to_the_totals(by):
    _, stopes, table = table_of_mine()
    parts = table.levels if by == "level" else table.sections
    assert parts[by].is_monotonic_increasing and parts[by].is_unique
    assert parts["stopes"].sum() == len(stopes) == table.totals["stopes"]
    for name in ("in_situ_t", "diluted_t", "recovered_t", "diluted_sb_t", "recovered_au_kg",
                 "value", "volume_m3", "class_measured_t", "class_none_t"):  # fmt: skip
        whole = table.totals[name]
        assert parts[name].sum() == pytest.approx(whole, rel=1e-12), name
        assert table.rows[name].sum() == pytest.approx(whole, rel=1e-12), name
    grade = (parts["diluted_t"] * parts["diluted_sb_pct"]).sum() / parts["diluted_t"].sum()
    assert grade == pytest.approx(table.totals["diluted_sb_pct"], rel=1e-12)
    first = table.rows[table.rows[by] == parts[by].iloc[0]]
    assert parts["stopes"].iloc[0] == len(first)
    if by == "level":
        heights = parts["roof_m"] - parts["floor_m"]
        assert heights.to_numpy() == pytest.approx(20.0)


def test_classes_stand_apart_and_add_up_to_the_ore():
    _, _, table = table_of_mine()
    names = [n for n in table.rows.columns if n.startswith("class_")]
    assert names == ["class_measured_t", "class_inferred_t", "class_none_t"]
    apart = table.rows[names].sum(axis=1)
    assert apart.to_numpy() == pytest.approx(table.rows["recovered_t"].to_numpy(), rel=1e-12)
    assert table.totals["class_inferred_t"] > 0
    assert "of it inferred" in str(table) and "of it measured" in str(table)
    without = stope_table([], small_mine()[1], RULES, TableFields(grades=("sb_pct",)))
    assert not [n for n in without.rows.columns if n.startswith("class_")]


def test_worth_above_the_cutoff_is_that_of_the_diluted_grade():
    _, _, table = table_of_mine()
    rows = table.rows
    worth = rows["recovered_t"] * (rows["diluted_sb_pct"] - 1.5)
    assert rows["value"].to_numpy() == pytest.approx(worth.to_numpy(), rel=1e-9)
    assert (rows["diluted_sb_pct"] >= 1.5).all()
    assert (rows["nsr_usd_per_t"] < 40 * rows["diluted_sb_pct"]).all()
    assert rows["true_width_floor_m"].min() >= RULES.least_width_m - 1e-9
    assert rows["true_width_roof_m"].max() <= RULES.most_width_m + 1e-9
    assert rows[["near_dip_deg", "far_dip_deg"]].min().min() >= 55.0 - 1e-9
    assert (rows["dilution_pct"] > 0).all()
    assert ((rows["unknown_share_sb_pct"] >= 0) & (rows["unknown_share_sb_pct"] < 0.3)).all()
    assert rows["unknown_share_sb_pct"].sum() > 0 and rows["host_share"].max() > 0


def test_no_stopes_leave_everything():
    _, cells, _, _ = small_mine()
    table = stope_table([], cells, RULES, ALL)
    assert len(table.rows) == 0 and table.totals["diluted_t"] == 0.0
    assert math.isnan(table.totals["diluted_sb_pct"])
    assert table.rest["frame_t"] == pytest.approx(float(np.sum(cells.tonnes)), rel=1e-12)
    assert len(table.levels) == 0 == len(table.sections)
    assert "not known" in str(table)


def test_ids_count_across_from_the_near_side():
    near, far = (0.0, 0.0, 1.0, 1.0), (5.0, 5.0, 6.0, 6.0)
    stopes = [Stope(2, 11, *far, 0.0), Stope(2, 11, *near, 0.0), Stope(0, 3, *near, 0.0)]
    assert stope_ids(stopes) == ["L03-S12-2", "L03-S12-1", "L01-S04-1"]
    many = [*stopes, Stope(0, 99, *near, 0.0)]
    assert stope_ids(many)[2:] == ["L01-S004-1", "L01-S100-1"] and stope_ids([]) == []


def test_a_field_that_was_not_integrated_is_named():
    _, cells, _, panels = small_mine()
    wrong = TableFields(grades=("sb_pct", "ag_gpt"), classes={"Proved": "is_proved"})
    with pytest.raises(DataError) as caught:
        stope_table(panels.stopes, cells, RULES, wrong)
    assert [p.found for p in caught.value.problems] == ["ag_gpt", "is_proved"]
    assert set(FIELDS) <= set(cells.fields)
