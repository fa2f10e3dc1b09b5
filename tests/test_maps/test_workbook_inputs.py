"""Does each yellow cell take what the study takes, and is the file one that Excel opens?"""

import copy
import re
import zipfile
from typing import Annotated
from xml.etree import ElementTree

import openpyxl
import pytest
from openpyxl.utils import range_boundaries
from pydantic import TypeAdapter, ValidationError
from support import example_plan, office, workbooks

from deposits.config import FieldTable
from maps.languages import is_known
from maps.products.workbook_inputs import INPUTS
from maps.products.workbook_limits import LONGEST_MESSAGE
from maps.products.workbook_plan_years import SETTINGS
from planning.config import PlanTable
from planning.economics.config import Economics, Plant, Price
from planning.economics.nsr import TERM_KEYS

EVERY = [each for _, group in INPUTS for each in group]
#: Scenarios whose names a formula, a list or a search could take for something else.
NAMES = ("a*", "a?b", "A~", "=1+1", "-x", "'q'", '"', "[a]:/\\", "x" * 60, "x" * 59 + "y")


@pytest.fixture(scope="module")
def summary(tmp_path_factory):
    return workbooks.small(tmp_path_factory.mktemp("small")).summary()


@pytest.fixture(scope="module")
def written(summary, tmp_path_factory):
    return workbooks.write(summary, tmp_path_factory.mktemp("written"))


@pytest.fixture(scope="module")
def many(summary, tmp_path_factory):
    """A study of thirty scenarios, some with names that mean something to a spreadsheet."""
    told = copy.deepcopy(summary)
    first = told["scenarios"][0]
    names = [*NAMES, *(f"number {i}" for i in range(30 - len(NAMES)))]
    told["scenarios"] = [copy.deepcopy(first) | {"name": name} for name in names]
    return workbooks.write(told, tmp_path_factory.mktemp("many"))


def field_of(name):
    """The study's own check of an input."""
    key = TERM_KEYS.get(name, f"plan.{name}").rsplit(".", 1)[-1]
    places = {"sb_price": (Price, "usd_per_t"), "au_price": (Price, "usd_per_oz")}
    places["head_grade_sb_pct"] = (FieldTable, "head_grade_sb_pct")
    for model in (PlanTable, Plant, Economics):
        if key in model.model_fields:
            places.setdefault(name, (model, key))
    model, key = places[name]
    found = model.model_fields[key]
    kind = found.annotation
    for meta in found.metadata:
        kind = Annotated[kind, meta]
    return TypeAdapter(kind)


def accepts(checked, number):
    try:
        checked.validate_python({"value": float(number)})
    except ValidationError:
        return False
    return True


@pytest.mark.parametrize("each", EVERY, ids=lambda each: each.name)
def test_the_limits_of_a_cell_are_those_of_the_study(each):
    checked, limits = field_of(each.name), each.limits
    assert accepts(checked, limits.low) == (limits.above is None)
    assert accepts(checked, (limits.low if limits.above is None else limits.above) + 1e-6)
    assert not accepts(checked, limits.low - 1e-6)
    most = 1e15 if limits.high is None else limits.high
    assert accepts(checked, most)
    assert limits.high is None or not accepts(checked, most * (1 + 1e-9))


def test_every_yellow_cell_says_its_unit_and_its_limits_and_refuses_the_rest(written):
    opened = openpyxl.load_workbook(written)
    rules = opened["Scenarios"].data_validations.dataValidation
    marks = opened["Scenarios"].conditional_formatting
    for each in EVERY:
        cells = office.place(opened, f"in_{each.name}")[1]
        own = next(rule for rule in rules if str(rule.sqref) == cells)
        assert each.unit in own.prompt and each.limits.words() in own.prompt
        assert each.empty in own.prompt and each.limits.words() in own.error
        assert own.errorStyle in (None, "stop") and own.allow_blank
        assert any(str(mark.sqref) == cells for mark in marks), each.name


def test_every_message_of_a_cell_has_its_russian():
    words = {w for each in EVERY for w in (each.empty, each.limits.words())}
    words |= {limits.words() for *_, limits in SETTINGS}
    assert [word for word in words if not is_known(word, "ru")] == []


