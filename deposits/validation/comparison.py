"""Does the estimate keep the mean of the samples in each domain, and that of simpler estimates?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from deposits.validation.values import Graded


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Differences of means and what they are called.

    Parameters
    ----------
    good, fair : float
        Largest relative difference that is "agrees", and that is "differs somewhat"; above it
        "differs" [fraction].
    """

    good: float = 0.05
    fair: float = 0.10

    def __post_init__(self) -> None:
        """Refuse thresholds out of order."""
        if not 0 <= self.good <= self.fair:
            raise ValueError(f"0 <= good <= fair, given {self.good} and {self.fair}")

    def word(self, difference: float) -> str:
        """Return the word for a relative difference [fraction]."""
        if not np.isfinite(difference):
            return "cannot be compared"
        if abs(difference) <= self.good:
            return "agrees"
        return "differs somewhat" if abs(difference) <= self.fair else "differs"


def compare_means(
    samples: Graded,
    estimate: Graded,
    others: Sequence[Graded] = (),
    thresholds: Thresholds = Thresholds(),
) -> pd.DataFrame:
    """Compare mean grades by domain and element.

    Parameters
    ----------
    samples : Graded
        With declustering weights.
    estimate : Graded
        Blocks with tonnes.
    others : sequence of Graded
        The same blocks by nearest neighbour, inverse distance, ...
    thresholds : Thresholds

    Returns
    -------
    pandas.DataFrame
        One row a domain, element and reference: ``domain, element, n_samples, n_blocks``
        (estimated), ``estimate`` (its mean), ``reference`` ("declustered samples", "samples" (no
        weights), or a name of *others*), ``reference_mean``, ``difference`` (estimate over
        reference less 1 [fraction]), ``verdict``. Domains of either side are listed; other
        estimates are compared in the blocks that both have.
    """
    domains = sorted(
        {str(d) for side in (samples, estimate) for d in np.unique(np.asarray(side.domain))}
    )
    rows = []
    for domain in domains:
        for element in estimate.elements:
            for name, mean, against in _references(samples, estimate, others, domain, element):
                difference = mean / against - 1.0 if against > 0 else float("nan")
                rows.append(
                    {
                        "domain": domain,
                        "element": element,
                        "n_samples": _known(samples, domain, element),
                        "n_blocks": _known(estimate, domain, element),
                        "estimate": mean,
                        "reference": name,
                        "reference_mean": against,
                        "difference": difference,
                        "verdict": thresholds.word(difference),
                    }
                )
    return pd.DataFrame(rows)


def _references(
    samples: Graded, estimate: Graded, others: Sequence[Graded], domain: str, element: str
) -> list[tuple[str, float, float]]:
    """Name, mean of the estimate and mean of what it is held against."""
    inside = samples.domain == domain
    blocks = np.asarray(estimate.domain == domain)
    mean = estimate.mean(element, blocks)
    found = []
    if element in samples.elements:
        grade = samples.column(element)[inside & np.isfinite(samples.column(element))]
        naive = float(grade.mean()) if grade.size else float("nan")
        found.append(("declustered samples", mean, samples.mean(element, np.asarray(inside))))
        found.append(("samples", mean, naive))
    for other in others:
        if element not in other.elements:
            continue
        if other.n != estimate.n:
            raise ValueError(f"{other.name} and {estimate.name} must hold the same blocks")
        known = np.isfinite(other.column(element)) & np.isfinite(estimate.column(element))
        both = blocks & known
        found.append((other.name, estimate.mean(element, both), other.mean(element, both)))
    return found


def _known(graded: Graded, domain: str, element: str) -> int:
    """Count rows of a domain with a grade."""
    if element not in graded.elements:
        return 0
    return int((np.isfinite(graded.column(element)) & (graded.domain == domain)).sum())
