"""What does a drilling campaign consist of, once its tables are in order?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False, slots=True)
class Drillholes:
    """Checked tables of one campaign; holes in the order of the collar table.

    Parameters
    ----------
    collars : pandas.DataFrame
        hole_id, easting, northing, elevation, depth_m [m]; one row a hole.
    surveys : pandas.DataFrame
        hole_id, depth_m [m], azimuth_deg (from grid north), dip_deg (negative downwards); sorted by
        hole and depth, every hole has a station.
    intervals : mapping of str to pandas.DataFrame
        hole_id, from_m, to_m [m] and what was found; sorted by hole and depth.
    points : mapping of str to pandas.DataFrame
        hole_id, depth_m [m] and what was found at a point, such as the attitude of a structure.

    Notes
    -----
    Every table has a column ``row``: the number of the row in its file (0 for a station that no
    survey table holds).
    """

    collars: pd.DataFrame
    surveys: pd.DataFrame
    intervals: Mapping[str, pd.DataFrame]
    points: Mapping[str, pd.DataFrame] = field(default_factory=dict)

    @property
    def n_holes(self) -> int:
        """Number of holes."""
        return len(self.collars)

    @property
    def drilled_m(self) -> float:
        """Length of all holes together [m]."""
        return float(self.collars["depth_m"].sum())

    def hole_numbers(self, hole_id: object) -> NDArray[np.int64]:
        """Say which hole each row is of.

        Parameters
        ----------
        hole_id : array-like of str, shape (n,)
            Ids of holes.

        Returns
        -------
        ndarray of int, shape (n,)
            Row of each hole in the collar table; -1 for a hole that is not there.
        """
        return hole_numbers(self.collars["hole_id"], hole_id)


def hole_numbers(known: object, hole_id: object) -> NDArray[np.int64]:
    """Say where in a list of known ids each id stands.

    Parameters
    ----------
    known : array-like of str, shape (m,)
        Ids, each once.
    hole_id : array-like of str, shape (n,)
        Ids to number.

    Returns
    -------
    ndarray of int, shape (n,)
        Place of each id in *known*; -1 where it is not there.

    Examples
    --------
    >>> hole_numbers(["SYN-001", "SYN-002"], ["SYN-002", "SYN-009"])
    array([ 1, -1])
    """
    codes, names = pd.factorize(pd.Series(hole_id))
    place = pd.Index(pd.Series(known)).get_indexer(pd.Index(names))
    # One more -1 at the end is what a missing id (code -1) finds.
    return np.append(place, -1).astype(np.int64)[codes]
