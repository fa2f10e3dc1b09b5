"""What does the summary say of the plan: verdicts, scenarios, claims, what would change it?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from deposits.stated import Stated
from deposits.study import StudyFile
from deposits.workflow import Ground
from planning.economics.net_price import bearable_cost_table, required_net_price_table
from planning.economics.nsr import terms_of
from planning.economics.price_basis import price_basis
from planning.economics.prices import quotes_from
from planning.tornado_cases import frontier, tornado_of
from planning.verdict.answers import Given, InverseAnswer, WorldOutput
from planning.verdict.claims import ClaimFacts, check_claims
from planning.verdict.inputs import PlanInputs
from planning.verdict.inverse import (
    blend_share,
    ceiling_grade,
    highest_rate,
    metal_a_year,
    ore_needed,
    rate_answering_to,
    rock_needed,
    share_of_world,
    size_answering_to,
)
from planning.verdict.inverse_plant import (
    concentrate_a_year,
    design_head_grade,
    ore_to_fill_line,
)
from planning.verdict.scenarios import Case, judge_case, run_case
from planning.verdict.situation import supply_kind, work_out_year
from planning.verdict.workings import workings_of

#: Scenario that reads the plan with the grade it claims, if the study has one.
CLAIMED = "as_claimed"


def summarise(study: StudyFile, ground: Ground, inputs: PlanInputs) -> dict[str, Any]:
    """Return this storey's part of ``summary.json``.

    Parameters
    ----------
    study : StudyFile
        The study as written.
    ground : Ground
        What is in the ground.
    inputs : PlanInputs
        What the plan and the claims are held against.

    Returns
    -------
    dict
        Under verdict, scenarios, claims, horizons, inverse, economics, tornado, frontier, headline.
    """
    base = run_case(study, ground, inputs)
    named = [run_case(study, ground, inputs, name) for name in study.scenario_names]
    cases = [base, *named]
    claimed = next((case for case in named if case.name == CLAIMED), None)
    readings = [base] if claimed is None else [claimed, base]
    return {
        "headline": " ".join(case.verdict.sentence for case in readings),
        "verdict": base.verdict.to_dict(),
        "scenarios": [case.to_dict() | {"workings": workings_of(case.situation)} for case in cases],
        "claims": _claims(ground, inputs),
        "horizons": _horizons(readings),
        "inverse": [answer.as_row() for answer in inverse_answers(base, claimed, named)],
        "economics": economics_tables(base) | {"price_basis": _price_basis(base, inputs)},
        "tornado": [
            row for case in (base, *named) for row in _tornado(study, ground, inputs, case)
        ],
        "frontier": [row for case in (base, *named) for row in frontier(case)],
    }


def _tornado(
    study: StudyFile, ground: Ground, inputs: PlanInputs, case: Case
) -> list[dict[str, Any]]:
    """Return the tornado of the study's plan, and of scenarios that have a value in money."""
    if case.name != "base" and case.base_case["npv_usd"] is None:
        return []
    return tornado_of(study, ground, inputs, case)


def _claims(ground: Ground, inputs: PlanInputs) -> list[dict[str, Any]]:
    """Hold the public story against the tables."""
    if inputs.market is None or inputs.evidence is None:
        return []
    facts = ClaimFacts(inputs.market, inputs.evidence, ground.inputs.statements)
    return [finding.as_json() for finding in check_claims(inputs.claims, facts)]


def _horizons(readings: Sequence[Case]) -> list[dict[str, Any]]:
    """Tabulate both readings over the study's horizons."""
    rows = []
    for horizon in readings[-1].config.plan.horizons_years:
        row: dict[str, Any] = {"horizon_years": horizon, "readings": {}}
        for case in readings:
            year = work_out_year(case.situation, horizon)
            verdict = judge_case(case.situation, case.config, year)
            row["readings"][verdict.reading] = {
                "holds": verdict.holds,
                "share_of_draws": verdict.joined.share_of_draws,
                "binding": verdict.joined.binding,
                "first_failing_year": verdict.first_failing_year,
                "missing": list(verdict.joined.missing),
            }
        rows.append(row)
    return rows


