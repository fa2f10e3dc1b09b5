"""Does every stope wait for those a mine's rules put before it, and for no other?"""

import pytest
from support.plan_mine import FRAME, PLACES, bodies, body, config

from planning.production.headings import Site, write_headings
from planning.production.ledger import Ledger
from planning.production.sequence import waits_of
from planning.production.stope_bodies import above, across, beside
from planning.production.stope_work import write_stopes

FREE = {"along": "any", "order": "any", "panel": "any"}


def rules(**given):
    return config().schedule.stoping.model_copy(update={**FREE, **given})


def pairs(stopes, middle=2, **given):
    """Who waits for whom, by the names of stopes: earlier, later, of what it waits."""
    found = waits_of(stopes, rules(**given), middle, 0.0)
    return {(stopes[w.earlier].name, stopes[w.later].name, w.until) for w in found}


def row_of(*sections, level=1):
    return [body(level, section, 10.0, 20.0) for section in sections]


def test_even_sections_wait_for_both_odd_neighbours():
    stopes = row_of(0, 1, 2, 3)  # S01 to S04
    assert pairs(stopes, along="primary_secondary") == {
        ("L02-S01-1", "L02-S02-1", "draw"),
        ("L02-S03-1", "L02-S02-1", "draw"),
        ("L02-S03-1", "L02-S04-1", "draw"),
    }


def test_a_gap_or_walls_apart_make_no_neighbours():
    stopes = [*row_of(0, 2), body(1, 3, 20.0, 30.0)]  # S04 only touches S03's wall
    assert pairs(stopes, along="primary_secondary") == set()
    assert beside(stopes) == []


def test_a_retreat_goes_from_both_ends_to_the_access():
    stopes = row_of(0, 1, 2, 3, 4)
    assert pairs(stopes, middle=2, along="retreat") == {
        ("L02-S01-1", "L02-S02-1", "draw"),
        ("L02-S02-1", "L02-S03-1", "draw"),
        ("L02-S04-1", "L02-S03-1", "draw"),
        ("L02-S05-1", "L02-S04-1", "draw"),
    }


def test_from_the_bottom_up_slots_wait_for_the_fill_below():
    column = [body(level, 1, 10.0, 20.0) for level in range(4)]
    assert pairs(column, order="bottom_up") == {
        ("L01-S02-1", "L02-S02-1", "preparation"),
        ("L02-S02-1", "L03-S02-1", "preparation"),
        ("L03-S02-1", "L04-S02-1", "preparation"),
    }


def test_the_top_of_a_lift_waits_for_the_fill_over_it():
    column = [body(level, 1, 10.0, 20.0) for level in range(4)]
    assert pairs(column, order="bottom_up", levels_per_lift=2) == {
        ("L01-S02-1", "L02-S02-1", "preparation"),
        ("L03-S02-1", "L02-S02-1", "draw"),  # the sill between the lifts
        ("L03-S02-1", "L04-S02-1", "preparation"),
    }


def test_from_the_top_down_ore_waits_for_the_fill_above():
    column = [body(level, 1, 10.0, 20.0) for level in range(3)]
    assert pairs(column, order="top_down") == {
        ("L03-S02-1", "L02-S02-1", "draw"),
        ("L02-S02-1", "L01-S02-1", "draw"),
    }


def test_stopes_count_as_above_each_other_within_a_pillar():
    pair = [body(0, 1, 10.0, 20.0), body(1, 1, 23.0, 30.0)]
    assert above(pair, 2.9) == [] and above(pair, 3.1) == [(0, 1)]


def test_the_farther_stope_of_a_panel_comes_first():
    panel = [body(1, 1, 30.0, 40.0, 2), body(1, 1, 10.0, 20.0, 1), body(1, 1, 50.0, 60.0, 3)]
    assert across(panel) == [(1, 0), (0, 2)]
    assert pairs(panel, panel="far_first") == {
        ("L02-S02-3", "L02-S02-2", "draw"),
        ("L02-S02-2", "L02-S02-1", "draw"),
    }


