"""What does every product need to know of a finished study, and how is a file written whole?"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from maps.config import MapSettings
from maps.languages import Translate, translator
from maps.layers import Layer, Table

SYNTHETIC = "synthetic_"

Named = TypeVar("Named", Layer, Table)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Finished:
    """A study as products see it: what it found, what is drawn of it, and where its files lie.

    Parameters
    ----------
    summary : mapping
        The study's ``summary.json``.
    layers : tuple of Layer
        Drawn layers, from the bottom up.
    settings : MapSettings
        The study's ``[map]`` table.
    folder : Path
        What the study has left so far, such as ``blocks.parquet``.
    out : Path
        Folder for the products; made when something is written into it.
    blocks : Path, optional
        The block model of a drillhole study.
    """

    summary: Mapping[str, Any]
    layers: tuple[Layer, ...]
    settings: MapSettings
    folder: Path
    out: Path
    blocks: Path | None = None

    @property
    def synthetic(self) -> bool:
        """Whether every product has to say SYNTHETIC."""
        return bool(self.summary.get("study", {}).get("synthetic"))

    @property
    def disclaimer(self) -> str:
        """What must stand on every product, SYNTHETIC first."""
        said = self.summary.get("study", {}).get("disclaimer") or ""
        return f"{'SYNTHETIC: an invented deposit. ' if self.synthetic else ''}{said}".strip()

    @property
    def translate(self) -> Translate:
        """What writes labels in the study's language."""
        return translator(self.settings.language)

    def named(self, name: str) -> str:
        """Return the name of a file, layer or table; of a synthetic study it starts so."""
        marked = name if name.startswith(SYNTHETIC) else f"{SYNTHETIC}{name}"
        return marked if self.synthetic else name

    def marked(self, things: Sequence[Named]) -> list[Named]:
        """Put SYNTHETIC at the start of the names that layers and tables have inside files."""
        return [replace(thing, name=self.named(thing.name)) for thing in things]

    def left(self, name: str) -> Path | None:
        """Return a file that the study left, under either name; None where it is not there."""
        for each in (self.folder / f"{SYNTHETIC}{name}", self.folder / name):
            if each.is_file():
                return each
        return None


def put(path: Path, write: Callable[[Path], object]) -> None:
    """Write a file under a temporary name beside it, then rename it; its folder is made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    # The ending stays, because GDAL chooses and checks by it.
    half = path.with_name(f".half-{os.getpid()}-{path.name}")
    try:
        write(half)
        half.replace(path)
    finally:
        half.unlink(missing_ok=True)


def write_text(text: str, path: Path) -> None:
    """Write a text file under a temporary name, then rename it; its folder is made."""
    put(path, partial(_write, text))


def _write(text: str, path: Path) -> None:
    path.write_text(text, "utf-8", newline="\n")
