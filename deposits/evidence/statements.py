"""Who published how much ore, metal and grade for a field, and do the figures agree?

A statement names its *primary* quantities; the rest follows from ``metal = ore x grade``, draw by
draw. Figures that a source gives beside its primary ones are kept and compared, never averaged in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, cast

import numpy as np
import pandas as pd
from pydantic import ValidationError

from deposits.display import round_for_reading
from deposits.errors import Checked, Problem
from deposits.stated import KINDS, Kind, Stated
from deposits.tables import Column, TableFile, did_you_mean, read_table
from deposits.units import PER_CENT_SLIP, STIBNITE_SB_PCT

Quantity = Literal["ore_t", "sb_pct", "sb_t", "au_gpt", "au_kg"]
Role = Literal["model", "check", "bounding"]

QUANTITIES: tuple[Quantity, ...] = ("ore_t", "sb_pct", "sb_t", "au_gpt", "au_kg")
ROLES: tuple[Role, ...] = ("model", "check", "bounding")
BASES = ("in situ", "ROM", "balance", "off-balance", "not stated", "")
#: What can be right: 5,000 g/t Au and 1e11 t are beyond any deposit known.
HIGHEST = {"ore_t": 1e11, "sb_pct": STIBNITE_SB_PCT, "sb_t": 1e9, "au_gpt": 5e3, "au_kg": 1e8}
#: Grades below this are more often fractions than per cent.
LOW_SB_PCT = 0.1
#: A stated metal may differ this much from ore x grade before it is called inconsistent: the
#: rounding of two printed figures reaches about 5 %.
CONSISTENT_WITHIN = 0.05

COLUMNS = (
    Column("statement_id", required=True),
    Column("field", required=True),
    Column("model", required=True),
    Column("role", required=True, choices=ROLES),
    Column("category", required=True),
    Column("year", "integer", low=1900, high=2100),
    Column("kind", required=True, choices=KINDS),
    Column("basis", choices=BASES),
    Column("cutoff_sb_pct", "number", low=0.0, high=STIBNITE_SB_PCT),
    Column("primary"),
    *(
        Column(f"{name}{end}", "number", low=0.0, high=HIGHEST[name])
        for name in QUANTITIES
        for end in ("_low", "", "_high")
    ),
    Column("owner"),
    Column("plant"),
    Column("source", required=True),
    Column("note"),
)


@dataclass(frozen=True, slots=True)
class Statement:
    """A published or assumed statement of what a field holds.

    Parameters
    ----------
    statement_id : str
        Unique within the study.
    field : str
        Identifier of the field in the study.
    model : str
        Name of the interpretation; competing models of a field stand side by side.
    role : {"model", "check", "bounding"}
        Whether it enters the table, is only compared, or bounds what is not known.
    category : str
        As published (A, B, C1, C2, P1-P3) or "not stated"; never translated into another code.
    kind : {"reported", "derived", "assumed"}
        Where the figures come from.
    basis : str
        "in situ", "ROM", "balance", "off-balance" or "not stated".
    cutoff_sb_pct : float or None
        Cut-off the statement was made at [% Sb]; None when it is not stated.
    primary : tuple of str
        Quantities that are taken as given.
    stated : mapping of str to Stated
        All quantities the source gives: ore_t [t], sb_pct [% Sb], sb_t [t Sb], au_gpt [g/t Au],
        au_kg [kg Au].
    cv_within : float or None
        Spread of selection units within it, when the statement says so itself; None takes the
        field's grade law.
    """

    statement_id: str
    field: str
    model: str
    role: Role
    category: str
    kind: Kind
    basis: str
    cutoff_sb_pct: float | None
    primary: tuple[Quantity, ...]
    stated: Mapping[Quantity, Stated]
    year: int | None = None
    owner: str = ""
    plant: str = ""
    source: str = ""
    note: str = ""
    cv_within: float | None = None

    @property
    def is_known(self) -> bool:
        """Whether tonnes and antimony grade follow from its primary quantities."""
        base = self.base()
        return base["ore_t"] is not None and base["sb_pct"] is not None

    def base(self) -> dict[Quantity, float | None]:
        """All quantities of the deterministic run; None where nothing is stated."""
        given = {name: np.float64(self.stated[name].base) for name in self.primary}
        return {
            name: None if value is None else float(value) for name, value in complete(given).items()
        }


def complete(given: Mapping[Quantity, Any]) -> dict[Quantity, Any]:
    """Work out the quantities that follow from the given ones.

    Parameters
    ----------
    given : mapping
        Some of ore_t [t], sb_pct [%], sb_t [t], au_gpt [g/t], au_kg [kg]; floats or arrays of
        equal shape, one entry a draw.

    Returns
    -------
    dict
        All five; None for what does not follow.

    Notes
    -----
    sb_t = ore_t sb_pct / 100 and au_kg = ore_t au_gpt / 1000, solved for what is missing.

    Examples
    --------
    >>> konchoch = complete({"au_kg": 49_900.0, "au_gpt": 2.08, "sb_t": 264_616.0})
    >>> round(konchoch["ore_t"]), round(konchoch["sb_pct"], 2)
    (23990385, 1.1)
    """
    known: dict[Quantity, Any] = {name: given.get(name) for name in QUANTITIES}
    if known["ore_t"] is None and known["sb_t"] is not None and known["sb_pct"] is not None:
        known["ore_t"] = known["sb_t"] / known["sb_pct"] * 100.0
    if known["ore_t"] is None and known["au_kg"] is not None and known["au_gpt"] is not None:
        known["ore_t"] = known["au_kg"] / known["au_gpt"] * 1000.0
    ore = known["ore_t"]
    if ore is None:
        return known
    if known["sb_t"] is None and known["sb_pct"] is not None:
        known["sb_t"] = ore * known["sb_pct"] / 100.0
    if known["sb_pct"] is None and known["sb_t"] is not None:
        known["sb_pct"] = known["sb_t"] / ore * 100.0
    if known["au_kg"] is None and known["au_gpt"] is not None:
        known["au_kg"] = ore * known["au_gpt"] / 1000.0
    if known["au_gpt"] is None and known["au_kg"] is not None:
        known["au_gpt"] = known["au_kg"] / ore * 1000.0
    return known


def consistency_factor(statement: Statement) -> float | None:
    """Return ore x grade over the stated metal, for Sb and then for Au; None without a triple.

    A factor of 3.8 says that grade times tonnes is 3.8 times the metal in the same source.

    Returns
    -------
    float or None
        The ratio farther from 1, dimensionless.
    """
    base = {name: stated.base for name, stated in statement.stated.items()}
    ratios = []
    if all(base.get(name) for name in ("ore_t", "sb_pct", "sb_t")):
        ratios.append(base["ore_t"] * base["sb_pct"] / 100.0 / base["sb_t"])
    if all(base.get(name) for name in ("ore_t", "au_gpt", "au_kg")):
        ratios.append(base["ore_t"] * base["au_gpt"] / 1000.0 / base["au_kg"])
    return max(ratios, key=lambda ratio: abs(np.log(ratio))) if ratios else None


def is_inconsistent(factor: float | None) -> bool:
    """Whether a consistency factor is farther from 1 than printed figures round."""
    return factor is not None and abs(factor - 1.0) > CONSISTENT_WITHIN


def read_statements(source: TableFile) -> Checked[tuple[Statement, ...]]:
    """Read resource statements and word everything that is wrong with them.

    Parameters
    ----------
    source : TableFile
        A table with the columns of :data:`COLUMNS`; field names as the file spells them.

    Returns
    -------
    Checked of tuple of Statement
        Inconsistent triples are warnings; contradictory or unsolvable primaries are errors.
    """
    table = read_table(source, COLUMNS, unique="statement_id")
    if table.value is None:
        return Checked(None, table.problems)
    problems = list(table.problems)
    statements = []
    for number, row in table.value.iterrows():
        place = f"{source.path.name}, row {number} ({row['statement_id']})"
        statement = _read_row(row, place, problems)
        if statement is not None:
            statements.append(statement)
            problems += _doubts(statement, place)
    if not statements and not problems:
        problems.append(Problem("no statement in the file", source.path.name))
    broken = any(problem.severity == "error" for problem in problems)
    return Checked(None if broken else tuple(statements), tuple(problems))


def _read_row(row: pd.Series, place: str, problems: list[Problem]) -> Statement | None:
    """Turn one row into a statement, or add what is wrong to *problems*."""
    stated: dict[Quantity, Stated] = {}
    for name in QUANTITIES:
        numbers = {"low": row[f"{name}_low"], "value": row[name], "high": row[f"{name}_high"]}
        given = {key: float(number) for key, number in numbers.items() if not np.isnan(number)}
        if not given:
            continue
        try:
            stated[name] = Stated(**given, kind=row["kind"], source=row["source"])
        except ValidationError as error:
            reason = str(error.errors()[0]["ctx"]["error"])
            problems.append(Problem(reason, f"{place}, column {name}"))
            return None
    primary = tuple(part.strip() for part in str(row["primary"]).split(";") if part.strip())
    wrong = _wrong_primary(primary, stated, f"{place}, column primary")
    if primary and not wrong and row["role"] != "check" and not _tonnes_follow(primary):
        allowed = "ore_t, or a metal with its grade; or role check for a metal alone"
        found = ";".join(primary)
        wrong = [
            Problem("tonnes do not follow from these", f"{place}, column primary", found, allowed)
        ]
    if wrong:
        problems += wrong
        return None
    year, cutoff = row["year"], row["cutoff_sb_pct"]
    return Statement(
        **{key: row[key] for key in ("statement_id", "field", "model", "role", "category")},
        **{key: row[key] for key in ("kind", "owner", "plant", "source", "note")},
        basis=row["basis"] or "not stated",
        cutoff_sb_pct=None if np.isnan(cutoff) else float(cutoff),
        primary=tuple(name for name in QUANTITIES if name in primary),
        stated=stated,
        year=None if np.isnan(year) else int(year),
    )


def _wrong_primary(
    primary: Sequence[str], stated: Mapping[Quantity, Stated], place: str
) -> list[Problem]:
    """Find primary quantities that are unknown, not stated, or one too many."""
    problems = [
        Problem(
            "unknown quantity", place, name, ", ".join(QUANTITIES), did_you_mean(name, QUANTITIES)
        )
        for name in primary
        if name not in QUANTITIES
    ]
    problems += [
        Problem(
            f"{name} is primary but the row does not state it", place, remedy="Fill its column."
        )
        for name in primary
        if name in QUANTITIES and name not in stated
    ]
    triples = (("ore_t", "sb_pct", "sb_t"), ("ore_t", "au_gpt", "au_kg"))
    both_ways = {"sb_pct", "sb_t", "au_gpt", "au_kg"} <= set(primary)
    if both_ways or any(set(triple) <= set(primary) for triple in triples):
        fact = "the primary quantities say the same thing twice"
        remedy = "Keep those that the source measured; the rest is worked out and compared."
        problems.append(Problem(fact, place, ";".join(primary), remedy=remedy))
    given = [(name, stated[cast(Quantity, name)]) for name in primary if name in stated]
    zero = [name for name, number in given if _least(number) <= 0]
    problems += [Problem(f"{name} is zero", place, remedy="Leave unknowns empty.") for name in zero]
    return problems


def _least(number: Stated) -> float:
    """Return the smallest figure that may be drawn."""
    return number.base if number.low is None else number.low


def _tonnes_follow(primary: Sequence[str]) -> bool:
    """Whether the quantities fix a tonnage."""
    given = set(primary)
    return "ore_t" in given or {"sb_t", "sb_pct"} <= given or {"au_kg", "au_gpt"} <= given


def _doubts(statement: Statement, place: str) -> list[Problem]:
    """Warn of an inconsistent triple and of a grade that looks like a fraction."""
    doubts = []
    factor = consistency_factor(statement)
    if is_inconsistent(factor):
        times = round_for_reading(factor)
        doubts.append(
            Problem(
                f"ore x grade is {times} times the stated metal",
                place,
                remedy="Grade and metal may belong to different tonnages; they are not combined.",
                severity="warning",
            )
        )
    grade = statement.stated.get("sb_pct")
    if grade is not None and 0 < grade.base < LOW_SB_PCT:
        found = f"{grade.base:g} % Sb"
        doubts.append(
            Problem("the grade may be a fraction", place, found, "", PER_CENT_SLIP, "warning")
        )
    return doubts
