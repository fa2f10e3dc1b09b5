from dataclasses import replace

import numpy as np
import numpy.testing as npt
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from deposits.errors import DataError
from planning.economics.equivalents import (
    Metal,
    add_equivalent_field,
    add_nsr_field,
    equivalent,
    nsr_lines,
)
from planning.economics.nsr import Terms, net_smelter_return

CHALICE = "Chalice Mining, Gonneville, 2022-07-08"
#: Prices and recoveries (sulphide) as published; the formula leaves payability out.
PRICES = {
    "Ni": ("%", 22_000.0, "USD/t", 0.55),
    "Cu": ("%", 10_500.0, "USD/t", 0.90),
    "Co": ("%", 75_000.0, "USD/t", 0.55),
    "Pd": ("g/t", 1_800.0, "USD/oz", 0.70),
    "Pt": ("g/t", 1_300.0, "USD/oz", 0.70),
    "Au": ("g/t", 1_800.0, "USD/oz", 0.60),
}


def metal(name, **changes):
    unit, price, price_unit, recovery = PRICES[name]
    column = f"{name.lower()}_{'pct' if unit == '%' else 'gpt'}"
    made = Metal(name, column, unit, price, price_unit, recovery, 1.0, CHALICE, "reported")
    return replace(made, **changes)


ALL = [metal(name) for name in PRICES]


@pytest.mark.parametrize(
    ("base", "published"),
    [
        ("Ni", {"Pd": 0.33, "Pt": 0.24, "Au": 0.29, "Cu": 0.78, "Co": 3.41}),
        ("Pd", {"Pt": 0.72, "Au": 0.86, "Ni": 2.99, "Cu": 2.33, "Co": 10.18}),
    ],
)
def test_gonneville_s_factors_follow_from_its_prices_and_recoveries(base, published):
    factors = equivalent(base, ALL, CHALICE).factors
    for name, factor in published.items():
        assert abs(factors[name] - factor) <= 0.0051


def test_gonneville_s_oxide_factor_follows_too():
    oxide = [metal("Pd", recovery=0.75), metal("Au", recovery=0.95)]
    assert round(equivalent("Pd", oxide, CHALICE).factors["Au"], 2) == 1.27


@pytest.mark.parametrize(
    ("au", "sb", "published"), [(2.33, 9.16, 30.82), (1.61, 5.18, 17.73), (1.52, 3.41, 12.12)]
)
def test_hillgrove_s_intercepts_follow_from_a_factor_of_3_11(au, sb, published):
    # Any price pair of that ratio gives the factor; recoveries equal.
    gold = Metal("Au", "au_gpt", "g/t", 31.1034768, "USD/oz", 0.8, 1.0, "made for the test")
    antimony = Metal("Sb", "sb_pct", "%", 311.0, "USD/t", 0.8, 1.0, "made for the test")
    made = equivalent("Au", [gold, antimony], "made for the test")
    npt.assert_allclose(made.factors["Sb"], 3.11)
    found = add_equivalent_field(pd.DataFrame({"au_gpt": [au], "sb_pct": [sb]}), made)
    # Half a unit in the last place of the factor, of both grades and of the result.
    assert abs(found["aueq_gpt"][0] - published) <= 0.005 * (sb + 1.0 + 3.11 + 1.0)
    assert abs(found["aueq_gpt"][0] - published) <= 0.0103


@given(st.floats(0.01, 20.0), st.floats(0.01, 20.0), st.floats(0.5, 3.0))
def test_an_equivalent_is_worth_what_its_metals_are_worth(ni, cu, rise):
    metals = [metal("Ni"), metal("Cu")]
    made = equivalent("Ni", metals, CHALICE)
    found = add_equivalent_field(pd.DataFrame({"ni_pct": [ni], "cu_pct": [cu]}), made)
    worth = ni * metals[0].value + cu * metals[1].value
    npt.assert_allclose(found["nieq_pct"][0] * metals[0].value, worth)
    dearer = [replace(m, price=m.price * rise) for m in metals]
    npt.assert_allclose(equivalent("Ni", dearer, CHALICE).factors["Cu"], made.factors["Cu"])


def test_the_formula_and_all_it_rests_on_are_printed():
    text = "\n".join(equivalent("Ni", ALL, "Chalice, metallurgical tests").lines())
    assert "NiEq [%] = Ni [%] + 0.781 x Cu [%] + 3.41 x Co [%] + 0.335 x Pd [g/t]" in text
    for word in (
        "22,000 USD/t",
        "recovery 0.55",
        "payability 1",
        CHALICE,
        "can be recovered and sold",
    ):
        assert word in text


def test_an_absent_grade_leaves_the_equivalent_absent():
    frame = pd.DataFrame({"ni_pct": [1.0, np.nan], "cu_pct": [np.nan, 1.0]})
    made = equivalent("Ni", [metal("Ni"), metal("Cu")], CHALICE)
    assert add_equivalent_field(frame, made)["nieq_pct"].isna().all()
    assert "nieq_pct" not in frame


def test_no_equivalent_without_prices_recoveries_sources_and_a_statement_on_sale():
    wrong = [
        metal("Ni", price=0.0),
        metal("Cu", recovery=90.0),
        metal("Co", payability=0.0),
        metal("Pd", source=" "),
        metal("Pt", unit="ppm"),
    ]
    with pytest.raises(DataError) as refused:
        equivalent("Au", wrong, "")
    assert len(refused.value.problems) == 7
    with pytest.raises(DataError, match="cu_pct"):
        made = equivalent("Ni", [metal("Ni"), metal("Cu")], CHALICE)
        add_equivalent_field(pd.DataFrame({"ni_pct": [1.0]}), made)


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
)


def test_the_return_is_the_planner_s_own_block_by_block():
    frame = pd.DataFrame({"sb_pct": [0.0, 2.5, np.nan], "au_gpt": [0.0, 1.0, 1.0]})
    found = add_nsr_field(frame, TERMS)["nsr_usd_per_t"]
    # 2.5 % x 0.9 = 0.0225 t Sb: 315 - 13.5 of charges; gold 0.3 x 0.75 x 100 = 22.5; less 5 %.
    npt.assert_allclose(found, [0.0, 0.95 * (315.0 - 13.5 + 22.5), np.nan])
    alone = net_smelter_return(2.5, TERMS, 1.0).net
    assert found[1] == alone


def test_without_a_stated_term_there_is_no_return():
    frame = pd.DataFrame({"sb_pct": [1.0], "au_gpt": [1.0]})
    with pytest.raises(DataError) as refused:
        add_nsr_field(frame, replace(TERMS, sb_price=None, au_recovery=None))
    assert len(refused.value.problems) == 2
    no_gold = add_nsr_field(frame, replace(TERMS, au_price=None), au=None)
    assert no_gold["nsr_usd_per_t"][0] == net_smelter_return(1.0, TERMS).net
    assert "Gold is not counted." in nsr_lines(TERMS, with_gold=False)
    assert any("sb_price = 20000.0" in line for line in nsr_lines(TERMS))
