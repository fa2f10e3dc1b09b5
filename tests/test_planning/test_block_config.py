"""What may stand in [value], and is every mistake in it worded, all at once?"""

import datetime as dt
import math

import pytest
from support.block_values import CURVES, checked, tables, terms

from deposits.errors import DataError
from deposits.study import validate
from planning.economics.block_config import ValueTable
from planning.economics.block_prices import with_quote
from planning.economics.block_terms import block_terms
from planning.economics.config import Economics, Plant
from planning.economics.prices import ExchangeRate, Quote


def problems_of(value):
    return validate(ValueTable, value, "value", file="study.toml").problems


def refused(changes, *without):
    found = problems_of(tables({"value": changes}, *without)["value"])
    assert found, "nothing was refused"
    return [str(problem) for problem in found]


def curve(**changes):
    return {"sb_recovery": {**CURVES["sb_recovery"], **changes}}


def test_the_tables_of_the_tests_are_sound():
    assert problems_of(tables()["value"]) == ()
    assert problems_of(tables({"value": CURVES})["value"]) == ()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (curve(head_sb_pct=[0.2, 0.5, 1, 0.9, 4, 8, 15]), "do not rise; found 1 then 0.9"),
        (curve(head_sb_pct=[0.2, 0.5, 1, 1, 4, 8, 15]), "do not rise; found 1 then 1"),
        (curve(head_sb_pct=[-1, 0.5, 1, 2, 4, 8, 15]), "negative; found -1"),
        (curve(head_sb_pct=[0.2, 0.5]), "2 head grades, 7 of fraction"),
        (curve(head_sb_pct=[1], fraction=[0.8]), "at least two points"),
        (curve(fraction=[55, 70, 79, 85, 89, 91, 92]), "85 % is 0.85"),
        (curve(fraction=[0.5, 0.7, 0.8, 1.01, 0.9, 0.9, 0.9]), "found 1.01"),
        (curve(fraction=[0.5, 0.7, 0.8, math.nan, 0.9, 0.9, 0.9]), "finite"),
        ({"moisture_fraction": 8}, "Write 8 % moisture as 0.08"),
        ({"ore_haulage_usd_per_t_ore": -3}, "at least 0"),
        ({"mining": {"cost_usd_per_t_rock": -2}}, "at least 0"),
        ({"penalties": {"hg": {"recovery_fraction": 60}}}, "write 0.6"),
        ({"penalties": {"hg": {"step_pct": 0}}}, "above 0"),
        ({"mining": {"zones": {"jasperoid": 1.3}}}, "zone_field and zones belong together"),
        ({"mining": {"zone_field": "rock", "zones": {"jasperoid": 0}}}, "above 0"),
        ({"mining": {"cost_per_t": 3}}, "unknown key"),
        ({"moisture_fractoin": 0.1}, 'Did you mean "moisture_fraction"'),
        ({"penalties": {"hg": {"free_upto_pct": 1}}}, "unknown key"),
        ({"penalties": {"bi": {"step_pct": 1}}}, "penalties.bi has no grade field"),
        ({"grades": {"sb": "antimony"}}, "does not end in its unit"),
        ({"concentrate": {"head_sb_pct": [1, 2], "concentrate_sb_pct": [0.5, 0.6]}}, "50 % is wr"),
        ({"concentrate": {"head_sb_pct": [1, 2], "concentrate_sb_pct": [50, 80]}}, "found 80"),
    ],
)
def test_a_figure_that_cannot_be_right_is_one_sentence(changes, words):
    found = refused(changes)
    assert len(found) == 1
    assert words in found[0]
    assert found[0].startswith("study.toml, key value")


def test_all_mistakes_come_at_once():
    changes = {**curve(fraction=[55] * 7), "moisture_fraction": 8, "plnt": "mill"}
    assert len(refused(changes)) == 3


def test_a_curve_tells_all_its_faults_in_one_sentence():
    (found,) = refused(curve(head_sb_pct=[3, 2, 1], fraction=[0.5, 85]))
    assert "do not rise" in found and "3 head grades, 2" in found and "found 85" in found


def test_grades_without_antimony_are_refused():
    found = refused({}, "value.grades.sb")
    assert "grades has no sb" in found[0]


def test_an_unknown_plant_is_named_with_its_nearest():
    tree = tables({"value": {"plant": "mil"}})
    plants = {"mill": Plant.model_validate(tree["plants"]["mill"])}
    economics = validate(Economics, tree["economics"], "economics", file="a").or_raise()
    with pytest.raises(DataError, match=r'mil; allowed mill\. Did you mean "mill"'):
        block_terms(economics, plants, checked(tree)).or_raise()


