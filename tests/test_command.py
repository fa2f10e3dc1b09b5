"""Does the command do what the README says, for a user who types it?"""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from support.command import anzob, printed
from support.studies import NORTH, write_study

ROOT = Path(__file__).parents[1]
RESERVE = {
    "block_id": "I-1", "field": "Северное", "category": "C1", "area_basis": "plan", "dip_deg": 60,
    "true_thickness_m": 5, "sb_pct": 2.5, "cutoff_sb_pct": 1.0, "kind": "reported",
    "source": "report 1958", "year": 1958,
}  # fmt: skip


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    """The study of the real evidence, run as the README says."""
    out = tmp_path_factory.mktemp("anzob") / "results"
    found = anzob("study", "--out", out, SOURCE_DATE_EPOCH="0")
    assert found.returncode == 0, found.stderr
    return out, found.stdout


def summary_of(results):
    return json.loads((results[0] / "summary.json").read_text("utf-8"))


def test_the_study_ends_with_both_verdicts(results):
    out, said = results
    assert "as claimed (700,000 t of ore a year for 10 years): does not hold" in said
    assert "as a planner reads it (700,000 t of ore a year for 10 years): not known" in said
    assert "Not a Mineral Resource or Ore Reserve" in said
    wanted = {"map.html", "report.html", "scenarios.xlsx", "layers.gpkg", "study.qgz", "geojson"}
    assert {path.name for path in out.iterdir()} == wanted | {"summary.json", "manifest.json"}


def test_the_summary_holds_what_others_rely_on(results):
    summary = summary_of(results)
    keys = {"study", "version", "generated", "fields", "grade_tonnage", "verdict", "claims"}
    assert keys | {"scenarios", "files"} <= summary.keys()
    assert summary["verdict"]["holds"] is None
    claimed = next(s for s in summary["scenarios"] if s["name"] == "as_claimed")["verdict"]
    assert claimed["holds"] is False
    assert claimed["binding"] == "ore_supply"
    assert claimed["first_failing_year"] == 6
    assert claimed["share_of_draws"] is None
    for name in summary["files"]:
        assert (results[0] / name).is_file()
    assert not any(row["synthetic"] for row in summary["grade_tonnage"])


def test_the_public_arithmetic_comes_out(results):
    summary = summary_of(results)
    values = {a["question"]: a for a in summary["inverse"]}
    metal = next(a for q, a in values.items() if "How much antimony" in q)
    assert metal["value"] == pytest.approx(105_000)
    world = next(a for q, a in values.items() if "world's mine output" in q)
    assert (world["low"], world["high"]) == (
        pytest.approx(88.2, abs=0.1),
        pytest.approx(126.5, abs=0.1),
    )
    made = next(a for q, a in values.items() if "How much concentrate" in q)
    assert made["value"] == pytest.approx(183_750)
    filled = next(a for q, a in values.items() if "fills the concentrate line" in q)
    assert filled["value"] == pytest.approx(114_286, rel=1e-5)


def test_jijikrut_has_no_figure_and_konchoch_two_models(results):
    rows = summary_of(results)["grade_tonnage"]
    jijikrut = [r for r in rows if r["field"] == "jijikrut" and r["role"] == "model"]
    assert len(jijikrut) == 10
    assert all(r["ore_t"]["value"] is None and r["missing"] for r in jijikrut)
    konchoch = [r for r in rows if r["field"] == "konchoch" and r["cutoff_sb_pct"] == 0]
    ore = {r["model"]: r["ore_t"] for r in konchoch}
    assert ore["A gold-led"]["p10"] == pytest.approx(20.4e6, rel=0.02)
    assert ore["A gold-led"]["p90"] == pytest.approx(23.5e6, rel=0.02)
    assert ore["B antimony sub-domain"]["value"] == pytest.approx(6.30e6, rel=1e-3)
    total = next(r for r in rows if r["field"] == "all" and r["cutoff_sb_pct"] == 0)
    assert total["ore_t"]["value"] is None
    assert total["known_part"]["fields"] == "konchoch"


def test_bounding_cases_are_those_of_the_evidence(results):
    summary = summary_of(results)
    ore = {
        s["name"]: s["base_case"]["ore_available_t"]
        for s in summary["scenarios"]
        if s["name"].startswith("bounding")
    }
    assert ore["bounding_147kt"] == pytest.approx(4.74e6, rel=1e-3)
    assert ore["bounding_197kt"] == pytest.approx(6.35e6, rel=1e-3)
    assert ore["bounding_600kt"] == pytest.approx(24e6)


