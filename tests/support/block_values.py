"""A small, complete set of value tables, from which tests take away and change."""

import copy
import tomllib
from typing import Any

from deposits.study import merge, validate
from planning.economics.block_config import ValueTable
from planning.economics.block_terms import BlockTerms, block_terms
from planning.economics.config import Economics, Plant

#: Round figures, so that a return can be worked out by hand.
TABLES = tomllib.loads(
    """
    [economics]
    discount_rate_fraction = 0.10
    sb_payability_fraction = { value = 0.7, kind = "reported", source = "a contract, 2026" }
    au_payability_fraction = 0.5
    treatment_charge_usd_per_t_concentrate = 100
    transport_usd_per_t_concentrate = 90
    royalty_fraction_of_nsr = 0.05
    mining_cost_usd_per_t_ore = 40
    processing_cost_usd_per_t_ore = 20
    general_cost_usd_per_t_ore = 10
    sustaining_capital_usd_per_t_ore = 5
    [economics.sb_price]
    usd_per_t = 25000
    market = "Rotterdam"
    vat = "excluded"
    date = "2026-06"
    [economics.au_price]
    usd_per_oz = 3110.34768
    market = "London"
    vat = "excluded"
    date = "2026-06"
    [plants.mill]
    name = "Mill"
    nameplate_t_per_year = 700000
    sb_recovery_fraction = 0.85
    au_recovery_fraction = 0.4
    concentrate_sb_pct = 50
    [value]
    plant = "mill"
    grades = { sb = "sb_pct", au = "au_gpt", hg = "hg_pct", as = "as_pct" }
    moisture_fraction = 0.1
    sb_refining_usd_per_t_sb = 0
    au_refining_usd_per_oz = 10
    ore_haulage_usd_per_t_ore = 3
    [value.penalties.hg]
    recovery_fraction = 0.5
    free_up_to_pct = 0.1
    step_pct = 0.01
    usd_per_t_concentrate_per_step = 3
    reject_above_pct = 0.25
    [value.penalties.as]
    usd_per_t_concentrate_per_step = { value = 0, source = "the buyer deducts nothing" }
    [value.mining]
    reference_elevation_m = 800
    cost_usd_per_t_rock = 2
    haulage_usd_per_t_rock = 0.6
    haulage_below_usd_per_t_per_m = 0.004
    haulage_above_usd_per_t_per_m = 0.002
    [value.stoping]
    reference_elevation_m = 800
    cost_usd_per_t_ore = 30
    haulage_usd_per_t_ore = 3
    haulage_below_usd_per_t_per_m = 0.02
    haulage_above_usd_per_t_per_m = 0.01
    level_opening_usd = 1000000
    [value.lane]
    mine_limit_t_per_year = 1400000
    market_limit_t_sb_per_year = 15000
    fixed_cost_usd_per_year = 5000000
    """
)
CURVES = {
    "sb_recovery": {
        "head_sb_pct": [0.2, 0.5, 1, 2, 4, 8, 15],
        "fraction": [0.55, 0.70, 0.79, 0.85, 0.89, 0.91, 0.92],
    },
    "concentrate": {"head_sb_pct": [0.5, 2, 6], "concentrate_sb_pct": [48, 50, 54]},
}


def tables(changes: dict[str, Any] | None = None, *without: str) -> dict[str, Any]:
    """Return the tables with some changed and some dotted keys taken out."""
    tree = merge(copy.deepcopy(TABLES), changes or {})
    for path in without:
        *way, last = path.split(".")
        table = tree
        for step in way:
            table = table[step]
        del table[last]
    return tree


def checked(tree: dict[str, Any]) -> ValueTable:
    """Fill the table [value], or raise with all that is wrong with it."""
    return validate(ValueTable, tree["value"], "value", file="study.toml").or_raise()


def terms(changes: dict[str, Any] | None = None, *without: str) -> BlockTerms:
    """Return the terms of the tables with some changed and some taken out."""
    tree = tables(changes, *without)
    economics = validate(Economics, tree["economics"], "economics", file="study.toml").or_raise()
    plants = {name: Plant.model_validate(table) for name, table in tree["plants"].items()}
    return block_terms(economics, plants, checked(tree)).or_raise()
