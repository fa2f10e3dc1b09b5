"""How fast is a million assays read, checked and desurveyed?

Runs alone: ``python benchmarks/drillholes.py [--json] [--rows N]``. The tables are text files in a
temporary folder, with grades below detection and absent ones among them; each step is timed once,
after the kernels were compiled, and the time of that is printed apart.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import numpy as np
import pandas as pd

from deposits.drilling.config import DrillholesTable
from deposits.drilling.desurvey import desurvey, locate_intervals
from deposits.drilling.reading import inspect_drillholes

STUDY = {
    "dip": "negative_down",
    "azimuth": "grid_north",
    "below_detection": "half_limit",
    "collars": {"path": "collars.csv"},
    "surveys": {"path": "surveys.csv"},
    "intervals": {
        "assays": {
            "path": "assays.csv",
            "columns": {"sb_pct": "SB", "au_gpt": "AU", "code": "LITH"},
            "units": {"au_gpt": "ppb"},
        }
    },
}


def write_tables(folder: Path, rows: int, holes: int) -> None:
    """A campaign of one-metre samples, an eighth of the Sb grades below detection."""
    rng = np.random.default_rng(1)
    each = rows // holes
    ids = np.array([f"SYN-{number:05d}" for number in range(1, holes + 1)])
    places = rng.uniform(0.0, 5000.0, (holes, 2)).round(2)
    collars = {"hole_id": ids, "easting": places[:, 0] + 500_000, "northing": places[:, 1] + 4e6}
    pd.DataFrame(collars | {"elevation": 1500.0, "depth_m": float(each)}).to_csv(
        folder / "collars.csv", index=False
    )
    stations = np.arange(0.0, each, 20.0)
    bend = np.cumsum(rng.normal(0.0, 1.0, (holes, stations.size)), axis=1)
    surveys = {
        "hole_id": np.repeat(ids, stations.size),
        "depth_m": np.tile(stations, holes),
        "azimuth_deg": np.mod(rng.uniform(0, 360, (holes, 1)) + bend, 360.0).ravel().round(1),
        "dip_deg": np.clip(-60.0 + bend, -89.0, -10.0).ravel().round(1),
    }
    pd.DataFrame(surveys).to_csv(folder / "surveys.csv", index=False)
    grade = rng.lognormal(-1.0, 1.2, holes * each).clip(0.01, 60.0).round(3)
    start = np.tile(np.arange(each), holes)
    assays = {
        "hole_id": np.repeat(ids, each),
        "from_m": start,
        "to_m": start + 1,
        "SB": np.where(rng.random(grade.size) < 0.125, "<0.01", grade.astype(str)),
        "AU": np.where(rng.random(grade.size) < 0.01, "", (grade * 300).round(0).astype(str)),
        "LITH": np.array(["BRX", "JSP", "LST"])[rng.integers(0, 3, grade.size)],
    }
    pd.DataFrame(assays).to_csv(folder / "assays.csv", index=False)


def run(folder: Path) -> tuple[dict[str, float], dict[str, int]]:
    """Seconds of each step, and what came out."""
    seconds = {}
    study = DrillholesTable.model_validate(STUDY)
    start = time.perf_counter()
    report = inspect_drillholes(study, folder)
    seconds["read and check"] = time.perf_counter() - start
    assert report.holes is not None, "\n".join(map(str, report.problems))
    start = time.perf_counter()
    traces = desurvey(report.holes, "minimum_curvature")
    seconds["desurvey"] = time.perf_counter() - start
    start = time.perf_counter()
    placed = locate_intervals(traces, report.holes.intervals["assays"])
    seconds["place intervals"] = time.perf_counter() - start
    return seconds, {
        "holes": report.holes.n_holes,
        "stations": len(report.holes.surveys),
        "assay rows": len(placed),
        "rows with a finding": len(report.findings.as_frame()),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object, nothing else")
    parser.add_argument("--rows", type=int, default=1_000_000, help="number of assay rows")
    parser.add_argument("--holes", type=int, default=5_000, help="number of holes")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        small, large = Path(name) / "small", Path(name) / "large"
        small.mkdir()
        large.mkdir()
        write_tables(small, 400, 4)
        first = time.perf_counter()
        run(small)
        first = time.perf_counter() - first
        write_tables(large, options.rows, options.holes)
        seconds, sizes = run(large)
    result = {
        "subject": "drillholes",
        "sizes": sizes,
        "ours": {"seconds": seconds, "total_seconds": sum(seconds.values())},
        "first_call_seconds": first,
        "peers": {},
        "ratios": {"of the 10 s allowed": sum(seconds.values()) / 10.0},
        "peak_memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    if options.json:
        print(json.dumps(result))
        return
    for step, taken in seconds.items():
        print(f"{step:<30}{taken:10.3f} s")
    print(f"{'together':<30}{sum(seconds.values()):10.3f} s")
    print(f"first call, compilation or its cache: {first:.2f} s")
    print(", ".join(f"{count:,} {what}" for what, count in sizes.items()))
    print(f"peak memory {result['peak_memory_mb']:.0f} MB")


if __name__ == "__main__":
    main()