def test_equal_inputs_give_equal_bytes_on_any_number_of_threads(results, tmp_path):
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
    found = anzob("study", "--out", tmp_path / "again", SOURCE_DATE_EPOCH="0", **threads)
    assert found.returncode == 0
    first, again = results[0], tmp_path / "again"
    names = sorted(p.relative_to(first) for p in first.rglob("*") if p.is_file())
    assert names == sorted(p.relative_to(again) for p in again.rglob("*") if p.is_file())
    for name in names:
        if name.name != "manifest.json":
            assert (first / name).read_bytes() == (again / name).read_bytes(), name


def test_the_real_study_is_sound_and_warns_of_the_double_record():
    found = anzob("check")
    assert found.returncode == 0
    assert "0 errors" in found.stdout
    assert "7.4 km apart" in found.stdout
    assert "3.8 times the stated metal" in found.stdout


def test_a_new_study_runs_as_told(tmp_path):
    made = anzob("new", tmp_path / "mine")
    assert made.returncode == 0
    (command,) = [line.split() for line in made.stdout.splitlines() if line.startswith("    anzob")]
    assert len(list((tmp_path / "mine").glob("*.csv"))) == 3
    ran = anzob(*command[1:])
    assert ran.returncode == 0, ran.stderr
    written = [p.name for p in (tmp_path / "mine" / "results").iterdir()]
    assert "synthetic_map.html" in written
    again = anzob("new", tmp_path / "mine")
    assert again.returncode == 1
    assert "would overwrite" in again.stderr


def test_reserve_blocks_become_rows_of_their_field(tmp_path):
    import geopandas as gpd
    from shapely.geometry import box

    path = write_study(
        tmp_path,
        more='[layers.blocks]\npath = "blocks.gpkg"\nrole = "reserve_blocks"\ntitle = "GKZ 1958"\n'
        "host_density_t_per_m3 = 2.70\n",
    )
    text = path.read_text().replace('name = "North"', 'name = "North"\ntotal_model = "GKZ 1958"')
    path.write_text(text, "utf-8")
    blocks = gpd.GeoDataFrame(
        [RESERVE, RESERVE | {"block_id": "I-2", "category": "C2", "sb_pct": 15.0}],
        geometry=[box(468000, 4336000, 468100, 4336100), box(469000, 4336000, 469100, 4336100)],
        crs="EPSG:32642",
    )
    blocks.to_file(tmp_path / "blocks.gpkg")
    rows = printed("tonnage", path, "--json")["grade_tonnage"]
    mine = [r for r in rows if r["model"] == "GKZ 1958" and r["cutoff_sb_pct"] == 1.0]
    ore = {r["category"]: r["ore_t"]["value"] for r in mine}
    # 100 m x 100 m / cos 60 x 5 m = 100,000 m3; UTM lengths are 0.04 % short on the ground.
    assert ore["C1"] == pytest.approx(100_000 * 2.74, rel=2e-3)
    assert ore["C2"] == pytest.approx(100_000 * 2.96, rel=2e-3)
    below = [r for r in rows if r["model"] == "GKZ 1958" and r["cutoff_sb_pct"] == 0.5]
    assert all(r["ore_t"]["value"] is None for r in below)
    rich = {r["category"]: r["ore_t"]["value"] for r in rows
            if r["model"] == "GKZ 1958" and r["cutoff_sb_pct"] == 15.0}  # fmt: skip
    assert rich == {"C1": 0.0, "C2": pytest.approx(100_000 * 2.96, rel=2e-3)}
    totals = [r for r in rows if r["field"] == "all" and r["cutoff_sb_pct"] == 1.0]
    assert {t["category"] for t in totals} == {"C1", "C2"}
    found = anzob("study", path, "--out", tmp_path / "out")
    assert found.returncode == 0, found.stderr


def test_overrides_reach_the_plan():
    found = printed("plan", "--throughput", 500000, "--price", 25000, "--cutoff", 1.5, "--json")
    assert found["base_case"]["throughput_t_per_year"] == 500_000
    assert found["base_case"]["sb_price_usd_per_t"] == 25_000
    assert found["inputs"]["plan"]["cutoff_sb_pct"]["value"] == 1.5
    named = printed("plan", "--scenario", "bounding_197kt", "--throughput", 500000, "--json")
    assert named["base_case"]["life_years"] == pytest.approx(12.7, abs=0.01)
    all_of_them = printed("plan", "--all-scenarios", "--json")["scenarios"]
    assert len(all_of_them) == 14 - 1


