"""Does the summary ask the plan backwards of the ore it has and of each bounding case?"""

import pytest
from support.studies import NORTH, TABLES, write_study

from deposits.study import read_study
from planning.summary import summarise
from planning.workflow import load

BOUND = NORTH | {
    "statement_id": "N-BOUND", "role": "bounding", "ore_t": "2000000", "source": "bulletin 1999",
}  # fmt: skip
MORE = (
    'concentrate_design_t_per_year = { value = 5000, source = "brochure 2019" }\n'
    '[scenario.bound]\ntitle = "All of it"\n[scenario.bound.fields.north]\n'
    'bounding_case = "N-BOUND"\n'
    '[scenario.again]\nbased_on = "fast"\n[scenario.again.fields.north]\n'
    'bounding_case = "N-BOUND"\n'
    "[scenario.fast.plan]\nthroughput_t_per_year = 120000\n"
)


@pytest.fixture
def inverse(tmp_path):
    study = read_study(write_study(tmp_path, NORTH, BOUND, more=MORE), TABLES).or_raise()
    found = load(study).or_raise()
    return summarise(found.study, found.ground, found.inputs)["inverse"]


def test_the_usual_rate_is_asked_of_the_plans_ore_and_of_each_bounding_case(inverse):
    asked = [row for row in inverse if "What rate does a deposit" in row["question"]]
    assert [row["question"].split("size ")[1] for row in asked] == [
        "usually answer to?", "usually answer to (All of it)?",
    ]  # fmt: skip
    own, bound = asked
    assert own["low"] < bound["low"] and own["unit"] == "t/yr"
    assert "report 2024" in own["sources"] and "bulletin 1999" in bound["sources"]


def test_the_design_is_asked_for_its_head_grade_and_names_its_source(inverse):
    row = next(row for row in inverse if "designed for" in row["question"])
    assert row["value"] == pytest.approx(5_000 * 50 / (200_000 * 0.9))
    assert row["sources"] == ["brochure 2019", "the study file"]
    assert all("sources" in row for row in inverse)
