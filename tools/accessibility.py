"""The report on which the accessibility statement is based, from a run of the browser tests that look with axe.

`python -m tools.accessibility` runs them and writes api/webapp/accessibility.json, unless one fails.
"""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType
from typing import Any

from api.webapp.views.legal_pages.accessibility import REPORT
from tests.checkout import ROOT
from tests.fixtures.web.browser import AXE_RULES, NOTED_RUNS

_TESTS = ROOT / "tests"
_OTHERS = {"test_staff_pages", "test_fixtures"}  # the statement is about what the public is shown


def declared() -> dict[str, dict[str, Any]]:
    """What the tests say they look at: by test the pages and looks of its file, and the values of its parameters."""
    return dict(_declared())


def _declared() -> Iterator[tuple[str, dict[str, Any]]]:
    for module in _modules():
        for name, test in vars(module).items():
            if name.startswith("test_axe"):
                marks = [mark for mark in getattr(test, "pytestmark", ()) if mark.name == "parametrize"]
                parameters = {str(mark.args[0]): [str(value) for value in mark.args[1]] for mark in marks}
                looked = {key: list(map(str, getattr(module, key.upper(), ()))) for key in ("paths", "looks")}
                yield f"{module.__name__}::{name}", {**looked, "parameters": parameters}


def _modules() -> Iterator[ModuleType]:
    for file in sorted(_TESTS.rglob("test_*.py")):
        if file.stem not in _OTHERS and "\ndef test_axe" in file.read_text(encoding="utf-8"):
            yield importlib.import_module(".".join(file.relative_to(ROOT).with_suffix("").parts))


def version() -> str:
    """That of the release to come."""
    project: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return str(project["version"])


def main() -> int:
    """Run the tests and write the report; returns the exit code of pytest."""
    files = [str(Path(str(module.__file__)).relative_to(ROOT)) for module in _modules()]
    with TemporaryDirectory(prefix="accessibility-") as folder:
        noted = Path(folder, "runs")
        command = [sys.executable, "-m", "pytest", "-q", "-n", "1", "-k", "test_axe", *files]
        ended = subprocess.run(command, check=False, cwd=ROOT, env=os.environ | {NOTED_RUNS: str(noted)})
        if ended.returncode:
            sys.stderr.write(f"{REPORT.relative_to(ROOT)} is as it was: not all tests passed.\n")
            return ended.returncode
        looked = [json.loads(line) for line in noted.read_text(encoding="utf-8").splitlines()]
    by = looked[-1]
    runs = sorted({json.dumps({k: v for k, v in one.items() if k not in {"axe", "browser"}}) for one in looked})
    report = {
        "version": version(),
        "tested_on": datetime.now(UTC).date().isoformat(),
        "axe": by["axe"],
        "browser": by["browser"].partition(".")[0],
        "rules": AXE_RULES,
        "declared": declared(),
        "runs": [json.loads(run) for run in runs],
    }
    REPORT.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    sys.stdout.write(f"{REPORT.relative_to(ROOT)}: {len(runs)} runs without a violation\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
