"""A device that sends rubbish for days does not fill the log, and the log still says how much it was."""

from __future__ import annotations

from collections.abc import Callable

from structlog.testing import capture_logs

from tests.fixtures.process.waiting import wait_until
from tests.gateway.conftest import DEVICES, BrokerServer, Publisher, Table, reading
from tests.gateway.under_test import Gateway

ROUNDS = 12


def test_what_a_device_sends_in_vain_is_told_at_once_and_then_in_sums_that_add_up(
    database_url: str, nats: BrokerServer, publisher: Callable[[BrokerServer], Publisher], table: Table
) -> None:
    device = publisher(nats)
    with capture_logs() as logs, Gateway(database_url, nats, batch_wait_s=0.0) as gateway:
        for number in range(ROUNDS):
            device.send(DEVICES[0], b"rubbish %d" % number)
            device.send(DEVICES[1], {**reading(number), "values": {"luck": 13}})
            device.wait()
        wait_until(lambda: gateway.metric("messages_total") == 2 * ROUNDS, what="all messages")
        told = [line["device"] for line in logs if line["event"] == "refused"]
        assert sorted(told) == sorted(DEVICES[:2]), "once each while it goes on"
    refused = [line for line in logs if line["event"] == "refused"]
    assert len(refused) == 4
    assert all(line["log_level"] == "info" for line in refused)
    for name, reason in ((DEVICES[0], "not-json"), (DEVICES[1], "unknown-property")):
        lines = [line for line in refused if line["device"] == name]
        assert {line["reason"] for line in lines} == {reason}
        assert [line["messages"] for line in lines] == [1, ROUNDS - 1]
    assert not [line for line in logs if line["event"] == "flush" and line["log_level"] != "debug"]
