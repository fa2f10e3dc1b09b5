import itertools

import numpy as np
import numpy.testing as npt
import pandas as pd
import pytest

from deposits.errors import DataError
from deposits.tonnage.categories import GKZ, SUGGESTED_GKZ, to_gkz
from deposits.tonnage.constraints import AboveSurface, BelowSurface, InAll, InAny, Polygon
from deposits.tonnage.layout import lay_out
from deposits.tonnage.request import Density, Element, TonnageRequest
from deposits.tonnage.table import tabulate_blocks

CLASSES = ("Inferred", "Measured", "Indicated", "")


def lines(*arguments, **more):
    return [(*row.labels, row.level) for row in lay_out(*arguments, **more).rows]


def test_sub_totals_roll_up_from_the_right():
    groups = list(itertools.product(("N", "S"), (10, 5)))
    assert lines(("lode", "bench"), groups) == [
        ("N", 5, "group"),
        ("N", 10, "group"),
        ("N", "all", "subtotal"),
        ("S", 5, "group"),
        ("S", 10, "group"),
        ("S", "all", "subtotal"),
        ("all", "all", "total"),
    ]


def test_categories_are_never_added_up_but_measured_with_indicated():
    found = lines(("category",), [(name,) for name in CLASSES])
    assert found == [
        ("Measured", "group"),
        ("Indicated", "group"),
        ("Measured + Indicated", "together"),
        ("Inferred", "group"),
        ("unclassified", "group"),
    ]


@pytest.mark.parametrize("by", [("lode", "category"), ("category", "lode")])
def test_no_row_of_any_level_holds_inferred_with_another_category(by):
    groups = list(itertools.product(("N", "S"), CLASSES))
    groups = groups if by[0] == "lode" else [group[::-1] for group in groups]
    layout, at = lay_out(by, groups), by.index("category")
    assert layout.category == "category"
    for row in layout.rows:
        held = {groups[member][at] for member in row.members}
        assert held in ({"Measured", "Indicated"}, {"Measured"}, {"Indicated"}, {"Inferred"}, {""})


def test_gkz_categories_stand_in_their_order_and_c2_apart():
    found = lines(("block_category",), [(name,) for name in ("C2", "P1", "C1", "B", "A")])
    assert [name for name, _ in found] == ["A", "B", "C1", "A + B + C1", "C2", "P1"]


def test_codes_of_a_file_become_categories_by_a_stated_mapping():
    names = {1: "Measured", 2: "Indicated", 3: "Inferred"}
    found = lines(("rescat", "bench"), [(3, 1), (1, 2), (2, 3)], names=names)
    assert ("Measured + Indicated", "all", "together") in found
    assert ("Measured", 2, "group") in found and ("Inferred", 1, "group") in found
    assert not [line for line in found if line[0] == "all"]


def test_two_categories_that_become_one_are_added_and_a_field_so_named_never_rolls_up():
    mapping = SUGGESTED_GKZ["3-4"]
    layout = lay_out(("class",), [("Measured",), ("Indicated",), ("Inferred",)], names=mapping)
    assert [(row.labels, row.members) for row in layout.rows] == [
        (("C1",), (0, 1)),
        (("C2",), (2,)),
    ]
    assert lines(("class",), [("proven-ish",), ("guess",)]) == [
        ("guess", "group"),
        ("proven-ish", "group"),
    ]


def test_a_lode_called_all_does_not_hide_the_total():
    found = lay_out(("lode",), [("all",), ("N",)])
    assert sorted(row.members for row in found.rows) == [(0,), (0, 1), (1,)]


def test_a_mapping_to_gkz_is_checked():
    assert to_gkz(["Measured", "", "Inferred"], SUGGESTED_GKZ["1-2"]) == ("B", "", "C2")
    with pytest.raises(DataError) as refused:
        to_gkz(["Measured", "Probable"], {"Measured": "C3"})
    assert len(refused.value.problems) == 2
    assert all(set(mapping.values()) <= set(GKZ) for mapping in SUGGESTED_GKZ.values())


class Slope:
    def elevation_at(self, xy):
        return np.where(xy[:, 0] < 8, 5.0 + xy[:, 0], np.nan)


SQUARE = [(0, 0), (10, 0), (10, 10), (0, 10)]
POINTS = np.array([[5.0, 5.0, 9.0], [5.0, 5.0, 10.0], [10.0, 5.0, 9.0], [11.0, 5.0, 9.0]])


def test_regions_say_which_centres_they_hold():
    assert Polygon(SQUARE).contains(POINTS).tolist() == [True, True, True, False]
    assert Polygon(SQUARE, 9.0, 10.0).contains(POINTS).tolist() == [True, False, True, False]
    assert AboveSurface(Slope()).contains(POINTS).tolist() == [False, True, False, False]
    assert BelowSurface(Slope()).contains(POINTS).tolist() == [True, False, False, False]
    pit = (Polygon(SQUARE), AboveSurface(Slope()))
    assert InAll(pit).contains(POINTS).tolist() == [False, True, False, False]
    assert InAny(pit).contains(POINTS).tolist() == [True, True, True, False]


@pytest.mark.parametrize("region", [Polygon(SQUARE), lambda points: points[:, 0] <= 10])
def test_a_table_is_kept_within_a_region(region):
    blocks = pd.DataFrame(POINTS, columns=["easting", "northing", "elevation"])
    blocks = blocks.assign(sb_pct=2.0, volume_m3=10.0)
    asked = TonnageRequest(
        "sb_pct", (1.0,), (Element("sb_pct"),), density=Density(None, 2.5), constraint=region
    )
    found = tabulate_blocks(blocks, asked)
    npt.assert_allclose(found.above["ore_t"], [75.0])
    assert found.balance["n_outside"] == 1 and found.balance["volume_outside_m3"] == 10.0


def test_nothing_inside_is_a_row_of_noughts():
    blocks = pd.DataFrame({"sb_pct": [2.0], "volume_m3": [10.0], "inside": [False]})
    asked = TonnageRequest("sb_pct", (1.0,), density=Density(None, 2.5), constraint="inside")
    found = tabulate_blocks(blocks, asked)
    assert found.above["ore_t"].tolist() == [0.0] and found.balance["n_outside"] == 1
