"""What does the study state for the value of a block, beyond [economics] and the plant's table?

Every figure is a `Stated`: value, kind and source. A key that is absent is not known: what needs it
stops and names it. Write 0, with its source, where there is nothing to pay.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from deposits.stated import Kind, Stated, bounded
from deposits.study_values import Table
from deposits.tables import did_you_mean
from deposits.units import STIBNITE_SB_PCT
from planning.economics.config import NotNegative, PerCentSlip, Positive, Word
from planning.economics.recovery import Curve, curve_problems

Share = Annotated[Stated, bounded(0.0, 100.0, "% by mass")]
PositiveShare = Annotated[Stated, bounded(0.0, 100.0, "% by mass", above=0.0)]
Moisture = Annotated[
    Stated, bounded(0.0, 0.5, "(fraction of the wet mass)", "Write 8 % moisture as 0.08.")
]
#: Part of an element that reaches the concentrate; 0 can be right, and so can 1.
FractionFromZeroToOne = Annotated[Stated, PerCentSlip, bounded(0.0, 1.0, "(fraction)")]
Factor = Annotated[Stated, bounded(0.0, 100.0, "(factor)", above=0.0)]
#: Endings of grade fields and what one unit of each is in per cent by mass.
PER_CENT = {"pct": 1.0, "gpt": 1e-4, "ppm": 1e-4}
#: Name of the zone factor that holds for every zone not listed.
OTHER_ZONES = "other"


def unit_of(column: str) -> str:
    """Return the unit ending of a grade field, or "" when it has none.

    Examples
    --------
    >>> unit_of("sb_pct"), unit_of("au_gpt"), unit_of("grade")
    ('pct', 'gpt', '')
    """
    ending = column.rsplit("_", 1)[-1]
    return ending if ending in PER_CENT and ending != column else ""


class CurveTable(Table):
    """A quantity by head grade: two rows of numbers and who says so."""

    kind: Kind = "assumed"
    source: Word = "the study file"


def _refuse(heads: tuple[float, ...], values: tuple[float, ...], what: str, most: float) -> None:
    """Raise one sentence with everything that is wrong with a curve."""
    faults = [str(problem) for problem in curve_problems(heads, values, what)]
    wrong = [f"{v:g}" for v in values if not 0.0 <= v <= most]
    if wrong:
        slip = " a per cent is written as a fraction, 85 % is 0.85." if most == 1.0 else ""
        faults.append(f"{what} must lie within 0 and {most:g}; found {', '.join(wrong)}.{slip}")
    if faults:
        raise ValueError(" ".join(faults).rstrip("."))


class SbRecoveryCurve(CurveTable):
    """Antimony recovery by head grade.

    Parameters
    ----------
    head_sb_pct : tuple of float
        Head grades, rising [% Sb].
    fraction : tuple of float
        Part of the antimony that reaches the concentrate.
    """

    head_sb_pct: tuple[float, ...]
    fraction: tuple[float, ...]

    @model_validator(mode="after")
    def _is_a_curve(self) -> SbRecoveryCurve:
        _refuse(self.head_sb_pct, self.fraction, "fraction", 1.0)
        return self

    @property
    def curve(self) -> Curve:
        """The points alone."""
        return Curve(self.head_sb_pct, self.fraction)


class AuRecoveryCurve(CurveTable):
    """Gold recovery into the antimony concentrate by gold head grade [g/t]."""

    head_au_gpt: tuple[float, ...]
    fraction: tuple[float, ...]

    @model_validator(mode="after")
    def _is_a_curve(self) -> AuRecoveryCurve:
        _refuse(self.head_au_gpt, self.fraction, "fraction", 1.0)
        return self

    @property
    def curve(self) -> Curve:
        """The points alone."""
        return Curve(self.head_au_gpt, self.fraction)


class ConcentrateCurve(CurveTable):
    """Grade of the concentrate by antimony head grade, both [% Sb]."""

    head_sb_pct: tuple[float, ...]
    concentrate_sb_pct: tuple[float, ...]

    @model_validator(mode="after")
    def _is_a_curve(self) -> ConcentrateCurve:
        _refuse(self.head_sb_pct, self.concentrate_sb_pct, "concentrate_sb_pct", STIBNITE_SB_PCT)
        if any(grade < 1.0 for grade in self.concentrate_sb_pct):
            raise ValueError("a concentrate of less than 1 % Sb is none; 50 % is written 50")
        return self

    @property
    def curve(self) -> Curve:
        """The points alone."""
        return Curve(self.head_sb_pct, self.concentrate_sb_pct)


class PenaltyTable(Table):
    """``[value.penalties.ELEMENT]``: what is deducted for an unwanted element in the concentrate.

    Parameters
    ----------
    recovery_fraction : Stated, optional
        Part of the element in the ore that reaches the concentrate.
    free_up_to_pct : Stated, optional
        Content of the concentrate that costs nothing [% by mass].
    step_pct : Stated, optional
        Content for which one step is charged; parts of a step pro rata [% by mass].
    usd_per_t_concentrate_per_step : Stated, optional
        Deduction [USD/t of dry concentrate]; write 0 where the buyer deducts nothing.
    reject_above_pct : Stated, optional
        Content above which the concentrate is refused [% by mass]; absent means that no limit is
        known, not that there is none.
    """

    recovery_fraction: FractionFromZeroToOne | None = None
    free_up_to_pct: Share | None = None
    step_pct: PositiveShare | None = None
    usd_per_t_concentrate_per_step: NotNegative | None = None
    reject_above_pct: PositiveShare | None = None


class DepthCostTable(Table):
    """Mining cost by elevation and zone; the reference elevation is where haulage is as stated.

    Parameters
    ----------
    reference_elevation_m : Stated, optional
        Elevation of the pit's rim or the portal [m].
    zone_field : str
        Field of the block model that names the zone; "" where cost does not depend on it.
    zones : dict of str to Stated
        Factor on the mining cost (not on haulage) by zone; "other" holds for those not listed.
    """

    reference_elevation_m: Annotated[Stated, bounded(-10_000.0, 10_000.0, "m")] | None = None
    zone_field: str = ""
    zones: dict[str, Factor] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _zones_have_a_field(self) -> DepthCostTable:
        if bool(self.zone_field) != bool(self.zones):
            raise ValueError("zone_field and zones belong together; give both or neither")
        return self


class MiningTable(DepthCostTable):
    """``[value.mining]``: what a tonne of rock out of the pit costs.

    Parameters
    ----------
    cost_usd_per_t_rock : Stated, optional
        Drilling, blasting, loading and what goes with them [USD/t of rock].
    haulage_usd_per_t_rock : Stated, optional
        From the reference elevation to dump or crusher [USD/t of rock].
    haulage_below_usd_per_t_per_m, haulage_above_usd_per_t_per_m : Stated, optional
        Added for each metre below and above the reference elevation [USD/t/m].
    """

    cost_usd_per_t_rock: NotNegative | None = None
    haulage_usd_per_t_rock: NotNegative | None = None
    haulage_below_usd_per_t_per_m: NotNegative | None = None
    haulage_above_usd_per_t_per_m: NotNegative | None = None


class StopingTable(DepthCostTable):
    """``[value.stoping]``: what a tonne of ore out of a stope costs.

    Parameters
    ----------
    cost_usd_per_t_ore : Stated, optional
        Stope development, drilling, blasting, mucking, fill [USD/t of ore].
    haulage_usd_per_t_ore : Stated, optional
        From the reference elevation to the ore bin [USD/t of ore].
    haulage_below_usd_per_t_per_m, haulage_above_usd_per_t_per_m : Stated, optional
        Added for each metre below and above the reference elevation [USD/t/m].
    level_opening_usd : Stated, optional
        Spent once for each level that is opened [USD].
    """

    cost_usd_per_t_ore: NotNegative | None = None
    haulage_usd_per_t_ore: NotNegative | None = None
    haulage_below_usd_per_t_per_m: NotNegative | None = None
    haulage_above_usd_per_t_per_m: NotNegative | None = None
    level_opening_usd: NotNegative | None = None


class LaneTable(Table):
    """``[value.lane]``: the yearly limits of a cut-off policy; an absent limit does not bind.

    Parameters
    ----------
    mine_limit_t_per_year : Stated, optional
        Rock (pit) or ore and development (stopes) that the mine can move [t/yr].
    plant_limit_t_per_year : Stated, optional
        Ore; absent takes the plant's nameplate times its availability [t/yr].
    market_limit_t_sb_per_year : Stated, optional
        Antimony in concentrate that can be sold [t/yr].
    fixed_cost_usd_per_year : Stated, optional
        Cost of a year that does not depend on tonnes [USD/yr]; write 0 if all costs are per tonne.
    """

    mine_limit_t_per_year: Positive | None = None
    plant_limit_t_per_year: Positive | None = None
    market_limit_t_sb_per_year: Positive | None = None
    fixed_cost_usd_per_year: NotNegative | None = None


class ValueTable(Table):
    """``[value]``: how a block or a stope is valued.

    Parameters
    ----------
    plant : str
        Identifier of the plant that treats the ore.
    grades : dict of str to str
        Field of the block model by element, for example ``{ sb = "sb_pct", au = "au_gpt" }``; the
        ending of a field is its unit (_pct, _gpt or _ppm).
    sb_recovery, au_recovery, concentrate : tables, optional
        Curves of head grade; absent takes the plant's constants.
    moisture_fraction : Stated, optional
        Water in the concentrate as shipped, part of the wet mass; transport is paid on wet
        tonnes. Write 0 where the transport rate is for dry tonnes.
    sb_refining_usd_per_t_sb, au_refining_usd_per_oz : Stated, optional
        Refining charges on payable metal [USD/t], [USD/troy oz].
    ore_haulage_usd_per_t_ore : Stated, optional
        From the mine's ore bin to the plant [USD/t of ore].
    penalties : dict of str to PenaltyTable, optional
        By element. Where the table is there, it takes the place of
        ``economics.penalties_usd_per_t_concentrate``, and mercury and arsenic must stand in it
        when they stand in *grades*.
    mining, stoping, lane : tables, optional
        Costs of pit and stopes; limits of a cut-off policy.
    """

    plant: Word
    grades: dict[str, str]
    sb_recovery: SbRecoveryCurve | None = None
    au_recovery: AuRecoveryCurve | None = None
    concentrate: ConcentrateCurve | None = None
    moisture_fraction: Moisture | None = None
    sb_refining_usd_per_t_sb: NotNegative | None = None
    au_refining_usd_per_oz: NotNegative | None = None
    ore_haulage_usd_per_t_ore: NotNegative | None = None
    penalties: dict[str, PenaltyTable] | None = None
    mining: MiningTable | None = None
    stoping: StopingTable | None = None
    lane: LaneTable | None = None

    @model_validator(mode="after")
    def _grades_have_units(self) -> ValueTable:
        faults = []
        if "sb" not in self.grades:
            faults.append(f"grades has no sb. {did_you_mean('sb', self.grades)}".strip())
        faults += [
            f'grades.{element} = "{column}" does not end in its unit: _pct, _gpt or _ppm'
            for element, column in self.grades.items()
            if not unit_of(column)
        ]
        for element in self.penalties or {}:
            if element not in self.grades:
                known = did_you_mean(element, self.grades) or f"Known: {', '.join(self.grades)}."
                faults.append(f"penalties.{element} has no grade field in grades. {known}")
        if faults:
            raise ValueError("; ".join(faults).rstrip("."))
        return self
