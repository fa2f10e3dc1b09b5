"""Does a plan come back from a spreadsheet as it was meant, and is nothing lost or made up?"""

import csv
import datetime as dt
import io
import itertools
import re
import time
import zipfile
from dataclasses import replace

import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.office import saved_by_office
from support.plans import NAMES, PILE, PLANT, small_folder, small_mine, small_plan

from deposits.errors import DataError
from planning.formats.plans.faults import Faults, row_ranges
from planning.formats.plans.layout import period_dates
from planning.formats.plans.reading import read_plan
from planning.formats.plans.writing import write_plan
from planning.scheduling.calendar import Calendar, mixed_calendar
from planning.scheduling.plan import SchedulePlan
from planning.scheduling.problem import ScheduleNames

HEADER = "kind,number_from_0,name,period_from_1,begins,ends,destination,share,amount"
ROWS = """\
activity,0,Штрек 1,1,2027-01-01,2027-06-30,none,1.0,
activity,1,1-2,2,2027-07-01,2027-12-31,plant,1.0,
activity,2,'=ST+3,3,2028-01-01,2028-12-31,plant,0.5,
activity,2,'=ST+3,3,2028-01-01,2028-12-31,stockpile,0.5,
activity,3,ST-12,,,,,,
activity,4,'-4 level,,,,,,
flow,0,reclaim,1,2027-01-01,2027-06-30,,,0.0
flow,0,reclaim,2,2027-07-01,2027-12-31,,,0.0
flow,0,reclaim,3,2028-01-01,2028-12-31,,,100.0
flow,0,reclaim,4,2029-01-01,2029-12-31,,,500.0
"""
#: Row of the spreadsheet in which the first of ROWS stands.
FIRST = 2
#: Rows that need not be there.
IDLE = """\
flow,0,reclaim,1,2027-01-01,2027-06-30,,,0.0
flow,0,reclaim,2,2027-07-01,2027-12-31,,,0.0
"""


def same(read, plan=None):
    """Say whether what was read is the plan, to the last bit."""
    plan = plan or small_plan()
    np.testing.assert_array_equal(read.plan.period, plan.period)
    np.testing.assert_array_equal(read.plan.share, plan.share)
    np.testing.assert_array_equal(read.plan.flow, plan.flow)
    return True


def edited(tmp_path, change, problem=None, **how):
    """Write the plan, change its rows with a function, read it again."""
    path = tmp_path / "plan.csv"
    rows = [line.split(",") for line in [HEADER, *ROWS.splitlines()]]
    change(rows)
    path.write_text("\n".join(",".join(row) for row in rows) + "\n", "utf-8")
    return read_plan(path, problem or small_mine(), **how)


def cell(row, column, text):
    """A change of one cell; rows as the spreadsheet counts them."""

    def change(rows):
        rows[row - 1][HEADER.split(",").index(column)] = text

    return change


def sentences(read):
    return [str(problem) for problem in read.errors]


def test_csv_says_all_that_a_planner_needs(tmp_path):
    path = tmp_path / "plan.csv"
    write_plan(path, small_folder(), small_plan())
    assert path.read_bytes().startswith(b"\xef\xbb\xbf"), "a spreadsheet would spoil the letters"
    # Of the flow only what moves is said.
    assert path.read_text("utf-8-sig") == f"{HEADER}\n{ROWS}".replace(IDLE, "")


def test_plain_letters_need_no_mark(tmp_path):
    problem = small_mine(names=replace(small_mine().names, activities=tuple("abcde")))
    path = tmp_path / "plan.csv"
    write_plan(path, replace(small_folder(), problem=problem, start=None), small_plan())
    first, second, *_ = path.read_bytes().decode("ascii").splitlines()
    assert first == HEADER.replace("begins,ends", "begins_years,ends_years")
    assert second == "activity,0,a,1,0.0,0.5,none,1.0,"


@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".parquet"])
@pytest.mark.parametrize("start", [None, dt.date(2027, 1, 31)])
def test_a_plan_reads_back_as_it_was(tmp_path, suffix, start):
    path = tmp_path / f"plan{suffix}"
    write_plan(path, small_folder(start=start), small_plan())
    read = read_plan(path, small_mine(), start=start)
    assert read.problems == ()
    assert same(read.value)
    assert read.value.row.tolist() == [2, 3, 4, 6, 7]
    rows = [8, 9, 10, 11] if suffix == ".parquet" else [0, 0, 8, 9]
    assert read.value.flow_row.tolist() == [rows]
    assert not read.value.doubtful.any()


@settings(max_examples=40, deadline=None)
@given(
    names=st.lists(st.text(max_size=12), min_size=3, max_size=3),
    share=st.floats(1e-300, 1.0, exclude_max=True),
    amount=st.floats(0, 1e300),
    suffix=st.sampled_from([".csv", ".parquet"]),
)
def test_any_name_and_any_number_read_back(tmp_path_factory, names, share, amount, suffix):
    problem = small_mine()
    names = (*(name.encode("utf-8", "ignore").decode() for name in names), "x", "y")
    problem = small_mine(names=replace(problem.names, activities=names))
    plan = small_plan()
    plan.share[2, [PLANT, PILE]] = share, 1.0 - share
    plan.flow[0, 2] = amount
    path = tmp_path_factory.mktemp("any") / f"plan{suffix}"
    write_plan(path, replace(small_folder(), problem=problem), plan)
    read = read_plan(path, problem)
    assert not read.errors, read.problems
    assert same(read.value, plan)


