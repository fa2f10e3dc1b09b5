"""VTK files: round trips, and the XML parsed by hand without our reader."""

from __future__ import annotations

import base64
import tempfile
import xml.etree.ElementTree as ET
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
from deposits.formats.vtk import read_vtk, vtk_suffix, write_vtk
from deposits.grid import Grid


def arrays(path: Path) -> dict[str, np.ndarray]:
    """All arrays of a file, read from its XML alone."""
    types = {"Float64": "<f8", "Int64": "<i8", "UInt8": "<u1"}
    found = {}
    for item in ET.parse(path).iter("DataArray"):
        raw = base64.b64decode(item.text)
        assert int.from_bytes(raw[:8], "little") == len(raw) - 8
        found[item.get("Name")] = np.frombuffer(raw[8:], types[item.get("type")])
    return found


@settings(max_examples=30)
@given(grids, st.integers(0, 9))
def test_regular_models_come_back(grid, seed):
    model = regular(grid, seed)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"m{vtk_suffix(model)}"
        write_vtk(path, model)
        back = read_vtk(path)
    assert back.grid == grid
    for name in ("block", "easting", "sb_pct", "class_number"):
        assert_array_equal(back.table[name], model.table[name])
    assert list(back.table["rock"]) == list(model.table["rock"])


@pytest.mark.parametrize("grid", GRIDS)
def test_sub_blocked_models_come_back(grid, tmp_path):
    model = cut(grid)
    write_vtk(tmp_path / "m.vtu", model)
    back = read_vtk(tmp_path / "m.vtu")
    for name in ("easting", "northing", "elevation", "dx", "dy", "dz"):
        assert_allclose(back.table[name], model.table[name], atol=1e-8)
    assert_array_equal(back.table["sb_pct"], model.table["sb_pct"])
    assert list(back.table["domain"]) == list(model.table["domain"])


def test_image_data_has_the_grid_and_all_cells_easting_fastest(tmp_path):
    grid = Grid((100.0, 200.0, 50.0), (10.0, 20.0, 5.0), (2, 3, 2))
    write_vtk(tmp_path / "m.vti", BlockModel(grid, pd.DataFrame({"block": [5], "sb_pct": [1.5]})))
    image = ET.parse(tmp_path / "m.vti").getroot().find("ImageData")
    assert image.get("WholeExtent") == "0 2 0 3 0 2"
    assert image.get("Origin") == "100.0 200.0 50.0"
    assert image.get("Spacing") == "10.0 20.0 5.0"
    values = arrays(tmp_path / "m.vti")["sb_pct"]
    assert values[5] == 1.5
    assert np.isnan(np.delete(values, 5)).all()
    assert len(values) == 12


def test_the_corners_of_a_structured_grid_are_those_of_the_blocks(tmp_path):
    grid = GRIDS[1]
    write_vtk(tmp_path / "m.vts", regular(grid))
    nx, ny, nz = grid.shape
    corners = arrays(tmp_path / "m.vts")["Points"].reshape(nz + 1, ny + 1, nx + 1, 3)
    middle = np.mean([corners[a : a + nz, b : b + ny, c : c + nx]
                      for a in (0, 1) for b in (0, 1) for c in (0, 1)], axis=0)  # fmt: skip
    assert_allclose(middle.reshape(-1, 3), grid.centres(np.arange(grid.n_blocks)), atol=1e-8)


def test_hexahedra_have_the_volumes_of_the_sub_blocks(tmp_path):
    model = cut(GRIDS[1])
    write_vtk(tmp_path / "m.vtu", model)
    found = arrays(tmp_path / "m.vtu")
    corners = found["Points"].reshape(-1, 8, 3)
    edges = [corners[:, n] - corners[:, 0] for n in (1, 3, 4)]
    volume = np.einsum("ij,ij->i", np.cross(edges[0], edges[1]), edges[2])
    assert_allclose(volume, model.table[["dx", "dy", "dz"]].prod(axis=1), rtol=1e-6)
    assert set(found["types"]) == {12}
    assert_array_equal(found["offsets"], 8 * np.arange(1, len(corners) + 1))


def test_image_data_that_is_not_ours_is_read(tmp_path):
    grid = Grid((100.0, 200.0, 50.0), (10.0, 20.0, 5.0), (2, 3, 2))
    table = pd.DataFrame({"block": np.arange(12), "sb_pct": np.arange(12.0)})
    write_vtk(tmp_path / "m.vti", BlockModel(grid, table))
    text = (tmp_path / "m.vti").read_text()
    start, end = text.index("<FieldData>"), text.index("</FieldData>")
    (tmp_path / "m.vti").write_text(text[:start] + "<FieldData>" + text[end:])
    back = read_vtk(tmp_path / "m.vti")
    assert back.grid == grid
    assert_array_equal(back.table["sb_pct"], np.arange(12.0))


@pytest.mark.parametrize("suffix", [".vts", ".vtu", ".vtk"])
def test_the_suffix_must_be_that_of_the_model(suffix, tmp_path):
    with pytest.raises(DataError, match="does not hold this model"):
        write_vtk(tmp_path / f"m{suffix}", regular(GRIDS[0]))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("not XML", "not a sound"),
        ("<VTKFile byte_order='BigEndian'/>", "not a VTK file that is read"),
        ("<VTKFile compressor='vtkZLibDataCompressor'/>", "not a VTK file that is read"),
        ("<VTKFile/>", "does not say its grid"),
        ("", "empty"),
    ],
)
def test_other_files_are_refused(text, message, tmp_path):
    (tmp_path / "m.vti").write_text(text)
    with pytest.raises(DataError, match=message):
        read_vtk(tmp_path / "m.vti")


def test_synthetic_models_need_a_name_that_says_so(tmp_path):
    model = BlockModel(GRIDS[0], pd.DataFrame({"block": [0]}), About(synthetic=True))
    with pytest.raises(DataError, match="synthetic_"):
        write_vtk(tmp_path / "m.vti", model)
