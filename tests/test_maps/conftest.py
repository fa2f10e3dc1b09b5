from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from support import browser as clients
from support import example_drilling, example_study


@pytest.fixture(scope="session")
def summary() -> dict[str, Any]:
    return example_study.summary()


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory, summary: dict[str, Any]) -> Path:
    """A finished study's folder, read by tests, changed by none."""
    import json

    from maps.workflow import write_products

    folder = tmp_path_factory.mktemp("finished")
    write_products(summary, example_study.layers(), folder)
    (folder / "summary.json").write_text(json.dumps(summary), "utf-8")
    return folder


@pytest.fixture(scope="session")
def drilled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a finished drillhole study, read by tests, changed by none."""
    import json

    from maps.config import MapSettings
    from maps.workflow import write_products

    folder = tmp_path_factory.mktemp("drilled")
    told = example_drilling.summary()
    blocks = example_drilling.write_blocks(folder)
    settings = MapSettings(online_tiles=False)
    write_products(told, example_drilling.layers(), folder, settings=settings, blocks=blocks)
    (folder / "summary.json").write_text(json.dumps(told), "utf-8")
    return folder


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    with clients.chromium() as browser:
        yield browser
