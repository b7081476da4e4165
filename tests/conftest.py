"""What several test modules share: the bench on which bots are run, and the misses that are told at the end."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings
from proofs.bench import Bench

os.environ["BYBIT_LINT_NO_CACHE"] = "1"  # many tests change the tool itself, which no cache knows of

settings.register_profile(
    "any machine",
    deadline=None,  # how long an example takes, and how long it takes to make one, depends on what else is running
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("any machine")

MISSED = "missed once"


@pytest.fixture(scope="session")
def bench() -> Iterator[Bench]:
    with Bench() as bench:
        yield bench


@pytest.fixture
def missed(record_property: pytest.FixtureRequest) -> Iterator[list[str]]:
    """What failed and was tried again, told at the end of the whole run."""
    found: list[str] = []
    yield found
    for text in found:
        record_property(MISSED, text)  # type: ignore[operator]  # pytest's type says nothing of it


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reports = [report for kind in ("passed", "failed") for report in terminalreporter.getreports(kind)]
    texts = [text for report in reports for name, text in report.user_properties if name == MISSED]
    if texts:
        terminalreporter.section("missed once and repeated more slowly")
    for text in texts:
        terminalreporter.line(text)
