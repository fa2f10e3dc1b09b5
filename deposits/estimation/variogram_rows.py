"""Where in space do the lags of experimental variograms lie, and which of them can be fitted?"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from deposits.errors import DataError, Problem
from deposits.estimation.variogram_directions import unit_vector
from deposits.estimation.variography import ExperimentalVariogram

FloatArray = NDArray[np.float64]


class LagRows(NamedTuple):
    """Lags with pairs: a table, and the lag vectors behind each row.

    table : as of the experimental variograms, without coincident samples
    vectors : float64 (v, 3) [m]; row : int64 (v,), the row of the table each belongs to
    share : float64 (v,), 1 over the number of vectors of the row
    """

    table: pd.DataFrame
    vectors: FloatArray
    row: NDArray[np.int64]
    share: FloatArray

    def mean(self, values: FloatArray) -> FloatArray:
        """Average what was worked out at the vectors to the rows."""
        sums = np.bincount(self.row, values * self.share, minlength=len(self.table))
        return sums.astype(np.float64, copy=False)


def lag_rows(experimentals: Sequence[ExperimentalVariogram]) -> LagRows:
    """Gather all lags with pairs, and where in space they lie.

    Parameters
    ----------
    experimentals : sequence of ExperimentalVariogram
        An omnidirectional lag stands for all directions of space alike.

    Returns
    -------
    LagRows

    Raises
    ------
    DataError
        If there is no lag with pairs.
    """
    tables, vectors = [], []
    everywhere = _sphere(48)
    for experimental in experimentals:
        for direction, (_, lags) in zip(
            experimental.directions,
            experimental.table.groupby("direction", sort=False),
            strict=True,
        ):
            used = lags[(lags["n_pairs"] > 0) & (lags["distance_m"] > 0) & lags["gamma"].notna()]
            unit = unit_vector(direction.azimuth_deg, direction.dip_deg)[None, :]
            units = everywhere if direction.is_omnidirectional else unit
            tables.append(used)
            vectors += [distance * units for distance in used["distance_m"]]
    if not vectors:
        raise DataError([Problem("no lag of the experimental variograms has a pair")])
    sizes = np.array([len(v) for v in vectors])
    row = np.repeat(np.arange(sizes.size), sizes)
    table = pd.concat(tables, ignore_index=True)
    return LagRows(table, np.concatenate(vectors), row, 1.0 / sizes[row])


def _sphere(count: int) -> FloatArray:
    """Return unit vectors evenly over half a sphere (golden spiral)."""
    k = np.arange(count) + 0.5
    up = k / count
    turn = math.pi * (1.0 + math.sqrt(5.0)) * k
    level = np.sqrt(1.0 - up**2)
    return np.column_stack([level * np.cos(turn), level * np.sin(turn), up])
