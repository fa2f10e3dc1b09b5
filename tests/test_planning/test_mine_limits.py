"""Do pit and stopes of a whole study hold together, from the blocks to the summary?"""

import json

import numpy as np
import pandas as pd
import pytest
import shapely
from support.small_mine import MINE, PIT, STOPES, estimated, loaded, write_mine

from deposits.blockmodel import read_blocks
from deposits.errors import DataError
from deposits.formats.meshes import mesh_from_polygons
from deposits.formats.omf import read_omf
from deposits.formats.omf_container import Registry
from deposits.grid import Grid
from planning.mine.layers import crest
from planning.mine.open_pit import find_pit, prepare_pit
from planning.mine.pit_summary import pit_sentences
from planning.mine.rock import domain_names, value_rows
from planning.mine.slopes import precedence_of
from planning.mine.workflow import dig


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("mine")


@pytest.fixture(scope="module")
def blocks(folder):
    return estimated(write_mine(folder), folder / "model")


@pytest.fixture(scope="module")
def dug(folder, blocks):
    out = folder / "results"
    out.mkdir()
    return dig(loaded(folder / "study.toml").or_raise(), blocks, out), out


def again(tmp_path, blocks, **tables):
    """Dig the same block model under other tables."""
    source = loaded(write_mine(tmp_path, **tables)).or_raise()
    return dig(source, blocks, tmp_path)


def prepared(source, blocks):
    model = read_blocks(blocks)
    rows = value_rows(model, source.config.mine, source.config.value.grades)
    return model, prepare_pit(source, model, rows, source.ground())


def test_the_pit_is_proven_and_confirmed(dug):
    pit = dug[0].summary["pit"]
    assert pit["status"] == "optimal" and pit["value_usd"] == pit["bound_usd"] > 0
    assert dug[0].pit.faults == ()
    assert pit["rock_t"] == pytest.approx(pit["ore_t"] + pit["waste_t"])


def test_the_worth_of_a_block_is_that_of_the_hand(folder, blocks):
    source = loaded(folder / "study.toml").or_raise()
    _, rock = prepared(source, blocks)
    block = int(rock.candidates[np.argmax(rock.rock.grades["sb_pct"][rock.candidates])])
    grade, tonnes = rock.rock.grades["sb_pct"][block], rock.rock.tonnes[block]
    level = block // (rock.rock.grid.shape[0] * rock.rock.grid.shape[1])
    height = rock.rock.grid.origin_m[2] + 10.0 * (level + 0.5)
    recovered = grade / 100 * 0.85
    before = recovered * 0.6 * 20_000 - recovered / 0.55 * 300
    gain = before * 0.95 - (20 + 5 + 2 + 1)
    dig_cost = 2.5 + 0.01 * max(100 - height, 0.0)
    assert rock.values_usd()[block] == pytest.approx(tonnes * (0.95 * gain - dig_cost))


def test_shells_grow_and_the_pit_is_the_shell_of_factor_one(dug):
    result = dug[0].pit
    shells = pd.DataFrame(dug[0].summary["pit"]["shells"])
    assert (np.diff(shells["rock_t"]) >= 0).all()
    np.testing.assert_array_equal(result.answer.pit.mined, result.answer.shells.pit(2))
    assert shells["rock_t"].iloc[-1] == pytest.approx(dug[0].summary["pit"]["rock_t"])


def test_pushbacks_hold_the_pit_without_gap_or_overlap(dug):
    rows = dug[0].summary["pit"]["pushbacks"]
    assert sum(r["rock_t"] for r in rows) == pytest.approx(dug[0].summary["pit"]["rock_t"])
    assert sum(r["value_usd"] for r in rows) == pytest.approx(dug[0].summary["pit"]["value_usd"])


def test_money_and_rock_of_the_plan_are_those_of_the_pit(dug):
    pit = dug[0].summary["pit"]
    years = pd.DataFrame(pit["plan"]["years"])
    assert years["value_usd"].sum() == pytest.approx(pit["value_usd"])
    assert years["rock_t"].sum() == pytest.approx(pit["rock_t"])
    assert years["ore_t"].max() <= 20_000 * (1 + 1e-9)
    assert years["discounted_usd"].sum() == pytest.approx(pit["plan"]["npv_usd"])


