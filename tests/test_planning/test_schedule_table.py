"""Is every mistake in the table of a plan said with its key, those of scenarios with theirs?"""

import numpy as np
import pytest
from support.plan_mine import SCHEDULE, STOCKPILE, config, dug, source
from support.small_mine import STOPES, loaded, write_mine

from deposits.errors import DataError
from planning.mine.schedule_config import RampTable
from planning.production.activities import MineActivities
from planning.production.plant_limits import running_years
from planning.production.underground import mine_activities
from planning.scheduling.calendar import mixed_calendar


def sentences(tmp_path, schedule):
    path = write_mine(tmp_path, stopes=STOPES + schedule)
    return [str(p) for p in loaded(path).problems if p.severity == "error"]


def test_a_sound_table_is_read_with_the_mine(tmp_path):
    path = write_mine(tmp_path, stopes=STOPES + SCHEDULE + STOCKPILE)
    table = loaded(path).or_raise().config.schedule
    assert table.years == 5.0 and table.of == "stopes"
    assert table.calendar(config().economics).n_periods == 19


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("curing_days = 28", "cureing_days = 28", ("schedule.fill.cureing_days", "curing_days")),
        ("in_cycle = 3", "in_cycle = 0", ("schedule.stoping.in_cycle", "above 0")),
        ("per_year = 4", "per_year = 5", ("schedule.periods", "per_year")),
        ("from_month = [0, 6]", "from_month = [6, 0]", ("schedule.plant_ramp", "must rise")),
        ("from_month = [0, 6]", "from_month = [0, 60]", ("plant_ramp.from_month", "month 60")),
        ("share_of_void = 0.9", "share_of_void = 90", ("share_of_void", "0.85")),
        ("[schedule]\n", '[schedule]\nof = "open"\n', ("schedule.of",)),
        ("[schedule]\n", '[schedule]\nstart = "soon"\n', ("schedule.start", "write 2026-01-01")),
        ("gradient_pct = 15", "gradient_pct = 0", ("schedule.access.gradient_pct", "1 in 7")),
        ("count = 3, per_year = 1", "count = 200, per_year = 1", ("beyond 100 years",)),
    ],
)
def test_a_slip_names_its_key(tmp_path, old, new, said):
    assert old in SCHEDULE
    found = sentences(tmp_path, SCHEDULE.replace(old, new))
    assert any(all(part in sentence for part in said) for sentence in found), found


def test_years_beyond_the_plan_are_warned_of(tmp_path):
    fits, late = (
        SCHEDULE.replace("[schedule]", f"[schedule]\nhold_years = {n}", 1) for n in (4, 5)
    )
    path = write_mine(tmp_path, stopes=STOPES + fits)
    assert not any("hold_years" in str(p) for p in loaded(path).problems)
    found = loaded(write_mine(tmp_path, stopes=STOPES + late)).problems
    said = [str(p) for p in found if p.severity == "warning" and "hold_years" in str(p)]
    assert len(said) == 1 and "found 5 years; allowed up to 4 after the ramp-up" in said[0]


def test_a_table_that_is_missing_is_named(tmp_path):
    start = SCHEDULE.index("[schedule.fill]")
    found = sentences(tmp_path, SCHEDULE[:start])
    assert any("needs the tables fill" in sentence for sentence in found), found


def test_a_plan_of_a_pit_needs_no_stopes_but_a_pit(tmp_path):
    short = '\n[schedule]\nof = "pit"\nperiods = [{ count = 4, per_year = 1 }]\n'
    assert sentences(tmp_path, short) == []
    path = write_mine(tmp_path, pit="", stopes=STOPES + short)
    found = [str(p) for p in loaded(path).problems if p.severity == "error"]
    assert any("key schedule.of" in s and "does not ask for" in s for s in found), found


def test_a_plan_needs_a_discount_rate(tmp_path):
    path = write_mine(tmp_path, stopes=STOPES + SCHEDULE)
    text = path.read_text("utf-8").replace("discount_rate_fraction = 0.1\n", "")
    path.write_text(text, "utf-8")
    said = [str(p) for p in loaded(path).problems if p.severity == "error"]
    assert any("economics.discount_rate_fraction" in s and "not stated" in s for s in said), said


def test_scenarios_of_a_plan_are_checked_under_their_names(tmp_path):
    slip = "\n[scenario.wide]\nschedule.stoping = { in_cycles = 4 }\n"
    found = sentences(tmp_path, SCHEDULE + slip)
    assert any("scenario.wide.schedule.stoping.in_cycles" in s for s in found), found


def test_a_ramp_is_shared_out_over_periods_exactly():
    ramp = RampTable(from_month=(0.0, 4.5, 8.0), fraction=(0.0, 0.5, 1.0))
    found = running_years(ramp, mixed_calendar([(6, 12), (2, 4)], 0.1, "mid_year"))
    months = [0.0, 0.0, 0.0, 0.0, 0.25, 0.5, 0.5 * 2 + 1.0, 3.0]
    assert found * 12 == pytest.approx(months)


def made():
    asked = source(SCHEDULE + STOCKPILE)
    return mine_activities(dug(), asked, asked.config.schedule)


def changed(mine, **given):
    names = MineActivities.__dataclass_fields__
    return MineActivities(**{name: getattr(mine, name) for name in names} | given)


def test_money_that_does_not_add_up_is_refused_with_the_activity():
    mine = made()
    wrong = {**mine.money, "mining": mine.money["mining"] * 1.01}
    with pytest.raises(DataError, match=r"\.ore.*do not add up to the value"):
        changed(mine, money=wrong)
    wrong = {**mine.flow_money, "rehandling": mine.flow_money["rehandling"] - 1.0}
    with pytest.raises(DataError, match="value of a flow"):
        changed(mine, flow_money=wrong)


def test_arrays_and_words_that_do_not_fit_are_refused():
    mine = made()
    with pytest.raises(DataError, match="no such kind"):
        changed(mine, table=mine.table.assign(kind="tunnel"))
    with pytest.raises(DataError, match="lacks a column"):
        changed(mine, table=mine.table.drop(columns="ore_t"))
    with pytest.raises(DataError, match="wrong length"):
        changed(mine, target_t=np.zeros(3))
    with pytest.raises(DataError, match="wrong shape"):
        changed(mine, amounts={**mine.amounts, "feed_t": np.zeros(4)})


def test_an_activity_is_told_in_a_few_lines():
    words = str(made())
    assert "of kind fill" in words and "stock 2" in words and "<table" in made()._repr_html_()
    assert made().resource("nothing") is None and made().destination("waste") is None
