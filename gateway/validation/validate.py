"""Validate a message against the registry and the clock: rows for the store, refusals for the quarantine."""

from __future__ import annotations

from collections.abc import Sequence

import structlog

from gateway.decoding.decoder import Decoder, Uplink
from gateway.decoding.decoders import DECODERS, find
from gateway.decoding.native import NativeDecoder
from gateway.decoding.payload import MAX_BYTES, Reading, Telemetry
from gateway.decoding.reasons import Reason, refuse, show
from gateway.decoding.timestamps import ReceiptTimes, TimeRefused, measured_us, refuse_older, said_us
from gateway.decoding.written import place_of
from gateway.inbox import Delivery
from gateway.topics import Topic
from gateway.validation.bounds import refuse_beyond_bounds
from gateway.validation.refused_message import (
    named,
    prepare_for_quarantine,
    refused,
    refused_device,
    refused_name,
    refused_size,
    refused_topic,
    sent_by,
)
from gateway.validation.rows import add_rows, refuse_unknown_property
from gateway.validation.shape import ReadingShapes
from gateway.validation.validated_message import ValidatedMessage
from geodata.runtime.fault_log import FaultLog
from geodata.runtime.steady_clock import SteadyClock
from geodata.store.ingest.flush import ObservationOrigin, SourceMessage, join
from geodata.store.ingest.registry import RegisteredDevice, Registry

_HEARD_AGAIN_US = 100_000
_LONGEST_TOPIC, _MOST_TOPICS = 255, 20_000  # that are remembered

_log: structlog.stdlib.BoundLogger = structlog.get_logger("gateway.validation.validate")


