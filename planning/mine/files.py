"""Which tables and bodies do a pit and stopes leave in the folder of the results?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from deposits.blockmodel import About, BlockWriter
from deposits.errors import MissingPackage
from deposits.estimate.results import write_csv
from planning.formats.stope_dxf import write_stope_dxf
from planning.formats.stope_omf import write_stope_omf
from planning.limits.stopes.solids import volume_m3
from planning.mine.stope_summary import worth_key

if TYPE_CHECKING:
    from planning.mine.pit_results import PitResult
    from planning.mine.stope_results import StopesResult
    from planning.mine.study import MineStudy

NOTE = (
    "Walls as designed, without the skins that break off them. designed_volume_m3 is the volume of "
    "a body; volume_m3 is that of what breaks, with the skins."
)


def write_stopes(result: StopesResult, source: MineStudy, out: Path) -> list[str]:
    """Write the tables of stopes and, where there are any, their bodies.

    Parameters
    ----------
    result : StopesResult
        Stopes and what they hold.
    source : MineStudy
        Whose they are.
    out : Path
        Folder; it exists.

    Returns
    -------
    list of str
        stopes.csv, stope_levels.csv, stope_sections.csv, stope_frames.csv,
        stope_sensitivity.csv, stopes.omf, and stopes.dxf where ezdxf is installed; the names of a
        synthetic study start ``synthetic_``.
    """
    worth = {"value": worth_key(result)}
    tables = {
        "stopes": _with_designed(result).rename(columns=worth),
        "stope_levels": result.table.levels.rename(columns=worth),
        "stope_sections": result.table.sections.rename(columns=worth),
        "stope_frames": result.search.offsets,
        "stope_sensitivity": result.sensitivity,
    }
    names = [_csv(table, stem, source, out) for stem, table in tables.items()]
    solved = result.solved
    if not solved.layout.stopes:
        return names
    study = source.drilled.config.study
    about = About(study.name, source.synthetic, {}, study.crs, NOTE)
    frame, rows = solved.cells.frame, tables["stopes"]
    omf = f"{source.prefix}stopes.omf"
    write_stope_omf(out / omf, frame, solved.layout.stopes, rows, about)
    names.append(omf)
    dxf = f"{source.prefix}stopes.dxf"
    try:
        write_stope_dxf(out / dxf, frame, solved.layout.stopes, rows, about)
        names.append(dxf)
    except MissingPackage:
        # The bodies stand in the OMF file; the summary says what a DXF needs.
        (out / dxf).unlink(missing_ok=True)
    return names


def write_pit(result: PitResult, source: MineStudy, out: Path) -> list[str]:
    """Write the tables of the pit, and its blocks with shell, pushback and worth.

    Parameters
    ----------
    result : PitResult
        Pit, shells and pushbacks.
    source : MineStudy
        Whose they are.
    out : Path
        Folder; it exists.

    Returns
    -------
    list of str
        pit_shells.csv, pit_pushbacks.csv, pit_benches.csv, pit_blocks.parquet; the names of a
        synthetic study start ``synthetic_``.
    """
    names = [
        _csv(result.shell_table, "pit_shells", source, out),
        _csv(result.pushback_table, "pit_pushbacks", source, out),
        _csv(result.bench_table, "pit_benches", source, out),
    ]
    name = f"{source.prefix}pit_blocks.parquet"
    study = source.drilled.config.study
    units = {"rock_t": "t", "value_usd": "USD"}
    about = About(f"{study.name} pit", source.synthetic, units, study.crs)
    with BlockWriter(out / name, result.grid, about) as writer:
        writer.write(pit_blocks(result))
    return [*names, name]


def pit_blocks(result: PitResult) -> pd.DataFrame:
    """Return the rock of the widest shell, block by block.

    Parameters
    ----------
    result : PitResult
        Pit, shells and pushbacks.

    Returns
    -------
    pandas.DataFrame
        ``block, rock_t``, grades of the whole block, ``value_usd`` at the study's prices,
        ``revenue_factor`` of the smallest shell that holds it, ``pushback`` (0: beyond the pit),
        ``in_pit``.
    """
    rock, shells = result.prepared.rock, result.answer.shells
    dug = np.flatnonzero((shells.shell < len(shells.factors)) & (rock.tonnes > 0.0))
    columns: dict[str, object] = {"block": dug, "rock_t": rock.tonnes[dug]}
    columns |= {name: grade[dug] for name, grade in rock.grades.items()}
    columns["value_usd"] = result.prepared.values_usd()[dug]
    columns["revenue_factor"] = shells.factors[shells.shell[dug]]
    columns["pushback"] = result.pushbacks.number[dug]
    columns["in_pit"] = result.answer.pit.mined[dug]
    return pd.DataFrame(columns)


def _with_designed(result: StopesResult) -> pd.DataFrame:
    """Return the rows of stopes, the volume between the designed walls beside that with skins."""
    rows, solved = result.table.rows.copy(), result.solved
    frame = solved.cells.frame
    designed = [volume_m3(frame, stope) for stope in solved.layout.stopes]
    at = list(rows.columns).index("volume_m3")
    rows.insert(at, "designed_volume_m3", np.array(designed, dtype=np.float64))
    return rows


def _csv(table: pd.DataFrame, stem: str, source: MineStudy, out: Path) -> str:
    """Write a table; every row of a synthetic one says so."""
    name = f"{source.prefix}{stem}.csv"
    write_csv(table.assign(synthetic=True) if source.synthetic else table, out / name)
    return name
