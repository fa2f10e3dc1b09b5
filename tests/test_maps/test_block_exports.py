"""Does a block model's file say of which study it was made, and still give the same numbers?"""

import csv
import json
import shutil

import numpy as np
import pytest
from support import blocks, example_drilling

from deposits.blockmodel import About, BlockModel, read_blocks
from deposits.formats.csv_blocks import read_datamine, read_vulcan
from deposits.formats.files import xml_comment
from deposits.formats.gslib import read_gslib, write_gslib
from deposits.formats.omf import read_omf
from deposits.formats.vtk import read_vtk, write_vtk
from maps import workflow
from maps.products.blocks import whole_blocks

READ = {
    "datamine": read_datamine,
    "vulcan": lambda path: read_vulcan(path, blocks.GRIDS[1]),
    "gslib": read_gslib,
    "vtk": read_vtk,
}
STAMPED = {"gslib", "vtk"}
NOTE = "Уголь --> <b>\n2\nsb_pct; grid 1 2 3\x00 JORC, NI 43-101; SHA-256 0123456789ab"


@pytest.fixture(scope="module")
def folder(tmp_path_factory, drilled):
    """A finished study whose turned model has sub-blocks."""
    folder = tmp_path_factory.mktemp("turned")
    shutil.copytree(drilled, folder, dirs_exist_ok=True)
    model = blocks.cut(blocks.GRIDS[1])
    example_drilling.write_blocks(folder, model.grid, model.table.assign(synthetic=True))
    return folder


def summary_of(folder):
    return json.loads((folder / "summary.json").read_text("utf-8"))


@pytest.mark.parametrize("wanted", READ)
def test_a_turned_model_with_sub_blocks_comes_back_with_its_numbers(folder, tmp_path, wanted):
    name = workflow.export_from_folder(folder, wanted, tmp_path)[0]
    back, mine = READ[wanted](tmp_path / name), read_blocks(folder / "synthetic_blocks.parquet")
    assert mine.sub_blocked and mine.grid.azimuth_deg
    mine = whole_blocks(mine) if wanted == "gslib" else mine
    np.testing.assert_allclose(back.grid.origin_m, mine.grid.origin_m, rtol=1e-12)
    places = [m.table[["easting", "northing", "elevation"]].to_numpy() for m in (back, mine)]
    # Sub-blocks of one block may come in another order.
    orders = [np.lexsort(np.round(place, 4).T) for place in places]
    np.testing.assert_allclose(places[0][orders[0]], places[1][orders[1]], rtol=0, atol=1e-6)
    known = [m.table["sb_pct"].to_numpy()[o] for m, o in zip((back, mine), orders, strict=True)]
    np.testing.assert_array_equal(*known)


@pytest.mark.parametrize("wanted", READ)
def test_every_block_export_says_of_which_study_it_was_made(folder, tmp_path, wanted):
    summary = summary_of(folder)
    names = workflow.export_from_folder(folder, wanted, tmp_path)
    told = (tmp_path / names[0]).read_text("utf-8")
    if wanted in STAMPED:
        assert len(names) == 1 and f"SHA-256 {summary['study']['hash'][:12]}" in told
        return
    beside = f"synthetic_blocks_{wanted}_about.csv"
    assert names == [f"synthetic_blocks_{wanted}.csv", beside]
    with (tmp_path / beside).open(encoding="utf-8") as lines:
        said = {row["what"]: row["value"] for row in csv.DictReader(lines)}
    assert said["Study SHA-256"] == summary["study"]["hash"]
    assert said["Disclaimer"].startswith("SYNTHETIC")


@pytest.mark.parametrize("wanted", [*READ, "omf"])
def test_without_a_study_blocks_go_out_unstamped(folder, tmp_path, wanted):
    shutil.copy(folder / "synthetic_blocks.parquet", tmp_path)
    names = workflow.export_from_folder(tmp_path, wanted, tmp_path / "out")
    assert len(names) == 1 and (tmp_path / "out" / names[0]).is_file()


@pytest.mark.parametrize(("write", "read", "end"), [(write_gslib, read_gslib, ".dat"),
                                                    (write_vtk, read_vtk, ".vti")])  # fmt: skip
def test_a_note_of_any_text_spoils_no_file_and_comes_back(tmp_path, write, read, end):
    model = blocks.regular(blocks.GRIDS[0], text=False)
    noted = BlockModel(model.grid, model.table, About("lode", note=NOTE))
    write(tmp_path / f"a{end}", noted)
    back = read(tmp_path / f"a{end}")
    assert back.about.name == "lode" and back.grid == model.grid
    assert back.about.note.split() == NOTE.split()
    kept = model.table.set_index("block")["sb_pct"]
    np.testing.assert_array_equal(back.table.set_index("block")["sb_pct"].reindex(kept.index), kept)


def test_a_comment_ends_where_it_should():
    assert xml_comment("a-----b -->\x00\ud800") == "<!-- a- - - - -b - -> -->"


def test_omf_blocks_alone_say_so_too(folder, tmp_path):
    from maps.products.blocks import export_blocks

    name = export_blocks(folder / "synthetic_blocks.parquet", "omf", tmp_path, "SHA-256 abc")
    assert read_omf(tmp_path / name).elements
    assert b"SHA-256 abc" in (tmp_path / name).read_bytes()
