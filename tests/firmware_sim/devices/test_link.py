"""A device's connection to a real broker."""

from __future__ import annotations

from collections.abc import Callable
from queue import SimpleQueue

from firmware_sim.devices.link import BrokerAddress, Event, Link, Lost, Online
from firmware_sim.devices.protocol import WireMessage
from tests.fixtures.brokers.mosquitto import Mosquitto

WILL = WireMessage("digitalpfad/v1/stadtwald/klima-01/event/status", b"{}", retain=True)
CONFIRM = "digitalpfad/v1/stadtwald/klima-01/command/confirm"


class FailingOnce(SimpleQueue[Event]):
    """Raises at the first event that it is given."""

    failed = False

    def put(self, item: Event, block: bool = True, timeout: float | None = None) -> None:
        if not self.failed:
            self.failed = True
            raise ZeroDivisionError("unforeseen")
        super().put(item, block, timeout)


def test_a_connection_begins_anew_after_a_fault_nobody_foresaw_in_its_thread(
    mosquitto: Callable[..., Mosquitto],
) -> None:
    broker = mosquitto(users={"klima-01": "one"})
    events = FailingOnce()
    link = Link(BrokerAddress("127.0.0.1", broker.port), "klima-01", "one", WILL, CONFIRM, events)
    link.start()
    lost, online = events.get(timeout=10), events.get(timeout=10)
    link.close()
    assert lost == Lost(
        "klima-01", f"the connection to mqtt://127.0.0.1:{broker.port} failed: {ZeroDivisionError('unforeseen')!r}"
    )
    assert online == Online("klima-01")
