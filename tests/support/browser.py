"""Debian's Chromium without a network, for the pages that this project makes."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--force-color-profile=srgb",
)


def need(found: object, what: str) -> None:
    """Skip without a client; fail where clients are required."""
    if found:
        return
    if os.environ.get("ANZOB_REQUIRE_CLIENTS") == "1":
        pytest.fail(f"{what} is required here (ANZOB_REQUIRE_CLIENTS=1) and is missing")
    pytest.skip(f"{what} is not installed")


@dataclass
class Watched:
    """A page and everything it should not have done."""

    page: Any
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


@contextlib.contextmanager
def chromium() -> Iterator[Any]:
    """Start the browser; skip the test when there is none."""
    program = shutil.which("chromium")
    need(program, "Chromium")
    api = pytest.importorskip("playwright.sync_api")
    with api.sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=program, args=list(FLAGS), chromium_sandbox=False
        )
        try:
            yield browser
        finally:
            browser.close()


@contextlib.contextmanager
def opened(browser: Any, path: Path, *, width: int = 1440, height: int = 900) -> Iterator[Watched]:
    """Open a file with every other request refused and written down."""
    context = browser.new_context(viewport={"width": width, "height": height})
    watched = Watched(context.new_page())
    address = path.resolve().as_uri()

    def only_the_file(route: Any) -> None:
        if route.request.url.split("#")[0] == address:
            route.continue_()
        else:
            watched.requests.append(route.request.url)
            route.abort()

    context.route("**/*", only_the_file)
    watched.page.on(
        "console",
        lambda said: (
            watched.complaints.append(said.text) if said.type in {"error", "warning"} else None
        ),
    )
    watched.page.on("pageerror", lambda error: watched.complaints.append(str(error)))
    watched.page.on("dialog", lambda box: (watched.complaints.append("dialog"), box.dismiss()))
    watched.page.goto(address)
    watched.page.wait_for_selector("html[data-ready=yes]", state="attached", timeout=15_000)
    try:
        yield watched
    finally:
        context.close()


def colours(picture: bytes) -> int:
    """Number of different colours in a PNG."""
    import warnings

    import numpy as np
    import rasterio

    warnings.filterwarnings("ignore", message=".*geotransform.*")
    with rasterio.MemoryFile(picture) as memory, memory.open() as image:
        bands = image.read()[:3].reshape(3, -1).T.astype(np.uint32)
    return int(np.unique(bands[:, 0] << 16 | bands[:, 1] << 8 | bands[:, 2]).size)
