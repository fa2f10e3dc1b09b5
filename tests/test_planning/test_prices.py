import datetime as dt

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from deposits.errors import DataError
from planning.economics.dates import period_of
from planning.economics.prices import (
    LONGEST_GAP_DAYS,
    ExchangeRate,
    Quote,
    in_usd,
    price_at,
    price_ratio,
    quotes_from,
    without_vat,
)
from planning.errors import QuoteError

#: Points from the project's dated series (Argus, SMM, USGS by way of the evidence page).
TABLE = pd.DataFrame(
    [
        ("2021-10-26", 13_150, 13_400, "USD", "Rotterdam", "excluded"),
        ("2021-12-02", 12_700, 13_000, "USD", "Rotterdam", "excluded"),
        ("2024-05-23", 18_500, 19_500, "USD", "Rotterdam", "excluded"),
        ("2024-12-31", 39_500, 40_000, "USD", "Rotterdam", "excluded"),
        ("2025-06-24", 59_500, 61_000, "USD", "Rotterdam", "excluded"),
        ("2025-06-27", 180_500, "", "CNY", "China domestic", "included"),
        ("2024", 22_575, "", "USD", "US, cif", "not stated"),
        ("2024-08", 21_605, "", "USD", "US, cif", "not stated"),
    ],
    columns=["date", "low", "high", "currency", "market", "vat"],
)
QUOTES = quotes_from(TABLE)


def quote(day, low, **changes):
    date = dt.date.fromisoformat(day)
    about = {"currency": "USD", "market": "M", "vat": "excluded"} | changes
    return Quote(date, date, low, about.pop("high", low), **about)


def test_a_quoted_day_gives_the_quote_itself():
    found = price_at(QUOTES, "Rotterdam", "2024-12-31")
    assert (found.low, found.high, found.kind) == (39_500.0, 40_000.0, "reported")
    assert "VAT excluded" in str(found) and "USD/t" in str(found)


def test_a_day_between_two_near_quotes_is_derived_and_names_both():
    found = price_at(QUOTES, "Rotterdam", dt.date(2021, 11, 14))
    share = 19 / 37
    assert found.low == pytest.approx(13_150 - share * 450)
    assert found.kind == "derived"
    assert "2021-10-26" in found.source and "2021-12-02" in found.source


@pytest.mark.parametrize("date", ["2021-10-25", "2025-06-25", "2010", "2030-01"])
def test_no_price_beyond_the_first_and_last_quote(date):
    with pytest.raises(QuoteError, match="2021-10-26 to 2025-06-24"):
        price_at(QUOTES, "Rotterdam", date)


def test_quotes_half_a_year_apart_are_not_joined():
    with pytest.raises(QuoteError, match="222 days apart"):
        price_at(QUOTES, "Rotterdam", "2024-09-15")


def test_the_longest_gap_is_joined_and_one_day_more_is_not():
    first = quote("2024-01-01", 10.0)
    last = first.start + dt.timedelta(days=LONGEST_GAP_DAYS)
    pair = [first, quote(last.isoformat(), 20.0)]
    assert price_at(pair, "M", "2024-01-02").kind == "derived"
    later = [first, quote((last + dt.timedelta(days=1)).isoformat(), 20.0)]
    with pytest.raises(QuoteError, match="93 days apart"):
        price_at(later, "M", "2024-01-02")


def test_a_month_mean_is_preferred_to_the_mean_of_its_year():
    assert price_at(QUOTES, "US, cif", "2024-08-20").middle == 21_605
    assert price_at(QUOTES, "US, cif", "2024-09-20").middle == 22_575
    assert price_at(QUOTES, "US, cif", "2024").middle == 22_575


def test_an_unknown_market_is_refused_with_those_there_are():
    with pytest.raises(QuoteError, match="China domestic"):
        price_at(QUOTES, "London", "2024-05-23")
    with pytest.raises(QuoteError, match="none"):
        price_at([], "London", "2024-05-23")


def test_two_tax_bases_of_one_market_are_never_mixed():
    both = [quote("2024-01-01", 10.0), quote("2024-02-01", 11.3, vat="included")]
    with pytest.raises(QuoteError, match="several bases"):
        price_at(both, "M", "2024-01-15")
    assert price_at(both, "M", "2024-01-01", vat="excluded").middle == 10.0
    with pytest.raises(QuoteError, match="2024-02-01 to 2024-02-01"):
        price_at(both, "M", "2024-01-15", vat="included")
    with pytest.raises(QuoteError, match="no such market"):
        price_at(both, "M", "2024-01-15", vat="not stated")


def test_two_currencies_of_one_market_are_never_mixed():
    both = [quote("2024-01-01", 10.0), quote("2024-01-20", 70.0, currency="CNY")]
    with pytest.raises(QuoteError, match="several bases"):
        price_at(both, "M", "2024-01-10")


def test_two_quotes_of_one_day_that_differ_are_refused():
    twice = [quote("2024-01-01", 10.0), quote("2024-01-01", 12.0)]
    with pytest.raises(QuoteError, match="differ"):
        price_at(twice, "M", "2024-01-01")
    same = [quote("2024-01-01", 10.0), quote("2024-01-01", 10.0)]
    assert price_at(same, "M", "2024-01-01").middle == 10.0


