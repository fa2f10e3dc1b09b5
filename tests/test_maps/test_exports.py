"""Do all formats bring back the same places and numbers, and say of what they were made?"""

import csv
import json
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import ezdxf
import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
from ezdxf.render.mesh import MeshBuilder
from support import blocks, example_drilling, example_study
from support.exchange import (
    coordinates,
    holes,
    in_space,
    rings,
    same_numbers,
    vertices,
    whole,
    words_in,
    xdata,
)
from support.stope_mine import RULES, small_mine

from deposits.blockmodel import About, read_blocks
from deposits.formats.dxf_files import layer_name, one_line
from deposits.formats.omf import Lines, Points, read_omf
from deposits.formats.omf_container import Registry
from maps import workflow
from maps.config import MapSettings
from maps.errors import UnavailableFormat
from maps.products import dxf
from maps.products.blocks import whole_blocks
from planning.formats.stope_dxf import write_stope_dxf
from planning.formats.stope_omf import write_stope_omf
from planning.limits.stopes.stope import diluted_walls
from planning.limits.stopes.table import TableFields, stope_table

ROOT = Path(__file__).parents[2]
WORDS = (
    "Зидды", "Ṭoḷa ½ 日本", "=cmd|' /C calc'!A0", "<img src=x onerror=1>", 'a "b", c;\nd',
    "-- '); DROP", "]]> --> &amp;", "100 % \\ {x} ${1}", "\u202eevil",
)  # fmt: skip
NASTY = "ore\n  0\nCIRCLE\n=cmd|' /C calc'!A0\x00<b>&"


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """A study in Russian whose names are of all scripts and ill-meaning."""
    folder = tmp_path_factory.mktemp("hostile")
    layers, told = example_study.layers(), example_study.summary()
    for name in ("places", "deposits"):
        layers[name]["name"] = [WORDS[n % len(WORDS)] for n in range(len(layers[name]))]
    settings = MapSettings(language="ru", title=NASTY, online_tiles=False)
    kept = settings.model_dump(mode="json")
    told["study"] = {**told["study"], "title": NASTY, "disclaimer": NASTY, "map": kept}
    workflow.write_products(told, layers, folder, settings=settings)
    (folder / "summary.json").write_text(json.dumps(told), "utf-8")
    return folder


@pytest.fixture(scope="module")
def cut_up(tmp_path_factory, drilled):
    """A drillhole study whose turned block model has sub-blocks."""
    folder = tmp_path_factory.mktemp("cut")
    shutil.copytree(drilled, folder, dirs_exist_ok=True)
    model = blocks.cut(blocks.GRIDS[1])
    table = model.table.assign(synthetic=True, density_t_per_m3=2.7)
    table["au_gpt"] = table["sb_pct"] / 3
    example_drilling.write_blocks(folder, model.grid, table)
    return folder


@pytest.fixture(scope="module", params=["finished", "drilled", "hostile", "cut_up"])
def study(request, tmp_path_factory):
    """A finished study with everything exported from it."""
    folder = request.getfixturevalue(request.param)
    out = tmp_path_factory.mktemp("exports")
    for wanted in ("geojson", "gpkg", "fgb", "csv", "dxf", "omf"):
        workflow.export_from_folder(folder, wanted, out / wanted)
    read = workflow._read(folder, out)
    return read, out


def test_a_geopackage_brings_back_every_number_and_place(study):
    read, out = study
    (path,) = (out / "gpkg").glob("*.gpkg")
    for layer in read.marked(read.layers):
        back = pyogrio.read_dataframe(path, layer=layer.name)
        same_numbers(layer, back)
        np.testing.assert_array_equal(
            coordinates(back.geometry), coordinates(layer.features.geometry)
        )


def test_geojson_brings_back_every_number_and_places_to_a_centimetre(study):
    read, out = study
    for layer in read.marked(read.layers):
        back = gpd.read_file(out / "geojson" / f"{layer.name}.geojson")
        # GDAL writes 3.05 for 3.0500000000000003.
        same_numbers(layer, back, rtol=1e-15)
        ground = back.to_crs(layer.features.crs).geometry
        # Rings may start elsewhere: areas are compared, not vertices.
        apart = ground.hausdorff_distance(layer.features.geometry.reset_index(drop=True))
        assert apart.max() < 0.02


