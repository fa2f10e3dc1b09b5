"""Is the relaxation the whole linear program's optimum, its bound safe, its prices right?"""

from dataclasses import replace

import numpy as np
import pytest
from support.reference import reference
from support.schedules import ALL, FEATURES, naive_relaxation, random_schedule

from deposits.errors import DataError
from planning.formats.minelib import read_instance
from planning.formats.minelib_solutions import read_solution
from planning.limits.precedence import arc_precedence
from planning.scheduling.calendar import equal_years
from planning.scheduling.from_minelib import schedule_problem
from planning.scheduling.limits import make_limits
from planning.scheduling.problem import ActivityUse, Flows, ScheduleProblem, no_flows
from planning.scheduling.reduction import reduce_problem
from planning.scheduling.relaxation import relax

#: Value of the linear program; the published ones of the last two are 1e-5 lower.
LINEAR = {
    ("newman1", "cpit"): 24_486_184.09,
    ("newman1", "pcpsp"): 24_486_549.02,
    ("zuck_small", "cpit"): 854_190_256.0,
    ("marvin", "cpit"): 863_934_505.1,
}


def used(problem: ScheduleProblem, fraction: np.ndarray, flow: np.ndarray) -> np.ndarray:
    """Add up the use of every limit by plain loops."""
    total = np.zeros(problem.upper.shape)
    use, flows = problem.use, problem.flows
    for a, d, r, amount in zip(
        use.activity, use.destination, use.resource, use.amount, strict=True
    ):
        total[r] += amount * fraction[a, d]
    for f, r, amount in zip(flows.flow, flows.resource, flows.amount, strict=True):
        total[r] += amount * flow[f]
    total[problem.cumulative] = np.cumsum(total[problem.cumulative], axis=1)
    return total


def check_plan(problem: ScheduleProblem, found) -> None:
    """The fractional plan keeps every rule, to the solver's tolerance."""
    period = np.arange(problem.n_periods)
    outside = (period < problem.first[:, None]) | (period > problem.last[:, None])
    assert not found.fraction.sum(axis=1)[outside].any()
    assert not found.fraction[~problem.allowed].any()
    assert (found.fraction >= 0).all() and (found.fraction.sum(axis=(1, 2)) <= 1 + 1e-9).all()
    total = used(problem, found.fraction, found.flow)
    assert (total <= problem.upper + 1e-6).all() and (total >= problem.lower - 1e-6).all()
    done, latest, indptr = found.done(), problem.latest(), problem.precedence.indptr
    for a in range(problem.n_activities):
        for arc in range(indptr[a], indptr[a + 1]):
            before = done[problem.precedence.indices[arc]]
            for t, by in enumerate(latest[problem.span_class[arc]]):
                assert done[a, t] <= (before[by] if by >= 0 else 0.0) + 1e-8


def check(problem: ScheduleProblem, **options) -> None:
    """Compare with the linear program written down whole."""
    best, found = naive_relaxation(problem), relax(problem, **options)
    if best is None:
        assert found.status == "infeasible" and found.collisions
        return
    assert found.status == "converged"
    assert found.value == pytest.approx(best, rel=1.01e-6, abs=1e-6)
    assert found.bound >= best - 1e-9 * (1 + abs(best))
    assert found.bound - found.value <= 1e-6 * abs(found.bound) + 1e-9
    check_plan(problem, found)


@pytest.mark.parametrize("feature", ["none", *FEATURES, "all"])
def test_the_whole_linear_program_has_the_same_optimum(feature):
    features = {"none": frozenset(), "all": ALL}.get(feature, frozenset({feature}))
    for seed in range(4):
        check(random_schedule(seed, features, n=14, t=4))


@pytest.mark.parametrize("seed", range(12))
def test_features_together(seed):
    rng = np.random.default_rng(seed)
    chosen = frozenset(f for f in FEATURES if rng.uniform() < 0.5)
    n, t = int(rng.integers(5, 50)), int(rng.integers(2, 8))
    check(random_schedule(seed, chosen, n=n, t=t))


