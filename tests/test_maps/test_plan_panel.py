"""Is a mine's plan drawn as its tables say, whatever is missing, whatever files call things?"""

import copy
import itertools
import random
import re
import sqlite3
from html import unescape
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import example_mine, example_plan

from maps import palettes
from maps.config import MapSettings
from maps.drawings import mine_limits
from maps.drawings.footprints import draw
from maps.drawings.panel import side_panel
from maps.drawings.plan_benches import benches, by_bench
from maps.drawings.plan_figures import cash, feed
from maps.drawings.plan_gantt import Bar, bars_of, gantt, lanes
from maps.drawings.plan_limits import limits, shade
from maps.drawings.plan_panel import front, sections
from maps.drawings.plan_rows import plan_tables
from maps.drawings.plan_tables import by_year
from maps.drawings.plan_years import year_classes, year_colours
from maps.drawings.results import tables_of
from maps.products.geopackage import write_geopackage
from maps.products.web import page_data
from planning.production.layers import LEFT, with_plan

HOSTILE = '"><script>alert(1)</script>'


@pytest.fixture
def told():
    return copy.deepcopy(example_plan.summary())


def plain(html):
    words = unescape(re.sub(r"<[^>]+>", " ", html)).replace("\u00a0", " ").replace("\u2011", "-")
    return re.sub(r"\s+", " ", words)


def pictures(html):
    return [ET.fromstring(svg) for svg in re.findall(r"<svg.*?</svg>", html, re.S)]


def rects(svg, colour):
    return [r for r in svg.iter("rect") if r.get("fill") == colour and float(r.get("height")) > 9.5]


def test_the_front_says_verdict_worth_bound_and_the_rate_that_is_held(told):
    said = plain(front(told))
    assert "Plan of stopes under ground" in said
    assert "not known 90,000 t of ore a year in years 2 to 4" in said
    assert "Net present value 31 million USD at 10 % a year, mid year" in said
    assert "No plan is worth more than 32 million USD" in said
    assert "Unproven between them 0.64 %" in said
    assert "lowest feed of years 2 to 4 81,000 t a year" in said
    assert "Proven impossible above 93,000 t a year" in said
    assert "SYNTHETIC:" not in said  # the banner over the page says it


def test_a_check_that_found_something_is_a_warning_on_the_front(told):
    told["plan"]["check"] = ["plant in period 3: 5 t above the limit"]
    assert "An independent check found: plant in period 3" in plain(front(told))


def test_a_study_without_a_plan_says_nothing_of_one():
    told = example_mine.summary()
    assert front(told) == "" and sections(told) == []
    assert "Plan of" not in plain(side_panel(told))
    assert not [t.name for t in tables_of(told) if t.name.startswith("plan_")]


def test_the_page_holds_all_sections_of_a_plan(told):
    said = plain(side_panel(told))
    for title in (
        "Plan, year by year",
        "Stopes of the plan in time",
        "What holds the plan back, and what would help",
        "Other ways of choosing, and cut-offs",
        "Scenarios of the plan (1)",
        "What is proven of the plan, and what it leaves out",
    ):
        assert title in said


def test_bars_of_the_feed_are_as_high_as_their_tonnes(told):
    years = told["plan"]["years"]
    (svg,) = pictures(feed(years))
    straight = rects(svg, palettes.BLUE)[: len(years)]
    tall = [float(r.get("height")) for r in straight]
    tonnes = [y["feed_t"] - y["reclaimed_t"] for y in years]
    for one, other in zip(tall, tonnes, strict=True):
        assert one / max(tall) == pytest.approx(other / max(tonnes), abs=0.01)
    words = [t.text for t in svg.iter("title")]
    assert len(words) == len(years)
    assert "off the stockpile 9,000 t" in words[-1] and "asked for 90,000 t" in words[-1]


def test_the_target_is_a_line_of_steps_over_the_bars(told):
    (svg,) = pictures(feed(told["plan"]["years"]))
    dashed = [p for p in svg.iter("path") if p.get("stroke-dasharray")]
    assert dashed[0].get("d").count("H") == len(told["plan"]["years"])
    assert any("90,000 t in a full year" in (t.text or "") for t in svg.iter("text"))


