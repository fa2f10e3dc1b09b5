"""What stands in the study file, as a tree, and what is wrong with it?

This file knows TOML, scenarios and the wording of errors. It does not know what any table means:
each storey has frozen models for its own tables in its ``config.py``.
"""

from __future__ import annotations

import copy
import hashlib
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from deposits.errors import Checked, ConfigError, Problem
from deposits.tables import did_you_mean

M = TypeVar("M", bound=BaseModel)
Tree = dict[str, Any]

#: Keys of a scenario that describe it; everything else in it is a partial copy of the study.
SCENARIO_KEYS = ("title", "description", "based_on")
#: A table with one of these keys is one number with its source, and is replaced as a whole.
NUMBER_KEYS = {"value", "low", "high"}


@dataclass(frozen=True, slots=True)
class StudyFile:
    """A study file that is sound TOML.

    Parameters
    ----------
    path : Path
        Where it is; the files it names are relative to its folder.
    tree : dict
        The tables as TOML gives them.
    digest : str
        SHA-256 of the file's bytes, hexadecimal.
    """

    path: Path
    tree: Tree
    digest: str

    @property
    def folder(self) -> Path:
        """Folder that relative paths start from."""
        return self.path.parent

    @property
    def scenario_names(self) -> tuple[str, ...]:
        """Names of the scenarios, in the order of the file."""
        scenarios = self.tree.get("scenario", {})
        return tuple(scenarios) if isinstance(scenarios, dict) else ()


def read_study(path: Path, known_tables: Iterable[str]) -> Checked[StudyFile]:
    """Read a study file and check its syntax and its top-level tables.

    Parameters
    ----------
    path : Path
        A TOML file, UTF-8, with or without a byte-order mark.
    known_tables : iterable of str
        Names of the tables that somebody reads.

    Returns
    -------
    Checked of StudyFile
        With a problem for every unknown top-level table or key.
    """
    try:
        raw = Path(path).read_bytes()
        tree = tomllib.loads(raw.decode("utf-8-sig"))
    except FileNotFoundError:
        remedy = "Name a study file, or write one with: anzob new DIR"
        return Checked(None, (Problem("the study file does not exist", str(path), remedy=remedy),))
    except IsADirectoryError:
        remedy = f"Name the file in it, e.g. {Path(path) / 'study.toml'}."
        return Checked(
            None, (Problem("this is a folder, not a study file", str(path), remedy=remedy),)
        )
    except OSError as error:
        fact = f"the study file cannot be read ({error.strerror})"
        return Checked(None, (Problem(fact, str(path)),))
    except UnicodeDecodeError as error:
        fact = f"byte {error.start} is not UTF-8"
        return Checked(None, (Problem(fact, str(path), remedy="Save the file as UTF-8."),))
    except tomllib.TOMLDecodeError as error:
        remedy = "Numbers take a point and no separators but _, texts take quotes."
        return Checked(None, (Problem(f"not sound TOML: {error}", str(path), remedy=remedy),))
    known = tuple(known_tables)
    problems = [
        Problem(
            f'unknown table "{name}"',
            path.name,
            remedy=did_you_mean(name, known) or f"Known tables: {', '.join(known)}.",
        )
        for name in tree
        if name not in known
    ]
    study = StudyFile(Path(path), tree, hashlib.sha256(raw).hexdigest())
    return Checked(study, tuple(problems))


def apply_scenario(study: StudyFile, name: str) -> StudyFile:
    """Return the study with one scenario (and what it is based on) merged in.

    Parameters
    ----------
    study : StudyFile
        The study as written.
    name : str
        Name of a ``[scenario.NAME]`` table.

    Returns
    -------
    StudyFile
        Same path and digest; the tree is a merged copy.

    Raises
    ------
    ConfigError
        If the scenario or one it is based on does not exist, or they go round in a circle.
    """
    tree = copy.deepcopy(study.tree)
    for link in reversed(scenario_chain(study, name)):
        changes = study.tree["scenario"][link]
        partial = {key: value for key, value in changes.items() if key not in SCENARIO_KEYS}
        tree = merge(tree, partial)
    return replace(study, tree=tree)


