"""A made-up mine of a few stopes under ground, for plans: no block model, no search for stopes."""

import tomllib
from types import SimpleNamespace

import pandas as pd
from support.small_mine import ECONOMICS, MINE, PRICE, STOPES

from planning.economics.block_terms import block_terms
from planning.limits.stopes.frame import StopeFrame
from planning.limits.stopes.stope import Stope
from planning.mine.config import MineConfig
from planning.production.stope_bodies import StopeBody

FRAME = StopeFrame(
    origin_m=(0.0, 0.0, 0.0), strike_deg=0.0, section_m=20.0, level_m=25.0, step_m=1.0,
    n_sections=6, n_levels=4, n_steps=100, n_sublevels=1,
)  # fmt: skip
SCHEDULE = """
[schedule]
periods = [{ count = 12, per_year = 12 }, { count = 4, per_year = 4 }, { count = 3, per_year = 1 }]
plant_ramp = { from_month = [0, 6], fraction = [0, 1] }
[schedule.access]
portal_elevation_m = 100
gradient_pct = 15
level_access_m = 50
heading_m_per_month = 200
usd_per_m = 3000
level_usd = 100000
levels_per_year = 3
[schedule.development]
m_per_month = 300
heading_m_per_month = 100
usd_per_m = 2000
drive_m_per_m = 1.5
standoff_m = 10
crosscuts = 2
profile_m2 = 20
[schedule.stoping]
in_cycle = 3
preparation_days = 20
draw_t_per_day = 600
usd_per_t_ore = 20
[schedule.fill]
m3_per_day = 500
m3_per_month = 10000
curing_days = 28
share_of_void = 0.9
cemented_usd_per_m3 = 20
loose_usd_per_m3 = 5
"""
STOCKPILE = """
[schedule.stockpile]
bins_sb_pct = [1.0, 3.0]
capacity_t = 20000
placing_usd_per_t = 0.5
rehandling_usd_per_t = 1.5
"""
DIRECT = """
[schedule.direct_shipping]
least_sb_pct = 15
sb_payability_fraction = 0.4
treatment_usd_per_t = 150
transport_usd_per_t = 90
moisture_fraction = 0.1
crushing_usd_per_t = 5
"""
#: Level, section (from 0), near and far wall, grade; two levels, three sections, a double panel.
PLACES = (
    (1, 1, 30.0, 45.0, 4.0),
    (1, 2, 30.0, 45.0, 2.0),
    (1, 3, 32.0, 44.0, 16.0),
    (2, 1, 24.0, 40.0, 3.0),
    (2, 2, 24.0, 36.0, 2.5),
    (2, 2, 42.0, 54.0, 5.0),
)
T_PER_M3 = 2.8


def body(level, section, near, far, rank=1, row=0):
    """A stope with upright walls; level and section from 0."""
    shape = Stope(level, section, near, near, far, far, 0.0)
    void = (far - near) * FRAME.section_m * FRAME.level_m
    name = f"L{level + 1:02d}-S{section + 1:02d}-{rank}"
    middle = (0.0, 0.0, (level + 0.5) * FRAME.level_m)
    return StopeBody(name, row, shape, void * T_PER_M3, void, middle)


def bodies(places=PLACES):
    """Stopes of a list of places, named as tables of stopes name them."""
    counted, found = {}, []
    for row, (level, section, near, far, *_) in enumerate(places):
        rank = counted[level, section] = counted.get((level, section), 0) + 1
        found.append(body(level, section, near, far, rank, row))
    return found


def dug(places=PLACES):
    """What digging would leave of these stopes, as far as a plan asks for it."""
    stopes = bodies(places)
    grades = ("sb_pct", "hg_pct")[: len(places[0]) - 4]
    rows = pd.DataFrame(
        {
            "id": [stope.name for stope in stopes],
            "recovered_t": [stope.ore_t for stope in stopes],
            **{f"diluted_{g}": [place[4 + k] for place in places] for k, g in enumerate(grades)},
        }
    )
    result = SimpleNamespace(
        table=SimpleNamespace(rows=rows),
        diluted=[stope.shape for stope in stopes],
        solved=SimpleNamespace(cells=SimpleNamespace(frame=FRAME)),
    )
    return SimpleNamespace(stopes=result)


def config(schedule=SCHEDULE, money=ECONOMICS):
    """Fill the tables of the mine and its plan."""
    tree = tomllib.loads(MINE + money.replace("{price}", PRICE) + STOPES + schedule)
    known = MineConfig.model_fields
    return MineConfig.model_validate({key: own for key, own in tree.items() if key in known})


def source(schedule=SCHEDULE, money=ECONOMICS):
    """Return what a plan asks of a study."""
    tables = config(schedule, money)
    terms = block_terms(tables.economics, tables.plants, tables.value).value
    study = SimpleNamespace(title="a made-up mine")
    drilled = SimpleNamespace(config=SimpleNamespace(study=study))
    return SimpleNamespace(config=tables, terms=terms, drilled=drilled)
