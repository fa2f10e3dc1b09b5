import ast
import re
from pathlib import Path

import pytest
from support.colours import smallest_distance

import maps
from maps import palettes, style, wording

# Delta E 1976 of 2.3 is just noticeable; signs of a legend must be told apart at a glance.
CLEARLY_APART = 15.0


def test_black_and_white_are_as_far_apart_as_lightness_goes():
    assert palettes.as_seen("#000000")[0] == pytest.approx(0.0, abs=1e-6)
    assert palettes.as_seen("#ffffff")[0] == pytest.approx(100.0, abs=1e-6)
    assert palettes.contrast("#000000", "#ffffff") == pytest.approx(21.0)


@pytest.mark.parametrize("deficiency", palettes.DEFICIENCIES)
def test_grey_stays_grey_for_every_eye(deficiency):
    lightness, a, b = palettes.as_seen("#808080", deficiency)
    assert lightness == pytest.approx(53.585, abs=0.01)
    assert abs(a) < 0.05 and abs(b) < 0.05


def test_red_and_green_of_equal_lightness_come_close_without_red_cones():
    red, green = "#c04040", "#4a8020"
    ordinary = palettes.as_seen(red), palettes.as_seen(green)
    without = palettes.as_seen(red, "deuteranopia"), palettes.as_seen(green, "deuteranopia")

    def apart(pair):
        return sum((x - y) ** 2 for x, y in zip(*pair, strict=True)) ** 0.5

    assert apart(without) < 0.5 * apart(ordinary)


@pytest.mark.parametrize(
    "colours",
    [
        pytest.param((palettes.GOOD, palettes.BAD, palettes.UNKNOWN), id="verdicts"),
        pytest.param(palettes.CURVES, id="curves"),
        pytest.param(
            tuple({c.symbol.fill for c in style.BLOCKS.classes if c.symbol.fill}), id="blocks"
        ),
        pytest.param(palettes.SEQUENCE, id="grades"),
        pytest.param(palettes.YEARS, id="years of a plan"),
        pytest.param((*palettes.NAMED, palettes.ABSENT), id="named blocks"),
        pytest.param((palettes.VERMILLION, palettes.GREY, palettes.LATER), id="pit by period"),
        pytest.param(palettes.FULNESS, id="how full a limit is"),
        pytest.param((palettes.CONTOUR, palettes.VERMILLION, palettes.INK), id="section lines"),
        pytest.param(
            (palettes.VERMILLION, palettes.BLUE, palettes.SKY, palettes.ROAD), id="map signs"
        ),
    ],
)
def test_colours_that_stand_together_stay_apart_for_every_eye(colours):
    assert smallest_distance(colours) > CLEARLY_APART


def test_the_check_would_notice_two_like_colours():
    assert smallest_distance(("#d55e00", "#cc5a05")) < CLEARLY_APART


def test_verdicts_and_findings_differ_by_sign_and_word_not_by_colour_alone():
    for words in (wording.VERDICTS, wording.TESTS, wording.FINDINGS):
        signs = [word.sign for word in words.values()]
        assert len(set(signs)) == len(signs)
        assert len({word.text for word in words.values()}) == len(signs)


def test_white_signs_in_verdict_circles_can_be_read():
    # The sign is large and bold, for which WCAG 2 asks a contrast of 3.
    for word in wording.VERDICTS.values():
        assert palettes.contrast(word.colour, "#ffffff") > 3.0


@pytest.mark.parametrize("name", ["DEPOSITS", "DISCS", "PLACES", "BLOCKS"])
def test_no_two_classes_of_a_layer_look_the_same(name):
    classes = getattr(style, name).classes
    assert len({c.symbol for c in classes}) == len(classes)


def test_discs_of_uncertainty_are_dashed_and_empty():
    for one in style.DISCS.classes:
        assert one.symbol.dash_px
        assert one.symbol.fill is None
    assert style.NOT_AN_OUTLINE in style.DISCS.classes[0].label


@pytest.mark.parametrize(
    ("deficiency", "one", "other", "worse"),
    [
        # Pairs that each kind of colour blindness is known to confuse, and one that it leaves.
        ("protanopia", "#1b2f3a", "#760b39", True),
        ("deuteranopia", "#b04a4a", "#6f7a30", True),
        ("tritanopia", "#4a90c0", "#4c9a8a", True),
        ("protanopia", "#2040c0", "#e0d040", False),
        ("deuteranopia", "#2040c0", "#e0d040", False),
        ("tritanopia", "#c03030", "#2060a0", False),
    ],
)
def test_each_deficiency_hides_its_own_pairs_and_no_others(deficiency, one, other, worse):
    def apart(eye):
        pair = palettes.as_seen(one, eye), palettes.as_seen(other, eye)
        return sum((a - b) ** 2 for a, b in zip(*pair, strict=True)) ** 0.5

    assert (apart(deficiency) < 0.6 * apart(None)) is worse


@pytest.mark.parametrize("deficiency", palettes.DEFICIENCIES)
def test_the_least_distance_looks_with_every_eye(deficiency, monkeypatch):
    pairs = {
        "protanopia": ("#1b2f3a", "#760b39"),
        "deuteranopia": ("#b04a4a", "#6f7a30"),
        "tritanopia": ("#4a90c0", "#4c9a8a"),
    }
    with_all = smallest_distance(pairs[deficiency])
    others = {k: m for k, m in palettes.DEFICIENCIES.items() if k != deficiency}
    monkeypatch.setattr(palettes, "DEFICIENCIES", others)
    assert with_all < smallest_distance(pairs[deficiency])


def known_colours():
    """Every colour of the palettes, in small letters."""
    text = Path(palettes.__file__).read_text("utf-8")
    return {colour.lower() for colour in re.findall(r'"(#[0-9a-fA-F]{6})"', text)}


def is_coloured(colour):
    """Whether a colour is more than a grey."""
    _, a, b = palettes.as_seen(colour)
    return (a * a + b * b) ** 0.5 > 12


FOLDER = Path(maps.__file__).parent
PYTHON = [p for p in sorted(FOLDER.rglob("*.py")) if p.name != "palettes.py"]
SCRIPTS = sorted(FOLDER.glob("assets/anzob_*.js"))


def test_no_colour_is_written_a_second_time_in_python():
    written = []
    for path in PYTHON:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            value = node.value if isinstance(node, ast.Constant) else None
            if isinstance(value, str) and re.fullmatch("#[0-9a-fA-F]{6}", value):
                again = value.lower() in known_colours() or is_coloured(value)
                written += [(path.name, value)] if again else []
    assert written == [] and len(PYTHON) > 50


def test_scripts_draw_in_colours_of_the_palettes():
    found = {
        (path.name, colour)
        for path in SCRIPTS
        for colour in re.findall(r'"(#[0-9a-fA-F]{6})"', path.read_text("utf-8"))
    }
    strange = {(n, c) for n, c in found if is_coloured(c) and c.lower() not in known_colours()}
    assert strange == set() and found
