"""What do other programs find in the DXF file of a study: ezdxf's own audit, OGR and QGIS?"""

import json
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from support.exchange import rings
from support.in_qgis import run_in_qgis
from support.stope_mine import RULES, small_mine

from deposits.blockmodel import About
from deposits.formats.dxf_files import layer_name
from maps import workflow
from planning.formats.stope_dxf import write_stope_dxf
from planning.limits.stopes.solids import volume_m3
from planning.limits.stopes.stope import diluted_walls
from planning.limits.stopes.table import TableFields, stope_table

CHECK = Path(__file__).parents[1] / "support" / "qgis_dxf.py"
#: What shapely calls a part and what OGR calls what it finds of it.
KINDS = {"Point": "POINT", "LineString": "LINESTRING", "LinearRing": "LINESTRING"}


@pytest.fixture(scope="module")
def volumes():
    """Volume of the stopes of each layer [m3], told by the planner."""
    return Counter()


@pytest.fixture(scope="module")
def stoped(tmp_path_factory, drilled, volumes):
    """A synthetic study with bodies of stopes."""
    folder = tmp_path_factory.mktemp("stoped")
    shutil.copytree(drilled, folder, dirs_exist_ok=True)
    _, cells, _, panels = small_mine()
    stopes = [diluted_walls(stope, cells.frame, RULES) for stope in panels.stopes]
    rows = stope_table(panels.stopes, cells, RULES, TableFields(grades=("sb_pct",))).rows
    about = About("Lenses", synthetic=True)
    write_stope_dxf(folder / "synthetic_stopes.dxf", cells.frame, stopes, rows, about)
    for stope in stopes:
        layer = f"SYNTHETIC_STOPES_L{stope.level + 1:02d}"
        volumes[layer] += volume_m3(cells.frame, stope)
    return folder


@pytest.fixture(scope="module", params=["finished", "stoped"])
def written(request, tmp_path_factory):
    """A study and its DXF file."""
    folder, out = request.getfixturevalue(request.param), tmp_path_factory.mktemp("dxf")
    (name,) = workflow.export_from_folder(folder, "dxf", out)
    return workflow._read(folder, out), out / name


def test_the_audit_of_ezdxf_finds_nothing(written):
    _, path = written
    audit = [sys.executable, "-m", "ezdxf", "audit", str(path)]
    done = subprocess.run(audit, capture_output=True, text=True)
    assert done.returncode == 0 and "No errors found." in done.stdout


@pytest.mark.qgis
def test_ogr_and_qgis_find_the_same_counts_places_and_volumes(written, tmp_path, volumes):
    read, path = written
    seen = json.loads(run_in_qgis(CHECK, path, folder=tmp_path).stdout)[str(path)]
    expected = Counter()
    for layer in read.marked(read.layers):
        if not len(layer.features):
            continue
        found = seen["ogr"][layer_name(layer.name)]
        parts = [part for shape in layer.features.geometry for part in rings(shape)]
        assert found["kinds"] == Counter(KINDS[part.geom_type] for part in parts)
        np.testing.assert_allclose(found["box"], layer.features.total_bounds, rtol=0, atol=1e-6)
        expected.update(found["kinds"])
    bodies = {name: each for name, each in seen["ogr"].items() if each["volume_m3"]}
    assert bodies.keys() == (volumes.keys() if read.synthetic else set())
    for name, each in bodies.items():
        assert each["volume_m3"] == pytest.approx(volumes[name], rel=1e-9)
    # QGIS 3.22 lists the bodies and shows none: it looks for polygons, OGR tells of polyhedra.
    bodied = seen["qgis"].pop("Polygon", {"told": 0})["told"]
    assert bodied == sum(each["kinds"]["POLYHEDRALSURFACE"] for each in bodies.values())
    assert all(each["valid"] and each["count"] for each in seen["qgis"].values())
    lines = sum(each["count"] for kind, each in seen["qgis"].items() if "Line" in kind)
    assert lines == expected["LINESTRING"]
