"""What devices measured and what was confirmed to them, compared with what the database holds."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

import psycopg

from gateway.redaction import redact
from tests.fixtures.process.waiting import wait_until

MEMORY_MB = 150
_CUT_BYTES = 16_384
_RECEIVED_WITHIN_US = 60_000_000

Key = tuple[str, str, int]
"""Device, observed property, measuring time in Unix microseconds; of a device without a clock 0 until it is stored."""


@dataclass
class Ledger:
    """Written by the fleet while it runs.

    ``readings`` has each seq's values, by device and boot; ``messages`` all that was published, sound or not, as topic
    and bytes.
    """

    readings: dict[tuple[str, str], dict[int, list[tuple[Key, float]]]] = field(
        default_factory=lambda: defaultdict(dict)
    )
    confirmed: dict[tuple[str, str], int] = field(default_factory=dict)
    messages: set[tuple[str, bytes]] = field(default_factory=set)
    without_clock: dict[tuple[str, str, int], int] = field(default_factory=dict)
    """When each reading of a device without a clock was sent (device, boot, seq), in true Unix microseconds."""

    @property
    def sent(self) -> int:
        """Readings, each counted once however often it was sent."""
        return sum(len(readings) for readings in self.readings.values())

    @property
    def all_confirmed(self) -> bool:
        """Whether every boot's highest reading was confirmed."""
        return all(self.confirmed.get(boot) == max(readings) for boot, readings in self.readings.items())

    def confirm(self, device: str, boot: str, seq: int) -> None:
        """Note the highest confirmation."""
        self.confirmed[device, boot] = max(seq, self.confirmed.get((device, boot), -1))


def check_invariants(ledger: Ledger, url: str, *, peak_mb: float = 0) -> str:
    """I1 to I8 with the fault over and the lag gone; returns what was checked, for the table."""
    wait_until(
        lambda: not unaccounted(ledger, url), 20, "I8: the bytes of every message in quarantine, or its values stored"
    )
    with psycopg.connect(url, options="-c timezone=UTC") as connection:
        kept = _kept(connection)
        _look_up_receipts(ledger, connection)
        sent = {key: value for boot in ledger.readings.values() for reading in boot.values() for key, value in reading}
        quarantined = _quarantined(connection)
        for (device, boot), seq in ledger.confirmed.items():
            readings = ledger.readings[device, boot]
            due = [number for number in readings if number <= seq]
            lost = [n for n in due if not _is_kept(readings[n], kept) and (device, boot, n) not in quarantined]
            assert not lost, f"I1: confirmed to {device} {boot} up to {seq} and neither stored nor quarantined: {lost}"
        _assert_once(connection)
        _assert_receipts_are_true(ledger, connection)
        foreign = {key: value for key, value in kept.items() if sent.get(key) != value}
        assert not foreign, f"I3: stored and never sent: {_some(foreign)}"
        _assert_confirmed_is_committed(connection, ledger)
        missing = sent.keys() - kept.keys()
        assert not missing, f"I5: sent and not stored though all is over: {_some(missing)}"
        assert peak_mb < MEMORY_MB, f"I6: the gateway took {peak_mb:.0f} MB"
        _assert_rollups_equal_a_recount(connection)
    return "I1–I8"


def _kept(connection: psycopg.Connection) -> dict[Key, float]:
    rows = connection.execute(
        "SELECT device, observed_property, round(extract(epoch FROM phenomenon_time) * 1000000)::int8, result"
        " FROM observation JOIN datastream ON datastream.id = datastream"
    )
    return {(device, prop, us): result for device, prop, us, result in rows}


def _receipts(connection: psycopg.Connection) -> dict[tuple[str, str, int], int]:
    rows = connection.execute(
        "SELECT device, boot, seq, round(extract(epoch FROM phenomenon_time) * 1000000)::int8 FROM receipt_time"
    )
    return {(device, boot, seq): us for device, boot, seq, us in rows}


def _look_up_receipts(ledger: Ledger, connection: psycopg.Connection) -> None:
    """What was sent without a time has that of its first receipt."""
    receipts = _receipts(connection)
    for device, boot, seq in ledger.without_clock:
        reading = ledger.readings[device, boot]
        reading[seq] = [
            ((device, prop, receipts.get((device, boot, seq), 0)), value) for (_, prop, _), value in reading[seq]
        ]


def _assert_receipts_are_true(ledger: Ledger, connection: psycopg.Connection) -> None:
    receipts = _receipts(connection)
    wrong = {
        key: (receipts[key] - sent_us) / 1e6
        for key, sent_us in ledger.without_clock.items()
        if key in receipts and abs(receipts[key] - sent_us) > _RECEIVED_WITHIN_US
    }
    assert not wrong, f"stored as received so many seconds from when it was sent: {_some(wrong.items())}"


