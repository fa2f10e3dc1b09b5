import datetime as dt
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from deposits.units import GRAMS_PER_TROY_OUNCE
from planning.economics.config import Economics, Plant, surprises
from planning.economics.nsr import (
    COST_TERMS,
    GOLD_TERMS,
    MONEY_TERMS,
    NSR_TERMS,
    TERM_KEYS,
    Terms,
    break_even_grade,
    cost_per_t_ore,
    missing_terms,
    net_smelter_return,
    stated_terms,
    terms_of,
)

PRICE = {"market": "Rotterdam", "vat": "excluded", "date": "2026-06"}

#: Round figures, chosen so that the return can be worked out by hand.
TERMS = Terms(
    sb_price=20_000.0,
    sb_payability=0.7,
    sb_recovery=0.9,
    concentrate_sb_pct=50.0,
    treatment=100.0,
    transport=150.0,
    penalties=50.0,
    royalty=0.05,
    au_price=3_110.34768,
    au_payability=0.75,
    au_recovery=0.3,
    mining=40.0,
    processing=20.0,
    general=10.0,
    sustaining=5.0,
    initial_capital=50e6,
    discount_rate=0.1,
)

STATED = Economics.model_validate(
    {
        "valuation_date": dt.date(2026, 1, 1),
        "discount_rate_fraction": 0.1,
        "sb_price": {"usd_per_t": 20_000, **PRICE},
        "au_price": {"usd_per_oz": 3_000, **PRICE},
        "sb_payability_fraction": {"low": 0.6, "value": 0.7, "high": 0.79, "kind": "reported"},
        "au_payability_fraction": 0.75,
        "treatment_charge_usd_per_t_concentrate": 100,
        "transport_usd_per_t_concentrate": 150,
        "penalties_usd_per_t_concentrate": 0,
        "royalty_fraction_of_nsr": 0.05,
        "mining_cost_usd_per_t_ore": 40,
        "processing_cost_usd_per_t_ore": 20,
        "general_cost_usd_per_t_ore": 10,
        "initial_capital_usd": 0,
        "sustaining_capital_usd_per_t_ore": 5,
    }
)
PLANT = Plant.model_validate(
    {"name": "Mill", "sb_recovery_fraction": 0.9, "concentrate_sb_pct": 50}
)


def test_the_return_of_a_tonne_is_what_a_hand_calculation_gives():
    # 2.5 % x 0.9 = 0.0225 t Sb; x 0.7 x 20,000 = 315; concentrate 0.045 t x 300 = 13.5.
    # Gold: 2 g/t x 0.3 = 0.6 g at 100 USD/g x 0.75 = 45. Royalty 5 % of 346.5.
    found = net_smelter_return(2.5, TERMS, au_gpt=2.0)
    assert float(found.antimony) == pytest.approx(315.0)
    assert float(found.charges) == pytest.approx(13.5)
    assert float(found.gold) == pytest.approx(45.0)
    assert float(found.nsr) == pytest.approx(346.5)
    assert float(found.royalty) == pytest.approx(17.325)
    assert float(found.net) == pytest.approx(329.175)
    assert found.missing == () and found.note == ""


def test_gold_that_is_not_known_is_not_counted_and_says_so():
    without_grade = net_smelter_return(2.5, TERMS)
    assert without_grade.gold is None
    assert "gold not counted" in without_grade.note and "gold grade" in without_grade.note
    without_recovery = net_smelter_return(2.5, replace(TERMS, au_recovery=None), au_gpt=2.0)
    assert without_recovery.gold_missing == ("plants.NAME.au_recovery_fraction",)
    assert float(without_recovery.nsr) == pytest.approx(301.5)
    assert "not counted" in str(without_recovery)


def test_ore_without_gold_is_not_ore_with_unknown_gold():
    found = net_smelter_return(2.5, TERMS, au_gpt=0.0)
    assert float(found.gold) == 0.0 and found.gold_missing == ()


def test_gold_does_not_follow_the_antimony_recovery():
    poorer = replace(TERMS, sb_recovery=0.45)
    here, there = (net_smelter_return(2.5, t, au_gpt=2.0).gold for t in (TERMS, poorer))
    assert float(here) == float(there)


@pytest.mark.parametrize("name", NSR_TERMS)
def test_each_missing_term_makes_the_return_not_known_and_is_named(name):
    found = net_smelter_return(2.5, replace(TERMS, **{name: None}))
    assert found.nsr is None and found.antimony is None and found.net is None
    assert found.missing == (TERM_KEYS[name].format(plant="NAME"),)
    assert "not known" in str(found)


