"""Does a wrong study file say what is wrong, where, and what was meant?"""

import pytest

from deposits.config import DepositConfig, read_config
from deposits.errors import ConfigError
from deposits.study import StudyFile, apply_scenario, flatten, merge, read_study, validate

GOOD = """
[study]
name = "x"
crs = "EPSG:32642"
extent = { west = 67, south = 38, east = 70, north = 40 }
[evidence]
statements = "s.csv"
[fields.a]
name = "A"
"""
TABLES = ("study", "evidence", "fields", "layers", "plan", "scenario")


def study_of(tmp_path, text):
    path = tmp_path / "study.toml"
    path.write_text(text, "utf-8")
    return read_study(path, TABLES)


def config_problems(tmp_path, text):
    return [str(p) for p in read_config(study_of(tmp_path, text).or_raise()).problems]


def test_a_sound_study_has_no_problem(tmp_path):
    config = read_config(study_of(tmp_path, GOOD).or_raise())
    assert not config.problems
    assert config.or_raise().fields["a"].name == "A"


def test_a_misspelt_table_and_a_misspelt_key_are_both_found(tmp_path):
    text = GOOD.replace("[fields.a]", "[field.a]").replace("statements =", "statments =")
    study = study_of(tmp_path, text)
    assert 'Did you mean "fields"?' in str(study.problems[0])
    found = [str(p) for p in read_config(study.value).problems]
    assert any('evidence.statments: unknown key. Did you mean "statements"?' in f for f in found)
    assert any("evidence.statements: the key is missing" in f for f in found)
    assert any("key fields: the key is missing" in f for f in found)


def test_a_misspelt_nested_key_suggests_the_right_one(tmp_path):
    text = GOOD + "[fields.a.grade_law]\nselection_unit = 5\ncv_at_selection_unit = 1\n"
    found = config_problems(tmp_path, text)
    assert any('selection_unit: unknown key. Did you mean "selection_unit_t"?' in f for f in found)


def test_a_per_cent_given_as_a_fraction_is_a_warning(tmp_path):
    found = config_problems(tmp_path, GOOD + "head_grade_sb_pct = 0.025\n")
    assert len(found) == 1
    assert "fraction" in found[0]


def test_a_grade_above_stibnite_says_what_is_allowed(tmp_path):
    (found,) = config_problems(tmp_path, GOOD + "head_grade_sb_pct = 72\n")
    assert "found 72; allowed 0 to 71.7 % Sb" in found


def test_a_text_where_a_number_belongs_is_refused(tmp_path):
    (found,) = config_problems(tmp_path, GOOD + 'head_grade_sb_pct = "2.5"\n')
    assert "fields.a.head_grade_sb_pct" in found


@pytest.mark.parametrize("crs", ["EPSG:99999999", "EPSG:4326", "nonsense"])
def test_a_crs_that_is_unknown_or_in_degrees_is_refused(tmp_path, crs):
    (found,) = config_problems(tmp_path, GOOD.replace("EPSG:32642", crs))
    assert "study.crs" in found


def test_an_extent_the_wrong_way_round_is_refused(tmp_path):
    (found,) = config_problems(tmp_path, GOOD.replace("west = 67", "west = 71"))
    assert "west must be below east" in found


def test_toml_that_is_not_sound_is_said_in_one_line(tmp_path):
    problem = study_of(tmp_path, "[study\n").problems[0]
    assert "not sound TOML" in problem.fact


def test_a_folder_and_a_missing_file_have_remedies(tmp_path):
    assert "folder" in read_study(tmp_path, TABLES).problems[0].fact
    assert "anzob new" in read_study(tmp_path / "no.toml", TABLES).problems[0].remedy


def test_a_byte_order_mark_does_not_hurt(tmp_path):
    assert not study_of(tmp_path, "\ufeff" + GOOD).problems


def test_a_number_with_its_source_is_replaced_as_a_whole():
    base = {"plan": {"rate": {"value": 7, "kind": "reported", "source": "paper"}}}
    merged = merge(base, {"plan": {"rate": {"value": 5}}})
    assert merged == {"plan": {"rate": {"value": 5}}}


def test_merging_changes_neither_input():
    base = {"a": {"b": [1]}}
    merge(base, {"a": {"b": [2]}})["a"]["b"].append(3)
    assert base == {"a": {"b": [1]}}


def scenarios(text):
    import tomllib
    from pathlib import Path

    return StudyFile(Path("study.toml"), tomllib.loads(text), "")


def test_a_scenario_stands_on_what_it_is_based_on():
    study = scenarios(
        "[plan]\nrate = 1\nyears = 1\n[scenario.a.plan]\nrate = 2\n"
        '[scenario.b]\nbased_on = "a"\n[scenario.b.plan]\nyears = 3\n'
    )
    assert apply_scenario(study, "b").tree["plan"] == {"rate": 2, "years": 3}
    assert study.tree["plan"] == {"rate": 1, "years": 1}


def test_scenarios_in_a_circle_are_shown():
    study = scenarios('[scenario.a]\nbased_on = "b"\n[scenario.b]\nbased_on = "a"\n')
    with pytest.raises(ConfigError, match="a -> b -> a"):
        apply_scenario(study, "a")