def test_losses_hang_below_the_line_and_the_sum_ends_at_the_worth(told):
    years = told["plan"]["years"]
    years[0] |= {"cash_usd": -4e6, "discounted_usd": -3.6e6}
    (svg,) = pictures(cash(years))
    assert len(rects(svg, palettes.VERMILLION)) == 1
    assert len(rects(svg, palettes.BLUE)) == len(years) - 1
    line = next(p for p in svg.iter("path") if p.get("stroke") == palettes.VERMILLION)
    ys = [float(y) for y in re.findall(r"[ML][\d.]+ (-?[\d.]+)", line.get("d"))]
    assert len(ys) == len(years) + 1 and ys[-1] == min(ys)


def test_each_limit_is_a_strip_that_darkens_and_a_line_marks_a_price(told):
    binding = told["plan"]["binding"]
    (svg,) = pictures(limits(binding))
    cells = [r for r in svg.iter("rect") if r.get("height") == "14"]
    assert len(cells) == len(binding)
    assert [c.get("fill") for c in cells] == [shade(row["full"]) for row in binding]
    lined = [p for p in svg.iter("path") if p.get("stroke") == palettes.VERMILLION]
    priced = [row for row in binding if row["binds"]]
    assert lined[0].get("d").count("H") == len(priced)
    assert any("a unit more is worth 40 USD then" in t.text for t in svg.iter("title"))


def test_shades_darken_for_every_eye():
    light = [palettes.as_seen(shade(f / 10))[0] for f in range(11)]
    assert light == sorted(light, reverse=True) and light[0] - light[-1] > 60


def test_every_stope_that_is_drawn_has_a_bar_and_no_other(told):
    said = gantt(told)
    (svg,) = pictures(said)
    named = [t.text.partition(":")[0] for t in svg.iter("title") if ": " in t.text]
    drawn = {row["stope"] for row in told["plan"]["stopes"]}
    assert sorted(named) == sorted(drawn)
    assert example_mine.rows()[-1]["stope"] not in drawn
    first = next(t.text for t in svg.iter("title") if t.text.startswith(min(drawn)))
    assert "drawn in year 1 (2027-" in first and "% Sb" in first


def test_levels_of_the_gantt_stand_from_the_top_down(told):
    (svg,) = pictures(gantt(told))
    ends = [t.text for t in svg.iter("text") if " to " in (t.text or "")]
    low = [float(text.split(" to ")[0]) for text in ends]
    assert low == sorted(low, reverse=True) and len(low) == 5


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 40), st.integers(1, 9)).map(lambda p: (p[0], p[0] + p[1])),
        min_size=1,
        max_size=40,
    )
)
def test_no_bar_lies_over_another_and_no_lane_too_many_is_used(times):
    bars = [Bar(str(i), 1, ((float(b), float(e)),), (), None, "") for i, (b, e) in enumerate(times)]
    bars.sort(key=lambda bar: (bar.begin, bar.end, bar.name))
    laid = lanes(bars)
    assert sorted(bar.name for lane in laid for bar in lane) == sorted(b.name for b in bars)
    for lane in laid:
        for one, other in itertools.pairwise(lane):
            assert one.end <= other.begin
    most = max(sum(b <= at < e for b, e in times) for at in range(60))
    assert len(laid) == most


def test_parts_of_a_stope_in_neighbouring_periods_are_one_bar(told):
    bars = bars_of([r for r in told["plan"]["activities"] if r["period"]], told["plan"]["stopes"])
    assert all(len(bar.drawn) == 1 for bar in bars)
    assert all({kind for kind, _, _ in bar.lines} == {"preparation", "fill"} for bar in bars)


def units():
    """Three units of a pit: two of one bench, in two years."""
    rows = [
        (5, "bench 905 m, waste", 0.0, 9e5, None, 0.0),
        (5, "bench 905 m, ore of class 1", 3e5, 1e4, 2.0, 0.0),
        (5, "bench 905 m, ore of class 2", 1e5, 0.0, 6.0, 1.0),
        (4, "bench 900 m, waste", 0.0, 2e5, None, 1.0),
    ]
    return [
        {"level": level, "title": title, "ore_t": ore, "waste_t": waste, "sb_pct": grade,
         "from_years": begins, "to_years": begins + 1.0, "period": int(begins) + 1}
        for level, title, ore, waste, grade, begins in rows
    ]  # fmt: skip


