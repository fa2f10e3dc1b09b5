"""Is the published stope benchmark what its seed gives, and are its optima what they claim?"""

import copy
import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp

FOLDER = Path(__file__).parents[2] / "benchmarks" / "stopes"
NAMES = ("vein", "breccia", "lenses")


def load(name):
    """A script of the benchmark as a module, under a name of its own."""
    sys.path.insert(0, str(FOLDER))
    try:
        spec = importlib.util.spec_from_file_location(
            f"stope_benchmark_{name}", FOLDER / f"{name}.py"
        )
        module = importlib.util.module_from_spec(spec)
        sys.modules[spec.name] = module
        spec.loader.exec_module(module)
    finally:
        sys.path.remove(str(FOLDER))
    return module


check, solve = load("check"), load("solve")


def optimum(name):
    return json.loads((FOLDER / f"synthetic_{name}_optimum.json").read_text("utf-8"))


@pytest.mark.parametrize("name", NAMES)
def test_the_files_are_what_the_seed_gives(name):
    deposit = next(d for d in solve.DEPOSITS if d.name == name)
    for file, text in solve.texts(deposit).items():
        assert (FOLDER / file).read_bytes() == text.encode(), file
        assert "synthetic" in file and len(text) < 600_000
    assert "SYNTHETIC" in (FOLDER / f"synthetic_{name}_problem.json").read_text("utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_solving_again_gives_the_published_optimum(name):
    deposit = next(d for d in solve.DEPOSITS if d.name == name)
    # Choosing one by one is slow in plain Python; one deposit shows that it keeps the rules.
    report, answer = solve.run(deposit, compare=name == "breccia")
    published = optimum(name)
    assert answer["value"] == pytest.approx(published["value"], rel=1e-9)
    # A bound may grow tighter with a better allowance for rounding.
    assert answer["certificate"]["bound"] == pytest.approx(published["certificate"]["bound"], 1e-7)
    assert published["certificate"]["bound"] >= answer["value"]
    assert answer["levels_opened"] == published["levels_opened"]
    assert len(answer["stopes"]) == len(published["stopes"])
    for ours, theirs in zip(answer["stopes"], published["stopes"], strict=True):
        assert [ours[w] for w in check.WALLS] == [theirs[w] for w in check.WALLS]
    assert report["status"] == "proven" and report["gap"] < 1e-7 and report["verified"]
    assert report["check_value"] == pytest.approx(report["value"], rel=1e-9)
    for peer in report["peers"].values():
        assert peer["feasible"], peer["violations"]
        assert 0 < peer["value"] < report["value"]


@pytest.mark.parametrize("name", NAMES)
def test_the_checker_alone_confirms_the_published_solution(name):
    path = FOLDER / f"synthetic_{name}_optimum.json"
    # No site packages: nothing but Python.
    line = [sys.executable, "-I", "-S", str(FOLDER / "check.py"), str(path), "--json"]
    found = json.loads(subprocess.run(line, check=True, capture_output=True, text=True).stdout)
    assert (
        found["feasible"] and found["SYNTHETIC"] and found["stopes"] == len(optimum(name)["stopes"])
    )
    assert found["value"] == pytest.approx(optimum(name)["value"], rel=1e-9)


def best_intervals(values, problem):
    """The best layout of given panel values by scipy, with a variable for each stretch."""
    n_levels, n_sections = values.shape
    rules, cost = problem["layout"], problem["objective"]["level_cost"]
    barred = {(level - 1, section - 1) for level, section in rules["excluded"]}
    most = rules["most_run"] or n_sections
    stretches = [
        (level, first, first + long)
        for level in range(n_levels)
        for long in range(rules["least_run"], most + 1)
        for first in range(n_sections - long + 1)
        if all(
            values[level, s] > 0 and (level, s) not in barred for s in range(first, first + long)
        )
    ]
    n = len(stretches)
    gain = [-values[level, first:last].sum() for level, first, last in stretches] + [
        cost
    ] * n_levels
    rows, upper = [], []

    def limit(entries, most_of):
        row = np.zeros(n + n_levels)
        for column, entry in entries:
            row[column] += entry
        rows.append(row)
        upper.append(most_of)

    for level in range(n_levels):
        for section in range(n_sections):
            # A stretch and the section left after it.
            over = [(k, 1.0) for k, (lv, a, b) in enumerate(stretches)
                    if lv == level and a <= section <= b]  # fmt: skip
            limit([*over, (n + level, -1.0)], 0.0)
            high = rules["most_levels"]
            if high and level + high < n_levels:
                stack = [(k, 1.0) for k, (lv, a, b) in enumerate(stretches)
                         if level <= lv <= level + high and a <= section < b]  # fmt: skip
                limit(stack, high)
        for needs, other in (("needs_above", level + 1), ("needs_below", level - 1)):
            if rules[needs] and 0 <= other < n_levels:
                limit([(n + level, 1.0), (n + other, -1.0)], 0.0)
    found = milp(
        gain, integrality=np.ones(n + n_levels), bounds=Bounds(0, 1),
        constraints=LinearConstraint(np.array(rows), -np.inf, upper),
        options={"mip_rel_gap": 0.0},
    )  # fmt: skip
    assert found.status == 0
    return -found.fun


@pytest.mark.parametrize("name", NAMES)
def test_another_formulation_in_another_solver_finds_the_same_optimum(name):
    problem = json.loads((FOLDER / f"synthetic_{name}_problem.json").read_text("utf-8"))
    published = optimum(name)
    values = np.array(published["certificate"]["panel_values"])
    assert best_intervals(values, problem) == pytest.approx(published["value"], rel=1e-7)


def broken(name, change):
    solution = copy.deepcopy(optimum(name))
    del solution["value"]
    change(solution)
    return check.check(solution)


def moved(**by):
    def change(solution):
        for wall, length in by.items():
            solution["stopes"][0][wall] += length

    return change


def shifted(step):
    return moved(**dict.fromkeys(check.WALLS, step))


def doubled(solution):
    solution["stopes"].append(dict(solution["stopes"][0]))


def closed(solution):
    solution["levels_opened"] = solution["levels_opened"][1:]


def whole_panel(level, section):
    def change(solution):
        one = next(s for s in solution["stopes"])
        solution["stopes"].append({**one, "level": level, "section": section})

    return change


@pytest.mark.parametrize(
    ("name", "change", "word"),
    [
        ("vein", shifted(0.2), "off the steps"),
        ("vein", shifted(-500.0), "leaves the frame"),
        ("vein", moved(far_foot_m=-500.0), "cross"),
        ("vein", moved(near_head_m=-12.0), "dips"),
        ("vein", moved(far_foot_m=9.0, far_head_m=9.0), "true width"),
        ("breccia", doubled, "pillar"),
        ("breccia", closed, "not opened"),
        ("breccia", lambda s: s["levels_opened"].remove(1), "level 1 is not"),
        ("lenses", whole_panel(3, 4), "excluded"),
        ("lenses", whole_panel(9, 1), "no such panel"),
        ("lenses", whole_panel(2, 12), "mined together"),
        ("lenses", lambda s: s["levels_opened"].append(6), "no level 6"),
        ("vein", whole_panel(1, 4), "are worth"),
        ("lenses", lambda s: s.update(value=1.0), "says it is worth"),
    ],
)  # fmt: skip
def test_the_checker_sees_every_broken_rule(name, change, word):
    found = broken(name, change)
    assert not found["feasible"]
    assert any(word in text for text in found["violations"]), found["violations"]


def test_a_sill_that_is_mined_is_seen():
    solution = copy.deepcopy(optimum("breccia"))
    mined = {(s["level"], s["section"]) for s in solution["stopes"]}
    column = next(s for s in range(1, 9) if sum((lv, s) in mined for lv in range(1, 5)) == 2)
    one = solution["stopes"][0]
    solution["stopes"] += [{**one, "level": lv, "section": column} for lv in range(1, 5)
                           if (lv, column) not in mined]  # fmt: skip
    assert any("without a sill" in text for text in check.check(solution)["violations"])


def test_a_stope_is_worth_what_a_hand_calculation_says():
    problem = {
        "frame": {"level_m": 10.0, "section_m": 10.0},
        "stope": {"near_skin_m": 0.0, "far_skin_m": 0.0, "mining_recovery": 0.5},
        "objective": {"cutoff_sb_pct": 1.0},
        "host_density_t_per_m3": 2.0,
    }
    panels = check.Panels.__new__(check.Panels)
    panels.problem, panels.frame = problem, problem["frame"]
    # One block of w 0 to 10, z 0 to 5 over the whole section: 3 t/m3 of 4 %.
    panels.blocks = {(1, 1): [(0.0, 10.0, 0.0, 5.0, 10.0, 3.0, 4.0)]}
    stope = {"level": 1, "section": 1, "near_foot_m": 2.0, "near_head_m": 2.0,
             "far_foot_m": 8.0, "far_head_m": 4.0}  # fmt: skip
    # Lower half: widths 6 at the floor, 4 at half height: 25 m2; upper half: 4 to 2: 15 m2.
    worth, mass, held = panels.worth(stope)
    assert mass == pytest.approx(25 * 10 * 3 + 15 * 10 * 2)
    assert held == pytest.approx(25 * 10 * 3 * 4)
    assert worth == pytest.approx(0.5 * (held - mass))
