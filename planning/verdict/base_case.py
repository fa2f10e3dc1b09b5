"""What does one deterministic run of the plan come to, in ore, metal and money?"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from deposits.grade_tonnage import quantity
from planning.economics.cash_flow import Production, cash_flow, life_years, yearly_ore
from planning.economics.net_price import bearable_cost
from planning.economics.nsr import (
    NSR_TERMS,
    Terms,
    break_even_grade,
    cost_per_t_ore,
    missing_terms,
    net_smelter_return,
    terms_of,
)
from planning.verdict.situation import Situation, Yearly, supply_kind
from planning.verdict.supply import feed_of_all, run_of_mine, tonnes_at_grade


def run_base_case(situation: Situation, year: Yearly) -> dict[str, Any]:
    """Run the plan once, every range at its base figure.

    Parameters
    ----------
    situation : Situation
        The plan and what it is tested with.
    year : Yearly
        A full year of it, over the horizon that it must hold.

    Returns
    -------
    dict
        Plain JSON values with the unit in each key; None is not known, and ``missing`` lists the
        keys that would make more of it known.
    """
    plan = situation.plan
    rate = plan.throughput_t_per_year.base
    horizon_years = year.horizon_years
    terms = terms_of(situation.economics, situation.plant, situation.plant_id)
    grade = None if year.feed is None else float(year.feed.sb_pct[0])
    gold = None if year.feed is None or year.feed.au_gpt is None else float(year.feed.au_gpt[0])
    ore = _ore(situation)
    milled = _milled(situation, year, horizon_years)
    hg, arsenic = situation.plant.hg_pct_of_ore, situation.plant.as_pct_of_ore
    money = _money(situation, terms, (grade, gold), milled)
    missing = [*situation.supply.missing, *situation.supply.factors.missing, *money.pop("missing")]
    return {
        "throughput_t_per_year": rate,
        "horizon_years": horizon_years,
        "plant": situation.plant_id,
        "fields": list(situation.plant.feeds),
        "ore_needed_t": plan.ore_needed_t(horizon_years),
        "ore_available_t": ore,
        "ore_basis": _ore_basis(situation),
        "life_years": None if ore is None else life_years(ore, rate, plan.ramp_up_years.base),
        "head_grade_sb_pct": grade,
        "head_grade_basis": year.grade_basis,
        "head_grade_kind": year.grade_kind,
        "mean_grade_of_all_ore_sb_pct": _mean_grade(situation),
        "head_grade_au_gpt": gold,
        "ceiling_grade_sb_pct": _ceiling(situation, horizon_years),
        "sb_in_ore_t_per_year": _first(year.sb_in_ore_t),
        "concentrate_t_per_year": _number(year.concentrate_t),
        "concentrate_note": year.concentrate_note,
        "sb_in_concentrate_t_per_year": _first(year.sb_in_concentrate_t),
        "hg_in_ore_t_per_year": None if hg is None else rate * hg.base / 100.0,
        "as_in_ore_t_per_year": None if arsenic is None else rate * arsenic.base / 100.0,
        **money,
        "ranges": _ranges(year),
        "missing": list(dict.fromkeys(missing)),
    }


def _first(cases: Any) -> float | None:
    """Return the base case of an array of cases."""
    return None if cases is None else float(np.atleast_1d(cases)[0])


def _ore(situation: Situation) -> float | None:
    """Return run-of-mine ore of the base case [t]; None while a field is not known."""
    if not situation.supply.is_known:
        return None
    cutoff = situation.plan.cutoff_sb_pct
    return float(run_of_mine(situation.supply, cutoff.base if cutoff is not None else 0.0)[0][0])


def _ore_basis(situation: Situation) -> str:
    """Say what the ore is counted as."""
    if not situation.supply.is_known:
        return "not known"
    factors = "in situ, before loss and dilution"
    basis = factors if situation.supply.factors.missing else "run of mine"
    return f"{basis}; kind {supply_kind(situation.supply)}"


def _mean_grade(situation: Situation) -> float | None:
    """Return the mean run-of-mine grade of all ore at or above the plan's cut-off [% Sb]."""
    if not situation.supply.is_known:
        return None
    cutoff = situation.plan.cutoff_sb_pct
    return _number(feed_of_all(situation.supply, cutoff.base if cutoff is not None else 0.0).sb_pct)


def _ceiling(situation: Situation, horizon_years: float) -> float | None:
    """Return known metal, else the largest published, over all ore of the plan [% Sb]."""
    if situation.supply.is_known:
        metal = float(run_of_mine(situation.supply)[1][0])
    elif situation.ceiling is not None:
        metal = situation.ceiling.sb_t.base
    else:
        return None
    return metal / situation.plan.ore_needed_t(horizon_years) * 100.0


@dataclass(frozen=True, slots=True)
class Milled:
    """Ore that a value in money can be put on.

    Parameters
    ----------
    ore_t, sb_pct, au_gpt : float or None
        Ore over the horizon [t] and its grades; ore None has no value.
    basis : str
        What is valued, or why nothing is.
    """

    ore_t: float | None
    sb_pct: float | None = None
    au_gpt: float | None = None
    basis: str = ""


