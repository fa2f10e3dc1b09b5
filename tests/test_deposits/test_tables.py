"""Does a table say in which row it is wrong, and what to do?"""

import pytest

from deposits.tables import Column, TableFile, read_table

COLUMNS = (
    Column("id", required=True),
    Column("sb_pct", "number", low=0.0, high=71.7),
    Column("category", choices=("C1", "C2")),
)


def read(tmp_path, text, *, encoding="utf-8", **how):
    path = tmp_path / "grades.csv"
    path.write_bytes(text.encode(encoding))
    return read_table(TableFile(path, **how), COLUMNS, unique="id")


def only_problem(checked):
    assert len(checked.problems) == 1, [str(p) for p in checked.problems]
    return checked.problems[0]


def test_a_sound_table_is_read_with_its_line_numbers(tmp_path):
    table = read(tmp_path, "id,sb_pct,category\na,2.5,C1\n\nb,,C2\n").or_raise()
    assert list(table.index) == [2, 4]
    assert table.loc[2, "sb_pct"] == 2.5
    assert table["sb_pct"].isna().tolist() == [False, True]


def test_a_byte_order_mark_is_passed_over(tmp_path):
    table = read(tmp_path, "\ufeffid,sb_pct,category\na,2.5,C1\n").or_raise()
    assert list(table["id"]) == ["a"]


def test_a_missing_file_names_the_nearest(tmp_path):
    (tmp_path / "grades.csv").write_text("id\n1\n")
    checked = read_table(TableFile(tmp_path / "grade.csv"), COLUMNS)
    assert only_problem(checked).remedy == 'Did you mean "grades.csv"?'


def test_an_empty_file_is_an_error(tmp_path):
    checked = read(tmp_path, "\n  \n")
    assert checked.value is None
    assert "empty" in only_problem(checked).fact


def test_a_header_without_rows_is_a_warning(tmp_path):
    checked = read(tmp_path, "id,sb_pct,category\n")
    assert checked.value is not None
    assert only_problem(checked).severity == "warning"


@pytest.mark.parametrize(("mark", "name"), [(";", "semicolon"), ("\t", "tab"), ("|", "bar")])
def test_a_wrong_delimiter_is_named_with_the_key_to_state(tmp_path, mark, name):
    problem = only_problem(read(tmp_path, f"id{mark}sb_pct{mark}category\na{mark}2.5{mark}C1\n"))
    assert problem.found == name
    assert "delimiter =" in problem.remedy


def test_a_decimal_comma_is_a_question_with_its_answer(tmp_path):
    checked = read(tmp_path, 'id,sb_pct,category\na,"2,5",C1\n')
    problem = only_problem(checked)
    assert problem.place == "grades.csv, row 2, column sb_pct"
    assert 'decimal = ","' in problem.remedy


def test_thousands_separators_are_not_decimal_commas(tmp_path):
    checked = read(tmp_path, 'id,sb_pct,category\na,"1,234",C1\n')
    assert "thousands" in only_problem(checked).remedy


def test_a_stated_delimiter_and_decimal_are_believed(tmp_path):
    text = "id;sb_pct;category\na;2,5;C1\n"
    table = read(tmp_path, text, delimiter=";", decimal=",").or_raise()
    assert table.loc[2, "sb_pct"] == 2.5


def test_cyrillic_in_another_encoding_names_the_remedy(tmp_path):
    checked = read(tmp_path, "id,sb_pct,category\nДжижикрут,2.5,C1\n", encoding="cp1251")
    assert 'encoding = "cp1251"' in only_problem(checked).remedy


def test_a_stated_encoding_is_used(tmp_path):
    path = tmp_path / "grades.csv"
    path.write_bytes("id,sb_pct,category\nДжижикрут,2.5,C1\n".encode("cp1251"))
    table = read_table(TableFile(path, encoding="cp1251"), COLUMNS).or_raise()
    assert table.loc[2, "id"] == "Джижикрут"


def test_every_problem_is_listed_at_once(tmp_path):
    text = "id,sb_pct,categry\na,two,C1\na,80,C3\n,-1,C1,extra\n"
    facts = [str(problem) for problem in read(tmp_path, text).problems]
    assert any('"categry" is not used' in f and '"category"' in f for f in facts)
    assert any("row 2, column sb_pct" in f and "not a number" in f for f in facts)
    assert any("row 3, column sb_pct" in f and "out of range" in f for f in facts)
    assert any("row 4: the line has another number of cells" in f for f in facts)
    assert any("row 4, column sb_pct" in f for f in facts)
    assert any("row 4, column id: the cell is empty" in f for f in facts)
    assert any("rows 2, 3, column id: the identifier repeats" in f for f in facts)


def test_a_missing_required_column_suggests_the_misspelt_one(tmp_path):
    problems = read(tmp_path, "ident,sb_pct,category\na,1,C1\n").problems
    missing = next(p for p in problems if "missing" in p.fact)
    assert missing.severity == "error"


@pytest.mark.parametrize("value", ["0", "71.7"])
def test_both_ends_of_a_range_are_inside(tmp_path, value):
    assert not read(tmp_path, f"id,sb_pct,category\na,{value},C1\n").problems


@pytest.mark.parametrize("value", ["-0.001", "71.701", "nan", "inf", "1e999"])
def test_what_is_outside_or_not_finite_is_refused(tmp_path, value):
    assert read(tmp_path, f"id,sb_pct,category\na,{value},C1\n").errors


def test_a_repeated_header_is_an_error_with_its_name(tmp_path):
    checked = read(tmp_path, "id,sb_pct,category,sb_pct\na,1,C1,2\n")
    problem = only_problem(checked)
    assert problem.fact == "the header repeats"
    assert problem.place == "grades.csv, row 1, column sb_pct"


def test_a_repeated_identifier_column_is_an_error_too(tmp_path):
    assert "repeats" in only_problem(read(tmp_path, "id,id,sb_pct,category\na,b,1,C1\n")).fact


def test_a_cell_that_swallows_the_file_is_an_error_with_its_row(tmp_path):
    text = 'id,sb_pct,category\na,1,C1\nb,1,"' + "C1\n" * 50_000
    problem = only_problem(read(tmp_path, text))
    assert problem.severity == "error"
    assert "131,072 characters" in problem.fact and "quotation mark" in problem.remedy
    assert problem.place == "grades.csv, row 3"
