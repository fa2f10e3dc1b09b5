"""Which pieces of work is a stope: crosscuts, slot, drilling, drawing and filling, in order?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from planning.production.headings import DAYS_PER_MONTH, Headings, Site, crosscut_m
from planning.production.ledger import Chain, Ledger
from planning.production.sequence import Wait
from planning.production.stope_bodies import StopeBody, across


@dataclass(frozen=True, slots=True, eq=False)
class Work:
    """The work at one stope.

    Parameters
    ----------
    preparation, draw, fill : Chain
        Slot and drilling; ore; fill. Where nothing waits for the fill, all parts of the ore share
        it and *fill* is the ore.
    """

    preparation: Chain
    draw: Chain
    fill: Chain


def write_stopes(
    ledger: Ledger, site: Site, headings: Headings, waits: Sequence[Wait]
) -> list[Work]:
    """Write down the work at all stopes, and which stopes wait for which.

    Parameters
    ----------
    ledger : Ledger
        Takes the activities.
    site : Site
        Stopes, rates and costs.
    headings : Headings
        Footwall drives.
    waits : sequence of Wait
        Sequence of the stopes.

    Returns
    -------
    list of Work
        In the order of the stopes.
    """
    assert site.table.fill is not None
    ways = _crosscuts(ledger, site, headings)
    awaited = {wait.earlier for wait in waits}
    exposed = {wait.earlier for wait in waits if wait.exposes}
    works = []
    for number, body in enumerate(site.bodies):
        usd = _fill_usd(site, body, number in exposed)
        own = number not in awaited
        preparation, draw = _stope(ledger, site, body, ways[number], (usd, own))
        fill = draw if own else _fill(ledger, site, body, draw)
        ledger.rows[preparation.first]["stands_open"] = 1.0
        ledger.rows[fill.last]["stands_open"] = -1.0
        works.append(Work(preparation, draw, fill))
    for wait in waits:
        later = works[wait.later]
        chain = later.preparation if wait.until == "preparation" else later.draw
        cures = wait.rule != "panel"
        lag = site.table.fill.curing_days.base if cures else 0.0
        ledger.after(works[wait.earlier].fill, chain, lag)
    return works


def _crosscuts(ledger: Ledger, site: Site, headings: Headings) -> list[Chain]:
    """Write down the crosscuts; return what has to be driven before each stope is prepared."""
    assert site.table.development is not None and site.table.stoping is not None
    table, bodies = site.table.development, site.bodies
    nearer = {far: near for near, far in across(bodies)}
    farther = dict(across(bodies))
    shared = site.table.stoping.panel == "far_first"
    ways: dict[int, Chain] = {}
    for number, body in sorted(enumerate(bodies), key=lambda pair: pair[1].reach_m, reverse=True):
        if shared and number in farther:
            ways[number] = ways[farther[number]]
            continue
        length, stoped, at = 0.0, body.width_m, number
        while at in nearer:
            length += crosscut_m(bodies[at], bodies[nearer[at]], 0.0)
            at = nearer[at]
            stoped += bodies[at].width_m
        length += crosscut_m(bodies[at], None, table.standoff_m.base)
        metres = length * table.crosscuts
        chain = ledger.add(
            f"{body.name}.crosscut",
            length / table.heading_m_per_month.base * DAYS_PER_MONTH,
            kind="development",
            title=f"Crosscuts to stope {body.name}",
            development_m=metres,
            waste_t=site.waste_t(max(length - stoped, 0.0) * table.crosscuts),
            spent_usd=metres * table.usd_per_m.base,
            **_facts(body),
        )
        ledger.after(headings.drives[body.level, body.section], chain)
        ways[number] = chain
    return [ways[number] for number in range(len(bodies))]


def _stope(
    ledger: Ledger, site: Site, body: StopeBody, way: Chain, fill: tuple[float, bool]
) -> tuple[Chain, Chain]:
    """Write down the preparation of a stope and the drawing of its ore.

    fill : its cost, which all ore shares [USD], and whether all ore shares the filling too
    """
    assert site.table.stoping is not None and site.table.fill is not None
    table = site.table.stoping
    days = table.preparation_days.base
    preparation = ledger.add(
        f"{body.name}.preparation",
        days,
        kind="preparation",
        title=f"Slot and drilling of stope {body.name}",
        stope_days=days,
        **_facts(body),
    )
    days = body.ore_t / table.draw_t_per_day.base
    usd, shared = fill
    volume = body.void_m3 * site.table.fill.share_of_void.base if shared else 0.0
    draw = ledger.add(
        f"{body.name}.ore",
        days,
        kind="stope",
        title=f"Ore of stope {body.name}",
        ore_t=body.ore_t,
        fill_usd=usd,
        fill_m3=volume,
        stope_days=days + volume / site.table.fill.m3_per_day.base,
        **_facts(body),
    )
    ledger.after(way, preparation)
    ledger.after(preparation, draw)
    return preparation, draw


def _fill(ledger: Ledger, site: Site, body: StopeBody, draw: Chain) -> Chain:
    """Write down the filling of a stope; what it costs stands with its ore."""
    assert site.table.fill is not None
    table = site.table.fill
    volume = body.void_m3 * table.share_of_void.base
    days = volume / table.m3_per_day.base
    fill = ledger.add(
        f"{body.name}.fill",
        days,
        kind="fill",
        title=f"Filling of stope {body.name}",
        fill_m3=volume,
        stope_days=days,
        **_facts(body),
    )
    ledger.after(draw, fill)
    return fill


def _fill_usd(site: Site, body: StopeBody, exposed: bool) -> float:
    """Return what the fill of a stope costs [USD]."""
    assert site.table.fill is not None
    table = site.table.fill
    price = table.cemented_usd_per_m3 if exposed else table.loose_usd_per_m3
    return body.void_m3 * table.share_of_void.base * price.base


def _facts(body: StopeBody) -> Mapping[str, object]:
    """Return what every piece of work at a stope says of it."""
    (level, section), (x, y, z) = body.numbers, body.middle
    return {
        "parent": body.name, "stope": body.name, "body": body.row, "level": level,
        "section": section, "x": x, "y": y, "z": z,
    }  # fmt: skip
