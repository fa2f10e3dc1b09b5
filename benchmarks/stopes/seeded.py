"""Which three SYNTHETIC deposits does the stope benchmark hold, and how are they made of a seed?

Runs alone: ``python benchmarks/stopes/seeded.py`` writes the block models and the problems anew.
Smooth random fields are sums of cosines; only uniform numbers are drawn. No place, no number here
describes a real deposit.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
WAVES = 60


@dataclass(frozen=True)
class Deposit:
    """A deposit: its blocks and its problem."""

    name: str
    seed: int
    block_m: tuple[float, float, float]
    shape: tuple[int, int, int]
    problem: dict


def field(rng, points, ranges):
    """A smooth random field of mean 0 and variance 1 at points (n, 3) [m]."""
    sizes = np.asarray(ranges)
    waves = np.column_stack([np.tan(np.pi * (rng.random(WAVES) - 0.5)) for _ in range(3)])
    waves = np.clip(waves, -4.0, 4.0) / sizes
    phases = 2 * np.pi * rng.random(WAVES)
    total = np.zeros(len(points))
    for wave, phase in zip(waves, phases, strict=True):
        total += np.cos(np.sum(points * wave, axis=1) + phase)
    return total * np.sqrt(2.0 / WAVES)


def centres(deposit):
    """Local centres (across, along strike, up) of all blocks [m]: east, north, up."""
    nx, ny, nz = deposit.shape
    number = np.arange(nx * ny * nz)
    steps = np.column_stack([number % nx, number // nx % ny, number // (nx * ny)])
    return (steps + 0.5) * np.asarray(deposit.block_m)


def vein(rng, places):
    """A steep tabular vein with swells, pinches and barren windows, and a strand beside it."""
    w, u, z = places.T
    flat = np.column_stack([np.zeros_like(w), u, z])
    bend, swell = field(rng, flat, (1, 60, 40)), field(rng, flat, (1, 35, 25))
    rich, spots = field(rng, flat, (1, 45, 30)), field(rng, places, (2, 12, 8))
    apart, other = field(rng, flat, (1, 50, 40)), field(rng, flat, (1, 30, 25))
    middle = 14.0 + (125.0 - z) / np.tan(np.radians(72.0)) + 1.6 * bend
    half = 1.1 * np.exp(0.55 * swell)
    strand = middle + 6.5 + 2.0 * apart
    inside = np.abs(w - middle) < half
    beside = np.abs(w - strand) < 0.8 * np.exp(0.7 * other)
    halo = (np.abs(w - middle) < half + 1.0) & ~beside
    grade = np.where(halo, 0.35 * np.exp(0.5 * spots), 0.0)
    grade = np.where(beside, 3.4 * np.exp(0.6 * other + 0.35 * spots), grade)
    grade = np.where(inside, 3.2 * np.exp(0.75 * rich + 0.35 * spots), grade)
    return grade, 2.72 + 0.022 * grade


def breccia(rng, places):
    """A massive breccia body with an irregular skin and a poor core."""
    w, u, z = places.T
    reach = 1.0 + 0.16 * field(rng, places, (35, 40, 35))
    away = np.sqrt(((w - 70.0) / 46.0) ** 2 + ((u - 80.0) / 70.0) ** 2 + ((z - 58.0) / 62.0) ** 2)
    inside = away < reach
    ring = np.exp(-(((away / reach - 0.62) / 0.30) ** 2))
    grade = (0.5 + 3.1 * ring) * np.exp(0.55 * field(rng, places, (10, 14, 12)))
    return np.where(inside, grade, 0.0), 2.65 + 0.022 * np.where(inside, grade, 0.0)


def lenses(rng, places):
    """Five stacked lenses, each dying out along strike and dip, at falling distances."""
    w, u, z = places.T
    flat = np.column_stack([np.zeros_like(w), u, z])
    grade = np.zeros(len(w))
    spots = field(rng, places, (3, 14, 9))
    seats = ((16, 60, 70, 90, 60), (25, 150, 45, 80, 50), (33, 90, 35, 110, 45),
             (46, 170, 75, 70, 40), (54, 60, 25, 75, 40))  # fmt: skip
    for middle_w, middle_u, middle_z, long, high in seats:
        bend, swell = field(rng, flat, (1, 70, 45)), field(rng, flat, (1, 40, 30))
        middle = middle_w + (50.0 - z + 50.0) / np.tan(np.radians(62.0)) * 0.8 + 1.5 * bend
        fade = 1.0 - ((u - middle_u) / long) ** 2 - ((z - middle_z) / high) ** 2
        half = np.where(fade > 0, 2.4 * np.sqrt(np.maximum(fade, 0.0)) * np.exp(0.3 * swell), 0.0)
        own = np.where(np.abs(w - middle) < half, 4.4 * np.exp(0.4 * swell + 0.45 * spots), 0.0)
        grade = np.maximum(grade, own)
    return grade, 2.70 + 0.022 * grade


MAKERS = {"vein": vein, "breccia": breccia, "lenses": lenses}

DEPOSITS = (
    Deposit("vein", 41, (0.5, 10.0, 5.0), (160, 30, 25), {
        "frame": {"origin_m": [1000.0, 2000.0, 1500.0], "level_m": 25.0, "levels": 5,
                  "section_m": 20.0, "sections": 15, "step_m": 0.5, "steps": 160},
        "stope": {"least_width_m": 1.5, "most_width_m": 8.0, "pillar_m": 3.0, "near_skin_m": 0.25,
                  "far_skin_m": 0.5, "least_dip_deg": 60.0, "most_dip_deg": 90.0,
                  "mining_recovery": 0.92},
        "objective": {"cutoff_sb_pct": 3.5, "level_cost": 50000.0},
        "layout": {"needs_above": True, "needs_below": False, "least_run": 3, "most_run": 4,
                   "most_levels": None, "excluded": []},
    }),
    Deposit("breccia", 42, (2.0, 10.0, 5.0), (70, 16, 24), {
        "frame": {"origin_m": [5000.0, 3000.0, 900.0], "level_m": 30.0, "levels": 4,
                  "section_m": 20.0, "sections": 8, "step_m": 2.0, "steps": 70},
        "stope": {"least_width_m": 6.0, "most_width_m": 18.0, "pillar_m": 6.0, "near_skin_m": 0.5,
                  "far_skin_m": 0.5, "least_dip_deg": 75.0, "most_dip_deg": 105.0,
                  "mining_recovery": 0.88},
        "objective": {"cutoff_sb_pct": 1.5, "level_cost": 60000.0},
        "layout": {"needs_above": False, "needs_below": True, "least_run": 1, "most_run": 3,
                   "most_levels": 2, "excluded": []},
    }),
    Deposit("lenses", 43, (1.0, 10.0, 5.0), (120, 24, 20), {
        "frame": {"origin_m": [8000.0, 6000.0, 400.0], "level_m": 20.0, "levels": 5,
                  "section_m": 20.0, "sections": 12, "step_m": 1.0, "steps": 120},
        "stope": {"least_width_m": 2.0, "most_width_m": 10.0, "pillar_m": 4.0, "near_skin_m": 0.3,
                  "far_skin_m": 0.5, "least_dip_deg": 50.0, "most_dip_deg": 80.0,
                  "mining_recovery": 0.9},
        "objective": {"cutoff_sb_pct": 2.5, "level_cost": 120000.0},
        "layout": {"needs_above": False, "needs_below": False, "least_run": 2, "most_run": 5,
                   "most_levels": 2, "excluded": [[3, 4], [3, 5]]},
    }),
)  # fmt: skip


def blocks_text(deposit):
    """The block model as CSV: the blocks that hold any Sb, in the one order of blocks."""
    places = centres(deposit)
    rng = np.random.Generator(np.random.PCG64(deposit.seed))
    grade, density = MAKERS[deposit.name](rng, places)
    east, north, up = (places + np.asarray(deposit.problem["frame"]["origin_m"])).T
    lines = ["easting_m,northing_m,elevation_m,sb_pct,density_t_per_m3"]
    for n in np.flatnonzero(np.round(grade, 3) > 0):
        lines.append(f"{east[n]:.2f},{north[n]:.0f},{up[n]:.1f},{grade[n]:.3f},{density[n]:.3f}")
    return "\n".join(lines) + "\n"


def problem_text(deposit):
    """The problem as JSON."""
    whole = {
        "SYNTHETIC": "Every number is made up; no real deposit is described.",
        "name": deposit.name,
        "seed": deposit.seed,
        "blocks": f"synthetic_{deposit.name}_blocks.csv",
        "block_m": list(deposit.block_m),
        "host_density_t_per_m3": 2.7,
        **deposit.problem,
    }
    return json.dumps(whole, indent=1) + "\n"


def texts(deposit):
    """File name -> content of all that is given of a deposit."""
    return {
        f"synthetic_{deposit.name}_blocks.csv": blocks_text(deposit),
        f"synthetic_{deposit.name}_problem.json": problem_text(deposit),
    }


if __name__ == "__main__":
    for one in DEPOSITS:
        for name, text in texts(one).items():
            (HERE / name).write_text(text, "utf-8", newline="\n")
            print(name, len(text))
