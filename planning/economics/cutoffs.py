"""From which grade does a tonne of rock pay for the plant, for the mine, for the whole operation?

Three questions with three costs, each solved on the return as it is, bends and all:

- marginal (mill): the rock is broken and on the truck; does it pay its way through the plant?
- mine: does a tonne that is still in place pay for being mined, and for the plant? One for the pit
  (its own tonne only, no waste) and one for the stopes, each at its reference elevation or where
  asked.
- break-even: does it carry the mean mining cost of the operation, waste and development in it?

Initial capital is in none of them: it is spent when the question is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from deposits.display import Fact, as_html, as_text
from deposits.errors import DataError, Problem
from deposits.units import STIBNITE_SB_PCT
from planning.economics.block_config import PER_CENT, unit_of
from planning.economics.block_costs import (
    ore_cost_usd_per_t,
    rock_cost_usd_per_t,
    stope_cost_usd_per_t,
)
from planning.economics.block_nouns import BlockTerms, DepthCost, Need
from planning.economics.block_nsr import block_nsr

FloatArray = NDArray[np.float64]

#: Steps between which the return is searched for a change of sign, besides its knots.
SEARCH_STEPS = 4_000
#: Halvings of a bracket: from 0.02 % Sb down to the last bit.
HALVINGS = 60


@dataclass(frozen=True, slots=True)
class Beside:
    """The grade of another element beside the antimony: at 0, and for each per cent of Sb.

    Parameters
    ----------
    at_0 : float
        Grade of rock without antimony, in the unit its field ends with.
    per_pct_sb : float
        Added for each 1 % Sb.
    """

    at_0: float = 0.0
    per_pct_sb: float = 0.0


@dataclass(frozen=True, slots=True)
class Cutoff:
    """A grade that separates two uses of a tonne.

    Parameters
    ----------
    name : str
        "marginal (mill)", "mine, open pit", "mine, stopes" or "break-even".
    sb_pct : float or None
        From this head grade on, every richer tonne pays [% Sb]; 0 where rock without antimony
        does, inf where none does; None is not known.
    nsr_usd_per_t : float or None
        The cost it must pay, which is the cut-off in terms of return [USD/t].
    meaning : str
        What the tonne pays for.
    missing : tuple of str
        Keys without which it is not known.
    """

    name: str
    sb_pct: float | None
    nsr_usd_per_t: float | None
    meaning: str
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Cutoffs:
    """All cut-offs of a study, and on what they rest.

    Parameters
    ----------
    rows : tuple of Cutoff
        Cheapest question first.
    beside : mapping of str to Beside
        Grades of the other elements that were counted, by field.
    gold_missing : tuple of str
        Keys that keep gold out.
    """

    rows: tuple[Cutoff, ...]
    beside: Mapping[str, Beside]
    gold_missing: tuple[str, ...]

    def facts(self) -> list[Fact]:
        """Return grade and return of each."""
        lines = []
        for row in self.rows:
            lines.append(Fact(f"{row.name}, grade", _shown(row.sb_pct), "% Sb"))
            lines.append(Fact(f"{row.name}, return", row.nsr_usd_per_t, "USD/t"))
        return lines

    def __str__(self) -> str:
        """Plain text."""
        return as_text("Cut-offs", self.facts())

    def _repr_html_(self) -> str:
        return as_html("Cut-offs", self.facts())


def _shown(grade: float | None) -> float | str | None:
    return "no grade pays" if grade == np.inf else grade


def beside_antimony(
    grades: Mapping[str, ArrayLike], tonnes: ArrayLike, terms: BlockTerms
) -> dict[str, Beside]:
    """Take the other elements in the proportion in which the deposit holds them.

    Parameters
    ----------
    grades : mapping of str to array_like of float, shape (n,)
        Grades by field.
    tonnes : array_like of float, shape (n,)
        Tonnes of each block; those with a grade that is NaN are left out.
    terms : BlockTerms
        Names the fields.

    Returns
    -------
    dict of str to Beside
        Metal of each element over metal of antimony, by field. Empty without antimony.

    Examples
    --------
    >>> from planning.economics.nsr import Terms
    >>> terms = BlockTerms(Terms(), {"sb": "sb_pct", "au": "au_gpt"})
    >>> beside_antimony({"sb_pct": [1.0, 3.0], "au_gpt": [0.5, 0.5]}, [1.0, 1.0], terms)
    {'au_gpt': Beside(at_0=0.0, per_pct_sb=0.25)}
    """
    weights = np.asarray(tonnes, dtype=float)
    rows = {name: np.asarray(grades[name], dtype=float) for name in terms.grade_fields}
    whole = np.isfinite(weights) & np.all([np.isfinite(v) for v in rows.values()], axis=0)
    column = terms.fields["sb"]
    antimony = float(np.sum(weights[whole] * rows[column][whole]))
    if not antimony > 0.0:
        return {}
    return {
        name: Beside(0.0, float(np.sum(weights[whole] * values[whole])) / antimony)
        for name, values in rows.items()
        if name != column
    }


def cutoffs(
    terms: BlockTerms,
    beside: Mapping[str, Beside] | None = None,
    elevation_m: float | None = None,
) -> Cutoffs:
    """Work out every cut-off that the study's figures allow.

    Parameters
    ----------
    terms : BlockTerms
        What is missing leaves the cut-offs that need it unknown, each with the key.
    beside : mapping of str to Beside, optional
        Grades of the other elements by field, for example from `beside_antimony`. Gold that is
        not among them is 0, which asks more of the antimony; a penalised element that is not
        among them leaves the grades unknown.
    elevation_m : float, optional
        Where the mine cut-offs are asked [m]; by default at the reference elevations.

    Returns
    -------
    Cutoffs

    Notes
    -----
    Zone factors are not in them: where costs depend on the zone, the mine cut-offs are for a
    factor of 1.
    """
    given = dict(beside or {})
    unknown = ungraded(terms, given)
    rows = []
    for name, meaning, cost, missing in _questions(terms, elevation_m):
        short = (*missing, *terms.needed.get("nsr", ()), *unknown)
        known_grade = None if cost is None or short else grade_that_pays(cost, terms, given)
        rows.append(Cutoff(name, known_grade, cost, meaning, tuple(dict.fromkeys(short))))
    return Cutoffs(tuple(rows), given, terms.gold_missing)


def grade_that_pays(
    cost_usd_per_t: float, terms: BlockTerms, beside: Mapping[str, Beside]
) -> float:
    """Find the head grade from which the return covers a cost, for every richer tonne too.

    Parameters
    ----------
    cost_usd_per_t : float
        What must be paid [USD/t of ore].
    terms : BlockTerms
        Terms of the return.
    beside : mapping of str to Beside
        Grades of the other elements by field; gold not among them is 0.

    Returns
    -------
    float
        [% Sb]; 0 where rock without antimony pays, inf where no ore up to pure stibnite does.

    Raises
    ------
    DataError
        If an input of the return or the grade of a penalised element is missing.

    Notes
    -----
    The last change of sign of return - cost over `SEARCH_STEPS` steps and the knots of the
    curves, halved until the bracket is two neighbouring numbers. Where the return falls for a
    while (a penalty that sets in), the lower grades that also pay are not ore by this cut-off.

    Examples
    --------
    With a constant recovery it is `planning.economics.nsr.break_even_grade`: 100 USD/t over
    0.85 x 0.7 x 25,000 / 100 USD for each 1 % Sb.

    >>> from planning.economics.nsr import Terms
    >>> from planning.economics.recovery import Curve
    >>> base = Terms(sb_price=25_000.0, sb_payability=0.7, treatment=0.0, transport=0.0,
    ...              royalty=0.0)
    >>> terms = BlockTerms(base, {"sb": "sb_pct"}, sb_recovery=Curve.constant(0.85),
    ...     concentrate=Curve.constant(50.0), moisture=0.0, sb_refining=0.0,
    ...     needed={"gold": ("economics.au_price",)})
    >>> round(grade_that_pays(100.0, terms, {}), 6), round(100.0 / (0.85 * 0.7 * 250.0), 6)
    (0.672269, 0.672269)
    """
    lost = ungraded(terms, beside)
    if lost:
        raise DataError([Problem("not known", place) for place in lost])
    knots = [*_knots(terms), *np.linspace(0.0, STIBNITE_SB_PCT, SEARCH_STEPS + 1)]
    heads = np.unique(np.clip(knots, 0.0, STIBNITE_SB_PCT))
    short = return_at(heads, terms, beside) < cost_usd_per_t
    if not short.any():
        return 0.0
    last = int(np.flatnonzero(short)[-1])
    if last == heads.size - 1:
        return float(np.inf)
    low, high = float(heads[last]), float(heads[last + 1])
    for _ in range(HALVINGS):
        middle = 0.5 * (low + high)
        if return_at(np.array([middle]), terms, beside)[0] < cost_usd_per_t:
            low = middle
        else:
            high = middle
    return high


def return_at(sb_pct: ArrayLike, terms: BlockTerms, beside: Mapping[str, Beside]) -> FloatArray:
    """Return after royalty along the antimony grade, the other elements in their proportion.

    Parameters
    ----------
    sb_pct : array_like of float, shape (n,)
        Head grades [% Sb].
    terms : BlockTerms
        Terms of the return.
    beside : mapping of str to Beside
        Grades of the other elements by field; a field that is not among them is 0.

    Returns
    -------
    ndarray of float, shape (n,)
        [USD/t of ore]

    Raises
    ------
    DataError
        If an input is missing.
    """
    heads = np.asarray(sb_pct, dtype=float)
    grades = {terms.fields["sb"]: heads}
    for column in terms.grade_fields[1:]:
        rule = beside.get(column, Beside())
        most = 100.0 / PER_CENT[unit_of(column)]
        grades[column] = np.minimum(rule.at_0 + rule.per_pct_sb * heads, most)
    return block_nsr(grades, terms)


def ungraded(terms: BlockTerms, beside: Mapping[str, Beside]) -> tuple[str, ...]:
    """Name the penalised elements whose grade beside the antimony is not given."""
    columns = [p.column for p in terms.penalties if p.column not in beside and p.usd_per_step != 0]
    return tuple(f"grade of {column} beside the antimony" for column in columns)


def _questions(
    terms: BlockTerms, elevation_m: float | None
) -> Iterator[tuple[str, str, float | None, tuple[str, ...]]]:
    """Name, meaning, cost and missing keys of each cut-off."""
    of_ore = terms.needed.get("ore", ())
    plant = None if of_ore else ore_cost_usd_per_t(terms)
    yield "marginal (mill)", "broken rock pays its way through the plant", plant, of_ore
    ways: tuple[tuple[str, Need, DepthCost | None, Callable[..., FloatArray]], ...] = (
        ("open pit", "rock", terms.mining, rock_cost_usd_per_t),
        ("stopes", "stope", terms.stoping, stope_cost_usd_per_t),
    )
    for way, need, costs, work_out in ways:
        lost = terms.needed.get(need, ())
        if lost in (("value.mining",), ("value.stoping",)):
            continue  # this way of mining is not planned
        meaning = f"a tonne in place pays for its own mining ({way}) and the plant"
        if plant is None or lost or costs is None:
            yield f"mine, {way}", meaning, None, (*of_ore, *lost)
            continue
        height = costs.reference_m if elevation_m is None else elevation_m
        plain = replace(costs, zones={})
        even = replace(terms, mining=plain, stoping=plain)
        total = plant + float(work_out([height], None, even)[0])
        yield f"mine, {way}", f"{meaning}, at {height:g} m", total, ()
    mean = terms.base.mining
    lost = (*of_ore, *terms.base.missing(("mining",)))
    whole = None if plant is None or mean is None else plant + float(mean)
    meaning = "carries the mean mining cost of the operation, waste and development in it"
    yield "break-even", meaning, whole, lost


def _knots(terms: BlockTerms) -> tuple[float, ...]:
    """Head grades of antimony at which the slope of the return may change."""
    curves = (terms.sb_recovery, terms.concentrate)
    return tuple(knot for curve in curves if curve is not None for knot in curve.knots)
