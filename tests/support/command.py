"""The command as a user types it."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def anzob(*words, cwd=None, **environment):
    """Run the command and return what it printed and how it ended."""
    return subprocess.run(
        [sys.executable, "-c", "import anzob; anzob.main()", *map(str, words)],
        capture_output=True,
        text=True,
        cwd=cwd,
        env=os.environ | {"PYTHONPATH": str(ROOT), "COLUMNS": "200"} | environment,
        timeout=300,
    )


def printed(*words, **how):
    """Return the JSON that a command prints."""
    found = anzob(*words, **how)
    assert found.returncode == 0, found.stderr
    return json.loads(found.stdout)
