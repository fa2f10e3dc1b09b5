"""Does what is written for MineLib read back the same, and never stand half written?"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.minelib import BLOCKS, PROBLEMS, instance

from planning.formats.minelib import read_instance, read_problem
from planning.formats.minelib_model import read_blocks
from planning.formats.minelib_solutions import read_solution
from planning.formats.minelib_writing import (
    write_blocks,
    write_precedence,
    write_problem,
    write_solution,
)
from planning.limits.minelib_problem import (
    MineLibProblem,
    MineLibSolution,
    ResourceUse,
    SideConstraints,
    no_side_constraints,
    no_use,
    pit_solution,
)
from planning.limits.precedence import arc_precedence

NUMBERS = st.floats(allow_nan=False, allow_infinity=False, width=64)
RATES = st.floats(-0.5, 5.0)


def bits(problem):
    """Return every number of a problem, to the last bit."""
    use, side = problem.use, problem.general
    arrays = (
        problem.objective, problem.precedence.indptr, problem.precedence.indices, problem.lower,
        problem.upper, use.block, use.destination, use.resource, use.amount, side.block,
        side.destination, side.period, side.constraint, side.amount, side.lower, side.upper,
    )  # fmt: skip
    head = (problem.name, problem.kind, problem.n_periods, problem.discount_rate)
    return head, [(a + 0.0).tolist() for a in arrays]


def written(folder, problem):
    write_problem(folder / f"a.{problem.kind}", problem)
    write_precedence(folder / "a.prec", problem.precedence)
    checked = read_problem(folder / f"a.{problem.kind}", folder / "a.prec", problem.kind)
    assert not checked.errors
    return checked.value


@pytest.mark.parametrize("kind", PROBLEMS)
def test_a_problem_reads_back_the_same(tmp_path, kind):
    problem = read_instance(instance(tmp_path), kind).or_raise()
    assert bits(written(tmp_path, problem)) == bits(problem)


@st.composite
def problems(draw):
    n, d, r, t, j = (draw(st.integers(1, 4)) for _ in range(5))
    pairs = [(b, p) for b in range(n) for p in range(b)]
    arcs = draw(st.lists(st.sampled_from(pairs), unique=True)) if pairs else []
    cells = [(b, e, k) for b in range(n) for e in range(d) for k in range(r)]
    used = draw(st.lists(st.sampled_from(cells), unique=True))
    places = [(b, e, p, i) for b in range(n) for e in range(d) for p in range(t) for i in range(j)]
    sides = draw(st.lists(st.sampled_from(places), unique=True, max_size=9))

    def numbers(count):
        return np.array([draw(NUMBERS) for _ in range(count)], dtype=np.float64)

    def limits(*shape):
        ends = np.sort(numbers(2 * int(np.prod(shape))).reshape(*shape, 2), axis=-1)
        open_ends = np.array([draw(st.booleans()) for _ in range(ends.size)]).reshape(ends.shape)
        lower = np.where(open_ends[..., 0], -np.inf, ends[..., 0])
        return lower, np.where(open_ends[..., 1], np.inf, ends[..., 1])

    def ids(rows, width):
        return [np.array([row[i] for row in rows], dtype=np.int64) for i in range(width)]

    lower, upper = limits(r, t)
    side_limits = limits(j)
    name = draw(st.text("ab-. 1", min_size=1).map(lambda s: " ".join(s.split())).filter(bool))
    rate, values = draw(RATES), numbers(n * d).reshape(n, d)
    use = ResourceUse(*ids(used, 3), numbers(len(used)))
    general = SideConstraints(*ids(sides, 4), numbers(len(sides)), *side_limits)
    # Put together in the test: checking arcs compiles code, which is no part of drawing.
    return lambda: MineLibProblem(
        name=name,
        kind="pcpsp",
        objective=values,
        precedence=arc_precedence(n, [a[0] for a in arcs], [a[1] for a in arcs]),
        n_periods=t,
        discount_rate=rate,
        use=use,
        lower=lower,
        upper=upper,
        general=general,
    )


@settings(max_examples=60, deadline=None)
@given(made=problems())
def test_any_problem_reads_back_to_the_last_bit(tmp_path_factory, made):
    problem = made()
    assert bits(written(tmp_path_factory.mktemp("trip"), problem)) == bits(problem)


def test_a_upit_needs_no_limits(tmp_path):
    none = np.zeros((0, 1))
    arcs = arc_precedence(2, [1], [0])
    values = np.array([[-1.0], [0.1]])
    problem = MineLibProblem(
        "x", "upit", values, arcs, 1, 0.0, no_use(), none, none, no_side_constraints()
    )
    assert bits(written(tmp_path, problem)) == bits(problem)
    assert "LIMITS" not in (tmp_path / "a.upit").read_text()


def test_a_name_that_would_not_read_back_is_refused(tmp_path):
    problem = read_instance(instance(tmp_path), "upit").or_raise()
    for name in ("a%b", "a\nb", "a:b", "a  b", "\u0410"):
        odd = MineLibProblem(
            name, "upit", problem.objective, problem.precedence, 1, 0.0, problem.use,
            problem.lower, problem.upper, problem.general,
        )  # fmt: skip
        with pytest.raises(ValueError, match="cannot stand in a MineLib file"):
            write_problem(tmp_path / "odd.upit", odd)
    assert not list(tmp_path.glob("*odd*"))


def test_solutions_read_back_the_same(tmp_path):
    path = tmp_path / "a.sol"
    write_solution(path, pit_solution(np.array([True, False, True])))
    assert path.read_text() == "0\n2\n"
    assert read_solution(path, "upit").or_raise().block.tolist() == [0, 2]
    block, destination = np.array([4, 4, 0]), np.array([0, 1, 1])
    period, fraction = np.array([0, 0, 19]), np.array([1 / 3, 0.1, 1.0])
    write_solution(path, MineLibSolution("pcpsp", block, destination, period, fraction))
    found = read_solution(path, "pcpsp").or_raise()
    assert found.block.tolist() == [4, 4, 0]
    assert found.destination.tolist() == [0, 1, 1]
    assert found.period.tolist() == [0, 0, 19]
    assert found.fraction.tolist() == fraction.tolist()


def test_blocks_read_back_the_same(tmp_path):
    blocks = read_blocks(instance(tmp_path) / "tiny.blocks").or_raise()
    write_blocks(tmp_path / "again.blocks", blocks)
    assert (tmp_path / "again.blocks").read_text() == BLOCKS
    assert read_blocks(tmp_path / "again.blocks").or_raise().table.equals(blocks.table)
    odd = blocks.table.assign(f2=["a b"] * 5)
    with pytest.raises(ValueError, match=r"cannot stand in a \.blocks file"):
        write_blocks(tmp_path / "odd.blocks", type(blocks)(odd))


def test_an_interrupted_file_leaves_nothing_under_its_name(tmp_path):
    solution = MineLibSolution("cpit", np.arange(3), np.zeros(3, int), np.zeros(3, int), np.ones(2))
    with pytest.raises(ValueError, match="shorter"):
        write_solution(tmp_path / "a.sol", solution)
    assert list(tmp_path.iterdir()) == []
