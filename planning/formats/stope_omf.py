"""How do stopes go to Leapfrog, Deswik and other readers of the Open Mining Format?

Version 1: one surface a level, made of the closed bodies of its stopes, which share no vertices;
every figure of a stope stands on each of its twelve faces.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from deposits.blockmodel import About
from deposits.formats.files import check_name
from deposits.formats.omf_container import Container
from planning.formats.stope_dxf import check_rows
from planning.limits.stopes.frame import StopeFrame
from planning.limits.stopes.solids import TRIANGLES, corners
from planning.limits.stopes.stope import Stope

COLOURS = ([27, 120, 55], [69, 117, 180], [215, 48, 39], [118, 42, 131], [224, 130, 20])


def write_stope_omf(
    path: Path, frame: StopeFrame, stopes: Sequence[Stope], rows: pd.DataFrame, about: About
) -> None:
    """Write stopes as closed bodies with their figures to an OMF file.

    Parameters
    ----------
    path : Path
        Where to; written under a temporary name first.
    frame : StopeFrame
        Where the stopes lie.
    stopes : sequence of Stope
        n stopes, with or without their skins.
    rows : pandas.DataFrame
        n rows in the same order, with ``id`` and columns of numbers, True and False, or text.
    about : About
        Name and note; whether the numbers are synthetic.

    Raises
    ------
    DataError
        If a synthetic file is not called so, there are no stopes, or rows and stopes differ.
    """
    check_name(path, about)
    check_rows(path, stopes, rows)
    box = Container(about.name)
    bodies = corners(frame, stopes)
    level = np.array([stope.level for stope in stopes])
    figures = rows.assign(synthetic=True) if about.synthetic else rows
    uids = []
    for number in np.unique(level).tolist():
        of_level = np.flatnonzero(level == number)
        first = 8 * np.arange(len(of_level))
        faces = (TRIANGLES[None, :, :] + first[:, None, None]).reshape(-1, 3)
        vertices = box.add_array("Vector3Array", bodies[of_level].reshape(-1, 3))
        shape = box.add(
            "SurfaceGeometry",
            vertices=vertices,
            triangles=box.add_array("Int3Array", faces),
            origin=[0.0, 0.0, 0.0],
        )
        repeated = figures.iloc[np.repeat(of_level, len(TRIANGLES))]
        name = f"Stopes of level {number + 1}"
        uids.append(box.add(
            "SurfaceElement",
            name=f"SYNTHETIC {name}" if about.synthetic else name,
            subtype="surface",
            description=f"{len(of_level)} closed bodies of {len(TRIANGLES)} faces each",
            color=COLOURS[number % len(COLOURS)],
            geometry=shape,
            data=[_add_column(box, str(label), repeated[label]) for label in repeated.columns],
            textures=[],
        ))  # fmt: skip
    note = "SYNTHETIC. " + about.note if about.synthetic else about.note
    project = box.add("Project", name=about.name, description=note, author="", revision="",
                      units="m", origin=[0.0, 0.0, 0.0], elements=uids)  # fmt: skip
    box.write(path, project)


def _add_column(box: Container, name: str, column: pd.Series) -> str:
    """Add numbers, or texts as numbers with a legend."""
    shared: dict[str, Any] = {"name": name, "description": "", "location": "faces"}
    if column.dtype.kind in "iufb":
        array = box.add_array("ScalarArray", column.to_numpy())
        return box.add("ScalarData", array=array, **shared)
    codes, words = pd.factorize(column, sort=True)
    texts = box.add("StringArray", array=[str(word) for word in words])
    legend = box.add("Legend", name=name, description="", values=texts)
    array = box.add_array("ScalarArray", codes.astype(np.int64))
    return box.add("MappedData", array=array, legends=[legend], **shared)
