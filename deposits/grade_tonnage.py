"""How many tonnes lie above a cut-off, at what grade, with how much metal, and how sure are we?

One table for every route. A row holds quantities; a quantity is the base case with percentiles of
the quantity itself (P10 of metal is not metal at P10 grade). What is not known is None, with the
key that would make it known.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from deposits.display import round_for_reading
from deposits.evidence.draws import percentiles
from deposits.evidence.resources import Above, Resource, add_up, cut
from deposits.stated import Kind, softest
from deposits.units import GRAMS_PER_TROY_OUNCE, LESS_THAN_A_UNIT

HEADING = "In situ, before loss and dilution"
AMOUNTS = ("ore_t", "sb_pct", "au_gpt", "sb_t", "au_kg", "au_oz")
NOT_STATED_WARNING = (
    "the statement's own cut-off is not stated: below its mean grade it may have left ore out"
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A figure with its range under the stated assumptions.

    Parameters
    ----------
    value : float or None
        Reported figure, single estimate or base case; None is not known.
    p10, p50, p90 : float or None
        Percentiles of the quantity itself, p10 the low one; None without draws.
    """

    value: float | None = None
    p10: float | None = None
    p50: float | None = None
    p90: float | None = None


NOT_KNOWN = Quantity()
NOTHING_KNOWN = dict.fromkeys(AMOUNTS, NOT_KNOWN)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the grade-tonnage table, as written to ``summary.json``.

    Parameters
    ----------
    field : str
        Field identifier, or "all" for a total.
    role : {"model", "bounding", "total"}
        A bounding case is an assumption for comparison and enters no total by itself.
    statement_cutoff_sb_pct, cutoff_sb_pct : float or None, float
        Cut-off of the statement and of the row [% Sb]; rows hold what is at or above it.
    amounts : dict of Quantity
        Under ore_t, sb_pct, au_gpt, sb_t, au_kg, au_oz: ore [t], mean grades [% Sb, g/t Au],
        contained metal [t Sb, kg Au, troy oz Au]; one that is not known has value None.
    missing : tuple of str
        Keys that would make the row's empty quantities known.
    known_part : dict or None
        Quantities of those parts of a total that are known, when not all are, with the fields
        they cover and a note of their own.
    """

    field: str
    model: str
    role: Literal["model", "bounding", "total"]
    category: str
    kind: Kind
    statement_cutoff_sb_pct: float | None
    cutoff_sb_pct: float
    amounts: Mapping[str, Quantity]
    n_draws: int = 0
    source: str = ""
    statement: str = ""
    missing: tuple[str, ...] = ()
    known_part: Mapping[str, Any] | None = None
    warnings: tuple[str, ...] = ()
    note: str = ""
    route: str = "evidence"
    synthetic: bool = False
    heading: str = HEADING

    def to_dict(self) -> dict[str, Any]:
        """Return the row as plain JSON values, the amounts beside the other keys."""
        record = asdict(self)
        amounts: dict[str, Any] = record.pop("amounts")
        return {**record, **amounts}


def tabulate_evidence(
    resources: Sequence[Resource], cutoffs_sb_pct: Iterable[float], *, synthetic: bool = False
) -> tuple[Row, ...]:
    """Cut every resource at every cut-off.

    Parameters
    ----------
    resources : sequence of Resource
        Models and bounding cases, in the order of the table.
    cutoffs_sb_pct : iterable of float
        Rising cut-offs [% Sb].
    synthetic : bool
        Whether the study is a demonstration; kept in every row.

    Returns
    -------
    tuple of Row
        All cut-offs of the first resource, then of the next.
    """
    cutoffs = tuple(cutoffs_sb_pct)
    return tuple(_row(resource, cutoff, synthetic) for resource in resources for cutoff in cutoffs)


def tabulate_totals(
    resources: Sequence[Resource], cutoffs_sb_pct: Iterable[float], *, synthetic: bool = False
) -> tuple[Row, ...]:
    """Add up one resource a field, category by category.

    Parameters
    ----------
    resources : sequence of Resource
        What enters the total: no competing models, no check statements.
    cutoffs_sb_pct : iterable of float
        Rising cut-offs [% Sb].
    synthetic : bool
        As for :func:`tabulate_evidence`.

    Returns
    -------
    tuple of Row
        A total with a part that is not known is not known; the known part stands beside it.
    """
    cutoffs = tuple(cutoffs_sb_pct)
    categories = list(dict.fromkeys(resource.category for resource in resources))
    rows = []
    for category in categories:
        members = [resource for resource in resources if resource.category == category]
        rows += [_total(members, category, cutoff, synthetic) for cutoff in cutoffs]
    return tuple(rows)


def as_frame(rows: Iterable[Row]) -> pd.DataFrame:
    """Flatten rows to a table with one column a percentile (``ore_t``, ``ore_t_p10``, ...)."""
    flat = []
    for row in rows:
        record = {k: v for k, v in row.to_dict().items() if k not in (*AMOUNTS, "known_part")}
        for name in AMOUNTS:
            amount = row.amounts[name]
            record[name] = amount.value
            record |= {f"{name}_{p}": getattr(amount, p) for p in ("p10", "p50", "p90")}
        for listed in ("missing", "warnings"):
            record[listed] = "; ".join(record[listed])
        flat.append(record)
    return pd.DataFrame(flat)


def quantity(cases: NDArray[np.float64]) -> Quantity:
    """Summarise an array of cases: the base case first, draws after it.

    Examples
    --------
    >>> quantity(np.array([7.0]))
    Quantity(value=7.0, p10=None, p50=None, p90=None)
    """
    value = float(cases[0]) if np.isfinite(cases[0]) else None
    # What the draws do not move has no range; they differ in the last digits all the same.
    if cases.size == 1 or np.ptp(cases) <= 1e-12 * np.max(np.abs(cases)):
        return Quantity(value)
    return Quantity(value, **percentiles(cases[1:]))


def quantities(above: Above) -> dict[str, Quantity]:
    """Summarise what lies above a cut-off as the six amounts of a row."""
    with np.errstate(invalid="ignore", divide="ignore"):
        sb_pct = above.sb_t / above.ore_t * 100.0
        found = {
            "ore_t": quantity(above.ore_t),
            "sb_t": quantity(above.sb_t),
            "sb_pct": quantity(sb_pct),
        }
        if above.au_kg is not None:
            found["au_kg"] = quantity(above.au_kg)
            found["au_oz"] = quantity(above.au_kg * 1000.0 / GRAMS_PER_TROY_OUNCE)
            found["au_gpt"] = quantity(above.au_kg * 1000.0 / above.ore_t)
    return {name: found.get(name, NOT_KNOWN) for name in AMOUNTS}


def missing_keys(resource: Resource, cutoff_sb_pct: float) -> tuple[str, ...]:
    """Name the keys that keep a row, or its gold, from being known."""
    lower = resource.cutoff_sb_pct or 0.0
    missing: list[str] = []
    if not resource.parts:
        # A statement needs tonnes and a grade; any primary pair that fixes both will do.
        missing = [
            f"evidence.statements: {s.statement_id}.{name}"
            for s in resource.statements
            if not s.is_known
            for name in ("ore_t", "sb_pct")
        ]
    elif cutoff_sb_pct > lower and any(part.law is None for part in resource.parts):
        missing = [f"fields.{resource.field}.grade_law"]
    if any(part.au_gpt is None for part in resource.parts) or not resource.parts:
        gold = [s for s in resource.statements if not {"au_gpt", "au_kg"} & set(s.primary)]
        missing += [f"evidence.statements: {s.statement_id}.au_gpt" for s in gold]
    elif cutoff_sb_pct > lower and any(p.gold is None and not p.is_whole for p in resource.parts):
        law = f"fields.{resource.field}.grade_law"
        missing += [f"{law}.au_cv", f"{law}.sb_au_correlation"]
    return tuple(missing)


def _row(resource: Resource, cutoff: float, synthetic: bool) -> Row:
    """Cut one resource once."""
    above = cut(resource, cutoff)
    lower = resource.cutoff_sb_pct
    below = lower is not None and cutoff < lower
    mean = resource.mean_sb_pct()
    doubtful = lower is None and above is not None and mean is not None and 0 < cutoff < mean
    ids = [statement.statement_id for statement in resource.statements]
    note = "; ".join(dict.fromkeys(s.note for s in resource.statements if s.note))
    if below:
        note = f"below the statement's own cut-off of {lower:g} % Sb nothing is known"
    elif above is not None and _less_than_a_unit(above, resource):
        note = _less_note([resource])
    return Row(
        field=resource.field,
        model=resource.model,
        role="bounding" if resource.role == "bounding" else "model",
        category=resource.category,
        kind=resource.kind if cutoff <= (lower or 0.0) else resource.law_kind,
        statement_cutoff_sb_pct=lower,
        cutoff_sb_pct=cutoff,
        amounts=NOTHING_KNOWN if above is None else quantities(above),
        n_draws=max(above.ore_t.size, above.sb_t.size) - 1 if above is not None else 0,
        source="; ".join(dict.fromkeys(s.source for s in resource.statements)),
        statement=", ".join(ids),
        missing=() if below else missing_keys(resource, cutoff),
        warnings=(NOT_STATED_WARNING,) if doubtful else (),
        note=note,
        synthetic=synthetic,
    )


def _less_than_a_unit(above: Above, resource: Resource) -> bool:
    """Whether less ore lies above the cut-off than can be selected at once."""
    unit = resource.selection_unit_t
    return unit is not None and 0 < float(above.ore_t[0]) < unit


def _less_note(resources: Sequence[Resource]) -> str:
    """Say that what lies above a cut-off is less than can be selected at once."""
    units = dict.fromkeys(r.selection_unit_t for r in resources if r.selection_unit_t is not None)
    said = ", ".join(f"{round_for_reading(unit)} t" for unit in units)
    return f"{LESS_THAN_A_UNIT} ({said})"


def _total_note(known: Sequence[tuple[Resource, Above]]) -> str:
    """Return the note of a sum: parts that are each less than a unit add up to nothing told."""
    pieces = [(resource, above) for resource, above in known if float(above.ore_t[0]) > 0]
    if pieces and all(_less_than_a_unit(above, resource) for resource, above in pieces):
        return _less_note([resource for resource, _ in pieces])
    return ""


def _total(members: Sequence[Resource], category: str, cutoff: float, synthetic: bool) -> Row:
    """Add up the members of one category at one cut-off."""
    pieces = [(resource, cut(resource, cutoff)) for resource in members]
    known = [(resource, above) for resource, above in pieces if above is not None]
    summed = add_up([above for _, above in known])
    found = NOTHING_KNOWN if summed is None else quantities(summed)
    complete = len(known) == len(members)
    kinds = [r.kind if cutoff <= (r.cutoff_sb_pct or 0.0) else r.law_kind for r in members]
    return Row(
        field="all",
        model="; ".join(f"{r.field}: {r.model}" for r in members),
        role="total",
        category=category,
        kind=softest(*kinds),
        statement_cutoff_sb_pct=None,
        cutoff_sb_pct=cutoff,
        amounts=found if complete else NOTHING_KNOWN,
        n_draws=summed.ore_t.size - 1 if summed is not None and complete else 0,
        source="; ".join(dict.fromkeys(s.source for r in members for s in r.statements)),
        missing=tuple(dict.fromkeys(k for r in members for k in missing_keys(r, cutoff))),
        known_part=None if complete else _known_part(found, known),
        note=_total_note(known) if complete else "a part is not known, so the total is not known",
        synthetic=synthetic,
    )


def _known_part(
    found: Mapping[str, Quantity], known: Sequence[tuple[Resource, Above]]
) -> dict[str, Any] | None:
    """Return what is known of an incomplete total, with the fields it covers."""
    if not known:
        return None
    fields = ", ".join(dict.fromkeys(resource.field for resource, _ in known))
    return {"fields": fields, "note": _total_note(known), **found}
