"""A skipped test is a failure where every client and reference must be there (CI)."""

import os

import pytest
from hypothesis import settings

# A busy machine is slow, not wrong.
settings.register_profile("anzob", deadline=None)
settings.load_profile("anzob")


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    skipped = len(reporter.stats.get("skipped", [])) if reporter else 0
    if os.environ.get("ANZOB_REQUIRE_CLIENTS") == "1" and skipped and exitstatus == 0:
        reporter.write_line(f"{skipped} tests skipped, and ANZOB_REQUIRE_CLIENTS=1 allows none")
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
