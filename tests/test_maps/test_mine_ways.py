"""Two ways to mine the same ore: which is planned, and what each is worth on one basis."""

import copy
import re

import pytest
from support import example_mine, example_plan

from maps.drawings import mine_panel
from maps.drawings.mine_ways import discounted, ways
from maps.languages import translator


@pytest.fixture
def told():
    found = {**copy.deepcopy(example_mine.summary()), "plan": example_plan.plan("stopes")}
    found["mine"]["pit"]["plan"]["discounting"] = "mid_year"
    return found


def worth(sentence):
    return [float(found) for found in re.findall(r"([\d.]+) million USD", sentence)]


def front(told):
    return re.sub(r"<[^>]+>", " ", mine_panel.front(told))


@pytest.mark.parametrize(
    ("planned", "dug", "more"),
    [(785.0e6, 504.0e6, "the stopes are worth more"), (3e8, 504e6, "the open pit is worth more")],
)
def test_the_worth_that_is_larger_discounted_is_named(told, planned, dug, more):
    told["plan"]["npv_usd"], told["mine"]["pit"]["plan"]["npv_usd"] = planned, dug
    which, compared, rule = ways(told)
    assert which.endswith("the plan schedules the stopes.")
    assert compared.endswith(f"discounted, {more}.") and "at 10 % a year (mid year)" in compared
    assert worth(compared) == [planned / 1e6, dug / 1e6]
    best = max(row["best_npv_usd"] for row in told["mine"]["pit"]["shells"])
    assert worth(rule) == [pytest.approx(best / 1e6, rel=5e-3)]
    assert discounted(told) == {"stopes": planned, "pit": dug}


@pytest.mark.parametrize("key, other", [("discount_rate", 0.08), ("discounting", "end_of_year")])
def test_worths_on_two_bases_are_not_compared(told, key, other):
    told["mine"]["pit"]["plan"][key] = other
    said = " ".join(ways(told))
    assert "two bases and are not compared" in said and "worth more" not in said


def test_what_is_not_known_discounted_is_said(told):
    pit_planned = {**told, "plan": {**told["plan"], "of": "pit"}}
    said = " ".join(ways(pit_planned))
    assert "the plan schedules the open pit" in said
    assert "what the stopes would be worth discounted is not known" in said
    assert discounted(pit_planned) == {"pit": told["plan"]["npv_usd"]}
    told["mine"]["pit"]["plan"] = None
    assert "what the open pit would be worth" in " ".join(ways(told))
    neither = " ".join(ways({**told, "plan": None}))
    assert "no plan schedules either" in neither and "either is worth discounted" in neither


def test_one_way_to_mine_is_compared_with_nothing(told):
    told["mine"]["pit"] = None
    assert ways(told) == [] and "two ways to mine the same ore; the" not in front(told)


def test_the_front_says_it_before_the_table_that_is_not_discounted(told):
    said = front(told)
    first = " ".join(ways(told)[0].split())
    assert said.index(first) < said.index("not discounted")
    assert said.count("discounted: ") == 2


def test_every_sentence_has_its_russian(told):
    say = translator("ru")
    told["mine"]["pit"]["plan"]["npv_usd"] = 2e9
    cases = [told, {**told, "plan": None}, {**told, "plan": {**told["plan"], "of": "pit"}}]
    cases.append({**told, "plan": {**told["plan"], "discount_rate": 0.08}})
    cases.append({**told, "plan": {**told["plan"], "npv_usd": 3e9}})
    for line in [line for case in cases for line in ways(case)]:
        assert not re.search("[a-z]{3}", say(line)), line
