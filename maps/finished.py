"""What does every product need to know of a finished study, and how is a file written whole?"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from maps.config import MapSettings
from maps.errors import UnwritableFile
from maps.languages import Translate, translator
from maps.layers import Layer, Table

SYNTHETIC = "synthetic_"
#: At the head of every page and printed sheet.
INVENTED = "SYNTHETIC: an invented deposit for demonstration. No figure here is about a real place."
#: Before the study's own disclaimer, where a file or the foot of a sheet has room for a line.
INVENTED_BRIEFLY = "SYNTHETIC: an invented deposit."

Named = TypeVar("Named", Layer, Table)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """Of which study a product was made, by which version of this tool, and when.

    What a summary does not say is "" here, and absent where the stamp is shown.

    Parameters
    ----------
    study : str
        Name of the study file.
    hash : str
        Its SHA-256, 64 hexadecimal digits.
    version : str
        Of this tool.
    generated : str
        Time of writing, ISO 8601, UTC.

    Examples
    --------
    >>> print(Stamp(study="a.toml", hash="0123456789abcdef", version="0.1.0",
    ...             generated="2026-11-28T02:18:11+00:00"))
    Study a.toml · SHA-256 0123456789ab · anzob 0.1.0 · 2026-11-28 02:18 UTC
    """

    study: str
    hash: str
    version: str
    generated: str

    def facts(self) -> tuple[tuple[str, str], ...]:
        """Return what is known as (label in English, value) for a table of properties."""
        told = (
            ("Study file", self.study),
            ("Study SHA-256", self.hash),
            ("Version", f"anzob {self.version}" if self.version else ""),
            ("Written", self.date),
        )
        return tuple((label, value) for label, value in told if value)

    @property
    def date(self) -> str:
        """Time of writing for people, to the minute, UTC."""
        day, _, time = self.generated.partition("T")
        return f"{day} {time[:5]} UTC" if time else day

    def line(self, translate: Translate) -> str:
        """Return the stamp as one line for the foot of a product, labels translated."""
        told = (
            (f"{translate('Study')} ", self.study),
            ("SHA-256 ", self.hash[:12]),
            ("anzob ", self.version),
            ("", self.date),
        )
        return " · ".join(f"{label}{value}" for label, value in told if value)

    def __str__(self) -> str:
        return self.line(str)


def stamp_of(summary: Mapping[str, Any]) -> Stamp:
    """Return the stamp of a study's ``summary.json``, "" for what it does not say."""
    about = summary.get("study") or {}
    return Stamp(
        study=str(about.get("file") or ""),
        hash=str(about.get("hash") or ""),
        version=str(summary.get("version") or ""),
        generated=str(summary.get("generated") or ""),
    )


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
        return " ".join(self._warnings())

    def _warnings(self) -> list[str]:
        said = str(self.summary.get("study", {}).get("disclaimer") or "").strip()
        marks = [INVENTED_BRIEFLY] if self.synthetic else []
        return [*marks, *([said] if said else [])]

    @property
    def stamp(self) -> Stamp:
        """What every product says of its making: study, hash, version and date."""
        return stamp_of(self.summary)

    @property
    def provenance(self) -> str:
        """Disclaimer and stamp in one text, for files that have room for a description."""
        said = [*map(self.translate, self._warnings()), self.stamp.line(self.translate)]
        # Where text ends at a zero, as in GDAL, what follows would be lost.
        return " ".join(said).replace("\x00", "").strip()

    @property
    def translate(self) -> Translate:
        """What writes labels in the study's language."""
        return translator(self.settings.language)

    def named(self, name: str) -> str:
        """Return the name of a file, layer or table; of a synthetic study it starts so."""
        marked = name if name.startswith(SYNTHETIC) else f"{SYNTHETIC}{name}"
        return marked if self.synthetic else name

    def marked(self, things: Sequence[Named]) -> list[Named]:
        """Put SYNTHETIC before names inside files, and write labels in the study's language."""
        named = [replace(thing, name=self.named(thing.name)) for thing in things]
        return [thing.translated(self.translate) for thing in named]

    def left(self, name: str) -> Path | None:
        """Return a file that the study left; None where it is not there.

        A synthetic study may have left it without the mark. A real one has nothing to do with a
        marked file, which another study left in the same folder.
        """
        names = dict.fromkeys((self.named(name), name))
        return next((p for n in names if (p := self.folder / n).is_file()), None)


def put(path: Path, write: Callable[[Path], object]) -> None:
    """Write a file under a temporary name beside it, then rename it; its folder is made.

    Raises
    ------
    UnwritableFile
        If GDAL fails, as on a full disk.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    # The ending stays, because GDAL chooses and checks by it.
    half = path.with_name(f".half-{os.getpid()}-{path.name}")
    try:
        write(half)
        half.replace(path)
    except RuntimeError as error:
        # pyogrio's errors share no base of their own, and importing it here would be slow.
        if not type(error).__module__.startswith("pyogrio"):
            raise
        said = (
            f"{path} cannot be written: {error}. Is the disk full? Nothing was left half written."
        )
        raise UnwritableFile(said) from error
    finally:
        half.unlink(missing_ok=True)


def write_text(text: str, path: Path) -> None:
    """Write a text file under a temporary name, then rename it; its folder is made."""
    put(path, partial(_write, text))


def _write(text: str, path: Path) -> None:
    path.write_text(text, "utf-8", newline="\n")
