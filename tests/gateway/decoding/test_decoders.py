"""A decoder by topic: the wire contract is one of several, and what they say is validated and stored alike."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, cast

import pytest

from gateway.decoding.decoder import Uplink
from gateway.decoding.decoders import DECODERS, filters, find
from gateway.decoding.native import NativeDecoder
from gateway.decoding.payload import Reading, Telemetry
from gateway.decoding.status import Status
from gateway.pipeline.batch import compose
from gateway.topics import Topic
from gateway.validation.validate import Validator
from gateway.validation.validated_message import ValidatedMessage
from geodata.store.ingest.flush import StatusReport
from tests.fixtures.process.waiting import wait_until
from tests.gateway.conftest import DEVICES, BrokerServer, Publisher, Table
from tests.gateway.decoding.senml import SenmlDecoder
from tests.gateway.messages import RECEIVED_US, TIME, TOPIC, delivery, kept, reasons, registry
from tests.gateway.under_test import Gateway

BOTH = (*DECODERS, SenmlDecoder())
SECONDS = RECEIVED_US // 1_000_000


def record(device: str, name: str, value: object, count: int = 1, at: int = SECONDS) -> dict[str, object]:
    return {"bn": device, "bt": at, "n": name, "v": value, "fCnt": count}


def read(*records: object, payload: bytes | None = None) -> ValidatedMessage:
    sent = delivery(payload if payload is not None else list(records), "senml/lemgo")
    return Validator(decoders=BOTH).validate(sent, registry())


def test_each_decoder_brings_the_topics_that_are_subscribed() -> None:
    assert filters(BOTH, None) == (*filters(DECODERS, None), "senml/+")
    assert filters(BOTH, "stadtwald") == filters(DECODERS, "stadtwald")
    assert filters((NativeDecoder(),), "stadtwald") == ("digitalpfad/v1/stadtwald/+/event/#",)


def test_a_topic_belongs_to_the_decoder_that_knows_it_and_to_no_other() -> None:
    found = [find(BOTH, topic) for topic in (TOPIC, "senml/lemgo", "digitalpfad/v2/a", "")]

    assert [None if one is None else type(one[0]).__name__ for one in found] == [
        "NativeDecoder",
        "SenmlDecoder",
        None,
        None,
    ]


def test_without_the_second_decoder_its_topic_is_none_of_the_contract() -> None:
    assert reasons(Validator().validate(delivery([], "senml/lemgo"), registry())) == ["topic"]


def test_several_devices_of_one_message_become_rows_of_one_delivery() -> None:
    message = read(record("climate-01", "air_temperature", 7.5), record("pond-01", "rain", 1))

    flush = compose([message], "all", RECEIVED_US)
    assert kept(message) == {"air_temperature": 7.5}
    assert [origin.device for origin in flush.observations.origins] == ["climate-01", "pond-01"]
    assert flush.seen == {"climate-01": RECEIVED_US, "pond-01": RECEIVED_US}
    assert {device: found.ranges for (device, _), found in flush.sequences.items()} == {
        "climate-01": [(1, 2)],
        "pond-01": [(1, 2)],
    }
    assert (flush.messages, flush.received, message.received, message.source.refusals) == (1, 2, 2, [])


def test_what_is_wrong_with_one_device_costs_the_others_nothing_and_the_message_is_kept_whole() -> None:
    message = read(record("nobody", "rain", 1), record("climate-01", "air_temprature", 1), record("pond-01", "rain", 2))

    flush = compose([message], "all", RECEIVED_US)
    assert reasons(message) == ["unknown-device", "unknown-property"]
    assert [(origin.device, value) for origin, value in zip(flush.observations.origins, [2], strict=True)] == [
        ("pond-01", 2)
    ]
    assert (flush.received, flush.refused, message.source.parts) == (3, [message.source], 3)
    assert (message.unknown, message.devices) == (True, {"nobody", "climate-01", "pond-01"})


def test_what_cannot_be_decoded_is_in_quarantine_and_of_no_device() -> None:
    message = read(payload=b"[7")

    assert message.source.device is None
    assert reasons(message) == ["not-json"]
    assert len(message.rows) == 0


@pytest.mark.parametrize("name", ["\ud800", "a\0b", "Climate-01", "d" * 5000, ""])
def test_what_is_no_name_of_a_device_is_refused_and_the_database_not_asked_for_it(name: str) -> None:
    message = read(record(name, "rain", 1), record("pond-01", "rain", 2))

    assert reasons(message) == ["unknown-device"]
    assert (message.source.device, message.unknown, message.devices) == (None, False, {"pond-01"})
    assert [origin.device for origin in compose([message], "all", RECEIVED_US).observations.origins] == ["pond-01"]


class Stumbling(SenmlDecoder):
    def topic(self, text: str) -> Topic | None:
        raise ValueError(text)


def test_a_decoder_that_raises_for_a_topic_costs_that_message_and_no_other() -> None:
    message = Validator(decoders=(*DECODERS, Stumbling())).validate(delivery([], "senml/lemgo"), registry())

    assert (reasons(message), message.source.device) == (["unreadable"], None)


class Telling:
    """A decoder that says what it is told, on topics ``told/{device}``."""

    confirms = False

    def __init__(self, *uplinks: Uplink) -> None:
        self._uplinks = uplinks

    def filters(self, trail: str | None) -> list[str]:
        return [] if trail else ["told/+"]

    def topic(self, text: str) -> Topic | None:
        return Topic(None, text.removeprefix("told/"), "telemetry")

    def decode(self, topic: Topic, payload: bytes, received_us: int) -> tuple[Uplink, ...]:
        return self._uplinks


def told(*uplinks: Uplink) -> ValidatedMessage:
    return Validator(decoders=(Telling(*uplinks),)).validate(delivery([], "told/climate-01"), registry())


def rainy(
    boot: object = "b", seq: object = 1, time: object = TIME, oldest: object = None, device: str = ""
) -> Telemetry:
    reading = Reading({"rain": 2}, cast("int", seq), cast("str", time))
    return Telemetry(cast("str", boot), cast("int", oldest), [reading], device=device)


@pytest.mark.parametrize(
    ("wrong", "refused_for", "has_row"),
    [
        ({"boot": "b" * 17}, ["boot"], True),
        ({"boot": "b" * 5000, "time": None}, ["boot"], False),
        ({"boot": ""}, ["boot"], True),
        ({"boot": "a\nb"}, ["boot"], True),
        ({"boot": 7}, ["boot"], True),
        ({"seq": -1}, ["seq"], True),
        ({"seq": 2**70}, ["seq"], True),
        ({"seq": 1.5, "time": None}, ["seq"], False),
        ({"seq": True}, ["seq"], True),
        ({"seq": "s" * 5000, "time": None}, ["seq"], False),
        ({"boot": None, "time": None}, ["no-identity"], False),
        ({"oldest": -1}, ["oldest"], True),
        ({"oldest": 2**70}, ["oldest"], True),
        ({"oldest": 1.5}, ["oldest"], True),
        ({"oldest": "o" * 5000}, ["oldest"], True),
        ({"boot": "b" * 16, "seq": 2**53 - 1, "oldest": 0}, [], True),
    ],
    ids=lambda value: str(value)[:30],
)
def test_what_identifies_a_message_of_another_format_is_within_the_contracts_bounds(
    wrong: dict[str, object], refused_for: list[str], has_row: bool
) -> None:
    message = told(rainy(**cast("dict[str, Any]", wrong)))

    assert (reasons(message), kept(message)) == (refused_for, {"rain": 2} if has_row else {})
    assert message.boot is None or (len(message.boot) <= 16 and all(0 <= seq < 2**53 for seq in message.seqs))


def test_a_status_of_another_format_is_within_the_contracts_bounds() -> None:
    report = StatusReport("online", RECEIVED_US, firmware="f" * 5000, boot="\x1b", interval_s=2**70)
    message = told(Status(report))

    assert reasons(message) == ["status-field"] * 3
    assert message.status == StatusReport("online", RECEIVED_US)


def test_a_device_that_the_payload_names_on_the_topic_of_another_is_refused() -> None:
    message = told(rainy(device="pond-01"), rainy(device="climate-01"), rainy(seq=2))

    assert reasons(message) == ["wrong-device"]
    assert "names device 'pond-01', but its topic is that of device 'climate-01'" in message.source.refusals[0].detail
    origins = compose([message], "all", RECEIVED_US).observations.origins
    assert [origin.device for origin in origins] == ["climate-01", "climate-01"]
    assert (message.source.device, message.devices) == ("climate-01", {"climate-01"})


def test_a_message_of_another_format_is_stored_by_the_gateway_beside_those_of_the_contract(
    nats: BrokerServer, database_url: str, table: Table, publisher: Callable[[BrokerServer], Publisher]
) -> None:
    device, now = publisher(nats), 1_795_000_000
    pack = [record(name, "rain", number, at=now) for number, name in enumerate(DEVICES[:3])]
    unpaired = [record("\ud800", "rain", 1, at=now)]  # half a character
    with Gateway(database_url, nats, BOTH) as gateway:
        device.client.publish("senml/lemgo", json.dumps(unpaired).encode(), qos=1)
        for _ in range(2):  # the second is a repetition
            device.client.publish("senml/lemgo", json.dumps(pack).encode(), qos=1)
        device.send(DEVICES[0], {"time": TIME, "values": {"air_temperature": 7}})

        wait_until(
            lambda: table.counters == (8, 4, 3, 1), what="three values of one pack, once, and one of the contract"
        )
        assert gateway.metric("confirmations_total") == 0
    stored = table.rows("SELECT d.device, o.result FROM observation o JOIN datastream d ON d.id = o.datastream")
    assert sorted(stored) == [(DEVICES[0], 0), (DEVICES[0], 7), (DEVICES[1], 1), (DEVICES[2], 2)]
