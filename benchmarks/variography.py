"""How fast are experimental variograms of 20,000 samples, and how fast is gstlearn on the same?

Runs alone: ``python benchmarks/variography.py [--json] [--samples N]``. Three cones, every pair
looked at; then lags that reach a fifth of the field. The peer is measured in the same run, its
answers compared with ours.
"""

from __future__ import annotations

import argparse
import json
import math
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import numba
import numpy as np

from deposits.estimation.variogram_directions import Cone, Lags, unit_vector
from deposits.estimation.variogram_maps import MapFrame, variogram_map
from deposits.estimation.variography import ExperimentalVariogram, experimental_variogram

CONES = (Cone(30.0, 0.0), Cone(120.0, -60.0), Cone(120.0, 30.0))
FIELD_M = 1000.0


def timed(work: Callable[[], object]) -> tuple[object, float]:
    """Result and time [s]."""
    start = time.perf_counter()
    result = work()
    return result, time.perf_counter() - start


def gstlearn_gammas(
    points: np.ndarray, values: np.ndarray, lags: Lags
) -> list[tuple[np.ndarray, np.ndarray]]:
    """Numbers of lags and semivariances of the three cones by gstlearn."""
    import gstlearn as gl

    gl.defineDefaultSpace(gl.ESpaceType.RN, 3)
    columns = np.column_stack([points, values]).T.ravel()
    db = gl.Db.createFromSamples(len(values), gl.ELoadBy.COLUMN, columns, ["x", "y", "z", "v"])
    db.setLocators(["x", "y", "z"], gl.ELoc.X)
    db.setLocator("v", gl.ELoc.Z)
    rule = gl.VarioParam()
    for cone in CONES:
        unit = unit_vector(cone.azimuth_deg, cone.dip_deg)
        rule.addDir(
            gl.DirParam.create(
                lags.count + 1, lags.size_m, 0.5, cone.tolerance_deg, 0, 0, math.nan, math.nan,
                0.0, gl.VectorDouble(), unit,
            )
        )  # fmt: skip
    vario = gl.Vario.computeFromDb(rule, db)
    found = []
    for k in range(len(CONES)):
        # Lags without pairs are left out, so the mean distance says which one it is.
        number = np.rint(np.array(vario.getHhVec(k, 0, 0)) / lags.size_m).astype(int)
        found.append((number, np.array(vario.getGgVec(k, 0, 0))))
    return found


def measure(n: int, with_peer: bool) -> dict[str, object]:
    """Seconds of each piece of work, and how far the peer's answers are from ours."""
    rng = np.random.default_rng(1)
    points, values = rng.uniform(0, FIELD_M, (n, 3)), rng.normal(size=n)
    every, near = Lags(35, 50.0), Lags(20, 10.0)
    experimental_variogram(points[:50], values[:50], CONES, near)
    frame = MapFrame((20.0, 20.0, 20.0), (10, 10, 10))
    variogram_map(points[:50], values[:50], frame)
    seconds = {}
    whole, seconds["all pairs, 3 cones, 35 lags of 50 m"] = timed(
        lambda: experimental_variogram(points, values, CONES, every)
    )
    _, seconds["pairs within 205 m, 3 cones, 20 lags"] = timed(
        lambda: experimental_variogram(points, values, CONES, near)
    )
    _, seconds["map, 21 x 21 x 21 cells of 20 m"] = timed(
        lambda: variogram_map(points, values, frame)
    )
    assert isinstance(whole, ExperimentalVariogram)
    result: dict[str, object] = {
        "samples": n,
        "threads": numba.get_num_threads(),
        "pairs": n * (n - 1) // 2,
        "pairs_counted": int(whole.table["n_pairs"].sum()),
        "seconds": seconds,
    }
    if with_peer:
        theirs, seconds["peer: gstlearn, all pairs, 3 cones"] = timed(
            lambda: gstlearn_gammas(points, values, every)
        )
        ours = whole.table["gamma"].to_numpy().reshape(len(CONES), -1)
        apart = max(
            float(np.max(np.abs(mine[1 + lag] - gamma)))
            for mine, (lag, gamma) in zip(ours, theirs, strict=True)
        )
        result["largest_difference_from_gstlearn"] = apart
    result["peak_memory_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return result


def main() -> None:
    """Print the result as text or as JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--samples", type=int, default=20_000)
    parser.add_argument("--no-peer", action="store_true")
    asked = parser.parse_args()
    result = measure(asked.samples, not asked.no_peer)
    if asked.json:
        print(json.dumps(result, indent=1))
        return
    for name, value in result.items():
        if isinstance(value, dict):
            for work, seconds in value.items():
                print(f"{work:45s} {seconds:8.2f} s")
        else:
            print(f"{name:45s} {value:>8}")


if __name__ == "__main__":
    main()
