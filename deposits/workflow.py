"""From a study file to a grade-tonnage table: what is read, checked and worked out, in order?"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from deposits.config import DepositConfig
from deposits.district import read_layers
from deposits.errors import Checked, Problem
from deposits.evidence.resources import Cases, Resource, build_resources, draw_probabilities
from deposits.evidence.statements import Statement, read_statements
from deposits.grade_tonnage import Row, tabulate_evidence, tabulate_totals
from deposits.names import resolve_field, suggest_field
from deposits.study import StudyFile

if TYPE_CHECKING:
    from deposits.layers import Layer

#: Layers that the table needs; all others are only drawn.
RESERVE_ROLES = frozenset({"reserve_blocks"})


@dataclass(frozen=True, slots=True, eq=False)
class Inputs:
    """Everything that was read, before anything is worked out.

    Parameters
    ----------
    statements : tuple of Statement
        Published statements and, after them, reserve blocks; fields by identifier.
    layers : mapping of str to Layer
        Layers by their name in the study, in the project's CRS.
    warnings : tuple of Problem
        What can be right but is worth a look.
    """

    statements: tuple[Statement, ...]
    layers: Mapping[str, Layer]
    warnings: tuple[Problem, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """What is in the ground, as far as the study knows.

    Parameters
    ----------
    config : DepositConfig
        The study's own tables.
    inputs : Inputs
        What was read.
    resources : tuple of Resource
        Models and bounding cases of every field.
    probabilities : mapping of str to ndarray
        Uniform numbers behind the draws.
    """

    config: DepositConfig
    inputs: Inputs
    resources: tuple[Resource, ...]
    probabilities: Mapping[str, Cases]

    def chosen(self, field: str) -> tuple[Resource, ...]:
        """Resources that stand for a field in totals and plans.

        Its bounding case if the study names one, else its only or its total model.
        """
        table = self.config.fields[field]
        own = [r for r in self.resources if r.field == field]
        if table.bounding_case is not None:
            return tuple(
                r for r in own if any(s.statement_id == table.bounding_case for s in r.statements)
            )
        models = [r for r in own if r.role == "model"]
        if table.total_model is not None:
            return tuple(r for r in models if r.model == table.total_model)
        return tuple([r for r in models if r.is_known] or models)


def read_inputs(
    study: StudyFile, config: DepositConfig, *, roles: Collection[str] | None = None
) -> Checked[Inputs]:
    """Read every file the study names, and check them one by one and against each other.

    Parameters
    ----------
    study : StudyFile
        Where the files are.
    config : DepositConfig
        What they are.
    roles : collection of str, optional
        Read only layers of these roles; all by default. Statements are held against the features
        of their fields only when all are read.

    Returns
    -------
    Checked of Inputs
        With every problem of every file.
    """
    problems: list[Problem] = []
    read = read_statements(config.evidence.statements.resolve(study.folder))
    problems += read.problems
    file = config.evidence.statements.path
    statements = _resolve_fields(read.value or (), config, file, problems)
    drawn = read_layers(study, config.layers, config.study, roles=roles)
    layers = drawn.value or {}
    problems += drawn.problems
    statements += _reserve_statements(layers, config, problems)
    # What rests on a file that could not be read would only mislead.
    complete = read.value is not None and not any(p.severity == "error" for p in problems)
    if complete:
        problems += model_problems(statements, config, study.path.name)
    if complete and roles is None:
        problems += _coverage_problems(statements, layers, config)
    broken = any(problem.severity == "error" for problem in problems)
    inputs = Inputs(tuple(statements), layers, tuple(problems))
    return Checked(None if broken else inputs, tuple(problems))


def work_out(config: DepositConfig, inputs: Inputs) -> Ground:
    """Draw the ranges and fit the grade laws.

    Parameters
    ----------
    config : DepositConfig
        The study's own tables, with a scenario merged in or not.
    inputs : Inputs
        What was read.

    Returns
    -------
    Ground

    Raises
    ------
    DataError
        If a mean grade and its spread cannot belong together.
    """
    probabilities = draw_probabilities(
        config.fields,
        draws=config.study.draws,
        seed=config.study.seed,
        field_correlation=config.evidence.field_correlation,
    )
    resources = build_resources(inputs.statements, config.fields, probabilities)
    return Ground(config, inputs, resources, probabilities)


def tabulate(ground: Ground) -> tuple[Row, ...]:
    """Cut every resource at every cut-off, and add up the fields.

    Parameters
    ----------
    ground : Ground
        What is in the ground.

    Returns
    -------
    tuple of Row
        Field by field, bounding cases right under the models, then the totals.
    """
    config = ground.config
    cutoffs, synthetic = config.evidence.cutoffs_sb_pct, config.study.synthetic
    members = [r for field in config.fields for r in ground.chosen(field)]
    return (
        *tabulate_evidence(ground.resources, cutoffs, synthetic=synthetic),
        *tabulate_totals(members, cutoffs, synthetic=synthetic),
    )


def _resolve_fields(
    statements: Collection[Statement],
    config: DepositConfig,
    file: str,
    problems: list[Problem],
) -> list[Statement]:
    """Give every statement the study's identifier of its field."""
    aliases = config.aliases()
    resolved = []
    for statement in statements:
        field = resolve_field(statement.field, aliases)
        if field is None:
            place = f"{file}, statement {statement.statement_id}, column field"
            remedy = suggest_field(statement.field, aliases) or "Define it in [fields.ID]."
            allowed = ", ".join(config.fields)
            problems.append(
                Problem(
                    "no field of this name in the study", place, statement.field, allowed, remedy
                )
            )
        else:
            resolved.append(replace(statement, field=field))
    return resolved


