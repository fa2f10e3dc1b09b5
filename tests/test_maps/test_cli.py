import json
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from maps.cli import export_command, map_command
from maps.errors import UnfinishedStudy

app = typer.Typer()
app.command("map")(map_command)
app.command("export")(export_command)


def run(*arguments):
    return CliRunner().invoke(app, [str(a) for a in arguments])


def test_map_writes_the_page_and_names_it(finished, tmp_path):
    result = run("map", finished, "--out", tmp_path)
    assert result.exit_code == 0
    assert result.stdout.strip() == str(tmp_path / "map.html")


def test_json_is_one_object_and_nothing_else(finished, tmp_path):
    result = run("export", finished, "--format", "geojson", "--out", tmp_path, "--json")
    answer = json.loads(result.stdout)
    assert "deposits.geojson" in answer["files"]


def test_a_format_that_is_not_there_is_wrong_usage(finished):
    result = run("export", finished, "--format", "shp")
    assert result.exit_code == 2
    assert "not a format" in result.output


def test_a_folder_that_is_no_study_is_refused(tmp_path):
    assert isinstance(run("map", tmp_path).exception, UnfinishedStudy)


@pytest.mark.parametrize("module", ["maps.cli", "maps.config", "maps.workflow"])
def test_asking_for_help_loads_nothing_heavy(module):
    code = (
        f"import sys, {module}; "
        "print([m for m in ('folium', 'geopandas', 'pandas', 'pyogrio', 'shapely', 'rasterio')"
        " if m in sys.modules])"
    )
    root = Path(__file__).parents[2]
    result = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True)
    assert result.stdout.strip() == "[]", result.stderr