def test_a_workbook_keeps_sixteen_digits_and_runs_nothing(tmp_path):
    path = tmp_path / "plan.xlsx"
    plan = small_plan()
    plan.share[2, [PLANT, PILE]] = 1 / 3, 2 / 3
    plan.flow[0, 2] = 123456.789012345678
    write_plan(path, small_folder(), plan)
    read = read_plan(path, small_mine()).or_raise()
    np.testing.assert_allclose(read.plan.share, plan.share, rtol=1e-15)
    np.testing.assert_allclose(read.plan.flow, plan.flow, rtol=1e-15)
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["plan", "periods", "notes"]
    sheet = book["plan"]
    assert sheet.freeze_panes == "A2"
    for row in sheet.iter_rows():
        assert all(c.data_type != "f" for c in row)
        assert all(c.number_format == "@" for c in row if c.data_type == "s")
    assert sheet["C4"].value == "=ST+3"
    assert sheet["E3"].value == dt.datetime(2027, 7, 1)
    assert sheet["D3"].value == 2
    assert "1 to 4" in book["notes"]["A2"].value


@pytest.mark.parametrize(
    "name", ["a\rb", "\r", "a\nb", "a\tb", "\n=x", "a\x00b", 'a"b', "a;b", "''x"]
)
def test_names_with_breaks_do_not_break_rows(tmp_path, name):
    names = replace(small_mine().names, activities=("u", "v", name, "x", "y"))
    problem = small_mine(names=names)
    write_plan(tmp_path / "plan.csv", replace(small_folder(), problem=problem), small_plan())
    assert len((tmp_path / "plan.csv").read_bytes().splitlines()) == 9
    assert same(read_plan(tmp_path / "plan.csv", problem).or_raise())


def test_a_workbook_takes_names_that_xml_cannot_hold(tmp_path):
    names = replace(small_mine().names, activities=("a\x01b", "c\td", "e\nf", "<&>", ""))
    problem = small_mine(names=names)
    write_plan(tmp_path / "plan.xlsx", replace(small_folder(), problem=problem), small_plan())
    assert same(read_plan(tmp_path / "plan.xlsx", problem).or_raise())


@pytest.mark.office
@pytest.mark.parametrize("ending", [".xlsx", ".csv"])
def test_a_plan_that_was_saved_by_a_spreadsheet_is_the_same_plan(tmp_path, ending):
    names = replace(small_mine().names, activities=("u", "=1+1", "-w", "00012", "1e5"))
    problem = small_mine(names=names)
    write_plan(tmp_path / "plan.xlsx", replace(small_folder(), problem=problem), small_plan())
    saved = saved_by_office(tmp_path / "plan.xlsx", tmp_path / "saved", ending)
    assert same(read_plan(saved, problem).or_raise())


@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".parquet"])
def test_equal_plans_give_equal_bytes_at_any_time(tmp_path, suffix, monkeypatch):
    write_plan(tmp_path / f"a{suffix}", small_folder(), small_plan())
    later = time.time() + 86400
    monkeypatch.setattr(time, "time", lambda: later)
    monkeypatch.setattr(time, "localtime", lambda *_: time.gmtime(later))
    time.sleep(1.1 if suffix == ".xlsx" else 0)
    write_plan(tmp_path / f"b{suffix}", small_folder(), small_plan())
    assert (tmp_path / f"a{suffix}").read_bytes() == (tmp_path / f"b{suffix}").read_bytes()


def test_synthetic_plans_say_so_in_name_rows_and_sheet(tmp_path):
    with pytest.raises(DataError, match="synthetic_"):
        write_plan(tmp_path / "plan.csv", small_folder(synthetic=True), small_plan())
    for suffix in (".csv", ".parquet", ".xlsx"):
        path = tmp_path / f"synthetic_plan{suffix}"
        write_plan(path, small_folder(synthetic=True), small_plan())
        assert same(read_plan(path, small_mine()).or_raise())
    rows = list(csv.DictReader((tmp_path / "synthetic_plan.csv").open(encoding="utf-8-sig")))
    assert {row["synthetic"] for row in rows} == {"true"}
    assert pd.read_parquet(tmp_path / "synthetic_plan.parquet")["synthetic"].all()
    notes = openpyxl.load_workbook(tmp_path / "synthetic_plan.xlsx")["notes"]
    assert notes["A1"].value.startswith("SYNTHETIC")


def test_other_endings_are_refused(tmp_path):
    with pytest.raises(DataError, match=r"\.parquet, \.csv, \.xlsx"):
        write_plan(tmp_path / "plan.xls", small_folder(), small_plan())
    for name, words in (
        ("none.csv", "the file does not exist"),
        ("plan.doc", "not a file of plans"),
    ):
        if name == "plan.doc":
            (tmp_path / name).write_text("x")
        assert words in str(read_plan(tmp_path / name, small_mine()).problems[0])


