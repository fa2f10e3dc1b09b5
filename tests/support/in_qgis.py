"""How do tests run a script in the Python that QGIS brings along?

This file is not called ``qgis``: scripts beside it would import it instead of QGIS.
"""

import os
import subprocess
from pathlib import Path

from support.browser import need

PYTHON = Path("/usr/bin/python3")


def run_in_qgis(script: Path, *arguments: object, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a script to its end in QGIS's Python, headless; skip or fail where it is not there.

    The script's settings go to *folder*.
    """
    environment = {
        "PATH": os.environ.get("PATH", ""),
        "HOME": str(folder),
        "QT_QPA_PLATFORM": "offscreen",
        "XDG_RUNTIME_DIR": str(folder),
        "LC_ALL": "C.UTF-8",
        # East of Greenwich, where a day that is kept as a moment would begin the day before.
        "TZ": "Asia/Dushanbe",
    }

    def run(*words: object) -> subprocess.CompletedProcess[str]:
        command = [str(PYTHON), *map(str, words)]
        return subprocess.run(command, capture_output=True, text=True, env=environment, timeout=240)

    folder.chmod(0o700)
    need(PYTHON.exists() and run("-c", "import qgis.core").returncode == 0, f"PyQGIS in {PYTHON}")
    done = run(script, *arguments)
    assert done.returncode == 0, done.stderr
    return done
