"""Meshes: closed-form bodies, half-spaces as referee, files round trip, what is broken is said."""

from __future__ import annotations

import itertools
import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from scipy.spatial import ConvexHull

from deposits.errors import DataError
from deposits.formats.meshes import Mesh, mesh_from_polygons, read_mesh, write_obj, write_stl

#: Faces of a unit cube, counter-clockwise from outside.
QUADS = [(0, 3, 2, 1), (4, 5, 6, 7), (0, 1, 5, 4), (1, 2, 6, 5), (2, 3, 7, 6), (3, 0, 4, 7)]
UNIT = np.array([[0, 0, 0], [1, 0, 0], [1, 1, 0], [0, 1, 0],
                 [0, 0, 1], [1, 0, 1], [1, 1, 1], [0, 1, 1.0]])  # fmt: skip


def box(low=(0.0, 0.0, 0.0), size=(1.0, 1.0, 1.0)) -> Mesh:
    corners = UNIT * size + low
    return mesh_from_polygons([[corners[n] for n in quad] for quad in QUADS], "box")


def hull(seed: int, n: int = 60, middle=(400000.0, 4300000.0, 2000.0)) -> tuple[Mesh, ConvexHull]:
    points = np.random.default_rng(seed).normal(size=(n, 3)) * 50 + middle
    found = ConvexHull(points)
    faces = found.simplices.copy()
    a, b, c = (points[faces[:, k]] for k in range(3))
    inward = np.einsum("ij,ij->i", np.cross(b - a, c - a), found.equations[:, :3]) < 0
    faces[inward] = faces[inward][:, ::-1]
    return Mesh(points, faces, "hull"), found


@pytest.mark.parametrize("seed", range(5))
def test_volume_and_inside_agree_with_the_half_spaces_of_a_hull(seed):
    mesh, referee = hull(seed)
    assert mesh.is_closed
    assert_allclose(mesh.volume_m3, referee.volume, rtol=1e-9)
    low, high = mesh.bounds()
    points = np.random.default_rng(seed).uniform(low - 5, high + 5, (5000, 3))
    height = points @ referee.equations[:, :3].T + referee.equations[:, 3]
    clear = np.abs(height).min(axis=1) > 1e-6
    assert_array_equal(mesh.contains(points)[clear], (height <= 0).all(axis=1)[clear])


def test_lines_through_edges_and_vertices_are_counted_once():
    # Every ray through the lattice of a cube meets edges, vertices or the diagonals of its faces.
    mesh = box(size=(4.0, 4.0, 4.0))
    lattice = np.array(list(itertools.product(range(5), range(5), (-1.0, 1.0, 2.0, 3.0, 5.0))))
    inner = ((lattice > 0) & (lattice < 4)).all(axis=1)
    outer = ((lattice < 0) | (lattice > 4)).any(axis=1)
    found = mesh.contains(lattice)
    assert found[inner].all()
    assert not found[outer].any()


def test_neighbouring_bodies_share_the_points_between_them():
    left, right = box(), box((1.0, 0.0, 0.0))
    y, z = np.meshgrid(np.linspace(0.05, 0.95, 19), np.linspace(0.05, 0.95, 19))
    points = np.column_stack([np.ones(y.size), y.ravel(), z.ravel()])
    assert_array_equal(left.contains(points) ^ right.contains(points), np.ones(y.size, bool))


@given(st.floats(0.1, 50), st.floats(0.1, 50), st.floats(0.1, 50))
def test_a_box_has_the_volume_of_a_box(a, b, c):
    assert_allclose(box((4e5, 4.3e6, 900.0), (a, b, c)).volume_m3, a * b * c, rtol=1e-6)


def test_a_body_turned_inside_out_has_a_negative_volume():
    mesh = box()
    assert_allclose(Mesh(mesh.vertices, mesh.faces[:, ::-1]).volume_m3, -1.0)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda f: f[1:], "3 edges belong to one face only"),
        (lambda f: np.vstack([f, f[:1]]), "3 edges belong to more than two"),
        (lambda f: np.vstack([f[:1, ::-1], f[1:]]), "3 edges join faces turned"),
    ],
)
def test_what_is_not_closed_is_said_with_counts(change, message):
    mesh = box()
    broken = Mesh(mesh.vertices, change(mesh.faces), "box")
    assert not broken.is_closed
    for work in (lambda: broken.volume_m3, lambda: broken.contains([[0.5, 0.5, 0.5]])):
        with pytest.raises(DataError, match=message):
            work()


def test_points_that_are_not_numbers_are_outside():
    nan = float("nan")
    assert not box().contains([[nan, 0.5, 0.5], [0.5, nan, 0.5], [0.5, 0.5, nan]]).any()


