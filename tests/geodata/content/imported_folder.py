"""A folder of texts brought into the database and given out again, and what the database holds of it."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from geodata.actions.content_folder import export_folder, import_folder
from geodata.content.plan import ContentPlan, ImportOptions
from geodata.content.versions import Author
from geodata.model.content import StationContent
from geodata.store.catalogue import content_versions
from geodata.store.catalogue.station import load_stations
from geodata.store.database import Database
from tests.fixtures.web.hikers import PONDS

ME = Author("Klasse 4b")


def bring(database: Database, folder: Path, *, publish: bool = True, **how: bool) -> ContentPlan:
    options = ImportOptions(trail="stadtwald", publish=publish, end_missing=how.pop("end_missing", False))
    with database.transaction() as connection:
        return import_folder(connection, folder, options, ME, **how)


def give(database: Database, folder: Path, *, drafts: bool = False) -> dict[PurePosixPath, bytes]:
    with database.transaction() as connection:
        files = export_folder(connection, "stadtwald", drafts=drafts)
    for path, data in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    return files


def changes(plan: ContentPlan) -> dict[str, str]:
    assert not plan.refused, [str(one) for one in plan.findings]
    return {
        f"{one.slot.station or one.slot.trail} {one.slot.name}": one.what for one in plan.steps if one.what != "same"
    }


def versions(database: Database) -> int:
    with database.transaction() as connection:
        return sum(len(content_versions.history(connection, station=code)) for code in load_stations(connection))


HEAD = '---\ntitle: "Teiche"\nlead: "Vier."\nsource: "Klasse 4b"\n'


def pond(folder: Path, name: str, body: str = "Quak.", head: str = "") -> Path:
    (folder / "04-x").mkdir(parents=True, exist_ok=True)
    file = folder / "04-x" / name
    file.write_text(f"{HEAD}{head}---\n{body}\n", encoding="utf-8")
    return file


def shown(database: Database) -> dict[str, StationContent]:
    with database.transaction() as connection:
        return load_stations(connection)[PONDS].contents
