"""Does the solver give the best answer, an honest bound and a clean stop?"""

import itertools
import math
import signal
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deposits.errors import DataError, MissingPackage
from planning.programs import MixedIntegerProgram, SolveStatus, dual_bound
from planning.solver import SolverFailed, solve

ROOT = Path(__file__).parents[2]
INF = math.inf


def program(gain, matrix, row_upper, *, row_lower=None, lower=None, upper=None, whole=True):
    """A program from a dense matrix."""
    gain, matrix = np.asarray(gain, float), np.atleast_2d(np.asarray(matrix, float))
    n, m = len(gain), len(matrix)
    rows, columns = np.nonzero(matrix)
    return MixedIntegerProgram(
        gain=gain,
        lower=np.zeros(n) if lower is None else lower,
        upper=np.ones(n) if upper is None else upper,
        whole=np.full(n, whole),
        indptr=np.searchsorted(rows, np.arange(m + 1)),
        columns=columns,
        entries=matrix[rows, columns],
        row_lower=np.full(m, -INF) if row_lower is None else row_lower,
        row_upper=row_upper,
    )


def brute(case):
    """The best of all 0-1 answers; None when there is none."""
    best = None
    for bits in itertools.product((0.0, 1.0), repeat=case.n_variables):
        rows = case.row_values(bits)
        if (rows <= case.row_upper).all() and (rows >= case.row_lower).all():
            worth = math.fsum((case.gain * np.array(bits)).tolist())
            best = worth if best is None else max(best, worth)
    return best


numbers = st.integers(-20, 20).map(float)


@st.composite
def small_programs(draw):
    n, m = draw(st.integers(1, 7)), draw(st.integers(1, 4))
    row = st.lists(numbers, min_size=n, max_size=n)
    scale = 2.0 ** draw(st.integers(-20, 40)) * draw(st.sampled_from([1.0, 0.3]))
    gain = scale * np.array(draw(row))
    matrix = draw(st.lists(row, min_size=m, max_size=m))
    upper = draw(st.lists(numbers, min_size=m, max_size=m))
    lower = [u - draw(st.sampled_from([0.0, 7.0, INF])) for u in upper]
    return program(gain, matrix, np.array(upper), row_lower=np.array(lower))


@settings(max_examples=150, deadline=None)
@given(small_programs())
def test_the_answer_is_the_best_of_all(case):
    report, best = solve(case), brute(case)
    if best is None:
        assert report.status is SolveStatus.INFEASIBLE
        assert report.value is None and report.solution is None and report.gap is None
        return
    assert report.status is SolveStatus.PROVEN
    assert report.value == pytest.approx(best, rel=1e-12, abs=1e-12 * abs(case.gain).max())
    assert report.bound >= report.value
    assert report.gap <= 1e-6
    assert set(report.solution) <= {0.0, 1.0}


@settings(max_examples=60, deadline=None)
@given(small_programs(), st.lists(numbers, min_size=4, max_size=4))
def test_weak_duality_holds_for_any_prices(case, prices):
    scale = abs(case.gain).max() or 1.0
    best = brute(case)
    bound = dual_bound(case, scale / 20 * np.array(prices[: case.n_rows]))
    if best is not None:
        assert bound >= best - 1e-9 * abs(best)


def test_a_linear_program_meets_its_dual_bound():
    # max 3x + 5y, x <= 4, 2y <= 12, 3x + 2y <= 18: the Wyndor Glass example of Hillier &
    # Lieberman, Introduction to Operations Research, ch. 3: 36 at (2, 6), prices 0, 3/2, 1.
    case = program([3, 5], [[1, 0], [0, 2], [3, 2]], [4, 12, 18], upper=[INF, INF], whole=False)
    report = solve(case)
    assert report.status is SolveStatus.PROVEN
    assert report.value == pytest.approx(36) and report.bound == pytest.approx(36)
    assert report.solution == pytest.approx([2, 6]) and report.duals == pytest.approx([0, 1.5, 1])


def test_an_unbounded_program_is_named():
    report = solve(program([1.0], [[-1.0]], [0.0], upper=[INF], whole=False))
    assert report.status is SolveStatus.UNBOUNDED and report.bound == INF and report.gap is None
    whole = solve(program([1.0], [[-1.0]], [0.0], upper=[INF]))
    assert whole.status is SolveStatus.UNBOUNDED


def test_a_program_without_rows_takes_every_gain():
    nothing = np.zeros((0, 3))
    report = solve(program([2.0, -1.0, 0.5], nothing, np.zeros(0), row_lower=np.zeros(0)))
    assert report.status is SolveStatus.PROVEN and report.value == 2.5 == report.bound


def knapsacks(n, m, seed=1):
    """A program that no solver proves in a moment."""
    rng = np.random.default_rng(seed)
    weights = rng.integers(10, 1000, (m, n)).astype(float)
    return program(weights.mean(axis=0) + rng.random(n), weights, weights.sum(axis=1) / 2)


def test_equal_programs_get_equal_answers():
    first, second = solve(knapsacks(15, 3)), solve(knapsacks(15, 3))
    assert first.value == second.value and first.bound == second.bound
    assert (first.solution == second.solution).all()


def test_a_stopped_search_keeps_a_start_and_a_bound():
    case = knapsacks(200, 30)
    start = np.zeros(200)
    start[:60] = 1.0
    report = solve(case, start=start, time_limit_s=0.5)
    assert report.status is SolveStatus.FEASIBLE and not report.interrupted
    assert report.bound > report.value >= case.gain[:60].sum() - 1e-6
    assert 0 < report.gap < 1 and "feasible" in str(report)


