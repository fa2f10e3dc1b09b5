"""Density of ore from its antimony and its host."""

import numpy as np
import numpy.testing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from deposits.errors import DataError
from deposits.evidence.density import ore_density
from deposits.study_values import Density


def test_the_published_pair_is_met():
    npt.assert_allclose(ore_density([2.5, 15.0], 2.70), [2.74, 2.96], atol=0.005)


def test_the_ends_are_pure_host_and_pure_stibnite():
    npt.assert_allclose(ore_density([0.0, 71.7], 2.70), [2.70, 4.63])


@settings(deadline=None)
@given(st.floats(0.0, 71.7), st.floats(2.0, 3.5))
def test_volumes_add_up(sb, host):
    stibnite = sb / 71.7
    volume = (1.0 - stibnite) / host + stibnite / 4.63
    npt.assert_allclose(float(ore_density(sb, host)) * volume, 1.0)


@settings(deadline=None)
@given(st.floats(0.0, 71.0), st.floats(0.01, 0.7), st.floats(1.5, 4.5))
def test_richer_ore_in_a_lighter_host_is_heavier(sb, more, host):
    assert ore_density(sb + more, host) > ore_density(sb, host)


def test_shapes_broadcast_and_nan_stays_unknown():
    densities = ore_density([[1.0], [np.nan]], [2.6, 2.7, 2.8])
    assert densities.shape == (2, 3)
    assert np.isnan(densities[1]).all() and np.isfinite(densities[0]).all()
    assert ore_density([], 2.7).shape == (0,)


@pytest.mark.parametrize(("sb", "host"), [(-0.1, 2.7), (71.8, 2.7), (2.5, 0.9), (2.5, 2700.0)])
def test_numbers_out_of_range_are_refused(sb, host):
    with pytest.raises(DataError, match="out of range"):
        ore_density(sb, host)


def test_every_wrong_number_is_listed():
    with pytest.raises(DataError) as caught:
        ore_density([-1.0, 80.0], 27.0)
    assert len(caught.value.problems) == 3


@pytest.mark.parametrize("density", [1.0, 5.5, 0.99, 5.51, 2700.0])
def test_the_study_allows_just_what_the_mixing_rule_takes(density):
    stated = TypeAdapter(Density)
    try:
        ore_density(2.5, density)
    except DataError:
        with pytest.raises(ValidationError):
            stated.validate_python(density)
    else:
        assert stated.validate_python(density).base == density