@given(
    day=st.integers(0, 60),
    first=st.floats(5_000.0, 60_000.0),
    second=st.floats(5_000.0, 60_000.0),
)
def test_a_price_between_two_quotes_lies_between_them(day, first, second):
    pair = [quote("2024-01-01", first), quote("2024-03-01", second)]
    found = price_at(pair, "M", dt.date(2024, 1, 1) + dt.timedelta(days=day)).middle
    assert min(first, second) * (1 - 1e-12) <= found <= max(first, second) * (1 + 1e-12)


def test_yuan_stay_yuan_until_a_rate_is_stated():
    china = price_at(QUOTES, "China domestic", "2025-06-27")
    assert china.currency == "CNY" and china.middle == 180_500
    with pytest.raises(QuoteError, match="exchange rate of CNY"):
        in_usd(china, None)
    with pytest.raises(QuoteError, match="a rate of EUR"):
        in_usd(china, ExchangeRate("EUR", 0.9))
    with pytest.raises(QuoteError, match="not above 0"):
        in_usd(china, ExchangeRate("CNY", 0.0))


def test_mid_2025_china_stood_at_37_to_42_per_cent_of_rotterdam():
    # facts_more.md 6.1: 25,200 USD with VAT, 22,300 without, against about 60,000.
    china = in_usd(
        price_at(QUOTES, "China domestic", "2025-06-27"), ExchangeRate("CNY", 7.16, "assumed")
    )
    rotterdam = price_at(QUOTES, "Rotterdam", "2025-06-24")
    net = without_vat(china, 0.13)
    assert round(china.middle, -2) == 25_200 and round(net.middle, -2) == 22_300
    assert china.kind == "assumed" and net.vat == "excluded"
    assert price_ratio(net, rotterdam) == pytest.approx(0.37, abs=0.005)


def test_dollars_need_no_rate_and_a_price_without_tax_is_left_alone():
    rotterdam = price_at(QUOTES, "Rotterdam", "2025-06-24")
    assert in_usd(rotterdam, None) is rotterdam and without_vat(rotterdam, 0.13) is rotterdam


def test_tax_is_not_taken_out_of_a_price_that_does_not_say_whether_it_holds_it():
    cif = price_at(QUOTES, "US, cif", "2024-08")
    with pytest.raises(QuoteError, match="not guessed"):
        without_vat(cif, 0.13)
    with pytest.raises(QuoteError, match=r"0\.13 for 13 %"):
        without_vat(price_at(QUOTES, "China domestic", "2025-06-27"), 13.0)


def test_prices_on_two_bases_are_not_compared():
    china = price_at(QUOTES, "China domestic", "2025-06-27")
    rotterdam = price_at(QUOTES, "Rotterdam", "2025-06-24")
    with pytest.raises(QuoteError, match="two currencies"):
        price_ratio(china, rotterdam)
    with pytest.raises(QuoteError, match="two tax bases"):
        price_ratio(in_usd(china, ExchangeRate("CNY", 7.16)), rotterdam)


@pytest.mark.parametrize(
    ("low", "high"), [(-1.0, 1.0), (0.0, 1.0), (2.0, 1.0), (float("nan"), float("nan"))]
)
def test_a_price_that_cannot_be_is_refused(low, high):
    with pytest.raises(QuoteError, match="not above 0"):
        quote("2024-01-01", low, high=high)


def test_every_bad_row_of_a_table_is_listed_with_its_row():
    table = TABLE.copy().astype("object")
    table.loc[1, "low"] = -5
    table.loc[2, "date"] = "late 2026"
    table.loc[3, "vat"] = "maybe"
    with pytest.raises(QuoteError) as refusal:
        quotes_from(table)
    assert len(refusal.value.problems) == 3
    for row in (1, 2, 3):
        assert f"row {row}" in str(refusal.value)
    assert isinstance(refusal.value, DataError)


def test_a_table_without_a_tax_column_is_refused():
    with pytest.raises(QuoteError, match='column "vat" is missing'):
        quotes_from(TABLE.drop(columns="vat"))


def test_a_quote_may_carry_its_basis_kind_and_source():
    table = TABLE.iloc[[0]].assign(basis="trioxide", kind="derived", source="S")
    (found,) = quotes_from(table)
    assert (found.basis, found.kind, found.source) == ("trioxide", "derived", "S")


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2024", (2024, 1, 1), (2024, 12, 31)),
        ("2024-12", (2024, 12, 1), (2024, 12, 31)),
        ("2023-02", (2023, 2, 1), (2023, 2, 28)),
        ("2024-02-29", (2024, 2, 29), (2024, 2, 29)),
    ],
)
def test_a_year_a_month_and_a_day_have_their_first_and_last_day(text, first, last):
    assert period_of(text) == (dt.date(*first), dt.date(*last))


@pytest.mark.parametrize(
    "text", ["2024-9-15", "24-09-15", "20240915", "2024-09-15T10", "2024-09-15 or so", "", "soon"]
)
def test_what_is_no_date_is_refused_with_how_to_write_one(text):
    with pytest.raises(ValueError, match="is not a date; write 2025, 2025-06 or 2025-06-24"):
        period_of(text)


@pytest.mark.parametrize("text", ["2024-13", "2024-00-01", "2023-02-29", "0000", "9999-12-32"])
def test_a_date_that_is_not_in_the_calendar_is_refused(text):
    with pytest.raises(ValueError, match="not in the calendar"):
        period_of(text)


def test_a_quote_says_how_sharp_it_is_and_when():
    table = TABLE.iloc[[7]].assign(qualifier="more than")
    assert str(quotes_from(table)[0]) == (
        "more than 21,605 USD/t, US, cif, VAT not stated, 2024-08"
    )
