"""Does the summary show every input with its source, and nothing that JSON cannot hold?"""

import json

from support.block_values import CURVES, terms

from planning.economics.block_facts import cutoff_row, economics_summary, input_rows
from planning.economics.cutoffs import Beside, cutoffs
from planning.economics.lane import lane_policy
from planning.economics.lane_rates import LaneTerms, linear_table

BESIDE = {"hg_pct": Beside(0.0, 0.012)}


def summary(own, policy=None):
    return economics_summary(own, cutoffs(own, BESIDE), policy)


def test_the_summary_is_json_with_a_row_an_input():
    own = terms({"value": CURVES})
    policy = lane_policy(linear_table([0, 1, 2], [5, 5], 20, 1, "x"), LaneTerms(0, 1, 1, 0.1, 1))
    found = summary(own, policy)
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    assert [row["key"] for row in found["rows"]] == [s.key for s in own.statements]
    assert set(found["rows"][0]) == {"key", "label", "value", "unit", "kind", "source"}
    assert found["cutoffs"][0]["name"] == "marginal (mill)"
    assert found["lane"]["years"][0]["year"] == 1
    assert found["missing"] == []


def test_a_grade_that_no_ore_reaches_is_none_in_json():
    own = terms().with_prices(0.0)
    found = summary(own)
    assert {row["sb_pct"] for row in found["cutoffs"]} == {None}
    json.dumps(found, allow_nan=False)
    assert "no ore" in cutoff_row(cutoffs(own, BESIDE).rows[0])["meaning"]


def test_prices_of_a_scenario_are_shown_with_their_factor_and_costs_as_they_are():
    rows = {row["key"]: row for row in input_rows(terms().with_prices(1.2))}
    plain = {row["key"]: row for row in input_rows(terms())}
    changed = {key for key in rows if rows[key] != plain[key]}
    assert changed == {"economics.sb_price", "economics.au_price"}
    assert rows["economics.sb_price"]["value"] == 30_000.0
    assert rows["economics.sb_price"]["source"].startswith("25,000 x 1.2 (price scenario)")


def test_notes_say_what_is_left_out_and_what_the_grades_rest_on():
    notes = " ".join(summary(terms(None, "economics.au_price"))["notes"])
    assert "Gold is not counted; missing: economics.au_price." in notes
    assert "No limit of rejection is known for As." in notes
    assert "% Hg = 0 + 0.012 x % Sb" in notes
    assert "inputs are assumed" in notes
    assert "Gold is not counted" not in " ".join(summary(terms())["notes"])


def test_what_is_missing_is_listed():
    own = terms(None, "value.moisture_fraction")
    found = summary(own)
    assert found["missing"] == ["value.moisture_fraction"]
    assert all("value.moisture_fraction" in row["missing"] for row in found["cutoffs"])
