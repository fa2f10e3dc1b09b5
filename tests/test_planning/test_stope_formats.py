"""Do other programs find every stope, its body and its figures in our files?"""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from support.stope_mine import RULES, small_mine

from deposits.blockmodel import About
from deposits.errors import DataError, MissingPackage
from deposits.formats.meshes import Mesh, mesh_from_polygons, read_mesh
from deposits.formats.omf import read_omf, write_omf
from deposits.formats.omf_container import Registry
from planning.formats import stope_dxf
from planning.formats.stope_dxf import write_stope_dxf
from planning.formats.stope_omf import COLOURS, write_stope_omf
from planning.limits.stopes.solids import solid, volume_m3
from planning.limits.stopes.stope import diluted_walls
from planning.limits.stopes.table import TableFields, stope_table

ROOT = Path(__file__).parents[2]
ABOUT = About("Lenses", synthetic=True, crs="EPSG:32642", note="Grades in % Sb.")
PLAIN = About("Lenses")
WRITERS = [(write_stope_dxf, ".dxf"), (write_stope_omf, ".omf")]


@pytest.fixture(scope="module")
def mine():
    _, cells, _, panels = small_mine()
    stopes = [diluted_walls(s, cells.frame, RULES) for s in panels.stopes]
    fields = TableFields(grades=("sb_pct",))
    return cells.frame, stopes, stope_table(panels.stopes, cells, RULES, fields).rows


def bodies(mesh):
    """The connected parts of a mesh."""
    label = np.arange(len(mesh.vertices))
    for _ in range(20):
        for column in range(3):
            np.minimum.at(label, mesh.faces[:, column], label[mesh.faces].min(axis=1))
    of_face = label[mesh.faces[:, 0]]
    return [Mesh(mesh.vertices, mesh.faces[of_face == number]) for number in np.unique(of_face)]


def test_a_dxf_reads_back_as_closed_bodies_of_the_same_volume(tmp_path, mine):
    frame, stopes, rows = mine
    path = tmp_path / "synthetic_stopes.dxf"
    write_stope_dxf(path, frame, stopes, rows, ABOUT)
    mesh = read_mesh(path)
    assert len(mesh.faces) == 12 * len(stopes)
    assert f"{len(stopes)} TEXT left out" in mesh.notes
    written = np.sort([solid(frame, s).volume_m3 for s in stopes])
    import ezdxf
    from ezdxf.render.mesh import MeshBuilder

    found = []
    # Stopes of neighbouring sections may touch; each body on its own is closed.
    for entity in ezdxf.readfile(path).modelspace().query("POLYLINE"):
        faces = MeshBuilder.from_polyface(entity).faces_as_vertices()
        body = mesh_from_polygons([[list(v) for v in face] for face in faces])
        assert body.is_closed and len(body.vertices) == 8
        found.append(body.volume_m3)
    assert np.sort(found) == pytest.approx(written, rel=1e-9)


def test_a_dxf_has_a_layer_a_level_and_the_figures_of_each_stope(tmp_path, mine):
    import ezdxf

    frame, stopes, rows = mine
    path = tmp_path / "synthetic_stopes.dxf"
    write_stope_dxf(path, frame, stopes, rows, ABOUT)
    drawing = ezdxf.readfile(path)
    assert not drawing.audit().errors
    levels = {f"SYNTHETIC_STOPES_L{s.level + 1:02d}" for s in stopes}
    meshes = drawing.modelspace().query("POLYLINE")
    assert {m.dxf.layer for m in meshes} == levels and len(meshes) == len(stopes)
    said = [dict(tag.value.split("=") for tag in m.get_xdata("ANZOB") if tag.code == 1000)
            for m in meshes]  # fmt: skip
    assert [s["id"] for s in said] == rows["id"].tolist()
    assert [float(s["diluted_sb_pct"]) for s in said] == rows["diluted_sb_pct"].tolist()
    assert {s["SYNTHETIC"] for s in said} == {"True"}
    texts = [t.dxf.text for t in drawing.modelspace().query("TEXT")]
    assert texts == [f"SYNTHETIC {name}" for name in rows["id"]]
    words = " ".join(value for _, value in drawing.header.custom_vars.properties)
    assert "SYNTHETIC" in words and "EPSG:32642" in words and drawing.header["$INSUNITS"] == 6


def test_an_omf_has_a_surface_a_level_made_of_closed_bodies(tmp_path, mine):
    frame, stopes, rows = mine
    path = tmp_path / "synthetic_stopes.omf"
    write_stope_omf(path, frame, stopes, rows, ABOUT)
    project = read_omf(path)
    numbers = sorted({s.level for s in stopes})
    names = [f"SYNTHETIC Stopes of level {n + 1}" for n in numbers]
    assert [e.name for e in project.elements] == names and project.notes == ()
    for number, element in zip(numbers, project.elements, strict=True):
        of_level = [s for s in stopes if s.level == number]
        assert element.is_closed
        whole = sum(volume_m3(frame, s) for s in of_level)
        assert element.volume_m3 == pytest.approx(whole, rel=1e-9)
        assert len(bodies(element)) == len(of_level)


