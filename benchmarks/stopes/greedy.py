"""What does choosing stopes one by one, the best first, bring on the same problem?

The simplest rule that a planner follows by hand: in every panel take the stope that is worth the
most, then the best one that still fits beside it, and so on; then take panels, the best first,
while no pillar is broken into; give up stretches that are too short; open levels in their order up
to where most has been earned. No choice is taken back.
"""

from __future__ import annotations

import numpy as np

from planning.kernels.stope_panels import below_wall
from planning.limits.stopes.panels import cumulative


def greedy_panel(sums, walls):
    """Walls of stopes taken one by one in a panel, in steps: near foot, head, far foot, head."""
    end = sums.shape[1] - 1
    runs = walls.runs
    far = np.full((len(runs), end + 1), np.nan)
    near = far.copy()
    for r, run in enumerate(runs.tolist()):
        for foot in range(max(0, run), min(end, end + run) + 1):
            head, low, high = foot - run, min(foot, foot - run), max(foot, foot - run)
            if high + walls.far_skin[r] <= end + 1e-9:
                far[r, foot] = below_wall(sums, foot + walls.far_skin[r], head + walls.far_skin[r])
            if low - walls.near_skin[r] >= -1e-9:
                near[r, foot] = below_wall(
                    sums, foot - walls.near_skin[r], head - walls.near_skin[r]
                )
    offers = []
    for r in range(len(runs)):
        for q in range(len(runs)):
            for apart in range(walls.least[r, q], walls.most[r, q] + 1):
                first, last = max(0, -apart), min(end, end - apart)
                worth = far[q, first + apart : last + apart + 1] - near[r, first : last + 1]
                n = np.flatnonzero(worth > 0)
                same = np.ones(len(n))
                offers.append(
                    np.column_stack([worth[n], r * same, first + n, q * same, first + n + apart])
                )
    left, taken = np.concatenate(offers), []
    while len(left):
        # Of equals the first: the near wall with the least run, then the least foot.
        _, r, foot, q, far_foot = left[int(np.argmax(left[:, 0]))].tolist()
        taken.append((int(r), int(foot), int(q), int(far_foot)))
        left = left[clear(walls, left[:, 1:].astype(np.int64), taken[-1])]
    return [(foot, foot - int(runs[r]), last, last - int(runs[q])) for r, foot, q, last in taken]


def clear(walls, offers, taken):
    """Which offers leave their pillar beside a stope, on either side of it."""
    runs, (r, foot, q, last) = walls.runs, taken
    after, before = offers[:, 1] - last, foot - offers[:, 3]
    far_side = np.minimum(after, after - runs[offers[:, 0]] + runs[q])
    near_side = np.minimum(before, before - runs[r] + runs[offers[:, 2]])
    return (far_side >= walls.pillar[q, offers[:, 0]]) | (
        near_side >= walls.pillar[offers[:, 2], r]
    )


def greedy_panels(value, walls, frame):
    """Walls of the greedy stopes of every panel [m], by (level, section)."""
    sums = cumulative(value)
    return {
        (p // frame.n_sections, p % frame.n_sections): [
            tuple(step * frame.step_m for step in stope) for stope in greedy_panel(sums[p], walls)
        ]
        for p in range(len(sums))
    }


def greedy_choice(values, rules, costs):
    """Panels taken the best first while most_run and most_levels hold, then short runs given up."""
    n_levels = len(values)
    may = (np.nan_to_num(values) > 0) & ~rules.barred(values.shape)
    mined = np.zeros_like(may)
    for place in sorted(zip(*np.nonzero(may), strict=True), key=lambda p: (-values[p], p)):
        mined[place] = True
        along, up = longest(mined[place[0]]), longest(mined[:, place[1]])
        mined[place] = along <= (rules.most_run or along) and up <= (rules.most_levels or up)
    for row in mined:
        drop_short(row, rules.least_run)
    gains = np.where(mined, np.nan_to_num(values), 0.0).sum(axis=1)
    opened = gains > costs
    if rules.needs_above or rules.needs_below:
        # Levels in the order in which they must be opened, up to where most has been earned.
        order = slice(None, None, -1 if rules.needs_above else 1)
        earned = np.cumsum((gains - costs)[order])
        best = int(np.argmax(earned)) + 1 if earned.max() > 0 else 0
        opened = (np.arange(n_levels) < best)[order]
    return mined & opened[:, None], opened


def longest(line):
    """The most that are mined together along a line."""
    return max(map(len, "".join("x" if m else " " for m in line).split()), default=0)


def drop_short(row, least):
    """Give up stretches that are too short."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], row.astype(int), [0]])))
    for first, last in zip(edges[::2], edges[1::2], strict=True):
        if last - first < least:
            row[first:last] = False
