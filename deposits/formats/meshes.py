"""Which closed body or open surface does a file of triangles describe?

STL (text and binary), OBJ and DXF are read; STL as text and OBJ are written with every digit. A
binary STL holds 32-bit numbers: at a northing of 4,300,000 m its vertices are rounded to 0.5 m.
"""

from __future__ import annotations

import itertools
import math
import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

from deposits.errors import DataError, Problem
from deposits.formats.dxf_faces import read_dxf_faces
from deposits.kernels import meshes as kernels

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
SUFFIXES = (".stl", ".obj", ".dxf")
#: Bins along one side of the plan at most, and faces listed for each face at most.
MOST_BINS, MOST_LISTED = 512, 64


@dataclass(frozen=True, slots=True, eq=False)
class Mesh:
    """Triangles in space: a closed body (a domain, a stope) or an open surface (topography).

    Parameters
    ----------
    vertices : ndarray, shape (n, 3)
        Easting, northing, elevation [m], finite.
    faces : ndarray of int, shape (m, 3)
        Vertex numbers; counter-clockwise seen from outside for a body.
    name : str
        What it is called.
    notes : tuple of str
        What was left out or mended on reading, with its count.

    Raises
    ------
    ValueError
        If the arrays describe no triangles.
    """

    vertices: FloatArray
    faces: IntArray
    name: str = ""
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what describes no triangles."""
        vertices = np.ascontiguousarray(self.vertices, dtype=np.float64)
        faces = np.ascontiguousarray(self.faces, dtype=np.int64)
        if vertices.ndim != 2 or vertices.shape[1] != 3 or not np.isfinite(vertices).all():
            raise ValueError("vertices of a mesh must be finite, of shape (n, 3)")
        if faces.ndim != 2 or faces.shape[1] != 3 or not len(faces):
            raise ValueError("a mesh must have faces, of shape (m, 3)")
        if faces.min() < 0 or faces.max() >= len(vertices):
            raise ValueError("faces of a mesh must name its vertices")
        object.__setattr__(self, "vertices", vertices)
        object.__setattr__(self, "faces", faces)

    @property
    def is_closed(self) -> bool:
        """Whether every edge is shared by exactly two faces that agree on which side is out."""
        return not self.faults()

    def faults(self) -> tuple[str, ...]:
        """Return why the mesh is not closed, counted; () when it is."""
        ends = np.concatenate([self.faces[:, [0, 1]], self.faces[:, [1, 2]], self.faces[:, [2, 0]]])
        n = len(self.vertices)
        low, high = ends.min(axis=1), ends.max(axis=1)
        _, edge, shared = np.unique(low * n + high, return_inverse=True, return_counts=True)
        balance = np.bincount(edge, weights=np.where(ends[:, 0] == low, 1.0, -1.0))
        counted = (
            (int((shared == 1).sum()), "edges belong to one face only (holes or seams)"),
            (int((shared > 2).sum()), "edges belong to more than two faces"),
            (
                int(((shared == 2) & (balance != 0)).sum()),
                "edges join faces turned against another",
            ),
        )
        return tuple(f"{count} {text}" for count, text in counted if count)

    def require_closed(self) -> None:
        """Raise unless the mesh is closed.

        Raises
        ------
        DataError
            With the counts of open, shared and reversed edges.
        """
        faults = self.faults()
        if faults:
            remedy = "Close the body in the program that made it, or use it as a surface."
            raise DataError(
                [Problem("the mesh is not a closed body", self.name, "; ".join(faults), "", remedy)]
            )

    @property
    def volume_m3(self) -> float:
        """Volume [m3]: signed tetrahedra, positive when the faces look outwards.

        Raises
        ------
        DataError
            If the mesh is not closed.
        """
        self.require_closed()
        # About the middle, so that large coordinates do not cancel.
        local = self.vertices - self.vertices.mean(axis=0)
        a, b, c = (local[self.faces[:, column]] for column in range(3))
        return math.fsum(np.einsum("ij,ij->i", a, np.cross(b, c)).tolist()) / 6.0

    def bounds(self) -> FloatArray:
        """Return the lowest and highest coordinates [m], shape (2, 3)."""
        used = self.vertices[np.unique(self.faces)]
        return np.array([used.min(axis=0), used.max(axis=0)])

    def contains(self, points_m: ArrayLike) -> NDArray[np.bool_]:
        """Say which points lie inside the closed mesh.

        Parameters
        ----------
        points_m : array_like, shape (n, 3)
            Easting, northing, elevation [m]; a NaN is outside.

        Returns
        -------
        ndarray of bool, shape (n,)
            A point on a face falls to one side, the same for equal input.

        Raises
        ------
        DataError
            If the mesh is not closed.
        """
        self.require_closed()
        points = np.ascontiguousarray(points_m, dtype=np.float64).reshape(-1, 3)
        found: NDArray[np.bool_] = kernels.inside(points, self.vertices, self.faces, self._bins())
        return found

    def elevation_at(self, xy_m: ArrayLike) -> FloatArray:
        """Return the elevation [m] of the surface, the highest where it folds over.

        Parameters
        ----------
        xy_m : array_like, shape (n, 2)
            Easting and northing [m].

        Returns
        -------
        ndarray, shape (n,)
            NaN off the surface; its outer edges belong to it.
        """
        xy = np.ascontiguousarray(xy_m, dtype=np.float64).reshape(-1, 2)
        found: FloatArray = kernels.elevations(xy, self.vertices, self.faces, self._bins())
        return found

    def _bins(self) -> kernels.Bins:
        """List the faces by bins of the plan."""
        low, high = self.bounds()
        extent = np.maximum(high[:2] - low[:2], 1e-9)
        n = min(MOST_BINS, max(1, math.isqrt(len(self.faces))))
        while True:
            shape = np.array([n, n])
            # A hair wider, so that the last vertices are inside.
            size = extent / n * (1 + 1e-12)
            counts = kernels.count_entries(self.vertices, self.faces, low[:2], size, shape)
            if n == 1 or counts.sum() <= MOST_LISTED * len(self.faces):
                break
            n //= 2
        start = np.concatenate([[0], np.cumsum(counts)])
        listed = kernels.list_entries(self.vertices, self.faces, low[:2], size, shape, start)
        return kernels.Bins(low[0], low[1], size[0], size[1], n, n, start, listed)


def mesh_from_polygons(
    polygons: Iterable[Sequence[Sequence[float]]], name: str = "", notes: tuple[str, ...] = ()
) -> Mesh:
    """Merge equal vertices and triangulate polygons as fans.

    Parameters
    ----------
    polygons : iterable of sequences of (easting, northing, elevation)
        Corners in order [m]; planar and convex, as those of mesh files are.
    name : str
        What the mesh is called; the place in messages.
    notes : tuple of str
        What was left out on reading.

    Returns
    -------
    Mesh
        Faces with no area for want of three corners are left out and counted in its notes.

    Raises
    ------
    DataError
        If there are no faces or a coordinate is not finite.
    """
    rings = [list(ring) for ring in polygons]
    corners = [corner for ring in rings for k in range(1, len(ring) - 1) for corner in
               (ring[0], ring[k], ring[k + 1])]  # fmt: skip
    return _merge(np.array(corners, dtype=np.float64).reshape(-1, 3), name, notes)


def _merge(corners: FloatArray, name: str, notes: tuple[str, ...] = ()) -> Mesh:
    """Make a mesh of triangles given corner by corner, shape (3 m, 3)."""
    if not len(corners):
        remedy = "Export the body as triangles."
        raise DataError([Problem("the file holds no faces", name, remedy=remedy)])
    wrong = int((~np.isfinite(corners)).any(axis=1).sum())
    if wrong:
        raise DataError(
            [Problem("coordinates are not finite", name, f"{wrong} corners of faces", "numbers")]
        )
    # Adding 0.0 makes -0.0 and 0.0 one vertex.
    vertices, number = np.unique(corners + 0.0, axis=0, return_inverse=True)
    faces = number.reshape(-1, 3)
    flat = (
        (faces[:, 0] == faces[:, 1]) | (faces[:, 1] == faces[:, 2]) | (faces[:, 2] == faces[:, 0])
    )
    if flat.all():
        raise DataError([Problem("no face has three different corners", name)])
    if flat.any():
        notes = (*notes, f"{int(flat.sum())} faces with two equal corners left out")
    return Mesh(vertices, faces[~flat], name, notes)


def read_mesh(path: Path) -> Mesh:
    """Read an STL, OBJ or DXF file.

    Parameters
    ----------
    path : Path
        What it is is told by its suffix.

    Returns
    -------
    Mesh
        Equal vertices merged exactly; what was left out is counted in its notes.

    Raises
    ------
    DataError
        If the file is missing, empty, of another kind or holds what is not a number.
    MissingPackage
        If a DXF file is to be read without ezdxf.
    """
    kind = path.suffix.lower()
    readers = {".stl": _read_stl, ".obj": _read_obj, ".dxf": _read_dxf}
    if kind not in readers:
        raise DataError([Problem("not a mesh file", str(path), kind, ", ".join(SUFFIXES))])
    if not path.is_file():
        remedy = "Check the path; it is relative to the study file."
        raise DataError([Problem("the file does not exist", str(path), remedy=remedy)])
    if not path.stat().st_size:
        raise DataError([Problem("the file is empty", str(path), remedy="Export it again.")])
    return readers[kind](path)


def _read_stl(path: Path) -> Mesh:
    """Read an STL file; a length that fits the count of faces tells a binary one."""
    raw = path.read_bytes()
    count = int.from_bytes(raw[80:84], "little") if len(raw) >= 84 else -1
    if len(raw) == 84 + 50 * count:
        layout = np.dtype([("numbers", "<f4", (4, 3)), ("attribute", "<u2")])
        numbers = np.frombuffer(raw, layout, offset=84)["numbers"]
        return _merge(numbers[:, 1:].astype(np.float64).reshape(-1, 3), path.name)
    if not raw.lstrip().lower().startswith(b"solid"):
        found = f"{len(raw)} bytes"
        allowed = f"{84 + 50 * count} bytes for {count} faces" if count >= 0 else "84 or more"
        remedy = "The file is cut short or not an STL; export it again."
        raise DataError([Problem("not a whole STL file", path.name, found, allowed, remedy)])
    text = raw.decode("latin-1")
    rows = re.findall(r"^\s*vertex\s+(.*?)\s*$", text, re.MULTILINE | re.IGNORECASE)
    facets = len(re.findall(r"^\s*endfacet", text, re.MULTILINE | re.IGNORECASE))
    corners = [_numbers(row.split(), path.name, f"vertex {n + 1}") for n, row in enumerate(rows)]
    if len(corners) != 3 * facets:
        found = f"{len(corners)} vertices in {facets} facets"
        raise DataError([Problem("facets are not triangles", path.name, found, "3 a facet")])
    return _merge(np.array(corners).reshape(-1, 3), path.name)


def _numbers(words: Sequence[str], name: str, place: str) -> list[float]:
    """Read three coordinates."""
    try:
        first, second, third = (float(word) for word in words[:3])
    except ValueError as error:
        found = " ".join(words[:3])
        raise DataError([Problem("not three numbers", f"{name}, {place}", found)]) from error
    return [first, second, third]


def _read_obj(path: Path) -> Mesh:
    """Read the vertices and faces of an OBJ file."""
    vertices: list[list[float]] = []
    rings: list[list[list[float]]] = []
    passed: dict[str, int] = {}
    text = path.read_text("utf-8", errors="replace").replace("\\\n", " ")
    for line, row in enumerate(text.splitlines(), start=1):
        word, *rest = row.split("#")[0].split() or [""]
        if word == "v":
            vertices.append(_numbers(rest, path.name, f"line {line}"))
        elif word == "f":
            rings.append(_ring(rest, vertices, f"{path.name}, line {line}"))
        elif word in ("l", "p", "curv", "surf"):
            passed[word] = passed.get(word, 0) + 1
    notes = tuple(f"{count} elements of kind {word} left out" for word, count in passed.items())
    return mesh_from_polygons(rings, path.name, notes)


def _ring(words: Sequence[str], vertices: list[list[float]], place: str) -> list[list[float]]:
    """Look up the corners of a face; numbers count from 1, or from the end when negative."""
    try:
        numbers = [int(word.split("/")[0]) for word in words]
    except ValueError as error:
        raise DataError([Problem("not vertex numbers", place, " ".join(words))]) from error
    wrong = [n for n in numbers if n == 0 or abs(n) > len(vertices)]
    if wrong or len(numbers) < 3:
        allowed = f"3 or more of the {len(vertices)} vertices above"
        raise DataError([Problem("the face has wrong corners", place, " ".join(words), allowed)])
    return [vertices[n - 1 if n > 0 else n] for n in numbers]


def _read_dxf(path: Path) -> Mesh:
    """Read the faces of a DXF file's model space."""
    rings, notes = read_dxf_faces(path)
    return mesh_from_polygons(rings, path.name, notes)


