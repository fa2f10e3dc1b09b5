"""LibreOffice as a referee: recalculates a workbook whose cells were changed, sharing no code."""

import re
import shutil
import subprocess
from pathlib import Path

from support.browser import need

#: How LibreOffice is told to write each ending.
FILTERS = {
    ".xlsx": "xlsx:Calc MS Excel 2007 XML",
    ".csv": "csv:Text - txt - csv (StarCalc):44,34,76,1",
}


def libreoffice() -> str:
    """Path of the program; without it the test skips, or fails where every client must be there."""
    found = shutil.which("soffice")
    need(found, "LibreOffice (soffice)")
    return str(found)


def saved_by_office(path: Path, folder: Path, ending: str) -> Path:
    """Open a file in LibreOffice, which works all formulas out, and save it in a folder."""
    profile = f"-env:UserInstallation={(folder / 'profile').resolve().as_uri()}"
    asked = [libreoffice(), profile, "--headless", "--convert-to", FILTERS[ending], "--outdir"]
    subprocess.run([*asked, str(folder), str(path)], check=True, capture_output=True, timeout=120)
    return folder / f"{path.stem}{ending}"


def recalculated(books, folder: Path) -> list[Path]:
    """Open workbooks and save them again, all in one go; what has no value is worked out."""
    profile = f"-env:UserInstallation=file://{folder}/profile"
    asked = [libreoffice(), profile, "--headless", "--convert-to", "xlsx", "--outdir"]
    out = folder / "recalculated"
    subprocess.run(
        [*asked, str(out), *map(str, books)], check=True, capture_output=True, timeout=300
    )
    return [out / Path(book).name for book in books]


def changed(book: Path, to: Path, **cells) -> Path:
    """Copy a workbook with other values in named cells, None for empty, all cells of a name alike.

    Formulas lose the values they had, so that whoever opens it has to work them out.
    """
    from openpyxl import load_workbook

    opened = load_workbook(book)
    for name, value in cells.items():
        sheet, cell = place(opened, name)
        found = opened[sheet][cell]
        for each in found[0] if isinstance(found, tuple) else [found]:
            each.value = value
    opened.save(to)
    return to


def place(opened, name: str) -> tuple[str, str]:
    """Sheet and cells that a name of the workbook stands for."""
    sheet, cells = opened.defined_names[name].attr_text.rsplit("!", 1)
    return sheet.strip("'"), cells.replace("$", "")


def row_of(opened, name: str) -> list:
    """Values of the cells that a name stands for, all in one row."""
    sheet, cells = place(opened, name)
    found = opened[sheet][cells]
    return [cell.value for cell in found[0]] if isinstance(found, tuple) else [found.value]


def faults(opened) -> list[str]:
    """Every cell that shows an error, such as #VALUE! or Err:502."""
    wrong = re.compile(r"#(VALUE!|REF!|NAME\?|DIV/0!|NUM!|N/A)|Err:\d+")
    return [
        f"{sheet.title}!{cell.coordinate} {cell.value}"
        for sheet in opened
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, str) and wrong.fullmatch(cell.value)
    ]
