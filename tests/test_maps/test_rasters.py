import json
import subprocess
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import rasterio
from support import example_drilling as example
from support.browser import need

from deposits.grid import Grid
from maps.config import MapSettings
from maps.drawings import bench_reading as reading
from maps.finished import Finished
from maps.products import rasters
from maps.products.raster_qml import Coloured, qml_of_benches

CRS = example.CRS
ROTATED = example.GRID


def finished(blocks, out, **about):
    told = example.summary()
    told["study"].update(about)
    settings = MapSettings(language=about.get("language", "en"))
    return Finished(summary=told, layers=(), settings=settings, folder=out, out=out, blocks=blocks)


def written(folder, grid=ROTATED, table=None, **about):
    folder.mkdir(parents=True, exist_ok=True)
    blocks = example.write_blocks(folder, grid, table)
    names = rasters.write_benches(finished(blocks, folder, **about))
    return blocks, {Path(name).name: folder / name for name in names}


def bands_of(table, raster):
    """Number of the band that holds each row, by the band's own name."""
    names = [str(name) for name in raster.descriptions]
    edges = [tuple(float(w) for w in name.removesuffix(" m").split(" to ")) for name in names]
    return [
        next(i for i, (low, high) in enumerate(edges) if low <= z < high)
        for z in table["elevation"]
    ]


def estimated(blocks, grid=ROTATED):
    """Grade of every estimated parent block by its tonnes, at its middle; worked out by groups."""
    table = pd.read_parquet(blocks)
    table = table[np.isfinite(table["sb_pct"])]
    tonnes = table["dx"] * table["dy"] * table["dz"] * table["density_t_per_m3"]
    sums = (table["sb_pct"] * tonnes).groupby(table["block"]).sum()
    grades = sums / tonnes.groupby(table["block"]).sum()
    places = pd.DataFrame(grid.centres(grades.index), columns=["easting", "northing", "elevation"])
    return places.assign(sb_pct=grades.to_numpy())


@pytest.fixture(scope="module")
def rotated(tmp_path_factory):
    return written(tmp_path_factory.mktemp("rotated"))


@pytest.mark.parametrize("azimuth", [0.0, 30.0, -17.5, 133.0])
def test_every_block_is_read_at_its_own_place_sub_blocks_by_their_tonnes(tmp_path, azimuth):
    grid = Grid(ROTATED.origin_m, ROTATED.size_m, ROTATED.shape, azimuth)
    blocks, files = written(tmp_path, grid)
    table = estimated(blocks, grid)
    assert len(table) > 500
    with rasterio.open(files["synthetic_blocks_sb_pct.tif"]) as raster:
        assert raster.crs == CRS
        assert raster.nodata == rasters.NODATA
        assert raster.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
        places = table[["easting", "northing"]].to_numpy()
        read = np.array(list(raster.sample(places)))
        values = read[np.arange(len(table)), bands_of(table, raster)]
    assert values == pytest.approx(table["sb_pct"].to_numpy(np.float32), rel=1e-6)


def test_edges_lie_on_the_edges_of_blocks(rotated):
    blocks, files = rotated
    lattice = reading.lattice_of(blocks, 10**6)
    with rasterio.open(files["synthetic_blocks_sb_pct.tif"]) as raster:
        size = raster.width, raster.height
        a, b, c, d, e, f = tuple(raster.transform)[:6]
    for column, row, corner in ((0, size[1], 0), (size[0], size[1], 1), (0, 0, 2)):
        at = a * column + b * row + c, d * column + e * row + f
        assert at == pytest.approx(lattice.corners_m()[corner], abs=1e-6)


def test_what_is_not_estimated_and_what_is_no_block_have_no_value(rotated):
    blocks, files = rotated
    known, table = len(estimated(blocks)), pd.read_parquet(blocks)
    with rasterio.open(files["synthetic_blocks_sb_pct.tif"]) as raster:
        read = raster.read(masked=True)
    assert known < table["block"].nunique() < ROTATED.n_blocks
    # A block of a rotated model is 4 x 4 pixels.
    assert int(read.count()) == 16 * known


