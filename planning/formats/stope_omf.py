"""How do stopes go to Leapfrog, Deswik and other readers of the Open Mining Format?

Version 1: one surface a level, made of the closed bodies of its stopes, which share no vertices;
every figure of a stope stands on each of its twelve faces.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from deposits.blockmodel import About
from deposits.formats.files import check_name
from deposits.formats.omf import Bodies, write_omf
from planning.formats.stope_dxf import check_rows
from planning.limits.stopes.frame import StopeFrame
from planning.limits.stopes.solids import TRIANGLES, corners
from planning.limits.stopes.stope import Stope

COLOURS = ((27, 120, 55), (69, 117, 180), (215, 48, 39), (118, 42, 131), (224, 130, 20))


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
    bodies = corners(frame, stopes)
    level = np.array([stope.level for stope in stopes])
    figures = rows.assign(synthetic=True) if about.synthetic else rows
    made_up = "SYNTHETIC " if about.synthetic else ""
    surfaces = []
    for number in np.unique(level).tolist():
        of_level = np.flatnonzero(level == number)
        first = 8 * np.arange(len(of_level))
        surfaces.append(Bodies(
            vertices=bodies[of_level].reshape(-1, 3),
            faces=(TRIANGLES[None, :, :] + first[:, None, None]).reshape(-1, 3),
            name=f"{made_up}Stopes of level {number + 1}",
            values=figures.iloc[np.repeat(of_level, len(TRIANGLES))],
            description=f"{len(of_level)} closed bodies of {len(TRIANGLES)} faces each",
            colour=COLOURS[number % len(COLOURS)],
        ))  # fmt: skip
    write_omf(path, surfaces, about)
