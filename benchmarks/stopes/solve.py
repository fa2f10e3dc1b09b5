"""Which stopes of three SYNTHETIC deposits are worth the most, and by how much does a guess miss?

Runs alone: ``python benchmarks/stopes/solve.py [--json] [--write] [DEPOSIT ...]``. Each deposit is
made again of its seed (its files must be equal byte by byte), solved, checked by planning's own
verification and by `check.py`, which shares no code with either, and compared with choosing stopes
one by one. ``--write`` writes the certificates.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[2]))

import numpy as np
import pandas as pd
from check import WALLS, check
from greedy import greedy_choice, greedy_panels
from seeded import DEPOSITS, Deposit, texts

from deposits.blockmodel import About, BlockModel
from deposits.grid import Grid
from planning.limits.stopes.cells import Surroundings, integrate
from planning.limits.stopes.frame import StopeFrame
from planning.limits.stopes.layout import lay_out
from planning.limits.stopes.layout_rules import LayoutRules
from planning.limits.stopes.panels import optimise_panels, sums_between
from planning.limits.stopes.rules import StopeRules, cutoff_value
from planning.limits.stopes.stope import Stope, diluted_walls
from planning.limits.stopes.walls import wall_lattice
from planning.verification.layout import verify_layout

HERE = Path(__file__).parent


def model_of(deposit: Deposit) -> BlockModel:
    """Read the block model."""
    origin = deposit.problem["frame"]["origin_m"]
    grid = Grid(tuple(origin), deposit.block_m, deposit.shape)
    rows = pd.read_csv(HERE / f"synthetic_{deposit.name}_blocks.csv")
    places = rows[["easting_m", "northing_m", "elevation_m"]].to_numpy()
    table = rows[["sb_pct", "density_t_per_m3"]].assign(block=grid.locate(places))
    about = About(f"SYNTHETIC {deposit.name}", synthetic=True)
    return BlockModel(grid, table.sort_values("block"), about)


def frame_of(deposit: Deposit) -> StopeFrame:
    """The frame: sections along northing, steps along easting, one slice a row of blocks."""
    given = deposit.problem["frame"]
    return StopeFrame(
        origin_m=tuple(given["origin_m"]), strike_deg=0.0, section_m=given["section_m"],
        level_m=given["level_m"], step_m=given["step_m"], n_sections=given["sections"],
        n_levels=given["levels"], n_steps=given["steps"],
        n_sublevels=round(given["level_m"] / deposit.block_m[2]),
    )  # fmt: skip


def rules_of(deposit: Deposit) -> tuple[StopeRules, LayoutRules]:
    """The rules of a stope, and those between panels."""
    given, between = dict(deposit.problem["stope"]), dict(deposit.problem["layout"])
    dips = given.pop("least_dip_deg"), given.pop("most_dip_deg")
    frame = deposit.problem["frame"]
    excluded = np.zeros((frame["levels"], frame["sections"]), dtype=bool)
    for level, section in between.pop("excluded"):
        excluded[level - 1, section - 1] = True
    cost = deposit.problem["objective"]["level_cost"]
    layout = LayoutRules(level_cost=cost, excluded=excluded, **between)
    return StopeRules(wall_dip_deg=dips, **given), layout


def solution(deposit: Deposit, stopes, opened, value: float) -> dict:
    """A solution as its file holds it: levels and sections from 1."""
    return {
        "SYNTHETIC": "Every number is made up; no real deposit is described.",
        "deposit": deposit.name,
        "value": value,
        "levels_opened": [int(level) + 1 for level in opened],
        "stopes": [
            {"level": s.level + 1, "section": s.section + 1,
             **dict(zip(WALLS, s.walls_m, strict=True)), "value": s.value}
            for s in stopes
        ],
    }  # fmt: skip


def guesses(deposit: Deposit, cells, worth, panels, layout_rules) -> dict[str, dict]:
    """Solutions by choosing one by one: panels and layout, and the layout alone."""
    frame, rules = panels.frame, panels.rules
    costs = layout_rules.costs(frame.n_levels)
    found = {}
    own = greedy_panels(worth.value, wall_lattice(frame, rules), frame)
    bare = [Stope(*place, *walls, 0.0) for place, held in own.items() for walls in held]
    diluted = [diluted_walls(stope, frame, rules) for stope in bare]
    values = sums_between(worth.value, frame, diluted).tolist()
    taken = [replace(stope, value=value) for stope, value in zip(bare, values, strict=True)]
    for name, stopes in (("greedy", taken), ("exact panels, greedy layout", panels.stopes)):
        table = np.zeros(panels.values.shape)
        for stope in stopes:
            table[stope.level, stope.section] += stope.value
        mined, opened = greedy_choice(table, layout_rules, costs)
        kept = [stope for stope in stopes if mined[stope.level, stope.section]]
        value = float(np.sum(table[mined]) - np.sum(costs[opened]))
        found[name] = solution(deposit, kept, np.flatnonzero(opened), value)
    return found


def run(deposit: Deposit, compare: bool = True) -> tuple[dict, dict]:
    """Solve a deposit: what is reported, and the certificate."""
    same = {
        name: (HERE / name).read_bytes() == text.encode() for name, text in texts(deposit).items()
    }
    (rules, layout_rules), frame = rules_of(deposit), frame_of(deposit)
    start = time.perf_counter()
    cells = integrate(model_of(deposit), frame, ("sb_pct",), Surroundings(2.7))
    cutoff = deposit.problem["objective"]["cutoff_sb_pct"]
    worth = cutoff_value(cells, "sb_pct", cutoff, rules.mining_recovery)
    ready = time.perf_counter()
    panels = optimise_panels(cells, worth, rules)
    solved = time.perf_counter()
    layout = lay_out(panels, layout_rules)
    done = time.perf_counter()
    ours = solution(deposit, layout.stopes, layout.opened, layout.value)
    held = np.full(panels.values.shape, np.nan)
    for stope in panels.stopes:
        held[stope.level, stope.section] = panels.values[stope.level, stope.section]
    proof = verify_layout(held, layout_rules, layout.choice, layout.stopes)
    checked = check(ours)
    others = guesses(deposit, cells, worth, panels, layout_rules) if compare else {}
    peers = {name: check(other) for name, other in others.items()}
    choice = layout.choice
    report = {
        "files_equal": all(same.values()), "files": same, "value": layout.value,
        "bound": layout.bound, "gap": layout.gap, "status": layout.status, "method": choice.method,
        "relaxed_bound": choice.relaxed_bound, "stopes": len(layout.stopes),
        "panels": int(panels.values.size), "panels_mined": int(choice.mined.sum()),
        "levels_opened": ours["levels_opened"], "ore_t": checked["ore_t"],
        "sb_pct": checked["sb_pct"], "verified": proof.holds and checked["feasible"],
        "violations": [*proof.violations, *checked["violations"]],
        "check_value": checked["value"],
        "peers": {name: {"value": p["value"], "feasible": p["feasible"],
                         "violations": p["violations"][:3], "stopes": p["stopes"],
                         "below_optimum": (layout.value - p["value"]) / layout.value}
                  for name, p in peers.items()},
        "seconds": {"cells": ready - start, "panels": solved - ready, "layout": done - solved},
    }  # fmt: skip
    proven = {
        "bound": layout.bound, "gap": layout.gap, "status": layout.status, "method": choice.method,
        "solver": choice.solver, "bound_without_layout_rules": choice.relaxed_bound,
        "panel_values": panels.values.tolist(), "panel_bounds": panels.bounds.tolist(),
        "words": layout.certificate(),
        "peers": {name: p["value"] for name, p in peers.items()},
    }  # fmt: skip
    return report, {**ours, "certificate": proven}


def main() -> None:
    """Solve the deposits that are named, or all."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("deposits", nargs="*", choices=[[], *(d.name for d in DEPOSITS)])
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    found = {}
    for deposit in DEPOSITS:
        if options.deposits and deposit.name not in options.deposits:
            continue
        found[deposit.name], answer = run(deposit)
        if options.write:
            text = json.dumps(answer, indent=1) + "\n"
            path = HERE / f"synthetic_{deposit.name}_optimum.json"
            path.write_text(text, "utf-8", newline="\n")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    if options.json:
        print(json.dumps({"SYNTHETIC": True, "deposits": found, "peak_mb": peak}))
        return
    for name, row in found.items():
        print(
            f"SYNTHETIC {name}: {row['stopes']} stopes in {row['panels_mined']} of {row['panels']}"
        )
        print(f"  worth {row['value']:,.1f}, bound {row['bound']:,.1f} t x % Sb, {row['status']}")
        print(f"  checked: {row['verified']}; files equal: {row['files_equal']}; {row['method']}")
        for text in row["violations"]:
            print(f"  ! {text}")
        for peer, own in row["peers"].items():
            print(f"  {peer}: {own['value']:,.1f}, {100 * own['below_optimum']:.1f} % below,"
                  f" feasible: {own['feasible']} {own['violations']}")  # fmt: skip
        print("  seconds " + ", ".join(f"{k} {v:.2f}" for k, v in row["seconds"].items()))


if __name__ == "__main__":
    main()