def test_a_planner_moves_a_stope_and_saves_with_semicolons_and_decimal_commas(tmp_path):
    """As a Russian Excel saves it: semicolons, commas, cp1251, blank rows, an empty column."""
    lines = [HEADER.replace(",", ";") + ";"]
    for row in csv.reader(io.StringIO(ROWS)):
        row[7:] = [text.replace(".", ",") for text in row[7:]]
        row[4:6] = [".".join(reversed(day.split("-"))) for day in row[4:6]]
        lines.append(";".join(row) + ";")
    lines[5] = lines[5].replace("ST-12;;", "ST-12;3;", 1).replace(";;;;;", ";;;stockpile;1,0;;")
    lines[5] = "activity;3;ST-12;3;;;stockpile;;;"
    lines.insert(7, ";" * 9)
    lines.append(";" * 9)
    lines.append("activity;4;-4 level;4,0;01.янв;;Plant ;100 %;;")
    del lines[6]
    path = tmp_path / "plan.csv"
    path.write_bytes("\r\n".join(lines).encode("cp1251"))
    read = read_plan(path, small_mine())
    assert sentences(read) == []
    assert [str(problem) for problem in read.problems] == [
        "plan.csv: the file is not UTF-8; it was read as cp1251, by the names in it. "
        "Save it as CSV UTF-8."
    ]
    wanted = small_plan()
    wanted.period[3], wanted.share[3, PILE] = 2, 1.0
    wanted.period[4], wanted.share[4, PLANT] = 3, 1.0
    assert same(read.value, wanted)
    assert read.value.row[3] == 6
    assert read.value.row[4] == 13


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1251", "mac_cyrillic"])
@pytest.mark.parametrize("sign", [";", "\t", ",", "|"])
def test_delimiter_and_encoding_are_seen(tmp_path, encoding, sign):
    path = tmp_path / "plan.csv"
    out = io.StringIO()
    writer = csv.writer(out, delimiter=sign, lineterminator="\r\n")
    writer.writerows(csv.reader(io.StringIO(f"{HEADER}\n{ROWS}")))
    path.write_bytes(out.getvalue().encode(encoding))
    read = read_plan(path, small_mine())
    assert not read.errors
    assert same(read.value)
    assert len(read.problems) == (encoding in ("cp1251", "mac_cyrillic"))


def test_a_line_for_spreadsheets_and_headers_in_other_case_are_understood(tmp_path):
    path = tmp_path / "plan.csv"
    path.write_text(f"sep=;\n{HEADER.upper()}\n{ROWS}".replace(",", ";"), "utf-8")
    read = read_plan(path, small_mine()).or_raise()
    assert same(read)
    assert read.row[0] == FIRST, "a spreadsheet does not show the line sep=;"


@pytest.mark.parametrize("sign", [",", ";"])
def test_a_title_may_stand_above_the_header(tmp_path, sign):
    path = tmp_path / "plan.csv"
    text = f'"Plan, checked; by the planner"\n\n{HEADER}\n{ROWS}'
    path.write_text(text if sign == "," else text.replace(",", sign), "utf-8")
    read = read_plan(path, small_mine()).or_raise()
    assert same(read)
    assert read.row[0] == 4


def test_columns_that_a_planner_adds_are_left_alone(tmp_path):
    def change(rows):
        rows[0].insert(0, "who")
        for row in rows[1:]:
            row.insert(0, "Anna; moved")
        rows.append(["only a remark", *[""] * 9])

    assert same(edited(tmp_path, change).or_raise())


def test_rows_may_stand_in_any_order(tmp_path):
    def change(rows):
        rows[1:] = rows[:0:-1]

    assert same(edited(tmp_path, change).or_raise())


def test_names_alone_or_numbers_alone_are_enough(tmp_path):
    def without(column):
        def change(rows):
            at = HEADER.split(",").index(column)
            for row in rows:
                del row[at]

        return change

    for column in ("name", "number_from_0", "begins"):
        assert same(edited(tmp_path, without(column)).or_raise())
    both = edited(tmp_path, lambda rows: [without("name")(rows), rows[0].__setitem__(1, "x")])
    assert sentences(both) == [
        'plan.csv: columns "number_from_0" and "name" are missing. Keep one of them.'
    ]


@pytest.mark.parametrize("first", ["????? 1", "РЁС‚СЂРµРє 1", "Øòðåê 1", "ШТРЕК  1", "'Штрек 1"])
def test_spoilt_names_do_not_matter_where_numbers_stand(tmp_path, first):
    def change(rows):
        rows[2][2], rows[3][2], rows[4][2] = "01.фев", "#NAME?", ""
        rows[1][2] = first

    read = edited(tmp_path, change)
    assert read.problems == ()
    assert same(read.value)


def test_the_share_that_is_left_need_not_be_written(tmp_path):
    def change(rows):
        rows[2][7] = rows[3][7] = ""

    assert same(edited(tmp_path, change).or_raise())


