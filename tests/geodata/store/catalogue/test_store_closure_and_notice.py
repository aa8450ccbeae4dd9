"""Closures and notices in a real database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from shapely import Polygon

from geodata.actions.load_bundle import save_bundle
from geodata.bundle.folder import bundled
from geodata.conditions.closures import Closure, ClosureContent
from geodata.conditions.notices import Level, NoticeReason, Override, Verdict, measured_level
from geodata.errors import NotFound, StoreRejected
from geodata.model.observation import Observation
from geodata.store.catalogue import catalogue, closure, notice
from geodata.store.database import Database, notifications
from geodata.store.devices.device import load_datastreams
from geodata.vocabulary.season import Season

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
BUNDLE = bundled()
TEXTS = {
    "de": ClosureContent(variant="de", reason="Vogelbrut", detour="Nimm den Hauptweg."),
    "en": ClosureContent(variant="en", reason="Nesting birds"),
}
CLOSURES = [
    Closure(trail="stadtwald", valid_from=NOW, valid_until=NOW + timedelta(days=2), contents=TEXTS),
    Closure(trail="stadtwald", valid_from=NOW, stretch=(4500, 300), season=Season((12, 15), (2, 29)), contents=TEXTS),
    Closure(trail="stadtwald", valid_from=NOW, area=Polygon([(8.9, 52), (8.95, 52), (8.95, 52.1)]), legal_basis="§ 50"),
]


@pytest.fixture
def loaded(demo_trail: None, database: Database) -> Database:
    return database


@pytest.mark.parametrize("written", CLOSURES)
def test_a_closure_is_read_back_as_it_was_written(loaded: Database, written: Closure) -> None:
    with loaded.transaction() as connection:
        identity = closure.add(connection, written)
        found = closure.load(connection)[identity]
    assert replace(found, id=written.id, updated_at=written.updated_at) == written


def test_a_closure_of_no_trail_is_refused(loaded: Database) -> None:
    with pytest.raises(NotFound, match="no trail 'mond'"), loaded.transaction() as connection:
        closure.add(connection, replace(CLOSURES[0], trail="mond"))


def test_the_database_itself_refuses_a_closure_that_ends_before_it_begins(loaded: Database) -> None:
    with pytest.raises(StoreRejected), loaded.transaction() as connection:
        connection.execute(
            "INSERT INTO closure (trail, valid_from, valid_until) VALUES ('stadtwald', %s, %s)", [NOW, NOW]
        )


def test_closures_and_words_are_part_of_the_catalogue_and_their_change_is_told(loaded: Database) -> None:
    word = Override(rule="steg-nass", level=Level.NONE, since=NOW, until=NOW + timedelta(hours=1), by="anna")
    with loaded.listener("digitalpfad_catalogue") as listener:
        with loaded.transaction() as connection:
            identity = closure.add(connection, CLOSURES[0])
            notice.override(connection, replace(word, level=Level.WARNING))
            notice.override(connection, word)
        told = {news.payload for news in notifications(listener, 1)}
    assert {"closure", "closure_content", "notice_override"} <= told
    with Database(loaded_url(loaded), role="digitalpfad_web") as web, web.transaction() as connection:
        found = catalogue.load(connection)
    assert set(found.closures) == {identity}
    assert found.notice_rules == {rule.id: rule for rule in BUNDLE.notices}
    assert found.overrides == {"steg-nass": word}


def loaded_url(database: Database) -> str:
    with database.transaction() as connection:
        return connection.info.dsn + " password=" + connection.info.password


def test_the_same_bundle_again_changes_no_rule(loaded: Database) -> None:
    with loaded.transaction() as connection:
        before = connection.execute("SELECT xmin::text, id FROM notice_rule").fetchall()
        texts = connection.execute("SELECT xmin::text, rule FROM notice_text").fetchall()
    with loaded.transaction() as connection:
        save_bundle(connection, BUNDLE)
    with loaded.transaction() as connection:
        assert connection.execute("SELECT xmin::text, id FROM notice_rule").fetchall() == before
        assert connection.execute("SELECT xmin::text, rule FROM notice_text").fetchall() == texts


def test_a_word_on_an_unknown_rule_is_refused(loaded: Database) -> None:
    word = Override(rule="nichts", level=Level.NONE, since=NOW, until=NOW, by="anna")
    with pytest.raises(NotFound, match="no notice 'nichts'"), loaded.transaction() as connection:
        notice.override(connection, word)


def test_each_change_is_logged_once_whoever_sees_it(loaded: Database) -> None:
    wet, silent = Verdict(Level.WARNING, NoticeReason.MEASURED, NOW, 90), Verdict(Level.CAUTION, NoticeReason.SILENT)
    with loaded.transaction() as connection:
        written = [notice.log(connection, "steg-nass", one, NOW) for one in (wet, wet, silent, silent, wet)]
        rows = connection.execute("SELECT level, reason, value FROM notice_log ORDER BY id").fetchall()
    assert written == [True, False, True, False, True]
    assert rows == [(2, "measured", 90.0), (1, "silent", None), (2, "measured", 90.0)]


def test_what_the_store_remembers_decides_as_the_whole_series_does(loaded: Database) -> None:
    chance = Random(5)
    rules = {rule.id: rule for rule in BUNDLE.notices}
    with loaded.transaction() as connection:
        connection.execute("SELECT ensure_observation_partitions(%s, %s)", [NOW - timedelta(days=40), NOW])
        ids = {(stream.device, stream.observed_property): stream.id for stream in load_datastreams(connection).values()}
        streams = {name: ids[rule.device, rule.observed_property] for name, rule in rules.items()}
        for name, rule in rules.items():
            middle = sum(rule.thresholds.values()) / 2
            for minute in range(300):
                value, quality = middle + chance.uniform(-1, 1) * 25, chance.choice([0, 0, 0, 1])
                connection.execute(
                    "INSERT INTO observation VALUES (%s, %s, %s, %s, 0)",
                    [NOW - timedelta(minutes=minute), value, streams[name], quality],
                )
        connection.execute(
            "INSERT INTO observation VALUES (%s, 1, %s, 0, 0)", [NOW - timedelta(days=8), streams["hitze"]]
        )
        for minute in range(0, 300, 7):  # at many moments: forget the future, then ask
            connection.execute("DELETE FROM observation WHERE phenomenon_time > %s", [NOW - timedelta(minutes=minute)])
            kept = notice.load_decisive(connection, NOW)
            for name, rule in rules.items():
                whole = [
                    Observation(*row)
                    for row in connection.execute(
                        "SELECT datastream, phenomenon_time, result FROM observation"
                        " WHERE quality = 0 AND datastream = %s AND phenomenon_time > %s",
                        [streams[name], NOW - timedelta(days=7)],
                    )
                ]
                assert len(kept.get(streams[name], [])) <= 4
                assert measured_level(rule, in_order(kept.get(streams[name], []))) == measured_level(
                    rule, in_order(whole)
                )


def in_order(observations: list[Observation]) -> list[tuple[datetime, float]]:
    return sorted((seen.phenomenon_time, seen.result) for seen in observations if seen.result is not None)
