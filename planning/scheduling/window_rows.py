"""What do the columns of a window use of each limit, and how does that read as a program?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from planning.programs import MixedIntegerProgram
from planning.scheduling.options import Options
from planning.scheduling.plan import SchedulePlan
from planning.scheduling.problem import ScheduleProblem

if TYPE_CHECKING:
    from planning.scheduling.windows import Columns

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
#: Row, column and coefficient of each entry.
Triples = tuple[IntArray, IntArray, FloatArray]
#: A limit counts as broken when it is passed by more than this part of its size.
BROKEN_BY = 1e-9


class Entries:
    """What columns use: of resource r in period t in row r * t + period, of general ones in j."""

    def __init__(self, problem: ScheduleProblem, options: Options, columns: Columns) -> None:
        """Keep what is asked about."""
        self.problem, self.options, self.columns = problem, options, columns
        self.moves = columns.low < columns.high

    def settled(self) -> FloatArray:
        """Return what moving activities use if all are done as late as they may, shape (r, t)."""
        problem, columns, t = self.problem, self.columns, self.problem.n_periods
        activity, resource, amount = self._base_use()
        final = columns.high[activity]
        own = final < t
        place = resource[own] * t + final[own]
        total = np.bincount(place, amount[own], problem.n_resources * t).reshape(-1, t)
        running = problem.cumulative[:, None]
        return np.where(running, np.cumsum(total, axis=1), total).astype(np.float64)

    def resources(self) -> Triples:
        """Return what columns use of resources."""
        parts = [self._base_entries(), self._share_entries(), self._flow_entries()]
        row, column, entry = (np.concatenate(part) for part in zip(*parts, strict=True))
        return row, column, entry

    def general(self) -> Triples:
        """Return what columns use of general constraints."""
        side, columns, base = self.problem.general, self.columns, self.options.base
        own = self.moves[side.block] & (side.destination == base[side.block])
        activity, period = side.block[own], side.period[own]
        constraint, amount = side.constraint[own], side.amount[own]
        first = columns.place[activity] - columns.low[activity] + period
        has = (period >= columns.low[activity]) & (period < columns.end[activity])
        before = (period > columns.low[activity]) & (period <= columns.end[activity])
        # After the last column of what may be left out, nothing is begun.
        before &= (period < columns.end[activity]) | (columns.high[activity] < columns.never)
        chosen = self._general_shares()
        row = np.concatenate([constraint[has], constraint[before], chosen[0]])
        column = np.concatenate([first[has], first[before] - 1, chosen[1]])
        return row, column, np.concatenate([amount[has], -amount[before], chosen[2]])

    def general_settled(self, rest: SchedulePlan) -> FloatArray:
        """Return what fixed activities use of general constraints, and all as late as may be."""
        side, columns, base = self.problem.general, self.columns, self.options.base
        part = side.amount * rest.share[side.block, side.destination]
        part = part * (rest.period[side.block] == side.period)
        own = self.moves[side.block] & (side.destination == base[side.block])
        part = part + side.amount * (own & (columns.high[side.block] == side.period))
        return np.bincount(side.constraint, part, len(side.upper)).astype(np.float64)

    def _base_use(self) -> tuple[IntArray, IntArray, FloatArray]:
        """Return activity, resource and amount of what moving activities use at their base."""
        use = self.problem.use
        own = self.moves[use.activity] & (use.destination == self.options.base[use.activity])
        return use.activity[own], use.resource[own], use.amount[own]

    def _base_entries(self) -> Triples:
        """Return entries of "done by": + in its period, - in the next one."""
        columns, t = self.columns, self.problem.n_periods
        activity, resource, amount = self._base_use()
        width = (columns.end - columns.low)[activity]
        which = np.repeat(np.arange(len(activity)), width)
        step = np.arange(len(which)) - np.repeat(np.cumsum(width) - width, width)
        activity, resource, amount = activity[which], resource[which], amount[which]
        period, column = columns.low[activity] + step, columns.place[activity] + step
        row = resource * t + period
        # What may be left out and is not done by its last period is not done at all. Of a
        # cumulative resource, "done by t" is all that has been used by t.
        follows = (period + 1 < columns.end[activity]) | (columns.high[activity] < t)
        follows &= ~self.problem.cumulative[resource]
        row, column = np.append(row, row[follows] + 1), np.append(column, column[follows])
        amount = np.append(amount, -amount[follows])
        running = self.problem.cumulative[resource] & (columns.high[activity] >= t)
        running &= period + 1 == columns.end[activity]
        more = _later(np.flatnonzero(running), period[running] + 1, t)
        first = row[: len(resource)]
        row = np.append(row, first[more[0]] - period[more[0]] + more[1])
        return row, np.append(column, column[more[0]]), np.append(amount, amount[more[0]])

    def _share_entries(self) -> Triples:
        """Return entries of shares: what they use beyond their base."""
        problem, columns, options = self.problem, self.columns, self.options
        option, resource, amount = _beyond_base(problem, options, self.moves)
        which, row = _joined(columns.share_option, option, len(options.activity))
        resource, amount, period = resource[row], amount[row], columns.share_period[which]
        column = columns.n_by + which
        return self._spread(resource, period, column, amount)

    def _flow_entries(self) -> Triples:
        """Return entries of flows."""
        flows, t = self.problem.flows, self.problem.n_periods
        resource, amount = np.repeat(flows.resource, t), np.repeat(flows.amount, t)
        period = np.tile(np.arange(t), len(flows.resource))
        column = np.repeat(flows.flow, t) * t + period
        column = column + self.columns.n_by + len(self.columns.share_option)
        return self._spread(resource, period, column, amount)

    def _spread(
        self, resource: IntArray, period: IntArray, column: IntArray, amount: FloatArray
    ) -> Triples:
        """Return entries of uses in periods, in all later ones too where they are cumulative."""
        t = self.problem.n_periods
        running = self.problem.cumulative[resource]
        more = _later(np.flatnonzero(running), period[running] + 1, t)
        row = np.append(resource * t + period, resource[more[0]] * t + more[1])
        return row, np.append(column, column[more[0]]), np.append(amount, amount[more[0]])

    def _general_shares(self) -> Triples:
        """Return entries of shares in general constraints: what they use beyond their base."""
        side, options, columns = self.problem.general, self.options, self.columns
        number = np.arange(len(options.activity))
        own = np.full(self.problem.value.shape, -1, dtype=np.int64)
        own[options.activity, options.destination] = number
        direct = own[side.block, side.destination]
        at_base = np.flatnonzero(side.destination == options.base[side.block])
        which, other = _joined(side.block[at_base], options.activity, len(options.base))
        entry = np.concatenate([np.flatnonzero(direct >= 0), at_base[which]])
        option = np.concatenate([direct[direct >= 0], other])
        sign = np.concatenate([np.ones((direct >= 0).sum()), -np.ones(len(which))])
        t = self.problem.n_periods
        key = columns.share_option * t + columns.share_period
        order = np.argsort(key, kind="stable")
        wanted = option * t + side.period[entry]
        spot = np.minimum(np.searchsorted(key, wanted, sorter=order), max(len(key) - 1, 0))
        if not len(key):
            none = np.zeros(0, dtype=np.int64)
            return none, none, np.zeros(0)
        hit = key[order[spot]] == wanted
        column = columns.n_by + order[spot[hit]]
        return side.constraint[entry[hit]], column, (sign * side.amount[entry])[hit]


def _later(which: IntArray, first: IntArray, t: int) -> tuple[IntArray, IntArray]:
    """Return, for each entry, all periods from a first one on: entry and period."""
    count = np.maximum(t - first, 0)
    entry = np.repeat(which, count)
    step = np.arange(len(entry)) - np.repeat(np.cumsum(count) - count, count)
    return entry, np.repeat(first, count) + step


def _joined(left: IntArray, right: IntArray, most: int) -> tuple[IntArray, IntArray]:
    """Return all pairs of places where left and right name the same number below *most*."""
    order = np.argsort(right, kind="stable")
    start = np.searchsorted(right[order], np.arange(most + 1))
    count = (start[1:] - start[:-1])[left] if most else np.zeros(len(left), dtype=np.int64)
    which = np.repeat(np.arange(len(left)), count)
    step = np.arange(len(which)) - np.repeat(np.cumsum(count) - count, count)
    return which, order[start[left[which]] + step]


def _beyond_base(
    problem: ScheduleProblem, options: Options, moves: NDArray[np.bool_]
) -> tuple[IntArray, IntArray, FloatArray]:
    """Return what options use beyond the base of their activity: option, resource, amount."""
    use = problem.use
    number = np.full(problem.value.shape, -1, dtype=np.int64)
    number[options.activity, options.destination] = np.arange(len(options.activity))
    own = np.where(moves[use.activity], number[use.activity, use.destination], -1)
    direct = np.flatnonzero(own >= 0)
    at_base = np.flatnonzero(moves[use.activity] & (use.destination == options.base[use.activity]))
    which, option = _joined(use.activity[at_base], options.activity, len(options.base))
    base = at_base[which]
    return (
        np.concatenate([own[direct], option]),
        np.concatenate([use.resource[direct], use.resource[base]]),
        np.concatenate([use.amount[direct], -use.amount[base]]),
    )


class Rows:
    """Rows of a program, gathered."""

    def __init__(self, n_columns: int) -> None:
        """Begin with no row."""
        self.n_columns, self.n_rows = n_columns, 0
        self.parts: list[Triples] = []
        self.lower: list[FloatArray] = []
        self.upper: list[FloatArray] = []
        #: Upper limit, gain and start of columns that rows add.
        self.added: list[tuple[FloatArray, FloatArray, FloatArray]] = []

    def pairs(self, pairs: IntArray) -> None:
        """Let the first column of each pair be no more than the second."""
        row = np.repeat(np.arange(len(pairs)), 2)
        self.at_most(row, pairs.ravel(), np.tile([1.0, -1.0], len(pairs)), np.zeros(len(pairs)))

    def at_most(
        self, row: IntArray, column: IntArray, entry: FloatArray, upper: FloatArray
    ) -> None:
        """Add rows, numbered from 0, with upper limits."""
        self._add(row, column, entry, np.full(len(upper), -np.inf), upper)

    def limits(
        self,
        row: IntArray,
        column: IntArray,
        entry: FloatArray,
        limits: tuple[FloatArray, FloatArray, FloatArray],
        start: FloatArray,
        room: float,
    ) -> None:
        """Add equations with a slack for limits that columns touch.

        limits : lower, upper, price of a unit beyond them if the start is beyond them
        room : part of what the start leaves that may be used
        """
        lower, upper, price = limits
        used = np.bincount(row, entry * start[column], len(lower)).astype(np.float64)
        size = np.bincount(row, np.abs(entry), len(lower))
        touched = np.bincount(row[entry != 0], minlength=len(lower)) > 0
        number = np.flatnonzero(touched & (np.isfinite(lower) | np.isfinite(upper)))
        place = np.full(len(lower), -1, dtype=np.int64)
        place[number] = np.arange(len(number))
        keep = (place[row] >= 0) & (entry != 0)
        row, column, entry = place[row[keep]], column[keep], entry[keep]
        lower, upper, used, size = lower[number], upper[number], used[number], size[number]
        noise = BROKEN_BY * size
        over, under = used > upper + noise, used < lower - noise
        upper = np.where(over, upper, np.maximum(upper, used))
        lower = np.where(under, lower, np.minimum(lower, used))
        upper = np.where(
            over, upper, np.where(np.isfinite(upper), used + room * (upper - used), upper)
        )
        lower = np.where(
            under, lower, np.where(np.isfinite(lower), used - room * (used - lower), lower)
        )
        self._equations((row, column, entry), (lower, upper), used, price[number])

    def _equations(
        self,
        part: Triples,
        limits: tuple[FloatArray, FloatArray],
        used: FloatArray,
        price: FloatArray,
    ) -> None:
        """Add use + slack = upper, or use - slack = lower, with excesses where they are needed."""
        row, column, entry = part
        lower, upper = limits
        count, capped = len(lower), np.isfinite(upper)
        largest = np.ones(count)
        np.maximum.at(largest, row, np.abs(entry))
        scale = 2.0 ** np.floor(np.log2(largest))
        side = np.where(capped, upper, lower)
        slack = np.where(capped, np.minimum(side - used, side - lower), used - side) / scale
        most = np.where(capped & np.isfinite(lower), (upper - lower) / scale, np.inf)
        first = self.n_columns
        over, under = used > upper, used < lower
        beyond = np.flatnonzero(over | under)
        excess = np.where(over, used - upper, lower - used)[beyond] / scale[beyond]
        sign = np.where(over, -1.0, 1.0)[beyond] * scale[beyond]
        inside = np.where(over, 0.0, np.where(under, np.where(capped, most, 0.0), slack))
        every = np.arange(count)
        row = np.concatenate([row, every, beyond])
        column = np.concatenate([column, first + every, first + count + np.arange(len(beyond))])
        entry = np.concatenate([entry, np.where(capped, scale, -scale), sign])
        self.added.append((most, np.zeros(count), inside))
        self.added.append((np.full(len(beyond), np.inf), -(price * scale)[beyond], excess))
        self.n_columns += count + len(beyond)
        self._add(row, column, entry, side, side)

    def _add(
        self,
        row: IntArray,
        column: IntArray,
        entry: FloatArray,
        lower: FloatArray,
        upper: FloatArray,
    ) -> None:
        """Add rows numbered from 0."""
        self.parts.append((row + self.n_rows, column, entry))
        self.lower.append(lower)
        self.upper.append(upper)
        self.n_rows += len(upper)

    def program(
        self, gain: FloatArray, upper: FloatArray, whole: NDArray[np.bool_], start: FloatArray
    ) -> tuple[MixedIntegerProgram, FloatArray]:
        """Return the program and where it begins; the columns that rows added come last."""
        row, column, entry = (np.concatenate(part) for part in zip(*self.parts, strict=True))
        key = row * self.n_columns + column
        keys, place = np.unique(key, return_inverse=True)
        total = np.bincount(place, entry, len(keys))
        keys, total = keys[total != 0], total[total != 0]
        extra = self.n_columns - len(gain)
        most = np.concatenate([upper, *(part[0] for part in self.added)])
        program = MixedIntegerProgram(
            gain=np.concatenate([gain, *(part[1] for part in self.added)]),
            lower=np.zeros(self.n_columns),
            upper=most,
            whole=np.concatenate([whole, np.zeros(extra, dtype=np.bool_)]),
            indptr=np.searchsorted(keys // self.n_columns, np.arange(self.n_rows + 1)),
            columns=keys % self.n_columns,
            entries=total,
            row_lower=np.concatenate(self.lower),
            row_upper=np.concatenate(self.upper),
        )
        return program, np.concatenate([start, *(part[2] for part in self.added)])