def _quarantined(connection: psycopg.Connection) -> set[tuple[str, str, int]]:
    rows = connection.execute(
        "SELECT device, payload ->> 'boot', (payload ->> 'seq')::int8 FROM (SELECT device,"
        " convert_from(payload, 'UTF8')::jsonb FROM quarantine WHERE reason = 'conflict') AS q (device, payload)"
    )
    return {(device, boot, seq) for device, boot, seq in rows}


def _entries(topic: str, payload: bytes) -> set[tuple[str, bytes, int]]:
    """As what a message may stand in quarantine."""
    redacted = redact(payload)
    return {(topic, payload[:_CUT_BYTES], len(payload)), (topic, redacted, len(redacted))}


def unaccounted(ledger: Ledger, url: str) -> list[str]:
    """Messages whose bytes are not in quarantine (of a cut one: its beginning) and whose values are not stored.

    Addresses in them may be blacked out; that nothing else is, other tests show.
    """
    with psycopg.connect(url, options="-c timezone=UTC") as connection:
        kept, receipts = _kept(connection), _receipts(connection)
        quarantined = {
            (topic, bytes(payload), size if cut else len(payload))
            for topic, payload, size, cut in connection.execute(
                "SELECT topic, payload, size, kept = 'cut' FROM quarantine"
            )
        }
    return _some(
        f"{topic} {payload[:80]!r}"
        for topic, payload in ledger.messages
        if not _entries(topic, payload) & quarantined and not _are_stored(topic, payload, kept, receipts)
    )


def _are_stored(topic: str, payload: bytes, kept: dict[Key, float], receipts: dict[tuple[str, str, int], int]) -> bool:
    """Whether all values of a reading that states its time, or is numbered, are stored."""
    try:
        reading = json.loads(payload)
        values, device = reading["values"], topic.split("/")[3]
        us = reading["time"] * 1000 if "time" in reading else receipts[device, reading["boot"], reading["seq"]]
        return all(kept.get((device, name, us)) == value for name, value in values.items())
    except (ValueError, KeyError, TypeError):
        return False


def _is_kept(reading: Iterable[tuple[Key, float]], kept: dict[Key, float]) -> bool:
    return all(kept.get(key) == value for key, value in reading)


def _assert_once(connection: psycopg.Connection) -> None:
    (doubled,) = _row(
        connection,
        "SELECT count(*) FROM (SELECT FROM observation GROUP BY datastream, phenomenon_time HAVING count(*) > 1) AS d",
    )
    assert doubled == 0, f"I2: {doubled} keys are stored twice"
    counters = _row(
        connection,
        "SELECT sum(received), sum(stored), sum(duplicates), sum(quarantined), (SELECT count(*) FROM observation),"
        " (SELECT coalesce(sum(refused_parts), 0) FROM quarantine WHERE replayed_at IS NULL) FROM ingest_counter",
    )
    received, stored, duplicates, quarantined, rows, entries = counters
    assert received == stored + duplicates + quarantined, f"counters: {counters}"
    assert (stored, quarantined) == (rows, entries), f"counters: {counters}"


def _assert_confirmed_is_committed(connection: psycopg.Connection, ledger: Ledger) -> None:
    committed = {
        (device, boot): seq
        for device, boot, seq in connection.execute("SELECT device, boot, confirmed_seq(seqs, oldest) FROM device_boot")
    }
    early = {boot: seq for boot, seq in ledger.confirmed.items() if seq > committed.get(boot, -1)}
    assert not early, f"I4: confirmed and not committed: {_some(early)}"


def _assert_rollups_equal_a_recount(connection: psycopg.Connection) -> None:
    recount = """
        SELECT datastream, date_trunc('hour', phenomenon_time), count(*) FILTER (WHERE quality = 0),
            coalesce(sum(result::numeric) FILTER (WHERE quality = 0), 0),
            min(result) FILTER (WHERE quality = 0), max(result) FILTER (WHERE quality = 0),
            count(*) FILTER (WHERE quality = 1), count(*) FILTER (WHERE quality = 2)
        FROM observation GROUP BY 1, 2 ORDER BY 1, 2"""
    kept = "SELECT datastream, hour, count, sum, minimum, maximum, suspect, missing FROM rollup_hour ORDER BY 1, 2"
    assert connection.execute(kept).fetchall() == connection.execute(recount.encode()).fetchall(), "I7: rollups differ"


def _row(connection: psycopg.Connection, query: str) -> tuple:
    row = connection.execute(query.encode()).fetchone()
    assert row is not None
    return row


def _some(things: Iterable[object]) -> list[str]:
    return sorted(map(str, things))[:5]
