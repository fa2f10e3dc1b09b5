import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from deposits.stated import Stated
from planning.economics.net_price import (
    BEARABLE_COLUMNS,
    REQUIRED_COLUMNS,
    bearable_cost,
    bearable_cost_table,
    required_net_price,
    required_net_price_table,
)

DECKS = tuple(
    Stated(value=price, kind="assumed", source=source)
    for price, source in ((12_000.0, "2021-23"), (25_000.0, "mid-2026"), (55_000.0, "2025 mean"))
)
PAID = (Stated(value=0.6, kind="derived"), Stated(value=0.79, kind="derived"))

grade = st.floats(0.1, 20.0)
part = st.floats(0.3, 1.0)
price = st.floats(1_000.0, 60_000.0)


def test_a_tonne_of_2_5_per_cent_ore_at_25_000_and_70_per_cent_bears_383_dollars():
    assert float(bearable_cost(2.5, 0.875, 0.7, 25_000.0)) == pytest.approx(382.8125)


@given(sb=grade, recovery=part, payability=part, quoted=price)
def test_the_bearable_cost_and_the_required_price_undo_each_other(sb, recovery, payability, quoted):
    cost = bearable_cost(sb, recovery, payability, quoted)
    assert required_net_price(cost, sb, recovery) == pytest.approx(payability * quoted)


def test_the_table_has_a_row_for_each_step_in_the_order_given():
    table = bearable_cost_table([2.5, 3.1], 0.875, PAID, DECKS)
    assert list(table) == list(BEARABLE_COLUMNS)
    assert len(table) == 2 * 2 * 3
    assert list(table["price_usd_per_t"][:3]) == [12_000.0, 25_000.0, 55_000.0]
    assert list(table["source"][:3]) == ["2021-23", "mid-2026", "2025 mean"]
    assert set(table["kind"]) == {"assumed"}
    row = table.iloc[4]
    assert row["revenue_usd_per_t_ore"] == pytest.approx(0.025 * 0.875 * 0.79 * 25_000)
    assert row["net_price_usd_per_t"] == pytest.approx(19_750)


def test_decks_are_not_averaged():
    table = bearable_cost_table(2.5, 0.875, PAID, DECKS)
    assert set(table["price_usd_per_t"]) == {12_000.0, 25_000.0, 55_000.0}


def test_the_table_is_as_soft_as_its_softest_step():
    firm = [Stated(value=25_000.0, kind="reported")]
    assert set(bearable_cost_table(2.5, 0.9, PAID, firm)["kind"]) == {"derived"}


@pytest.mark.parametrize(("sb", "recovery"), [(np.nan, 0.875), (2.5, None)])
def test_a_grade_or_recovery_that_is_not_known_gives_no_figure(sb, recovery):
    bearable = bearable_cost_table(sb, recovery, PAID, DECKS)
    assert bearable["revenue_usd_per_t_ore"].isna().all() and len(bearable) == 6
    required = required_net_price_table(sb, recovery, [Stated(value=100.0)])
    assert required["required_net_price_usd_per_t"].isna().all() and len(required) == 1


def test_without_steps_the_tables_are_empty_but_have_their_columns():
    assert list(bearable_cost_table(2.5, 0.875, (), DECKS)) == list(BEARABLE_COLUMNS)
    assert list(required_net_price_table(2.5, 0.875, ())) == list(REQUIRED_COLUMNS)


def test_a_stated_cost_gives_one_number_and_a_grid_one_for_each_step():
    (single,) = required_net_price_table(2.5, 0.875, [Stated(value=100.0)]).itertuples()
    assert single.required_net_price_usd_per_t == pytest.approx(100 / 0.021875)
    grid = required_net_price_table([1.5, 2.5], 0.875, [Stated(value=c) for c in (25.0, 50.0)])
    assert len(grid) == 4
    assert grid["required_net_price_usd_per_t"].iloc[1] == pytest.approx(50 / (0.015 * 0.875))


def test_ore_without_antimony_needs_an_endless_price():
    assert np.isinf(required_net_price(100.0, 0.0, 0.9))


def test_draws_are_worked_out_together():
    sb = np.array([1.5, 2.5, 3.5])
    np.testing.assert_allclose(bearable_cost(sb, 0.875, 0.7, 25_000.0), 0.875 * 0.7 * 250.0 * sb)
