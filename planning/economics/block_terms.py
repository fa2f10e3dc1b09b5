"""How do the tables [economics], [plants.NAME] and [value] become the terms of a block?"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from deposits.errors import Checked, Problem
from deposits.stated import Stated
from deposits.study_values import Table
from deposits.tables import did_you_mean
from planning.economics.block_config import (
    AuRecoveryCurve,
    ConcentrateCurve,
    DepthCostTable,
    LaneTable,
    MiningTable,
    SbRecoveryCurve,
    StopingTable,
    ValueTable,
)
from planning.economics.block_nouns import (
    PENALISED,
    TERMS_OF_NSR,
    TERMS_OF_ORE,
    DepthCost,
    Need,
    Penalty,
    Statement,
    YearLimits,
)
from planning.economics.block_nouns import BlockTerms as BlockTerms
from planning.economics.config import Economics, Plant
from planning.economics.nsr import GOLD_TERMS, Terms, key_of, stated_terms, terms_of
from planning.economics.plant import Amounts, throughput_t_per_year
from planning.economics.recovery import Curve

#: Field of `Terms` -> what it is, and its unit.
LABELS: Mapping[str, tuple[str, str]] = {
    "sb_price": ("price of antimony", "USD/t"),
    "sb_payability": ("antimony paid for", "fraction"),
    "sb_recovery": ("antimony recovery", "fraction"),
    "concentrate_sb_pct": ("grade of the concentrate", "% Sb"),
    "treatment": ("treatment charge", "USD/t dry concentrate"),
    "transport": ("transport of the concentrate", "USD/t wet concentrate"),
    "penalties": ("penalties, flat", "USD/t dry concentrate"),
    "royalty": ("royalty on a positive return", "fraction"),
    "au_price": ("price of gold", "USD/troy oz"),
    "au_payability": ("gold paid for", "fraction"),
    "au_recovery": ("gold recovery to the concentrate", "fraction"),
    "mining": ("mining, mean of the operation", "USD/t ore"),
    "processing": ("processing", "USD/t ore"),
    "general": ("general and administration", "USD/t ore"),
    "sustaining": ("sustaining capital", "USD/t ore"),
    "initial_capital": ("initial capital", "USD"),
    "discount_rate": ("discount rate, real", "fraction a year"),
    "tax": ("tax", "fraction"),
}
OWN_LABELS: Mapping[str, tuple[str, str]] = {
    "moisture_fraction": ("moisture of the concentrate as shipped", "fraction of the wet mass"),
    "sb_refining_usd_per_t_sb": ("refining charge, antimony", "USD/t payable Sb"),
    "au_refining_usd_per_oz": ("refining charge, gold", "USD/troy oz payable"),
    "ore_haulage_usd_per_t_ore": ("haulage of ore to the plant", "USD/t ore"),
}
PENALTY_LABELS: Mapping[str, tuple[str, str]] = {
    "recovery_fraction": ("recovery to the concentrate", "fraction"),
    "free_up_to_pct": ("free of penalty up to", "% of the concentrate"),
    "step_pct": ("step of the penalty", "% of the concentrate"),
    "usd_per_t_concentrate_per_step": ("penalty for a step", "USD/t dry concentrate"),
    "reject_above_pct": ("concentrate refused above", "% of the concentrate"),
}
DEPTH_LABELS: Mapping[str, tuple[str, str]] = {
    "reference_elevation_m": ("reference elevation", "m"),
    "cost_usd_per_t_rock": ("mining without haulage", "USD/t rock"),
    "cost_usd_per_t_ore": ("stoping without haulage", "USD/t ore"),
    "haulage_usd_per_t_rock": ("haulage at the reference elevation", "USD/t rock"),
    "haulage_usd_per_t_ore": ("haulage at the reference elevation", "USD/t ore"),
    "haulage_below_usd_per_t_per_m": ("haulage added for each metre below", "USD/t/m"),
    "haulage_above_usd_per_t_per_m": ("haulage added for each metre above", "USD/t/m"),
    "level_opening_usd": ("opening of a level", "USD"),
}
LANE_LABELS: Mapping[str, tuple[str, str]] = {
    "mine_limit_t_per_year": ("limit of the mine", "t/yr"),
    "plant_limit_t_per_year": ("limit of the plant", "t ore/yr"),
    "market_limit_t_sb_per_year": ("limit of the market", "t Sb/yr in concentrate"),
    "fixed_cost_usd_per_year": ("cost of a year whatever is mined", "USD/yr"),
}


class _Curves(NamedTuple):
    """Metallurgy by head grade; None is not known."""

    sb_recovery: Curve | None
    au_recovery: Curve | None
    concentrate: Curve | None


def block_terms(
    economics: Economics, plants: Mapping[str, Plant], value: ValueTable
) -> Checked[BlockTerms]:
    """Gather everything that a block is valued with.

    Parameters
    ----------
    economics : Economics
        Table ``[economics]``.
    plants : mapping of str to Plant
        Tables ``[plants.NAME]``.
    value : ValueTable
        Table ``[value]``.

    Returns
    -------
    Checked of BlockTerms
        An error where the plant does not exist. Figures that are not stated are no error: the
        terms list their keys, and `BlockTerms.require` refuses to go on without them.
    """
    if value.plant not in plants:
        allowed, remedy = ", ".join(plants) or "none", did_you_mean(value.plant, plants)
        fact = "no such plant in the study"
        return Checked(None, (Problem(fact, "key value.plant", value.plant, allowed, remedy),))
    plant = plants[value.plant]
    base = terms_of(economics, plant, value.plant)
    curves, limits = _curves(value, base), _limits(value.lane, plant)
    terms = BlockTerms(
        base=base,
        fields=dict(value.grades),
        **curves._asdict(),
        moisture=_base(value.moisture_fraction),
        sb_refining=_base(value.sb_refining_usd_per_t_sb),
        au_refining=_base(value.au_refining_usd_per_oz),
        ore_haulage=_base(value.ore_haulage_usd_per_t_ore),
        flat_penalty=None if value.penalties is not None else _number(base.penalties),
        penalties=tuple(_penalties(value)),
        mining=_depth_cost(value.mining),
        stoping=_depth_cost(value.stoping),
        level_opening_usd=_base(value.stoping.level_opening_usd) if value.stoping else None,
        limits=limits,
        needed=_needed(base, value, curves, limits),
        statements=tuple(_statements(economics, plant, value)),
    )
    return Checked(terms, _warnings(economics, value))


def _base(stated: Stated | None) -> float | None:
    return None if stated is None else stated.base


def _number(value: Amounts | None) -> float | None:
    return None if value is None else float(value)


def _curves(value: ValueTable, base: Terms) -> _Curves:
    """Take the curve of [value], else the plant's constant, else nothing."""
    pairs = (
        (value.sb_recovery, base.sb_recovery),
        (value.au_recovery, base.au_recovery),
        (value.concentrate, base.concentrate_sb_pct),
    )
    found = [
        table.curve if table else None if own is None else Curve.constant(float(own))
        for table, own in pairs
    ]
    return _Curves(*found)


