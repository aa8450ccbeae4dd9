"""Closures in answers: at the right stations, from the right moment on, and in calendars."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from unicodedata import category

import httpx
import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import Polygon
from shapely.geometry import shape

from api.v1.icalendar import Event, calendar
from geodata.actions import end_closure
from geodata.conditions.closures import Closure, ClosureContent
from geodata.store.catalogue import closure as closure_store
from geodata.vocabulary.season import Season
from tests.api.conftest import Clock
from tests.api.trail import FIRST, RETIRED, SECOND, THIRD
from tests.fixtures.process.waiting import wait_until

NOW = datetime.now(UTC).replace(microsecond=0)
TEXTS = {
    "de": ClosureContent(
        variant="de", reason="Sturmschäden; Bäume, die \\ fallen\nkönnen", detour="Nimm den Hauptweg."
    ),
    "en": ClosureContent(variant="en", reason="Storm damage"),
}
BEGUN = Closure(trail="wald", valid_from=NOW - timedelta(hours=1), contents=TEXTS)
Add = Callable[..., int]


@pytest.fixture
def add(filled_url: str, client: httpx.Client) -> Add:
    """Write a closure and wait until the interface knows it."""

    def write(**changes) -> int:
        with psycopg.connect(filled_url) as connection:
            identity = closure_store.add(connection, replace(BEGUN, **changes))
        wait_until(lambda: f"closure-{identity}" in client.get("/api/v1/closures.ics").text, timeout=1)
        return identity

    return write


def closed(client: httpx.Client, query: str = "") -> list[str]:
    answer = client.get(f"/api/v1/closures{query}")
    assert answer.status_code == 200, answer.text
    return [feature["id"] for feature in answer.json()["features"]]


def at_station(client: httpx.Client, code: str, query: str = "") -> list[dict]:
    return client.get(f"/api/v1/stations/{code}{query}").json()["properties"]["closures"]


def test_a_stretch_across_the_start_shows_at_its_stations_only(client: httpx.Client, add: Add) -> None:
    identity = add(stretch=(1190, 80))
    assert [found["id"] for found in at_station(client, FIRST)] == [identity]
    assert [found["id"] for found in at_station(client, THIRD)] == [identity]
    assert at_station(client, SECOND) == []
    (feature,) = client.get("/api/v1/closures?trail=wald").json()["features"]
    assert feature["geometry"]["type"] == "LineString"
    assert feature["properties"]["stations"] == [THIRD, FIRST]
    assert shape(feature["geometry"]).is_valid


def test_an_area_is_told_as_a_polygon(client: httpx.Client, add: Add) -> None:
    add(area=Polygon([(8.915, 52.051), (8.917, 52.051), (8.917, 52.053), (8.915, 52.053)]))
    (feature,) = client.get("/api/v1/closures").json()["features"]
    assert feature["geometry"]["type"] == "Polygon"
    assert feature["properties"]["stations"] == [SECOND]


def test_a_closure_of_the_trail_speaks_the_language_asked_for(client: httpx.Client, add: Add) -> None:
    add(legal_basis="§ 50 LFoG NRW")
    (german,), (english,) = at_station(client, SECOND), at_station(client, SECOND, "?lang=en")
    assert (german["lang"], german["detour"], german["legal_basis"]) == ("de", "Nimm den Hauptweg.", "§ 50 LFoG NRW")
    assert (english["lang"], english["reason"]) == ("en", "Storm damage")
    assert (english["detour_lang"], english["detour"]) == ("de", "Nimm den Hauptweg."), "there is no English one"
    assert at_station(client, RETIRED) == []


def test_a_closure_begins_and_ends_at_its_moment_without_a_job(client: httpx.Client, add: Add, clock: Clock) -> None:
    begins, ends = NOW + timedelta(hours=2), NOW + timedelta(hours=5)
    identity = add(valid_from=begins, valid_until=ends)
    (announced,) = at_station(client, FIRST)
    assert (announced["id"], announced["active"]) == (identity, False)
    assert announced["begins_at"] == begins.isoformat().replace("+00:00", "Z")
    assert closed(client) == []
    clock.ahead = begins - datetime.now(UTC) + timedelta(milliseconds=1)
    assert at_station(client, FIRST)[0]["active"] is True
    assert closed(client) == [str(identity)]
    clock.ahead = ends - datetime.now(UTC) + timedelta(milliseconds=1)
    assert at_station(client, FIRST) == []
    assert closed(client) == []


def test_a_closure_is_announced_two_weeks_ahead_but_not_earlier(client: httpx.Client, add: Add) -> None:
    add(valid_from=NOW + timedelta(days=15))
    assert at_station(client, FIRST) == []
    soon = add(valid_from=NOW + timedelta(days=13))
    assert [found["id"] for found in at_station(client, FIRST)] == [soon]


def test_another_moment_can_be_asked_about(client: httpx.Client, add: Add) -> None:
    identity = str(add(valid_from=datetime(2026, 1, 1, tzinfo=UTC), season=Season((3, 1), (7, 31))))
    assert closed(client, "?at=2027-02-28T22:59:59Z") == []
    assert closed(client, "?at=2027-03-01T00:00:00%2B01:00") == [identity]
    assert closed(client, "?at=2027-07-31T21:59:59Z&trail=wald") == [identity]
    assert closed(client, "?at=2027-07-31T22:00:00Z") == []


def test_an_unknown_trail_and_a_wrong_moment_are_named(client: httpx.Client) -> None:
    assert client.get("/api/v1/closures?trail=mond").json()["errors"][0]["field"] == "trail"
    assert client.get("/api/v1/closures.ics?trail=mond").status_code == 422
    assert client.get("/api/v1/closures?at=morgen").json()["errors"][0]["field"] == "at"


def test_an_ended_closure_is_gone_within_a_second(client: httpx.Client, add: Add, filled_url: str) -> None:
    identity = add()
    assert closed(client) == [str(identity)]
    with psycopg.connect(filled_url) as connection:
        end_closure.end(connection, identity, datetime.now(UTC))
    wait_until(lambda: closed(client) == [], timeout=1)


# A strict reader of RFC 5545, written from its grammar.
_NAME = r"[A-Za-z0-9-]+"
_LINE = re.compile(rf"({_NAME})((?:;{_NAME}=[^;:,\"]+)*):(.*)", re.DOTALL)


def unfold(data: bytes) -> list[str]:
    assert data.endswith(b"\r\n")
    assert b"\n" not in data.replace(b"\r\n", b"")
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    for line in data.split(b"\r\n"):
        line.decode()  # no character is cut in two
    return data.decode().replace("\r\n ", "").split("\r\n")[:-1]


def read(data: bytes) -> tuple[dict[str, str], list[dict[str, str]]]:
    """Properties of the calendar and of its events, texts unescaped."""
    calendar_of: dict[str, str] = {}
    events: list[dict[str, str]] = []
    stack: list[str] = []
    for line in unfold(data):
        match = _LINE.fullmatch(line)
        assert match, line
        name, _, value = match.groups()
        assert all(char == "\t" or (ord(char) >= 32 and ord(char) != 127) for char in value), line
        if name == "BEGIN":
            stack.append(value)
            events += [{}] if value == "VEVENT" else []
        elif name == "END":
            assert stack.pop() == value
        else:
            target = events[-1] if stack[-1] == "VEVENT" else calendar_of
            assert name not in target, f"{name} twice"
            target[name] = unescape(value) if name in {"SUMMARY", "DESCRIPTION", "LOCATION", "UID"} else value
    assert stack == []
    return calendar_of, events


def unescape(text: str) -> str:
    assert not re.search(r"(?<!\\)(\\\\)*[;,]", text), f"unescaped: {text}"
    assert not re.search(r"(?<!\\)(\\\\)*\\[^\\;,nN]", text), f"wrong escape: {text}"
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] in "nN" else found[1], text)


def test_the_calendar_can_be_read_by_the_rules(client: httpx.Client, add: Add) -> None:
    once, open_end = add(valid_until=NOW + timedelta(hours=4)), add(legal_basis="§ 50; Abs. 1, LFoG")
    season = add(valid_from=datetime(2026, 1, 1, tzinfo=UTC), season=Season((12, 15), (2, 29)))
    answer = client.get("/api/v1/closures.ics?trail=wald")
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    head, events = read(answer.content)
    assert (head["VERSION"], head["METHOD"]) == ("2.0", "PUBLISH")
    assert head["PRODID"]
    by_uid = {event["UID"]: event for event in events}
    assert len(by_uid) == len(events) == 5
    for event in events:
        assert re.fullmatch(r"\d{8}T\d{6}Z", event["DTSTAMP"])
        assert event["SUMMARY"] == f"Gesperrt: {TEXTS['de'].reason}"
        assert event["LOCATION"] == "Waldpfad"
        assert ("DTEND" in event) != ("DURATION" in event)
    single = by_uid[f"closure-{once}@localhost"]
    assert single["DTSTART"] == f"{BEGUN.valid_from:%Y%m%dT%H%M%SZ}"
    assert single["DTEND"] == f"{NOW + timedelta(hours=4):%Y%m%dT%H%M%SZ}"
    endless = by_uid[f"closure-{open_end}@localhost"]
    assert (endless["DURATION"], endless["RRULE"]) == ("P1D", "FREQ=DAILY")
    assert endless["DESCRIPTION"] == "Nimm den Hauptweg.\n§ 50; Abs. 1, LFoG"
    winters = sorted(event["DTSTART"] for uid, event in by_uid.items() if uid.startswith(f"closure-{season}-"))
    assert [start[4:] for start in winters] == ["1214T230000Z"] * 3


def test_the_calendar_keeps_its_etag_while_nothing_changes(client: httpx.Client, add: Add) -> None:
    add()
    etag = client.get("/api/v1/closures.ics").headers["etag"]
    assert client.get("/api/v1/closures.ics", headers={"if-none-match": etag}).status_code == 304


@given(st.text(max_size=300), st.text(max_size=300))
def test_any_text_comes_back_from_a_calendar_as_it_was(summary: str, description: str) -> None:
    event = Event(
        uid="a@b", stamp=NOW, start=NOW, end=None, summary=summary, description=description, location="Wald, Lemgo"
    )
    _, (found,) = read(calendar("Sperrungen", [event]))
    assert found["SUMMARY"] == printable(summary)
    assert found.get("DESCRIPTION", "") == printable(description)


def printable(text: str) -> str:
    lines = text.replace("\r\n", "\n")
    return "".join(
        "\n"
        if char in "\r\v\f\x85\u2028\u2029"
        else "\ufffd"
        if category(char) == "Cc" and char not in "\n\t"
        else char
        for char in lines
    )


@pytest.mark.parametrize(
    "text",
    [
        "1.\u00a0Dezember",
        "20\u202fkm/h",
        "links\trechts",
        "Wander\u00adweg",
        "a\u2003b",
        "\U0001f468\u200d\U0001f469",
        "אב\u200f",
    ],
)
def test_a_calendar_keeps_words_apart_and_letters_together(text: str) -> None:
    event = Event(uid="a@b", stamp=NOW, start=NOW, end=None, summary=text, description=text, location=text)
    _, (found,) = read(calendar(text, [event]))
    assert found["SUMMARY"] == found["DESCRIPTION"] == found["LOCATION"] == text


def test_a_control_character_is_told_and_a_line_end_of_any_kind_is_one() -> None:
    event = Event(
        uid="a@b", stamp=NOW, start=NOW, end=None, summary="a\x00b\x1bc", description="a\x85b\u2028c\rd", location="x"
    )
    _, (found,) = read(calendar("x", [event]))
    assert (found["SUMMARY"], found["DESCRIPTION"]) == ("a\ufffdb\ufffdc", "a\nb\nc\nd")


def test_a_calendar_without_events_has_the_component_that_every_calendar_must_have(client: httpx.Client) -> None:
    answer = client.get("/api/v1/closures.ics")
    lines = unfold(answer.content)
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-1] == "END:VCALENDAR"
    begin, end = lines.index("BEGIN:VTIMEZONE"), lines.index("END:VTIMEZONE")
    assert lines[begin + 1] == "TZID:UTC"
    part = lines[lines.index("BEGIN:STANDARD") : lines.index("END:STANDARD")]
    assert {"DTSTART:19700101T000000", "TZOFFSETFROM:+0000", "TZOFFSETTO:+0000"} < set(part)  # all that 3.6.5 demands
    assert begin < lines.index("BEGIN:STANDARD") < end
    assert not any(line.startswith(("METHOD:", "BEGIN:VEVENT")) for line in lines)