def test_an_unknown_scenario_suggests_the_nearest():
    with pytest.raises(ConfigError, match='Did you mean "larger"'):
        apply_scenario(scenarios("[scenario.larger]\n"), "larg")


def test_leaves_are_listed_under_dotted_keys():
    tree = {"plan": {"rate": {"value": 1, "source": "s"}, "years": 3}}
    assert flatten(tree) == {"plan.rate": {"value": 1, "source": "s"}, "plan.years": 3}


def test_an_empty_table_misses_everything_it_needs():
    keys = {p.place.split("key ")[1] for p in validate(DepositConfig, {}, "", file="f").problems}
    assert keys == {"study", "evidence", "fields"}


@pytest.mark.parametrize(
    ("crs", "said"), [("EPSG:2263", "not in metres"), ("EPSG:32618", "another part of the world")]
)
def test_a_crs_in_feet_or_for_elsewhere_is_refused(tmp_path, crs, said):
    (found,) = config_problems(tmp_path, GOOD.replace("EPSG:32642", crs))
    assert said in found


def test_errors_come_without_the_warnings_that_would_hide_them():
    from deposits.errors import DataError, Problem

    error, warning = Problem("wrong", "a"), Problem("odd", "b", severity="warning")
    assert str(DataError([warning, error])) == "- a: wrong.\nand 1 warning"
    assert str(DataError([warning, error, warning])) == "- a: wrong.\nand 2 warnings"
    assert str(DataError([warning])) == "- b: odd."


LAW = "[fields.a.grade_law]\nselection_unit_t = 5\nsample_cv = 1\nblock_variance_ratio = {}\n"


@pytest.mark.parametrize("wrong", ["0", "-0.1", "1.01", "nan", "inf"])
def test_a_fraction_is_above_zero_and_at_most_one(tmp_path, wrong):
    (found,) = config_problems(tmp_path, GOOD + LAW.format(wrong))
    assert "key fields.a.grade_law.block_variance_ratio" in found
    assert not config_problems(tmp_path, GOOD + LAW.format("1"))


@pytest.mark.parametrize("key", ["study.extent.west", "evidence.field_correlation"])
def test_numbers_that_are_not_finite_are_refused(tmp_path, key):
    text = GOOD.replace("west = 67", "west = nan") if "west" in key else GOOD.replace(
        "[fields.a]", "field_correlation = nan\n[fields.a]"
    )  # fmt: skip
    (found,) = config_problems(tmp_path, text)
    assert f"key {key}" in found and "finite" in found


@pytest.mark.parametrize(
    ("key", "wrong"),
    [
        ("headline_cvs", "0.5, 0"),
        ("headline_cvs", "10.1"),
        ("headline_cvs", "nan"),
        ("headline_gold_correlations", "-1"),
        ("headline_gold_correlations", "0, 1"),
        ("headline_gold_correlations", "inf"),
    ],
)
def test_a_headline_list_is_checked_entry_by_entry(tmp_path, key, wrong):
    (found,) = config_problems(
        tmp_path, GOOD.replace("[fields.a]", f"{key} = [{wrong}]\n[fields.a]")
    )
    assert f"key evidence.{key}.{wrong.count(',')}" in found


def test_the_ends_of_the_headline_lists_are_allowed(tmp_path):
    lists = "headline_cvs = [0.01, 10]\nheadline_gold_correlations = [-0.99, 0.99]\n"
    assert not config_problems(tmp_path, GOOD.replace("[fields.a]", f"{lists}[fields.a]"))


def test_a_study_that_may_not_be_read_is_said_in_one_line(tmp_path, monkeypatch):
    def locked(path):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr("pathlib.Path.read_bytes", locked)
    (problem,) = read_study(tmp_path / "study.toml", TABLES).problems
    assert "cannot be read (Permission denied)" in problem.fact


def test_a_file_taken_for_a_folder_is_said_in_one_line(tmp_path):
    (tmp_path / "file").write_text("x")
    (problem,) = read_study(tmp_path / "file" / "study.toml", TABLES).problems
    assert "cannot be read" in problem.fact


@pytest.mark.parametrize("wrong", ["5", "true", '["a"]', "{ name = 'a' }"])
def test_a_scenario_based_on_something_else_than_a_name_is_refused(wrong):
    study = scenarios(f"[scenario.a]\nbased_on = {wrong}\n")
    with pytest.raises(ConfigError, match=r"key scenario\.a\.based_on: .*not the name"):
        apply_scenario(study, "a")


def test_a_scenario_that_is_no_table_is_refused():
    with pytest.raises(ConfigError, match=r"key scenario\.a: .*not a table"):
        apply_scenario(scenarios("[scenario]\na = 5\n"), "a")


def test_a_spelling_that_stands_for_two_fields_is_refused(tmp_path):
    text = GOOD.replace('name = "A"', 'name = "A"\naliases = ["Джижикрут"]')
    found = config_problems(tmp_path, text + '[fields.b]\nname = "Dzhizhikrut"\n')
    assert len(found) == 1
    assert "stands for two fields, a and b" in found[0]
