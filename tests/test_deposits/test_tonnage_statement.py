import numpy as np
import pandas as pd
import pytest

from deposits.errors import DataError
from deposits.tonnage.request import Density, Element, TonnageRequest
from deposits.tonnage.statement import Basis, statement
from deposits.tonnage.table import tabulate_blocks

BLOCKS = pd.DataFrame(
    {
        # 10,863,000 t at 8.23 % is the example of JORC 2012, clause 25: 11 million t at 8.2 %.
        "sb_pct": [8.23, 4.0, 3.0, 2.0],
        "au_gpt": [1.0, 1.0, 2.0, 1.0],
        "volume_m3": [10_863_000.0, 2_000_000.0, 1_234_567.0, 50_000.0],
        "category": ["Measured", "Indicated", "Inferred", ""],
        "lode": ["N", "S", "N", "S"],
    }
)
ELEMENTS = (Element("sb_pct"), Element("au_gpt"))


def table(synthetic=False, **changes):
    asked = {"cut_field": "sb_pct", "cutoffs": (1.0, 1.5), "elements": ELEMENTS}
    asked |= {"by": ("lode", "category"), "density": Density(None, 1.0)} | changes
    return tabulate_blocks(BLOCKS, TonnageRequest(**asked), synthetic=synthetic, source="b.parquet")


def test_the_code_s_own_example_is_rounded_as_the_code_rounds_it():
    text = statement(table(), Basis(1.5)).text
    assert "at or above a cut-off of 1.5 % Sb (base case)" in text
    assert "Measured: 11,000,000 t at 8.2 % Sb and 1.0 g/t Au, containing 890,000 t Sb" in text


def test_inferred_is_approximate_and_apart():
    lines = statement(table(), Basis(1.5)).text.splitlines()
    inferred = [line for line in lines if line.startswith("Inferred:")]
    assert inferred[0].startswith("Inferred: approximately 1,200,000 t at 3.0 % Sb")
    assert "Measured + Indicated: 13,000,000 t" in "\n".join(lines)
    assert not [line for line in lines if line.startswith("all")]
    assert any("totals may not add due to rounding" in line for line in lines)


def test_ore_without_a_category_is_not_stated_but_named():
    said = statement(table(), Basis(1.5))
    assert "50,000 t at or above the cut-off are unclassified: not stated." in said.text
    assert "unclassified" not in set(said.rounded["category"])


def test_what_is_not_stated_is_said_to_be_not_stated():
    text = statement(table(), Basis(1.5, price="30,000 USD/t Sb")).text
    assert "Prices: 30,000 USD/t Sb." in text and "Competent Person: not stated." in text
    assert "economic extraction: not assessed." in text
    assert "Density: 1 t/m3 everywhere, stated." in text
    assert statement(table(), Basis(1.5, disclaimer="No resource.")).text.endswith("No resource.")


def test_the_base_case_is_marked_and_the_unrounded_figures_are_kept():
    said = statement(table(), Basis(1.5))
    assert said.rounded.loc[said.rounded["base_case"], "cutoff"].unique().tolist() == [1.5]
    kept = said.unrounded
    assert 10_863_000.0 in kept["ore_t"].to_numpy()
    assert len(kept) == len(said.rounded)
    both = kept[kept["category"] == "Measured + Indicated"]["sb_t"].iloc[0]
    np.testing.assert_allclose(both, 10_863_000 * 0.0823 + 2_000_000 * 0.04)


def test_synthetic_is_said_in_every_line_and_every_row():
    said = statement(table(synthetic=True), Basis(1.5))
    assert all(line.startswith("SYNTHETIC") for line in said.text.splitlines())
    assert said.rounded["category"].str.startswith("SYNTHETIC").all()
    assert said.rounded["synthetic"].all()


@pytest.mark.parametrize(
    ("changes", "cutoff", "fact"),
    [
        ({"by": ("lode",)}, 1.5, "needs categories"),
        ({"elements": ()}, 1.5, "needs grades"),
        ({}, 2.0, "not on the ladder"),
    ],
)
def test_tonnes_grade_and_category_are_stated_together_or_not_at_all(changes, cutoff, fact):
    with pytest.raises(DataError, match=fact):
        statement(table(**changes), Basis(cutoff))
