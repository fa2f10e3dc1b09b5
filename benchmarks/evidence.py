"""How fast is the evidence route, and how do plain Monte Carlo and a generic fit compare?

Runs alone: ``python benchmarks/evidence.py [--json] [--draws N]``. Peers are measured in the same
run on as many draws as they can bear and scaled up to the full number; their answers are compared
with ours.
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

import numpy as np
from scipy import optimize, stats

from deposits.evidence.draws import draw_inputs, percentiles
from deposits.laws.gold_law import gold_factor
from deposits.laws.grade_law import GradeLaw, fit_grade_law, metal_share, tonnage_share
from deposits.laws.mixture import Mixture, Population, Structure
from deposits.laws.richest import grade_of_richest
from deposits.laws.support import support_curve
from deposits.stated import Stated

TOP = 71.7
CUTOFFS = np.array([0.5, 1.0, 1.5, 2.0, 3.0, 5.0, 10.0, 15.0])
RANGES = {f"input {i}": Stated(low=1.0, value=2.0, high=4.0) for i in range(27)} | {
    "mean": Stated(low=1.1, value=2.5, high=15.0),
    "cv": Stated(low=0.5, value=0.9, high=1.2),
    "rho": Stated(low=-0.3, high=0.6),
}
ORE = Mixture(
    (
        Population("barren host", 0.40, 0.10, 1.5),
        Population("disseminated", 0.55, 2.4, 0.45),
        Population("pockets", 0.05, 22.8, 0.4),
    ),
    (
        Structure("spherical", 0.55, 1.0),
        Structure("spherical", 0.15, 8.0),
        Structure("spherical", 0.05, 60.0),
    ),
    0.25,
    2.8,
)
MASSES = (0.005, 0.05, 0.5, 1, 5, 20, 50, 200, 500, 2000, 5000, 20000)
UNITS = {f"{mass:g} t": float(mass) for mass in MASSES}


def timed(work: Callable[[], object], repeats: int = 3) -> tuple[object, float]:
    """Result and shortest of some times [s]."""
    best = float("inf")
    for _ in range(repeats):
        start = time.perf_counter()
        result = work()
        best = min(best, time.perf_counter() - start)
    return result, best


def generic_fit(mean: float, cv: float) -> tuple[float, float]:
    """mu and sigma by scipy's root finder on scipy's truncated normal law in ln x."""

    def moment(k: int, mu: float, sigma: float) -> float:
        b = (np.log(TOP) - mu) / sigma
        cut = stats.truncnorm(-np.inf, b)
        return float(cut.expect(lambda z: np.exp(k * (mu + sigma * z)), lb=-12, ub=b))

    def missed(x: np.ndarray) -> list[float]:
        first, second = (moment(k, x[0], np.exp(x[1])) for k in (1, 2))
        return [first / mean - 1, np.sqrt(max(second / first**2 - 1, 1e-12)) / cv - 1]

    spread = np.log1p(cv**2)
    found = optimize.root(missed, [np.log(mean) - spread / 2, 0.5 * np.log(spread)])
    return float(found.x[0]), float(np.exp(found.x[1]))


def closed_moment_fit(mean: float, cv: float) -> tuple[float, float]:
    """mu and sigma by scipy's root finder on the closed moments, written with plain Phi."""

    def missed(x: np.ndarray) -> list[float]:
        mu, s = x[0], np.exp(x[1])
        b = (np.log(TOP) - mu) / s
        whole = stats.norm.cdf(b)
        first = np.exp(mu + s**2 / 2) * stats.norm.cdf(b - s) / whole
        second = np.exp(2 * mu + 2 * s**2) * stats.norm.cdf(b - 2 * s) / whole
        return [first / mean - 1, np.sqrt(max(second / first**2 - 1, 1e-12)) / cv - 1]

    spread = np.log1p(cv**2)
    found = optimize.root(missed, [np.log(mean) - spread / 2, 0.5 * np.log(spread)])
    return float(found.x[0]), float(np.exp(found.x[1]))


def by_monte_carlo(law: GradeLaw, rows: np.ndarray, grades: int) -> np.ndarray:
    """Tonnage shares above the cut-offs by drawing grades for each law."""
    rng = np.random.default_rng(1)
    shares = np.empty((rows.size, CUTOFFS.size))
    for i, row in enumerate(rows):
        mu, sigma = law.mu[row], law.sigma[row]
        z = stats.truncnorm.rvs(-np.inf, (np.log(TOP) - mu) / sigma, size=grades, random_state=rng)
        grade = np.exp(mu + sigma * z)
        shares[i] = (grade[:, None] >= CUTOFFS).mean(axis=0)
    return shares


