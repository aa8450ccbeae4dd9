"""The staff pages that speak English say nothing in German; a package that learns it adds its rows here."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path

import httpx
import pytest

from dashboards import languages
from dashboards.counting import cases
from dashboards.languages import COOKIE
from geodata.model.counting.sign_case import SilenceEvidence
from geodata.model.staff import Role
from geodata.store.counting import sign_cases
from tests.dashboards.counting.test_pages import PAGE, from_phone, mount
from tests.dashboards.office import DEVICES, STATIONS, Office, hire, reject

PAGES = (
    # address, status, element that is read
    ("/staff/counting", 200, "html"),
    (PAGE, 200, "html"),
    (f"{PAGE}?notice=saved", 200, "html"),
    ("/staff/signs", 200, "html"),
    ("/staff/signs?notice=unsaid", 200, "html"),
    ("/staff/counting/pond", 404, "html"),
    ("/staff/no-such-page", 404, "html"),
    ("/staff/audit", 403, "html"),
    ("/staff/quarantine", 200, "article"),
)
CONVERTED = ("counting", "error.html", "fields.html", "parts.html")
"""Templates and folders of them whose words are in the catalogue; until it is all, and this list goes."""

GERMAN = re.compile(
    r"(?i)\b(ich|habe|haben|hier|wie|wenn|zum|zur|auch|sich|nur|jetzt|schon|wieder|diese\w*|jede\w*"
    r"|und|oder|der|das|den|dem|ein|eine|einen|nicht|kein|keine|noch|Sie|Ihre|ist|sind|wird|von|mit|bei|für|auf"
    r"|aus|bis|nach|seit|heute|gestern|Uhr|Bitte|Zahl\w*|Schild\w*|Tagen|Seite|Speichern|gesehen|gezählt)\b"
    r"|\b\w*[äöüß]\w*"
)
NAMES = sorted({"Lemgo", *(row[2] for row in (*STATIONS, *DEVICES))}, key=len, reverse=True)
TEMPLATES = Path(languages.__file__).parent / "templates"
SCRIPTS = Path(languages.__file__).parent / "static"


def german_in(page: str, element: str = "html") -> list[str]:
    """German words of a page, attributes too, outside of what says that it is German and of names from the data."""
    read = " ".join(re.findall(rf"<{element}\b.*?</{element}>", page, re.DOTALL))
    assert read, f"no {element} on the page"
    said = unescape(re.sub(r'<(?!html)(\w+)\b[^>]*\slang="de"[^>]*>.*?</\1>', " ", read, flags=re.DOTALL))
    for name in NAMES:
        said = said.replace(name, " ")
    return [found.group() for found in GERMAN.finditer(said)]


def english(client: httpx.Client) -> httpx.Client:
    client.cookies.set(COOKIE, "en")
    return client


@pytest.fixture
def ranger(office: Office) -> httpx.Client:
    """Who speaks English where there is a counter with sessions, a sign to look at and a message in quarantine."""
    mount(office.database)
    hire(office.database, "ute", Role.RANGER)
    client = english(office.signed_in("ute"))
    now = datetime.now(UTC)
    assert client.post(PAGE, data=from_phone(note="")).status_code == 303
    assert client.post(PAGE, data=from_phone(now - timedelta(minutes=70), 30, note="")).status_code == 303
    with office.database.transaction() as connection:
        sign_cases.open_silent(connection, "3DVB54", SilenceEvidence(3, 180, 14.4, 2), now - timedelta(days=1))
    reject(office.database, "pond", b"{", "time is 0", "time", "time-ahead", "not-a-number")
    reject(office.database, None, b"{", "no such device", "unknown-device")
    return client


def test_pages_in_english_say_nothing_in_german(ranger: httpx.Client) -> None:
    for address, status, element in PAGES:
        answer = ranger.get(address)
        assert answer.status_code == status, address
        assert german_in(answer.text, element) == [], address


def test_the_pages_in_german_would_be_noticed(ranger: httpx.Client) -> None:
    ranger.cookies.delete(COOKIE)
    for address, _, element in PAGES:
        assert german_in(ranger.get(address).text, element), address


def test_numbers_and_forms_of_words_are_english(ranger: httpx.Client) -> None:
    page = ranger.get("/staff/signs").text
    assert "180 passes in 3 days: about 14 page views were to be expected, and 2 came." in page
    page = ranger.get("/staff/counting").text
    assert "2 counts, 70 passes" in page
    assert "With 3 counts more, the factor will be much more precise." in page
    assert re.search(r"In</dt>\s*<dd><strong>×\u00a01\.25 \(", page)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"seen_in": "zero"}, "People: “zero”. Please enter a whole number"),
        ({"seen_in": "30000"}, "30000"),
        ({"started": "x"}, "Time: “x”. Please enter the day"),
        ({"note": "x" * 501}, "at most 500 characters"),
    ],
)
def test_what_cannot_be_kept_is_said_in_english(ranger: httpx.Client, fields: dict[str, str], sentence: str) -> None:
    answer = ranger.post(PAGE, data=from_phone(note="") | fields)
    assert answer.status_code == 422
    assert sentence in unescape(answer.text)
    assert german_in(answer.text) == []


def test_errors_are_told_in_english(office: Office, ranger: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    stranger = english(office.visitor())
    for answer, status in ((stranger.post(PAGE), 401), (ranger.post("/staff/signs/first"), 400)):
        assert answer.status_code == status
        assert german_in(answer.text) == [], status
    monkeypatch.setattr(cases, "row", lambda *_: 1 / 0)
    answer = ranger.get("/staff/signs")
    assert (answer.status_code, german_in(answer.text)) == (500, [])
    assert "Something went wrong here" in answer.text


def test_templates_count_with_what_the_catalogue_finds() -> None:
    for path in TEMPLATES.rglob("*.html"):
        if path.relative_to(TEMPLATES).parts[0] in CONVERTED:
            assert "words.count(" not in path.read_text(), f"{path.name}: write count( instead"


def test_scripts_have_their_words_from_the_page() -> None:
    for path in SCRIPTS.glob("*.js"):
        quoted = re.findall(r'"[^"\n]*"|`[^`]*`', re.sub(r"(?m)^\s*//.*", "", path.read_text()))
        assert [text for text in quoted if GERMAN.search(text)] == [], path.name