def test_benches_of_a_pit_add_up_by_year():
    found = by_bench(units())
    first, later = found[(5, (0.0, 1.0))], found[(5, (1.0, 2.0))]
    assert first == {"name": "bench 905 m", "rock_t": 1.21e6, "ore_t": 3e5, "sb_pct": 2.0}
    assert later["sb_pct"] == 6.0 and found[(4, (1.0, 2.0))]["sb_pct"] is None


def test_a_plan_of_a_pit_shows_benches_and_no_stopes(told):
    told["plan"] |= {"of": "pit", "activities": units(), "stopes": []}
    said = plain(side_panel(told))
    assert "Benches of the plan in time" in said and "Stopes of the plan in time" not in said
    assert "Plan of the open pit" in said
    (svg,) = pictures(benches(told["plan"]))
    words = [t.text for t in svg.iter("title")]
    assert words[0] == "Bench 905 m, year 1: 1.2 Mt, 300,000 t at 2.0 % Sb"
    assert len(words) == 3


def test_text_from_files_is_escaped_everywhere(told):
    plan = told["plan"]
    for row in plan["activities"]:
        row["stope"] = f"{row['stope']}{HOSTILE}" if row["stope"] else None
        row["title"] = HOSTILE
    for row in plan["stopes"]:
        row["stope"] += HOSTILE
    for key in ("binding", "bottlenecks", "relief", "policies", "scenarios", "years", "periods"):
        for row in plan[key]:
            row |= {k: HOSTILE for k, v in row.items() if isinstance(v, str)}
    plan |= {k: [HOSTILE] for k in ("words", "notes", "check")} | {"proof": HOSTILE}
    plan["verdict"]["sentence"] = HOSTILE
    said = f"{front(told)}{''.join(body for _, body in sections(told))}"
    assert "<script" not in said and "alert(1)" in said
    plan |= {"of": "pit", "activities": [{**row, "title": HOSTILE} for row in units()]}
    assert "<script" not in benches(plan) and "alert(1)" in benches(plan)


@pytest.mark.parametrize("key", [*sorted(example_plan.plan()), None])
def test_what_is_missing_is_left_out_and_never_stops_the_page(told, key):
    plan = told["plan"]
    if key is None:
        told["plan"] = {}
    elif key != "of":
        plan[key] = [] if isinstance(plan[key], list) else None
    laid = f"{front(told)}{sections(told)}"
    assert "nan" not in plain(laid).split()
    plan_tables(told)


