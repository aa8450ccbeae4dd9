"""Time series: intervals, buckets, CSV, and values that are not to be shown."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import httpx
import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.licences import url_of
from api.v1 import series as series_router
from api.v1.parameters import Bucketing
from api.v1.parsing import parse_day_or_time
from api.v1.time_range import LocalDates, TimeRange, time_range
from tests.api.trail import FIRST, observe
from tests.fixtures.process.waiting import wait_until

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
        "date": "2026-06-10",
        "count": 3,
        "mean": 8.167,
        "min": 7,
        "max": 9,
        "sum": None,
        "suspect": 1,
        "missing": 1,
    }


def test_who_asks_for_a_property_by_the_name_that_it_had_before_is_answered(client: httpx.Client, written: str) -> None:
    when = {"bucket": "hour", "from_": "2026-06-10T12:00:00Z", "to": "2026-06-10T13:00:00Z", "property": "rain"}
    before = ask(client, **when).json()
    with psycopg.connect(written) as connection:
        connection.execute("UPDATE observed_property SET id = 'precipitation', aliases = '{rain}' WHERE id = 'rain'")
    wait_until(lambda: ask(client, **when).json()["property"] == "precipitation", what="the new name")
    assert ask(client, **when).json() == {**before, "property": "precipitation"}
    assert ask(client, **{**when, "property": "precipitation"}).json() == ask(client, **when).json()


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
    assert [bucket["date"] for bucket in klima] == ["2026-10-25"]
    by_days = ask(client, bucket="day", from_="2026-10-25", to="2026-10-25")
    assert by_days.json() == body
    spreadsheet = ask(client, bucket="day", from_="2026-10-24", to="2026-10-25", format="csv")
    name = f"{FIRST}_air_temperature_day_20261024-20261025.csv"
    assert spreadsheet.headers["content-disposition"] == f'attachment; filename="{name}"'
    rows = [row[:3] for row in csv.reader(io.StringIO(spreadsheet.text))]
    assert ["2026-10-23T22:00:00Z", "2026-10-24", "klima-1"] in rows
    assert ["2026-10-24T22:00:00Z", "2026-10-25", "klima-1"] in rows


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("first", "last", "start", "end"),
    [
        ("2026-11-01", "2026-11-30", "2026-10-31T23:00Z", "2026-11-30T23:00Z"),
        ("2026-03-29", "2026-03-29", "2026-03-28T23:00Z", "2026-03-29T22:00Z"),  # 23 hours
        ("2026-10-25", "2026-10-25", "2026-10-24T22:00Z", "2026-10-25T23:00Z"),  # 25 hours
        ("2026-10-01", "2026-10-31", "2026-09-30T22:00Z", "2026-10-31T23:00Z"),  # 31 days and an hour
        ("2026-10-25", "2026-10-25T12:00Z", "2026-10-24T22:00Z", "2026-10-25T12:00Z"),
        ("2026-10-24T12:00Z", "2026-10-25", "2026-10-24T12:00Z", "2026-10-25T23:00Z"),
        ("2028-02-29", "2028-02-29", "2028-02-28T23:00Z", "2028-02-29T23:00Z"),
        ("2100-12-31", "2100-12-31", "2100-12-30T23:00Z", "2100-12-31T23:00Z"),
    ],
)
def test_a_day_is_a_whole_day_of_the_municipality(first: str, last: str, start: str, end: str) -> None:
    asked = parse_day_or_time("from", first), parse_day_or_time("to", last)
    for bucket in (Bucketing.RAW, Bucketing.HOUR):
        assert time_range(*asked, bucket, "Europe/Berlin", NOON) == TimeRange(at(start), at(end))


def test_a_day_begins_when_the_clock_does_where_there_is_no_midnight() -> None:
    day = date(2026, 4, 24)  # in Cairo this day begins at one o'clock
    found = time_range(day, day, Bucketing.DAY, "Africa/Cairo", NOON)
    assert found == TimeRange(at("2026-04-23T22:00Z"), at("2026-04-24T21:00Z"))
    assert LocalDates("Africa/Cairo").of(found.start) == day


@given(
    st.lists(st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC)), max_size=30),  # noqa: DTZ001
    st.sampled_from(["Europe/Berlin", "America/St_Johns", "Africa/Cairo", "Pacific/Apia", "Australia/Lord_Howe"]),
)
def test_the_day_of_a_moment_is_the_one_on_the_towns_calendar(moments: list[datetime], timezone: str) -> None:
    dates = LocalDates(timezone)
    assert [dates.of(moment) for moment in moments] == [
        moment.astimezone(ZoneInfo(timezone)).date() for moment in moments
    ]


@pytest.mark.parametrize(
    "wrong", ["2026-02-30", "2026-13-01", "1999-12-31", "2101-01-01", "2026-11", "01.11.2026", "20261101"]
)
def test_a_day_that_is_none_is_named_with_what_was_expected(shared_client: httpx.Client, wrong: str) -> None:
    for name in ("from", "to"):
        answer = shared_client.get(PATH, params={"property": "rain", name: wrong})
        (error,) = answer.json()["errors"]
        assert (answer.status_code, error["field"], error["value"]) == (422, name, wrong)
        assert error["expected"].startswith("a day such as 2026-11-22, or a time with offset")


def test_days_in_the_wrong_order_are_told_as_they_were_asked(shared_client: httpx.Client) -> None:
    query = {"property": "rain", "from": "2026-11-02", "to": "2026-11-01"}
    (error,) = shared_client.get(PATH, params=query).json()["errors"]
    assert (error["value"], error["expected"]) == ("2026-11-02", "a time before 'to', which is 2026-11-01")


@pytest.mark.parametrize("bucket", ["raw", "hour", "day"])
@pytest.mark.parametrize("form", ["json", "csv"])
def test_a_series_says_what_others_may_do_with_it(shared_client: httpx.Client, bucket: str, form: str) -> None:
    answer = shared_client.get(PATH, params={"property": "rain", "bucket": bucket, "format": form})
    licence = "https://creativecommons.org/publicdomain/zero/1.0/deed.en"
    assert answer.links["license"]["url"] == licence
    trail = shared_client.get(answer.links["describedby"]["url"]).json()["properties"]
    station = shared_client.get(f"/api/v1/stations/{FIRST}").json()["properties"]["content"]
    for said in [trail, station] + ([answer.json()] if form == "json" else []):
        assert (said["licence"], said["licence_url"], said["attribution"]) == ("CC0-1.0", licence, "")


@pytest.mark.parametrize(
    ("licence", "address"),
    [
        ("CC-BY-SA-4.0", "https://creativecommons.org/licenses/by-sa/4.0/deed.en"),
        ("dl-de/zero-2-0", "https://www.govdata.de/dl-de/zero-2-0"),
        ("DL-DE-BY-2.0", "https://www.govdata.de/dl-de/by-2-0"),
        ("ODbL-1.0", "https://opendatacommons.org/licenses/odbl/1-0/"),
        ("NOASSERTION", None),
        ("https://evil.example", None),
    ],
)
def test_a_licence_has_the_address_of_its_text(licence: str, address: str | None) -> None:
    assert url_of(licence) == address


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
        *("start", "date", "device", "count", "mean [Cel]", "min [Cel]", "max [Cel]", "sum [Cel]", "suspect", "missing")
    ]
    assert rows[0] == ["2026-06-10T12:00:00Z", "2026-06-10", "klima-1", "3", "8.167", "7.0", "9.0", "", "1", "1"]


def test_csv_for_german_excel_has_its_separators_its_times_and_a_name_of_its_own(
    client: httpx.Client, written: str
) -> None:
    interval = {"from_": "2026-06-10T12:00:00Z", "to": "2026-06-10T13:00:00Z", "format": "csv", "dialect": "excel-de"}
    answer = ask(client, bucket="hour", **interval)
    assert answer.headers["content-type"].startswith("text/csv; charset=utf-8")
    assert answer.headers["content-disposition"].endswith('_hour_20260610-20260610_excel-de.csv"')
    assert answer.content.startswith(b"\xef\xbb\xbfstart [Europe/Berlin];start [UTC];date;device;count;mean [Cel];")
    rows = answer.content.decode("utf-8-sig").split("\r\n")[1:]
    assert "10.06.2026 14:00:00;10.06.2026 12:00:00;10.06.2026;klima-1;3;8,167;7,0;9,0;;1;1" in rows
    raw = ask(client, bucket="raw", **interval).content.decode("utf-8-sig").split("\r\n")
    assert raw[:2] == [
        "time [Europe/Berlin];time [UTC];device;air_temperature [Cel];quality",
        "10.06.2026 14:00:00;10.06.2026 12:00:00;klima-1;7,0;ok",
    ]


def test_a_dialect_without_csv_is_refused_instead_of_forgotten(client: httpx.Client, written: str) -> None:
    answer = client.get(PATH, params={"property": "air_temperature", "dialect": "excel-de"})
    assert answer.status_code == 422
    assert "format=csv as well" in answer.text


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
        if "next" not in answer.links:
            break
        answer = client.get(answer.links["next"]["url"])
        assert answer.status_code == 200
    assert sorted(parts) == sorted(whole)
    assert len(whole) == 7
    del interval["dialect"]
    assert ask(client, **interval).json()["next"].startswith(PATH)
