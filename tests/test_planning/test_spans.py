"""Do the pairs that a calendar keeps apart leave exactly the plans for which dates exist?"""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deposits.errors import DataError
from planning.production.ledger import DAYS_PER_YEAR, Chain, Ledger, order_of
from planning.scheduling.calendar import Calendar, mixed_calendar

SLACK = 1e-9


def chain_of(*days, lag=0.0, longest_years=10.0):
    """One piece of work after the other."""
    ledger = Ledger(longest_years)
    chains = [ledger.add(f"a{number}", length) for number, length in enumerate(days)]
    for earlier, later in itertools.pairwise(chains):
        ledger.after(earlier, later, lag)
    return ledger


def random_ledger(rng, n):
    """Activities of up to a quarter, each after some of those before it, in mixed order."""
    ledger = Ledger(1.0)
    shuffled = rng.permutation(n)
    for number in range(n):
        ledger.add(f"a{number}", float(rng.choice([0.0, 10.0, 30.4, 45.0, 80.0])))
    for place in range(1, n):
        for before in range(place):
            if rng.random() < 0.45:
                lag = float(rng.choice([0.0, 0.0, 28.0]))
                pair = Chain(*[int(shuffled[before])] * 2), Chain(*[int(shuffled[place])] * 2)
                ledger.after(*pair, lag)
    return ledger


def has_dates(ledger, calendar, periods):
    """Whether every activity can begin and end in its period, after all that it waits for."""
    starts, ends = calendar.starts(), calendar.ends()
    begins = [float(starts[t]) for t in periods]
    for _ in ledger.rows:  # longest ways have at most n arcs
        for earlier, later, lag in ledger.arcs:
            done = begins[earlier] + ledger.rows[earlier]["duration_years"]
            begins[later] = max(begins[later], done + lag)
    done = [b + row["duration_years"] for b, row in zip(begins, ledger.rows, strict=True)]
    return all(end <= ends[t] + SLACK for end, t in zip(done, periods, strict=True))


def keeps_pairs(order, calendar, periods):
    """Whether a plan keeps the pairs of a problem and its first periods."""
    latest = calendar.latest_before(order.spans_years)
    for later in range(order.precedence.n_blocks):
        if not order.first[later] <= periods[later] <= order.last[later]:
            return False
        span = slice(*order.precedence.indptr[later : later + 2])
        for earlier, kind in zip(
            order.precedence.indices[span], order.span_class[span], strict=True
        ):
            if periods[earlier] > latest[kind, periods[later]]:
                return False
    return True


@settings(deadline=None, max_examples=40)
@given(seed=st.integers(0, 2**32 - 1), n=st.integers(1, 5))
def test_pairs_are_kept_if_and_only_if_dates_exist(seed, n):
    rng = np.random.default_rng(seed)
    ledger = random_ledger(rng, n)
    calendar = mixed_calendar([(3, 12), (1, 4), (1, 1)], 0.1, "mid_year")
    if max(row["duration_years"] for row in ledger.rows) > 1:
        return
    order = order_of(ledger, calendar)
    for periods in itertools.product(range(calendar.n_periods), repeat=n):
        fits = all(
            row["duration_years"] <= calendar.length_years[t] + SLACK
            for row, t in zip(ledger.rows, periods, strict=True)
        )
        if fits:  # the ledger of a plan makes parts that fit into its shortest period
            # What takes no time has a date on the border of two periods, yet it has one period.
            starts = order.precedence.indptr
            ordered = all(
                periods[before] <= periods[own]
                for own in range(n)
                for before in order.precedence.indices[starts[own] : starts[own + 1]]
            )
            dated = has_dates(ledger, calendar, periods) and ordered
            assert keeps_pairs(order, calendar, periods) == dated, periods


def test_a_chain_does_not_fit_into_one_quarter_though_its_neighbours_do():
    ledger = chain_of(30.0, 30.0, 30.0, 30.0)
    calendar = mixed_calendar([(4, 4)], 0.1, "mid_year")
    order = order_of(ledger, calendar)
    assert not keeps_pairs(order, calendar, (0, 0, 0, 0))
    assert keeps_pairs(order, calendar, (0, 0, 0, 1))
    assert order.first.tolist() == [0, 0, 0, 1]


def test_pairs_that_follow_from_others_are_left_out():
    months = chain_of(*[30.0] * 6)
    order = order_of(months, mixed_calendar([(12, 12)], 0.1, "mid_year"))
    assert order.precedence.n_arcs == 5 and order.spans_years.size == 1


def test_work_is_cut_into_equal_parts_that_share_everything():
    ledger = Ledger(1.0 / 12.0)
    chain = ledger.add("stope", 70.0, title="Stope", ore_t=7_000.0, kind="stope")
    rows = ledger.rows
    assert (chain.first, chain.last) == (0, 2)
    assert [row["activity"] for row in rows] == ["stope.1", "stope.2", "stope.3"]
    assert rows[1]["title"] == "Stope, part 2 of 3"
    assert sum(row["ore_t"] for row in rows) == pytest.approx(7_000.0)
    assert sum(row["duration_years"] for row in rows) == pytest.approx(70.0 / DAYS_PER_YEAR)
    assert ledger.arcs == [(0, 1, 0.0), (1, 2, 0.0)]
    one = ledger.add("fill", DAYS_PER_YEAR / 12.0, ore_t=0.0)
    assert one.first == one.last and rows[one.first]["activity"] == "fill"


def test_what_cannot_be_reached_within_the_calendar_is_never_done():
    order = order_of(chain_of(300.0, 300.0), Calendar(np.ones(1), 0.1, "mid_year"))
    assert order.first.tolist() == [0, 0] and order.last.tolist() == [0, -1]


def test_a_circle_is_told_by_its_names():
    ledger = chain_of(1.0, 1.0)
    ledger.after(Chain(1, 1), Chain(0, 0))
    with pytest.raises(DataError, match=r"circle.*a0 -> a1|circle.*a1 -> a0"):
        order_of(ledger, mixed_calendar([(2, 1)], 0.1, "mid_year"))
