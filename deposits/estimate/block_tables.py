"""What does a study say of its blocks, their classes, and the table that is made of them?"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, Strict, model_validator

from deposits.estimate.values import PositiveTriple, Triple, Whole, WholeTriple, Words
from deposits.study_values import Density, Fraction, Table


class DensityTable(Table):
    """What turns volume into tonnes: one density, stibnite mixed into its host, or an estimate.

    Parameters
    ----------
    t_per_m3 : Stated, optional
        One density for all [t/m3].
    host_t_per_m3 : Stated, optional
        Or the density of the host, to which stibnite is added by its share [t/m3].
    element : str, optional
        Or the column of measured densities among the elements, estimated like a grade.
    """

    t_per_m3: Density | None = None
    host_t_per_m3: Density | None = None
    element: str | None = None

    @model_validator(mode="after")
    def _one_way(self) -> DensityTable:
        if sum(v is not None for v in (self.t_per_m3, self.host_t_per_m3, self.element)) != 1:
            raise ValueError("state t_per_m3, host_t_per_m3 or element, one of the three")
        return self


class BlocksTable(Table):
    """``[blocks]``: the grid of blocks.

    Parameters
    ----------
    size_m : tuple = (dx, dy, dz)
        Edges of a block along the grid's axes [m].
    origin_m : tuple = (easting, northing, elevation), optional
        Outer lowest south-west corner of the first block [m].
    shape : tuple, optional
        Numbers of blocks along the grid's axes. Without origin and shape the grid covers all
        samples.
    margin_m : float
        By how much such a grid reaches beyond the samples [m].
    azimuth_deg : float
        Direction of the grid's own northing axis, clockwise from north [degrees].
    split : tuple = (nx, ny, nz)
        Sub-blocks that a block may be cut into at domain and topography boundaries.
    topography : str, optional
        Raster layer of the study; rock above it is air.
    """

    size_m: PositiveTriple
    origin_m: Triple | None = None
    shape: WholeTriple | None = None
    margin_m: float = Field(default=20.0, ge=0)
    azimuth_deg: float = Field(default=0.0, ge=-360, le=360)
    split: WholeTriple = (1, 1, 1)
    topography: str | None = None

    @model_validator(mode="after")
    def _both_or_neither(self) -> BlocksTable:
        if (self.origin_m is None) != (self.shape is None):
            raise ValueError("origin_m and shape belong together; without both the grid is made")
        return self


class CriterionTable(Table):
    """What a block must meet to enter a class; a key that is absent asks nothing."""

    most_spacing_m: float | None = Field(default=None, gt=0)
    most_mean_distance_m: float | None = Field(default=None, gt=0)
    least_slope: float | None = Field(default=None, ge=0, le=1)
    most_pass: int | None = Field(default=None, ge=1)
    most_variance_ratio: float | None = Field(default=None, gt=0)
    least_holes: int | None = Field(default=None, ge=1)
    least_samples: int | None = Field(default=None, ge=1)


class ClassificationTable(Table):
    """``[classification]``: criteria of each class and what they are called in GKZ terms.

    Parameters
    ----------
    measured, indicated, inferred : CriterionTable, optional
        The best class whose criteria a block meets is its own; absent, the class is not given.
    smoothing_blocks : int
        Radius of the filter against spotted classes [blocks]; 0 leaves them.
    gkz : dict of str
        Class -> GKZ category, a decision of the person who signs.
    """

    measured: CriterionTable | None = None
    indicated: CriterionTable | None = None
    inferred: CriterionTable | None = None
    smoothing_blocks: int = Field(default=0, ge=0, le=20)
    gkz: dict[str, str] = Field(default_factory=dict)


class TonnageTable(Table):
    """``[tonnage]``: how the block model is cut, and on what the cut-off rests.

    Parameters
    ----------
    cut_field : str, optional
        Field that is compared with the cut-offs; the main element by default.
    cutoffs : tuple of float
        Rising cut-offs [unit of the cut field]; a block at the cut-off is ore.
    base_cutoff : float
        The one that statements are about, among *cutoffs*.
    by : tuple of str
        Fields of the breakdown.
    basis : str
        On what the base cut-off rests, in one sentence; needed in any statement.
    price, recovery, cost, reasonable_prospects, moisture, competent_person, effective_date : str
        What a statement says of each; left out, it says "not stated" or "not assessed".
    dilution_fraction, ore_loss_fraction : Stated, optional
        Barren rock mined with the ore [t per t of ore] and ore left behind [fraction].
    """

    cut_field: str | None = None
    cutoffs: Annotated[tuple[float, ...], Strict(False)] = Field(min_length=1)
    base_cutoff: float
    by: Words = ("class",)
    basis: str = Field(min_length=1)
    price: str = ""
    recovery: str = ""
    cost: str = ""
    reasonable_prospects: str = ""
    moisture: str = ""
    competent_person: str = ""
    effective_date: str = ""
    dilution_fraction: Fraction | None = None
    ore_loss_fraction: Fraction | None = None

    def stated(self) -> dict[str, str]:
        """Return what the study says for the lines of a statement."""
        names = ("price", "recovery", "cost", "reasonable_prospects", "moisture")
        return {n: getattr(self, n) for n in (*names, "competent_person", "effective_date")}

    @model_validator(mode="after")
    def _cutoffs_rise(self) -> TonnageTable:
        if list(self.cutoffs) != sorted(set(self.cutoffs)):
            raise ValueError("cut-offs must rise and not repeat")
        if self.base_cutoff not in self.cutoffs:
            raise ValueError(f"base_cutoff {self.base_cutoff:g} is not among the cutoffs")
        return self


class KnaTable(Table):
    """``[validation.kna]``: neighbourhoods to compare; the model's own blocks by default."""

    block_sizes_m: Annotated[tuple[PositiveTriple, ...], Strict(False)] = ()
    most_samples: Annotated[tuple[Whole, ...], Strict(False)] = (8, 12, 16, 24, 32, 48)
    discretisations: Annotated[tuple[WholeTriple, ...], Strict(False)] = (
        (1, 1, 1),
        (2, 2, 2),
        (3, 3, 3),
        (4, 4, 4),
    )


class ValidationTable(Table):
    """``[validation]``: what the estimate is held against.

    Parameters
    ----------
    leave : {"hole", "sample"}
        What cross-validation leaves out at a time; a hole is the honest one.
    strike_deg : float, optional
        Azimuth of one more swath [degrees].
    kna : KnaTable
        Kriging neighbourhood analysis.
    """

    leave: Literal["hole", "sample"] = "hole"
    strike_deg: float | None = Field(default=None, ge=0, le=360)
    kna: KnaTable = KnaTable()


class SyntheticTable(Table):
    """``[synthetic]``: the invented deposit whose truth the estimate is held against."""

    seed: int = Field(ge=0)
