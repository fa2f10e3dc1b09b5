"""Does an answer to a MineLib problem keep to it, and what is it worth?

The value is worked out again from the problem's own numbers, and every rule is checked by itself:

==================  ================================================================================
rule                broken where
==================  ================================================================================
unknown             a block, destination or period does not exist
fraction            a fraction is not between 0 and 1
at most once        more than the whole of a block is mined
whole               a block is mined in part, or in several periods (not asked of a relaxed answer)
forbidden           a block goes where its value says that it may not
precedence          by the end of some period, more of a block is mined than of what lies above it
resource            a period uses more or less of a resource than its limits
general             a general side constraint is not kept
==================  ================================================================================

Solvers hold a fraction for whole when it nearly is, and the library's own answers to pcpsp mine
0.999982 of a block (zuck_small, block 1305), 0.999988 (marvin, block 20800) and 1.000001
(zuck_small, block 5777). A fraction that is not written 0 or 1 may therefore be off by 0.00002,
and what is summed from such fractions by so much of each. Whole blocks have no such allowance,
only that of adding up (1e-9 of the limit).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from deposits.display import Fact, as_html, as_text
from planning.limits.minelib_problem import MineLibProblem, MineLibSolution

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

#: By how much a fraction that is not written 0 or 1 may be off.
ROUNDING = 2e-5
#: Rounding of a sum, as a share of what it is compared with.
SUM_ROUNDING = 1e-9
COLUMNS = ("rule", "block", "predecessor", "destination", "period", "number", "amount", "limit")
RULES = (
    "unknown",
    "fraction",
    "at most once",
    "whole",
    "forbidden",
    "precedence",
    "resource",
    "general",
)
WHOLE_COLUMNS = COLUMNS[1:6]


@dataclass(frozen=True, slots=True, eq=False)
class MineLibCheck:
    """What an answer is worth, and which rules it breaks.

    Parameters
    ----------
    value : float
        Discounted value of the rows whose block, destination and period exist [currency].
    n_blocks : int
        Blocks of which anything is mined.
    relaxed : bool
        Whether blocks were allowed to be mined in parts.
    violations : DataFrame
        One row each: rule, block, predecessor, destination, period (of the first such period for
        precedence), number (of the resource or side constraint), amount, limit.
    """

    value: float
    n_blocks: int
    relaxed: bool
    violations: pd.DataFrame

    @property
    def feasible(self) -> bool:
        """Whether every rule is kept."""
        return self.violations.empty

    def counts(self) -> dict[str, int]:
        """Return how often each rule is broken; rules that are kept are not named."""
        found = self.violations["rule"].value_counts()
        return {rule: int(found[rule]) for rule in RULES if rule in found.index}

    def sentences(self, most: int | None = None) -> list[str]:
        """Say the first violations in words."""
        rows = self.violations.head(most if most is not None else len(self.violations))
        return [_sentence(row) for row in rows.to_dict("records")]

    def to_dict(self) -> dict[str, Any]:
        """Return value, feasibility and every violation; numbers that a rule lacks are left out."""
        rows = [
            {k: v for k, v in row.items() if not _absent(v)} | {"says": _sentence(row)}
            for row in self.violations.to_dict("records")
        ]
        return {"value": self.value, "feasible": self.feasible, "violations": rows}

    def facts(self) -> list[Fact]:
        """List what a reader wants to know first."""
        broken = ", ".join(f"{rule}: {n:,}" for rule, n in self.counts().items())
        return [
            Fact("Value", f"{self.value:,.2f}"),
            Fact("Blocks mined", f"{self.n_blocks:,}"),
            Fact("Blocks may be mined in parts", "yes" if self.relaxed else "no"),
            Fact("Rules kept", "all" if self.feasible else f"no ({broken})"),
        ]

    def __str__(self) -> str:
        """Facts as plain text."""
        return as_text("MineLib solution, checked", self.facts())

    def _repr_html_(self) -> str:
        """Facts as HTML."""
        return as_html("MineLib solution, checked", self.facts())


def _absent(value: object) -> bool:
    """Say whether a cell of the table of violations is empty."""
    return bool(pd.isna(value))  # type: ignore[call-overload]


def _sentence(row: dict[Any, Any]) -> str:
    """Say one violation."""
    amount, limit = f"{row['amount']:,.10g}", f"{row['limit']:,.10g}"
    block, period, rule = row["block"], row["period"], row["rule"]
    if rule == "unknown":
        return f"block {block}, destination {row['destination']}, period {period} does not exist"
    if rule == "fraction":
        return f"block {block} in period {period}: the fraction is {amount}, not 0 to 1"
    if rule == "at most once":
        return f"block {block} is mined {amount} times"
    if rule == "whole":
        several = "" if _absent(period) else f" by period {period}, and more later"
        return f"block {block} is mined in part: {amount}{several}"
    if rule == "forbidden":
        return f"block {block} may not go to destination {row['destination']} (period {period})"
    if rule == "precedence":
        above = row["predecessor"]
        return f"block {block} before block {above} in period {period}: {amount} against {limit}"
    side = "above" if row["amount"] > row["limit"] else "below"
    if rule == "resource":
        return f"resource {row['number']} in period {period}: {amount} is {side} {limit}"
    return f"side constraint {row['number']}: {amount} is {side} {limit}"


def verify_solution(
    problem: MineLibProblem, solution: MineLibSolution, *, relaxed: bool = False
) -> MineLibCheck:
    """Check an answer against its problem.

    Parameters
    ----------
    problem : MineLibProblem
        What was asked.
    solution : MineLibSolution
        What was answered.
    relaxed : bool
        Whether blocks may be mined in parts and in several periods, as in a relaxed problem.

    Returns
    -------
    MineLibCheck
        Every violation of every rule.

    Raises
    ------
    ValueError
        If the answer is to another type of problem.
    """
    if solution.kind != problem.kind:
        raise ValueError(f"an answer to {solution.kind} is none to {problem.kind}")
    known = _known(problem, solution)
    block, destination = solution.block[known], solution.destination[known]
    period, fraction = solution.period[known], solution.fraction[known]
    mined = MineLibSolution(solution.kind, block, destination, period, fraction)
    found = [
        *_unknown(solution, ~known),
        *_fractions(mined),
        *_once_and_whole(problem, mined, relaxed),
        *_forbidden(problem, mined),
        *_precedence(problem, mined),
        *_resources(problem, mined),
        *_general(problem, mined),
    ]
    table = pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=list(COLUMNS))
    table = table.astype(dict.fromkeys(WHOLE_COLUMNS, "Int64"))
    worth = problem.objective[block, destination] * problem.discount_factors()[period] * fraction
    n_blocks = len(np.unique(block[fraction > 0]))
    return MineLibCheck(math.fsum(worth.tolist()), n_blocks, relaxed, table)


def _violations(rule: str, **columns: Any) -> list[pd.DataFrame]:
    """Put violations of one rule into a table; none when there are none."""
    table = pd.DataFrame({name: columns.get(name) for name in COLUMNS[1:]})
    if table.empty:
        return []
    table.insert(0, "rule", rule)
    return [
        table.astype({**dict.fromkeys(WHOLE_COLUMNS, "Int64"), "amount": float, "limit": float})
    ]


def _known(problem: MineLibProblem, solution: MineLibSolution) -> BoolArray:
    """Say which rows name a block, a destination and a period that exist."""
    good = np.ones(len(solution.block), dtype=bool)
    for column, most in (
        (solution.block, problem.n_blocks),
        (solution.destination, problem.n_destinations),
        (solution.period, problem.n_periods),
    ):
        good &= (column >= 0) & (column < most)
    return good


def _unknown(solution: MineLibSolution, wrong: BoolArray) -> list[pd.DataFrame]:
    """Report rows that name what does not exist."""
    return _violations(
        "unknown",
        block=solution.block[wrong],
        destination=solution.destination[wrong],
        period=solution.period[wrong],
        amount=solution.fraction[wrong],
    )


def _fractions(mined: MineLibSolution) -> list[pd.DataFrame]:
    """Report fractions outside 0 to 1."""
    wrong = ~((mined.fraction >= -ROUNDING) & (mined.fraction <= 1.0 + ROUNDING))
    return _violations(
        "fraction",
        block=mined.block[wrong],
        destination=mined.destination[wrong],
        period=mined.period[wrong],
        amount=mined.fraction[wrong],
        limit=1.0,
    )


def _slack(mined: MineLibSolution) -> FloatArray:
    """Return by how much each row's fraction may have been rounded when it was written."""
    return np.where(mined.fraction == np.round(mined.fraction), 0.0, ROUNDING)


