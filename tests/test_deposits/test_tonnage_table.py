import itertools

import numpy as np
import numpy.testing as npt
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deposits.errors import DataError
from deposits.tonnage import columns
from deposits.tonnage.request import Density, Dilution, Element, TonnageRequest, Volume
from deposits.tonnage.table import tabulate_blocks
from deposits.units import GRAMS_PER_TROY_OUNCE

SB, AU = Element("sb_pct"), Element("au_gpt")
LADDER = (0.0, 0.5, 1.0, 2.5, 15.0)


def model(n=2_000, seed=1):
    rng = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "sb_pct": rng.lognormal(0.3, 1.0, n).round(2),
            "au_gpt": rng.lognormal(-0.2, 0.8, n),
            "density_t_per_m3": rng.uniform(2.5, 3.2, n),
            "volume_m3": rng.uniform(50.0, 150.0, n),
            "lode": rng.choice(["North", "South"], n),
            "bench": rng.choice([2010, 2000, 2020], n),
            "category": rng.choice(["Measured", "Indicated", "Inferred"], n),
        }
    )


def request(**changes):
    return TonnageRequest(
        **({"cut_field": "sb_pct", "cutoffs": LADDER, "elements": (SB, AU)} | changes)
    )


def brute_force(blocks, cutoff):
    ore = blocks[blocks["sb_pct"] >= cutoff]
    t = ore["volume_m3"] * ore["density_t_per_m3"]
    return (
        len(ore),
        ore["volume_m3"].sum(),
        t.sum(),
        (t * ore["sb_pct"]).sum() / 100,
        (t * ore["au_gpt"]).sum() / 1000,
    )


grades = st.lists(st.floats(0.0, 70.0), min_size=1, max_size=60)
steps = st.lists(st.floats(-5.0, 80.0), min_size=1, max_size=12, unique=True).map(sorted)


def small(sb):
    n = np.arange(1, len(sb) + 1)
    return pd.DataFrame(
        {"sb_pct": sb, "density_t_per_m3": 2.0 + n % 7 / 10, "volume_m3": 10.0 + n, "g": n % 3}
    )


@settings(deadline=None)
@given(grades, steps)
def test_every_tonne_is_in_one_class_and_ladders_fall(sb, cutoffs):
    asked = TonnageRequest("sb_pct", tuple(cutoffs), (SB,))
    table = tabulate_blocks(small(sb), asked)
    blocks = small(sb)
    tonnes = blocks["density_t_per_m3"] * blocks["volume_m3"]
    npt.assert_allclose(table.between["ore_t"].sum(), tonnes.sum(), rtol=1e-14)
    assert table.between["n_blocks"].sum() == len(sb)
    for name in ("ore_t", "sb_t", "volume_m3", "n_blocks"):
        assert (np.diff(table.above[name]) <= 0).all()
    for cutoff, n in zip(cutoffs, table.above["n_blocks"], strict=True):
        assert n == np.count_nonzero(np.array(sb) >= cutoff)


@settings(deadline=None)
@given(grades, steps)
def test_the_mean_grade_is_at_or_above_its_cut_off_and_metal_is_tonnes_times_grade(sb, cutoffs):
    above = tabulate_blocks(small(sb), TonnageRequest("sb_pct", tuple(cutoffs), (SB,))).above
    ore = above[above["ore_t"] > 0]
    assert (ore["sb_pct"] >= ore["cutoff"] * (1 - 4e-16) - 1e-300).all()
    npt.assert_allclose(ore["ore_t"] * ore["sb_pct"] / 100, ore["sb_t"], rtol=1e-15)
    assert above[above["ore_t"] == 0]["sb_pct"].isna().all()


@settings(deadline=None)
@given(grades, st.randoms(use_true_random=False))
def test_the_order_of_blocks_leaves_no_mark(sb, random):
    blocks = small(sb)
    order = list(range(len(sb)))
    random.shuffle(order)
    asked = TonnageRequest("sb_pct", (0.0, 1.0, 5.0), (SB,), by=("g",))
    first, second = (tabulate_blocks(b, asked) for b in (blocks, blocks.iloc[order]))
    pd.testing.assert_frame_equal(first.above, second.above, rtol=1e-15)


@pytest.mark.parametrize("pieces", [1, 3, 7, 50])
def test_batches_leave_no_mark_to_the_last_digit(pieces, monkeypatch):
    monkeypatch.setattr(columns.runs_of, "__defaults__", (300,))
    blocks = model()
    asked = request(by=("lode", "category"))
    whole = tabulate_blocks(blocks, asked)
    edges = np.linspace(0, len(blocks), pieces + 1).astype(int)
    parts = [blocks.iloc[a:b] for a, b in itertools.pairwise(edges)]
    pd.testing.assert_frame_equal(
        tabulate_blocks(parts, asked).above, whole.above, check_exact=True
    )
    arrow = [pa.RecordBatch.from_pandas(part, preserve_index=False) for part in parts]
    pd.testing.assert_frame_equal(
        tabulate_blocks(arrow, asked).above, whole.above, check_exact=True
    )


