"""What stands beside the map about a mine, and what goes into its tables."""

import copy
import re
import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import example_drilling, example_mine

from maps.drawings import mine_heat, mine_panel, mine_stopes
from maps.drawings.curves import Curve, Panel, figure
from maps.drawings.mine_curves import by_cutoff, pit_by_pit
from maps.drawings.mine_parts import compared, why_none
from maps.drawings.mine_pits import economics, pit_laid_out
from maps.drawings.mine_tables import mine_tables
from maps.drawings.panel import side_panel
from maps.drawings.results import tables_of
from maps.workflow import export_from_folder


@pytest.fixture
def told():
    return copy.deepcopy(example_mine.summary())


def plain(html):
    words = re.sub(r"<[^>]+>", " ", html).replace("\u00a0", " ").replace("&gt;", ">")
    return re.sub(r"\s+", " ", words)


def test_the_front_says_both_mines_their_proofs_and_what_could_feed_rich_ore(told):
    said = plain(mine_panel.front(told))
    assert "Stopes 29 stopes 440 kt 4.2" in said
    assert "Open pit strip ratio" in said
    assert "not to be added" in said
    exceeds = "the proven bound exceeds the value by 0.00000030 %."
    assert f"Stopes: proven optimal for this step and frame; {exceeds}" in said
    assert (
        "Open pit: proven optimal for these blocks and slopes; value and proven bound are" in said
    )
    assert "Measured 260,000 t, Indicated 130,000 t, rock outside the model 44,000 t." in said
    assert "of no class" not in said and "no gap" not in said
    assert "15 % Sb and more as mined" in said


def test_what_is_not_proven_is_not_called_so(told):
    proven = told["mine"]["stopes"]["certificate"]
    proven |= {"status": "feasible", "gap": 0.0123}
    said = plain(mine_panel.front(told))
    assert "Stopes: not proven optimal" in said and "1.2 % above it" in said
    assert "1.2 %" in plain(mine_stopes.stopes_laid_out(told))
    proven |= {"gap": None, "status": None}
    assert "Stopes: nothing is proven" in plain(mine_panel.front(told))


def test_certificates_stand_in_full_with_value_bound_and_what_lies_between(told):
    proof = told["mine"]["stopes"]["certificate"]
    said = plain(mine_stopes.stopes_laid_out(told))
    assert proof["words"] in said
    assert f"Value after costs {proof['value_usd']:,.2f} USD" in said
    assert f"Proven upper bound {proof['bound_usd']:,.2f} USD" in said
    assert "Bound exceeds value by 0.40 USD, 0.00000030 %" in said
    said = plain(pit_laid_out(told))
    pit = told["mine"]["pit"]
    assert pit["proof"] in said
    assert f"Value after costs {pit['value_usd']:,.0f} USD" in said
    assert "Bound exceeds value by nothing: they are equal Rounding can hide at most 0.40" in said
    assert "NPV, dug in pushbacks 210 million USD" in said
    assert "1 12 Mt 0 t – -37 -35 2 12 Mt 700 kt 2.4 53 45" in said


@given(st.floats(1e3, 1e12), st.floats(1e-4, 1e6))
def test_value_and_bound_are_written_with_the_digits_in_which_they_differ(value, between):
    found = {"value_usd": value, "bound_usd": value + between}
    low, high, _ = (line for _, line in compared(found, "Value"))
    assert (low == high) == (found["bound_usd"] == value)


def test_a_gap_that_is_not_told_is_not_said_to_be_none(told):
    told["mine"]["stopes"]["certificate"] |= {"gap": None, "bound_usd": None, "bound": None}
    assert "Stopes: proven optimal for this step and frame. " in plain(mine_panel.front(told))
    said = plain(mine_stopes.stopes_laid_out(told))
    assert "Bound exceeds" not in said and "they are equal" not in said


def test_the_share_of_antimony_names_the_rock_it_is_a_share_of(told):
    said = plain(mine_stopes.sensitivity(told))
    assert "Of the antimony in Measured and Indicated rock" in said and "all Sb" not in said
    told["mine"]["ore"]["classes"] = ["Measured"]
    assert "Of the antimony in Measured rock" in plain(mine_stopes.sensitivity(told))
    told["mine"]["ore"] = None
    assert "Of the antimony in rock that may be ore" in plain(mine_stopes.sensitivity(told))