def write_stl(path: Path, mesh: Mesh) -> None:
    """Write a text STL file, every digit kept.

    Parameters
    ----------
    path : Path
        Where to; written under a temporary name first.
    mesh : Mesh
        What to write.
    """
    a, b, c = (mesh.vertices[mesh.faces[:, column]] for column in range(3))
    normals = np.cross(b - a, c - a)
    length = np.linalg.norm(normals, axis=1, keepdims=True)
    normals = np.divide(normals, length, out=np.zeros_like(normals), where=length > 0)
    name = re.sub(r"\W+", "_", mesh.name) or "mesh"
    lines = [f"solid {name}"]
    for normal, *corners in zip(normals, a, b, c, strict=True):
        lines.append(f"facet normal {_text(normal)}")
        lines.append("outer loop")
        lines += [f"vertex {_text(corner)}" for corner in corners]
        lines += ["endloop", "endfacet"]
    _write(path, itertools.chain(lines, [f"endsolid {name}"]))


def write_obj(path: Path, mesh: Mesh) -> None:
    """Write an OBJ file, every digit kept.

    Parameters
    ----------
    path : Path
        Where to; written under a temporary name first.
    mesh : Mesh
        What to write.
    """
    vertices = (f"v {_text(vertex)}" for vertex in mesh.vertices)
    faces = (f"f {a + 1} {b + 1} {c + 1}" for a, b, c in mesh.faces)
    _write(path, itertools.chain(vertices, faces))


def _text(numbers: FloatArray) -> str:
    """Word numbers so that they read back the same."""
    return " ".join(repr(float(number)) for number in numbers)


def _write(path: Path, lines: Iterable[str]) -> None:
    """Write lines under a temporary name, then give the file its own."""
    partial = path.with_name(f".{path.name}.partial")
    try:
        with partial.open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(f"{line}\n" for line in lines)
        os.replace(partial, path)  # noqa: PTH105 - one call for both systems
    finally:
        partial.unlink(missing_ok=True)