def market_split(seed=3, n=40, m=4):
    """Equations that a search hardly meets by luck, and an answer to them."""
    rng = np.random.default_rng(seed)
    weights = rng.integers(1, 100, (m, n)).astype(float)
    known = rng.integers(0, 2, n).astype(float)
    right = weights @ known
    return program(rng.integers(1, 9, n), weights, right, row_lower=right), known


def test_a_known_answer_is_never_lost():
    case, known = market_split()
    without = solve(case, time_limit_s=0.5)
    assert without.status is SolveStatus.NO_PLAN_YET and without.value is None
    assert without.bound is not None and without.gap is None
    report = solve(case, start=known, time_limit_s=0.5)
    assert report.status is SolveStatus.FEASIBLE
    assert report.bound >= report.value >= float(np.sum(case.gain * known))


def test_a_start_may_leave_variables_open():
    case = program([3.0, 2.0, 2.0], [[2.0, 1.0, 1.0]], [2.0])
    report = solve(case, start=[0.0, np.nan, np.nan])
    assert report.value == 4.0
    with pytest.raises(DataError, match="start"):
        solve(case, start=[0.0])


def test_a_gap_is_a_reason_to_stop():
    report = solve(knapsacks(40, 10), gap=0.05)
    assert report.gap <= 0.05


def test_control_c_returns_the_best_so_far():
    timer = threading.Timer(0.6, signal.raise_signal, [signal.SIGINT])
    # The signal reaches the main thread wherever it is raised.
    timer.start()
    report = solve(knapsacks(200, 30), start=np.zeros(200), time_limit_s=20.0)
    timer.join()
    assert report.interrupted and report.status is SolveStatus.FEASIBLE and report.seconds < 15
    assert "interrupted" in str(report)


@pytest.mark.parametrize("power", [-300, 0, 200])
def test_units_of_rows_and_gains_do_not_matter(power):
    size = 2.0**power
    matrix = np.array([[3.0, 4.0, 5.0], [1.0, 0.0, 1.0]]) * [[size], [1 / size]]
    report = solve(program(np.array([5.0, 4.0, 6.0]) * size, matrix, [8.0 * size, 1.0 / size]))
    assert report.value == 9.0 * size and report.solution.tolist() == [1.0, 1.0, 0.0]


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"upper": [-1.0, 1.0]}, "lower, upper"),
        ({"upper": [np.nan, 1.0]}, "lower, upper"),
        ({"gain": [np.nan, 1.0]}, "gain"),
        ({"matrix": [[np.inf, 1.0]]}, "entries"),
        ({"row_upper": [1.0, 2.0]}, "row_upper"),
        ({"row_lower": np.array([2.0])}, "row_lower"),
    ],
)
def test_a_program_that_cannot_be_right_is_refused(change, word):
    right = {"gain": [1.0, 2.0], "matrix": [[1.0, 1.0]], "row_upper": [1.0]}
    with pytest.raises(DataError, match=word):
        program(**(right | change))


def test_columns_and_rows_must_exist():
    right = program([1.0, 2.0], [[1.0, 1.0]], [1.0])
    fields = {name: getattr(right, name) for name in right.__slots__}
    for wrong, word in (({"columns": [0, 2]}, "variable"), ({"indptr": [0, 1]}, "follow")):
        with pytest.raises(DataError, match=word):
            MixedIntegerProgram(**(fields | wrong))
    with pytest.raises(SolverFailed, match="twice"):
        solve(MixedIntegerProgram(**(fields | {"columns": [0, 0]})))
    with pytest.raises(DataError, match="time limit"):
        solve(right, time_limit_s=0.0)


def test_a_missing_package_comes_with_its_install_line(monkeypatch):
    monkeypatch.setitem(sys.modules, "highspy", None)
    with pytest.raises(MissingPackage, match="pip install highspy"):
        solve(program([1.0], [[1.0]], [1.0]))


def test_it_refuses_to_live_beside_ortools(monkeypatch):
    monkeypatch.setitem(sys.modules, "ortools", sys)
    with pytest.raises(SolverFailed, match="process of its own"):
        solve(program([1.0], [[1.0]], [1.0]))


def test_planning_imports_without_the_solver():
    line = "import sys; sys.modules['highspy'] = None; import planning.solver"
    subprocess.run([sys.executable, "-c", line], check=True, cwd=ROOT)


def test_nothing_is_said_on_standard_output():
    line = (
        "import sys; sys.path.insert(0, 'tests/test_planning'); from test_solver import *;"
        "print('before'); solve(program([1.0, 2.0], [[1.0, 1.0]], [1.0])); print('after')"
    )
    found = subprocess.run(
        [sys.executable, "-c", line], check=True, capture_output=True, text=True, cwd=ROOT
    )
    assert found.stdout.split() == ["before", "after"]


def test_standard_output_outlives_solvers_in_several_threads():
    code = (
        "import threading, numpy as np\n"
        "from planning.programs import MixedIntegerProgram\n"
        "from planning.solver import solve\n"
        "one = np.ones(1)\n"
        "row = dict(indptr=np.array([0, 1]), columns=np.array([0]), entries=one)\n"
        "asked = MixedIntegerProgram(gain=one, lower=0 * one, upper=one, whole=one > 0,\n"
        "    row_lower=-one, row_upper=one, **row)\n"
        "def work():\n"
        "    for _ in range(60): solve(asked)\n"
        "threads = [threading.Thread(target=work) for _ in range(4)]\n"
        "[t.start() for t in threads]; [t.join() for t in threads]\n"
        "print('still heard')\n"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert run.stdout == "still heard\n", run.stderr
