"""Every mistake a campaign can hold, one at a time: named, with its row, and nothing else."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.campaign import FILES, spoilt, study, write

from deposits.drilling.collar_checks import id_key
from deposits.drilling.findings import TableRows
from deposits.drilling.interval_checks import Spans, check_neighbours
from deposits.drilling.reading import inspect_drillholes, read_drillholes
from deposits.drilling.validation import check_against
from deposits.errors import DataError

#: table, what is replaced, by what, check, severity, rows of the file
MISTAKES = [
    ("assays", "007,0,30", "SYN-009,0,30", "orphan", "error", [6]),
    ("lithology", "007,0,30", "syn 002,0,30", "orphan", "error", [4]),
    ("surveys", "007,20", "XX,20", "orphan", "error", [7]),
    ("collars", "007,1100", "SYN-002,1100", "duplicate_id", "error", [3, 4]),
    ("collars", "007,1100", "syn 002,1100", "similar_id", "warning", [3, 4]),
    ("collars", "007,1100", ",1100", "no_hole_id", "error", [4]),
    ("collars", "007,1100,2000,510", "007,1100,,510", "empty_cell", "error", [4]),
    ("collars", "1100,2000,510", "1050,2000,505", "same_collar", "warning", [3, 4]),
    ("collars", "505,60", "505,-60", "depth_not_positive", "error", [3]),
    ("collars", "505,60", "505,", "no_depth", "warning", [3]),
    ("collars", "1050,", "1050 m,", "mixed_units", "error", [3]),
    ("assays", "SYN-002,30,60", "SYN-002,25,60", "overlap", "error", [5]),
    ("assays", "SYN-002,30,60", "SYN-002,35,60", "gap", "warning", [5]),
    ("assays", "SYN-002,30,60", "SYN-002,30,50", "unsampled_end", "warning", [4]),
    ("assays", "SYN-002,30,60", "SYN-002,60,30", "from_not_above_to", "error", [5]),
    ("assays", "SYN-002,30,60", "SYN-002,30,30", "from_not_above_to", "error", [5]),
    ("assays", "SYN-002,30,60", "SYN-002,0,30", "duplicate_interval", "error", [5]),
    ("assays", "SYN-002,30,60", "SYN-002,30,60.2", "beyond_depth", "error", [5]),
    ("assays", "SYN-002,0,30", "SYN-002,-1,30", "negative_depth", "error", [4]),
    ("assays", "SYN-002,30,60", "SYN-002,,60", "empty_cell", "error", [5]),
    ("assays", "SYN-002,30,60", "SYN-002,thirty,60", "text_in_number", "error", [5]),
    ("assays", "3.5,", "trace,", "text_in_number", "error", [5]),
    ("assays", "3.5,", "1200 ppb,", "mixed_units", "error", [5]),
    ("assays", "3.5,", "0.5%,", "mixed_units", "error", [5]),
    ("assays", "3.5,", "inf,", "not_finite", "error", [5]),
    ("assays", "3.5,", "-3.5,", "negative_grade", "error", [5]),
    ("assays", "3.5,", "-99,", "negative_grade", "error", [5]),
    ("assays", "3.5,", "<0.01,", "below_detection", "error", [5]),
    ("assays", "3.5,", ">50,", "above_detection", "error", [5]),
    ("assays", "3.5,", "71.8,", "impossible_grade", "error", [5]),
    ("assays", "3.5,", ",", "no_grade", "warning", [5]),
    ("lithology", "LST", "", "no_text", "warning", [3]),
    ("surveys", "SYN-002,40,270", "SYN-002,40,361", "angle_out_of_range", "error", [5]),
    ("surveys", "SYN-002,40,270", "SYN-002,40,-1", "angle_out_of_range", "error", [5]),
    ("surveys", "270,-68", "270,-91", "angle_out_of_range", "error", [5]),
    ("surveys", "270,-68", "270,", "empty_cell", "error", [5]),
    ("surveys", "SYN-002,40,270", "SYN-002,40,", "empty_cell", "error", [5]),
    ("surveys", "SYN-002,40,", "SYN-002,-40,", "negative_depth", "error", [5]),
    ("surveys", "SYN-002,40,270,-68", "SYN-002,0,270,-70", "duplicate_survey", "warning", [5]),
    ("surveys", "SYN-002,40,", "SYN-002,0,", "conflicting_surveys", "error", [5]),
    ("surveys", "SYN-002,40,", "SYN-002,61,", "beyond_depth", "warning", [5]),
    ("surveys", "SYN-002,0,", "SYN-002,1,", "first_survey_below_collar", "warning", [4]),
    ("surveys", "007,20,0,-90\n", "", "single_survey", "warning", [6]),
    ("surveys", "270,-68", "270,-40", "kink", "warning", [5]),
    ("surveys", "SYN-002,40,270,-68", "SYN-002,40,90,69", "turns_back", "error", [5]),
    ("surveys", "007,0,0,-90\n007,20,0,-90\n", "", "no_survey", "error", [4]),
]


@pytest.mark.parametrize(("table", "old", "new", "check", "severity", "rows"), MISTAKES)
def test_a_mistake_is_named_with_its_row(tmp_path, table, old, new, check, severity, rows):
    report = spoilt(tmp_path, table, old, new)
    found = report.findings.as_frame()
    mine = found[found["check"] == check]
    assert sorted(mine["row"]) == rows, found
    assert set(mine["severity"]) == {severity}
    assert (report.holes is None) == (severity == "error" or bool(report.findings.errors))


def test_a_sound_campaign_has_nothing_found(tmp_path):
    write(tmp_path)
    report = inspect_drillholes(study(), tmp_path)
    assert report.problems == ()
    assert list(report.holes.collars["hole_id"]) == ["SYN-001", "SYN-002", "007"]
    assert report.holes.drilled_m == 190.0
    assert report.holes.intervals["assays"]["sb_pct"].sum() == 12.5


def test_all_mistakes_are_told_at_once(tmp_path):
    text = FILES["assays"].replace("SYN-002,30,60,3.5", "SYN-009,30,20,-3.5")
    write(tmp_path, assays=text, surveys=FILES["surveys"].replace("270,-68", "400,-98"))
    with pytest.raises(DataError) as told:
        read_drillholes(study(), tmp_path).or_raise()
    for word in ("no collar", "not above to", "negative", "azimuth", "dip", "row 5", "SYN-009"):
        assert word in str(told.value)


def test_thousands_of_like_mistakes_are_one_line_and_a_full_list(tmp_path):
    lines = "".join("SYN-001,20,20,1,1\n" for _ in range(3000))
    write(tmp_path, assays=FILES["assays"] + lines)
    report = inspect_drillholes(study(), tmp_path)
    assert report.findings.count("from_not_above_to") == 3000
    assert len(report.problems) == 1
    assert "rows 7, 8, 9, 10 and 2996 more" in str(report.problems[0])
    assert list(report.findings.as_frame()["row"]) == list(range(7, 3007))


def test_an_orphan_is_told_which_collar_it_may_mean(tmp_path):
    report = spoilt(tmp_path, "lithology", "007,0,30", "syn 002,0,30")
    assert "the collars have SYN-002" in "\n".join(map(str, report.problems))
    assert id_key("SYN-002") == id_key("syn_002")


def test_gaps_are_summed_in_metres(tmp_path):
    report = spoilt(tmp_path, "assays", "SYN-002,30,60", "SYN-002,35,60")
    assert "5.0 m in all" in "\n".join(map(str, report.problems))


def test_a_hole_without_survey_is_vertical_only_when_that_is_said(tmp_path):
    gone = ("surveys", "007,0,0,-90\n007,20,0,-90\n", "")
    assert spoilt(tmp_path, *gone).holes is None
    holes = spoilt(tmp_path, *gone, assume_vertical=True).holes
    assert holes.surveys.iloc[-1][["hole_id", "dip_deg"]].tolist() == ["007", -90.0]
    headed = FILES["collars"].replace("depth_m\n", "depth_m,azimuth_deg,dip_deg\n")
    headed = headed.replace("100\n", "100,,\n").replace(",60\n", ",60,,\n")
    write(
        tmp_path,
        collars=headed.replace(",30\n", ",30,45,-50\n"),
        surveys=FILES["surveys"].replace(gone[1], ""),
    )
    report = inspect_drillholes(study(), tmp_path)
    assert report.holes.surveys.iloc[-1][["azimuth_deg", "dip_deg"]].tolist() == [45.0, -50.0]
    assert report.findings.count("no_survey") == 1


def test_the_sign_of_the_dip_is_as_the_study_says(tmp_path):
    write(tmp_path, surveys=FILES["surveys"].replace(",-", ","))
    down = inspect_drillholes(study(dip="positive_down"), tmp_path)
    assert down.problems == ()
    assert down.holes.surveys["dip_deg"].max() < 0.0
    wrong = inspect_drillholes(study(), tmp_path)
    assert wrong.findings.count("dip_sign") == 6
    assert wrong.holes is not None


def test_azimuths_are_corrected_to_grid_north(tmp_path):
    write(tmp_path)
    holes = read_drillholes(study(azimuth="magnetic", azimuth_correction_deg=100.0), tmp_path)
    azimuths = holes.or_raise().surveys["azimuth_deg"].tolist()
    assert azimuths == [190.0, 192.0, 10.0, 10.0, 100.0, 100.0]
    with pytest.raises(ValueError, match="azimuth_correction_deg"):
        study(azimuth="magnetic")


def test_feet_become_metres_and_collars_stay(tmp_path):
    write(tmp_path)
    holes = inspect_drillholes(study(length_unit="ft"), tmp_path).holes
    assert holes.collars["depth_m"].tolist() == pytest.approx([30.48, 18.288, 9.144])
    assert holes.collars["easting"].tolist() == [1000.0, 1050.0, 1100.0]
    assert holes.intervals["assays"]["to_m"].max() == pytest.approx(30.48)
    assert holes.surveys["depth_m"].max() == pytest.approx(15.24)


def test_collars_are_compared_with_district_and_terrain(tmp_path):
    write(tmp_path)
    holes = inspect_drillholes(study(), tmp_path).holes
    assert check_against(holes, (900, 1900, 1200, 2100)).items == ()
    assert check_against(holes, (900, 1900, 1060, 2100)).count("outside_extent") == 1
    assert check_against(holes, (1900, 900, 2100, 1200)).count("swapped_axes") == 3
    heights = check_against(holes, elevation_at=lambda xy: np.array([500.0, np.nan, 480.0]))
    assert heights.count("outside_terrain") == 1
    assert heights.count("off_terrain") == 1
    lifted = check_against(holes, elevation_at=lambda xy: np.array([460.0, 466.0, 470.0]))
    assert "two height datums?" in str(lifted.problems()[0])


cuts = st.lists(st.integers(1, 40), min_size=1, max_size=8, unique=True)


def spans_of(holes, start, end) -> Spans:
    n = len(start)
    rows = TableRows("assays", "a.csv", np.arange(n) + 2, np.array(holes), ("A", "B", "C"))
    return Spans(rows, np.array(holes), np.array(start, float), np.array(end, float))


@given(
    st.lists(
        st.tuples(st.integers(0, 2), st.integers(0, 30), st.integers(1, 20)),
        min_size=1,
        max_size=12,
    ),
    st.randoms(),
)
def test_overlaps_are_those_of_brute_force_in_any_order(rows, random):
    rows = list(dict.fromkeys(rows))
    random.shuffle(rows)
    spans = spans_of([h for h, _, _ in rows], [a for _, a, _ in rows], [a + n for _, a, n in rows])
    found = check_neighbours(spans, np.full(3, 100.0))
    said = {int(r) for f in found if f.mistake.check == "overlap" for r in f.rows}
    expected = {
        i + 2
        for i, (h, a, n) in enumerate(rows)
        for g, b, m in rows
        if h == g and (b, b + m) < (a, a + n) and b + m > a
    }
    assert said == expected


@given(cuts)
def test_gaps_and_samples_make_up_the_hole(cut):
    edges = np.array([0, *np.cumsum(sorted(cut))], dtype=float)
    start, end = edges[:-1], 0.5 * (edges[:-1] + edges[1:])
    found = check_neighbours(spans_of([0] * start.size, start, end), np.array([edges[-1]] * 3))
    gaps = [f for f in found if f.mistake.check == "gap"]
    metres = sum(float(word.split()[0]) for f in gaps for word in f.found)
    assert metres == pytest.approx((end - start)[:-1].sum())