@pytest.mark.reference
@pytest.mark.parametrize(("name", "kind"), sorted(LINEAR))
def test_published_linear_programs(name, kind):
    folder = reference(f"minelib/{name}")
    instance = read_instance(folder, kind).value
    found = relax(schedule_problem(instance))
    assert found.status == "converged"
    assert found.bound == pytest.approx(LINEAR[name, kind], rel=1e-6)
    assert found.value == pytest.approx(LINEAR[name, kind], rel=1e-6)
    # The official fractional plan is worth no more than our bound, and little less than our plan.
    official = read_solution(folder / f"{name}.LP{kind}", kind).value
    money = instance.objective[official.block, official.destination] * official.fraction
    worth = float((money * instance.discount_factors()[official.period]).sum())
    assert worth <= found.bound * (1 + 1e-9) + 10
    assert worth == pytest.approx(found.value, rel=1e-4)


def test_prices_say_what_a_little_more_of_a_limit_is_worth():
    problem = random_schedule(3, ("destinations",), n=40, t=4)
    found = relax(problem, within=1e-12)
    bound_rows = 0
    for r, t in np.argwhere(found.prices > 1e-6).tolist():
        upper, step = problem.upper.copy(), 1e-4
        upper[r, t] += step
        more = relax(replace(problem, upper=upper), within=1e-12)
        upper[r, t] -= 2 * step
        less = relax(replace(problem, upper=upper), within=1e-12)
        # A degenerate price lies between the gain of more and the loss of less.
        gain, loss = (more.value - found.value) / step, (found.value - less.value) / step
        assert gain - 1e-4 <= found.prices[r, t] <= loss + 1e-4
        bound_rows += 1
    assert bound_rows >= 3


def test_any_prices_bound_every_plan():
    problem = random_schedule(8, ("destinations", "lower", "flows", "spans"), n=20, t=4)
    best = naive_relaxation(problem)
    bounds = []
    relax(problem, within=1e-9, say=lambda report: bounds.append(report.bound))
    known = [bound for bound in bounds if bound is not None]
    assert known and all(bound >= best - 1e-9 * abs(best) for bound in known)


def small(lower, upper, first=None, cumulative=False) -> ScheduleProblem:
    """Return three activities of 3 t, one after the other, in two periods."""
    base = random_schedule(0, (), n=3, t=2)
    use = ActivityUse(np.arange(3), np.zeros(3, int), np.zeros(3, int), np.full(3, 3.0))
    return replace(base, use=use, lower=np.array([lower]), upper=np.array([upper]),
                   cumulative=np.array([cumulative]), first=first or base.first)  # fmt: skip


def test_limits_that_collide_are_named_with_what_is_missing():
    found = relax(small([2.0, 10.0], [4.0, 20.0]))
    assert found.status == "infeasible" and found.value == -np.inf
    assert not found.fraction.any()
    # 9 t in all: 2 t are due first, so that the second period lacks 3 of its 10 t.
    (collision,) = found.collisions
    assert (collision.resource, collision.period, collision.side) == (0, 1, "lower")
    assert collision.missing == pytest.approx(3.0)
    problem = small([2.0, 10.0], [4.0, 20.0])
    words = collision.sentence(problem)
    assert "resource 0 in period 2" in words and "3" in words and "lower limit of 10" in words
    eased = small([2.0, 7.0], [4.0, 20.0])
    assert relax(eased).status == "converged"


@pytest.mark.parametrize("seed", range(6))
def test_limits_eased_by_what_is_missing_collide_no_more(seed):
    problem = random_schedule(seed, ("lower", "signed", "windows", "spans"), n=10, t=4)
    problem = replace(problem, lower=np.minimum(problem.lower * 4, problem.upper))
    found = relax(problem)
    assert (found.status == "infeasible") == (naive_relaxation(problem) is None)
    lower, upper = problem.lower.copy(), problem.upper.copy()
    for collision in found.collisions:
        place = collision.resource, collision.period
        side, sign = (lower, -1.0) if collision.side == "lower" else (upper, 1.0)
        side[place] += sign * (collision.missing + 1e-6)
    assert naive_relaxation(replace(problem, lower=lower, upper=upper)) is not None


