"""The town's own base map: what is refused, who is asked, and what the privacy page says of it."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from api.catalogue.keeper import SnapshotKeeper
from api.catalogue.live import LiveHub
from api.http.page_headers import CONTENT_SECURITY_POLICY
from api.services import Services
from api.webapp.pages import create_pages
from api.webapp.scans.counter import ScanCounter
from api.webapp.site import Site
from digitalpfad.config.settings import load
from digitalpfad.doctor import base_map_check
from geodata.errors import InvalidInput, StartRefused
from geodata.maps.base_map import ADDRESS, BaseMap, parse
from geodata.store.database import Database
from tests.fixtures.web.hikers import compose, served

TILES = "https://maps.town.example/wood/{z}/{x}/{y}.png"
MAP = "/t/stadtwald/map"


@contextmanager
def pages_above(database: Database, base_map: BaseMap | None) -> Generator[httpx.Client]:
    """The hikers' pages with this base map."""
    keeper = SnapshotKeeper(database)
    scans = ScanCounter(database)
    services = Services(keeper=keeper, database=database, live=LiveHub(keeper))
    pages = create_pages(keeper, database, scans, site=Site(base_map=base_map))
    keeper.start(10)
    try:
        with served(compose(pages, services), services) as url, httpx.Client(base_url=url) as client:
            yield client
    finally:
        keeper.stop()


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """A file that begins as an archive does."""
    path = tmp_path / "town.pmtiles"
    path.write_bytes(b"PMTiles\x03" + bytes(range(256)) * 8)
    return path


@pytest.mark.parametrize(
    "text",
    [
        "http://maps.town.example/{z}/{x}/{y}.png",
        "https://maps.town.example/{z}/{x}.png",
        "https://user:secret@maps.town.example/{z}/{x}/{y}.png",
        "https://maps.town.example/{z}/{x}/{y}.png; script-src *",
        "https://maps.town.example/{z}/{x}/{y}/{y}.png",
        "/no/such/file.pmtiles",
        __file__,
    ],
)
def test_what_is_no_base_map_is_refused_with_what_would_be_one(text: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        parse(text, "© Stadt")
    assert "PMTiles file (version 3)" in refused.value.sentence
    assert text[:20] in refused.value.sentence


def test_at_the_start_a_wrong_base_map_is_named_with_its_setting(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DIGITALPFAD_BASE_MAP", TILES.replace("https", "http"))
    with pytest.raises(
        StartRefused, match=r"DIGITALPFAD_BASE_MAP is 'http://maps.*expected the path of a PMTiles file"
    ):
        load(tmp_path / ".env")
    monkeypatch.setenv("DIGITALPFAD_BASE_MAP", TILES)
    with pytest.raises(StartRefused, match=r"DIGITALPFAD_BASE_MAP_ATTRIBUTION .* whom to name for the map"):
        load(tmp_path / ".env")
    monkeypatch.setenv("DIGITALPFAD_BASE_MAP_ATTRIBUTION", "© Stadt Lemgo")
    settings, _ = load(tmp_path / ".env")
    assert settings.below_the_trails == BaseMap("© Stadt Lemgo", tiles=TILES)
    assert "maps.town.example" in base_map_check.look(settings).found


def test_doctor_says_what_lies_below(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, archive: Path) -> None:
    assert "no phone asks anybody else" in base_map_check.look(load(tmp_path / ".env")[0]).found
    monkeypatch.setenv("DIGITALPFAD_BASE_MAP", str(archive))
    monkeypatch.setenv("DIGITALPFAD_BASE_MAP_ATTRIBUTION", "© Stadt")
    assert "town.pmtiles" in base_map_check.look(load(tmp_path / ".env")[0]).found


def test_without_a_base_map_nobody_else_is_asked_and_the_privacy_page_says_so(
    demo_trail: None, database: Database
) -> None:
    with pages_above(database, None) as client:
        page = client.get(MAP)
        assert page.headers["content-security-policy"] == CONTENT_SECURITY_POLICY
        assert client.get(f"{MAP}.json").json()["base_map"] is None
        assert client.get(ADDRESS).status_code == 404
        assert "Keine Schriften, Karten oder Zähler von anderen Firmen." in client.get("/datenschutz?lang=de").text


def test_tiles_of_another_host_are_allowed_on_the_map_page_only_and_the_privacy_page_names_it(
    demo_trail: None, database: Database
) -> None:
    with pages_above(database, parse(TILES, "© Stadt <Lemgo>")) as client:
        page = client.get(MAP)
        policy = dict(part.split(" ", 1) for part in page.headers["content-security-policy"].split("; "))
        assert policy["img-src"] == policy["connect-src"] == "'self' https://maps.town.example"
        assert policy["script-src"] == policy["style-src"] == "'self'"
        assert "© Stadt &lt;Lemgo&gt;" in page.text
        assert client.get(f"{MAP}.json").json()["base_map"] == {"tiles": TILES}
        for other in ("/", "/t/stadtwald", "/datenschutz"):
            assert client.get(other).headers["content-security-policy"] == CONTENT_SECURITY_POLICY
        for lang in ("de", "en", "de_simple"):
            text = client.get(f"/datenschutz?lang={lang}").text
            assert text.count("maps.town.example") >= 2, lang
            assert "Karten oder Zähler von anderen" not in text


def test_an_archive_is_served_from_here_in_ranges(demo_trail: None, database: Database, archive: Path) -> None:
    with pages_above(database, parse(str(archive), "© Stadt")) as client:
        assert client.get(MAP).headers["content-security-policy"] == CONTENT_SECURITY_POLICY
        assert "pmtiles.js" in client.get(MAP).text
        piece = client.get(ADDRESS, headers={"range": "bytes=0-7"})
        assert (piece.status_code, piece.content) == (206, b"PMTiles\x03")
        assert piece.headers["content-range"] == f"bytes 0-7/{archive.stat().st_size}"
        archive.unlink()
        assert client.get(ADDRESS).status_code == 404
