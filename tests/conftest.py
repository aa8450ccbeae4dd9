"""Fixtures for all tests, one module per server; see tests/fixtures/."""

from __future__ import annotations

import os
import sys

import pytest
from hypothesis import settings

from tests.callers import refuse_unlisted
from tests.fixtures.process.programs import services, services_lines

pytest_plugins = (
    "tests.fixtures.run.leftovers",
    "tests.fixtures.databases.postgres",
    "tests.fixtures.databases.postgres_matrix",
    "tests.fixtures.databases.timescale",
    "tests.fixtures.databases.database",
    "tests.fixtures.brokers.mosquitto",
    "tests.fixtures.brokers.deployed_mosquitto",
    "tests.fixtures.brokers.nats",
    "tests.fixtures.web.browser",
    "tests.fixtures.web.hikers",
    "tests.fixtures.web.phone_scripts",
    "tests.fixtures.trails.media",
    "tests.fixtures.web.everything",
    "tests.fixtures.run.order",
    "tests.fixtures.run.temporary_files",  # last: its hook is called first
)

settings.register_profile("digitalpfad", deadline=None)  # no test asserts how long an example takes
settings.load_profile("digitalpfad")


def pytest_configure() -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANGUAGE"):
        os.environ.pop(name, None)
    os.environ["LANG"] = "C.UTF-8"  # whatever language the machine speaks, commands answer in English here
    sys.addaudithook(refuse_unlisted)


@pytest.hookimpl(trylast=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Say once which servers are given and which programs are missing, also with -q; nothing where all is as usual."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is not None and not hasattr(session.config, "workerinput"):
        for line in services_lines(services(), os.environ):
            reporter.write_line(line)