def test_one_destination_need_not_be_named(tmp_path):
    problem = small_mine(
        value=small_mine().value[:, :1].clip(0, 1),
        use=type(small_mine().use)(*[np.zeros(0, int)] * 3, np.zeros(0)),
        general=type(small_mine().general)(*[np.zeros(0, int)] * 4, *[np.zeros(0)] * 3),
        names=ScheduleNames(),
    )
    path = tmp_path / "plan.csv"
    path.write_text("number_from_0,period_from_1,amount\n0,2,\n3,1,\n")
    read = read_plan(path, problem)
    assert read.value.plan.period.tolist() == [1, 4, 4, 0, 4]
    assert read.value.plan.share[:, 0].tolist() == [1, 0, 0, 1, 0]
    assert [str(problem) for problem in read.problems] == [
        "plan.csv: 3 activities have no row: never done; found activity 1, activity 2, activity 4."
    ]


def test_periods_may_count_from_0_where_the_header_says_so(tmp_path):
    def change(rows):
        rows[0][3] = "period_from_0"
        for row in rows[1:]:
            row[3] = str(int(row[3]) - 1) if row[3] else ""

    assert same(edited(tmp_path, change).or_raise())


@pytest.mark.parametrize("header", ["period", "period_from_2", ""])
def test_a_period_that_does_not_say_from_what_it_counts_is_not_guessed(tmp_path, header):
    read = edited(tmp_path, cell(1, "period_from_1", header))
    assert read.value is None
    assert sentences(read) == [
        'plan.csv: column "period_from_1" is missing. Call it period_from_1 if the first period '
        "is 1, period_from_0 if it is 0."
    ]


def test_shares_cut_to_few_digits_are_scaled_and_the_reader_told(tmp_path):
    def change(rows):
        rows[3][7], rows[4][7] = "0.333333333", "0.666666667"
        rows[1][7] = "0.9999999"

    read = edited(tmp_path, change)
    assert sentences(read) == []
    assert "shares of 1 activity miss 1 by rounding and were scaled" in str(read.problems[0])
    assert read.value.plan.share.sum(axis=1).tolist() == [1, 1, 1, 0, 0]


WRONG = {
    "a period that is not there": (
        cell(3, "period_from_1", "5"),
        "plan.csv, row 3, column period_from_1: the period does not exist; found 5; "
        "allowed 1 to 4. Leave it empty where the activity is never done.",
    ),
    "period 0": (cell(3, "period_from_1", "0"), "does not exist; found 0; allowed 1 to 4"),
    "a period and a half": (
        cell(3, "period_from_1", "1.5"),
        "row 3, column period_from_1: a period is no whole number; found 1.5",
    ),
    "a date for a period": (
        cell(3, "period_from_1", "02.янв"),
        'row 3, column period_from_1: not a number; found "02.янв". The spreadsheet made a date '
        "of it: write the number again, in a cell of the format Number.",
    ),
    "a fault of a formula": (
        cell(3, "share", "#REF!"),
        'row 3, column share: not a number; found "#REF!". A formula failed, or the column was '
        "too narrow: write the number.",
    ),
    "a narrow column": (cell(9, "amount", "######"), "or the column was too narrow"),
    "words": (cell(3, "share", "all"), 'row 3, column share: not a number; found "all".'),
    "infinity": (cell(9, "amount", "inf"), 'row 9, column amount: not a number; found "inf".'),
    "not a number": (cell(9, "amount", "nan"), "row 9, column amount: not a number"),
    "a share above 1": (
        cell(3, "share", "50"), "row 3, column share: a share is not between 0 and 1; found 50.",
    ),
    "a negative share": (cell(3, "share", "-0.1"), "a share is not between 0 and 1; found -0.1"),
    "shares that lack something": (
        cell(5, "share", "0.4"),
        "plan.csv, rows 4-5, column share: the shares of an activity do not add up to 1; found "
        "=ST+3: 0.5 to plant + 0.4 to stockpile = 0.9. Shares of an activity add up to 1.",
    ),
    "shares cut to two digits": (
        cell(5, "share", "0.49"),
        "= 0.99. A CSV keeps only the digits that are shown: show more of them, or use .xlsx.",
    ),
    "two empty shares": (
        lambda rows: [cell(4, "share", "")(rows), cell(5, "share", "")(rows)],
        "plan.csv, rows 4-5, column share: several shares of an activity are empty; found =ST+3. "
        "Fill all but one.",
    ),
    "two periods": (
        cell(5, "period_from_1", "4"),
        "row 5, column period_from_1: an activity is in two periods; found =ST+3: period 3 in "
        "row 4, period 4 here. Give all its rows the same period: an activity is done in one.",
    ),
    "done and never": (
        cell(5, "period_from_1", ""), "found =ST+3: period 3 in row 4, never here",
    ),
    "a row twice": (
        cell(5, "destination", "plant"),
        "row 5, column destination: the row of an activity repeats; found =ST+3, which row 4 "
        "sends there too. Keep one of the rows.",
    ),
    "no destination": (
        cell(6, "period_from_1", "3"),
        "row 6, column destination: an activity is done and goes nowhere; found ST-12; allowed "
        "plant, stockpile, none. Fill the destination.",
    ),
    "a destination that is not there": (
        cell(3, "destination", "plnat"),
        'row 3, column destination: the destination does not exist; found "plnat"; allowed plant, '
        'stockpile, none. Did you mean "plant"?',
    ),
    "another's number": (
        cell(3, "number_from_0", "3"),
        "row 3, column number_from_0: the number is that of another activity; found 3, which is "
        '"ST-12", beside the name "1-2". Put right the number or the name.',
    ),
    "a number that is not there": (
        cell(3, "number_from_0", "5"),
        "row 3, column number_from_0: the activity does not exist; found 5; allowed 0 to 4. "
        "Numbers count from 0.",
    ),
    "half a number": (cell(3, "number_from_0", "1.5"), "the activity does not exist; found 1.5"),
    "a name that is not there": (
        lambda rows: [cell(6, "number_from_0", "")(rows), cell(6, "name", "ST-13")(rows)],
        'row 6, column name: no activity has this name; found "ST-13". Did you mean "ST-12"?',
    ),
    "a name that is not there beside a number that is": (
        cell(6, "name", "ST-13"),
        'row 6, column name: no activity has this name; found "ST-13" beside the number 3, which '
        'is "ST-12". Put right the number or the name, or clear the name.',
    ),
    "a name in other letters that is not there": (
        cell(2, "name", "Штрак 1"), 'no activity has this name; found "Штрак 1"',
    ),
    "a flow's name that is not there": (
        cell(11, "name", "reclam"), 'no flow has this name; found "reclam" beside the number 0',
    ),
    "a number as a name": (
        lambda rows: [cell(6, "name", "12")(rows)], 'no activity has this name; found "12"',
    ),
    "nobody": (
        lambda rows: [cell(6, "number_from_0", "")(rows), cell(6, "name", "")(rows)],
        "row 6, column name: the row names no activity. Fill it, or delete the row.",
    ),
    "a row of sums": (
        lambda rows: rows.append(["Total", *[""] * 7, "600"]),
        'row 12, column kind: the kind of row is not known; found "Total"; allowed activity, '
        "flow. Delete rows that are no part of the plan, such as sums.",
    ),
    "a misspelt kind": (cell(8, "kind", "flwo"), 'Did you mean "flow"?'),
    "a flow twice": (
        cell(9, "period_from_1", "1"),
        "row 9, column period_from_1: the flow repeats; found the flow of row 8 in the same "
        "period. Keep one of the rows.",
    ),
    "a flow without a period": (
        cell(9, "period_from_1", ""), "row 9, column period_from_1: a flow has no period.",
    ),
    "a flow that is not there": (
        cell(9, "number_from_0", "1"), "the flow does not exist; found 1; allowed 0 to 0",
    ),
    "cells beyond the header": (
        lambda rows: rows[2].append("3"),
        "plan.csv, row 3: cells stand beyond the header; found 3. Quote cells that hold the "
        "delimiter.",
    ),
    "a header twice": (cell(1, "begins", "share"), 'row 1: the header "share" repeats'),
    "thousands or decimals": (
        lambda rows: [cell(9, "amount", '"1,234"')(rows), *no_points(rows)],
        'row 9, column amount: the comma or point can be meant in two ways; found "1,234". Give '
        "--decimal , or --decimal . or write it without a separator of thousands.",
    ),
}  # fmt: skip


