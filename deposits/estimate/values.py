"""Which lists of numbers and words may stand in a drillhole study?"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, Strict

# TOML has arrays, not tuples: the outer type is relaxed, what stands inside stays strict.
Triple = Annotated[tuple[float, float, float], Strict(False)]
Whole = Annotated[int, Field(ge=1)]
WholeTriple = Annotated[tuple[Whole, Whole, Whole], Strict(False)]
Positive = Annotated[float, Field(gt=0)]
PositiveTriple = Annotated[tuple[Positive, Positive, Positive], Strict(False)]
Words = Annotated[tuple[str, ...], Strict(False)]
