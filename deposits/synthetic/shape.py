"""Where do the SYNTHETIC ground, horizon and faults lie, and which rock is at a point?

Local coordinates: x across strike in the dip direction, y along strike, z elevation. Unfolded
ones: down dip, along strike, and depth under the roof, with the faults taken back.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from deposits.grid import Grid
from deposits.synthetic.design import DepositDesign
from deposits.synthetic.gaussian import Waves, waves

FloatArray = NDArray[np.float64]

#: Rock codes in the order of their numbers.
ROCKS = ("SH", "LST", "FLT", "JSP", "BX")
ROCK_NAMES = {
    "SH": "shale, hanging wall",
    "LST": "limestone, footwall",
    "FLT": "fault zone, barren",
    "JSP": "jasperoid of the horizon, barren",
    "BX": "mineralised breccia of the horizon",
}
SHALE, LIMESTONE, FAULT, JASPEROID, BRECCIA = range(5)


@dataclass(frozen=True, slots=True)
class Shape:
    """Surfaces of the SYNTHETIC deposit, known at any point.

    Parameters
    ----------
    design : DepositDesign
        What they are made from.
    roof_waves, thickness_waves, ground_waves : Waves
        Random parts of the roof, the thickness and the ground.
    """

    design: DepositDesign
    roof_waves: Waves
    thickness_waves: Waves
    ground_waves: Waves

    def to_local(self, points_m: ArrayLike) -> FloatArray:
        """Turn coordinates into local (across, along strike, elevation) [m], shape (n, 3)."""
        return self._frame().to_local(points_m)

    def to_world(self, local_m: ArrayLike) -> FloatArray:
        """Turn local positions into coordinates [m], shape (n, 3)."""
        return self._frame().to_world(local_m)

    def _frame(self) -> Grid:
        design = self.design
        return Grid((*design.corner_m, 0.0), (1.0, 1.0, 1.0), (1, 1, 1), design.strike_deg)

    def ground_m(self, x: ArrayLike, y: ArrayLike) -> FloatArray:
        """Return the elevation of the ground [m]; it rises gently in the dip direction."""
        rise = 0.12 * np.asarray(x, dtype=float)
        return self.design.surface_m + rise + 6.0 * self.ground_waves.at(x, y)

    def thickness_m(self, x: ArrayLike, y: ArrayLike) -> FloatArray:
        """Return the true thickness of the horizon [m]."""
        least, typical, most = self.design.thickness_m
        swell = typical * np.exp(0.45 * self.thickness_waves.at(x, y) + 0.6 * self.core(x, y))
        return np.clip(swell, least, most)

    def core(self, x: ArrayLike, y: ArrayLike) -> FloatArray:
        """Return the nearness to the deposit's rich core, 1 there and falling to 0."""
        design = self.design
        across = (np.asarray(x, dtype=float) - 0.45 * design.width_m) / (0.28 * design.width_m)
        along = (np.asarray(y, dtype=float) - 0.52 * design.strike_length_m) / (
            0.17 * design.strike_length_m
        )
        return np.exp(-0.5 * (across**2 + along**2))

    def drop_m(self, x: ArrayLike, y: ArrayLike) -> FloatArray:
        """Return how far the faults have let the rock down at a place [m]."""
        x, y = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
        down = np.zeros(np.broadcast(x, y).shape)
        for fault in self.design.faults:
            down += np.where(y > fault.along_m + fault.slope * x, fault.throw_m, 0.0)
        return down

    def unfaulted_roof_m(self, x: ArrayLike, y: ArrayLike) -> FloatArray:
        """Return the elevation of the roof with the faults taken back [m]."""
        slope = math.tan(math.radians(self.design.dip_deg))
        plane = self.design.roof_m - slope * np.asarray(x, dtype=float)
        return plane + self.design.undulation_m * self.roof_waves.at(x, y)

    def roof_m(self, x: ArrayLike, y: ArrayLike) -> FloatArray:
        """Return the elevation of the horizon's roof [m]."""
        return self.unfaulted_roof_m(x, y) - self.drop_m(x, y)

    def floor_m(self, x: ArrayLike, y: ArrayLike) -> FloatArray:
        """Return the elevation of the horizon's floor [m]."""
        fall = math.cos(math.radians(self.design.dip_deg))
        return self.roof_m(x, y) - self.thickness_m(x, y) / fall

    def depth_under_roof_m(self, local_m: FloatArray) -> FloatArray:
        """Return the depth under the roof, across the horizon [m]; negative above it."""
        x, y, z = local_m.T
        fall = math.cos(math.radians(self.design.dip_deg))
        depth: FloatArray = (self.roof_m(x, y) - z) * fall
        return depth

    def in_fault(self, local_m: FloatArray) -> NDArray[np.bool_]:
        """Say which points lie in the crushed zone of a fault."""
        x, y, _ = local_m.T
        inside = np.zeros(len(local_m), dtype=bool)
        for fault in self.design.faults:
            away = (y - fault.along_m - fault.slope * x) * math.cos(
                math.radians(fault.obliquity_deg)
            )
            inside |= np.abs(away) <= 0.5 * fault.width_m
        return inside

    def in_volume(self, local_m: FloatArray) -> NDArray[np.bool_]:
        """Say which points lie in the modelled volume's plan."""
        x, y, _ = local_m.T
        design = self.design
        inside = (x >= 0) & (x <= design.width_m) & (y >= 0) & (y <= design.strike_length_m)
        return np.asarray(inside, dtype=bool)


def make_shape(design: DepositDesign) -> Shape:
    """Draw the surfaces of a SYNTHETIC deposit.

    Raises
    ------
    ValueError
        If the horizon would reach the ground: this type is blind, under its shale cap.
    """
    random = np.random.default_rng([design.seed, 1])
    shape = Shape(
        design,
        waves(random, (420.0, 310.0, 240.0, 170.0)),
        waves(random, (380.0, 290.0, 210.0, 160.0)),
        waves(random, (700.0, 450.0, 320.0)),
    )
    x, y = np.meshgrid(
        np.linspace(0, design.width_m, 61), np.linspace(0, design.strike_length_m, 121)
    )
    cover = float(np.min(shape.ground_m(x, y) - shape.roof_m(x, y)))
    if cover < 5.0:
        raise ValueError(
            f"the horizon must lie at least 5 m under the ground, its least cover is {cover:.1f} m"
        )
    return shape
