import re
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maps.drawings.curves import grade_tonnage_curve, support_curve, ticks
from maps.drawings.results import rows_of_field


def lines(svg):
    root = ET.fromstring(svg)
    return [
        p for p in root.iter("path") if p.get("stroke-width") == "2" and "h22" not in p.get("d")
    ]


def points(path):
    pairs = re.findall(r"(-?[\d.]+) (-?[\d.]+)", path.get("d"))
    return [(float(x), float(y)) for x, y in pairs]


def models(summary, role, field="konchoch"):
    rows = [r for r in rows_of_field(summary, field) if r["role"] == role]
    return {
        m: [r for r in rows if r["model"] == m] for m in dict.fromkeys(r["model"] for r in rows)
    }


def test_ore_falls_and_grade_rises_with_the_cut_off(summary):
    ore_a, ore_b, grade_a, grade_b = lines(grade_tonnage_curve(models(summary, "model")))
    for path in (ore_a, ore_b):
        ys = [y for _, y in points(path)]
        assert ys == sorted(ys)  # down the page
    for path in (grade_a, grade_b):
        ys = [y for _, y in points(path)]
        assert ys == sorted(ys, reverse=True)


def test_a_curve_is_a_picture_of_its_table(summary):
    rows = models(summary, "model")["A"]
    ore = points(lines(grade_tonnage_curve({"A": rows}))[0])
    top = max(r["ore_t"]["p90"] for r in rows)
    bottom = 118.0  # where the axis stands: height 150 less 32
    for (x, y), row in zip(ore, rows, strict=True):
        assert x == pytest.approx(34 + 142 * row["cutoff_sb_pct"] / 15, abs=0.06)
        assert y == pytest.approx(bottom - 98 * row["ore_t"]["value"] / top, abs=0.06)


def test_assumed_curves_are_dashed_and_models_are_not(summary):
    assert all(
        p.get("stroke-dasharray")
        for p in lines(grade_tonnage_curve(models(summary, "bounding", "jijikrut")))
    )
    assert not any(
        p.get("stroke-dasharray") for p in lines(grade_tonnage_curve(models(summary, "model")))
    )


def test_what_is_not_known_draws_no_line_and_no_zero(summary):
    assert grade_tonnage_curve(models(summary, "model", "jijikrut")) == ""
    assert support_curve([], 15) == ""


def test_labels_are_escaped(summary):
    svg = grade_tonnage_curve({"<script>": models(summary, "model")["A"]})
    ET.fromstring(svg)
    assert "<script>" not in svg


def test_the_share_of_rich_ore_falls_as_the_selection_unit_grows(summary):
    metal, tonnes = lines(support_curve(summary["support"]["rows"], 15))
    for path in (metal, tonnes):
        xs, ys = zip(*points(path), strict=True)
        assert list(xs) == sorted(xs)
        assert list(ys) == sorted(ys)


@given(
    st.floats(min_value=0, max_value=1e9),
    st.floats(min_value=1e-6, max_value=1e9),
    st.integers(min_value=2, max_value=6),
)
def test_ticks_are_few_even_and_inside(low, width, most):
    found = ticks(low, low + width, most)
    assert len(found) <= most + 1
    slack = 1e-6 * max(width, low)
    assert all(low - slack <= t <= low + width + slack for t in found)
