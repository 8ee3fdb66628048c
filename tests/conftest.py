"""Where CI is true, nothing may skip but what reads recordings that are not there."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

#: Machines are shared: how long one example takes says nothing.
settings.register_profile("shared", deadline=None)
settings.load_profile("shared")
#: Before scikit-learn is loaded: workers that each spin on all cores take twenty times as long.
os.environ.setdefault("OMP_NUM_THREADS", "1")

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


def unexcused(report: pytest.TestReport | pytest.CollectReport) -> bool:
    """Whether this skip should have run here."""
    may_skip = "real_data" in getattr(report, "keywords", {}) and not DATA.is_dir()
    return not may_skip


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name the skips that should have run."""
    for report in skips(terminalreporter.config):
        terminalreporter.write_line(f"skipped although CI is true: {report.nodeid}", red=True)


def skips(config: pytest.Config) -> list[pytest.TestReport]:
    """Skips that CI does not allow."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") != "true" or reporter is None:
        return []
    return [report for report in reporter.stats.get("skipped", []) if unexcused(report)]


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """A skip that should have run fails the session."""
    if skips(session.config):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
