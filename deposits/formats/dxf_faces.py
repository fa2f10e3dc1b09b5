"""Which faces stand in a DXF file: 3DFACE, polyface and polygon meshes, MESH?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from deposits.errors import DataError, MissingPackage, Problem

INSTALL = "DXF files need ezdxf: pip install 'anzob[dxf]'."
Ring = list[list[float]]


def read_dxf_faces(path: Path) -> tuple[list[Ring], tuple[str, ...]]:
    """Read the faces of a DXF file's model space.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    tuple = (faces, notes)
        Corners (easting, northing, elevation) of each face in order; entities that hold no face
        are counted by kind in the notes.

    Raises
    ------
    DataError
        If the file cannot be read as DXF.
    MissingPackage
        If ezdxf is not installed.
    """
    try:
        import ezdxf
        from ezdxf.lldxf.const import DXFError
    except ImportError as error:
        raise MissingPackage(INSTALL) from error
    try:
        drawing = ezdxf.filemanagement.readfile(path)
    except (OSError, DXFError, UnicodeDecodeError) as error:
        raise DataError([Problem(f"not a sound DXF file: {error}", path.name)]) from error
    rings: list[Ring] = []
    passed: dict[str, int] = {}
    for entity in drawing.modelspace():
        found = _faces(entity)
        rings += found
        if not found:
            passed[entity.dxftype()] = passed.get(entity.dxftype(), 0) + 1
    return rings, tuple(f"{count} {kind} left out" for kind, count in sorted(passed.items()))


def _faces(entity: Any) -> list[Ring]:
    """Return the faces of one entity; [] when it has none."""
    from ezdxf.render.mesh import MeshBuilder

    kind = entity.dxftype()
    if kind == "3DFACE":
        corners = [list(corner) for corner in entity.wcs_vertices()]
        # A triangle is a face whose last two corners are one.
        return [[c for n, c in enumerate(corners) if n == 0 or c != corners[n - 1]]]
    if kind == "MESH":
        corners = [list(corner) for corner in entity.vertices]
        return [[corners[n] for n in face] for face in entity.faces]
    if kind == "POLYLINE" and (entity.is_poly_face_mesh or entity.is_polygon_mesh):
        built = MeshBuilder.from_polyface(entity)
        return [[list(corner) for corner in face] for face in built.faces_as_vertices()]
    return []