def test_what_opening_levels_takes_stands_beside_the_value(told):
    totals, proof = told["mine"]["stopes"]["totals"], told["mine"]["stopes"]["certificate"]
    assert totals["value_before_levels_usd"] - proof["value_usd"] == pytest.approx(5e6)
    assert "130 million USD after 5.0 million USD to open levels" in plain(mine_panel.front(told))
    said = plain(mine_stopes.stopes_laid_out(told))
    gross = f"{totals['value_before_levels_usd']:,.0f} USD"
    assert f"Before opening levels {gross}; opening them takes 5.0 million USD" in said
    assert "USD/t, block by block; " in said and " at the diluted head of each stope" in said
    for key in ("value_before_levels_usd", "nsr_at_head_usd_per_t"):
        del totals[key]
    said = plain(mine_panel.front(told)) + plain(mine_stopes.stopes_laid_out(told))
    assert "opening" not in said and "to open levels" not in said and "diluted head" not in said


def test_what_a_buyer_would_refuse_is_said_with_limit_share_and_blend(told):
    said = plain(pit_laid_out(told))
    assert "Mercury 0.3 11 % 0.21 Arsenic 0.5 67 % 0.81 above the limit" in said
    assert "Mercury 0.3 8.0 % 0.19" in plain(mine_stopes.stopes_laid_out(told))
    front = plain(mine_panel.front(told))
    assert "Arsenic in concentrate of all ore of the open pit mixed exceeds the limit" in front
    assert "Mercury" not in front
    told["mine"]["pit"]["rejected"]["hg"]["blend_pct"] = 0.4
    assert "Mercury and Arsenic in concentrate" in plain(mine_panel.front(told))
    told["mine"]["pit"]["rejected"] = {}
    assert "would refuse" not in plain(pit_laid_out(told))


def test_the_pit_tells_its_bottom_walls_benches_and_pushbacks_that_could_not_be_made(told):
    said = plain(pit_laid_out(told))
    assert "Elevation of the bottom 880 m Depth below its highest bench 80 m" in said
    walls = "0.6 degrees off on average; at most 0.9 too steep, 3.4 too flat"
    assert f"Walls against the stated slopes {walls}" in said
    assert "5 pushbacks were asked for; 3 could be made." in said
    assert "940 16 Mt 900 kt 2.2 920 12 Mt 900 kt" in said
    told["mine"]["pit"] |= {"asked_pushbacks": 3, "licence": {"bounds_the_pit": True}}
    said = plain(pit_laid_out(told))
    assert "asked for" not in said and "The licence bounds the pit" in said


def test_a_table_of_more_columns_than_a_phone_holds_says_that_it_scrolls(told):
    assert "scroll the table sideways" in mine_heat.panels(told, told["mine"]["stopes"])
    few = [r for r in told["mine"]["stopes"]["rows"] if r["section"] in (3, 4, 5)]
    narrow = {**told["mine"]["stopes"], "rows": few}
    assert "sideways" not in mine_heat.panels(told, narrow)


def test_a_pit_that_is_cut_off_is_warned_of(told):
    assert "could be larger" not in pit_laid_out(told)
    told["mine"]["pit"]["reaches_edge"] = True
    assert "could be larger" in pit_laid_out(told)


def test_the_front_gives_the_value_with_levels_paid_for(told):
    told["mine"]["stopes"]["certificate"]["value_usd"] = 1.23e8
    told["mine"]["stopes"]["totals"] |= {"value_usd": 1.4e8, "value_before_levels_usd": None}
    assert "120 million USD" in plain(mine_panel.front(told))


def test_a_cut_off_that_is_not_known_names_what_it_lacks(told):
    cut = told["mine"]["economics"]["cutoffs"][0]
    cut |= {"sb_pct": None, "nsr_usd_per_t": None, "missing": ["economics.mining"]}
    assert "not known without economics.mining not known" in plain(economics(told))


def test_an_objective_of_grade_is_shown_in_its_own_unit(told):
    stopes = told["mine"]["stopes"]
    gone = {"value_usd": None, "bound_usd": None}
    stopes["certificate"] |= {**gone, "value": 81234.0, "bound": 81234.0, "unit": "t x % Sb"}
    stopes["totals"]["value_usd"] = None
    assert "Value of the objective 81,234 t x % Sb" in plain(mine_stopes.stopes_laid_out(told))
    assert "81,000 t x % Sb" in plain(mine_panel.front(told))


