"""Can ten million blocks be written to Parquet and read back within 2 GB, and how fast?

Runs alone: ``python benchmarks/blockmodel.py [--json] [--blocks N]``. Six fields a block: three
grades, density, a domain, a class. The peer is pandas, which holds the whole table at once; it is
measured in a process of its own, so that its memory is its own.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import numpy as np
import pandas as pd

from deposits.blockmodel import About, BlockWriter, block_batches, scan_blocks
from deposits.formats.meshes import Mesh
from deposits.grid import Grid

STORED = dict.fromkeys(("sb_pct", "au_gpt", "as_pct", "density_t_per_m3"), "float32")
ROWS = 500_000


def grid_of(blocks: int) -> Grid:
    """A rotated grid of about so many blocks."""
    side = max(1, round((blocks / 10) ** 0.5))
    return Grid((500000.0, 4340000.0, 1800.0), (10.0, 10.0, 5.0), (side, side, 10), 30.0)


def with_fields(batch: pd.DataFrame) -> pd.DataFrame:
    """Add six fields to some blocks."""
    rng = np.random.default_rng(int(batch["block"].iloc[0]))
    n = len(batch)
    return batch.assign(
        sb_pct=rng.lognormal(0.0, 1.0, n),
        au_gpt=rng.lognormal(-1.0, 1.0, n),
        as_pct=rng.lognormal(-2.0, 1.0, n),
        density_t_per_m3=rng.normal(2.75, 0.05, n),
        domain=np.array(["lode", "halo", "host"])[rng.integers(0, 3, n)],
        category=np.array(["C1", "C2"])[rng.integers(0, 2, n)],
    )


def peak_mb() -> float:
    """The most memory this process has held [MB]."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def ours(blocks: int, folder: Path) -> dict[str, float]:
    """Write and scan a batch at a time."""
    grid, path = grid_of(blocks), folder / "synthetic_blocks.parquet"
    start = time.perf_counter()
    with BlockWriter(path, grid, About("benchmark", synthetic=True), STORED) as writer:
        for batch in block_batches(grid, ROWS):
            writer.write(with_fields(batch))
    written = time.perf_counter()
    total = sum(float(part["sb_pct"].sum()) for part in scan_blocks(path, None, ROWS))
    read = time.perf_counter()
    one = sum(float(part["sb_pct"].sum()) for part in scan_blocks(path, ["sb_pct"], ROWS))
    return {
        "write_seconds": written - start,
        "scan_all_seconds": read - written,
        "scan_one_field_seconds": time.perf_counter() - read,
        "file_mb": path.stat().st_size / 1e6,
        "peak_memory_mb": peak_mb(),
        "blocks": grid.n_blocks,
        "sum": total if total == one else float("nan"),
    }


def peer(blocks: int, folder: Path) -> dict[str, float]:
    """Hold the whole table at once, as pandas does."""
    grid, path = grid_of(blocks), folder / "pandas.parquet"
    start = time.perf_counter()
    parts = [with_fields(batch) for batch in block_batches(grid, ROWS)]
    table = pd.concat(parts).astype(STORED)
    table.to_parquet(path, compression="zstd", index=False)
    written = time.perf_counter()
    total = float(pd.read_parquet(path)["sb_pct"].sum())
    return {
        "write_seconds": written - start,
        "scan_all_seconds": time.perf_counter() - written,
        "file_mb": path.stat().st_size / 1e6,
        "peak_memory_mb": peak_mb(),
        "sum": total,
    }


def points_in_mesh() -> dict[str, float]:
    """Seconds to judge a million points by a closed mesh of about 10,000 faces."""
    rings, steps = 51, 100
    polar = np.linspace(0, np.pi, rings)[1:-1]
    around = np.arange(steps) * 2 * np.pi / steps
    ball = np.array([[np.sin(p) * np.cos(a), np.sin(p) * np.sin(a), np.cos(p)]
                     for p in polar for a in around] + [[0, 0, 1], [0, 0, -1]])  # fmt: skip
    faces, last = [], (len(polar) - 1) * steps
    for a in range(steps):
        b = (a + 1) % steps
        faces += [[len(ball) - 2, a, b], [len(ball) - 1, last + b, last + a]]
        for r in range(0, last, steps):
            faces += [[r + a, r + steps + a, r + b], [r + b, r + steps + a, r + steps + b]]
    mesh = Mesh(ball, np.array(faces))
    points = np.random.default_rng(1).uniform(-1, 1, (1_000_000, 3))
    mesh.contains(points[:10])
    start = time.perf_counter()
    share = mesh.contains(points).mean()
    seconds = time.perf_counter() - start
    return {
        "points": len(points),
        "faces": len(faces),
        "seconds": seconds,
        "volume_by_points": float(share * 8),
        "volume_m3": mesh.volume_m3,
    }


def alone(part: str, blocks: int) -> dict[str, float]:
    """Run one part in a process of its own."""
    command = [sys.executable, __file__, "--part", part, "--blocks", str(blocks)]
    return json.loads(subprocess.run(command, check=True, capture_output=True).stdout)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object, nothing else")
    parser.add_argument("--blocks", type=int, default=10_000_000, help="about how many blocks")
    parser.add_argument("--part", choices=("ours", "peer"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.part:
        with tempfile.TemporaryDirectory() as folder:
            part = ours if options.part == "ours" else peer
            print(json.dumps(part(options.blocks, Path(folder))))
        return
    mine, whole = alone("ours", options.blocks), alone("peer", options.blocks)
    result = {
        "subject": "blockmodel",
        "sizes": {"blocks": mine["blocks"], "fields": 6, "rows_per_batch": ROWS},
        "ours": mine,
        "peers": {"pandas, whole table": whole},
        "ratios": {
            name: whole[name] / mine[name]
            for name in ("write_seconds", "scan_all_seconds", "peak_memory_mb")
        },
        "points in a mesh": points_in_mesh(),
        "peak_memory_mb": mine["peak_memory_mb"],
        "within_2_gb": mine["peak_memory_mb"] < 2000,
    }
    if options.json:
        print(json.dumps(result))
        return
    for name, value in result.items():
        print(f"{name}: {value}")


if __name__ == "__main__":
    main()
