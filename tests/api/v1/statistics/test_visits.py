"""Visit statistics: closed periods alone, with coverage, small counts hidden, the same in JSON and in CSV."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import numpy as np
import psycopg
import pytest
from numpy.typing import NDArray

from geodata.figures.publishing.closing import close_due
from geodata.store.database import Database
from tests.api.trail import FIRST, SECOND, THIRD
from tests.fixtures.web.uptime import web_ran

BERLIN = ZoneInfo("Europe/Berlin")
FROM, UNTIL = date(2025, 10, 1), date(2025, 12, 1)
START = datetime(2025, 10, 1, tzinfo=BERLIN).astimezone(UTC)
HOURS = 61 * 24 + 1  # one hour of October comes twice
PATH = "/api/v1/statistics/visits"
GAP = {"count": None, "state": "no-data", "coverage": 0.0, "estimated": 0.0, "at_least": False}


def ask(client: httpx.Client, **parameters: str) -> httpx.Response:
    return client.get(PATH, params={name.rstrip("_"): value for name, value in parameters.items()})


def buckets(client: httpx.Client, **parameters: str) -> list[dict[str, Any]]:
    answer = ask(client, from_=str(FROM), to=str(UNTIL - timedelta(days=1)), **parameters)
    assert answer.status_code == 200, answer.text
    return answer.json()["buckets"]


@pytest.fixture
def scans(filled_url: str) -> NDArray[np.int64]:
    """Scans of three stations in two months, hour by hour (stations, hours), closed."""
    counts = np.random.default_rng(5).poisson([[2.0], [0.4], [0.1]], (3, HOURS))
    rows = [
        (code, START + timedelta(hours=hour), int(counts[i, hour]))
        for i, code in enumerate((FIRST, SECOND, THIRD))
        for hour in np.flatnonzero(counts[i]).tolist()
    ]
    with psycopg.connect(filled_url) as connection, connection.cursor() as cursor:
        cursor.executemany("INSERT INTO scan_hour VALUES (%s, %s, 'de', 'sign', %s)", rows)
        web_ran(connection, START, START + timedelta(hours=HOURS))
    with Database(filled_url) as database:
        assert list(close_due(database, datetime(2025, 12, 2, 12, tzinfo=UTC)))
    return counts


def by_day(counts: NDArray[np.int64]) -> list[int]:
    days = [(START + timedelta(hours=hour)).astimezone(BERLIN).date() for hour in range(counts.shape[-1])]
    return [int(counts[..., [i for i, each in enumerate(days) if each == day]].sum()) for day in sorted(set(days))]


def test_a_day_of_the_trail_is_the_sum_of_its_stations_and_no_day_below_five_is_said(
    client: httpx.Client, scans: NDArray[np.int64]
) -> None:
    figures = [bucket["scans"] for bucket in buckets(client, trail="wald", bucket="day")]
    sums = by_day(scans)
    assert len(figures) == len(sums) == 61
    assert [figure["count"] for figure in figures] == [
        total if figure["state"] == "counted" else None for figure, total in zip(figures, sums, strict=True)
    ]
    assert sum(figure["state"] == "counted" for figure in figures) > 50


def test_no_count_from_one_to_four_is_said_of_any_place_and_period(
    client: httpx.Client, scans: NDArray[np.int64]
) -> None:
    places = [{"trail": "wald"}, {"municipality": "lemgo"}, *({"station": code} for code in (FIRST, SECOND, THIRD))]
    said = [
        bucket["scans"]["count"]
        for place in places
        for length in ("hour", "day", "week", "month", "year")
        for bucket in buckets(client, **place, bucket=length)
    ]
    assert not {1, 2, 3, 4} & set(said)
    assert {type(count) for count in said} == {int, type(None)}


def test_the_day_on_which_the_clock_goes_back_has_25_hours(client: httpx.Client, scans: NDArray[np.int64]) -> None:
    answer = ask(client, trail="wald", bucket="hour", from_="2025-10-26", to="2025-10-26").json()
    assert (answer["from"], answer["to"]) == ("2025-10-25T22:00:00Z", "2025-10-26T23:00:00Z")
    assert [bucket["date"] for bucket in answer["buckets"]] == ["2025-10-26"] * 25


def test_where_no_counter_hangs_passes_are_a_gap_and_no_zero(client: httpx.Client, scans: NDArray[np.int64]) -> None:
    figures = [bucket["passes"] for bucket in buckets(client, station=SECOND, bucket="month")]
    assert figures == [GAP] * 2


def test_csv_says_what_json_says(client: httpx.Client, scans: NDArray[np.int64]) -> None:
    asked = {"trail": "wald", "bucket": "day"}
    of_json = buckets(client, **asked)
    answer = ask(client, from_=str(FROM), to=str(UNTIL - timedelta(days=1)), format="csv", **asked)
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [(row["start"], row["scans"], row["scans_state"], float(row["scans_coverage"])) for row in rows] == [
        (
            bucket["start"],
            "" if bucket["scans"]["count"] is None else str(bucket["scans"]["count"]),
            bucket["scans"]["state"],
            bucket["scans"]["coverage"],
        )
        for bucket in of_json
    ]
    german = ask(client, format="csv", dialect="excel-de", **asked)
    assert german.content.startswith(b"\xef\xbb\xbf")
    assert 'filename="visits_wald_day_' in german.headers["content-disposition"]


@pytest.mark.parametrize(
    ("parameters", "field", "said"),
    [
        ({}, "trail", "one of station, trail and municipality"),
        ({"trail": "wald", "station": FIRST}, "trail", "one of station, trail and municipality"),
        ({"trail": "wald", "from_": "2025-12-01"}, "from", "Figures are closed up to 2025-11-30."),
        ({"trail": "wald", "from_": "2025-11-30", "to": "2025-11-01"}, "from", "a day up to 'to', which is 2025-11-01"),
        ({"trail": "wald", "from_": "2025-10-01T10:00:00Z"}, "from", "a day such as 2026-10-31"),
        ({"trail": "wald", "bucket": "hour", "from_": "2023-10-01"}, "from", "at most 366 days before 'to'"),
        ({"trail": "wald", "bucket": "minute"}, "bucket", "'hour', 'day', 'week', 'month' or 'year'"),
    ],
)
def test_a_question_that_has_no_answer_is_told_with_the_hint(
    client: httpx.Client, scans: NDArray[np.int64], parameters: dict[str, str], field: str, said: str
) -> None:
    answer = ask(client, **parameters)
    assert answer.status_code == 422
    problem = answer.json()
    assert problem["errors"][0]["field"] == field
    assert said in answer.text, answer.text


def test_before_any_day_is_closed_that_is_said(client: httpx.Client) -> None:
    answer = ask(client, trail="wald")
    assert (answer.status_code, answer.json()["closed_until"], answer.json()["buckets"]) == (200, None, [])
    assert "No day is closed yet" in ask(client, trail="wald", from_="2095-10-01", to="2095-10-01").text


@pytest.mark.parametrize("parameters", [{"trail": "weg"}, {"station": "000000"}, {"municipality": "bonn"}])
def test_a_place_that_is_not_there_is_told(client: httpx.Client, parameters: dict[str, str]) -> None:
    assert ask(client, **parameters).status_code == 404


def test_what_has_not_changed_is_not_sent_again(client: httpx.Client, scans: NDArray[np.int64]) -> None:
    asked = {"trail": "wald", "from": "2025-10-01", "to": "2025-10-31"}
    answer = client.get(PATH, params=asked)
    assert client.get(PATH, params=asked, headers={"if-none-match": answer.headers["etag"]}).status_code == 304
