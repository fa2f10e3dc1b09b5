"""Which stopes wait for which: along strike, up and down, across a panel?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from planning.mine.schedule_config import StopingTable
from planning.production.stope_bodies import StopeBody, above, across, beside


@dataclass(frozen=True, slots=True)
class Wait:
    """One stope waits until another one is filled.

    Parameters
    ----------
    earlier, later : int
        Places of the two.
    until : {"preparation", "draw"}
        What of the later one has to wait: its slot and drilling, or only its ore.
    exposes : bool
        Whether the later one lays the fill of the earlier bare, beside or above it; such fill is
        cemented and has to cure.
    rule : str
        The key that asks for it.
    """

    earlier: int
    later: int
    until: Literal["preparation", "draw"]
    exposes: bool
    rule: Literal["along", "order", "panel"]


def waits_of(
    bodies: Sequence[StopeBody], table: StopingTable, middle_section: int, pillar_m: float
) -> list[Wait]:
    """List which stopes wait for the fill of which.

    Parameters
    ----------
    bodies : sequence of StopeBody
        Stopes that are planned.
    table : StopingTable
        Rules along strike, up and down, and across.
    middle_section : int
        Section of the access, towards which a retreat goes.
    pillar_m : float
        Rock across strike within which stopes of two levels count as above each other [m].

    Returns
    -------
    list of Wait
    """
    found = [*_along(bodies, table, middle_section)]
    found += _updown(bodies, table, pillar_m)
    if table.panel == "far_first":
        found += [Wait(far, near, "draw", False, "panel") for near, far in across(bodies)]
    return found


def _along(bodies: Sequence[StopeBody], table: StopingTable, middle_section: int) -> Iterator[Wait]:
    """List what neighbours along strike ask of each other."""
    if table.along == "any":
        return
    for low, high in beside(bodies):
        if table.along == "primary_secondary":
            first = low if bodies[low].numbers[1] % 2 == 1 else high
        else:
            first = low if bodies[high].section <= middle_section else high
        yield Wait(first, high if first == low else low, "draw", True, "along")


def _updown(bodies: Sequence[StopeBody], table: StopingTable, pillar_m: float) -> Iterator[Wait]:
    """List what stopes above each other ask of each other."""
    if table.order == "any":
        return
    top = max((body.level for body in bodies), default=0)
    height = table.levels_per_lift or top + 1
    for low, high in above(bodies, pillar_m):
        same_lift = (top - bodies[low].level) // height == (top - bodies[high].level) // height
        if table.order == "bottom_up" and same_lift:
            yield Wait(low, high, "preparation", False, "order")
        else:
            yield Wait(high, low, "draw", True, "order")
