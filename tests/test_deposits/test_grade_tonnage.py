"""Does the table keep what is known, mark what is assumed, and add up only what may be added?"""

import json
from itertools import pairwise

import numpy as np
import pytest
from scipy import integrate, stats
from support.studies import NORTH, TABLES, write_study

from deposits.config import read_config
from deposits.errors import DataError
from deposits.grade_tonnage import AMOUNTS, NOT_KNOWN, as_frame, quantity
from deposits.study import read_study
from deposits.workflow import read_inputs, tabulate, work_out

GOLD = "au_cv = 0.8\nsb_au_correlation = 0.3\n"


def table(folder, *rows, more="", law=""):
    path = write_study(folder, *rows, more=more)
    if law:
        text = path.read_text().replace(
            "selection_unit_t = 100\n", f"selection_unit_t = 100\n{law}"
        )
        path.write_text(text)
    study = read_study(path, TABLES).or_raise()
    config = read_config(study).or_raise()
    return tabulate(work_out(config, read_inputs(study, config).or_raise()))


def rows_of(rows, **wanted):
    return [r for r in rows if all(getattr(r, key) == value for key, value in wanted.items())]


def integral(mean, cv, cutoff, top=71.7):
    """Tonnage and metal share of a truncated lognormal law, by numerical integration."""
    from scipy.optimize import fsolve

    def moments(mu, sigma):
        z = stats.norm(mu, sigma)
        whole = z.cdf(np.log(top))
        powers = [
            integrate.quad(lambda y, k=k: np.exp(k * y) * z.pdf(y), mu - 12 * sigma, np.log(top))[0]
            for k in (1, 2)
        ]
        return powers[0] / whole, powers[1] / whole

    def off(x):
        first, second = moments(x[0], np.exp(x[1]))
        return [first / mean - 1, np.sqrt(second / first**2 - 1) / cv - 1]

    mu, log_sigma = fsolve(off, [np.log(mean) - 0.3, np.log(0.8)], xtol=1e-13)
    z = stats.norm(mu, np.exp(log_sigma))
    whole = z.cdf(np.log(top))
    above = integrate.quad(lambda y: np.exp(y) * z.pdf(y), np.log(cutoff), np.log(top))[0] / whole
    return 1 - z.cdf(np.log(cutoff)) / whole, above / mean


@pytest.mark.parametrize("cutoff", [1.5, 5.0, 15.0])
def test_the_base_case_is_the_integral_of_the_law(tmp_path, cutoff):
    (row,) = rows_of(table(tmp_path), field="north", cutoff_sb_pct=cutoff)
    tonnes, metal = integral(3.0, 1.0, cutoff)
    assert row.amounts["ore_t"].value == pytest.approx(1e6 * tonnes, rel=1e-6)
    assert row.amounts["sb_t"].value == pytest.approx(3e4 * metal, rel=1e-6)
    assert row.amounts["sb_pct"].value == pytest.approx(3.0 * metal / tonnes, rel=1e-6)


def test_tonnes_and_metal_fall_and_the_grade_rises_with_the_cut_off(tmp_path):
    rows = rows_of(table(tmp_path), field="north", role="model")
    for name, sign in (("ore_t", -1), ("sb_t", -1), ("sb_pct", 1)):
        for part in ("value", "p10", "p50", "p90"):
            known = [getattr(r.amounts[name], part) for r in rows]
            known = [v for v in known if v is not None]
            assert all(sign * (b - a) >= -1e-9 * abs(a) for a, b in pairwise(known))


def test_what_rests_on_the_law_is_assumed_and_what_is_stated_is_not(tmp_path):
    rows = rows_of(table(tmp_path), field="north", role="model")
    assert [row.kind for row in rows] == ["reported"] + ["assumed"] * (len(rows) - 1)
    assert rows[0].amounts["ore_t"].p10 is None
    assert rows[-1].amounts["ore_t"].p10 < rows[-1].amounts["ore_t"].p90
    assert (rows[0].n_draws, rows[-1].n_draws) == (0, 500)


