"""What limits a plan in each period, and what do activities and flows use of it?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from planning.scheduling.problem import ActivityUse

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class LimitRow:
    """One resource: what is used of it, and how much there is in each period.

    Parameters
    ----------
    key : str
        Short name, as `MineActivities.resources` holds it.
    title, unit : str
        For readers.
    use : ndarray, shape (n, d)
        By the whole activity at each destination [unit].
    upper : ndarray, shape (t,)
        Most in each period, or so far where cumulative [unit].
    lower : ndarray, shape (t,), optional
        Least; absent, there is none.
    flow_use : ndarray, shape (f,), optional
        By a tonne of each flow [unit].
    cumulative : bool
        Whether all periods so far count together.
    """

    key: str
    title: str
    unit: str
    use: FloatArray
    upper: FloatArray
    lower: FloatArray | None = None
    flow_use: FloatArray | None = None
    cumulative: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Limits:
    """All resources, in the arrays of a problem.

    Parameters
    ----------
    keys, titles, units : tuple of str
        Of the r resources.
    use : ActivityUse
        What activities use.
    lower, upper : ndarray, shape (r, t)
        Limits.
    cumulative : ndarray of bool, shape (r,)
        Which hold for all periods so far.
    flow, resource : ndarray of int, shape (k,)
        Which flow uses which resource.
    amount : ndarray, shape (k,)
        How much a tonne of the flow uses.
    """

    keys: tuple[str, ...]
    titles: tuple[str, ...]
    units: tuple[str, ...]
    use: ActivityUse
    lower: FloatArray
    upper: FloatArray
    cumulative: BoolArray
    flow: IntArray
    resource: IntArray
    amount: FloatArray


def gather_limits(rows: Sequence[LimitRow], n_periods: int) -> Limits:
    """Put the rows of a problem's limits together.

    Parameters
    ----------
    rows : sequence of LimitRow
        At least one.
    n_periods : int
        Periods.

    Returns
    -------
    Limits
    """
    used = [np.nonzero(row.use) for row in rows]
    sizes = [len(activity) for activity, _ in used]
    numbers = np.repeat(np.arange(len(rows)), sizes).astype(np.int64)
    activity = np.concatenate([a for a, _ in used]).astype(np.int64)
    destination = np.concatenate([d for _, d in used]).astype(np.int64)
    amount = np.concatenate([row.use[at] for row, at in zip(rows, used, strict=True)])
    flows = [
        (number, flow, float(row.flow_use[flow]))
        for number, row in enumerate(rows)
        if row.flow_use is not None
        for flow in np.flatnonzero(row.flow_use).tolist()
    ]
    none = np.full(n_periods, -np.inf)
    return Limits(
        keys=tuple(row.key for row in rows),
        titles=tuple(row.title for row in rows),
        units=tuple(row.unit for row in rows),
        use=ActivityUse(activity, destination, numbers, amount.astype(np.float64)),
        lower=np.array([none if row.lower is None else row.lower for row in rows]),
        upper=np.array([row.upper for row in rows], dtype=np.float64),
        cumulative=np.array([row.cumulative for row in rows], dtype=np.bool_),
        flow=np.array([f for _, f, _ in flows], dtype=np.int64),
        resource=np.array([r for r, _, _ in flows], dtype=np.int64),
        amount=np.array([a for _, _, a in flows], dtype=np.float64),
    )