def faults_of(path):
    """What Excel would repair or refuse in a workbook, as far as its own files tell."""
    with zipfile.ZipFile(path) as book:
        parts = {n: book.read(n).decode() for n in book.namelist() if n.endswith((".xml", ".rels"))}
    for text in parts.values():
        ElementTree.fromstring(text)
    opened = openpyxl.load_workbook(path)
    titles = [sheet.title for sheet in opened]
    wrong = [t for t in titles if len(t) > 31 or re.search(r"[\[\]:*?/\\]", t)]
    wrong += titles if len({t.casefold() for t in titles}) < len(titles) else []
    for name, text in parts.items():
        if "worksheets/sheet" in name:
            wrong += [f for f in re.findall(r"<f>([^<]*)</f>", text) if len(f) > 8192]
            wrong += re.findall(r"<f [^>]*>", text) + re.findall(r"_xlfn[^<(]*", text)
        if "charts/chart" in name:
            used = re.findall(r"<c:f>'?([^<'!]*)'?!", text)
            wrong += [sheet for sheet in used if sheet not in titles]
    wrong += [n for n, d in opened.defined_names.items() if d.attr_text.count("#REF!")]
    for sheet in opened:
        for rule in sheet.data_validations.dataValidation:
            told = [rule.prompt, rule.error, rule.formula1]
            wrong += [t for t in told if t and len(t) > LONGEST_MESSAGE]
            wrong += [t for t in (rule.promptTitle, rule.errorTitle) if t and len(t) > 32]
        merged = [range_boundaries(str(each)) for each in sheet.merged_cells.ranges]
        wrong += [str(a) for a in merged for b in merged if a != b and a[1] == b[1]]
    return wrong


@pytest.mark.parametrize("language", ["en", "ru"])
def test_a_workbook_has_nothing_that_excel_would_repair(summary, tmp_path, language):
    assert faults_of(workbooks.write(summary, tmp_path, language)) == []
    assert faults_of(workbooks.write(example_plan.summary(), tmp_path, language)) == []


def test_thirty_scenarios_with_any_names_stand_side_by_side(many):
    assert faults_of(many) == []
    opened = openpyxl.load_workbook(many, data_only=True)
    assert len(office.row_of(opened, "out_npv_usd")) == 30
    heads = [cell.value for cell in opened["Scenarios"][5]]
    assert len(set(heads[4:34])) == 30
    keys = [cell.value for cell in opened["Scenarios"][7]]
    assert keys[0] == "Key in the study" and keys[4:14] == list(NAMES)
    formulas = openpyxl.load_workbook(many)
    assert all(cell.data_type != "f" for cell in formulas["Scenarios"][5])


def test_one_scenario_is_a_workbook_too(summary, tmp_path):
    told = summary | {"scenarios": summary["scenarios"][:1]}
    path = workbooks.write(told, tmp_path)
    assert faults_of(path) == []
    opened = openpyxl.load_workbook(path, data_only=True)
    assert office.row_of(opened, "out_npv_usd") == [
        pytest.approx(summary["scenarios"][0]["base_case"]["npv_usd"])
    ]


def test_no_formula_is_without_a_value_before_anything_works_it_out(written):
    shown, formulas = (
        openpyxl.load_workbook(written, data_only=True),
        openpyxl.load_workbook(written),
    )
    valued = 0
    for name in ("Scenarios", "Cash flow", "Half-years", "Years"):
        for row in formulas[name].iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    valued += shown[name][cell.coordinate].value is not None
    heads = [str(cell.value) for cell in shown["Cash flow"][5]]
    summed = shown["Cash flow"].cell(7, heads.index("Cash flow, summed, million USD") + 1).value
    assert isinstance(summed, float) and valued > 1500
    empty = []
    for (cell,) in formulas["Scenarios"].iter_rows(min_col=5, max_col=5):
        if cell.data_type == "f" and shown["Scenarios"][cell.coordinate].value is None:
            empty.append(cell.coordinate)
    assert empty == []


def test_the_periods_of_a_mine_add_up_to_its_years(tmp_path):
    summary = example_plan.summary()
    opened = openpyxl.load_workbook(workbooks.write(summary, tmp_path), data_only=True)
    years = summary["plan"]["years"]
    for sheet, row in (("Schedule", 5), ("Schedule by year", 15)):
        heads = [str(cell.value) for cell in opened[sheet][row]]
        last = opened[sheet].max_row
        for words, key in (
            ("Ore to the plant, t", "feed_t"),
            ("Concentrate, dry, t", "concentrate_t"),
        ):
            total = opened[sheet].cell(last, heads.index(words) + 1).value
            assert total == pytest.approx(sum(year[key] for year in years), rel=1e-12), sheet
    present = office.row_of(opened, "schedule_npv")[0]
    worth = sum(y["cash_usd"] * 1.1 ** -(y["year"] - 0.5) for y in years)
    assert present == pytest.approx(worth, rel=1e-9)


def test_pages_keep_their_headings_and_are_as_wide_as_paper(written):
    for sheet in openpyxl.load_workbook(written):
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        if sheet.title not in ("Read me", "Charts", "Grade-tonnage chart"):
            assert sheet.print_title_rows == "$5:$5", sheet.title
            assert sheet.freeze_panes is not None, sheet.title