@pytest.mark.parametrize(
    ("key", "need"),
    [
        ("economics.sb_price", "nsr"),
        ("economics.sb_payability_fraction", "nsr"),
        ("economics.treatment_charge_usd_per_t_concentrate", "nsr"),
        ("economics.transport_usd_per_t_concentrate", "nsr"),
        ("economics.royalty_fraction_of_nsr", "nsr"),
        ("plants.mill.sb_recovery_fraction", "nsr"),
        ("plants.mill.concentrate_sb_pct", "nsr"),
        ("value.moisture_fraction", "nsr"),
        ("value.sb_refining_usd_per_t_sb", "nsr"),
        ("value.penalties.hg", "nsr"),
        ("value.penalties.as", "nsr"),
        ("value.penalties.hg.recovery_fraction", "nsr"),
        ("value.penalties.hg.free_up_to_pct", "nsr"),
        ("value.penalties.hg.step_pct", "nsr"),
        ("value.penalties.hg.usd_per_t_concentrate_per_step", "nsr"),
        ("economics.au_price", "gold"),
        ("economics.au_payability_fraction", "gold"),
        ("plants.mill.au_recovery_fraction", "gold"),
        ("value.grades.au", "gold"),
        ("value.au_refining_usd_per_oz", "gold"),
        ("economics.processing_cost_usd_per_t_ore", "ore"),
        ("economics.general_cost_usd_per_t_ore", "ore"),
        ("economics.sustaining_capital_usd_per_t_ore", "ore"),
        ("value.ore_haulage_usd_per_t_ore", "ore"),
        ("value.mining.cost_usd_per_t_rock", "rock"),
        ("value.mining.haulage_below_usd_per_t_per_m", "rock"),
        ("value.mining.reference_elevation_m", "rock"),
        ("value.mining", "rock"),
        ("value.stoping.cost_usd_per_t_ore", "stope"),
        ("value.stoping", "stope"),
        ("economics.discount_rate_fraction", "lane"),
        ("plants.mill.nameplate_t_per_year", "lane"),
        ("value.lane.fixed_cost_usd_per_year", "lane"),
        ("value.lane", "lane"),
    ],
)
def test_a_figure_that_is_not_stated_is_named_and_never_taken_as_nothing(key, need):
    assert terms().needed[need] == ()
    lacking = terms(None, key)
    assert lacking.needed[need] == (key,)
    others = {name: keys for name, keys in lacking.needed.items() if name != need}
    assert not any(others.values())
    with pytest.raises(DataError, match=f"key {key}: not stated"):
        lacking.require(need)


def test_what_is_missing_is_listed_without_gold_and_without_mining_that_is_not_planned():
    assert terms().missing == ()
    assert terms(None, "value.stoping", "economics.au_price").missing == ()
    lacking = terms(None, "value.moisture_fraction", "value.mining.cost_usd_per_t_rock")
    assert lacking.missing == ("value.moisture_fraction", "value.mining.cost_usd_per_t_rock")


def test_without_a_table_of_penalties_the_flat_penalty_is_asked_for():
    flat = "economics.penalties_usd_per_t_concentrate"
    assert terms(None, "value.penalties").needed["nsr"] == (flat,)
    stated = terms({"economics": {flat.split(".")[1]: 50}}, "value.penalties")
    assert stated.needed["nsr"] == ()
    assert stated.flat_penalty == 50.0


def test_two_penalties_for_one_thing_are_warned_of():
    tree = tables({"economics": {"penalties_usd_per_t_concentrate": 50}})
    plants = {"mill": Plant.model_validate(tree["plants"]["mill"])}
    economics = validate(Economics, tree["economics"], "economics", file="a").or_raise()
    found = block_terms(economics, plants, checked(tree))
    assert [p.severity for p in found.problems] == ["warning"]
    assert found.or_raise().flat_penalty is None


def test_every_stated_figure_comes_with_unit_kind_and_source():
    found = {statement.key: statement for statement in terms({"value": CURVES}).statements}
    paid = found["economics.sb_payability_fraction"]
    assert (paid.value, paid.unit, paid.kind) == (0.7, "fraction", "reported")
    assert paid.source == "a contract, 2026"
    assert all(s.label and s.unit and s.source for s in found.values())
    assert "plants.mill.sb_recovery_fraction" not in found  # the curve took its place
    assert found["value.sb_recovery"].value.startswith("0.55 at 0.2; 0.7 at 0.5")
    assert found["value.penalties.hg.step_pct"].label == "Hg: step of the penalty"
    leaves = sum(isinstance(v, dict | int | float) for v in tables()["value"]["mining"].values())
    assert sum(key.startswith("value.mining.") for key in found) == leaves


def test_the_softest_input_decides_and_the_assumed_are_listed():
    assert terms().kind == "assumed"
    assert "economics.sb_payability_fraction" not in terms().assumed
    assert "economics.sb_price" in terms().assumed


def test_a_price_factor_is_on_the_studys_own_prices():
    once = terms().with_prices(0.5)
    assert (once.sb_price, once.au_price) == (12_500.0, 1_555.17384)
    assert once.with_prices(2.0).sb_price == 50_000.0
    assert once.with_prices(0.0).with_prices(1.0).sb_price == 25_000.0


@pytest.mark.parametrize("factor", [-0.1, math.nan, math.inf])
def test_a_price_factor_that_cannot_be_right_is_refused(factor):
    with pytest.raises(DataError, match="price factor"):
        terms().with_prices(factor)


def quote(low=20_000.0, currency="USD", vat="excluded"):
    day = dt.date(2026, 6, 30)
    return Quote(day, day, low, low, currency, "China domestic", vat, source="a paper")


def test_a_quote_of_a_dated_series_takes_the_place_of_the_studys_price():
    own = terms(None, "economics.sb_price")
    priced = with_quote(own, quote())
    assert (own.missing, priced.missing) == (("economics.sb_price",), ())
    assert priced.sb_price == 20_000.0
    assert priced.with_prices(1.5).sb_price == 30_000.0
    assert priced.kinds["economics.sb_price"] == "reported"
    assert sum(s.key == "economics.sb_price" for s in priced.statements) == 1
    again = with_quote(terms(), quote())
    assert sum(s.key == "economics.sb_price" for s in again.statements) == 1
    assert again.au_price == terms().au_price


def test_a_quote_with_tax_or_in_another_money_is_not_taken_as_it_is():
    with pytest.raises(DataError, match="value-added tax"):
        with_quote(terms(), quote(vat="included"))
    with pytest.raises(DataError, match="exchange rate of CNY"):
        with_quote(terms(), quote(150_000.0, "CNY"))
    priced = with_quote(terms(), quote(150_000.0, "CNY"), ExchangeRate("CNY", 7.5))
    assert priced.sb_price == 20_000.0
    assert priced.kinds["economics.sb_price"] == "assumed"