def test_exit_codes(tmp_path):
    assert anzob("plan", "--fail-if-not-holding").returncode == 3
    assert anzob("plan", "--scenario", "bounding_147kt", "--fail-if-not-holding").returncode == 3
    assert anzob("plan", "--no-such-option").returncode == 2
    assert anzob("plan", tmp_path / "none.toml").returncode == 1
    holding = write_study(
        tmp_path,
        plan="mining_recovery_fraction = 1\ndilution_fraction = 0\ndilution_grade_sb_pct = 0\n"
        "mine_capacity_t_per_year = 200000\n",
    )
    assert anzob("plan", holding, "--fail-if-not-holding").returncode == 0


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("throughput_t_per_year", "thoughput_t_per_year", 'Did you mean "throughput_t_per_year"'),
        ("throughput_t_per_year = 100000", "throughput_t_per_year = 700", "write 700000"),
        ("sb_recovery_fraction = 0.9", "sb_recovery_fraction = 90", "0.9"),
        ('feeds = ["north"]', 'feeds = ["nord"]', 'Did you mean "north"'),
        ('plant = "mill"', 'plant = "mil"', 'Did you mean "mill"'),
        ('"statements.csv"', '"statement.csv"', 'Did you mean "statements.csv"'),
        ('"deposits.geojson"', '"deposit.geojson"', "deposit.geojson"),
        ("EPSG:32642", "EPSG:4326", "not projected"),
    ],
)
def test_check_says_what_was_meant(tmp_path, old, new, said):
    path = write_study(tmp_path)
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")
    found = anzob("check", path)
    assert said in found.stdout


def test_check_lists_everything_at_once(tmp_path):
    text = (
        "[economics]\n"
        "sb_price = { usd_per_t = -5, market = 'x', vat = 'excluded', date = '2025' }\n"
        "[scenario.bad]\nbased_on = 'worse'\n"
    )
    path = write_study(tmp_path, NORTH, NORTH | {"sb_pct": "two"}, more=text)
    path.write_text(path.read_text().replace("[plants.mill]", "[plants.mill]\nownr = 'x'"))
    found = anzob("check", path, "--json")
    assert found.returncode == 1
    for said in ("usd_per_t", "worse", "ownr", "not a number", "identifier repeats"):
        assert said in found.stdout


def test_a_statement_without_a_feature_and_the_reverse_are_found(tmp_path):
    path = write_study(tmp_path, more='[fields.south]\nname = "South"\n')
    layer = json.loads((tmp_path / "deposits.geojson").read_text())
    layer["features"][0]["properties"]["field"] = "south"
    (tmp_path / "deposits.geojson").write_text(json.dumps(layer))
    said = anzob("check", path).stdout
    assert "statements of north but no feature" in said
    assert 'a feature of field "south" but no statement' in said


def test_an_interrupted_study_leaves_no_half_file(tmp_path):
    command = [
        sys.executable,
        "-c",
        "import anzob; anzob.main()",
        "study",
        "--out",
        str(tmp_path / "out"),
    ]
    run = subprocess.Popen(command, env=os.environ | {"PYTHONPATH": str(ROOT)},
                           stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)  # fmt: skip
    deadline = time.monotonic() + 120
    while not (tmp_path / "out").is_dir() and time.monotonic() < deadline:
        time.sleep(0.001)  # the folder is made when the first file is begun
    run.send_signal(signal.SIGINT)
    assert run.wait(timeout=60) != 0
    left = [p.name for p in tmp_path.rglob("*") if p.is_file() and "half" in p.name]
    assert not left


@pytest.mark.parametrize(
    "command", ["study", "check", "tonnage", "plan", "new", "map", "export", "estimate"]
)
def test_help_names_the_unit_of_every_option(command):
    """Every option says its unit, or that it has none."""
    from typer.main import get_command

    import anzob as house

    found = get_command(house.app).commands[command]
    units = (
        "t a year",
        "USD per t",
        "% Sb",
        "m3",
        "seconds",
        "fraction",
        "no unit",
        "file",
        "folder",
        "Folder",
        "JSON",
        "this message",
    )
    for option in found.params:
        text = getattr(option, "help", "") or ""
        assert any(unit in text for unit in units), f"{command} {option.name}: {text!r}"


def test_a_scenario_with_a_wrong_bounding_case_is_found_before_it_runs(tmp_path):
    more = '[scenario.bound.fields.north]\nbounding_case = "N2"\n'
    found = anzob("check", write_study(tmp_path, more=more))
    assert found.returncode == 1
    assert "scenario.bound.fields.north.bounding_case" in found.stdout


