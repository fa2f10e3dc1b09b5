"""Domains: splitting by codes conserves length, precedence and overlaps, open meshes."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from shapely.geometry import box

from deposits.drilling.domaining import assign, between, in_mesh, in_polygon, split_by_codes
from deposits.errors import DataError


class Fake:
    def __init__(self, elevation=0.0, closed=True):
        self.elevation, self.is_closed = elevation, closed

    def contains(self, points):
        return points[:, 2] > self.elevation

    def elevation_at(self, xy):
        return np.full(len(xy), self.elevation)


def test_intervals_part_where_codes_change_and_gaps_are_unassigned():
    table = pd.DataFrame({"hole_id": ["A", "B"], "from_m": 0.0, "to_m": 10.0, "sb_pct": [1.0, 2.0]})
    codes = pd.DataFrame(
        {"hole_id": "A", "from_m": [1.0, 4.0], "to_m": [4.0, 8.0], "c": ["v", "w"]}
    )
    parts, counts = split_by_codes(table, codes, "c")
    assert parts["domain"].tolist() == ["", "v", "w", "", ""]
    assert parts["to_m"].tolist() == [1, 4, 8, 10, 10]
    assert counts.set_index("domain")["length_m"].to_dict() == {"": 13.0, "v": 3.0, "w": 4.0}


def test_the_first_that_holds_wins_and_overlaps_are_told():
    points = np.array([[1.0, 1, 1], [3, 3, 1], [9, 9, -5]])
    found = assign(points, {"a": in_polygon(box(0, 0, 2, 2)), "b": in_mesh(Fake())})
    assert found.names.tolist() == ["a", "b", ""]
    assert found.counts["n"].tolist() == [1, 1, 1]
    assert found.counts["n_held"].tolist() == [1, 2, 1]
    assert len(found.warnings) == 1


def test_between_surfaces_and_open_meshes():
    held = between(Fake(2.0), Fake(0.0))(np.array([[0, 0, 1.0], [0, 0, 2.0], [0, 0, 0.0]]))
    assert held.tolist() == [True, False, True]
    with pytest.raises(DataError, match="open"):
        in_mesh(Fake(closed=False))
