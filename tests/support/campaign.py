"""A small sound campaign in three text tables, to be spoilt one cell at a time."""

from __future__ import annotations

from pathlib import Path

from deposits.drilling.config import DrillholesTable
from deposits.drilling.reading import DrillholeReport, inspect_drillholes

COLLARS = """hole_id,easting,northing,elevation,depth_m
SYN-001,1000,2000,500,100
SYN-002,1050,2000,505,60
007,1100,2000,510,30
"""
SURVEYS = """hole_id,depth_m,azimuth_deg,dip_deg
SYN-001,0,90,-60
SYN-001,50,92,-58
SYN-002,0,270,-70
SYN-002,40,270,-68
007,0,0,-90
007,20,0,-90
"""
ASSAYS = """hole_id,from_m,to_m,sb_pct,au_gpt
SYN-001,0,50,1.5,0.2
SYN-001,50,100,2.5,0.4
SYN-002,0,30,0.5,0.1
SYN-002,30,60,3.5,0.3
007,0,30,4.5,0.5
"""
LITHOLOGY = """hole_id,from_m,to_m,code
SYN-001,0,100,BRX
SYN-002,0,60,LST
007,0,30,JSP
"""
FILES = {"collars": COLLARS, "surveys": SURVEYS, "assays": ASSAYS, "lithology": LITHOLOGY}


def study(**changes) -> DrillholesTable:
    """The study's table of the sound campaign, with some keys changed."""
    tree = {
        "dip": "negative_down",
        "azimuth": "grid_north",
        "collars": {"path": "collars.csv"},
        "surveys": {"path": "surveys.csv"},
        "intervals": {
            "assays": {
                "path": "assays.csv",
                "columns": {"sb_pct": "sb_pct", "au_gpt": "au_gpt"},
            },
            "lithology": {"path": "lithology.csv", "columns": {"code": "code"}},
        },
    }
    return DrillholesTable.model_validate(tree | changes)


def write(folder: Path, **texts: str) -> None:
    """Write the tables, some of them changed."""
    for name, text in (FILES | texts).items():
        (folder / f"{name}.csv").write_text(text, "utf-8")


def spoilt(folder: Path, table: str, old: str, new: str, **changes) -> DrillholeReport:
    """Inspect the campaign with one thing in one table replaced."""
    assert FILES[table].count(old) == 1, f"{old} stands {FILES[table].count(old)} times"
    write(folder, **{table: FILES[table].replace(old, new)})
    return inspect_drillholes(study(**changes), folder)
