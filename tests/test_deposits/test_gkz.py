import numpy as np
import numpy.testing as npt
import pandas as pd
import pytest

from deposits.errors import DataError
from deposits.tonnage.categories import SUGGESTED_GKZ
from deposits.tonnage.gkz import Conditions, gkz_table, panel_geometry
from deposits.tonnage.request import Density, Element, TonnageRequest
from deposits.tonnage.table import tabulate_blocks

MAPPING = SUGGESTED_GKZ["3-4"]


def model():
    n = 40
    x = np.arange(n) % 10
    return pd.DataFrame(
        {
            "easting": 2.5 + 5.0 * x,
            "northing": 2.5 + 5.0 * (np.arange(n) // 10 % 2),
            "elevation": 1.0 + 2.0 * (np.arange(n) // 20),
            "dx": 5.0,
            "dy": 5.0,
            "dz": 2.0,
            "sb_pct": np.where(x < 5, 4.0, 1.2),
            "au_gpt": 1.5,
            "panel": np.where(x < 5, "1-C1", "2-C2"),
            "category": np.where(x < 2, "Measured", np.where(x < 5, "Indicated", "Inferred")),
        }
    )


def tabulated(**more):
    asked = TonnageRequest(
        "sb_pct",
        (1.0, 2.0),
        (Element("sb_pct"), Element("au_gpt")),
        by=("panel", "category"),
        density=Density(None, 2.8),
    )
    return tabulate_blocks(model(), asked, **more)


def test_reserve_blocks_stand_with_area_thickness_volume_and_metal():
    geometry = panel_geometry(model(), "panel")
    found = gkz_table(tabulated(), Conditions(1.0), MAPPING, panel="panel", geometry=geometry)
    assert found["block"].tolist() == ["1-C1", "2-C2"]
    assert found["category"].tolist() == ["C1", "C2"]
    npt.assert_allclose(found["area_m2"], [250.0, 250.0])
    npt.assert_allclose(found["mean_thickness_m"], [4.0, 4.0])
    npt.assert_allclose(found["volume_m3"], [1000.0, 1000.0])
    npt.assert_allclose(found["density_t_per_m3"], 2.8)
    npt.assert_allclose(found["ore_kt"], 2.8)
    npt.assert_allclose(found["sb_pct"], [4.0, 1.2])
    npt.assert_allclose(found["sb_t"], [112.0, 33.6])
    npt.assert_allclose(found["au_kg"], 4.2)
    assert found["standing"].tolist() == ["balance", "balance"]


def test_the_same_ore_stands_in_both_tables():
    table = tabulated()
    found = gkz_table(table, Conditions(1.0), MAPPING, panel="panel")
    total = table.above[(table.above["level"] == "total") & (table.above["cutoff"] == 1.0)]
    npt.assert_allclose(found["sb_t"].sum(), total["sb_t"].sum())
    npt.assert_allclose(found["ore_kt"].sum() * 1000, total["ore_t"].sum())


def test_conditions_put_a_block_off_balance_and_say_why():
    geometry = panel_geometry(model(), "panel")
    strict = Conditions(1.0, least_block_grade=1.5, least_thickness_m=5.0, least_grade_thickness=10)
    found = gkz_table(tabulated(), strict, MAPPING, panel="panel", geometry=geometry)
    # 4 m is too thin, but 4 m x 4 % reaches 10 metre-per cent; 4 m x 1.2 % does not.
    assert found["standing"].tolist() == ["balance", "off-balance"]
    assert "industrial grade" in found["why"][1] and "metre-grade" in found["why"][1]


def test_a_steep_body_is_measured_on_a_vertical_plane():
    found = panel_geometry(model(), "panel", across="northing")
    npt.assert_allclose(found["area_m2"], [5 * 5.0 * 2 * 2.0] * 2)
    npt.assert_allclose(found["mean_thickness_m"], 10.0)


def test_ore_without_a_category_is_not_on_the_balance():
    blocks = model().assign(category=lambda b: b["category"].where(b["panel"] == "1-C1", ""))
    table = tabulate_blocks(blocks, tabulated().request)
    found = gkz_table(table, Conditions(1.0), MAPPING, panel="panel")
    assert found["standing"].tolist() == ["balance", "unclassified"]


def test_synthetic_stands_in_every_row():
    found = gkz_table(tabulated(synthetic=True), Conditions(1.0), MAPPING, panel="panel")
    assert found["synthetic"].all()


def test_a_table_that_cannot_be_laid_out_is_refused_with_all_reasons():
    asked = TonnageRequest("sb_pct", (1.0,), by=("panel",), density=Density(None, 2.8))
    with pytest.raises(DataError) as refused:
        gkz_table(tabulate_blocks(model(), asked), Conditions(1.3), MAPPING, panel="panel")
    assert len(refused.value.problems) == 3
    with pytest.raises(DataError, match="counterpart"):
        gkz_table(tabulated(), Conditions(1.0), {"Measured": "C1"}, panel="panel")