def no_points(rows):
    """Take every number away that tells which decimal sign is meant."""
    for row in rows[1:]:
        row[7] = {"1.0": "1", "0.5": ""}.get(row[7], row[7])
        row[8] = row[8].removesuffix(".0")
    rows[4][6:8] = "stockpile", "0"
    rows[3][7] = "1"
    return ()


@pytest.mark.parametrize("what", WRONG)
def test_each_mistake_is_told_with_its_row(tmp_path, what):
    change, sentence = WRONG[what]
    read = edited(tmp_path, change)
    assert any(sentence in said for said in sentences(read)), sentences(read)
    assert len(read.errors) == 1


def test_all_mistakes_are_told_at_once_in_the_order_of_the_rows(tmp_path):
    def change(rows):
        for what in ("a row of sums", "words", "no destination", "a flow twice", "period 0"):
            WRONG[what][0](rows)
        cell(2, "period_from_1", "x")(rows)

    read = edited(tmp_path, change)
    rows = [problem.place.split(", ")[1] for problem in read.errors]
    assert rows == ["row 2", "row 3", "row 3", "row 6", "row 9", "row 12"]
    assert read.value.doubtful.tolist() == [True, True, False, True, False]
    assert read.value.plan.period.tolist() == [4, 4, 2, 4, 4], "what is doubtful is not done"


def moved_dates(rows):
    """Move a stope by its dates only."""
    rows[3][4:6] = rows[4][4:6] = ["2027-01-01", "2027-06-30"]


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (
            moved_dates,
            "row 4: begins 2027-01-01 where period 3 begins 2028-01-01; row 5: begins 2027-01-01 "
            "where period 3 begins 2028-01-01",
        ),
        (cell(3, "ends", "30.11.2027"), "row 3: ends 30.11.2027 where period 2 ends 2027-12-31"),
        (cell(6, "begins", "2028-01-01"), "row 6: begins 2028-01-01 and no period"),
        (cell(10, "begins", "5/2028"), "row 10: begins 5/2028 where period 3 begins 2028-01-01"),
        (
            lambda rows: [row.__setitem__(4, "2027-02-01") for row in rows[1:]],
            "row 2: begins 2027-02-01 where period 1 begins 2027-01-01; row 3: begins 2027-02-01 "
            "where period 2 begins 2027-07-01; row 4: begins 2027-02-01 where period 3 begins "
            "2028-01-01; rows 5-11",
        ),
    ],
)
def test_who_moves_the_dates_and_not_the_period_is_told(tmp_path, change, found):
    read = edited(tmp_path, change, start=dt.date(2027, 1, 1))
    assert same(read.value), "the period counts"
    assert [str(problem) for problem in read.problems] == [
        f"plan.csv: dates are not those of the period; the period counts; found {found}. To move "
        "an activity, change its period_from_1; the dates may stay as they are."
    ]


