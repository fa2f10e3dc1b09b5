"""How many tonnes does the model hold above each cut-off, and how many does the truth?"""

from __future__ import annotations

from dataclasses import dataclass

from deposits.display import round_for_reading
from deposits.errors import DataError, Problem
from deposits.estimate.classes import criteria_of
from deposits.estimate.config import DrillConfig
from deposits.estimate.sampling import GRADES
from deposits.estimate.workflow import Estimated
from deposits.synthetic import DepositDesign, make_deposit, true_blocks
from deposits.tonnage.reading import tabulate_parquet
from deposits.tonnage.request import Density, Dilution, Element, TonnageRequest
from deposits.tonnage.statement import Basis, Statement, statement
from deposits.tonnage.table import TonnageTable, tabulate_blocks


@dataclass(frozen=True, slots=True, eq=False)
class Tabulated:
    """The grade-tonnage table of a study, and beside it the truth of an invented deposit.

    Parameters
    ----------
    table : TonnageTable
        Broken down as the study asks.
    whole : TonnageTable
        Without any breakdown, for curves; no statement is made of it.
    statement : Statement or None
        In words; None when the table has no categories.
    truth : TonnageTable or None
        Of the true blocks, on the parent blocks of the model.
    """

    table: TonnageTable
    whole: TonnageTable
    statement: Statement | None
    truth: TonnageTable | None


def tabulate(made: Estimated) -> Tabulated:
    """Cut the block model at the study's cut-offs.

    Parameters
    ----------
    made : Estimated
        The model on disk.

    Returns
    -------
    Tabulated

    Raises
    ------
    DataError
        If the study breaks down by a field that the model does not have.
    """
    config = made.source.config
    request = request_of(config)
    table = tabulate_parquet(made.blocks, request)
    whole = tabulate_parquet(made.blocks, request_of(config, by=()))
    said = None
    if table.category and (table.above[table.category] != "unclassified").any():
        said = statement(table, _basis(made))
    return Tabulated(table, whole, said, _truth(made))


def request_of(config: DrillConfig, by: tuple[str, ...] | None = None) -> TonnageRequest:
    """Turn what the study says into a question to a block model."""
    rule = config.tonnage
    cut = rule.cut_field or config.samples.elements[0]
    dilution = None
    if rule.dilution_fraction is not None or rule.ore_loss_fraction is not None:
        waste = rule.dilution_fraction.base if rule.dilution_fraction else 0.0
        loss = rule.ore_loss_fraction.base if rule.ore_loss_fraction else 0.0
        dilution = Dilution(waste, {}, loss)
    return TonnageRequest(
        cut,
        rule.cutoffs,
        elements_of(config),
        _breakdown(config) if by is None else by,
        Density(),
        absent_grade="unestimated",
        dilution=dilution,
    )


def _breakdown(config: DrillConfig) -> tuple[str, ...]:
    """Return the study's breakdown, with the class in front: Inferred is added to nothing."""
    by = config.tonnage.by
    apart = not criteria_of(config) or "class" in by or "gkz" in by
    return by if apart else ("class", *by)


def elements_of(config: DrillConfig) -> tuple[Element, ...]:
    """Return the elements that are grades."""
    return tuple(Element(name) for name in config.samples.elements if name.endswith(GRADES))


def _basis(made: Estimated) -> Basis:
    """Return what a statement of this study rests on."""
    config = made.source.config
    return Basis(
        config.tonnage.base_cutoff,
        in_words=config.tonnage.basis.removeprefix("SYNTHETIC: ").rstrip("."),
        **config.tonnage.stated(),
        classification=_criteria(made),
        disclaimer=config.study.disclaimer,
    )


def _criteria(made: Estimated) -> str:
    """Say how blocks were classified; smoothing moves blocks past the criteria, so it is told."""
    config = made.source.config
    said = "; ".join(str(c) for c in criteria_of(config))
    radius = config.classification.smoothing_blocks
    if not radius:
        return said
    parts = [
        f"{round_for_reading(row['tonnes'])} t from {row['from']} to {row['to']}"
        for row in made.moved.to_dict("records")
    ]
    width = 2 * radius + 1
    return (
        f"{said}; then smoothed over {width} x {width} x {width} blocks, which moved "
        f"{', '.join(parts) or 'nothing'}"
    )


def _truth(made: Estimated) -> TonnageTable | None:
    """Average the true field of an invented deposit over the model's parent blocks, and cut it."""
    config = made.source.config
    if config.synthetic is None:
        return None
    blocks = true_blocks(
        make_deposit(DepositDesign(seed=config.synthetic.seed)), made.grid, part="horizon"
    )
    wanted = request_of(config, by=())
    known = [element for element in wanted.elements if element.column in blocks]
    cut = wanted.cut_field
    if cut not in blocks:
        fact = "the invented deposit has no such field"
        raise DataError([Problem(fact, "tonnage.cut_field", cut, ", ".join(blocks.columns))])
    request = TonnageRequest(cut, wanted.cutoffs, tuple(known), (), Density())
    return tabulate_blocks(blocks, request, synthetic=True, source="the true field")
