"""How is a key of the study set from outside it: by the command line, or step by step?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from deposits.errors import ConfigError, Problem
from deposits.study import StudyFile

#: Names of the tables on the way to a key, and the key; a name may hold dots.
KeyPath = tuple[str, ...]


def set_keys(study: StudyFile, values: Mapping[KeyPath, Any]) -> StudyFile:
    """Return the study with some keys set.

    Parameters
    ----------
    study : StudyFile
        With or without a scenario merged in.
    values : mapping of tuple of str to object
        Path of a key, table by table, and what it shall hold; tables on the way are made.

    Returns
    -------
    StudyFile
        A copy; tables that no path touches are shared with *study*.

    Raises
    ------
    ConfigError
        If something on the way to a key is not a table.

    Examples
    --------
    >>> from pathlib import Path
    >>> study = StudyFile(Path("a.toml"), {"scenario": {"low.rate": {}}}, "")
    >>> set_keys(study, {("scenario", "low.rate", "plan", "rate"): 5}).tree
    {'scenario': {'low.rate': {'plan': {'rate': 5}}}}
    """
    tree = dict(study.tree)
    for path, value in values.items():
        table = tree
        for depth, step in enumerate(path[:-1], start=1):
            below = table.get(step, {})
            if not isinstance(below, dict):
                place = f"{study.path.name}, key {'.'.join(path[:depth])}"
                raise ConfigError([Problem("a table is needed here", place, repr(below))])
            table[step] = dict(below)
            table = table[step]
        table[path[-1]] = value
    return replace(study, tree=tree)
