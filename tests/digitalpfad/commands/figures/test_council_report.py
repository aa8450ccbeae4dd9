"""`digitalpfad figures report`: the PDF that the staff pages make, written to a file."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pypdf

from geodata.store.database import Database
from tests.dashboards.office import seed
from tests.digitalpfad.commandline import run
from tests.fixtures.databases.database import url_of

LAST = datetime.now(UTC).date().replace(day=1) - timedelta(days=1)


def test_a_month_of_a_trail_and_a_year_of_a_town_are_written_once_and_what_is_not_over_is_refused(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    system = {"DIGITALPFAD_DATABASE_URL": url_of(database_url), "DIGITALPFAD_DATA_DIR": str(tmp_path / "none")}
    seed(database)
    file = tmp_path / "bericht.pdf"
    made = run("figures", "report", "stadtwald", f"{LAST:%Y-%m}", str(file), **system)
    assert made.stdout.strip() == str(file), made.stderr
    assert "Durchgänge" in pypdf.PdfReader(file).pages[0].extract_text()
    again = run("figures", "report", "lemgo", str(LAST.year - 1), str(file), **system)
    assert "a file that is not there yet" in again.stderr
    assert run("figures", "report", "lemgo", str(LAST.year - 1), str(file), "--overwrite", **system).returncode == 0
    other = str(tmp_path / "other.pdf")
    assert "one that is over" in run("figures", "report", "stadtwald", "2099", other, **system).stderr
    assert "a month such as 2026-11" in run("figures", "report", "stadtwald", "neulich", other, **system).stderr
    assert "no trail 'nirgends'" in run("figures", "report", "nirgends", "2025", other, **system).stderr
    assert not Path(other).exists()
