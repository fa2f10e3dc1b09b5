"""Which values may stand in a table of the study, and within which limits?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from deposits.stated import Stated, bounded
from deposits.tables import TableFile
from deposits.units import DENSITY_RANGE_T_PER_M3, STIBNITE_SB_PCT

SbGrade = Annotated[Stated, bounded(0.0, STIBNITE_SB_PCT, "% Sb (pure stibnite holds 71.7 %)")]
Cv = Annotated[Stated, bounded(0.0, 20.0, "(coefficient of variation, a ratio)")]
Correlation = Annotated[Stated, bounded(-0.99, 0.99, "(correlation)")]
Tonnes = Annotated[Stated, bounded(0.0, 1e12, "t", "Tonnes are not negative.")]
FRACTION_SLIP = "Write a per cent as a fraction: 85 % is 0.85."
Fraction = Annotated[Stated, bounded(0.0, 1.0, "(fraction)", FRACTION_SLIP, above=0.0)]
Density = Annotated[Stated, bounded(*DENSITY_RANGE_T_PER_M3, "t/m3", "Write 2.70, not 2700.")]
HeadlineCv = Annotated[float, Field(gt=0, le=10)]
HeadlineCorrelation = Annotated[float, Field(ge=-0.99, le=0.99)]


class Table(BaseModel):
    """A table of the study file: strict, frozen, finite, no unknown keys; its lists are tuples."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)

    @model_validator(mode="before")
    @classmethod
    def _lists_are_tuples(cls, given: Any) -> Any:
        if not isinstance(given, dict):
            return given
        return {key: tuple(v) if isinstance(v, list) else v for key, v in given.items()}


class FileTable(Table):
    """A text table and how it is written.

    Parameters
    ----------
    path : str
        Relative to the study file.
    delimiter, decimal, encoding : str
        As the file has them; comma, point and UTF-8 unless stated.
    """

    path: str
    delimiter: str = Field(default=",", min_length=1, max_length=1)
    decimal: Literal[".", ","] = "."
    encoding: str = "utf-8-sig"

    @model_validator(mode="before")
    @classmethod
    def _from_path(cls, given: Any) -> Any:
        return {"path": given} if isinstance(given, str) else given

    def resolve(self, folder: Path) -> TableFile:
        """Return the file with its path taken from *folder*."""
        return TableFile(folder / self.path, self.delimiter, self.decimal, self.encoding)
