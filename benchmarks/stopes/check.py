"""Does a solution of the stope benchmark keep every rule, and what is it worth?

Runs alone, with nothing but Python: ``python benchmarks/stopes/check.py SOLUTION.json [--json]``.
It shares no code with any solver: every stope is cut against every block as polygons. Exit code 0
when the solution is feasible, 1 when it is not.
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import sys
from itertools import pairwise
from pathlib import Path

HERE = Path(__file__).parent
#: Lengths [m] and shares that differ by less are equal.
HAIR = 1e-6
WALLS = ("near_foot_m", "near_head_m", "far_foot_m", "far_head_m")


class Panels:
    """The rock of each panel, block by block."""

    def __init__(self, problem: dict, folder: Path) -> None:
        self.problem, self.frame = problem, problem["frame"]
        self.blocks: dict[tuple[int, int], list[tuple]] = {}
        dx, dy, dz = problem["block_m"]
        east, north, low = self.frame["origin_m"]
        with (folder / problem["blocks"]).open(newline="") as file:
            for row in csv.DictReader(file):
                w = float(row["easting_m"]) - east - dx / 2
                u = float(row["northing_m"]) - north - dy / 2
                z = float(row["elevation_m"]) - low - dz / 2
                rock = float(row["density_t_per_m3"]), float(row["sb_pct"])
                self._place((w, w + dx), (u, u + dy), (z, z + dz), rock)

    def _place(self, w, u, z, rock) -> None:
        """Put a block into every panel that it reaches into."""
        long, high = self.frame["section_m"], self.frame["level_m"]
        for section in range(int(u[0] // long), math.ceil(u[1] / long)):
            for level in range(int(z[0] // high), math.ceil(z[1] / high)):
                along = min(u[1], (section + 1) * long) - max(u[0], section * long)
                floor, roof = max(z[0], level * high), min(z[1], (level + 1) * high)
                if along > 0 and roof > floor:
                    self.blocks.setdefault((level + 1, section + 1), []).append(
                        (*w, floor, roof, along, *rock)
                    )

    def worth(self, stope: dict) -> tuple[float, float, float]:
        """Recovered t x (sb_pct - cut-off) of the diluted stope; its tonnes; tonnes x sb_pct."""
        high, long = self.frame["level_m"], self.frame["section_m"]
        floor = (stope["level"] - 1) * high
        nf, nh, ff, fh = skinned(stope, self.problem)
        shape = [(nf, floor), (ff, floor), (fh, floor + high), (nh, floor + high)]
        whole = ((ff - nf) + (fh - nh)) / 2 * high * long
        volume, tonnes, metal = [], [], []
        for west, east, low, up, along, density, grade in self.blocks.get(
            (stope["level"], stope["section"]), []
        ):
            if east <= min(nf, nh) or west >= max(ff, fh):
                continue
            cut = area(clip(shape, west, east, low, up)) * along
            volume.append(cut)
            tonnes.append(cut * density)
            metal.append(cut * density * grade)
        host = (whole - math.fsum(volume)) * self.problem["host_density_t_per_m3"]
        mass, held = math.fsum([*tonnes, host]), math.fsum(metal)
        cutoff = self.problem["objective"]["cutoff_sb_pct"]
        recovery = self.problem["stope"]["mining_recovery"]
        return recovery * (held - cutoff * mass), mass, held


def clip(shape, west, east, low, up):
    """The part of a convex polygon within a rectangle (Sutherland & Hodgman 1974)."""
    for axis, limit, sign in ((0, west, 1), (0, east, -1), (1, low, 1), (1, up, -1)):
        kept = []
        for n, here in enumerate(shape):
            before = shape[n - 1]
            inside, was = sign * (here[axis] - limit), sign * (before[axis] - limit)
            if (inside >= 0) != (was >= 0):
                share = was / (was - inside)
                kept.append(tuple(b + share * (h - b) for b, h in zip(before, here, strict=True)))
            if inside >= 0:
                kept.append(here)
        shape = kept
    return shape


def area(shape) -> float:
    """The area of a polygon, counter-clockwise positive."""
    pairs = [(shape[n - 1], here) for n, here in enumerate(shape)]
    return sum(a[0] * b[1] - a[1] * b[0] for a, b in pairs) / 2


def slope(run: float, problem: dict) -> float:
    """1 / sin of the dip of a wall that runs so far from head to foot."""
    high = problem["frame"]["level_m"]
    return math.hypot(high, run) / high


def skinned(stope: dict, problem: dict) -> tuple[float, float, float, float]:
    """Near foot, near head, far foot, far head with the skins."""
    near, far = problem["stope"]["near_skin_m"], problem["stope"]["far_skin_m"]
    nf, nh, ff, fh = (stope[name] for name in WALLS)
    near, far = near * slope(nf - nh, problem), far * slope(ff - fh, problem)
    return nf - near, nh - near, ff + far, fh + far


def stope_faults(stope: dict, problem: dict) -> list[str]:
    """What one stope breaks."""
    frame, rules = problem["frame"], problem["stope"]
    place = f"level {stope['level']}, section {stope['section']}"
    if not (1 <= stope["level"] <= frame["levels"] and 1 <= stope["section"] <= frame["sections"]):
        return [f"{place}: no such panel"]
    found, end = [], frame["steps"] * frame["step_m"]
    nf, nh, ff, fh = (stope[name] for name in WALLS)
    for name in WALLS:
        if abs(math.remainder(stope[name], frame["step_m"])) > HAIR:
            found.append(f"{place}: {name} = {stope[name]} is off the steps")
    if not (nf < ff and nh < fh):
        return [*found, f"{place}: walls cross or touch"]
    for run in (nf - nh, ff - fh):
        dip = math.degrees(math.atan2(frame["level_m"], run))
        if not rules["least_dip_deg"] - HAIR <= dip <= rules["most_dip_deg"] + HAIR:
            found.append(f"{place}: a wall dips {dip:.3f} degrees")
    mean = slope(((nf - nh) + (ff - fh)) / 2, problem)
    for width in ((ff - nf) / mean, (fh - nh) / mean):
        if not rules["least_width_m"] - HAIR <= width <= rules["most_width_m"] + HAIR:
            found.append(f"{place}: true width {width:.4f} m")
    outer = skinned(stope, problem)
    if min(outer) < -HAIR or max(outer) > end + HAIR:
        found.append(f"{place}: a skin leaves the frame")
    return found


def pillar_faults(stopes: list[dict], problem: dict) -> list[str]:
    """Pillars that are too thin between neighbours in one panel."""
    rules, found = problem["stope"], []
    panels: dict[tuple[int, int], list[dict]] = {}
    for stope in stopes:
        panels.setdefault((stope["level"], stope["section"]), []).append(stope)
    near, far = rules["near_skin_m"], rules["far_skin_m"]
    spare = max(rules["pillar_m"] - near - far, 0.0) / 2
    for panel, held in panels.items():
        held.sort(key=lambda s: s["near_foot_m"])
        for first, then in pairwise(held):
            least = (far + spare) * slope(first["far_foot_m"] - first["far_head_m"], problem)
            least += (near + spare) * slope(then["near_foot_m"] - then["near_head_m"], problem)
            gap = min(then["near_foot_m"] - first["far_foot_m"],
                      then["near_head_m"] - first["far_head_m"])  # fmt: skip
            if gap < least - HAIR:
                found.append(
                    f"level {panel[0]}, section {panel[1]}: pillar {gap:.3f} < {least:.3f} m"
                )
    return found


def layout_faults(stopes: list[dict], opened: list[int], problem: dict) -> list[str]:
    """Rules between panels that are broken."""
    rules, frame, found = problem["layout"], problem["frame"], []
    mined = {(s["level"], s["section"]) for s in stopes}
    for level in opened:
        for needs, other in (("needs_above", level + 1), ("needs_below", level - 1)):
            if rules[needs] and 1 <= other <= frame["levels"] and other not in opened:
                found.append(f"level {level} is opened, level {other} is not")
    found += [
        f"level {lv}, section {s} is excluded" for lv, s in rules["excluded"] if (lv, s) in mined
    ]
    found += [
        f"level {lv} is mined, not opened" for lv in {p[0] for p in mined} if lv not in opened
    ]
    for level in range(1, frame["levels"] + 1):
        row = [(level, section) in mined for section in range(1, frame["sections"] + 1)]
        line = "".join("x" if is_mined else " " for is_mined in row)
        for run in line.split():
            if len(run) < rules["least_run"] or len(run) > (rules["most_run"] or len(run)):
                found.append(f"level {level}: {len(run)} sections are mined together")
    for section in range(1, frame["sections"] + 1):
        line = "".join(
            "x" if (lv, section) in mined else " " for lv in range(1, frame["levels"] + 1)
        )
        for run in line.split():
            if len(run) > (rules["most_levels"] or len(run)):
                found.append(f"section {section}: {len(run)} levels are mined without a sill")
    return found


def losing(stopes: list[dict], worths: list[float]) -> list[str]:
    """Panels whose stopes are not worth more than 0 together."""
    held: dict[tuple[int, int], list[float]] = {}
    for stope, worth in zip(stopes, worths, strict=True):
        held.setdefault((stope["level"], stope["section"]), []).append(worth)
    return [
        f"level {panel[0]}, section {panel[1]}: its stopes are worth {math.fsum(own):.3f}"
        for panel, own in sorted(held.items())
        if not math.fsum(own) > 0
    ]


def check(solution: dict, folder: Path = HERE) -> dict:
    """Value, feasibility and violations of a solution."""
    path = folder / f"synthetic_{solution['deposit']}_problem.json"
    problem = json.loads(path.read_text("utf-8"))
    stopes, opened = solution["stopes"], sorted(set(solution["levels_opened"]))
    found = [fault for stope in stopes for fault in stope_faults(stope, problem)]
    if not found:
        found = pillar_faults(stopes, problem)
    levels = problem["frame"]["levels"]
    found += [f"no level {level}" for level in opened if not 1 <= level <= levels]
    found += layout_faults(stopes, opened, problem)
    panels = Panels(problem, folder)
    parts = [panels.worth(s) for s in stopes if (s["level"], s["section"]) in panels.blocks]
    if len(parts) == len(stopes):
        found += losing(stopes, [part[0] for part in parts])
    cost = problem["objective"]["level_cost"] * len(opened)
    value, mass = math.fsum([*(p[0] for p in parts), -cost]), math.fsum(p[1] for p in parts)
    held, recovery = math.fsum(p[2] for p in parts), problem["stope"]["mining_recovery"]
    if len(parts) < len(stopes):
        found.append(f"{len(stopes) - len(parts)} stopes stand where no block is")
    claimed = solution.get("value")
    if claimed is not None and abs(claimed - value) > HAIR * max(1.0, abs(value)):
        found.append(f"the solution says it is worth {claimed}, it is worth {value}")
    return {
        "SYNTHETIC": True, "deposit": solution["deposit"], "value": value, "feasible": not found,
        "violations": found, "stopes": len(stopes), "levels_opened": opened,
        "ore_t": recovery * mass, "sb_pct": held / mass if mass else None,
    }  # fmt: skip


def main() -> int:
    """Check the solution that is named."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("solution", type=Path)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    found = check(json.loads(options.solution.read_text("utf-8")))
    if options.json:
        print(json.dumps(found))
    else:
        word = "feasible" if found["feasible"] else "NOT feasible"
        print(f"SYNTHETIC {found['deposit']}: {word}, worth {found['value']:,.3f} t x % Sb")
        print(*(f"  - {text}" for text in found["violations"]), sep="\n", end="")
    return 0 if found["feasible"] else 1


if __name__ == "__main__":
    sys.exit(main())
