"""A trail that is imported again while the interface serves it: the old one or the new one, never half of each."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import Any

import httpx
import shapely
from shapely.affinity import translate

from geodata.actions.load_bundle import save_bundle
from geodata.bundle.folder import TrailBundle, bundled
from geodata.store.catalogue import catalogue
from geodata.store.database import Database
from tests.fixtures.process.waiting import wait_until
from tests.fixtures.web.hikers import hikers_on


def edition(number: int) -> TrailBundle:
    """The demonstration trail, moved and renamed as a whole, every other one walked the other way round."""
    bundle = bundled()
    step = number * 0.001
    stations = tuple(
        replace(
            station,
            number=station.number if number % 2 == 0 else 11 - station.number,
            lon=station.lon + step,
            contents={"de": replace(station.contents["de"], title=f"Auflage {number}")},
        )
        for station in bundle.stations
    )
    texts = {"de": replace(bundle.trail.contents["de"], name=f"Auflage {number}")}
    line = translate(bundle.trail.line, xoff=step)
    return replace(bundle, trail=replace(bundle.trail, line=line, contents=texts), stations=stations)


def save(database: Database, number: int) -> None:
    with database.transaction() as connection:
        save_bundle(connection, edition(number))


def test_a_reader_sees_the_old_trail_or_the_new_one_but_nothing_between(database: Database) -> None:
    save(database, 0)
    seen: set[tuple[str, ...]] = set()
    stop = threading.Event()

    def hammer(url: str) -> None:
        with httpx.Client(base_url=url) as client:
            while not stop.is_set():
                features = client.get("/api/v1/stations").json()["features"]
                seen.add((str(len(features)), *sorted({feature["properties"]["title"] for feature in features})))

    with hikers_on(database) as hikers:
        readers = [threading.Thread(target=hammer, args=[hikers.url]) for _ in range(2)]
        for reader in readers:
            reader.start()
        for number in range(1, 8):
            save(database, number)
            wait_until(lambda at=number: ("10", f"Auflage {at}") in seen, 5, f"edition {number}")
        stop.set()
        for reader in readers:
            reader.join()
        trail = hikers.get("/api/v1/trails/stadtwald").json()
    assert {entry[0] for entry in seen} == {"10"}
    assert all(len(entry) == 2 for entry in seen), "titles of one edition only"
    assert trail["geometry"]["coordinates"][0][0] == round(edition(7).trail.line.coords[0][0], 7)
    assert trail["properties"]["name"] == "Auflage 7"


def test_line_and_stations_of_one_snapshot_are_of_the_same_edition(database: Database) -> None:
    save(database, 0)
    stop, mixed = threading.Event(), list[Any]()
    lines = {number: edition(number).trail.line.wkb for number in range(8)}

    def watch() -> None:
        known = None
        while not stop.is_set():
            with database.transaction() as connection:
                connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
                known = catalogue.load(connection, known)
            name = known.trails["stadtwald"].contents["de"].name
            titles = {station.contents["de"].title for station in known.stations.values()}
            if titles != {name} or known.trails["stadtwald"].line.wkb != lines[int(name.split()[1])]:
                mixed.append((name, titles))

    watcher = threading.Thread(target=watch)
    watcher.start()
    for number in range(1, 8):
        save(database, number)
    stop.set()
    watcher.join()
    assert mixed == []


def test_reading_only_what_changed_gives_what_reading_all_gives(database: Database) -> None:
    save(database, 0)
    edits = [
        "UPDATE station_content SET title = 'neu' WHERE station = '3DVB54'",
        "DELETE FROM station_content WHERE variant = 'en' AND station = '3DVB54'",
        "UPDATE station SET retired_at = now() WHERE number = 3",
        "INSERT INTO station (code, trail, number, lon, lat) VALUES ('000000', 'stadtwald', 88, 8.9, 52)",
        "UPDATE trail_content SET name = 'neu'",
        "UPDATE trail SET licence = 'CC0-1.0'",
        "UPDATE municipality SET name = 'neu'",
        "DELETE FROM trail_content WHERE variant <> 'de'",
        "INSERT INTO trail SELECT 'zweiter', municipality, line, licence FROM trail",
        "UPDATE station SET trail = 'zweiter' WHERE number IN (1, 88)",
        "DELETE FROM trail WHERE slug = 'keiner'",
    ]
    with database.transaction() as connection:
        known = catalogue.load(connection)
    for edit in edits:
        with database.transaction() as connection:
            connection.execute(edit.encode())
        with database.transaction() as connection:
            found, all_of_it = catalogue.load(connection, known), catalogue.load(connection)
        assert found == all_of_it, edit
        assert list(found.stations) == list(all_of_it.stations)
        known = found
    assert known.stations["000000"].trail == "zweiter"
    assert isinstance(known.trails["zweiter"].line, shapely.LineString)
