"""Which entries of the quarantine a replay reads again."""

from __future__ import annotations

from datetime import timedelta

from gateway.replaying.replay import Replay
from geodata.store.database import Database
from geodata.store.ingest.quarantine import Selection
from tests.gateway.replaying.quarantined import ALL, NOW, PROPERTY, delivery, execute, reading, receive


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
