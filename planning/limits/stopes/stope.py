"""Where are the walls of one stope, and where those of what breaks with its skins?"""

from __future__ import annotations

import math
from dataclasses import dataclass

from planning.limits.stopes.frame import StopeFrame
from planning.limits.stopes.rules import StopeRules


@dataclass(frozen=True, slots=True)
class Stope:
    """One stope: a section long, a level high, between two straight walls.

    Parameters
    ----------
    level, section : int
        Its panel, counted from 0 upwards and along strike.
    near_bottom_m, near_top_m : float
        Foot (on the panel's floor) and head (on its roof) of the wall of least w [m from the
        frame's origin across strike], without its skin.
    far_bottom_m, far_top_m : float
        The same of the wall of most w.
    value : float
        Worth of the diluted stope, in the unit of what was maximised.
    """

    level: int
    section: int
    near_bottom_m: float
    near_top_m: float
    far_bottom_m: float
    far_top_m: float
    value: float

    @property
    def walls_m(self) -> tuple[float, float, float, float]:
        """Near foot, near head, far foot, far head [m across strike]."""
        return self.near_bottom_m, self.near_top_m, self.far_bottom_m, self.far_top_m


def diluted_walls(stope: Stope, frame: StopeFrame, rules: StopeRules) -> Stope:
    """Return a stope with its skins: both walls moved outwards, square to themselves.

    Parameters
    ----------
    stope : Stope
        Without skins.
    frame : StopeFrame
        Height of its level.
    rules : StopeRules
        True thickness of the skins.

    Returns
    -------
    Stope
        The shape that is broken; same panel, same value.
    """
    near = _shift(stope.near_bottom_m - stope.near_top_m, frame, rules.near_skin_m)
    far = _shift(stope.far_bottom_m - stope.far_top_m, frame, rules.far_skin_m)
    return Stope(
        stope.level,
        stope.section,
        stope.near_bottom_m - near,
        stope.near_top_m - near,
        stope.far_bottom_m + far,
        stope.far_top_m + far,
        stope.value,
    )


def _shift(run_m: float, frame: StopeFrame, thickness_m: float) -> float:
    """Horizontal thickness of a skin on a wall of a given run [m]."""
    return thickness_m * math.hypot(frame.level_m, run_m) / frame.level_m
