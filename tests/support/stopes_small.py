"""Small stope problems, and their optimum by trying every set of stopes."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

import numpy as np
from hypothesis import strategies as st

from planning.limits.stopes import (
    StopeCells,
    StopeFrame,
    StopeRules,
    StopeValue,
    Totals,
)


def small_frame(n_steps=6, n_slices=1, *, level_m=4.0, step_m=2.0, panels=(1, 1), strike=0.0):
    """A frame of few cells: sections of 5 m."""
    return StopeFrame(
        origin_m=(1000.0, 2000.0, 300.0),
        strike_deg=strike,
        section_m=5.0,
        level_m=level_m,
        step_m=step_m,
        n_levels=panels[0],
        n_sections=panels[1],
        n_steps=n_steps,
        n_sublevels=n_slices,
    )


def cells_of(frame, tonnes=None, blocked=None, **metal) -> StopeCells:
    """Cells with given arrays; a tonne in each where nothing is said."""
    ones = np.ones(frame.shape)
    tonnes = ones if tonnes is None else np.asarray(tonnes, float).reshape(frame.shape)
    metal = {name: np.asarray(a, float).reshape(frame.shape) for name, a in metal.items()}
    return StopeCells(
        frame,
        ones * frame.cell_volume_m3,
        tonnes,
        0 * ones,
        metal,
        dict.fromkeys(metal, 0 * ones),
        0 * ones if blocked is None else np.asarray(blocked, float).reshape(frame.shape),
        2.7,
        Totals(0.0, 0.0, dict.fromkeys(metal, 0.0), dict.fromkeys(metal, 0.0)),
    )


@dataclass(frozen=True)
class Small:
    """One panel with everything that a choice of stopes depends on."""

    frame: StopeFrame
    rules: StopeRules
    value: np.ndarray
    needs: tuple[np.ndarray, ...]
    blocked: np.ndarray

    @property
    def cells(self):
        return cells_of(self.frame, blocked=self.blocked)

    @property
    def worth(self):
        return StopeValue(self.value, self.needs, "test", "", self.rules.mining_recovery)

    def mirrored(self):
        least, most = self.rules.wall_dip_deg
        rules = StopeRules(
            least_width_m=self.rules.least_width_m,
            most_width_m=self.rules.most_width_m,
            pillar_m=self.rules.pillar_m,
            near_skin_m=self.rules.far_skin_m,
            far_skin_m=self.rules.near_skin_m,
            wall_dip_deg=(180 - most, 180 - least),
        )
        flip = lambda a: np.ascontiguousarray(a[..., ::-1])  # noqa: E731
        needs = tuple(flip(need) for need in self.needs)
        return Small(self.frame, rules, flip(self.value), needs, flip(self.blocked))


whole = st.integers(-6, 6).map(float)
dips = st.sampled_from(
    [(90.0, 90.0), (60.0, 90.0), (63.0, 117.0), (90.0, 130.0), (45.0, 64.0), (44.0, 91.0)]
)


@st.composite
def small_problems(draw, most_steps=7, plain=False):
    """Panels of up to seven steps; inclined walls, pillars, skins, needs, exclusions."""
    n_steps, n_slices = draw(st.integers(2, most_steps)), draw(st.integers(1, 3))
    frame = small_frame(n_steps, n_slices)
    number = whole if draw(st.booleans()) else st.floats(-3, 3).map(lambda v: round(v, 3))

    def array(of):
        size = n_steps * n_slices
        return np.array(draw(st.lists(of, min_size=size, max_size=size))).reshape(frame.shape)

    lengths = st.sampled_from([0.0, 0.5, 2.0, 3.0])
    least = draw(st.sampled_from([0.5, 2.0, 3.5]))
    rules = StopeRules(
        least_width_m=least,
        most_width_m=draw(st.sampled_from([4.0, 6.0, math.inf])),
        pillar_m=draw(st.sampled_from([0.0, 1.0, 2.0, 4.0])),
        near_skin_m=draw(lengths),
        far_skin_m=draw(lengths),
        wall_dip_deg=draw(dips),
    )
    needs = () if plain else tuple(array(whole) for _ in range(draw(st.integers(0, 2))))
    free = plain or draw(st.booleans())
    mark = st.sampled_from([0.0, 0.0, 0.0, 0.0, 0.25, 1.0])
    blocked = np.zeros(frame.shape) if free else array(mark)
    return Small(frame, rules, array(number), needs, blocked)


def overlap(near, far, cell, height) -> float:
    """Share of a cell between two walls, (foot, head) each: trapezoids between all kinks."""
    (w0, w1), (z0, z1) = cell
    along = lambda wall, z: wall[0] + (wall[1] - wall[0]) * z / height  # noqa: E731
    kinks = {z0, z1}
    for foot, head in (near, far):
        if foot != head:
            kinks |= {(w - foot) / (head - foot) * height for w in (w0, w1)}
    kinks = sorted(z for z in kinks if z0 <= z <= z1)
    width = [min(max(along(far, z), w0), w1) - min(max(along(near, z), w0), w1) for z in kinks]
    area = sum(
        (kinks[n + 1] - kinks[n]) * (width[n] + width[n + 1]) / 2 for n in range(len(kinks) - 1)
    )
    return area / ((w1 - w0) * (z1 - z0))


def sine(wall, height):
    return height / math.hypot(height, wall[1] - wall[0])


def skinned(near, far, problem):
    """Both walls with their skins."""
    height = problem.frame.level_m
    left = problem.rules.near_skin_m / sine(near, height)
    right = problem.rules.far_skin_m / sine(far, height)
    return (near[0] - left, near[1] - left), (far[0] + right, far[1] + right)


def all_stopes(problem):
    """Every stope that keeps its own rules: near wall, far wall, worth."""
    frame, rules = problem.frame, problem.rules
    height, end = frame.level_m, frame.n_steps * frame.step_m
    ends = [j * frame.step_m for j in range(frame.n_steps + 1)]
    least, most = rules.wall_dip_deg
    walls = [
        (foot, head)
        for foot in ends
        for head in ends
        if least - 1e-6 <= math.degrees(math.atan2(height, foot - head)) <= most + 1e-6
    ]
    found = []
    for near in walls:
        for far in walls:
            middle = ((near[0] + far[0]) / 2, (near[1] + far[1]) / 2)
            width = [(far[n] - near[n]) * sine(middle, height) for n in (0, 1)]
            if min(width) < rules.least_width_m - 1e-6 or max(width) > rules.most_width_m + 1e-6:
                continue
            outer_near, outer_far = skinned(near, far, problem)
            if min(outer_near) < -1e-6 or max(outer_far) > end + 1e-6:
                continue
            shares = np.array(
                [
                    [
                        overlap(outer_near, outer_far, cell_of(frame, k, j), height)
                        for j in range(frame.n_steps)
                    ]
                    for k in range(frame.n_sublevels)
                ]
            )
            if (shares[problem.blocked[0, 0] > 0] > 1e-7).any():
                continue
            if any((need[0, 0] * shares).sum() < -1e-7 for need in problem.needs):
                continue
            found.append((near, far, float((problem.value[0, 0] * shares).sum())))
    return found


def cell_of(frame, k, j):
    height = frame.level_m / frame.n_sublevels
    return (j * frame.step_m, (j + 1) * frame.step_m), (k * height, (k + 1) * height)


def clear(first, then, problem) -> bool:
    """Whether the pillar between a stope and the next is thick enough."""
    rules, height = problem.rules, problem.frame.level_m
    far, near = first[1], then[0]
    spare = max(rules.pillar_m - rules.near_skin_m - rules.far_skin_m, 0.0)
    needed = (rules.far_skin_m + spare / 2) / sine(far, height)
    needed += (rules.near_skin_m + spare / 2) / sine(near, height)
    return all(near[n] - far[n] >= needed - 1e-6 for n in (0, 1))


def brute_force(problem) -> float:
    """The worth of the best set of stopes, trying every one."""
    stopes = all_stopes(problem)
    after = [
        [n for n, then in enumerate(stopes) if clear(first, then, problem)] for first in stopes
    ]

    @cache
    def best(n):
        return stopes[n][2] + max([0.0, *(best(m) for m in after[n])])

    return max([0.0, *(best(n) for n in range(len(stopes)))])
