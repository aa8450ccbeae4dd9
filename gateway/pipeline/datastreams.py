"""Datastreams of properties that a device sends for the first time: which are missing, and their numbers filled in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gateway.validation.validated_message import NO_DATASTREAM, ValidatedMessage, senders


def missing_datastreams(messages: Sequence[ValidatedMessage]) -> list[tuple[str, str]]:
    """Each (device, observed property) once whose rows have no datastream yet."""
    missing: dict[tuple[str, str], None] = {}
    for message in senders(messages):
        if not message.unnamed or message.device is None:
            continue
        for name, datastream in zip(message.rows.properties, message.rows.datastreams, strict=True):
            if datastream == NO_DATASTREAM:
                missing[message.device, name] = None
    return list(missing)


def resolve_datastreams(messages: Sequence[ValidatedMessage], datastreams: Mapping[tuple[str, str], int]) -> None:
    """Give every row its datastream."""
    for message in senders(messages):
        if not message.unnamed or message.device is None:
            continue
        rows = message.rows
        for i, name in enumerate(rows.properties):
            if rows.datastreams[i] == NO_DATASTREAM:
                rows.datastreams[i] = datastreams[message.device, name]
        message.unnamed = False
