"""How is a sheet of the workbook written, so that it reads well and runs nothing unasked?"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from maps.finished import Finished
from maps.products.spreadsheet import RISKY
from maps.wording import NOT_KNOWN

#: Formats by name. Yellow cells are inputs, grey ones are values that nothing recalculates.
LOOKS: Mapping[str, dict[str, Any]] = {
    "plain": {"valign": "top"},
    "text": {"text_wrap": True, "valign": "top"},
    "risky": {"text_wrap": True, "valign": "top", "quote_prefix": True},
    "title": {"bold": True, "font_size": 15},
    "note": {"italic": True, "font_color": "#444444"},
    "banner": {"bold": True, "font_color": "#FFFFFF", "bg_color": "#7A0177"},
    "head": {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1, "bg_color": "#E8EEF4"},
    "section": {"bold": True, "font_size": 12, "bg_color": "#D5DEE8"},
    "input": {"bg_color": "#FFF2A8", "border": 1, "border_color": "#B8A24A"},
    "live": {"align": "right"},
    "told": {"text_wrap": True, "valign": "top", "align": "right", "font_size": 9},
    "lead": {"align": "right", "bold": True},
    "value": {"font_color": "#555555", "bg_color": "#F2F2F2", "align": "right"},
}
#: Number formats by unit; what is not listed is written with thousands and as far as it matters.
NUMBERS: Mapping[str, str] = {
    "% Sb": "0.000",
    "g/t Au": "0.000",
    "% Hg": "0.000",
    "% As": "0.000",
    "yr": "0.00",
    "fraction": "0.0000",
    "USD/t ore": "#,##0.00",
    "": "General",
}
OTHERWISE = "#,##0.##"


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
        warned = self.finished.disclaimer
        if warned and self.finished.synthetic:
            # One cell wide as the table: white words would be lost beside a narrow one.
            wide = max(1, min(len(widths), 10) - 1)
            sheet.merge_range(1, 0, 1, wide, self.say(warned), self.look("banner"))
        elif warned:
            sheet.write_string(1, 0, self.say(warned), self.look("note"))
        sheet.write_string(2, 0, self.say(note), self.look("note"))
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer(f"&L{self.finished.stamp.line(self.say).replace('&', '&&')}&R&P / &N")
        return sheet

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
