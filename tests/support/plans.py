"""A small mine whose plan a planner could have in a spreadsheet."""

import datetime as dt

import numpy as np
import pandas as pd

from planning.formats.plans.folder import ScheduleFolder
from planning.limits.minelib_problem import SideConstraints
from planning.limits.precedence import arc_precedence
from planning.scheduling.calendar import mixed_calendar
from planning.scheduling.plan import SchedulePlan
from planning.scheduling.problem import ActivityUse, Flows, ScheduleNames, ScheduleProblem
from planning.verification.plan_contents import PlanContents

#: A heading, then three stopes, then one that pays nothing; names that spreadsheets spoil.
NAMES = ("Штрек 1", "1-2", "=ST+3", "ST-12", "-4 level")
ORE_T = (0.0, 1000.0, 2000.0, 1500.0, 800.0)
MINED, FEED, STOCK = 0, 1, 2
PLANT, PILE, NOWHERE = 0, 1, 2
START = dt.date(2027, 1, 1)


def small_mine(**changes):
    """Five activities in two half years and two years: mined, feed and stock are limited.

    The heading needs half a year before any stope ends; "=ST+3" comes half a year after "1-2".
    """
    n, _d, t = 5, 3, 4
    no = -np.inf
    value = np.array(
        [[no, no, -10.0], [100.0, -1.0, no], [220.0, -2.0, no], [90.0, -1.5, no], [5.0, no, no]]
    )
    after, before = [1, 2, 3, 4], [0, 1, 0, 3]
    precedence = arc_precedence(n, after, before)
    rows = []
    for a in range(1, n):
        rows += [(a, PLANT, MINED, ORE_T[a]), (a, PLANT, FEED, ORE_T[a])]
        if np.isfinite(value[a, PILE]):
            rows += [(a, PILE, MINED, ORE_T[a]), (a, PILE, STOCK, ORE_T[a])]
    activity, destination, resource, amount = map(np.array, zip(*rows, strict=True))
    upper = np.array([[1500.0, 2000.0, 2500.0, 2500.0], [1200.0] * 4, [1000.0] * 4])
    lower = np.array([[-np.inf] * 4, [-np.inf, 200.0, -np.inf, -np.inf], [0.0] * 4])
    flows = Flows(
        ("reclaim",), np.full((1, t), 0.02), np.full((1, t), 500.0),
        np.array([0, 0]), np.array([FEED, STOCK]), np.array([1.0, -1.0]),
    )  # fmt: skip
    problem = {
        "name": "Small mine",
        "calendar": mixed_calendar([(2, 2), (2, 1)], 0.1, "mid_year"),
        "value": value,
        "precedence": precedence,
        "span_class": np.array([1, 2, 1, 0]),
        "spans_years": np.array([0.0, 0.5, 1.0]),
        "use": ActivityUse(activity, destination, resource, amount.astype(float)),
        "lower": lower,
        "upper": upper,
        "cumulative": np.array([False, False, True]),
        "flows": flows,
        "first": np.array([0, 0, 1, 0, 2]),
        "last": np.array([3, 3, 3, 2, 3]),
        "general": SideConstraints(
            np.array([4, 4]), np.array([0, 0]), np.array([2, 3]), np.array([0, 0]),
            np.array([1.0, 1.0]), np.array([-np.inf]), np.array([0.9]),
        ),
        "split": True,
        "names": ScheduleNames(
            NAMES, ("plant", "stockpile", "none"), ("mined", "feed", "stock"),
            ("t", "t", "t"), "kUSD",
        ),
    }  # fmt: skip
    return ScheduleProblem(**(problem | changes))


def small_plan():
    """A plan of it that keeps to everything, worth 90 / 1.1^0.5 + 111 / 1.1^1.5 + 10 / 1.1^2.5."""
    share = np.zeros((5, 3))
    share[0, NOWHERE] = share[1, PLANT] = 1.0
    share[2, [PLANT, PILE]] = 0.5
    period = np.array([0, 1, 2, 4, 4])
    return SchedulePlan(period, share, np.array([[0.0, 0.0, 100.0, 500.0]]))


def small_contents():
    """What the activities hold."""
    table = pd.DataFrame(
        {"ore_t": ORE_T, "metres": [120.0, 0, 0, 0, 0], "sb_pct": [np.nan, 2.0, 3.0, 1.0, 0.5]}
    )
    return PlanContents(table, ("ore_t", "metres"), {"sb_pct": "ore_t"})


def small_folder(**changes):
    """The mine with its first day and its contents."""
    given = {"start": START, "synthetic": False, "contents": small_contents()} | changes
    return ScheduleFolder(small_mine(), **given)
