"""The quarantine read again: what is stored, what stays and how the counters follow."""

from __future__ import annotations

from datetime import timedelta

import pytest

from gateway.replaying.replay import Replay
from geodata.store.database import Database
from tests.gateway.replaying.quarantined import ALL, NOW, books, delivery, execute, reading, receive, state
from tests.geodata.flushes import register


def test_an_entry_moves_from_quarantined_to_stored_and_is_marked(world: Database) -> None:
    receive(world, [delivery({"boot": "b", **reading(1, {"rain": 1, "air_temperature": 2})})])
    assert books(world) == (1, 0, 0, 1)
    with world.transaction() as connection:
        connection.execute("INSERT INTO device (id, trail) VALUES ('pond', 'stadtwald')")
    report = Replay(world, NOW).run(ALL)
    assert (report.entries, report.stored, dict(report.quarantined)) == (1, 2, {})
    assert books(world) == (2, 2, 0, 0)
    assert Replay(world, NOW).run(ALL).entries == 0
    with world.transaction() as connection:
        assert connection.execute("SELECT replayed_at FROM quarantine").fetchall() == [(NOW,)]


def test_what_fails_again_stays_with_the_reason_that_holds_now(world: Database) -> None:
    receive(world, [delivery(b"{"), delivery({"time": "2019-01-01T00:00:00Z", "values": {"rain": 1}}, 1)])
    execute(world, "INSERT INTO device (id, trail) VALUES ('pond', 'stadtwald')")
    report = Replay(world, NOW).run(ALL)
    assert dict(report.quarantined) == {"not-json": 1, "time-too-early": 1}
    with world.transaction() as connection:
        found = connection.execute("SELECT reason, count(*) FROM quarantine WHERE replayed_at IS NULL GROUP BY 1")
        assert dict(found.fetchall()) == {"not-json": 1, "time-too-early": 1}
    assert books(world) == (2, 0, 0, 2)


def test_a_redelivery_of_what_was_replayed_is_a_duplicate(world: Database) -> None:
    message = delivery({"boot": "b", **reading(1)})
    receive(world, [message])
    execute(world, "INSERT INTO device (id, trail) VALUES ('pond', 'stadtwald')")
    Replay(world, NOW).run(ALL)
    receive(world, [message])
    assert books(world) == (2, 1, 1, 0)


def test_a_reading_without_a_clock_counts_by_its_first_receipt_though_the_second_was_stored_before(
    any_database: Database,
) -> None:
    """Across an hour: both hours and the latest value follow."""
    world = any_database
    with world.transaction() as connection:
        register(connection, "gate")
    message = {"boot": "b", **reading(1, clock=False)}
    first, between, second = (delivery(message, number) for number in (0, 1, 360_000))
    receive(world, [first])
    execute(world, "INSERT INTO device (id, trail) VALUES ('pond', 'stadtwald')")
    receive(world, [delivery({"boot": "b", **reading(2, clock=False)}, 1), second])
    report = Replay(world, NOW).run(ALL)
    assert (report.stored, report.duplicates) == (0, 1)
    assert books(world) == (3, 2, 1, 0)
    _, observations, hours, newest, _, receipts, *_ = state(world)
    assert [row[2] for row in observations] == [NOW, NOW + timedelta(milliseconds=10)]
    assert [(row[2], row[3]) for row in hours] == [(NOW.replace(minute=0), 2)]
    assert [row[2] for row in newest] == [NOW + timedelta(milliseconds=10)]
    assert [row[3] for row in receipts] == [NOW, NOW + timedelta(milliseconds=10)]
    receive(world, [between])
    assert books(world) == (4, 2, 2, 0)


def test_a_dry_run_tells_the_same_and_changes_nothing(world: Database) -> None:
    receive(world, [delivery({"boot": "b", **reading(seq)}, seq) for seq in range(5)])
    execute(world, "INSERT INTO device (id, trail) VALUES ('pond', 'stadtwald')")
    before = state(world)
    told = Replay(world, NOW, dry_run=True).run(ALL)
    assert state(world) == before
    assert Replay(world, NOW).run(ALL) == told
    assert told.stored == 5