def ours(draws: int) -> tuple[dict[str, float], GradeLaw, np.ndarray, np.ndarray]:
    """Seconds of each step, and what the peers are compared on."""
    draw_inputs({"mean": RANGES["mean"]}, draws=2, seed=0)  # the import of scipy.stats.qmc
    seconds = {}
    drawn, seconds["draw 30 inputs"] = timed(lambda: draw_inputs(RANGES, draws=draws, seed=7))
    mean, cv, rho = drawn["mean"], drawn["cv"], drawn["rho"]
    law, seconds["fit grade laws"] = timed(lambda: fit_grade_law(mean, cv))
    tonnes, seconds["tonnage shares, 8 cut-offs"] = timed(
        lambda: tonnage_share(law.column, CUTOFFS)
    )
    _, seconds["metal shares, 8 cut-offs"] = timed(lambda: metal_share(law.column, CUTOFFS))
    _, seconds["gold factors, 8 cut-offs"] = timed(
        lambda: gold_factor(law.column, CUTOFFS, rho[:, None], 1.0)
    )
    part = np.linspace(0.01, 1.0, draws)
    _, seconds["grade of the richest tonnes"] = timed(lambda: grade_of_richest(law, part))
    _, seconds["percentiles of 8 quantities"] = timed(
        lambda: [percentiles(column) for column in tonnes.T]
    )
    start = time.perf_counter()
    support_curve(ORE, UNITS, 15.0)
    seconds["support table, 12 units, first time"] = time.perf_counter() - start
    return seconds, law, np.asarray(tonnes), np.column_stack([mean, cv])


def peer_fit(
    fit: Callable[[float, float], tuple[float, float]], pairs: np.ndarray, law: GradeLaw
) -> dict[str, float]:
    """Seconds of a fit per law, and how far its tonnage above 15 % is from ours."""
    start = time.perf_counter()
    found = np.array([fit(float(mean), float(cv)) for mean, cv in pairs])
    seconds = time.perf_counter() - start
    rows = slice(0, len(pairs))
    mine = tonnage_share(GradeLaw(law.mu[rows], law.sigma[rows], 0.0, TOP), 15.0)
    its = tonnage_share(GradeLaw(found[:, 0], found[:, 1], 0.0, TOP), 15.0)
    apart = np.abs(its - mine)
    return {
        "laws": len(pairs),
        "seconds": seconds,
        "share of laws within 1e-6 of ours": float((apart < 1e-6).mean()),
        "largest difference": float(apart.max()),
    }


def compare(draws: int) -> dict[str, object]:
    """Measure all once."""
    seconds, law, tonnes, pairs = ours(draws)
    fits = {
        "scipy.optimize.root with scipy.stats.truncnorm": peer_fit(generic_fit, pairs[:20], law),
        "scipy.optimize.root with closed moments": peer_fit(closed_moment_fit, pairs[:200], law),
    }
    rows, grades = np.arange(min(100, draws)), 10_000
    start = time.perf_counter()
    drawn = by_monte_carlo(law, rows, grades)
    monte_carlo = {
        "laws": rows.size,
        "grades per law": grades,
        "seconds": time.perf_counter() - start,
        "largest difference": float(np.abs(drawn - tonnes[rows]).max()),
    }
    ratios = {
        f"fit, {name}": peer["seconds"] / peer["laws"] * draws / seconds["fit grade laws"]
        for name, peer in fits.items()
    }
    per_law = monte_carlo["seconds"] / rows.size * draws
    ratios["tonnage shares, Monte Carlo"] = per_law / seconds["tonnage shares, 8 cut-offs"]
    return {
        "subject": "evidence",
        "sizes": {"draws": draws, "cut-offs": CUTOFFS.size, "units": len(UNITS)},
        "ours": {"seconds": seconds, "total_seconds": sum(seconds.values())},
        "peers": {**fits, "Monte Carlo": monte_carlo},
        "ratios": ratios,
        "peak_memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object, nothing else")
    parser.add_argument("--draws", type=int, default=10_000, help="number of draws")
    options = parser.parse_args()
    result = compare(options.draws)
    if options.json:
        print(json.dumps(result))
        return
    for name, seconds in result["ours"]["seconds"].items():
        print(f"{name:<40}{seconds:10.4f} s")
    print(f"{'together':<40}{result['ours']['total_seconds']:10.4f} s")
    for name, ratio in result["ratios"].items():
        print(f"{name}: {ratio:,.0f} times as long for all draws")
    for name, peer in result["peers"].items():
        print(f"{name}: {peer}")
    print(f"peak memory {result['peak_memory_mb']:.0f} MB")


if __name__ == "__main__":
    main()
