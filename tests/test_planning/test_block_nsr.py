"""Is a block paid what its metallurgy and the contract say, and never what nobody stated?"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.block_values import CURVES, terms

from deposits.errors import DataError
from planning.economics import block_nsr as module
from planning.economics.block_nsr import PARTS, blend, block_nsr, block_return
from planning.economics.nsr import net_smelter_return
from planning.economics.recovery import Curve

HAND = {"sb_pct": [2.0], "au_gpt": [0.6], "hg_pct": [0.02], "as_pct": [0.1]}
GRADE = st.floats(0.0, 40.0)
SHARE = st.floats(0.05, 1.0)


def grades(sb, au=0.5, hg=0.02, arsenic=0.1):
    sb = np.atleast_1d(np.asarray(sb, dtype=float))
    others = {"au_gpt": au, "hg_pct": hg, "as_pct": arsenic}
    return {"sb_pct": sb, **{name: np.broadcast_to(v, sb.shape) for name, v in others.items()}}


def many(n, seed=0):
    rng = np.random.default_rng(seed)
    sb = np.minimum(rng.lognormal(0.0, 1.2, n), 60.0)
    return grades(sb, rng.uniform(0, 3, n), 0.01 * sb, rng.uniform(0, 0.5, n))


def test_a_return_worked_out_by_hand_to_the_cent():
    """Recovered 1.7 % in 0.034 t: Sb 0.017 x 0.7 x 25,000 = 297.50. Gold 0.6 x 0.4 / 31.1034768
    x 0.5 = 0.0038581 oz: 12.00, its refining 0.04. Treatment 100 and transport 90/0.9: 6.80.
    Hg 0.01/0.034 = 0.2941 %, 19.41 steps of 3 USD on 0.034 t: 1.98. Of 300.68 a royalty of 5 %."""
    paid = block_return(HAND, terms())
    found = [round(float(getattr(paid, part)[0]), 2) for part in PARTS]
    assert found == [297.50, 12.00, 6.84, 1.98, 15.03, 285.65]
    assert paid.mass_pull[0] == pytest.approx(0.034, rel=1e-12)
    assert paid.contents_pct["hg"][0] == pytest.approx(1 / 3.4, rel=1e-12)
    assert (paid.kind, paid.note) == ("assumed", "")


@given(GRADE, st.floats(0.0, 10.0), SHARE, SHARE, SHARE, st.floats(41.0, 70.0), SHARE)
def test_with_constants_it_is_the_return_of_the_evidence_route(sb, au, p, r, gold, c, royalty):
    changes = {
        "economics": {
            "sb_payability_fraction": p,
            "royalty_fraction_of_nsr": min(royalty, 0.9),
            "penalties_usd_per_t_concentrate": 70,
        },
        "plants": {
            "mill": {
                "sb_recovery_fraction": r,
                "au_recovery_fraction": gold,
                "concentrate_sb_pct": c,
            }
        },
        "value": {"moisture_fraction": 0, "au_refining_usd_per_oz": 0},
    }
    own = terms(changes, "value.penalties")
    paid = block_return({"sb_pct": [sb], "au_gpt": [au]}, own)
    old = net_smelter_return(sb, own.base, au)
    for part, expected in (
        (paid.antimony_usd_per_t, old.antimony),
        (paid.gold_usd_per_t, old.gold),
        (paid.charges_usd_per_t + paid.penalties_usd_per_t, old.charges),
        (paid.royalty_usd_per_t, old.royalty),
        (paid.nsr_usd_per_t, old.net),
    ):
        np.testing.assert_allclose(part[0], expected, rtol=1e-9, atol=1e-9)


def test_the_parts_sum_to_the_whole():
    paid = block_return(many(5_000), terms({"value": CURVES}))
    total = paid.antimony_usd_per_t + paid.gold_usd_per_t - paid.charges_usd_per_t
    total -= paid.penalties_usd_per_t + paid.royalty_usd_per_t
    np.testing.assert_allclose(paid.nsr_usd_per_t, total, rtol=0, atol=1e-9)


def test_the_concentrate_holds_the_antimony_that_was_recovered():
    own = terms({"value": CURVES})
    rows = many(5_000)
    paid = block_return(rows, own)
    recovered = rows["sb_pct"] * own.sb_recovery.at(rows["sb_pct"])
    np.testing.assert_allclose(paid.mass_pull * paid.concentrate_sb_pct, recovered, rtol=1e-12)
    assert paid.mass_pull.max() <= 1.0


@given(GRADE, GRADE, st.floats(0.0, 3.0), st.floats(0.0, 3.0))
def test_more_metal_and_better_prices_never_pay_less(one, other, factor, better):
    own = terms({"value": CURVES})
    sb = np.sort([one, other])
    low, high = sorted((factor, better))
    rising = block_nsr(grades(sb, hg=0.0), own)
    assert rising[0] <= rising[1] + 1e-9
    dear, cheap = (block_nsr(grades(sb), own.with_prices(f)) for f in (high, low))
    assert (dear >= cheap - 1e-9).all()
    gold = block_nsr(grades([one, one], au=np.array([0.1, 2.0])), own)
    assert gold[0] < gold[1]
    mercury = block_nsr(grades([one, one], hg=np.array([0.001, 0.5])), own)
    assert mercury[0] >= mercury[1]


def test_the_return_alone_is_bit_for_bit_the_return_with_its_parts_in_any_chunks(monkeypatch):
    own, rows = terms({"value": CURVES}), many(10_000)
    whole = block_return(rows, own).nsr_usd_per_t
    assert block_nsr(rows, own).tobytes() == whole.tobytes()
    monkeypatch.setattr(module, "CHUNK", 97)
    assert block_nsr(rows, own).tobytes() == whole.tobytes()
    assert block_return(rows, own).nsr_usd_per_t.tobytes() == whole.tobytes()


@pytest.mark.parametrize("field", ["sb_pct", "au_gpt", "hg_pct"])
def test_a_grade_that_is_not_estimated_leaves_the_block_without_a_return(field):
    rows = {name: np.array(v * 2) for name, v in HAND.items()}
    rows[field] = np.array([np.nan, rows[field][1]])
    paid = block_nsr(rows, terms())
    assert np.isnan(paid[0])
    assert paid[1] == block_nsr(HAND, terms())[0]


def test_an_element_that_costs_nothing_need_not_be_estimated():
    rows = {**HAND, "as_pct": [np.nan]}
    assert block_nsr(rows, terms())[0] == block_nsr(HAND, terms())[0]


def test_a_missing_price_stops_the_return_and_names_its_key():
    with pytest.raises(DataError, match=r"key economics\.sb_price: not stated"):
        block_return(HAND, terms(None, "economics.sb_price"))


def test_gold_may_be_left_out_and_the_result_says_so():
    own = terms(None, "economics.au_price")
    paid = block_return({name: v for name, v in HAND.items() if name != "au_gpt"}, own)
    assert paid.gold_usd_per_t[0] == 0.0
    assert paid.note == "gold not counted; missing: economics.au_price"
    assert "not counted" in str(paid)
    assert paid.nsr_usd_per_t[0] < block_nsr(HAND, terms())[0]


def test_ore_richer_than_its_concentrate_leaves_as_it_is():
    own = terms({"economics": {"penalties_usd_per_t_concentrate": 0}}, "value.penalties")
    paid = block_return({"sb_pct": [65.0], "au_gpt": [0.0]}, own)
    assert paid.mass_pull[0] == 1.0
    assert paid.concentrate_sb_pct[0] == pytest.approx(65.0 * 0.85)


def test_a_block_whose_own_concentrate_exceeds_a_limit_is_flagged_and_keeps_its_return():
    """0.02 % Hg in 2 % ore makes 0.29 % in the concentrate, above 0.25; 0.016 % makes 0.235."""
    paid = block_return(grades([2.0, 2.0], hg=np.array([0.02, 0.016])), terms())
    assert paid.rejected["hg"].tolist() == [True, False]
    assert (paid.nsr_usd_per_t > 0.0).all()
    assert "as" not in paid.rejected  # no limit is known
    clean = block_return(grades([2.0], hg=0.02), terms(None, "value.penalties.hg.reject_above_pct"))
    assert clean.nsr_usd_per_t[0] == paid.nsr_usd_per_t[0]


def test_a_blend_passes_a_limit_that_one_of_its_blocks_exceeds():
    own, rows = terms(), grades([2.0, 2.0], hg=np.array([0.02, 0.012]))
    mixture = blend(rows, [1.0, 3.0], own)
    assert mixture["hg_pct"] == pytest.approx(0.014)
    assert not block_return(mixture, own).rejected["hg"][0]


def test_without_a_bend_a_blend_is_paid_as_the_sum_of_its_blocks():
    own = terms({"value": {"penalties": {"hg": {"free_up_to_pct": 0}}}})
    rows, tonnes = many(50), np.linspace(1.0, 5.0, 50)
    summed = np.sum(block_nsr(rows, own) * tonnes) / tonnes.sum()
    assert block_nsr(blend(rows, tonnes, own), own)[0] == pytest.approx(summed, rel=1e-9)


def test_with_a_recovery_that_rises_with_grade_adding_blocks_differs_from_the_blend():
    own = terms({"value": CURVES})
    rows, tonnes = grades([0.3, 3.7], hg=0.0), np.array([1.0, 1.0])
    summed = float(np.mean(block_nsr(rows, own)))
    mixed = float(block_nsr(blend(rows, tonnes, own), own)[0])
    lean, rich, both = (own.sb_recovery.at([g])[0] * g for g in (0.3, 3.7, 2.0))
    assert (mixed > summed) == (both > (lean + rich) / 2)
    assert mixed != pytest.approx(summed, rel=1e-3)


def test_blocks_outside_a_blend_do_not_touch_it_and_unknown_ones_in_it_make_it_unknown():
    rows = grades([2.0, np.nan])
    own = terms()
    assert blend(rows, [5.0, 0.0], own)["sb_pct"][0] == 2.0
    assert np.isnan(blend(rows, [5.0, 1.0], own)["sb_pct"][0])


@pytest.mark.parametrize("tonnes", [[0.0, 0.0], [-1.0, 3.0], [np.nan, 1.0]])
def test_a_blend_of_no_tonnes_is_refused(tonnes):
    with pytest.raises(DataError, match="no mixture"):
        blend(grades([1.0, 2.0]), tonnes, terms())


def test_rock_without_antimony_is_worth_nothing_and_pays_no_penalty():
    paid = block_return(grades([0.0, 1e-9], au=0.0, hg=0.5), terms())
    assert paid.penalties_usd_per_t[0] == 0.0
    assert paid.nsr_usd_per_t == pytest.approx([0.0, 0.0], abs=1e-3)
    assert np.isnan(paid.contents_pct["hg"][0])
    assert not paid.rejected["hg"][0]


def test_an_element_fills_at_most_what_stibnite_leaves_of_the_concentrate():
    paid = block_return(grades([0.01], hg=20.0), terms())
    assert paid.contents_pct["hg"][0] == pytest.approx(100 * (1 - 50 / 71.7))


def test_grades_are_read_in_the_unit_their_field_ends_with():
    changes = {"grades": {"sb": "sb_ppm", "au": "au_ppm", "hg": "hg_ppm", "as": "as_pct"}}
    own = terms({"value": changes})
    rows = {"sb_ppm": [20_000.0], "au_ppm": [0.6], "hg_ppm": [200.0], "as_pct": [0.1]}
    assert block_nsr(rows, own)[0] == pytest.approx(block_nsr(HAND, terms())[0], rel=1e-12)


def test_every_wrong_grade_and_missing_field_is_named_at_once():
    rows = {"sb_pct": [72.0, 1.0], "au_gtp": [1.0, 1.0], "hg_pct": [-0.1, 0.2], "as_pct": [0, 0]}
    with pytest.raises(DataError) as caught:
        block_return(rows, terms())
    found = str(caught.value)
    assert "field sb_pct: a grade cannot be right; found 72" in found
    assert "no such grade; found au_gpt" in found and 'Did you mean "au_gtp"' in found
    assert "field hg_pct: a grade cannot be right; found -0.1" in found
    assert len(caught.value.problems) == 3


def test_rows_of_different_lengths_are_refused():
    with pytest.raises(DataError, match="not rows of one length"):
        block_return({**HAND, "hg_pct": [0.1, 0.2]}, terms())


def test_an_empty_model_has_empty_returns():
    paid = block_return({name: [] for name in HAND}, terms())
    assert paid.nsr_usd_per_t.shape == (0,)
    assert "not known" in str(paid)


def test_facts_leave_blocks_without_a_return_out_of_the_mean():
    facts = {f.label: f.value for f in block_return(grades([np.nan, 2.0]), terms()).facts()}
    assert (facts["blocks"], facts["blocks with a return"]) == (2, 1)
    assert facts["mean net smelter return"] == block_nsr(grades([2.0]), terms())[0]


def test_a_curve_holds_its_last_value_beyond_its_ends_and_joins_its_points_straight():
    curve = Curve((1.0, 3.0), (0.6, 0.8))
    assert curve.at([0.0, 1.0, 2.0, 3.0, 9.0]).tolist() == [0.6, 0.6, 0.7, 0.8, 0.8]
    assert curve.knots == (1.0, 3.0)
    assert Curve.constant(0.7).knots == ()
    assert np.isnan(Curve.constant(0.7).at([np.nan])[0])
    assert np.isnan(curve.at([np.nan])[0])


def test_a_negative_return_bears_no_royalty():
    dear = terms({"economics": {"treatment_charge_usd_per_t_concentrate": 20_000}})
    paid = block_return(grades([2.0], hg=0.0), dear)
    assert paid.royalty_usd_per_t[0] == 0.0
    assert paid.nsr_usd_per_t[0] == pytest.approx(297.5 - 0.034 * 20_100 + 10.0 - 0.5 / 15.5517384)


def test_metal_is_paid_in_proportion_to_the_price_factor_and_charges_are_not():
    own, half = (block_return(HAND, terms().with_prices(f)) for f in (1.0, 0.5))
    assert half.antimony_usd_per_t[0] == pytest.approx(0.5 * own.antimony_usd_per_t[0])
    assert half.gold_usd_per_t[0] == pytest.approx(0.5 * own.gold_usd_per_t[0])
    assert half.charges_usd_per_t[0] == own.charges_usd_per_t[0]
    assert half.penalties_usd_per_t[0] == own.penalties_usd_per_t[0]


def test_a_return_is_conditional_on_what_it_rests_on_and_on_nothing_else():
    keys = set(block_return(HAND, terms()).conditional_on)
    assert {"economics.sb_price", "economics.au_price", "value.penalties.hg.step_pct"} <= keys
    assert "economics.sb_payability_fraction" not in keys  # reported
    costs = ("value.mining", "value.stoping", "value.lane", "economics.processing", "value.ore_h")
    assert not [key for key in keys if key.startswith(costs)]
    without = block_return(HAND, terms(None, "economics.au_price"))
    assert not [key for key in without.conditional_on if "au_" in key]
