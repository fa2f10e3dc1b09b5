import json
import math
import shutil
import subprocess
import time

import numpy as np
import pytest
import rasterio
import shapely
from rasterio.transform import from_origin
from support import example_study
from support.browser import need, opened

from deposits.study import StudyFile
from maps import workflow
from maps.config import MapSettings, TerrainSettings
from maps.drawings.ground import check_terrain, read_ground
from maps.drawings.relief import contours, hillshade, shaded
from maps.drawings.terrain import Terrain, read_terrain, thinned
from maps.finishing import finish
from maps.products.rasters import write_elevations
from maps.workflow import map_from_folder

OURS = ("_write_map", "_write_geopackage", "_write_rasters")
CRS = "EPSG:32642"
BOX = {"west": 68.6, "south": 39.1, "east": 68.75, "north": 39.2}
EXTENT = tuple(BOX.values())
DATUM = "an invented zero"


def ground(heights, cell=10.0, contour=10.0):
    heights = np.asarray(heights, dtype=np.float32)
    return Terrain(
        elevations_m=heights,
        west_m=470_000.0,
        north_m=4_336_000.0,
        cell_m=cell,
        crs=CRS,
        vertical_datum=DATUM,
        contour_m=contour,
        source="a test",
    )


def places(terrain):
    return np.meshgrid(terrain.eastings_m(), terrain.northings_m())


def hilly(rows=70, columns=90, cell=10.0):
    empty = ground(np.zeros((rows, columns)), cell)
    x, y = (v - v.mean() for v in places(empty))
    return ground(900 + 60 * np.sin(x / 90) * np.cos(y / 130) + 0.2 * x - 0.1 * y, cell)


def test_a_plane_is_shaded_evenly_to_its_very_edge_as_horn_says():
    x, y = places(ground(np.zeros((12, 15))))
    east, north = 0.3, -0.2
    shade = hillshade(ground(east * (x - 470_000) + north * (y - 4_336_000)))
    # The cosine between the normal of the plane and light from the north-west, 45 degrees high.
    light = np.array([-0.5, 0.5, math.sqrt(0.5)])
    normal = np.array([-east, -north, 1.0]) / math.sqrt(east**2 + north**2 + 1)
    assert (shade == round(1 + 254 * float(light @ normal))).all()


def test_gdal_shades_the_same_ground_the_same_way(tmp_path):
    need(shutil.which("gdaldem"), "gdaldem")
    terrain = hilly()
    write_elevations(terrain, tmp_path / "in.tif")
    tools = ["gdaldem", "hillshade", tmp_path / "in.tif", tmp_path / "out.tif", "-q"]
    subprocess.run(tools, check=True, capture_output=True)
    with rasterio.open(tmp_path / "out.tif") as raster:
        theirs = raster.read(1).astype(int)
    inner = (slice(1, -1), slice(1, -1))
    assert np.abs(hillshade(terrain).astype(int) - theirs)[inner].max() <= 1
    assert np.unique(theirs[inner]).size > 60


def test_what_is_not_known_is_not_shaded_and_does_not_spread():
    terrain = hilly()
    holed = terrain.elevations_m.copy()
    holed[20:30, 40:60] = np.nan
    shade = hillshade(ground(holed))
    assert ((shade == 0) == np.isnan(holed)).all()
    near = np.s_[22:28, 62:80]
    assert (shade[near] == hillshade(terrain)[near]).all()


def test_contours_of_a_cone_are_circles_at_their_elevation():
    empty = ground(np.zeros((101, 101)), 5.0)
    x, y = places(empty)
    far = np.hypot(x - x.mean(), y - y.mean())
    found = contours(ground(1000 - 0.5 * far, 5.0, contour=20.0))
    assert list(found["elevation_m"]) == sorted(found["elevation_m"])
    assert set(found["elevation_m"] % 20.0) == {0.0}
    assert list(found.loc[found["kind"] == "index", "elevation_m"]) == [900.0]
    assert found.crs == CRS
    assert f"every 20 m, counted from: {DATUM}" in found["geometry_meaning"].iloc[0]
    for row in found[found["elevation_m"] > 880].itertuples():
        reach = np.hypot(*(shapely.get_coordinates(row.geometry) - [x.mean(), y.mean()]).T)
        assert np.abs(reach - (1000 - row.elevation_m) / 0.5).max() < 0.5


