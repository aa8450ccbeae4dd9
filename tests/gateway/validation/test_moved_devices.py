"""What the gateway makes of a device that was moved, and of one that sends only what cannot be used."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gateway.pipeline.batch import compose
from gateway.validation.validate import Validator
from gateway.validation.validated_message import ValidatedMessage
from geodata.store.ingest.registry import Registry
from tests.gateway.messages import TIME, TOPIC, delivery, kept, reasons, registry, validate

DEVICE = "climate-01"
EARLIER = TOPIC.replace("/stadtwald/", "/talweg/")


def moved(*earlier: str) -> Registry:
    known = registry()
    known.devices[DEVICE] = replace(known.devices[DEVICE], earlier_trails=frozenset(earlier))
    return known


def read(known: Registry, topic: str) -> ValidatedMessage:
    return Validator().validate(delivery({"time": TIME, "values": {"air_temperature": 7}}, topic), known)


def test_topics_of_an_earlier_trail_are_taken_and_those_of_a_third_are_not() -> None:
    assert EARLIER != TOPIC
    taken = read(moved("talweg"), EARLIER)
    assert (kept(taken), taken.trail) == ({"air_temperature": 7}, "talweg"), "it hears its confirmation there"
    assert reasons(read(moved("talweg"), TOPIC)) == []
    assert reasons(read(moved("bergweg"), EARLIER)) == ["wrong-trail"]


@pytest.mark.parametrize(
    ("message", "topic", "is_unusable"),
    [
        (b"rubbish", TOPIC, True),
        ({"time": TIME, "values": {"nothing_we_know": 1}}, TOPIC, True),
        ({"time": TIME, "values": {"nothing_we_know": 1, "air_temperature": 7}}, TOPIC, False),
        ({"time": TIME, "values": {"air_temperature": 7}}, TOPIC, False),
        (b"rubbish", TOPIC.replace("telemetry", "status"), False),
    ],
)
def test_a_message_of_which_nothing_is_kept_is_noted_at_its_device(
    message: object, topic: str, is_unusable: bool
) -> None:
    validated = validate(message, topic)
    flush = compose([validated], "all", validated.delivery.received_us)
    assert flush.unusable == ({DEVICE: validated.delivery.received_us} if is_unusable else {})


def test_what_the_broker_kept_says_nothing_of_now() -> None:
    assert compose([validate(b"rubbish", retain=True)], "all", 0).unusable == {}
