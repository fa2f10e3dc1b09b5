"""What would a Competent Person send back?"""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose
from support.small_drilling import write_small

from deposits.drilling.compositing import CompositeRule, composite
from deposits.drilling.unsampled import fill_unsampled
from deposits.errors import DataError
from deposits.estimate.model import wild_problems
from deposits.estimate.plausibility import outside_problems
from deposits.estimate.results import produce
from deposits.estimate.workflow import load
from deposits.study import read_study

TABLES = ("study", "layers", "drillholes", "samples", "domains", "estimation", "blocks", "density",
          "classification", "tonnage", "validation", "synthetic", "map")  # fmt: skip
CLASSES = """
[classification]
measured = { most_spacing_m = 24, least_slope = 0.8 }
indicated = { most_spacing_m = 35, least_slope = 0.5 }
inferred = {}
smoothing_blocks = 1
"""


def study(folder, *changes, more="", domain=""):
    """A small study with some of its text replaced."""
    path = write_small(folder, domain=domain, more=more)
    text = path.read_text("utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path.write_text(text, "utf-8")
    return load(read_study(path, TABLES).or_raise())


def results(folder, *changes, **words):
    return produce(study(folder, *changes, **words).or_raise(), folder / "out")


@pytest.mark.parametrize(
    ("run_m", "lengths"), [(3.9, [1.95, 1.95]), (2.9, [2.9]), (3.0, [1.5, 1.5]), (0.7, [0.7])]
)
def test_a_run_is_cut_into_the_nearest_number_of_composites(run_m, lengths):
    table = pd.DataFrame({"hole_id": ["A"], "from_m": [0.0], "to_m": [run_m], "sb_pct": [1.0]})
    done = composite(table, ["sb_pct"], CompositeRule(2.0)).table
    assert_allclose(done["length_m"], lengths)


def test_core_left_unsampled_as_barren_counts_as_zero_when_the_study_says_so():
    table = pd.DataFrame(
        {"hole_id": ["A", "A", "A"], "from_m": [2.0, 8.0, 10.0], "to_m": [4.0, 10.0, 12.0],
         "sb_pct": [6.0, 3.0, np.nan], "density_t_per_m3": [2.9, 2.8, np.nan]}
    )  # fmt: skip
    filled = fill_unsampled(table, {"A": 14.0, "B": 3.0}, ["sb_pct"], 2.0)
    assert filled["to_m"].tolist() == [2, 4, 6, 8, 10, 12, 14, 1.5, 3]
    assert filled["sb_pct"].tolist() == [0, 6, 0, 0, 3, 0, 0, 0, 0]
    # Barren rock has a density, only nobody knows it.
    assert filled["density_t_per_m3"].notna().sum() == 2


def test_unsampled_ground_lowers_the_mean_of_the_domain(tmp_path):
    def mean(folder, *changes):
        folder.mkdir()
        path = write_small(folder)
        assays = pd.read_csv(folder / "assays.csv")
        assays[assays["from_m"] % 20 < 14].to_csv(folder / "assays.csv", index=False)
        text = path.read_text("utf-8")
        path.write_text(text.replace("length_m = 2", "\n".join(["length_m = 2", *changes])))
        found = produce(load(read_study(path, TABLES).or_raise()).or_raise(), folder / "out")
        return found.summary["domains"][0]["statistics"][0]["mean"]

    absent = mean(tmp_path / "a")
    assert mean(tmp_path / "b", 'unsampled = "zero"') == pytest.approx(absent * 0.7, rel=0.01)


def test_inferred_is_kept_apart_whatever_the_breakdown(tmp_path):
    changes = ('basis = "test"', 'basis = "test"\nby = ["domain"]')
    found = results(tmp_path, changes, more=CLASSES)
    assert found.summary["tonnage"]["by"] == ["class", "domain"]
    assert "Inferred approximately" in found.headline
    assert "unclassified" not in found.headline


def test_the_statement_tells_the_basis_the_criteria_and_the_smoothing(tmp_path):
    said = "\n".join(results(tmp_path, more=CLASSES).summary["tonnage"]["statement"])
    assert "The cut-off rests on: test." in said and "Prices: test" not in said
    assert "drill spacing up to 24 m, slope of regression at least 0.8" in said
    assert "then smoothed over 3 x 3 x 3 blocks, which moved" in said


def test_measured_densities_may_be_the_element_that_gives_the_tonnes(tmp_path):
    path = write_small(tmp_path)
    table = pd.read_csv(tmp_path / "assays.csv").rename(columns={"au_gpt": "density_t_per_m3"})
    table["density_t_per_m3"] = (2.6 + 0.1 * table["sb_pct"]).round(3)
    text = path.read_text("utf-8")
    old = 't_per_m3 = { value = 2.8, kind = "assumed", source = "test" }'
    text = text.replace("au_gpt", "density_t_per_m3").replace(old, 'element = "density_t_per_m3"')
    assert old not in text
    path.write_text(text, "utf-8")
    table.to_csv(tmp_path / "assays.csv", index=False)
    found = produce(load(read_study(path, TABLES).or_raise()).or_raise(), tmp_path / "out").summary
    names = [field["name"] for field in found["block_model"]["fields"]]
    assert len(names) == len(set(names))
    whole = found["tonnage"]["whole"][0]
    assert whole["ore_t"] / whole["volume_m3"] == pytest.approx(2.6 + 0.1 * whole["sb_pct"], 1e-3)


def test_the_variance_is_the_main_element_s_own_though_it_borrows_a_model(tmp_path):
    swap = [
        ("variograms.sb_pct]\nnugget", "variograms.au_gpt]\nnugget"),
        ('variograms.au_gpt]\nsame_as = "sb_pct"', 'variograms.sb_pct]\nsame_as = "au_gpt"'),
    ]
    found = results(tmp_path, *swap)
    plan = found.made.plans["ore"]
    assert plan.continuity["sb_pct"].covariance.sill > 2 * plan.continuity["au_gpt"].covariance.sill
    variance = pd.read_parquet(found.made.blocks)["variance"]
    ratio = variance.max() / plan.continuity["sb_pct"].covariance.sill
    assert 0.5 < ratio < 1.5


def test_a_second_domain_with_the_outline_of_the_first_is_refused(tmp_path):
    second = "[domains.waste]\n[domains.waste.variograms.sb_pct]\nnugget = 1\n"
    second += '[domains.waste.variograms.au_gpt]\nsame_as = "sb_pct"\n'
    found = study(tmp_path, more=second)
    assert any("gets no block" in str(problem) for problem in found.errors)


def test_a_domain_without_an_outline_is_a_warning(tmp_path):
    found = study(tmp_path)
    assert found.value is not None
    assert any("has no outline" in str(problem) for problem in found.problems)


def test_composites_that_a_code_puts_outside_the_outline_are_counted():
    points = np.column_stack([np.zeros(100), np.zeros(100), np.arange(100.0)])
    domain = np.full(100, "ore", dtype=object)
    found = outside_problems(points, domain, {"ore": lambda p: p[:, 2] < 90})
    assert "10 of 100 composites" in found[0].fact
    assert not outside_problems(points, domain, {"ore": lambda p: p[:, 2] < 99})


def test_a_drift_that_runs_wild_is_refused_and_a_few_estimates_are_not(tmp_path):
    assert wild_problems(6, 1_000)
    assert not wild_problems(5, 1_000)
    wild = (
        "discretisation = [2, 2, 2]",
        'method = "universal"\ndrift = ["x", "y", "z", "xy", "xz"]\ndiscretisation = [2, 2, 2]',
    )
    reach = ("reach_m = [60, 60, 30], least = 2, most = 12", "reach_m = [90, 90, 90], most = 7")
    wide = ("size_m = [10, 10, 10]", "size_m = [10, 10, 10]\nmargin_m = 60")
    with pytest.raises(DataError, match="far above the highest composite"):
        results(tmp_path, wild, reach, wide)
