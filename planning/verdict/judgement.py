"""Does the plan hold, since when not, and on which assumptions does that rest?"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

from deposits.display import round_for_reading
from deposits.stated import Stated
from planning.config import PlanTable
from planning.economics.nsr import cost_per_t_ore
from planning.verdict.gates import Joined, Test, join
from planning.verdict.situation import Situation, Yearly
from planning.verdict.throughput import run_gates


@dataclass(frozen=True, slots=True, eq=False)
class Verdict:
    """Whether a plan holds, and why.

    Parameters
    ----------
    reading : str
        "as claimed" or "as a planner reads it".
    joined : Joined
        What the gates say together.
    conditional_on : tuple of str
        Keys of the assumptions it rests on.
    first_failing_year : int or None
        First year without enough ore [count from 1].
    tests : tuple of Test
        Gates first, then context.
    """

    plan: str
    reading: str
    joined: Joined
    conditional_on: tuple[str, ...]
    target_t_per_year: float
    horizon_years: float
    first_failing_year: int | None
    tests: tuple[Test, ...]
    sentence: str
    route: str = "evidence"
    synthetic: bool = False

    @property
    def holds(self) -> bool | None:
        """True, False, or None while it is open."""
        return self.joined.holds

    def to_dict(self) -> dict[str, Any]:
        """Return the verdict as plain JSON values."""
        return {
            "plan": self.plan,
            "reading": self.reading,
            "holds": self.joined.holds,
            "share_of_draws": self.joined.share_of_draws,
            "conditional_on": list(self.conditional_on),
            "missing": list(self.joined.missing),
            "target_t_per_year": self.target_t_per_year,
            "horizon_years": self.horizon_years,
            "binding": self.joined.binding,
            "first_failing_year": self.first_failing_year,
            "route": self.route,
            "synthetic": self.synthetic,
            "sentence": self.sentence,
            "tests": [test.to_dict() for test in self.tests],
        }


def judge(situation: Situation, year: Yearly, context: tuple[Test, ...]) -> Verdict:
    """Join the gates of a plan into a verdict.

    Parameters
    ----------
    situation : Situation
        The plan and what it is tested with.
    year : Yearly
        A full year of it, over the horizon that it must hold.
    context : tuple of Test
        What is shown beside the gates.

    Returns
    -------
    Verdict
    """
    gates = run_gates(situation, year)
    joined = join(gates, situation.thresholds)
    verdict = Verdict(
        plan=situation.plan.name,
        reading=situation.plan.reading,
        joined=joined,
        conditional_on=_assumptions(situation),
        target_t_per_year=situation.plan.throughput_t_per_year.base,
        horizon_years=year.horizon_years,
        first_failing_year=_first_failing_year(gates, situation.plan, year.horizon_years),
        tests=(*gates, *context),
        sentence="",
    )
    return replace(verdict, sentence=say(verdict))


def _first_failing_year(
    gates: tuple[Test, ...], plan: PlanTable, horizon_years: float
) -> int | None:
    """Return the year in which ore runs out, or 1 if a capacity fails from the start.

    None where the base case lasts the horizon and only the draws fail: no year is named then.
    """
    failing = {gate.name: gate for gate in gates if gate.passes is False}
    if any(name != "ore_supply" for name in failing):
        return 1
    if "ore_supply" not in failing or failing["ore_supply"].value is None:
        return None
    ore = failing["ore_supply"].value
    years = range(1, math.ceil(horizon_years) + 1)
    return next((y for y in years if plan.ore_needed_t(min(y, horizon_years)) > ore), None)


def _assumptions(situation: Situation) -> tuple[str, ...]:
    """List the study keys of assumed numbers that the gates rest on."""
    plan, plant_key = situation.plan, f"plants.{situation.plant_id}"
    inputs: dict[str, Stated | None] = {
        "plan.throughput_t_per_year": plan.throughput_t_per_year,
        "plan.horizon_years": plan.horizon_years,
        "plan.ramp_up_years": plan.ramp_up_years,
        "plan.required_head_grade_sb_pct": plan.required_head_grade_sb_pct,
        "plan.mining_recovery_fraction": plan.mining_recovery_fraction,
        "plan.dilution_fraction": plan.dilution_fraction,
        "plan.mine_capacity_t_per_year": plan.mine_capacity_t_per_year,
        f"{plant_key}.nameplate_t_per_year": situation.plant.nameplate_t_per_year,
        f"{plant_key}.availability_fraction": situation.plant.availability_fraction,
    }
    assumed = [key for key, stated in inputs.items() if stated and stated.kind == "assumed"]
    for resource in situation.supply.resources:
        if resource.kind == "assumed":
            ids = ", ".join(s.statement_id for s in resource.statements)
            assumed.append(f"evidence.statements: {ids}")
        if resource.law_kind == "assumed" and _uses_law(situation):
            assumed.append(f"fields.{resource.field}.grade_law")
    if "plan.dilution_fraction" in situation.supply.factors.missing and situation.supply.resources:
        assumed.append("plan.most_dilution_fraction")
    if cost_per_t_ore(situation.terms) is not None:
        assumed += situation.terms.assumed(situation.terms.kinds)
    return tuple(dict.fromkeys(assumed))


def _uses_law(situation: Situation) -> bool:
    """Whether the gates cut the ore: at a claimed grade, a cut-off, or a break-even."""
    plan = situation.plan
    cut = (plan.required_head_grade_sb_pct, plan.cutoff_sb_pct, cost_per_t_ore(situation.terms))
    return any(part is not None for part in cut)


def say(verdict: Verdict) -> str:
    """Say a verdict: what was asked, whether it holds, and the reason."""
    rate = f"{verdict.target_t_per_year:,.0f} t of ore a year for {verdict.horizon_years:g} years"
    opening = f"{verdict.plan}, {verdict.reading} ({rate})"
    gates = {test.name: test for test in verdict.tests if test.role == "gate"}
    if verdict.holds is None:
        open_gates = ", ".join(_small(g.title) for g in gates.values() if g.passes is None)
        return f"{opening}: not known. Open: {open_gates or 'no gate could be worked out'}."
    share = verdict.joined.share_of_draws
    draws = "" if share is None else f" in {share:.0%} of draws under the stated assumptions"
    if verdict.holds:
        return f"{opening}: holds{draws}."
    binding = gates[verdict.joined.binding or ""]
    found = f"{_figure(binding.value)} against {_figure(binding.limit)} {binding.unit}"
    note = f" ({binding.note})" if binding.note else ""
    year = verdict.first_failing_year
    when = f" It runs out in year {year}." if year and binding.name == "ore_supply" else ""
    if binding.margin is not None and binding.margin >= 0:
        when = " The base case passes; most draws do not."
    held = f", but{draws}" if share else ""
    return f"{opening}: does not hold{held}. {binding.title}: {found}{note}.{when}"


def _small(title: str) -> str:
    """Begin a title in the middle of a sentence."""
    return title[:1].lower() + title[1:]


def _figure(value: float | None) -> str:
    """Write a figure of a sentence."""
    if value is not None and abs(value) >= 1e6:
        millions = f"{value / 1e6:.2f}"
        return f"{millions.removesuffix('0')} million"
    return round_for_reading(value, 3)
