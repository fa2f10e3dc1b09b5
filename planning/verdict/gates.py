"""Which tests does a plan pass, and what does that make of the plan as a whole?

Three-valued logic: a gate passes, fails, or is open because an input is not known or the draws are
divided. An open gate keeps a verdict from being true and never makes it false.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from deposits.stated import Kind

Sense = Literal[">=", "<="]
Role = Literal["gate", "context"]


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Shares of draws at which a gate counts as failed or passed [fractions]."""

    fail: float = 0.2
    passed: float = 0.8


@dataclass(frozen=True, slots=True, eq=False)
class Test:
    """One comparison of a plan with a limit.

    Parameters
    ----------
    name, title : str
        Identifier and words for people.
    role : {"gate", "context"}
        Context is shown and never joined.
    value, limit : float or None
        Base case and what it is held against [unit]; None is not known.
    sense : {">=", "<="}
        How value must stand to limit.
    margin : float or None
        Distance to the limit [unit], positive when it passes.
    passes : bool or None
        None is open.
    share_of_draws : float or None
        Share of draws in which it passes; None without draws.
    kind : {"reported", "derived", "assumed"} or None
        Of the softest input; None while the value is not known.
    missing : tuple of str
        Keys that keep it open.
    cases : ndarray of bool or None
        Whether each case passes, base case first; None is not known.
    """

    __test__ = False  # pytest collects classes by this name otherwise

    name: str
    title: str
    role: Role
    value: float | None
    limit: float | None
    sense: Sense
    unit: str
    margin: float | None
    passes: bool | None
    share_of_draws: float | None
    kind: Kind | None
    source: str
    note: str = ""
    missing: tuple[str, ...] = ()
    cases: NDArray[np.bool_] | None = field(default=None, repr=False)

    def to_dict(self) -> dict[str, Any]:
        """Return the test as plain JSON values."""
        plain = {f.name: getattr(self, f.name) for f in fields(self) if f.name != "cases"}
        return plain | {"missing": list(self.missing)}


@dataclass(frozen=True, slots=True)
class Subject:
    """What a test is about: its words, unit, and where its limit comes from."""

    name: str
    title: str
    unit: str
    role: Role = "gate"
    sense: Sense = ">="
    kind: Kind = "derived"
    source: str = ""
    note: str = ""


def compare(
    subject: Subject,
    value: NDArray[np.float64] | float | None,
    limit: NDArray[np.float64] | float | None,
    *,
    thresholds: Thresholds,
    missing: Sequence[str] = (),
) -> Test:
    """Hold a value against a limit in every case.

    Parameters
    ----------
    subject : Subject
        What is compared, in which unit and sense.
    value, limit : float, ndarray of shape (cases,), or None
        Base case first, draws after it; None is not known.
    thresholds : Thresholds
        When a share of draws passes or fails.
    missing : sequence of str
        Keys that are not known. With a value beside them, the value is a bound that can fail the
        test and cannot pass it.

    Returns
    -------
    Test
    """
    if value is None or limit is None:
        return told(subject, _first(value), _first(limit), None, missing)
    values, limits = np.broadcast_arrays(np.atleast_1d(value), np.atleast_1d(limit))
    if np.ptp(values) == 0 and np.ptp(limits) == 0:
        # Draws that move neither side say nothing beyond the base case.
        values, limits = values[:1], limits[:1]
    cases = values >= limits if subject.sense == ">=" else values <= limits
    outcome: bool | None
    if cases.size == 1:
        outcome = bool(cases[0])
    else:
        share = float(cases[1:].mean())
        outcome = (
            False if share <= thresholds.fail else True if share >= thresholds.passed else None
        )
    if missing and outcome is not False:
        outcome = None
    return told(subject, _first(values), _first(limits), outcome, missing, cases)


def told(
    subject: Subject,
    value: float | None,
    limit: float | None,
    passes: bool | None,
    missing: Sequence[str] = (),
    cases: NDArray[np.bool_] | None = None,
) -> Test:
    """Put a test together whose outcome is known.

    Parameters
    ----------
    subject : Subject
        What is tested.
    value, limit : float or None
        In the unit of the subject; None where it is not known.
    passes : bool or None
        The outcome; None where it is not known.
    missing : sequence of str
        Keys of the study whose absence keeps it open.
    cases : ndarray of bool, shape (1 + draws,), optional
        Whether it passes in the base case and in each draw.

    Returns
    -------
    Test
        Its margin is positive on the passing side.
    """
    margin = None
    if value is not None and limit is not None:
        margin = value - limit if subject.sense == ">=" else limit - value
    share = float(cases[1:].mean()) if cases is not None and cases.size > 1 else None
    return Test(
        name=subject.name,
        title=subject.title,
        role=subject.role,
        value=value,
        limit=limit,
        sense=subject.sense,
        unit=subject.unit,
        margin=margin,
        passes=passes,
        share_of_draws=share,
        kind=None if value is None else subject.kind,
        source=subject.source,
        note=subject.note,
        missing=tuple(missing),
        cases=cases,
    )


def _first(value: NDArray[np.float64] | float | None) -> float | None:
    """Return the base case, None where it is not a number."""
    if value is None:
        return None
    base = float(np.atleast_1d(value)[0])
    return base if np.isfinite(base) else None


@dataclass(frozen=True, slots=True)
class Joined:
    """What the gates say together.

    Parameters
    ----------
    holds : bool or None
        False if any gate fails, True if all pass jointly, else None.
    share_of_draws : float or None
        Share of draws in which all gates that could be worked out pass; None without draws, or
        while an open gate keeps the whole open.
    binding : str or None
        The failing gate with the lowest share, then the smallest relative margin.
    missing : tuple of str
        Keys that keep gates open.
    """

    holds: bool | None
    share_of_draws: float | None
    binding: str | None
    missing: tuple[str, ...]


def join(tests: Sequence[Test], thresholds: Thresholds) -> Joined:
    """Join the gates among the tests, draw by draw.

    Parameters
    ----------
    tests : sequence of Test
        Context tests are passed over.
    thresholds : Thresholds
        When the joint share of draws passes.

    Returns
    -------
    Joined
        With no gate at all nothing is known.
    """
    gates = [test for test in tests if test.role == "gate"]
    failing = [gate for gate in gates if gate.passes is False]
    worked_out = [gate.cases for gate in gates if gate.cases is not None]
    together = np.logical_and.reduce(np.broadcast_arrays(*worked_out)) if worked_out else None
    share = float(together[1:].mean()) if together is not None and together.size > 1 else None
    holds: bool | None = None
    if failing:
        holds = False
    elif gates and all(gate.passes for gate in gates):
        holds = True if share is None or share >= thresholds.passed else None
    open_inputs = not failing and any(gate.cases is None or gate.missing for gate in gates)
    # What fails in the base case without any draw is arithmetic: no share is claimed for it.
    impossible = any(gate.share_of_draws is None for gate in failing)
    return Joined(
        holds=holds,
        share_of_draws=None if open_inputs or impossible else share,
        binding=min(failing, key=_binding_order).name if failing else None,
        missing=tuple(dict.fromkeys(key for gate in gates for key in gate.missing)),
    )


def _binding_order(gate: Test) -> tuple[float, float]:
    """Order failing gates: lowest share first, then the smallest relative margin."""
    share = 0.0 if gate.share_of_draws is None else gate.share_of_draws
    relative = (gate.margin or 0.0) / abs(gate.limit) if gate.limit else 0.0
    return share, relative
