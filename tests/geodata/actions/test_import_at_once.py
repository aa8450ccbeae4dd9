"""Imports while others read the trail or import it too."""

from __future__ import annotations

import threading
from pathlib import Path

from shapely import Point

from geodata.store.catalogue import catalogue
from geodata.store.database import Database
from tests.geodata.actions.imported_trail import THREE, import_, run, stored
from tests.geodata.trailfiles.geofiles import EASTWARDS, read, trail_file


def test_readers_see_the_old_trail_or_the_new_one_and_never_half(database: Database, tmp_path: Path) -> None:
    import_(database, tmp_path)
    north = [(lon, lat + 0.001, z) for lon, lat, z in EASTWARDS]
    versions = [
        read(trail_file(tmp_path, [(Point(p.x, p.y + shift), v) for p, v in THREE], line=line))[0]
        for line, shift in ((EASTWARDS, 0), (north, 0.001))
    ]
    seen: list[tuple[float, ...]] = []
    done = threading.Event()

    def watch() -> None:
        while not done.is_set():
            with database.transaction() as connection:
                connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
                now = catalogue.load(connection)
            line = now.trails["waldweg"].line.coords[0][1]
            seen.append(tuple(round(one.lat - line, 5) for one in now.stations.values()))

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        for i in range(200):
            if i >= 20 and len(seen) > 5:  # on a busy machine the watcher reads less often than this writes
                break
            assert not run(database, versions[(i + 1) % 2]).refused
    finally:
        done.set()
        watcher.join()
    assert len(seen) > 5
    assert set(seen) == {tuple(round(point.y - EASTWARDS[0][1], 5) for point, _ in THREE)}


def test_two_imports_of_the_same_new_trail_at_once_make_each_station_once(database: Database, tmp_path: Path) -> None:
    draft, _ = read(trail_file(tmp_path, THREE))
    threads = [threading.Thread(target=run, args=(database, draft)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(stored(database)) == 3