def test_percentiles_are_of_the_quantity_itself(tmp_path):
    row = NORTH | {
        "ore_t_low": "500000",
        "ore_t_high": "2000000",
        "sb_pct_low": "2",
        "sb_pct_high": "5",
    }
    first = rows_of(table(tmp_path, row), field="north", role="model")[0].amounts
    assert first["sb_t"].p10 > first["ore_t"].p10 * first["sb_pct"].p10 / 100
    assert first["sb_t"].p90 < first["ore_t"].p90 * first["sb_pct"].p90 / 100


def test_below_a_stated_cut_off_nothing_is_known(tmp_path):
    rows = rows_of(
        table(tmp_path, NORTH | {"cutoff_sb_pct": "1.5"}),
        field="north",
        role="model",
    )
    below = [row for row in rows if row.cutoff_sb_pct < 1.5]
    assert len(below) == 3
    assert all(amount == NOT_KNOWN for row in below for amount in row.amounts.values())
    assert all("below the statement's own cut-off" in row.note for row in below)
    at = next(row for row in rows if row.cutoff_sb_pct == 1.5)
    assert at.amounts["ore_t"].value == 1e6
    assert all(not row.warnings for row in rows)


def test_without_a_stated_cut_off_rows_below_the_mean_carry_a_warning(tmp_path):
    rows = rows_of(table(tmp_path), field="north", role="model")
    assert [bool(row.warnings) for row in rows] == [0 < row.cutoff_sb_pct < 3 for row in rows]


def test_a_field_without_tonnes_has_a_null_row_at_every_cut_off(tmp_path):
    bare = {k: v for k, v in NORTH.items() if k not in ("primary", "ore_t", "sb_pct")}
    rows = rows_of(table(tmp_path, bare), field="north")
    assert len(rows) == 10
    assert all(set(row.amounts.values()) == {NOT_KNOWN} for row in rows)
    assert all("evidence.statements: N1.ore_t" in row.missing for row in rows)


def test_bounding_cases_stand_under_the_model_with_single_figures(tmp_path):
    bare = {k: v for k, v in NORTH.items() if k not in ("primary", "ore_t", "sb_pct")}
    bound = NORTH | {
        "statement_id": "B", "role": "bounding", "kind": "assumed", "model": "all of it",
        "ore_t_low": "900000", "ore_t_high": "1100000",
    }  # fmt: skip
    rows = table(tmp_path, bound, bare)
    assert [row.role for row in rows[:20]] == ["model"] * 10 + ["bounding"] * 10
    for row in rows_of(rows, role="bounding"):
        assert row.kind == "assumed"
        assert row.n_draws == 0
        assert all(q.p10 is None for q in row.amounts.values())
    total = rows_of(rows, field="all")[0]
    assert total.amounts["ore_t"] == NOT_KNOWN


def test_gold_is_not_known_until_its_law_is_stated(tmp_path):
    row = NORTH | {"primary": "ore_t;sb_pct;au_gpt", "au_gpt": "2"}
    rows = rows_of(table(tmp_path, row), field="north", role="model")
    assert rows[0].amounts["au_gpt"].value == pytest.approx(2.0)
    assert rows[-1].amounts["au_gpt"] == NOT_KNOWN
    assert "fields.north.grade_law.au_cv" in rows[-1].missing
    stated = rows_of(table(tmp_path, row, law=GOLD), field="north", role="model")
    assert stated[-1].amounts["au_gpt"].value > 2.0
    ounces, kilograms = (stated[-1].amounts[name].value for name in ("au_oz", "au_kg"))
    assert ounces * 31.1034768 / 1000 == pytest.approx(kilograms)


def test_categories_are_totalled_apart(tmp_path):
    second = NORTH | {"statement_id": "N2", "category": "C2", "ore_t": "500000"}
    totals = rows_of(table(tmp_path, NORTH, second), field="all", cutoff_sb_pct=0.0)
    assert {t.category: t.amounts["ore_t"].value for t in totals} == {"C1": 1e6, "C2": 5e5}