def test_a_licence_keeps_the_pit_inside(tmp_path, blocks):
    ring = [[2.9999, 0.9043], [3.00018, 0.9043], [3.00018, 0.9052], [2.9999, 0.9052]]
    feature = {"type": "Feature", "properties": {"id": "a"}, "geometry": {
        "type": "Polygon", "coordinates": [[*ring, ring[0]]]}}  # fmt: skip
    (tmp_path / "licence.geojson").write_text(
        json.dumps({"type": "FeatureCollection", "features": [feature]}), "utf-8"
    )
    layer = '[layers.licence]\npath = "licence.geojson"\n'
    inside = again(tmp_path, blocks, mine=MINE + layer, pit=PIT + 'within = "licence"\n')
    free = again(tmp_path, blocks)
    allowed = inside.source.licence()
    dug = np.flatnonzero(inside.pit.dug)
    assert dug.size and allowed(inside.pit.grid.centres(dug)).all()
    assert inside.pit.faults == ()
    assert not allowed(free.pit.grid.centres(np.flatnonzero(free.pit.dug))).all()
    assert 0 < inside.summary["pit"]["value_usd"] < free.summary["pit"]["value_usd"]
    told = inside.summary["pit"]["licence"]
    lost = free.summary["pit"]["value_usd"] - inside.summary["pit"]["value_usd"]
    assert told["cost_usd"] == pytest.approx(lost) and told["bounds_the_pit"]
    assert free.summary["pit"]["licence"] is None


def test_a_licence_that_bounds_the_pit_is_said_and_one_that_excludes_all_too(tmp_path, blocks):
    layer = '[layers.licence]\npath = "licence.geojson"\n'

    def licence(east):
        ring = [[2.9999, 0.9043], [east, 0.9043], [east, 0.9052], [2.9999, 0.9052]]
        feature = {"type": "Feature", "properties": {"id": "a"}, "geometry": {
            "type": "Polygon", "coordinates": [[*ring, ring[0]]]}}  # fmt: skip
        made = {"type": "FeatureCollection", "features": [feature]}
        (tmp_path / "licence.geojson").write_text(json.dumps(made), "utf-8")
        table = PIT + 'within = "licence"\n'
        return " ".join(
            again(tmp_path, blocks, mine=MINE + layer, pit=table, stopes="").summary["sentences"]
        )

    assert "The licence bounds the pit and costs" in licence(3.00018)
    said = licence(2.99991)
    assert "No pit pays" in said and "100 % of the rock that may be ore lies outside" in said


def test_stopes_can_be_held_in_a_licence(tmp_path, blocks):
    ring = [[2.9999, 0.9043], [3.00018, 0.9043], [3.00018, 0.9052], [2.9999, 0.9052]]
    feature = {"type": "Feature", "properties": {"id": "a"}, "geometry": {
        "type": "Polygon", "coordinates": [[*ring, ring[0]]]}}  # fmt: skip
    made = {"type": "FeatureCollection", "features": [feature]}
    (tmp_path / "licence.geojson").write_text(json.dumps(made), "utf-8")
    layer = '[layers.licence]\npath = "licence.geojson"\n'
    table = STOPES + 'within = "licence"\n'
    found = again(tmp_path, blocks, mine=MINE + layer, pit="", stopes=table)
    area = found.source.drilled.inputs.layers["licence"].table.union_all()
    plans = found.layers()["stopes"]
    assert len(plans) and area.buffer(1e-6).covers(plans.union_all())


def test_the_benches_of_the_pit_add_up_to_it(dug):
    pit = dug[0].summary["pit"]
    benches = pd.DataFrame(pit["benches"])
    assert (np.diff(benches["elevation_m"]) < 0).all()
    assert benches["elevation_m"].iloc[-1] == pit["bottom_m"]
    for key in ("rock_t", "ore_t", "value_usd", "sb_t"):
        assert benches[key].sum() == pytest.approx(pit[key]), key
    assert pd.read_csv(dug[1] / "pit_benches.csv")["rock_t"].sum() == pytest.approx(pit["rock_t"])


def test_what_a_buyer_would_refuse_is_said_and_keeps_its_worth(tmp_path, blocks):
    path = write_mine(tmp_path, stopes="")
    text = path.read_text("utf-8").replace('sb = "sb_pct" }', 'sb = "sb_pct", as = "au_gpt" }')
    penalty = """[value.penalties.as]
recovery_fraction = 0.5
free_up_to_pct = 0
step_pct = 0.1
usd_per_t_concentrate_per_step = 0
reject_above_pct = 0.0015
"""
    text = text.replace("[value.mining]", penalty + "[value.mining]")
    path.write_text(text, "utf-8")
    found = dig(loaded(path).or_raise(), blocks, tmp_path).summary
    row = found["pit"]["rejected"]["as"]
    assert 0 < row["share_of_ore"] <= 1 and row["limit_pct"] == 0.0015
    assert any("buyer's limit of 0.0015 % As" in sentence for sentence in found["sentences"])
    plain = again(tmp_path, blocks, stopes="").summary["pit"]
    assert found["pit"]["value_usd"] == pytest.approx(plain["value_usd"])


