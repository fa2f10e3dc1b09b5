"""Do statements keep what a source says, and show where it contradicts itself?"""

import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deposits.evidence.statements import (
    COLUMNS,
    complete,
    consistency_factor,
    is_inconsistent,
    read_statements,
)
from deposits.tables import TableFile

GOOD = {
    "statement_id": "S1", "field": "north", "model": "m", "role": "model", "category": "C1",
    "kind": "reported", "source": "report 2024", "primary": "ore_t;sb_pct",
    "ore_t": "1000", "sb_pct": "3",
}  # fmt: skip
positive = st.floats(1e-3, 1e9)


def read(tmp_path, *rows):
    path = tmp_path / "statements.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, [column.name for column in COLUMNS])
        writer.writeheader()
        writer.writerows(rows)
    return read_statements(TableFile(path))


def facts(checked):
    return " | ".join(str(problem) for problem in checked.problems)


@given(ore=positive, sb=st.floats(0.01, 70), au=st.floats(0.01, 100))
def test_any_pair_gives_back_the_others(ore, sb, au):
    whole = complete({"ore_t": ore, "sb_pct": sb, "au_gpt": au})
    for pair in (
        ("sb_t", "sb_pct", "au_gpt"),
        ("au_kg", "au_gpt", "sb_t"),
        ("ore_t", "sb_t", "au_kg"),
    ):
        again = complete({name: whole[name] for name in pair})
        for name, value in whole.items():
            assert again[name] == pytest.approx(value, rel=1e-9)


def test_nothing_follows_from_a_metal_alone():
    assert complete({"sb_t": 5.0}) == {
        "ore_t": None, "sb_pct": None, "sb_t": 5.0, "au_gpt": None, "au_kg": None,
    }  # fmt: skip


def test_the_published_konchoch_figures_follow():
    # Contained metals of Argus (2022) and both published gold grades: 20-24 Mt, 1.10-1.33 % Sb.
    for au_gpt, ore_mt, sb_pct in ((2.08, 24.0, 1.10), (2.5, 20.0, 1.33)):
        whole = complete({"au_kg": 49_900.0, "au_gpt": au_gpt, "sb_t": 264_616.0})
        assert whole["ore_t"] / 1e6 == pytest.approx(ore_mt, abs=0.05)
        assert whole["sb_pct"] == pytest.approx(sb_pct, abs=0.006)


def test_an_inconsistent_triple_is_flagged_with_its_factor(tmp_path):
    triple = GOOD | {"ore_t": "24000000", "sb_pct": "4.2", "sb_t": "264616"}
    checked = read(tmp_path, triple)
    assert "3.8 times the stated metal" in facts(checked)
    factor = consistency_factor(checked.or_raise()[0])
    assert factor == pytest.approx(24e6 * 0.042 / 264_616)


@pytest.mark.parametrize(
    ("factor", "wrong"), [(1.04, False), (1.06, True), (0.96, False), (0.94, True)]
)
def test_rounding_of_printed_figures_is_not_a_contradiction(factor, wrong):
    assert is_inconsistent(factor) is wrong


def test_a_statement_without_quantities_says_that_nothing_is_published(tmp_path):
    bare = {k: v for k, v in GOOD.items() if k not in ("primary", "ore_t", "sb_pct")}
    (statement,) = read(tmp_path, bare).or_raise()
    assert not statement.is_known
    assert set(statement.base().values()) == {None}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"primary": "ore_t;sb_pct;sb_t", "sb_t": "30"}, "say the same thing twice"),
        ({"primary": "ore;sb_pct"}, 'Did you mean "ore_t"'),
        ({"primary": "sb_t;au_kg", "sb_t": "5", "au_kg": "3"}, "tonnes do not follow"),
        ({"primary": "ore_t;sb_pct;au_gpt"}, "au_gpt is primary but the row does not state it"),
        ({"ore_t": "0"}, "ore_t is zero"),
        ({"ore_t_low": "5"}, "low and high belong together"),
        ({"ore_t_low": "900", "ore_t_high": "950"}, "outside 900 to 950"),
        ({"sb_pct": "80"}, "out of range"),
        ({"kind": "reportet"}, 'Did you mean "reported"'),
        ({"sb_pct": "-2"}, "out of range"),
    ],
)
def test_what_cannot_be_right_is_an_error(tmp_path, change, said):
    checked = read(tmp_path, GOOD | change)
    assert checked.errors
    assert said in facts(checked)


def test_a_grade_that_looks_like_a_fraction_is_a_warning(tmp_path):
    checked = read(tmp_path, GOOD | {"sb_pct": "0.03"})
    assert not checked.errors
    assert "may be a fraction" in facts(checked)


def test_a_repeated_identifier_is_an_error(tmp_path):
    assert "identifier repeats" in facts(read(tmp_path, GOOD, GOOD))


def test_a_check_may_state_a_metal_alone(tmp_path):
    alone = {k: v for k, v in GOOD.items() if k not in ("ore_t", "sb_pct")}
    checked = read(tmp_path, alone | {"role": "check", "primary": "sb_t", "sb_t": "5"})
    assert not checked.errors


def test_a_range_from_zero_is_zero_at_its_low_end(tmp_path):
    ranged = GOOD | {"ore_t_low": "0", "ore_t_high": "2000"}
    checked = read(tmp_path, ranged)
    assert "ore_t is zero" in facts(checked)
    assert read(tmp_path, ranged | {"ore_t_low": "1"}).or_raise()
