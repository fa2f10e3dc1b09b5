"""What do yellow cells do that nobody thought of: other inputs, none, and what cannot be right?"""

import copy
from dataclasses import replace

import openpyxl
import pytest
from support import example_plan, office, workbooks

from maps.products.workbook_plan_years import WORTH
from maps.products.workbook_scenarios import LIVE
from planning.verdict.scenarios import run_case

pytestmark = pytest.mark.office
FIGURES = [r.base_case for _, lines in LIVE for r in lines if r.base_case]
CLOSE = 1e-3
PLAN, MONEY, PLANT = ("plan",), ("economics",), ("plants", "p")
#: Setting -> cell -> table and key of the study, and what is typed; None empties the cell.
SETTINGS = {
    "recovery": {"in_sb_recovery": (PLANT, "sb_recovery_fraction", 0.61)},
    "discount rate": {"in_discount_rate": (MONEY, "discount_rate_fraction", 0.25)},
    "dilution": {
        "in_dilution_fraction": (PLAN, "dilution_fraction", 0.4),
        "in_dilution_grade_sb_pct": (PLAN, "dilution_grade_sb_pct", 0.05),
        "in_mining_recovery_fraction": (PLAN, "mining_recovery_fraction", 0.55),
    },
    "grade of the feed": {"in_cutoff_sb_pct": (PLAN, "cutoff_sb_pct", 3.3)},
    "the ore runs out": {"in_horizon_years": (PLAN, "horizon_years", 19.0)},
    "no ore is left": {"in_cutoff_sb_pct": (PLAN, "cutoff_sb_pct", 71.7)},
    "a cost is not known": {"in_mining": (MONEY, "mining_cost_usd_per_t_ore", None)},
    "gold is not counted": {"in_au_recovery": (PLANT, "au_recovery_fraction", None)},
    "before tax and loss": {
        "in_tax": (MONEY, "tax_fraction", None),
        "in_mining_recovery_fraction": (PLAN, "mining_recovery_fraction", None),
        "in_dilution_fraction": (PLAN, "dilution_fraction", None),
        "in_dilution_grade_sb_pct": (PLAN, "dilution_grade_sb_pct", None),
    },
}
#: What no study accepts; nothing is to be worked out from it.
WRONG = {
    "zero": {"in_throughput_t_per_year": 0},
    "negative": {"in_sb_recovery": -0.1},
    "text": {"sb_price_usd_per_t": "about 20,000"},
    "per cent": {"in_royalty": 6},
    "waste without a grade": {"in_dilution_grade_sb_pct": None},
    "zero recovery": {"in_mining_recovery_fraction": 0},
}
EMPTIED = ("in_throughput_t_per_year", "in_horizon_years", "in_ramp_up_years")
MINE = {
    "price": {"schedule_sb_price_usd_per_t": 31_000},
    "rate emptied": {"schedule_discount_rate": None},
    "factor negative": {"schedule_cost_factor": -1},
}


@pytest.fixture(scope="module")
def opened(tmp_path_factory):
    """Every setting, as LibreOffice leaves it, by its name."""
    office.libreoffice()
    folder = tmp_path_factory.mktemp("inputs")
    told = workbooks.small(folder)
    book = workbooks.write(told.summary(), folder)
    told.book = book
    typed: dict = {"as it is": {}}
    typed |= {n: {c: value for c, (_, _, value) in s.items()} for n, s in SETTINGS.items()}
    typed |= WRONG | {name: {name: None} for name in EMPTIED}
    books = [
        office.changed(book, folder / f"in_{i}.xlsx", **cells)
        for i, cells in enumerate(typed.values())
    ]
    mine = workbooks.write(priced_plan(), folder)
    books += [office.changed(mine, folder / f"mine_{i}.xlsx", **c)
              for i, c in enumerate(MINE.values())]  # fmt: skip
    found = [openpyxl.load_workbook(b, data_only=True) for b in office.recalculated(books, folder)]
    return told, dict(zip([*typed, *MINE], found, strict=True))


def priced_plan():
    """The example mine with the price and the royalty its sheet moves by."""
    summary = copy.deepcopy(example_plan.summary())
    for year in summary["plan"]["years"]:
        year["payable_sb_t"], year["cost_royalty_usd"] = 500.0, 0.02 * year["cost_usd"]
    rows = [("sb_price", 25_000.0), ("royalty_fraction_of_nsr", 0.06)]
    summary["mine"] = {"economics": {"rows": [
        {"key": f"economics.{k}", "value": v, "label": k, "unit": "", "kind": "assumed",
         "source": ""} for k, v in rows]}}  # fmt: skip
    return summary


