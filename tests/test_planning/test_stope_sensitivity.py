"""Do stopes follow cut-off and price as they must?"""

from dataclasses import replace

import numpy as np
import pytest
from support.stope_mine import RULES, small_mine

from deposits.errors import DataError
from planning.limits.stopes.layout import lay_out
from planning.limits.stopes.layout_rules import LayoutRules
from planning.limits.stopes.rules import StopeCosts, nsr_value
from planning.limits.stopes.sensitivity import (
    CUTOFFS,
    SensitivityRules,
    by_cutoff,
    by_price,
    direct_shipping,
)
from planning.limits.stopes.table import TableFields, stope_table

CASE = SensitivityRules(
    stopes=RULES, layout=LayoutRules(least_run=2, level_cost=1e5), grade="sb_pct"
)


@pytest.fixture(scope="module")
def rows():
    return by_cutoff(small_mine()[1], CASE)


def test_dearer_ground_gives_less_and_richer_ore(rows):
    assert [row["cutoff_sb_pct"] for row in rows] == list(CUTOFFS)
    ore = [row["ore_t"] for row in rows]
    assert ore == sorted(ore, reverse=True) and ore[0] > ore[4] > 0
    held = [row for row in rows if row["stopes"]]
    # A layout rule may bring a poor panel along, no stope below its cut-off.
    assert all(row["sb_pct"] >= row["cutoff_sb_pct"] for row in held)
    assert all(row["status"] == "proven" for row in rows)
    share = [row["share_of_sb"] for row in rows]
    assert share == sorted(share, reverse=True) and 0.3 < share[0] < 1
    assert rows[-1]["stopes"] == 0 and rows[-1]["sb_pct"] is None and rows[-1]["sb_t"] == 0


def test_one_cutoff_is_the_layout_of_the_table(rows):
    _, cells, _, panels = small_mine()
    layout = lay_out(panels, replace(CASE.layout, level_cost=0.0))
    table = stope_table(layout.stopes, cells, RULES, TableFields(grades=("sb_pct",)))
    row = rows[CUTOFFS.index(1.5)]
    assert row["stopes"] == len(layout.stopes)
    assert row["ore_t"] == pytest.approx(table.totals["recovered_t"], rel=1e-12)
    assert row["sb_pct"] == pytest.approx(table.totals["diluted_sb_pct"], rel=1e-12)
    assert row["sb_t"] == pytest.approx(table.totals["recovered_sb_t"], rel=1e-12)


def test_worth_grows_with_the_price():
    _, cells, _, _ = small_mine()

    def case_of(factor):
        # Tonnes times (40 x grade - 20) at the study's prices; the 20 USD/t do not move.
        moved = factor * (cells.metal["nsr"] + 20.0 * cells.tonnes) - 20.0 * cells.tonnes
        priced = replace(cells, metal={**cells.metal, "nsr": moved})
        return priced, nsr_value(
            priced,
            "nsr",
            StopeCosts(mining_usd_per_t=45.0, ore_usd_per_t=15.0),
            RULES.mining_recovery,
        )

    rows = by_price(case_of, CASE, (0.1, 0.6, 1.0, 1.5))
    value = [row["value_usd"] for row in rows]
    assert value == sorted(value) and value[0] == 0.0 and value[1] > 0
    ore = [row["ore_t"] for row in rows]
    assert ore[0] == 0.0 and ore == sorted(ore)
    with pytest.raises(DataError, match="not money"):
        by_price(lambda factor: (cells, small_mine()[2]), CASE, (1.0,))


def test_direct_shipping_counts_the_stopes_that_are_rich_enough():
    _, cells, _, panels = small_mine()
    rows = stope_table(panels.stopes, cells, RULES, TableFields(grades=("sb_pct",))).rows
    ranked = np.sort(rows["diluted_sb_pct"].to_numpy())[::-1]
    least = float(ranked[4])
    found = direct_shipping(panels.stopes, cells, CASE, least, 10_000.0)
    rich = rows[rows["diluted_sb_pct"] >= least]
    assert found["stopes"] == len(rich) == 5
    assert found["ore_t"] == pytest.approx(rich["recovered_t"].sum(), rel=1e-12)
    assert found["share_of_ore"] == pytest.approx(
        rich["recovered_t"].sum() / rows["recovered_t"].sum(), rel=1e-12
    )
    assert found["sb_pct"] == pytest.approx(
        (rich["recovered_t"] * rich["diluted_sb_pct"]).sum() / rich["recovered_t"].sum(), rel=1e-12
    )
    assert found["years_at_rate"] == pytest.approx(found["ore_t"] / 10_000.0)
    above = direct_shipping(panels.stopes, cells, CASE, float(np.nextafter(least, 99)))
    assert above["stopes"] == 4 and above["years_at_rate"] is None
    none = direct_shipping(panels.stopes, cells, CASE, 99.0)
    assert none["ore_t"] == 0.0 and none["sb_pct"] is None and none["share_of_ore"] == 0.0
    assert none["richest_sb_pct"] == pytest.approx(float(ranked[0]), rel=1e-12)
    nothing = direct_shipping([], cells, CASE)
    assert nothing["share_of_ore"] is None and nothing["richest_sb_pct"] is None