TWO_FIELDS = '[fields.south]\nname = "South"\n'


def test_a_total_with_an_unknown_part_is_unknown_with_its_known_part_beside(tmp_path):
    bare = {k: v for k, v in NORTH.items() if k not in ("primary", "ore_t", "sb_pct")}
    south = bare | {"statement_id": "S1", "field": "south"}
    total = rows_of(table(tmp_path, NORTH, south, more=TWO_FIELDS), field="all")[0]
    assert total.amounts["ore_t"] == NOT_KNOWN
    assert total.known_part["fields"] == "north"
    assert total.known_part["ore_t"].value == 1e6
    assert total.to_dict()["known_part"]["ore_t"]["value"] == 1e6


def test_fields_are_drawn_independently_unless_a_correlation_is_stated(tmp_path):
    ranged = NORTH | {"ore_t_low": "500000", "ore_t_high": "1500000"}
    south = ranged | {"statement_id": "S1", "field": "south"}

    def spread(correlation):
        path = write_study(tmp_path, ranged, south, more=TWO_FIELDS)
        stated = f'statements = "statements.csv"\nfield_correlation = {correlation}\n'
        path.write_text(path.read_text().replace('statements = "statements.csv"\n', stated))
        study = read_study(path, TABLES).or_raise()
        config = read_config(study).or_raise()
        rows = tabulate(work_out(config, read_inputs(study, config).or_raise()))
        ore = rows_of(rows, field="all")[0].amounts["ore_t"]
        return ore.p90 - ore.p10

    alone = rows_of(table(tmp_path, ranged), field="north")[0].amounts["ore_t"]
    # Two independent spreads add as squares, two tied ones as they are.
    assert spread(0.0) == pytest.approx(np.sqrt(2) * (alone.p90 - alone.p10), rel=0.1)
    assert spread(0.95) == pytest.approx(2 * (alone.p90 - alone.p10), rel=0.1)


def test_less_than_a_selection_unit_says_so(tmp_path):
    row = NORTH | {"sb_pct": "0.5"}
    last = rows_of(table(tmp_path, row), field="north", role="model")[-1]
    assert last.note == "< 1 mining unit (100 t)"


def test_a_sum_of_less_than_a_selection_unit_says_so_too(tmp_path):
    bare = {k: v for k, v in NORTH.items() if k not in ("primary", "ore_t", "sb_pct")}
    lean = NORTH | {"sb_pct": "0.5"}
    south = bare | {"statement_id": "S1", "field": "south"}
    totals = rows_of(table(tmp_path, lean, south, more=TWO_FIELDS), field="all")
    assert totals[-1].known_part["note"] == "< 1 mining unit (100 t)"
    assert totals[0].known_part["note"] == ""
    assert totals[-1].note == "a part is not known, so the total is not known"
    alone = rows_of(table(tmp_path, lean), field="all")
    assert alone[-1].note == "< 1 mining unit (100 t)" and alone[0].note == ""
    # A second field that holds more than its unit makes the sum a tonnage again.
    rich = NORTH | {"statement_id": "S1", "field": "south", "sb_pct": "5"}
    law = "selection_unit_t = 100\ncv_at_selection_unit = { low = 0.5, value = 1.0, high = 1.03 }\n"
    more = f"{TWO_FIELDS}[fields.south.grade_law]\n{law}"
    both = rows_of(table(tmp_path, lean, rich, more=more), field="all")
    assert both[-1].amounts["ore_t"].value > 100 and both[-1].note == ""


def test_competing_models_need_a_choice_and_are_never_averaged(tmp_path):
    other = NORTH | {"statement_id": "N2", "model": "other", "ore_t": "3000000"}
    path = write_study(tmp_path, NORTH, other)
    study = read_study(path, TABLES).or_raise()
    config = read_config(study).or_raise()
    problems = [str(p) for p in read_inputs(study, config).problems]
    assert any("fields.north.total_model" in p and "competing models" in p for p in problems)
    path.write_text(
        path.read_text().replace('name = "North"', 'name = "North"\ntotal_model = "other"')
    )
    study = read_study(path, TABLES).or_raise()
    config = read_config(study).or_raise()
    rows = tabulate(work_out(config, read_inputs(study, config).or_raise()))
    assert {r.model for r in rows_of(rows, field="north")} == {"m", "other"}
    assert rows_of(rows, field="all")[0].amounts["ore_t"].value == 3e6