def test_a_head_grade_that_is_not_known_is_never_0():
    found = net_smelter_return(None, TERMS)
    assert found.nsr is None and found.missing == ("head grade",)


def test_a_loss_pays_no_royalty():
    found = net_smelter_return(2.5, replace(TERMS, sb_price=100.0))
    assert float(found.nsr) < 0 and float(found.royalty) == 0.0


@given(
    price=st.floats(1_000.0, 60_000.0),
    payability=st.floats(0.3, 1.0),
    recovery=st.floats(0.5, 1.0),
    royalty=st.floats(0.0, 0.3),
    gold=st.one_of(st.none(), st.floats(0.0, 3.0)),
)
def test_at_the_break_even_grade_the_return_equals_the_costs(
    price, payability, recovery, royalty, gold
):
    terms = replace(
        TERMS, sb_price=price, sb_payability=payability, sb_recovery=recovery, royalty=royalty
    )
    grade = float(break_even_grade(terms, gold).sb_pct)
    cost = float(cost_per_t_ore(terms))
    if grade == 0.0:
        assert float(net_smelter_return(0.0, terms, gold).net) >= cost * (1 - 1e-12)
    elif np.isinf(grade):
        assert float(net_smelter_return(50.0, terms, gold).net) < cost
    else:
        assert float(net_smelter_return(grade, terms, gold).net) == pytest.approx(cost)


@given(low=st.floats(0.1, 30.0), step=st.floats(0.1, 30.0))
def test_richer_ore_never_returns_less(low, step):
    poorer, richer = (float(net_smelter_return(g, TERMS).net) for g in (low, low + step))
    assert richer > poorer


def test_no_grade_pays_where_the_charges_eat_the_price():
    found = break_even_grade(replace(TERMS, sb_price=500.0))
    assert np.isinf(found.sb_pct)


def test_gold_may_pay_for_ore_whose_antimony_does_not():
    assert float(break_even_grade(replace(TERMS, sb_price=500.0), 50.0).sb_pct) == 0.0


def test_gold_lowers_the_break_even_grade_and_may_carry_it_alone():
    bare, with_gold, rich = (
        float(break_even_grade(TERMS, gold).sb_pct) for gold in (None, 1.0, 50.0)
    )
    assert 0.0 < with_gold < bare and rich == 0.0
    # 75 / 0.95 USD/t of cost over 0.9 x (14,000 - 600) USD per % of a tonne.
    assert bare == pytest.approx(100 * 75 / 0.95 / (0.9 * 13_400))


@pytest.mark.parametrize("name", [*NSR_TERMS, *COST_TERMS])
def test_each_missing_cost_or_term_makes_the_break_even_not_known(name):
    found = break_even_grade(replace(TERMS, **{name: None}))
    assert found.sb_pct is None and found.missing == (TERM_KEYS[name].format(plant="NAME"),)


def test_draws_are_worked_out_together():
    prices = np.array([500.0, 12_000.0, 25_000.0, 55_000.0])
    gold = np.array([0.0, 1.0, 50.0, 0.0])
    together = break_even_grade(replace(TERMS, sb_price=prices), gold).sb_pct
    alone = [
        break_even_grade(replace(TERMS, sb_price=p), g).sb_pct
        for p, g in zip(prices, gold, strict=True)
    ]
    np.testing.assert_allclose(together, alone)
    returns = net_smelter_return(2.5, replace(TERMS, sb_price=prices), gold).net
    alone = [
        net_smelter_return(2.5, replace(TERMS, sb_price=p), g).net
        for p, g in zip(prices, gold, strict=True)
    ]
    np.testing.assert_allclose(returns, alone)


def test_every_term_is_found_under_its_key():
    stated = stated_terms(STATED, PLANT)
    assert list(stated) == list(TERM_KEYS)
    assert stated["sb_price"].base == 20_000.0 and stated["au_price"].base == 3_000.0
    assert stated["sb_recovery"].base == 0.9 and stated["au_recovery"] is None
    assert set(NSR_TERMS + GOLD_TERMS + COST_TERMS + MONEY_TERMS + ("tax",)) == set(TERM_KEYS)


def test_nothing_is_missing_where_all_terms_are_stated_and_0_is_a_statement():
    assert missing_terms(STATED, PLANT, "mill") == []


