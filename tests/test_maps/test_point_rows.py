"""Do thousands of points come out of their columns as they went in?"""

import json
import math

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from support import example_drilling

from maps.config import MapSettings
from maps.drawings.footprints import draw
from maps.drawings.point_rows import MANY, in_columns, point_columns
from maps.products.web import page_data


def of(column, i):
    """The cell of a row as the page puts it together, a number without its grouping."""
    if "of" in column:
        return None if column["of"][i] < 0 else column["words"][column["of"][i]]
    value = column["values"][i]
    return None if value is None else f"{value:.10g}{column['unit']}"


@pytest.fixture(scope="module")
def composites():
    layers = draw(example_drilling.summary(), example_drilling.layers())
    return next(layer for layer in layers if layer.name == "composites")


def test_samples_keep_place_class_depth_and_grades(composites):
    told = point_columns(composites, [])
    table, ground = composites.features, composites.features.to_crs(4326).geometry
    assert np.abs(np.cumsum(told["lng"]) / 1e6 - ground.x).max() <= 0.5e-6 + 1e-12
    assert np.abs(np.cumsum(told["lat"]) / 1e6 - ground.y).max() <= 0.5e-6 + 1e-12
    assert np.abs(np.array(told["z"]) - ground.z).max() <= 0.05 + 1e-9
    assert told["class"] == [int(n) for n in composites.class_numbers]
    heads = [column["head"] for column in told["columns"]]
    depth = told["columns"][heads.index("From")]
    grade = told["columns"][heads.index("Antimony grade")]
    hole = told["columns"][heads.index("Drillhole")]
    for i in range(len(table)):
        row = table.iloc[i]
        assert of(hole, i) == row["hole_id"]
        assert float(of(depth, i).removesuffix(" m")) == pytest.approx(row["from_m"], abs=0.0051)
        if math.isnan(row["sb_pct"]):
            assert of(grade, i) is None
        else:
            shown = float(of(grade, i).removesuffix(" % Sb"))
            assert shown == pytest.approx(row["sb_pct"], rel=0.51e-3)


def points(n, **columns):
    shapes = [shapely.Point(69 + i / 997, 39 - i / 1009) for i in range(n)]
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=4326)


def test_other_points_keep_what_they_were_given():
    n = MANY + 1
    given = points(
        n,
        name=[f"P{i}" if i % 2 else None for i in range(n)],
        year=np.arange(n) + 1900,
        easting=471_234.5 + np.arange(n),
        note=["<b>&" if i % 3 else None for i in range(n)],
        au_gpt=[math.nan if i % 5 == 0 else i / 3 for i in range(n)],
    )
    (layer,) = draw({"study": {}, "fields": []}, {"soil": given})
    assert in_columns(layer)
    told = point_columns(layer, [])
    columns = {c["head"]: c for c in told["columns"]}
    assert of(columns["Year"], 7) == "1907"
    assert of(columns["Easting"], 3).startswith("471237.5")
    assert of(columns["Note"], 0) is None and of(columns["Note"], 1) == "&lt;b&gt;&amp;"
    gold = next(c for head, c in columns.items() if "old" in head or "Au" in head)
    assert of(gold, 5) is None and float(of(gold, 7).split()[0]) == pytest.approx(7 / 3, rel=1e-9)
    assert told["name"]["of"][0] == -1
    assert told["name"]["words"][told["name"]["of"][1]] == "P1"


def test_few_points_or_one_that_lies_nowhere_are_told_one_by_one():
    few = points(MANY, name=["a"] * MANY)
    lost = points(MANY + 5, name=["a"] * (MANY + 5))
    lost.loc[3, "geometry"] = shapely.Point()
    # Shapely's own: that of GeoPandas warns that a degree is no length, which is of no matter here.
    areas = gpd.GeoDataFrame(geometry=shapely.buffer(few.geometry.to_numpy(), 0.1), crs=4326)
    mixed = pd.concat([points(MANY + 5, name=["a"] * (MANY + 5)), areas])
    for given in (few, lost, gpd.GeoDataFrame(mixed, crs=4326)):
        (layer,) = draw({"study": {}, "fields": []}, {"soil": given})
        assert not in_columns(layer)
        data = page_data({"study": {}, "fields": []}, [layer], MapSettings())
        (drawn,) = data["layers"]
        assert len(drawn["features"]) == (~layer.features.geometry.is_empty).sum()


def test_a_sample_takes_a_hundred_bytes_of_the_page(composites):
    data = page_data(example_drilling.summary(), [composites], MapSettings())
    written = json.dumps(data["layers"][0]["points"], separators=(",", ":"))
    assert len(written) < 100 * len(composites.features)
