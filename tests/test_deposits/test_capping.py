"""Top-cuts: by hand, and the table given is left alone."""

from __future__ import annotations

import pandas as pd
import pytest

from deposits.drilling.capping import apply_caps, cap_effect, decile_analysis
from deposits.errors import DataError

SAMPLES = pd.DataFrame(
    {"domain": ["v", "v", "w"], "sb_pct": [2.0, 10.0, 50.0], "length_m": [3, 1, 1]}
)


def test_a_cap_acts_in_its_domain_alone_and_changes_nothing_in_place():
    capped, effect = apply_caps(SAMPLES, {("v", "sb_pct"): 6.0}, weight="length_m")
    assert capped["sb_pct"].tolist() == [2.0, 6.0, 50.0]
    assert SAMPLES["sb_pct"].tolist() == [2.0, 10.0, 50.0]
    row = effect.iloc[0]
    assert (row["n_capped"], row["mean_before"], row["mean_after"]) == (1, 4.0, 3.0)
    assert row["metal_removed_pct"] == pytest.approx(25.0)
    assert row["percentile"] == pytest.approx(75.0)


def test_deciles_share_out_all_metal():
    table = decile_analysis(range(1, 101))
    assert table["metal_pct"][:10].sum() == pytest.approx(100)
    assert table["metal"][9] == pytest.approx(sum(range(91, 101)))
    assert table["metal"][10:].sum() == pytest.approx(table["metal"][9])


def test_what_cannot_be_capped_is_refused():
    with pytest.raises(DataError, match="no such domain"):
        apply_caps(SAMPLES, {("x", "sb_pct"): 6.0})
    with pytest.raises(DataError, match="negative"):
        cap_effect([1.0], 1.0, [-1.0])
