"""Messages of which nothing can be stored: whole in quarantine, with the one reason."""

from __future__ import annotations

import msgspec

from gateway import topics
from gateway.decoding.decoder import Uplink
from gateway.decoding.reasons import Reason, refuse, sentence, show
from gateway.decoding.written import storable
from gateway.inbox import Delivery
from gateway.redaction import redact, redact_text
from gateway.topics import STATUS, Topic
from gateway.validation.validated_message import ValidatedMessage
from geodata.store.ingest.flush import Observations, Refusal, SourceMessage, join
from geodata.store.ingest.registry import RegisteredDevice, Registry
from geodata.vocabulary.names import is_name


def refused(
    delivery: Delivery, device: str | None, reason: Reason, *, value: str, expected: str = "", unknown: bool = False
) -> ValidatedMessage:
    """The delivery whole in quarantine, in the share of ``device`` where one is known."""
    size = delivery.size or len(delivery.payload)
    validated = ValidatedMessage(
        delivery, SourceMessage(delivery.topic, delivery.payload, device, delivery.received_us, size)
    )
    validated.unknown = unknown
    refuse(validated.source.refusals, reason, value=value, expected=expected)
    prepare_for_quarantine(validated.source)
    return validated


def refused_topic(delivery: Delivery, registry: Registry) -> ValidatedMessage:
    """A topic of no format; it is in the share of the device that it names in its place, if any."""
    sender = topics.sender(delivery.topic)
    device = sender if sender in registry.devices else None
    message = refused(delivery, device, Reason.TOPIC, value=show(delivery.topic))
    message.source.topic = storable(redact_text(delivery.topic))
    return message


def refused_size(delivery: Delivery, topic: Topic, device: RegisteredDevice | None, size: int) -> ValidatedMessage:
    """A message beyond MAX_BYTES, of which the delivery may hold the beginning only."""
    kept_bytes = len(delivery.payload)
    cut = f"; its first {kept_bytes} bytes are kept" if kept_bytes < size else ""
    message = refused(delivery, topic.device, Reason.TOO_LARGE, value=str(size), expected=cut)
    return sent_by(device, topic.event, message)


def refused_device(delivery: Delivery, source: SourceMessage, name: str) -> ValidatedMessage:
    """A device that the payload names, and nobody registered; the others of the message are stored."""
    if source.refusals and not name:
        return ValidatedMessage(delivery, source)  # so broken that it names nobody
    refuse(source.refusals, Reason.UNKNOWN_DEVICE, value=show(name))
    if named(name) is None:
        return ValidatedMessage(delivery, source)
    return ValidatedMessage(delivery, source, unknown=True, unregistered=[name])


def refused_name(
    delivery: Delivery, source: SourceMessage, topic: Topic, uplink: Uplink, device: RegisteredDevice | None
) -> ValidatedMessage:
    """A device that the payload names on the topic of another, which alone the broker proved; nothing is stored."""
    source.refusals = join(source.refusals, uplink.refusals)
    refuse(source.refusals, Reason.WRONG_DEVICE, value=show(uplink.device), expected=show(topic.device))
    return sent_by(device, topic.event, ValidatedMessage(delivery, source))


def named(device: str) -> str | None:
    """The device that a payload names; None where that is no name, and so no device's: no database is asked for it."""
    return device if is_name(device) else None


def sent_by(device: RegisteredDevice | None, event: str, validated: ValidatedMessage) -> ValidatedMessage:
    """Note that a registered device spoke, though nothing of it can be read; a status may be its last will."""
    if device is not None:
        validated.device, validated.trail = device.id, device.trail
        validated.spoken = event != STATUS
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
    whole = refused(message.delivery, message.source.device, Reason.REFUSED, value=storable(error))
    whole.source.received_us = message.source.received_us
    bare = msgspec.structs.replace(whole)  # before the numbers are added
    whole.trail, whole.device = message.trail, message.device
    whole.boot, whole.seqs, whole.oldest = message.boot, message.seqs, message.oldest
    whole.confirms = message.confirms
    whole.further = [
        msgspec.structs.replace(part, source=whole.source, rows=Observations(), status=None) for part in message.further
    ]
    plain = msgspec.structs.replace(bare.source, topic=storable(bare.source.topic), device=None)
    plain.refusals = [Refusal(Reason.REFUSED, sentence(Reason.REFUSED, value="in every form"))]
    return whole, bare, ValidatedMessage(message.delivery, plain)
