"""Is what is wrong with a study said once, and what is wrong with a scenario under its name?"""

from support.studies import TABLES, write_study

from deposits.study import read_study
from planning.workflow import check_scenarios, load

SCENARIOS = (
    "[scenario.a.plan]\nhorizon_years = 5\n"
    "[scenario.b.plan]\nmost_dilution_fraction = { low = 0.1, high = 0.3 }\n"
)


def test_a_scenario_does_not_repeat_what_is_wrong_with_the_study(tmp_path):
    study = read_study(write_study(tmp_path, rate=700, more=SCENARIOS), TABLES).or_raise()
    said = [str(p) for p in load(study).problems if "throughput is very small" in str(p)]
    assert len(said) == 1 and "scenario" not in said[0]
    alone = [str(p) for p in check_scenarios(study) if "throughput is very small" in str(p)]
    assert len(alone) == 2 and all("scenario." in text for text in alone)


def test_what_only_a_scenario_does_is_said_under_its_name(tmp_path):
    study = read_study(write_study(tmp_path, more=SCENARIOS), TABLES).or_raise()
    (problem,) = [p for p in load(study).problems if "is not drawn" in str(p)]
    assert "key scenario.b.plan.most_dilution_fraction" in problem.place
