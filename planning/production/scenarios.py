"""What becomes of a mine's plan in each scenario of its study, side by side?

The block model is estimated once. Stopes are laid out again only where what they hang on changes,
and a schedule begins from the study's own where the activities are as many. Each scenario is a
whole study of its own: its prices, rates and stopes, planned, proven and checked like the study.
The study itself comes first; the others are shared among processes and hang on nothing but it, so
that their number changes no figure.
"""

from __future__ import annotations

import os
import pickle
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, replace
from functools import lru_cache
from multiprocessing import get_context
from typing import Any

from deposits.errors import Checked, DataError, Problem
from deposits.estimate.config import read_config as read_drill_config
from deposits.estimate.workflow import load as load_drilled
from deposits.study import SCENARIO_KEYS, StudyFile, apply_scenario, flatten
from planning.mine.study import MineStudy
from planning.mine.study import load as load_mine
from planning.production.laying import Layouts, dig_for_plan, layouts_of
from planning.production.solving import Rate, Say
from planning.production.workflow import Known, MinePlan, activities_of, effort_of, plan_case
from planning.scheduling.answers import Effort, ScheduleAnswer

#: Name of the study without any scenario.
BASE = "base"
#: What stands in the row of a scenario.
FIGURES = (
    "holds", "npv_usd", "npv_after_fixed_usd", "bound_usd", "gap", "life_years", "ore_t",
    "mean_feed_t_per_year", "sb_pct", "held_t_per_year", "impossible_above_t_per_year",
    "bottleneck",
)  # fmt: skip
#: Rounds of improvement that each case is worth side by side: the first plan and its walk.
ROUNDS = 0
#: Processes that plan scenarios: each needs about a gigabyte.
WORKERS = 2


@dataclass(frozen=True, slots=True, eq=False)
class PlanCase:
    """The plan of one scenario, in figures.

    Parameters
    ----------
    name, title : str
        Identifier, and words for people.
    changes : dict
        Study keys it sets, with their values.
    figures : dict
        What its plan comes to; {} where it could not be made.
    why : str
        Why there is none; "" where there is one.
    """

    name: str
    title: str
    changes: dict[str, Any]
    figures: dict[str, Any]
    why: str = ""

    def as_row(self) -> dict[str, Any]:
        """Return it as plain values, ready to stand beside the others; unknown is None."""
        row: dict[str, Any] = {"scenario": self.name, "title": self.title}
        row |= dict.fromkeys(FIGURES) | self.figures
        row["why"] = self.why
        row["changes"] = ", ".join(f"{key} = {said(v)}" for key, v in self.changes.items())
        return row


def said(value: object) -> str:
    """Return a value of a study in few words: a stated number without its source."""
    if isinstance(value, dict):
        for key in ("value", "usd_per_t"):
            if key in value:
                return said(value[key])
    return f"{value}"


def _figures(found: MinePlan) -> dict[str, Any]:
    """Return what stands in a row of a plan that was made."""
    answer, outcome = found.planned.answer, found.planned.outcome
    ranked = [b for b in (*found.rate_bottlenecks, *found.bottlenecks) if b.share > 0.0]
    row: dict[str, Any] = {
        "npv_usd": answer.value,
        "bound_usd": answer.bound,
        "gap": answer.gap,
        "bottleneck": ranked[0].called if ranked else None,
    }
    if found.rate is not None:
        row |= {
            "holds": found.rate.holds,
            "held_t_per_year": found.rate.achieved,
            "impossible_above_t_per_year": found.rate.impossible_above,
        }
    if outcome is not None and found.worths:
        own, years = found.worths[0], outcome.years
        working = years[years["feed_t"] > 0.0]
        feed = float(years["feed_t"].sum())
        head = years[found.planned.mine.grades[0]].fillna(0.0)
        row |= {
            "npv_after_fixed_usd": own.after_fixed_usd,
            "life_years": own.life_years,
            "ore_t": float(years["ore_t"].sum()),
            "mean_feed_t_per_year": feed / max(float(working["part_of_year"].sum()), 1e-9),
            "sb_pct": float((head * years["feed_t"]).sum() / feed) if feed > 0 else None,
        }
    return row