def test_an_omf_holds_the_figures_of_each_stope_on_its_faces(tmp_path, mine):
    frame, stopes, rows = mine
    path = tmp_path / "synthetic_stopes.omf"
    write_stope_omf(path, frame, stopes, rows, ABOUT)
    registry = Registry(path)
    assert registry.root["description"].startswith("SYNTHETIC")
    seen = 0
    for uid in registry.root["elements"]:
        items = [registry.objects[d] for d in registry.objects[uid]["data"]]
        assert {item["location"] for item in items} == {"faces"}
        held = {item["name"]: item for item in items}
        words = registry.array(registry.objects[held["id"]["legends"][0]]["values"])
        ids = words[registry.array(held["id"]["array"])]
        grade = registry.array(held["diluted_sb_pct"]["array"])
        expected = rows.set_index("id")["diluted_sb_pct"]
        assert grade.tolist() == expected[ids].tolist()
        assert registry.array(held["synthetic"]["array"]).all()
        shape = registry.objects[registry.objects[uid]["geometry"]]
        vertices, faces = (registry.array(shape[name]) for name in ("vertices", "triangles"))
        volumes = rows.set_index("id")["volume_m3"]
        for name in np.unique(ids):
            body = Mesh(vertices, faces[ids == name])
            assert body.volume_m3 == pytest.approx(volumes[name], rel=1e-9)
        seen += len(ids)
    assert seen == 12 * len(stopes)


@pytest.mark.parametrize(("write", "suffix"), WRITERS)
def test_equal_stopes_give_equal_bytes(tmp_path, mine, write, suffix):
    frame, stopes, rows = mine
    paths = [tmp_path / f"synthetic_{n}{suffix}" for n in (1, 2)]
    for path in paths:
        write(path, frame, stopes, rows, ABOUT)
    assert paths[0].read_bytes() == paths[1].read_bytes()


@pytest.mark.parametrize(("write", "suffix"), WRITERS)
def test_a_name_that_hides_what_is_synthetic_is_refused(tmp_path, mine, write, suffix):
    frame, stopes, rows = mine
    with pytest.raises(DataError, match="synthetic_"):
        write(tmp_path / f"stopes{suffix}", frame, stopes, rows, ABOUT)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(("write", "suffix"), WRITERS)
def test_real_stopes_do_not_say_synthetic(tmp_path, mine, write, suffix):
    frame, stopes, rows = mine
    path = tmp_path / f"stopes{suffix}"
    write(path, frame, stopes, rows, PLAIN)
    assert b"synthetic" not in path.read_bytes().lower()


@pytest.mark.parametrize(("write", "suffix"), WRITERS)
def test_figures_that_belong_to_no_stope_are_refused(tmp_path, mine, write, suffix):
    frame, stopes, rows = mine
    path = tmp_path / f"synthetic_stopes{suffix}"
    for some, figures, word in (
        ([], rows.iloc[:0], "no stopes"),
        (stopes, rows.iloc[1:], "differ"),
        (stopes, rows.assign(id="A"), "id of its own"),
        (stopes, rows.drop(columns="id"), "id of its own"),
    ):
        with pytest.raises(DataError, match=word):
            write(path, frame, some, figures, ABOUT)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(("write", "suffix"), WRITERS)
def test_a_broken_write_leaves_the_old_file(tmp_path, mine, write, suffix, monkeypatch):
    frame, stopes, rows = mine
    path = tmp_path / f"synthetic_stopes{suffix}"
    path.write_bytes(b"old")
    module = sys.modules[write.__module__]

    def fail(*args):
        raise OSError("disk is full")

    monkeypatch.setattr(module, "corners", fail)
    with pytest.raises(OSError, match="full"):
        write(path, frame, stopes, rows, ABOUT)
    assert path.read_bytes() == b"old" and len(list(tmp_path.iterdir())) == 1


def test_a_missing_ezdxf_comes_with_its_install_line(tmp_path, mine, monkeypatch):
    frame, stopes, rows = mine
    monkeypatch.setitem(sys.modules, "ezdxf", None)
    with pytest.raises(MissingPackage, match=r"pip install 'anzob\[dxf\]'"):
        write_stope_dxf(tmp_path / "synthetic_stopes.dxf", frame, stopes, rows, ABOUT)
    assert "anzob[dxf]" in stope_dxf.INSTALL


def test_the_formats_import_without_ezdxf_and_shapely():
    line = "import sys; sys.modules['ezdxf'] = sys.modules['shapely'] = None; "
    line += "import planning.formats.stope_dxf, planning.formats.stope_omf, "
    line += "planning.limits.stopes.polygons"
    subprocess.run([sys.executable, "-c", line], check=True, cwd=ROOT)


def test_classes_of_a_dxf_do_not_hang_on_the_order_of_a_set(tmp_path, mine):
    path = tmp_path / "synthetic_stopes.dxf"
    write_stope_dxf(path, *mine, ABOUT)
    lines = [line.strip() for line in path.read_text("utf-8").splitlines()]
    names = [lines[n + 2] for n, line in enumerate(lines) if line == "CLASS"]
    assert len(names) > 3 and names == sorted(names)


def test_levels_keep_their_colours_and_what_is_said_of_them_when_read_and_written(tmp_path, mine):
    frame, stopes, rows = mine
    first, second = (tmp_path / f"synthetic_{n}.omf" for n in (1, 2))
    write_stope_omf(first, frame, stopes, rows, ABOUT)
    write_omf(second, read_omf(first).elements, ABOUT)
    for path in (first, second):
        levels = read_omf(path).elements
        assert [level.colour for level in levels] == list(COLOURS[: len(levels)])
        assert all("closed bodies of 12 faces" in level.description for level in levels)