def test_flatgeobuf_brings_back_every_number_and_place_though_in_another_order(study):
    read, out = study
    for layer in read.marked(read.layers):
        back = pyogrio.read_dataframe(out / "fgb" / f"{layer.name}.fgb")
        assert back.crs == layer.features.crs
        place = {g.wkb: n for n, g in enumerate(back.geometry)}
        order = [place[g.wkb] for g in layer.features.geometry]
        assert len(back) == len(layer.features)
        # Features at one and the same place cannot be told apart by it.
        alone = [order.count(n) == 1 for n in order]
        mine = replace(layer, features=layer.features[alone], cards=())
        same_numbers(mine, back.iloc[[n for n, one in zip(order, alone, strict=True) if one]])


def test_csv_brings_back_every_number(study):
    read, out = study
    for layer in read.marked(read.layers):
        back = pd.read_csv(out / "csv" / f"{layer.name}.csv")
        for field in layer.fields:
            if layer.features[field.name].dtype.kind in "iuf":
                np.testing.assert_array_equal(
                    back[field.name].astype(float), layer.features[field.name].astype(float)
                )


def test_dxf_brings_back_every_number_and_place(study):
    read, out = study
    (path,) = (out / "dxf").iterdir()
    drawing = ezdxf.readfile(path)
    assert not drawing.audit().errors and not drawing.audit().fixes
    for layer in read.marked(read.layers):
        drawn = list(drawing.modelspace().query(f'*[layer=="{layer_name(layer.name)}"]'))
        parts = [p for g in layer.features.geometry for p in rings(g)]
        assert len(drawn) == len(parts) == (len(layer.features) or 0) + holes(layer)
        for entity, part in zip(drawn, parts, strict=True):
            np.testing.assert_array_equal(vertices(entity), in_space(part))
        numbers = [f.name for f in layer.fields if layer.features[f.name].dtype.kind in "iuf"]
        if holes(layer):
            continue
        for entity, (_, row) in zip(drawn, layer.features.iterrows(), strict=True):
            told = xdata(entity)
            for name in numbers:
                known = row[name] == row[name]
                assert (float(told[name]) == row[name]) if known else (name not in told)


def test_gdal_reads_the_dxf_too(study):
    read, out = study
    (path,) = (out / "dxf").iterdir()
    found = pyogrio.read_dataframe(path, layer="entities")
    assert {layer_name(x.name) for x in read.marked(read.layers)} <= set(found["Layer"])


def test_omf_brings_back_every_number_and_place(study):
    read, out = study
    (path,) = (out / "omf").iterdir()
    project = read_omf(path)
    assert project.notes == ()
    told = {e.name.split(" (in plan")[0]: e for e in project.elements if hasattr(e, "name")}
    for layer in read.layers:
        back = told[layer.title]
        assert isinstance(back, Points | Lines)
        parts = [p for g in layer.features.geometry for p in rings(g)]
        places = [whole(part) for part in parts]
        np.testing.assert_array_equal(back.vertices, np.vstack(places))
        assert ("at elevation 0" in back.name) == (not layer.features.has_z.all())
        if isinstance(back, Points):
            same_numbers(layer, back.values.reset_index(drop=True))
        elif not holes(layer):
            lengths = [len(place) - 1 for place in places]
            first = np.concatenate([[0], np.cumsum(lengths)[:-1]])
            same_numbers(layer, back.values.iloc[first].reset_index(drop=True))
            starts = back.vertices[back.segments[:, 0]]
            assert len(starts) == sum(lengths)


def test_omf_brings_back_the_blocks(study):
    read, out = study
    (path,) = (out / "omf").iterdir()
    models = [e for e in read_omf(path).elements if hasattr(e, "grid")]
    assert len(models) == (read.blocks is not None)
    for model in models:
        whole_ones = whole_blocks(read_blocks(read.blocks))
        assert model.grid == whole_ones.grid
        its = model.table.set_index("block")
        mine = whole_ones.table.set_index("block")
        numbers = [n for n in whole_ones.fields if mine[n].dtype.kind in "iuf"]
        assert len(numbers) > 2
        for name in numbers:
            np.testing.assert_array_equal(its[name].reindex(mine.index), mine[name])