def test_contours_stay_few_enough_for_a_page():
    rng = np.random.default_rng(1)
    found = contours(ground(900 + 40 * rng.standard_normal((250, 250)), contour=20.0))
    assert len(shapely.get_coordinates(found.geometry.array)) <= 60_000


def test_larger_cells_have_the_mean_of_what_is_known():
    terrain = ground(np.arange(30, dtype=float).reshape(5, 6))
    assert thinned(terrain, 30) is terrain
    coarse = thinned(terrain, 8)
    assert coarse.cell_m == 20.0
    assert coarse.elevations_m.tolist() == [[3.5, 5.5, 7.5], [15.5, 17.5, 19.5]]
    assert coarse.bounds_m == (470_000.0, 4_335_960.0, 470_060.0, 4_336_000.0)
    holed = terrain.elevations_m.copy()
    holed[:2, :2], holed[0, 2] = np.nan, np.nan
    means = thinned(ground(holed), 8).elevations_m
    assert np.isnan(means[0, 0])
    assert means[0, 1] == pytest.approx((3 + 8 + 9) / 3)


def test_elevations_come_back_as_they_were_left_and_give_equal_bytes(tmp_path):
    terrain = hilly()
    holed = terrain.elevations_m.copy()
    holed[:3] = np.nan
    terrain = ground(holed)
    for name in ("a.tif", "b.tif"):
        write_elevations(terrain, tmp_path / name, "SYNTHETIC")
    assert (tmp_path / "a.tif").read_bytes() == (tmp_path / "b.tif").read_bytes()
    back = read_terrain(tmp_path / "a.tif")
    assert np.array_equal(back.elevations_m, holed, equal_nan=True)
    told = [(t.transform, t.crs, t.vertical_datum, t.contour_m, t.source) for t in (terrain, back)]
    assert told[0] == told[1]


def dem(path, crs=CRS, heights=None, transform=None, **more):
    """Write a user's raster; the plane 800 m + 0.1 m/m eastwards in the project's system."""
    transform = transform or from_origin(469_000.0, 4_337_000.0, 25.0, 25.0)
    if heights is None:
        heights = plane(crs, transform, (120, 140))
    bands = heights if heights.ndim == 3 else heights[None]
    size = {"count": len(bands), "height": bands.shape[1], "width": bands.shape[2]}
    with rasterio.open(
        path, "w", driver="GTiff", crs=crs, transform=transform, dtype=bands.dtype, **size, **more
    ) as raster:
        raster.write(bands)
    return path


def plane(crs, transform, shape):
    from pyproj import Transformer

    columns, rows = np.meshgrid(np.arange(shape[1]) + 0.5, np.arange(shape[0]) + 0.5)
    x, y = transform.c + transform.a * columns, transform.f + transform.e * rows
    east, _ = Transformer.from_crs(crs, CRS, always_xy=True).transform(x, y)
    return (800 + 0.1 * (east - 470_000)).astype(np.float32)


def settings(**more):
    return TerrainSettings(path="dem.tif", vertical_datum=DATUM, source="a test", **more)


def test_a_raster_in_the_projects_own_system_keeps_its_very_cells(tmp_path):
    with rasterio.open(dem(tmp_path / "dem.tif")) as raster:
        whole = raster.read(1)
    terrain = read_ground(settings(offset_m=1.5), tmp_path, CRS, EXTENT)
    assert terrain.transform == (25.0, 0.0, 469_000.0, 0.0, -25.0, 4_337_000.0)
    assert np.array_equal(terrain.elevations_m, whole + np.float32(1.5))
    # A part of it, where the extent cuts it, lies on the same cells.
    part = read_ground(settings(), tmp_path, CRS, (68.65, 39.155, 68.66, 39.16))
    left, top = (part.west_m - 469_000) / 25, (4_337_000 - part.north_m) / 25
    assert (left, top) == (int(left), int(top))
    rows, columns = part.elevations_m.shape
    window = whole[int(top) : int(top) + rows, int(left) : int(left) + columns]
    assert np.array_equal(part.elevations_m, window)
    assert rows < 120
    assert columns < 140


def test_a_raster_in_degrees_is_warped_to_metres(tmp_path):
    step = 0.0002
    transform = from_origin(68.64, 39.17, step, step)
    dem(tmp_path / "dem.tif", "EPSG:4326", transform=transform, heights=None)
    terrain = read_ground(settings(), tmp_path, CRS, EXTENT)
    x, _ = places(terrain)
    off = terrain.elevations_m - (800 + 0.1 * (x - 470_000))
    # Beyond the middles of the outermost pixels the nearest one counts.
    assert np.nanmax(np.abs(off)) < 0.1 * 25 / 2
    # Elsewhere it is right to a tenth of a pixel of 22 m.
    assert np.nanmax(np.abs(off[3:-3, 3:-3])) < 0.1 * 2.2
    assert 15 < terrain.cell_m < 25
    assert hillshade(terrain).max() < 255


