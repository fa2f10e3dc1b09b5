"""Is the demonstration's money complete, plausible, and openly made up?"""

import tomllib
from pathlib import Path

import numpy as np

from deposits.study import validate
from planning.economics.block_config import ValueTable
from planning.economics.block_nsr import block_return
from planning.economics.block_terms import block_terms
from planning.economics.config import Economics, Plant
from planning.economics.cutoffs import Beside, cutoffs

DATA = Path(__file__).parents[2] / "data"
#: About what stands beside the antimony in the invented samples at or above 1 % Sb.
BESIDE = {"au_gpt": Beside(0.0, 0.19), "as_pct": Beside(0.0, 0.073), "hg_pct": Beside(0.0, 0.013)}


def demo():
    tree = tomllib.loads((DATA / "demo.toml").read_text("utf-8"))
    economics = validate(Economics, tree["economics"], "economics", file="demo.toml").or_raise()
    plants = {name: Plant.model_validate(table) for name, table in tree["plants"].items()}
    value = validate(ValueTable, tree["value"], "value", file="demo.toml").or_raise()
    return block_terms(economics, plants, value).or_raise()


def test_nothing_is_missing_and_gold_is_counted():
    assert demo().missing == ()
    assert demo().counts_gold


def test_every_figure_says_that_it_is_synthetic_and_assumed():
    for statement in demo().statements:
        assert statement.source.startswith("SYNTHETIC"), statement.key
        assert statement.kind == "assumed", statement.key


def test_the_cutoffs_lie_where_a_stibnite_mine_has_them():
    found = {row.name: row.sb_pct for row in cutoffs(demo(), BESIDE).rows}
    assert 0.2 < found["marginal (mill)"] < found["mine, open pit"] < 1.0
    assert found["mine, open pit"] < found["mine, stopes"] < 1.5


def test_ore_of_2_pct_gives_a_few_per_cent_of_concentrate_and_a_few_hundred_dollars():
    grades = {"sb_pct": [2.0], "au_gpt": [0.4], "as_pct": [0.15], "hg_pct": [0.026]}
    paid = block_return(grades, demo())
    assert 0.02 < paid.mass_pull[0] < 0.05
    assert 150.0 < paid.nsr_usd_per_t[0] < 400.0
    assert np.isfinite(paid.contents_pct["hg"][0])


def test_the_study_of_real_evidence_values_no_blocks():
    tree = tomllib.loads((DATA / "anzob.toml").read_text("utf-8"))
    assert "value" not in tree
