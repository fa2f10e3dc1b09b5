"""How fast and how large is the ultimate pit, and how do other solvers compare?

Runs alone: ``python benchmarks/pit.py [--json] [--quick]``. Every case runs in a process of its
own, so that peak memory is its own; compilation is timed apart. On a machine that others use too,
processor seconds tell more than seconds. Values are synthetic, 45 degrees over 8 levels (17 arcs a
block) on cubes:

* ``body``: one smooth ore body, 400 thousand and 2.75 million blocks; ``vein``: 16.2 million;
* hard: ``marginal`` (values of a few units, the best pit hardly worth its waste) and ``bodies``
  (hundreds of separate lenses near break-even), 400 thousand blocks each;
* ``marvin``: one pit, and 20 nested shells, if REFERENCE_DATA names the folder with MineLib.

Peers in the same run: scipy's maximum flow (capacities of 32 bits, so values are scaled down where
they must be, and the optima compared for the scaled values) and OR-tools' SimpleMaxFlow, which must
not be loaded beside HiGHS: name the python of an environment that has ortools and numpy in
ORTOOLS_PYTHON. MineFlow's seconds are its authors', on their machine.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parents[1]
SHAPES = {
    "body 400k": (100, 100, 40),
    "body 2.75M": (180, 170, 90),
    "vein 16.2M": (300, 300, 180),
    "marginal 400k": (100, 100, 40),
    "bodies 400k": (100, 100, 40),
}
#: The largest model that is handed to the peers: they store every arc.
PEER_BLOCKS = 500_000
#: Sum of gains that scipy's 32 bits leave room for.
SCIPY_LARGEST = 2**30
HOW = "make an environment with ortools and numpy and name its python in ORTOOLS_PYTHON"
#: Deutsch, Dagdelen, Johnson (2022), Natural Resources Research, table 2: seconds with reading and
#: writing, Xeon E3-1245 v6; another machine and other models of like size.
MINEFLOW = {
    "bauxite, 374,400 blocks": 0,
    "copper, 1.83 M blocks": 2,
    "pipe, 2.75 M blocks": 3,
    "McLaughlin, 2.82 M blocks": 3,
    "gold vein, 16.2 M blocks": 9,
}


def smooth(shape: tuple[int, int, int], seed: int, width: float) -> np.ndarray:
    """A smooth random field of variance 1, shape (nz, ny, nx)."""
    from scipy.ndimage import gaussian_filter

    noise = np.random.default_rng(seed).normal(size=shape[::-1])
    field = gaussian_filter(noise, (width / 2, width, width), mode="wrap")
    return field / field.std()


def values_of(name: str) -> np.ndarray:
    """Whole block values of a case, in grid order."""
    shape = SHAPES[name]
    nx, ny, nz = shape
    z, y, x = np.ogrid[0:nz, 0:ny, 0:nx]
    depth = nz - 1 - z
    kind = name.split()[0]
    if kind == "vein":
        rng = np.random.default_rng(0)
        inside = np.abs(x - nx / 2 - 0.5 * (z - nz / 2) - 8 * np.sin(y / 15)) < 2.5
        values = np.full(shape[::-1], -100.0)
        values[inside] = 10 * rng.lognormal(4.5, 1.0, int(inside.sum())) - 300
    elif kind == "body":
        u = (x - nx / 2 - 0.3 * (depth - nz / 2)) / (nx / 6)
        v, w = (y - ny / 2) / (ny / 4), (depth - nz * 0.45) / (nz / 3)
        ore = 260 * np.exp(-(u * u + v * v + w * w) + 0.8 * smooth(shape, 3, 4.0)) - 60
        values = 10 * (np.maximum(ore, 0) - 10 - 0.15 * depth)
    elif kind == "marginal":
        values = np.rint(1.45 * smooth(shape, 5, 2.0)) - 1
    else:
        lens = smooth(shape, 7, 2.5)
        grown = np.where(lens > 2.0, 260 * (lens - 2.0) + 60, 0.0)
        values = grown - 4.0 - 0.1 * depth + 0 * x
    return np.rint(values).astype(np.int64).ravel()


def cone_of(name: str):
    """The precedence of a case."""
    from deposits.grid import Grid
    from planning.limits.slopes import cone_precedence, uniform_slope

    grid = Grid((0.0, 0.0, 0.0), (10.0, 10.0, 10.0), SHAPES[name])
    return cone_precedence(grid, {0: uniform_slope(45.0)}, levels=8)


def peak_mb() -> float:
    """Peak memory of this process [MB]."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def warm_up() -> float:
    """Seconds of the first call of everything: compilation, or reading what was compiled."""
    from planning.limits.precedence import arc_precedence
    from planning.limits.shells import nested_shells

    start = time.perf_counter()
    nested_shells(lambda f: np.array([f - 1.5, -1.0]), [1, 2, 3], arc_precedence(2, [0], [1]))
    from planning.limits.pit import ultimate_pit

    ultimate_pit([1.5, -1.0], arc_precedence(2, [0], [1]))
    return time.perf_counter() - start


