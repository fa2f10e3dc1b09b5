"""Tables in every format hold the same holes; what is odd in a file keeps its row."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.campaign import FILES, spoilt, study, write

from deposits.drilling.cells import read_ids, read_numbers
from deposits.drilling.config import DrillTable
from deposits.drilling.grade_units import conversion_factor
from deposits.drilling.raw_tables import read_raw
from deposits.drilling.reading import inspect_drillholes

COLUMNS = {"sb_pct": "sb_pct", "au_gpt": "au_gpt"}


def paths(suffix: str, **keys) -> dict:
    """Keys of a study whose tables have another format."""
    names = {name: {"path": f"{name}{suffix}", **keys} for name in FILES}
    assays = names["assays"] | {"columns": COLUMNS}
    lithology = names["lithology"] | {"columns": {"code": "code"}}
    intervals = {"assays": assays, "lithology": lithology}
    return {"collars": names["collars"], "surveys": names["surveys"], "intervals": intervals}


def frames(folder) -> dict[str, pd.DataFrame]:
    """The sound tables with the types that a database would give them."""
    write(folder)
    return {name: pd.read_csv(folder / f"{name}.csv", dtype={"hole_id": str}) for name in FILES}


def assert_same(folder, **keys):
    expected = inspect_drillholes(study(), folder).holes
    report = inspect_drillholes(study(**keys), folder)
    assert report.holes is not None, "\n".join(map(str, report.problems))
    for name in ("collars", "surveys"):
        mine = getattr(report.holes, name).drop(columns="row")
        pd.testing.assert_frame_equal(mine, getattr(expected, name).drop(columns="row"))
    for name, table in expected.intervals.items():
        mine = report.holes.intervals[name].drop(columns="row")
        pd.testing.assert_frame_equal(mine, table.drop(columns="row"))


def test_parquet_holds_the_same(tmp_path):
    for name, table in frames(tmp_path).items():
        table.to_parquet(tmp_path / f"{name}.parquet")
    assert_same(tmp_path, **paths(".parquet"))


def test_a_workbook_holds_the_same_and_names_its_rows(tmp_path):
    with pd.ExcelWriter(tmp_path / "all.xlsx") as book:
        for name, table in frames(tmp_path).items():
            table.to_excel(book, sheet_name=name, index=False, startrow=2)
    keys = paths(".xlsx")
    tables = [keys["collars"], keys["surveys"], *keys["intervals"].values()]
    for name, table in zip(FILES, tables, strict=True):
        table |= {"path": "all.xlsx", "sheet": name}
    assert_same(tmp_path, **keys)
    rows = inspect_drillholes(study(**keys), tmp_path).holes.collars["row"]
    assert rows.tolist() == [4, 5, 6]


def test_numbers_of_a_workbook_are_ids_without_decimals(tmp_path):
    pd.DataFrame({"hole_id": [101.0, 7.5]}).to_excel(tmp_path / "a.xlsx", index=False)
    raw = read_raw(DrillTable(path="a.xlsx"), tmp_path).value
    assert read_ids(raw.columns["hole_id"])[1] == ("101", "7.5")
    assert read_ids(pa.array([101.0, None, 101.0]))[1] == ("101",)


def test_a_geopackage_holds_the_same_with_its_points(tmp_path):
    geopandas = pytest.importorskip("geopandas")
    import pyogrio

    for name, table in frames(tmp_path).items():
        if name == "collars":
            points = geopandas.points_from_xy(
                table["easting"], table["northing"], table["elevation"]
            )
            bare = table.drop(columns=["easting", "northing", "elevation"])
            table = geopandas.GeoDataFrame(bare, geometry=points, crs="EPSG:32631")
            table.to_file(tmp_path / "all.gpkg", layer=name)
        else:
            pyogrio.write_dataframe(table, tmp_path / "all.gpkg", layer=name, append=True)
    keys = paths(".gpkg")
    tables = [keys["collars"], keys["surveys"], *keys["intervals"].values()]
    for name, table in zip(FILES, tables, strict=True):
        table |= {"path": "all.gpkg", "layer": name}
    assert_same(tmp_path, **keys)
    said = "\n".join(map(str, inspect_drillholes(study(**keys), tmp_path).problems))
    assert "taken from the points, in EPSG:32631" in said


def test_a_database_holds_the_same(tmp_path):
    sqlalchemy = pytest.importorskip("sqlalchemy")
    url = f"sqlite:///{tmp_path / 'holes.db'}"
    engine = sqlalchemy.create_engine(url)
    for name, table in frames(tmp_path).items():
        table.to_sql(name, engine, index=False)
    keys = paths("")
    tables = [keys["collars"], keys["surveys"], *keys["intervals"].values()]
    for name, table in zip(FILES, tables, strict=True):
        table |= {"path": url, "layer": name}
    assert_same(tmp_path, **keys)
    keys["surveys"]["layer"] = "survey"
    said = "\n".join(map(str, inspect_drillholes(study(**keys), tmp_path).problems))
    assert "no such table" in said
    assert 'Did you mean "surveys"?' in said
    assert "holes.db" not in said


def test_semicolons_decimal_commas_and_another_encoding_are_read_when_stated(tmp_path):
    for name, text in FILES.items():
        changed = text.replace(",", ";").replace(".", ",").replace("BRX", "брекчия")
        (tmp_path / f"{name}.txt").write_text(changed, "cp1251")
    write(tmp_path, lithology=FILES["lithology"].replace("BRX", "брекчия"))
    assert_same(tmp_path, **paths(".txt", delimiter=";", decimal=",", encoding="cp1251"))


def test_a_byte_order_mark_windows_line_ends_and_blank_columns_do_no_harm(tmp_path):
    write(tmp_path)
    text = FILES["assays"].replace("\n", "\r\n").replace("SYN-001,0", " SYN-001 , 0 ")
    (tmp_path / "assays.csv").write_bytes(b"\xef\xbb\xbf" + text.encode() + b",,,,\r\n\r\n")
    report = inspect_drillholes(study(), tmp_path)
    assert report.problems == ()
    assert len(report.holes.intervals["assays"]) == 5


def test_blank_lines_and_quoted_line_breaks_do_not_shift_row_numbers(tmp_path):
    text = FILES["lithology"].replace("SYN-002", "\nSYN-002").replace("LST", '"LST\nsoft"')
    write(tmp_path, lithology=text.replace("007,0,30", "XX,0,30"))
    found = inspect_drillholes(study(), tmp_path).findings.as_frame()
    # Line 3 is blank, the cell of line 4 ends in line 5.
    assert found.loc[found["check"] == "orphan", "row"].tolist() == [6]


@pytest.mark.parametrize(
    ("change", "word"),
    [
        (lambda t: t.replace(",", ";"), 'delimiter = ";"'),
        (lambda t: t.replace("sb_pct", "Sb_pct"), 'Did you mean "Sb_pct"?'),
        (lambda t: "", "empty"),
        (lambda t: t.replace("4.5,0.5", "4.5,0.5,9"), "another number of cells"),
        (lambda t: t.replace("4.5", '"4,5"'), 'decimal = ","'),
        (lambda t: t.replace("4.5", '"1,200"'), "thousands without separators"),
        (lambda t: t.replace("au_gpt\n", "sb_pct\n"), "the header repeats"),
        (lambda t: t.replace("au_gpt", "au_gpt,note").replace("\n", ",x\n", 6), "cells"),
    ],
)
def test_a_file_written_otherwise_is_explained(tmp_path, change, word):
    write(tmp_path, assays=change(FILES["assays"]))
    said = "\n".join(map(str, inspect_drillholes(study(), tmp_path).problems))
    assert word in said


def test_a_file_that_is_not_there_is_asked_for(tmp_path):
    write(tmp_path)
    for path in ("collar.csv", "collars.parquet", "collars.xlsx", "collars.gpkg"):
        report = inspect_drillholes(study(collars={"path": path}), tmp_path)
        said = str(report.problems[0])
        assert "does not exist" in said
        assert 'Did you mean "collars.csv"?' in said
    for name in ("bad.parquet", "bad.xlsx", "bad.gpkg"):
        (tmp_path / name).write_bytes(b"no such thing")
        assert inspect_drillholes(study(collars={"path": name}), tmp_path).holes is None


def test_columns_that_are_not_mapped_are_told_once(tmp_path):
    text = FILES["assays"].replace("au_gpt\n", "au_gpt,as_ppm\n").replace(".1\n", ".1,5\n")
    lines = [line + ",5" * (line.count(",") == 4) for line in text.splitlines()]
    write(tmp_path, assays="\n".join(lines))
    report = inspect_drillholes(study(), tmp_path)
    assert [p.severity for p in report.problems] == ["warning"]
    assert "as_ppm" in str(report.problems[0])


def intervals(**keys) -> dict:
    """Interval tables with keys of the assays changed."""
    return {"assays": {"path": "assays.csv", "columns": COLUMNS, **keys}}


@pytest.mark.parametrize(
    ("policy", "value"), [("half_limit", 0.005), ("zero", 0.0), ("limit", 0.01), ("absent", None)]
)
def test_grades_below_detection_become_what_the_study_says(tmp_path, policy, value):
    text = FILES["assays"].replace("3.5,", "<0.01,").replace("2.5,", "< 0.01,")
    write(tmp_path, assays=text)
    report = inspect_drillholes(study(below_detection=policy), tmp_path)
    grades = report.holes.intervals["assays"]["sb_pct"].to_numpy()
    expected = np.nan if value is None else value
    np.testing.assert_array_equal(grades[[1, 3]], [expected, expected])
    assert report.findings.count("below_detection") == 2


def test_a_negative_that_repeats_is_a_limit_and_needs_a_policy(tmp_path):
    text = FILES["assays"].replace("3.5,", "-0.005,").replace("2.5,", "-0.005,")
    write(tmp_path, assays=text)
    assert inspect_drillholes(study(), tmp_path).holes is None
    holes = inspect_drillholes(study(below_detection="limit"), tmp_path).holes
    assert holes.intervals["assays"]["sb_pct"].tolist() == [1.5, 0.005, 0.5, 0.005, 4.5]


def test_large_negatives_that_repeat_are_no_limits(tmp_path):
    write(tmp_path, assays=FILES["assays"].replace("3.5,", "-20,").replace("2.5,", "-20,"))
    report = inspect_drillholes(study(below_detection="zero"), tmp_path)
    assert report.findings.count("negative_grade") == 2


def test_codes_that_the_study_lists_are_read_and_counted(tmp_path):
    text = FILES["assays"].replace("3.5,", "-99,").replace("2.5,", "NS,").replace("1.5,", "-1,")
    write(tmp_path, assays=text.replace("0.5,0.1", ">30,0.1"))
    keys = {"absent_codes": (-99.0,), "absent_words": ("NS",), "below_detection_codes": (-1.0,)}
    keys |= {"below_detection": "half_limit", "above_detection": "limit"}
    report = inspect_drillholes(study(**keys), tmp_path)
    grades = report.holes.intervals["assays"]["sb_pct"].to_numpy()
    np.testing.assert_array_equal(grades, [0.5, np.nan, 30.0, np.nan, 4.5])
    assert report.findings.count("absent_code") == 2
    assert report.findings.count("above_detection") == 1


@pytest.mark.parametrize(
    ("column", "unit", "factor"),
    [
        ("au_gpt", "ppb", 1e-3),
        ("au_gpt", "oz/t", 34.285714),
        ("sb_pct", "ppm", 1e-4),
        ("sb_pct", "kg/t", 0.1),
        ("as_ppm", "%", 1e4),
        ("hg_ppb", "ppm", 1e3),
        ("au_gpt", "ppm", 1.0),
        ("sb_pct", None, 1.0),
    ],
)
def test_grades_are_converted_to_the_unit_of_our_name(column, unit, factor):
    assert conversion_factor(column, unit) == pytest.approx(factor, rel=1e-7)


def test_limits_are_converted_with_the_grades(tmp_path):
    write(tmp_path, assays=FILES["assays"].replace(",0.5\n", ",<5\n"))
    keys = {"intervals": intervals(units={"au_gpt": "ppb"}), "below_detection": "half_limit"}
    holes = inspect_drillholes(study(**keys), tmp_path).holes
    gold = holes.intervals["assays"]["au_gpt"].tolist()
    assert gold == pytest.approx([0.0002, 0.0004, 0.0001, 0.0003, 0.0025])


def test_a_hole_in_another_unit_is_suspected(tmp_path):
    holes = [f"SYN-{i}" for i in range(4)]
    collars = "hole_id,easting,northing,elevation,depth_m\n"
    collars += "".join(f"{hole},{i * 50},0,0,6\n" for i, hole in enumerate(holes))
    surveys = "hole_id,depth_m,azimuth_deg,dip_deg\n"
    surveys += "".join(f"{hole},0,0,-90\n{hole},5,0,-90\n" for hole in holes)
    grade = {"SYN-3": 1200.0}
    rows = [f"{h},{d},{d + 1},1.{d},{grade.get(h, 1.1) + d / 10}" for h in holes for d in range(6)]
    assays = "hole_id,from_m,to_m,sb_pct,au_gpt\n" + "\n".join(rows)
    write(tmp_path, collars=collars, surveys=surveys, assays=assays)
    report = inspect_drillholes(study(intervals=intervals()), tmp_path)
    found = report.findings.as_frame()
    assert found["check"].unique().tolist() == ["suspicious_unit"]
    assert found["hole_id"].unique().tolist() == ["SYN-3"]


def test_structures_are_points_down_the_hole(tmp_path):
    text = "hole_id,depth_m,alpha_deg,kind\nSYN-002,55,30,vein\nSYN-001,10,45,fault\n"
    write(tmp_path, structures=text)
    columns = {"alpha_deg": "alpha_deg", "kind": "kind"}
    points = {"structures": {"path": "structures.csv", "columns": columns}}
    table = inspect_drillholes(study(points=points), tmp_path).holes.points["structures"]
    assert table["hole_id"].tolist() == ["SYN-001", "SYN-002"]
    assert table["alpha_deg"].tolist() == [45.0, 30.0]
    assert table["kind"].tolist() == ["fault", "vein"]
    write(tmp_path, structures=text.replace(",55,", ",65,"))
    report = inspect_drillholes(study(points=points), tmp_path)
    assert report.findings.count("beyond_depth") == 1


def test_odd_hole_ids_stay_text(tmp_path):
    odd = "=SUM(1)/№7 é"
    tables = {name: FILES[name].replace("007", odd) for name in FILES}
    write(tmp_path, **tables)
    holes = inspect_drillholes(study(), tmp_path).holes
    assert holes.collars["hole_id"].tolist()[2] == odd
    assert holes.intervals["assays"]["hole_id"].tolist()[-1] == odd


def test_ids_that_became_decimals_find_their_collar(tmp_path):
    tables = {name: FILES[name].replace("007", "7") for name in FILES}
    tables["assays"] = tables["assays"].replace("7,0,30", "7.0,0,30")
    write(tmp_path, **tables)
    report = inspect_drillholes(study(), tmp_path)
    assert report.findings.count("number_id") == 1
    assert report.holes.intervals["assays"]["hole_id"].tolist()[-1] == "7"


@pytest.mark.parametrize(
    ("keys", "word"),
    [
        ({"columns": {"BHID": "hole_id"}, "path": "c.csv"}, "no such column of ours"),
        ({"columns": {"easting": "X", "northing": "X"}, "path": "c.csv"}, "two of our columns"),
    ],
)
def test_a_mapping_that_cannot_be_is_refused(keys, word):
    with pytest.raises(ValueError, match=word):
        study(collars=keys)


@pytest.mark.parametrize(
    ("keys", "word"),
    [
        ({"units": {"au_gpt": "carat"}}, "no known unit"),
        ({"units": {"ag_gpt": "ppm"}}, "not among the columns"),
        ({"columns": {"gold": "AU"}, "units": {"gold": "ppm"}}, "says no unit"),
        ({"columns": {"easting": "X"}}, "gives itself"),
    ],
)
def test_units_that_cannot_be_are_refused(keys, word):
    with pytest.raises(ValueError, match=word):
        study(intervals=intervals(**keys))


@given(st.lists(st.floats(-1e12, 1e12, allow_subnormal=False), min_size=1), st.booleans())
def test_numbers_read_as_they_were_written(numbers, spoil):
    words = [repr(number) for number in numbers] + ["trace"] * spoil
    values, odd = read_numbers(pa.array(words), ".")
    np.testing.assert_array_equal(values[: len(numbers)], numbers)
    assert odd.words == ("trace",) * spoil


def test_the_quick_and_the_thorough_reader_agree(tmp_path):
    write(tmp_path)
    quick = read_raw(DrillTable(path="assays.csv"), tmp_path).value
    (tmp_path / "assays.csv").write_text(FILES["assays"].replace("SYN-001,50", "\nSYN-001,50"))
    slow = read_raw(DrillTable(path="assays.csv"), tmp_path).value
    assert quick.rows.tolist() == [2, 3, 4, 5, 6]
    assert slow.rows.tolist() == [2, 4, 5, 6, 7]
    assert {n: c.to_pylist() for n, c in quick.columns.items()} == {
        n: c.to_pylist() for n, c in slow.columns.items()
    }


def test_a_point_in_a_file_of_decimal_commas_is_asked_about(tmp_path):
    for name, text in FILES.items():
        changed = text.replace(",", ";").replace(".", ",").replace("4,5", "1.234")
        (tmp_path / f"{name}.txt").write_text(changed, "utf-8")
    report = inspect_drillholes(study(**paths(".txt", delimiter=";", decimal=",")), tmp_path)
    assert report.findings.count("text_in_number") == 1


def test_holes_without_assays_are_counted(tmp_path):
    report = spoilt(tmp_path, "assays", "007,0,30,4.5,0.5\n", "")
    assert report.holes is not None
    assert report.findings.count("no_rows") == 1


@pytest.mark.parametrize("table", ["surveys", "assays", "lithology"])
def test_a_table_without_rows_is_a_warning(tmp_path, table):
    write(tmp_path, **{table: FILES[table].splitlines()[0] + "\n"})
    report = inspect_drillholes(study(assume_vertical=True), tmp_path)
    assert report.holes is not None
    assert "header and no rows" in str(report.problems[0])


def test_a_campaign_without_holes_is_an_error(tmp_path):
    write(tmp_path, **{name: text.splitlines()[0] + "\n" for name, text in FILES.items()})
    report = inspect_drillholes(study(), tmp_path)
    assert report.holes is None
    assert "there is no hole" in "\n".join(map(str, report.problems))


def test_a_single_small_negative_is_a_mistake(tmp_path):
    report = spoilt(tmp_path, "assays", "3.5,", "-0.005,", below_detection="zero")
    assert report.findings.count("negative_grade") == 1
