"""When a session of before counts as empty."""

from __future__ import annotations

import time

import pytest

from gateway.inbox import Delivery, Inbox
from gateway.mqtt.drain import Drain

QUIET_S = 40.0


def message(payload: bytes) -> Delivery:
    return Delivery("digitalpfad/v1/stadtwald/pond/event/telemetry", payload, 1, size=len(payload))


@pytest.fixture
def now() -> float:
    return time.monotonic()


@pytest.fixture
def drain(now: float) -> Drain:
    return Drain(Inbox(), QUIET_S, now - 1000)


def arrive(drain: Drain, payload: bytes) -> Delivery:
    delivery = message(payload)
    drain.put(delivery)
    return delivery


def test_a_session_that_brings_nothing_is_empty_after_the_quiet(now: float) -> None:
    drain = Drain(Inbox(), QUIET_S, now)
    assert not drain.is_empty(now + QUIET_S - 1)
    assert drain.is_empty(now + QUIET_S)


def test_a_message_that_is_not_committed_keeps_it_for_the_whole_quiet(drain: Drain, now: float) -> None:
    waiting = arrive(drain, b"1")
    assert not drain.is_empty(now + 10)
    assert not drain.is_empty(now + 1000)
    drain.committed([waiting, message(b"1")])
    assert not drain.is_empty(now + 1000 + QUIET_S - 1)
    assert drain.is_empty(now + 1000 + QUIET_S)


def test_a_message_that_it_alone_brings_keeps_it_for_the_quiet(drain: Drain, now: float) -> None:
    old, own = drain.committed([arrive(drain, b"1"), message(b"2")])
    assert ([one.payload for one in old], [one.payload for one in own]) == ([b"1"], [b"2"])
    assert not drain.is_empty(now + 3)
    assert not drain.is_empty(now + QUIET_S - 1)
    assert drain.is_empty(now + QUIET_S + 1)


@pytest.mark.parametrize("old_first", [True, False])
def test_messages_that_both_bring_do_not_keep_it(drain: Drain, now: float, *, old_first: bool) -> None:
    for payload in (b"1", b"2", b"3"):
        both = [[arrive(drain, payload)], [message(payload)]]
        for deliveries in both if old_first else reversed(both):
            drain.committed(deliveries)
    assert drain.is_empty(now + 6)


def test_what_was_seen_is_forgotten_after_twice_the_quiet(drain: Drain, now: float) -> None:
    drain.committed([message(b"%d" % number) for number in range(100)])
    drain.is_empty(now + 2 * QUIET_S + 1)
    assert not drain._own
