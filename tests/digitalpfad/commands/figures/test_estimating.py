"""`digitalpfad figures estimate`: what was counted and what was estimated, side by side."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

from geodata.store.database import Database
from tests.digitalpfad.commandline import run
from tests.fixtures.databases.database import url_of
from tests.geodata.figures.publishing.town import counter, found


def test_a_day_without_a_count_has_an_estimate_and_no_count(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    system = {"DIGITALPFAD_DATABASE_URL": url_of(database_url), "DIGITALPFAD_DATA_DIR": str(tmp_path / "none")}
    (code,) = found(database, {"pfad": 1})["pfad"]
    gap = date(2026, 5, 13)
    with database.transaction() as connection:
        channel = counter(connection, "pfad", code)
        for day in (gap + timedelta(days=number) for number in range(-28, 29)):
            connection.execute(
                "INSERT INTO passes_day (channel, day, passes, covered_s, covered_hours, valid)"
                " VALUES (%s, %s, 100, 86400, 24, %s)",
                [channel, day, day != gap],
            )
    asked = ("figures", "estimate", code, "--from", "2026-05-12", "--to", "2026-05-13")
    counted, estimated = json.loads(run(*asked, "--json", **system).stdout)
    assert (counted["counted"], counted["estimate"]) == (100, None)
    assert (estimated["counted"], estimated["estimate"]["passes"]) == (None, 100)
    assert "same weekday around it" in run(*asked, **system).stdout
    wrong = run("figures", "estimate", "pfad", "--from", "2026-05-12", "--to", "2026-05-11", **system)
    assert "--to is '2026-05-11', expected a day from 2026-05-12 on" in wrong.stderr