def test_every_export_says_of_which_study_it_was_made(study):
    read, out = study
    stamp, short = read.stamp.line(read.translate), read.stamp.hash[:12]
    assert len(short) == 12 and short in stamp
    (package,) = (out / "gpkg").glob("*.gpkg")
    first = read.marked(read.layers)[0].name
    told = pyogrio.read_info(package, layer=first)["dataset_metadata"]
    assert stamp in json.dumps(told, ensure_ascii=False)
    for layer in read.marked(read.layers):
        assert (
            stamp
            in json.loads((out / "geojson" / f"{layer.name}.geojson").read_text("utf-8"))[
                "description"
            ]
        )
        assert stamp in (out / "fgb" / f"{layer.name}.fgb").read_bytes().decode("utf-8", "ignore")
        for folder in ("fgb", "geojson"):
            style = (out / folder / f"{layer.name}.qml").read_text("utf-8")
            head = style.split("<qgis", 1)[0]
            assert stamp in head and ElementTree.fromstring(style).tag == "qgis"
    with (out / "csv" / read.named("about.csv")).open(encoding="utf-8") as lines:
        told = {row["what"]: row["value"] for row in csv.DictReader(lines)}
    say = read.translate
    assert told[say("Study SHA-256")] == read.stamp.hash and say("Disclaimer") in told
    (drawing,) = (out / "dxf").iterdir()
    assert stamp in [v for _, v in ezdxf.readfile(drawing).header.custom_vars.properties]
    (project,) = (out / "omf").iterdir()
    assert stamp in Registry(project).root["description"]


def test_a_synthetic_study_says_so_in_every_file_layer_and_project(drilled, tmp_path):
    for wanted in ("fgb", "dxf", "omf", "csv"):
        names = workflow.export_from_folder(drilled, wanted, tmp_path)
        assert all(name.startswith("synthetic_") for name in names)
    drawing = ezdxf.readfile(tmp_path / "synthetic_layers.dxf")
    used = {entity.dxf.layer for entity in drawing.modelspace()}
    assert used and all(name.startswith("SYNTHETIC_") for name in used)
    root = Registry(tmp_path / "synthetic_study.omf")
    assert root.root["description"].startswith("SYNTHETIC")
    named = [root.objects[uid]["name"] for uid in root.root["elements"]]
    assert all("SYNTHETIC" in n or "synthetic" in n.lower() for n in named[:-1])


@pytest.mark.parametrize("wanted", ["fgb", "dxf", "omf", "csv"])
def test_exporting_twice_gives_equal_bytes(finished, tmp_path, wanted):
    for out in ("one", "two"):
        workflow.export_from_folder(finished, wanted, tmp_path / out)
    files = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert files
    for name in files:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


@pytest.fixture(scope="module")
def with_stopes(tmp_path_factory, drilled):
    """A synthetic study whose folder holds bodies of stopes."""
    folder = tmp_path_factory.mktemp("stoped")
    shutil.copytree(drilled, folder, dirs_exist_ok=True)
    _, cells, _, panels = small_mine()
    stopes = [diluted_walls(s, cells.frame, RULES) for s in panels.stopes]
    rows = stope_table(panels.stopes, cells, RULES, TableFields(grades=("sb_pct",))).rows
    about = About("Lenses", synthetic=True)
    write_stope_dxf(folder / "synthetic_stopes.dxf", cells.frame, stopes, rows, about)
    write_stope_omf(folder / "synthetic_stopes.omf", cells.frame, stopes, rows, about)
    return folder


