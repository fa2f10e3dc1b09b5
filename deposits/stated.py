"""What does a source state about one number: how much, how sure, of what kind, and who says so?"""

from __future__ import annotations

import math
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

Kind = Literal["reported", "derived", "assumed"]

#: From the firmest to the softest; what depends on several numbers is as soft as the softest.
KINDS: tuple[Kind, ...] = ("reported", "derived", "assumed")


def softest(*kinds: Kind) -> Kind:
    """Return the softest of several kinds: what depends on an assumption is assumed.

    Examples
    --------
    >>> softest("reported", "assumed", "derived")
    'assumed'
    """
    return max(kinds, key=KINDS.index, default="reported")


class Stated(BaseModel):
    """A number from outside, with its range, kind and source.

    In a study file it is a table such as ``{ low = 30, value = 50, high = 55, kind = "reported",
    source = "..." }``; a bare number is an assumption of whoever wrote the study.

    Parameters
    ----------
    value : float, optional
        The reported figure or single estimate, in the unit of the key it stands under; with a
        range it is the mode of a triangular distribution.
    low, high : float, optional
        Ends of the range, both or neither. Without *value* the range is uniform.
    kind : {"reported", "derived", "assumed"}
        Whether somebody published it, it was worked out from published figures, or it is chosen.
    source : str
        Where it stands, with the year.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    value: float | None = None
    low: float | None = None
    high: float | None = None
    kind: Kind = "assumed"
    source: str = Field(default="the study file")

    @model_validator(mode="before")
    @classmethod
    def _from_bare_number(cls, given: Any) -> Any:
        if isinstance(given, bool):
            raise ValueError(
                "a number or a table with value, low and high is needed, not true or false"
            )
        if isinstance(given, int | float):
            return {"value": float(given)}
        if isinstance(given, dict):
            numbers = ("value", "low", "high")
            whole = {k: float(v) for k, v in given.items() if k in numbers and type(v) is int}
            return {**given, **whole}
        return given

    @model_validator(mode="after")
    def _is_ordered(self) -> Stated:
        for figure in (self.value, self.low, self.high):
            if figure is not None and not math.isfinite(figure):
                raise ValueError(f"{figure:g} is not a finite number")
        if (self.low is None) != (self.high is None):
            raise ValueError("low and high belong together; give both or neither")
        if self.value is None and self.low is None:
            raise ValueError("nothing is stated; give value, or low and high")
        if self.low is not None and self.high is not None:
            if self.low > self.high:
                raise ValueError(f"low ({self.low:g}) is above high ({self.high:g})")
            if self.value is not None and not self.low <= self.value <= self.high:
                raise ValueError(f"value ({self.value:g}) is outside {self.low:g} to {self.high:g}")
        return self

    @property
    def base(self) -> float:
        """The single figure of a deterministic run: the value, else the middle of the range."""
        if self.value is not None:
            return self.value
        assert self.low is not None and self.high is not None
        return (self.low + self.high) / 2.0

    @property
    def is_range(self) -> bool:
        """Whether it can be drawn from."""
        return self.low is not None and self.high is not None and self.low < self.high

    def quantile(self, probability: NDArray[np.float64]) -> NDArray[np.float64]:
        """Draw by inverting the distribution.

        Parameters
        ----------
        probability : ndarray of float, shape (n,)
            Probabilities in [0, 1].

        Returns
        -------
        ndarray of float, shape (n,)
            Triangular between low, value and high; uniform without a value; constant without a
            range.

        Notes
        -----
        Triangular quantile: with F(mode) = (mode - low)/(high - low), up to it
        low + sqrt(p (high - low)(mode - low)), above it
        high - sqrt((1 - p)(high - low)(high - mode)).

        Examples
        --------
        >>> Stated(low=1.0, value=2.0, high=4.0).quantile(np.array([0.0, 1 / 3, 1.0])).round(6)
        array([1., 2., 4.])
        """
        p = np.asarray(probability, dtype=float)
        if self.low is None or self.high is None or self.low == self.high:
            return np.full(p.shape, self.base)
        width = self.high - self.low
        if self.value is None:
            return self.low + p * width
        rising = self.low + np.sqrt(p * width * (self.value - self.low))
        falling = self.high - np.sqrt((1.0 - p) * width * (self.high - self.value))
        return np.where(p * width <= self.value - self.low, rising, falling)


def bounded(
    low: float, high: float, unit: str, remedy: str = "", *, above: float | None = None
) -> AfterValidator:
    """Make a validator that keeps every stated figure within a range.

    Parameters
    ----------
    low, high : float
        What can be right, in *unit*; both ends belong to it.
    unit : str
        Unit of the key, shown in the message.
    remedy : str
        What to do when it is not, for example the usual slip of unit.
    above : float, optional
        A number that every figure must exceed, in *unit*, where the low end cannot be right.

    Returns
    -------
    pydantic.AfterValidator
        For use in ``Annotated[Stated, bounded(0, 100, "%")]``.
    """
    beyond = -math.inf if above is None else above
    begins = f"at least {low:g}" if above is None else f"above {above:g}"
    limit = f"{low:g} to {high:g}" if above is None else f"{begins}, to {high:g}"
    limit = limit if math.isfinite(high) else begins

    def check(stated: Stated) -> Stated:
        for figure in (stated.value, stated.low, stated.high):
            if figure is not None and not (low <= figure <= high and figure > beyond):
                raise PydanticCustomError(
                    "out_of_range",
                    "the number cannot be right",
                    {"found": f"{figure:g}", "allowed": f"{limit} {unit}", "remedy": remedy},
                )
        return stated

    return AfterValidator(check)
