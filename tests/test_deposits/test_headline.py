"""Do the headline tables follow the stated law, and say nothing where it is not stated?"""

import math

import pytest
from scipy import integrate
from scipy.optimize import brentq
from support.studies import NORTH, TABLES, write_study

from deposits.config import read_config
from deposits.evidence.headline import headline_tables
from deposits.study import read_study
from deposits.workflow import read_inputs, work_out

GOLDEN = NORTH | {"primary": "ore_t;sb_pct;au_gpt", "au_gpt": "2"}


def tables(folder, *rows, law=""):
    path = write_study(folder, *rows)
    text = path.read_text("utf-8").replace(
        "selection_unit_t = 100\n", f"selection_unit_t = 100\n{law}"
    )
    path.write_text(text, "utf-8")
    study = read_study(path, TABLES).or_raise()
    config = read_config(study).or_raise()
    ground = work_out(config, read_inputs(study, config).or_raise())
    return headline_tables(ground.resources, config)


def shares(mean, cv, cutoff, top):
    """Tonnage and metal share of a lognormal law cut off at *top*, by numerical integration."""

    def moment(power, low, sigma, median):
        def density(y):
            z = (y - math.log(median)) / sigma
            return math.exp(power * y - z * z / 2) / (sigma * math.sqrt(2 * math.pi))

        start = math.log(low) if low else math.log(median) - 12 * sigma
        return integrate.quad(density, start, math.log(top), epsabs=0, limit=200)[0]

    def median_for(sigma):
        def off(median):
            return moment(1, 0, sigma, median) / moment(0, 0, sigma, median) - mean

        return brentq(off, mean / 10, top * 10, xtol=1e-12)

    def cv_off(sigma):
        median = median_for(sigma)
        whole = moment(0, 0, sigma, median)
        return (moment(2, 0, sigma, median) / whole / mean**2 - 1) ** 0.5 - cv

    sigma = brentq(cv_off, 0.3, 1.5, xtol=1e-12)
    median = median_for(sigma)
    whole = moment(0, 0, sigma, median)
    return (
        moment(0, cutoff, sigma, median) / whole,
        moment(1, cutoff, sigma, median) / whole / mean,
    )


@pytest.mark.parametrize("top", [20.0, 71.7])
def test_the_largest_grade_that_the_study_states_cuts_the_headline(tmp_path, top):
    rows = tables(tmp_path, law=f"upper_sb_pct = {top}\n")["rows"]
    (row,) = [r for r in rows if r["cv"] == 1.0]
    tonnes, metal = shares(3.0, 1.0, 15.0, top)
    assert row["tonnage_share"] == pytest.approx(tonnes, rel=1e-5)
    assert row["metal_share"] == pytest.approx(metal, rel=1e-5)
    assert row["ore_t"] == pytest.approx(1e6 * tonnes, rel=1e-5)


def test_a_largest_grade_below_the_headline_cut_off_leaves_nothing(tmp_path):
    rows = tables(tmp_path, law="upper_sb_pct = 14\n")["rows"]
    assert {r["ore_t"] for r in rows if r["feasible"]} == {0.0}


def test_gold_of_some_statements_has_no_headline(tmp_path):
    law = "au_cv = 0.8\n"
    alone = tables(tmp_path, GOLDEN, law=law)["gold"]
    assert [row["rho"] for row in alone] == [-0.3, 0.0, 0.3, 0.6]
    both = tables(tmp_path, GOLDEN, GOLDEN | {"statement_id": "N2"}, law=law)["gold"]
    assert [row["au_kg"] for row in both] == pytest.approx([2 * row["au_kg"] for row in alone])
    assert tables(tmp_path, GOLDEN, NORTH | {"statement_id": "N2"}, law=law)["gold"] == []
