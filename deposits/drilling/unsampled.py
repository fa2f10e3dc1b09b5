"""What does core hold that nobody sampled, because it was plainly barren?

Absent, unless the study says zero: where only mineralised core is sampled, the mean of the
samples stands for them alone, and what lies between them is estimated at their grade.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

#: Gaps below this are rounding of logs [m].
GAP_M = 1e-6


def fill_unsampled(
    intervals: pd.DataFrame,
    depths_m: Mapping[str, float],
    elements: Sequence[str],
    length_m: float,
) -> pd.DataFrame:
    """Give zero grades to core without an interval, and to intervals without any grade.

    Parameters
    ----------
    intervals : DataFrame
        `hole_id`, `from_m`, `to_m` [m] and the elements; no two overlap.
    depths_m : mapping of str to float
        Depths of the holes [m].
    elements : sequence of str
        Columns that become 0; others are missing in rows that are added.
    length_m : float
        Longest row that is added [m], so that each falls into one domain.

    Returns
    -------
    DataFrame
        The intervals and the added rows, down each hole, holes in order of their names.
    """
    names = list(elements)
    filled = intervals.copy()
    empty = filled[names].isna().all(axis=1)
    filled.loc[empty, names] = 0.0
    own = dict(list(filled.sort_values("from_m").groupby(filled["hole_id"].astype(str))))
    holes, tops, feet = [], [], []
    for hole, depth in depths_m.items():
        rows = own.get(hole)
        ends = np.empty(0) if rows is None else rows["to_m"].to_numpy(np.float64)
        starts = np.empty(0) if rows is None else rows["from_m"].to_numpy(np.float64)
        for top, foot in zip([0.0, *ends], [*starts, depth], strict=True):
            if foot - top > GAP_M:
                cuts = np.linspace(top, foot, int(np.ceil((foot - top) / length_m)) + 1)
                holes += [hole] * (len(cuts) - 1)
                tops += cuts[:-1].tolist()
                feet += cuts[1:].tolist()
    added = pd.DataFrame({"hole_id": holes, "from_m": tops, "to_m": feet})
    whole = pd.concat([filled, added.assign(**dict.fromkeys(names, 0.0))], ignore_index=True)
    return whole.sort_values(["hole_id", "from_m"], kind="stable", ignore_index=True)
