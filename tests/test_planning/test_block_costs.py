"""Do costs follow depth and zone, and is a zone without a factor never taken for another?"""

import numpy as np
import pytest
from support.block_values import terms

from deposits.errors import DataError
from planning.economics.block_costs import (
    ore_cost_usd_per_t,
    rock_cost_usd_per_t,
    stope_cost_usd_per_t,
)

ZONES = {"value": {"mining": {"zone_field": "rock", "zones": {"jasperoid": 1.5, "shale": 1.0}}}}
OTHER = {"value": {"mining": {"zone_field": "rock", "zones": {"jasperoid": 1.5, "other": 0.9}}}}


def test_rock_costs_more_below_and_above_the_reference_elevation():
    """2 + 0.6 at 800 m; 100 m below adds 0.4, 100 m above 0.2."""
    cost = rock_cost_usd_per_t([700.0, 800.0, 900.0], None, terms())
    assert cost == pytest.approx([3.0, 2.6, 2.8])


def test_stopes_have_their_own_costs():
    cost = stope_cost_usd_per_t([700.0, 800.0, 900.0], None, terms())
    assert cost == pytest.approx([35.0, 33.0, 34.0])
    assert terms().level_opening_usd == 1e6


def test_ore_bears_processing_general_cost_sustaining_capital_and_its_haulage():
    assert ore_cost_usd_per_t(terms()) == 38.0


def test_the_factor_of_a_zone_is_on_mining_and_not_on_haulage():
    own = terms(ZONES)
    cost = rock_cost_usd_per_t([800.0, 700.0], np.array(["jasperoid", "shale"]), own)
    assert cost == pytest.approx([2 * 1.5 + 0.6, 2 + 0.6 + 0.4])


def test_other_holds_for_zones_not_listed_and_for_blanks():
    zones = np.array(["jasperoid", "fault", None, np.nan], dtype=object)
    cost = rock_cost_usd_per_t([800.0] * 4, zones, terms(OTHER))
    assert cost == pytest.approx([3.6, 2.4, 2.4, 2.4])


def test_zones_without_a_factor_are_named_with_the_nearest():
    with pytest.raises(DataError) as caught:
        rock_cost_usd_per_t([800.0] * 3, ["jasperoit", "shale", None], terms(ZONES))
    assert 'found jasperoit; allowed jasperoid, shale. Did you mean "jasperoid"?' in str(
        caught.value
    )
    assert "blocks without a zone; found 1" in str(caught.value)


def test_a_cost_by_zone_needs_the_zones():
    with pytest.raises(DataError, match="Give the field rock of the blocks"):
        rock_cost_usd_per_t([800.0], None, terms(ZONES))


def test_zones_and_elevations_belong_together():
    with pytest.raises(DataError, match="2 zones, 1 elevations"):
        rock_cost_usd_per_t([800.0], ["shale", "shale"], terms(ZONES))


def test_an_elevation_that_is_not_known_has_no_cost():
    assert np.isnan(rock_cost_usd_per_t([np.nan], None, terms())[0])


@pytest.mark.parametrize(
    ("work_out", "key"),
    [
        (lambda own: rock_cost_usd_per_t([1.0], None, own), "value.mining"),
        (lambda own: stope_cost_usd_per_t([1.0], None, own), "value.stoping"),
        (ore_cost_usd_per_t, "value.ore_haulage_usd_per_t_ore"),
    ],
)
def test_a_cost_that_is_not_stated_stops_and_names_its_key(work_out, key):
    with pytest.raises(DataError, match=f"key {key}: not stated"):
        work_out(terms(None, key))
