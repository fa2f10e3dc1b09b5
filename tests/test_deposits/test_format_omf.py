"""OMF version 1: round trips, and the bytes parsed by hand without our reader."""

from __future__ import annotations

import json
import struct
import tempfile
import uuid
import zlib
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from support.blocks import GRIDS, cut, grids, regular

from deposits.blockmodel import About, BlockModel
from deposits.errors import DataError
from deposits.formats.meshes import Mesh
from deposits.formats.omf import Bodies, Lines, Points, read_omf, write_omf
from deposits.grid import Grid

MESH = Mesh(
    np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1.0]]),
    np.array([[0, 2, 1], [0, 1, 3], [0, 3, 2], [1, 2, 3]]),
    "tetrahedron",
)
TRACES = Lines(
    "traces",
    np.arange(9.0).reshape(3, 3),
    np.array([[0, 1], [1, 2]]),
    pd.DataFrame({"sb_pct": [1.5, np.nan], "hole_id": ["A", "B"]}),
)
COLLARS = Points("collars", np.eye(3), pd.DataFrame({"depth_m": [10, 20, 30]}))


def by_hand(path: Path):
    """Objects and arrays of a file, read from its bytes alone."""
    raw = path.read_bytes()
    assert raw[:4] == bytes([0x84, 0x83, 0x82, 0x81])
    assert raw[4:36] == b"OMF-v0.9.0" + bytes(22)
    objects = json.loads(raw[struct.unpack("<Q", raw[52:60])[0] :])

    def array(uid):
        at = objects[uid]["array"]
        packed = raw[at["start"] : at["start"] + at["length"]]
        return np.frombuffer(zlib.decompress(packed), at["dtype"])

    return objects, objects[str(uuid.UUID(bytes=raw[36:52]))], array


def test_the_bytes_are_those_of_the_format_with_elevation_fastest(tmp_path):
    grid = Grid((100.0, 200.0, 50.0), (10.0, 20.0, 5.0), (2, 3, 2), 90.0)
    table = pd.DataFrame({"block": np.arange(12), "sb_pct": np.arange(12.0)})
    write_omf(tmp_path / "m.omf", [BlockModel(grid, table, About("lode"))], About("study"))
    objects, project, array = by_hand(tmp_path / "m.omf")
    volume = objects[project["elements"][0]]
    shape = objects[volume["geometry"]]
    assert (project["name"], volume["name"], volume["__class__"]) == (
        "study",
        "lode",
        "VolumeElement",
    )
    assert shape["tensor_v"] == [20.0, 20.0, 20.0]
    assert_allclose(shape["axis_v"], [1, 0, 0], atol=1e-12)
    # (i, j, k) = (1, 2, 0) is block 5 of ours, easting fastest; in OMF it is cell (1 * 3 + 2) * 2.
    data = objects[volume["data"][0]]
    assert data["location"] == "cells"
    assert_array_equal(array(data["array"])[[0, 1, 2, 10]], [0.0, 6.0, 2.0, 5.0])


@settings(max_examples=30)
@given(grids, st.integers(0, 9))
def test_regular_models_come_back(grid, seed):
    model = regular(grid, seed)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "m.omf"
        write_omf(path, [model], About("p"))
        back = read_omf(path).elements[0]
    assert isinstance(back, BlockModel)
    assert back.grid == grid
    assert_array_equal(back.table["block"], model.table["block"])
    for name in ("sb_pct", "density_t_per_m3", "class_number"):
        assert_array_equal(back.table[name], model.table[name])
    assert list(back.table["rock"]) == list(model.table["rock"])


