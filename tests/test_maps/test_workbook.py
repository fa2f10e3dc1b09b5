"""Does the workbook reckon as the planner does when somebody changes its yellow cells?"""

from pathlib import Path

import openpyxl
import pytest
from support.office import changed, faults, recalculated, row_of

import anzob
from deposits.study import read_study
from deposits.workflow import RESERVE_ROLES
from maps.products.workbook_scenarios import LIVE
from maps.workflow import write_products
from planning.cli import override
from planning.verdict.scenarios import run_case
from planning.workflow import load

STUDY = Path(anzob.__file__).parent / "data" / "anzob.toml"
#: Throughput [t/yr], price [USD/t Sb] and cut-off [% Sb] that somebody types in; None: as it is.
SETTINGS = [
    (None, None, None),
    (350_000, 25_000, None),
    (1_000_000, 55_000, None),
    (120_000, 4_000, 2.0),
]
INPUTS = ("throughput_t_per_year", "sb_price_usd_per_t", "cutoff_sb_pct")


@pytest.fixture(scope="module")
def books(tmp_path_factory):
    """The study's workbook as it is and with its cells changed, all worked out by LibreOffice."""
    folder = tmp_path_factory.mktemp("workbook")
    read = anzob.read_everything(STUDY, anzob.House()).or_raise()
    summary = anzob.summarise(read[0], read[1], [])
    write_products(summary, {}, folder, settings=read[1])
    told = []
    for number, setting in enumerate(SETTINGS):
        cells = {k: v for k, v in zip(INPUTS, setting, strict=True) if v is not None}
        told.append(changed(folder / "scenarios.xlsx", folder / f"case_{number}.xlsx", **cells))
    made = [openpyxl.load_workbook(each, data_only=True) for each in recalculated(told, folder)]
    return read[0], dict(zip(SETTINGS, made, strict=True))


@pytest.mark.office
@pytest.mark.parametrize("setting", SETTINGS, ids=str)
def test_every_figure_is_the_base_case_that_plan_prints(books, setting):
    loaded, worked_out = books
    book = worked_out[setting]
    assert faults(book) == []
    study = override(read_study(STUDY, anzob.House().tables).or_raise(), *setting)
    again = load(study, roles=RESERVE_ROLES).or_raise()
    keys = [row.base_case for _, rows in LIVE for row in rows if row.base_case]
    compared = 0
    for column, scenario in enumerate([None, *study.scenario_names]):
        case = run_case(study, again.ground, again.inputs, scenario).base_case
        for key in keys:
            found, wanted = row_of(book, f"out_{key}")[column], case[key]
            if isinstance(wanted, bool):
                wanted = "yes" if wanted else "no"
            if wanted is None or isinstance(wanted, str):
                assert found == (wanted or "not known"), (scenario, key)
            else:
                assert found == pytest.approx(wanted, rel=1e-3, abs=1e-9), (scenario, key)
                compared += 1
    assert compared > 100
    assert loaded.study.path == STUDY


def test_text_of_a_study_is_never_a_formula(tmp_path):
    from support import example_study

    summary = example_study.summary()
    summary["study"]["title"] = '=HYPERLINK("x")'
    summary["study"]["disclaimer"] = "@SUM(1)"
    for claim in summary.get("claims", []):
        claim["claim"] = "=1+1"
    write_products(summary, {}, tmp_path)
    book = openpyxl.load_workbook(tmp_path / "scenarios.xlsx")
    texts = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    formulas = [str(cell.value) for cell in texts if cell.data_type == "f"]
    assert not any("HYPERLINK" in each or "SUM(1)" in each or each == "=1+1" for each in formulas)
    assert any("HYPERLINK" in str(cell.value) for cell in texts)
