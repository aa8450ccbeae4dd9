"""The stream that keeps the start page up to date."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from time import monotonic

import httpx
import pytest

from api.limits.places import Places
from tests.dashboards.office import Office, hire, observe
from tests.fixtures.process.waiting import wait_until


def _events(stream: httpx.Response) -> Iterator[tuple[str, str]]:
    """Name and data of each event."""
    name, data = "message", list[str]()
    for line in stream.iter_lines():
        field, _, value = line.partition(": ")
        if field == "event":
            name = value
        elif field == "data":
            data.append(value)
        elif not line and (data or name != "message"):
            yield name, "\n".join(data)
            name, data = "message", []


@pytest.fixture
def anna(office: Office) -> httpx.Client:
    hire(office.database, "anna")
    return office.signed_in("anna")


def test_a_new_observation_is_on_the_page_within_two_seconds(office: Office, anna: httpx.Client) -> None:
    with anna.stream("GET", "/staff/live?trail=stadtwald") as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        assert stream.headers["cache-control"] == "no-store"
        events = _events(stream)
        first = next(events)[1]
        assert "<html" not in first
        assert "noch nie gemeldet" in first
        written = monotonic()
        observe(office.database, "pond", datetime.now(UTC), water_level=41)
        shown = next(data for _, data in events if "gerade eben" in data)
        assert monotonic() - written < 4
        assert 'id="row-pond"' in shown


@pytest.mark.parametrize("how", ["/staff/logout", "/staff/account/sign-out-everywhere"])
def test_the_stream_ends_with_the_session(office: Office, anna: httpx.Client, how: str) -> None:
    with anna.stream("GET", "/staff/live") as stream:
        events = _events(stream)
        next(events)
        other = office.visitor()
        other.cookies.update(anna.cookies)
        other.post(how)
        ended = monotonic()
        assert list(events)[-1] == ("signed-out", "")
        assert monotonic() - ended < 5


def test_the_stream_of_an_unknown_trail_ends_at_once(office: Office, anna: httpx.Client) -> None:
    with anna.stream("GET", "/staff/live?trail=nowhere") as stream:
        assert list(_events(stream)) == []


def test_an_open_page_does_not_keep_a_session_awake(office: Office, anna: httpx.Client) -> None:
    with office.database.transaction() as connection:
        connection.execute("UPDATE staff_session SET last_used_at = last_used_at - interval '11 hours'")
        before = connection.execute("SELECT last_used_at FROM staff_session").fetchall()
    with anna.stream("GET", "/staff/live") as stream:
        next(_events(stream))
    with office.database.transaction() as connection:
        assert connection.execute("SELECT last_used_at FROM staff_session").fetchall() == before


def test_the_stream_ends_quickly_when_the_process_stops(office: Office, anna: httpx.Client) -> None:
    with anna.stream("GET", "/staff/live") as stream:
        events = _events(stream)
        next(events)
        threading.Timer(0.1, office.stopping.set).start()
        stopped = monotonic()
        assert [name for name, _ in events if name != "message"] == []
        assert monotonic() - stopped < 3


def test_streams_have_places_counted_from_their_arrival_and_head_holds_none(office: Office, anna: httpx.Client) -> None:
    streams: Places = office.app.state.services.streams
    assert anna.head("/staff/live", timeout=5).status_code in {200, 405}
    assert len(streams) == 0
    with anna.stream("GET", "/staff/live") as stream:
        events = _events(stream)  # kept: a generator that is dropped closes the stream
        next(events)
        assert len(streams) == 1
        streams._most = 1
        answer = anna.get("/staff/live", timeout=5)
        assert answer.status_code == 429
        assert "Zu viele Seiten sind offen" in answer.text
    wait_until(lambda: len(streams) == 0, 10, "the place to be given back")