def test_a_reserve_block_without_a_polygon_does_not_vanish(tmp_path):
    import geopandas as gpd
    from shapely.geometry import box

    path = write_study(
        tmp_path, more='[layers.blocks]\npath = "blocks.gpkg"\nrole = "reserve_blocks"\n'
    )
    lost = RESERVE | {"block_id": "I-2", "area_basis": "longitudinal", "area_m2": 9000.0}
    shapes = [box(468000, 4336000, 468100, 4336100), None]
    gpd.GeoDataFrame([RESERVE, lost], geometry=shapes, crs="EPSG:32642").to_file(
        tmp_path / "blocks.gpkg"
    )
    found = anzob("check", path)
    assert found.returncode == 1
    assert "would vanish from the tonnage" in found.stdout


def test_an_output_that_is_a_file_is_one_sentence(tmp_path):
    path = write_study(tmp_path)
    (tmp_path / "out").write_text("")
    found = anzob("study", path, "--out", tmp_path / "out")
    assert found.returncode == 1
    assert "Traceback" not in found.stderr
    assert f"{tmp_path / 'out'}: File exists" in found.stderr


def test_one_scenario_or_all_of_them():
    assert anzob("plan", "--scenario", "actual_rate", "--all-scenarios").returncode == 2
    assert printed("plan", "--scenario", "base", "--json")["scenario"] == "base"


def test_a_new_study_can_be_asked_for_by_a_program(tmp_path):
    assert "study.toml" in printed("new", tmp_path / "mine", "--json")["files"]


def test_the_readmes_python_runs():
    text = (ROOT / "README.md").read_text("utf-8")
    program = text.split("```python\n")[1].split("```")[0]
    found = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert found.returncode == 0, found.stderr
    assert "not known" in found.stdout


def test_the_readme_says_what_the_study_finds(results):
    text = (ROOT / "README.md").read_text("utf-8")
    cases = {s["name"]: s for s in summary_of(results)["scenarios"]}
    words = {True: "holds", False: "does not hold", None: "not known"}
    for reading, name in (("as claimed", "as_claimed"), ("as a planner reads it", "base")):
        line = next(row for row in text.splitlines() if row.startswith(f"| **{reading}**"))
        assert f"**{words[cases[name]['verdict']['holds']]}**" in line
    assert cases["bounding_147kt"]["verdict"]["holds"] is False
    assert "dilution of 10% would fill it" in str(cases["bounding_197kt"]["verdict"]["tests"])


def test_a_path_to_a_folder_and_a_missing_folder_are_named(tmp_path):
    path = write_study(tmp_path, more='[market]\nfolder = "markt"\ncountry = "X"\nworld = "W"\n')
    (tmp_path / "market").mkdir()
    (tmp_path / "layers").mkdir()
    path.write_text(path.read_text().replace('"deposits.geojson"', '"layers"'))
    said = anzob("check", path).stdout
    assert "this is a folder, not a layer" in said
    assert said.count("the folder does not exist") == 1
    assert 'Did you mean "market"' in said


def test_a_layer_in_a_russian_spreadsheets_csv_names_its_delimiter(tmp_path):
    path = write_study(tmp_path)
    (tmp_path / "d.csv").write_text("id;name;lon;lat;field\nn;North;68,6;39,2;north\n", "utf-8")
    text = path.read_text().replace(
        'path = "deposits.geojson"', 'path = "d.csv"\nx = "lon"\ny = "lat"\ncrs = "EPSG:4326"'
    )
    path.write_text(text)
    assert 'State delimiter = ";"' in anzob("check", path).stdout
    path.write_text(text.replace('y = "lat"', 'y = "lat"\ndelimiter = ";"\ndecimal = ","'))
    assert anzob("check", path).returncode == 0


def test_a_mine_grid_ten_times_too_large_is_refused(tmp_path):
    path = write_study(tmp_path)
    (tmp_path / "d.csv").write_text("id,name,x,y,field\nn,North,10,10,north\n", "utf-8")
    points = "local_x,local_y,easting,northing\n0,0,468000,4336000\n100,0,469000,4336000\n"
    (tmp_path / "c.csv").write_text(points + "0,100,468000,4337000\n100,100,469000,4337000\n")
    text = path.read_text().replace(
        'path = "deposits.geojson"',
        'path = "d.csv"\nx = "x"\ny = "y"\ncontrol_points = "c.csv"',
    )
    path.write_text(text)
    found = anzob("check", path)
    assert found.returncode == 1
    assert "a control point is wrong" in found.stdout
