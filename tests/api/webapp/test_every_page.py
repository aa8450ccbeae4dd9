"""Every public page, found by following links from the first one: none is broken, and each leads to the legal pages."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import httpx
import pytest

from geodata.model.operator import Operator
from geodata.store.catalogue import municipality
from tests.api.webapp.second_town import FIRST, TRAIL, add_kalletal
from tests.fixtures.process.waiting import wait_until
from tests.fixtures.web.hikers import PONDS, Hikers

LEGAL = ("barrierefreiheit", "datenschutz", "impressum")
OMBUDS = "Ombudsstelle NRW, Düsseldorf"
MOST = 500
"""Pages at most: a crawl that never ends is a fault of its own."""


class Links(HTMLParser):
    """Addresses of a page's links."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        href = dict(attrs).get("href")
        if tag == "a" and href:
            self.found.add(href)


def led_to(answer: httpx.Response) -> set[str]:
    """The first words of the addresses within the site that a page links to."""
    return {urlsplit(href).path.split("/")[1] for href in Links(answer.text).found if href.startswith("/")}


def crawl(start: str) -> Iterator[httpx.Response]:
    """Every page of the site that can be reached, once; a link that is written on one is followed as it is."""
    host, seen = urlsplit(start).netloc, {start}
    waiting = deque([start])
    with httpx.Client(timeout=20, headers={"accept-language": "de"}) as client:
        while waiting:
            answer = client.get(waiting.popleft(), follow_redirects=True)
            yield answer
            if "text/html" not in answer.headers["content-type"]:
                continue
            for href in sorted(Links(answer.text).found):
                target = urljoin(str(answer.url), href).partition("#")[0]
                if (
                    urlsplit(target).netloc == host
                    and not urlsplit(target).path.startswith("/staff")
                    and target not in seen
                ):
                    seen.add(target)
                    assert len(seen) < MOST
                    waiting.append(target)


@pytest.fixture
def towns(hikers: Hikers) -> Hikers:
    """Two municipalities, of which one has said who it is, and a page that says that there is none."""
    add_kalletal(hikers.database)
    own = Operator(name="Stadt Lemgo", email="wald@lemgo.example", accessibility_ombuds=OMBUDS)
    with hikers.database.transaction() as connection:
        municipality.set_operator(connection, "lemgo", own)
    wait_until(lambda: OMBUDS in hikers.get("/barrierefreiheit/lemgo").text, what="the municipality's lines")
    return hikers


def test_every_page_leads_to_the_legal_pages_and_no_link_is_broken(towns: Hikers) -> None:
    pages = 0
    for answer in crawl(towns.url + "/"):
        assert answer.status_code == 200, answer.url
        if "text/html" in answer.headers["content-type"]:
            pages += 1
            assert led_to(answer).issuperset(LEGAL), answer.url
    assert pages > 60, "two trails in several languages"


@pytest.mark.parametrize("path", ["/nowhere", "/s/3DVB45", f"/s/{PONDS}/nowhere", "/t/nowhere", "/impressum/nowhere"])
def test_a_page_that_does_not_exist_leads_there_too(towns: Hikers, path: str) -> None:
    answer = towns.get(path)
    assert answer.status_code == 404
    assert led_to(answer).issuperset(LEGAL)


@pytest.mark.parametrize("language", ["de", "en", "de_simple"])
def test_from_every_page_a_barrier_can_be_told_and_the_ombuds_office_is_found(towns: Hikers, language: str) -> None:
    for page in ("/t/stadtwald", f"/s/{PONDS}"):
        statement = re.search(r'href="(/barrierefreiheit[^"]*)"', towns.get(f"{page}?lang={language}").text)
        assert statement is not None
        text = towns.get(statement[1].replace("&amp;", "&")).text
        assert '<a href="mailto:wald@lemgo.example">' in text
        assert OMBUDS in text
    other = towns.get(f"/t/{TRAIL}?lang={language}").text
    assert "barrierefreiheit/kalletal" in other
    assert OMBUDS not in towns.get(f"/barrierefreiheit/kalletal?lang={language}").text
    assert f"/s/{FIRST}" in other