def test_bodies_of_stopes_come_along_with_their_figures(with_stopes, tmp_path):
    workflow.export_from_folder(with_stopes, "dxf", tmp_path)
    ours, its = (
        list(ezdxf.readfile(path).modelspace().query("POLYLINE[layer ? 'SYNTHETIC_STOPES_L.*']"))
        for path in (tmp_path / "synthetic_layers.dxf", with_stopes / "synthetic_stopes.dxf")
    )
    assert len(ours) == len(its) > 0
    for mine, given in zip(ours, its, strict=True):
        one, two = MeshBuilder.from_polyface(mine), MeshBuilder.from_polyface(given)
        np.testing.assert_array_equal(one.vertices, two.vertices)
        assert one.faces == two.faces and mine.dxf.layer == given.dxf.layer
        assert xdata(mine) == xdata(given) and xdata(mine)["SYNTHETIC"] == "True"
    workflow.export_from_folder(with_stopes, "omf", tmp_path)
    meshes = [e for e in read_omf(tmp_path / "synthetic_study.omf").elements if hasattr(e, "faces")]
    known = read_omf(with_stopes / "synthetic_stopes.omf").elements
    for mine, given in zip(meshes, known, strict=True):
        np.testing.assert_array_equal(mine.vertices, given.vertices)
        np.testing.assert_array_equal(mine.faces, given.faces)
        pd.testing.assert_frame_equal(mine.values, given.values)
        assert len(mine.values) == len(mine.faces) and "diluted_sb_pct" in mine.values


def test_a_real_study_takes_nothing_from_a_synthetic_one_in_the_same_folder(
    finished, with_stopes, tmp_path
):
    folder = tmp_path / "both"
    shutil.copytree(with_stopes, folder)
    shutil.copytree(finished, folder, dirs_exist_ok=True)
    (folder / "synthetic_layers.gpkg").write_bytes(b"of another study")
    for wanted in ("dxf", "omf"):
        workflow.export_from_folder(folder, wanted, tmp_path / "out")
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == ["layers.dxf", "study.omf"]
    used = {e.dxf.layer for e in ezdxf.readfile(tmp_path / "out" / "layers.dxf").modelspace()}
    assert used and not any("SYNTHETIC" in name for name in used)
    assert not [e for e in read_omf(tmp_path / "out" / "study.omf").elements if hasattr(e, "faces")]


def test_no_text_of_a_user_becomes_an_entity(tmp_path, summary):
    layers = example_study.layers()
    layers["places"]["name"] = NASTY
    summary = {**summary, "study": {**summary["study"], "title": NASTY, "disclaimer": NASTY}}
    workflow.write_products(summary, layers, tmp_path)
    (tmp_path / "summary.json").write_text(json.dumps(summary), "utf-8")
    workflow.export_from_folder(tmp_path, "dxf", tmp_path / "out")
    drawing = ezdxf.readfile(tmp_path / "out" / "layers.dxf")
    kinds = {entity.dxftype() for entity in drawing.modelspace()}
    assert kinds <= {"POINT", "LWPOLYLINE", "TEXT", "POLYLINE"}
    assert len(list(drawing.modelspace().query('POINT[layer=="PLACES"]'))) == len(layers["places"])


def test_a_text_is_one_line_whatever_stands_in_it():
    assert "\n" not in one_line(NASTY) and "\x00" not in one_line(NASTY)
    assert layer_name("a<b>/c|d") == "A_B__C_D" and layer_name(" \n") == "LAYER"


def test_without_ezdxf_one_sentence_says_what_to_install(finished, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "ezdxf", None)
    with pytest.raises(UnavailableFormat, match=r"pip install 'anzob\[dxf\]'"):
        workflow.export_from_folder(finished, "dxf", tmp_path / "out")
    assert not (tmp_path / "out").exists()
    assert dxf.INSTALL.startswith("Format dxf needs ezdxf")


def test_an_estimate_without_a_study_still_gives_its_blocks(tmp_path):
    example_drilling.write_blocks(tmp_path)
    (name,) = workflow.export_from_folder(tmp_path, "omf", tmp_path / "out")
    assert name == "synthetic_blocks_omf.omf"


def test_formats_are_told_without_loading_what_writes_them():
    code = "import sys, maps.workflow; print([m for m in ('ezdxf', 'pyogrio') if m in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert found.stdout.strip() == "[]", found.stderr


def test_every_product_says_of_which_study_it_was_made(tmp_path):
    from maps.workflow import write_products

    summary = example_study.summary()
    summary["study"]["hash"] = "c0ffee123456" + "0" * 52
    names = write_products(summary, example_study.layers(), tmp_path)
    silent = [name for name in names if b"c0ffee123456" not in words_in(tmp_path / name)]
    assert len(names) >= 5 and silent == []
