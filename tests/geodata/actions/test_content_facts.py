"""Tables of facts beside a trail's texts: into the database with them, and out again."""

from __future__ import annotations

from pathlib import Path

import pytest

from geodata.actions.content_folder import export_folder, import_folder
from geodata.bundle.folder import bundled
from geodata.content.plan import ImportOptions
from geodata.content.versions import Author
from geodata.store.catalogue import facts
from geodata.store.database import Database

BUNDLE = bundled()
AUTHOR = Author("Stadt", "")
HEADER = "kind;name;lon;lat\n"


@pytest.fixture
def loaded(demo_trail: None, database: Database) -> Database:
    return database


def folder(tmp_path: Path, **tables: str) -> Path:
    (tmp_path / "trail").mkdir(parents=True)
    for name, text in tables.items():
        (tmp_path / "trail" / f"{name}.csv").write_text(text, encoding="utf-8")
    return tmp_path


def run(database: Database, source: Path, *, publish: bool) -> list[tuple[str, str]]:
    options = ImportOptions(trail="stadtwald", publish=publish)
    with database.transaction() as connection:
        plan = import_folder(connection, source, options, AUTHOR)
    return [(finding.reason, str(finding)) for finding in plan.findings]


def kinds(database: Database) -> list[str]:
    with database.transaction() as connection:
        return [place.kind.value for place in facts.load_places(connection).get("stadtwald", ())]


def test_a_published_table_replaces_the_places_and_leaves_the_stretches(loaded: Database, tmp_path: Path) -> None:
    source = folder(tmp_path, places=HEADER + "rescue_point;LIP-1;8,9049;52,0471\n")
    found = dict(run(loaded, source, publish=True))
    assert kinds(loaded) == ["rescue_point"]
    with loaded.transaction() as connection:
        assert facts.load_sections(connection)["stadtwald"] == BUNDLE.sections
    assert "stations 5, 6, 7, 8" in found["rescue-point-missing"]
    assert "no road access" in found["facts-missing"]


def test_a_draft_only_checks_the_tables(loaded: Database, tmp_path: Path) -> None:
    before = kinds(loaded)
    source = folder(tmp_path, places=HEADER + "bench;;8,9168;52,0516\n")
    found = dict(run(loaded, source, publish=False))
    assert kinds(loaded) == before
    assert "publish takes them over" in found["tables-without-draft"]
    assert "places-removed" not in found
    published = dict(run(loaded, source, publish=True))
    assert "tables-without-draft" not in published
    assert "rescue point" in published["places-removed"]


def test_a_wrong_line_refuses_all_and_names_file_and_line(loaded: Database, tmp_path: Path) -> None:
    before = kinds(loaded)
    found = run(loaded, folder(tmp_path, places=HEADER + "bench;;8,9168;52,0516\nbnak;;8,9;52,05\n"), publish=True)
    assert any("trail/places.csv, line 3" in sentence for _, sentence in found)
    assert kinds(loaded) == before


def test_what_is_exported_is_imported_without_a_change_and_says_that_it_is_invented(
    loaded: Database, tmp_path: Path
) -> None:
    with loaded.transaction() as connection:
        files = export_folder(connection, "stadtwald")
    for path, data in files.items():
        target = tmp_path / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    assert (tmp_path / "trail" / "places.csv").read_text(encoding="utf-8").startswith("# Erfunden")
    assert run(loaded, tmp_path, publish=True) == []
    with loaded.transaction() as connection:
        assert facts.load_places(connection)["stadtwald"] == BUNDLE.places
        assert facts.load_sections(connection)["stadtwald"] == BUNDLE.sections