def test_runs_and_threads_leave_no_mark_beyond_the_last_digit(monkeypatch):
    blocks = model(5_000)
    whole = tabulate_blocks(blocks, request(by=("bench",)))
    for length, threads in ((7, 1), (1_000, 2), (1_000, 5)):
        monkeypatch.setattr(columns.runs_of, "__defaults__", (length,))
        monkeypatch.setattr("numba.get_num_threads", lambda threads=threads: threads)
        found = tabulate_blocks(blocks, request(by=("bench",)))
        pd.testing.assert_frame_equal(found.above, whole.above, rtol=1e-15)


def test_a_block_split_in_eight_has_the_same_metal():
    blocks = model(200)
    split = blocks.loc[blocks.index.repeat(8)].assign(volume_m3=lambda b: b["volume_m3"] / 8)
    first, second = (tabulate_blocks(b, request()).above for b in (blocks, split))
    same = [name for name in first if name != "n_blocks"]
    pd.testing.assert_frame_equal(first[same], second[same], rtol=1e-14)
    npt.assert_array_equal(second["n_blocks"], 8 * first["n_blocks"])


@pytest.mark.parametrize("seed", range(5))
def test_pandas_agrees_row_by_row(seed):
    blocks = model(seed=seed)
    table = tabulate_blocks(blocks, request(by=("lode", "bench")))
    for _, row in table.above.iterrows():
        part = blocks
        for name in ("lode", "bench"):
            part = part if row[name] == "all" else part[part[name] == row[name]]
        found = row[["n_blocks", "volume_m3", "ore_t", "sb_t", "au_kg"]].to_numpy(float)
        npt.assert_allclose(found, brute_force(part, row["cutoff"]), rtol=1e-12)
        npt.assert_allclose(row["au_oz"], row["au_kg"] * 1000 / GRAMS_PER_TROY_OUNCE, rtol=1e-15)


def test_the_sum_of_groups_is_the_whole():
    table = tabulate_blocks(model(), request(by=("lode", "bench")))
    above = table.above[table.above["cutoff"] == 1.0]
    sums = above.groupby("level")[["n_blocks", "ore_t", "sb_t", "au_kg"]].sum()
    npt.assert_allclose(sums.loc["group"], sums.loc["total"], rtol=1e-15)
    npt.assert_allclose(sums.loc["subtotal"], sums.loc["total"], rtol=1e-15)
    whole = tabulate_blocks(model(), request()).balance
    assert whole == table.balance


def test_many_groups_take_the_other_road_to_the_same_answer(monkeypatch):
    asked = request(by=("lode", "bench", "category"))
    usual = tabulate_blocks(model(), asked)
    monkeypatch.setattr("deposits.tonnage.tally.DENSE_CELLS", 0)
    pd.testing.assert_frame_equal(
        tabulate_blocks(model(), asked).above, usual.above, check_exact=True
    )


@pytest.mark.parametrize("precision", [np.float32, np.float64])
def test_a_block_at_the_cut_off_is_above_it(precision):
    ladder = tuple(np.round(np.arange(0.1, 10.0, 0.1), 1).tolist())
    blocks = pd.DataFrame({"sb_pct": np.array(ladder, dtype=precision), "volume_m3": 1.0})
    asked = TonnageRequest("sb_pct", ladder, density=Density(None, 3.0))
    above = tabulate_blocks(blocks, asked).above
    assert above["n_blocks"].tolist() == list(range(len(ladder), 0, -1))


def test_any_field_cuts_also_one_with_negative_values():
    blocks = model(50).assign(nsr=np.linspace(-100.0, 100.0, 50))
    ladder = (-50.0, 0.0, 10.0)
    value = Element("nsr", "")
    above = tabulate_blocks(
        blocks, request(cut_field="nsr", cutoffs=ladder, elements=(value,))
    ).above
    assert above["n_blocks"].tolist() == [np.count_nonzero(blocks["nsr"] >= c) for c in ladder]
    assert not [name for name in above if name.startswith("nsr_")]


def test_single_precision_and_codes_are_read_as_they_are():
    blocks = model()
    narrow = blocks.assign(
        au_gpt=blocks["au_gpt"].astype(np.float32), lode=blocks["lode"].astype("category")
    )
    first = tabulate_blocks(blocks, request(by=("lode",))).above
    second = tabulate_blocks(narrow, request(by=("lode",))).above
    pd.testing.assert_frame_equal(first, second, rtol=1e-6)


