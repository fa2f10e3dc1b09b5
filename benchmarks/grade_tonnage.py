"""How fast is a grade-tonnage table, and how do polars and DuckDB compare on the same blocks?

Runs alone: ``python benchmarks/grade_tonnage.py [--json] [--blocks N]``. 50 million blocks, two
elements, 100 uneven cut-offs, 24 groups: from memory and from a Parquet file. Each case has a
process of its own, in turn, so that its peak memory is its own; each takes the better of its runs.
Peers get the groups as small integers, which suits them best; all answers are compared.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import numpy as np

GROUPS = 24
CUTOFFS = tuple(float(c) for c in np.round(np.geomspace(0.05, 40.0, 100), 4))
VOLUME_M3 = 125.0
COLUMNS = ["sb_pct", "au_gpt", "density_t_per_m3"]
CASES = ("floor", "ours memory", "polars memory", "duckdb memory")
FILE_CASES = ("ours parquet", "polars parquet", "duckdb parquet")
TARGETS = {"floor multiple in memory": 12.0, "streaming peak MB": 2048.0}


def blocks(start: int, n: int) -> dict[str, np.ndarray]:
    """Blocks start to start + n: the same however they are made."""
    rng = np.random.default_rng([7, start])
    sb = np.exp(0.3 + rng.standard_normal(n))
    au = np.exp(-0.2 + 0.8 * rng.standard_normal(n))
    density = rng.uniform(2.5, 3.2, n)
    return {
        "sb_pct": sb,
        "au_gpt": au,
        "density_t_per_m3": density,
        "group": rng.integers(0, GROUPS, n).astype(np.uint8),
    }


def all_blocks(n: int, piece: int = 1_000_000) -> dict[str, np.ndarray]:
    """Every block in memory."""
    found = {name: np.empty(n) for name in COLUMNS} | {"group": np.empty(n, dtype=np.uint8)}
    for start in range(0, n, piece):
        part = blocks(start, min(piece, n - start))
        for name, column in part.items():
            found[name][start : start + column.size] = column
    return found


def write_file(path: Path, n: int, piece: int = 1_000_000) -> None:
    """The same blocks as Parquet, the group both as text and as a small integer."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    names = pa.array([f"domain {g:02d}" for g in range(GROUPS)])
    writer = None
    for start in range(0, n, piece):
        part = blocks(start, min(piece, n - start))
        arrays = {name: pa.array(column) for name, column in part.items()}
        codes = pa.array(part["group"].astype(np.int32))
        arrays["domain"] = pa.DictionaryArray.from_arrays(codes, names)
        table = pa.table(arrays)
        writer = writer or pq.ParquetWriter(path, table.schema)
        writer.write_table(table)
    if writer:
        writer.close()


def timed(job: Callable[[], np.ndarray], runs: int) -> tuple[float, float, np.ndarray]:
    """Seconds of the first and of the best run, and the answer."""
    seconds = []
    for _ in range(runs):
        start = time.perf_counter()
        answer = job()
        seconds.append(time.perf_counter() - start)
    return seconds[0], min(seconds), answer


def ours(source: object, by: str) -> np.ndarray:
    """Tonnes and metals above each cut-off, all groups together, from our table."""
    from deposits.tonnage.reading import tabulate_parquet
    from deposits.tonnage.request import Element, TonnageRequest, Volume
    from deposits.tonnage.table import tabulate_blocks

    request = TonnageRequest(
        "sb_pct",
        CUTOFFS,
        (Element("sb_pct"), Element("au_gpt")),
        by=(by,),
        volume=Volume(block_m3=VOLUME_M3),
    )
    is_file = isinstance(source, Path)
    table = tabulate_parquet(source, request) if is_file else tabulate_blocks([source], request)
    above = table.above
    assert len(above) == (GROUPS + 1) * len(CUTOFFS)
    total = above[above["level"] == "total"]
    return total[["ore_t", "sb_t", "au_kg"]].to_numpy()


def cumulated(classes: np.ndarray, sums: np.ndarray) -> np.ndarray:
    """Ladder of a peer's sums by group and class."""
    table = np.zeros((len(CUTOFFS) + 1, 3))
    np.add.at(table, classes.astype(int), sums)
    return np.cumsum(table[::-1], axis=0)[::-1][1:] * [1.0, 0.01, 0.001]


def by_polars(source: object) -> np.ndarray:
    """The same by polars: a class by search_sorted, then one group_by."""
    import polars as pl

    frame = pl.scan_parquet(source) if isinstance(source, Path) else source.lazy()
    tonnes = pl.col("density_t_per_m3") * VOLUME_M3
    steps = pl.Series(CUTOFFS)
    rung = pl.col("sb_pct").map_batches(
        lambda s: steps.search_sorted(s, side="right").cast(pl.UInt8),
        return_dtype=pl.UInt8,
        is_elementwise=True,
    )
    found = (
        frame.select("group", rung.alias("rung"), tonnes.alias("t"), "sb_pct", "au_gpt")
        .group_by("group", "rung")
        .agg(
            pl.len(),
            pl.col("t").sum(),
            (pl.col("t") * pl.col("sb_pct")).sum().alias("sb"),
            (pl.col("t") * pl.col("au_gpt")).sum().alias("au"),
        )
        .collect(engine="streaming")
    )
    return cumulated(found["rung"].to_numpy(), found.select("t", "sb", "au").to_numpy())


