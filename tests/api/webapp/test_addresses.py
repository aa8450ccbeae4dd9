"""However an address is written, one page answers, and one scan is counted; none leads to another host."""

from __future__ import annotations

import re
import time
from http.client import HTTPConnection
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.licences import url_of
from api.webapp.addresses import canonical
from api.webapp.markdown import to_html
from dashboards.gate import safe_next
from tests.fixtures.databases.database import one_row
from tests.fixtures.process.waiting import wait_until
from tests.fixtures.web.hikers import PHONE_AGENT, PONDS, Hikers

NAMES = {"impressum", "robots.txt", "s"}


@pytest.mark.parametrize(
    ("path", "own"),
    [
        ("/S/7K3Q9F", "/s/7K3Q9F"),
        ("/S/7k3q9f", "/s/7k3q9f"),
        ("/S/7K3Q9F/", "/s/7K3Q9F"),
        ("/S/7K3Q9F/NOW", "/s/7K3Q9F/now"),
        ("//s//7K3Q9F", "/s/7K3Q9F"),
        ("/s/7K3Q9F.", "/s/7K3Q9F"),
        ("/s/7K3Q9F ", "/s/7K3Q9F"),
        ("/s/(7K3Q9F)", "/s/7K3Q9F"),
        ("/s/„7K3Q9F“", "/s/7K3Q9F"),
        ("/s/7K3Q9F\u200b", "/s/7K3Q9F"),
        ("/s/7K3Q9F\r\n", "/s/7K3Q9F"),
        ("/s/７Ｋ３Ｑ９Ｆ", "/s/7K3Q9F"),
        ("/s/7K3 Q9F", None),
        ("/s/7K3Q9F", None),
        ("/s/...", "/s"),
        ("/s/-/now", None),
        ("/T/Weg-F", "/t/weg-f"),
        ("/t/weg-f", None),
        ("/Impressum", "/impressum"),
        ("/IMPRESSUM/", "/impressum"),
        ("/impressum.", "/impressum"),
        ("/Robots.txt", "/robots.txt"),
        ("/STAFF", "/staff/"),
        ("/Staff/Devices/Pegel-04", "/staff/devices/pegel-04"),
        ("/staff/devices", None),
        ("/nirgends", None),
        ("/", None),
        ("//evil.example/s/7K3Q9F", None),
        ("//evil.example/..", None),
        ("/\\evil.example", None),
    ],
)
def test_an_address_has_one_spelling(path: str, own: str | None) -> None:
    assert canonical(path, NAMES) == own


@pytest.mark.parametrize("around", ["/s/x{}x", "/s/{}x", "/t/{}/x", "/{}", "/s/3DVB54{}"])
def test_an_address_of_any_length_is_judged_at_once(around: str) -> None:
    begun = time.monotonic()
    canonical(around.format("." * 30_000), NAMES)
    canonical(around.format(" ." * 15_000), NAMES)
    assert time.monotonic() - begun < 1, "nobody else is answered meanwhile"


PIECES = st.sampled_from(["s", "S", "t", "T", "staff", "now", "NOW", "7K3Q9F", "Impressum", "evil.example", "..", ""])
PATHS = st.lists(PIECES | st.text(max_size=5), max_size=5).map(lambda parts: "/" + "/".join(parts))


@given(PATHS)
def test_no_address_leads_to_another_host_or_round_and_round(path: str) -> None:
    own = canonical(path, NAMES)
    if own is not None:
        assert re.fullmatch(r"/(s|t|staff|impressum|robots\.txt)(/[A-Za-z0-9._~%/-]*)?", own)
        assert not own.startswith("//")
        assert canonical(unquote(own), NAMES) is None


def test_capitals_lead_to_the_station_and_count_as_one_scan(hikers: Hikers) -> None:
    for path in (f"/S/{PONDS}?via=nfc&lang=en", f"/s/{PONDS}.?via=nfc&lang=en", f"/S/{PONDS}%20/?via=nfc&lang=en"):
        answer = hikers.get(path)
        assert (answer.status_code, answer.headers["location"]) == (308, f"/s/{PONDS}?via=nfc&lang=en"), path
        assert hikers.get(answer.headers["location"]).status_code == 200
    wait_until(lambda: hikers.scans.waiting == 0 and counted(hikers) == 3, what="three scans")
    assert counted(hikers) == 3