def test_ore_is_split_by_class_wherever_it_is_added_up(told):
    said = plain(mine_stopes.stopes_laid_out(told))
    assert "By class Measured 260,000 t, Indicated 130,000 t" in said
    assert "Ore by level and class Level, m Measured Indicated Rock outside the model" in said


def test_a_study_without_a_mine_is_as_it_was(told):
    del told["mine"]
    assert mine_panel.front(told) == "" and mine_panel.sections(told) == []
    assert side_panel(told) == side_panel(
        example_drilling.summary() | {"block_model": told["block_model"]}
    )
    assert mine_tables(told) == {}


@pytest.mark.parametrize("missing", [["economics.sb_price"], [], ["plants.demo.recovery"]])
@pytest.mark.parametrize("apart", [True, False])
@pytest.mark.parametrize("lost", [("pit",), ("stopes",), ("pit", "stopes")])
def test_a_missing_part_is_said_in_words(told, lost, missing, apart):
    told["mine"] |= dict.fromkeys(lost)
    if apart:
        told["mine"]["missing"] = dict.fromkeys(lost, missing)
        told["mine"]["economics"]["missing"] = ["economics.au_price"]
    else:
        del told["mine"]["missing"]
        told["mine"]["economics"]["missing"] = missing
    said = plain(side_panel(told))
    for part in lost:
        name = {"pit": "open pit", "stopes": "stopes"}[part]
        if not missing:
            assert f"No {name}: the study asks for none." in said
        elif "price" in missing[0]:
            assert f"No {name}: no price is stated: {missing[0]} ." in said
        else:
            assert f"No {name}: figures it rests on are not stated: {missing[0]} ." in said
    assert tables_of(told)


def test_keys_and_sentences_of_a_study_are_escaped(told):
    hostile = "<img src=x onerror=alert(1)>"
    told["mine"] |= {"pit": None, "missing": {"pit": [hostile]}, "sentences": [hostile]}
    told["mine"]["economics"] |= {"missing": [hostile], "notes": [hostile]}
    told["mine"]["economics"]["lane"]["years"][0] |= {"binding": hostile, "year": hostile}
    told["mine"]["stopes"]["rejected"] = {hostile: {"limit_pct": 0.1, "blend_pct": 0.2}}
    told["mine"]["ore"]["classes"] = [hostile]
    html = side_panel(told)
    assert "<img" not in html and html.count("&lt;img") >= 9


@pytest.mark.parametrize("mine", [{}, {"pit": None, "stopes": None}, {"stopes": {}, "pit": {}}])
def test_an_empty_mine_is_no_error(told, mine):
    told["mine"] = mine
    assert "No stopes" in plain(side_panel(told))
    assert {t.name for t in tables_of(told)} & set(mine_tables(told)) == set()


def test_parts_of_parts_may_be_absent_or_null(told):
    for key in list(told["mine"]["stopes"]):
        some = copy.deepcopy(told)
        some["mine"]["stopes"][key] = None
        assert "Stopes" in side_panel(some) and tables_of(some)
    for key in list(told["mine"]["pit"]):
        some = copy.deepcopy(told)
        some["mine"]["pit"][key] = None
        assert "Open pit" in side_panel(some) and tables_of(some)


def test_rows_of_unknown_amounts_are_written_as_not_known(told):
    stopes, pit = told["mine"]["stopes"], told["mine"]["pit"]
    lists = [stopes["levels"], stopes["sections"], stopes["rows"], pit["shells"], pit["pushbacks"]]
    for rows in [*lists, *stopes["sensitivity"].values()]:
        for row in rows if isinstance(rows, list) else [rows]:
            for key in row:
                if key not in {"level", "section", "number", "stope"}:
                    row[key] = None
    assert "not known" in plain(side_panel(told))
    assert "None" not in plain(side_panel(told))


def test_levels_are_listed_from_the_top_down_with_words_and_units(told):
    said = plain(mine_stopes.stopes_laid_out(told))
    lows = [int(low) for low in re.findall(r"(\d+) to \d+ level \d+ ", said)]
    assert lows == [*sorted(lows[:5], reverse=True)] * 2 and len(lows) == 10
    for words in ("NSR, USD/t", "g/t Au", "Grade, % Sb", "Proven upper bound", "Stopes by section"):
        assert words in said
    for raw in ("sb_pct", "ore_t", "_m ", "usd_per"):
        assert raw not in said


