"""Is the house still built as it was drawn?"""

import ast
import configparser
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest
import setuptools

ROOT = Path(__file__).parents[1]
SETUP = configparser.ConfigParser()
SETUP.read(ROOT / "setup.cfg")
PACKAGES = SETUP["options.packages.find"]["include"].split()
BELOW = {"deposits": set(), "planning": {"deposits"}, "maps": {"deposits", "planning"}}
SOURCES = sorted(path for room in BELOW for path in (ROOT / room).rglob("*.py"))
LONGEST_FILE, LONGEST_BODY, MOST_PARAMETERS = 400, 40, 6
#: A kernel is one loop over many arrays; what it takes comes in named tuples where it can.
KERNEL_BODY, KERNEL_PARAMETERS = 90, 12
#: The command line is a list of options; it is flat by nature.
FLAT = {"cli.py"}


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def own_imports(path: Path) -> set[str]:
    """Names of our own packages imported anywhere in a file, also inside functions."""
    found = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found.add((node.module or "").split(".")[0])
    return found & BELOW.keys()


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", SOURCES, ids=named)
def test_imports_only_flow_downwards(path):
    room = path.relative_to(ROOT).parts[0]
    assert own_imports(path) <= BELOW[room] | {room}


def test_the_front_door_is_thin():
    assert len((ROOT / "anzob.py").read_text("utf-8").splitlines()) <= 200


@pytest.mark.parametrize("path", SOURCES, ids=named)
def test_a_file_can_be_read_at_one_sitting(path):
    assert len(path.read_text("utf-8").splitlines()) <= LONGEST_FILE


@pytest.mark.parametrize("path", [p for p in SOURCES if p.name not in FLAT], ids=named)
def test_functions_are_short_and_take_few_parameters(path):
    kernel = path.parent.name == "kernels"
    most = KERNEL_PARAMETERS if kernel else MOST_PARAMETERS
    longest = KERNEL_BODY if kernel else LONGEST_BODY
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef):
            taken = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
            taken = [a for a in taken if a.arg not in ("self", "cls")]
            assert len(taken) <= most, f"{node.name} takes {len(taken)} parameters"
            body = node.body[1:] if ast.get_docstring(node) else node.body
            lines = body[-1].end_lineno - body[0].lineno + 1 if body else 0
            assert lines <= longest, f"{node.name} has {lines} lines"


@pytest.mark.parametrize("path", SOURCES, ids=named)
def test_a_module_opens_with_the_question_it_answers(path):
    text = ast.get_docstring(tree(path))
    assert text, "no docstring"
    assert "?" in text.split("\n\n")[0], "the first paragraph asks nothing"


@pytest.mark.parametrize("path", SOURCES, ids=named)
def test_public_names_are_typed_and_documented(path):
    for node in tree(path).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            assert ast.get_docstring(node), f"{node.name} has no docstring"
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            assert node.returns is not None, f"{node.name} does not say what it returns"
            arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
            untyped = [a.arg for a in arguments if a.annotation is None]
            assert not untyped, f"{node.name}: {untyped} have no type"


@pytest.mark.parametrize("path", [p for p in SOURCES if p.name != "cli.py"], ids=named)
def test_only_the_command_line_prints(path):
    called = [n.func for n in ast.walk(tree(path)) if isinstance(n, ast.Call)]
    assert not [f for f in called if isinstance(f, ast.Name) and f.id == "print"]


BLOCKED = ("folium", "geopandas", "shapely", "pyproj", "pyogrio", "rasterio", "matplotlib", "maps")
PROGRAM = f"""
import importlib, pkgutil, sys
for name in {BLOCKED!r}:
    sys.modules[name] = None  # any import of it now fails
for room in ("deposits", "planning"):
    package = importlib.import_module(room)
    for module in pkgutil.walk_packages(package.__path__, room + "."):
        importlib.import_module(module.name)
"""


def test_deposits_and_planning_need_no_map_stack():
    subprocess.run([sys.executable, "-c", PROGRAM], check=True, cwd=ROOT)


@pytest.mark.parametrize("room", sorted(BELOW))
def test_the_packages_are_ours(room):
    program = f"import {room}; print({room}.__file__)"
    found = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True, cwd="/"
    )
    assert Path(found.stdout.strip()) == ROOT / room / "__init__.py"


def test_nothing_called_data_or_tests_is_installed():
    packages = setuptools.find_packages(str(ROOT), include=PACKAGES)
    assert {name.split(".")[0] for name in packages} == set(BELOW)
    assert not (Path(sysconfig.get_path("purelib")) / "data").exists()
    assert not (Path(sysconfig.get_path("purelib")) / "tests").exists()


def test_help_does_not_import_what_is_heavy():
    program = (
        "import sys, anzob; "
        "heavy = {'numpy', 'pandas', 'geopandas', 'scipy', 'pydantic', 'folium'};"
        "print(sorted(heavy & sys.modules.keys()))"
    )
    found = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True, cwd=ROOT
    )
    assert found.stdout.strip() == "[]"
