"""What is said in public about the fields and the plant, and does it stand beside the evidence?

A claim is a row of ``claims.toml``: our words for it, who said it, and the name of the check that
does the sum. The checks know no deposit; every figure comes from the claim's parameters or from
the tables.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from deposits.errors import Checked, DataError, Problem
from deposits.tables import did_you_mean
from planning.verdict import _claim_checks as ground
from planning.verdict import _claim_market_checks as market
from planning.verdict._claim_basis import Answer, ClaimFacts, Finding, Parameters, sentence

__all__ = [
    "CHECKS",
    "Claim",
    "ClaimFacts",
    "ClaimFinding",
    "check_claims",
    "read_claims",
    "unknown_references",
]

#: Every check by the name a claims file uses, with the model of its parameters.
CHECKS: dict[str, tuple[type[Parameters], Callable[[Any, ClaimFacts], Answer]]] = {
    "grade": (ground.Grade, ground.grade),
    "subset": (ground.Subset, ground.subset),
    "metal_output": (ground.MetalOutput, ground.metal_output),
    "capacity": (ground.Capacity, ground.capacity),
    "concentration": (ground.Concentration, ground.concentration),
    "plant_age": (ground.PlantAge, ground.plant_age),
    "plant_feed": (ground.PlantFeed, ground.plant_feed),
    "triple": (ground.Triple, ground.triple),
    "delivery": (ground.Delivery, ground.delivery),
    "unit_values": (market.UnitValues, market.unit_values),
    "rank": (market.Rank, market.rank),
    "price_move": (market.PriceMove, market.price_move),
    "import_share": (market.ImportShare, market.import_share),
    "world_share": (market.WorldShare, market.world_share),
    "reserve_rank": (market.ReserveRank, market.reserve_rank),
    "value_chain": (market.ValueChain, market.value_chain),
    "not_published": (market.NotPublished, market.not_published),
}


class Claim(BaseModel):
    """One claim of the public story.

    Parameters
    ----------
    id : str
        Unique in the file.
    claim : str
        What is claimed, in our words.
    said_by : str
        Who said it, and where.
    date : str
        When, as far as known.
    check : str
        Name of a check in `CHECKS`.
    parameters : dict
        What the check needs to know of the claim.
    evidence : list of str
        Rows that belong to it, as "table:id"; their sources are cited with the finding.
    notes_of : list of str
        Rows whose notes explain the claim; they end the evidence, and their sources are cited.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    id: str = Field(min_length=1)
    claim: str = Field(min_length=1)
    said_by: str = Field(min_length=1)
    date: str = Field(min_length=1)
    check: str
    parameters: dict[str, Any] = Field(default_factory=dict)
    evidence: list[str] = Field(default_factory=list)
    notes_of: list[str] = Field(default_factory=list)

    @property
    def references(self) -> tuple[str, ...]:
        """Every row that it names."""
        return (*self.evidence, *self.notes_of)


@dataclass(frozen=True, slots=True)
class ClaimFinding:
    """A claim with the sum, the evidence beside it and what follows.

    Parameters
    ----------
    id, claim, said_by : str
        As in the claim; *said_by* with the date.
    arithmetic : str
        The sum, with its numbers.
    evidence : str
        What stands beside the claim; names the editions when two are compared.
    finding : {"consistent", "inconsistent", "mistimed", "not comparable", "not checkable"}
        What follows.
    sources : tuple of str
        Sources of every row that was used.
    """

    id: str
    claim: str
    said_by: str
    arithmetic: str
    evidence: str
    finding: Finding
    sources: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """Return it as plain JSON values."""
        return {**asdict(self), "sources": list(self.sources)}