@pytest.mark.parametrize("features", [(), ("destinations", "flows"), ("lower", "spans", "windows")])
def test_an_earlier_answer_serves_other_values_limits_and_windows(features):
    problem = random_schedule(11, features, n=60, t=5)
    first = relax(problem)
    rng = np.random.default_rng(0)
    worth = problem.value + np.round(rng.uniform(-0.3, 0.3, problem.value.shape), 2)
    others = [
        problem,
        replace(problem, value=worth),
        replace(problem, upper=1.1 * problem.upper),
        replace(problem, first=np.minimum(problem.first + (rng.uniform(size=60) < 0.2), 4)),
    ]
    for other in others:
        check(other, start=first)
    assert relax(problem, start=first).iterations <= first.iterations


def test_an_answer_to_another_problem_is_no_start():
    problem, other = random_schedule(1, (), n=9, t=3), random_schedule(1, (), n=12, t=4)
    check(problem, start=relax(other))


def test_equal_problems_get_equal_answers():
    problem = random_schedule(5, ALL - {"whole"}, n=40, t=5)
    one, two = relax(problem), relax(problem)
    np.testing.assert_array_equal(one.fraction, two.fraction)
    np.testing.assert_array_equal(one.prices, two.prices)
    assert (one.value, one.bound, one.iterations) == (two.value, two.bound, two.iterations)


def test_without_limits_everything_worth_doing_is_done_at_once():
    problem = random_schedule(2, (), n=30, t=3)
    none = ActivityUse(*(np.zeros(0, int),) * 3, np.zeros(0))
    free = replace(problem, use=none, lower=np.zeros((0, 3)), upper=np.zeros((0, 3)),
                   cumulative=np.zeros(0, bool))  # fmt: skip
    check(free)
    found = relax(free)
    assert not found.fraction[:, :, 1:].any() and set(np.unique(found.fraction)) <= {0.0, 1.0}


def test_a_flow_that_earns_without_limit_is_refused():
    problem = random_schedule(0, (), n=4, t=2)
    nothing = np.zeros(0, int)
    flows = Flows(("tap",), np.ones((1, 2)), np.full((1, 2), np.inf), nothing, nothing, np.zeros(0))
    with pytest.raises(DataError, match="flow brings money without any limit"):
        relax(replace(problem, flows=flows))
    assert relax(replace(problem, flows=no_flows(2))).status == "converged"


def test_an_unbounded_flow_is_bounded_by_what_it_uses():
    problem = random_schedule(4, ("flows",), n=25, t=4)
    flows = replace(problem.flows, most=np.full(problem.flows.most.shape, np.inf))
    check(replace(problem, flows=flows))


@pytest.mark.parametrize("option", [{"within": 0.0}, {"within": np.nan}, {"time_limit_s": 0.0}])
def test_numbers_out_of_their_range_are_refused(option):
    with pytest.raises(DataError):
        relax(random_schedule(0), **option)


def test_what_is_known_when_time_is_up_holds():
    problem = random_schedule(9, ("destinations", "cumulative"), n=60, t=6)
    best = naive_relaxation(problem)
    found = relax(problem, time_limit_s=1e-9)
    assert found.status == "feasible" and found.value <= best <= found.bound
    check_plan(problem, found)


def test_ctrl_c_keeps_what_is_known():
    problem = random_schedule(3, ("destinations", "cumulative"), n=60, t=6)

    def stop(_report):
        raise KeyboardInterrupt

    found = relax(problem, within=1e-12, say=stop)
    assert found.interrupted
    assert found.value <= naive_relaxation(problem) * (1 + 1e-9) <= found.bound * (1 + 2e-9)
    check_plan(problem, found)


@pytest.mark.parametrize(
    ("seed", "features", "n", "t"),
    [(934491, ("calendar", "flows", "lower", "signed"), 60, 8),
     (231528, ALL - {"signed", "spans"} - {"windows"}, 8, 2),
     (282533, ALL, 8, 5)],
)  # fmt: skip
def test_what_rounding_leaves_in_a_row_is_no_limit(seed, features, n, t):
    # Parts of these classes cancel to 1e-16 in rows that limit nothing else.
    check(random_schedule(seed, frozenset(features), n=n, t=t))


