"""Can somebody who has only collars, surveys and assays begin with `anzob new --drillholes`?"""

import math
import tomllib

import pandas as pd
import pytest
from support.command import anzob, printed

import anzob as front_door
from deposits.cli import DRILLHOLE_STARTER as STARTER
from deposits.estimate.results import produce
from deposits.estimate.workflow import load
from deposits.study import read_study
from deposits.synthetic import Campaign, DepositDesign, drill, make_deposit

TABLES = ("synthetic_assays.csv", "synthetic_collars.csv", "synthetic_surveys.csv")
# The example is drilled into a smaller deposit than the demonstration, with more of the wall rock
# sampled, because nothing but the search bounds its ore.
DESIGN = DepositDesign(
    seed=2, strike_length_m=160.0, width_m=130.0, faults=(), thickness_m=(15.0, 32.0, 50.0)
)
CAMPAIGN = Campaign(
    seed=2,
    section_spacing_m=40.0,
    hole_spacing_m=40.0,
    infill_spacing_m=40.0,
    sampled_wall_m=8.0,
)


def theirs(name):
    """Read a table of the starter as text."""
    return pd.read_csv(STARTER / name, dtype=str)


def loaded():
    """Read the starter as the command does."""
    return load(read_study(STARTER / "study.toml", front_door.House().tables).or_raise())


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    """Estimate the starter once."""
    return produce(loaded().or_raise(), tmp_path_factory.mktemp("starter"))


@pytest.fixture(scope="module")
def campaign():
    """Drill the example again."""
    return drill(make_deposit(DESIGN), CAMPAIGN)


def metal_per_length(table, element):
    """Grade times length of a balance, before and after compositing."""
    row = next(row for row in table if row["element"] == element)
    return row["metal_before"], row["metal_after"]


def test_the_metal_of_the_samples_goes_into_the_composites(results):
    for element in ("sb_pct", "au_gpt"):
        before, after = metal_per_length(results.summary["drilling"]["balance"], element)
        assert before > 0
        assert after == pytest.approx(before, rel=1e-12)


def test_metal_is_tonnes_times_grade(results):
    rows = [row for row in results.summary["tonnage"]["rows"] if row["ore_t"] > 0]
    assert rows
    for row in rows:
        assert row["sb_t"] == pytest.approx(row["ore_t"] * row["sb_pct"] / 100, rel=1e-9)


def test_blocks_are_estimated_classed_and_counted(results):
    blocks = results.summary["block_model"]
    assert blocks["estimated"] > 1000
    assert blocks["estimated"] + blocks["unestimated"] == blocks["rows"]
    ore = {
        row["class"]: row["ore_t"]
        for row in results.summary["tonnage"]["rows"]
        if row["cutoff"] == 1.0
    }
    assert ore["Indicated"] > 0
    assert ore["Inferred"] > 0
    assert results.summary["tonnage"]["statement"]


def test_estimates_stay_near_the_declustered_samples(results):
    statistics = results.summary["domains"][0]["statistics"]
    declustered = next(s for s in statistics if s["element"] == "sb_pct")["declustered_mean"]
    blocks = pd.read_parquet(results.made.blocks, columns=["sb_pct"])["sb_pct"].dropna()
    assert blocks.max() < 15
    assert blocks.mean() == pytest.approx(declustered, rel=0.1)


def test_everything_says_that_it_is_synthetic(results):
    assert results.headline.startswith("SYNTHETIC")
    assert all(name.startswith("synthetic_") for name in results.files)
    assert tomllib.loads((STARTER / "study.toml").read_text("utf-8"))["study"]["synthetic"] is True
    for name in TABLES:
        assert set(theirs(name)["synthetic"]) == {"true"}
        assert theirs(name)["BHID"].str.match(r"EX-\d{3}$").all()


def test_the_study_passes_its_check():
    problems = loaded().problems
    assert [str(p) for p in problems if p.severity == "error"] == []


@pytest.mark.parametrize("name", TABLES)
def test_the_tables_are_those_of_the_invented_deposit(name, campaign):
    found = theirs(name).drop(columns="synthetic")
    mapping = tomllib.loads((STARTER / "study.toml").read_text("utf-8"))["drillholes"]
    stem = name.removeprefix("synthetic_").removesuffix(".csv")
    columns = (mapping | mapping["intervals"])[stem]["columns"]
    made = getattr(campaign, stem)[list(columns)].rename(columns=columns)
    assert list(found) == list(made)
    assert len(found) == len(made)
    for column in found:
        if column == "BHID":
            assert list(found[column]) == list(made[column].str.replace("SYN", "EX"))
            continue
        for left, right in zip(found[column], made[column], strict=True):
            if left.startswith("<"):
                assert left == right
            else:
                assert math.isclose(float(left), float(right), abs_tol=0.006)


def test_a_new_study_is_written_and_says_what_to_type_next(tmp_path):
    folder = tmp_path / "mine"
    made = anzob("new", folder, "--drillholes")
    assert made.returncode == 0, made.stderr
    assert sorted(path.name for path in folder.iterdir()) == ["study.toml", *TABLES]
    check, study = made.stdout.splitlines()[-2:]
    assert check.strip() == f"anzob check {folder / 'study.toml'}"
    assert study.strip().startswith(f"anzob study {folder / 'study.toml'} --out")
    checked = anzob(*check.split()[1:])
    assert checked.returncode == 0, checked.stdout
    assert "0 errors" in checked.stdout


def test_nothing_is_overwritten(tmp_path):
    (tmp_path / TABLES[0]).write_text("mine", "utf-8")
    made = anzob("new", tmp_path, "--drillholes")
    assert made.returncode == 1
    assert TABLES[0] in made.stderr
    assert [path.name for path in tmp_path.iterdir()] == [TABLES[0]]
    assert (tmp_path / TABLES[0]).read_text("utf-8") == "mine"


def test_a_program_is_told_the_files(tmp_path):
    found = printed("new", tmp_path / "mine", "--drillholes", "--json")
    assert found["files"] == ["study.toml", *TABLES]


def test_without_the_option_a_new_study_is_of_published_evidence(tmp_path):
    assert "statements.csv" in printed("new", tmp_path / "mine", "--json")["files"]