def counted(hikers: Hikers) -> int:
    with hikers.database.transaction() as connection:
        return one_row(connection, "SELECT coalesce(sum(count), 0)::int FROM scan_hour")[0]


def test_capitals_lead_to_every_page(hikers: Hikers) -> None:
    for path, own in {
        "/T/Stadtwald?lang=en": "/t/stadtwald?lang=en",
        "/t/Stadtwald": "/t/stadtwald",
        "/Impressum": "/impressum",
        "/DATENSCHUTZ": "/datenschutz",
        "/STAFF": "/staff/",
        "/S?code=3dvb54": "/s?code=3dvb54",
    }.items():
        answer = hikers.get(path)
        assert (answer.status_code, answer.headers["location"]) == (308, own), path
    assert hikers.get("/t/nirgends").status_code == hikers.get("/T").status_code == 404


def test_the_interface_says_that_capitals_matter(hikers: Hikers) -> None:
    for path in ("/API/v1/stations", "/api/v1/Stations", "/Api/V1/trails"):
        answer = hikers.get(path)
        assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json"), path
        assert answer.json()["detail"].endswith(f"did you mean {path.lower()}?")
        assert answer.headers["access-control-allow-origin"] == "*"
    answer = hikers.get("/api/v1/trails/Stadtwald")
    assert (answer.status_code, answer.json()["did_you_mean"]) == (404, ["stadtwald"])
    assert hikers.get("/api/v1/nothing").json()["detail"].endswith("described at /api.")


HOSTS = [
    "//evil.example/..",
    "//evil.example/",
    "//evil.example/s/",
    "//evil.example/%2e%2e",
    "/\\evil.example/",
    "///evil.example",
]


@pytest.mark.parametrize("host", HOSTS)
def test_no_redirect_leaves_this_site(hikers: Hikers, host: str) -> None:
    for path in (host, f"/s/{PONDS}/{host}", f"/S/{PONDS}/?next={host}", f"/s{host}", f"/static{host}", f"/S{host}"):
        place = urlsplit(hikers.url)
        connection = HTTPConnection(place.hostname or "", place.port, timeout=5)  # httpx would mend the address
        connection.request("GET", path, headers={"Host": "evil.example", "User-Agent": PHONE_AGENT})
        answer = connection.getresponse()
        location = answer.headers.get("location", "/")
        assert re.match(r"/(?![/\\])", location), (path, location)
        connection.close()


@pytest.mark.parametrize("host", HOSTS)
def test_no_text_links_to_an_address_without_a_scheme_on_another_host(host: str) -> None:
    for text in (f"[hier]({host})", f"[hier](<{host}>)", f"[hier]( {host} 'x')", f"[hier][1]\n\n[1]: {host}"):
        html = str(to_html(text))
        assert not re.search(r'href="(?!/%5C)', html), html  # an encoded backslash is a letter like others
        assert "hier" in html


def test_names_of_authors_and_licences_are_no_links(hikers: Hikers) -> None:
    with hikers.database.transaction() as connection:
        connection.execute("UPDATE trail SET attribution = '//evil.example/', licence = '//evil.example/by-4.0'")
    wait_until(lambda: "//evil.example/by-4.0" in hikers.get("/t/stadtwald").text, what="the new attribution")
    assert not re.search(r'(href|src)="[^"]*evil', hikers.get("/t/stadtwald").text)
    assert url_of("//evil.example/by-4.0") is None


@pytest.mark.parametrize("address", ["/t/stadtwald", "https://lemgo.de/", "tel:+495261", "#karte", "/s/3DVB54?lang=en"])
def test_other_links_stay(address: str) -> None:
    assert f'href="{address}"' in str(to_html(f"[hier]({address})"))


@pytest.mark.parametrize("host", HOSTS)
def test_the_login_leads_to_no_other_host(host: str) -> None:
    for wanted in (host, f"/staff/{host}", f"/staff{host}", f"/staff/?next={host}"):
        assert safe_next(wanted).startswith("/staff/")
        assert "//" not in urlsplit(safe_next(wanted)).path
