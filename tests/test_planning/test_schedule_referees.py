"""Do the referees of scheduling agree with one another before they judge others?"""

import pytest

from planning.scheduling.plan import empty_plan
from tests.support.schedules import (
    ALL,
    FEATURES,
    best_by_enumeration,
    breaches,
    checked_value,
    naive_optimum,
    naive_relaxation,
    random_schedule,
)

MIXES = [(), *((feature,) for feature in FEATURES), ALL - {"whole"}, ("whole", "destinations")]


@pytest.mark.parametrize("features", MIXES, ids=lambda mix: "+".join(sorted(mix)) or "cpit")
def test_enumeration_and_program_agree(features):
    for seed in range(2):
        problem = random_schedule(seed, features, n=5)
        best, other = best_by_enumeration(problem), naive_optimum(problem)
        assert (best is None) == (other is None)
        if best is None or other is None:
            continue
        assert best[0] == pytest.approx(other[0], abs=1e-6)
        for plan in (best[1], other[1]):
            assert checked_value(problem, plan) == pytest.approx(best[0], abs=1e-6)
        bound = naive_relaxation(problem)
        assert bound is not None and bound >= best[0] - 1e-7


def test_problems_ask_something_and_breaches_are_seen():
    worth = [naive_optimum(random_schedule(seed, n=8)) for seed in range(4)]
    assert sum(found is not None and found[0] > 0 for found in worth) == 4
    problem = random_schedule(0, ("lower", "general"))
    assert any("general" in rule for rule in breaches(problem, empty_plan(problem)))
