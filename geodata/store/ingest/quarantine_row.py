"""A message for the quarantine as the row that is sent to the database: built before a transaction begins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from geodata.store.ingest.flush import LISTED, Refusal, SourceMessage, reasons


class QuarantineRow(msgspec.Struct, frozen=True):
    """``refusals`` is a JSON list of the first LISTED, ``reasons`` are those of all, each once, between blanks.

    ``counts``: how many parts of the message were refused for which reason.
    """

    message: SourceMessage
    digest: bytes
    first: Refusal
    refusals: str
    refused_parts: int
    reasons: str
    counts: Mapping[str, int]


def rows(messages: Sequence[SourceMessage]) -> dict[int, QuarantineRow]:
    """The rows of these messages, by their identity; each message has at least one refusal."""
    return {id(message): row(message, message.refusals) for message in messages}


def row(message: SourceMessage, refusals: Sequence[Refusal]) -> QuarantineRow:
    """The row of one message with all that was refused of it."""
    counts = reasons(refusals)
    listed_refusals = [
        {"reason": refusal.reason, "detail": refusal.detail, "where": refusal.where} for refusal in refusals[:LISTED]
    ]
    return QuarantineRow(
        message=message,
        digest=message.digest,
        first=refusals[0],
        refusals=msgspec.json.encode(listed_refusals).decode(),
        refused_parts=sum(counts.values()),
        reasons=" ".join(sorted(counts)),
        counts=counts,
    )
