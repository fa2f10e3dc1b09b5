"""Everything that speaks for or against the estimate: how does it fit on one page?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from deposits.estimation.change_of_support import SmoothingCheck
from deposits.grid import Grid
from deposits.validation.comparison import Thresholds, compare_means
from deposits.validation.cross_validation import summarise
from deposits.validation.kna import suggest
from deposits.validation.swaths import swaths
from deposits.validation.values import Graded, plain, records


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Evidence:
    """What has been computed already; what is absent is left off the page.

    Parameters
    ----------
    cross_validation : pandas.DataFrame, optional
        From ``cross_validate`` of every element and domain together; column ``domain`` if any.
    smoothing : mapping of str to SmoothingCheck
        By element, or by any name of element and domain.
    neighbourhoods : pandas.DataFrame, optional
        From ``analyse_neighbourhoods``.
    """

    cross_validation: pd.DataFrame | None = None
    smoothing: Mapping[str, SmoothingCheck] = field(default_factory=dict)
    neighbourhoods: pd.DataFrame | None = None


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class ValidationReport:
    """Tables of the validation page and sentences that say what they mean.

    Parameters
    ----------
    cross_validation : pandas.DataFrame
        Summary by element (and domain).
    scatter : pandas.DataFrame
        Each sample's true grade, estimate and error.
    swaths, means, neighbourhoods, suggestions : pandas.DataFrame
        See the modules of this package; empty where nothing was computed.
    smoothing : mapping of str to SmoothingCheck
    sentences : tuple of str
    """

    cross_validation: pd.DataFrame
    scatter: pd.DataFrame
    swaths: pd.DataFrame
    means: pd.DataFrame
    neighbourhoods: pd.DataFrame
    suggestions: pd.DataFrame
    smoothing: Mapping[str, SmoothingCheck]
    sentences: tuple[str, ...]

    def to_dict(self) -> dict[str, object]:
        """Return all of it as JSON takes it; numbers that are not finite are None."""
        tables = {
            name: records(getattr(self, name))
            for name in (
                "cross_validation",
                "scatter",
                "swaths",
                "means",
                "neighbourhoods",
                "suggestions",
            )
        }
        checks = {
            name: {
                "ratio": plain(check.ratio),
                "block_variance": plain(check.block_variance),
                "model_variance": plain(check.model_variance),
                "sentence": check.sentence,
                "warnings": list(check.warnings),
                "curves": records(check.table),
            }
            for name, check in self.smoothing.items()
        }
        return {**tables, "smoothing": checks, "sentences": list(self.sentences)}


def validation_report(
    grid: Grid,
    samples: Graded,
    estimates: Sequence[Graded],
    evidence: Evidence = Evidence(),
    strike_deg: float | None = None,
    thresholds: Thresholds = Thresholds(),
) -> ValidationReport:
    """Gather the validation of an estimate.

    Parameters
    ----------
    grid : Grid
        Of the model.
    samples : Graded
        With declustering weights.
    estimates : sequence of Graded
        First the estimate, then others of the same blocks (nearest neighbour, inverse distance).
    evidence : Evidence
    strike_deg : float, optional
        Azimuth of two more swaths, along and across [degrees].
    thresholds : Thresholds
        Of the comparison of means.

    Returns
    -------
    ValidationReport

    Raises
    ------
    ValueError
        If there is no estimate.
    """
    if not estimates:
        raise ValueError("a validation needs an estimate")
    means = compare_means(samples, estimates[0], estimates[1:], thresholds)
    scatter, tried = evidence.cross_validation, evidence.neighbourhoods
    crossed = pd.DataFrame()
    if scatter is not None and len(scatter):
        by = ("domain", "element") if "domain" in scatter else ("element",)
        crossed = summarise(scatter, by)
    suggestions = suggest(tried) if tried is not None and len(tried) else pd.DataFrame()
    return ValidationReport(
        cross_validation=crossed,
        scatter=pd.DataFrame() if scatter is None else scatter,
        swaths=swaths(grid, [samples, *estimates], strike_deg),
        means=means,
        neighbourhoods=pd.DataFrame() if tried is None else tried,
        suggestions=suggestions,
        smoothing=evidence.smoothing,
        sentences=(
            *_of_means(means),
            *_of_errors(crossed),
            *(f"{name}: {check.sentence}" for name, check in evidence.smoothing.items()),
        ),
    )


UNITS = {"pct": " %", "gpt": " g/t", "ppm": " ppm", "ppb": " ppb"}


def _word(element: object) -> str:
    """Return the name of an element without its unit."""
    stem, _, unit = str(element).rpartition("_")
    return stem.capitalize() if unit in UNITS else str(element)


def _unit(element: object) -> str:
    """Return the unit in an element's name, with a blank before it."""
    return UNITS.get(str(element).rpartition("_")[2], "")


def _of_means(means: pd.DataFrame) -> list[str]:
    """Sentences on the means of domains."""
    said = []
    for row in records(means):
        if row["reference"] != "declustered samples":
            continue
        head = f"{_word(row['element'])}, domain {row['domain']}: the mean of the estimate"
        difference = row["difference"]
        if not isinstance(difference, float):
            said.append(f"{head} cannot be compared with that of the declustered samples.")
            continue
        said.append(
            f"{head} {row['verdict']} with that of the declustered samples "
            f"({100 * difference:+.1f} %)."
            if row["verdict"] == "agrees"
            else f"{head} {row['verdict']} from that of the declustered samples "
            f"({100 * difference:+.1f} %)."
        )
    return said


def _of_errors(crossed: pd.DataFrame) -> list[str]:
    """Sentences on cross-validation."""
    said = []
    for row in records(crossed):
        head = _word(row["element"]) + (f", domain {row['domain']}" if "domain" in row else "")
        if row["remark"]:
            said.append(f"{head}: {row['remark']}.")
            continue
        said.append(
            f"{head}: {row['n_estimated']} of {row['n']} samples estimated from the others; "
            f"mean error {row['mean_error']:.3g}{_unit(row['element'])}, slope of true on "
            f"estimated grades {row['slope']:.2f}."
        )
    return said