def inverse_answers(
    base: Case, claimed: Case | None, named: Sequence[Case] = ()
) -> list[InverseAnswer]:
    """Ask the plan backwards: which rate, how much ore, which blend would do?

    Parameters
    ----------
    base : Case
        The plan as a planner reads it.
    claimed : Case or None
        The plan with the grade it claims.
    named : sequence of Case
        Scenarios; those that only put other ore under the plan are asked for the rate it
        answers to.

    Returns
    -------
    list of InverseAnswer
        Questions about the claimed grade only where one is claimed.
    """
    situation, years = base.situation, base.config.plan.horizon_years.base
    plan, plant_id = situation.plan, situation.plant_id
    rate = _given("plan.throughput_t_per_year", plan.throughput_t_per_year)
    ore = _ore(base)
    plant = _given(f"plants.{plant_id}.nameplate_t_per_year", situation.plant.nameplate_t_per_year)
    mine = _given("plan.mine_capacity_t_per_year", plan.mine_capacity_t_per_year)
    recovery = _given("plan.mining_recovery_fraction", plan.mining_recovery_fraction)
    dilution = _given("plan.dilution_fraction", plan.dilution_fraction)
    answers = [
        highest_rate(ore, years, plant, mine),
        ore_needed(rate, years),
        rock_needed(rate, years, recovery, dilution),
        size_answering_to(rate),
        *_usual_rates(base, named),
        _design_grade(base),
    ]
    if situation.ceiling is not None:
        metal = _given("evidence.metal_ceiling.sb_t", situation.ceiling.sb_t)
        answers.append(ceiling_grade(metal, rate, years))
    if claimed is not None:
        answers += _about_the_claimed_grade(base, claimed, rate)
    return answers


def _ore(case: Case) -> Given:
    """Return the run-of-mine ore that a plan has, or what would make it known."""
    supply = case.situation.supply
    sources = "; ".join(dict.fromkeys(s.source for r in supply.resources for s in r.statements))
    key = ", ".join(supply.missing) or "evidence.statements"
    known = case.base_case["ore_available_t"]
    return Given(known, key, supply_kind(supply) if supply.is_known else "assumed", sources)


def _usual_rates(base: Case, named: Sequence[Case]) -> Iterator[InverseAnswer]:
    """Ask at which rate mines with so much ore usually run: the plan's, and each bounding case's.

    Scenarios that change more than the ore are passed over; their ore is one of these.
    """
    yield rate_answering_to(_ore(base))
    for case in named:
        moved = {key.rsplit(".", 1)[-1] for key in case.changes}
        if case.based_on is None and moved == {"bounding_case"}:
            yield rate_answering_to(_ore(case), case=case.title)


def _design_grade(case: Case) -> InverseAnswer:
    """Ask for which head grade the plant was designed."""
    plant, key = case.situation.plant, f"plants.{case.situation.plant_id}"
    return design_head_grade(
        _given(f"{key}.concentrate_design_t_per_year", plant.concentrate_design_t_per_year),
        _given(f"{key}.nameplate_t_per_year", plant.nameplate_t_per_year),
        _given(f"{key}.sb_recovery_fraction", plant.sb_recovery_fraction),
        _given(f"{key}.concentrate_sb_pct", plant.concentrate_sb_pct),
    )