def _reserve_statements(
    layers: Mapping[str, Layer], config: DepositConfig, problems: list[Problem]
) -> list[Statement]:
    """Turn reserve-block layers into statements of their fields."""
    found: list[Statement] = []
    for name, layer in layers.items():
        table = config.layers[name]
        if table.role != "reserve_blocks":
            continue
        from deposits.evidence.reserve_blocks import as_statements, read_reserve_blocks

        density = table.host_density_t_per_m3
        blocks = read_reserve_blocks(layer, density, config.aliases())
        problems += blocks.problems
        title = table.title or name
        made = as_statements(blocks.value or [], model=title, cv_within=table.cv_within_block)
        found += _resolve_fields(made, config, table.path, problems)
    return found


def model_problems(
    statements: Collection[Statement], config: DepositConfig, file: str
) -> list[Problem]:
    """Find choices between models that are missing, or name what does not exist.

    Parameters
    ----------
    statements : collection of Statement
        All statements, fields by identifier.
    config : DepositConfig
        The study's tables, with a scenario merged in or not.
    file : str
        Name of the study file.

    Returns
    -------
    list of Problem
        A statement without quantities competes with nothing.
    """
    problems = []
    for field, table in config.fields.items():
        own = [s for s in statements if s.field == field]
        models = _competing(own)
        bounding = [s.statement_id for s in own if s.role == "bounding"]
        key = f"{file}, key fields.{field}"
        if table.total_model is None and len(models) > 1:
            remedy = "Name the one that enters totals and plans; the others stand beside it."
            allowed = ", ".join(models)
            fact = "the field has competing models and total_model does not choose"
            problems.append(Problem(fact, f"{key}.total_model", "", allowed, remedy))
        if table.total_model is not None and table.total_model not in models:
            fact, found = "no such model of this field", table.total_model
            allowed = ", ".join(models) or "none"
            problems.append(Problem(fact, f"{key}.total_model", found, allowed))
        if table.bounding_case is not None and table.bounding_case not in bounding:
            fact, found = "no such bounding statement of this field", table.bounding_case
            allowed = ", ".join(bounding) or "none"
            problems.append(Problem(fact, f"{key}.bounding_case", found, allowed))
    return problems


def _competing(statements: Collection[Statement]) -> list[str]:
    """Return the models among which a choice is needed: those with tonnes, if any has."""
    models = [s for s in statements if s.role == "model"]
    known = [s for s in models if s.is_known] or models
    return list(dict.fromkeys(s.model for s in known))


def _coverage_problems(
    statements: Collection[Statement], layers: Mapping[str, Layer], config: DepositConfig
) -> list[Problem]:
    """Find fields with statements but no feature, and features of fields without a statement."""
    stated = {s.field for s in statements}
    aliases = config.aliases()
    drawn: set[str] = set()
    for layer in layers.values():
        if "field" in layer.table and layer.source.role in ("deposits", "reserve_blocks"):
            names = {str(v) for v in layer.table["field"].dropna() if str(v)}
            drawn |= {resolve_field(name, aliases) or name for name in names}
    problems = []
    for field in sorted(stated - drawn):
        ids = ", ".join(s.statement_id for s in statements if s.field == field)
        fact = f"statements of {field} but no feature of it in any layer of role deposits"
        remedy = f'Add a feature with field = "{field}"; a disc of uncertainty will do.'
        problems.append(Problem(fact, "layers", f"statements {ids}", "", remedy, "warning"))
    for field in sorted(drawn - stated):
        fact = f'a feature of field "{field}" but no statement of it'
        remedy = suggest_field(field, aliases) if field not in config.fields else ""
        remedy = remedy or "Add a statement; one without quantities says that nothing is published."
        problems.append(Problem(fact, "layers", "", "", remedy, "warning"))
    return problems