@pytest.mark.parametrize("seed", range(12))
def test_columns_that_nobody_knows_never_stop_the_page(told, seed):
    rng = random.Random(seed)
    tables = [v for v in told["plan"].values() if isinstance(v, list) and isinstance(v[:1], list)]
    for rows in [t for t in tables if t and isinstance(t[0], dict)]:
        for column in rng.sample(sorted(rows[0]), k=max(len(rows[0]) // 3, 1)):
            for row in rows:
                row[column] = None
    laid = f"{front(told)}{sections(told)}"
    assert "nan" not in plain(laid).split()
    plan_tables(told)


def test_amounts_that_are_rounding_are_nought(told):
    told["plan"]["years"][1]["reclaimed_t"] = 1.3e-13
    assert "0.00000" not in plain(by_year(told["plan"]["years"]))


def test_the_layer_of_stopes_says_year_days_and_where_the_ore_goes():
    layers = example_plan.layers()
    stopes = layers["stopes"]
    assert stopes["plan_year"].dtype == "Int64"
    last = stopes.iloc[-1]
    assert last["plan_destination"] == LEFT and str(last["plan_year"]) == "<NA>"
    first = stopes.iloc[0]
    assert (first["plan_year"], first["plan_from"]) == (1, "2027-07-01")
    layer = next(x for x in draw(example_plan.summary(), layers) if x.name == "stopes")
    heads, rows = mine_limits.facts(layer)
    place = heads.index("In the plan")
    assert rows[0][place].startswith("year 1 (2027-07") and "to the plant" in rows[0][place]
    assert rows[-1][place] == "not in this plan"
    assert not [h for h in heads if h.startswith("Plan:")]  # one line says it all


def test_a_plan_of_a_pit_and_a_failed_plan_leave_the_layer_as_it_is():
    layers = example_mine.layers()
    for plan in (example_plan.plan("pit"), {"of": "stopes", "activities": [], "stopes": []}):
        assert list(with_plan(layers, plan)["stopes"]) == list(layers["stopes"])


def test_a_plan_without_a_first_day_names_no_days():
    plan = example_plan.plan()
    for row in plan["stopes"]:
        row |= {"from_date": None, "to_date": None}
    columns = set(with_plan(example_mine.layers(), plan)["stopes"])
    assert "plan_year" in columns and not {"plan_from", "plan_to"} & columns


def test_colours_by_year_part_the_years_and_leave_what_is_not_planned():
    layer = next(
        x for x in draw(example_plan.summary(), example_plan.layers()) if x.name == "stopes"
    )
    found = year_colours(layer)
    labels = [one["label"] for one in found["years"]["classes"]]
    assert labels == ["year 1", "year 2", "year 3", "not in this plan"]
    assert found["year_of"][-1] == 3 and set(found["year_of"][:-1]) == {0, 1, 2}
    bare = next(
        x for x in draw(example_mine.summary(), example_mine.layers()) if x.name == "stopes"
    )
    assert year_colours(bare) == {}


@given(first=st.integers(1, 30), more=st.integers(0, 99))
def test_every_year_has_one_colour_and_few_are_needed(first, more):
    found = year_classes(first, first + more)
    assert 1 <= len(found) <= len(palettes.YEARS)
    covered = [year for low, high in found for year in range(low, high + 1)]
    assert covered == list(range(first, first + more + 1))


def stopes_of(told, layers):
    return next(x for x in draw(told, layers) if x.name == "stopes")


def test_files_hold_the_tables_of_the_plan_and_its_columns(tmp_path, told):
    layer = stopes_of(told, {"stopes": example_plan.layers()["stopes"]})
    tables = [t for t in tables_of(told) if t.name.startswith("plan_")]
    assert all(t.title.startswith("SYNTHETIC ") for t in tables)
    write_geopackage([layer], tables, tmp_path / "plan.gpkg", description="SYNTHETIC")
    with sqlite3.connect(tmp_path / "plan.gpkg") as base:
        names = {row[0] for row in base.execute("select table_name from gpkg_contents")}
        assert {"plan_years", "plan_limits", "plan_stopes", "plan_certificate"} <= names
        rows = list(base.execute("select plan_year, plan_to from stopes order by fid"))
        marks = base.execute("select distinct synthetic from plan_activities")
        assert [row[0] for row in marks] == ["SYNTHETIC"]
    assert rows[0][0] == 1 and rows[-1] == (None, None)


def test_every_column_of_the_plan_has_words(told):
    for table in tables_of(told):
        if table.name.startswith("plan_"):
            for field in table.fields:
                assert field.alias and "_" not in field.alias, (table.name, field.name)


def test_the_page_knows_the_colour_of_each_stope_by_year(told):
    layer = stopes_of(told, example_plan.layers())
    (data,) = page_data(told, [layer], MapSettings(online_tiles=False))["layers"]
    assert [one["label"] for one in data["years"]["classes"]][-1] == "not in this plan"
    assert {one["year"] for one in data["features"]} == {0, 1, 2, 3}
    bare = stopes_of(example_mine.summary(), example_mine.layers())
    (data,) = page_data(example_mine.summary(), [bare], MapSettings(online_tiles=False))["layers"]
    assert "years" not in data and "year" not in data["features"][0]


def test_the_verdict_is_said_once(told):
    said = "SYNTHETIC: 700,000 t of ore a year in years 3 to 10: holds. The plan has them."
    verdict = {**told["plan"]["verdict"], "holds": True, "sentence": said}
    card = plain(front({**told, "plan": {**told["plan"], "verdict": verdict}}))
    said = card.split("Certificate")[0]
    assert said.count("holds") == 1
    assert "700,000 t of ore a year in years 3 to 10. The plan has them." in said