def timed(work, repeats: int):
    """Wall and processor seconds, medians, and the last result."""
    walls, own = [], []
    for _ in range(repeats):
        wall, cpu = time.perf_counter(), time.process_time()
        result = work()
        walls.append(time.perf_counter() - wall)
        own.append(time.process_time() - cpu)
    return statistics.median(walls), statistics.median(own), result


def ours(name: str) -> dict[str, object]:
    """One case of ours; run in its own process."""
    from planning.limits.pit import ultimate_pit
    from planning.verification.closures import verify_pit

    compile_seconds = warm_up()
    values, cone = values_of(name), cone_of(name)
    before = peak_mb()
    repeats = 5 if values.size <= PEER_BLOCKS else 3 if values.size < 5_000_000 else 1
    wall, cpu, pit = timed(lambda: ultimate_pit(values, cone), repeats)
    peak = peak_mb()
    row = {
        "blocks": values.size,
        "arcs_a_block": cone.n_arcs / values.size,
        "seconds": wall,
        "processor_seconds": cpu,
        "runs": repeats,
        "compile_seconds": compile_seconds,
        "value": pit.value_units,
        "bound": pit.bound_units,
        "mined": int(pit.mined.sum()),
        "free": int(pit.free.sum()),
        "peak_memory_mb": peak,
        "peak_before_mb": before,
        "bytes_a_block": peak * 1024**2 / values.size,
    }
    start = time.perf_counter()
    row["proof_holds"] = verify_pit(values, cone, pit).holds
    row["proof_seconds"] = time.perf_counter() - start
    return row


def marvin() -> dict[str, object]:
    """One pit and twenty nested shells of MineLib's marvin."""
    if not os.environ.get("REFERENCE_DATA"):
        return {"skipped": "REFERENCE_DATA names no folder with MineLib"}
    sys.path.insert(0, str(ROOT / "tests"))
    from support.closures import PUBLISHED, minelib_pit

    from planning.limits.pit import ultimate_pit
    from planning.limits.shells import nested_shells, revenue_values

    compile_seconds = warm_up()
    values, precedence, _, _ = minelib_pit("marvin")
    gain = np.where(values > 0, values, 0.0)
    family = revenue_values(gain, gain - values)
    factors = np.linspace(0.3, 1.0, 20).tolist()
    wall, cpu, pit = timed(lambda: ultimate_pit(values, precedence), 9)
    shells_wall, shells_cpu, shells = timed(lambda: nested_shells(family, factors, precedence), 9)
    return {
        "blocks": values.size,
        "compile_seconds": compile_seconds,
        "pit_seconds": wall,
        "pit_processor_seconds": cpu,
        "value": pit.value,
        "published": PUBLISHED["marvin"],
        "shells": len(factors),
        "shells_seconds": shells_wall,
        "shells_processor_seconds": shells_cpu,
        "shells_over_one_pit": shells_cpu / cpu,
        "shells_proven": shells.value_units == shells.bound_units,
        "peak_memory_mb": peak_mb(),
    }


def write_flow(name: str, folder: Path) -> Path:
    """Write a case as arrays that need nothing of ours to be read."""
    from planning.limits.precedence import as_arcs

    values, arcs = values_of(name), as_arcs(cone_of(name))
    tails = np.repeat(np.arange(values.size, dtype=np.int32), np.diff(arcs.indptr))
    path = folder / "flow.npz"
    np.savez(path, values=values, tails=tails, heads=arcs.indices)
    return path


def read_flow(path: str):
    """Values, tails and heads of a written case."""
    with np.load(path) as flow:
        return flow["values"], flow["tails"], flow["heads"]


def by_scipy(path: str) -> dict[str, object]:
    """Scipy's maximum flow; building the graph is not timed."""
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import maximum_flow

    values, tails, heads = read_flow(path)
    scale = max(1.0, float(values[values > 0].sum()) / SCIPY_LARGEST)
    values = np.rint(values / scale).astype(np.int32)
    n = values.size
    gain, cost = np.flatnonzero(values > 0), np.flatnonzero(values < 0)
    rows = np.concatenate([np.full(gain.size, n), cost, tails])
    columns = np.concatenate([gain, np.full(cost.size, n + 1), heads])
    endless = np.full(tails.size, 2**31 - 1, np.int32)
    amounts = np.concatenate([values[gain], -values[cost], endless])
    graph = csr_matrix((amounts, (rows, columns)), shape=(n + 2, n + 2))
    start = time.perf_counter()
    cpu = time.process_time()
    flow = maximum_flow(graph, n, n + 1).flow_value
    seconds = time.perf_counter() - start
    value = int(values[gain].sum(dtype=np.int64)) - int(flow)
    own = time.process_time() - cpu
    return {
        "seconds": seconds,
        "processor_seconds": own,
        "value": value,
        "scale": scale,
        "peak_memory_mb": peak_mb(),
    }


