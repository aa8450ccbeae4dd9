"""Validate a message against the registry and the clock: rows for the store, refusals for the quarantine."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

import structlog

from gateway import topics
from gateway.decoding.lenient import decode
from gateway.decoding.payload import MAX_BYTES, Reading, Telemetry, decode_fast
from gateway.decoding.reasons import Reason, is_full, may_hint, refuse, show
from gateway.decoding.shape import LARGEST, Shapes
from gateway.decoding.status import decode_status
from gateway.decoding.timestamps import ReceiptTimes, TimeRefused, measured_us, refuse_older, said_us
from gateway.decoding.validated_message import NO_DATASTREAM, ValidatedMessage, prepare_for_quarantine, refused, sent_by
from gateway.decoding.written import place_of, storable
from gateway.inbox import Delivery
from gateway.redaction import is_address, redact_text
from geodata.model.observation import Flag, Quality
from geodata.runtime.fault_log import FaultLog
from geodata.runtime.steady_clock import SteadyClock
from geodata.store.ingest.flush import Origin, SourceMessage, count
from geodata.store.ingest.registry import RegisteredDevice, Registry

_OK = (int(Quality.OK), int(Flag.NONE))
_SUSPECT = (int(Quality.SUSPECT), int(Flag.OUT_OF_RANGE))
_MISSING = (int(Quality.MISSING), int(Flag.SENSOR_FAILED))
_TIME_OF_RECEIPT = int(Flag.TIME_OF_RECEIPT)

_HEARD_AGAIN_US = 100_000
_LONGEST_NAME = 80  # characters that are compared: beyond them nothing is nearly an observed property

_log: structlog.stdlib.BoundLogger = structlog.get_logger("gateway.decoding.validate")


class Validator:
    """Validates one delivery after the other; remembers the times it gave to devices without a clock.

    ``retention_us``: what is older than this at its receipt is refused; 0 takes any age. The gateway's ``clock`` is
    told what devices say of the time; until one agreed with it after a pause, ages count from the time before that.
    """

    def __init__(self, retention_us: int = 0, clock: SteadyClock | None = None) -> None:
        self._retention_us = retention_us
        self._clock = clock
        self._receipt_times = ReceiptTimes()
        self._shapes = Shapes()
        self._told = FaultLog()
        self._told_clock_us: dict[str, int] = {}

    def validate(self, delivery: Delivery, registry: Registry) -> ValidatedMessage:
        """Take ``delivery`` apart; whatever its bytes are, each part comes out as a row or as a refusal."""
        try:
            return self._validate(delivery, registry)
        except Exception as error:  # noqa: BLE001 - one message, whatever it is, must not stop the others
            _log.error("message-unreadable", topic=delivery.topic, size=delivery.size, **self._told.fields(error))
            return refused(delivery, Reason.UNREADABLE, value=show(type(error).__name__))

    def _validate(self, delivery: Delivery, registry: Registry) -> ValidatedMessage:
        topic = topics.parse(delivery.topic)
        if topic is None:
            validated = refused(delivery, Reason.TOPIC, value=show(delivery.topic))
            validated.source.topic = storable(redact_text(delivery.topic))
            sender = topics.sender(delivery.topic)
            validated.source.device = (
                sender if sender in registry.devices else None
            )  # whose share of the quarantine it is
            return validated
        size = delivery.size or len(delivery.payload)
        device = registry.devices.get(topic.device)
        if size > MAX_BYTES:
            kept = len(delivery.payload)
            cut = f"; its first {kept} bytes are kept" if kept < size else ""
            return sent_by(device, refused(delivery, Reason.TOO_LARGE, value=str(size), expected=cut))
        if device is None:
            return refused(delivery, Reason.UNKNOWN_DEVICE, value=show(topic.device), unknown=True)
        if device.trail != topic.trail and topic.trail not in device.earlier_trails:
            trails = {"value": show(topic.trail), "expected": show(device.trail)}
            return sent_by(device, refused(delivery, Reason.WRONG_TRAIL, unknown=True, **trails))
        source = SourceMessage(delivery.topic, delivery.payload, topic.device, delivery.received_us, size)
        telemetry = decode_fast(delivery.payload) if topic.event == "telemetry" else None
        if telemetry is not None and (ordinary := self._ordinary(source, delivery, telemetry, device, registry)):
            ordinary.trail = topic.trail
            return ordinary
        validated = ValidatedMessage(delivery, source, topic.trail, device.id)
        if topic.event == "status":
            status = decode_status(delivery.payload, delivery.received_us)
            validated.status, validated.source.refusals = status.report, status.refusals
            validated.spoken = status.report is not None
        else:
            self._validate_telemetry(validated, telemetry or decode(delivery.payload), device, registry)
        if validated.source.refusals:
            prepare_for_quarantine(validated.source)
        return validated

    def _ordinary(
        self,
        source: SourceMessage,
        delivery: Delivery,
        telemetry: Telemetry,
        device: RegisteredDevice,
        registry: Registry,
    ) -> ValidatedMessage | None:
        """The message where it is one reading with a time, in which all is as always; None of any other."""
        reading = telemetry.readings[0]
        if reading.time is None or telemetry.oldest is not None or len(telemetry.readings) > 1:
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
        rows = self._shapes.rows(reading, us, Origin(source, device.id, boot, seq), device, registry)
        if rows is None:
            return None
        seqs = [] if boot is None or seq is None else [seq]
        return ValidatedMessage(delivery, source, "", device.id, boot, seqs, 0, rows)

    def _validate_telemetry(
        self, validated: ValidatedMessage, telemetry: Telemetry, device: RegisteredDevice, registry: Registry
    ) -> None:
        boot = validated.boot = telemetry.boot
        if telemetry.refusals:
            validated.source.refusals = telemetry.refusals
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
                _refuse_unknown(aside, reading, name, registry)

    def _validate_reading(
        self, validated: ValidatedMessage, reading: Reading, device: RegisteredDevice, registry: Registry
    ) -> None:
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
        _add_rows(validated, reading, us, device, registry)

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
            validated.source.received_us = us  # of the first reading; the others follow it microsecond by microsecond
        return us


def _add_rows(
    validated: ValidatedMessage, reading: Reading, us: int, device: RegisteredDevice, registry: Registry
) -> None:
    """A row for each value, measured at ``us``; what is no property or no number that is kept is refused."""
    rows, properties, datastreams = validated.rows, registry.properties, device.datastreams
    before = len(rows.datastreams)
    for name, value in reading.values.items():
        observed = properties.get(name)
        if observed is None:
            _refuse_unknown(validated, reading, name, registry)
            continue
        if value is None:
            quality, flags = _MISSING
        elif not -LARGEST <= value <= LARGEST:
            place = place_of(reading.seq, reading.time)
            refuse(validated.source.refusals, Reason.NOT_FINITE, place, name=show(name), value=show(value))
            continue
        elif observed.minimum <= value <= observed.maximum:
            quality, flags = _OK
        else:
            quality, flags = _SUSPECT
        rows.datastreams.append(datastreams.get(name, NO_DATASTREAM))
        rows.results.append(value)
        rows.qualities.append(quality)
        rows.flags.append(flags)
        rows.properties.append(name)
    number = len(rows.datastreams) - before
    rows.times_us += [us] * number
    rows.origins += [Origin(validated.source, device.id, validated.boot, reading.seq)] * number
    if NO_DATASTREAM in rows.datastreams:
        validated.unnamed = True
    if reading.time is None:
        rows.clockless += range(before, before + number)
        rows.flags[before:] = [flags | _TIME_OF_RECEIPT for flags in rows.flags[before:]]


def _refuse_unknown(validated: ValidatedMessage, reading: Reading, name: str, registry: Registry) -> None:
    validated.unknown = True
    refusals = validated.source.refusals
    if is_full(refusals):
        return count(refusals, Reason.UNKNOWN_PROPERTY, 1)
    place = place_of(reading.seq, reading.time)
    if is_address(name):
        return refuse(refusals, Reason.ADDRESS, place, name=show(name))
    compared = len(name) <= _LONGEST_NAME and may_hint(refusals)
    near = difflib.get_close_matches(name, registry.properties, n=1) if compared else ()
    expected = f" (did you mean {near[0]}?)" if near else ""
    return refuse(refusals, Reason.UNKNOWN_PROPERTY, place, name=show(name), expected=expected)


def _validate_oldest(validated: ValidatedMessage, oldest: int) -> None:
    if validated.seqs and oldest <= min(validated.seqs):
        validated.oldest = oldest
    else:
        refuse(validated.source.refusals, Reason.OLDEST, value=show(oldest))
