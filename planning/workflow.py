"""From a study file to everything a plan needs: what is read and checked, in which order?"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path

from deposits.config import DepositConfig
from deposits.config import read_config as read_deposit_config
from deposits.errors import Checked, DataError, Problem
from deposits.evidence.statements import Statement
from deposits.study import StudyFile, apply_scenario
from deposits.tables import did_you_mean
from deposits.workflow import Ground, Inputs, model_problems, work_out
from deposits.workflow import read_inputs as read_deposit_inputs
from planning.config import PlanningConfig, check_feeds, read_config, scenario_tables
from planning.verdict.claims import ClaimFacts, unknown_references
from planning.verdict.inputs import PlanInputs, read_inputs

#: Tables that a scenario may change.
OWN_TABLES = (*DepositConfig.model_fields, *PlanningConfig.model_fields)


@dataclass(frozen=True, slots=True, eq=False)
class Loaded:
    """A study read as far as this storey knows it, and found sound.

    Parameters
    ----------
    study : StudyFile
        The study as written.
    ground : Ground
        What is in the ground, without any scenario.
    inputs : PlanInputs
        What plans and claims are held against.
    """

    study: StudyFile
    ground: Ground
    inputs: PlanInputs

    def input_files(self) -> list[Path]:
        """Files the study names, and folders of them; what comes from a database is left out."""
        folder, rock = self.study.folder, self.ground.config
        names = [rock.evidence.statements.path]
        names += [table.path for table in rock.layers.values() if "://" not in table.path]
        tables = (table.control_points for table in rock.layers.values())
        names += [table.path for table in tables if table is not None]
        money = read_config(self.study).or_raise()
        names += [money.market.folder] if money.market else []
        names += [money.claims.file, money.claims.evidence_folder] if money.claims else []
        return [folder / name for name in names]


def load(study: StudyFile, *, roles: Collection[str] | None = None) -> Checked[Loaded]:
    """Read a study with every file it names, and list every problem at once.

    Parameters
    ----------
    study : StudyFile
        Sound TOML.
    roles : collection of str, optional
        Read only layers of these roles; all by default.

    Returns
    -------
    Checked of Loaded
        Problems of tables, files, scenarios and of one against another.
    """
    if "drillholes" in study.tree:
        fact = "a drillhole study has a block model and no plan"
        remedy = f"Type: anzob study {study.path}. Plans of published evidence have [evidence]."
        return Checked(None, (Problem(fact, study.path.name, remedy=remedy),))
    rock, money = read_deposit_config(study), read_config(study)
    problems = [*rock.problems, *money.problems]
    read: Checked[Inputs] = Checked(None)
    found: Checked[PlanInputs] = Checked(None)
    if rock.value is not None:
        read = read_deposit_inputs(study, rock.value, roles=roles)
    if money.value is not None:
        found = read_inputs(study, money.value)
    problems += [*read.problems, *found.problems]
    if rock.value is not None and money.value is not None:
        problems += check_feeds(money.value, rock.value, study.path.name)
    statements = () if read.value is None else read.value.statements
    problems += check_scenarios(study, known=tuple(problems), statements=statements)
    if read.value is not None and found.value is not None:
        problems += _claim_problems(found.value, read.value)
    stop = any(problem.severity == "error" for problem in problems)
    if stop or rock.value is None or read.value is None or found.value is None:
        return Checked(None, tuple(problems))
    try:
        ground = work_out(rock.value, read.value)
    except DataError as error:
        return Checked(None, (*problems, *error.problems))
    return Checked(Loaded(study, ground, found.value), tuple(problems))


def _claim_problems(inputs: PlanInputs, read: Inputs) -> tuple[Problem, ...]:
    """Find claims that refer to rows which no table holds."""
    if inputs.market is None or inputs.evidence is None:
        return ()
    facts = ClaimFacts(inputs.market, inputs.evidence, read.statements)
    return unknown_references(inputs.claims, facts)


def check_scenarios(
    study: StudyFile,
    *,
    known: Collection[Problem] = (),
    statements: Collection[Statement] = (),
) -> tuple[Problem, ...]:
    """Merge and validate every scenario as a whole, and word what is wrong.

    Parameters
    ----------
    study : StudyFile
        The study as written.
    known : collection of Problem
        What is wrong with the study itself; a scenario does not repeat it.
    statements : collection of Statement
        What the models and bounding cases of a scenario must be among; none leaves that out.

    Returns
    -------
    tuple of Problem
        Each with the scenario's name in its place.
    """
    tables = scenario_tables(study)
    problems = list(tables.problems)
    for name in tables.value or {}:
        merged = apply_scenario(study, name)
        unknown = [key for key in merged.tree if key not in study.tree and key not in OWN_TABLES]
        problems += [
            Problem(
                "unknown table",
                f"{study.path.name}, key scenario.{name}.{key}",
                remedy=did_you_mean(key, OWN_TABLES),
            )
            for key in unknown
        ]
        rock, money = read_deposit_config(merged), read_config(merged)
        found = [*rock.problems, *money.problems]
        if rock.value is not None and statements:
            found += model_problems(statements, rock.value, study.path.name)
        if rock.value is not None and money.value is not None:
            found += check_feeds(money.value, rock.value, study.path.name)
        problems += [
            replace(problem, place=problem.place.replace(", key ", f", key scenario.{name}.", 1))
            for problem in found
            if problem not in known
        ]
    return tuple(problems)
