"""How good are schedules of MineLib, how well are they proven, and how does that grow with time?

Runs alone: ``python benchmarks/minelib.py [--json] [--quick] [--only NAME ...]``. REFERENCE_DATA
names the folder whose ``minelib/`` holds one folder an instance; every instance that is there is
run, cpit and pcpsp, known to the tables below or not. Every case runs in a process of its own, so
that peak memory is its own, one after the other. Compiled code is made first, on tiny problems, and
its seconds are told apart; all other seconds run from the moment at which the problem is read.
Every plan is checked by `planning.verification`, which shares no code with what found it.

A row holds our bound (the linear relaxation, solved), our value and the gap between them, when the
bound was there, when a first plan within 3 % of it was, when each target was met, and the trace of
value and bound against time. ``--table FILE.json`` keeps the rows of all cases that were ever run
into it, and is written anew after each; ``--csv`` writes the traces of all of them as one table.

Published figures: *MineLib*, Espinoza et al. (2013), Annals of Operations Research 206, and the
library's info pages; *best*, the best published plan that keeps to the limits: for cpit the better
of "BKS" (Jelvez 2016, Liu and Kozan 2016, Samavati 2018) and SD-CPIT (Gurobi, 2026) in
Results_CPIT_Summary.xlsx of github.com/douglasmazzinghy/2026-MME; for newman1 the proven optimum of
the AMPL notebook MineLib_AMPL.ipynb (Gurobi 13). For the other pcpsp only the library's own answers
of 2012 were obtained: passing them is no record. The library's "LP values" are up to 3e-5 below the
true ones.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import platform
import resource
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
#: Published LP value, MineLib's own plan of 2012, best published plan; None: not obtained.
PUBLISHED = {
    ("newman1", "cpit"): (24_486_184, 23_483_671, 24_176_864.82),
    ("newman1", "pcpsp"): (24_486_549, 23_658_230, 24_176_864.82),
    ("zuck_small", "cpit"): (854_182_396, 788_652_600, 848_112_016),
    ("zuck_small", "pcpsp"): (905_878_172, 872_372_967, None),
    ("marvin", "cpit"): (863_916_131, 820_726_048, 858_409_310),
    ("marvin", "pcpsp"): (911_704_665, 885_968_070, None),
    ("kd", "cpit"): (409_498_555, 396_858_193, 409_106_516),
    ("kd", "pcpsp"): (410_891_003, 406_871_207, None),
    ("zuck_medium", "cpit"): (710_641_410, 615_411_415, 673_426_719),
    ("p4hd", "cpit"): (247_415_730, 246_138_696, 247_406_799),
    ("w23", "cpit"): (400_653_199, 392_226_063, 399_909_961),
    ("zuck_large", "cpit"): (57_389_094, 56_777_190, 57_277_015),
    ("sm2", "cpit"): (1_648_051_083, 1_645_242_774, 1_646_784_822),
    ("mclaughlin_limit", "cpit"): (1_078_979_501, 1_073_327_197, 1_078_668_779),
}
#: What this project set out to reach: value at least, within seconds.
TARGETS = {
    ("newman1", "cpit"): (24_174_000, 60.0),
    ("newman1", "pcpsp"): (24_174_000, 60.0),
    ("zuck_small", "cpit"): (848_200_000, 300.0),
    ("marvin", "cpit"): (858_500_000, 300.0),
    ("marvin", "pcpsp"): (900_000_000, 300.0),
    ("zuck_small", "pcpsp"): (890_000_000, 300.0),
}
#: Time for a case without a target, and for every case of --quick [s].
SECONDS, QUICK = 300.0, 20.0
#: A first plan counts when it is this close to the bound [fraction].
NEAR = 0.03
LINE = "{:<18} {:>14} {:>14} {:>7} {:>14} {:>9} {:>7} {:>7} {:>7} {:>8}"
HEADS = ("case", "value", "bound", "gap %", "published", "beats by", "LP s", "3 % s", "s", "MB")


def peak_mb() -> float:
    """Peak memory of this process [MB]."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def one(folder: Path, kind: str, seconds: float) -> dict[str, object]:
    """Run one case; in its own process."""
    from planning.formats.minelib import read_instance
    from planning.formats.minelib_answers import checked_solution, solve_schedule
    from planning.scheduling.answers import Effort
    from planning.scheduling.warm_up import warm_up

    compile_seconds, began = warm_up(), time.perf_counter()
    asked = read_instance(folder, kind).or_raise()
    read = time.perf_counter() - began
    used = time.process_time()
    answer = solve_schedule(asked, Effort(time_limit_s=seconds - read), None)
    took, used = time.perf_counter() - began, time.process_time() - used
    peak = peak_mb()
    checked_solution(asked, answer)
    trace = [
        {"seconds": read + p.seconds, "what": p.what, "value": p.value, "bound": p.bound}
        for p in answer.trace
    ]
    relaxation = answer.relaxation
    return {
        "blocks": asked.n_blocks,
        "periods": asked.n_periods,
        "value": answer.value,
        "bound": answer.bound,
        "gap": answer.gap,
        "status": answer.status,
        "checked": answer.plan is not None,
        "time_limit": seconds,
        "seconds": took,
        "processor_seconds": used,
        "read_seconds": read,
        "relaxation_seconds": None if relaxation is None else relaxation.seconds,
        "relaxation_value": None if relaxation is None else relaxation.value,
        "iterations": None if relaxation is None else relaxation.iterations,
        "compile_seconds": compile_seconds,
        "peak_memory_mb": peak,
        "trace": trace,
    }