def test_an_old_status_does_not_stand_in_for_a_newer_one(world: Database) -> None:
    receive(world, [delivery({"state": "offline"}, 0, "pond", "status")])
    execute(world, "INSERT INTO device (id, trail) VALUES ('pond', 'stadtwald')")
    receive(world, [delivery({"state": "online"}, 1, "pond", "status")])
    Replay(world, NOW).run(ALL)
    with world.transaction() as connection:
        assert connection.execute("SELECT state FROM device_state").fetchall() == [("online",)]


def test_a_status_that_is_kept_for_one_field_does_not_bring_its_time_back(world: Database) -> None:
    """The state does not change from one to the other, all else does."""
    first = {"state": "online", "firmware": "1.0", "boot": "b1", "interval_s": 600, "uptime": 5}
    receive(world, [delivery(first, 0, "gate", "status")])
    receive(
        world, [delivery({"state": "online", "firmware": "2.0", "boot": "b2", "interval_s": 60}, 1, "gate", "status")]
    )
    Replay(world, NOW).run(ALL)
    with world.transaction() as connection:
        found = connection.execute("SELECT firmware, boot, interval_s FROM device_state").fetchall()
    assert found == [("2.0", "b2", 60)]


def test_books_stay_above_zero_when_a_message_is_refused_whole_though_a_part_was_stored(world: Database) -> None:
    receive(
        world, [delivery({"boot": "b", **reading(1, {"rain": 1, "battery_level": 2, "nonsense": 3})}, device="gate")]
    )
    execute(world, "UPDATE device SET revoked_at = now() WHERE id = 'gate'")
    Replay(world, NOW).run(ALL)
    received, stored, duplicates, quarantined = (int(str(count)) for count in books(world))
    assert (stored, duplicates, quarantined) == (2, 0, 1)
    assert received == stored + duplicates + quarantined


def test_one_entry_that_the_database_refuses_stays_and_the_others_are_stored(world: Database) -> None:
    receive(world, [delivery({"boot": "b", **reading(seq)}, seq) for seq in range(5)])
    with world.transaction() as connection:
        connection.execute("INSERT INTO device (id, trail) VALUES ('pond', 'stadtwald')")
        connection.execute("ALTER TABLE observation ADD CHECK (result <> 0.5)")
    report = Replay(world, NOW).run(ALL)
    assert (report.stored, dict(report.quarantined)) == (4, {"refused": 1})
    assert books(world) == (5, 4, 0, 1)


def test_a_replay_that_the_database_undoes_for_a_deadlock_is_tried_again(world: Database) -> None:
    receive(world, [delivery({"boot": "b", **reading(seq)}, seq) for seq in range(5)])
    with world.transaction() as connection:
        connection.execute("INSERT INTO device (id, trail) VALUES ('pond', 'stadtwald')")
        connection.execute(
            """
            CREATE SEQUENCE attempts;
            CREATE FUNCTION collide() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                IF nextval('attempts') <= 2 THEN
                    RAISE EXCEPTION 'deadlock detected' USING ERRCODE = 'deadlock_detected';
                END IF;
                RETURN NULL;
            END $$;
            CREATE TRIGGER collide BEFORE INSERT ON observation FOR EACH STATEMENT EXECUTE FUNCTION collide()
            """
        )
    assert Replay(world, NOW).run(ALL).stored == 5
    assert books(world) == (5, 5, 0, 0)


def test_a_dry_run_tells_the_same_of_a_value_that_two_entries_far_apart_hold(
    world: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between them lies the end of a transaction, and in a dry run nothing of it stays."""
    monkeypatch.setattr("gateway.replaying.replay.AT_ONCE", 2)
    log = [delivery({"boot": "b", **reading(seq)}, seq) for seq in range(5)]
    log += [delivery({"boot": "b", "remark": n, **reading(1)}, 10 + n) for n in range(2)]
    log += [delivery({"boot": "b", **reading(1)}, 20, "lake")]
    receive(world, log)
    for device in ("pond", "lake"):
        with world.transaction() as connection:
            connection.execute("INSERT INTO device (id, trail) VALUES (%s, 'stadtwald')", [device])
    told = Replay(world, NOW, dry_run=True).run(ALL)
    assert Replay(world, NOW).run(ALL) == told
    assert (told.entries, told.stored, told.duplicates, told.staying) == (8, 6, 2, 2)
