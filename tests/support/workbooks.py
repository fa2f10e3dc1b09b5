"""A study with every term stated, and its workbook: gold, tax, ramp-up, loss and dilution."""

from pathlib import Path

from support.studies import NORTH, TABLES, write_study

from deposits.study import read_study
from deposits.workflow import RESERVE_ROLES
from maps.config import MapSettings
from maps.finished import Finished
from maps.products.workbook import write_workbook
from planning.cli import override
from planning.summary import summarise
from planning.verdict.scenarios import run_case
from planning.workflow import load

ROWS = NORTH | {"au_gpt": "1.2", "primary": "ore_t;sb_pct;au_gpt"}
PLAN = """
horizon_years = { value = 6, kind = "assumed" }
ramp_up_years = { value = 1.5, kind = "assumed" }
mining_recovery_fraction = 0.9
dilution_fraction = 0.1
dilution_grade_sb_pct = 0.2
"""
MORE = """
au_recovery_fraction = 0.4
hg_pct_of_ore = 0.04
[economics]
valuation_date = "2026-01-01"
discounting = "mid_year"
sb_payability_fraction = 0.7
treatment_charge_usd_per_t_concentrate = 100
transport_usd_per_t_concentrate = 150
penalties_usd_per_t_concentrate = 50
royalty_fraction_of_nsr = 0.06
au_payability_fraction = 0.5
mining_cost_usd_per_t_ore = 45
processing_cost_usd_per_t_ore = 18
general_cost_usd_per_t_ore = 8
sustaining_capital_usd_per_t_ore = 5
initial_capital_usd = 40000000
discount_rate_fraction = 0.1
tax_fraction = 0.2
[economics.sb_price]
usd_per_t = 15000
market = "Rotterdam"
vat = "excluded"
date = "2026-01"
[economics.au_price]
usd_per_oz = 2500
market = "London"
vat = "excluded"
date = "2026-01"
[scenario.fast.plan]
throughput_t_per_year = 400000
[scenario.rich.plan]
required_head_grade_sb_pct = 4
[scenario.richest.plan]
required_head_grade_sb_pct = 25
[scenario.late.economics]
discounting = "end_of_year"
[scenario.early.economics]
discounting = "start_of_year"
[scenario.poor.economics]
mining_cost_usd_per_t_ore = 900
[scenario.cut.plan]
cutoff_sb_pct = 1.2
throughput_t_per_year = 400000
"""
LAW = "cv_at_selection_unit = {{ low = 0.5, value = 1.0, high = 1.03 }}"


class Told:
    """A study, read; its summary, and its base cases under the options of ``anzob plan``."""

    def __init__(self, path: Path, tables=TABLES):
        self.study = read_study(path, tables).or_raise()
        self.loaded = load(self.study, roles=RESERVE_ROLES).or_raise()

    def summary(self) -> dict:
        table = self.study.tree["study"]
        about = {"name": table["name"], "title": table["title"], "synthetic": False}
        found = summarise(self.study, self.loaded.ground, self.loaded.inputs)
        return found | {"study": about, "version": "0", "generated": "2026-01-02T03:04:05+00:00"}

    def base_cases(self, throughput=None, price=None, cutoff=None) -> list[dict]:
        study = override(self.study, throughput, price, cutoff)
        ground, inputs = self.loaded.ground, self.loaded.inputs
        names = [None, *study.scenario_names]
        return [run_case(study, ground, inputs, name).base_case for name in names]


def small(folder: Path) -> Told:
    """The study with every term stated."""
    from support import studies

    gold = LAW + "\nau_cv = 1.0\nsb_au_correlation = 0.3"
    text = studies.STUDY.replace(LAW, gold)
    return Told(write_study(folder, ROWS, rate=100_000, plan=PLAN, more=MORE, text=text))


def write(summary: dict, folder: Path, language="en") -> Path:
    """The workbook of a summary."""
    settings = MapSettings(language=language)
    finished = Finished(summary=summary, layers=(), settings=settings, folder=folder, out=folder)
    return folder / write_workbook(finished)[0]