def test_the_cells_of_the_section_hold_all_ore_once(told):
    stopes = told["mine"]["stopes"]
    html = mine_heat.panels(told, stopes)
    cells = re.findall(r'title="Level ([\d,]+) to [\d,]+ m, section (\d+): (\d+) stopes?, ', html)
    assert sum(int(count) for _, _, count in cells) == len(stopes["rows"])
    places = {(f"{r['level_low_m']:g}", str(r["section"])) for r in stopes["rows"]}
    assert {(low, section) for low, section, _ in cells} == places
    heads = re.findall(r'<th scope="col">(\d+)</th>', html)
    numbers = [r["section"] for r in stopes["rows"]]
    assert heads == [str(n) for n in range(min(numbers), max(numbers) + 1)]


amounts = st.tuples(st.floats(1, 1e6), st.floats(0, 70), st.floats(-1e7, 1e9))


@given(st.lists(amounts, min_size=1, max_size=6))
def test_stopes_of_one_panel_add_up_whatever_their_order(found):
    rows = [dict(zip(("ore_t", "sb_pct", "value_usd"), row, strict=True)) for row in found]
    one, other = mine_heat.together(rows), mine_heat.together(rows[::-1])
    assert one == other
    assert min(r["sb_pct"] for r in rows) - 1e-9 <= one["sb_pct"]
    assert one["sb_pct"] <= max(r["sb_pct"] for r in rows) + 1e-9
    assert one["ore_t"] == pytest.approx(sum(r["ore_t"] for r in rows))


def test_what_one_stope_of_a_panel_lacks_is_not_known_of_the_panel():
    rows = [{"ore_t": 1.0, "sb_pct": 2.0, "value_usd": 3.0}, {"ore_t": 1.0}]
    found = mine_heat.together(rows)
    assert found["sb_pct"] is None and found["value_usd"] is None and found["ore_t"] == 2.0


def test_what_could_feed_rich_ore_is_said_with_its_share_and_time(told):
    stopes = told["mine"]["stopes"]
    rich = stopes["sensitivity"]["direct_shipping"]
    said = mine_stopes.rich_feed(stopes)
    assert "22,000 t at 17 % Sb, 5.1 % of the ore in stopes" in said
    assert "At 700,000 t a year that is 12 days of feed." in said
    alone = stopes["sensitivity"]["cutoff"][-1]
    assert alone["cutoff_sb_pct"] == 15.0
    alone |= {"ore_t": 25_100.0, "sb_pct": 15.4}
    assert "alone, stopes would hold 25,000 t at 15 % Sb" in mine_stopes.rich_feed(stopes)
    rich |= {"ore_t": 0.0, "sb_pct": None, "richest_sb_pct": 9.21}
    said = mine_stopes.rich_feed(stopes)
    assert said.startswith("No stope of this mine reaches 15 % Sb as mined; the richest holds 9.2")
    assert "stopes would hold 25,000 t" in said and "nothing could ever" not in said
    alone |= {"ore_t": 0.0, "sb_pct": None}
    assert "nothing could ever feed a line" in mine_stopes.rich_feed(stopes)
    rich["words"] = "Said by the study."
    assert mine_stopes.rich_feed(stopes) == "Said by the study."
    assert mine_stopes.rich_feed({}) == mine_stopes.rich_feed({"sensitivity": None}) == ""


def test_curves_stand_beside_their_tables_and_span_the_same_axis(told):
    html = mine_stopes.sensitivity(told)
    assert html.count("<svg") == 2 and html.count("<table") == 2
    drawn = by_cutoff(told["mine"]["stopes"]["sensitivity"]["cutoff"])
    ticks = re.findall(r'class="m"[^>]*>([\d.]+)<', drawn)
    half = len(ticks) // 2
    assert ticks[:half] == ticks[half:] and "15" in ticks
    assert by_cutoff([]) == "" and pit_by_pit([]) == ""


def test_the_row_of_the_stated_prices_is_marked(told):
    for html in (mine_stopes.sensitivity(told), pit_laid_out(told)):
        (marked,) = re.findall(r'<tr class="base">.*?</tr>', html)
        assert "1 x all prices" in marked or "stated prices" in marked


def test_the_graph_pit_by_pit_draws_losses_below_zero(told):
    shells = told["mine"]["pit"]["shells"]
    shells[-1]["worst_npv_usd"] = -1.5e8
    drawn = pit_by_pit(shells)
    assert drawn.count("<svg") == 3 and ">-100<" in drawn
    for path in re.findall(r'd="M([^"]+)"', drawn.split("<svg")[3]):
        heights = [float(p.split()[1]) for p in path.split("L") if re.fullmatch(r"[\d. -]+", p)]
        assert all(0 <= y <= 150 for y in heights)


