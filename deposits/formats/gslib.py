"""How does a regular block model stand in a GSLIB (GeoEAS) file?

A title, the number of variables, their names, then one line of numbers a block, easting fastest,
then northing, then elevation: every block of the grid, in its own order. The file holds neither
places nor text; the title we write goes on with the grid, so that we can read it back, and with
the note that stands beside the model. No data is a number that both sides must agree on: GSLIB
trims what is below -1.0e21.
(Deutsch and Journel (1998), GSLIB, 2nd ed., section II.1, pp. 21-24.)
"""

from __future__ import annotations

import io
import re
from pathlib import Path

import numpy as np
import pandas as pd

from deposits.blockmodel.model import About, BlockModel
from deposits.errors import DataError, Problem
from deposits.formats.files import check_name, read_bytes, whole_file
from deposits.grid import Grid

#: What GSLIB's programs take for no data: anything at or below it.
NO_DATA = -1.0e21
NUMBER = r"[-+]?[\d.]+(?:[eE][-+]?\d+)?"
SPEC = re.compile(rf"grid (?:\d+ {NUMBER} {NUMBER} ?){{3}}azimuth {NUMBER}")


def write_gslib(path: Path, model: BlockModel, no_data: float = NO_DATA) -> None:
    """Write the fields of a regular block model as a GSLIB grid.

    Parameters
    ----------
    path : Path
        Where to; written under a temporary name first.
    model : BlockModel
        Without sub-blocks; blocks that are not in its table have no data. ``fraction`` is written
        as a variable.
    no_data : float
        Number that stands for an absent one.

    Raises
    ------
    DataError
        If the model has sub-blocks, text, or the number that stands for no data.
    """
    check_name(path, model.about)
    names = [*model.fields, *(["fraction"] if "fraction" in model.table else [])]
    columns, problems = [], []
    if model.sub_blocked:
        remedy = "Regularise it first."
        problems.append(Problem("a GSLIB grid holds no sub-blocks", path.name, remedy=remedy))
    for name in names:
        if model.table[name].dtype.kind not in "iufb":
            remedy = "Drop it or code it with numbers."
            problems.append(
                Problem("a GSLIB grid holds numbers only", f"column {name}", remedy=remedy)
            )
        elif (model.table[name] == no_data).any():
            fact = "a value equals the number for no data"
            problems.append(Problem(fact, f"column {name}", f"{no_data:g}"))
    if problems:
        raise DataError(problems)
    block = model.table["block"].to_numpy()
    for name in names:
        values = np.full(model.grid.n_blocks, np.nan)
        values[block] = model.table[name].to_numpy(np.float64)
        columns.append(np.where(np.isnan(values), no_data, values))
    title = f"{_one_line(model.about.name)}; {_spec(model.grid)}"
    if model.about.note.strip():
        title += f"; {_one_line(model.about.note)}"
    header = [title, str(len(names)), *names]
    with whole_file(path) as file:
        file.write(("\n".join(header) + "\n").encode())
        pd.DataFrame(dict(enumerate(columns))).to_csv(
            file, sep=" ", header=False, index=False, lineterminator="\n"
        )


def _one_line(name: str) -> str:
    """Return a title that cannot run into the next line."""
    return " ".join(name.split()) or "block model"


def _spec(grid: Grid) -> str:
    """Word the grid as GSLIB does: number, first centre and size along each axis."""
    parts = [
        f"{n} {float(origin + size / 2)!r} {float(size)!r}"
        for n, origin, size in zip(grid.shape, grid.origin_m, grid.size_m, strict=True)
    ]
    return f"grid {' '.join(parts)} azimuth {float(grid.azimuth_deg)!r}"


def read_gslib(path: Path, grid: Grid | None = None, no_data: float = NO_DATA) -> BlockModel:
    """Read a GSLIB grid.

    Parameters
    ----------
    path : Path
        The file.
    grid : Grid, optional
        What the lines stand for; only a file of ours says it itself, in its title.
    no_data : float
        Number that stands for an absent one; it is read as NaN, as is all at or below it when it
        is GSLIB's -1.0e21.

    Returns
    -------
    BlockModel
        A row for each block with at least one number.

    Raises
    ------
    DataError
        If the file is not a GSLIB grid, or its lines are not as many as the blocks.
    """
    lines = _text(read_bytes(path)).splitlines()
    try:
        count = int(lines[1].split()[0])
        names = [lines[2 + n].strip() for n in range(count)]
    except (IndexError, ValueError) as error:
        allowed = "a title, the number of variables, their names"
        raise DataError([Problem("not a GSLIB file", path.name, allowed=allowed)]) from error
    stated = grid or _grid_of(lines[0], path)
    body = [line for line in lines[2 + count :] if line.strip()]
    if len(body) != stated.n_blocks:
        found, allowed = f"{len(body)} lines", f"{stated.n_blocks} blocks"
        raise DataError([Problem("lines are not as many as blocks", path.name, found, allowed)])
    try:
        numbers = np.loadtxt(io.StringIO("\n".join(body)), ndmin=2)
    except ValueError as error:
        raise DataError([Problem(f"not lines of numbers: {error}", path.name)]) from error
    if numbers.shape[1] != count:
        found = f"{numbers.shape[1]} numbers a line"
        raise DataError([Problem("numbers do not fit the names", path.name, found, str(count))])
    absent = numbers <= no_data if no_data <= NO_DATA else numbers == no_data
    values = np.where(absent, np.nan, numbers)
    table = pd.DataFrame(values, columns=names)
    table.insert(0, "block", np.arange(stated.n_blocks))
    kept = table.iloc[np.flatnonzero(~np.isnan(values).all(axis=1))]
    title = re.split(r";\s*grid ", lines[0])[0].strip()
    said = SPEC.search(lines[0])
    note = "" if said is None else lines[0][said.end() :].strip("; ")
    return BlockModel(stated, kept, About(title, note=note))


def _text(raw: bytes) -> str:
    """Read ours as we write it, others byte by byte."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _grid_of(title: str, path: Path) -> Grid:
    """Read the grid from a title of ours."""
    found = SPEC.search(title)
    if found is None:
        remedy = "State the grid: numbers, corner and sizes of its blocks."
        raise DataError([Problem("the file does not say its grid", path.name, remedy=remedy)])
    words = found.group().split()
    shape = [int(word) for word in words[1:10:3]]
    first, size = ([float(word) for word in words[at:10:3]] for at in (2, 3))
    origin = [centre - edge / 2 for centre, edge in zip(first, size, strict=True)]
    return Grid(
        (origin[0], origin[1], origin[2]),
        (size[0], size[1], size[2]),
        (shape[0], shape[1], shape[2]),
        float(words[-1]),
    )
