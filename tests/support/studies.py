"""Small studies for tests, written into a folder."""

import csv
import json
from pathlib import Path

from deposits.evidence.statements import COLUMNS

TABLES = ("study", "evidence", "fields", "layers", "plan", "plants", "economics", "market",
          "verdict", "claims", "scenario", "map")  # fmt: skip

STUDY = """
[study]
name = "test"
title = "Test district"
question = "Does it hold?"
crs = "EPSG:32642"
extent = {{ west = 68, south = 38.5, east = 69.5, north = 40 }}
draws = 500
[evidence]
statements = "statements.csv"
[fields.north]
name = "North"
aliases = ["Северное"]
[fields.north.grade_law]
selection_unit_t = 100
cv_at_selection_unit = {{ low = 0.5, value = 1.0, high = 1.03 }}
[layers.deposits]
path = "deposits.geojson"
role = "deposits"
[plan]
name = "Test plan"
plant = "mill"
throughput_t_per_year = {rate}
{plan}
[plants.mill]
name = "Mill"
feeds = ["north"]
nameplate_t_per_year = 200000
sb_recovery_fraction = 0.9
concentrate_sb_pct = 50
{more}
"""
NORTH = {
    "statement_id": "N1", "field": "north", "model": "m", "role": "model", "category": "C1",
    "kind": "reported", "source": "report 2024", "primary": "ore_t;sb_pct", "basis": "in situ",
    "ore_t": "1000000", "sb_pct": "3",
}  # fmt: skip


def write_statements(folder: Path, *rows: dict[str, str]) -> Path:
    path = folder / "statements.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, [column.name for column in COLUMNS])
        writer.writeheader()
        writer.writerows(rows)
    return path


def write_study(folder: Path, *rows, rate=100_000, plan="", more="", text=STUDY) -> Path:
    """Write a study of one field; *rows* are its statements."""
    write_statements(folder, *(rows or (NORTH,)))
    feature = {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [68.6, 39.2]},
        "properties": {"id": "north", "name": "North", "kind": "deposit", "field": "north",
                       "uncertainty_m": 1000, "source": "test"},
    }  # fmt: skip
    layer = {"type": "FeatureCollection", "features": [feature]}
    (folder / "deposits.geojson").write_text(json.dumps(layer), "utf-8")
    path = folder / "study.toml"
    path.write_text(text.format(rate=rate, plan=plan, more=more), "utf-8")
    return path
