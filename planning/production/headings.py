"""Which headings does a mine need before its stopes: decline, levels, drives and crosscuts?

The decline begins at the portal and passes every level that has stopes. A level is opened by its
access, at the section in the middle of the mine's ore, and its footwall drive goes from there along
strike as far as there are stopes. Crosscuts lead from the drive through the stopes of a panel.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from planning.limits.stopes.frame import StopeFrame
from planning.mine.schedule_config import ScheduleTable
from planning.production.ledger import DAYS_PER_YEAR, Chain, Ledger
from planning.production.stope_bodies import StopeBody

DAYS_PER_MONTH = DAYS_PER_YEAR / 12.0


@dataclass(frozen=True, slots=True, eq=False)
class Headings:
    """What has been driven, level by level.

    Parameters
    ----------
    access : mapping of int to Chain
        What opens each level.
    drives : mapping of (level, section) to Chain
        Footwall drive at each section that has stopes.
    """

    access: Mapping[int, Chain]
    drives: Mapping[tuple[int, int], Chain]


@dataclass(frozen=True, slots=True, eq=False)
class Site:
    """Where headings lie and what they cost.

    Parameters
    ----------
    frame : StopeFrame
        Levels and sections.
    table : ScheduleTable
        With its tables of headings.
    bodies : sequence of StopeBody
        Stopes that are planned.
    host_t_per_m3 : float
        Density of the waste of headings [t/m3].
    """

    frame: StopeFrame
    table: ScheduleTable
    bodies: Sequence[StopeBody]
    host_t_per_m3: float

    @property
    def middle_section(self) -> int:
        """Section on either side of which half of the ore lies at most."""
        sections = np.array([body.section for body in self.bodies])
        ore = np.bincount(sections, [body.ore_t for body in self.bodies])
        return int(np.searchsorted(np.cumsum(ore), ore.sum() / 2.0))

    def label(self, level: int) -> str:
        """Return how stopes call their level, such as "L07"."""
        return next(body.labels[0] for body in self.bodies if body.level == level)

    def place(self, level: int, section: int) -> dict[str, float]:
        """Return level, section (counted from 1) and point of the footwall drive [m] as columns."""
        assert self.table.development is not None
        near = min((b.reach_m[0] for b in self.bodies if b.level == level), default=0.0)
        local = [
            (section + 0.5) * self.frame.section_m,
            near - self.table.development.standoff_m.base,
            level * self.frame.level_m,
        ]
        x, y, z = (float(v) for v in self.frame.to_world([local])[0])
        return {"level": level + 1, "section": section + 1, "x": x, "y": y, "z": z}

    def waste_t(self, metres: float) -> float:
        """Return the rock of so many metres of heading [t]."""
        assert self.table.development is not None
        return metres * self.table.development.profile_m2.base * self.host_t_per_m3


def write_headings(ledger: Ledger, site: Site) -> Headings:
    """Write down the decline, the accesses of levels and their footwall drives.

    Parameters
    ----------
    ledger : Ledger
        Takes the activities.
    site : Site
        Stopes and rates.

    Returns
    -------
    Headings
    """
    access, drives = {}, dict[tuple[int, int], Chain]()
    for way in _ways(site):
        before: Chain | None = None
        for level, rise_m in way:
            before = _decline(ledger, site, level, rise_m, before)
            access[level] = _open_level(ledger, site, level, before)
            drives.update(_drives(ledger, site, level, access[level]))
    return Headings(access, drives)


def crosscut_m(body: StopeBody, nearer: StopeBody | None, standoff_m: float) -> float:
    """Return the way to the far wall of a stope from the drive, or from the stope before it [m].

    Notes
    -----
    Along the middle of the stopes' height, so that leaning walls count with their mean.
    """
    far = (body.floor_m[1] + body.roof_m[1]) / 2.0
    if nearer is not None:
        return max(far - (nearer.floor_m[1] + nearer.roof_m[1]) / 2.0, 0.0)
    return standoff_m + far - (body.floor_m[0] + body.roof_m[0]) / 2.0


def _ways(site: Site) -> list[list[tuple[int, float]]]:
    """Return the levels below the portal downwards and those above it upwards, with the rise."""
    assert site.table.access is not None
    portal = site.table.access.portal_elevation_m.base
    levels = sorted({body.level for body in site.bodies})
    floors = {level: site.frame.floor_elevation_m(level) for level in levels}
    below = [level for level in reversed(levels) if floors[level] <= portal]
    over = [level for level in levels if floors[level] > portal]
    found = []
    for way in (below, over):
        heights = [portal, *(floors[level] for level in way)]
        found.append([(level, abs(heights[k + 1] - heights[k])) for k, level in enumerate(way)])
    return found


def _decline(ledger: Ledger, site: Site, level: int, rise_m: float, before: Chain | None) -> Chain:
    """Write down the decline from the level before to this one."""
    assert site.table.access is not None
    table = site.table.access
    metres = rise_m * np.hypot(100.0, table.gradient_pct.base) / table.gradient_pct.base
    chain = ledger.add(
        f"{site.label(level)}.decline",
        metres / table.heading_m_per_month.base * DAYS_PER_MONTH,
        kind="access",
        title=f"Decline to level {level + 1}",
        parent="decline",
        development_m=metres,
        waste_t=site.waste_t(metres),
        spent_usd=metres * table.usd_per_m.base,
        **site.place(level, site.middle_section),
    )
    if before is not None:
        ledger.after(before, chain)
    return chain


def _open_level(ledger: Ledger, site: Site, level: int, decline: Chain) -> Chain:
    """Write down what opens a level."""
    assert site.table.access is not None
    table = site.table.access
    metres = table.level_access_m.base
    chain = ledger.add(
        f"{site.label(level)}.access",
        metres / table.heading_m_per_month.base * DAYS_PER_MONTH,
        kind="access",
        title=f"Access of level {level + 1}",
        parent=site.label(level),
        development_m=metres,
        waste_t=site.waste_t(metres),
        spent_usd=metres * table.usd_per_m.base,
        level_usd=table.level_usd.base,
        **site.place(level, site.middle_section),
    )
    ledger.rows[chain.last]["opens"] = 1.0
    ledger.after(decline, chain)
    return chain


def _drives(ledger: Ledger, site: Site, level: int, access: Chain) -> dict[tuple[int, int], Chain]:
    """Write down the footwall drive from the access both ways, from stopes to stopes."""
    assert site.table.development is not None
    table, middle = site.table.development, site.middle_section
    names = {b.section: "-".join(b.labels) for b in site.bodies if b.level == level}
    sections = sorted(names)
    right = [s for s in sections if s >= middle]
    left = [s for s in reversed(sections) if s < middle]
    found = {}
    for way in (right, left):
        before, at = access, middle if way is right else middle - 1
        for section in way:
            metres = (abs(section - at) + (0 if before is not access else 1)) * (
                site.frame.section_m * table.drive_m_per_m.base
            )
            chain = ledger.add(
                f"{names[section]}.drive",
                metres / table.heading_m_per_month.base * DAYS_PER_MONTH,
                kind="development",
                title=f"Footwall drive of level {level + 1} to section {section + 1}",
                parent=site.label(level),
                development_m=metres,
                waste_t=site.waste_t(metres),
                spent_usd=metres * table.usd_per_m.base,
                **site.place(level, section),
            )
            ledger.after(before, chain)
            found[level, section], before, at = chain, chain, section
    return found
