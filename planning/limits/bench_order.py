"""In which order are the benches of pushbacks dug, if none may come too near the one inside it?"""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planning.limits.pit_blocks import PitBlocks
from planning.limits.pushback_plan import PushbackRules


def bench_sequence(
    number: NDArray[np.int16], blocks: PitBlocks, rules: PushbackRules
) -> pd.DataFrame:
    """Put the benches of pushbacks in an order that keeps the lag.

    Parameters
    ----------
    number : ndarray of int16, shape (n,)
        Pushback of each block, from 1; 0 is not mined.
    blocks : PitBlocks
        Rock of every block; benches of air alone take no step.
    rules : PushbackRules
        Least and most lag.

    Returns
    -------
    DataFrame
        ``step, pushback, bench, elevation_m``, one row a step.

    Notes
    -----
    Each pushback is dug from the top. With h(p) the highest bench of pushback p that still holds
    rock, p may go on while h(p + 1) < h(p) + most_lag; of those that may, the innermost does (the
    outermost always may). So p + 1 moves only when p is done, or is held up by it: then
    h(p + 1) >= h(p) + most_lag > h(p) + least_lag, and the least lag is kept.
    """
    nx, ny, nz = blocks.grid.shape
    level = np.arange(len(number)) // (nx * ny)
    dug = (number > 0) & (blocks.rock_t > 0.0)
    count = int(number.max(initial=0))
    pairs = np.unique(number[dug].astype(np.int64) * nz + level[dug])
    benches = [sorted((pairs[pairs // nz == p] % nz).tolist()) for p in range(1, count + 1)]
    most = math.inf if rules.most_lag is None else rules.most_lag
    steps: list[tuple[int, int]] = []
    while any(benches):
        heads = [left[-1] if left else -math.inf for left in benches]
        for p, head in enumerate(heads):
            outer = heads[p + 1] if p + 1 < count else -math.inf
            if benches[p] and outer < head + most:
                steps.append((p + 1, benches[p].pop()))
                break
    floor = blocks.grid.origin_m[2]
    table = pd.DataFrame(steps, columns=["pushback", "bench"], dtype=np.int64)
    table.insert(0, "step", np.arange(len(table)))
    return table.assign(elevation_m=floor + table["bench"] * blocks.grid.size_m[2])
