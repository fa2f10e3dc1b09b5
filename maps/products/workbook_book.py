"""How is a sheet of the workbook written, so that it reads well and runs nothing unasked?"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from maps import palettes
from maps.finished import Finished
from maps.products.spreadsheet import RISKY
from maps.wording import AU_UNIT, NOT_KNOWN, SB_UNIT

#: Formats by name. Yellow cells are inputs, grey ones are values that nothing recalculates.
LOOKS: Mapping[str, dict[str, Any]] = {
    "plain": {"valign": "top"},
    "text": {"text_wrap": True, "valign": "top"},
    "risky": {"text_wrap": True, "valign": "top", "quote_prefix": True},
    "title": {"bold": True, "font_size": 15},
    "note": {"italic": True, "font_color": "#444444", "text_wrap": True, "valign": "top"},
    "banner": {
        "bold": True,
        "font_color": palettes.WHITE,
        "bg_color": palettes.INK,
        "text_wrap": True,
        "valign": "top",
    },
    "head": {
        "bold": True,
        "text_wrap": True,
        "valign": "top",
        "bottom": 1,
        "bg_color": palettes.HEADS[0],
    },
    "section": {"bold": True, "font_size": 12, "bg_color": palettes.HEADS[1]},
    "input": {"bg_color": palettes.INPUT, "border": 1, "border_color": palettes.INPUT_RIM},
    "limits": {"font_color": "#444444", "font_size": 9, "align": "right"},
    "live": {"align": "right"},
    "total": {"align": "right", "bold": True, "top": 1},
    "told": {"text_wrap": True, "valign": "top", "align": "right", "font_size": 9},
    "lead": {"align": "right", "bold": True},
    "value": {
        "font_color": "#555555",
        "bg_color": "#F2F2F2",
        "align": "right",
        "valign": "top",
    },
    "day": {
        "font_color": "#555555",
        "bg_color": "#F2F2F2",
        "align": "right",
        "num_format": "yyyy-mm-dd",
    },
    "wrong": {
        "font_color": palettes.WHITE,
        "bg_color": palettes.WRONG,
        "bold": True,
        "italic": True,
    },
}
#: Amounts that may be small keep two decimals below ten.
AMOUNT = "[=0]0;[<10]0.00;#,##0"
#: Number formats by unit; what is not listed is written with thousands and as far as it matters.
NUMBERS: Mapping[str, str] = {
    SB_UNIT: "0.000",
    AU_UNIT: "0.000",
    "% Hg": "0.000",
    "% As": "0.000",
    "yr": "0.00",
    "fraction": "0.0000",
    "%": "0.0%",
    # Commas at the end divide by a thousand each: the cell holds dollars.
    "million USD": "#,##0.0,,",
    "USD/t ore": "#,##0.00",
    "": "General",
    **dict.fromkeys(
        ("t", "t/yr", "t Sb", "t Sb/yr", "t Hg/yr", "t As/yr", "kg Au", "troy oz Au", "m"), AMOUNT
    ),
}
#: What is worked out of a tonne of ore is not known to the cent.
ROUNDED: Mapping[str, str] = {"USD/t ore": AMOUNT}
#: Signs across a printed page; a wider sheet goes on beside it, its first columns repeated.
PAGE = 260
#: Signs over which the lines above a table run.
LINE = 110


@dataclass(slots=True, eq=False)
class Book:
    """An open workbook and what all its sheets share.

    Parameters
    ----------
    workbook : xlsxwriter.Workbook
        Open for writing.
    finished : Finished
        The study it tells of.
    """

    workbook: Any
    finished: Finished
    _made: dict[tuple[str, str], Any] = field(default_factory=dict)

    def say(self, label: str) -> str:
        """Return a label in the language of the study."""
        return self.finished.translate(label)

    @property
    def unknown(self) -> str:
        """What stands where a number is not known."""
        return self.say(NOT_KNOWN)

    def look(self, name: str, unit: str | None = None) -> Any:
        """Return a format; with a unit, its numbers are written as that unit is."""
        number = "" if unit is None else NUMBERS.get(unit, "#,##0" if unit else "General")
        if name in ("live", "lead") and unit is not None and unit in ROUNDED:
            number = ROUNDED[unit]
        key = (name, number)
        if key not in self._made:
            wanted = {"num_format": number} if number else {}
            self._made[key] = self.workbook.add_format({**LOOKS[name], **wanted})
        return self._made[key]

    def sheet(self, name: str, note: str, widths: Sequence[float]) -> Any:
        """Add a sheet with title, banner and one line on how to read it; its table begins in row 5.

        Parameters
        ----------
        name : str
            Name in English, 31 signs at the most in every language.
        note : str
            What the sheet shows.
        widths : sequence of float
            Widths of the columns, in signs.
        """
        sheet = self.workbook.add_worksheet(self.say(name)[:31])
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        sheet.write_string(0, 0, self.say(name), self.look("title"))
        warned, banner = self.finished.disclaimer, self.finished.synthetic
        if warned:
            self.line(sheet, 1, self.say(warned), "banner" if banner else "note", widths)
        self.line(sheet, 2, self.say(note), "note", widths)
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(-(-int(sum(widths)) // PAGE), 0)
        sheet.set_footer(f"&L{self.finished.stamp.line(self.say).replace('&', '&&')}&R&P / &N")
        return sheet

    def line(self, sheet: Any, row: int, text: str, look: str, widths: Sequence[float]) -> None:
        """Write a line over the first columns, as high as it needs."""
        last, wide = 0, float(widths[0])
        while wide < LINE and last + 1 < len(widths):
            last += 1
            wide += widths[last]
        if last:
            sheet.merge_range(row, 0, row, last, text, self.look(look))
        else:
            sheet.write_string(row, 0, text, self.look(look))
        self.tall(sheet, row, text, wide * 0.95)

    def table(self, sheet: Any, head: int, kept: int) -> None:
        """Keep a row of headings and some columns in sight, on the screen and on every page."""
        sheet.freeze_panes(head + 1, kept)
        sheet.repeat_rows(head)
        if kept:
            sheet.repeat_columns(0, kept - 1)

    def put(self, sheet: Any, row: int, column: int, value: Any, look: str = "text") -> None:
        """Write one value: numbers as numbers, unknown ones empty, texts never as formulas."""
        if value is None or (isinstance(value, float) and not math.isfinite(value)):
            if look == "input":
                sheet.write_blank(row, column, None, self.look(look))
            return
        if isinstance(value, bool) or not isinstance(value, int | float):
            written = str(value)
            risky = written.startswith(RISKY) and look in ("text", "plain")
            sheet.write_string(row, column, written, self.look("risky" if risky else look))
            return
        sheet.write_number(row, column, value, self.look(look))

    def tall(self, sheet: Any, row: int, text: str, width: float) -> None:
        """Make a row as high as a wrapped text needs in a column of a width in signs."""
        lines = -(-len(text) // max(int(width), 1))
        if lines > 1:
            sheet.set_row(row, 15 * lines + 1)

    def heads(self, sheet: Any, row: int, labels: Sequence[str]) -> None:
        """Write a row of headings, three lines high."""
        sheet.set_row(row, 46)
        for column, label in enumerate(labels):
            sheet.write_string(row, column, self.say(label), self.look("head"))


def reference(sheet: Any, cell: str) -> str:
    """Return a cell or a range of another sheet, as formulas name it.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> reference(SimpleNamespace(name="Cash flow"), "$B$2")
    "'Cash flow'!$B$2"
    """
    name = str(sheet.name).replace("'", "''")
    return f"'{name}'!{cell}"
