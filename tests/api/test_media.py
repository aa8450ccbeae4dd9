"""Pictures, recordings and films as they are served: for ever, in pieces, from little memory."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.http.assets import FOR_EVER
from api.http.caches.media_cache import MediaCache
from api.licences import name_of, url_of
from api.services import Services
from api.v1.schemas.stations import StationDetail
from geodata.media.renditions import Encoded, Prepared
from geodata.model.media import SignVideo
from geodata.store.catalogue import media
from geodata.store.catalogue.station import load_stations, save_station
from geodata.store.database import Database
from tests.api.trail import FIRST, SECOND, THIRD
from tests.fixtures.process.waiting import wait_until
from tests.fixtures.trails.media import furnish

LONG = bytes(range(256)) * 6000  # 1.5 MB: beyond what is kept in memory
FILM = "f" * 32


@pytest.fixture
def shown(services: Services, filled_url: str) -> dict[str, str]:
    """The addresses of a station's media, in the process that follows the database."""
    from_owner(filled_url)
    wait_until(lambda: len(services.keeper.current.catalogue.media) == 5, what="the media")
    content = services.keeper.current.catalogue.stations[FIRST].contents["de"]
    assert content.audio
    assert content.sign_video
    return {
        "avif": f"/media/{content.pictures[0].media}/960.avif",
        "jpg": f"/media/{content.pictures[0].media}/1600.jpg",
        "audio": f"/media/{content.audio.media}/audio.mp3",
        "film": f"/media/{content.sign_video.media}/video.mp4",
        "long": f"/media/{FILM}/video.mp4",
    }


def from_owner(url: str) -> None:
    long = Prepared(FILM, "sign_video", (Encoded("video.mp4", "video/mp4", LONG, 640, 360),), 9.0)
    with Database(url) as database:
        with database.transaction() as connection:
            media.save(connection, long)
            third = load_stations(connection, [THIRD])[THIRD]
            german = replace(third.contents["de"], sign_video=SignVideo(media=FILM, file="lang.mp4"))
            save_station(connection, replace(third, contents={"de": german}))
        furnish(database, FIRST)


def test_a_rendition_is_served_for_ever_with_its_type_and_nothing_else_may_run_in_it(
    client: httpx.Client, shown: dict[str, str]
) -> None:
    types = {"avif": "image/avif", "jpg": "image/jpeg", "audio": "audio/mpeg", "film": "video/mp4", "long": "video/mp4"}
    for name, address in shown.items():
        answer = client.get(address)
        assert (answer.status_code, answer.headers["content-type"]) == (200, types[name])
        assert int(answer.headers["content-length"]) == len(answer.content) > 1000
        assert answer.headers["cache-control"] == FOR_EVER == "public, max-age=31536000, immutable"
        assert answer.headers["accept-ranges"] == "bytes"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["content-security-policy"].startswith("default-src 'none'")
        assert answer.headers["access-control-allow-origin"] == "*"
        assert "set-cookie" not in answer.headers
        assert "content-encoding" not in answer.headers
    assert client.get(shown["long"]).content == LONG


@pytest.mark.parametrize("name", ["avif", "audio", "long"])
def test_who_has_it_already_is_sent_nothing(client: httpx.Client, shown: dict[str, str], name: str) -> None:
    etag = client.get(shown[name]).headers["etag"]
    for known in (etag, f"W/{etag}", f'"other", {etag}'):
        again = client.get(shown[name], headers={"if-none-match": known})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", etag)
    assert client.get(shown[name], headers={"if-none-match": '"other"'}).status_code == 200