def test_absent_density_stops_the_work_and_says_how_many_blocks():
    blocks = model()
    blocks.loc[:6, "density_t_per_m3"] = np.nan
    with pytest.raises(DataError, match=r"density is absent; found 7 blocks.*default density"):
        tabulate_blocks(blocks, request())
    stated = Density("density_t_per_m3", 2.8, absent="default")
    balance = tabulate_blocks(blocks, request(density=stated)).balance
    assert balance["n_default_density"] == 7
    filled = blocks["volume_m3"][:7].sum() * 2.8
    rest = (blocks["volume_m3"] * blocks["density_t_per_m3"]).sum()
    npt.assert_allclose(balance["t_estimated"], rest + filled)
    npt.assert_allclose(balance["share_default_density"] * balance["t_estimated"], filled)


def test_absent_grades_stop_the_work_or_are_counted_apart_but_are_never_zero():
    blocks = model()
    blocks.loc[:4, "sb_pct"] = np.nan
    blocks.loc[10:12, "au_gpt"] = np.nan
    with pytest.raises(DataError) as refused:
        tabulate_blocks(blocks, request())
    assert [p.found for p in refused.value.problems] == ["5 blocks", "3 blocks"]
    table = tabulate_blocks(blocks, request(absent_grade="unestimated"))
    t = blocks["volume_m3"] * blocks["density_t_per_m3"]
    npt.assert_allclose(table.unestimated["rock_t"], t[:5].sum())
    row = table.above.iloc[0]
    npt.assert_allclose(row["ore_t"], t[5:].sum())
    known = blocks["au_gpt"].notna() & blocks["sb_pct"].notna()
    npt.assert_allclose(row["au_gpt"], np.average(blocks["au_gpt"][known], weights=t[known]))
    npt.assert_allclose(row["au_absent_t"], t[10:13].sum())
    npt.assert_allclose(row["au_kg"], (row["ore_t"] - row["au_absent_t"]) * row["au_gpt"] / 1000)


def test_where_an_element_is_known_nowhere_its_metal_is_not_known():
    blocks = model(20).assign(au_gpt=np.nan)
    row = tabulate_blocks(blocks, request(absent_grade="unestimated")).above.iloc[0]
    assert np.isnan(row["au_gpt"]) and np.isnan(row["au_kg"]) and row["sb_t"] > 0


def test_unestimated_rock_without_density_has_no_known_tonnes():
    blocks = model(20)
    blocks.loc[0, ["sb_pct", "density_t_per_m3"]] = np.nan
    table = tabulate_blocks(blocks, request(absent_grade="unestimated"))
    assert np.isnan(table.unestimated["rock_t"].iloc[0])
    assert table.unestimated["volume_m3"].iloc[0] == blocks["volume_m3"][0]


def test_a_number_that_stands_for_absent_is_refused_until_it_is_named():
    blocks = model()
    blocks.loc[:2, ["sb_pct", "au_gpt"]] = -99.0
    with pytest.raises(DataError, match=r"impossible; found 3 blocks.*absent_values"):
        tabulate_blocks(blocks, request())
    table = tabulate_blocks(blocks, request(absent_values=(-99.0,), absent_grade="unestimated"))
    assert table.balance["n_unestimated"] == 3


def test_all_that_is_wrong_is_said_at_once():
    blocks = model()
    blocks.loc[0, "sb_pct"] = np.inf
    blocks.loc[1, "density_t_per_m3"] = -1.0
    blocks.loc[2, "volume_m3"] = np.nan
    blocks.loc[3, "au_gpt"] = -0.1
    blocks["share"] = 1.0
    blocks.loc[4, "share"] = 1.5
    with pytest.raises(DataError) as refused:
        tabulate_blocks(blocks, request(fraction="share"))
    facts = [p.fact for p in refused.value.problems]
    assert len(facts) == 5 and all(p.found == "1 blocks" for p in refused.value.problems)


def test_a_missing_column_is_named_with_its_nearest_neighbour():
    with pytest.raises(DataError, match=r"lodes.*Did you mean"):
        tabulate_blocks(model(), request(by=("lodes",)))


def test_without_a_volume_there_is_no_table():
    blocks = model().drop(columns="volume_m3")
    with pytest.raises(DataError, match="volume of a block is not known"):
        tabulate_blocks(blocks, request())
    npt.assert_allclose(
        tabulate_blocks(blocks, request(), block_m3=8.0).above["volume_m3"][0], 16_000
    )
    sized = blocks.assign(dx=2.0, dy=2.0, dz=2.0)
    npt.assert_allclose(tabulate_blocks(sized, request()).above["volume_m3"][0], 16_000)
    asked = request(volume=Volume(block_m3=8.0))
    npt.assert_allclose(tabulate_blocks(blocks, asked).above["volume_m3"][0], 16_000)


