"""Visit statistics say what was written down of their days, of their place alone, and only what everybody may know."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import httpx
import psycopg
import pytest

from geodata.conditions.annotations import Annotation, AnnotationKind
from geodata.figures.publishing.closing import close_due
from geodata.store.comparison import annotation as written
from geodata.store.database import Database
from tests.api.trail import FIRST, SECOND
from tests.api.v1.statistics.test_visits import PATH

FEAST, AFTER = date(2025, 10, 3), date(2025, 10, 4)
OCTOBER = {"from": "2025-10-01", "to": "2025-10-31"}


@pytest.fixture(autouse=True)
def october(filled_url: str) -> None:
    """October, closed, with two more trails, one of which no list names."""
    with psycopg.connect(filled_url) as connection:
        connection.execute("INSERT INTO scan_hour VALUES (%s, '2025-10-01T10:00Z', 'de', 'sign', 7)", [FIRST])
        connection.execute(
            "INSERT INTO trail (slug, municipality, line, licence, state)"
            " SELECT added.slug, municipality, line, licence, added.state FROM trail,"
            " (VALUES ('tal', 'shown'), ('geheim', 'hidden')) AS added (slug, state) WHERE trail.slug = 'wald'"
        )
    with Database(filled_url) as database:
        assert list(close_due(database, datetime(2025, 11, 2, 12, tzinfo=UTC)))


def note(url: str, first: date = FEAST, last: date | None = None, **other: Any) -> None:
    values: dict[str, Any] = {"municipality": "lemgo", "kind": AnnotationKind.EVENT, "text": "Fest", "public": True}
    new = Annotation(first_day=first, last_day=last or first, created_by="anna", **(values | other))
    with Database(url) as database, database.transaction() as connection:
        written.add(connection, new)


def told(client: httpx.Client, **asked: str) -> list[dict[str, Any]]:
    answer = client.get(PATH, params=OCTOBER | asked)
    assert answer.status_code == 200, answer.text
    return answer.json()["annotations"]


def test_an_annotation_has_its_kind_place_days_and_where_it_is_public_its_text(
    client: httpx.Client, filled_url: str
) -> None:
    note(filled_url, FEAST, AFTER, trail="wald", station=FIRST)
    note(filled_url, AFTER, kind=AnnotationKind.DEFECT, public=False, text="Geklaut")
    note(filled_url, AFTER, kind=AnnotationKind.OTHER, public=False)
    assert told(client, trail="wald") == [
        {"kind": "event", "trail": "wald", "station": FIRST, "from": "2025-10-03", "to": "2025-10-04", "text": "Fest"},
        {"kind": "defect", "trail": None, "station": None, "from": "2025-10-04", "to": "2025-10-04", "text": None},
    ]


@pytest.mark.parametrize(
    ("asked", "texts"),
    [
        ({"municipality": "lemgo"}, ["Stadt", "Wald", "Erste", "Zweite", "Tal"]),
        ({"trail": "wald"}, ["Stadt", "Wald", "Erste", "Zweite"]),
        ({"station": FIRST}, ["Stadt", "Wald", "Erste"]),
        ({"trail": "tal"}, ["Stadt", "Tal"]),
        ({"trail": "geheim"}, ["Stadt", "Geheim"]),
    ],
)
def test_a_place_has_its_own_those_of_its_parts_and_of_what_it_lies_in(
    client: httpx.Client, filled_url: str, asked: dict[str, str], texts: list[str]
) -> None:
    note(filled_url, text="Stadt")
    note(filled_url, trail="wald", text="Wald")
    note(filled_url, trail="wald", station=FIRST, text="Erste")
    note(filled_url, trail="wald", station=SECOND, text="Zweite")
    note(filled_url, trail="tal", text="Tal")
    note(filled_url, trail="geheim", text="Geheim")
    assert [each["text"] for each in told(client, **asked)] == texts


@pytest.mark.parametrize(
    ("first", "last", "is_told"),
    [
        (date(2025, 9, 1), date(2025, 9, 30), False),
        (date(2025, 9, 1), date(2025, 10, 1), True),
        (date(2025, 10, 31), date(2025, 11, 9), True),
        (date(2025, 11, 1), date(2025, 11, 1), False),
    ],
)
def test_one_is_told_where_it_has_a_day_of_the_interval(
    client: httpx.Client, filled_url: str, first: date, last: date, is_told: bool
) -> None:
    note(filled_url, first, last)
    assert bool(told(client, trail="wald")) is is_told
    assert bool(told(client, trail="wald", bucket="hour")) is is_told


def test_what_was_known_is_sent_again_once_something_was_written_down(client: httpx.Client, filled_url: str) -> None:
    asked = OCTOBER | {"trail": "wald"}
    known = {"if-none-match": client.get(PATH, params=asked).headers["etag"]}
    assert client.get(PATH, params=asked, headers=known).status_code == 304
    note(filled_url)
    assert client.get(PATH, params=asked, headers=known).status_code == 200
