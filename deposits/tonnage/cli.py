"""What does `anzob tonnage BLOCKS` print of any block model?"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from deposits.errors import Problem
    from deposits.tonnage.request import Element, TonnageRequest
    from deposits.tonnage.table import TonnageTable

#: Files that are block models and not studies.
SUFFIXES = (".parquet", ".csv", ".txt")
UNITS = {"pct": "%", "gpt": "g/t", "ppm": "ppm", "ppb": "ppb"}
#: Edges of blocks as other programs call them.
EDGES = (("XINC", "YINC", "ZINC"), ("dim_x", "dim_y", "dim_z"))


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command line asks of a block model; "" and None are not stated.

    Parameters
    ----------
    cutoffs, by, field, elements, density : str
        Cut-offs in the unit of the field; breakdown fields; cut field; grade columns, each with
        ``=unit`` where its name does not say it; density column or one density [t/m3].
    block_m3 : float, optional
        Volume of every block [m3].
    absent : str
        "error" or "unestimated".
    """

    cutoffs: str
    by: str
    field: str
    elements: str
    density: str
    block_m3: float | None
    absent: str


def print_tonnage(path: Path, asked: Asked, *, as_json: bool) -> None:
    """Tabulate a block model and print it.

    Parameters
    ----------
    path : Path
        Parquet or CSV file.
    asked : Asked
        What the command line says.
    as_json : bool
        Whether to print one JSON object instead.

    Raises
    ------
    DataError
        If what is asked does not fit the file, all at once.
    """
    from deposits.tonnage.reading import tabulate_file

    request = request_of(path, asked)
    table = tabulate_file(path, request, block_m3=asked.block_m3)
    if as_json:
        found = {"blocks": str(path), "tonnage": table.to_dict()}
        typer.echo(json.dumps(found, ensure_ascii=False, allow_nan=False))
        return
    _print_table(table)


def request_of(path: Path, asked: Asked) -> TonnageRequest:
    """Turn the command line into a question, with what the file itself says for the rest."""
    from deposits.errors import DataError, Problem
    from deposits.tonnage.request import Density, TonnageRequest, Volume

    columns = columns_of(path)
    if len(columns) == 1 and any(sign in columns[0] for sign in ";\t|"):
        remedy = "Save it with commas and decimal points, or as Parquet."
        fact = "the columns are not separated by commas"
        raise DataError([Problem(fact, path.name, columns[0][:60], remedy=remedy)])
    elements = _elements(asked.elements, columns)
    field = asked.field or (elements[0].column if elements else "")
    problems = []
    # Without cut-offs the whole model is one row a group.
    cutoffs = _numbers(asked.cutoffs or "0")
    if cutoffs is None:
        fact, remedy = "this is not a list of rising numbers", "Write for example 0,0.5,1,2."
        problems.append(Problem(fact, "--cutoffs", asked.cutoffs or "nothing", remedy=remedy))
    if not field:
        remedy = "Name it: --field sb_pct"
        problems.append(Problem("no field to cut on", path.name, remedy=remedy))
    density: Density | None = Density()
    if asked.density:
        number = _number(asked.density)
        density = Density(asked.density) if number is None else None
        if number is not None and 0 < number < float("inf"):
            density = Density(None, number)
        elif number is not None:
            problems.append(Problem("no possible density", "--density", asked.density, "t/m3"))
    elif "density_t_per_m3" not in columns:
        remedy = "State --density 2.7 or --density COLUMN."
        problems.append(Problem("no density", path.name, "", "density_t_per_m3", remedy))
    problems += _impossible(asked, elements)
    if problems or density is None or cutoffs is None:
        raise DataError(problems)
    by = tuple(word.strip() for word in asked.by.split(",") if word.strip())
    if not by and "class" in columns:
        by = ("class",)
    absent = "unestimated" if asked.absent == "unestimated" else "error"
    edges = next((e for e in EDGES if set(e) <= set(columns)), None)
    return TonnageRequest(
        field, cutoffs, elements, by, density,
        volume=None if edges is None else Volume(sizes=edges),
        absent_grade=absent,  # type: ignore[arg-type]
    )  # fmt: skip


def _impossible(asked: Asked, elements: Sequence[Element]) -> list[Problem]:
    """Find words of the command line that no block model could satisfy."""
    from deposits.errors import Problem

    problems = []
    names = [element.column for element in elements]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        remedy = "Name each once."
        problems.append(Problem("named twice", "--elements", ", ".join(twice), remedy=remedy))
    if asked.block_m3 is not None and not 0 < asked.block_m3 < float("inf"):
        fact, found = "no possible volume of a block", f"{asked.block_m3:g} m3"
        problems.append(Problem(fact, "--block-m3", found, "above 0 m3"))
    if asked.absent not in ("error", "unestimated"):
        fact, allowed = "unknown word", "error, unestimated"
        problems.append(Problem(fact, "--absent", asked.absent, allowed))
    return problems


