"""How does one Gaussian field with a stated continuity come about, without any data?

Circulant embedding on a torus: white noise, filtered by the square root of the spectrum.
Dietrich and Newsam (1997), SIAM J. Sci. Comput. 18, 1088-1107.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import fft

from deposits.estimation.covariance import Covariance

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Torus:
    """The padded grid a field is made on, and the filter that gives it its continuity.

    Parameters
    ----------
    shape : tuple = (n across, n along strike, n down dip)
        Of the fields that come out.
    padded : tuple of int
        Of the torus, larger by the range so that opposite edges are unrelated.
    amplitude : ndarray
        Square root of the spectrum, for ``rfftn``.
    """

    shape: tuple[int, int, int]
    padded: tuple[int, int, int]
    amplitude: FloatArray


def embed(
    covariance: Covariance, shape: tuple[int, int, int], cell_m: tuple[float, float, float]
) -> Torus:
    """Prepare fields with a covariance of sill 1.

    Parameters
    ----------
    covariance : Covariance
        In unfolded coordinates (down dip, along strike, across).
    shape : tuple = (n down dip, n along strike, n across)
        Cells.
    cell_m : tuple = (down dip, along strike, across)
        Their sizes [m].

    Returns
    -------
    Torus
        Negative parts of the spectrum are cut and the variance is set to 1 again.
    """
    reach = np.max(
        [np.abs(s.ranges.axes().T * [s.ranges.major_m, s.ranges.semi_m, s.ranges.minor_m]).max(1)
         for s in covariance.structures],
        axis=0,
    )  # fmt: skip
    padded = tuple(
        fft.next_fast_len(n + math.ceil(far / size), real=True)
        for n, far, size in zip(shape, reach, cell_m, strict=True)
    )
    lags = [
        np.minimum(np.arange(n), n - np.arange(n)) * d for n, d in zip(padded, cell_m, strict=True)
    ]
    z, y, x = np.meshgrid(lags[2], lags[1], lags[0], indexing="ij")
    table = covariance.at(np.column_stack([x.ravel(), y.ravel(), z.ravel()])).reshape(z.shape)
    spectrum = np.maximum(fft.rfftn(table).real, 0.0)
    variance = fft.irfftn(spectrum, s=z.shape)[0, 0, 0]
    nx, ny, nz = shape
    return Torus((nz, ny, nx), z.shape, np.sqrt(spectrum / variance))


def simulate(torus: Torus, random: np.random.Generator) -> FloatArray:
    """Make one field of mean 0 and variance 1.

    Parameters
    ----------
    torus : Torus
        From :func:`embed`.
    random : numpy.random.Generator
        Where the white noise comes from.

    Returns
    -------
    ndarray, shape (n across, n along strike, n down dip)
        Ravelled it has the one order of blocks.
    """
    noise = fft.rfftn(random.standard_normal(torus.padded))
    field = fft.irfftn(noise * torus.amplitude, s=torus.padded)
    nz, ny, nx = torus.shape
    return np.ascontiguousarray(field[:nz, :ny, :nx])


def micro_structure(n: int, length_steps: float, random: np.random.Generator) -> FloatArray:
    """Make a smooth Gaussian line of variance 1: micro-structure along a hole.

    Parameters
    ----------
    n : int
        Steps.
    length_steps : float
        Its correlation is exp(-h^2 / (2 length^2)), h and length in steps.
    random : numpy.random.Generator
        Where the white noise comes from.

    Returns
    -------
    ndarray, shape (n,)
        Mean 0, variance 1.
    """
    # A Gaussian window of length/sqrt(2) convolved with itself is one of the length.
    half = math.ceil(3.0 * length_steps)
    window = np.exp(-(np.arange(-half, half + 1) ** 2) / length_steps**2)
    window /= math.sqrt(float(np.sum(window**2)))
    return np.convolve(random.standard_normal(n + 2 * half), window, mode="valid")


@dataclass(frozen=True, slots=True)
class Waves:
    """A smooth random surface: a sum of plane waves, known at any point.

    Parameters
    ----------
    wave : ndarray, shape (n, 2)
        Wave numbers along x and y [rad/m].
    phase : ndarray, shape (n,)
        [rad].
    """

    wave: FloatArray
    phase: FloatArray

    def at(self, x_m: ArrayLike, y_m: ArrayLike) -> FloatArray:
        """Return the surface at points, mean 0 and variance about 1."""
        x, y = np.asarray(x_m, dtype=float), np.asarray(y_m, dtype=float)
        total = np.zeros(np.broadcast(x, y).shape)
        for (kx, ky), phase in zip(self.wave, self.phase, strict=True):
            total += np.cos(kx * x + ky * y + phase)
        return total * math.sqrt(2.0 / len(self.phase))


def waves(random: np.random.Generator, lengths_m: tuple[float, ...]) -> Waves:
    """Draw directions and phases for waves of these lengths [m]."""
    turn = random.uniform(0.0, math.pi, len(lengths_m))
    number = 2.0 * math.pi / np.asarray(lengths_m)
    wave = np.column_stack([number * np.cos(turn), number * np.sin(turn)])
    return Waves(wave, random.uniform(0.0, 2.0 * math.pi, len(lengths_m)))
