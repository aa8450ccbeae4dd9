"""`digitalpfad sign-case`: cases are listed until somebody has looked."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

from geodata.model.counting.sign_case import SilenceEvidence
from geodata.store.counting import sign_cases
from geodata.store.database import Database
from tests.digitalpfad.commandline import run
from tests.fixtures.databases.database import url_of
from tests.geodata.figures.publishing.town import found


def test_a_case_is_listed_until_it_is_closed_and_that_is_noted(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    system = {"DIGITALPFAD_DATABASE_URL": url_of(database_url), "DIGITALPFAD_DATA_DIR": str(tmp_path / "none")}
    (code,) = found(database, {"pfad": 1})["pfad"]
    with database.transaction() as connection:
        evidence = SilenceEvidence(days=3, passes=180, expected=14.4, scans=0)
        case = sign_cases.open_silent(connection, code, evidence, datetime(2026, 5, 1, tzinfo=UTC))
    (listed,) = json.loads(run("sign-case", "list", "--json", **system).stdout)
    assert (listed["station"], listed["evidence"]["passes"]) == (code, 180)
    assert run("sign-case", "close", str(case), "mended", **system).returncode == 0
    assert run("sign-case", "list", **system).stderr == "No sign waits for somebody to look.\n"
    again = run("sign-case", "close", str(case), "mended", **system)
    assert again.stderr == f"digitalpfad: There is no open case of a sign '{case}'.\n"
    entries = json.loads(run("audit", "list", "--json", **system).stdout)
    assert [(each["action"], each["object"]) for each in entries] == [("sign-case-close", f"{case} mended")]
