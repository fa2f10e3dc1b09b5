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

PACKAGES = (
    *("numpy", "scipy", "pandas", "geopandas", "shapely", "pyproj", "pyogrio", "rasterio"),
    *("numba", "highspy", "pyarrow", "folium", "matplotlib", "xlsxwriter", "ezdxf"),
)
#: Files of several parts, and what a part says of the place of any file of the same name.
IN_PARTS, OF_PLACE = (".shp", ".tab", ".mif"), (".prj", ".tfw", ".wld")
#: What other programs leave beside a file that they have only looked at.
TRACES = (".aux.xml", "-wal", "-shm", "-journal", "~")


def timestamp() -> str:
    """Return the time of writing, UTC; SOURCE_DATE_EPOCH stands in for the clock."""
    epoch = int(os.environ.get("SOURCE_DATE_EPOCH") or time.time())
    return dt.datetime.fromtimestamp(epoch, dt.UTC).isoformat()


def manifest(
    summary: Mapping[str, Any], study: Path, inputs: Iterable[Path], began: float, out: Path
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
    out : Path
        Folder in which the manifest will lie.

    Returns
    -------
    dict
        Plain JSON values. ``study_path`` leads from *out* to the study file, ``inputs_sha256``
        and ``input_folders`` from the study file's folder to what it names; ``solver`` is null
        where no solver was asked.
    """
    about, named = summary["study"], list(inputs)
    folders = [path for path in named if path.is_dir()]
    return {
        "version": summary["version"],
        "study": study.name,
        # Links are followed, or ".." would lead elsewhere; but a linked study keeps its own inputs.
        "study_path": relative(study.parent.resolve() / study.name, out.resolve()),
        "study_sha256": about["hash"],
        "inputs_sha256": {relative(p, study.parent): sha256(p) for p in files_of(named)},
        "input_folders": sorted({relative(path, study.parent) for path in folders}),
        "generated": summary["generated"],
        "seed": about["seed"],
        "draws": about["draws"],
        "solver": "; ".join(sorted(_solvers(summary))) or None,
        "python": platform.python_version(),
        "packages": {name: _version(name) for name in PACKAGES},
        "seconds": round(time.perf_counter() - began, 2),
        "warnings": summary["warnings"],
    }


def inputs_of(inputs: Iterable[Path], base: Path) -> list[dict[str, Any]]:
    """List the inputs of a study for people to compare.

    Parameters
    ----------
    inputs : iterable of Path
        Files, or folders whose every file counts.
    base : Path
        Folder of the study file.

    Returns
    -------
    list of dict
        file (from *base*), bytes, sha256; in the order of `files_of`.
    """
    return [
        {"file": relative(path, base), "bytes": path.stat().st_size, "sha256": sha256(path)}
        for path in files_of(inputs)
    ]


def files_of(inputs: Iterable[Path]) -> list[Path]:
    """List files and the files of folders, each once; what is not there is left out.

    Parameters
    ----------
    inputs : iterable of Path
        Files, or folders whose every file counts. A shapefile brings its siblings along, any
        file those that say where it lies.

    Returns
    -------
    list of Path
        Sorted; hidden files and traces of other programs are none.
    """
    files: set[Path] = set()
    for path in inputs:
        if path.is_dir():
            files |= {p for p in path.iterdir() if not _is_trace(p)}
        elif path.is_file():
            files |= {path, *_beside(path)}
    return sorted(path for path in files if path.is_file())


def _beside(path: Path) -> list[Path]:
    """List the other parts of a file."""
    same = [p for p in path.parent.iterdir() if p.stem == path.stem and not _is_trace(p)]
    whole = path.suffix.lower() in IN_PARTS
    return [p for p in same if whole or p.suffix.lower() in OF_PLACE]


def _is_trace(path: Path) -> bool:
    return path.name.startswith(".") or path.name.endswith(TRACES)


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file, hexadecimal, read piece by piece."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def relative(path: Path, base: Path) -> str:
    """Write the way from a folder to a file, with slashes; another drive is written whole."""
    try:
        return Path(os.path.relpath(path, base)).as_posix()
    except ValueError:
        return path.resolve().as_posix()


def _solvers(found: object) -> set[str]:
    """Collect what certificates anywhere in a summary say of the solver that was asked."""
    if isinstance(found, Mapping):
        own = found.get("solver")
        named = {own} if isinstance(own, str) and own else set()
        return named.union(*(_solvers(value) for value in found.values()))
    if isinstance(found, list):
        return set[str]().union(*(_solvers(value) for value in found))
    return set()


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def as_json(value: Mapping[str, Any]) -> str:
    """Write JSON for people and programs: indented, UTF-8 letters as they are, no NaN."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, indent=1) + "\n"
