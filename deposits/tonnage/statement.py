"""How is a grade-tonnage table put into words that may stand alone?

Rounded once and last, to two significant figures (JORC Code 2012, clause 25: figures reflect the
uncertainty; its example makes 10,863,000 t at 8.23 % into 11 million t at 8.2 %). What is not
stated is said to be not stated.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from deposits.display import round_for_reading
from deposits.errors import DataError, Problem
from deposits.tonnage.categories import UNCLASSIFIED
from deposits.tonnage.request import UNIT_OF_SUFFIX, Element
from deposits.tonnage.table import TonnageTable

NOT_STATED = "not stated"
ROUNDING = "Figures are rounded to two significant figures; totals may not add due to rounding."
NOT_ADDED = "Inferred (C2) is shown apart and is not added to higher categories."
SYNTHETIC = "SYNTHETIC: "


@dataclass(frozen=True, slots=True)
class Basis:
    """On what a statement rests, in the words of whoever answers for it; "" is not stated.

    Parameters
    ----------
    cutoff : float
        The base case, one of the table's cut-offs.
    in_words : str
        On what the cut-off rests, in one sentence.
    price, recovery, cost : str
        Prices, recoveries and costs behind the cut-off, with units, source and date.
    royalty, exchange_rate : str
        As far as they enter the cut-off.
    reasonable_prospects : str
        The mineable shape or constraint that gives reasonable prospects of eventual economic
        extraction; "" is "not assessed".
    classification : str
        Criteria of the categories.
    moisture : str
        "dry" or "wet" tonnes.
    competent_person, effective_date : str
        Who answers for it, and from when.
    disclaimer : str
        What the statement is not.
    """

    cutoff: float
    in_words: str = ""
    price: str = ""
    recovery: str = ""
    cost: str = ""
    royalty: str = ""
    exchange_rate: str = ""
    reasonable_prospects: str = ""
    classification: str = ""
    moisture: str = ""
    competent_person: str = ""
    effective_date: str = ""
    disclaimer: str = ""

    def lines(self) -> list[str]:
        """Return one line a fact, those that are not stated too."""
        rests = [f"The cut-off rests on: {self.in_words}."] if self.in_words else []
        facts = {
            "Prices": self.price,
            "Recoveries": self.recovery,
            "Costs": self.cost,
            "Royalty": self.royalty,
            "Exchange rate": self.exchange_rate,
            "Classification": self.classification,
            "Tonnes": self.moisture,
            "Competent Person": self.competent_person,
            "Effective date": self.effective_date,
        }
        prospects = self.reasonable_prospects or "not assessed"
        return [
            *rests,
            *(f"{name}: {text or NOT_STATED}." for name, text in facts.items()),
            f"Reasonable prospects of eventual economic extraction: {prospects}.",
        ]


@dataclass(frozen=True, slots=True, eq=False)
class Statement:
    """A grade-tonnage table in words.

    Parameters
    ----------
    text : str
        The base case category by category, then what it rests on.
    rounded : DataFrame
        All cut-offs as texts of two significant figures; column base_case marks the base case.
    unrounded : DataFrame
        The same rows as they were worked out.
    """

    text: str
    rounded: pd.DataFrame
    unrounded: pd.DataFrame


def statement(table: TonnageTable, basis: Basis) -> Statement:
    """Write the statement of a table.

    Parameters
    ----------
    table : TonnageTable
        Broken down by category, with at least one element.
    basis : Basis

    Returns
    -------
    Statement
        Every line and title starts SYNTHETIC if the table is. Unclassified ore is not stated;
        its tonnes are named.

    Raises
    ------
    DataError
        If there are no categories or no grades, or the base case is not on the ladder: tonnes,
        grade, metal and category are stated together or not at all.
    """
    problems = _refusals(table, basis)
    if problems:
        raise DataError(problems)
    kept = table.above[_is_summary(table)].reset_index(drop=True)
    mark = SYNTHETIC if table.synthetic else ""
    nameless = kept[table.category] == UNCLASSIFIED
    left_out = kept[nameless & (kept["cutoff"] == basis.cutoff)]["ore_t"].sum()
    kept = kept[~nameless].reset_index(drop=True)
    base = kept[kept["cutoff"] == basis.cutoff]
    cut = f"{basis.cutoff:g} {_unit(table)}"
    title = f"In situ, at or above a cut-off of {cut} (base case), before loss and dilution"
    lines = [f"{title}:", *(_sentence(row, table) for _, row in base.iterrows())]
    lines += [ROUNDING, NOT_ADDED, *basis.lines(), _density_line(table)]
    if left_out > 0:
        lines.append(f"{_figure(left_out)} t at or above the cut-off are unclassified: not stated.")
    lines += [f"Source: {table.source}."] if table.source else []
    lines += [basis.disclaimer] if basis.disclaimer else []
    return Statement("\n".join(mark + line for line in lines), _rounded(kept, table, basis), kept)


def _refusals(table: TonnageTable, basis: Basis) -> list[Problem]:
    """List what keeps a statement from being made."""
    found = []
    if not table.category:
        remedy = "Break the table down by the field that holds Measured, Indicated, Inferred"
        found.append(Problem("a statement needs categories", "by", "none", remedy=remedy))
    if not any(element.metals for element in table.request.elements):
        remedy = "Name the elements with their units"
        found.append(Problem("a statement needs grades", "elements", "none", remedy=remedy))
    if basis.cutoff not in table.request.cutoffs:
        ladder = ", ".join(f"{step:g}" for step in table.request.cutoffs)
        fact = "the base case is not on the ladder"
        found.append(Problem(fact, "cutoff", f"{basis.cutoff:g}", ladder))
    return found


def _is_summary(table: TonnageTable) -> pd.Series:
    """Rows in which all but the category is rolled up."""
    others = [name for name in table.request.by if name != table.category]
    kept = pd.Series(True, index=table.above.index)
    for name in others:
        kept &= table.above[name] == "all"
    return kept


def _sentence(row: pd.Series, table: TonnageTable) -> str:
    """One category in words."""
    category = str(row[table.category])
    about = "approximately " if category == "Inferred" else ""
    elements = [element for element in table.request.elements if element.metals]
    grades = [f"{_figure(row[e.grade_column])} {e.unit} {e.name.capitalize()}" for e in elements]
    metals = [_metal(row, element) for element in elements]
    ore = f"{about}{_figure(row['ore_t'])} t"
    return f"{category}: {ore} at {_list(grades)}, containing {_list(metals)}."


def _metal(row: pd.Series, element: Element) -> str:
    """Write the contained metal of an element, in its first unit, the others in brackets."""
    amounts = [f"{_figure(row[name])} {name.rsplit('_', 1)[1]}" for name in element.metals]
    others = f" ({', '.join(amounts[1:])})" if amounts[1:] else ""
    return f"{amounts[0]} {element.name.capitalize()}{others}"


def _density_line(table: TonnageTable) -> str:
    """Where the density came from."""
    stated, share = table.request.density, table.balance["share_default_density"]
    if stated.field is None:
        return f"Density: {stated.default_t_per_m3:g} t/m3 everywhere, stated."
    part = f"; {share:.1%} of the tonnes by the default" if share else ""
    return f"Density: column {stated.field}{part}."


def _rounded(kept: pd.DataFrame, table: TonnageTable, basis: Basis) -> pd.DataFrame:
    """Write every amount with two significant figures."""
    labels = [*table.request.by, "level", "cutoff"]
    amounts = [name for name in kept.columns if name not in labels and name != "n_blocks"]
    shown = kept[labels].copy()
    for name in amounts:
        shown[name] = [_figure(value) for value in kept[name]]
    inferred = kept[table.category] == "Inferred"
    shown.loc[inferred, "ore_t"] = "approximately " + shown.loc[inferred, "ore_t"]
    shown["base_case"] = kept["cutoff"] == basis.cutoff
    if table.synthetic:
        shown.insert(0, "synthetic", True)
        shown[table.category] = SYNTHETIC + shown[table.category].astype(str)
    return shown


def _figure(value: float) -> str:
    return round_for_reading(float(value))


def _list(parts: list[str]) -> str:
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def _named(field: str) -> str:
    suffix = next((end for end in UNIT_OF_SUFFIX if field.endswith(end)), "")
    return field.removesuffix(suffix).capitalize() if suffix else f"({field})"


def _unit(table: TonnageTable) -> str:
    """Return unit and name of what is cut on."""
    field = table.request.cut_field
    stated = [
        f"{e.unit} {e.name.capitalize()}" for e in table.request.elements if e.column == field
    ]
    found = [
        f"{unit} {_named(field)}" for end, unit in UNIT_OF_SUFFIX.items() if field.endswith(end)
    ]
    return next(iter([*stated, *found]), f"({field})").strip()
