"""What grade of one metal is the block's ore worth, or what does it return, as a field to cut on?

A metal equivalent hides prices and recoveries in one number. It is written only when they are
stated, with its formula, beside the grades it is made of (JORC Code 2012, clause 50: individual
grades, prices, recoveries, a statement that every metal can be recovered and sold, the formula).
Factors change with prices: none is built in.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from deposits.errors import DataError, Problem
from deposits.stated import Kind, softest
from deposits.units import GRAMS_PER_TROY_OUNCE
from planning.economics.nsr import GOLD_TERMS, NSR_TERMS, Terms, net_smelter_return

#: Metal in a tonne of ore at a grade of 1, in the unit of the price.
PER_GRADE = {
    ("%", "USD/t"): 0.01,
    ("g/t", "USD/t"): 1e-6,
    ("g/t", "USD/oz"): 1.0 / GRAMS_PER_TROY_OUNCE,
    ("%", "USD/oz"): 1e4 / GRAMS_PER_TROY_OUNCE,
    ("ppm", "USD/t"): 1e-6,
}


@dataclass(frozen=True, slots=True)
class Metal:
    """One metal of an equivalent; everything is stated, nothing has a default.

    Parameters
    ----------
    name : str
        Symbol, such as "Sb".
    column : str
        Grade column of the blocks.
    unit : {"%", "g/t", "ppm"}
        Unit of that grade.
    price : float
        [*price_unit*], a number, not "spot".
    price_unit : {"USD/t", "USD/oz"}
    recovery : float
        Metallurgical recovery [fraction].
    payability : float
        Part of the price paid [fraction]; state 1.0 where the formula leaves it out.
    source : str
        Where price and recovery stand, with their dates.
    kind : {"reported", "derived", "assumed"}
        As soft as the softest of the three numbers.
    """

    name: str
    column: str
    unit: Literal["%", "g/t", "ppm"]
    price: float
    price_unit: Literal["USD/t", "USD/oz"]
    recovery: float
    payability: float
    source: str
    kind: Kind = "assumed"

    @property
    def value(self) -> float:
        """Paid for the metal in a tonne of ore at a grade of 1 [USD/t of ore]."""
        metal = PER_GRADE[self.unit, self.price_unit]
        return metal * self.price * self.recovery * self.payability

    def __str__(self) -> str:
        """Price, recovery and payability in one line."""
        price = f"{self.price:,.10g} {self.price_unit}"
        shares = f"recovery {self.recovery:.10g}, payability {self.payability:.10g}"
        return f"{self.name}: price {price}, {shares} ({self.kind}; {self.source})"


@dataclass(frozen=True, slots=True)
class Equivalent:
    """A metal equivalent, ready to be written to blocks.

    Parameters
    ----------
    base : Metal
        The metal it is expressed in.
    metals : tuple of Metal
        All metals in it, the base first.
    saleable : str
        Whose opinion it is that every metal in it can be recovered and sold, and on what grounds.
    """

    base: Metal
    metals: tuple[Metal, ...]
    saleable: str

    @property
    def factors(self) -> dict[str, float]:
        """Grade of the base metal that a grade of 1 of each metal is worth."""
        return {metal.name: metal.value / self.base.value for metal in self.metals}

    @property
    def column(self) -> str:
        """Name of the field it is written to, with its unit."""
        suffix = {"%": "pct", "g/t": "gpt", "ppm": "ppm"}[self.base.unit]
        return f"{self.base.name.lower()}eq_{suffix}"

    @property
    def kind(self) -> Kind:
        """As soft as the softest number in it, and at best derived."""
        return softest("derived", *(metal.kind for metal in self.metals))

    @property
    def formula(self) -> str:
        """The formula with its factors to three figures."""
        parts = [f"{m.name} [{m.unit}]" for m in self.metals[:1]]
        parts += [f"{self.factors[m.name]:.3g} x {m.name} [{m.unit}]" for m in self.metals[1:]]
        return f"{self.base.name}Eq [{self.base.unit}] = {' + '.join(parts)}"

    def lines(self) -> list[str]:
        """Return all that must be printed wherever the equivalent is."""
        return [
            f"{self.formula}; factor = (price x recovery x payability of the metal) / (the same of "
            f"{self.base.name}), both per unit of grade.",
            *(str(metal) for metal in self.metals),
            f"Every metal in it can be recovered and sold: {self.saleable}.",
            f"Kind: {self.kind}. The grade of each metal stands beside the equivalent.",
        ]


def equivalent(base: str, metals: Sequence[Metal], saleable: str) -> Equivalent:
    """Define a metal equivalent.

    Parameters
    ----------
    base : str
        Name of the metal it is expressed in, one of *metals*.
    metals : sequence of Metal
    saleable : str
        See `Equivalent`.

    Returns
    -------
    Equivalent

    Raises
    ------
    DataError
        If a price, recovery, payability, source or the statement on sale is missing or cannot be
        right; all at once.

    Examples
    --------
    >>> gold = Metal("Au", "au_gpt", "g/t", 1800.0, "USD/oz", 0.6, 1.0, "Chalice 2022-07-08")
    >>> nickel = Metal("Ni", "ni_pct", "%", 22000.0, "USD/t", 0.55, 1.0, "Chalice 2022-07-08")
    >>> equivalent("Ni", [nickel, gold], "Chalice").formula
    'NiEq [%] = Ni [%] + 0.287 x Au [g/t]'
    """
    problems = [problem for metal in metals for problem in _problems(metal)]
    names = [metal.name for metal in metals]
    if base not in names:
        problems.append(Problem("not among the metals", "base", base, ", ".join(names)))
    if len(set(names)) < len(names):
        problems.append(Problem("a metal comes twice", "metals", ", ".join(names)))
    if not saleable.strip():
        remedy = "Name who holds that each metal can be recovered and sold, and why"
        problems.append(Problem("the statement on sale is missing", "saleable", remedy=remedy))
    if problems:
        raise DataError(problems)
    first = metals[names.index(base)]
    return Equivalent(first, (first, *(m for m in metals if m.name != base)), saleable)


def add_equivalent_field(blocks: pd.DataFrame, formula: Equivalent) -> pd.DataFrame:
    """Add the equivalent as a field to cut on.

    Parameters
    ----------
    blocks : DataFrame
        With the grade column of every metal; an absent grade leaves the equivalent absent.
    formula : Equivalent

    Returns
    -------
    DataFrame
        A copy with column ``formula.column``.

    Raises
    ------
    DataError
        If a grade column is missing.
    """
    _refuse_missing(blocks, [metal.column for metal in formula.metals])
    total = np.zeros(len(blocks))
    for metal in formula.metals:
        total = total + blocks[metal.column].to_numpy(float) * formula.factors[metal.name]
    return blocks.assign(**{formula.column: total})


def add_nsr_field(
    blocks: pd.DataFrame,
    terms: Terms,
    *,
    sb: str = "sb_pct",
    au: str | None = "au_gpt",
    field: str = "nsr_usd_per_t",
) -> pd.DataFrame:
    """Add the net smelter return after royalty as a field to cut on.

    Parameters
    ----------
    blocks : DataFrame
        With the grade columns; an absent grade leaves the return absent.
    terms : Terms
        One number each, no draws. All antimony terms must be stated; with *au* all gold terms.
    sb : str
        Antimony grade [%].
    au : str or None
        Gold grade [g/t]; None leaves gold out on purpose.
    field : str
        Name of the new column [USD/t of ore].

    Returns
    -------
    DataFrame
        A copy with the column; see `planning.economics.nsr.net_smelter_return`.

    Raises
    ------
    DataError
        If a term or a column is missing; all at once.
    """
    used = NSR_TERMS if au is None else (*NSR_TERMS, *GOLD_TERMS)
    missing = terms.missing(used)
    if missing:
        remedy = "State it, or leave gold out with au=None" if au else "State it in the study"
        raise DataError(Problem("not stated", key, remedy=remedy) for key in missing)
    _refuse_missing(blocks, [sb] if au is None else [sb, au])
    gold = None if au is None else blocks[au].to_numpy(float)
    found = net_smelter_return(blocks[sb].to_numpy(float), terms, gold)
    return blocks.assign(**{field: np.asarray(found.net, dtype=float)})


def nsr_lines(terms: Terms, *, with_gold: bool = True) -> list[str]:
    """Return the formula of the return and its terms, to be printed wherever the field is.

    Parameters
    ----------
    terms : Terms
    with_gold : bool
        Whether gold is in the field.

    Returns
    -------
    list of str
    """
    used = (*NSR_TERMS, *GOLD_TERMS) if with_gold else NSR_TERMS
    gold = " + Au/31.1034768 x au_recovery x au_payability x au_price" if with_gold else ""
    formula = (
        "NSR [USD/t] = (1 - royalty) x (Sb/100 x sb_recovery x (sb_payability x sb_price - "
        f"(treatment + transport + penalties) x 100 / concentrate_sb_pct){gold}); "
        "royalty on a positive return only"
    )
    values = [
        f"{name} = {getattr(terms, name)} ({terms.kinds.get(name, 'assumed')})" for name in used
    ]
    return [formula, *values, *([] if with_gold else ["Gold is not counted."])]


def _problems(metal: Metal) -> list[Problem]:
    """List what is wrong with one metal."""
    found, place = [], f"metal {metal.name}"
    if (metal.unit, metal.price_unit) not in PER_GRADE:
        pairs = "; ".join(" with ".join(pair) for pair in PER_GRADE)
        given = f"{metal.unit} with {metal.price_unit}"
        found.append(Problem("units do not go together", place, given, pairs))
    if not (math.isfinite(metal.price) and metal.price > 0):
        found.append(Problem("price is impossible", place, f"{metal.price}", "above 0"))
    for name in ("recovery", "payability"):
        share = getattr(metal, name)
        if not 0 < share <= 1:
            remedy = "Write 0.87 for 87 %"
            found.append(Problem(f"{name} is impossible", place, f"{share}", "0 to 1", remedy))
    if not metal.source.strip():
        found.append(Problem("no source of price and recovery", place))
    return found


def _refuse_missing(blocks: pd.DataFrame, names: Sequence[str]) -> None:
    lost = [name for name in names if name not in blocks]
    shown = ", ".join(str(name) for name in blocks.columns)
    if lost:
        raise DataError(Problem("the blocks have no such grade", "blocks", n, shown) for n in lost)
