"""How do stopes go to a CAD program: closed bodies on one layer a level?

One polyface mesh a stope on the layer STOPES_L03 (SYNTHETIC_STOPES_L03 when the numbers are made
up), its figures as extended data under ANZOB, its name as text in its middle on STOPE_NAMES_L03.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from deposits.blockmodel import About
from deposits.errors import DataError, MissingPackage, Problem
from deposits.formats.dxf_files import fixed_dates, order_classes
from deposits.formats.files import check_name, whole_file
from planning.limits.stopes.frame import StopeFrame
from planning.limits.stopes.solids import FACES, corners
from planning.limits.stopes.stope import Stope

INSTALL = "DXF files need ezdxf: pip install 'anzob[dxf]'."
#: Version R2010: text is UTF-8.
VERSION, APPLICATION = "R2010", "ANZOB"
#: Height of a name as a share of a section's length.
TEXT_SHARE = 0.1


def write_stope_dxf(
    path: Path, frame: StopeFrame, stopes: Sequence[Stope], rows: pd.DataFrame, about: About
) -> None:
    """Write stopes as closed bodies to a DXF file.

    Parameters
    ----------
    path : Path
        Where to; written under a temporary name first.
    frame : StopeFrame
        Where the stopes lie; its coordinates are written as they are, with every digit.
    stopes : sequence of Stope
        n stopes, with or without their skins.
    rows : pandas.DataFrame
        n rows in the same order, with ``id`` and whatever figures go along.
    about : About
        Name and note; whether the numbers are synthetic.

    Raises
    ------
    DataError
        If a synthetic file is not called so, there are no stopes, or rows and stopes differ.
    MissingPackage
        If ezdxf is not installed.
    """
    check_name(path, about)
    check_rows(path, stopes, rows)
    try:
        import ezdxf
    except ImportError as error:
        raise MissingPackage(INSTALL) from error
    with fixed_dates():
        drawing = ezdxf.filemanagement.new(VERSION, units=6)
        drawing.appids.add(APPLICATION)
        _say(drawing, about)
        bodies, height = corners(frame, stopes).tolist(), frame.section_m * TEXT_SHARE
        for stope, body, row in zip(stopes, bodies, rows.to_dict("records"), strict=True):
            figures = {str(key): value for key, value in row.items()}
            _add(drawing, stope, body, figures, about, height)
        order_classes(drawing)
        text = io.StringIO()
        drawing.write(text)
    with whole_file(path) as file:
        file.write(text.getvalue().encode("utf-8", errors="dxfreplace"))


def check_rows(path: Path, stopes: Sequence[Stope], rows: pd.DataFrame) -> None:
    """Refuse figures that do not belong to the stopes.

    Parameters
    ----------
    path : Path
        The file, for the place of a problem.
    stopes : sequence of Stope
        n stopes.
    rows : pandas.DataFrame
        n rows with different ``id``.

    Raises
    ------
    DataError
        If there are no stopes, rows and stopes differ in number, or ids are not all different.
    """
    problems = []
    if not len(stopes):
        remedy = "Nothing is written; an empty file would look like a mine without ore."
        problems.append(Problem("there are no stopes", path.name, remedy=remedy))
    if len(stopes) != len(rows):
        problems.append(Problem("rows and stopes differ", path.name, str(len(rows)),
                                str(len(stopes))))  # fmt: skip
    if "id" not in rows.columns or rows["id"].duplicated().any():
        problems.append(Problem("every stope needs an id of its own", path.name))
    if problems:
        raise DataError(problems)


def _say(drawing: Any, about: About) -> None:
    """Say in the file's comments and properties what it is."""
    words = [about.name, *(["SYNTHETIC: every number is made up"] if about.synthetic else [])]
    if about.crs:
        words.append(f"coordinates in {about.crs}")
    words.append(about.note)
    said = [" ".join(word.split()) for word in words if word]
    for number, word in enumerate(said):
        drawing.header.custom_vars.append(f"ANZOB {number + 1}", word)


def _add(
    drawing: Any, stope: Stope, body: list[list[float]], row: dict[str, Any], about: About,
    height_m: float,
) -> None:  # fmt: skip
    """Add the body of one stope, its figures and its name."""
    from ezdxf.render.mesh import MeshBuilder

    made_up = "SYNTHETIC_" if about.synthetic else ""
    level = f"L{stope.level + 1:02d}"
    colour = 1 + stope.level % 6
    layers = [f"{made_up}STOPES_{level}", f"{made_up}STOPE_NAMES_{level}"]
    for layer in layers:
        if layer not in drawing.layers:
            drawing.layers.add(layer, color=colour)
    mesh = MeshBuilder()
    mesh.add_mesh(vertices=body, faces=FACES.tolist())
    space = drawing.modelspace()
    entity = mesh.render_polyface(space, dxfattribs={"layer": layers[0]})
    name = f"SYNTHETIC {row['id']}" if about.synthetic else str(row["id"])
    # 1000: a text of 255 characters at most; one a figure, so that readers can split at "=".
    figures = [(1000, f"{key}={value}"[:255]) for key, value in row.items()]
    marks = [(1000, "SYNTHETIC=True")] if about.synthetic else []
    entity.set_xdata(APPLICATION, [*marks, *figures])
    middle = [sum(corner[axis] for corner in body) / len(body) for axis in range(3)]
    where = {"layer": layers[1], "insert": middle, "height": height_m}
    space.add_text(name, dxfattribs=where)
