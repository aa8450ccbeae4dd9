"""A pack is the same bytes for everybody on one day, and at any moment shows what the server would."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from api.catalogue.keeper import SnapshotKeeper
from api.webapp.offline import packing
from api.webapp.offline.files import FileFinder
from api.webapp.offline.pack import HELP, Pack
from api.webapp.offline.packing import PackBuilder
from api.webapp.offline.references import references
from api.webapp.rendering import Renderer
from api.webapp.routes.offline import AT_ROOT
from api.webapp.routes.site_files import static_files
from api.webapp.site import Site
from geodata.conditions.closures import Closure, ClosureContent
from geodata.conditions.notices import Level, Override
from geodata.store.catalogue import closure as closure_store
from geodata.store.catalogue import notice as notice_store
from geodata.store.database import Database
from geodata.vocabulary.languages import INTERFACES
from geodata.vocabulary.season import Season
from tests.api.webapp.second_town import FIRST, TRAIL, add_kalletal
from tests.fixtures.trails.media import furnish, handed_in
from tests.fixtures.web.hikers import BOARDWALK, OAKS, PONDS, PUBLIC_URL, a_day, hikers_on, write_observations

NOW = datetime(2026, 11, 30, 9, 30, tzinfo=UTC)
STORM = Closure(
    trail="stadtwald",
    valid_from=NOW,
    stretch=(1499, 2496),
    contents={"de": ClosureContent(variant="de", reason="Bäume liegen quer.", detour="Nimm den Hauptweg.")},
)
Packed = Callable[[datetime], Pack]


def pack_of(database: Database, now: datetime, slug: str = "stadtwald") -> Pack:
    """What a process that starts now makes of a trail, the demonstration's unless said otherwise."""
    keeper, assets, site = SnapshotKeeper(database, clock=lambda: now), static_files(), Site(base_url=PUBLIC_URL)
    files = FileFinder(database, assets, AT_ROOT)
    keeper.start()
    try:
        builder = PackBuilder(keeper, database, Renderer(assets, site), files, site.operator)
        return builder.build(keeper.current.catalogue.trails[slug], now)
    finally:
        keeper.stop()


def content(pack: Pack, sha256: str) -> str:
    """The page with that hash."""
    body = pack.body(sha256)
    assert body is not None, sha256
    return body.decode()


def shown(pack: Pack, address: str, at: datetime, variant: str = "de") -> str:
    """The page that a phone shows at a moment."""
    pages = [page for page in pack.pages if (page.address, page.variant) == (address, variant)]
    current = [page for page in pages if page.since is None or page.since <= at][-1]
    return content(pack, current.sha256)


def close(database: Database, closure: Closure) -> None:
    with database.transaction() as connection:
        closure_store.add(connection, closure)


