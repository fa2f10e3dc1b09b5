"""How much of a field's rock carries which grade, in the base case and in every draw?

Arrays run over cases: entry 0 is the base case, entries 1 to n are the draws. What has no range has
the base case alone (shape (1,)), and so no percentiles.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from deposits.config import FieldTable, GradeLawTable
from deposits.errors import DataError, Problem
from deposits.evidence.draws import draw_inputs
from deposits.evidence.parts import Part, gold_above, ore_above
from deposits.evidence.statements import QUANTITIES, Role, Statement, complete
from deposits.laws.gold_law import sigma_from_cv
from deposits.laws.grade_law import (
    GradeLaw,
    block_cv,
    feasible,
    fit_grade_law,
    largest_cv,
)
from deposits.stated import Kind, Stated, softest
from deposits.units import STIBNITE_SB_PCT

Cases = NDArray[np.float64]
LAW_INPUTS = ("cv_at_selection_unit", "sample_cv", "block_variance_ratio")
GOLD_INPUTS = ("au_cv", "sb_au_correlation")


@dataclass(frozen=True, slots=True, eq=False)
class Above:
    """What lies at or above a cut-off, shape (cases,) each; None is not known.

    Parameters
    ----------
    ore_t, sb_t : ndarray
        Ore [t] and contained antimony [t].
    au_kg : ndarray or None
        Contained gold [kg].
    """

    ore_t: Cases
    sb_t: Cases
    au_kg: Cases | None


@dataclass(frozen=True, slots=True, eq=False)
class Resource:
    """Statements of one field, model, category and cut-off, ready to be cut.

    Parameters
    ----------
    field, model, category : str
        As stated.
    role : {"model", "check", "bounding"}
        A bounding case has the base case alone.
    kind : {"reported", "derived", "assumed"}
        Of the tonnes and grades themselves.
    law_kind : {"reported", "derived", "assumed"}
        Of what also depends on the grade law.
    cutoff_sb_pct : float or None
        Cut-off of the statements [% Sb]; None is not stated.
    selection_unit_t : float or None
        Mass of one selection unit [t].
    statements : tuple of Statement
        Where it comes from.
    parts : tuple of Part
        Empty while tonnes are not known.
    """

    field: str
    model: str
    category: str
    role: Role
    kind: Kind
    law_kind: Kind
    cutoff_sb_pct: float | None
    selection_unit_t: float | None
    statements: tuple[Statement, ...]
    parts: tuple[Part, ...]

    @property
    def is_known(self) -> bool:
        """Whether it has tonnes."""
        return bool(self.parts)

    @property
    def cases(self) -> int:
        """Number of cases: 1, or 1 + draws."""
        return max((part.ore_t.size for part in self.parts), default=1)

    def mean_sb_pct(self) -> float | None:
        """Mean grade of the base case [% Sb]."""
        if not self.parts:
            return None
        metal = sum(float(part.ore_t[0] * part.sb_pct[0]) for part in self.parts)
        return metal / sum(float(part.ore_t[0]) for part in self.parts)


def build_resources(
    statements: Sequence[Statement],
    fields: Mapping[str, FieldTable],
    probabilities: Mapping[str, Cases],
) -> tuple[Resource, ...]:
    """Group statements and fit the law of their grades.

    Parameters
    ----------
    statements : sequence of Statement
        With the study's field identifiers; role "check" is left out.
    fields : mapping of str to FieldTable
        The study's fields with their grade laws.
    probabilities : mapping of str to ndarray, shape (n,)
        From :func:`draw_probabilities`.

    Returns
    -------
    tuple of Resource
        By field in the study's order, models before bounding cases, each in the file's order.

    Raises
    ------
    DataError
        If a mean and CV cannot belong to one truncated lognormal law.
    """
    order = list(fields)
    used = [s for s in statements if s.role != "check"]
    groups: dict[tuple[object, ...], list[Statement]] = {}
    for statement in sorted(used, key=lambda s: (order.index(s.field), s.role != "model")):
        s = statement
        own = s.statement_id if s.role == "bounding" else ""
        row = (s.field, s.role, s.model, s.category, s.cutoff_sb_pct, own)
        groups.setdefault(row, []).append(statement)
    return tuple(_build_one(tuple(group), fields, probabilities) for group in groups.values())


def _build_one(
    statements: tuple[Statement, ...],
    fields: Mapping[str, FieldTable],
    probabilities: Mapping[str, Cases],
) -> Resource:
    """Build the resource of statements that share field, model, category and cut-off."""
    first = statements[0]
    law = fields[first.field].grade_law
    known = all(statement.is_known for statement in statements)
    parts = tuple(_build_part(s, law, probabilities) for s in statements) if known else ()
    kind = softest(*(s.kind for s in statements))
    laws = [getattr(law, name) for name in (*LAW_INPUTS, *GOLD_INPUTS)] if law else []
    point = all(s.cv_within == 0.0 for s in statements)
    return Resource(
        **{key: getattr(first, key) for key in ("field", "model", "category", "role")},
        kind=kind,
        law_kind=kind if point else softest(kind, *(s.kind for s in laws if s is not None)),
        cutoff_sb_pct=first.cutoff_sb_pct,
        selection_unit_t=None if law is None else law.selection_unit_t.base,
        statements=statements,
        parts=parts,
    )


def _build_part(
    statement: Statement, law: GradeLawTable | None, probabilities: Mapping[str, Cases]
) -> Part:
    """Complete one statement in every case and fit its law."""
    drawn = probabilities if statement.role == "model" else {}

    def cases(stated: Stated, name: str) -> Cases:
        return in_cases(stated, drawn.get(f"{statement.field}.{name}"))

    whole = complete({name: cases(statement.stated[name], name) for name in statement.primary})
    if whole["ore_t"] is None or whole["sb_pct"] is None:
        raise DataError([Problem("no antimony grade follows", statement.statement_id)])
    cv: Cases | None = None
    if statement.cv_within is not None:
        cv = np.array([statement.cv_within])
    elif law is not None and law.cv_at_selection_unit is not None:
        cv = cases(law.cv_at_selection_unit, "cv")
    elif law is not None and law.sample_cv is not None and law.block_variance_ratio is not None:
        ratio = cases(law.block_variance_ratio, "block_variance_ratio")
        cv = block_cv(cases(law.sample_cv, "cv"), ratio)
    gold = None
    if law is not None and law.au_cv is not None and law.sb_au_correlation is not None:
        sigma = sigma_from_cv(cases(law.au_cv, "au_cv"))
        gold = (sigma, cases(law.sb_au_correlation, "rho"))
    upper = STIBNITE_SB_PCT if law is None else law.upper_sb_pct
    return Part(
        ore_t=whole["ore_t"],
        sb_pct=whole["sb_pct"],
        au_gpt=whole["au_gpt"],
        law=None if cv is None else _fit(whole["sb_pct"], cv, statement, upper),
        gold=gold,
    )


def in_cases(stated: Stated, probability: Cases | None) -> Cases:
    """Return the base case and, where there is a range and draws, the draws after it.

    Parameters
    ----------
    stated : Stated
        A figure with or without a range.
    probability : ndarray, shape (n,), or None
        Uniform numbers; None asks for the base case alone.

    Returns
    -------
    ndarray, shape (1,) or (1 + n,)
        In the unit of *stated*.
    """
    base = np.array([stated.base])
    if probability is None or not stated.is_range:
        return base
    return np.concatenate([base, stated.quantile(probability)])


def _fit(mean: Cases, cv: Cases, statement: Statement, upper: float) -> GradeLaw:
    """Fit the law, and say whose it is and which keys to change where mean and CV do not fit."""
    mean, cv = np.broadcast_arrays(mean, cv)
    lower = statement.cutoff_sb_pct or 0.0
    wrong = ~np.atleast_1d(feasible(mean, cv, lower_pct=lower, upper_pct=upper))
    if wrong.any() and not wrong[0]:
        place = f"key fields.{statement.field}.grade_law, statement {statement.statement_id}"
        fact = f"{int(wrong.sum()):,} of {wrong.size - 1:,} draws pair a mean grade with a CV that "
        fact += f"no law between {lower:g} and {upper:g} % Sb can have"
        most = float(np.min(largest_cv(mean, lower_pct=lower, upper_pct=upper)))
        found = f"mean {mean.min():.3g} to {mean.max():.3g} %, CV {cv.min():.2g} to {cv.max():.2g}"
        remedy = f"Set the high of the CV below {most:.2g}, or narrow the range of the grade."
        raise DataError([Problem(fact, place, found, remedy=remedy)])
    try:
        return fit_grade_law(mean, cv, lower_pct=lower, upper_pct=upper)
    except DataError as error:
        place = f"key fields.{statement.field}.grade_law, statement {statement.statement_id}"
        raise DataError([replace(p, place=place) for p in error.problems]) from error


def draw_probabilities(
    fields: Iterable[str], *, draws: int, seed: int, field_correlation: float = 0.0
) -> dict[str, Cases]:
    """Draw the uniform numbers behind every range of the evidence.

    Parameters
    ----------
    fields : iterable of str
        Field identifiers.
    draws : int
        Number of Latin-hypercube draws [count].
    seed : int
        Equal seeds give equal numbers, whatever else is drawn.
    field_correlation : float
        Correlation of the normal scores of one input between any two fields; 0 is independent.

    Returns
    -------
    dict of ndarray, shape (draws,)
        Under "FIELD.INPUT". Models and categories of one field share them and so are dependent.
    """
    names = sorted(fields)
    inputs = [*QUANTITIES, "cv", "block_variance_ratio", "au_cv", "rho"]
    uniform = Stated(low=0.0, high=1.0)
    pairs = {
        (f"{a}.{name}", f"{b}.{name}"): field_correlation
        for a, b in combinations(names, 2)
        for name in inputs
        if field_correlation
    }
    ranges = {f"{name}.{each}": uniform for name in names for each in inputs}
    return draw_inputs(ranges, draws=draws, seed=seed, correlation=pairs or None)


def cut(resource: Resource, cutoff_sb_pct: float) -> Above | None:
    """Return what lies at or above a cut-off; None where that is not known.

    Parameters
    ----------
    resource : Resource
        What is known of the rock.
    cutoff_sb_pct : float
        Cut-off [% Sb]. Below the cut-off of the statements nothing is known.

    Returns
    -------
    Above or None
        None without tonnes, below the statements' own cut-off, or without a grade law above it.
    """
    lower = resource.cutoff_sb_pct or 0.0
    whole = cutoff_sb_pct <= lower
    if not resource.parts or (cutoff_sb_pct < lower and resource.cutoff_sb_pct is not None):
        return None
    if not whole and any(part.law is None for part in resource.parts):
        return None
    return add_up([_cut_part(part, cutoff_sb_pct, whole) for part in resource.parts])


def add_up(pieces: Sequence[Above]) -> Above | None:
    """Add amounts case by case.

    Parameters
    ----------
    pieces : sequence of Above
        Parts of a resource, or resources.

    Returns
    -------
    Above or None
        Gold only where every piece has it, for a part of it would look like the whole; None
        without pieces.
    """
    if not pieces:
        return None
    golds = [piece.au_kg for piece in pieces if piece.au_kg is not None]
    return Above(
        ore_t=np.asarray(sum(piece.ore_t for piece in pieces)),
        sb_t=np.asarray(sum(piece.sb_t for piece in pieces)),
        au_kg=np.asarray(sum(golds)) if len(golds) == len(pieces) else None,
    )


def _cut_part(part: Part, cutoff: float, whole: bool) -> Above:
    """Cut one part; *whole* takes it as stated, without its law."""
    sb_t = part.ore_t * part.sb_pct / 100.0
    if whole or part.law is None:
        au_kg = None if part.au_gpt is None else part.ore_t * part.au_gpt / 1000.0
        return Above(part.ore_t, sb_t, au_kg)
    ore, metal = ore_above(part, cutoff)
    grams = gold_above(part, cutoff, ore)
    return Above(ore, metal, None if grams is None else grams / 1000.0)
