"""Open counts as portals fetch them: valid, with every hour of the days on which clocks change, and nothing small."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
import numpy as np
import pytest
from frictionless import Resource, Schema

from geodata.export.counting import rules
from geodata.figures.publishing.closing import close_due
from geodata.store.database import Database
from geodata.store.transaction import Transaction
from tests.fixtures.databases.database import Template, copied
from tests.fixtures.web.hikers import BOARDWALK, OAKS, Hikers, hikers_on

BERLIN = ZoneInfo("Europe/Berlin")
FIRST, LAST = date(2025, 3, 24), date(2025, 10, 28)
REPLACED = datetime(2025, 6, 2, 8, 30, tzinfo=UTC)
SILENT = date(2025, 7, 1), date(2025, 7, 4)
BASE = "/data/counting/lemgo"
YEARLY = ("measure", "quality", "measure-hours", "quality-hours")


def midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=BERLIN).astimezone(UTC)


def hang(connection: Transaction, device: str, station: str, *period: datetime | None) -> int:
    """A counter at a station; its channel."""
    connection.execute("INSERT INTO device (id, trail) VALUES (%s, 'stadtwald') ON CONFLICT DO NOTHING", [device])
    row = connection.execute(
        "WITH stream AS (INSERT INTO datastream (device, observed_property) VALUES (%(device)s, 'passes_in_total')"
        " RETURNING id), mounting AS (INSERT INTO counter_mounting (device, trail, station, starts_at, ends_at,"
        " technology) VALUES (%(device)s, 'stadtwald', %(station)s, %(from)s, %(to)s, 'radar') RETURNING id)"
        " INSERT INTO counter_channel (mounting, direction, total) SELECT mounting.id, 'both', stream.id"
        " FROM stream, mounting RETURNING id",
        {"device": device, "station": station, "from": period[0], "to": period[1]},
    ).fetchone()
    assert row is not None
    return int(row[0])


def fill(database: Database) -> None:
    """Busy oaks whose counter is replaced once and silent for three days, and a boardwalk where few walk."""
    random = np.random.default_rng(3)
    hours = (midnight(LAST + timedelta(days=1)) - midnight(FIRST)) // timedelta(hours=1)
    rows: list[tuple[int, datetime, int]] = []
    with database.transaction() as connection:
        connection.execute("DELETE FROM counter_mounting")
        old, new, other = (
            hang(connection, "alt", OAKS, None, REPLACED),
            hang(connection, "neu", OAKS, REPLACED, None),
            hang(connection, "steg", BOARDWALK, None, None),
        )
        for number in range(hours):
            hour = midnight(FIRST) + timedelta(hours=number)
            if not midnight(SILENT[0]) <= hour < midnight(SILENT[1]):
                rows.append((old if hour < REPLACED else new, hour, int(random.poisson(3))))
            rows.append((other, hour, int(random.poisson(0.1))))
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO passes_hour (channel, hour, passes, covered_s) VALUES (%s, %s, %s, 3600)", rows
            )
    assert list(close_due(database, midnight(LAST) + timedelta(days=20), until=LAST))


@pytest.fixture(scope="module")
def town(postgres_server: str, template_with_trail: Template) -> Iterator[Hikers]:
    """The demonstration with eight months of closed counts; nothing of it is changed."""
    with copied(postgres_server, template_with_trail) as url, Database(url) as database:
        fill(database)
        with hikers_on(database) as running:
            yield running


def read(town: Hikers, name: str) -> bytes:
    answer = town.get(f"{BASE}/{name}.csv")
    assert answer.status_code == 200, answer.text
    return answer.content


def lines(town: Hikers, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(read(town, name).decode())))


def of_oaks(town: Hikers, name: str) -> list[dict[str, str]]:
    return [row for row in lines(town, name) if row["channel_id"].startswith(OAKS)]


@pytest.mark.parametrize("name", ["site", "channel", *(f"2025/{each}" for each in YEARLY)])
def test_frictionless_finds_each_file_valid_by_the_schema_that_it_names(
    town: Hikers, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = town.get(f"{BASE}/{name}.csv")
    schema = httpx.get(town.url + answer.headers["link"].rpartition("<")[2].partition(">")[0]).json()
    monkeypatch.chdir(tmp_path)
    Path("file.csv").write_bytes(answer.content)
    report = Resource(path="file.csv", schema=Schema.from_descriptor(schema)).validate()
    assert report.valid, report.flatten(["message"])


@pytest.mark.parametrize("end", ["", "-hours"])
def test_our_own_rules_find_nothing_in_a_year(town: Hikers, end: str) -> None:
    files = (read(town, name) for name in ("channel", f"2025/measure{end}", f"2025/quality{end}"))
    assert [str(finding) for finding in rules.check(*files)] == []


def test_days_have_their_own_length_and_hours_go_on_across_both_changes_of_the_clock(town: Hikers) -> None:
    days = of_oaks(town, "2025/measure")
    lengths = {
        row["start_datetime"][:10]: datetime.fromisoformat(row["end_datetime"])
        - datetime.fromisoformat(row["start_datetime"])
        for row in days
    }
    assert [str(FIRST + timedelta(days=i)) for i in range(len(days))] == list(lengths)
    assert {day: length // timedelta(hours=1) for day, length in lengths.items() if length != timedelta(days=1)} == {
        "2025-03-30": 23,
        "2025-10-26": 25,
    }
    hours = [datetime.fromisoformat(row["start_datetime"]) for row in of_oaks(town, "2025/measure-hours")]
    assert {after - before for before, after in pairwise(hours)} == {timedelta(hours=1)}


def test_the_counter_is_the_one_that_hung_there_when_the_period_ended(town: Hikers) -> None:
    days = {row["start_datetime"][:10]: row["counter_id"] for row in of_oaks(town, "2025/measure")}
    assert (days["2025-06-01"], days["2025-06-02"]) == ("alt", "neu")
    hours = {row["end_datetime"]: row["counter_id"] for row in of_oaks(town, "2025/measure-hours")}
    assert (hours["2025-06-02T10:00:00+02:00"], hours["2025-06-02T11:00:00+02:00"]) == ("alt", "neu")


def test_a_silence_is_no_data_a_small_count_is_hidden_and_neither_has_a_number(town: Hikers) -> None:
    quality = {(row["channel_id"][:6], row["start_datetime"][:10]): row["state"] for row in lines(town, "2025/quality")}
    assert quality[OAKS, "2025-07-02"] == "no-data"
    assert set(quality.values()) == {"counted", "hidden", "no-data"}
    counts = {row["count"] for name in ("measure", "measure-hours") for row in lines(town, f"2025/{name}")}
    assert "" in counts
    assert not {"1", "2", "3", "4"} & counts


def test_a_file_says_what_the_interface_says(town: Hikers) -> None:
    for end, bucket in (("", "day"), ("-hours", "hour")):
        asked = {"station": OAKS, "bucket": bucket, "from": str(FIRST), "to": str(LAST)}
        answer = httpx.get(f"{town.url}/api/v1/statistics/visits", params=asked, timeout=30).json()
        said = {each["start"]: each["passes"]["count"] for each in answer["buckets"]}
        assert said == {
            f"{datetime.fromisoformat(row['start_datetime']).astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}": int(row["count"])
            if row["count"]
            else None
            for row in of_oaks(town, f"2025/measure{end}")
        }


def test_anybody_may_read_it_with_its_licence_and_what_is_known_is_not_sent_again(town: Hikers) -> None:
    for name in ("site", "channel", "2025/measure", "2025/quality-hours"):
        answer = town.get(f"{BASE}/{name}.csv")
        assert answer.headers["access-control-allow-origin"] == "*"
        assert answer.headers["content-type"] == "text/csv; charset=utf-8"
        assert 'rel="license"' in answer.headers["link"]
        assert answer.headers["content-disposition"].startswith('attachment; filename="lemgo-')
        again = town.get(f"{BASE}/{name}.csv", **{"if-none-match": answer.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize(
    "path",
    ["nowhere/site.csv", "lemgo/people.csv", "lemgo/2024/measure.csv", "lemgo/2026/measure.csv", "lemgo/2025/site.csv",
     "lemgo/99999999999/measure.csv", "people.schema.json"],
)  # fmt: skip
def test_what_there_is_not_is_not_found(town: Hikers, path: str) -> None:
    assert town.get(f"/data/counting/{path}").status_code == 404


def test_before_anything_is_closed_the_files_have_a_header_alone(hikers: Hikers) -> None:
    assert len(lines(hikers, "site")) == len(lines(hikers, "channel")) == 0
    assert hikers.get(f"{BASE}/2025/measure.csv").status_code == 404


def test_the_page_of_a_trail_leads_to_the_files(town: Hikers) -> None:
    page = town.get("/t/stadtwald/visits?lang=de").text
    for name in ("measure", "measure-hours"):
        assert f'href="{BASE}/2025/{name}.csv"' in page
