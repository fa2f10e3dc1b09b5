"""Do all products of a study that plans its pit tell the same rock and ore of every year?"""

import json
import re

import geopandas as gpd
import pandas as pd
import pytest
from openpyxl import load_workbook
from support.command import anzob
from support.small_mine import write_mine

from maps.mine_words import tonnes

#: So little is kept of some blocks of ore that the plan dumps them.
SCHEDULE = """
[schedule]
of = "pit"
start = 2027-01-01
rounds = 1
hold_years = 1
periods = [{ count = 1, per_year = 1 }]
pit_most_units = 300
"""


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    """What the whole command leaves of a study that plans its pit."""
    folder = tmp_path_factory.mktemp("pit study")
    found = anzob("study", write_mine(folder, stopes=SCHEDULE), "--out", folder / "out")
    assert found.returncode == 0, found.stderr
    return folder / "out"


@pytest.fixture(scope="module")
def years(out):
    """Rock and ore of every year in which something is dug, as the plan's own table has them."""
    table = pd.read_csv(out / "plan_years.csv").set_index("year")
    table["rock_t"] = table["ore_t"] + table["waste_t"]
    table = table[table["rock_t"] > 0.0]
    assert len(table) > 2 and table["ore_t"].sum() > 0.0
    return table[["rock_t", "ore_t"]]


def agree(found, wanted):
    assert found.index.tolist() == wanted.index.tolist()
    assert found.to_numpy() == pytest.approx(wanted.to_numpy(), rel=1e-9, abs=1e-6)


def test_the_plan_dumps_some_ore(out):
    """Else what follows would not tell ore that is kept from ore that is dumped."""
    plan = json.loads((out / "summary.json").read_text("utf-8"))["plan"]
    dumped = [a for a in plan["activities"] if a["shares"].get("waste") and a["ore_t"] > 0.0]
    assert dumped


def test_blocks_weigh_what_their_years_weigh(out, years):
    rock = pd.read_parquet(out / "pit_blocks.parquet").set_index("block")["rock_t"]
    blocks = pd.read_parquet(out / "plan_blocks.parquet")
    blocks["rock_t"] = rock.loc[blocks["block"]].to_numpy()
    dug = blocks[blocks["plan_year"] > 0]
    agree(dug.groupby("plan_year")["rock_t"].sum(), years["rock_t"])


def test_the_layer_for_a_gis_holds_rock_and_ore_of_the_years(out, years):
    layer = gpd.read_file(out / "layers.gpkg", layer="plan_schedule")
    agree(layer.groupby("year")[["rock_t", "ore_t"]].sum(), years)


def test_periods_of_the_workbook_add_up_to_the_years(out, years):
    sheet = load_workbook(out / "scenarios.xlsx", read_only=True)["Schedule"]
    rows = [row for row in sheet.iter_rows(min_row=5, values_only=True) if row[1]]
    table = pd.DataFrame(rows[1:], columns=rows[0])
    table["year"] = pd.to_datetime(table["Begins"]).dt.year - 2026
    table["ore_t"] = table["Ore mined, t"].astype(float)
    table["rock_t"] = table["ore_t"] + table["Waste, t"].astype(float)
    found = table.groupby("year")[["rock_t", "ore_t"]].sum()
    agree(found[found["rock_t"] > 0.0], years)


def test_the_map_says_the_rock_of_every_year_and_ends_with_the_last(out, years):
    page = (out / "map.html").read_text("utf-8")
    told = re.search(r'<script[^>]*id="under"[^>]*>(.*?)</script>', page, re.S)
    steps = json.loads(told[1])["years"]["steps"]
    assert len(steps) == years.index.max()
    for year, row in years.iterrows():
        assert f"Year {year}, {2026 + year}" in steps[year - 1]["name"]
        assert steps[year - 1]["said"].startswith(f"Rock dug: {tonnes(row['rock_t'])}")


def test_the_page_in_space_has_the_years_of_the_map(out, years):
    page = (out / "model.html").read_text("utf-8")
    data = re.findall(r'<script type="application/json"[^>]*>(.*?)</script>', page, re.S)
    (pit,) = (json.loads(one)["pit"] for one in data if '"pit":' in one)
    steps = next(one["steps"] for one in pit["sets"] if one["name"] == "year")
    assert len(steps) == years.index.max()
    assert [step["at"] for step in steps] == sorted(step["at"] for step in steps)
