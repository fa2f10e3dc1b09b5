"""Is a drillhole study that cannot be right refused before anything is estimated?"""

import shutil
from pathlib import Path

import pytest

from deposits.errors import DataError
from deposits.estimate import STUDY_TABLES as DRILLED
from deposits.estimate.workflow import load
from deposits.study import read_study
from deposits.tonnage.cli import Asked, print_tonnage

DATA = Path(__file__).parents[2] / "data"
#: Tables that higher storeys read.
OTHERS = ("map", "economics", "plants", "value", "mine", "pit", "stopes", "schedule", "scenario")
TABLES = ("study", "layers", *DRILLED, *OTHERS)


@pytest.fixture
def spoilt(tmp_path):
    """Copy the SYNTHETIC study, spoil a text in one of its files, and list what is said."""
    shutil.copytree(DATA / "demo", tmp_path / "demo")

    def spoil(file, old, new):
        text = (DATA / file).read_text("utf-8")
        assert old in text
        (tmp_path / file).write_text(text.replace(old, new, 1), "utf-8")
        if file != "demo.toml":
            shutil.copy(DATA / "demo.toml", tmp_path)
        return load(read_study(tmp_path / "demo.toml", TABLES).or_raise())

    return spoil


STUDY = "demo.toml"
COLLARS = "demo/synthetic_collars.csv"


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        (COLLARS, "171585.65", "1e9", "outside the district"),
        (COLLARS, "171585.65,5488.37", "5488.37,171585.65", "easting and northing are exchanged"),
        (STUDY, "shape = [26, 54, 64]", "shape = [10000, 10000, 10000]", "1,000,000,000,000"),
        (STUDY, "shape = [26, 54, 64]", "shape = [100000000000, 100000000000, 1]", "too many"),
        (STUDY, "split = [2, 2, 2]", "split = [10000, 10000, 10]", "too many sub-blocks"),
        (STUDY, "discretisation = [4, 4, 2]", "discretisation = [900, 9, 9]", "too fine"),
        (STUDY, 'by = ["class"]', 'by = ["clas"]', 'Did you mean "class"'),
        (STUDY, 'cut_field = "sb_pct"', 'cut_field = "sb_ptc"', 'Did you mean "sb_pct"'),
        (STUDY, '"ordinary"', '"universal"\ndrift = ["q"]', "a drift term is made of x, y, z"),
    ],
)
def test_what_cannot_be_is_refused_before_the_work(spoilt, file, old, new, said):
    found = spoilt(file, old, new)
    assert found.value is None
    assert any(said in str(problem) for problem in found.errors)


def test_a_collar_far_above_the_ground_is_a_warning(spoilt):
    found = spoilt(COLLARS, "1009.06", "5009.06")
    assert found.value is not None
    assert any("above or below the terrain" in str(problem) for problem in found.problems)


def test_a_table_of_assays_without_rows_is_refused(spoilt):
    text = (DATA / "demo/synthetic_assays.csv").read_text("utf-8")
    rows = text.split("\n", 1)[1]
    found = spoilt("demo/synthetic_assays.csv", rows, "")
    assert any("no interval has a grade of sb_pct" in str(problem) for problem in found.errors)


def asked(**stated):
    words = {"cutoffs": "0", "by": "", "field": "", "elements": "", "density": "", "block_m3": None}
    return Asked(**{**words, "absent": "unestimated", **stated})


@pytest.mark.parametrize(
    ("stated", "place"),
    [
        ({"elements": "sb_pct,sb_pct"}, "--elements"),
        ({"block_m3": 0.0}, "--block-m3"),
        ({"absent": "never"}, "--absent"),
    ],
)
def test_a_command_line_that_cannot_be_is_refused(tmp_path, stated, place):
    path = tmp_path / "blocks.csv"
    path.write_text("sb_pct,density_t_per_m3,dx,dy,dz\n1,2.7,1,1,1\n", "utf-8")
    with pytest.raises(DataError) as caught:
        print_tonnage(path, asked(**stated), as_json=True)
    assert [problem.place for problem in caught.value.problems] == [place]


def test_a_block_model_that_is_not_utf_8_is_refused(tmp_path):
    path = tmp_path / "blocks.csv"
    text = "sb_pct,density_t_per_m3,dx,dy,dz,зона\n1,2.7,1,1,1,руда\n"
    path.write_bytes(text.encode("cp1251"))
    with pytest.raises(DataError, match="not UTF-8"):
        print_tonnage(path, asked(), as_json=True)
