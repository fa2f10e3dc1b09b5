"""Does the whole route from drillholes to a validated block model stay within 2 GB?

Runs alone: ``python benchmarks/estimate.py [--json] [--large] [--blocks N]``. A SYNTHETIC study of
200 holes and 5,000 assays of two elements is written to a temporary folder, read, composited,
estimated by ordinary kriging of 3 x 3 x 2 points with 24 samples, classified, cut at ten cut-offs,
validated and summarised: what ``anzob estimate`` does, without sub-blocks. About a million blocks;
``--large`` for ten million. Seconds and the peak of the process's memory are given stage by stage.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

sys.path.insert(0, str(Path(__file__).parents[1]))

import numba
import numpy as np

from deposits.estimate.classes import write_classes
from deposits.estimate.inputs import bodies_of, grid_of
from deposits.estimate.model import write_model
from deposits.estimate.sampling import sample_domains
from deposits.estimate.summary import summarise
from deposits.estimate.tabulate import tabulate
from deposits.estimate.validate import validate
from deposits.estimate.workflow import Estimated, load, plan_domain
from deposits.study import read_study

T = TypeVar("T")
HOLES, ASSAYS_A_HOLE = 200, 25
LIMIT_MB = 2000.0
STUDY = """
[study]
name = "synthetic_benchmark"
title = "SYNTHETIC: a benchmark"
crs = "EPSG:32631"
extent = { west = 0.0, south = -1.0, east = 6.0, north = 1.0 }
synthetic = true
[drillholes]
dip = "negative_down"
azimuth = "grid_north"
below_detection = "half_limit"
collars = { path = "synthetic_collars.csv" }
surveys = { path = "synthetic_surveys.csv" }
[drillholes.intervals.assays]
path = "synthetic_assays.csv"
columns = { sb_pct = "sb_pct", au_gpt = "au_gpt" }
[samples]
elements = ["sb_pct", "au_gpt"]
length_m = 8
declustering_cell_m = [80, 80, 80]
[domains.lode]
plane = { dip_deg = 10, dip_direction_deg = 120 }
[domains.lode.variograms.sb_pct]
nugget = 0.6
structures = [{ kind = "spherical", sill = 2.4, ranges_m = [150, 100, 40] }]
[domains.lode.variograms.au_gpt]
same_as = "sb_pct"
[estimation]
discretisation = [3, 3, 2]
passes = [
    { reach_m = [150, 100, 60], least = 8, most = 24 },
    { reach_m = [450, 300, 180], least = 4, most = 24 },
]
[density]
t_per_m3 = { value = 2.7, kind = "assumed", source = "SYNTHETIC: a round figure" }
[classification]
measured = { most_spacing_m = 60, least_slope = 0.8, most_pass = 1 }
indicated = { most_spacing_m = 100, most_pass = 2 }
inferred = { most_pass = 2 }
smoothing_blocks = 1
[tonnage]
cutoffs = [0, 0.5, 1, 1.5, 2, 3, 4, 5, 7, 10]
base_cutoff = 1.0
by = ["class", "domain"]
basis = "SYNTHETIC: a round figure"
[blocks]
"""


def write_study(folder: Path, blocks: int) -> Path:
    """Write a SYNTHETIC campaign in 1 km x 1 km x 200 m and the study with so many blocks."""
    rng = np.random.default_rng(0)
    # The central meridian at the equator: in the sea, and within the district stated above.
    places = (rng.uniform(0.0, 1000.0, (HOLES, 2)) + np.array([500_000.0, 0.0])).round(2)
    grades = rng.lognormal(0.5, 0.8, (HOLES, ASSAYS_A_HOLE, 2)).round(3)
    collars = ["hole_id,easting,northing,elevation,depth_m"]
    surveys, assays = ["hole_id,depth_m,azimuth_deg,dip_deg"], ["hole_id,from_m,to_m,sb_pct,au_gpt"]
    for number, (east, north) in enumerate(places):
        name = f"SYN-{number:04d}"
        collars.append(f"{name},{east},{north},200,200")
        surveys.append(f"{name},0,0,-90")
        for row, (sb, au) in enumerate(grades[number]):
            assays.append(f"{name},{8 * row},{8 * row + 8},{sb},{au}")
    tables = {"collars": collars, "surveys": surveys, "assays": assays}
    for name, lines in tables.items():
        (folder / f"synthetic_{name}.csv").write_text("\n".join(lines) + "\n", "utf-8")
    side = max(2, round((blocks / 50) ** 0.5))
    edge = 1000.0 / side
    grid = f"size_m = [{edge}, {edge}, 4]\nshape = [{side}, {side}, 50]\n"
    grid += "origin_m = [500000, 0, 0]\n"
    path = folder / "synthetic_benchmark.toml"
    path.write_text(STUDY + grid, "utf-8")
    return path


def resident_mb() -> float:
    """Memory of this process that is resident now [MB]; NaN where the system does not say."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except OSError:
        return float("nan")
    return pages * resource.getpagesize() / 1e6


