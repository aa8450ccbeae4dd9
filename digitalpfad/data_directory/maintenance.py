"""Whether the system is being worked on: a file in the data directory, which outlives what becomes of the database."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from api.http.maintenance import Look, Maintenance
from digitalpfad.data_directory.folder import MAINTENANCE, DataDir


def begin(data: DataDir, until: datetime | None) -> None:
    """Say that the system is being worked on until then (UTC), or for nobody knows how long."""
    data.write_secret(MAINTENANCE, json.dumps({"until": until.astimezone(UTC).isoformat() if until else None}))


def end(data: DataDir) -> None:
    """Say that it is over; also where it never began."""
    data.remove(MAINTENANCE)


def present(data: DataDir) -> Maintenance | None:
    """The maintenance that there is; one without an end where the file is damaged, none where it cannot be read."""
    return _read(data.path / MAINTENANCE)


def look(data: DataDir) -> Look:
    """For the web process: present(), and no file is read twice that has not changed."""
    path, known = data.path / MAINTENANCE, dict[tuple[int, int], Maintenance | None]()

    def looking() -> Maintenance | None:
        try:
            state = path.stat()
        except OSError:
            return None
        key = state.st_mtime_ns, state.st_ino
        if key not in known:
            known.clear()
            known[key] = _read(path)
        return known[key]

    return looking


def _read(path: Path) -> Maintenance | None:
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    with suppress(ValueError, TypeError, KeyError):
        until = json.loads(text)["until"]
        return Maintenance(datetime.fromisoformat(until).astimezone(UTC) if until else None)
    return Maintenance()