def test_a_figure_without_losses_is_drawn_as_before():
    curve = Curve("a", ((1.0, 4.0), (2.0, 3.0)))
    drawn = figure((Panel(title="t", x_label="x", curves=(curve,)),), "t")
    assert "M34.0 20.0L176.0 44.5" in drawn


def test_every_figure_of_the_economics_shows_kind_unit_and_source(told):
    html = economics(told)
    said = plain(html)
    for row in told["mine"]["economics"]["rows"]:
        assert row["label"] in said and row["unit"] in said and row["key"] in said
    assert html.count("SYNTHETIC: an invented figure") == len(told["mine"]["economics"]["rows"])
    assert {"assumed", "derived", "reported"} <= set(re.findall(r"<td>(\w+)</td>", html))
    assert "No limit of rejection is known for Hg." in said
    assert "Discounted value 210 million USD; with one cut-off of 56 USD/t" in said
    for cut in told["mine"]["economics"]["cutoffs"]:
        assert cut["name"][1:] in said and cut["meaning"] in said


def test_nothing_is_said_of_a_part_that_is_there(told):
    assert why_none(told, "pit") == why_none(told, "stopes") == ""


def test_tables_hold_every_row_with_words_and_say_synthetic(told):
    tables = {t.name: t for t in tables_of(told)}
    stopes, pit = told["mine"]["stopes"], told["mine"]["pit"]
    counts = {
        "stope_list": len(stopes["rows"]),
        "stopes_by_level": len(stopes["levels"]),
        "stopes_by_section": len(stopes["sections"]),
        "stope_cutoffs": len(stopes["sensitivity"]["cutoff"]),
        "stope_prices": len(stopes["sensitivity"]["price"]),
        "stope_rich_feed": 1,
        "stope_certificate": 1,
        "stope_totals": 1,
        "stope_frame": 1,
        "stope_offsets": 3,
        "pit_ultimate": 1,
        "pit_shells": len(pit["shells"]),
        "pit_pushbacks": len(pit["pushbacks"]),
        "mine_economics": len(told["mine"]["economics"]["rows"]),
        "mine_cutoffs": 3,
        "mine_policy": 4,
        "mine_ore": 1,
        "pit_plan": 1,
        "pit_years": 2,
        "pit_benches": 4,
        "pit_rejected": 2,
        "stope_rejected": 1,
    }
    for name, count in counts.items():
        assert len(tables[name].rows) == count
        assert tables[name].title.startswith("SYNTHETIC ")
        assert set(tables[name].rows["synthetic"]) == {"SYNTHETIC"}
        assert all("_" not in f.alias for f in tables[name].fields), name
    assert not {"plan", "shells", "pushbacks"} & set(tables["pit_ultimate"].rows.columns)
    assert not {"slopes", "rejected", "benches"} & set(tables["pit_ultimate"].rows.columns)
    assert list(tables["pit_ultimate"].rows["slopes_most_too_flat_deg"]) == [3.4]
    assert list(tables["pit_rejected"].rows["element"]) == ["hg", "as"]
    assert "years" not in tables["pit_plan"].rows.columns
    fields = {f.name: f.label for f in tables["pit_shells"].fields}
    assert fields["ore_t"] == "Ore to the plant, t"
    assert list(tables["stope_list"].rows["ore_t"]) == [r["ore_t"] for r in stopes["rows"]]


def test_tables_and_layers_of_a_mine_share_no_name(tmp_path):
    example_mine.finished(tmp_path)
    with sqlite3.connect(tmp_path / "synthetic_layers.gpkg") as base:
        kinds = dict(base.execute("SELECT table_name, data_type FROM gpkg_contents"))
    assert kinds["synthetic_stopes"] == kinds["synthetic_pit_outline"] == "features"
    assert kinds["synthetic_stope_list"] == kinds["synthetic_pit_shells"] == "attributes"


def test_a_finished_mine_is_mapped_again_alike_and_exported(tmp_path):
    from maps.workflow import map_from_folder

    page = example_mine.finished(tmp_path)
    first = page.read_bytes()
    map_from_folder(tmp_path)
    assert page.read_bytes() == first
    names = export_from_folder(tmp_path, "csv", tmp_path / "csv")
    assert {"synthetic_stopes.csv", "synthetic_stope_list.csv"} <= set(names)