class Stages:
    """Seconds and peak memory of each stage, sampled fifty times a second."""

    def __init__(self) -> None:
        self.found: dict[str, dict[str, float]] = {}

    def run(self, name: str, work: Callable[[], T]) -> T:
        """Do a stage and note what it took."""
        peak, done = [resident_mb()], threading.Event()

        def watch() -> None:
            while not done.wait(0.02):
                peak[0] = max(peak[0], resident_mb())

        watcher = threading.Thread(target=watch, daemon=True)
        before, start = resident_mb(), time.perf_counter()
        watcher.start()
        try:
            return work()
        finally:
            seconds = time.perf_counter() - start
            done.set()
            watcher.join()
            self.found[name] = {
                "seconds": round(seconds, 2),
                "before_mb": round(before),
                "peak_mb": round(max(peak[0], resident_mb())),
            }


def measure(blocks: int, folder: Path) -> dict[str, object]:
    """Go the whole route, stage by stage."""
    stages, path = Stages(), write_study(folder, blocks)
    study = read_study(path, ("study", "drillholes", "samples", "domains", "estimation", "blocks",
                              "density", "tonnage", "classification")).or_raise()  # fmt: skip
    source = stages.run("read", lambda: load(study).or_raise())
    config, inputs = source.config, source.inputs
    sampled = stages.run("composite", lambda: sample_domains(config, inputs))
    plans = stages.run("variograms", lambda: {"lode": plan_domain(config, sampled, "lode")})
    grid = grid_of(config, sampled.composites[["easting", "northing", "elevation"]].to_numpy())
    rough, final = folder / "synthetic_.estimated.parquet", folder / "synthetic_blocks.parquet"
    bodies = bodies_of(config, inputs)
    negatives = stages.run("estimate", lambda: write_model(config, grid, bodies, plans, rough))
    sills = {"lode": plans["lode"].continuity["sb_pct"].covariance.sill}
    moved = stages.run("classify", lambda: write_classes(config, sills, rough, final))
    made = Estimated(source, sampled, plans, grid, final, negatives, moved)
    cut = stages.run("cut", lambda: tabulate(made))
    checked = stages.run("validate", lambda: validate(made))
    summary = stages.run("summarise", lambda: summarise(made, cut, checked))
    estimated = stages.found["estimate"]["seconds"]
    whole = sum(stage["seconds"] for stage in stages.found.values())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6
    return {
        "subject": "estimate",
        "sizes": {"samples": len(sampled.composites), "blocks": grid.n_blocks, "elements": 2},
        "threads": numba.get_num_threads(),
        "stages": stages.found,
        "seconds": round(whole, 1),
        "blocks_per_s_estimate": round(grid.n_blocks / estimated),
        "blocks_per_s_whole": round(grid.n_blocks / whole),
        "file_mb": round(final.stat().st_size / 1e6, 1),
        "bytes_per_block": round(final.stat().st_size / grid.n_blocks, 1),
        "estimated": summary["block_model"]["estimated"],
        "peak_memory_mb": round(peak),
        "within_2_gb": peak < LIMIT_MB,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object, nothing else")
    parser.add_argument("--large", action="store_true", help="ten million blocks")
    parser.add_argument("--blocks", type=int, default=1_000_000, help="about how many blocks")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = measure(10_000_000 if options.large else options.blocks, Path(folder))
    if options.json:
        print(json.dumps(found))
        return
    for name, value in found.items():
        if name != "stages":
            print(f"{name}: {value}")
    for name, stage in found["stages"].items():
        print(f"    {name:12s} {stage['seconds']:8.2f} s, peak {stage['peak_mb']:6,.0f} MB")


if __name__ == "__main__":
    main()