def by_ortools(path: str) -> dict[str, object]:
    """OR-tools' maximum flow; run by the python that ORTOOLS_PYTHON names."""
    from ortools.graph.python import max_flow

    values, tails, heads = read_flow(path)
    n = values.size
    gain, cost = np.flatnonzero(values > 0), np.flatnonzero(values < 0)
    solver = max_flow.SimpleMaxFlow()
    endless = np.full(tails.size, int(values[gain].sum()) + 1, np.int64)
    solver.add_arcs_with_capacity(
        np.full(gain.size, n, np.int32), gain.astype(np.int32), values[gain]
    )
    solver.add_arcs_with_capacity(
        cost.astype(np.int32), np.full(cost.size, n + 1, np.int32), -values[cost]
    )
    solver.add_arcs_with_capacity(tails, heads, endless)
    start, cpu = time.perf_counter(), time.process_time()
    solver.solve(n, n + 1)
    seconds, own = time.perf_counter() - start, time.process_time() - cpu
    return {
        "seconds": seconds,
        "processor_seconds": own,
        "value": int(values[gain].sum()) - int(solver.optimal_flow()),
        "peak_memory_mb": peak_mb(),
    }


def child(arguments: list[str], python: str = sys.executable, **settings: str) -> dict[str, object]:
    """Run one part in a process of its own; what went wrong stands in the row."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **settings}
    run = subprocess.run(
        [python, str(Path(__file__)), *arguments], capture_output=True, text=True, env=environment
    )
    if run.returncode:
        return {"failed": (run.stderr.strip().splitlines() or ["no message"])[-1]}
    return json.loads(run.stdout)


def compare(name: str, row: dict[str, object]) -> None:
    """Add the peers to a row of ours."""
    python = os.environ.get("ORTOOLS_PYTHON", "")
    with tempfile.TemporaryDirectory() as folder:
        path = str(write_flow(name, Path(folder)))
        peers = {"scipy": child(["--scipy", path])}
        peers["ortools"] = child(["--ortools", path], python) if python else {"skipped": HOW}
    for peer in peers.values():
        if "seconds" in peer:
            peer["times_ours"] = peer["processor_seconds"] / row["processor_seconds"]
            # Scaled values have another optimum: nothing to compare.
            exact = peer.get("scale", 1.0) == 1.0
            peer["same_value"] = peer["value"] == row["value"] if exact else None
    row["peers"] = peers


def measure(quick: bool) -> dict[str, object]:
    """All cases in one run."""
    cases: dict[str, dict[str, object]] = {}
    sys.path.insert(0, str(ROOT))
    for name, shape in SHAPES.items():
        blocks = int(np.prod(shape))
        if quick and blocks > PEER_BLOCKS:
            continue
        cases[name] = child(["--ours", name])
        if blocks <= PEER_BLOCKS and "seconds" in cases[name]:
            compare(name, cases[name])
    with tempfile.TemporaryDirectory() as empty:
        compiled = child(["--warm"], NUMBA_CACHE_DIR=empty)
    return {
        "machine": f"{platform.machine()}, {os.cpu_count()} processors, python "
        f"{platform.python_version()}",
        "load_average": os.getloadavg(),
        "compile_from_nothing": compiled,
        "cases": cases,
        "marvin": child(["--marvin"]),
        "mineflow_published_seconds_on_another_machine": MINEFLOW,
    }


def show(rows: dict[str, object], indent: str = "") -> None:
    """Print a nested table."""
    for name, value in rows.items():
        if isinstance(value, dict):
            print(f"{indent}{name}")
            show(value, indent + "    ")
        else:
            text = f"{value:,.3f}" if isinstance(value, float) else f"{value}"
            print(f"{indent}{name}: {text}")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--quick", action="store_true", help="400 thousand blocks only")
    parser.add_argument("--ours", help=argparse.SUPPRESS)
    parser.add_argument("--scipy", help=argparse.SUPPRESS)
    parser.add_argument("--ortools", help=argparse.SUPPRESS)
    parser.add_argument("--warm", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--marvin", action="store_true", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.ours:
        print(json.dumps(ours(chosen.ours)))
    elif chosen.scipy:
        print(json.dumps(by_scipy(chosen.scipy)))
    elif chosen.ortools:
        print(json.dumps(by_ortools(chosen.ortools)))
    elif chosen.warm:
        print(json.dumps({"seconds": warm_up(), "processor_seconds": time.process_time()}))
    elif chosen.marvin:
        print(json.dumps(marvin()))
    else:
        found = measure(chosen.quick)
        if chosen.json:
            print(json.dumps(found))
        else:
            show(found)


if __name__ == "__main__":
    main()