def columns_of(path: Path) -> tuple[str, ...]:
    """Return the column names of a block model.

    Raises
    ------
    DataError
        If the file is not there or cannot be read.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    from deposits.errors import DataError, Problem

    if not path.is_file():
        raise DataError([Problem("there is no such file", str(path), remedy="Check the path.")])
    if path.suffix.lower() == ".parquet":
        try:
            return tuple(pq.read_schema(path).names)
        except (pa.ArrowInvalid, OSError) as error:
            raise DataError([Problem(f"not a sound Parquet file: {error}", path.name)]) from error
    with path.open(encoding="utf-8-sig", errors="replace") as file:
        return tuple(name.strip().strip('"') for name in file.readline().rstrip("\n").split(","))


def _elements(words: str, columns: Sequence[str]) -> tuple[Element, ...]:
    """Return the grades to report: those named, else all columns whose name says a unit."""
    from deposits.errors import DataError, Problem
    from deposits.tonnage.request import Element

    if not words:
        ends = tuple(f"_{unit}" for unit in UNITS)
        return tuple(Element(name) for name in columns if name.endswith(ends))
    found = []
    for word in words.split(","):
        name, _, unit = word.strip().partition("=")
        try:
            found.append(Element(name, unit or None))  # type: ignore[arg-type]
        except ValueError as error:
            remedy = "Write for example SB_OK=% or au=g/t."
            raise DataError([Problem(str(error), "--elements", word, remedy=remedy)]) from error
    return tuple(found)


def _number(text: str) -> float | None:
    """Read one number; None when it is a word."""
    try:
        return float(text)
    except ValueError:
        return None


def _numbers(text: str) -> tuple[float, ...] | None:
    """Read rising numbers separated by commas; None when they are not."""
    try:
        found = tuple(float(part) for part in text.split(",") if part.strip())
    except ValueError:
        return None
    rising = list(found) == sorted(set(found))
    return found if found and rising and all(abs(f) < float("inf") for f in found) else None


def _print_table(table: TonnageTable) -> None:
    """Print the table and what was left out of it."""
    from rich.console import Console

    console = Console(highlight=False)
    mark = "SYNTHETIC: " if table.synthetic else ""
    console.print(f"[bold]{mark}Grade-tonnage[/bold], in situ, before loss and dilution")
    records = [{str(k): v for k, v in row.items()} for row in table.above.to_dict("records")]
    cut = table.request.cut_field
    unit = next((str(e.unit) for e in table.request.elements if e.column == cut), "")
    name = cut.rsplit("_", 1)[0].capitalize() if unit else cut
    console.print(rich_table(records, list(table.request.by), f"{unit} {name}".strip(), None))
    absent = table.unestimated
    whole = absent["n_blocks"].sum() if len(absent) else 0
    if whole:
        console.print(f"{int(whole):,} blocks have no {table.request.cut_field}; they are not in.")


def rich_table(
    records: Sequence[Mapping[str, Any]], by: Sequence[str], unit: str, base: float | None
) -> Any:
    """Lay out tonnes and grades for the terminal.

    Parameters
    ----------
    records : sequence of mapping
        Rows with the breakdown fields, cutoff, ore_t and grades.
    by : sequence of str
        Breakdown fields.
    unit : str
        Unit of the cut-offs.
    base : float, optional
        The cut-off that stands out.

    Returns
    -------
    rich.table.Table
    """
    from rich.box import SIMPLE_HEAD
    from rich.markup import escape
    from rich.table import Table

    from deposits.display import round_for_reading

    grades = [k for k in records[0] if k.rsplit("_", 1)[-1] in UNITS and not k.startswith("rom_")]
    table = Table(box=SIMPLE_HEAD)
    for name in by:
        table.add_column(escape(name.capitalize()))
    table.add_column(f"At or above\n{unit}", justify="right")
    table.add_column("Ore\nt", justify="right")
    for grade in grades:
        stem, end = grade.rsplit("_", 1)
        table.add_column(f"{escape(stem.capitalize())}\n{UNITS[end]}", justify="right")
    for row in records:
        if not row["ore_t"] and str(row.get(by[0] if by else "")) == "unclassified":
            continue
        is_base = base is not None and row["cutoff"] == base
        figures = [round_for_reading(row["ore_t"]) if row["ore_t"] else "0"]
        for grade in grades:
            value = row[grade]
            empty = value is None or value != value
            figures.append("-" if empty else round_for_reading(value))
        cut = f"{row['cutoff']:g}" + (" base" if is_base else "")
        names = [escape(str(row[name])) for name in by]
        table.add_row(*names, cut, *figures, style="bold" if is_base else "")
    return table
