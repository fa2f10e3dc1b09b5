"""What does a claim check get, and what must it hand back?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import pandas as pd
from pydantic import BaseModel, ConfigDict

from deposits.evidence.statements import Statement
from planning.economics.market_tables import Evidence, Market

Finding = Literal["consistent", "inconsistent", "mistimed", "not comparable", "not checkable"]


@dataclass(frozen=True, slots=True, eq=False)
class ClaimFacts:
    """Every table that a claim may be held against.

    Parameters
    ----------
    market : Market
        Market tables.
    evidence : Evidence
        Evidence tables.
    statements : tuple of Statement
        Resource statements of all fields.
    """

    market: Market
    evidence: Evidence
    statements: tuple[Statement, ...] = ()

    def sources(self, reference: str) -> tuple[str, ...] | None:
        """Return the source of a row such as "customs:C-2022", or None when there is none."""
        return self._texts(reference, "source")

    def notes(self, reference: str) -> tuple[str, ...]:
        """Return what is noted on a row; () when nothing is."""
        return tuple(note for note in self._texts(reference, "note") or () if note)

    def _texts(self, reference: str, column: str) -> tuple[str, ...] | None:
        """Return one text of a row, or None when there is no such row."""
        name, _, row = reference.partition(":")
        if name == "statements":
            found = [s for s in self.statements if s.statement_id == row]
            return tuple(str(getattr(s, column)) for s in found) or None
        for tables in (self.market, self.evidence):
            if name in tables.__dataclass_fields__:
                table: pd.DataFrame = getattr(tables, name)
                return tuple(map(str, table.loc[table["id"] == row, column])) or None
        return None


class Parameters(BaseModel):
    """Parameters of a check, as the claims file writes them."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a check found.

    Parameters
    ----------
    arithmetic : str
        The sum that was done, with its numbers.
    evidence : str
        What stands beside the claim.
    finding : {"consistent", "inconsistent", "mistimed", "not comparable", "not checkable"}
        What follows.
    sources : tuple of str
        Sources of the rows that were used.
    """

    arithmetic: str
    evidence: str
    finding: Finding
    sources: tuple[str, ...] = ()


def whole(number: float) -> str:
    """Write a number without decimals, thousands separated.

    Examples
    --------
    >>> whole(105_000.2)
    '105,000'
    """
    return f"{number:,.0f}"


def per_cent(fraction: float) -> str:
    """Write a fraction as a whole per cent.

    Examples
    --------
    >>> per_cent(0.875)
    '88 %'
    """
    return f"{100 * fraction:.0f} %"


def plain(number: float) -> str:
    """Write a small number without an exponent.

    Examples
    --------
    >>> plain(0.00002), plain(15.0)
    ('0.00002', '15')
    """
    return f"{number:.8f}".rstrip("0").rstrip(".")


def sources_of(*columns: Iterable[object]) -> tuple[str, ...]:
    """Return the different sources among rows, in order."""
    texts = (str(source) for column in columns for source in column if source)
    return tuple(dict.fromkeys(texts))


def editions_note(editions: Sequence[str]) -> str:
    """Say so when figures of several editions are compared; "" for a single one.

    Examples
    --------
    >>> editions_note(["MCS 2024", "MCS 2026", "MCS 2024"])
    'Compares editions that revise one another: MCS 2024, MCS 2026.'
    """
    different = list(dict.fromkeys(editions))
    if len(different) < 2:
        return ""
    return f"Compares editions that revise one another: {', '.join(different)}."


def sentence(*parts: str) -> str:
    """Join the parts that hold something."""
    return " ".join(part for part in parts if part)
