"""A mine of a few stopes with plant, stockpile and direct shipping, made by hand."""

import numpy as np
import pandas as pd

from planning.limits.precedence import arc_precedence
from planning.production.activities import COLUMNS, MineActivities
from planning.scheduling.calendar import Calendar
from planning.scheduling.plan import SchedulePlan
from planning.scheduling.problem import ActivityUse, Flows, ScheduleNames, ScheduleProblem

DESTINATIONS = ("plant", "stockpile", "direct", "none")
#: Kind, stope, ore [t], % Sb, g/t Au, development [m], what comes before.
ROWS = (
    ("access", "", 0.0, np.nan, np.nan, 100.0, ()),
    ("stope", "A", 10_000.0, 4.0, 1.0, 0.0, (0,)),
    ("stope", "B", 12_000.0, 2.0, 0.5, 0.0, (0,)),
    ("development", "", 0.0, np.nan, np.nan, 80.0, (0,)),
    ("stope", "C", 9_000.0, 16.0, 2.0, 0.0, (3,)),
    ("stope", "D", 11_000.0, 1.0, 0.2, 0.0, (3,)),
)
BIN_SB_PCT, BIN_AU_GPT = 1.0, 0.2


def small_mine(*, feed_t: float = 12_000.0, stopes: float = 1.5, price: float = 100.0):
    """Return six activities over two halves and three years; 100 USD per % of Sb and tonne."""
    calendar = Calendar(np.array([0.5, 0.5, 1.0, 1.0, 1.0]), 0.1, "mid_year")
    n, d, t = len(ROWS), len(DESTINATIONS), calendar.n_periods
    ore = np.array([row[2] for row in ROWS])
    sb = np.nan_to_num([row[3] for row in ROWS])
    metres = np.array([row[5] for row in ROWS])
    is_ore = ore > 0
    to = {role: number for number, role in enumerate(DESTINATIONS)}
    allowed = np.zeros((n, d), dtype=bool)
    allowed[is_ore, : to["none"]] = True
    allowed[:, to["direct"]] &= sb >= 15
    allowed[~is_ore, to["none"]] = True
    zero = np.zeros((n, d))
    money = {k: zero.copy() for k in ("antimony", "processing", "mining", "development")}
    money["antimony"][:, to["plant"]] = ore * sb * price * 0.9
    money["antimony"][:, to["direct"]] = ore * sb * price * 0.7
    money["processing"][:, to["plant"]] = -30.0 * ore
    money["mining"][:, : to["none"]] = -50.0 * ore[:, None]
    money["development"][:, to["none"]] = -4000.0 * metres
    money = {k: np.where(allowed, v, 0.0) for k, v in money.items()}
    value = np.where(allowed, sum(money.values()), -np.inf)
    amounts = {name: zero.copy() for name in (
        "feed_t", "direct_t", "stocked_t", "concentrate_t", "recovered_sb_t", "payable_sb_t",
        "payable_au_oz")}  # fmt: skip
    amounts["feed_t"][:, to["plant"]] = ore
    amounts["direct_t"][:, to["direct"]] = ore * (sb >= 15)
    amounts["stocked_t"][:, to["stockpile"]] = ore
    amounts["recovered_sb_t"][:, to["plant"]] = ore * sb / 100 * 0.9
    amounts["concentrate_t"] = amounts["recovered_sb_t"] / 0.55
    a, k = np.nonzero(allowed)
    uses = []  # activity, destination, resource, amount
    for i, j in zip(a.tolist(), k.tolist(), strict=True):
        if j == to["plant"]:
            uses.append((i, j, 0, ore[i]))
        if is_ore[i]:
            uses.append((i, j, 1, 0.5))
        if j == to["stockpile"]:
            uses.append((i, j, 2, ore[i]))
        if metres[i]:
            uses.append((i, j, 3, metres[i]))
    table = pd.DataFrame(dict.fromkeys(COLUMNS, ""), index=range(n))
    table = table.assign(
        activity=[f"a{i}" for i in range(n)], kind=[row[0] for row in ROWS],
        stope=[row[1] for row in ROWS], level=1, section=-1, part=1, duration_years=0.25,
        ore_t=ore, waste_t=0.0, rock_t=ore, development_m=metres, fill_m3=0.0, x=0.0, y=0.0, z=0.0,
        sb_pct=[row[3] for row in ROWS], au_gpt=[row[4] for row in ROWS],
    )  # fmt: skip
    arcs = [(i, p) for i, row in enumerate(ROWS) for p in row[6]]
    upper = np.array([feed_t, stopes, 20_000.0, 150.0])[:, None] * calendar.length_years
    upper[2] = 20_000.0
    lower = np.full((4, t), -np.inf)
    lower[2] = 0.0
    per_tonne = BIN_SB_PCT * price * 0.9
    use = [np.array(column) for column in zip(*uses, strict=True)]
    precedence = arc_precedence(n, [s for s, _ in arcs], [p for _, p in arcs])
    problem = ScheduleProblem(
        name="small mine", calendar=calendar, value=value, precedence=precedence,
        span_class=np.zeros(precedence.n_arcs, dtype=np.int64), spans_years=np.array([0.5]),
        use=ActivityUse(use[0], use[1], use[2], use[3].astype(float)),
        lower=lower, upper=upper, cumulative=np.array([False, False, True, False]),
        flows=Flows(("reclaim",), np.full((1, t), per_tonne - 33.0), np.full((1, t), np.inf),
                    np.array([0, 0]), np.array([0, 2]), np.array([1.0, -1.0])),
        first=np.zeros(n, dtype=np.int64), last=np.full(n, t - 1),
        names=ScheduleNames(
            tuple(f"a{i}" for i in range(n)), DESTINATIONS,
            ("plant", "stopes in cycle", "stock 1", "development"),
            ("t", "stope-years", "t", "m"), "USD"),
    )  # fmt: skip
    return MineActivities(
        problem=problem, table=table, grades=("sb_pct", "au_gpt"), destinations=DESTINATIONS,
        resources=("plant", "stopes", "stock 1", "development"), money=money, amounts=amounts,
        flow_money={"antimony": np.array([per_tonne]), "processing": np.array([-30.0]),
                    "stockpiling": np.array([-3.0])},
        flow_amounts={"feed_t": np.array([1.0]), "concentrate_t": np.array([0.009 / 0.55]),
                      "recovered_sb_t": np.array([0.009])},
        flow_grades={"sb_pct": np.array([BIN_SB_PCT]), "au_gpt": np.array([BIN_AU_GPT])},
        target_t=np.array([5_000.0, 6_000.0, 12_000.0, 12_000.0, 12_000.0]),
        fixed_usd=10_000.0 * calendar.length_years,
    )  # fmt: skip


def small_plan() -> SchedulePlan:
    """Access, then A to the plant, D to the stockpile, C shipped, B split; D reclaimed later."""
    period = np.array([0, 1, 3, 2, 3, 3])
    share = np.zeros((6, 4))
    share[[0, 3], 3] = 1.0
    share[1, 0] = share[4, 2] = share[5, 1] = 1.0
    share[2] = [0.75, 0.25, 0.0, 0.0]
    return SchedulePlan(period, share, np.array([[0.0, 0.0, 0.0, 0.0, 8_000.0]]))
