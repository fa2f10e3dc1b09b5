"""Market and evidence tables are read whole, or every mistake is listed."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from planning.economics.market_tables import (
    EVIDENCE_FILES,
    MARKET_FILES,
    per_tonne,
    read_evidence,
    read_market,
    row_sum_problems,
)
from planning.economics.prices import price_at, quotes_from

DATA = Path(__file__).parents[2] / "data"


@pytest.fixture(scope="module")
def market():
    return read_market(DATA / "market").or_raise()


@pytest.fixture
def copied(tmp_path):
    return Path(shutil.copytree(DATA / "market", tmp_path / "market"))


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_shipped_tables_have_no_problem_and_no_unknown_column():
    for checked in (read_market(DATA / "market"), read_evidence(DATA / "evidence")):
        assert checked.problems == ()
        assert checked.value is not None


def test_every_file_of_the_folders_is_read_by_somebody():
    files = {name for name, _ in (*MARKET_FILES.values(), *EVIDENCE_FILES.values())}
    there = {p.name for folder in ("market", "evidence") for p in (DATA / folder).glob("*.csv")}
    assert there - files == {"statements.csv"}


def test_prices_per_pound_become_derived_prices_per_tonne(market):
    august = market.prices[
        (market.prices["market"] == "US cif") & (market.prices["date"] == "2024-08")
    ]
    assert august["low"].iloc[0] == pytest.approx(9.8 * 2204.62262, rel=1e-6)
    assert august["kind"].iloc[0] == "derived" and set(market.prices["unit"]) == {"t"}


def test_converting_twice_changes_nothing(market):
    assert per_tonne(market.prices).equals(market.prices)


def test_the_price_module_reads_the_shipped_series(market):
    quotes = quotes_from(market.prices)
    assert len(quotes) == len(market.prices)
    may = price_at(quotes, "Rotterdam", "2024-05-23")
    assert (may.low, may.high) == (18500, 19500)


def test_yearly_means_per_tonne_follow_the_printed_pounds(market):
    yearly = market.sb_yearly.set_index("id")["price_usd_per_t"]
    # MCS 2026: 10.24 USD/lb in 2024, 25 USD/lb in 2025
    assert yearly["MCS 2026|2024"] == pytest.approx(22575, abs=1)
    assert yearly["MCS 2026|2025"] == pytest.approx(55116, abs=1)


def test_a_missing_file_and_a_wrong_cell_are_listed_together(copied):
    (copied / "customs.csv").unlink()
    edit(copied / "gold_prices.csv", "1943", "-1943")
    edit(copied / "antimony_prices.csv", "Rotterdam,not stated", "Rotterdam,perhaps")
    edit(copied / "us_import_shares.csv", "66", "660")
    checked = read_market(copied)
    words = " ".join(map(str, checked.problems))
    assert checked.value is None
    for expected in ("does not exist", "-1943", "perhaps", "660"):
        assert expected in words


def test_a_range_upside_down_and_a_slipped_country_are_errors(copied):
    edit(copied / "antimony_prices.csv", "18500,19500", "19500,18500")
    edit(copied / "usgs_antimony.csv", "production,62300", "production,6230")
    words = " ".join(map(str, read_market(copied).problems))
    assert "upside down" in words and "MCS 2025 do not add up" in words


@pytest.mark.parametrize(
    ("old", "new", "row"),
    [
        ("ing,2021-03-12,day", "ing,2021-3-12,day", 3),  # a price in CNY is read as strictly
        ("fob,2021-07-01,day", "fob,2021-07-32,day", 4),
        ("2021-10-26,day", "late 2021,day", 7),
        ("2024-08,month", "2024-13,month", 18),
    ],
)
def test_a_bad_date_in_any_row_is_found_when_the_table_is_read(copied, old, new, row):
    edit(copied / "antimony_prices.csv", old, new)
    checked = read_market(copied)
    (problem,) = checked.problems
    assert checked.value is None
    assert f"antimony_prices.csv, row {row}" in problem.place
    assert "is not a date" in problem.fact or "not in the calendar" in problem.fact


def test_a_price_of_0_is_found_when_the_table_is_read(copied):
    edit(copied / "antimony_prices.csv", "68000,70000", "0,70000")
    assert "not above 0" in str(read_market(copied).problems[0])


@given(share=st.floats(-0.2, 0.2))
def test_a_complete_table_may_miss_its_total_by_5_per_cent_and_no_more(market, share):
    usgs = market.usgs[(market.usgs["edition"] == "MCS 2026") & (market.usgs["year"] == 2024)]
    rows = usgs.loc[usgs["country"] != "World", "value_t_sb"].sum()
    table = usgs.copy()
    table.loc[table["country"] == "World", "value_t_sb"] = rows / (1 + share)
    assume(abs(abs(share) - 0.05) > 1e-9)  # the edge itself is decided by the last bit
    assert bool(row_sum_problems(table, "World")) == (abs(share) > 0.05)


def test_a_table_quoted_in_part_may_fall_short_but_not_exceed_its_total(market):
    quoted = market.usgs[market.usgs["edition"] == "MCS 2024"].copy()
    assert row_sum_problems(quoted, "World") == []
    quoted.loc[quoted["country"] == "China", "value_t_sb"] = 400_000
    assert len(row_sum_problems(quoted, "World")) == 1
