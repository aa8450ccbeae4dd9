"""What waits in quarantine, validated again by the very code that validates deliveries. Pure: no store, no clock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from gateway.inbox import Delivery
from gateway.pipeline.batch import compose
from gateway.validation.validate import Validator
from gateway.validation.validated_message import ValidatedMessage, senders
from geodata.store.ingest.flush import Flush
from geodata.store.ingest.registry import Registry
from geodata.store.ingest.replay import Waiting


def validate_again(entries: Sequence[Waiting], registry: Registry, retention_us: int = 0) -> list[ValidatedMessage]:
    """Each entry as if it arrived when it did; ``entries`` in order of receipt."""
    validator = Validator(retention_us)
    messages = [validator.validate(_delivery(entry), registry) for entry in entries]
    for message in senders(messages):
        if message.status is not None:  # no sign of life now, and nobody noted whether it was one then
            message.spoken = False
    return messages


def flush_again(messages: Sequence[ValidatedMessage], partition: str, now_us: int) -> Flush:
    """One flush of these messages; they were counted as messages when they arrived."""
    return replace(compose(messages, partition, now_us), messages=0)


def _delivery(entry: Waiting) -> Delivery:
    return Delivery(
        entry.topic,
        entry.payload,
        entry.received_us,
        size=min(entry.size, len(entry.payload)),  # blacking out may have made it longer than it came
    )