def closures(html: str) -> list[str]:
    found = re.findall(r'<section class="closure[^>]*>(.*?)</section>', html, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", one).split()) for one in found]


@pytest.fixture
def trail(demo_trail: None, database: Database) -> Database:
    """The database with the demonstration trail."""
    return database


def test_two_processes_make_the_same_pack_at_any_hour_of_a_day(trail: Database) -> None:
    first, second = pack_of(trail, NOW), pack_of(trail, NOW + timedelta(hours=13))
    assert first.version == second.version
    assert first.packed == second.packed
    assert {page.since for page in first.pages} == {None}


def test_values_change_neither_a_page_nor_a_hash_and_are_in_none(trail: Database) -> None:
    before = pack_of(trail, NOW)
    write_observations(trail, a_day("pegel-04", "water_level", [40.0, 41.0], NOW - timedelta(minutes=2)))
    after = pack_of(trail, NOW)
    assert after.version == before.version
    page = shown(after, f"/s/{PONDS}", NOW)
    assert "data-readings" not in page
    assert "41\u00a0cm" not in page


def test_a_trail_that_nobody_translated_says_in_every_language_of_the_pages_where_help_is(trail: Database) -> None:
    add_kalletal(trail)
    pack = pack_of(trail, NOW, TRAIL)
    assert pack.variants == INTERFACES
    (page,) = [one for one in pack.pages if (one.address, one.variant) == (f"/s/{FIRST}", "en")]
    html = content(pack, page.sha256)
    assert "Where am I" in html
    assert "Hier steht Bank 1." in html


def test_every_page_is_there_in_every_voice_with_all_that_it_refers_to(trail: Database) -> None:
    furnish(trail, PONDS)
    pack = pack_of(trail, NOW)
    assert pack.variants == ("de", "de_simple", "children", "en")
    addresses = {page.address for page in pack.pages}
    assert len(addresses) == 2 * 10 + 8
    assert {"/t/stadtwald", "/t/stadtwald/offline", HELP, f"/s/{OAKS}"} <= addresses
    assert len({(page.address, page.variant) for page in pack.pages}) == 4 * len(addresses)
    urls, media = {piece.url for piece in pack.pieces}, {piece.medium for piece in pack.pieces}
    for digest in pack.packed:
        body = pack.body(digest)
        assert body is not None
        for address in references(body.decode()):
            assert address in urls or address.split("/")[2] in media, address
    kinds = {piece.kind for piece in pack.pieces}
    assert kinds == {"page", "file", "map", "picture", "audio", "film"}
    audio = next(piece for piece in pack.pieces if piece.kind == "audio")
    assert (audio.medium, audio.content_type) == (handed_in()["audio"].id, "audio/mpeg")


def test_of_a_picture_one_size_is_taken_and_only_by_those_who_see_it(trail: Database) -> None:
    furnish(trail, OAKS)
    pack = pack_of(trail, NOW)
    pictures = [piece for piece in pack.pieces if piece.kind == "picture"]
    assert len({piece.medium for piece in pictures}) == len(pictures)
    assert {piece.url.rsplit("/", 1)[1] for piece in pictures} <= {"960.avif", "800.avif"}
    erle = next(piece for piece in pictures if piece.medium == handed_in()["picture"].id)
    assert "en" not in erle.variants
    assert "de" in erle.variants


def test_without_recordings_all_german_voices_are_less_than_one_and_a_half_megabytes(trail: Database) -> None:
    pack = pack_of(trail, NOW)
    wanted = {"de", "de_simple", "children"}
    taken = [piece for piece in pack.pieces if piece.variants & wanted and piece.kind not in {"audio", "film"}]
    kept = sum(piece.size for piece in taken if piece.kind != "map")
    loaded = sum(piece.sent or piece.size for piece in taken)
    assert 100_000 < kept < loaded < 1_500_000


@pytest.mark.parametrize(
    "closure",
    [
        replace(STORM, valid_from=NOW + timedelta(days=1, hours=2), valid_until=NOW + timedelta(days=3)),
        replace(STORM, valid_from=NOW + timedelta(days=20)),
        replace(STORM, valid_from=NOW - timedelta(days=400), stretch=None, season=Season((12, 24), (1, 6))),
    ],
    ids=["tomorrow", "in-three-weeks", "every-christmas"],
)
def test_at_any_moment_a_phone_shows_the_closures_that_the_server_would(trail: Database, closure: Closure) -> None:
    close(trail, closure)
    pack = pack_of(trail, NOW)
    assert len({page.since for page in pack.pages}) > 1
    for hours in (0, 1, 25, 26, 27, 73, 24 * 7, 24 * 21, 24 * 25, 24 * 38, 24 * 50):
        at = NOW + timedelta(hours=hours)
        with hikers_on(trail, clock=lambda at=at: at) as hikers:
            for path in (f"/s/{PONDS}", f"/s/{OAKS}", "/t/stadtwald"):
                server = hikers.get(path).text
                phone = shown(pack, path, at)
                assert closures(phone) == closures(server), (path, hours)
                assert phone.count('class="shut-way') == server.count('class="shut-way'), (path, hours)


def test_what_is_over_or_begins_after_a_phone_was_switched_off_needs_no_network(trail: Database) -> None:
    close(trail, replace(STORM, valid_from=NOW + timedelta(days=1), valid_until=NOW + timedelta(days=2)))
    pack, path = pack_of(trail, NOW), f"/s/{PONDS}"
    assert "Bald gesperrt" in closures(shown(pack, path, NOW))[0]
    assert closures(shown(pack, path, NOW + timedelta(hours=30)))[0].startswith("Gesperrt")
    assert closures(shown(pack, path, NOW + timedelta(days=3))) == []


def test_a_phone_is_as_careful_as_if_all_sensors_were_silent(trail: Database) -> None:
    page = shown(pack_of(trail, NOW), f"/s/{BOARDWALK}", NOW)
    assert "Gerade weiß niemand, ob der Holzsteg nass ist." in page
    assert "Ohne Netz gibt es keine neuen Messwerte." in page
    assert page.count('<section class="notice') == 1


def test_a_warning_goes_along_and_becomes_a_caution_when_it_expires(trail: Database) -> None:
    write_observations(trail, a_day("steg-02", "surface_wetness", [90.0], NOW - timedelta(minutes=3)))
    pack, path = pack_of(trail, NOW), f"/s/{BOARDWALK}"
    assert "Der Holzsteg ist nass und rutschig." in shown(pack, path, NOW)
    later = shown(pack, path, NOW + timedelta(days=2))
    assert "Der Holzsteg ist nass und rutschig." not in later
    assert "Gerade weiß niemand" in later
    write_observations(trail, a_day("steg-02", "surface_wetness", [95.0], NOW - timedelta(minutes=1)))
    assert pack_of(trail, NOW).version == pack.version, "each message of the sensor would be a new pack"


def test_what_the_team_says_of_a_place_holds_as_long_as_they_said(trail: Database) -> None:
    override = Override(
        rule="steg-nass", level=Level.NONE, since=NOW - timedelta(days=1), until=NOW + timedelta(hours=5), by="anna"
    )
    with trail.transaction() as connection:
        notice_store.override(connection, override)
    pack, path = pack_of(trail, NOW), f"/s/{BOARDWALK}"
    assert "Holzsteg nass" not in shown(pack, path, NOW)
    assert "Gerade weiß niemand, ob der Holzsteg nass ist." in shown(pack, path, NOW + timedelta(hours=6))


def test_a_text_of_the_season_is_shown_in_its_season(trail: Database) -> None:
    august = datetime(2026, 8, 20, 10, tzinfo=UTC)
    pack = pack_of(trail, august)
    stags = next(page.address for page in pack.pages if "Hirsche" in content(pack, page.sha256)[:900])
    now, in_autumn = shown(pack, stags, august), shown(pack, stags, august + timedelta(days=40))
    with hikers_on(trail, clock=lambda: august + timedelta(days=40)) as hikers:
        lead = re.search(r'<p class="lead">(.*?)</p>', hikers.get(stags).text)
    assert lead is not None
    assert lead[0] in in_autumn
    assert now != in_autumn


def test_pages_are_kept_in_a_fraction_of_their_bytes_so_that_long_trails_fit(trail: Database) -> None:
    pack = pack_of(trail, NOW)
    sizes = {piece.sha256: piece.size for piece in pack.pieces if piece.kind == "page"}
    assert pack.kept_bytes * 2 < sum(sizes.values())
    assert {sha256: len(content(pack, sha256).encode()) for sha256 in pack.packed} == sizes


def test_a_trail_with_very_many_pages_has_fewer_moments_and_the_first_of_them(
    trail: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    close(trail, replace(STORM, valid_from=NOW + timedelta(days=20), valid_until=NOW + timedelta(days=30)))
    all_of_them = {page.since for page in pack_of(trail, NOW).pages}
    monkeypatch.setattr(packing, "_MOST_PAGES", 150)
    fewer = {page.since for page in pack_of(trail, NOW).pages}
    later = sorted(since for since in all_of_them if since is not None)
    assert len(later) == 3
    assert fewer == {None, later[0]}
