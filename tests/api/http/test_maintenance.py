"""While the system is being worked on, whoever asks is told until when, and what must go on goes on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from api.catalogue.live import LiveHub
from api.http.maintenance import Maintenance, MaintenanceState, stays
from api.services import Services
from api.webapp.pages import create_pages
from tests.fixtures.web.hikers import PHONE_AGENT, PONDS, Hikers, compose, served

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
IN_AN_HOUR = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


@dataclass
class Worked:
    """The pages of a server that somebody works on; ``present`` is what they said."""

    url: str = ""
    present: list[Maintenance] = field(default_factory=list[Maintenance])

    def get(self, path: str, language: str = "de") -> httpx.Response:
        return httpx.get(self.url + path, headers={"user-agent": PHONE_AGENT, "accept-language": language})


@pytest.fixture
def worked(hikers: Hikers) -> Iterator[Worked]:
    worked = Worked()
    state = MaintenanceState(lambda: next(iter(worked.present), None), lambda: NOW, every_s=0)
    services = Services(
        keeper=hikers.keeper,
        database=hikers.database,
        live=LiveHub(hikers.keeper),
        maintenance=state,
        clock=lambda: NOW,
    )
    pages = create_pages(hikers.keeper, hikers.database, hikers.scans, clock=lambda: NOW)
    with served(compose(pages, services), services) as worked.url:
        yield worked


def test_a_sign_says_until_when_and_where_somebody_stands(worked: Worked) -> None:
    path = f"/s/{PONDS}"
    assert [worked.get(path).status_code for _ in range(2)] == [200, 200], "the second from the fast path"
    worked.present.append(Maintenance(IN_AN_HOUR))
    page = worked.get(path)
    assert (page.status_code, page.headers["retry-after"], page.headers["cache-control"]) == (503, "3600", "no-store")
    assert page.headers["content-security-policy"]
    for said in (
        "Montag, 23. November, 11:00 Uhr",
        "Die Försterteiche",
        "112",
        "Der Code auf dem Schild bleibt gültig",
    ):
        assert said in page.text
    assert "They should be back: Monday, 23 November, 11:00" in worked.get(path, "en").text
    assert "Ihr Handy ist in Ordnung" in worked.get(f"{path}?lang=de_simple").text
    worked.present.clear()
    assert worked.get(path).status_code == 200


def test_programs_get_problem_details_with_the_time(worked: Worked) -> None:
    worked.get("/api/v1/trails")
    worked.present.append(Maintenance(IN_AN_HOUR))
    answer = worked.get("/api/v1/trails")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "3600")
    told = answer.json()
    assert (told["type"], told["until"]) == ("/api#maintenance", "2026-11-23T10:00:00Z")


def test_what_must_go_on_goes_on(worked: Worked) -> None:
    worked.present.append(Maintenance())
    for path in ("/healthz", "/readyz", "/metrics", "/datenschutz", "/impressum", "/barrierefreiheit"):
        assert worked.get(path).status_code == 200, path
    for path in ("/static/style.css", "/staff/login", "/robots.txt", "/.well-known/security.txt"):
        assert stays(path)
    for path in ("/", "/t/stadtwald", "/s/3DVB54", "/staffx", "/static.css", "/api/v1/trails"):
        assert not stays(path)


@pytest.mark.parametrize(
    ("until", "wait_s", "said"),
    [
        (None, 300, "Bald geht es weiter."),
        (NOW - timedelta(minutes=10), 300, "Wir wollten um 09:50 Uhr fertig sein."),
        (NOW + timedelta(seconds=20), 20, "Montag, 23. November, 10:00 Uhr"),
        (NOW + timedelta(days=2), 3600, "Mittwoch, 25. November, 10:00 Uhr"),
    ],
)
def test_who_asks_again_is_told_when_that_is_worth_while(
    worked: Worked, until: datetime | None, wait_s: int, said: str
) -> None:
    worked.present.append(Maintenance(until))
    page = worked.get("/")
    assert page.headers["retry-after"] == str(wait_s)
    assert said in page.text
