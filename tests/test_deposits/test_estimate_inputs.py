import numpy as np
import pytest
from support.small_drilling import write_small

from deposits.estimate.inputs import shapes_of
from deposits.estimate.workflow import load
from deposits.formats.meshes import Mesh, write_stl
from deposits.study import read_study

TABLES = ("study", "layers", "drillholes", "samples", "domains", "estimation", "blocks", "density",
          "classification", "tonnage", "validation", "synthetic", "map")  # fmt: skip


def opened(path):
    return load(read_study(path, TABLES).or_raise())


def sheet(path, elevation):
    """A square surface over the whole of the small study."""
    corners = np.array([[-500, -500], [500, -500], [500, 500], [-500, 500]], float)
    vertices = np.column_stack([np.add(corners, [500_000, 100_000]), np.full(4, float(elevation))])
    write_stl(path, Mesh(vertices, np.array([[0, 1, 2], [0, 2, 3]]), path.stem))


def test_a_domain_lies_between_its_surfaces(tmp_path):
    sheet(tmp_path / "roof.stl", 80.0)
    sheet(tmp_path / "floor.stl", 20.0)
    path = write_small(tmp_path, domain='under = "roof.stl"\nover = "floor.stl"')
    study = opened(path).or_raise()
    inside = shapes_of(study.config, study.inputs)["ore"]
    points = np.array([[5e5, 1e5, z] for z in (10.0, 20.0, 50.0, 80.0, 81.0)] + [[6e5, 1e5, 50.0]])
    assert inside(points).tolist() == [False, True, True, True, False, False]


def test_a_surface_that_is_not_there_is_named(tmp_path):
    found = opened(write_small(tmp_path, domain='under = "rof.stl"'))
    assert any("rof.stl" in str(problem) for problem in found.errors)


@pytest.mark.parametrize("shape", ['solid = "a.stl"\npolygon = "b"'])
def test_a_domain_has_one_outline(tmp_path, shape):
    found = opened(write_small(tmp_path, domain=shape))
    assert any("solid or polygon, not both" in str(problem) for problem in found.errors)
