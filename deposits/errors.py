"""What is wrong with the input, where, and what should be done about it?

::

    DepositError
      DataError (ValueError)        problems found in data or in the study file
        ConfigError                 ... in the study file
        MissingCRS                  ... a layer that does not say where it is
      MissingPackage (ImportError)  an optional package is not installed
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

T = TypeVar("T")
Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong, in the order a reader asks: what, where, found, allowed, what now.

    Parameters
    ----------
    fact : str
        What is wrong, in the field's own words; no full stop.
    place : str
        File, then row, key, column or feature, separated by commas.
    found : str
        What stands there now.
    allowed : str
        What may stand there.
    remedy : str
        What the reader should do next.
    severity : {"error", "warning"}
        Whether work stops.

    Examples
    --------
    >>> print(Problem("grade is negative", "study.toml", "-1", "0 to 71.7 %", "Drop the sign."))
    study.toml: grade is negative; found -1; allowed 0 to 71.7 %. Drop the sign.
    """

    fact: str
    place: str = ""
    found: str = ""
    allowed: str = ""
    remedy: str = ""
    severity: Severity = "error"

    def __str__(self) -> str:
        """One sentence, or two with the remedy."""
        text = f"{self.place}: {self.fact}" if self.place else self.fact
        text += f"; found {self.found}" if self.found else ""
        text += f"; allowed {self.allowed}" if self.allowed else ""
        return f"{text}. {self.remedy}" if self.remedy else f"{text}."


class DepositError(Exception):
    """Anything this storey refuses to do."""


class DataError(DepositError, ValueError):
    """Input that cannot be right, every problem listed at once.

    Parameters
    ----------
    problems : iterable of Problem
        What was found; the errors among them are the reason, warnings are kept too.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        errors = [problem for problem in self.problems if problem.severity == "error"]
        lines = [f"- {problem}" for problem in errors or self.problems]
        others = len(self.problems) - len(lines)
        if others:
            lines.append("and 1 warning" if others == 1 else f"and {others} warnings")
        super().__init__("\n".join(lines))


class ConfigError(DataError):
    """A study file that cannot be right."""


class MissingCRS(DataError):
    """A layer that does not say which coordinate reference system it is in."""


class MissingPackage(DepositError, ImportError):
    """An optional package is needed; the message ends with the line that installs it."""


@dataclass(frozen=True, slots=True)
class Checked(Generic[T]):
    """Something read from outside, together with all that is wrong with it.

    Parameters
    ----------
    value : T or None
        What was read; None when an error leaves nothing usable.
    problems : tuple of Problem
        Errors and warnings, in the order of the file.
    """

    value: T | None
    problems: tuple[Problem, ...] = ()

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that stop work."""
        return tuple(p for p in self.problems if p.severity == "error")

    def or_raise(self) -> T:
        """Return the value, or raise with every problem.

        Raises
        ------
        DataError
            If there is an error among the problems.
        """
        if self.errors or self.value is None:
            raise DataError(self.problems)
        return self.value