def test_a_stated_scale_and_nodata_are_heeded(tmp_path):
    heights = np.full((120, 140), 8_000, dtype=np.int16)
    heights[:10] = -32768
    path = dem(tmp_path / "dem.tif", heights=heights, nodata=-32768)
    with rasterio.open(path, "r+") as raster:
        raster.scales, raster.offsets = (0.1,), (5.0,)
    assert check(tmp_path) == []
    terrain = read_ground(settings(), tmp_path, CRS, EXTENT)
    assert np.isnan(terrain.elevations_m[:10]).all()
    assert terrain.elevations_m[10:] == pytest.approx(805.0)


def test_a_large_raster_is_read_in_larger_cells(tmp_path, monkeypatch):
    monkeypatch.setattr("maps.drawings.ground.MOST_CELLS", 5_000)
    dem(tmp_path / "dem.tif")
    terrain = read_ground(settings(), tmp_path, CRS, EXTENT)
    assert terrain.cell_m == 50.0
    x, _ = places(terrain)
    assert terrain.elevations_m == pytest.approx(800 + 0.1 * (x - 470_000), abs=0.01)


def check(folder, **more):
    tree = {"study": {"crs": CRS, "extent": BOX}}
    study = StudyFile(folder / "study.toml", tree, "0" * 64)
    return check_terrain(MapSettings(terrain=settings(**more)), study)


def test_everything_wrong_with_a_raster_is_said_at_once(tmp_path):
    heights = np.full((20, 20), -9999.0, dtype=np.float32)
    heights[5:] = 3000.0
    path = dem(tmp_path / "dem.tif", heights=heights, transform=from_origin(2e5, 2e6, 30.0, 30.0))
    with rasterio.open(path, "r+") as raster:
        raster.units = ("ft",)
    said = [str(problem) for problem in check(tmp_path)]
    words = ("not in metres", "does not reach the study's extent", "that no ground has")
    assert [next(w for w in words if w in s) for s in said] == list(words)
    assert all(s.startswith("study.toml, key map.terrain.path: ") for s in said)


@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"crs": None}, "does not say which coordinate system"),
        ({"heights": np.zeros((3, 20, 20), dtype=np.uint8)}, "a picture, not elevations"),
        ({"heights": np.full((20, 20), np.nan, dtype=np.float32)}, "holds no elevation at all"),
    ],
)
def test_what_is_no_ground_is_refused(tmp_path, change, words):
    given = {"heights": np.full((20, 20), 900.0, dtype=np.float32), **change}
    dem(tmp_path / "dem.tif", **given)
    assert words in " ".join(str(p) for p in check(tmp_path))


def test_zeros_without_a_declared_nodata_are_warned_of(tmp_path):
    heights = np.full((20, 20), 900.0, dtype=np.float32)
    heights[:5] = 0.0
    dem(tmp_path / "dem.tif", heights=heights)
    (problem,) = check(tmp_path)
    assert problem.severity == "warning"
    assert "25% of the ground lie at exactly 0 m" in str(problem)


def test_a_missing_or_broken_file_is_named(tmp_path):
    dem(tmp_path / "den.tif")
    assert "den.tif" in str(check(tmp_path)[0])
    (tmp_path / "dem.tif").write_text("no raster")
    assert "damaged" in str(check(tmp_path)[0])


def test_the_picture_lies_where_the_ground_does(tmp_path):
    import base64

    from pyproj import Transformer

    heights = np.full((200, 150), 900.0)
    terrain = ground(heights)
    known = np.full((200, 150), np.nan)
    known[50:120, 30:100] = 900.0
    picture = shaded(ground(known))
    written = base64.b64decode(picture.uri.split(",")[1])
    with rasterio.MemoryFile(written) as memory, memory.open() as image:
        seen = image.read(2) > 0
    rows, columns = np.flatnonzero(seen.any(axis=1)), np.flatnonzero(seen.any(axis=0))
    to_mercator = Transformer.from_crs(4326, 3857, always_xy=True)
    west, south, east, north = to_mercator.transform_bounds(*picture.bounds)
    px, py = (east - west) / seen.shape[1], (north - south) / seen.shape[0]
    assert px == pytest.approx(py, rel=1e-6)
    left, top = west + columns[0] * px, north - rows[0] * py
    x = terrain.west_m + np.array([30, 100]) * 10.0
    y = terrain.north_m - np.array([50, 120]) * 10.0
    place = Transformer.from_crs(CRS, 3857, always_xy=True).transform(x, y)
    # The ground is turned by the convergence of meridians: a pixel or two over its width.
    assert left == pytest.approx(min(place[0]), abs=2 * px)
    assert top == pytest.approx(max(place[1]), abs=2 * py)
    assert DATUM in picture.note