def _limits(lane: LaneTable | None, plant: Plant) -> YearLimits:
    """Limits of a year; the plant's own rate where none is stated."""
    table = lane or LaneTable()
    rate = throughput_t_per_year(
        _base(plant.nameplate_t_per_year), _base(plant.availability_fraction)
    )
    stated = _base(table.plant_limit_t_per_year)
    return YearLimits(
        mine_t=_base(table.mine_limit_t_per_year),
        plant_t=_number(rate) if stated is None else stated,
        market_t_sb=_base(table.market_limit_t_sb_per_year),
        fixed_usd=_base(table.fixed_cost_usd_per_year),
    )


def _needed(
    base: Terms, value: ValueTable, curves: _Curves, limits: YearLimits
) -> dict[Need, tuple[str, ...]]:
    """List the missing keys by what needs them."""
    plant_rate = () if limits.plant_t else (f"plants.{value.plant}.nameplate_t_per_year",)
    yearly = _absent(value.lane, "value.lane", ("fixed_cost_usd_per_year",))
    return {
        "nsr": (*_missing_of_nsr(base, value, curves),),
        "gold": (*_missing_of_gold(base, value, curves),),
        "ore": (
            *base.missing(TERMS_OF_ORE),
            *_absent(value, "value", ("ore_haulage_usd_per_t_ore",)),
        ),
        "rock": _absent(value.mining, "value.mining", _cost_fields(MiningTable)),
        "stope": _absent(value.stoping, "value.stoping", _cost_fields(StopingTable)),
        "lane": (*base.missing(("discount_rate",)), *plant_rate, *yearly),
    }


