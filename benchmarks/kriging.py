"""How fast is kriging, search included, and how do KrigeKit and gstlearn compare?

Runs alone: ``python benchmarks/kriging.py [--json] [--quick]``. 5,000 samples, 200,000 and a
million blocks, 24 neighbours, an anisotropic spherical structure with a nugget; points and blocks
of 3 x 3 x 2 points. Ours writes every quality of every block; the peers write estimate and
variance. All run on the same threads in one run; gstlearn on a part of the blocks, its rate is
stated per block.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import numba
import numpy as np

from deposits.estimation.covariance import Covariance, Structure
from deposits.estimation.kriging import Estimates, Targets, krige
from deposits.estimation.samples import Samples
from deposits.estimation.search import Search
from deposits.grid import Grid
from deposits.orientation import Ellipsoid

NEIGHBOURS, NUGGET, SILL = 24, 0.2, 0.8
RANGES = Ellipsoid(150.0, 100.0, 40.0, 30.0)
SEARCH = Ellipsoid(450.0, 300.0, 120.0, 30.0)
GRIDS = {
    200_000: Grid((0.0, 0.0, 0.0), (10.0, 10.0, 10.0), (100, 100, 20)),
    1_000_000: Grid((0.0, 0.0, 0.0), (5.0, 5.0, 8.0), (200, 200, 25)),
}
DISCRETISATION = (3, 3, 2)
GSTLEARN_BLOCKS = 5_000


def case() -> Samples:
    """Five thousand samples in a box of 1 km x 1 km x 200 m."""
    rng = np.random.default_rng(0)
    points = rng.uniform(0.0, 1.0, (5000, 3)) * [1000.0, 1000.0, 200.0]
    return Samples(points, rng.lognormal(size=5000), ("sb_pct",), np.arange(5000) // 25)


def best(work: Callable[[], object], repeats: int) -> tuple[float, object]:
    """Shortest of some times [s], and the result."""
    shortest, result = float("inf"), None
    for _ in range(repeats):
        start = time.perf_counter()
        result = work()
        shortest = min(shortest, time.perf_counter() - start)
    return shortest, result


def ours(samples: Samples, targets: Targets) -> Estimates:
    """Everything that krige gives."""
    model = Covariance(NUGGET, (Structure("spherical", SILL, RANGES),))
    return krige(samples, targets, model, (Search(SEARCH, 4, NEIGHBOURS),))


def krigekit(samples: Samples, targets: Targets) -> np.ndarray:
    """Estimates and variances of KrigeKit."""
    from krigekit import Kriging

    engine = Kriging(ndim=3, nvar=1, anisotropic_search=True)
    engine.set_obs(ivar=1, coord=samples.points, value=samples.values[:, 0])
    offsets = targets.offsets(targets.sizes()[0])[0]
    if len(offsets) == 1:
        engine.set_grid(coord=targets.points)
    else:
        nodes = (targets.points[:, None] + offsets).reshape(-1, 3)
        engine.set_grid_block(nodes, 1, np.full(targets.n, len(offsets), dtype=np.int32))
    ratios = RANGES.semi_m / RANGES.major_m, RANGES.minor_m / RANGES.major_m
    engine.set_vgm(
        ivar=1,
        jvar=1,
        vtype="sph",
        nugget=NUGGET,
        sill=SILL,
        azimuth=RANGES.azimuth_deg,
        a_major=RANGES.major_m,
        a_minor1=RANGES.semi_m,
        a_minor2=RANGES.minor_m,
    )
    engine.set_search(
        ivar=1,
        nmax=NEIGHBOURS,
        maxdist=SEARCH.major_m,
        azimuth=SEARCH.azimuth_deg,
        anis1=ratios[0],
        anis2=ratios[1],
    )
    engine.solve(nthread=numba.get_num_threads())
    estimate, variance = engine.get_results()
    return np.column_stack([np.ravel(estimate), np.ravel(variance)])


def gstlearn(samples: Samples, targets: Targets) -> np.ndarray:
    """Estimates of gstlearn (points), coordinates in units of the ranges."""
    import gstlearn as gl

    gl.defineDefaultSpace(gl.ESpaceType.RN, 3)
    tables = []
    for points in (samples.points, targets.points):
        scaled = points @ RANGES.scaling().T
        table = gl.Db.createFromSamples(len(points), gl.ELoadBy.SAMPLE, [])
        for axis in range(3):
            table[f"x{axis}"] = scaled[:, axis]
        table.setLocators(["x0", "x1", "x2"], gl.ELoc.X)
        tables.append(table)
    data, out = tables
    data["z"] = samples.values[:, 0]
    data.setLocator("z", gl.ELoc.Z)
    model = gl.Model.createFromParam(gl.ECov.SPHERICAL, 1.0, SILL)
    model.addCovFromParam(gl.ECov.NUGGET, 0.0, NUGGET)
    model.setDriftIRF(0)
    near = gl.NeighMoving.create(False, NEIGHBOURS, 3.0, 4, 1, NEIGHBOURS, [1.0, 1.0, 1.0])
    gl.kriging(data, out, model, near)
    return np.column_stack([np.ravel(out["*estim"]), np.ravel(out["*stdev"]) ** 2])


def difference(got: Estimates, other: np.ndarray) -> dict[str, float]:
    """Median and largest difference of the estimates, and the largest of the variances."""
    n = len(other)
    estimates = np.abs(got.values[:n, 0] - other[:, 0])
    return {
        "median": float(np.nanmedian(estimates)),
        "99 %": float(np.nanpercentile(estimates, 99)),
        "variance, median": float(np.nanmedian(np.abs(got.variance[:n] - other[:, 1]))),
    }


def measure(quick: bool) -> dict[str, object]:
    """All cases in one run."""
    samples, cases = case(), {}
    start = time.perf_counter()
    ours(samples, Targets.of_grid(GRIDS[200_000], np.arange(64), DISCRETISATION))
    first = time.perf_counter() - start
    for n, grid in list(GRIDS.items())[: 1 if quick else 2]:
        repeats = 3 if n < 500_000 else 2
        for support, discretisation in (("point", (1, 1, 1)), ("block", DISCRETISATION)):
            targets = Targets.of_grid(grid, None, discretisation)
            seconds, got = best(lambda t=targets: ours(samples, t), repeats)
            row = {"seconds": seconds, "blocks_per_s": n / seconds}
            if support == "point" or n < 500_000:
                theirs, other = best(lambda t=targets: krigekit(samples, t), repeats)
                row |= {
                    "krigekit_seconds": theirs,
                    "krigekit_blocks_per_s": n / theirs,
                    "times_krigekit": theirs / seconds,
                    "difference": difference(got, other),
                }
            if support == "point":
                few = Targets(points=targets.points[:GSTLEARN_BLOCKS])
                theirs, other = best(lambda t=few: gstlearn(samples, t), 1)
                row |= {
                    "gstlearn_blocks_per_s": few.n / theirs,
                    "times_gstlearn": theirs / few.n * n / seconds,
                    "gstlearn_difference": difference(got, other),
                }
            row["counts"] = got.counts()
            cases[f"{n} {support}"] = row
    for n in list(GRIDS)[: 1 if quick else 2]:
        block, point = cases[f"{n} block"], cases[f"{n} point"]
        block["times_the_cost_of_points"] = block["seconds"] / point["seconds"]
    return {
        "samples": samples.n,
        "neighbours": NEIGHBOURS,
        "threads": numba.get_num_threads(),
        "first_call_seconds": first,
        "peak_memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "cases": cases,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--quick", action="store_true", help="200,000 blocks only")
    chosen = parser.parse_args()
    found = measure(chosen.quick)
    if chosen.json:
        print(json.dumps(found))
        return
    for name, value in found.items():
        if name != "cases":
            print(f"{name}: {value}")
    for name, row in found["cases"].items():
        print(name)
        for what, value in row.items():
            print(
                f"    {what}: {value:,.3f}" if isinstance(value, float) else f"    {what}: {value}"
            )


if __name__ == "__main__":
    main()