def test_a_pit_narrower_than_its_machines_is_one_pushback_and_says_so(tmp_path, blocks):
    table = PIT.replace("pushbacks = 2", "pushbacks = 2\nleast_width_m = 5000")
    found = again(tmp_path, blocks, pit=table, stopes="").summary
    assert len(found["pit"]["pushbacks"]) == 1
    assert any("the width of 5000 m leaves no room" in sentence for sentence in found["sentences"])


def test_years_without_ore_are_said(tmp_path, blocks):
    source = loaded(write_mine(tmp_path, stopes="")).or_raise()
    summary = dig(source, blocks, tmp_path).summary["pit"]
    years = [
        {"year": year, "ore_t": tonnes}
        for year, tonnes in enumerate([0, 0, 50, 20_000, 20_000, 10_000, 0, 20_000, 5], start=1)
    ]
    told = {**summary, "plan": {**summary["plan"], "years": years}, "asked_pushbacks": 9}
    said = " ".join(pit_sentences(told))
    assert "first ore comes in year 3; the plant is short of ore in years 6 to 7" in said
    assert "9 pushbacks were asked for" in said


def test_the_return_at_the_diluted_head_stands_beside_the_added_one(dug):
    rows = dug[0].summary["stopes"]["rows"]
    # Recovery and concentrate are constants here and there is no royalty on a loss: the same.
    for row in rows:
        assert row["nsr_at_head_usd_per_t"] == pytest.approx(row["nsr_usd_per_t"])


def test_steeper_slopes_never_cost(tmp_path, blocks):
    worth = []
    for angle in (35, 45, 60):
        table = PIT.replace("angle_deg = 45", f"angle_deg = {angle}")
        source = loaded(write_mine(tmp_path, pit=table)).or_raise().only("pit")
        model, rock = prepared(source, blocks)
        precedence = precedence_of(rock.rock, source.config.pit, domain_names(model))
        worth.append(find_pit(rock, precedence, [1.0]).pit.value)
    assert worth == sorted(worth) and worth[0] < worth[-1]


def test_slopes_by_sector_zone_and_depth_are_used(tmp_path, blocks):
    slopes = (
        "slopes = [{ angle_deg = 50, from_azimuth_deg = 0, to_azimuth_deg = 180 },"
        " { angle_deg = 40, from_azimuth_deg = 180, to_azimuth_deg = 360 },"
        " { angle_deg = 35, below_m = 70 }, { angle_deg = 60, zone = 'ore' }]"
    )
    table = PIT.replace("slopes = [{ angle_deg = 45 }]", slopes)
    source = loaded(write_mine(tmp_path, pit=table)).or_raise()
    model, rock = prepared(source, blocks)
    precedence = precedence_of(rock.rock, source.config.pit, domain_names(model))
    assert len(precedence.patterns) > 3
    zone = precedence.zone.reshape(rock.rock.grid.shape[::-1])
    assert len(np.unique(zone[0])) == 2  # ore and host at the bottom


def test_a_slope_for_a_domain_that_does_not_exist_is_refused(tmp_path, blocks):
    table = PIT.replace("{ angle_deg = 45 }", "{ angle_deg = 45 }, { angle_deg = 50, zone = 'or' }")
    with pytest.raises(DataError, match=r"no such domain; found or; allowed ore"):
        again(tmp_path, blocks, pit=table)


def test_the_slopes_that_blocks_achieve_are_told(dug):
    slopes = dug[0].summary["pit"]["slopes"]
    assert 0 < slopes["mean_error_deg"] <= slopes["most_too_steep_deg"] < 1
    assert slopes["most_too_flat_deg"] < 0.01 and slopes["offsets"] > 17


def test_slopes_that_leave_a_direction_out_are_refused(tmp_path, blocks):
    table = PIT.replace("angle_deg = 45", "angle_deg = 45, to_azimuth_deg = 300")
    with pytest.raises(DataError, match="300"):
        again(tmp_path, blocks, pit=table)


