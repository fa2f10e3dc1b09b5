"""How does a page become a PDF that looks the same everywhere?

It is printed by a browser of the Chromium family, which every reader of the page may have anyway.
Nothing is fetched: the page holds all it shows.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from functools import partial
from pathlib import Path

from maps.errors import MissingProgram
from maps.finished import Finished, put
from maps.products.manifest import timestamp
from maps.products.report import report_page

#: Names under which browsers of the Chromium family are found, and where else they may lie.
BROWSERS = (
    *("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"),
    *("microsoft-edge", "microsoft-edge-stable", "msedge"),
)
PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
)
FLAGS = (
    *("--headless", "--disable-gpu", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--disable-quic", "--disable-extensions"),
    *("--no-pdf-header-footer", "--run-all-compositor-stages-before-draw"),
)
#: A browser that has not printed by then never will [s].
PATIENCE_S = 180.0


def write_pdf(finished: Finished) -> list[str]:
    """Print the report of a finished study.

    Parameters
    ----------
    finished : Finished
        The study.

    Returns
    -------
    list of str
        The name of the PDF.

    Raises
    ------
    MissingProgram
        If no browser of the Chromium family is found, or it prints nothing.
    """
    browser = find_browser()
    name = finished.named("report.pdf")
    put(finished.out / name, partial(print_page, report_page(finished), browser))
    return [name]


def find_browser() -> str:
    """Return the path of a browser that prints.

    Returns
    -------
    str
        The program.

    Raises
    ------
    MissingProgram
        If none is found.
    """
    for name in (*BROWSERS, *PLACES):
        found = shutil.which(name)
        if found:
            return found
    raise MissingProgram(
        "A PDF is printed by Chromium, Chrome or Edge, and none of them was found "
        f"(looked for {', '.join(BROWSERS)}). Install one of them, or open report.html in a "
        "browser and print it."
    )


def print_page(page: str, browser: str, path: Path) -> None:
    """Print a page that needs nothing from outside.

    Parameters
    ----------
    page : str
        HTML.
    browser : str
        A browser of the Chromium family.
    path : Path
        The PDF.

    Raises
    ------
    MissingProgram
        If the browser prints nothing.
    """
    with tempfile.TemporaryDirectory() as kept:
        source, made = Path(kept) / "report.html", Path(kept) / "report.pdf"
        source.write_text(page, "utf-8")
        # Root has no sandbox to give.
        root = hasattr(os, "geteuid") and os.geteuid() == 0
        command = [browser, *FLAGS, *(["--no-sandbox"] if root else [])]
        command += [f"--user-data-dir={kept}/profile", f"--print-to-pdf={made}", source.as_uri()]
        try:
            subprocess.run(command, capture_output=True, timeout=PATIENCE_S, check=False)
        except (OSError, subprocess.TimeoutExpired) as error:
            raise MissingProgram(f"{browser} could not print the report: {error}") from error
        if not made.is_file():
            raise MissingProgram(f"{browser} printed nothing. Print report.html by hand instead.")
        path.write_bytes(dated(made.read_bytes(), timestamp()))


def dated(pdf: bytes, when: str) -> bytes:
    """Set the dates inside a PDF, so that equal reports are equal files.

    Parameters
    ----------
    pdf : bytes
        As a browser printed it.
    when : str
        ISO 8601, UTC.

    Returns
    -------
    bytes
        Of the same length: places inside a PDF are counted in bytes.

    Examples
    --------
    >>> dated(b"/CreationDate (D:20261128021811+00'00')", "1970-01-01T00:00:00+00:00")
    b"/CreationDate (D:19700101000000+00'00')"
    """
    digits = re.sub(r"\D", "", when)[:14].encode("ascii")
    return re.sub(rb"(?<=Date \(D:)\d{14}", digits, pdf)
