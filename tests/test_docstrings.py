"""Does every example in a docstring give what it says?"""

import doctest
import importlib
import pkgutil

import pytest

MODULES = sorted(
    module.name
    for room in ("deposits", "planning", "maps")
    for module in pkgutil.walk_packages(importlib.import_module(room).__path__, f"{room}.")
)


@pytest.mark.parametrize("name", MODULES)
def test_examples_give_what_they_say(name):
    found = doctest.testmod(importlib.import_module(name))
    assert found.failed == 0


def test_there_are_examples_to_run():
    finder = doctest.DocTestFinder(exclude_empty=True)
    tests = [t for name in MODULES for t in finder.find(importlib.import_module(name))]
    assert sum(bool(t.examples) for t in tests) > 20