@pytest.mark.parametrize(
    "form", ["%d.%m.%Y", "%m/%d/%Y", "%d/%m/%y", "%Y-%m-%dT00:00:00", "%d-%b-%y", "#####", ""]
)
def test_the_same_day_written_otherwise_is_the_same_day(tmp_path, form):
    def change(rows):
        for row in rows[1:]:
            for at in (4, 5):
                row[at] = row[at] and f"{dt.date.fromisoformat(row[at]):{form or ' '}}".strip()

    read = edited(tmp_path, change, start=dt.date(2027, 1, 1))
    assert read.problems == ()


def test_dates_of_a_workbook_and_years_are_looked_at_too(tmp_path):
    path = tmp_path / "plan.xlsx"
    for start, right, wrong in (
        (dt.date(2027, 1, 1), 46388, dt.datetime(2027, 2, 1)),
        (None, "0,0", 0.5),
    ):
        write_plan(path, small_folder(start=start), small_plan())
        book = openpyxl.load_workbook(path)
        for value, problems in ((right, 0), (wrong, 1)):
            book["plan"]["E2"] = value
            if value == right:
                book["plan"]["E2"].number_format = "General"
            book.save(path)
            read = read_plan(path, small_mine(), start=start)
            assert len(read.problems) == problems, read.problems
            assert same(read.value)
    assert "row 2: begins_years 0.5 where period 1 begins_years 0." in str(read.problems[0])


def test_a_date_alone_makes_no_row(tmp_path):
    read = edited(tmp_path, lambda rows: rows.append(["", "", "", "", "2030-01-01"] + [""] * 4))
    assert read.problems == ()


def test_flows_that_move_nothing_are_left_out_but_in_parquet(tmp_path):
    plan = small_plan()
    plan.flow[0] = 0.0, -0.0, 1e-300, 0.0
    for suffix, rows in ((".csv", [3]), (".xlsx", [3]), (".parquet", [1, 2, 3, 4])):
        path = tmp_path / f"plan{suffix}"
        write_plan(path, small_folder(), plan)
        read = {".csv": pd.read_csv, ".xlsx": pd.read_excel, ".parquet": pd.read_parquet}[suffix]
        table = read(path)
        assert table[table["kind"] == "flow"]["period_from_1"].tolist() == rows
        back = read_plan(path, small_mine())
        assert back.problems == ()
        assert same(back.value, plan)
    notes = [row[0].value for row in openpyxl.load_workbook(tmp_path / "plan.xlsx")["notes"]]
    assert any("where it moves nothing it has no row" in note for note in notes)
    assert "flows: reclaim." in notes


def test_figures_have_no_more_digits_than_they_need(tmp_path):
    plan = small_plan()
    plan.share[2, [PLANT, PILE]] = 0.1, 0.9
    plan.flow[0, 2] = 1 / 3
    months = replace(small_mine(), calendar=Calendar(np.full(4, 1 / 12), 0.1, "mid_year"))
    folder = replace(small_folder(start=None), problem=months)
    write_plan(tmp_path / "plan.csv", folder, plan)
    table = pd.read_csv(tmp_path / "plan.csv", dtype=str)
    assert {"0.1", "0.9"} < set(table["share"].dropna())
    assert table["amount"].dropna().tolist() == ["0.3333333333333333", "500.0"]
    assert set(table["ends_years"].dropna()) == {
        "0.083333333", "0.166666667", "0.25", "0.333333333",
    }  # fmt: skip
    assert same(read_plan(tmp_path / "plan.csv", months).value, plan)


def test_the_sheet_of_periods_says_which_one_a_day_is_in(tmp_path):
    write_plan(tmp_path / "plan.xlsx", small_folder(), small_plan())
    rows = openpyxl.load_workbook(tmp_path / "plan.xlsx")["periods"].iter_rows(values_only=True)
    assert next(rows) == ("period_from_1", "years", "begins", "ends")
    assert next(rows) == (1, 0.5, dt.datetime(2027, 1, 1), dt.datetime(2027, 6, 30))


def test_a_thousand_cells_with_one_fault_are_one_problem(tmp_path):
    def change(rows):
        for at in range(1, 7):
            rows[at][3] = "9"

    read = edited(tmp_path, change)
    assert sentences(read) == [
        "plan.csv, rows 2-7, column period_from_1: the period does not exist; found 9; allowed "
        "1 to 4. Leave it empty where the activity is never done."
    ]
    assert row_ranges([1, 2, 3, 7, 9, 10]) == "rows 1-3, 7, 9-10"
    faults = Faults("f")
    for row in range(1000):
        faults.add("wrong", row, "c", f"{row}")
    assert [str(problem) for problem in faults.problems()] == [
        "f, rows 0-999, column c: wrong; found 0, 1, 2, ...."
    ]


