"""Where is the third-party reference data, and what is skipped without it?"""

import os
from pathlib import Path

import numpy as np
import pytest


def reference(name: str) -> Path:
    """Return a file below the folder that REFERENCE_DATA names; skip when there is none."""
    folder = os.environ.get("REFERENCE_DATA")
    if not folder:
        pytest.skip("REFERENCE_DATA names no folder with the third-party reference data")
    path = Path(folder) / name
    if not path.exists():
        pytest.skip(f"the reference data lacks {name}")
    return path


def geoeas(name: str) -> tuple[list[str], np.ndarray]:
    """Read a GSLIB (GeoEAS) file: variable names and rows."""
    lines = reference(name).read_text("latin-1").splitlines()
    n = int(lines[1].split()[0])
    names = [line.strip() for line in lines[2 : 2 + n]]
    rows = [[float(x) for x in line.split()] for line in lines[2 + n :] if line.strip()]
    return names, np.array(rows)
