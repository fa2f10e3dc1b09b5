import numpy as np
import pytest
from support.small_drilling import write_small

from deposits.errors import DataError
from deposits.estimate import validate
from deposits.estimate.inputs import shapes_of
from deposits.estimate.results import produce
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


def test_a_reach_that_finds_nothing_is_a_sentence_and_leaves_no_file(tmp_path):
    path = write_small(tmp_path)
    text = path.read_text("utf-8").replace("reach_m = [60, 60, 30]", "reach_m = [0.1, 0.1, 0.1]")
    path.write_text(text, "utf-8")
    with pytest.raises(DataError, match="no block of the domain found enough samples"):
        produce(opened(path).or_raise(), tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []


def test_a_domain_behind_another_has_no_block_and_says_so(tmp_path):
    more = (
        "[domains.hidden]\n[domains.hidden.variograms.sb_pct]\nnugget = 1.0\n"
        '[domains.hidden.variograms.au_gpt]\nsame_as = "sb_pct"\n'
    )
    found = opened(write_small(tmp_path, more=more))
    with pytest.raises(DataError, match="hidden"):
        produce(found.or_raise(), tmp_path / "out")


def test_a_pure_nugget_gives_every_block_the_mean_of_its_samples(tmp_path):
    path = write_small(tmp_path)
    text = path.read_text("utf-8").replace("structures = [{ sill = 0.9", "structures = [{ sill = 0")
    path.write_text(text, "utf-8")
    made = produce(opened(path).or_raise(), tmp_path / "out")
    assert made.summary["block_model"]["estimated"] > 0


def test_very_large_models_are_validated_on_every_nth_row(tmp_path, monkeypatch):
    study = opened(write_small(tmp_path)).or_raise()
    whole = produce(study, tmp_path / "a").summary["validation"]
    monkeypatch.setattr(validate, "MOST_ROWS", 300)
    monkeypatch.setattr(validate, "ROWS_AT_A_TIME", 101)
    part = produce(study, tmp_path / "b").summary["validation"]
    assert (whole["means"][0]["n_blocks"], part["means"][0]["n_blocks"]) == (810, 270)
    assert part["means"][0]["estimate"] == pytest.approx(whole["means"][0]["estimate"], rel=0.01)
    assert "every 3th row" in part["sentences"][-1]