def test_meshes_traces_and_points_come_back(tmp_path):
    write_omf(tmp_path / "m.omf", [MESH, TRACES, COLLARS], About("p"))
    mesh, traces, collars = read_omf(tmp_path / "m.omf").elements
    assert_array_equal(mesh.vertices[mesh.faces], MESH.vertices[MESH.faces])
    assert_array_equal(traces.segments, TRACES.segments)
    assert_array_equal(traces.vertices, TRACES.vertices)
    assert_array_equal(traces.values["sb_pct"], TRACES.values["sb_pct"])
    assert list(traces.values["hole_id"]) == ["A", "B"]
    assert_array_equal(collars.values["depth_m"], [10, 20, 30])


def test_bodies_come_back_with_what_stands_on_their_faces(tmp_path):
    figures = pd.DataFrame({"ore_t": [1.5, np.nan, 3, 4], "id": ["A", "A", None, "Б"]})
    bodies = Bodies(MESH.vertices, MESH.faces, "stopes", (), figures)
    write_omf(tmp_path / "m.omf", [bodies], About("p"))
    (back,) = read_omf(tmp_path / "m.omf").elements
    assert back.is_closed and back.notes == ()
    pd.testing.assert_frame_equal(back.values, figures.astype({"id": "str"}))


def test_values_on_the_corners_of_a_surface_are_left_out_and_noted(tmp_path):
    bodies = Bodies(MESH.vertices, MESH.faces, "b", (), pd.DataFrame({"a": [1.0, 2, 3, 4]}))
    write_omf(tmp_path / "m.omf", [bodies], About("p"))
    raw = (tmp_path / "m.omf").read_bytes()
    assert raw.count(b'"location": "faces"') == 1
    (tmp_path / "m.omf").write_bytes(raw.replace(b'"location": "faces"', b'"location":"vertices"'))
    (back,) = read_omf(tmp_path / "m.omf").elements
    assert back.notes == ("1 columns of values on vertices left out",) and back.values.empty


def test_equal_content_gives_equal_bytes(tmp_path):
    for name in ("a.omf", "b.omf"):
        write_omf(tmp_path / name, [regular(GRIDS[1]), MESH, TRACES], About("p"))
    assert (tmp_path / "a.omf").read_bytes() == (tmp_path / "b.omf").read_bytes()


def test_sub_blocks_are_refused(tmp_path):
    with pytest.raises(DataError, match="no sub-blocks"):
        write_omf(tmp_path / "m.omf", [cut(GRIDS[0])], About())


def test_synthetic_elements_need_a_name_that_says_so(tmp_path):
    model = BlockModel(GRIDS[0], pd.DataFrame({"block": [0]}), About(synthetic=True))
    with pytest.raises(DataError, match="synthetic_"):
        write_omf(tmp_path / "m.omf", [model], About())


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda raw: b"PK" + raw[2:], "OMF version 2"),
        (lambda raw: raw[:40], "not an OMF file"),
        (lambda raw: raw[:-9], "cannot be read"),
        (lambda raw: raw[:60] + bytes(8) + raw[68:], "damaged"),
        (lambda raw: b"", "empty"),
    ],
)
def test_a_damaged_file_is_said_to_be_so(damage, message, tmp_path):
    path = tmp_path / "m.omf"
    write_omf(path, [regular(GRIDS[0])], About("p"))
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(DataError, match=message):
        read_omf(path)


@pytest.mark.parametrize(
    ("old", "new", "note"),
    [
        ('"axis_w": [0.0, 0.0, 1.0]', '"axis_w": [0.0, 0.0,-1.0]', "tilted or left-handed"),
        ('"tensor_w": [2.5, 2.5]', '"tensor_w": [2.5, 9.5]', "not all of one size"),
    ],
)
def test_what_cannot_be_held_is_left_out_and_noted(old, new, note, tmp_path):
    path = tmp_path / "m.omf"
    write_omf(path, [regular(GRIDS[0]), MESH], About("p"))
    raw = path.read_bytes()
    assert old.encode() in raw
    path.write_bytes(raw.replace(old.encode(), new.encode()))
    found = read_omf(path)
    assert len(found.elements) == 1
    assert note in found.notes[0]
