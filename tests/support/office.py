"""Debian's LibreOffice without a window, for the sheets that this project writes and reads."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from support.browser import need

#: How LibreOffice is told to write each ending.
FILTERS = {
    ".xlsx": "xlsx:Calc MS Excel 2007 XML",
    ".csv": "csv:Text - txt - csv (StarCalc):44,34,76,1",
    ".ods": "ods",
    ".pdf": "pdf",
}


def saved_by_office(path: Path, folder: Path, ending: str) -> Path:
    """Open a file in LibreOffice, which works all formulas out, and save it in a folder."""
    program = shutil.which("soffice")
    need(program, "LibreOffice (soffice)")
    profile = folder / "profile"
    command = [
        str(program), "--headless", f"-env:UserInstallation={profile.resolve().as_uri()}",
        "--convert-to", FILTERS[ending], "--outdir", str(folder), str(path),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    made = folder / f"{path.stem}{ending}"
    assert made.is_file(), f"LibreOffice wrote nothing: {done.stdout} {done.stderr}"
    return made