def base_cases(told, setting):
    """What the planner finds when the same figures stand in the study."""
    tree = copy.deepcopy(told.study.tree)
    places = [tree, *tree["scenario"].values()]
    for path, key, value in setting.values():
        for place in places:
            table = place
            for step in path:
                table = table.get(step if step != "p" else next(iter(table), ""), {})
            if place is tree or key in table:
                table.pop(key, None)
                if value is not None:
                    table[key] = value
    study = replace(told.study, tree=tree)
    ground, inputs = told.loaded.ground, told.loaded.inputs
    return [run_case(study, ground, inputs, n).base_case for n in (None, *study.scenario_names)]


def distances(book, cases):
    """Relative distance of every figure from the planner's; infinite where one is not told."""
    for figure in FIGURES:
        for case, cell in zip(cases, office.row_of(book, f"out_{figure}"), strict=True):
            wanted = "not known" if case[figure] is None else case[figure]
            if isinstance(wanted, bool):
                wanted = "yes" if wanted else "no"
            if isinstance(wanted, float) and isinstance(cell, int | float):
                near = abs(cell - wanted) <= 1e-9
                yield figure, cell, wanted, 0.0 if near else abs(cell / wanted - 1.0)
            else:
                yield figure, cell, wanted, 0.0 if cell == wanted else float("inf")


@pytest.mark.parametrize("name", SETTINGS)
def test_every_figure_is_the_planners_own(opened, name):
    told, books = opened
    cases = base_cases(told, SETTINGS[name])
    assert [found for found in distances(books[name], cases) if found[-1] >= CLOSE] == []
    assert office.faults(books[name]) == []


def test_the_settings_reach_an_empty_field_and_a_value_that_is_not_known(opened):
    told, _ = opened
    out = base_cases(told, SETTINGS["the ore runs out"])[0]
    assert out["ore_available_t"] < out["ore_needed_t"]
    assert base_cases(told, SETTINGS["no ore is left"])[0]["ore_available_t"] == 0
    assert base_cases(told, SETTINGS["a cost is not known"])[0]["npv_usd"] is None


@pytest.mark.parametrize("name", WRONG)
def test_what_cannot_be_right_tells_nothing_and_says_so(opened, name):
    book = opened[1][name]
    assert office.faults(book) == []
    for figure in FIGURES:
        if figure != "value_basis":
            assert set(office.row_of(book, f"out_{figure}")) == {"not known"}, figure
    assert set(office.row_of(book, "out_value_basis")) == {"no value: an input is not right"}
    shown = {cell.value for row in book["Scenarios"].iter_rows(max_row=20) for cell in row}
    assert any(str(value).endswith(" not right: see the marked cells") for value in shown)


@pytest.mark.parametrize("name", EMPTIED)
def test_an_emptied_cell_is_not_known_and_never_zero(opened, name):
    book = opened[1][name]
    assert office.faults(book) == []
    for figure in ("ore_needed_t", "npv_usd", "irr_fraction", "payback_years"):
        assert set(office.row_of(book, f"out_{figure}")) == {"not known"}, figure


def test_a_mine_at_another_price_is_worth_what_is_paid_more_after_royalty(opened):
    plan = priced_plan()["plan"]
    more = sum(500.0 * 6_000.0 * 0.94 * 1.1 ** -(y["year"] - 0.5) for y in plan["years"])
    before = sum(y["cash_usd"] * 1.1 ** -(y["year"] - 0.5) for y in plan["years"])
    assert plan["discount_rate"] == 0.1
    found = office.row_of(opened[1]["price"], WORTH[0])[0]
    assert found == pytest.approx(before + more, rel=1e-9)


@pytest.mark.parametrize("name", ["rate emptied", "factor negative"])
def test_a_mine_whose_inputs_are_not_right_has_no_value(opened, name):
    book = opened[1][name]
    assert [office.row_of(book, each)[0] for each in WORTH] == ["not known"] * 3
    assert office.faults(book) == []


def test_what_stands_in_the_file_is_what_libreoffice_works_out(opened):
    told, books = opened
    kept = openpyxl.load_workbook(told.book, data_only=True)
    compared = 0
    for sheet in kept:
        for row in sheet.iter_rows():
            for cell in row:
                other = books["as it is"][sheet.title][cell.coordinate].value
                if isinstance(cell.value, bool | int | float):
                    near = pytest.approx(cell.value, rel=CLOSE, abs=1e-6)
                    assert other == near, (sheet.title, cell.coordinate)
                    compared += 1
                elif not isinstance(other, str) or other:
                    assert (other or "") == (cell.value or "") or sheet.title == "Claims"
    assert compared > 3000
