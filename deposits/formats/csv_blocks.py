"""How does a block model stand in CSV for Datamine or Vulcan?

Datamine: one header line. XC, YC, ZC are centres in the model's own (local) system, XINC, YINC,
ZINC edges, IJK = (I NY + J) NZ + K counted from 0; XMORIG, YMORIG, ZMORIG is the outer corner, NX,
NY, NZ the numbers of parent cells. A rotated model adds X0, Y0, Z0, the corner in the world,
and ANGLE1-3 about ROTAXIS1-3, clockwise seen from the positive end of the axis: our azimuth is one
turn about axis 3. Absent numbers are "-" (Datamine's mark; an empty cell is read too).
Vulcan: four header lines (names, descriptions, types, defaults); the first seven fields are
centroid_x, centroid_y, centroid_z in world coordinates, dim_x, dim_y, dim_z and volume; an absent
number is the variable's default. Sub-blocks stand in both as rows with their own sizes.
Numbers are written so that they read back the same. Text that a spreadsheet would take for a
formula is refused, not changed: another mining program would keep a mark put before it.

References
----------
Datamine help: IJKGEN, COPYMOD, CDTRAN, ROTORDER, "Block Model Import" of Isatis.neo, and technical
note 0007 (IJK). Maptek Vulcan help: Block > Transfer > Model to CSV; BCSVTO.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from deposits.blockmodel.inference import infer_grid
from deposits.blockmodel.model import PLACE_COLUMNS, SIZE_COLUMNS, About, BlockModel, volumes_m3
from deposits.errors import DataError, Problem
from deposits.formats.files import check_name, read_bytes, whole_file
from deposits.grid import Grid

FloatArray = NDArray[np.float64]
CENTRES, SIZES = ("XC", "YC", "ZC"), ("XINC", "YINC", "ZINC")
CORNERS, COUNTS, WORLD = ("XMORIG", "YMORIG", "ZMORIG"), ("NX", "NY", "NZ"), ("X0", "Y0", "Z0")
ANGLES, AXES = ("ANGLE1", "ANGLE2", "ANGLE3"), ("ROTAXIS1", "ROTAXIS2", "ROTAXIS3")
DATAMINE = (*CENTRES, *SIZES, "IJK", *CORNERS, *COUNTS, *WORLD, *ANGLES, *AXES)
VULCAN = ("centroid_x", "centroid_y", "centroid_z", "dim_x", "dim_y", "dim_z", "volume")
ABSENT = ("", "-")
#: Lines of a Vulcan header.
HEADER_LINES = 4
FORMULA = ("=", "+", "-", "@", "\t", "\r")
#: What Vulcan programs usually take for no number.
VULCAN_DEFAULT = -99.0


def write_datamine(path: Path, model: BlockModel) -> None:
    """Write a block model as CSV with Datamine's fields.

    Parameters
    ----------
    path : Path
        Where to; written under a temporary name first.
    model : BlockModel
        With or without sub-blocks, rotated or not.

    Raises
    ------
    DataError
        If a field is called as one of Datamine's, or text starts like a formula.
    """
    grid, table = model.grid, model.table
    fields = _fields(path, model, DATAMINE)
    i, j, k = grid.ijk(table["block"].to_numpy())
    rotated = grid.azimuth_deg != 0.0
    centres = table[list(PLACE_COLUMNS)].to_numpy(np.float64)
    corner = (0.0, 0.0, 0.0) if rotated else grid.origin_m
    columns: dict[str, object] = {}
    local = grid.to_local(centres) if rotated else centres
    columns |= dict(zip(CENTRES, local.T, strict=True))
    columns |= dict(zip(SIZES, _sizes(model).T, strict=True))
    columns["IJK"] = (i * grid.shape[1] + j) * grid.shape[2] + k
    columns |= dict(zip((*CORNERS, *COUNTS), (*corner, *grid.shape), strict=True))
    if rotated:
        columns |= dict(zip(WORLD, grid.origin_m, strict=True))
        columns |= dict(zip(ANGLES, (float(grid.azimuth_deg), 0.0, 0.0), strict=True))
        columns |= dict(zip(AXES, (3, 0, 0), strict=True))
    frame = pd.DataFrame(columns, index=table.index)
    # Datamine keeps a model sorted by IJK.
    written = pd.concat([frame, table[fields]], axis=1).sort_values("IJK", kind="stable")
    with whole_file(path) as file:
        written.to_csv(file, index=False, lineterminator="\n", na_rep="-")


def _fields(path: Path, model: BlockModel, taken: Sequence[str]) -> list[str]:
    """Return the fields to write, refusing names and texts that would be misread."""
    check_name(path, model.about)
    fields = [*(["fraction"] if "fraction" in model.table else []), *model.fields]
    reserved = {name.lower() for name in taken}
    problems = [
        Problem("a field is called as one of the format's own", f"column {name}", remedy="Rename.")
        for name in fields
        if name.lower() in reserved
    ]
    for name in fields:
        column = model.table[name]
        if column.dtype.kind in "iufb":
            continue
        texts = [str(text) for text in column.dropna().unique()]
        wrong = [t for t in texts if t.startswith(FORMULA) or "\n" in t or not t.strip()]
        if wrong:
            allowed = "text that does not start with = + - @, is not blank, has no line breaks"
            remedy = "Rename the code."
            fact = "text would be read as a formula or as absent"
            problems.append(Problem(fact, f"column {name}", repr(wrong[0]), allowed, remedy))
    if problems:
        raise DataError(problems)
    return fields


def _sizes(model: BlockModel) -> FloatArray:
    """Return the edges of each row [m], shape (n, 3)."""
    if model.sub_blocked:
        return model.table[list(SIZE_COLUMNS)].to_numpy(np.float64)
    return np.tile(np.asarray(model.grid.size_m), (len(model.table), 1))


def read_datamine(path: Path) -> BlockModel:
    """Read CSV with Datamine's fields.

    Parameters
    ----------
    path : Path
        With XC, YC, ZC; XINC, YINC, ZINC; XMORIG ... and NX ... as written by Datamine; without the
        latter two the grid is worked out from the centres.

    Returns
    -------
    BlockModel
        With ``dx, dy, dz`` when the sizes of rows differ. IJK is checked against the centres.

    Raises
    ------
    DataError
        If fields are missing, a rotation is not one about the vertical, or IJK disagrees.
    """
    header = _head(path)[0]
    upper = {name.upper(): name for name in header}
    frame = _frame(path, header, 1)
    frame = frame.rename(
        columns={theirs: ours for ours, theirs in upper.items() if ours in DATAMINE}
    )
    missing = [name for name in (*CENTRES, *SIZES) if name not in frame]
    if missing or not len(frame):
        fact = f"fields {', '.join(missing)} are missing" if missing else "there are no blocks"
        raise DataError([Problem(fact, path.name)])
    centres = frame[list(CENTRES)].to_numpy(np.float64)
    sizes = frame[list(SIZES)].to_numpy(np.float64)
    grid, world = _datamine_grid(frame, centres, sizes, path)
    model = _model(
        grid, world, sizes, frame.drop(columns=[n for n in DATAMINE if n in frame]), path
    )
    if "IJK" in frame:
        i, j, k = grid.ijk(model.table["block"].to_numpy())
        ijk = frame["IJK"].to_numpy()[_order(grid, world)]
        off = int((ijk != (i * grid.shape[1] + j) * grid.shape[2] + k).sum())
        if off:
            fact = f"IJK of {off} of {len(frame)} rows is not that of the centre"
            raise DataError([Problem(fact, path.name, remedy="Run IJKGEN and export again.")])
    return model


def _datamine_grid(
    frame: pd.DataFrame, centres: FloatArray, sizes: FloatArray, path: Path
) -> tuple[Grid, FloatArray]:
    """Return the grid and the centres in world coordinates."""
    if not {*CORNERS, *COUNTS} <= set(frame):
        return infer_grid(_placed(centres, sizes), 0.0, path.name), centres
    first = frame.iloc[0]
    corner = first[list(CORNERS)].to_numpy(np.float64)
    nx, ny, nz = (int(first[name]) for name in COUNTS)
    dx, dy, dz = (float(edge) for edge in sizes.max(axis=0))
    azimuth, origin = 0.0, corner
    if {*ANGLES, *AXES} <= set(frame):
        turns = [(float(first[a]), int(first[x])) for a, x in zip(ANGLES, AXES, strict=True)]
        turns = [(angle, axis) for angle, axis in turns if angle and axis]
        if any(axis != 3 for _, axis in turns):
            fact = "the model is tilted, not only turned about the vertical"
            raise DataError([Problem(fact, path.name, str(turns), "rotations about axis 3")])
        azimuth = sum(angle for angle, _ in turns)
        origin = first[list(WORLD)].to_numpy(np.float64) if set(WORLD) <= set(frame) else corner
    grid = Grid((float(origin[0]), float(origin[1]), float(origin[2])), (dx, dy, dz), (nx, ny, nz),
                azimuth)  # fmt: skip
    plain = azimuth == 0.0 and bool((origin == corner).all())
    return grid, centres if plain else grid.to_world(centres - corner)


def _placed(centres: FloatArray, sizes: FloatArray) -> pd.DataFrame:
    """Join centres and sizes under our names."""
    return pd.DataFrame(np.hstack([centres, sizes]), columns=[*PLACE_COLUMNS, *SIZE_COLUMNS])


def _order(grid: Grid, world: FloatArray) -> NDArray[np.int64]:
    """Return the rows in the order of our blocks."""
    return np.argsort(grid.locate(world), kind="stable")


def _model(
    grid: Grid, world: FloatArray, sizes: FloatArray, fields: pd.DataFrame, path: Path
) -> BlockModel:
    """Put a model together, its rows in the order of the grid."""
    table = _placed(world, sizes)
    if np.allclose(sizes, grid.size_m, rtol=1e-9, atol=0.0):
        table = table.drop(columns=list(SIZE_COLUMNS))
    table.insert(0, "block", grid.locate(world))
    joined = pd.concat([table, fields.reset_index(drop=True)], axis=1)
    return BlockModel(grid, joined.iloc[_order(grid, world)], About(path.stem))


def _head(path: Path) -> list[list[str]]:
    """Read the first lines of a file, and check that all have as many cells as the first."""
    if not path.is_file() or not path.stat().st_size:
        read_bytes(path)
    head: list[list[str]] = []
    with path.open(encoding="utf-8-sig", newline="") as file:
        for number, row in enumerate(csv.reader(file)):
            if number < HEADER_LINES + 1:
                head.append([cell.strip() for cell in row])
            # pandas would fill a line that is cut short.
            if row and len(row) != len(head[0]):
                fact, allowed = "a line has another number of cells", f"{len(head[0])} cells"
                place = f"{path.name}, row {number + 1}"
                raise DataError([Problem(fact, place, f"{len(row)} cells", allowed)])
    if len(set(head[0])) != len(head[0]):
        raise DataError([Problem("headers repeat", f"{path.name}, row 1")])
    return head


def _frame(path: Path, header: list[str], first: int) -> pd.DataFrame:
    """Read columns of whole numbers, numbers or text from the line numbered *first* on."""
    cells = pd.read_csv(path, skiprows=first, header=None, names=header, dtype="str",
                        keep_default_na=False, encoding="utf-8-sig", index_col=False)  # fmt: skip
    # A column at a time, by Python's own float: pandas' parsers do not promise the last digit.
    return pd.DataFrame({name: _column([text.strip() for text in cells[name]]) for name in header})


def _column(cells: list[str]) -> pd.Series:
    """Read one column: whole numbers, numbers, yes and no, or text."""
    try:
        if cells and all(cell.lstrip("-").isdigit() for cell in cells):
            return pd.Series([int(cell) for cell in cells], dtype="int64")
        numbers = [np.nan if cell in ABSENT else float(cell) for cell in cells]
    except (ValueError, OverflowError):
        if set(cells) <= {"True", "False"}:
            return pd.Series([cell == "True" for cell in cells])
        return pd.Series([None if cell in ABSENT else cell for cell in cells], dtype="str")
    return pd.Series(numbers, dtype="float64")


def write_vulcan(path: Path, model: BlockModel, default: float = VULCAN_DEFAULT) -> None:
    """Write a block model as CSV with Vulcan's four header lines.

    Parameters
    ----------
    path : Path
        Where to; written under a temporary name first.
    model : BlockModel
        With or without sub-blocks, rotated or not (centroids are in world coordinates; Vulcan takes
        the rotation from its block definition file, which this is not).
    default : float
        Number that stands for an absent one.

    Raises
    ------
    DataError
        If a field is called as one of Vulcan's, holds the default as a number, or holds text that
        starts like a formula.
    """
    fields = _fields(path, model, VULCAN)
    table = model.table
    kinds = [{"f": "double", "i": "integer", "u": "integer", "b": "integer"}.get(
        table[name].dtype.kind, "name") for name in fields]  # fmt: skip
    clash = [n for n, k in zip(fields, kinds, strict=True) if k == "double" and
             (table[n] == default).any()]  # fmt: skip
    if clash:
        fact = "a value equals the number for no data"
        raise DataError([Problem(fact, f"columns {', '.join(clash)}", f"{default:g}")])
    columns: dict[str, object] = {}
    columns |= dict(zip(VULCAN[:3], table[list(PLACE_COLUMNS)].to_numpy(np.float64).T, strict=True))
    columns |= dict(zip(VULCAN[3:6], _sizes(model).T, strict=True))
    # Vulcan's volume is that of the cell, whatever part of it counts.
    whole = table.drop(columns=["fraction"], errors="ignore")
    columns["volume"] = volumes_m3(whole, model.grid)
    for name, kind in zip(fields, kinds, strict=True):
        column = table[name]
        columns[name] = column.fillna(default) if kind == "double" else column
        columns[name] = column.astype("int64") if column.dtype.kind == "b" else columns[name]
    blanks = [""] * 6
    defaults = [repr(float(default)) if kind == "double" else "" for kind in kinds]
    units = [model.about.units.get(name, "") for name in fields]
    with whole_file(path) as file:
        text = io.StringIO(newline="")
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow([*VULCAN, *fields])
        writer.writerow(["variable descriptions:", *blanks, *units])
        writer.writerow(["variable types:", *blanks, *kinds])
        writer.writerow(["variable defaults:", *blanks, *defaults])
        file.write(text.getvalue().encode())
        pd.DataFrame(columns).to_csv(file, index=False, header=False, lineterminator="\n")


def read_vulcan(path: Path, grid: Grid | None = None, azimuth_deg: float = 0.0) -> BlockModel:
    """Read CSV with Vulcan's header lines.

    Parameters
    ----------
    path : Path
        The first three fields are centroids, the next three sizes, the seventh the volume, whatever
        they are called; a file with no description lines is read too.
    grid : Grid, optional
        The parent blocks; worked out from the centroids when it is not given.
    azimuth_deg : float
        Azimuth of a grid to be worked out [degrees]; the file does not say it.

    Returns
    -------
    BlockModel
        Numbers that equal the default of their variable are absent.

    Raises
    ------
    DataError
        If the file is not laid out so.
    """
    rows = _head(path)
    header = rows[0]
    start = next((n for n, row in enumerate(rows[1:], 1) if row and _is_number(row[0])), len(rows))
    if len(header) < 6 or start == len(rows) or header[0].lower() not in ("centroid_x", "x", "xc"):
        allowed = "centroid_x, centroid_y, centroid_z, dim_x, dim_y, dim_z, volume, ..."
        raise DataError([Problem("not a Vulcan CSV", path.name, ",".join(header)[:60], allowed)])
    frame = _frame(path, header, start)
    defaults = dict(zip(header, rows[start - 1], strict=False)) if start >= 4 else {}
    given = 7 if len(header) > 6 and header[6].lower() == "volume" else 6
    world = frame.iloc[:, :3].to_numpy(np.float64)
    sizes = frame.iloc[:, 3:6].to_numpy(np.float64)
    fields = frame.iloc[:, given:].copy()
    types = dict(zip(header, rows[start - 2], strict=False)) if start >= 4 else {}
    for label in fields:
        name, column = str(label), fields[label]
        if types.get(name, "").strip() == "double" and column.dtype.kind == "i":
            column = column.astype("float64")
        if column.dtype.kind == "f" and _is_number(defaults.get(name, "")):
            column = column.mask(column.to_numpy() == float(defaults[name]))
        fields[name] = column
    found = grid or infer_grid(_placed(world, sizes), azimuth_deg, path.name)
    return _model(found, world, sizes, fields, path)


def _is_number(text: str) -> bool:
    """Say whether a cell holds a number."""
    try:
        float(text)
    except ValueError:
        return False
    return True
