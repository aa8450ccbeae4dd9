"""The hikers' pages: their headers, policy, caching and size."""

from __future__ import annotations

import base64
import hashlib
import re
import zlib
from datetime import UTC, datetime

import httpx

from api.http.page_headers import CONTENT_SECURITY_POLICY, policy_with_style, security_headers
from api.webapp.routes.site_files import STATIC_FOLDER
from tests.fixtures.web.hikers import PONDS, Hikers, a_day

STATION = f"/s/{PONDS}"
STYLE = (STATIC_FOLDER / "style.css").read_text()
PAGES = ["/", "/t/stadtwald", STATION, "/datenschutz", "/impressum", "/barrierefreiheit", "/s/ZZZZZZ", "/nowhere"]


def test_every_page_has_the_security_headers_and_stores_nothing(hikers: Hikers):
    for path in PAGES:
        headers = hikers.get(path).headers
        expected = security_headers(tls=False)
        if path == STATION:
            expected["content-security-policy"] = policy_with_style(STYLE)
        assert {name: headers.get(name) for name in expected} == expected, path
        assert "set-cookie" not in headers
        assert "strict-transport-security" not in headers


def test_the_policy_allows_nothing_inline_and_the_pages_have_nothing_but_the_stylesheet(hikers: Hikers):
    assert "unsafe" not in CONTENT_SECURITY_POLICY
    for path in PAGES:
        html = hikers.get(path).text.replace(f"<style>{STYLE}</style>", "")
        assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)", html), path


def test_a_scanned_sign_brings_page_and_look_in_one_answer_whose_policy_names_that_look_alone(hikers: Hikers):
    page = hikers.get(STATION)
    assert page.text.count("<style>") == 1
    assert f"<style>{STYLE}</style>" in page.text
    assert 'rel="stylesheet"' not in page.text
    digest = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    assert f"style-src 'self' 'sha256-{digest}';" in page.headers["content-security-policy"]
    assert "<style" not in hikers.get("/t/stadtwald").text
    assert "sha256" not in hikers.get("/t/stadtwald").headers["content-security-policy"]


def test_an_unchanged_station_page_keeps_the_policy_that_allows_its_look(hikers: Hikers):
    """A browser takes over the headers of a 304: the general policy would leave its own copy bare."""
    page = hikers.get(STATION)
    again = hikers.get(STATION, if_none_match=page.headers["etag"])
    again = again if again.status_code == 304 else hikers.get(STATION, if_none_match=again.headers["etag"])
    assert again.status_code == 304
    assert again.headers["content-security-policy"] == page.headers["content-security-policy"]


def test_hsts_is_sent_where_the_public_uses_https():
    assert "max-age=31536000" in security_headers(tls=True)["strict-transport-security"]


def test_no_page_asks_for_anything_from_another_host(hikers: Hikers):
    for path in PAGES:
        html = hikers.get(path).text
        assert not re.findall(r'(?:src|action)="https?://|<link[^>]*href="https?://', html), path


def test_static_files_are_kept_for_ever_under_the_hash_of_their_content(hikers: Hikers):
    url = re.findall(r'href="(/static/style.css[^"]*)"', hikers.get("/").text)[0]
    assert "immutable" in hikers.get(url).headers["cache-control"]
    assert "immutable" not in hikers.get("/static/style.css?v=0").headers["cache-control"]


def test_a_station_page_is_asked_for_each_time_and_sent_only_when_it_changed(hikers: Hikers):
    first = hikers.get(f"/s/{PONDS}")
    assert first.headers["cache-control"] == "private, no-cache"
    again = hikers.get(f"/s/{PONDS}", if_none_match=first.headers["etag"])
    assert again.status_code == 304 or again.headers["etag"] != first.headers["etag"]
    hikers.observe([("pegel-04", "water_level", datetime.now(UTC), 41.0)])
    assert hikers.get(f"/s/{PONDS}", if_none_match=first.headers["etag"]).status_code == 200


def test_the_first_view_of_a_station_stays_within_its_budget(hikers: Hikers):
    now = datetime.now(UTC)
    for device, prop in (("pegel-04", "water_level"), ("pegel-04", "air_temperature")):
        hikers.observe(a_day(device, prop, [float(i) for i in range(26)], now))
    html = hikers.get(f"/s/{PONDS}").text
    files = {name: hikers.get(f"/static/{name}").content for name in ("style.css", "live.js")}
    assert len(re.findall(r'(?:src|href)="(?:/static|/favicon)', html)) <= 9
    assert STYLE in html
    assert gzipped(html.encode()) <= 14_000
    assert gzipped(files["style.css"]) <= 6_000
    assert len(files["live.js"]) <= 15_000


def gzipped(body: bytes) -> int:
    return len(zlib.compress(body, 6))


def test_robots_may_read_the_pages_but_not_the_office(hikers: Hikers):
    assert "Disallow: /staff/" in hikers.get("/robots.txt").text


def test_a_page_that_is_written_to_says_that_it_can_only_be_read(hikers: Hikers):
    answer = httpx.post(f"{hikers.url}/s/{PONDS}")
    assert answer.status_code == 405
    assert "nur lesen" in answer.text
    assert "Nichts gefunden" not in answer.text