@pytest.mark.parametrize(
    ("seed", "features", "n", "t"),
    [(74, (), 37, 6), (4, ("cumulative",), 22, 5), (50, ("signed",), 22, 7),
     (192, ("calendar", "cumulative"), 45, 7)],
)  # fmt: skip
def test_without_interest_and_with_a_plant_that_closes(seed, features, n, t):
    # All periods are worth the same, and nothing is fed in the last ones.
    problem = random_schedule(seed, ("destinations", *features), n=n, t=t)
    upper = problem.upper.copy()
    upper[1, -2:] = 0.0
    calendar = replace(problem.calendar, discount_rate=0.0)
    problem = replace(problem, upper=upper, calendar=calendar)
    found, best = relax(problem), naive_relaxation(problem)
    assert best is not None and best > 1.0
    assert found.value == pytest.approx(best, rel=1e-6)
    assert found.bound == pytest.approx(best, rel=1e-6)
    check(problem)


def chain(spans: list[float]) -> ScheduleProblem:
    """Return 1 after 0, 2 after 1, and 2 after 0, with a span [years] for each."""
    base = random_schedule(0, (), n=3, t=5)
    arcs = arc_precedence(3, [1, 2, 2], [0, 0, 1])
    return replace(base, precedence=arcs, span_class=np.array([0, 2, 1]),
                   spans_years=np.array(spans), value=np.array([[-1.0], [-1.0], [9.0]]),
                   upper=np.full(base.upper.shape, np.inf))  # fmt: skip


def test_an_arc_is_left_out_only_where_two_others_ask_as_much():
    assert len(reduce_problem(chain([0.0, 0.0, 0.0])).indices) == 2
    assert len(reduce_problem(chain([2.0, 2.0, 2.5])).indices) == 2
    # Two years each way let 2 follow 0 after two periods; the direct arc asks for three.
    assert len(reduce_problem(chain([2.0, 2.0, 4.0])).indices) == 3
    for spans in ([0.0, 0.0, 0.0], [2.0, 2.0, 2.5], [2.0, 2.0, 4.0]):
        check(chain(spans))


def test_what_no_good_plan_needs_is_left_out():
    problem = replace(chain([0.0, 0.0, 0.0]), value=np.array([[1.0], [-3.0], [-1.0]]))
    assert reduce_problem(problem).kept.tolist() == [0]
    # A lower limit that 1 may help to keep, a use that gives, or money that gains by waiting.
    use = ActivityUse(np.array([1]), np.zeros(1, int), np.zeros(1, int), np.ones(1))
    none, t = np.full((1, 5), np.inf), np.zeros(1, dtype=np.bool_)
    limited = replace(problem, use=use, lower=-none, upper=none, cumulative=t)
    assert reduce_problem(limited).kept.tolist() == [0]
    asked = replace(limited, lower=np.full((1, 5), 0.1))
    assert sorted(reduce_problem(asked).kept.tolist()) == [0, 1]
    gives = replace(use, amount=-np.ones(1))
    given = replace(limited, use=gives, upper=np.ones((1, 5)))
    assert sorted(reduce_problem(given).kept.tolist()) == [0, 1]
    late = replace(limited, calendar=equal_years(5, -0.1, "end_of_year"))
    assert sorted(reduce_problem(late).kept.tolist()) == [0, 1, 2]
    shut = replace(late, first=np.array([5, 0, 0]))
    assert not reduce_problem(shut).kept.size


def test_what_bounds_a_flow_that_states_no_most():
    problem = random_schedule(4, ("flows",), n=25, t=4)
    flows = replace(problem.flows, most=np.full(problem.flows.most.shape, np.inf))
    pile = problem.n_resources - 1
    all_piled = problem.use.amount[problem.use.resource == pile].sum()
    room = np.minimum(problem.upper[1], all_piled)
    np.testing.assert_allclose(make_limits(replace(problem, flows=flows)).most[0], room, rtol=1e-8)
