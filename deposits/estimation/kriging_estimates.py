"""What came out of an estimation, and how good is it block by block?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
QUALITIES = (
    "variance",
    "slope",
    "efficiency",
    "n_samples",
    "n_holes",
    "mean_distance_m",
    "pass_number",
    "negative_weight_share",
)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Estimates:
    """Estimates of n targets and their qualities.

    Parameters
    ----------
    elements : tuple of str
        Names of the m elements.
    values : array, shape (n, m)
        Estimates in the elements' units; NaN where there is none.
    variance : array, shape (n,)
        Kriging variance [of the covariance model]; NaN where none, and of other methods.
    slope : array, shape (n,)
        Slope of the regression of truth on estimate, Cov(truth, estimate) / Var(estimate).
    efficiency : array, shape (n,)
        Kriging efficiency, (block variance - kriging variance) / block variance.
    n_samples, n_holes : array of int, shape (n,)
        Samples used, and drillholes they come from.
    mean_distance_m : array, shape (n,)
        Mean distance of the samples used from the centre [m].
    pass_number : array of int, shape (n,)
        The search that found the samples, from 1; 0 where none did.
    negative_weight_share : array, shape (n,)
        Sum of the negative weights' sizes over that of all weights' [fraction].
    apart : tuple of Estimates
        Elements whose assays lie in other samples than those of the first element have weights of
        their own; here are their qualities. All estimates stand in *values*.
    """

    elements: tuple[str, ...]
    values: FloatArray
    variance: FloatArray
    slope: FloatArray
    efficiency: FloatArray
    n_samples: IntArray
    n_holes: IntArray
    mean_distance_m: FloatArray
    pass_number: IntArray
    negative_weight_share: FloatArray
    apart: tuple[Estimates, ...] = ()

    @property
    def n(self) -> int:
        """Number of targets."""
        return int(self.values.shape[0])

    def counts(self) -> dict[str, int]:
        """Return how many targets each pass estimated, and how many remain without and why.

        Returns
        -------
        dict
            "pass 1", "pass 2", ...; "not found": no search found enough samples; "singular":
            samples were found but the drift or the covariances cannot be resolved from them.
            Of the first element and those that share its samples.
        """
        found = self.pass_number > 0
        solved = found & np.isfinite(self.values[:, 0])
        last = int(self.pass_number.max(initial=0))
        counts = {
            f"pass {i}": int(np.sum(solved & (self.pass_number == i))) for i in range(1, last + 1)
        }
        return counts | {"not found": int(np.sum(~found)), "singular": int(np.sum(found & ~solved))}

    def as_frame(self, elements: tuple[str, ...] | None = None) -> pd.DataFrame:
        """Return a table: a column an element, then the qualities.

        Qualities of elements estimated apart carry the name of the first of them in front.
        """
        wanted = self.elements if elements is None else elements
        columns = {name: self.values[:, self.elements.index(name)] for name in wanted}
        columns |= {name: getattr(self, name) for name in QUALITIES}
        for other in self.apart:
            if set(other.elements) & set(wanted):
                first = other.elements[0]
                columns |= {f"{first}_{name}": getattr(other, name) for name in QUALITIES}
        return pd.DataFrame(columns)


def merge(elements: tuple[str, ...], parts: list[Estimates]) -> Estimates:
    """Put estimates of several groups of elements together; the first group gives the qualities."""
    columns = {name: part.values[:, i] for part in parts for i, name in enumerate(part.elements)}
    first = next(part for part in parts if elements[0] in part.elements)
    return Estimates(
        elements=elements,
        values=np.column_stack([columns[name] for name in elements]),
        **{name: getattr(first, name) for name in QUALITIES},
        apart=tuple(part for part in parts if part is not first),
    )
