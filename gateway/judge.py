"""Judge a message against the registry and the clock: rows for the store, rejections for the quarantine."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from traceback import format_exc

import msgspec
import structlog

from gateway import lenient, topics
from gateway.addresses import is_address
from gateway.clock import ReceiptTimes, TimeRefused, measured_us, refuse_older
from gateway.delivery import Delivery
from gateway.payload import MAX_BYTES, Reading, Refusal, Telemetry, decode_fast, part, refuse_message, refuse_part
from gateway.reasons import Reason, show
from gateway.status import decode_status
from geodata.model import Flag, ObservedProperty, Quality
from geodata.store.flush import Observations, Origin, Rejection, StatusReport
from geodata.store.registry import RegisteredDevice, Registry

NO_DATASTREAM = 0
"""Stands in a row for the datastream of a property that the device sends for the first time."""

_OK = (int(Quality.OK), int(Flag.NONE))
_SUSPECT = (int(Quality.SUSPECT), int(Flag.OUT_OF_RANGE))
_MISSING = (int(Quality.MISSING), int(Flag.SENSOR_FAILED))
_TIME_OF_RECEIPT = int(Flag.TIME_OF_RECEIPT)

_log: structlog.stdlib.BoundLogger = structlog.get_logger("gateway.judge")


class Judged(msgspec.Struct):
    """One delivery taken apart; ``device`` is None where it is not registered for the topic's trail.

    ``unknown``: the registry lacked the device or a property; judging again with a newer one may end better.
    ``unnamed``: rows stand with NO_DATASTREAM.
    """

    delivery: Delivery
    trail: str = ""
    device: str | None = None
    boot: str | None = None
    seqs: list[int] = []
    oldest: int = 0
    rows: Observations = msgspec.field(default_factory=Observations)
    rejections: list[Rejection] = []
    status: StatusReport | None = None
    unknown: bool = False
    unnamed: bool = False

    @property
    def received(self) -> int:
        """Parts of this message."""
        return len(self.rows) + len(self.rejections)

    @property
    def heard(self) -> bool:
        """Whether the device itself spoke just now: not the broker's memory, and not its last will."""
        return not self.delivery.retain and (self.status is None or self.status.state == "online")

    def refuse(self, refusals: Iterable[Refusal], received_us: int | None = None) -> None:
        """Add to the rejections; ``received_us`` where a reading without a clock got a time of its own."""
        topic = topics.parse(self.delivery.topic)
        for refusal in refusals:
            self.rejections.append(
                Rejection(
                    topic=self.delivery.topic,
                    payload=refusal.payload,
                    device=topic.device if topic else None,
                    reason=refusal.reason,
                    detail=refusal.detail,
                    received_us=self.delivery.received_us if received_us is None else received_us,
                )
            )


def refused(delivery: Delivery, reason: Reason, *, value: str, expected: str = "", unknown: bool = False) -> Judged:
    """The delivery whole in quarantine."""
    judged = Judged(delivery, unknown=unknown)
    judged.refuse([refuse_message(reason, delivery.payload, value=value, expected=expected)])
    return judged


