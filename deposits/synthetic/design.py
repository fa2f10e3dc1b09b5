"""Which SYNTHETIC deposit is to be made, and how is it drilled?

Every default is chosen, none is measured: the type is the published one of jasperoid-stibnite
deposits (a breccia horizon 10 to 200 m thick under a shale cap, cross faults, pockets), the place
is the Gulf of Guinea near 0 N 0 E, where no deposit is.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from deposits.estimation.covariance import Covariance, Structure
from deposits.orientation import Ellipsoid
from deposits.units import STIBNITE_SB_PCT

NAME = "DEMO (SYNTHETIC)"
PREFIX = "synthetic_"
#: Holes are looked at in steps of this length [m].
STEP_M = 0.1


@dataclass(frozen=True, slots=True)
class Fault:
    """A vertical cross fault of the SYNTHETIC deposit.

    Parameters
    ----------
    along_m : float
        Where it cuts the deposit's up-dip edge, along strike from its corner [m].
    obliquity_deg : float
        Turn of its trace from the dip direction towards strike, -60 to 60 [degrees].
    throw_m : float
        How far everything beyond it along strike has gone down [m]; negative is up.
    width_m : float
        Full width of its crushed zone, barren [m].
    """

    along_m: float
    obliquity_deg: float
    throw_m: float
    width_m: float = 3.0

    def __post_init__(self) -> None:
        """Refuse what is not a cross fault."""
        if not -60.0 <= self.obliquity_deg <= 60.0:
            raise ValueError(f"obliquity must be -60 to 60 degrees, given {self.obliquity_deg}")
        if not 0 <= self.width_m < math.inf:
            raise ValueError(f"the width of a fault must not be negative, given {self.width_m}")

    @property
    def slope(self) -> float:
        """Metres along strike gained per metre down the dip direction."""
        return math.tan(math.radians(self.obliquity_deg))


@dataclass(frozen=True, slots=True)
class Populations:
    """Grades of the SYNTHETIC rock at point support: an ordered mixture cut from one Gaussian.

    Where the Gaussian is below the first threshold the point is barren jasperoid, between the two
    disseminated ore, above the second a pocket. Within a population a second Gaussian W sets the
    grade: ``median exp(log_sd W)`` cut at 0.9 % in jasperoid, ``low + (high - low) Phi(W)^power``
    in the two others.

    Parameters
    ----------
    thresholds : tuple = (to disseminated, to pocket)
        On the Gaussian [standard deviations], rising.
    barren_median_sb_pct, barren_log_sd : float
        Of the jasperoid [%], [ln].
    disseminated_sb_pct, pocket_sb_pct : tuple = (low, high)
        Ranges of point grades [%].
    disseminated_power, pocket_power : float
        Above 1 leans to the low end.
    """

    thresholds: tuple[float, float] = (0.05, 2.27)
    barren_median_sb_pct: float = 0.06
    barren_log_sd: float = 0.9
    disseminated_sb_pct: tuple[float, float] = (1.0, 4.0)
    disseminated_power: float = 1.3
    pocket_sb_pct: tuple[float, float] = (10.0, 40.0)
    pocket_power: float = 1.6

    def __post_init__(self) -> None:
        """Refuse populations that overlap or do not rise."""
        steps = (*self.disseminated_sb_pct, *self.pocket_sb_pct)
        if not self.thresholds[0] < self.thresholds[1]:
            raise ValueError(f"thresholds must rise, given {self.thresholds}")
        if list(steps) != sorted(set(steps)) or steps[0] <= 0 or steps[-1] >= STIBNITE_SB_PCT:
            raise ValueError(f"population grades must rise between 0 and 71.7 % Sb, given {steps}")


@dataclass(frozen=True, slots=True)
class Companion:
    """A companion element of the SYNTHETIC ore: lognormal, tied to antimony's Gaussian.

    Parameters
    ----------
    column : str
        Name with unit, e.g. "au_gpt".
    median, log_sd : float
        Of the points within the horizon [unit of the column], [ln].
    correlation : float
        With the Gaussian that makes the antimony populations, -1 to 1.
    wall_rock : float
        Content of the rock outside the horizon [unit of the column].
    detection_limit : float
        Below it the laboratory reports "<limit" [unit of the column].
    decimals : int
        Digits the laboratory prints.
    """

    column: str
    median: float
    log_sd: float
    correlation: float
    wall_rock: float
    detection_limit: float
    decimals: int

    def __post_init__(self) -> None:
        """Refuse what has no lognormal."""
        if not (self.median > 0 and self.log_sd > 0 and -1 < self.correlation < 1):
            raise ValueError(
                f"{self.column}: median and log_sd above 0, correlation within -1 to 1"
            )


def _ranges(strike_m: float, dip_m: float, across_m: float) -> Ellipsoid:
    """Reaches in unfolded coordinates: strike is their north, down the dip their east."""
    return Ellipsoid(strike_m, dip_m, across_m)


def _continuity() -> Covariance:
    """Continuity of the antimony Gaussian above the micro-scale, unit sill."""
    return Covariance(
        0.0,
        (
            Structure("spherical", 0.35, _ranges(25.0, 20.0, 6.0)),
            Structure("spherical", 0.65, _ranges(110.0, 80.0, 24.0)),
        ),
    )


def _companions() -> tuple[Companion, ...]:
    return (
        Companion("au_gpt", 0.35, 0.9, 0.35, 0.006, 0.01, 2),
        Companion("as_pct", 0.12, 0.8, 0.40, 0.004, 0.005, 3),
        Companion("hg_pct", 0.018, 0.9, 0.60, 0.0003, 0.001, 4),
    )


@dataclass(frozen=True, slots=True)
class DepositDesign:
    """A SYNTHETIC stibnite deposit, openly fictitious.

    Parameters
    ----------
    seed : int
        Equal seeds give equal deposits.
    crs : str
        Projected reference system of the place.
    corner_m : tuple = (easting, northing)
        Up-dip corner at the start of the strike [m].
    strike_deg : float
        Azimuth of strike; the horizon dips to its right [degrees].
    dip_deg : float
        Dip of the horizon, 0 to 75, positive here as geologists state it [degrees].
    strike_length_m, width_m : float
        Plan size of the modelled volume along strike and across it [m].
    roof_m : float
        Elevation of the horizon's roof at the up-dip edge, before undulation and faults [m].
    surface_m : float
        Elevation of the ground at the corner [m].
    thickness_m : tuple = (least, typical, most)
        True thickness of the horizon [m].
    undulation_m : float
        Standard deviation of the roof about its plane [m].
    faults : tuple of Fault
        In order along strike; they must not cross within the volume.
    populations : Populations
        Antimony at point support.
    companions : tuple of Companion
        Other elements.
    continuity : Covariance
        Of the antimony Gaussian in unfolded coordinates (down dip, along strike, across), sill 1.
    cell_share : float
        Share of the antimony Gaussian's variance that stands at cell support; the rest is
        micro-structure finer than a cell, 0 to 1.
    cell_m : tuple = (down dip, along strike, across)
        Cells of the unfolded simulation [m]; the support of the true field.
    micro_length_m : float
        Correlation length of the micro-structure along a hole: its correlation is
        exp(-h^2 / (2 length^2)) [m].
    host_density_t_per_m3 : float
        Breccia and jasperoid without stibnite [t/m3].
    shale_density_t_per_m3, limestone_density_t_per_m3, fault_density_t_per_m3 : float
        Of the other rocks [t/m3].
    wall_rock_sb_pct : float
        Antimony outside the horizon and in fault zones [%].

    Raises
    ------
    ValueError
        If the parts cannot make a deposit.
    """

    seed: int = 20261124
    crs: str = "EPSG:32631"
    corner_m: tuple[float, float] = (171_500.0, 5_500.0)
    strike_deg: float = 30.0
    dip_deg: float = 40.0
    strike_length_m: float = 540.0
    width_m: float = 260.0
    roof_m: float = 960.0
    surface_m: float = 1000.0
    thickness_m: tuple[float, float, float] = (10.0, 30.0, 200.0)
    undulation_m: float = 6.0
    faults: tuple[Fault, ...] = (
        Fault(160.0, 12.0, 22.0),
        Fault(385.0, -15.0, -14.0),
    )
    populations: Populations = field(default_factory=Populations)
    companions: tuple[Companion, ...] = field(default_factory=_companions)
    continuity: Covariance = field(default_factory=_continuity)
    cell_share: float = 0.6
    cell_m: tuple[float, float, float] = (4.0, 4.0, 2.0)
    micro_length_m: float = 0.35
    host_density_t_per_m3: float = 2.68
    shale_density_t_per_m3: float = 2.60
    limestone_density_t_per_m3: float = 2.71
    fault_density_t_per_m3: float = 2.45
    wall_rock_sb_pct: float = 0.012

    def __post_init__(self) -> None:
        """Refuse what makes no deposit; say everything that is wrong at once."""
        least, typical, most = self.thickness_m
        wrong = []
        if not 0 <= self.dip_deg <= 75:
            wrong.append(f"dip must be 0 to 75 degrees, given {self.dip_deg}")
        if not 0 < least <= typical <= most:
            wrong.append(f"thicknesses must rise from above 0, given {self.thickness_m}")
        if not 0 < self.cell_share < 1:
            wrong.append(f"cell_share must lie between 0 and 1, given {self.cell_share}")
        if abs(self.continuity.sill - 1.0) > 1e-9 or self.continuity.nugget != 0.0:
            wrong.append("continuity must have sill 1 and no nugget: the micro-structure is apart")
        for x in (0.0, self.width_m):
            cuts = [0.0, *(f.along_m + f.slope * x for f in self.faults), self.strike_length_m]
            if cuts != sorted(set(cuts)):
                wrong.append(f"faults must follow each other within the volume, given {cuts}")
        if wrong:
            raise ValueError("; ".join(wrong))


@dataclass(frozen=True, slots=True)
class Campaign:
    """How the SYNTHETIC deposit is drilled and sampled.

    Parameters
    ----------
    seed : int
        Equal seeds give equal campaigns on equal deposits.
    section_spacing_m, hole_spacing_m : float
        Between sections along strike, and between targets on a section [m].
    infill_spacing_m : float
        Between sections and targets where the first holes were rich [m].
    hole_dip_deg : float
        Dip at the collar, negative down; holes run against the dip of the horizon [degrees].
    station_m : float
        Between survey stations [m].
    lengths_m : tuple = (least, usual, most)
        Sample lengths [m].
    relative_error : float
        Standard deviation of sampling and assay, as a share of the grade.
    sampled_wall_m : float
        Wall rock sampled on either side of the horizon [m].
    unsampled_share : float
        Share of barren jasperoid runs over 2 m that nobody sampled.
    sb_detection_limit_pct : float
        Below it the laboratory reports "<limit" [% Sb].
    """

    seed: int = 1
    section_spacing_m: float = 54.0
    hole_spacing_m: float = 52.0
    infill_spacing_m: float = 25.0
    hole_dip_deg: float = -58.0
    station_m: float = 30.0
    lengths_m: tuple[float, float, float] = (0.2, 1.0, 2.0)
    relative_error: float = 0.06
    sampled_wall_m: float = 4.0
    unsampled_share: float = 0.1
    sb_detection_limit_pct: float = 0.01

    def __post_init__(self) -> None:
        """Refuse what drills no holes."""
        least, usual, most = self.lengths_m
        if not STEP_M < least <= usual <= most:
            raise ValueError(
                f"sample lengths must rise from above {STEP_M} m, given {self.lengths_m}"
            )
        if not -90.0 <= self.hole_dip_deg <= -30.0:
            raise ValueError(f"holes must dip -90 to -30 degrees, given {self.hole_dip_deg}")
        if not 0 < self.infill_spacing_m <= min(self.section_spacing_m, self.hole_spacing_m):
            raise ValueError("infill must be closer than the sections and the holes on them")