def tree(low: int, high: int) -> str:
    """A binary search over the cut-offs as SQL; it beats the ASOF join it stands for."""
    if low == high:
        return str(low)
    middle = (low + high) // 2
    upper, lower = tree(middle + 1, high), tree(low, middle)
    return f"CASE WHEN sb_pct >= {CUTOFFS[middle]!r}::DOUBLE THEN {upper} ELSE {lower} END"


def by_duckdb(source: object) -> np.ndarray:
    """The same by DuckDB: a class by a tree of CASE, then one GROUP BY."""
    import duckdb

    connection = duckdb.connect()
    if isinstance(source, Path):
        name = f"read_parquet('{source}')"
    else:
        connection.register("model", source)
        name = "model"
    query = f"""
        SELECT rung, n, t, sb, au FROM (
            SELECT "group", {tree(0, len(CUTOFFS))} AS rung, count(*) AS n,
                   sum(density_t_per_m3 * {VOLUME_M3}) AS t,
                   sum(density_t_per_m3 * {VOLUME_M3} * sb_pct) AS sb,
                   sum(density_t_per_m3 * {VOLUME_M3} * au_gpt) AS au
            FROM {name} GROUP BY "group", rung)"""
    found = connection.execute(query).fetchnumpy()
    return cumulated(found["rung"], np.column_stack([found["t"], found["sb"], found["au"]]))


def floor(model: dict[str, np.ndarray]) -> np.ndarray:
    """Only reading: the sum over every array."""
    return np.array([[column.sum() for column in model.values()]])


def run_case(case: str, n: int, path: Path, runs: int) -> dict[str, object]:
    """One case in this process."""
    who, where = case.split(" ") if " " in case else (case, "memory")
    source: object = path
    if where == "memory":
        model = all_blocks(n)
        source = model
        if who == "ours":
            import pandas as pd

            domain = pd.Categorical.from_codes(model.pop("group").astype(np.int8), range(GROUPS))
            source = {**model, "domain": pd.Series(domain)}
        elif who == "polars":
            import polars as pl

            source = pl.DataFrame(model)
        elif who == "duckdb":
            import pyarrow as pa

            source = pa.table(model)
    jobs: dict[str, Callable[[], np.ndarray]] = {
        "floor": lambda: floor(source),  # type: ignore[arg-type]
        "ours": lambda: ours(source, "domain"),
        "polars": lambda: by_polars(source),
        "duckdb": lambda: by_duckdb(source),
    }
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    first, best, answer = timed(jobs[who], runs)
    return {
        "case": case,
        "first_seconds": first,
        "seconds": best,
        "peak_memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "memory_before_mb": before,
        "answer": np.asarray(answer).tolist(),
    }


def apart(found: dict[str, dict], case: str) -> float:
    """Largest relative difference from our answer."""
    mine = np.array(found["ours memory"]["answer"])
    return float(np.max(np.abs(np.array(found[case]["answer"]) / mine - 1.0)))


def compare(n: int, runs: int) -> dict[str, object]:
    """Measure every case once, each in a process of its own."""
    found: dict[str, dict] = {}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "blocks.parquet"
        # The file is made elsewhere, or this process would hand its peak memory on.
        made = [sys.executable, __file__, "--case", "write", "--file", str(path)]
        subprocess.run([*made, "--blocks", str(n)], check=True)
        size = path.stat().st_size / 2**20
        for case in (*CASES, *FILE_CASES):
            command = [sys.executable, __file__, "--case", case, "--file", str(path)]
            command += ["--blocks", str(n), "--runs", str(runs)]
            text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
            found[case] = json.loads(text)
    seconds = {case: float(result["seconds"]) for case, result in found.items()}
    ratios = {
        f"{peer} / ours, {where}": seconds[f"{peer} {where}"] / seconds[f"ours {where}"]
        for where in ("memory", "parquet")
        for peer in ("polars", "duckdb")
    }
    ratios["floor multiple in memory"] = seconds["ours memory"] / seconds["floor"]
    checked = [case for case in found if case != "floor"]
    return {
        "subject": "grade_tonnage",
        "sizes": {"blocks": n, "elements": 2, "cut-offs": len(CUTOFFS), "groups": GROUPS},
        "file_mb": size,
        "cases": {c: {k: v for k, v in r.items() if k != "answer"} for c, r in found.items()},
        "ratios": ratios,
        "targets": TARGETS,
        "largest_relative_difference": {case: apart(found, case) for case in checked},
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object, nothing else")
    parser.add_argument("--blocks", type=int, default=50_000_000, help="number of blocks")
    parser.add_argument("--runs", type=int, default=3, help="runs of each case; the best counts")
    parser.add_argument("--case", default="", help=argparse.SUPPRESS)
    parser.add_argument("--file", type=Path, default=Path(), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.case == "write":
        write_file(options.file, options.blocks)
        return
    if options.case:
        print(json.dumps(run_case(options.case, options.blocks, options.file, options.runs)))
        return
    result = compare(options.blocks, options.runs)
    if options.json:
        print(json.dumps(result))
        return
    for case, figures in result["cases"].items():  # type: ignore[attr-defined]
        line = f"{figures['seconds']:8.2f} s  first {figures['first_seconds']:7.2f} s"
        print(f"{case:<16}{line}  peak {figures['peak_memory_mb']:7.0f} MB")
    for name, ratio in result["ratios"].items():  # type: ignore[attr-defined]
        print(f"{name}: {ratio:.2f}")
    print(f"largest relative difference: {result['largest_relative_difference']}")


if __name__ == "__main__":
    main()
