"""What does a study say of samples, domains, variograms and searches?"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, Strict, model_validator

from deposits.estimate.block_tables import DensityTable
from deposits.estimate.values import PositiveTriple, WholeTriple, Words
from deposits.estimation.kriging_methods import Universal
from deposits.study_values import Table

StructureWord = Literal["spherical", "exponential", "gaussian", "cubic"]


class SamplesTable(Table):
    """``[samples]``: how assays become composites.

    Parameters
    ----------
    table : str
        Interval table of ``[drillholes.intervals]`` that holds the grades.
    elements : tuple of str
        Its grade columns, the main one first.
    length_m : float
        Length of a composite [m].
    residual : str
        What becomes of the short rest of a run within one domain.
    least_length_m : float
        Shortest composite that "merge" and "discard" leave [m]; half the length by default.
    least_sampled_share : float
        A composite sampled over less of its length has no grade [fraction].
    unsampled : {"absent", "zero"}
        What core without assays holds: nobody knows, or nothing, where it was left unsampled as
        barren. Absent, its ground is estimated at the grade of the samples about it.
    declustering_cell_m : tuple of float, optional
        Edges of the declustering cells [m]; absent weighs all samples by their length alone.
    """

    table: str = "assays"
    elements: Words = Field(min_length=1)
    length_m: float = Field(gt=0, le=50)
    residual: Literal["distribute", "keep", "merge", "discard"] = "distribute"
    least_length_m: float | None = Field(default=None, gt=0)
    least_sampled_share: float = Field(default=0.5, ge=0, le=1)
    unsampled: Literal["absent", "zero"] = "absent"
    declustering_cell_m: PositiveTriple | None = None


class CodesTable(Table):
    """Codes of an interval table that put samples into a domain."""

    table: str = "lithology"
    column: str = "code"
    values: Words = Field(min_length=1)


class StructureTable(Table):
    """One nested structure of a variogram model; practical ranges.

    Parameters
    ----------
    sill : float
        Its part of the variance [grade unit squared].
    ranges_m : tuple = (major, semi, minor)
        Practical ranges along the domain's axes [m].
    """

    kind: StructureWord = "spherical"
    sill: float = Field(ge=0)
    ranges_m: PositiveTriple


class FitTable(Table):
    """How a variogram is measured and fitted.

    Parameters
    ----------
    lag_m, lags : float, int
        Lag [m] and number of lags in the plane and across it.
    across_lag_m : float, optional
        Lag across the plane [m]; the composite length by default.
    angle_tolerance_deg : float
        Half-angle of the cone about each axis [degrees].
    structures : tuple of str
        Kinds of the nested structures, short ranges first.
    sill : {"variance", "free"}
        Whether the model's sill is the declustered variance, as block variances and change of
        support need it, or fitted.
    on : {"grades", "normal_scores"}
        What the variogram is measured on. Normal scores are steadier for skewed grades; the
        model is brought back to grades through the Hermite polynomials of the distribution.
    """

    lag_m: float = Field(gt=0)
    lags: int = Field(default=10, ge=3, le=100)
    across_lag_m: float | None = Field(default=None, gt=0)
    angle_tolerance_deg: float = Field(default=22.5, gt=0, le=90)
    structures: Annotated[tuple[StructureWord, ...], Strict(False)] = ("spherical", "spherical")
    sill: Literal["variance", "free"] = "variance"
    on: Literal["grades", "normal_scores"] = "grades"


class VariogramTable(Table):
    """``[domains.D.variograms.ELEMENT]``: stated, fitted, or that of another element.

    Parameters
    ----------
    nugget, structures : float, tuple of StructureTable
        A stated model.
    fit : FitTable, optional
        Or measured and fitted.
    same_as : str, optional
        Or the shape of another element's model: both then share one set of weights.
    """

    nugget: float | None = Field(default=None, ge=0)
    structures: Annotated[tuple[StructureTable, ...], Strict(False)] = ()
    fit: FitTable | None = None
    same_as: str | None = None

    @model_validator(mode="after")
    def _one_way(self) -> VariogramTable:
        stated = self.nugget is not None or bool(self.structures)
        if stated + (self.fit is not None) + (self.same_as is not None) != 1:
            raise ValueError("state nugget and structures, or fit, or same_as; one of the three")
        if stated and not (self.nugget or any(s.sill for s in self.structures)):
            raise ValueError("a variogram without variance; state a nugget or a sill above 0")
        return self


class PlaneTable(Table):
    """The plane in which grades run on, as a geologist states it.

    Parameters
    ----------
    dip_deg, dip_direction_deg : float
        Dip, positive downwards, and the azimuth in which the plane dips [degrees].
    pitch_deg : float
        Angle in the plane from its strike to the direction of longest continuity [degrees].
    """

    dip_deg: float = Field(ge=0, le=90)
    dip_direction_deg: float = Field(ge=0, le=360)
    pitch_deg: float = Field(default=0.0, ge=-180, le=180)


class PassTable(Table):
    """One pass of the search, in order; blocks that found too little go on to the next.

    Parameters
    ----------
    reach_m : tuple = (major, semi, minor)
        Radii of the search along the domain's axes [m].
    least, most : int
        Samples needed and taken [count].
    most_per_hole : int, optional
        Most samples of one drillhole [count].
    sectors : {1, 4, 8}
        Quadrants or octants about the block; 1 for none.
    most_per_sector : int, optional
        Most samples of one sector [count].
    """

    reach_m: PositiveTriple
    least: int = Field(default=4, ge=1)
    most: int = Field(default=24, ge=1, le=200)
    most_per_hole: int | None = Field(default=None, ge=1)
    sectors: Literal[1, 4, 8] = 1
    most_per_sector: int | None = Field(default=None, ge=1)

    @model_validator(mode="after")
    def _least_below_most(self) -> PassTable:
        if self.least > self.most:
            raise ValueError(f"least {self.least} is above most {self.most}")
        if (self.sectors == 1) != (self.most_per_sector is None):
            raise ValueError("sectors 4 or 8 and most_per_sector belong together")
        return self


class EstimationTable(Table):
    """``[estimation]``, or ``[domains.D.estimation]`` instead of it.

    Parameters
    ----------
    method : str
        Kriging with unknown mean, with the declustered mean, or with a drift.
    drift : tuple of str
        Monomials of a universal drift, e.g. "x", "y", "z", "xy".
    discretisation : tuple = (nx, ny, nz)
        Points that stand for a block along the grid's axes; (1, 1, 1) estimates its centre.
    passes : tuple of PassTable
        Searches, the strictest first.
    inverse_distance_power : float
        Power of the inverse-distance check.
    cokrige : dict of str
        Element -> element whose samples help it.
    """

    method: Literal["ordinary", "simple", "universal"] = "ordinary"
    drift: Words = ()
    discretisation: WholeTriple = (3, 3, 2)
    passes: Annotated[tuple[PassTable, ...], Strict(False)] = Field(min_length=1)
    inverse_distance_power: float = Field(default=2.0, gt=0, le=10)
    cokrige: dict[str, str] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _drift_is_for_universal(self) -> EstimationTable:
        if (self.method == "universal") != bool(self.drift):
            raise ValueError('method "universal" and drift belong together')
        if self.drift:
            Universal(self.drift)
        return self


class DomainTable(Table):
    """``[domains.ID]``, in order of precedence: the first that holds a place has it.

    Parameters
    ----------
    title : str
        Name for people.
    codes : CodesTable, optional
        Which samples belong; where it is absent, the solid or polygon decides.
    solid : str, optional
        Closed mesh (STL, OBJ, DXF), relative to the study: which blocks belong.
    polygon : str, optional
        Or a polygon layer of the study: which blocks belong, in plan. Without either, all blocks.
    under, over : str, optional
        Surfaces (mesh, or raster layer of the study) between which the domain lies; where one
        does not reach there is no domain.
    plane : PlaneTable
        Axes of variograms and searches.
    caps : dict of float
        Top-cuts by element [its unit].
    variograms : dict of VariogramTable
        By element.
    estimation, density : optional
        Instead of the study's own.
    """

    title: str = ""
    codes: CodesTable | None = None
    solid: str | None = None
    polygon: str | None = None
    under: str | None = None
    over: str | None = None
    plane: PlaneTable = PlaneTable(dip_deg=0.0, dip_direction_deg=90.0)
    caps: dict[str, float] = Field(default_factory=dict)
    variograms: dict[str, VariogramTable] = Field(min_length=1)
    estimation: EstimationTable | None = None
    density: DensityTable | None = None

    @model_validator(mode="after")
    def _one_outline(self) -> DomainTable:
        if self.solid is not None and self.polygon is not None:
            raise ValueError("state solid or polygon, not both")
        return self
