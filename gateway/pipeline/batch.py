"""Messages waiting for one transaction, and the flush that they make. Pure: no clock, no store."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from gateway.validation.validated_message import ValidatedMessage, senders
from geodata.store.ingest.flush import Flush, SequenceRange, StatusReport, parts


class Batch:
    """Validated messages in order of receipt.

    Due when ``size`` messages are there, ``parts`` rows and refusals or ``refused_bytes`` of messages for the
    quarantine, when the first has waited for ``wait_s``, or when closed.
    """

    def __init__(self, size: int, wait_s: float, parts: int = 50_000, refused_bytes: int = 4_000_000) -> None:
        self._size = size
        self._most_parts = parts
        self._most_refused_bytes = refused_bytes
        self._wait_s = wait_s
        self._messages: list[ValidatedMessage] = []
        self._parts = self._refused_bytes = 0
        self._closed = False
        self._since = 0.0

    def __len__(self) -> int:
        return len(self._messages)

    @property
    def messages(self) -> list[ValidatedMessage]:
        """What waits, oldest first."""
        return self._messages

    @property
    def full(self) -> bool:
        """Whether no further message fits in."""
        return (
            self._closed
            or len(self._messages) >= self._size
            or self._parts >= self._most_parts
            or self._refused_bytes >= self._most_refused_bytes
        )

    def add(self, message: ValidatedMessage, now: float) -> None:
        """Append; ``now`` in seconds of a monotonic clock."""
        if not self._messages:
            self._since = now
        self._messages.append(message)
        self._weigh(message)

    def close(self) -> None:
        """Let it be due as it is: validating what is in it took long enough."""
        self._closed = True

    def due_in(self, now: float) -> float | None:
        """Seconds until the batch is due, 0 when it is; None while it is empty."""
        if not self._messages:
            return None
        return 0.0 if self.full else max(0.0, self._since + self._wait_s - now)

    def acknowledged(self, count: int) -> None:
        """Forget the oldest ``count`` messages: they are committed."""
        del self._messages[:count]
        self._parts = self._refused_bytes = 0
        for message in self._messages:
            self._weigh(message)
        self._closed = self._closed and bool(self._messages)

    def _weigh(self, message: ValidatedMessage) -> None:
        refusals = message.source.refusals
        self._parts += len(message.rows.datastreams) + len(refusals)
        if message.further:
            self._parts += sum(len(part.rows) for part in message.further)
        if refusals:  # other payloads are not written
            self._refused_bytes += len(message.source.payload)


def compose(messages: Sequence[ValidatedMessage], partition: str, now_us: int) -> Flush:
    """One flush of these messages; every row has its datastream."""
    flush = Flush(partition=partition, now_us=now_us, messages=len(messages))
    sent: dict[tuple[str, str], list[int]] = {}
    counted = None  # what further devices say in a message follows it, and is refused with it
    for message in _all_senders(messages):
        source, received = message.source, len(message.rows.datastreams)
        _add_rows(flush, message)
        if source is counted:
            source.parts += received
        else:
            if source.refusals:
                received += parts(source.refusals)
                flush.refused.append(source)
            source.parts, counted = received, source
        flush.received += received
        if message.device is None:
            continue
        if message.heard:
            flush.seen[message.device] = message.delivery.received_us
            if message.source.refusals and not message.rows.datastreams and message.status is None:
                flush.unusable[message.device] = message.delivery.received_us
        if message.status is not None:
            flush.statuses[message.device] = _merge(flush.statuses.get(message.device), message.status)
        if message.boot is not None and message.seqs:
            key = message.device, message.boot
            sent.setdefault(key, []).extend(message.seqs)
            _add_sequence(flush, key, message)
    for (device, boot), seqs in sent.items():
        flush.sequences[device, boot].ranges = ranges(seqs)
    return flush


def _all_senders(messages: Sequence[ValidatedMessage]) -> Iterable[ValidatedMessage]:
    return senders(messages) if any(message.further for message in messages) else messages


def ranges(seqs: Iterable[int]) -> list[tuple[int, int]]:
    """Sequence numbers as sorted half-open ranges that do not touch."""
    merged: list[tuple[int, int]] = []
    for seq in sorted(set(seqs)):
        if merged and merged[-1][1] == seq:
            merged[-1] = (merged[-1][0], seq + 1)
        else:
            merged.append((seq, seq + 1))
    return merged


def _add_rows(flush: Flush, message: ValidatedMessage) -> None:
    rows, own = flush.observations, message.rows
    if own.without_device_time:
        start = len(rows)
        rows.without_device_time += [start + i for i in own.without_device_time]
    rows.datastreams += own.datastreams
    rows.times_us += own.times_us
    rows.results += own.results
    rows.qualities += own.qualities
    rows.flags += own.flags
    rows.properties += own.properties
    rows.origins += own.origins


def _add_sequence(flush: Flush, key: tuple[str, str], message: ValidatedMessage) -> None:
    sequence = flush.sequences.get(key)
    if sequence is None:
        flush.sequences[key] = SequenceRange([], message.oldest, message.delivery.received_us)
        return
    sequence.oldest = max(sequence.oldest, message.oldest)
    sequence.received_us = message.delivery.received_us


def _merge(old: StatusReport | None, new: StatusReport) -> StatusReport:
    """The newer report; what it does not say stays as the older one said."""
    if old is None:
        return new
    return StatusReport(
        state=new.state,
        received_us=new.received_us,
        firmware=new.firmware or old.firmware,
        boot=new.boot or old.boot,
        interval_s=old.interval_s if new.interval_s is None else new.interval_s,
    )
