"""Is all rock and all metal of a block model still there once it stands in a pit's grid?"""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deposits.blockmodel import BlockModel
from deposits.errors import DataError
from deposits.grid import Grid
from planning.mine.config import MineTable
from planning.mine.rock import domain_names, gather_rock, rock_share, value_rows, widen

GRADES = {"sb": "sb_pct", "au": "au_gpt"}


def mine(*classes):
    return MineTable(
        classes=classes or ("Measured",), host_density_t_per_m3=2.7, throughput_t_per_year=1e5
    )


def model(azimuth=0.0, seed=0, absent=0.0):
    """A model of whole blocks and sub-blocks of two domains and two classes."""
    grid = Grid((1000.0, 2000.0, 0.0), (10.0, 20.0, 5.0), (4, 3, 2), azimuth)
    random = np.random.default_rng(seed)
    whole = np.arange(0, 24, 2)
    corner = grid.centres(np.array([1, 5]))
    part = grid.axes()[0] * 2.5  # the eastern halves of two blocks
    rows = pd.DataFrame({"block": np.concatenate([whole, [1, 5]])})
    centres = np.vstack([grid.centres(whole), corner + part])
    rows[["easting", "northing", "elevation"]] = centres
    rows["dx"] = [10.0] * len(whole) + [5.0] * 2
    rows["dy"], rows["dz"] = 20.0, 5.0
    rows = rows.sort_values("block").reset_index(drop=True)
    n = len(rows)
    rows["density_t_per_m3"] = 2.6 + random.random(n)
    rows["sb_pct"], rows["au_gpt"] = 5 * random.random(n), random.random(n)
    rows.loc[random.random(n) < absent, "sb_pct"] = np.nan
    rows["class"] = np.where(random.random(n) < 0.6, "Measured", "Inferred")
    rows.loc[0, "class"] = "Measured"
    rows["domain"] = np.where(random.random(n) < 0.5, "breccia", "vein")
    return BlockModel(grid, rows)


def flat(height):
    return lambda xy: np.full(len(xy), height)


@settings(max_examples=30)
@given(st.floats(-180, 180), st.integers(0, 50), st.floats(0, 60))
def test_tonnes_and_counted_metal_are_kept_in_a_wider_turned_grid(azimuth, seed, margin):
    made = model(azimuth, seed, absent=0.2)
    rows = value_rows(made, mine(), GRADES)
    wide = widen(made.grid, margin, flat(17.0))
    rock = gather_rock(made, rows, wide, np.zeros(wide.n_blocks), 2.7)
    assert rock.tonnes.sum() == pytest.approx(rows.tonnes.sum())
    for name in GRADES.values():
        metal = (rows.tonnes * rows.grades[name]).sum()
        assert (rock.tonnes * rock.grades[name]).sum() == pytest.approx(metal, abs=1e-9)
    assert rock.counted_t.sum() == pytest.approx(rows.tonnes[rows.counted].sum())
    assert sum(t.sum() for t in rock.classes.values()) == pytest.approx(rows.tonnes.sum())


def test_a_row_stays_at_its_place():
    made = model(30.0)
    rows = value_rows(made, mine(), GRADES)
    wide = widen(made.grid, 25.0, flat(10.0))
    rock = gather_rock(made, rows, wide, np.zeros(wide.n_blocks), 2.7)
    centres = made.table[["easting", "northing", "elevation"]].to_numpy()
    assert set(np.flatnonzero(rock.tonnes)) == set(wide.locate(centres))


def test_rock_beside_the_rows_is_host_rock_below_the_ground():
    made = model()
    rows = value_rows(made, mine(), GRADES)
    wide = widen(made.grid, 0.0, flat(7.5))
    assert wide.shape == made.grid.shape
    rock = gather_rock(made, rows, wide, rock_share(wide, flat(7.5)), 2.7)
    filled = np.bincount(made.table["block"], made.table["dx"] * 100.0, 24)
    ground = np.repeat([1.0, 0.5], 12) * 1000.0
    host = np.maximum(ground - filled, 0.0) * 2.7
    tonnes = np.bincount(made.table["block"], rows.tonnes, 24)
    np.testing.assert_allclose(rock.tonnes, tonnes + host)


def test_the_grid_reaches_the_ground_and_the_margin():
    made = model()
    wide = widen(made.grid, 25.0, flat(23.0))
    assert wide.shape == (4 + 6, 3 + 4, 5)
    assert wide.origin_m == pytest.approx((970.0, 1960.0, 0.0))
    share = rock_share(wide, flat(23.0)).reshape(5, -1)
    np.testing.assert_allclose(share[:, 0], [1, 1, 1, 1, 0.6])


def test_a_sloping_ground_is_read_at_four_places_of_a_column():
    grid = Grid((0.0, 0.0, 0.0), (10.0, 10.0, 10.0), (1, 1, 1))
    share = rock_share(grid, lambda xy: xy[:, 0])  # rises from 0 to 10 m over the block
    assert share == pytest.approx([0.5])


def test_a_ground_that_is_not_known_everywhere_is_refused_with_the_remedy():
    made = model()

    def ground(xy):
        return np.where(xy[:, 0] > 1030.0, np.nan, 8.0)

    with pytest.raises(DataError, match=r"does not reach 3 of 12 columns.*margin"):
        widen(made.grid, 0.0, ground)


def test_only_stated_classes_with_a_known_grade_count():
    made = model(absent=0.4)
    rows = value_rows(made, mine("Measured"), GRADES)
    table = made.table
    right = (table["class"] == "Measured") & table["sb_pct"].notna()
    np.testing.assert_array_equal(rows.counted, right)
    assert (rows.grades["au_gpt"][~right] == 0).all()
    unknown = rows.tonnes[table["sb_pct"].isna()].sum()
    assert rows.unestimated_t == pytest.approx(unknown) and unknown > 0


@pytest.mark.parametrize("classes", [("Proven",), ("Measured", "Measurd")])
def test_a_class_that_no_block_has_is_refused(classes):
    with pytest.raises(DataError, match="no block has this class"):
        value_rows(model(), mine(*classes), GRADES)


def test_all_missing_fields_are_named_at_once():
    with pytest.raises(DataError) as error:
        value_rows(model(), mine(), {"sb": "sb", "au": "gold"})
    assert [p.found for p in error.value.problems] == ["sb", "gold"]


def test_a_block_belongs_to_the_domain_with_most_volume():
    made = model()
    rows = value_rows(made, mine(), GRADES)
    rock = gather_rock(made, rows, made.grid, np.zeros(24), 2.7)
    names = ("", *domain_names(made))
    assert names == ("", "breccia", "vein")
    for block, own in made.table.groupby("block"):
        volumes = (own["dx"] * own["dy"] * own["dz"]).groupby(own["domain"]).sum()
        assert names[rock.zone[block]] in volumes[volumes == volumes.max()].index
    assert (rock.zone[rock.tonnes == 0] == 0).all()
