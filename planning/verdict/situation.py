"""What is a plan tested with, and what does a full year of it mean?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from deposits.config import MetalCeiling
from deposits.evidence.resources import in_cases
from deposits.stated import Kind, Stated, softest
from planning.config import PlanTable
from planning.economics.config import Economics, Plant
from planning.economics.nsr import Terms, terms_of
from planning.economics.plant import concentrate_t
from planning.verdict.gates import Thresholds
from planning.verdict.supply import Factors, Feed, Supply, factors_of, feed_of_richest

Cases = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Output:
    """One published figure of mine output to hold a plan against.

    Parameters
    ----------
    entity, edition : str
        Whose output, and the edition it stands in: editions disagree.
    year : int
        Year of the output.
    sb_t : float
        Contained antimony [t/yr].
    """

    entity: str
    edition: str
    year: int
    sb_t: float
    source: str


@dataclass(frozen=True, slots=True, eq=False)
class Situation:
    """A plan with everything it is tested against.

    Parameters
    ----------
    plan : PlanTable
        What is planned.
    plant_id, plant : str, Plant
        Where the ore goes.
    economics : Economics
        Prices, terms and costs; absent is not known.
    supply : Supply
        What the plant's fields can give.
    head_grades : mapping of str to Stated
        Grade to plan with for each field without tonnes [% Sb].
    ceiling : MetalCeiling or None
        Largest metal published for an area that holds the fields.
    outputs : tuple of Output
        Nation and world, by edition and year.
    probabilities : mapping of str to ndarray, shape (n,)
        Uniform numbers by study key, for the ranges of the plan's own inputs.
    thresholds : Thresholds
        When a gate counts as failed or passed.
    """

    plan: PlanTable
    plant_id: str
    plant: Plant
    economics: Economics
    supply: Supply
    head_grades: Mapping[str, Stated]
    ceiling: MetalCeiling | None
    outputs: tuple[Output, ...]
    probabilities: Mapping[str, Cases]
    thresholds: Thresholds

    def cases(self, key: str, stated: Stated | None) -> Cases | None:
        """Return an input of the plan in every case; None while it is not stated."""
        return None if stated is None else in_cases(stated, self.probabilities.get(key))

    @property
    def terms(self) -> Terms:
        """Prices, terms and costs in every case."""
        return terms_of(
            self.economics,
            self.plant,
            self.plant_id,
            lambda key, stated: in_cases(stated, self.probabilities.get(key)),
        )


@dataclass(frozen=True, slots=True, eq=False)
class Yearly:
    """What a full year of the plan means, shape (cases,) each; None is not known.

    Parameters
    ----------
    horizon_years : float
        Years over which the feed is kept up.
    feed : Feed or None
        Grade of the ore fed.
    grade_basis : str
        Where that grade comes from, in words.
    grade_kind, concentrate_kind : {"reported", "derived", "assumed"}
        How soft the grade is, and with it recovery and concentrate grade.
    sb_in_ore_t, concentrate_t, sb_in_concentrate_t : ndarray or None
        Antimony in the ore [t/yr], concentrate [t/yr] and antimony in it [t/yr]. Concentrate is
        NaN in the cases whose feed is as rich as the concentrate.
    concentrate_note : str
        Says so; "" where the feed is leaner.
    """

    horizon_years: float
    feed: Feed | None
    grade_basis: str
    grade_kind: Kind
    concentrate_kind: Kind
    sb_in_ore_t: Cases | None
    concentrate_t: Cases | None
    sb_in_concentrate_t: Cases | None
    concentrate_note: str = ""


def modifying_factors(
    plan: PlanTable, cases: Callable[[str, Stated | None], Cases | None]
) -> Factors:
    """Return loss and dilution of a plan in every case.

    Parameters
    ----------
    plan : PlanTable
        With or without the factors.
    cases : callable
        Turns a study key and what is stated under it into cases.
    """
    stated = {
        "recovery": cases("plan.mining_recovery_fraction", plan.mining_recovery_fraction),
        "dilution": cases("plan.dilution_fraction", plan.dilution_fraction),
        "dilution_sb_pct": cases("plan.dilution_grade_sb_pct", plan.dilution_grade_sb_pct),
    }
    keys = {"recovery": "plan.mining_recovery_fraction", "dilution": "plan.dilution_fraction"}
    return factors_of(stated, keys)


def work_out_year(situation: Situation, horizon_years: float) -> Yearly:
    """Find the grade that is fed over a horizon and what a full year makes of it.

    Parameters
    ----------
    situation : Situation
        The plan and what it is tested with.
    horizon_years : float
        Years over which the feed must be kept up.

    Returns
    -------
    Yearly
        The grade is the claimed one; else the mean of the richest ore that fills the horizon; else,
        for a single field without tonnes, the grade that the study assumes for it.
    """
    feed, basis, kind = _feed(situation, horizon_years)
    if feed is None:
        return Yearly(horizon_years, None, basis, kind, kind, None, None, None)
    rate = situation.plan.throughput_t_per_year.base
    terms = situation.terms
    made_kind = softest(kind, terms.kind(("sb_recovery", "concentrate_sb_pct")))
    sb_in_ore = rate * feed.sb_pct / 100.0
    about = (horizon_years, feed, basis, kind, made_kind, sb_in_ore)
    if terms.sb_recovery is None:
        return Yearly(*about, None, None)
    made, note = _concentrate(rate, feed.sb_pct, terms)
    return Yearly(*about, made, np.atleast_1d(sb_in_ore * terms.sb_recovery), note)


def _concentrate(rate: float, sb_pct: Cases, terms: Terms) -> tuple[Cases | None, str]:
    """Return the concentrate of a full year [t], and where none is made of the ore."""
    if terms.sb_recovery is None or terms.concentrate_sb_pct is None:
        return None, ""
    grade, product = np.broadcast_arrays(sb_pct, np.atleast_1d(terms.concentrate_sb_pct))
    # A small rate may live on the richest rock alone; that is no slip, and stops no study.
    as_rich = grade >= product
    lean = np.where(as_rich, np.nan, grade)
    made = np.atleast_1d(concentrate_t(rate, lean, terms.sb_recovery, product))
    if as_rich[0]:
        return made, "no concentrate: the feed is as rich as the concentrate"
    if as_rich.any():
        share = float(as_rich[1:].mean())
        return made, f"in {share:.1%} of draws the feed is as rich as the concentrate"
    return made, ""


def _feed(situation: Situation, horizon_years: float) -> tuple[Feed | None, str, Kind]:
    """Return the feed, where its grade comes from, and how soft that is."""
    plan, supply = situation.plan, situation.supply
    claimed = plan.required_head_grade_sb_pct
    if claimed is not None:
        grade = np.array([claimed.base])
        return Feed(grade, None, grade), "the grade the plan claims", claimed.kind
    if supply.is_known and supply.has_laws:
        feed = feed_of_richest(supply, plan.ore_needed_t(horizon_years))
        if np.isnan(feed.sb_pct[0]):
            return None, "no grade: the ore does not fill the horizon", "derived"
        undiluted = ", undiluted" if supply.factors.missing else ""
        basis = f"mean of the richest ore that fills the horizon{undiluted}, assumed spread"
        return feed, basis, supply_kind(supply)
    if not supply.resources and len(supply.unknown_fields) == 1:
        field = supply.unknown_fields[0]
        stated = situation.head_grades.get(field)
        if stated is not None:
            grade = in_cases(
                stated, situation.probabilities.get(f"fields.{field}.head_grade_sb_pct")
            )
            return (
                Feed(grade, None, grade),
                f"assumed for {field}, no tonnage behind it",
                stated.kind,
            )
    return None, "not known", "assumed"


def supply_kind(supply: Supply) -> Kind:
    """Return the softest kind behind a supply: of its figures and of its grade laws."""
    return softest(*(resource.law_kind for resource in supply.resources))