def test_the_stopes_are_proven_and_confirmed(dug):
    stopes = dug[0].summary["stopes"]
    proof = stopes["certificate"]
    assert proof["status"] == "optimal" and abs(proof["gap"]) < 1e-6
    assert "nothing wrong" in proof["words"] and dug[0].stopes.faults == ()


def test_levels_sections_and_rows_add_up_to_the_totals(dug):
    stopes = dug[0].summary["stopes"]
    for part in ("levels", "sections", "rows"):
        for key in ("ore_t", "sb_t", "in_situ_t", "value_usd"):
            total = sum(row[key] for row in stopes[part])
            whole = "value_before_levels_usd" if key == "value_usd" else key
            assert total == pytest.approx(stopes["totals"][whole]), (part, key)
    opened = stopes["certificate"]["levels_opened"]
    net = stopes["totals"]["value_before_levels_usd"] - 10_000 * opened
    assert stopes["totals"]["value_usd"] == pytest.approx(net)
    for row in stopes["rows"]:
        assert row["sb_t"] == pytest.approx(row["ore_t"] * row["sb_pct"] / 100)


def test_no_stope_opens_the_crown(dug):
    assert all(row["level_high_m"] <= 103 - 10 + 1e-6 for row in dug[0].summary["stopes"]["rows"])


def test_classes_of_the_ore_stand_apart(dug):
    totals = dug[0].summary["stopes"]["totals"]
    parts = totals["class_indicated_t"] + totals["class_none_t"]
    assert parts == pytest.approx(totals["ore_t"])


def test_classes_and_host_rock_make_up_the_ore_of_the_pit(dug):
    pit = dug[0].summary["pit"]
    parts = sum(value for key, value in pit.items() if key.startswith("class_"))
    assert parts == pytest.approx(pit["ore_t"]) and pit["class_none_t"] >= 0


def test_dearer_prices_never_cost_stopes(dug):
    low, base = dug[0].summary["stopes"]["sensitivity"]["price"]
    assert low["factor"] == 0.5 and low["sb_price_usd_per_t"] == 10_000
    assert low["value_usd"] < base["value_usd"]
    assert base["value_usd"] == pytest.approx(dug[0].summary["stopes"]["certificate"]["value_usd"])


def test_the_rich_line_is_told_even_if_nothing_feeds_it(dug):
    rich = dug[0].summary["stopes"]["sensitivity"]["direct_shipping"]
    assert rich["cutoff_sb_pct"] == 15 and rich["ore_t"] == 0
    said = " ".join(dug[0].summary["sentences"])
    assert "could feed a line of 15 % Sb" in said and "find nothing either" in said


def test_without_a_price_limits_are_not_known_and_the_key_is_named(tmp_path, blocks):
    found = again(tmp_path, blocks, price="")
    assert found.pit is None and found.stopes is None and found.layers() == {}
    key = ["economics.sb_price"]
    assert found.summary["missing"] == {"pit": key, "stopes": key}
    said = " ".join(found.summary["sentences"])
    assert "The pit is not known; state: economics.sb_price." in said
    assert found.files == []


def test_stopes_by_grade_need_no_price_and_have_no_money(tmp_path, blocks):
    table = STOPES + 'objective = "grade"\ncutoff_sb_pct = 1.1\n'
    found = again(tmp_path, blocks, price="", pit="", stopes=table).summary["stopes"]
    assert found["certificate"]["value_usd"] is None and found["certificate"]["value"] > 0
    assert found["totals"]["stopes"] > 0 and found["sensitivity"]["price"] == []
    for row in (found["totals"], *found["levels"], *found["rows"], *found["offsets"]):
        assert "value_usd" not in row and row["value"] > 0
    assert all(row["sb_pct"] >= 1.1 - 1e-9 for row in found["rows"])


def test_rules_between_panels_are_kept(tmp_path, blocks):
    table = STOPES + "most_run = 2\nmost_levels = 1\n"
    found = again(tmp_path, blocks, pit="", stopes=table)
    mined = found.stopes.layout.choice.mined
    assert mined.any() and not (mined[1:] & mined[:-1]).any()
    runs = np.lib.stride_tricks.sliding_window_view(mined, 3, axis=1).all(axis=-1)
    assert not runs.any() and found.stopes.faults == ()