def _cost_fields(table: type[DepthCostTable]) -> tuple[str, ...]:
    """Figures without which a cost by depth is not known."""
    names = [name for name in DEPTH_LABELS if name in table.model_fields]
    return tuple(name for name in names if name != "level_opening_usd")


def _absent(table: Table | None, place: str, names: Iterable[str]) -> tuple[str, ...]:
    """Keys of those of *names* that are not stated; the table's own key when it is not there."""
    if table is None:
        return (place,)
    return tuple(f"{place}.{name}" for name in names if getattr(table, name) is None)


def _missing_of_nsr(base: Terms, value: ValueTable, curves: _Curves) -> Iterator[str]:
    """Keys that keep the return of a block from being known."""
    yield from base.missing(TERMS_OF_NSR)
    if curves.sb_recovery is None:
        yield key_of("sb_recovery", value.plant)
    if curves.concentrate is None:
        yield key_of("concentrate_sb_pct", value.plant)
    yield from _absent(value, "value", ("moisture_fraction", "sb_refining_usd_per_t_sb"))
    if value.penalties is None:
        yield from base.missing(("penalties",))
        return
    for element in PENALISED:
        if element in value.grades and element not in value.penalties:
            yield f"value.penalties.{element}"
    for element, table in value.penalties.items():
        rate = table.usd_per_t_concentrate_per_step
        names = ["usd_per_t_concentrate_per_step"]
        if rate is None or rate.base > 0.0:
            names += ["recovery_fraction", "free_up_to_pct", "step_pct"]
        elif table.reject_above_pct is not None:
            names += ["recovery_fraction"]
        yield from _absent(table, f"value.penalties.{element}", names)


def _missing_of_gold(base: Terms, value: ValueTable, curves: _Curves) -> Iterator[str]:
    """Keys that keep gold out of the return."""
    if "au" not in value.grades:
        yield "value.grades.au"
    yield from base.missing(name for name in GOLD_TERMS if name != "au_recovery")
    if curves.au_recovery is None:
        yield key_of("au_recovery", value.plant)
    yield from _absent(value, "value", ("au_refining_usd_per_oz",))


def _penalties(value: ValueTable) -> Iterator[Penalty]:
    """Penalties as numbers; one that lacks a figure costs NaN, and its key is among the missing."""
    for element, table in (value.penalties or {}).items():
        rate = _base(table.usd_per_t_concentrate_per_step)
        unknown = 0.0 if rate == 0.0 else math.nan
        yield Penalty(
            element=element,
            column=value.grades[element],
            recovery=_or(table.recovery_fraction, unknown),
            free_pct=_or(table.free_up_to_pct, unknown),
            step_pct=_or(table.step_pct, 1.0 if rate == 0.0 else math.nan),
            usd_per_step=math.nan if rate is None else rate,
            reject_above_pct=_base(table.reject_above_pct),
        )


def _or(stated: Stated | None, otherwise: float) -> float:
    return otherwise if stated is None else stated.base


