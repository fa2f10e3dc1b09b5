"""Which stopes are worth planning, each for itself and at the costs of the plan?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from planning.economics.block_costs import stope_cost_usd_per_t
from planning.economics.block_nouns import BlockTerms
from planning.mine.schedule_config import ScheduleTable
from planning.mine.stope_results import StopesResult
from planning.production.headings import crosscut_m
from planning.production.ore_money import direct_money, plant_money, sold_directly
from planning.production.stope_bodies import StopeBody, across

FloatArray = NDArray[np.float64]
#: How the columns of diluted grades begin in a table of stopes, and how those of grades end.
DILUTED, GRADES = "diluted_", ("_pct", "_gpt", "_ppm")


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """Stopes that are planned, and those that stay.

    Parameters
    ----------
    bodies : tuple of StopeBody
        Planned.
    below_cutoff, losing : tuple of StopeBody
        Left because of their grade, and because they cost more than they bring.
    """

    bodies: tuple[StopeBody, ...]
    below_cutoff: tuple[StopeBody, ...]
    losing: tuple[StopeBody, ...]

    def notes(self) -> list[str]:
        """Say which stopes are left, if any."""
        found = []
        for left, reason in (
            (self.below_cutoff, "their diluted grade is below schedule.cutoff_sb_pct"),
            (self.losing, "they cost more than they bring"),
        ):
            if left:
                tonnes = sum(body.ore_t for body in left)
                stopes = f"{len(left)} stope{'s' if len(left) > 1 else ''}"
                stay = "stay" if len(left) > 1 else "stays"
                found.append(f"{stopes} of {tonnes:,.0f} t {stay} in the ground: {reason}.")
        return found


def stope_grades(result: StopesResult) -> dict[str, FloatArray]:
    """Return the diluted grades of all stopes by field, the main one first."""
    rows = result.table.rows
    columns = [c for c in rows.columns if c.startswith(DILUTED) and c.endswith(GRADES)]
    return {c.removeprefix(DILUTED): rows[c].to_numpy(np.float64) for c in columns}


def mining_usd_per_t(
    bodies: Sequence[StopeBody], terms: BlockTerms, cost_usd_per_t: float
) -> FloatArray:
    """Return what it costs to break, draw and haul a tonne of each stope [USD/t].

    Parameters
    ----------
    bodies : sequence of StopeBody
        Stopes.
    terms : BlockTerms
        With ``[value.stoping]``, whose haulage by depth holds.
    cost_usd_per_t : float
        Takes the place of its cost without haulage, and of that cost by zone [USD/t].
    """
    terms.require("stope")
    assert terms.stoping is not None
    own = replace(terms.stoping, cost=cost_usd_per_t, zone_field="", zones={})
    heights = [body.middle[2] for body in bodies]
    return stope_cost_usd_per_t(heights, None, replace(terms, stoping=own))


def choose_stopes(
    bodies: Sequence[StopeBody],
    grades: Mapping[str, FloatArray],
    terms: BlockTerms,
    table: ScheduleTable,
) -> Choice:
    """Leave the stopes that are too poor for the study, or cost more than they bring.

    Parameters
    ----------
    bodies : sequence of StopeBody
        All stopes.
    grades : mapping of str to ndarray, shape (n,)
        Their diluted grades.
    terms : BlockTerms
        Prices and costs.
    table : ScheduleTable
        Costs of the plan, and its cut-off.

    Returns
    -------
    Choice
        What a stope has to pay for itself: its ore at the better of plant and direct shipping,
        breaking, haulage, cheapest fill, and its crosscuts beyond the stope before it. Decline,
        level and drive are for all.
    """
    floor = None if table.cutoff_sb_pct is None else table.cutoff_sb_pct.base
    main = grades[terms.fields["sb"]]
    rich = [body for body in bodies if floor is None or main[body.row] >= floor]
    poor = tuple(body for body in bodies if floor is not None and main[body.row] < floor)
    margin = dict(zip([b.row for b in rich], _margins(rich, grades, terms, table), strict=True))
    kept = tuple(body for body in rich if margin[body.row] > 0.0)
    losing = tuple(body for body in rich if margin[body.row] <= 0.0)
    return Choice(kept, poor, losing)


def _margins(
    bodies: Sequence[StopeBody],
    grades: Mapping[str, FloatArray],
    terms: BlockTerms,
    table: ScheduleTable,
) -> list[float]:
    """Return what each stope leaves after everything that is spent for it alone [USD]."""
    assert table.development is not None and table.fill is not None and table.stoping is not None
    if not bodies:
        return []
    rows, ore = [b.row for b in bodies], np.array([b.ore_t for b in bodies])
    own = {name: grade[rows] for name, grade in grades.items()}
    best = plant_money(own, ore, terms).value
    if table.direct_shipping is not None:
        direct = direct_money(own, ore, terms, table.direct_shipping).value
        taken = sold_directly(own, terms, table.direct_shipping)
        best = np.where(taken, np.maximum(best, direct), best)
    nearer = {far: near for near, far in across(bodies)}
    drive, fill = table.development, table.fill
    metres = [
        crosscut_m(body, bodies[nearer[k]] if k in nearer else None, drive.standoff_m.base)
        for k, body in enumerate(bodies)
    ]
    filled = np.array([b.void_m3 for b in bodies]) * fill.share_of_void.base
    spent = mining_usd_per_t(bodies, terms, table.stoping.usd_per_t_ore.base) * ore
    spent += np.array(metres) * drive.crosscuts * drive.usd_per_m.base
    spent += filled * min(fill.loose_usd_per_m3.base, fill.cemented_usd_per_m3.base)
    margins: list[float] = (best - spent).tolist()
    return margins