def _about_the_claimed_grade(base: Case, claimed: Case, rate: Given) -> Iterator[InverseAnswer]:
    """Ask what the claimed grade would mean, and where it could be true."""
    situation = claimed.situation
    plant, key = situation.plant, f"plants.{situation.plant_id}"
    grade = situation.plan.required_head_grade_sb_pct
    rich = _given("plan.required_head_grade_sb_pct", grade)
    recovery = _given(f"{key}.sb_recovery_fraction", plant.sb_recovery_fraction)
    product = _given(f"{key}.concentrate_sb_pct", plant.concentrate_sb_pct)
    design = _given(f"{key}.concentrate_design_t_per_year", plant.concentrate_design_t_per_year)
    world = [
        WorldOutput(o.edition, o.year, o.sb_t, o.source)
        for o in situation.outputs
        if o.entity == _world(claimed)
    ]
    yield metal_a_year(rate, rich)
    yield share_of_world(rate, rich, world)
    yield concentrate_a_year(rate, rich, recovery, product, design)
    yield ore_to_fill_line(design, product, recovery, rich)
    grade_kind = base.base_case["head_grade_kind"]
    feed = Given(base.base_case["head_grade_sb_pct"], "head grade of the fields", grade_kind)
    if feed.value is not None:
        target = Given(feed.value + 0.5, "half a per cent above the feed", "assumed")
        yield blend_share(feed, rich, target, rate)


def _world(case: Case) -> str:
    """Return the name of the world's rows."""
    return "" if case.config.market is None else case.config.market.world


def _given(key: str, stated: Stated | None) -> Given:
    """Return a stated number as an input of a question."""
    if stated is None:
        return Given(None, key)
    return Given(stated.base, key, stated.kind, stated.source)


def _price_basis(base: Case, inputs: PlanInputs) -> list[dict[str, Any]]:
    """Hold the markets of the price series against each other; none without market tables."""
    if inputs.market is None:
        return []
    quotes = quotes_from(inputs.market.prices)
    rates = base.config.economics.exchange_rates
    return [pair.as_row() for pair in price_basis(quotes, rates)]


def economics_tables(base: Case) -> dict[str, Any]:
    """Say what can be said in money without published terms.

    Parameters
    ----------
    base : Case
        The plan, its economics and its deterministic run.

    Returns
    -------
    dict
        Under net_price_grid the highest cost a tonne of ore could bear over payability and price;
        under required_net_price what a tonne of antimony must bring over cost; grade and missing.
    """
    money, situation = base.config.economics, base.situation
    terms = terms_of(money, situation.plant, situation.plant_id)
    grade = base.base_case["head_grade_sb_pct"]
    recovery = None if terms.sb_recovery is None else float(terms.sb_recovery)
    grades = float("nan") if grade is None else grade
    bearable = bearable_cost_table(
        grades, recovery, money.payability_grid, money.price_grid_usd_per_t
    )
    required = required_net_price_table(grades, recovery, money.cost_grid_usd_per_t_ore)
    return {
        "title": "What a tonne of ore could bear, and what a tonne of antimony must bring",
        "note": "antimony only; before treatment, transport, penalties, royalty and capital",
        "head_grade_sb_pct": grade,
        "head_grade_basis": base.base_case["head_grade_basis"],
        "recovery_fraction": recovery,
        "net_price_grid": _records(bearable),
        "required_net_price": _records(required),
        "missing": base.base_case["missing"],
    }


def _records(table: Any) -> list[dict[str, Any]]:
    """Return the rows of a table as JSON values, NaN as None."""
    rows: list[dict[str, Any]] = table.astype(object).where(table.notna(), None).to_dict("records")
    return rows


def scenario_summary(case: Case, study: StudyFile) -> dict[str, Any]:
    """Return what ``anzob plan --json`` prints for one scenario."""
    plan: Mapping[str, Any] = case.config.plan.model_dump(mode="json")
    return {
        "study": study.tree.get("study", {}).get("name", ""),
        "scenario": case.name,
        "title": case.title,
        "based_on": case.based_on,
        "changes": dict(case.changes),
        "inputs": {
            "plan": plan,
            "plant": case.situation.plant.model_dump(mode="json"),
            "economics": case.config.economics.model_dump(mode="json"),
        },
        "base_case": dict(case.base_case),
        "verdict": case.verdict.to_dict(),
    }