def plan_cases(
    source: MineStudy,
    layouts: Layouts,
    names: Sequence[str],
    effort: Effort | None = None,
    say: Say = lambda *_: None,
) -> Iterator[PlanCase]:
    """Plan a study and its scenarios.

    Parameters
    ----------
    source : MineStudy
        The study itself.
    layouts : Layouts
        Its block model, and layouts that are known.
    names : sequence of str
        Names of scenarios beside the study itself.
    effort : Effort, optional
        For each; absent, `ROUNDS`.
    say : callable
        Called with (what is being done, progress of the schedule or None).

    Yields
    ------
    PlanCase
        The study itself, then scenarios as they are done. One that cannot be planned says why; the
        others go on.
    """
    study = source.drilled.study
    base: MinePlan | None = None
    try:
        base = _plan(source, layouts, effort or work_of(source), None, say)
        yield PlanCase(BASE, *about(study, BASE), _figures(base))
    except DataError as error:
        yield PlanCase(BASE, *about(study, BASE), {}, _why(error))
    packed = pickle.dumps((study, layouts.path, layouts.frame, effort, _known(base)))
    workers = min(WORKERS, os.cpu_count() or 1, max(len(names), 1))
    # Spawned, not forked: threads of the solver do not survive a fork.
    with ProcessPoolExecutor(workers, get_context("spawn")) as pool:
        asked = {pool.submit(plan_scenario, packed, name): name for name in names}
        try:
            for done, future in enumerate(as_completed(asked), start=1):
                yield future.result()
                say(f"{done} of {len(asked)} scenarios are planned", None)
        except (KeyboardInterrupt, GeneratorExit):
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _known(base: MinePlan | None) -> tuple[ScheduleAnswer, Rate | None] | None:
    """Return what a scenario may begin from."""
    return None if base is None else (base.free.answer, base.rate)


def plan_scenario(packed: bytes, name: str) -> PlanCase:
    """Plan one scenario, in a process of its own.

    Parameters
    ----------
    packed : bytes
        The study, its block model and frame, the work, and what is known of the study itself.
    name : str
        Of the scenario.

    Returns
    -------
    PlanCase
    """
    source, layouts, effort, known = _unpacked(packed)
    title, changes = about(source.drilled.study, name)
    try:
        own = scenario_study(source, name).or_raise()
        found = _plan(own, layouts, effort or work_of(own), known, lambda *_: None)
    except DataError as error:
        return PlanCase(name, title, changes, {}, _why(error))
    return PlanCase(name, title, changes, _figures(found))


@lru_cache(maxsize=1)
def _unpacked(packed: bytes) -> tuple[MineStudy, Layouts, Effort | None, Known | None]:
    """Read the study once in each process, and keep the layouts that are found in it."""
    study, blocks, frame, effort, known = pickle.loads(packed)
    source = load_mine(load_drilled(study).or_raise()).or_raise()
    return source, layouts_of(blocks, frame), effort, known


def _plan(
    source: MineStudy, layouts: Layouts, effort: Effort, known: Known | None, say: Say
) -> MinePlan:
    """Plan one study, with a word on each step."""
    dug = dig_for_plan(source, layouts, lambda what, *_: say(what, None))
    return plan_case(activities_of(dug, source), source, effort, known=known, say=say)


def work_of(source: MineStudy) -> Effort:
    """Return the work of one case among many: the same for each, and less than a study's own."""
    return replace(effort_of(source), rounds=ROUNDS)


def _why(error: DataError) -> str:
    return "; ".join(str(problem) for problem in error.problems)


def about(study: StudyFile, name: str) -> tuple[str, dict[str, Any]]:
    """Return the title of a scenario and the keys it sets."""
    if name == BASE:
        return "The study itself", {}
    table = study.tree["scenario"][name]
    own = {key: value for key, value in table.items() if key not in SCENARIO_KEYS}
    return str(table.get("title", name)), flatten(own)


def scenario_study(source: MineStudy, name: str) -> Checked[MineStudy]:
    """Lay a scenario over a study whose block model stays as it is.

    Parameters
    ----------
    source : MineStudy
        The study itself.
    name : str
        Of the scenario.

    Returns
    -------
    Checked of MineStudy

    Raises
    ------
    DataError
        If the scenario does not exist, or changes drillholes or blocks.
    """
    drilled = source.drilled
    merged = apply_scenario(drilled.study, name)
    config = read_drill_config(merged).or_raise()
    if config != drilled.config:
        changed = [k for k in type(config).model_fields
                   if getattr(config, k) != getattr(drilled.config, k)]  # fmt: skip
        place = f"{drilled.study.path.name}, key scenario.{name}"
        remedy = f"Estimate it by itself: anzob estimate, then anzob plan --scenario {name} --from."
        fact = "the scenario changes the block model"
        raise DataError([Problem(fact, place, ", ".join(changed), remedy=remedy)])
    alone = {key: table for key, table in merged.tree.items() if key != "scenario"}
    return load_mine(replace(drilled, study=replace(merged, tree=alone)))


def side_by_side(cases: Sequence[PlanCase], names: Sequence[str]) -> list[dict[str, Any]]:
    """Return one row a case, with what it is worth beside the study itself.

    Parameters
    ----------
    cases : sequence of PlanCase
        In any order.
    names : sequence of str
        The order of the rows; the study itself is first.

    Returns
    -------
    list of dict
    """
    order = {name: number for number, name in enumerate((BASE, *names))}
    rows = [case.as_row() for case in sorted(cases, key=lambda c: order[c.name])]
    base = next((r["npv_usd"] for r in rows if r["scenario"] == BASE), None)
    for row in rows:
        known = base is not None and row["npv_usd"] is not None
        row["npv_against_base_usd"] = row["npv_usd"] - base if known else None
    return rows