def _sums(place: IntArray, weights: FloatArray, minlength: int) -> FloatArray:
    """Add weights up by place, shape (minlength,)."""
    return np.bincount(place, weights=weights, minlength=minlength).astype(np.float64)


def _once_and_whole(
    problem: MineLibProblem, mined: MineLibSolution, relaxed: bool
) -> list[pd.DataFrame]:
    """Report blocks that are mined more than once, in part, or in several periods."""
    n = problem.n_blocks
    total = _sums(mined.block, weights=mined.fraction, minlength=n)
    slack = _sums(mined.block, weights=_slack(mined), minlength=n) + SUM_ROUNDING
    more = np.flatnonzero(total > 1.0 + slack)
    found = _violations("at most once", block=more, amount=total[more], limit=1.0)
    if relaxed:
        return found
    part = np.flatnonzero((total > 0.0) & (total < 1.0 - slack))
    found += _violations("whole", block=part, amount=total[part], limit=1.0)
    some = mined.fraction > 0.0
    first = np.full(n, problem.n_periods)
    last = np.full(n, -1)
    np.minimum.at(first, mined.block[some], mined.period[some])
    np.maximum.at(last, mined.block[some], mined.period[some])
    early = some & (mined.period == first[mined.block])
    by_then = _sums(mined.block[early], weights=mined.fraction[early], minlength=n)
    several = np.flatnonzero(last > first)
    return found + _violations(
        "whole", block=several, period=first[several], amount=by_then[several], limit=1.0
    )


