"""How does a block model go on to the programs of geologists and planners?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from deposits.blockmodel import BlockModel, read_blocks, regularise
from deposits.errors import DataError
from deposits.formats.csv_blocks import write_datamine, write_vulcan
from deposits.formats.gslib import write_gslib
from deposits.formats.omf import write_omf
from deposits.formats.vtk import vtk_suffix, write_vtk
from maps.errors import UnavailableFormat


def export_blocks(path: Path, file_format: str, out: Path, said: str = "") -> str:
    """Write a block model in the format of another program.

    Parameters
    ----------
    path : Path
        Parquet file of ours.
    file_format : str
        datamine, vulcan, gslib, omf or vtk. Formats without sub-blocks get whole blocks: grades by
        tonnes, the rest by volume; texts are left out there.
    out : Path
        Folder; made if it is not there.
    said : str
        What the file is to say of its making; CSV has no place for it.

    Returns
    -------
    str
        Name of the file written; that of a synthetic model says so.

    Raises
    ------
    UnavailableFormat
        If the model cannot be held by that format.
    """
    model = _noted(read_blocks(path), said)
    out.mkdir(parents=True, exist_ok=True)
    try:
        if file_format in ("gslib", "omf"):
            model = whole_blocks(model)
        suffix, write = _writer(file_format, model)
        name = f"{path.stem}_{file_format}{suffix}"
        write(out / name)
    except DataError as error:
        raise UnavailableFormat(f"Format {file_format} cannot hold this model: {error}") from error
    return name


def _noted(model: BlockModel, said: str) -> BlockModel:
    """Put what is to be said behind the model's own note, unless that says it already."""
    notes = [note for note in (model.about.note, said) if note]
    if len(notes) == 2 and notes[0] in notes[1]:
        notes = notes[1:]
    return replace(model, about=replace(model.about, note=" ".join(notes)))


def _writer(file_format: str, model: BlockModel) -> tuple[str, Callable[[Path], None]]:
    """Return the ending of the file and what writes it."""
    return {
        "datamine": (".csv", lambda path: write_datamine(path, model)),
        "vulcan": (".csv", lambda path: write_vulcan(path, model)),
        "gslib": (".dat", lambda path: write_gslib(path, model)),
        "omf": (".omf", lambda path: write_omf(path, [model], model.about)),
        "vtk": (vtk_suffix(model), lambda path: write_vtk(path, model)),
    }[file_format]


def whole_blocks(model: BlockModel) -> BlockModel:
    """Leave out texts and bring sub-blocks together to whole blocks.

    Parameters
    ----------
    model : BlockModel
        With sub-blocks or without.

    Returns
    -------
    BlockModel
        Numbers of whole blocks: grades by tonnes, the rest by volume.
    """
    texts = [name for name in model.fields if model.table[name].dtype.kind not in "iufb"]
    numbers = replace(model, table=model.table.drop(columns=[*texts, "synthetic"], errors="ignore"))
    return regularise(numbers, (1, 1, 1), absent="known_part") if model.sub_blocked else numbers
