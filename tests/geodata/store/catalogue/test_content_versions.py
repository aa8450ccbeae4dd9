"""Texts as versions in a real database: drafts nobody sees, a history that nobody changes, a way back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from zipfile import ZipFile

import psycopg
import pytest

from geodata.actions.publish_content import release
from geodata.content.versions import Author, Effect, Slot, State, Version, effect
from geodata.errors import InvalidInput, StoreError, StoreRejected
from geodata.findings.content import TextFindings
from geodata.media.renditions import Encoded, Prepared
from geodata.model.content import StationContent
from geodata.model.media import Picture
from geodata.model.trail import TrailContent
from geodata.store.catalogue import catalogue, content_versions, media
from geodata.store.catalogue.station import load_stations
from geodata.store.database import Database
from geodata.store.migrate import bundled_migrations, migrate
from geodata.store.operations import backup
from geodata.store.operations.restore import restore
from geodata.store.transaction import Transaction
from geodata.vocabulary.season import Season
from tests.fixtures.databases.database import one_row
from tests.fixtures.web.hikers import OAKS, PONDS

ME = Author("Klasse 4b", "Unser Text")
TEXT = StationContent(variant="children", title="Froschhausen", lead="Quak.", body="Hier quakt es.", source="Gehört.")
SLOT = Slot.of(PONDS, TEXT)


@pytest.fixture
def connection(demo_trail: None, database: Database) -> Iterator[Transaction]:
    with database.transaction() as opened:
        yield opened


def of_children(connection: Transaction) -> list[Version]:
    return [one for one in content_versions.history(connection, station=PONDS) if one.slot == SLOT]


def shown(connection: Transaction) -> StationContent | None:
    return load_stations(connection)[PONDS].contents.get("children")


def test_a_loaded_trail_is_version_1_of_each_text_and_published(connection: Transaction) -> None:
    states = content_versions.states(connection, "stadtwald")
    texts = [*catalogue.load(connection).stations.values()]
    assert len(states) == sum(len(one.contents) + len(one.seasonal) for one in texts) + 3
    assert {(one.newest.number, one.shown == one.newest, one.newest.saved_by) for one in states.values()} == {
        (1, True, "digitalpfad")
    }


def test_a_draft_is_kept_and_shown_nowhere_until_it_is_published(connection: Transaction) -> None:
    before = shown(connection)
    assert content_versions.save(connection, SLOT, TEXT, ME, publish=False)
    assert shown(connection) == before
    draft = content_versions.states(connection, "stadtwald")[SLOT].draft
    assert draft is not None
    assert (draft.text, draft.saved_by, draft.note, draft.published_at) == (TEXT, "Klasse 4b", "Unser Text", None)
    assert content_versions.publish(connection, draft, Author("Stadt")) == draft.number
    assert shown(connection) == TEXT
    published = of_children(connection)[-1]
    assert (published.saved_by, published.published_by) == ("Klasse 4b", "Stadt")


def test_saving_the_same_again_makes_no_version(connection: Transaction) -> None:
    content_versions.save(connection, SLOT, TEXT, ME, publish=False)
    count = len(of_children(connection))
    assert not content_versions.save(connection, SLOT, TEXT, ME, publish=False)
    assert content_versions.save(connection, SLOT, TEXT, ME, publish=True)  # publishes the draft
    assert not content_versions.save(connection, SLOT, TEXT, ME, publish=True)
    assert len(of_children(connection)) == count
    assert shown(connection) == TEXT


def test_going_back_publishes_a_copy_as_a_new_version(connection: Transaction) -> None:
    for title in ("Eins", "Zwei"):
        content_versions.save(connection, SLOT, replace(TEXT, title=title), ME, publish=True)
    old = next(
        one for one in of_children(connection) if isinstance(one.text, StationContent) and one.text.title == "Eins"
    )
    number = content_versions.publish(connection, old, Author("Stadt"))
    newest = of_children(connection)[-1]
    assert (newest.number, newest.text, newest.note) == (number, old.text, f"Version {old.number} again.")
    assert number == old.number + 2
    assert shown(connection) == old.text
    with pytest.raises(InvalidInput, match="expected one that is not shown already"):
        content_versions.publish(connection, newest, ME)


def test_a_draft_older_than_what_is_shown_is_published_as_a_copy(connection: Transaction) -> None:
    content_versions.save(connection, SLOT, replace(TEXT, title="Entwurf"), ME, publish=False)
    draft = of_children(connection)[-1]
    content_versions.save(connection, SLOT, TEXT, ME, publish=True)
    assert content_versions.publish(connection, draft, ME) == draft.number + 2
    assert shown(connection) == draft.text


def test_a_text_can_end_and_come_back(connection: Transaction) -> None:
    content_versions.save(connection, SLOT, TEXT, ME, publish=True)
    assert content_versions.save(connection, SLOT, None, ME, publish=True)
    assert shown(connection) is None
    assert not content_versions.save(connection, SLOT, None, ME, publish=True)
    assert content_versions.save(connection, SLOT, TEXT, ME, publish=True)
    assert shown(connection) == TEXT


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE content_version SET content = '{}'",
        "UPDATE content_version SET note = 'x' WHERE published_at IS NOT NULL",
        "UPDATE content_version SET published_at = NULL, published_by = NULL",
        "UPDATE content_version SET published_at = now(), published_by = 'x', note = 'x' WHERE published_at IS NULL",
        "UPDATE content_version SET published_by = 'x' WHERE published_at IS NOT NULL",
        "DELETE FROM content_version",
    ],
)
def test_the_database_refuses_to_change_or_delete_a_version(
    demo_trail: None, database: Database, statement: str
) -> None:
    with database.transaction() as connection:
        content_versions.save(connection, SLOT, replace(TEXT, title="Entwurf"), ME, publish=False)
    with (
        pytest.raises(StoreRejected, match="is kept as it was saved: save another version"),
        database.transaction() as c,
    ):
        c.execute(statement.encode())


def test_the_gateway_cannot_even_read_drafts(database: Database, database_url: str) -> None:
    with (
        Database(database_url, role="digitalpfad_gateway") as gateway,
        pytest.raises(StoreError),
        gateway.transaction() as c,
    ):
        c.execute("SELECT 1 FROM content_version")


def test_what_the_hikers_pages_are_made_of_has_no_draft(connection: Transaction) -> None:
    content_versions.save(connection, SLOT, replace(TEXT, title="Nur ein Entwurf"), ME, publish=False)
    assert "Nur ein Entwurf" not in repr(catalogue.load(connection))


def test_a_season_is_stored_and_read_back(connection: Transaction) -> None:
    winter = replace(TEXT, variant="de", season="winter", show=Season((12, 1), (2, 29)))
    content_versions.save(connection, Slot.of(PONDS, winter), winter, ME, publish=True)
    station = load_stations(connection)[PONDS]
    assert winter in station.seasonal
    assert station.contents["de"].season == ""


def test_only_the_station_whose_text_was_published_is_read_again(connection: Transaction) -> None:
    before = catalogue.load(connection)
    content_versions.save(connection, SLOT, replace(TEXT, title="Entwurf"), ME, publish=False)
    assert catalogue.load(connection, before).versions == before.versions
    content_versions.save(connection, SLOT, TEXT, ME, publish=True)
    after = catalogue.load(connection, before)
    assert {code for code in after.versions if after.versions[code] != before.versions[code]} == {PONDS}
    assert after.stations[OAKS] is before.stations[OAKS]
    assert after.stations[PONDS].contents["children"] == TEXT


def test_a_text_that_shows_a_picture_nobody_saved_is_refused_as_a_draft_too(connection: Transaction) -> None:
    picture = Picture(media="0" * 32, file="a.jpg", alt="A")
    with pytest.raises(InvalidInput, match=r"a\.jpg"):
        content_versions.save(connection, SLOT, replace(TEXT, pictures=(picture,)), ME, publish=False)


def test_the_picture_of_a_draft_is_served_only_when_the_draft_is_published(connection: Transaction) -> None:
    media.save(connection, Prepared("a" * 32, "picture", (Encoded("480.jpg", "image/jpeg", b"x", 480, 320),)))
    picture = Picture(media="a" * 32, file="a.jpg", alt="A")
    text = replace(TEXT, pictures=(picture,))
    content_versions.save(connection, SLOT, text, ME, publish=False)
    assert "a" * 32 not in catalogue.load(connection).media
    content_versions.save(connection, SLOT, text, ME, publish=True)
    assert "a" * 32 in catalogue.load(connection).media


def test_the_gate_refuses_all_versions_where_one_lacks_something(connection: Transaction) -> None:
    english = replace(TEXT, variant="en", source="")
    for text in (TEXT, english):
        content_versions.save(connection, Slot.of(PONDS, text), text, ME, publish=False)
    states, findings = content_versions.states(connection, "stadtwald"), TextFindings()
    drafts = [state.draft for state in states.values() if state.draft]
    assert release(connection, drafts, states, ME, findings) == {}
    assert [(one.reason, one.place) for one in findings.errors] == [("source-missing", f"{PONDS}, en, source")]
    assert shown(connection) != TEXT
    children = [draft for draft in drafts if draft.slot.variant == "children"]
    assert release(connection, children, states, ME, TextFindings()).keys() == {SLOT}
    assert shown(connection) == TEXT


def test_the_german_text_cannot_end_while_others_are_shown(connection: Transaction) -> None:
    german = Slot(station=PONDS, variant="de")
    content_versions.save(connection, german, None, ME, publish=False)
    states, findings = content_versions.states(connection, "stadtwald"), TextFindings()
    drafts = [state.draft for state in states.values() if state.draft]
    assert release(connection, drafts, states, ME, findings) == {}
    assert [one.reason for one in findings.errors] == ["de-missing"]


def test_a_migration_carries_over_what_is_shown_as_version_1(empty_database_url: str) -> None:
    migrate(empty_database_url, bundled_migrations()[:10])
    with psycopg.connect(empty_database_url) as connection:
        connection.execute("INSERT INTO municipality VALUES ('lemgo', 'Lemgo')")
        connection.execute(
            "INSERT INTO trail (slug, municipality, line, licence) VALUES ('wald', 'lemgo', '\\x00', 'CC0-1.0')"
        )
        connection.execute("INSERT INTO trail_content VALUES ('wald', 'de', 'Waldpfad', 'Vorspann', 'Text')")
        connection.execute(
            "INSERT INTO station (code, trail, number, lon, lat) VALUES (%s, 'wald', 1, 8.9, 52)", [PONDS]
        )
        connection.execute(
            "INSERT INTO station_content (station, variant, title, lead, body, question, answer, source, media)"
            " VALUES (%s, 'de', 'A', 'B', 'C', 'D', 'E', 'F',"
            ' \'{"pictures": [{"media": "00", "file": "a.jpg", "alt": "G"}]}\')',
            [PONDS],
        )
    migrate(empty_database_url)
    with psycopg.connect(empty_database_url) as connection:
        [station], [trail] = (
            content_versions.history(connection, station=PONDS),
            content_versions.history(connection, trail="wald"),
        )
        assert not content_versions.save(connection, station.slot, station.text, ME, publish=False)
        [(shown_text)] = load_stations(connection)[PONDS].contents.values()
    assert station.text == shown_text
    assert isinstance(station.text, StationContent)
    assert (station.text.pictures[0].alt, station.text.source) == ("G", "F")
    assert trail.text == TrailContent(variant="de", name="Waldpfad", lead="Vorspann", body="Text")
    assert {(one.number, one.saved_by, one.published_by) for one in (station, trail)} == {(1, "migration", "migration")}


def test_a_backup_carries_all_versions(demo_trail: None, database: Database, empty_database_url: str) -> None:
    with database.transaction() as connection:
        content_versions.save(connection, SLOT, TEXT, ME, publish=False)
        before = content_versions.states(connection, "stadtwald")
        now = one_row(connection, "SELECT now()")[0]
    file = BytesIO()
    with ZipFile(file, "w") as archive:
        backup.write(database, archive, now)
    with ZipFile(file) as archive:
        restore(empty_database_url, archive)
    with Database(empty_database_url) as other, other.transaction() as connection:
        assert content_versions.states(connection, "stadtwald") == before
        content_versions.save(connection, SLOT, replace(TEXT, title="Neu"), ME, publish=False)  # the numbers go on


def test_what_saving_does_follows_from_newest_and_shown() -> None:
    def state(newest: str | None, shown_title: str | None, *, draft: bool) -> State:
        at = psycopg.TimestampFromTicks(0)

        def version(title: str | None, number: int, *, is_draft: bool) -> Version:
            text = None if title is None else replace(TEXT, title=title)
            published = None if is_draft else at
            return Version(
                slot=SLOT, number=number, text=text, saved_at=at, saved_by="x", published_at=published, published_by="x"
            )

        shown_version = version(shown_title, 1, is_draft=False)
        return State(newest=version(newest, 2, is_draft=True) if draft else shown_version, shown=shown_version)

    def does(known: State | None, title: str | None, *, publish: bool) -> Effect:
        return effect(known, None if title is None else replace(TEXT, title=title), publish=publish)

    assert does(None, "A", publish=True) is Effect.NEW
    assert does(state("A", "A", draft=False), "A", publish=True) is Effect.NOTHING
    assert does(state("A", "A", draft=False), "B", publish=False) is Effect.CHANGE
    assert does(state("B", "A", draft=True), "B", publish=False) is Effect.NOTHING
    assert does(state("B", "A", draft=True), "B", publish=True) is Effect.PUBLISH
    assert does(state("B", "A", draft=True), "A", publish=True) is Effect.NOTHING
    assert does(state("B", "A", draft=True), "A", publish=False) is Effect.CHANGE
    assert does(state(None, None, draft=False), "A", publish=True) is Effect.NEW
    assert does(state("A", "A", draft=False), None, publish=True) is Effect.END