def test_walls_can_be_held_continuous_along_strike(tmp_path, dug, blocks):
    found = again(tmp_path, blocks, pit="", stopes=STOPES + "most_wall_shift_m = 2\n")
    layout = found.stopes.layout
    assert found.stopes.faults == () and layout.stopes
    walls = {(s.level, s.section): np.array(s.walls_m) for s in layout.stopes}
    assert len(walls) == len(layout.stopes)
    for (level, section), own in walls.items():
        if (level, section + 1) in walls:
            assert np.abs(walls[level, section + 1] - own).max() <= 2 + 1e-9
    assert layout.value <= layout.bound <= dug[0].stopes.layout.bound + 1e-6


def test_the_files_hold_what_the_summary_says(dug):
    found, out = dug
    rows = pd.read_csv(out / "stopes.csv")
    assert rows["recovered_t"].sum() == pytest.approx(found.summary["stopes"]["totals"]["ore_t"])
    pit = pd.read_parquet(out / "pit_blocks.parquet")
    inside = pit[pit["in_pit"]]
    assert inside["value_usd"].sum() == pytest.approx(found.summary["pit"]["value_usd"])
    assert inside["rock_t"].sum() == pytest.approx(found.summary["pit"]["rock_t"])
    assert (inside["pushback"] > 0).all() and (inside["revenue_factor"] <= 1).all()
    assert all((out / name).is_file() for name in found.files)
    assert not list(out.glob(".*"))


def test_a_body_has_the_designed_volume_that_stands_on_it_and_less_than_what_breaks(dug):
    import ezdxf
    from ezdxf.render.mesh import MeshBuilder

    found, out = dug
    rows = pd.read_csv(out / "stopes.csv").set_index("id")
    assert found.stopes.stoping.rules.near_skin_m > 0
    assert (rows["designed_volume_m3"] < rows["volume_m3"]).all()
    drawing = ezdxf.readfile(out / "stopes.dxf")
    for entity in drawing.modelspace().query("POLYLINE"):
        said = dict(tag.value.split("=") for tag in entity.get_xdata("ANZOB") if tag.code == 1000)
        faces = MeshBuilder.from_polyface(entity).faces_as_vertices()
        body = mesh_from_polygons([[list(v) for v in face] for face in faces])
        assert body.volume_m3 == pytest.approx(float(said["designed_volume_m3"]), rel=1e-9)
        assert float(said["volume_m3"]) == rows.loc[said["id"], "volume_m3"]
    words = " ".join(value for _, value in drawing.header.custom_vars.properties)
    bodies = read_omf(out / "stopes.omf").elements
    for level in bodies:
        held = level.values.drop_duplicates("id")
        assert level.volume_m3 == pytest.approx(held["designed_volume_m3"].sum(), rel=1e-9)
        assert set(held["id"]) <= set(rows.index)
    assert sum(len(level.faces) for level in bodies) == 12 * len(rows)
    note = Registry(out / "stopes.omf").root["description"]
    assert "designed_volume_m3 is the volume of a body" in words and words.endswith(note)


def test_equal_inputs_give_equal_files(dug, folder, blocks, tmp_path):
    repeated = dig(loaded(folder / "study.toml").or_raise(), blocks, tmp_path)
    assert repeated.summary == dug[0].summary
    for name in repeated.files:
        assert (tmp_path / name).read_bytes() == (dug[1] / name).read_bytes(), name


def test_the_summary_is_json(dug):
    assert json.loads(json.dumps(dug[0].summary, allow_nan=False)) == dug[0].summary


def test_layers_lie_where_the_model_lies(dug):
    layers = dug[0].layers()
    assert set(layers) == {"stopes", "pit_outline"}
    crests = layers["pit_outline"].set_index("name").geometry
    assert crests["Ultimate pit"].buffer(1e-3).covers(layers["stopes"].union_all())
    assert crests["Ultimate pit"].equals_exact(crests["Pushback 2"], 1e-6)
    ore = layers["stopes"]["ore_t"].sum()
    assert ore == pytest.approx(dug[0].summary["stopes"]["totals"]["ore_t"])


def test_a_crest_has_the_area_of_its_columns_and_keeps_holes():
    grid = Grid((0.0, 0.0, 0.0), (10.0, 5.0, 5.0), (5, 5, 2), 30.0)
    plan = np.ones((5, 5), dtype=bool)
    plan[2, 2] = False
    mined = np.zeros((2, 5, 5), dtype=bool)
    mined[1] = plan
    mined[0, 1, 1] = True
    ring = crest(grid, mined.ravel())
    assert ring.area == pytest.approx(24 * 50.0, rel=1e-4)
    assert isinstance(ring, shapely.Polygon) and len(ring.interiors) == 1