def _milled(situation: Situation, year: Yearly, horizon_years: float) -> Milled:
    """Find the ore to be valued: only ore that there is, and at the grade that there is."""
    need, ore = situation.plan.ore_needed_t(horizon_years), _ore(situation)
    if ore is None:
        return Milled(None, basis="no value: the ore is not known")
    claimed = situation.plan.required_head_grade_sb_pct
    if claimed is not None and _at_grade(situation, claimed.base) < need:
        return Milled(None, basis="no value: the ore of the claimed grade is not there")
    if year.feed is not None:
        gold = None if year.feed.au_gpt is None else float(year.feed.au_gpt[0])
        return Milled(need, float(year.feed.sb_pct[0]), gold, "the plan's feed over its horizon")
    if ore >= need:
        return Milled(None, basis="no value: no grade law of the ore is stated")
    cutoff = situation.plan.cutoff_sb_pct
    feed = feed_of_all(situation.supply, cutoff.base if cutoff is not None else 0.0)
    gold = None if feed.au_gpt is None else float(feed.au_gpt[0])
    return Milled(ore, float(feed.sb_pct[0]), gold, "all the ore there is, at its mean grade")


def _at_grade(situation: Situation, grade: float) -> float:
    """Return the ore that reaches a mean grade in the base case [t]."""
    if not situation.supply.has_laws:
        return 0.0
    return float(tonnes_at_grade(situation.supply, grade)[0])


def _money(
    situation: Situation,
    terms: Terms,
    head: tuple[float | None, float | None],
    milled: Milled,
) -> dict[str, Any]:
    """Return what can be said in money; a term that is not stated leaves None and its key."""
    economics = situation.economics
    grade, gold = head
    paid = net_smelter_return(grade, terms, gold)
    missing = missing_terms(economics, situation.plant, situation.plant_id)
    valuation = economics.valuation_date
    return {
        "sb_price_usd_per_t": _number(terms.sb_price),
        "bearable_cost_usd_per_t_ore": _bearable(terms, grade),
        "nsr_usd_per_t_ore": _number(paid.nsr),
        "net_return_usd_per_t_ore": _number(paid.net),
        "cost_usd_per_t_ore": _number(cost_per_t_ore(terms)),
        **_break_even(terms, gold),
        "gold_counted": not paid.gold_missing if not terms.missing(NSR_TERMS) else None,
        "discounting": economics.discounting,
        "valuation_date": None if valuation is None else str(valuation),
        **_value(situation, terms, milled),
        "money_kind": terms.kind(terms.kinds),
        "missing": missing,
    }


def _bearable(terms: Terms, grade: float | None) -> float | None:
    """Return the highest cost a tonne of ore could bear [USD/t]; None while a term is missing."""
    price, part, recovery = terms.sb_price, terms.sb_payability, terms.sb_recovery
    if grade is None or price is None or part is None or recovery is None:
        return None
    return float(bearable_cost(grade, recovery, part, price))


def _break_even(terms: Terms, gold: float | None) -> dict[str, Any]:
    """Return the break-even head grade, and a word where no grade can pay."""
    grade = break_even_grade(terms, gold).sb_pct
    hopeless = grade is not None and not np.isfinite(np.atleast_1d(grade)[0])
    note = "no grade can pay: charges take more than the price" if hopeless else ""
    return {"break_even_grade_sb_pct": _number(grade), "break_even_note": note}


def _value(situation: Situation, terms: Terms, milled: Milled) -> dict[str, Any]:
    """Return the plan's value; all None without ore, or while a term or the date is missing."""
    economics = situation.economics
    lacking = missing_terms(economics, situation.plant, situation.plant_id)
    if milled.ore_t is None or milled.sb_pct is None or milled.ore_t <= 0 or lacking:
        nothing = ("npv_usd", "irr_fraction", "payback_years", "cash_flow")
        basis = "no value: terms are not stated" if lacking else milled.basis
        return dict.fromkeys(nothing) | {"irr_note": "", "payback_note": "", "value_basis": basis}
    plan = situation.plan
    ore = yearly_ore(milled.ore_t, plan.throughput_t_per_year.base, plan.ramp_up_years.base)
    au_gpt = None if milled.au_gpt is None else np.full(ore.shape, milled.au_gpt)
    flow = cash_flow(
        Production(ore, np.full(ore.shape, milled.sb_pct), au_gpt),
        terms,
        economics.discounting,
        economics.valuation_date,
    )
    table = None
    if flow.table is not None:
        known = flow.table.astype(object).where(flow.table.notna(), None)
        table = known.to_dict(orient="records")
    return {
        "npv_usd": flow.npv_usd,
        "irr_fraction": flow.irr_fraction,
        "irr_note": flow.irr_reason,
        "payback_years": flow.payback_years,
        "payback_note": flow.payback_reason,
        "cash_flow": table,
        "value_basis": milled.basis,
    }


def _number(value: Any) -> float | None:
    """Return a finite number, else None."""
    if value is None:
        return None
    number = float(np.atleast_1d(value)[0])
    return number if np.isfinite(number) else None


def _ranges(year: Yearly) -> dict[str, Any]:
    """Return the ranges of the yearly figures under the stated assumptions."""
    arrays = {
        "head_grade_sb_pct": None if year.feed is None else year.feed.sb_pct,
        "sb_in_ore_t_per_year": year.sb_in_ore_t,
        "concentrate_t_per_year": year.concentrate_t,
        "sb_in_concentrate_t_per_year": year.sb_in_concentrate_t,
    }
    return {
        name: asdict(quantity(np.atleast_1d(cases)))
        for name, cases in arrays.items()
        if cases is not None
    }