def finished_study(folder, terrain, *, synthetic=False):
    (folder / "study").mkdir(parents=True, exist_ok=True)
    dem(folder / "study" / "dem.tif")
    (folder / "study" / "study.toml").write_text("# a study", "utf-8")
    out = folder / "out"
    told = example_study.summary(synthetic=synthetic)
    told["study"]["map"] = MapSettings(terrain=terrain, online_tiles=False).model_dump(mode="json")
    told["study"]["extent"] = list(EXTENT)
    told.setdefault("files", [])
    out.mkdir(exist_ok=True)
    made_from = (folder / "study" / "study.toml", [], time.perf_counter())
    # Only what shows the ground: the other products have tests of their own.
    ours = [p for p in workflow.PRODUCTS if p.__name__ in OURS]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(workflow, "PRODUCTS", tuple(ours))
        finish(told, example_study.layers(), None, made_from, out)
    return out


@pytest.fixture(scope="module")
def hilly_study(tmp_path_factory):
    return finished_study(tmp_path_factory.mktemp("hilly"), settings())


def test_a_study_with_a_ground_shows_it_everywhere_and_keeps_its_hash(hilly_study):
    import pyogrio

    kept = json.loads((hilly_study / "summary.json").read_text("utf-8"))
    assert {"terrain.tif", "terrain_elevations.tif"} <= set(kept["files"])
    assert "dem.tif" in json.loads((hilly_study / "manifest.json").read_text())["inputs_sha256"]
    lines = pyogrio.read_dataframe(hilly_study / "layers.gpkg", layer="terrain_contours")
    assert set(lines["vertical_datum"]) == {DATUM}
    with rasterio.open(hilly_study / "terrain.tif") as shade:
        assert shade.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
        assert shade.crs == CRS
        assert shade.tags()["VERTICAL_DATUM"] == DATUM
        assert shade.nodata == 0
    html = (hilly_study / "map.html").read_text("utf-8")
    assert "data:image/png;base64," in html
    assert f"counted from: {DATUM}" in html


def test_the_map_is_made_again_without_the_users_raster(hilly_study, tmp_path):
    (name,) = map_from_folder(hilly_study, out=tmp_path)
    assert (tmp_path / name).read_bytes() == (hilly_study / name).read_bytes()


def test_a_study_that_gives_its_ground_up_leaves_none(tmp_path):
    out = finished_study(tmp_path, settings())
    assert (out / "terrain_elevations.tif").is_file()
    finished_study(tmp_path, None)
    assert not (out / "terrain_elevations.tif").exists()
    assert "terrain_contours" not in (out / "map.html").read_text("utf-8")


def test_an_invented_ground_says_so(tmp_path):
    out = finished_study(tmp_path, settings(), synthetic=True)
    names = {p.name for p in out.glob("*.tif")}
    assert names == {"synthetic_terrain.tif", "synthetic_terrain_elevations.tif"}
    for name in names:
        with rasterio.open(out / name) as raster:
            assert raster.tags()["DISCLAIMER"].startswith("SYNTHETIC")
    assert "SYNTHETIC Shaded ground" in (out / "synthetic_map.html").read_text("utf-8")


@pytest.mark.browser
def test_the_ground_is_switched_by_key_and_makes_no_request(chromium, hilly_study):
    with opened(chromium, hilly_study / "map.html") as watched:
        page = watched.page
        box = page.locator("input[data-key=terrain]")
        assert page.locator("img.leaflet-image-layer").count() == 1
        box.focus()
        page.keyboard.press("Space")
        assert page.locator("img.leaflet-image-layer").count() == 0
        assert f"Elevations count from: {DATUM}." in page.locator("#layer-list").inner_text()
        assert watched.requests == []
        assert watched.complaints == []