@pytest.mark.parametrize("name", ["audio", "long"])
def test_a_player_gets_the_piece_that_it_asks_for(client: httpx.Client, shown: dict[str, str], name: str) -> None:
    whole = client.get(shown[name]).content
    size = len(whole)
    for asked, start, end in (
        ("0-0", 0, 1), ("0-", 0, size), ("100-199", 100, 200), ("-5", size - 5, size), (f"{size - 1}-", size - 1, size),
        (f"10-{size + 999}", 10, size), (f"-{size + 5}", 0, size), (f"{size // 3}-", size // 3, size),
    ):  # fmt: skip
        answer = client.get(shown[name], headers={"range": f"bytes={asked}"})
        assert answer.status_code == 206, asked
        assert answer.content == whole[start:end], asked
        assert answer.headers["content-range"] == f"bytes {start}-{end - 1}/{size}"
        assert answer.headers["content-length"] == str(end - start)


@pytest.mark.parametrize("name", ["audio", "long"])
def test_a_piece_behind_the_end_is_refused_and_a_range_that_says_nothing_is_ignored(
    client: httpx.Client, shown: dict[str, str], name: str
) -> None:
    size = len(client.get(shown[name]).content)
    for beyond in (f"{size}-", f"{size + 10}-{size + 20}", "-0"):
        answer = client.get(shown[name], headers={"range": f"bytes={beyond}"})
        assert (answer.status_code, answer.headers["content-range"]) == (416, f"bytes */{size}"), beyond
    for nothing in ("bytes=5-2", "bytes=-", "bytes=a-b", "items=0-5", "bytes=0-1,5-9", "bytes=" + "9" * 40 + "-"):
        answer = client.get(shown[name], headers={"range": nothing})
        assert (answer.status_code, len(answer.content)) == (200, size), nothing


def test_a_piece_of_another_version_is_not_mixed_in(client: httpx.Client, shown: dict[str, str]) -> None:
    etag = client.get(shown["audio"]).headers["etag"]
    piece, stale = {"range": "bytes=0-9", "if-range": etag}, {"range": "bytes=0-9", "if-range": '"old"'}
    assert client.get(shown["audio"], headers=piece).status_code == 206
    assert client.get(shown["audio"], headers=stale).status_code == 200


def test_head_says_all_that_get_says_and_sends_nothing(client: httpx.Client, shown: dict[str, str]) -> None:
    for address in shown.values():
        got, asked = client.get(address), client.head(address)
        assert (asked.status_code, asked.content) == (200, b"")
        for name in ("etag", "content-type", "content-length", "cache-control", "accept-ranges"):
            assert asked.headers[name] == got.headers[name]
    piece = client.head(shown["long"], headers={"range": "bytes=5-9"})
    assert (piece.status_code, piece.headers["content-length"]) == (206, "5")


def test_what_is_not_there_is_not_found(client: httpx.Client, shown: dict[str, str]) -> None:
    known = shown["avif"].rsplit("/", 1)[0]
    for path in (f"{known}/961.avif", f"{known}/", "/media/" + "0" * 32 + "/960.avif", "/media/..%2f..%2fetc/passwd"):
        answer = client.get(path)
        assert answer.status_code == 404, path
        assert "immutable" not in answer.headers.get("cache-control", "")
    assert client.post(shown["avif"]).status_code == 405


def test_small_ones_are_read_once_and_large_ones_are_not_kept(
    client: httpx.Client, services: Services, shown: dict[str, str]
) -> None:
    client.get(shown["long"])
    assert services.media.size == 0
    size = len(client.get(shown["jpg"]).content)
    client.get(shown["jpg"], headers={"range": "bytes=0-99"})
    assert services.media.size == size


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 400)), max_size=60))
def test_the_memory_for_media_is_bounded_and_what_was_asked_for_last_stays(asked: list[tuple[int, int]]) -> None:
    cache = MediaCache(most_bytes=1000, largest=400)
    sizes: dict[str, int] = {}
    for key, size in asked:
        name = str(key)
        if cache.get(name) is None:
            cache.put(name, bytes(size))
            sizes[name] = size
        kept = [cache.get(one) for one in sizes]
        assert cache.size == sum(len(data) for data in kept if data is not None) <= 1000
        assert cache.get(name) is not None


def test_a_station_tells_programs_everything_about_its_media(
    client: httpx.Client, make_services: Callable[..., Services], shown: dict[str, str]
) -> None:
    station = client.get(f"/api/v1/stations/{FIRST}").json()
    StationDetail.model_validate(station)
    content = station["properties"]["content"]
    first, second = content["pictures"]
    rights = {
        "author": "Klasse 4b",
        "licence": "CC-BY-4.0",
        "licence_url": "https://creativecommons.org/licenses/by/4.0/deed.en",
        "year": 2026,
    }
    for item in (first, second, content["audio"], content["sign_video"]):
        assert item.items() >= rights.items()
    assert (first["alt"], first["decorative"], first["caption"]) == ("Eine Erle am Bach", False, "Im März")
    assert (second["alt"], second["decorative"]) == ("", True)
    assert [(file["width"], file["type"]) for file in first["files"]] == [
        (width, kind) for width in (480, 960, 1600) for kind in ("image/avif", "image/jpeg")
    ]
    assert content["audio"]["transcript"] == "Man hört **ein A**."
    assert content["audio"]["seconds"] == 1.6
    files = [*first["files"], content["audio"]["file"], content["sign_video"]["file"]]
    assert {file["url"] for file in files} >= {shown["avif"], shown["audio"], shown["film"]}
    for file in files:
        answer = client.get(file["url"])
        assert (len(answer.content), answer.headers["content-type"]) == (file["bytes"], file["type"])


def test_where_the_public_address_is_known_the_addresses_of_media_are_whole(
    make_services: Callable[..., Services], make_client: Callable[[Services], httpx.Client], filled_url: str
) -> None:
    from_owner(filled_url)
    client = make_client(make_services(base_url="https://wald.example"))
    (file, *_) = client.get(f"/api/v1/stations/{FIRST}").json()["properties"]["content"]["pictures"][0]["files"]
    assert file["url"].startswith("https://wald.example/media/")


def test_a_station_without_media_says_so(client: httpx.Client) -> None:
    content = client.get(f"/api/v1/stations/{SECOND}").json()["properties"]["content"]
    assert (content["pictures"], content["audio"], content["sign_video"]) == ([], None, None)


@pytest.mark.parametrize(
    ("licence", "name", "path"),
    [
        ("CC0-1.0", "CC0 1.0", "publicdomain/zero/1.0"),
        ("CC-BY-4.0", "CC BY 4.0", "licenses/by/4.0"),
        ("CC-BY-SA-3.0", "CC BY-SA 3.0", "licenses/by-sa/3.0"),
        ("CC-BY-NC-ND-4.0", "CC BY-NC-ND 4.0", "licenses/by-nc-nd/4.0"),
    ],
)
def test_a_creative_commons_licence_leads_to_its_text(licence: str, name: str, path: str) -> None:
    assert (name_of(licence), url_of(licence)) == (name, f"https://creativecommons.org/{path}/deed.en")


@pytest.mark.parametrize(
    "licence", ["Nutzung nur durch die Stadt", "CC-BY", "CC-BY-4.0/../../x", "javascript:alert(1)", ""]
)
def test_any_other_licence_stands_as_it_was_written_and_leads_nowhere(licence: str) -> None:
    assert (name_of(licence), url_of(licence)) == (licence, None)
