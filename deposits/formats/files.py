"""How does a file take its name only when it is whole?"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from deposits.blockmodel.model import About
from deposits.errors import DataError, Problem

PREFIX = "synthetic_"
#: What XML cannot hold, not even in a comment.
UNWRITABLE = re.compile(r"[^\t\n\r -\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]")


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """Open a file under a temporary name that becomes its own when all is well.

    Parameters
    ----------
    path : Path
        The name it takes at the end.

    Yields
    ------
    binary file
        To write to; after an error or an interrupt nothing stands under either name.
    """
    partial = path.with_name(f".{path.name}.partial")
    try:
        with partial.open("wb") as file:
            yield file
        os.replace(partial, path)  # noqa: PTH105 - one call for both systems
    finally:
        partial.unlink(missing_ok=True)


def check_name(path: Path, about: About) -> None:
    """Refuse a name that hides that the blocks are synthetic.

    Parameters
    ----------
    path : Path
        Where a model is to be written.
    about : About
        What stands beside it.

    Raises
    ------
    DataError
        If the model is synthetic and the name does not start with ``synthetic_``.
    """
    if about.synthetic and not path.name.lower().startswith(PREFIX):
        remedy = "No synthetic number may be taken for a real one."
        raise DataError([Problem("synthetic blocks", str(path), path.name, f"{PREFIX}...", remedy)])


def xml_comment(text: str) -> str:
    """Write a comment of XML that its own text cannot end.

    Examples
    --------
    >>> xml_comment("SHA-256 --> <b>")
    '<!-- SHA-256 - -> <b> -->'
    """
    said = re.sub("-(?=-)", "- ", UNWRITABLE.sub("", text))
    return f"<!-- {' '.join(said.split())} -->"


def read_bytes(path: Path) -> bytes:
    """Read a whole file, or say why not.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    bytes
        What it holds, at least one byte.

    Raises
    ------
    DataError
        If it is missing or empty.
    """
    if not path.is_file():
        raise DataError([Problem("the file does not exist", str(path), remedy="Check the path.")])
    raw = path.read_bytes()
    if not raw:
        raise DataError([Problem("the file is empty", str(path), remedy="Export it again.")])
    return raw