@pytest.mark.parametrize("name", ["Северное", "NORTH", "north "])
def test_statements_may_use_any_spelling_of_the_field(tmp_path, name):
    assert rows_of(table(tmp_path, NORTH | {"field": name}), field="north")


def test_rows_are_json_and_a_table(tmp_path):
    rows = table(tmp_path)
    keys = {"field", "model", "route", "synthetic", "kind", "category", "statement_cutoff_sb_pct",
            "cutoff_sb_pct", *AMOUNTS, "n_draws", "source"}  # fmt: skip
    for row in rows:
        plain = row.to_dict()
        assert keys <= plain.keys()
        assert set(plain["ore_t"]) == {"value", "p10", "p50", "p90"}
        json.dumps(plain, allow_nan=False)
    assert len(as_frame(rows)) == len(rows)


def test_a_quantity_without_draws_has_no_percentiles():
    assert quantity(np.array([5.0, 5.0, 5.0])).p50 is None
    assert quantity(np.array([np.nan])).value is None


def test_infeasible_draws_name_the_key_and_how_many(tmp_path):
    path = write_study(tmp_path, NORTH | {"sb_pct": "18"})
    text = path.read_text().replace(
        "low = 0.5, value = 1.0, high = 1.03", "low = 0.5, value = 0.9, high = 1.3"
    )
    path.write_text(text)
    study = read_study(path, TABLES).or_raise()
    config = read_config(study).or_raise()
    with pytest.raises(
        DataError, match=r"of 500 draws .* fields\.north|fields\.north.*of 500 draws"
    ):
        work_out(config, read_inputs(study, config).or_raise())


def test_an_empty_statement_competes_with_nothing(tmp_path):
    bare = {k: v for k, v in NORTH.items() if k not in ("primary", "ore_t", "sb_pct")}
    rows = table(tmp_path, bare | {"statement_id": "N0", "model": "nothing published"}, NORTH)
    assert rows_of(rows, field="all")[0].amounts["ore_t"].value == 1e6


GOLDEN = NORTH | {"primary": "ore_t;sb_pct;au_gpt", "au_gpt": "2"}


@pytest.mark.parametrize("cutoff", [0.0, 1.5])
def test_gold_of_some_statements_is_no_gold_of_them_all(tmp_path, cutoff):
    plain = NORTH | {"statement_id": "N2"}

    def gold(*statements):
        rows = table(tmp_path, *statements, law=GOLD)
        (row,) = rows_of(rows, field="north", cutoff_sb_pct=cutoff)
        return row.amounts["au_kg"].value, row.amounts["ore_t"].value

    alone, ore = gold(GOLDEN)
    assert gold(GOLDEN, GOLDEN | {"statement_id": "N2"}) == pytest.approx((2 * alone, 2 * ore))
    assert gold(GOLDEN, plain) == (None, pytest.approx(2 * ore))
    assert gold(plain, GOLDEN | {"statement_id": "N3"})[0] is None


def test_gold_of_some_fields_is_no_gold_of_the_total(tmp_path):
    def total(south):
        rows = table(tmp_path, GOLDEN, south, more=TWO_FIELDS)
        (row,) = rows_of(rows, field="all", cutoff_sb_pct=0.0)
        return row.amounts

    south = {"statement_id": "S1", "field": "south"}
    assert total(GOLDEN | south)["au_kg"].value == pytest.approx(4000.0)
    partial = total(NORTH | south)
    assert partial["ore_t"].value == 2e6
    assert [partial[name] for name in ("au_kg", "au_oz", "au_gpt")] == [NOT_KNOWN] * 3
