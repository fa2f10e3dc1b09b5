import json

import numpy as np
import numpy.testing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from deposits.errors import DataError
from deposits.tonnage.columns import Vocabulary, runs_of
from deposits.tonnage.reading import tabulate_csv, tabulate_file, tabulate_parquet
from deposits.tonnage.request import Element, TonnageRequest
from deposits.tonnage.table import tabulate_blocks

ASKED = TonnageRequest(
    "sb_pct", (0.5, 1.0, 2.5), (Element("sb_pct"), Element("au_gpt")), by=("lode", "category")
)


def model(n=3_000):
    rng = np.random.default_rng(2)
    return pd.DataFrame(
        {
            "sb_pct": rng.lognormal(0.3, 1.0, n),
            "au_gpt": rng.lognormal(-0.2, 0.8, n),
            "density_t_per_m3": rng.uniform(2.5, 3.2, n),
            "lode": rng.choice(["North", "South", None], n),
            "category": rng.choice(["Measured", "Indicated", "Inferred"], n),
            "volume_m3": 125.0,
            "not asked": "text",
        }
    )


@pytest.mark.parametrize("row_group", [100, 1_024, 10_000])
def test_a_file_s_row_groups_leave_no_mark_to_the_last_digit(tmp_path, row_group):
    path = tmp_path / "blocks.parquet"
    model().to_parquet(path, row_group_size=row_group, index=False)
    found, whole = tabulate_parquet(path, ASKED), tabulate_blocks(model(), ASKED)
    pd.testing.assert_frame_equal(found.above, whole.above, check_exact=True)
    assert found.balance == whole.balance
    assert found.source == "blocks.parquet" and not found.synthetic


def test_single_precision_files_are_read(tmp_path):
    path = tmp_path / "blocks.parquet"
    narrow = model().astype({"sb_pct": np.float32, "au_gpt": np.float32})
    narrow.to_parquet(path, index=False)
    npt.assert_allclose(
        tabulate_parquet(path, ASKED).above["sb_t"],
        tabulate_blocks(narrow, ASKED).above["sb_t"],
        rtol=1e-15,
    )


def test_a_text_file_gives_the_same_table(tmp_path):
    path = tmp_path / "blocks.csv"
    model().to_csv(path, index=False, sep=";")
    found = tabulate_csv(path, ASKED, delimiter=";")
    pd.testing.assert_frame_equal(
        found.above, tabulate_blocks(model(), ASKED).above, check_exact=True
    )


def test_our_own_grid_gives_the_volume_and_synthetic_stays_with_the_table(tmp_path):
    table = pa.Table.from_pandas(model().drop(columns="volume_m3"), preserve_index=False)
    about = {"grid": {"size_m": [5.0, 5.0, 4.0]}, "synthetic": True}
    path = tmp_path / "synthetic_blocks.parquet"
    pq.write_table(table.replace_schema_metadata({"anzob": json.dumps(about)}), path)
    found = tabulate_file(path, ASKED)
    assert found.synthetic and found.balance["volume_estimated_m3"] == 3_000 * 100.0
    assert found.to_dict()["synthetic"] is True


def test_our_own_fraction_is_never_overlooked(tmp_path):
    frame = model().drop(columns="volume_m3").assign(fraction=0.25)
    table = pa.Table.from_pandas(frame, preserve_index=False)
    about = {"grid": {"size_m": [5.0, 5.0, 4.0]}}
    path = tmp_path / "blocks.parquet"
    pq.write_table(table.replace_schema_metadata({"anzob": json.dumps(about)}), path)
    assert tabulate_file(path, ASKED).balance["volume_estimated_m3"] == 3_000 * 25.0


@pytest.mark.parametrize("ending", ["parquet", "csv"])
def test_a_synthetic_column_is_believed(tmp_path, ending):
    path = tmp_path / f"blocks.{ending}"
    blocks = model().assign(synthetic=True)
    blocks.to_parquet(path) if ending == "parquet" else blocks.to_csv(path, index=False)
    assert tabulate_file(path, ASKED).synthetic


def test_the_table_is_plain_json(tmp_path):
    table = tabulate_blocks(model(), TonnageRequest("sb_pct", (1.0, 500.0), (Element("sb_pct"),)))
    found = json.loads(json.dumps(table.to_dict(), allow_nan=False))
    assert found["above"][1]["sb_pct"] is None and found["above"][1]["ore_t"] == 0.0


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.parquet", "no parquet", "not a Parquet file"),
        ("a.dm", "", "not a block model"),
        ("a.csv", "sb_pct,au_gpt\n1,x\n", "no such column"),
        (
            "a.csv",
            "sb_pct,au_gpt,density_t_per_m3,lode,category,volume_m3\n1,x,2,N,Measured,1\n",
            "cannot be read",
        ),
        ("a.csv", "sb_pct,au_gpt,density_t_per_m3,lode,category,volume_m3\n", "no blocks"),
    ],
)
def test_a_file_that_is_no_block_model_is_refused_in_words(tmp_path, name, text, said):
    path = tmp_path / name
    path.write_text(text, "utf-8")
    with pytest.raises(DataError, match=said):
        tabulate_file(path, ASKED)
    with pytest.raises(DataError, match="no such file"):
        tabulate_file(tmp_path / "absent.csv", ASKED)


def test_runs_have_one_length_however_blocks_arrive_and_lose_none():
    pieces = [model().iloc[a:b] for a, b in ((0, 7), (7, 7), (7, 1_500), (1_500, 3_000))]
    runs = list(runs_of(pieces, ["sb_pct"], {"lode": Vocabulary()}, length=400))
    assert [run.n for run in runs] == [400] * 7 + [200]
    joined = np.concatenate([run.numbers["sb_pct"] for run in runs])
    npt.assert_array_equal(joined, model()["sb_pct"])


@pytest.mark.parametrize("kind", ["object", "category"])
def test_an_absent_label_is_a_group_of_its_own(kind):
    blocks = model().astype({"lode": kind})
    asked = TonnageRequest("sb_pct", (0.0,), by=("lode",))
    above = tabulate_blocks(blocks, asked).above.set_index("lode")
    assert above.loc["", "n_blocks"] == blocks["lode"].isna().sum()
    assert above.loc["North", "n_blocks"] == (blocks["lode"] == "North").sum()
