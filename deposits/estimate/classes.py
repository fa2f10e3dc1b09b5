"""Which class does each block have, written beside its estimate?"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
from numpy.typing import NDArray

from deposits.blockmodel import SIZE_COLUMNS, BlockWriter, read_about, scan_blocks, volumes_m3
from deposits.estimate.config import DrillConfig
from deposits.estimate.model import STORED
from deposits.estimation.classification import (
    Classified,
    Criterion,
    classify,
    smooth_classes,
)
from deposits.estimation.kriging_estimates import QUALITIES
from deposits.grid import Grid

FloatArray = NDArray[np.float64]
#: What a block without any class is called in the model.
NO_CLASS = "unclassified"
NAMES = ("Measured", "Indicated", "Inferred")
#: Rows of the model in hand with all their columns.
ROWS_AT_A_TIME = 250_000


def criteria_of(config: DrillConfig) -> tuple[Criterion, ...]:
    """Return the criteria that the study states, from the surest class to the least sure."""
    stated = config.classification
    tables = dict(zip(NAMES, (stated.measured, stated.indicated, stated.inferred), strict=True))
    return tuple(
        Criterion(name, **table.model_dump()) for name, table in tables.items() if table is not None
    )


def write_classes(
    config: DrillConfig,
    sills: Mapping[str, float],
    estimated: Path,
    final: Path,
) -> pd.DataFrame:
    """Write the model again with class and (if mapped) gkz of every block.

    Parameters
    ----------
    config : DrillConfig
        The study's tables.
    sills : mapping of str to float
        Sill of the main element's model by domain, for the variance ratio.
    estimated, final : Path
        The model without and with classes.

    Returns
    -------
    pandas.DataFrame
        Blocks that smoothing moved: from, to, n_blocks, tonnes; empty without smoothing.
    """
    grid, about = read_about(estimated)
    criteria = criteria_of(config)
    found = _classify(criteria, sills, estimated)
    moved = pd.DataFrame()
    codes = found.codes
    radius = config.classification.smoothing_blocks
    if radius and criteria:
        codes, moved = _smooth(found, grid, estimated, radius)
    labels = np.array([*found.names, NO_CLASS], dtype=object)
    start = 0
    with BlockWriter(final, grid, about, stored_as=STORED) as writer:
        for part in scan_blocks(estimated, None, ROWS_AT_A_TIME):
            here = labels[codes[start : start + len(part)]]
            start += len(part)
            columns = {"class": here}
            if config.classification.gkz:
                mapping = config.classification.gkz
                columns["gkz"] = np.array([mapping.get(c, "") for c in here], dtype=object)
            writer.write(part.drop(columns="synthetic", errors="ignore").assign(**columns))
    return moved


def _classify(
    criteria: tuple[Criterion, ...], sills: Mapping[str, float], path: Path
) -> Classified:
    """Classify all rows, some at a time."""
    needed = ["domain", "spacing_m", *QUALITIES]
    codes = []
    for part in scan_blocks(path, needed):
        if not criteria:
            codes.append(np.full(len(part), -1, dtype=np.int8))
            continue
        sill = part["domain"].astype(str).map(sills).to_numpy(np.float64)
        blocks = part.assign(variance_ratio=part["variance"] / sill)
        codes.append(classify(blocks, criteria).codes)
    names = tuple(criterion.name for criterion in criteria)
    return Classified(names, np.concatenate(codes) if codes else np.empty(0, np.int8))


def _smooth(
    found: Classified, grid: Grid, path: Path, radius: int
) -> tuple[NDArray[np.int8], pd.DataFrame]:
    """Smooth the class of whole blocks: that of most of their rock; sub-blocks follow."""
    most, tonnes = _parents(found, grid, path)
    parents = np.flatnonzero(most >= 0)
    blocks = Classified(found.names, most[parents])
    width = (radius, radius, radius)
    smoothed = smooth_classes(blocks, grid.shape, parents, radius=width, tonnes=tonnes[parents])
    most[parents] = smoothed.classified.codes
    codes, start = found.codes.copy(), 0
    for part in scan_blocks(path, ["block"]):
        here = codes[start : start + len(part)]
        inside = here >= 0
        here[inside] = most[part["block"].to_numpy()[inside]]
        start += len(part)
    return codes, smoothed.moved


def _parents(
    found: Classified, grid: Grid, path: Path
) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Return the class of most rock of every block of the grid, -1 for none, and its tonnes [t].

    Of classes with as much rock the less sure one is taken.
    """
    needed = ["block", "density_t_per_m3", *(SIZE_COLUMNS if _is_cut(path) else ())]
    shares = np.full((len(found.names), grid.n_blocks), -1.0, dtype=np.float32)
    start = 0
    for part in scan_blocks(path, needed):
        codes = found.codes[start : start + len(part)]
        start += len(part)
        tonnes = volumes_m3(part, grid) * part["density_t_per_m3"].fillna(0.0).to_numpy()
        block = part["block"].to_numpy()
        for code, share in enumerate(shares):
            mine = codes == code
            here, place = np.unique(block[mine], return_inverse=True)
            share[here] = np.maximum(share[here], 0.0) + np.bincount(place, tonnes[mine])
    most = np.full(grid.n_blocks, -1, dtype=np.int8)
    best = np.full(grid.n_blocks, -1.0, dtype=np.float32)
    whole = np.zeros(grid.n_blocks, dtype=np.float32)
    for code, share in enumerate(shares):
        better = (share >= best) & (share >= 0)
        most[better], best[better] = code, share[better]
        whole += np.maximum(share, 0.0)
    return most, whole


def _is_cut(path: Path) -> bool:
    """Say whether a model has sub-blocks."""
    return set(SIZE_COLUMNS) <= set(pq.read_schema(path).names)
