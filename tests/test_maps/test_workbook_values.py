"""Are formulas understood here as spreadsheets understand them?"""

import io

import pytest
import xlsxwriter

from maps.products.workbook_values import fill


def worked_out(*formulas):
    """Values of formulas beside a small table, and the faults among them."""
    options = {"in_memory": True, "strings_to_formulas": False}
    with xlsxwriter.Workbook(io.BytesIO(), options) as book:
        table, sheet = book.add_worksheet("it's a table"), book.add_worksheet("formulas")
        for row, values in enumerate([(1.0, 2.0, "x"), (3.0, None, "X"), (6.0, 8.0, "")]):
            for column, value in enumerate(values):
                if value is not None:
                    table.write(row, column, value)
        for row, formula in enumerate(formulas):
            sheet.write_formula(row, 0, f"={formula}", None, "")
        faults = fill(book)
        return [sheet.table[row][0].value for row in range(len(formulas))], faults


T = "'it''s a table'!"


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("2+3*4^2", 50.0),
        ("(1+1)^-(3-1)", 0.25),
        ("-2^2", 4.0),
        ("8/4/2", 1.0),
        ('"a"&1&"b"', "a1b"),
        ('"text">10', True),
        ('"A"="a"', True),
        (f'{T}B2=""', True),
        (f"{T}B2=0", True),
        (f"COUNT({T}A1:A3,{T}B1:B3)", 5.0),
        (f"SUM({T}B1:B3)", 10.0),
        (f"MATCH(5,{T}$A$1:$A$3,1)", 2.0),
        (f"INDEX({T}A1:A3,3)", 6.0),
        (f"SUMPRODUCT(--({T}A1:A3>=3))", 2.0),
        (f"SUMPRODUCT({T}A1:A3,{T}B1:B3)", 50.0),
        (f'COUNTIF({T}A1:A3,"<4")', 2.0),
        (f'SUMPRODUCT(EXACT({T}A1:C1,"x")*(COLUMN({T}A1:C1)))', 3.0),
        ("IFERROR(1/0,7)", 7.0),
        ("ISNUMBER(1/0)", False),
        ('N("text")', 0.0),
        ("IF(FALSE,1/0,MAX(1,-2))", 1.0),
        ("INT(-1.5)", -2.0),
    ],
)
def test_a_formula_comes_to_what_spreadsheets_say(formula, value):
    found, faults = worked_out(formula)
    assert found == [value] and faults == []


@pytest.mark.parametrize("formula", ["1/0", f"{T}C1+1", "SQRT(-1)", f"INDEX({T}A1:A3,4)"])
def test_what_a_spreadsheet_shows_as_an_error_stays_empty_and_is_told(formula):
    found, faults = worked_out(formula, "A1+1")
    assert found == ["", ""] and len(faults) == 2


def test_what_is_not_understood_is_never_guessed():
    with pytest.raises(KeyError):
        worked_out("TODAY()")
    with pytest.raises(ValueError, match="not understood"):
        worked_out("1 2")
