"""What has changed since a study was made: its file, what it names, or this tool?"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from maps.errors import UnfinishedStudy
from maps.finished import Stamp
from maps.products.manifest import files_of, relative, sha256

REMEDY = "Run: anzob study STUDY --out DIR"


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is no longer as it was.

    Parameters
    ----------
    what : {"study", "input", "version", "results"}
        Study file, a file it names, this tool, or the folder itself.
    name : str
        Path of the file from the study's folder; for the tool, both versions.
    state : {"changed", "missing", "new", "of two runs"}
        What became of it.
    """

    what: Literal["study", "input", "version", "results"]
    name: str
    state: Literal["changed", "missing", "new", "of two runs"]

    def __str__(self) -> str:
        return f"{self.what} {self.name}: {self.state}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What a finished study was made of, held against what is there now.

    Parameters
    ----------
    folder : Path
        What was left behind.
    stamp : Stamp
        Of the run that left it.
    study : Path
        Where the study file was looked for.
    compared : int
        Files whose bytes were compared with those of the run.
    changes : tuple of Change
        () when all is as it was.
    """

    folder: Path
    stamp: Stamp
    study: Path
    compared: int
    changes: tuple[Change, ...]

    @property
    def remedy(self) -> str:
        """What to do next; "" when all is as it was."""
        if not self.changes:
            return ""
        if not self.study.is_file():
            return (
                f"The study file is not at {self.study.resolve()}. Say where it lies: "
                f'anzob map "{self.folder}" --check --study FILE'
            )
        command = f'anzob study "{self.study.resolve()}" --out "{self.folder}"'
        return f"Changed since. Make it again: {command}"


def changes_since(
    folder: Path, *, version: str | None = None, study: Path | None = None
) -> Comparison:
    """Hold a finished study against its files as they are now.

    Parameters
    ----------
    folder : Path
        What ``anzob study`` left behind.
    version : str, optional
        Of this tool; not compared when it is not told.
    study : Path, optional
        The study file, when folder or file was moved; else the manifest knows the way.

    Returns
    -------
    Comparison
        Every difference; nothing is written. Where the study file and all that it names are gone,
        only the study file is told.

    Raises
    ------
    UnfinishedStudy
        If the folder has no sound manifest, or it does not say where the study file lies.
    """
    kept = _manifest(folder)
    if study is None:
        study = folder / _way(kept, folder)
    stamp = Stamp(
        study=str(kept["study"]),
        hash=str(kept["study_sha256"]),
        version=str(kept["version"]),
        generated=str(kept["generated"]),
    )
    inputs = list(_of_inputs(study, kept))
    gone = sum(change.state == "missing" for change in inputs) == len(kept["inputs_sha256"])
    found = [*_of_folder(folder, stamp), *_of_study(study, stamp)]
    found += [] if gone and not study.is_file() else inputs
    if version is not None and version != stamp.version:
        found.append(Change("version", f"{stamp.version} then, {version} now", "changed"))
    compared = 1 + len(kept["inputs_sha256"])
    return Comparison(
        folder=folder, stamp=stamp, study=study, compared=compared, changes=tuple(found)
    )


def _manifest(folder: Path) -> Mapping[str, Any]:
    path = folder / "manifest.json"
    if not path.is_file():
        raise UnfinishedStudy(f"{folder} is not a finished study: it lacks {path.name}. {REMEDY}")
    try:
        kept = json.loads(path.read_text("utf-8"))
    except ValueError as error:
        raise UnfinishedStudy(f"{path} is not JSON: {error}. {REMEDY}") from error
    needed = {"study", "study_sha256", "version", "generated", "inputs_sha256"}
    lacking = sorted(needed - set(kept if isinstance(kept, dict) else ()))
    if lacking:
        raise UnfinishedStudy(f"{path} lacks {', '.join(lacking)}. {REMEDY}")
    if not isinstance(kept["inputs_sha256"], dict):
        raise UnfinishedStudy(f"{path}, key inputs_sha256 is no table of files. {REMEDY}")
    if not isinstance(kept.get("input_folders", []), list):
        raise UnfinishedStudy(f"{path}, key input_folders is no list of folders. {REMEDY}")
    return dict(kept)


def _way(kept: Mapping[str, Any], folder: Path) -> str:
    if not isinstance(kept.get("study_path"), str):
        raise UnfinishedStudy(
            f"{folder / 'manifest.json'} does not say where {kept['study']} lies; an older version "
            f'wrote it. Name the study: anzob map "{folder}" --check --study FILE'
        )
    return str(kept["study_path"])


def _of_folder(folder: Path, stamp: Stamp) -> Iterator[Change]:
    """Find out whether an interrupted run left files of two runs side by side."""
    try:
        summary = json.loads((folder / "summary.json").read_text("utf-8"))
        told = (summary["generated"], summary["study"]["hash"])
    except FileNotFoundError:
        yield Change("results", "summary.json", "missing")
    except (ValueError, KeyError, TypeError):
        yield Change("results", "summary.json", "changed")
    else:
        if told != (stamp.generated, stamp.hash):
            yield Change("results", "summary.json and manifest.json", "of two runs")


def _of_study(study: Path, stamp: Stamp) -> Iterator[Change]:
    if not study.is_file():
        yield Change("study", study.name, "missing")
    elif sha256(study) != stamp.hash:
        yield Change("study", study.name, "changed")


def _of_inputs(study: Path, kept: Mapping[str, Any]) -> Iterator[Change]:
    """Compare every file by its bytes, and list files that came into a folder since."""
    then: Mapping[str, str] = kept["inputs_sha256"]
    for name, digest in then.items():
        path = study.parent / name
        if not path.is_file():
            yield Change("input", name, "missing")
        elif sha256(path) != digest:
            yield Change("input", name, "changed")
    folders = [study.parent / str(name) for name in kept.get("input_folders", [])]
    now = [relative(path, study.parent) for path in files_of(p for p in folders if p.is_dir())]
    yield from (Change("input", name, "new") for name in now if name not in then)