def read_claims(path: Path) -> Checked[tuple[Claim, ...]]:
    """Read a claims file and word everything that is wrong with it.

    Parameters
    ----------
    path : Path
        TOML with one ``[[claim]]`` table a claim.

    Returns
    -------
    Checked of tuple of Claim
        In the order of the file.
    """
    try:
        tree = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        return Checked(None, (Problem(f"cannot be read ({error.strerror})", str(path)),))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        remedy = "Correct the file; it must be TOML in UTF-8."
        return Checked(None, (Problem(f"not TOML ({error})", path.name, remedy=remedy),))
    tables = tree.pop("claim", [])
    problems = [Problem("not a key of a claims file", f"{path.name}, key {key}") for key in tree]
    if not isinstance(tables, list) or not tables:
        remedy = "Write at least one [[claim]]."
        return Checked(None, (*problems, Problem("no claims", path.name, remedy=remedy)))
    claims: list[Claim] = []
    for number, table in enumerate(tables, start=1):
        claim, found = _read_claim(table, f"{path.name}, claim {number}")
        problems += found
        if claim is not None and any(claim.id == other.id for other in claims):
            remedy = "Make it unique."
            problems.append(Problem("the identifier repeats", path.name, claim.id, remedy=remedy))
        elif claim is not None:
            claims.append(claim)
    return Checked(None if problems else tuple(claims), tuple(problems))


def check_claims(claims: Sequence[Claim], facts: ClaimFacts) -> list[ClaimFinding]:
    """Hold every claim against the facts.

    Parameters
    ----------
    claims : sequence of Claim
        As `read_claims` returns them.
    facts : ClaimFacts
        Market and evidence tables and the resource statements.

    Returns
    -------
    list of ClaimFinding
        In the order of the claims.

    Raises
    ------
    DataError
        If a claim refers to a row that is not there.
    """
    problems = unknown_references(claims, facts)
    if problems:
        raise DataError(problems)
    return [_finding(claim, facts) for claim in claims]


def unknown_references(claims: Sequence[Claim], facts: ClaimFacts) -> tuple[Problem, ...]:
    """Find references of claims to rows that no table holds.

    Parameters
    ----------
    claims : sequence of Claim
        To look through.
    facts : ClaimFacts
        The tables.

    Returns
    -------
    tuple of Problem
        One a reference.
    """
    return tuple(
        Problem(
            "refers to a row that is not there",
            f"claim {claim.id}, keys evidence and notes_of",
            found=reference,
            allowed='"table:id", for example "plants:P-1"',
        )
        for claim in claims
        for reference in claim.references
        if facts.sources(reference) is None
    )


def _read_claim(table: Any, place: str) -> tuple[Claim | None, list[Problem]]:
    """Turn one table into a claim whose check and parameters are known to fit."""
    try:
        claim = Claim.model_validate(table)
    except ValidationError as error:
        return None, _problems(error, place, list(Claim.model_fields))
    place = f"{place} ({claim.id})"
    if claim.check not in CHECKS:
        remedy = did_you_mean(claim.check, CHECKS)
        allowed = ", ".join(CHECKS)
        unknown = Problem("unknown check", f"{place}, key check", claim.check, allowed, remedy)
        return None, [unknown]
    model = CHECKS[claim.check][0]
    try:
        model.model_validate(claim.parameters)
    except ValidationError as error:
        return None, _problems(error, f"{place}, parameters", list(model.model_fields))
    return claim, []


def _problems(error: ValidationError, place: str, known: list[str]) -> list[Problem]:
    """Word the mistakes that a model found."""
    problems = []
    for mistake in error.errors():
        key = ".".join(map(str, mistake["loc"]))
        where = f"{place}, key {key}" if key else place
        if mistake["type"] == "extra_forbidden":
            remedy = did_you_mean(key, known)
            problems.append(Problem("unknown key", where, key, ", ".join(known), remedy))
        elif mistake["type"] == "missing":
            problems.append(Problem("the key is missing", where))
        elif mistake["type"] == "value_error":
            problems.append(Problem(str(mistake["ctx"]["error"]), where))
        else:
            problems.append(Problem(mistake["msg"].lower(), where, str(mistake["input"])))
    return problems


def _finding(claim: Claim, facts: ClaimFacts) -> ClaimFinding:
    """Run the check of one claim and cite the rows it refers to."""
    model, run = CHECKS[claim.check]
    answer = run(model.model_validate(claim.parameters), facts)
    referred = [s for r in claim.references for s in (facts.sources(r) or ())]
    notes = [f"{note}." for r in claim.notes_of for note in facts.notes(r)]
    return ClaimFinding(
        id=claim.id,
        claim=claim.claim,
        said_by=f"{claim.said_by}, {claim.date}",
        arithmetic=answer.arithmetic,
        evidence=sentence(answer.evidence, *notes),
        finding=answer.finding,
        sources=tuple(dict.fromkeys((*answer.sources, *referred))),
    )
