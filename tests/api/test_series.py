"""Time series: intervals, buckets, CSV, and values that are not to be shown."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta

import httpx
import psycopg
import pytest

from api.routers import series as series_router
from tests.api.trail import FIRST, observe

NOON = datetime(2026, 6, 10, 12, tzinfo=UTC)
VALUES = [7, 8.5, 9, None, 12]
PATH = f"/api/v1/stations/{FIRST}/series"


def ask(client: httpx.Client, **parameters: str) -> httpx.Response:
    parameters = {"property": "air_temperature", **parameters}
    answer = client.get(PATH, params={name.rstrip("_"): value for name, value in parameters.items()})
    assert answer.status_code == 200, answer.text
    return answer


@pytest.fixture
def written(filled_url: str) -> str:
    """Values, a failed sensor and a suspect value in an hour; one value two hours later; one of another device."""
    with psycopg.connect(filled_url) as connection:
        times = [NOON + timedelta(minutes=minute) for minute in (0, 10, 20, 30, 130)]
        observe(connection, "klima-1", "air_temperature", [*zip(times, VALUES, strict=True)], now=NOON)
        observe(connection, "klima-1", "air_temperature", [(NOON + timedelta(minutes=40), 888.5)], now=NOON, quality=1)
        observe(connection, "alt-1", "air_temperature", [(NOON, 6.5)], now=NOON)
        rain = [(NOON + timedelta(minutes=minute), 0.2) for minute in range(0, 30, 10)]
        observe(connection, "klima-1", "rain", rain, now=NOON)
    return filled_url


def test_raw_values_come_by_device_and_without_numbers_that_are_not_ok(client: httpx.Client, written: str) -> None:
    answer = ask(client, bucket="raw", from_="2026-06-10T12:00:00Z", to="2026-06-10T13:00:00Z")
    series = {entry["device"]: entry["observations"] for entry in answer.json()["series"]}
    assert series["alt-1"] == [{"time": "2026-06-10T12:00:00Z", "value": 6.5, "quality": "ok"}]
    assert [row["value"] for row in series["klima-1"]] == [7, 8.5, 9, None, None]
    assert [row["quality"] for row in series["klima-1"]] == ["ok", "ok", "ok", "missing", "suspect"]
    assert "888.5" not in answer.text
    assert answer.json()["next"] is None


def test_hours_have_count_mean_min_max_and_gaps_are_left_out(client: httpx.Client, written: str) -> None:
    body = ask(client, bucket="hour", from_="2026-06-10T12:30:00Z", to="2026-06-10T14:01:00Z").json()
    assert (body["from"], body["to"]) == ("2026-06-10T12:00:00Z", "2026-06-10T15:00:00Z")
    klima = next(entry["buckets"] for entry in body["series"] if entry["device"] == "klima-1")
    assert [bucket["start"] for bucket in klima] == ["2026-06-10T12:00:00Z", "2026-06-10T14:00:00Z"]
    assert klima[0] == {
        "start": "2026-06-10T12:00:00Z",
        "count": 3,
        "mean": 8.167,
        "min": 7,
        "max": 9,
        "sum": None,
        "suspect": 1,
        "missing": 1,
    }


def test_amounts_have_a_sum(client: httpx.Client, written: str) -> None:
    answer = ask(client, property="rain", bucket="day", from_="2026-06-10T00:00:00Z", to="2026-06-11T00:00:00Z")
    (bucket,) = answer.json()["series"][0]["buckets"]
    assert bucket["sum"] == 0.6


def test_days_begin_at_midnight_of_the_municipality(client: httpx.Client, filled_url: str) -> None:
    before, after = datetime(2026, 10, 24, 21, 59, tzinfo=UTC), datetime(2026, 10, 24, 22, 1, tzinfo=UTC)
    last = datetime(2026, 10, 25, 22, 59, tzinfo=UTC)  # a day of 25 hours
    with psycopg.connect(filled_url) as connection:
        observe(connection, "klima-1", "air_temperature", [(before, 1), (after, 2), (last, 4)], now=last)
    body = ask(client, bucket="day", from_="2026-10-25T00:00:00+02:00", to="2026-10-25T12:00:00+01:00").json()
    assert (body["from"], body["to"]) == ("2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z")
    klima = next(entry["buckets"] for entry in body["series"] if entry["device"] == "klima-1")
    assert [(bucket["start"], bucket["count"], bucket["mean"]) for bucket in klima] == [("2026-10-24T22:00:00Z", 2, 3)]


def test_a_plus_that_became_a_space_is_forgiven(client: httpx.Client, written: str) -> None:
    query = "property=air_temperature&bucket=raw&from=2026-06-10T14:00:00+02:00&to=2026-06-10T15:00:00+02:00"
    assert client.get(f"{PATH}?{query}").json()["from"] == "2026-06-10T12:00:00Z"


@pytest.mark.parametrize(("bucket", "hours"), [("raw", 24), ("hour", 7 * 24), ("day", 365 * 24)])
def test_without_an_interval_the_latest_time_is_answered(client: httpx.Client, bucket: str, hours: int) -> None:
    body = ask(client, bucket=bucket).json()
    start, end = datetime.fromisoformat(body["from"]), datetime.fromisoformat(body["to"])
    assert end >= datetime.now(UTC) - timedelta(seconds=5)
    assert timedelta(hours=hours) <= end - start <= timedelta(hours=hours + 25)


def test_csv_has_a_header_with_the_unit_and_a_file_name(client: httpx.Client, written: str) -> None:
    interval = {"from_": "2026-06-10T12:00:00Z", "to": "2026-06-10T13:00:00Z", "format": "csv"}
    answer = ask(client, bucket="raw", **interval)
    assert answer.headers["content-type"].startswith("text/csv; charset=utf-8")
    name = f"{FIRST}_air_temperature_raw_20260610-20260610.csv"
    assert answer.headers["content-disposition"] == f'attachment; filename="{name}"'
    assert answer.text.endswith("\r\n")
    header, *rows = csv.reader(io.StringIO(answer.text))
    assert header == ["time", "device", "air_temperature [Cel]", "quality"]
    assert rows[0] == ["2026-06-10T12:00:00Z", "klima-1", "7.0", "ok"]
    assert ["2026-06-10T12:40:00Z", "klima-1", "", "suspect"] in rows
    header, *rows = csv.reader(io.StringIO(ask(client, bucket="hour", **interval).text))
    assert header == [
        *("start", "device", "count", "mean [Cel]", "min [Cel]", "max [Cel]", "sum [Cel]", "suspect", "missing")
    ]
    assert rows[0] == ["2026-06-10T12:00:00Z", "klima-1", "3", "8.167", "7.0", "9.0", "", "1", "1"]


def test_csv_for_german_excel_has_its_separators_its_times_and_a_name_of_its_own(
    client: httpx.Client, written: str
) -> None:
    interval = {"from_": "2026-06-10T12:00:00Z", "to": "2026-06-10T13:00:00Z", "format": "csv", "dialect": "excel-de"}
    answer = ask(client, bucket="hour", **interval)
    assert answer.headers["content-type"].startswith("text/csv; charset=utf-8")
    assert answer.headers["content-disposition"].endswith('_hour_20260610-20260610_excel-de.csv"')
    assert answer.content.startswith(b"\xef\xbb\xbfstart [Europe/Berlin];start [UTC];device;count;mean [Cel];")
    rows = answer.content.decode("utf-8-sig").split("\r\n")[1:]
    assert "10.06.2026 14:00:00;10.06.2026 12:00:00;klima-1;3;8,167;7,0;9,0;;1;1" in rows
    raw = ask(client, bucket="raw", **interval).content.decode("utf-8-sig").split("\r\n")
    assert raw[:2] == [
        "time [Europe/Berlin];time [UTC];device;air_temperature [Cel];quality",
        "10.06.2026 14:00:00;10.06.2026 12:00:00;klima-1;7,0;ok",
    ]


def test_a_dialect_without_csv_is_refused_instead_of_forgotten(client: httpx.Client, written: str) -> None:
    answer = client.get(PATH, params={"property": "air_temperature", "dialect": "excel-de"})
    assert answer.status_code == 422
    assert "format=csv beside it" in answer.text


@pytest.mark.parametrize("dialect", ["plain", "excel-de"])
def test_a_long_series_comes_in_parts_that_add_up(
    client: httpx.Client, written: str, monkeypatch: pytest.MonkeyPatch, dialect: str
) -> None:
    interval = {"bucket": "raw", "dialect": dialect, "from_": "2026-06-10T12:00:00Z", "to": "2026-06-10T15:00:00Z"}
    whole = ask(client, format="csv", **interval).text.splitlines()[1:]
    monkeypatch.setattr(series_router, "MAX_ROWS", 2)
    parts: list[str] = []
    answer = ask(client, format="csv", **interval)
    while True:
        parts += answer.text.splitlines()[1:]
        if "link" not in answer.headers:
            break
        answer = client.get(answer.headers["link"].removeprefix("<").removesuffix('>; rel="next"'))
        assert answer.status_code == 200
    assert sorted(parts) == sorted(whole)
    assert len(whole) == 7
    del interval["dialect"]
    assert ask(client, **interval).json()["next"].startswith(PATH)
