"""Ten thousand stations: what another process changes shows soon, and nobody ever sees half of a change."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import psycopg
import pytest
from shapely import LineString, Point

from tests.checkout import ROOT
from tests.fixtures.databases.database import url_of
from tests.fixtures.process.waiting import wait_until
from tests.fixtures.trails.many_stations import STATIONS_EACH, fill, web_process
from tests.geodata.trailfiles.geofiles import geojson

Place = tuple[float, float]

TRAILS = 500
STATIONS_OF_ONE = 300


@dataclass(frozen=True)
class Served:
    """A web process and its database."""

    base: str
    url: str
    places: dict[str, Place]

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """The command line, as a process of its own."""
        path = os.pathsep.join([str(ROOT), str(ROOT / "firmware-sim")])
        variables = {**os.environ, "PYTHONPATH": path, "DIGITALPFAD_DATABASE_URL": self.url}
        command = [sys.executable, "-m", "digitalpfad", *arguments]
        ended = subprocess.run(command, check=False, capture_output=True, text=True, env=variables, timeout=60)
        assert ended.returncode == 0, ended.stderr
        return ended


@pytest.fixture
def many(request: pytest.FixtureRequest, database_url: str, tmp_path: Path) -> Iterator[Served]:
    with psycopg.connect(database_url) as connection:
        places = fill(connection, request.param)
    url = url_of(database_url)
    with web_process(tmp_path, url) as (base, _):
        yield Served(base, url, places)


@pytest.mark.parametrize("many", [TRAILS], indirect=True)
def test_of_ten_thousand_stations_the_one_that_moved_shows_at_once_everywhere(many: Served) -> None:
    code, beside = list(many.places)[4321:4323]  # on one trail
    lon, lat = (round(degrees + 0.00005, 7) for degrees in many.places[beside])
    near = f"{many.base}/api/v1/stations?near={lon},{lat}&limit=1"
    all_of_them = httpx.get(f"{many.base}/api/v1/stations?limit=1").json()["numberMatched"]
    assert all_of_them == len(many.places) == TRAILS * STATIONS_EACH
    assert httpx.get(near).json()["features"][0]["id"] != code
    etag = httpx.get(f"{many.base}/api/v1/stations/{code}").headers["etag"]

    many.command("station", "move", code, "--lon", str(lon), "--lat", str(lat))
    wait_until(lambda: httpx.get(near).json()["features"][0]["id"] == code, 30, "the station at its new place")

    box = httpx.get(f"{many.base}/api/v1/stations?bbox={lon - 1e-5:f},{lat - 1e-5:f},{lon + 1e-5:f},{lat + 1e-5:f}")
    assert [feature["id"] for feature in box.json()["features"]] == [code]
    station = httpx.get(f"{many.base}/api/v1/stations/{code}", headers={"if-none-match": etag})
    assert station.status_code == 200
    assert station.json()["geometry"]["coordinates"][:2] == [lon, lat]


@pytest.mark.parametrize("many", [10], indirect=True)
def test_who_reads_while_a_trail_is_imported_again_sees_the_old_one_or_the_new_one(
    many: Served, tmp_path: Path
) -> None:
    editions = [edition(52.1), edition(52.1005)]
    files = [written(tmp_path / f"edition-{number}.geojson", line) for number, line in enumerate(editions)]
    first = ["--trail", "neu", "--municipality", "kreis", "--name", "Neuer Pfad", "--licence", "CC0-1.0"]
    many.command("trail", "import", str(files[0]), *first)
    address = f"{many.base}/api/v1/stations?trail=neu"
    wait_until(lambda: httpx.get(address).status_code == 200, 30, "the new trail")
    seen: set[tuple[Place, ...]] = set()
    stop = threading.Event()

    def read() -> None:
        with httpx.Client() as client:
            while not stop.is_set():
                features = client.get(address).json()["features"]
                seen.add(tuple(tuple(feature["geometry"]["coordinates"][:2]) for feature in features))

    reader = threading.Thread(target=read)
    reader.start()
    try:
        for number in (1, 0):
            seen.clear()
            many.command("trail", "import", str(files[number]), "--trail", "neu")
            wait_until(lambda at=number: stations_on(editions[at]) in seen, 30, f"edition {number}")
            assert seen <= {stations_on(line) for line in editions}, "all of one edition, or all of the other"
    finally:
        stop.set()
        reader.join()


def edition(lat: float) -> list[Place]:
    """A line that runs east for 30 km, surveyed at this latitude."""
    return [(round(9 + i * 0.0015, 7), lat) for i in range(STATIONS_OF_ONE + 2)]


def stations_on(line: list[Place]) -> tuple[Place, ...]:
    return tuple(line[1:-1])


def written(file: Path, line: list[Place]) -> Path:
    """A GeoJSON file with a line, and a station at each of its inner vertices."""
    stations = [(Point(place), {"name": f"Halt {number}"}) for number, place in enumerate(stations_on(line), start=1)]
    return geojson(file, (LineString(line), {"name": "Neuer Pfad"}), *stations)
