"""With what was a study made: which version, inputs, seed and packages, when, and how long?"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import platform
import time
from collections.abc import Iterable, Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

PACKAGES = ("numpy", "scipy", "pandas", "geopandas", "shapely", "pyproj", "pyogrio", "folium")


def timestamp() -> str:
    """Return the time of writing, UTC; SOURCE_DATE_EPOCH stands in for the clock."""
    epoch = int(os.environ.get("SOURCE_DATE_EPOCH") or time.time())
    return dt.datetime.fromtimestamp(epoch, dt.UTC).isoformat()


def manifest(
    summary: Mapping[str, Any], study: Path, inputs: Iterable[Path], began: float
) -> dict[str, Any]:
    """Put the manifest of a finished study together.

    Parameters
    ----------
    summary : mapping
        The study's summary.
    study : Path
        The study file.
    inputs : iterable of Path
        Every file it names, or folders of them.
    began : float
        ``time.perf_counter()`` when the run began [s].

    Returns
    -------
    dict
        Plain JSON values.
    """
    about = summary["study"]
    return {
        "version": summary["version"],
        "study": study.name,
        "study_sha256": about["hash"],
        "inputs_sha256": _hashes(inputs, study.parent),
        "generated": summary["generated"],
        "seed": about["seed"],
        "draws": about["draws"],
        "solver": None,
        "python": platform.python_version(),
        "packages": {name: _version(name) for name in PACKAGES},
        "seconds": round(time.perf_counter() - began, 2),
        "warnings": summary["warnings"],
    }


def _hashes(inputs: Iterable[Path], base: Path) -> dict[str, str]:
    """Return the SHA-256 of every file, by its path relative to the study."""
    files: set[Path] = set()
    for path in inputs:
        files |= {p for p in path.iterdir() if p.is_file()} if path.is_dir() else {path}
    return {
        Path(os.path.relpath(path, base)).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(files)
        if path.is_file()
    }


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def as_json(value: Mapping[str, Any]) -> str:
    """Write JSON for people and programs: indented, UTF-8 letters as they are, no NaN."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, indent=1) + "\n"
