"""Which tables are plans and claims held against, and are they sound?"""

from __future__ import annotations

from dataclasses import dataclass

from deposits.errors import Checked, Problem
from deposits.study import StudyFile
from planning.config import PlanningConfig
from planning.economics.market_tables import Evidence, Market, read_evidence, read_market
from planning.verdict.claims import Claim, read_claims


@dataclass(frozen=True, slots=True, eq=False)
class PlanInputs:
    """Tables that plans and claims are held against; None is not part of the study."""

    market: Market | None
    evidence: Evidence | None
    claims: tuple[Claim, ...]
    warnings: tuple[Problem, ...]


def read_inputs(study: StudyFile, config: PlanningConfig) -> Checked[PlanInputs]:
    """Read the market tables, the evidence tables and the claims of a study.

    Parameters
    ----------
    study : StudyFile
        Where the files are.
    config : PlanningConfig
        What they are.

    Returns
    -------
    Checked of PlanInputs
        With every problem of every file.
    """
    problems: list[Problem] = []
    market = evidence = None
    claims: tuple[Claim, ...] = ()
    if config.market is not None:
        read = read_market(study.folder / config.market.folder, config.market.world)
        market, problems = read.value, [*problems, *read.problems]
    if config.claims is not None:
        tables = read_evidence(study.folder / config.claims.evidence_folder)
        said = read_claims(study.folder / config.claims.file)
        evidence, claims = tables.value, said.value or ()
        problems += [*tables.problems, *said.problems]
    broken = any(problem.severity == "error" for problem in problems)
    inputs = PlanInputs(market, evidence, claims, tuple(problems))
    return Checked(None if broken else inputs, tuple(problems))