def test_a_deleted_row_is_never_done_and_said(tmp_path):
    read = edited(tmp_path, lambda rows: rows.__delitem__(6))
    assert sentences(read) == []
    assert "1 activity has no row: never done; found -4 level" in str(read.problems[0])


def test_a_cleared_period_takes_the_stope_out(tmp_path):
    def change(rows):
        rows[3][3] = rows[4][3] = ""

    read = edited(tmp_path, change).or_raise()
    assert read.plan.period.tolist() == [0, 1, 4, 4, 4]
    assert not read.plan.share[2].any()


@pytest.mark.parametrize(
    ("amount", "decimal", "value"),
    [
        ('"1,234"', ",", 1.234), ('"1,234"', ".", 1234.0), ("1 234", None, 1234.0),
        ("1\u00a0234", None, 1234.0), ('"1 234,5"', None, 1234.5), ("1'234.5", None, 1234.5),
        ('"1,234.5"', None, 1234.5), ('"1.234,5"', None, 1234.5), ('"1,234,567"', None, 1234567.0),
        ('"1,234E+03"', None, 1234.0), ("1.234E+03", None, 1234.0), ("1E+03", None, 1000.0),
        ('"1,5E+03"', None, 1500.0), ("\u22125", None, -5.0),
        ("+5", None, 5.0), ("", None, 0.0), ("1.234", ".", 1.234), ("1.234", ",", 1234.0),
    ],
)  # fmt: skip
def test_amounts_are_read_as_people_write_them(tmp_path, amount, decimal, value):
    read = edited(
        tmp_path, lambda rows: [no_points(rows), cell(9, "amount", amount)(rows)], decimal=decimal
    )
    assert sentences(read) == []
    assert read.value.plan.flow[0, 1] == value


def test_the_other_numbers_of_the_file_tell_what_a_comma_means(tmp_path):
    def change(rows, share):
        no_points(rows)
        cell(9, "amount", '"1,234"')(rows)
        rows[3][7], rows[4][7] = share, share

    assert edited(tmp_path, lambda r: change(r, '"0,5"')).or_raise().plan.flow[0, 1] == 1.234
    assert edited(tmp_path, lambda r: change(r, "0.5")).or_raise().plan.flow[0, 1] == 1234.0


def test_a_share_of_1_000_is_one_with_a_decimal_comma(tmp_path):
    def change(rows):
        no_points(rows)
        cell(2, "share", '"1,000"')(rows)
        cell(9, "amount", '"1,234"')(rows)

    read = edited(tmp_path, change).or_raise()
    assert read.plan.share[0].sum() == 1.0
    assert read.plan.flow[0, 1] == 1.234


def test_two_ways_of_writing_are_taken_where_each_number_is_clear(tmp_path):
    read = edited(tmp_path, cell(9, "amount", '"12,5"'))
    assert sentences(read) == []
    assert read.value.plan.flow[0, 1] == 12.5
    assert [str(problem) for problem in read.problems] == [
        "plan.csv: some numbers have a decimal comma and some a point; found 1.0 in rows 2-5, 8, "
        "10-11 and 12,5 in row 9. Each could be meant in one way only."
    ]
    read = edited(
        tmp_path,
        lambda rows: [cell(9, "amount", '"12,5"')(rows), cell(10, "amount", "1.234")(rows)],
    )
    assert "two ways" in sentences(read)[0]


def change_book(tmp_path, change, name="plan"):
    """Write a workbook, change it as a spreadsheet would, read it."""
    path = tmp_path / "plan.xlsx"
    write_plan(path, small_folder(), small_plan())
    book = openpyxl.load_workbook(path)
    change(book, book[name])
    book.save(path)
    return read_plan(path, small_mine())


def test_a_workbook_may_be_changed_in_all_the_usual_ways(tmp_path):
    def change(book, sheet):
        sheet["D6"], sheet["G6"], sheet["H6"] = 3.0, " STOCKPILE", "100%"
        sheet.insert_rows(3, 2)
        sheet.insert_rows(1, 2)
        sheet.insert_cols(1)
        sheet["B1"].value = "Our plan of May"
        book.move_sheet("plan", 2)
        book.create_sheet("my sums")["A1"] = "=SUM(plan!I1:I9)"
        sheet.title = "Plan"

    read = change_book(tmp_path, change)
    assert sentences(read) == []
    wanted = small_plan()
    wanted.period[3], wanted.share[3, PILE] = 2, 1.0
    assert same(read.value, wanted)
    assert read.value.row[3] == 10


def test_a_workbook_that_states_a_wrong_size_is_read_to_its_last_row(tmp_path):
    path, other = tmp_path / "plan.xlsx", tmp_path / "other.xlsx"
    write_plan(path, small_folder(), small_plan())
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(other, "w") as new:
        for name in old.namelist():
            text = old.read(name)
            if name == "xl/worksheets/sheet1.xml":
                size = b'<dimension ref="A1:B3"/>'
                text = re.sub(rb"<dimension[^>]*/>", b"", text)
                text = text.replace(b"<sheetViews>", size + b"<sheetViews>", 1)
                assert size in text
            new.writestr(name, text)
    assert same(read_plan(other, small_mine()).or_raise())


