"""Which few offsets, summed again and again, give the cone of blocks above a block?

A cone is given bench by bench: which offsets lie in it at each height. An offset that is a sum of
earlier ones is implied and dropped, provided the sum goes towards it without turning back: then
every block on the way lies between the two ends, inside the grid, and nothing is lost at the
grid's border. For cubes and 45 degrees this gives the 17 offsets of MineLib's arc sets at 8 levels.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

FlagArray = NDArray[np.bool_]
IntArray = NDArray[np.int64]
#: What a block finds above it: a key for each rise from one bench's centres to the next.
Profile = tuple[tuple[float, ...], ...]
ConeOf = Callable[[Profile], FlagArray]


class MinimalPatterns:
    """Minimal patterns of cones; parts that several benches share are worked out once.

    Parameters
    ----------
    cone_of : callable
        Gives the offsets inside the cone, bool of shape (2 w + 1, 2 h + 1) with the block itself
        in the middle, at the top of a profile: ``len(profile)`` benches up.

    Examples
    --------
    >>> across = np.hypot(*np.mgrid[-3:4, -3:4])
    >>> cubes = MinimalPatterns(lambda profile: across <= len(profile))
    >>> cubes.pattern(((1.0,), (1.0,), (1.0,))).tolist()
    [[-1, 0, 1], [0, -1, 1], [0, 0, 1], [0, 1, 1], [1, 0, 1], [-2, -2, 3], [-2, 2, 3], [2, -2, 3], \
[2, 2, 3]]
    """

    def __init__(self, cone_of: ConeOf) -> None:
        self._cone_of = cone_of
        self._implied: dict[Profile, FlagArray] = {}
        self._cones: dict[Profile, FlagArray] = {}

    def pattern(self, profile: Profile) -> IntArray:
        """Return the offsets (di, dj, dk) of a profile that are no sums of others, shape (m, 3)."""
        rows = [self._new(profile[:height]) for height in range(1, len(profile) + 1)]
        heights = [np.full((len(new), 1), height) for height, new in enumerate(rows, start=1)]
        tables = [np.hstack([new, height]) for new, height in zip(rows, heights, strict=True)]
        offsets: IntArray = np.concatenate(tables).astype(np.int64)
        return offsets

    def _new(self, profile: Profile) -> IntArray:
        """Offsets at the top of a profile that lower ones do not imply, shape (m, 2)."""
        cone = self._cone(profile)
        new: IntArray = np.argwhere(cone & ~self._sums(profile)) - np.array(cone.shape) // 2
        return new

    def _cone(self, profile: Profile) -> FlagArray:
        if profile not in self._cones:
            self._cones[profile] = self._cone_of(profile)
        return self._cones[profile]

    def _sums(self, profile: Profile) -> FlagArray:
        """Offsets at the top of a profile that are sums without turning back."""
        if profile not in self._implied:
            implied = np.zeros_like(self._cone(profile))
            for height in range(1, len(profile)):
                rest = self._cone(profile[height:]) | self._sums(profile[height:])
                for step in self._new(profile[:height]).tolist():
                    implied |= _moved(rest, step)
            self._implied[profile] = implied
        return self._implied[profile]


def _moved(reach: FlagArray, step: list[int]) -> FlagArray:
    """Move offsets by a step, only those that go on in the step's directions."""
    out = np.zeros_like(reach)
    source, target = [], []
    for length, move in zip(reach.shape, step, strict=True):
        middle = length // 2
        low = middle if move > 0 else 0
        high = middle + 1 if move < 0 else length
        low, high = max(low, -move), min(high, length - move)
        source.append(slice(low, max(low, high)))
        target.append(slice(low + move, max(low, high) + move))
    out[tuple(target)] = reach[tuple(source)]
    return out
