import copy

import pytest

from maps.drawings.results import (
    claimed_verdict,
    flat,
    missing_of_field,
    plants_of_verdict,
    resource_of_field,
    single_model,
    tables_of,
)


def test_competing_models_stand_side_by_side_and_give_no_single_number(summary):
    said = resource_of_field(summary, "konchoch")
    assert "A: 24 Mt at 1.1 % Sb" in said
    assert "B antimony sub-domain: 6.3 Mt at 4.2 % Sb" in said
    assert single_model(summary, "konchoch") == {}


def test_a_field_without_tonnage_is_not_known_and_its_bounding_cases_are_no_resource(summary):
    assert resource_of_field(summary, "jijikrut") == "tonnage not known"
    assert set(single_model(summary, "jijikrut").values()) == {None}
    assert any(key.endswith(".ore_t") for key in missing_of_field(summary, "jijikrut"))


def test_a_field_with_one_model_gives_its_numbers_unrounded(summary):
    one = copy.deepcopy(summary)
    one["grade_tonnage"] = [r for r in one["grade_tonnage"] if r["model"] == "A"]
    assert single_model(one, "konchoch")["ore_t"] == 23.99e6


def test_the_claimed_verdict_is_found_by_its_reading(summary):
    verdict = claimed_verdict(summary)
    assert verdict is not None and verdict["holds"] is False
    assert claimed_verdict({**summary, "scenarios": []}) is None


def test_the_verdict_belongs_to_the_plant_of_the_plan(summary):
    plants = [{"id": "anzob", "name": "Anzob plant"}, {"id": "konchoch_mill", "name": "Mill"}]
    assert plants_of_verdict(summary, plants) == {0}
    assert plants_of_verdict({**summary, "verdict": None}, plants) == set()


def test_a_quantity_becomes_four_columns_and_unknown_stays_null():
    cells = flat({"ore_t": {"value": 1.0, "p10": None, "p50": 2.0, "p90": 3.0}, "missing": ["a"]})
    assert cells["ore_t"] == 1.0
    assert cells["ore_t_p10"] is None
    assert cells["ore_t_p90"] == 3.0
    assert cells["missing"] == "a"


def test_tables_hold_every_row_and_no_unknown_becomes_zero(summary):
    tables = {table.name: table for table in tables_of(summary)}
    assert set(tables) == {
        *("grade_tonnage", "statements", "verdict_tests", "scenarios", "claims", "sources")
    }
    rows = tables["grade_tonnage"].rows
    assert len(rows) == len(summary["grade_tonnage"])
    unknown = rows[(rows["field"] == "jijikrut") & (rows["role"] == "model")]
    assert unknown["ore_t"].isna().all()
    assert len(tables["verdict_tests"].rows) == 6


def test_the_sum_of_a_column_is_the_sum_of_the_summary(summary):
    table = next(t for t in tables_of(summary) if t.name == "grade_tonnage")
    expected = sum(r["ore_t"]["value"] or 0.0 for r in summary["grade_tonnage"])
    assert table.rows["ore_t"].sum() == pytest.approx(expected, rel=1e-12)


def test_a_mixed_column_becomes_text_and_flags_stay_flags(summary):
    changed = copy.deepcopy(summary)
    changed["claims"][0]["said_by"] = 7
    tables = {table.name: table for table in tables_of(changed)}
    assert tables["claims"].rows["said_by"].iloc[0] == "7"
    assert str(tables["verdict_tests"].rows["passes"].dtype) == "boolean"


def test_a_summary_without_results_has_no_tables():
    assert tables_of({"study": {}, "fields": []}) == ()