def test_an_empty_study_names_everything_that_is_missing():
    found = missing_terms(Economics(), Plant(name="Mill"), "mill")
    assert found == [
        "economics.sb_price",
        "economics.sb_payability_fraction",
        "plants.mill.sb_recovery_fraction",
        "plants.mill.concentrate_sb_pct",
        "economics.treatment_charge_usd_per_t_concentrate",
        "economics.transport_usd_per_t_concentrate",
        "economics.penalties_usd_per_t_concentrate",
        "economics.royalty_fraction_of_nsr",
        "economics.mining_cost_usd_per_t_ore",
        "economics.processing_cost_usd_per_t_ore",
        "economics.general_cost_usd_per_t_ore",
        "economics.sustaining_capital_usd_per_t_ore",
        "economics.initial_capital_usd",
        "economics.discount_rate_fraction",
        "economics.valuation_date",
    ]


def test_the_base_case_takes_single_figures_and_a_sampler_takes_draws():
    assert terms_of(STATED, PLANT, "mill").sb_payability == 0.7
    drawn = terms_of(
        STATED,
        PLANT,
        "mill",
        lambda key, s: s.quantile(np.array([0.0, 1.0])) if s.is_range else s.base,
    )
    np.testing.assert_allclose(drawn.sb_payability, [0.6, 0.79])
    assert drawn.sb_price == 20_000.0


def test_a_result_is_as_soft_as_its_softest_term_and_names_the_assumed():
    terms = terms_of(STATED, PLANT, "mill")
    found = net_smelter_return(2.5, terms)
    assert found.kind == "assumed"
    assert "economics.sb_price" in found.conditional_on
    assert "economics.sb_payability_fraction" not in found.conditional_on
    assert "economics.au_payability_fraction" not in found.conditional_on
    assert net_smelter_return(2.5, TERMS).kind == "derived"


@pytest.mark.parametrize(
    ("given", "wording"),
    [
        ({"sb_price": {"usd_per_t": 12_000}}, "market"),
        ({"sb_price": {"usd_per_t": 12_000, "market": "x", "date": "2025"}}, "vat"),
        ({"sb_price": {"usd_per_t": 12_000, "market": "x", "vat": "excluded"}}, "date"),
        ({"sb_price": {"usd_per_t": 12_000, **PRICE, "date": "mid-2025"}}, "is not a date"),
        ({"sb_price": {"usd_per_t": 12_000, **PRICE, "date": "2025-13"}}, "not in the calendar"),
        ({"sb_price": {"usd_per_t": 12_000, **PRICE, "market": ""}}, "at least 1 character"),
        ({"sb_price": {"usd_per_t": 12_000, **PRICE, "vat": "none"}}, "included"),
        ({"sb_price": {"usd_per_oz": 12_000, **PRICE}}, "antimony is priced in usd_per_t"),
        ({"au_price": {"usd_per_t": 12_000, **PRICE}}, "gold is priced in usd_per_oz"),
        ({"sb_price": {"usd_per_t": 1, "usd_per_oz": 1, **PRICE}}, "one of the two"),
        ({"sb_price": PRICE}, "one of the two"),
        ({"discounting": "end_of_month"}, "end_of_year"),
        ({"money": "nominal"}, "real"),
        ({"price_grid_usd_per_t": [{"low": 1.0, "high": 2.0}]}, "not a distribution"),
        ({"valuation_date": "next year"}, "not a day"),
        ({"sb_prize": 3}, "Extra inputs"),
    ],
)
def test_economics_that_cannot_be_are_refused_in_words(given, wording):
    with pytest.raises(ValidationError, match=wording):
        Economics.model_validate(given)


def test_dates_may_be_written_as_dates_or_as_text():
    as_date = Economics.model_validate(
        {"sb_price": {"usd_per_t": 1e4, **PRICE, "date": dt.date(2025, 6, 24)}}
    )
    assert as_date.sb_price.date == "2025-06-24"
    assert Economics.model_validate({"valuation_date": "2026-01-01"}).valuation_date.year == 2026


def test_a_price_per_pound_and_a_price_with_tax_are_warned_of():
    odd = {"usd_per_t": 11, "market": "x", "vat": "included", "date": "2025"}
    found = surprises(Economics.model_validate({"sb_price": odd}), {})
    assert "2,205 USD/t" in str(found[0]) and "value-added tax" in str(found[1])


def test_an_ounce_is_31_1034768_grams_in_the_gold_term():
    terms = replace(TERMS, au_recovery=1.0, au_payability=1.0, au_price=1.0)
    found = net_smelter_return(2.5, terms, au_gpt=GRAMS_PER_TROY_OUNCE)
    assert float(found.gold) == pytest.approx(1.0)
