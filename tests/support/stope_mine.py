"""A small made-up mine: two dipping lenses, their cells, and the best stopes."""

from functools import cache

import numpy as np
import pandas as pd

from deposits.blockmodel import About, BlockModel
from deposits.grid import Grid
from planning.limits.stopes.cells import Surroundings, integrate
from planning.limits.stopes.frame import frame_over
from planning.limits.stopes.panels import optimise_panels
from planning.limits.stopes.rules import StopeRules, cutoff_value

RULES = StopeRules(
    least_width_m=2.0,
    most_width_m=12.0,
    pillar_m=3.0,
    near_skin_m=0.4,
    far_skin_m=0.6,
    wall_dip_deg=(55.0, 100.0),
    mining_recovery=0.9,
)


def lens_model(seed=7, azimuth_deg=20.0):
    """Blocks of 5 x 2 x 5 m in two lenses that dip 65 degrees across the grid's northing."""
    rng = np.random.default_rng(seed)
    grid = Grid((1000.0, 5000.0, 800.0), (5.0, 2.0, 5.0), (16, 30, 12), azimuth_deg)
    number = np.arange(grid.n_blocks)
    i, j, k = grid.ijk(number)
    u, w, z = (i + 0.5) * 5.0, (j + 0.5) * 2.0, (k + 0.5) * 5.0
    middle = 12.0 + (60.0 - z) / np.tan(np.radians(65.0))
    thick = 3.0 + 2.0 * np.sin(u / 25.0) * np.cos(z / 30.0)
    first = np.abs(w - middle) < thick
    second = (np.abs(w - middle - 14.0) < 2.0) & (u > 30.0)
    grade = np.where(first, 6.0, np.where(second, 4.0, 0.3)) * rng.lognormal(0, 0.4, len(u))
    grade[rng.random(len(u)) < 0.02] = np.nan
    kept = first | second | (rng.random(len(u)) < 0.5)
    share = np.where(first, 1.0, 0.25)
    table = pd.DataFrame(
        {
            "block": number,
            "sb_pct": grade,
            "au_gpt": 0.4 * grade,
            "nsr": 40.0 * grade - 20.0,
            "density_t_per_m3": 2.7 + 0.02 * np.nan_to_num(grade),
            "is_measured": share,
            "is_inferred": 0.9 - share * 0.9,
        }
    )
    return BlockModel(grid, table[kept], About("SYNTHETIC lenses", synthetic=True))


FIELDS = ("sb_pct", "au_gpt", "nsr", "is_measured", "is_inferred")


@cache
def small_mine(cutoff=1.5, seed=7):
    """Model, cells, worth and best stopes of the lenses."""
    model = lens_model(seed)
    # Sections along the grid's easting, steps along minus its northing.
    frame = frame_over(model.grid, 110.0, (10.0, 20.0, 1.0), 4, 3.0)
    cells = integrate(model, frame, FIELDS, Surroundings(2.7))
    value = cutoff_value(cells, "sb_pct", cutoff, RULES.mining_recovery)
    return model, cells, value, optimise_panels(cells, value, RULES)