def test_fraction_and_depletion_reduce_the_volume_and_the_mined_part_is_counted():
    blocks = model().assign(ore_part=0.5, mined=0.2)
    plain = tabulate_blocks(model(), request())
    table = tabulate_blocks(blocks, request(fraction="ore_part", depletion="mined"))
    npt.assert_allclose(table.above["ore_t"], plain.above["ore_t"] * 0.4, rtol=1e-14)
    npt.assert_allclose(table.balance["volume_mined_m3"], model()["volume_m3"].sum() * 0.1)


def test_a_constraint_leaves_blocks_out_and_counts_them():
    blocks = model().assign(in_pit=lambda b: b["bench"] >= 2010)
    kept = blocks[blocks["in_pit"]]
    table = tabulate_blocks(blocks, request(constraint="in_pit"))
    npt.assert_allclose(
        table.above["sb_t"], tabulate_blocks(kept, request()).above["sb_t"], rtol=1e-14
    )
    assert table.balance["n_outside"] == len(blocks) - len(kept)
    assert table.balance["n_empty"] == 0


def test_dilution_and_loss_stand_beside_the_ore_in_situ():
    mining = Dilution(0.1, {"sb_pct": 0.3}, ore_loss=0.05)
    above = tabulate_blocks(model(), request(dilution=mining)).above
    npt.assert_allclose(above["rom_t"], above["ore_t"] * 0.95 * 1.1)
    waste = above["ore_t"] * 0.95 * 0.1
    npt.assert_allclose(above["rom_sb_t"], above["sb_t"] * 0.95 + waste * 0.003)
    npt.assert_allclose(above["rom_au_kg"], above["au_kg"] * 0.95)
    npt.assert_allclose(above["rom_sb_t"], above["rom_t"] * above["rom_sb_pct"] / 100)


def test_other_names_and_units_come_through_a_mapping():
    blocks = model().rename(columns={"sb_pct": "SB_OK", "au_gpt": "AUPPB"})
    blocks["AUPPB"] *= 1000
    elements = (Element("SB_OK", "%", "sb"), Element("AUPPB", "ppb", "au"))
    above = tabulate_blocks(blocks, request(cut_field="SB_OK", elements=elements)).above
    plain = tabulate_blocks(model(), request()).above
    npt.assert_allclose(above[["sb_pct", "sb_t", "au_kg"]], plain[["sb_pct", "sb_t", "au_kg"]])


@pytest.mark.parametrize(
    "wrong",
    [
        {"cutoffs": ()},
        {"cutoffs": (1.0, 1.0)},
        {"cutoffs": (2.0, 1.0)},
        {"cutoffs": (np.nan,)},
        {"by": ("lode", "lode")},
        {"category": "class"},
    ],
)
def test_a_question_that_cannot_be_asked_is_refused(wrong):
    with pytest.raises(ValueError):
        request(**wrong)


@pytest.mark.parametrize(
    ("t", "au_gpt", "sb_pct", "au_oz", "sb_t"),
    [
        # Costerfield, Measured + Indicated and Proved + Probable, 2023-12-31 (Mandalay Resources,
        # 2024-02-22): the published metals come from unrounded grades.
        (965_000, 10.6, 3.0, 330_000, 28_800),
        (559_000, 10.5, 1.9, 188_000, 10_600),
    ],
)
def test_published_metal_follows_from_tonnes_and_grades(t, au_gpt, sb_pct, au_oz, sb_t):
    blocks = pd.DataFrame({"sb_pct": [sb_pct], "au_gpt": [au_gpt], "volume_m3": [t / 2.5]})
    row = tabulate_blocks(blocks, request(density=Density(None, 2.5))).above.iloc[0]
    npt.assert_allclose(row["ore_t"], t)
    npt.assert_allclose([row["au_oz"], row["sb_t"]], [au_oz, sb_t], rtol=0.01)


def test_pahtavaara_s_ounces_follow_too():
    # Inferred, cut-off 1.5 g/t (Rupert Resources, 2018).
    blocks = pd.DataFrame({"au_gpt": [3.2], "volume_m3": [4.6e6]})
    asked = TonnageRequest("au_gpt", (1.5,), (AU,), density=Density(None, 1.0))
    npt.assert_allclose(tabulate_blocks(blocks, asked).above["au_oz"], 474_000, rtol=0.01)