def _depth_cost(table: MiningTable | StopingTable | None) -> DepthCost | None:
    """Turn a table into numbers; None where a figure is missing."""
    if table is None or _absent(table, "", _cost_fields(type(table))):
        return None
    unit = "rock" if isinstance(table, MiningTable) else "ore"
    numbers = [
        float(getattr(table, name).base)
        for name in (
            f"cost_usd_per_t_{unit}",
            f"haulage_usd_per_t_{unit}",
            "haulage_below_usd_per_t_per_m",
            "haulage_above_usd_per_t_per_m",
            "reference_elevation_m",
        )
    ]
    zones = {name: factor.base for name, factor in table.zones.items()}
    cost, haulage, below, above, reference = numbers
    return DepthCost(cost, haulage, below, above, reference, table.zone_field, zones)


def _statements(economics: Economics, plant: Plant, value: ValueTable) -> Iterator[Statement]:
    """List every input that is stated, with its unit, kind and source."""
    curves: dict[str, SbRecoveryCurve | AuRecoveryCurve | ConcentrateCurve | None] = {
        "sb_recovery": value.sb_recovery,
        "au_recovery": value.au_recovery,
        "concentrate_sb_pct": value.concentrate,
    }
    replaced = [name for name, table in curves.items() if table] + (
        ["penalties"] if value.penalties is not None else []
    )
    for name, stated in stated_terms(economics, plant).items():
        if stated is not None and name not in replaced:
            yield _statement(key_of(name, value.plant), LABELS[name], stated)
    for name, table in curves.items():
        if table is not None:
            key = "concentrate" if name == "concentrate_sb_pct" else name
            label, unit = LABELS[name]
            points = _points(table)
            yield Statement(f"value.{key}", label, unit, points, table.kind, table.source)
    yield from _stated_in(value, "value", OWN_LABELS)
    for element, penalty in (value.penalties or {}).items():
        for found in _stated_in(penalty, f"value.penalties.{element}", PENALTY_LABELS):
            yield replace(found, label=f"{element.capitalize()}: {found.label}")
    for part, costs in (("mining", value.mining), ("stoping", value.stoping)):
        if costs is not None:
            yield from _stated_in(costs, f"value.{part}", DEPTH_LABELS)
            for zone, factor in costs.zones.items():
                about = (f"cost factor in {zone}", "factor")
                yield _statement(f"value.{part}.zones.{zone}", about, factor)
    if value.lane is not None:
        yield from _stated_in(value.lane, "value.lane", LANE_LABELS)


def _stated_in(
    table: Table, place: str, labels: Mapping[str, tuple[str, str]]
) -> Iterator[Statement]:
    """List the stated figures of one table."""
    for name, about in labels.items():
        stated = getattr(table, name, None)
        if stated is not None:
            yield _statement(f"{place}.{name}", about, stated)


def _statement(key: str, about: tuple[str, str], stated: Stated) -> Statement:
    return Statement(key, *about, stated.base, stated.kind, stated.source)


def _points(table: SbRecoveryCurve | AuRecoveryCurve | ConcentrateCurve) -> str:
    """Write a curve's points in one line."""
    unit = "g/t Au" if isinstance(table, AuRecoveryCurve) else "% Sb"
    curve = table.curve
    pairs = [f"{v:g} at {h:g}" for h, v in zip(curve.heads, curve.values, strict=True)]
    return f"{'; '.join(pairs)} {unit}"


def _warnings(economics: Economics, value: ValueTable) -> tuple[Problem, ...]:
    """Warn of two penalties for one thing."""
    flat = economics.penalties_usd_per_t_concentrate
    if value.penalties is None or flat is None or flat.base == 0.0:
        return ()
    fact = "blocks are valued with [value.penalties], not with the flat penalty"
    place, found = "key economics.penalties_usd_per_t_concentrate", f"{flat.base:g} USD/t"
    return (Problem(fact, place, found, severity="warning"),)
