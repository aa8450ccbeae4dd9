"""The quarantine read again: afterwards all is as if it had been right from the start."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import LiteralString
from uuid import uuid4

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from digitalpfad.replay import Replay
from gateway.decoding.validate import Validator
from gateway.inbox import Delivery
from gateway.pipeline.batch import compose
from gateway.pipeline.datastreams import missing_datastreams, resolve_datastreams
from geodata.store.database import Database
from geodata.store.ingest import registry, transaction
from geodata.store.ingest.quarantine import Selection
from geodata.times import to_us
from tests.digitalpfad.commandline import run as command
from tests.fixtures.fix_database import Template
from tests.geodata.flushes import register

NOW = datetime(2026, 11, 22, 10, 15, tzinfo=UTC)
ALL = Selection()
PROPERTY = "INSERT INTO observed_property VALUES ('leaf_wetness', '%', 'gauge', 0, 100, 'Blattnässe', 'Leaf wetness')"
STATE: tuple[LiteralString, ...] = (
    "SELECT device, observed_property FROM datastream ORDER BY 1, 2",
    (
        "SELECT s.device, s.observed_property, o.phenomenon_time, o.result, o.quality, o.flags"
        " FROM observation o JOIN datastream s ON s.id = o.datastream ORDER BY 1, 2, 3"
    ),
    (
        "SELECT s.device, s.observed_property, hour, count, sum, minimum, maximum, first_time, first_result, last_time,"
        " last_result, suspect, missing FROM rollup_hour r JOIN datastream s ON s.id = r.datastream ORDER BY 1, 2, 3"
    ),
    (
        "SELECT s.device, s.observed_property, phenomenon_time, result, quality, flags"
        " FROM latest l JOIN datastream s ON s.id = l.datastream ORDER BY 1, 2"
    ),
    "SELECT device, boot, seqs, oldest FROM device_boot ORDER BY 1, 2",
    "SELECT device, boot, seq, phenomenon_time FROM receipt_time ORDER BY 1, 2, 3",
    "SELECT reason, topic, payload, device, received_at FROM quarantine WHERE replayed_at IS NULL ORDER BY 2, 3",
    "SELECT partition, messages, received, stored, duplicates, quarantined FROM ingest_counter ORDER BY 1",
)


def receive(database: Database, log: Sequence[Delivery], size: int = 3) -> None:
    """What the gateway does with these deliveries, ``size`` in a flush."""
    validator = Validator()
    for start in range(0, len(log), size):
        with database.transaction() as connection:
            known = registry.load(connection)
            messages = [validator.validate(delivery, known) for delivery in log[start : start + size]]
            resolve_datastreams(
                messages, {pair: registry.add_datastream(connection, *pair) for pair in missing_datastreams(messages)}
            )
            transaction.write(connection, compose(messages, "p", to_us(NOW)))


def state(database: Database) -> list[list[tuple[object, ...]]]:
    with database.transaction() as connection:
        return [connection.execute(query).fetchall() for query in STATE]


def execute(database: Database, statement: LiteralString) -> None:
    with database.transaction() as connection:
        connection.execute(statement)


def delivery(message: object, number: int = 0, device: str = "pond", event: str = "telemetry") -> Delivery:
    payload = message if isinstance(message, bytes) else json.dumps(message).encode()
    received = NOW + timedelta(milliseconds=10 * number)
    return Delivery(f"digitalpfad/v1/stadtwald/{device}/event/{event}", payload, to_us(received))


def reading(seq: int, values: dict[str, object] | None = None, *, clock: bool = True) -> dict[str, object]:
    message: dict[str, object] = {"seq": seq, "values": {"rain": seq / 4} if values is None else values}
    return {**message, "time": to_us(NOW - timedelta(minutes=7 * seq)) // 1000} if clock else message


@dataclass
class Worlds:
    """Two empty databases with one trail and a device that is known in both."""

    right: Database
    late: Database


@pytest.fixture
def worlds(postgres_server: str, template: Template) -> Iterator[Worlds]:
    names = [f"{template.name}_{uuid4().hex[:8]}" for _ in range(2)]
    with psycopg.connect(postgres_server, autocommit=True) as admin:
        for name in names:
            admin.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template.name))
            )
        first, second = (Database(make_conninfo(postgres_server, dbname=name)) for name in names)
        with first, second:
            yield Worlds(first, second)
        for name in names:
            admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


# What a log leaves, dependents first. Emptying row by row: TRUNCATE gives each table and index a new file every time.
WRITTEN = (
    "observation", "rollup_hour", "latest", "datastream", "quarantine", "device_boot", "device_state", "receipt_time",
    "ingest_counter", "ingest_minute", "observation_horizon", "device",
)  # fmt: skip


def start_again(database: Database) -> None:
    with database.transaction() as connection:
        connection.execute(
            sql.SQL(";").join(sql.SQL("DELETE FROM {}").format(sql.Identifier(name)) for name in WRITTEN)
        )
        connection.execute("DELETE FROM observed_property WHERE id = 'leaf_wetness'")
        register(connection, "gate")


names = st.sampled_from(["rain", "air_temperature", "leaf_wetness", "nonsense"])


@st.composite
def logs(draw: st.DrawFn) -> list[Delivery]:
    """Messages of two devices: values follow from device, seq and property, so that none contradicts another."""
    log: list[Delivery] = []
    repeatable: list[Delivery] = []
    for number in range(1, 1 + draw(st.integers(1, 10))):  # 0: a receipt in the moment of a reading contradicts it
        device = draw(st.sampled_from(["pond", "gate"]))
        kind = draw(st.sampled_from(["reading", "readings", "without device time", "broken", "status", "again"]))
        if kind == "again" and repeatable:
            copy = draw(st.sampled_from(repeatable))
            log.append(Delivery(copy.topic, copy.payload, to_us(NOW + timedelta(milliseconds=10 * number))))
            continue
        if kind == "status":
            made = delivery({"state": "online", "boot": "b"}, number, device, "status")
        elif kind in {"broken", "again"}:
            made = delivery(b"{", number, device)
        else:
            clock = kind != "without device time"
            seqs = draw(st.lists(st.integers(0, 4), min_size=1, max_size=1 if kind == "reading" else 3, unique=True))
            seqs = seqs if clock else [10 + 5 * number + seq for seq in seqs]
            properties = sorted(draw(st.sets(names, min_size=1)))
            readings = [reading(seq, dict.fromkeys(properties, seq / 4), clock=clock) for seq in seqs]
            message = {"boot": "b", **readings[0]} if kind == "reading" else {"boot": "b", "readings": readings}
            made = delivery(message, number, device)
        log.append(made)
        repeatable.append(made)
    return log


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(log=logs(), after=st.integers(0, 10), size=st.integers(1, 4), parts=st.booleans())
def test_after_a_replay_all_is_as_if_it_had_been_right_from_the_start(
    worlds: Worlds, log: list[Delivery], after: int, size: int, parts: bool
) -> None:
    for world in (worlds.right, worlds.late):
        start_again(world)
    for right, messages in ((True, []), (False, log[:after])):
        world = worlds.right if right else worlds.late
        receive(world, messages, size)
        with world.transaction() as connection:
            connection.execute("INSERT INTO device (id, trail) VALUES ('pond', 'stadtwald')")
            connection.execute(PROPERTY)
        receive(world, log if right else log[after:], size)
    if parts:
        Replay(worlds.late, NOW).run(Selection(device="pond"))
    Replay(worlds.late, NOW).run(ALL)
    assert state(worlds.late) == state(worlds.right)


@pytest.fixture
def world(database: Database) -> Database:
    with database.transaction() as connection:
        register(connection, "gate")
    return database


def counters(database: Database) -> tuple[object, ...]:
    return state(database)[7][0][2:]


def test_an_entry_moves_from_quarantined_to_stored_and_is_marked(world: Database) -> None:
    receive(world, [delivery({"boot": "b", **reading(1, {"rain": 1, "air_temperature": 2})})])
    assert counters(world) == (1, 0, 0, 1)
    with world.transaction() as connection:
        connection.execute("INSERT INTO device (id, trail) VALUES ('pond', 'stadtwald')")
    report = Replay(world, NOW).run(ALL)
    assert (report.entries, report.stored, dict(report.quarantined)) == (1, 2, {})
    assert counters(world) == (2, 2, 0, 0)
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
    assert counters(world) == (2, 0, 0, 2)


def test_a_redelivery_of_what_was_replayed_is_a_duplicate(world: Database) -> None:
    message = delivery({"boot": "b", **reading(1)})
    receive(world, [message])
    execute(world, "INSERT INTO device (id, trail) VALUES ('pond', 'stadtwald')")
    Replay(world, NOW).run(ALL)
    receive(world, [message])
    assert counters(world) == (2, 1, 1, 0)


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
    assert counters(world) == (3, 2, 1, 0)
    _, observations, hours, newest, _, receipts, *_ = state(world)
    assert [row[2] for row in observations] == [NOW, NOW + timedelta(milliseconds=10)]
    assert [(row[2], row[3]) for row in hours] == [(NOW.replace(minute=0), 2)]
    assert [row[2] for row in newest] == [NOW + timedelta(milliseconds=10)]
    assert [row[3] for row in receipts] == [NOW, NOW + timedelta(milliseconds=10)]
    receive(world, [between])
    assert counters(world) == (4, 2, 2, 0)


def test_a_dry_run_tells_the_same_and_changes_nothing(world: Database) -> None:
    receive(world, [delivery({"boot": "b", **reading(seq)}, seq) for seq in range(5)])
    execute(world, "INSERT INTO device (id, trail) VALUES ('pond', 'stadtwald')")
    before = state(world)
    told = Replay(world, NOW, dry_run=True).run(ALL)
    assert state(world) == before
    assert Replay(world, NOW).run(ALL) == told
    assert told.stored == 5


def test_only_what_was_asked_for_is_read_again(world: Database) -> None:
    receive(world, [delivery({"boot": "b", **reading(1)}), delivery({"boot": "b", **reading(1)}, 1, "lake")])
    receive(world, [delivery(b"{", 2, "gate")])
    for device in ("pond", "lake"):
        with world.transaction() as connection:
            connection.execute("INSERT INTO device (id, trail) VALUES (%s, 'stadtwald')", [device])
    assert Replay(world, NOW).run(Selection(reason="not-json")).stored == 0
    assert Replay(world, NOW).run(Selection(device="lake")).stored == 1
    assert Replay(world, NOW).run(Selection(until=NOW)).entries == 0
    assert Replay(world, NOW).run(Selection(since=NOW, until=NOW + timedelta(milliseconds=5))).stored == 1


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


def test_what_blacking_out_made_longer_than_a_message_may_be_is_still_read_again(world: Database) -> None:
    beacons = ",".join(['{"mac":1}'] * 1000)
    message = f'{{"boot":"b","seq":1,"values":{{"leaf_wetness":5}},"beacons":[{beacons}]}}'.encode()
    sent = delivery(message, device="gate")
    sent.size = len(message)
    receive(world, [sent])
    execute(world, PROPERTY)
    assert Replay(world, NOW).run(ALL).stored == 1


def test_an_entry_is_found_by_each_of_its_reasons_also_beyond_those_that_are_listed(world: Database) -> None:
    readings = [reading(seq, {"leaf_wetness": 5}) | {"remark": "x"} for seq in range(32)]
    message = delivery({"boot": "b", "readings": readings}, device="gate")
    receive(world, [message])
    execute(world, PROPERTY)
    assert Replay(world, NOW).run(Selection(reason="unknown-property")).stored == 32


def test_an_entry_is_found_by_the_reason_of_a_later_delivery(world: Database) -> None:
    message = delivery({"boot": "b", **reading(1, {"leaf_wetness": 5})})
    receive(world, [message])
    execute(world, "INSERT INTO device (id, trail) VALUES ('pond', 'stadtwald')")
    receive(world, [message])
    execute(world, PROPERTY)
    assert Replay(world, NOW).run(Selection(reason="unknown-property")).stored == 1


def test_books_stay_above_zero_when_a_message_is_refused_whole_though_a_part_was_stored(world: Database) -> None:
    receive(
        world, [delivery({"boot": "b", **reading(1, {"rain": 1, "battery_level": 2, "nonsense": 3})}, device="gate")]
    )
    execute(world, "UPDATE device SET revoked_at = now() WHERE id = 'gate'")
    Replay(world, NOW).run(ALL)
    received, stored, duplicates, quarantined = (int(str(count)) for count in counters(world))
    assert (stored, duplicates, quarantined) == (2, 0, 1)
    assert received == stored + duplicates + quarantined


def test_bytes_that_are_no_text_are_given_back_as_they_came(world: Database, system: dict[str, str]) -> None:
    receive(world, [delivery(b"Br\xfccke", 0), delivery(rb"Br\xfccke", 1)])
    listed = json.loads(answered(command("quarantine", "list", "--json", **system)))
    assert [entry.get("payload_base64") for entry in listed] == [None, "QnL8Y2tl"]


def test_one_entry_that_the_database_refuses_stays_and_the_others_are_stored(world: Database) -> None:
    receive(world, [delivery({"boot": "b", **reading(seq)}, seq) for seq in range(5)])
    with world.transaction() as connection:
        connection.execute("INSERT INTO device (id, trail) VALUES ('pond', 'stadtwald')")
        connection.execute("ALTER TABLE observation ADD CHECK (result <> 0.5)")
    report = Replay(world, NOW).run(ALL)
    assert (report.stored, dict(report.quarantined)) == (4, {"refused": 1})
    assert counters(world) == (5, 4, 0, 1)


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
    assert counters(world) == (5, 5, 0, 0)


@pytest.fixture
def system(world: Database, database_url: str, tmp_path: Path) -> dict[str, str]:
    with world.transaction() as connection:
        connection.execute(
            "INSERT INTO station (code, trail, number, lon, lat) VALUES ('4K7MPX', 'stadtwald', 1, 8.9, 52)"
        )
    known = conninfo_to_dict(database_url)
    url = f"postgresql://{known['user']}@{known['host']}:{known['port']}/{known['dbname']}"
    return {"DIGITALPFAD_DATABASE_URL": url, "DIGITALPFAD_DATA_DIR": str(tmp_path)}


def answered(ended: subprocess.CompletedProcess[str], code: int = 0) -> str:
    assert ended.returncode == code, ended.stderr
    return ended.stdout


def test_the_command_suggests_a_replay_does_it_and_ends_with_3_when_something_stays(
    world: Database, system: dict[str, str]
) -> None:
    odd: dict[str, object] = {"rain": 1, "leaf_wetness": 40}
    receive(world, [delivery({"boot": "b", **reading(1, odd)}), delivery(b"{", 1)])
    listed = json.loads(answered(command("quarantine", "list", "--reason", "unknown-device", "--json", **system)))
    assert len(listed) == 2
    assert answered(command("quarantine", "list", "--until", "2026-11-22T10:15:00", **system)) == ""
    added = command("device", "add", "pond", "--station", "4K7MPX", **system)
    assert "2 entries wait in quarantine: 'digitalpfad quarantine replay --device pond'" in added.stderr
    dry = answered(command("quarantine", "replay", "--device", "pond", "--dry-run", "--json", **system), 3)
    done = answered(command("quarantine", "replay", "--device", "pond", "--json", **system), 3)
    reasons = {"not-json": 1, "unknown-property": 1}
    wanted = {"entries": 2, "stored": 1, "duplicates": 0, "staying": 2, "quarantined": reasons}
    assert json.loads(dry) == {**wanted, "dry_run": True}
    assert json.loads(done) == {**wanted, "dry_run": False}
    made = command(
        "property", "add", "leaf_wetness", "--unit", "%", "--label-de", "Blattnässe", "--label-en", "Leaf wetness",
        "--minimum", "0", "--maximum", "100", **system,
    )  # fmt: skip
    assert "1 entry waits in quarantine: 'digitalpfad quarantine replay --reason unknown-property'" in made.stderr
    told = answered(command("quarantine", "replay", "--reason", "unknown-property", **system))
    assert told == "Read 1 message again: 1 value stored, 1 there already.\n"
    boots = json.loads(answered(command("device", "completeness", "pond", "--json", **system)))
    assert [(boot["boot"], boot["ranges"], boot["gaps"]) for boot in boots] == [("b", [[1, 1]], [])]


@pytest.mark.parametrize(
    ("locale", "options", "told"),
    [
        ("C.UTF-8", (), ["Read 3 messages again: 2 values stored, 1 there already.", "2 messages stay, in 3 parts:"]),
        ("C.UTF-8", ("--dry-run",), ["Would read 3 messages again: 2 values stored, 1 there already."]),
        ("de_DE.UTF-8", ("--dry-run",),
         ["3 Nachrichten würden wieder gelesen: 2 Messwerte gespeichert, 1 schon vorhanden.",
          "2 Nachrichten bleiben, mit 3 Teilen:", "  not-json: 1 Teil", "  unknown-property: 2 Teile"]),
    ],
)  # fmt: skip
def test_the_report_counts_messages_values_and_parts_by_their_names(
    world: Database, system: dict[str, str], locale: str, options: tuple[str, ...], told: list[str]
) -> None:
    odd: dict[str, object] = {"rain": 0.25, "leaf_wetness": 40, "nonsense": 1, "air_temperature": 2}
    receive(world, [delivery({"boot": "b", **reading(1)}), delivery({"boot": "b", **reading(1, odd)}, 1)])
    receive(world, [delivery(b"{", 2)])
    execute(world, "INSERT INTO device (id, trail) VALUES ('pond', 'stadtwald')")
    said = answered(command("quarantine", "replay", *options, LC_ALL=locale, **system), 3).splitlines()
    assert said[: len(told)] == told


def test_a_dry_run_tells_the_same_of_a_value_that_two_entries_far_apart_hold(
    world: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between them lies the end of a transaction, and in a dry run nothing of it stays."""
    monkeypatch.setattr("digitalpfad.replay._AT_ONCE", 2)
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
