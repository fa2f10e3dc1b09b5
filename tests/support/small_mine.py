"""A small drillhole study that asks for a pit and stopes, and its estimated block model."""

from pathlib import Path

import numpy as np
from support.small_drilling import write_small

from deposits.estimate.workflow import estimate
from deposits.estimate.workflow import load as load_drilled
from deposits.study import read_study
from planning.mine.study import load

TABLES = (
    *("study", "layers", "drillholes", "samples", "domains", "estimation", "blocks", "density"),
    *("classification", "tonnage", "validation", "economics", "plants", "map"),
    *("mine", "value", "pit", "stopes", "schedule", "scenario"),
)
ECONOMICS = """
[economics]
valuation_date = "2026-01-01"
discount_rate_fraction = 0.1
{price}
sb_payability_fraction = 0.6
treatment_charge_usd_per_t_concentrate = 200
transport_usd_per_t_concentrate = 100
penalties_usd_per_t_concentrate = 0
royalty_fraction_of_nsr = 0.05
processing_cost_usd_per_t_ore = 20
general_cost_usd_per_t_ore = 5
sustaining_capital_usd_per_t_ore = 2
[plants.mill]
name = "Mill"
sb_recovery_fraction = 0.85
concentrate_sb_pct = 55
[value]
plant = "mill"
grades = { sb = "sb_pct" }
moisture_fraction = 0
sb_refining_usd_per_t_sb = 0
ore_haulage_usd_per_t_ore = 1
[value.mining]
reference_elevation_m = 100
cost_usd_per_t_rock = 2
haulage_usd_per_t_rock = 0.5
haulage_below_usd_per_t_per_m = 0.01
haulage_above_usd_per_t_per_m = 0
[value.stoping]
reference_elevation_m = 100
cost_usd_per_t_ore = 30
haulage_usd_per_t_ore = 1
haulage_below_usd_per_t_per_m = 0.01
haulage_above_usd_per_t_per_m = 0
level_opening_usd = 10000
"""
PRICE = """sb_price = { usd_per_t = 20000, market = "test", vat = "excluded", date = "2026" }"""
MINE = """
[classification]
indicated = { most_pass = 1, least_samples = 8 }
inferred = { most_pass = 1 }
[layers.ground]
path = "ground.tif"
role = "raster"
[mine]
classes = ["Indicated"]
host_density_t_per_m3 = 2.7
throughput_t_per_year = 20000
"""
PIT = """
[pit]
slopes = [{ angle_deg = 45 }]
margin_m = 80
mining_recovery_fraction = 0.95
rock_t_per_year = 200000
revenue_factors = [0.4, 0.7, 1.0]
pushbacks = 2
"""
STOPES = """
[stopes]
strike_deg = 0
level_m = 20
section_m = 20
step_m = 2
sublevels = 2
least_width_m = 4
most_width_m = 20
pillar_m = 4
near_skin_m = 0.5
far_skin_m = 0.5
wall_dip_deg = [70, 110]
mining_recovery_fraction = 0.9
crown_m = 10
sensitivity_cutoffs_sb_pct = [0.5, 15]
sensitivity_price_factors = [0.5, 1.0]
"""
QUOTES = """id,date,precision,low,high,qualifier,currency,unit,market,vat,product,basis,kind,confidence,source,note
a,2026-03-01,day,20000,22000,,USD,t,Rotterdam,excluded,metal,in warehouse,reported,high,a paper,
b,2026-03-11,day,30000,32000,,USD,t,Rotterdam,excluded,metal,in warehouse,reported,high,a paper,
c,2026-03-05,day,180000,180000,,CNY,t,China domestic,excluded,metal,ex works,reported,high,a paper,
"""  # noqa: E501
GROUND_M = 103.0


def write_ground(path: Path, height_m: float = GROUND_M, reach_m: float = 400.0) -> None:
    """Write flat ground around the holes."""
    import rasterio
    from rasterio.transform import from_origin

    n = int(2 * reach_m / 10)
    profile = {
        "driver": "GTiff", "width": n, "height": n, "count": 1, "dtype": "float32",
        "crs": "EPSG:32631", "nodata": -9999,
        "transform": from_origin(500_025 - reach_m, 100_025 + reach_m, 10, 10),
    }  # fmt: skip
    with rasterio.open(path, "w", **profile) as raster:
        raster.write(np.full((n, n), height_m, np.float32), 1)


def write_mine(
    folder: Path,
    *,
    price: str = PRICE,
    pit: str = PIT,
    stopes: str = STOPES,
    mine: str = MINE,
    domain: str = "",
) -> Path:
    """Write the study with its tables and its ground; return the study's path."""
    write_ground(folder / "ground.tif")
    money = ECONOMICS.replace("{price}", price)
    path = write_small(folder, domain, more=mine + money + pit + stopes)
    text = path.read_text("utf-8")
    old = "size_m = [10, 10, 10]"
    path.write_text(text.replace(old, f'{old}\ntopography = "ground"'), "utf-8")
    return path


def loaded(path: Path):
    """Return the mine of a study, with every problem."""
    drilled = load_drilled(read_study(path, TABLES).or_raise()).or_raise()
    return load(drilled)


def estimated(path: Path, out: Path) -> Path:
    """Estimate the study's block model; return its file."""
    drilled = load_drilled(read_study(path, TABLES).or_raise()).or_raise()
    return estimate(drilled, out).blocks