class Judge:
    """Judges one delivery after the other; remembers the times it gave to devices without a clock.

    ``retention_us``: what is older than this at its receipt is refused; 0 takes any age.
    """

    def __init__(self, retention_us: int = 0) -> None:
        self._retention_us = retention_us
        self._receipt_times = ReceiptTimes()

    def judge(self, delivery: Delivery, registry: Registry) -> Judged:
        """Take ``delivery`` apart; whatever its bytes are, each part comes out as a row or as a rejection."""
        try:
            return self._judge(delivery, registry)
        except Exception as error:  # noqa: BLE001 - one message, whatever it is, must not stop the others
            _log.error("message-unreadable", topic=delivery.topic, size=delivery.size, trace=format_exc())
            return refused(delivery, Reason.UNREADABLE, value=show(type(error).__name__))

    def _judge(self, delivery: Delivery, registry: Registry) -> Judged:
        topic = topics.parse(delivery.topic)
        if topic is None:
            return refused(delivery, Reason.TOPIC, value=show(delivery.topic))
        size = max(delivery.size, len(delivery.payload))
        if size > MAX_BYTES:
            return refused(delivery, Reason.TOO_LARGE, value=str(size))
        device = registry.devices.get(topic.device)
        if device is None:
            return refused(delivery, Reason.UNKNOWN_DEVICE, value=show(topic.device), unknown=True)
        if device.trail != topic.trail:
            trails = {"value": show(topic.trail), "expected": show(device.trail)}
            return refused(delivery, Reason.WRONG_TRAIL, unknown=True, **trails)
        judged = Judged(delivery, trail=topic.trail, device=device.id)
        if topic.event == "status":
            status = decode_status(delivery.payload, delivery.received_us)
            judged.status = status.report
            judged.refuse(status.refusals)
        else:
            telemetry = decode_fast(delivery.payload) or lenient.decode(delivery.payload)
            self._judge_telemetry(judged, telemetry, device, registry)
        return judged

    def _judge_telemetry(
        self, judged: Judged, telemetry: Telemetry, device: RegisteredDevice, registry: Registry
    ) -> None:
        boot = judged.boot = telemetry.boot
        if telemetry.refusals:
            judged.refuse(telemetry.refusals)
        for reading in telemetry.readings:
            if boot is not None and reading.seq is not None:
                judged.seqs.append(reading.seq)
            if reading.values:
                self._judge_reading(judged, reading, device, registry)
        if telemetry.oldest is not None and judged.seqs:
            _judge_oldest(judged, telemetry.oldest)

    def _judge_reading(self, judged: Judged, reading: Reading, device: RegisteredDevice, registry: Registry) -> None:
        time, received_us = reading.time, judged.delivery.received_us
        properties = registry.properties
        try:
            us = self._receipt_times.next_us(device.id, received_us) if time is None else measured_us(time, received_us)
            kept_us = received_us - self._retention_us if self._retention_us else 0
            refuse_older(us, max(kept_us, registry.oldest_us))
        except TimeRefused as fault:
            whole = part(judged.boot, reading.seq, time, values=reading.values)
            judged.refuse([refuse_part(fault.reason, whole, value=show(time), expected=fault.expected)])
            return
        origin = Origin(judged.delivery.topic, device.id, judged.boot, reading.seq, time, received_us)
        for name, value in reading.values.items():
            observed = properties.get(name)
            if observed is None:
                _refuse_unknown(judged, reading, name, properties, us if time is None else None)
            elif value is not None and abs(value) > lenient.LARGEST:
                message = part(judged.boot, reading.seq, time, values={name: value})
                judged.refuse([refuse_part(Reason.NOT_FINITE, message, name=show(name), value=show(value))])
            else:
                _add_row(judged, observed, device.datastreams.get(name, NO_DATASTREAM), us, value, origin)


def _add_row(
    judged: Judged, observed: ObservedProperty, datastream: int, us: int, value: float | None, origin: Origin
) -> None:
    if value is None:
        quality, flags = _MISSING
    elif observed.minimum <= value <= observed.maximum:
        quality, flags = _OK
    else:
        quality, flags = _SUSPECT
    rows = judged.rows
    if origin.time is None:
        flags |= _TIME_OF_RECEIPT
        rows.clockless.append(len(rows))
    if datastream == NO_DATASTREAM:
        judged.unnamed = True
    rows.datastreams.append(datastream)
    rows.times_us.append(us)
    rows.results.append(value)
    rows.qualities.append(quality)
    rows.flags.append(flags)
    rows.properties.append(observed.id)
    rows.origins.append(origin)


def _refuse_unknown(
    judged: Judged, reading: Reading, name: str, properties: Iterable[str], given_us: int | None
) -> None:
    judged.unknown = True
    near = difflib.get_close_matches(name, properties, n=1)
    message = part(judged.boot, reading.seq, reading.time, values={name: reading.values[name]})
    reason = Reason.ADDRESS if is_address(name) else Reason.UNKNOWN_PROPERTY
    expected = f"; did you mean {near[0]}?" if near else ""
    judged.refuse([refuse_part(reason, message, name=show(name), expected=expected)], given_us)


def _judge_oldest(judged: Judged, oldest: int) -> None:
    if oldest <= min(judged.seqs):
        judged.oldest = oldest
        return
    message = part(judged.boot, min(judged.seqs), None, oldest=oldest)
    judged.refuse([refuse_part(Reason.OLDEST, message, value=show(oldest))])
