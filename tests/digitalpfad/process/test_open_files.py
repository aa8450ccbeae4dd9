"""A process takes the open files that the system allows, and the unit files allow enough."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from tests.checkout import ROOT

RAISE = """
import resource
from digitalpfad.process.open_files import raise_limit
resource.setrlimit(resource.RLIMIT_NOFILE, ({soft}, {hard}))
print(raise_limit(), resource.getrlimit(resource.RLIMIT_NOFILE)[0])
"""


@pytest.mark.parametrize(("soft", "hard"), [(256, 1000), (1000, 1000)])
def test_the_soft_limit_of_open_files_becomes_the_hard_one(soft: int, hard: int) -> None:
    told = subprocess.run(
        [sys.executable, "-c", RAISE.format(soft=soft, hard=hard)],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.split() == [str(hard), str(hard)]


@pytest.mark.parametrize("unit", ["digitalpfad", "digitalpfad-web", "digitalpfad-gateway"])
def test_every_service_may_open_more_files_than_a_system_allows_by_itself(unit: str) -> None:
    text = (ROOT / f"deploy/systemd/{unit}.service").read_text(encoding="utf-8")
    found = re.search(r"^LimitNOFILE=(\d+)$", text, re.MULTILINE)
    assert found
    assert int(found[1]) >= 4096
