"""Which files does an estimate leave behind, and what is said of them?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from deposits.estimate.config import SYNTHETIC_PREFIX
from deposits.estimate.geometry import layers_of
from deposits.estimate.summary import headline, summarise
from deposits.estimate.tabulate import tabulate
from deposits.estimate.validate import validate
from deposits.estimate.workflow import DrillStudy, Estimated, Say, estimate

if TYPE_CHECKING:
    import geopandas as gpd

#: Signs that a spreadsheet would take for the beginning of a formula.
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True, eq=False)
class Results:
    """All that an estimate came to.

    Parameters
    ----------
    name : str
        Of the study.
    made : Estimated
        The model and what led to it.
    summary : mapping
        This storey's part of ``summary.json``.
    headline : str
        The result in two sentences.
    files : tuple of str
        Files written, relative to the folder.
    """

    name: str
    made: Estimated
    summary: Mapping[str, Any]
    headline: str
    files: tuple[str, ...]

    def layers(self) -> dict[str, gpd.GeoDataFrame]:
        """Return holes, samples and the model's outline as layers."""
        return layers_of(self.made)


def produce(source: DrillStudy, out: Path, say: Say = lambda *_: None) -> Results:
    """Estimate a study, cut and validate the model, and write the tables beside it.

    Parameters
    ----------
    source : DrillStudy
        A sound study.
    out : Path
        Folder; made if it is not there.
    say : callable
        Called with (what is being done, done, in all).

    Returns
    -------
    Results
        With blocks.parquet, composites.csv, grade_tonnage.csv and cross_validation.csv written;
        a synthetic study's files start ``synthetic_``.
    """
    made = estimate(source, out, say)
    say("Cutting the model", 0, 1)
    cut = tabulate(made)
    checked = validate(made, say)
    synthetic = source.config.study.synthetic
    tables = {
        "composites": made.sampled.composites,
        "grade_tonnage": cut.table.above,
        "cross_validation": checked.scatter,
    }
    names = [made.blocks.name]
    for stem, table in tables.items():
        name = f"{SYNTHETIC_PREFIX if synthetic else ''}{stem}.csv"
        write_csv(table.assign(synthetic=True) if synthetic else table, out / name)
        names.append(name)
    summary = summarise(made, cut, checked)
    said = headline(made, cut)
    return Results(source.config.study.name, made, summary, said, tuple(names))


def write_csv(table: pd.DataFrame, path: Path) -> None:
    """Write a table under a temporary name, then rename it; texts cannot become formulas."""
    safe = table.copy()
    for name in safe.columns:
        if not pd.api.types.is_numeric_dtype(safe[name].dtype):
            safe[name] = safe[name].map(_guarded)
    half = path.with_name(f".{path.name}.partial")
    try:
        safe.to_csv(half, index=False, lineterminator="\n", encoding="utf-8")
        half.replace(path)
    finally:
        half.unlink(missing_ok=True)


def _guarded(value: object) -> object:
    """Put an apostrophe before a text that a spreadsheet would work out."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_SIGNS) else value
