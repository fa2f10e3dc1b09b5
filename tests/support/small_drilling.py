"""A small drillhole study for tests: nine vertical holes through a dipping trend, in a folder."""

from pathlib import Path

import numpy as np

STUDY = """
[study]
name = "small"
crs = "EPSG:32631"
extent = {{ west = 2.9, south = 0.8, east = 3.1, north = 1.0 }}
[drillholes]
dip = "negative_down"
azimuth = "grid_north"
assume_vertical = true
[drillholes.collars]
path = "collars.csv"
[drillholes.intervals.assays]
path = "assays.csv"
columns = {{ sb_pct = "sb_pct", au_gpt = "au_gpt" }}
[samples]
elements = ["sb_pct", "au_gpt"]
length_m = 2
[domains.ore]
{domain}
[domains.ore.variograms.sb_pct]
nugget = 0.1
structures = [{{ sill = 0.9, ranges_m = [60, 60, 30] }}]
[domains.ore.variograms.au_gpt]
same_as = "sb_pct"
[estimation]
discretisation = [2, 2, 2]
passes = [{{ reach_m = [60, 60, 30], least = 2, most = 12 }}]
[blocks]
size_m = [10, 10, 10]
[density]
t_per_m3 = {{ value = 2.8, kind = "assumed", source = "test" }}
[tonnage]
cutoffs = [0, 1]
base_cutoff = 1
basis = "test"
{more}
"""


def write_small(folder: Path, domain: str = "", more: str = "") -> Path:
    """Write the tables and the study; return the study's path."""
    rng = np.random.default_rng(7)
    collars = ["hole_id,easting,northing,elevation,depth_m"]
    assays = ["hole_id,from_m,to_m,sb_pct,au_gpt"]
    for number in range(9):
        east, north = 500_000 + 25 * (number % 3), 100_000 + 25 * (number // 3)
        collars.append(f"T-{number + 1},{east},{north},100,60")
        for depth in range(0, 60, 2):
            grade = 1.0 + 0.5 * np.sin(depth / 9 + number) + 0.2 * rng.random()
            assays.append(f"T-{number + 1},{depth},{depth + 2},{grade:.3f},{grade / 2:.3f}")
    (folder / "collars.csv").write_text("\n".join(collars) + "\n", "utf-8")
    (folder / "assays.csv").write_text("\n".join(assays) + "\n", "utf-8")
    study = folder / "study.toml"
    study.write_text(STUDY.format(domain=domain, more=more), "utf-8")
    return study
