"""Does the workbook keep what is not known from reading as a figure?"""

import copy
import re
import zipfile

import openpyxl
import pytest
from support import example_plan, example_study, office, workbooks

from maps.products.workbook_names import LONGEST, names_of

SITU = "in situ, no loss and no dilution stated: not a plan"
FACTORS = ("mining_recovery_fraction", "dilution_fraction", "dilution_grade_sb_pct")
SHORT = "< 1 mining unit"


def without_factors(summary):
    """The study with no mining recovery and no dilution stated: the planner takes 1 and 0."""
    told = copy.deepcopy(summary)
    for case in told["scenarios"]:
        for name in FACTORS:
            case["workings"]["inputs"][name]["value"] = None
    return told


@pytest.fixture(scope="module")
def summary(tmp_path_factory):
    return workbooks.small(tmp_path_factory.mktemp("small")).summary()


@pytest.fixture(scope="module")
def stated(summary, tmp_path_factory):
    return openpyxl.load_workbook(
        workbooks.write(summary, tmp_path_factory.mktemp("stated")), data_only=True
    )


@pytest.fixture(scope="module")
def bare(summary, tmp_path_factory):
    return workbooks.write(without_factors(summary), tmp_path_factory.mktemp("bare"))


def row_called(sheet, words):
    """Figures of every scenario in the rows of a name."""
    rows = [row for row in sheet.iter_rows(min_row=6) if row[0].value == words]
    return [[cell.value for cell in row[4:] if cell.value is not None] for row in rows]


def test_ore_without_loss_and_dilution_is_said_to_be_no_plan_beside_its_value(stated, bare):
    opened = openpyxl.load_workbook(bare, data_only=True)
    words = "How the ore of it is counted"
    above, below = row_called(opened["Scenarios"], words)
    assert above == below == [SITU] * len(above)
    assert set(row_called(stated["Scenarios"], words)[0]) == {
        "run of mine, after loss and dilution"
    }
    (line,) = (r[0].row for r in opened["Scenarios"].iter_rows(min_row=30) if r[0].value == words)
    assert not opened["Scenarios"].row_dimensions[line].hidden


def test_its_cash_flow_and_its_bar_say_so_too(stated, bare):
    opened = openpyxl.load_workbook(bare, data_only=True)
    assert SITU in opened["Cash flow"]["D4"].value
    assert SITU not in stated["Cash flow"]["D4"].value
    titles = [str(c.value) for row in opened["Cash flow"].iter_rows(min_row=20) for c in row]
    assert any(SITU in title for title in titles)
    names = row_called(opened["Scenarios"], "Name in the chart of value")[0]
    npv = office.row_of(opened, "out_npv_usd")
    for name, value in zip(names, npv, strict=True):
        assert ("in situ, not a plan" in name) == isinstance(value, float)
    with zipfile.ZipFile(bare) as book:
        charts = [book.read(n).decode() for n in book.namelist() if "charts/chart" in n]
    assert sum("in situ, not a plan" in chart for chart in charts) == 1
    assert any(SITU in chart for chart in charts)


def test_gold_that_is_not_known_is_never_0(summary, tmp_path):
    told = copy.deepcopy(summary)
    for case in told["scenarios"]:
        case["workings"]["inputs"]["au_price"]["value"] = None
    opened = openpyxl.load_workbook(workbooks.write(told, tmp_path), data_only=True)
    for words in ("Payable gold", "Its payable gold"):
        assert set(row_called(opened["Scenarios"], words)[0]) == {"not known"}


def test_a_rate_of_return_is_a_per_cent_and_money_is_in_millions(stated):
    sheet = stated["Scenarios"]
    formats = {
        row[0].value: (row[1].value, row[4].number_format) for row in sheet.iter_rows(min_row=8)
    }
    assert formats["Internal rate of return"] == ("%", "0.0%")
    assert formats["Net present value"] == ("million USD", "#,##0.0,,")
    flow = stated["Cash flow"]
    assert flow.cell(7, 15).number_format == "#,##0.0,,"


def test_headings_lists_and_pictures_have_titles_and_no_keys(summary, tmp_path):
    told = copy.deepcopy(summary)
    for case in told["scenarios"]:
        case["title"] = f"A case that is told of at some length, {case['name']}"
    path = workbooks.write(told, tmp_path)
    opened = openpyxl.load_workbook(path, data_only=True)
    heads = [cell.value for cell in opened["Scenarios"][5]][4:]
    assert heads == names_of(told["scenarios"]) and all(len(h) <= LONGEST for h in heads)
    assert opened["Cash flow"]["B4"].value in heads
    listed = {row[0].value for row in opened["Inputs and sources"].iter_rows(min_row=6)}
    assert listed == set(heads)
    with zipfile.ZipFile(path) as book:
        charts = [book.read(n).decode() for n in book.namelist() if "charts/chart" in n]
    named = [re.findall(r"<c:v>(\d+\. A case[^<]*)</c:v>", chart) for chart in charts]
    assert sum(len(found) == len(heads) for found in named) == 4


def test_the_first_sheet_answers(tmp_path):
    told = example_study.summary()
    first = openpyxl.load_workbook(workbooks.write(told, tmp_path))["Read me"]
    said = {row[0].value: row[1].value for row in first.iter_rows(min_row=5, max_row=12)}
    assert said["Answer, as claimed"].startswith("✗ DOES NOT HOLD. ")
    assert any(
        str(label).startswith("Answer, ") and label != "Answer, as claimed" for label in said
    )
    mine = example_plan.summary()
    first = openpyxl.load_workbook(workbooks.write(mine, tmp_path))["Read me"]
    told = [str(row[1].value) for row in first.iter_rows(min_row=5, max_row=12)]
    assert any(mine["plan"]["verdict"]["sentence"] in each for each in told)


def test_less_than_a_mining_unit_has_no_tonnage_in_sheet_and_chart(tmp_path):
    told = example_study.summary()
    row = next(r for r in told["grade_tonnage"] if r["field"] == "konchoch" and r["cutoff_sb_pct"])
    rows = [
        r for r in told["grade_tonnage"] if (r["field"], r["model"]) == ("konchoch", row["model"])
    ]
    rows[-1]["note"] = f"{SHORT} (500 t)"
    path = workbooks.write(told, tmp_path)
    sheet = openpyxl.load_workbook(path)["Grade-tonnage"]
    heads = [cell.value for cell in sheet[5]]
    (found,) = (r for r in sheet.iter_rows(min_row=6) if SHORT in {c.value for c in r})
    told_of = [cell.value for cell in found[heads.index("Ore, t") : -1]]
    assert told_of[0] == SHORT and set(told_of[1:]) == {None}
    with zipfile.ZipFile(path) as book:
        charts = "".join(book.read(n).decode() for n in book.namelist() if "charts/chart" in n)
    drawn = re.findall(r"\$(\d+):\$[A-Z]+\$(\d+)</c:f>", charts)
    assert str(found[0].row - 1) in {last for _, last in drawn}
    assert str(found[0].row) not in {last for _, last in drawn}