@settings(max_examples=20)
@given(st.floats(-3, 3), st.floats(-3, 3), st.integers(2, 12))
def test_a_plane_has_its_own_elevations(slope_x, slope_y, n):
    x, y = np.meshgrid(np.arange(n, dtype=float), np.arange(n, dtype=float))
    points = np.column_stack([x.ravel(), y.ravel(), (slope_x * x + slope_y * y).ravel()])
    faces = []
    for i, j in itertools.product(range(n - 1), range(n - 1)):
        a = i + n * j
        faces += [[a, a + 1, a + n], [a + 1, a + n + 1, a + n]]
    mesh = Mesh(points, np.array(faces))
    where = np.random.default_rng(1).uniform(0, n - 1, (200, 2))
    where = np.vstack([where, points[:, :2]])
    assert_allclose(mesh.elevation_at(where), where @ [slope_x, slope_y], atol=1e-9)
    assert np.isnan(mesh.elevation_at([[-0.1, 0.0], [n, 0.0], [0.0, np.nan]])).all()


def test_the_highest_of_two_layers_counts():
    assert_array_equal(box((0, 0, 5)).elevation_at([[0.5, 0.5], [0.25, 0.75]]), [6.0, 6.0])


@pytest.mark.parametrize(("write", "suffix"), [(write_stl, ".stl"), (write_obj, ".obj")])
def test_a_body_comes_back_from_text_with_every_digit(write, suffix, tmp_path):
    mesh, _ = hull(3)
    path = tmp_path / f"hull{suffix}"
    write(path, mesh)
    back = read_mesh(path)
    assert_array_equal(np.unique(back.vertices[back.faces.ravel()], axis=0),
                       np.unique(mesh.vertices[mesh.faces.ravel()], axis=0))  # fmt: skip
    assert_allclose(back.volume_m3, mesh.volume_m3, rtol=1e-12)
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


def test_a_binary_stl_is_read(tmp_path):
    mesh = box()
    raw = b"solid but binary".ljust(80) + struct.pack("<I", len(mesh.faces))
    for face in mesh.faces:
        raw += struct.pack("<12f", 0, 0, 0, *mesh.vertices[face].ravel()) + b"\0\0"
    (tmp_path / "box.stl").write_bytes(raw)
    assert_allclose(read_mesh(tmp_path / "box.stl").volume_m3, 1.0)
    (tmp_path / "cut.stl").write_bytes(raw[:-7].replace(b"solid", b"xxxxx"))
    with pytest.raises(DataError, match="not a whole STL"):
        read_mesh(tmp_path / "cut.stl")


def test_an_obj_with_quads_and_numbers_from_the_end_is_read(tmp_path):
    lines = [f"v {x} {y} {z}" for x, y, z in UNIT]
    lines += ["f " + " ".join(f"{n - 8}//1" for n in quad) for quad in QUADS] + ["l 1 2"]
    (tmp_path / "box.obj").write_text("\n".join(lines))
    mesh = read_mesh(tmp_path / "box.obj")
    assert_allclose(mesh.volume_m3, 1.0)
    assert mesh.notes == ("1 elements of kind l left out",)


def draw_faces(space):
    for quad in QUADS:
        space.add_3dface([UNIT[n] for n in quad])


def draw_polyface(space):
    from ezdxf.render import MeshBuilder

    builder = MeshBuilder()
    builder.add_mesh(vertices=[tuple(v) for v in UNIT], faces=QUADS)
    builder.render_polyface(space)


def draw_mesh(space):
    with space.add_mesh().edit_data() as data:
        data.vertices = [tuple(v) for v in UNIT]
        data.faces = QUADS


@pytest.mark.parametrize("draw", [draw_faces, draw_polyface, draw_mesh])
def test_dxf_bodies_of_every_kind_are_read(draw, tmp_path):
    ezdxf = pytest.importorskip("ezdxf")
    drawing = ezdxf.new()
    draw(drawing.modelspace())
    drawing.modelspace().add_line((0, 0), (1, 1))
    drawing.saveas(tmp_path / "box.dxf")
    mesh = read_mesh(tmp_path / "box.dxf")
    assert_allclose(mesh.volume_m3, 1.0)
    assert mesh.notes == ("1 LINE left out",)


BROKEN = {
    "a.stl": ("", "empty"),
    "b.stl": ("solid x\nendsolid x\n", "no faces"),
    "c.stl": ("nothing of the sort", "not a whole STL"),
    "d.stl": ("solid\nfacet\nvertex 0 0 0\nvertex 1 0 0\nendfacet\nendsolid", "not triangles"),
    "e.stl": ("solid\nvertex 0 0 x\n", "not three numbers"),
    "f.obj": ("v 0 0 0\nv 1 0 0\nf 1 2 3\n", "wrong corners"),
    "g.obj": ("v 0 0 nan\nv 1 0 0\nv 0 1 0\nf 1 2 3\n", "not finite"),
    "h.obj": ("v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 1 2\n", "no face has three"),
    "i.ply": ("ply", "not a mesh file"),
    "j.dxf": ("not a drawing", "not a sound DXF"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_said_to_be_so(name, tmp_path):
    text, message = BROKEN[name]
    (tmp_path / name).write_text(text)
    with pytest.raises(DataError, match=message):
        read_mesh(tmp_path / name)


def test_a_missing_file_is_said_to_be_so(tmp_path):
    with pytest.raises(DataError, match="does not exist"):
        read_mesh(tmp_path / "absent.stl")
