"""Do gold, tax, ramp-up, loss and every discounting reckon in the sheet as the planner does?"""

import openpyxl
import pytest
from support import example_plan, office, workbooks

from maps.products.workbook_plan_years import WORTH
from maps.products.workbook_scenarios import LIVE

pytestmark = pytest.mark.office
#: Throughput, price, cut-off, as options of ``anzob plan`` and as named cells.
NAMES = ("throughput_t_per_year", "sb_price_usd_per_t", "cutoff_sb_pct")
SETTINGS = ((None, None, None), (60_000.0, 22_000.0, None), (150_000.0, 30_000.0, 1.5))
#: Cells of the sheet of a mine's years.
MINE = {
    "schedule_discount_rate": 0.2, "schedule_cost_factor": 1.5,
    "schedule_initial_capital_usd": 1e6,
}  # fmt: skip
CLOSE = 1e-3
FIGURES = [r.base_case for _, lines in LIVE for r in lines if r.base_case]


def changed(book, folder, name, setting):
    cells = {n: v for n, v in zip(NAMES, setting, strict=True) if v is not None}
    return office.changed(book, folder / f"{name}.xlsx", **cells)


@pytest.fixture(scope="module")
def opened(tmp_path_factory):
    """The workbook under each setting, as LibreOffice leaves it."""
    office.libreoffice()
    folder = tmp_path_factory.mktemp("office")
    study = workbooks.small(folder)
    book = workbooks.write(study.summary(), folder)
    books = [changed(book, folder, f"case_{i}", each) for i, each in enumerate(SETTINGS)]
    mine = workbooks.write(example_plan.summary(), folder)
    books.append(office.changed(mine, folder / "mine.xlsx", **MINE))
    found = [openpyxl.load_workbook(b, data_only=True) for b in office.recalculated(books, folder)]
    return [(study, *each) for each in zip((*SETTINGS, MINE), found, strict=True)]


def differences(book, cases):
    """Every figure that is not the planner's, with both."""
    for figure in FIGURES:
        cells = office.row_of(book, f"out_{figure}")
        for case, cell in zip(cases, cells, strict=True):
            wanted = {True: "yes", False: "no", None: "not known"}.get(case[figure], case[figure])
            same = cell == wanted
            if isinstance(wanted, float) and isinstance(cell, int | float):
                same = cell == pytest.approx(wanted, rel=CLOSE, abs=1e-9)
            if not same:
                yield figure, cell, wanted


def test_every_figure_of_every_scenario_is_the_planners_own(opened):
    for study, setting, book in opened[:-1]:
        assert list(differences(book, study.base_cases(*setting))) == [], setting


def test_no_cell_shows_an_error(opened):
    for _, setting, book in opened:
        assert office.faults(book) == [], setting


def test_the_years_shown_are_those_of_the_planner(opened):
    study, setting, book = opened[0]
    flow = study.base_cases(*setting)[0]["cash_flow"]
    sheet = book["Cash flow"]
    heads = [str(cell.value) for cell in sheet[5]]
    for head, key in (
        ("Ore milled, t", "ore_t"), ("Tax, million USD", "tax_usd"),
        ("Cash flow, million USD", "cash_flow_usd"),
        ("Present value, million USD", "present_value_usd"),
    ):  # fmt: skip
        column = heads.index(head)
        shown = [row[column].value for row in sheet.iter_rows(min_row=6, max_row=5 + len(flow))]
        assert shown == pytest.approx([year[key] for year in flow], rel=CLOSE, abs=1e-3)
    assert any(year["tax_usd"] for year in flow)


def test_the_small_study_reaches_gold_tax_and_every_way_of_valuing(opened):
    study, setting, _ = opened[0]
    cases = study.base_cases(*setting)
    assert cases[0]["gold_counted"] and cases[0]["npv_usd"] > 0
    assert len({case["value_basis"] for case in cases}) == 3
    assert len({case["irr_fraction"] for case in cases}) > 4


def test_the_plan_of_a_mine_is_worth_what_its_years_are_at_another_rate_and_cost(opened):
    book = opened[-1][2]
    plan = example_plan.summary()["plan"]
    assert plan["discounting"] == "mid_year"
    present = present_after = 0.0
    for year in plan["years"]:
        factor = 1.2 ** -(year["year"] - 0.5)
        cash = year["revenue_usd"] - 1.5 * year["cost_usd"]
        present += cash * factor
        present_after += (cash - 1.5 * (year.get("fixed_usd") or 0.0)) * factor
    worth = [office.row_of(book, name)[0] for name in WORTH]
    assert worth == pytest.approx([present, present_after, present_after - 1e6], rel=1e-9)
    assert present != pytest.approx(plan["npv_usd"], rel=0.01)