class Validator:
    """Validates one delivery after the other; remembers the times it gave to devices without a clock.

    ``retention_us``: what is older than this at its receipt is refused; 0 takes any age. The gateway's ``clock`` is
    told what devices say of the time; until one agreed with it after a pause, ages count from the time before that.
    """

    def __init__(
        self, retention_us: int = 0, clock: SteadyClock | None = None, decoders: Sequence[Decoder] = DECODERS
    ) -> None:
        self._decoders = decoders
        self._topics: dict[str, tuple[Decoder, Topic]] = {}
        self._retention_us = retention_us
        self._clock = clock
        self._receipt_times = ReceiptTimes()
        self._shapes = ReadingShapes()
        self._told = FaultLog()
        self._told_clock_us: dict[str, int] = {}

    def validate(self, delivery: Delivery, registry: Registry) -> ValidatedMessage:
        """Take ``delivery`` apart; whatever its bytes are, each part comes out as a row or as a refusal."""
        try:
            return self._validate(delivery, registry)
        except Exception as error:  # noqa: BLE001 - one message, whatever it is, must not stop the others
            _log.error("message-unreadable", topic=delivery.topic, size=delivery.size, **self._told.fields(error))
            match = self._topics.get(delivery.topic)  # not asked for again: a decoder may have raised for the topic
            device = None if match is None else match[1].device
            return refused(delivery, device, Reason.UNREADABLE, value=show(type(error).__name__))

    def _validate(self, delivery: Delivery, registry: Registry) -> ValidatedMessage:
        match = self._topics.get(delivery.topic) or self._learn_topic(delivery.topic)
        if match is None:
            return refused_topic(delivery, registry)
        decoder, topic = match
        name, size = topic.device, delivery.size or len(delivery.payload)
        device = None if name is None else registry.devices.get(name)
        if size > MAX_BYTES:
            return refused_size(delivery, topic, device, size)
        if name is not None:  # told by the topic, so what is refused for it is not even decoded
            if device is None:
                return refused(delivery, name, Reason.UNKNOWN_DEVICE, value=show(name), unknown=True)
            if topic.trail is not None and device.trail != topic.trail and topic.trail not in device.earlier_trails:
                trails = {"value": show(topic.trail), "expected": show(device.trail)}
                return sent_by(device, topic.event, refused(delivery, name, Reason.WRONG_TRAIL, unknown=True, **trails))
        uplinks = decoder.decode(topic, delivery.payload, delivery.received_us)
        if not isinstance(decoder, NativeDecoder):  # its own are within the bounds: most messages are looked at once
            refuse_beyond_bounds(uplinks)
        owner = name or named(uplinks[0].device)
        source = SourceMessage(delivery.topic, delivery.payload, owner, delivery.received_us, size)
        message = self._validate_uplink(delivery, source, topic, uplinks[0], device, registry)
        if not decoder.confirms:
            message.confirms = False
        if len(uplinks) > 1:
            self._add_further(message, topic, uplinks[1:], registry)
        if source.refusals:
            prepare_for_quarantine(source)
        return message

    def _learn_topic(self, text: str) -> tuple[Decoder, Topic] | None:
        """The decoder of a topic and what it tells; those that are known come again and again."""
        match = find(self._decoders, text)
        if match is not None and len(text) <= _LONGEST_TOPIC:
            if len(self._topics) >= _MOST_TOPICS:
                self._topics.clear()
            self._topics[text] = match
        return match

    def _add_further(
        self, message: ValidatedMessage, topic: Topic, uplinks: Sequence[Uplink], registry: Registry
    ) -> None:
        """What other devices, or the same once more, say in the same message."""
        source = message.source
        device = None if topic.device is None else registry.devices.get(topic.device)
        further = [
            self._validate_uplink(message.delivery, source, topic, uplink, device, registry) for uplink in uplinks
        ]
        for part in further:
            part.confirms = message.confirms
            message.unknown = message.unknown or part.unknown
        message.further = further
        message.unregistered = [name for part in (message, *further) for name in part.unregistered]

    def _validate_uplink(
        self,
        delivery: Delivery,
        source: SourceMessage,
        topic: Topic,
        uplink: Uplink,
        device: RegisteredDevice | None,
        registry: Registry,
    ) -> ValidatedMessage:
        """What one device says, that of the topic or, where it tells none, whom the payload names.

        ``source`` may hold refusals of others.
        """
        if uplink.device and uplink.device != topic.device:
            if topic.device is not None:
                return refused_name(delivery, source, topic, uplink, device)
            device = registry.devices.get(uplink.device)
        if device is None:
            source.refusals = join(source.refusals, uplink.refusals)
            return refused_device(delivery, source, uplink.device)
        trail = topic.trail or device.trail
        if isinstance(uplink, Telemetry) and (row := self._ordinary(source, delivery, uplink, device, registry)):
            row.trail = trail
            return row
        message = ValidatedMessage(delivery, source, trail, device.id)
        source.refusals = join(source.refusals, uplink.refusals)
        if isinstance(uplink, Telemetry):
            self._validate_telemetry(message, uplink, device, registry)
        else:
            message.status, message.spoken = uplink.report, uplink.report is not None
        return message

    def _ordinary(
        self,
        source: SourceMessage,
        delivery: Delivery,
        telemetry: Telemetry,
        device: RegisteredDevice,
        registry: Registry,
    ) -> ValidatedMessage | None:
        """The message where it is one reading with a time, in which all is as always; None of any other."""
        if len(telemetry.readings) != 1 or telemetry.refusals:
            return None
        reading = telemetry.readings[0]
        if reading.time is None or telemetry.oldest is not None:
            return None
        if self._clock is not None and self._clock.asks and not delivery.retain:
            self._tell(self._clock, telemetry, device, delivery.received_us)
        try:
            us = measured_us(reading.time, delivery.received_us)
        except TimeRefused:
            return None
        if us < registry.oldest_us or (self._retention_us and us < delivery.received_us - self._retention_us):
            return None
        boot, seq = telemetry.boot, reading.seq
        rows = self._shapes.rows(reading, us, ObservationOrigin(source, device.id, boot, seq), device, registry)
        if rows is None:
            return None
        seqs = [] if boot is None or seq is None else [seq]
        return ValidatedMessage(delivery, source, "", device.id, boot, seqs, 0, rows)

    def _validate_telemetry(
        self, validated: ValidatedMessage, telemetry: Telemetry, device: RegisteredDevice, registry: Registry
    ) -> None:
        boot = validated.boot = telemetry.boot
        if self._clock is not None and self._clock.asks and not validated.delivery.retain:
            self._tell(self._clock, telemetry, device, validated.delivery.received_us)
        for reading in telemetry.readings:
            if boot is not None and reading.seq is not None:
                validated.seqs.append(reading.seq)
            if reading.values or reading.time is not None:
                self._validate_reading(validated, reading, device, registry)
        if telemetry.oldest is not None:
            _validate_oldest(validated, telemetry.oldest)
        if telemetry.supposed:
            self._tell_more(validated, telemetry.supposed, device, registry)

    def _tell(self, clock: SteadyClock, telemetry: Telemetry, device: RegisteredDevice, received_us: int) -> None:
        """Tell the clock the latest time in a message; what was measured before it says nothing of now.

        A device is heard ten times a second at most: a backlog would ask for it at each message.
        """
        if abs(received_us - self._told_clock_us.get(device.id, 0)) < _HEARD_AGAIN_US:
            return
        self._told_clock_us[device.id] = received_us
        latest = None
        for reading in telemetry.readings:
            us = None if reading.time is None else said_us(reading.time)
            if us is not None and (latest is None or us > latest):
                latest = us
        if latest is not None:
            clock.hear(device.id, latest)

    def _tell_more(
        self, validated: ValidatedMessage, supposed: Sequence[Reading], device: RegisteredDevice, registry: Registry
    ) -> None:
        """Refuse what else is wrong with readings that are refused already; none of their values becomes a row."""
        for reading in supposed:
            aside = ValidatedMessage(validated.delivery, validated.source)
            if reading.time is not None:
                self._validate_reading(aside, reading, device, registry)
                continue
            for name in [name for name in reading.values if name not in registry.properties]:
                refuse_unknown_property(aside, reading, name, registry)

    def _validate_reading(
        self, validated: ValidatedMessage, reading: Reading, device: RegisteredDevice, registry: Registry
    ) -> None:
        # The time comes before the values: a reading whose time is refused must leave no row. Its values are then added
        # to a message that nobody commits, so that their own faults are told in the same answer to the device's maker;
        # the refusals of both are one list, that of the source.
        time, received_us = reading.time, validated.delivery.received_us
        try:
            us = self._receipt_us(validated, device) if time is None else self._measured_us(time, received_us)
            kept_us = self._surely_us(received_us) - self._retention_us if self._retention_us else 0
            refuse_older(us, max(kept_us, registry.oldest_us))
        except TimeRefused as fault:
            place = place_of(reading.seq, time)
            refuse(validated.source.refusals, fault.reason, place, value=show(time), expected=fault.expected)
            validated = ValidatedMessage(validated.delivery, validated.source)  # only to tell what else is wrong
            us = received_us
        add_rows(validated, reading, us, device, registry)

    def _surely_us(self, received_us: int) -> int:
        return received_us if self._clock is None or self._clock.confirmed else self._clock.surely_us()

    def _measured_us(self, time: str | int, received_us: int) -> int:
        try:
            return measured_us(time, received_us)
        except TimeRefused:
            us = said_us(time) if self._clock is not None else None
            if us is None or self._clock is None or not self._clock.may_be_now(us):
                raise
            return us

    def _receipt_us(self, validated: ValidatedMessage, device: RegisteredDevice) -> int:
        """A time for a reading without one. Read again from the quarantine, the message gives its readings the same."""
        us = self._receipt_times.next_us(device.id, validated.delivery.received_us)
        if not validated.receipt_counts:
            validated.receipt_counts = True
            if validated.source.received_us == validated.delivery.received_us:
                validated.source.received_us = us  # of the first reading; the others follow it, a microsecond each
        return us


def _validate_oldest(validated: ValidatedMessage, oldest: int) -> None:
    if validated.seqs and oldest <= min(validated.seqs):
        validated.oldest = oldest
    else:
        refuse(validated.source.refusals, Reason.OLDEST, value=show(oldest))