def test_codes_say_what_they_mean(rotated):
    blocks, files = rotated
    table = pd.read_parquet(blocks)
    column = "class" if "class" in table.columns else "domain"
    table = table[table[column].notna() & (table[column].astype(str) != "")]
    with rasterio.open(files[f"synthetic_blocks_{column}.tif"]) as raster:
        words = {k: v for k, v in raster.tags().items() if k.startswith("CODE_")}
        read = np.array(list(raster.sample(table[["easting", "northing"]].to_numpy())))
        codes = read[np.arange(len(table)), bands_of(table, raster)]
    assert [words[f"CODE_{code}"] for code in codes] == list(table[column].astype(str))


def test_equal_models_give_equal_bytes(rotated, tmp_path):
    _, files = rotated
    _, again = written(tmp_path)
    assert {n: p.read_bytes() for n, p in files.items()} == {
        n: p.read_bytes() for n, p in again.items()
    }


def test_an_invented_model_says_so_and_a_file_knows_its_study(rotated):
    _, files = rotated
    assert files
    for name, path in files.items():
        assert name.startswith("synthetic_")
        if path.suffix == ".tif":
            with rasterio.open(path) as raster:
                assert raster.tags()["DISCLAIMER"].startswith("SYNTHETIC")


def test_a_study_without_blocks_or_ground_writes_none(tmp_path):
    study = finished(None, tmp_path)
    assert rasters.write_benches(study) == []
    assert rasters.write_terrain(study) == []
    assert list(tmp_path.iterdir()) == []


def test_words_of_a_legend_cannot_break_the_style():
    nasty = '<img src=x> & "quoted"'
    text = qml_of_benches([Coloured(label=nasty, colour="#000000", code=1)], 1)
    from xml.etree import ElementTree as Tree

    assert Tree.fromstring(text).find(".//paletteEntry").get("label") == nasty


@pytest.mark.qgis
def test_qgis_reads_a_rotated_model_block_by_block(rotated, tmp_path):
    need(Path("/usr/bin/python3").exists() and _has_qgis(), "PyQGIS")
    blocks, files = rotated
    table = estimated(blocks)
    path = files["synthetic_blocks_sb_pct.tif"]
    with rasterio.open(path) as raster:
        bands = bands_of(table, raster)
    points = [
        [x, y, band + 1]
        for x, y, band in zip(table["easting"], table["northing"], bands, strict=True)
    ]
    job = {"picture": str(tmp_path / "benches.png"), "files": [str(path)], "points": points}
    (tmp_path / "job.json").write_text(json.dumps(job), "utf-8")
    program = ["/usr/bin/python3", "-B", "tests/support/qgis_rasters.py", tmp_path / "job.json"]
    env = {"QT_QPA_PLATFORM": "offscreen", "PATH": "/usr/bin:/bin", "HOME": str(tmp_path)}
    root = Path(__file__).parents[2]
    done = subprocess.run(program, check=True, capture_output=True, text=True, cwd=root, env=env)
    told = json.loads(done.stdout)
    found = told["layers"][path.name]
    assert told["messages"] == []
    assert found["valid"]
    assert found["crs"] == CRS
    assert found["renderer"] == "singlebandpseudocolor"
    assert found["values"] == pytest.approx(list(table["sb_pct"].astype(np.float32)), rel=1e-6)
    assert "940 to 945 m" in found["bands"][0]
    assert len(told["colours"]) >= 3
    # Nothing is left beside the files that the study wrote.
    assert not list(path.parent.glob("*.aux.xml"))


def _has_qgis():
    found = subprocess.run(
        ["/usr/bin/python3", "-c", "import qgis.core"], capture_output=True, check=False
    )
    return found.returncode == 0
