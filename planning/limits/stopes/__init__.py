"""Which stopes are worth the most, and what proves it?

`frame` says where levels and sections lie, `cells` how much rock and metal they hold, `rules` what
a stope may look like and what it is worth, `panels` chooses the stopes, `search` shifts the frame.
"""

from planning.limits.stopes.cells import StopeCells, Surroundings, Totals, integrate
from planning.limits.stopes.frame import StopeFrame, frame_over
from planning.limits.stopes.panels import (
    PanelOptimum,
    PanelSolutions,
    optimise_panels,
    sums_between,
)
from planning.limits.stopes.rules import (
    StopeCosts,
    StopeRules,
    StopeValue,
    cutoff_value,
    nsr_value,
)
from planning.limits.stopes.search import FrameSearch, search_frames
from planning.limits.stopes.stope import Stope, diluted_walls

__all__ = [
    "FrameSearch",
    "PanelOptimum",
    "PanelSolutions",
    "Stope",
    "StopeCells",
    "StopeCosts",
    "StopeFrame",
    "StopeRules",
    "StopeValue",
    "Surroundings",
    "Totals",
    "cutoff_value",
    "diluted_walls",
    "frame_over",
    "integrate",
    "nsr_value",
    "optimise_panels",
    "search_frames",
    "sums_between",
]
