"""Which slopes does a study state, zone by zone, and over how many benches are they followed?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from deposits.errors import DataError, Problem
from planning.limits.precedence import ConePrecedence
from planning.limits.slope_fit import levels_for
from planning.limits.slopes import SlopeBand, SlopeSector, SlopeZone, cone_precedence
from planning.mine.config import PitTable, SlopeTable
from planning.mine.rock import RockBlocks

#: How much too steep a wall may stand where the study leaves the benches open [degrees].
MOST_ERROR_DEG = 0.5


def named_zones(pit: PitTable) -> Mapping[int, str]:
    """Return the zones of the slopes by number: 0 is "", all rock that no sector names."""
    names = ["", *dict.fromkeys(slope.zone for slope in pit.slopes if slope.zone)]
    return dict(enumerate(names))


def slope_zones(pit: PitTable) -> dict[int, SlopeZone]:
    """Return the slopes of a study by the numbers of `named_zones`.

    Parameters
    ----------
    pit : PitTable
        Table ``[pit]``.

    Returns
    -------
    dict of int to SlopeZone
    """
    return {
        number: _zone([slope for slope in pit.slopes if slope.zone == name])
        for number, name in named_zones(pit).items()
    }


def levels_of(pit: PitTable, rock: RockBlocks) -> int:
    """Return over how many benches slopes are followed: as stated, else as many as it takes."""
    if pit.slope_levels is not None:
        return pit.slope_levels
    return levels_for(rock.grid, slope_zones(pit), MOST_ERROR_DEG)


def precedence_of(rock: RockBlocks, pit: PitTable, domains: Sequence[str]) -> ConePrecedence:
    """Turn a study's slopes into the blocks that must be dug before a block.

    Parameters
    ----------
    rock : RockBlocks
        Blocks and their zones.
    pit : PitTable
        Table ``[pit]``.
    domains : sequence of str
        Names of the zones 1, 2, ... of *rock*.

    Returns
    -------
    ConePrecedence

    Raises
    ------
    DataError
        If slopes leave a direction out, overlap, or name a domain that does not exist.
    """
    zones, names = slope_zones(pit), list(named_zones(pit).values())
    unknown = [name for name in names[1:] if name not in domains]
    if unknown:
        allowed, found = ", ".join(domains), ", ".join(unknown)
        raise DataError([Problem("no such domain", "key pit.slopes.zone", found, allowed)])
    levels = levels_of(pit, rock)
    if len(names) == 1:
        return cone_precedence(rock.grid, zones, None, levels)
    table = np.array([0, *(names.index(d) if d in names else 0 for d in domains)])
    return cone_precedence(rock.grid, zones, table[rock.zone], levels)


def _zone(slopes: Sequence[SlopeTable]) -> SlopeZone:
    """Turn the sectors of one zone into its slopes, those of deeper bands apart."""
    tops = sorted({s.below_m for s in slopes if s.below_m is not None}, reverse=True)
    bands = tuple(SlopeBand(top, _sectors([s for s in slopes if s.below_m == top])) for top in tops)
    return SlopeZone(_sectors([s for s in slopes if s.below_m is None]), bands)


def _sectors(slopes: Sequence[SlopeTable]) -> tuple[SlopeSector, ...]:
    return tuple(
        SlopeSector(s.from_azimuth_deg, s.to_azimuth_deg, s.angle_deg.base) for s in slopes
    )
