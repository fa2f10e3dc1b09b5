import numpy as np
import numpy.testing as npt
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deposits.errors import DataError
from deposits.estimation.classification import (
    Classified,
    Criterion,
    classify,
    drill_spacing,
    smooth_classes,
)

CRITERIA = (
    Criterion("Measured", most_spacing_m=20.0, least_slope=0.85, most_pass=1, least_holes=3),
    Criterion("Indicated", most_spacing_m=40.0, least_slope=0.6, most_pass=2, least_holes=2),
    Criterion("Inferred", most_pass=3),
)


def blocks(**columns):
    usual = {"spacing_m": 15.0, "slope": 0.9, "pass_number": 1, "n_holes": 4}
    named = usual | columns
    n = max(np.size(values) for values in named.values())
    return pd.DataFrame({name: np.broadcast_to(v, n) for name, v in named.items()})


def test_a_block_takes_the_surest_class_it_meets():
    table = pd.concat(
        [
            blocks(),
            blocks(slope=0.84),
            blocks(spacing_m=40.0, pass_number=2, n_holes=2, slope=0.6),
            blocks(spacing_m=40.1),
            blocks(pass_number=3, slope=np.nan),
            blocks(pass_number=0),
        ]
    )
    found = classify(table, CRITERIA)
    expected = ["Measured", "Indicated", "Indicated", "Inferred", "Inferred", ""]
    assert found.labels.tolist() == expected
    assert found.counts() == {"Measured": 1, "Indicated": 2, "Inferred": 2, "": 1}


def test_what_is_at_the_limit_is_in_and_what_is_absent_is_out():
    found = classify(blocks(spacing_m=[20.0, np.nan], slope=[0.85, 0.9]), CRITERIA)
    assert found.labels.tolist() == ["Measured", "Inferred"]


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(st.floats(0, 100), st.floats(0, 1), st.integers(0, 4), st.integers(0, 9)),
        min_size=1,
    )
)
def test_a_better_informed_block_is_never_in_a_less_sure_class(rows):
    table = pd.DataFrame(rows, columns=["spacing_m", "slope", "pass_number", "n_holes"])
    better = table.assign(spacing_m=table["spacing_m"] / 2, n_holes=table["n_holes"] + 1)
    first, second = classify(table, CRITERIA).codes, classify(better, CRITERIA).codes
    assert (second[first >= 0] <= first[first >= 0]).all()
    assert (first[table["pass_number"] == 0] == -1).all()


def test_missing_columns_and_crossing_criteria_are_all_named():
    crossed = (Criterion("Measured", least_slope=0.5), Criterion("Indicated", least_slope=0.8))
    with pytest.raises(DataError, match="Indicated asks for more than Measured"):
        classify(blocks(), crossed)
    with pytest.raises(DataError, match="variance_ratio"):
        classify(blocks(), (Criterion("Measured", most_variance_ratio=0.3),))
    with pytest.raises(DataError, match="Indicated asks for more"):
        classify(blocks(), (Criterion("Measured"), Criterion("Indicated", most_pass=2)))


def square_grid(spacing, n=12):
    x, y, z = (a.ravel() for a in np.meshgrid(np.arange(n), np.arange(n), np.arange(5)))
    return np.column_stack([x * spacing, y * spacing, 2.0 * z]), x * 1000 + y


def test_a_square_grid_has_its_own_spacing_in_mid_cell_and_0_94_of_it_at_a_hole():
    points, holes = square_grid(30.0)
    middle, hole = [165.0, 165.0, 4.0], [150.0, 150.0, 4.0]
    npt.assert_allclose(drill_spacing(points, holes, [middle, hole]), [30.0, 30 * 2**1.5 / 3])
    everywhere = np.column_stack(
        [*np.random.default_rng(1).uniform(150, 180, (2, 4000)), np.full(4000, 4.0)]
    )
    found = drill_spacing(points, holes, everywhere)
    assert found.min() > 0.89 * 30 and found.max() < 1.01 * 30


def test_spacing_agrees_with_brute_force_where_holes_are_sampled_densely():
    rng = np.random.default_rng(3)
    holes = np.repeat(np.arange(6), 200)
    xy = rng.uniform(0, 100, (6, 2))[holes]
    points = np.column_stack([xy, rng.uniform(-50, 50, holes.size)])
    targets = rng.uniform(0, 100, (50, 3))
    distance = np.linalg.norm(targets[:, None] - points, axis=2)
    by_hole = np.sort([distance[:, holes == h].min(axis=1) for h in range(6)], axis=0)[:3]
    npt.assert_allclose(drill_spacing(points, holes, targets), 2**0.5 * by_hole.mean(axis=0))


def test_two_holes_have_no_spacing():
    assert np.isnan(drill_spacing(np.eye(3), [1, 1, 2], np.zeros((4, 3)))).all()


NAMES = ("Measured", "Indicated", "Inferred")


def smoothed(codes, **more):
    codes = np.asarray(codes, dtype=np.int8)
    shape = codes.shape[::-1]
    return smooth_classes(
        Classified(NAMES, codes.ravel()), shape, np.arange(codes.size), radius=(1, 1, 0), **more
    )


def test_a_spot_is_removed_and_accounted_for():
    codes = np.ones((1, 5, 5))
    codes[0, 2, 2] = 0
    found = smoothed(codes, tonnes=np.full(25, 7.0))
    assert (found.classified.codes == 1).all()
    assert found.moved.values.tolist() == [["Measured", "Indicated", 1, 7.0]]


def test_a_block_goes_up_by_one_class_at_most():
    codes = np.zeros((1, 5, 5))
    codes[0, 2, 2] = 2
    assert smoothed(codes).classified.codes[12] == 1


def test_unclassified_blocks_stay_and_have_no_vote():
    codes = np.full((1, 5, 5), -1)
    codes[0, 2, 2] = 0
    assert smoothed(codes).classified.codes.tolist() == codes.ravel().tolist()


def brute_force(codes):
    found = codes.copy()
    for z, y, x in np.ndindex(codes.shape):
        own = codes[z, y, x]
        if own < 0:
            continue
        around = codes[z, max(y - 1, 0) : y + 2, max(x - 1, 0) : x + 2].ravel()
        votes = [np.sum(around == c) for c in range(3)]
        most = max(votes)
        tied = [c for c in range(3) if votes[c] == most]
        found[z, y, x] = max(own if own in tied else max(tied), own - 1)
    return found


@settings(deadline=None)
@given(st.integers(0, 10_000))
def test_smoothing_agrees_with_counting_by_hand(seed):
    codes = np.random.default_rng(seed).integers(-1, 3, (2, 6, 7))
    npt.assert_array_equal(smoothed(codes).classified.codes, brute_force(codes).ravel())


def test_the_order_of_blocks_does_not_matter():
    rng = np.random.default_rng(5)
    codes, order = rng.integers(-1, 3, 60).astype(np.int8), rng.permutation(60)
    first = smooth_classes(Classified(NAMES, codes), (5, 4, 3), np.arange(60)).classified.codes
    second = smooth_classes(Classified(NAMES, codes[order]), (5, 4, 3), order).classified.codes
    npt.assert_array_equal(first[order], second)