def test_a_workbook_with_another_name_of_the_sheet_is_found_by_its_header(tmp_path):
    assert same(change_book(tmp_path, lambda b, s: setattr(s, "title", "Tabelle1")).or_raise())


def test_a_workbook_with_two_plans_is_refused(tmp_path):
    def change(book, sheet):
        sheet.title = "a"
        book.copy_worksheet(sheet)

    read = change_book(tmp_path, change)
    assert sentences(read) == [
        'plan.xlsx: the workbook has not one sheet called "plan"; found a, periods, notes, a Copy.'
        " Rename the sheet."
    ]


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        (dt.datetime(2027, 2, 1), "row 3, column period_from_1: a date stands for a number"),
        (True, 'row 3, column period_from_1: not a number; found "True"'),
        ("=1+1", 'found "=1+1". A formula was saved without its result: write the number.'),
        ("two", 'row 3, column period_from_1: not a number; found "two"'),
        (2.5, "a period is no whole number; found 2.5"),
    ],
)
def test_wrong_cells_of_a_workbook_are_told_with_their_row(tmp_path, value, sentence):
    read = change_book(tmp_path, lambda _, sheet: setattr(sheet["D3"], "value", value))
    assert len(read.errors) == 1
    assert sentence in sentences(read)[0]


def test_numbers_that_are_text_in_a_workbook_are_read(tmp_path):
    def change(_, sheet):
        sheet["D3"], sheet["H4"], sheet["H5"] = "2", "0,5", "0,5"

    assert same(change_book(tmp_path, change).or_raise())


@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".parquet"])
def test_files_that_are_no_tables_are_told_in_a_sentence(tmp_path, suffix):
    path = tmp_path / f"plan{suffix}"
    for content in (b"", b"PK\x03\x04 no zip", b"\x00\xff" * 50, b"a,b\n1,2\n", b'"never closed\n'):
        path.write_bytes(content)
        read = read_plan(path, small_mine())
        assert read.value is None
        assert read.errors
        assert all("plan." in str(problem) for problem in read.errors)


def test_half_a_workbook_is_told_in_a_sentence(tmp_path):
    path = tmp_path / "plan.xlsx"
    write_plan(path, small_folder(), small_plan())
    path.write_bytes(path.read_bytes()[:-200])
    assert "the workbook cannot be read" in sentences(read_plan(path, small_mine()))[0]


def test_solutions_of_minelib_are_read_with_their_lines(tmp_path):
    path = tmp_path / "plan.sol"
    path.write_text("0 2 0 1\n1 0 1 1.000001\n\n2 0 2 0.49999\n2 1 2 0.5\n")
    read = read_plan(path, small_mine())
    assert sentences(read) == []
    assert read.value.row.tolist() == [1, 2, 4, 0, 0]
    assert read.value.plan.period.tolist() == [0, 1, 2, 4, 4]
    path.write_text("0 2 0 1\n1 0 9 1\n7 0 0 1\n2 0 x 1\n2 3 0 1\n")
    assert [problem.place for problem in read_plan(path, small_mine()).errors] == [
        "plan.sol, row 2, column period_from_0", "plan.sol, row 3, column number_from_0",
        "plan.sol, row 4, column period_from_0", "plan.sol, row 5, column destination",
    ]  # fmt: skip


def test_dates_are_those_of_the_calendar():
    months = mixed_calendar([(12, 12), (4, 4)], 0.1, "mid_year")
    days = period_dates(months, dt.date(2028, 1, 1))
    assert days[0] == (dt.date(2028, 1, 1), dt.date(2028, 1, 31))
    assert days[1] == (dt.date(2028, 2, 1), dt.date(2028, 2, 29))
    assert days[-1] == (dt.date(2029, 10, 1), dt.date(2029, 12, 31))
    assert all(b[0] - a[1] == dt.timedelta(days=1) for a, b in itertools.pairwise(days))
    late = period_dates(months, dt.date(2027, 1, 31))
    assert [str(day) for day in late[1]] == ["2027-02-28", "2027-03-30"]
    week = Calendar(np.array([7 / 365.2425, 1.0]), 0.1, "mid_year")
    assert period_dates(week, dt.date(2027, 1, 1))[0][1] == dt.date(2027, 1, 7)


def test_a_broken_plan_is_written_too_so_that_it_can_be_looked_at(tmp_path):
    plan = SchedulePlan(np.array([0, 1, 2, 9, -1]), small_plan().share, small_plan().flow)
    plan.share[0] = 0.0
    write_plan(tmp_path / "plan.csv", small_folder(), plan)
    rows = list(csv.DictReader((tmp_path / "plan.csv").open(encoding="utf-8-sig")))
    assert [row["name"] for row in rows if row["kind"] == "activity"] == [
        NAMES[0], NAMES[1], "'=ST+3", "'=ST+3", NAMES[3], "'-4 level",
    ]  # fmt: skip
