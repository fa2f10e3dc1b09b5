"""Does the workbook say what its study says, in both languages, and come out equal twice?"""

import zipfile
from dataclasses import replace

import numpy as np
import openpyxl
import pytest
from support import example_plan, example_study, office, workbooks

from maps.languages import is_known
from maps.products import workbook
from maps.products.workbook_inputs import CONVENTIONS, INPUTS
from maps.products.workbook_scenarios import GROUND, LIVE
from maps.products.workbook_years import COLUMNS, years_laid_out
from planning.verdict.scenarios import build_situation
from planning.verdict.supply import feed_of_richest, run_of_mine
from planning.verdict.workings import workings_of

NASTY = ('=HYPERLINK("http://x.example")', "+1+1", "-2+3", "@SUM(A1)", "\t=1+1", "\r=1+1")


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    return workbooks.small(tmp_path_factory.mktemp("small"))


@pytest.fixture(scope="module")
def summary(told):
    return told.summary()


@pytest.fixture(scope="module")
def written(summary, tmp_path_factory):
    return workbooks.write(summary, tmp_path_factory.mktemp("written"))


def texts(opened):
    return [c for sheet in opened for row in sheet.iter_rows() for c in row if c.value is not None]


def test_before_anything_recalculates_it_shows_the_planners_figures(written, summary):
    opened = openpyxl.load_workbook(written, data_only=True)
    cases = [case["base_case"] for case in summary["scenarios"]]
    assert office.row_of(opened, "out_npv_usd") == [
        "not known" if case["npv_usd"] is None else pytest.approx(case["npv_usd"]) for case in cases
    ]
    rates = office.row_of(opened, "in_throughput_t_per_year")
    assert rates == [case["throughput_t_per_year"] for case in cases]


def test_a_step_on_the_way_has_a_value_before_anything_works_it_out(written):
    shown = openpyxl.load_workbook(written, data_only=True)["Scenarios"]
    formulas = openpyxl.load_workbook(written)["Scenarios"]
    steps = {r.label for _, lines in LIVE for r in lines if not r.base_case}
    rows = [row[0].row for row in shown.iter_rows(min_row=20) if row[0].value in steps]
    assert len(rows) == len(steps)
    assert all(formulas.cell(row, 5).data_type == "f" for row in rows)
    assert None not in {shown.cell(row, 5).value for row in rows}


def test_texts_from_files_are_never_formulas(tmp_path):
    told = example_study.summary()
    told["claims"] = [
        {"claim": bad, "finding": "consistent", "said_by": bad, "sources": [bad]} for bad in NASTY
    ]
    told["grade_tonnage"] = [row | {"source": NASTY[0], "model": NASTY[3]}
                             for row in told["grade_tonnage"]]  # fmt: skip
    told["study"] = told["study"] | {"title": NASTY[0], "question": NASTY[1]}
    opened = openpyxl.load_workbook(workbooks.write(told, tmp_path))
    assert not [c.coordinate for c in texts(opened) if c.data_type == "f"]
    risky = [c for c in texts(opened) if isinstance(c.value, str) and c.value.startswith("=")]
    assert risky and all(c.quotePrefix for c in risky)
    assert all(c.hyperlink is None or not c.hyperlink.target for c in texts(opened))


def test_equal_studies_give_equal_bytes(summary, written, tmp_path):
    assert workbooks.write(summary, tmp_path).read_bytes() == written.read_bytes()
    with zipfile.ZipFile(written) as book:
        assert {entry.date_time for entry in book.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_a_synthetic_study_says_so_in_its_name_and_on_every_sheet(tmp_path):
    told = example_plan.summary()
    assert told["study"]["synthetic"]
    path = workbooks.write(told, tmp_path)
    assert path.name == "synthetic_scenarios.xlsx"
    for sheet in openpyxl.load_workbook(path):
        assert str(sheet["A2"].value).startswith("SYNTHETIC"), sheet.title


def test_every_sheet_says_of_which_study_it_is(written, summary):
    for sheet in openpyxl.load_workbook(written):
        assert "anzob" in sheet.oddFooter.left.text, sheet.title


def test_a_mines_plan_is_discounted_in_the_sheet(tmp_path):
    opened = openpyxl.load_workbook(workbooks.write(example_plan.summary(), tmp_path))
    assert {"Schedule", "Schedule by year"} <= set(opened.sheetnames)
    assert office.row_of(opened, "schedule_discount_rate") == [
        example_plan.summary()["plan"]["discount_rate"]
    ]
    formulas = [c.value for row in opened["Schedule by year"] for c in row if c.data_type == "f"]
    assert any("^-(" in formula for formula in formulas)


def test_a_study_whose_workings_are_not_told_has_no_live_sheet(tmp_path):
    names = openpyxl.load_workbook(workbooks.write(example_study.summary(), tmp_path)).sheetnames
    assert "Scenarios" not in names and {"Grade-tonnage", "Claims"} <= set(names)


def test_sheets_stand_in_the_order_of_the_contents(written):
    names = openpyxl.load_workbook(written).sheetnames
    wanted = ["Read me", *workbook.CONTENTS]
    assert names == [name for name in wanted if name in names]


def test_every_label_has_its_russian(summary, tmp_path):
    labels = [i.label for _, group in INPUTS for i in group] + [title for title, _ in INPUTS]
    labels += [r.label for _, lines in LIVE for r in lines] + [title for title, _ in LIVE]
    labels += [label for _, label, _ in GROUND] + [words for words, _, _ in COLUMNS.values()]
    labels += [*CONVENTIONS.values(), *workbook.CONTENTS, *workbook.CONTENTS.values()]
    labels += (*workbook.HOW, *(line for lines in workbook.HOW_OF.values() for line in lines))
    assert [label for label in labels if not is_known(label, "ru")] == []
    path = workbooks.write(summary, tmp_path, "ru")
    opened = openpyxl.load_workbook(path)
    assert "Варианты" in opened.sheetnames
    assert all(len(name) <= 31 for name in opened.sheetnames)


def test_the_row_of_cutoffs_is_the_ore_of_the_base_case(told):
    from planning.config import read_config

    config = read_config(told.study).or_raise()
    situation = build_situation(config, told.loaded.ground, told.loaded.inputs)
    curve = workings_of(situation)["ore"]["curve"]
    in_situ = replace(situation.supply, factors=replace(
        situation.supply.factors, recovery=np.ones(1), dilution=np.zeros(1)))  # fmt: skip
    for i in (0, 100, 300):
        ore, sb = run_of_mine(in_situ, curve["cutoff_sb_pct"][i])
        assert curve["ore_t"][i] == pytest.approx(float(ore[0]), rel=1e-12)
        assert curve["sb_t"][i] == pytest.approx(float(sb[0]), rel=1e-9)
    need = curve["ore_t"][300]
    gold = feed_of_richest(in_situ, need).au_gpt
    assert curve["au_kg"][300] * 1000 / need == pytest.approx(float(gold[0]), rel=1e-6)
    assert np.all(np.diff(curve["cutoff_sb_pct"]) > 0) and np.all(np.diff(curve["ore_t"]) <= 0)


def test_there_is_room_for_the_longest_plan():
    plan = {"inputs": {"horizon_years": {"value": 37.5}}}
    assert years_laid_out([plan]) > 38 and years_laid_out([]) == 20
