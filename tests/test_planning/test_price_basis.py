"""Are two markets held against each other only at one time, on named bases, at a stated rate?"""

from pathlib import Path

import pandas as pd
import pytest
from support.studies import TABLES, write_study

from deposits.study import read_study
from planning.economics.config import StatedRate
from planning.economics.market_tables import read_market
from planning.economics.price_basis import price_basis
from planning.economics.prices import quotes_from
from planning.summary import summarise
from planning.workflow import load

DATA = Path(__file__).parents[2] / "data"
RATE = StatedRate.model_validate({"per_usd": {"value": 7.16, "source": "a bank"}, "date": "2025"})


def quotes(*rows):
    columns = ["date", "low", "high", "currency", "market", "vat"]
    return quotes_from(pd.DataFrame(rows, columns=columns))


CHINA = ("2025-06-27", 180_500, "", "CNY", "China", "not stated")
EUROPE = ("2025-06-24", 59_500, 61_000, "USD", "Europe", "not stated")


def shipped(**rates):
    pairs = price_basis(quotes_from(read_market(DATA / "market").or_raise().prices), rates)
    return {(pair.market, pair.against): pair for pair in pairs}


def test_chinas_price_was_about_40_per_cent_of_rotterdams_in_mid_2025():
    pair = shipped(CNY=RATE)["China domestic", "Rotterdam"]
    assert pair.ratio == pytest.approx(180_500 / 7.16 / 60_250)
    assert (pair.days_apart, pair.kind, pair.missing) == (3, "assumed", ())
    for said in ("7.16 CNY/USD, assumed (a bank, 2025)", "value-added tax is in it is not stated"):
        assert said in pair.note
    assert "180,500 CNY/t, China domestic, VAT not stated, 2025-06-27" in pair.quote
    assert pair.basis and pair.against_basis and len(pair.sources) == 2


def test_without_a_rate_yuan_stay_yuan_and_the_key_is_named():
    pair = shipped()["China domestic", "Rotterdam"]
    assert pair.ratio is None and pair.missing == ("economics.exchange_rates.CNY",)
    assert "no exchange rate of CNY" in pair.note
    assert shipped()["Rotterdam", "Rotterdam cif"].ratio == pytest.approx(60_250 / 57_500)


def test_a_rate_of_another_time_is_not_used():
    assert shipped(CNY=RATE)["China domestic", "China export fob"].ratio is None  # of 2022
    old = StatedRate(per_usd=RATE.per_usd, date="2022")
    (pair,) = price_basis(quotes(CHINA, EUROPE), {"CNY": old})
    assert pair.ratio is None and pair.missing


def test_a_price_with_tax_is_not_held_against_one_without():
    taxed = (*CHINA[:5], "included")
    (pair,) = price_basis(quotes(taxed, (*EUROPE[:5], "excluded")), {"CNY": RATE})
    assert pair.ratio is None and "two tax bases" in pair.note


@pytest.mark.parametrize(("day", "found"), [("2025-06-20", 1), ("2025-06-19", 0)])
def test_quotes_more_than_a_week_apart_are_not_compared(day, found):
    assert len(price_basis(quotes(CHINA, (day, *EUROPE[1:])), {"CNY": RATE})) == found


def test_a_market_without_a_name_and_the_mean_of_a_year_are_left_out():
    nameless = (*EUROPE[:4], "not stated", "excluded")
    assert price_basis(quotes(CHINA, nameless), {"CNY": RATE}) == []
    assert price_basis(quotes(CHINA, ("2025", *EUROPE[1:])), {"CNY": RATE}) == []


def test_the_summary_has_the_table(tmp_path):
    market = f'[market]\nfolder = "{DATA / "market"}"\ncountry = "Tajikistan"\nworld = "World"\n'
    rates = '[economics.exchange_rates.CNY]\nper_usd = 7.16\ndate = "2025-06"\n'
    found = load(read_study(write_study(tmp_path, more=market + rates), TABLES).or_raise())
    loaded = found.or_raise()
    rows = summarise(loaded.study, loaded.ground, loaded.inputs)["economics"]["price_basis"]
    china = next(r for r in rows if (r["market"], r["against"]) == ("China domestic", "Rotterdam"))
    assert china["ratio"] == pytest.approx(0.418, abs=1e-3)
    assert china["missing"] == [] and isinstance(china["sources"], list)
