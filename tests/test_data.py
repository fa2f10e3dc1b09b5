"""The shipped data files keep their promises."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import pytest

from planning.economics.market_tables import row_sum_problems

DATA = Path(__file__).parents[1] / "data"
TABLES = sorted((*DATA.glob("evidence/*.csv"), *DATA.glob("market/*.csv")))
LAYERS = sorted(DATA.glob("layers/*.geojson"))
KINDS = {"reported", "derived", "assumed"}
MEANINGS = {
    "location",
    "label point of an area",
    "where the deposit may lie, not its outline",
    "schematic course, not surveyed",
}
PROPERTIES = {
    "id", "name", "name_ru", "aliases", "kind", "field", "uncertainty_m", "geometry_meaning",
    "statement_kind", "confidence", "source", "year", "note",
}  # fmt: skip


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def features(path: Path) -> list[dict]:
    return json.loads(path.read_text(encoding="utf-8"))["features"]


def names(paths: list[Path]) -> list[str]:
    return [path.name for path in paths]


def test_the_tables_and_layers_are_there():
    assert len(TABLES) >= 13
    assert names(LAYERS) == [
        "deposits.geojson", "places.geojson", "plants.geojson", "rivers.geojson", "roads.geojson",
    ]  # fmt: skip


@pytest.mark.parametrize("path", TABLES, ids=names(TABLES))
def test_every_row_has_source_kind_and_a_year_or_edition(path):
    for row in rows(path):
        assert row["source"].strip(), row
        assert row["kind"] in KINDS, row
        assert any(re.search(r"\d{4}", row.get(c, "")) for c in ("year", "edition", "date")), row


@pytest.mark.parametrize("path", TABLES, ids=names(TABLES))
def test_identifiers_are_unique_and_cells_are_trimmed(path):
    table = rows(path)
    first = next(iter(table[0]))
    identifiers = [row[first] for row in table]
    assert len(set(identifiers)) == len(identifiers)
    for row in table:
        assert None not in row and all(cell == cell.strip() for cell in row.values()), row


@pytest.mark.parametrize("path", TABLES, ids=names(TABLES))
def test_the_source_of_a_row_names_a_year(path):
    """A citation without a year cannot be looked up; the year column may carry it instead."""
    for row in rows(path):
        dated = (
            f"{row['source']} {row.get('year', '')} {row.get('date', '')} {row.get('edition', '')}"
        )
        assert re.search(r"(19|20)\d{2}", dated), row


def test_the_statement_table_has_exactly_its_columns():
    with (DATA / "evidence" / "statements.csv").open(encoding="utf-8") as file:
        header = next(csv.reader(file))
    quantities = [
        f"{q}{end}" for q in ("ore_t", "sb_pct", "sb_t", "au_gpt", "au_kg")
        for end in ("_low", "", "_high")
    ]  # fmt: skip
    assert header == [
        "statement_id", "field", "model", "role", "category", "year", "kind", "basis",
        "cutoff_sb_pct", "primary", *quantities, "owner", "plant", "source", "note",
    ]  # fmt: skip


def test_the_field_without_a_published_tonnage_has_no_number_but_its_labelled_bounds():
    table = [
        row for row in rows(DATA / "evidence" / "statements.csv") if row["field"] == "jijikrut"
    ]
    model = [row for row in table if row["role"] == "model"]
    numbers = [c for c in model[0] if re.match(r"(ore_t|sb_|au_|cutoff)", c)]
    assert len(model) == 1 and all(model[0][c] == "" for c in numbers)
    bounds = [row for row in table if row["role"] == "bounding"]
    assert {row["sb_t"] for row in bounds} == {"147000", "197000", "600000"}
    for row in bounds:
        assert row["kind"] == "assumed"
        assert "as if it were Jijikrut" in row["note"]
        assert not any(row[c] for c in row if c.endswith(("_low", "_high")))


@pytest.mark.parametrize(
    ("edition", "year", "printed", "summed"),
    [
        ("MCS 2025", "2023", 106000, 106119),
        ("MCS 2025", "2024", 100000, 103960),
        ("MCS 2026", "2024", 119000, 118990),
        ("MCS 2026", "2025", 110000, 110720),
    ],
)
def test_the_country_rows_add_up_to_the_printed_total_within_5_per_cent(
    edition, year, printed, summed
):
    table = [
        row
        for row in rows(DATA / "market" / "usgs_antimony.csv")
        if (row["edition"], row["year"], row["measure"]) == (edition, year, "production")
    ]
    world = [float(row["value_t_sb"]) for row in table if row["country"] == "World"]
    countries = [float(r["value_t_sb"] or 0) for r in table if r["country"] != "World"]
    assert world == [printed]
    assert sum(countries) == summed
    assert abs(summed / printed - 1) < 0.05


def test_a_slip_in_a_country_row_is_found():
    from planning.economics.market_tables import read_market

    usgs = read_market(DATA / "market").or_raise().usgs
    assert row_sum_problems(usgs, "World") == []
    for factor in (10.0, 0.1):
        slipped = usgs.copy()
        chosen = (usgs["country"] == "China") & (usgs["edition"] == "MCS 2025")
        chosen &= usgs["year"] == 2024
        slipped.loc[chosen, "value_t_sb"] *= factor
        assert len(row_sum_problems(slipped, "World")) == 1


def test_no_figure_is_only_recalled():
    for path in (*TABLES, *LAYERS, DATA / "evidence" / "claims.toml"):
        assert "recall" not in path.read_text(encoding="utf-8").lower(), path.name
    usgs = rows(DATA / "market" / "usgs_antimony.csv")
    assert not [r for r in usgs if r["edition"] == "MCS 2024" and r["measure"] == "reserves"]
    shares = rows(DATA / "market" / "us_import_shares.csv")
    assert {r["window"] for r in shares if r["share_pct"] == "63"} == {""}


def test_undated_prices_stay_out_of_the_series():
    for row in rows(DATA / "market" / "antimony_prices.csv"):
        assert re.fullmatch(r"\d{4}(-\d{2}(-\d{2})?)?", row["date"]), row
        form = {"month": 7, "year": 4}.get(row["precision"], 10)
        assert len(row["date"]) == form, row


@pytest.mark.parametrize("path", LAYERS, ids=names(LAYERS))
def test_a_layer_is_geojson_of_rfc_7946(path):
    text = path.read_text(encoding="utf-8")
    tree = json.loads(text)
    assert tree["type"] == "FeatureCollection" and "crs" not in tree
    assert max(len(d) for d in re.findall(r"\d+\.(\d+)", text)) <= 7
    for feature in tree["features"]:
        assert set(feature) >= {"type", "geometry", "properties"}
        points = feature["geometry"]["coordinates"]
        points = [points] if feature["geometry"]["type"] == "Point" else points
        for longitude, latitude in points:
            assert 67 < longitude < 73 and 38.5 < latitude < 41, feature["properties"]["id"]


@pytest.mark.parametrize("path", LAYERS, ids=names(LAYERS))
def test_every_feature_has_its_properties_source_and_uncertainty(path):
    found = features(path)
    assert len({f["properties"]["id"] for f in found}) == len(found)
    for feature in found:
        facts = feature["properties"]
        assert set(facts) >= PROPERTIES, facts["id"]
        assert facts["uncertainty_m"] > 0 and facts["source"].strip(), facts["id"]
        assert facts["statement_kind"] in KINDS, facts["id"]
        assert facts["confidence"] in {"high", "medium", "low"}, facts["id"]
        assert facts["geometry_meaning"] in MEANINGS, facts["id"]


def test_deposits_are_points_with_a_disc_and_never_outlines():
    for feature in features(DATA / "layers" / "deposits.geojson"):
        facts = feature["properties"]
        assert feature["geometry"]["type"] == "Point", facts["id"]
        assert facts["geometry_meaning"] == "where the deposit may lie, not its outline"
        assert facts["uncertainty_m"] >= 2000, facts["id"]
    konchoch = next(
        f for f in features(DATA / "layers" / "deposits.geojson") if f["id"] == "konchoch"
    )
    assert konchoch["properties"]["uncertainty_m"] == 15000
    assert konchoch["properties"]["statement_kind"] == "assumed"


def test_lines_say_that_they_are_schematic_and_name_their_points():
    for name in ("roads", "rivers"):
        for feature in features(DATA / "layers" / f"{name}.geojson"):
            facts = feature["properties"]
            assert facts["geometry_meaning"] == "schematic course, not surveyed"
            assert "traight line" in facts["source"] and facts["uncertainty_m"] >= 2000


def test_the_trap_of_the_village_stands_in_the_data():
    pyproj = pytest.importorskip("pyproj")
    at = {
        f["id"]: f["geometry"]["coordinates"]
        for name in ("places", "deposits")
        for f in features(DATA / "layers" / f"{name}.geojson")
    }
    geod = pyproj.Geod(ellps="WGS84")

    def km(one: str, other: str) -> float:
        return geod.inv(*at[one], *at[other])[2] / 1000

    assert km("anzob_village", "zeravshan_settlement") == pytest.approx(16.83, abs=0.01)
    assert km("jezhikrut_usgs_1850", "dzhizhikrut_usgs_1848") == pytest.approx(7.38, abs=0.01)
    village = next(
        f for f in features(DATA / "layers" / "places.geojson") if f["id"] == "anzob_village"
    )
    assert "TRAP" in village["properties"]["note"] and "17 km" in village["properties"]["note"]


def test_every_field_of_the_statements_has_a_feature():
    fields = {row["field"] for row in rows(DATA / "evidence" / "statements.csv")}
    deposits = features(DATA / "layers" / "deposits.geojson")
    assert fields <= {f["properties"]["field"] for f in deposits}
    plants = {f["id"] for f in features(DATA / "layers" / "plants.geojson")}
    assert {row["plant"] for row in rows(DATA / "evidence" / "statements.csv")} - {""} <= plants
