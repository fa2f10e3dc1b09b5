"""Which cells of a cut block are alike and side by side, so that one sub-block can hold them?"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

IntArray = NDArray[np.int64]


@njit(cache=True, nogil=True)
def merge_cells(codes: IntArray) -> IntArray:
    """Group the cells of each block into boxes of one code.

    Parameters
    ----------
    codes : ndarray of int, shape (n, nz, ny, nx)
        Code of each cell of n blocks, easting fastest; below 0 is in none.

    Returns
    -------
    ndarray of int, shape (m, 8)
        Block row, first cell (i, j, k), cells along each axis (ni, nj, nk), code. Boxes grow along
        easting first, then northing, then elevation; each cell of a code is in exactly one.
    """
    n, nz, ny, nx = codes.shape
    boxes = np.empty((codes.size, 8), np.int64)
    found = 0
    taken = np.empty((nz, ny, nx), np.bool_)
    for b in range(n):
        taken[:] = False
        for k in range(nz):
            for j in range(ny):
                for i in range(nx):
                    code = codes[b, k, j, i]
                    if taken[k, j, i] or code < 0:
                        continue
                    ni, nj, nk = 1, 1, 1
                    while i + ni < nx and codes[b, k, j, i + ni] == code:
                        if taken[k, j, i + ni]:
                            break
                        ni += 1
                    while j + nj < ny and _alike(codes[b], taken, (i, j + nj, k), (ni, 1, 1), code):
                        nj += 1
                    while k + nk < nz and _alike(
                        codes[b], taken, (i, j, k + nk), (ni, nj, 1), code
                    ):
                        nk += 1
                    taken[k : k + nk, j : j + nj, i : i + ni] = True
                    row = boxes[found]
                    row[0], row[1], row[2], row[3] = b, i, j, k
                    row[4], row[5], row[6], row[7] = ni, nj, nk, code
                    found += 1
    return boxes[:found].copy()


@njit(cache=True, nogil=True)
def _alike(
    codes: IntArray,
    taken: NDArray[np.bool_],
    first: tuple[int, int, int],
    count: tuple[int, int, int],
    code: int,
) -> bool:
    """Say whether all cells of a box are free and of one code."""
    for k in range(first[2], first[2] + count[2]):
        for j in range(first[1], first[1] + count[1]):
            for i in range(first[0], first[0] + count[0]):
                if taken[k, j, i] or codes[k, j, i] != code:
                    return False
    return True