@pytest.fixture
def written():
    """Headings and stopes of the made-up mine, written down."""
    tables = config()
    site = Site(FRAME, tables.schedule, bodies(), 2.7)
    ledger = Ledger(1.0 / 12.0)
    headings = write_headings(ledger, site)
    waits = waits_of(site.bodies, tables.schedule.stoping, site.middle_section, 4.0)
    works = write_stopes(ledger, site, headings, waits)
    return ledger, site, headings, works


def metres(ledger, start):
    rows = [row for row in ledger.rows if row["activity"].startswith(start)]
    return sum(row["development_m"] for row in rows)


def test_the_decline_follows_its_gradient_from_the_portal_down(written):
    ledger, _, headings, _ = written
    slope = (1 + 0.15**2) ** 0.5 / 0.15
    assert metres(ledger, "L03.decline") == pytest.approx(50.0 * slope)  # 100 m to 50 m
    assert metres(ledger, "L02.decline") == pytest.approx(25.0 * slope)
    assert ledger.rows[headings.access[2].last]["opens"] == 1.0
    assert sum(row.get("opens", 0.0) for row in ledger.rows) == 2.0


def test_drives_reach_every_section_with_stopes_from_the_access(written):
    ledger, site, _, _ = written
    assert site.middle_section == 2
    by_name = {"L02-S02.drive": 30.0, "L02-S03.drive": 30.0, "L02-S04.drive": 30.0}
    assert {name: metres(ledger, name) for name in by_name} == by_name


def test_the_farthest_stope_of_a_panel_carries_the_crosscuts_of_all(written):
    ledger, _, _, _ = written
    assert metres(ledger, "L03-S03-2.crosscut") == pytest.approx(2 * (10.0 + 54.0 - 24.0))
    assert metres(ledger, "L03-S03-1.crosscut") == 0.0
    assert metres(ledger, "L02-S02-1.crosscut") == pytest.approx(2 * (10.0 + 15.0))
    waste = [r["waste_t"] for r in ledger.rows if r["activity"] == "L03-S03-2.crosscut"]
    assert waste == [pytest.approx(2 * (10.0 + 6.0) * 20.0 * 2.7)]  # standoff and pillar


def waited(ledger, name):
    """Names of what an activity waits for."""
    number = next(n for n, row in enumerate(ledger.rows) if row["activity"] == name)
    return {
        ledger.rows[earlier]["activity"] for earlier, later, _ in ledger.arcs if later == number
    }


def test_a_stope_waits_for_its_crosscuts_and_they_for_the_drive(written):
    ledger, _, _, _ = written
    assert "L02-S02-1.crosscut" in waited(ledger, "L02-S02-1.preparation")
    assert waited(ledger, "L02-S02-1.crosscut") == {"L02-S02.drive"}
    assert waited(ledger, "L02-S04.drive") == {"L02-S03.drive"}
    assert waited(ledger, "L02-S03.drive") == {"L02.access"}
    assert waited(ledger, "L02.access") == {"L02.decline"}
    assert waited(ledger, "L02.decline") == {"L03.decline.2"}
    assert "L03-S03-2.crosscut" in waited(ledger, "L03-S03-1.preparation")


def test_fill_is_cemented_where_a_neighbour_lays_it_bare_and_merged_where_none_waits(written):
    ledger, site, _, works = written
    paid = {}
    for stope, work in zip(site.bodies, works, strict=True):
        rows = ledger.rows[work.draw.first : work.draw.last + 1]
        # All parts of the ore pay their share: none can be drawn and its fill left out.
        shares = [row["fill_usd"] / row["ore_t"] for row in rows]
        assert min(shares) == pytest.approx(max(shares))
        paid[stope.name] = sum(row["fill_usd"] for row in rows) / (stope.void_m3 * 0.9)
        merged = work.fill == work.draw
        assert all(merged == (row["fill_m3"] > 0) for row in rows)
    # S02 and S04 are even and wait; S03 is odd: its fill is laid bare on both levels
    assert paid["L02-S03-1"] == pytest.approx(20.0)
    assert paid["L02-S02-1"] == paid["L02-S04-1"] == pytest.approx(5.0)
    filled = sum(row.get("fill_m3", 0.0) for row in ledger.rows)
    assert filled == pytest.approx(sum(stope.void_m3 for stope in site.bodies) * 0.9)
    assert len(site.bodies) == len(PLACES)
