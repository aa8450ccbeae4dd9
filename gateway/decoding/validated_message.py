"""A message taken apart, on its way into the database: rows for the store, refusals for the quarantine."""

from __future__ import annotations

import msgspec

from gateway import topics
from gateway.decoding.reasons import Reason, refuse, sentence
from gateway.decoding.written import storable
from gateway.inbox import Delivery
from gateway.redaction import redact
from geodata.store.ingest.flush import Observations, Refusal, SourceMessage, StatusReport, parts
from geodata.store.ingest.registry import RegisteredDevice

NO_DATASTREAM = 0
"""Stands in a row for the datastream of a property that the device sends for the first time."""


class ValidatedMessage(msgspec.Struct):
    """One delivery taken apart; ``device`` is None where it is not registered.

    ``source`` is the message for the quarantine, with what was refused of it. ``unknown``: the registry lacked the
    device or a property; validating again with one of another ``generation`` may end better. ``unnamed``: rows stand
    with NO_DATASTREAM.
    """

    delivery: Delivery
    source: SourceMessage
    trail: str = ""
    device: str | None = None
    boot: str | None = None
    seqs: list[int] = []
    oldest: int = 0
    rows: Observations = msgspec.field(default_factory=Observations)
    status: StatusReport | None = None
    unknown: bool = False
    generation: int = 0
    unnamed: bool = False
    spoken: bool = True
    """False of a status that cannot be read: it may be the last will, and says nothing of life."""
    receipt_counts: bool = False
    """Whether a reading without a time got that of its receipt."""

    @property
    def received(self) -> int:
        """Parts of this message."""
        return len(self.rows) + parts(self.source.refusals)

    @property
    def heard(self) -> bool:
        """Whether the device itself spoke just now: not the broker's memory, and not its last will."""
        return not self.delivery.retain and self.spoken and (self.status is None or self.status.state == "online")


def refused(
    delivery: Delivery, reason: Reason, *, value: str, expected: str = "", unknown: bool = False
) -> ValidatedMessage:
    """The delivery whole in quarantine."""
    topic = topics.parse(delivery.topic)
    size = delivery.size or len(delivery.payload)
    device = topic.device if topic else None
    validated = ValidatedMessage(
        delivery, SourceMessage(delivery.topic, delivery.payload, device, delivery.received_us, size)
    )
    validated.unknown = unknown
    refuse(validated.source.refusals, reason, value=value, expected=expected)
    prepare_for_quarantine(validated.source)
    return validated


def sent_by(device: RegisteredDevice | None, validated: ValidatedMessage) -> ValidatedMessage:
    """Note that a registered device spoke, though nothing of it can be read; a status may be its last will."""
    if device is not None:
        validated.device, validated.trail = device.id, device.trail
        validated.spoken = not validated.delivery.topic.endswith("/status")
    return validated


def prepare_for_quarantine(source: SourceMessage) -> None:
    """Black out addresses, and say what the quarantine lacks of the message."""
    payload = redact(source.payload)
    if len(source.payload) < source.size:
        source.kept = "cut"
    elif payload != source.payload:
        source.kept = "redacted"
    source.payload = payload


def plainer(message: ValidatedMessage, error: str) -> tuple[ValidatedMessage, ValidatedMessage, ValidatedMessage]:
    """The message that the database refuses, whole in quarantine: with its numbers, without, and as bytes alone."""
    whole = refused(message.delivery, Reason.REFUSED, value=storable(error))
    whole.source.received_us = message.source.received_us
    bare = msgspec.structs.replace(whole)
    whole.trail, whole.device = message.trail, message.device
    whole.boot, whole.seqs, whole.oldest = message.boot, message.seqs, message.oldest
    plain = msgspec.structs.replace(bare.source, topic=storable(bare.source.topic), device=None)
    plain.refusals = [Refusal(Reason.REFUSED, sentence(Reason.REFUSED, value="in every form"))]
    return whole, bare, ValidatedMessage(message.delivery, plain)