def _forbidden(problem: MineLibProblem, mined: MineLibSolution) -> list[pd.DataFrame]:
    """Report blocks that go where they may not."""
    wrong = problem.forbidden[mined.block, mined.destination] & (mined.fraction > 0.0)
    return _violations(
        "forbidden",
        block=mined.block[wrong],
        destination=mined.destination[wrong],
        period=mined.period[wrong],
        amount=mined.fraction[wrong],
        limit=0.0,
    )


def _precedence(problem: MineLibProblem, mined: MineLibSolution) -> list[pd.DataFrame]:
    """Report arcs of which, by the end of some period, more of the lower block is mined."""
    n, indptr = problem.n_blocks, np.asarray(problem.precedence.indptr)
    touched = np.unique(mined.block[mined.fraction > 0.0])
    arcs = np.diff(indptr)[touched]
    lower = np.repeat(touched, arcs)
    start = np.repeat(indptr[touched] - (np.cumsum(arcs) - arcs), arcs)
    upper = np.asarray(problem.precedence.indices)[start + np.arange(len(lower))].astype(np.int64)
    slack = _sums(mined.block, weights=_slack(mined), minlength=n)
    allowed = slack[lower] + slack[upper] + SUM_ROUNDING
    cumulative = np.zeros(n)
    found: list[pd.DataFrame] = []
    for period in range(problem.n_periods):
        now = mined.period == period
        cumulative += _sums(mined.block[now], weights=mined.fraction[now], minlength=n)
        wrong = cumulative[lower] > cumulative[upper] + allowed
        found += _violations(
            "precedence",
            block=lower[wrong],
            predecessor=upper[wrong],
            period=np.full(int(wrong.sum()), period),
            amount=cumulative[lower[wrong]],
            limit=cumulative[upper[wrong]],
        )
        lower, upper, allowed = lower[~wrong], upper[~wrong], allowed[~wrong]
    return found


def _resources(problem: MineLibProblem, mined: MineLibSolution) -> list[pd.DataFrame]:
    """Report periods that use more, or less, of a resource than they may."""
    found: list[pd.DataFrame] = []
    slack, periods = _slack(mined), problem.n_periods
    for number in range(problem.n_resources):
        table = problem.use.table(number, problem.n_blocks, problem.n_destinations)
        each = table[mined.block, mined.destination]
        used = _sums(mined.period, weights=each * mined.fraction, minlength=periods)
        allowed = _sums(mined.period, weights=np.abs(each) * slack, minlength=periods)
        limits = (problem.lower[number], problem.upper[number])
        for period, limit in _beyond(used, allowed, *limits):
            found += _violations(
                "resource", period=[period], number=number, amount=used[period], limit=limit
            )
    return found


def _general(problem: MineLibProblem, mined: MineLibSolution) -> list[pd.DataFrame]:
    """Report general side constraints that are not kept."""
    side = problem.general
    if not len(side.upper):
        return []
    shape = (problem.n_blocks, problem.n_destinations, problem.n_periods)
    mined_key = np.ravel_multi_index((mined.block, mined.destination, mined.period), shape)
    keys, place = np.unique(mined_key, return_inverse=True)
    fraction = _sums(place, weights=mined.fraction, minlength=len(keys) + 1)
    rounding = _sums(place, weights=_slack(mined), minlength=len(keys) + 1)
    side_key = np.ravel_multi_index((side.block, side.destination, side.period), shape)
    at = np.searchsorted(keys, side_key)
    hit = np.zeros(len(at), dtype=bool)
    hit[at < len(keys)] = keys[at[at < len(keys)]] == side_key[at < len(keys)]
    at = np.where(hit, at, len(keys))
    size = len(side.upper)
    used = _sums(side.constraint, weights=side.amount * fraction[at], minlength=size)
    weights = np.abs(side.amount) * rounding[at]
    allowed = _sums(side.constraint, weights=weights, minlength=size)
    found: list[pd.DataFrame] = []
    for number, limit in _beyond(used, allowed, side.lower, side.upper):
        found += _violations("general", number=[number], amount=used[number], limit=limit)
    return found


def _beyond(
    used: FloatArray, allowed: FloatArray, lower: FloatArray, upper: FloatArray
) -> list[tuple[int, float]]:
    """Return where an amount lies beyond its limits, and the limit that it passes."""
    found = []
    for place, amount in enumerate(used.tolist()):
        high, low, slack = float(upper[place]), float(lower[place]), float(allowed[place])
        if amount > high + slack + SUM_ROUNDING * abs(high):
            found.append((place, high))
        if amount < low - slack - SUM_ROUNDING * abs(low):
            found.append((place, low))
    return found