def scenario_chain(study: StudyFile, name: str) -> list[str]:
    """List a scenario and what it is based on, the scenario first.

    Raises
    ------
    ConfigError
        If a name is unknown or comes twice, or something else than a name or a table stands there.
    """
    chain: list[str] = []
    current: Any = name
    file = study.path.name
    while current is not None:
        place = f"{file}, key scenario.{chain[-1]}.based_on" if chain else file
        if not isinstance(current, str):
            remedy = 'Name another scenario in quotation marks, e.g. based_on = "larger".'
            fact = "this is not the name of a scenario"
            raise ConfigError([Problem(fact, place, repr(current), remedy=remedy)])
        if current in chain:
            circle = " -> ".join([*chain, current])
            raise ConfigError(
                [Problem("scenarios are based on each other in a circle", place, circle)]
            )
        if current not in study.scenario_names:
            allowed = ", ".join(study.scenario_names) or "none is defined"
            remedy = did_you_mean(current, study.scenario_names)
            raise ConfigError([Problem("unknown scenario", place, current, allowed, remedy)])
        chain.append(current)
        table = study.tree["scenario"][current]
        if not isinstance(table, dict):
            place, fact = f"{file}, key scenario.{current}", "the scenario is not a table"
            remedy = f"Write [scenario.{current}] and its keys below it."
            raise ConfigError([Problem(fact, place, repr(table), remedy=remedy)])
        current = table.get("based_on")
    return chain


def merge(tree: Mapping[str, Any], partial: Mapping[str, Any]) -> Tree:
    """Lay a partial tree over a tree; tables merge, numbers with a source and lists are replaced.

    Examples
    --------
    >>> merge({"plan": {"rate": {"value": 7, "source": "a"}, "years": 10}}, {"plan": {"rate": 5}})
    {'plan': {'rate': 5, 'years': 10}}
    """
    merged = dict(tree)
    for key, value in partial.items():
        below = merged.get(key)
        if (
            isinstance(value, dict)
            and isinstance(below, dict)
            and not NUMBER_KEYS & (value.keys() | below.keys())
        ):
            merged[key] = merge(below, value)
        else:
            merged[key] = copy.deepcopy(value)
    return merged


def flatten(tree: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """List the leaves of a tree under dotted keys; a number with a source is one leaf."""
    leaves: dict[str, Any] = {}
    for key, value in tree.items():
        if isinstance(value, dict) and not NUMBER_KEYS & value.keys():
            leaves |= flatten(value, f"{prefix}{key}.")
        else:
            leaves[f"{prefix}{key}"] = value
    return leaves


def validate(model: type[M], given: Any, place: str, *, file: str) -> Checked[M]:
    """Fill one frozen model from one table and word every mistake.

    Parameters
    ----------
    model : type
        A pydantic model.
    given : object
        What stands in the study under *place*.
    place : str
        Dotted key of the table.
    file : str
        Name of the study file, for the messages.

    Returns
    -------
    Checked
        The model, or one problem for each mistake.
    """
    try:
        return Checked(model.model_validate(given))
    except ValidationError as error:
        found = (_word(model, item, place, file) for item in error.errors())
        return Checked(None, tuple(dict.fromkeys(found)))


def _word(model: type[BaseModel], error: Mapping[str, Any], place: str, file: str) -> Problem:
    """Say one of pydantic's findings in our words."""
    steps = [str(step) for step in error["loc"]]
    key = ".".join([place, *steps]) if place else ".".join(steps)
    where = f"{file}, key {key}"
    kind, context = error["type"], error.get("ctx", {})
    if kind == "extra_forbidden":
        known = _keys_at(model, error["loc"][:-1])
        remedy = did_you_mean(steps[-1], known) or (
            f"Known keys: {', '.join(known)}." if known else ""
        )
        return Problem("unknown key", where, remedy=remedy)
    if kind == "missing":
        return Problem(
            "the key is missing", where, remedy="Add it; anzob new DIR writes an example."
        )
    if kind == "out_of_range":
        return Problem(str(error["msg"]), where, **context)
    found = "" if isinstance(error["input"], dict) else repr(error["input"])
    if kind in ("value_error", "assertion_error"):
        return Problem(str(context.get("error", error["msg"])), where, found=found)
    if kind == "literal_error":
        allowed = str(context["expected"]).replace("'", "").replace(" or ", ", ")
        remedy = did_you_mean(str(error["input"]), allowed.split(", "))
        return Problem("unknown word", where, found, allowed, remedy)
    return Problem(error["msg"][0].lower() + error["msg"][1:], where, found=found)


def _keys_at(model: type[BaseModel], path: Iterable[str | int]) -> tuple[str, ...]:
    """Keys that a nested model knows, following a path of field names; () where it ends."""
    current: Any = model
    for step in path:
        fields = getattr(current, "model_fields", {})
        annotation: Any = fields[step].annotation if step in fields else current
        current = next(_models_in(annotation), None) if step in fields else current
    return tuple(getattr(current, "model_fields", {}))


def _models_in(annotation: Any) -> Iterator[Any]:
    """Models inside an annotation such as ``dict[str, Model] | None``."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models_in(part)
