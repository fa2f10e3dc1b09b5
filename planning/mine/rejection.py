"""Which part of the ore makes a concentrate that a buyer would refuse, and does blending help?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deposits.display import round_for_reading as shown
from planning.economics.block_nouns import BlockTerms
from planning.economics.block_nsr import blend, block_return

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Rejection:
    """One element against the limit of the buyer.

    Parameters
    ----------
    element : str
        For example "hg".
    limit_pct : float
        Content above which the concentrate is refused [% by mass].
    share_of_ore : float
        Part of the ore whose concentrate, sold unmixed, would exceed it [fraction].
    blend_pct : float
        Content of the concentrate of all ore mixed [% by mass].
    """

    element: str
    limit_pct: float
    share_of_ore: float
    blend_pct: float

    def to_dict(self) -> dict[str, Any]:
        """Return limit, share and content for the summary."""
        return {
            "limit_pct": self.limit_pct,
            "share_of_ore": self.share_of_ore,
            "blend_pct": self.blend_pct,
        }


def rejections(
    grades: Mapping[str, FloatArray], tonnes: FloatArray, terms: BlockTerms
) -> tuple[Rejection, ...]:
    """Hold ore against the limits of the buyer of its concentrate.

    Parameters
    ----------
    grades : mapping of str to ndarray, shape (n,)
        Head grades of parcels by field, diluted.
    tonnes : ndarray, shape (n,)
        Ore of each parcel at the plant [t].
    terms : BlockTerms
        With limits of rejection.

    Returns
    -------
    tuple of Rejection
        One an element whose limit is known; () without ore.

    Notes
    -----
    A parcel above a limit keeps its return less penalties in every sum: whether it is sold depends
    on what it is mixed with, which is a matter of the schedule. Nothing is set to 0.
    """
    limits = {p.element: p.reject_above_pct for p in terms.penalties}
    whole = float(np.sum(tonnes))
    if not whole > 0.0 or not any(limit is not None for limit in limits.values()):
        return ()
    each = block_return(grades, terms)
    mixed = block_return(blend(grades, tonnes, terms), terms)
    return tuple(
        Rejection(
            element,
            limit,
            float(np.sum(tonnes[each.rejected[element]])) / whole,
            float(mixed.contents_pct[element][0]),
        )
        for element, limit in limits.items()
        if limit is not None
    )


def rejection_sentences(found: Sequence[Rejection], what: str) -> list[str]:
    """Say what a buyer would refuse, if anything.

    Parameters
    ----------
    found : sequence of Rejection
        Of `rejections`.
    what : str
        Whose ore it is, such as "the pit".

    Returns
    -------
    list of str
        One sentence an element that is exceeded by some of the ore.
    """
    said = []
    for row in found:
        if not row.share_of_ore > 0.0:
            continue
        name, limit = row.element.capitalize(), f"{row.limit_pct:g} %"
        over = row.blend_pct > row.limit_pct
        blended = "also exceeds" if over else "keeps"
        said.append(
            f"Concentrate of {shown(100 * row.share_of_ore)} % of the ore of {what} would exceed "
            f"the buyer's limit of {limit} {name} if it were sold unmixed; the blend of all, "
            f"{shown(row.blend_pct)} %, {blended} it. The worth assumes that all of it is sold."
        )
    return said