def reached(row: dict[str, object], least: float) -> float | None:
    """When a plan of this value was there first [s]; None: never."""
    times = [p["seconds"] for p in row["trace"] if p["value"] is not None and p["value"] >= least]
    return min(times, default=None)


def judge(name: str, kind: str, row: dict[str, object]) -> None:
    """Put published figures and targets beside a row."""
    row["near_seconds"] = reached(row, (1.0 - NEAR) * row["bound"]) if row["bound"] else None
    lp, library, best = PUBLISHED.get((name, kind), (None, None, None))
    row["published"] = {"lp": lp, "minelib_2012": library, "best": best}
    against = best or library
    if against and row["value"] is not None:
        row["above_published"] = row["value"] / against - 1.0
    if lp and row["bound"]:
        row["bound_above_published_lp"] = row["bound"] / lp - 1.0
    if (name, kind) in TARGETS:
        least, within = TARGETS[name, kind]
        when = reached(row, least)
        row["target"] = {"value": least, "within": within, "reached": when,
                         "met": when is not None and when <= within}  # fmt: skip


def child(folder: Path, kind: str, seconds: float) -> dict[str, object]:
    """Run one case in a process of its own; what went wrong stands in the row."""
    words = [sys.executable, str(Path(__file__)), "--case", str(folder), kind, str(seconds)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    run = subprocess.run(words, capture_output=True, text=True, env=environment)
    if run.returncode:
        return {"failed": (run.stderr.strip().splitlines() or ["no message"])[-1]}
    return json.loads(run.stdout)


def cases(only: list[str], quick: bool) -> list[tuple[Path, str, float]]:
    """List what is there to run: folder, kind, seconds."""
    place = os.environ.get("REFERENCE_DATA")
    if not place:
        sys.exit("REFERENCE_DATA names no folder with minelib/.")
    found = []
    for folder in sorted(p for p in (Path(place) / "minelib").iterdir() if p.is_dir()):
        for kind in ("cpit", "pcpsp"):
            name = f"{folder.name} {kind}"
            if not list(folder.glob(f"*.{kind}")) or (only and not any(o in name for o in only)):
                continue
            seconds = QUICK if quick else TARGETS.get((folder.name, kind), (0.0, SECONDS))[1]
            if not quick or folder.name == "newman1" or only:
                found.append((folder, kind, seconds))
    return found


def show(name: str, row: dict[str, object]) -> None:
    """Print one case as a line of the table."""
    if "failed" in row:
        print(f"{name:<18} failed: {row['failed']}", flush=True)
        return

    def number(value: object, form: str = ",.0f", times: float = 1.0) -> str:
        return "-" if value is None else format(times * value, form)

    known = row["published"]
    print(LINE.format(
        name, number(row["value"]), number(row["bound"]), number(row["gap"], ".3f", 100),
        number(known["best"] or known["minelib_2012"]),
        number(row.get("above_published"), "+.3f", 100), number(row["relaxation_seconds"], ".1f"),
        number(row["near_seconds"], ".1f"), number(row["seconds"], ".0f"),
        number(row["peak_memory_mb"]),
    ), flush=True)  # fmt: skip


def report(rows: dict[str, dict[str, object]]) -> dict[str, object]:
    """Put the machine beside the rows."""
    machine = f"{platform.machine()}, {os.cpu_count()} processors, python "
    return {
        "machine": machine + platform.python_version(),
        "load_average": os.getloadavg(),
        "cases": rows,
    }


def write_traces(path: Path, rows: dict[str, dict[str, object]]) -> None:
    """Write value and bound against time, all cases in one table."""
    with path.open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(("case", "seconds", "value", "bound", "what"))
        for name, row in rows.items():
            for p in row.get("trace", ()):
                table.writerow((name, p["seconds"], p["value"], p["bound"], p["what"]))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--table", type=Path, help="JSON file that keeps all rows, case by case")
    parser.add_argument("--csv", type=Path, help="write value and bound against time as a table")
    parser.add_argument("--quick", action="store_true", help="the smallest instance, 20 s a case")
    parser.add_argument("--only", nargs="*", default=[], help='parts of names: "marvin cpit"')
    parser.add_argument("--case", nargs=3, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.case:
        folder, kind, seconds = chosen.case
        print(json.dumps(one(Path(folder), kind, float(seconds))))
        return
    rows: dict[str, dict[str, object]] = {}
    if chosen.table and chosen.table.exists():
        rows = json.loads(chosen.table.read_text())["cases"]
    if not chosen.json:
        print(LINE.format(*HEADS))
    for folder, kind, seconds in cases(chosen.only, chosen.quick):
        name = f"{folder.name} {kind}"
        rows[name] = child(folder, kind, seconds)
        if "failed" not in rows[name]:
            judge(folder.name, kind, rows[name])
        if not chosen.json:
            show(name, rows[name])
        if chosen.table:
            chosen.table.write_text(json.dumps(report(rows), indent=1))
        if chosen.csv:
            write_traces(chosen.csv, rows)
    if chosen.json:
        print(json.dumps(report(rows)))
        return
    missed = [f"{n}: {r['target']['value']:,}" for n, r in rows.items()
              if "target" in r and not r["target"]["met"]]  # fmt: skip
    print(f"Targets missed: {'; '.join(missed) or 'none'}")


if __name__ == "__main__":
    main()
