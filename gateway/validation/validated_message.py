"""A message taken apart, on its way into the database: rows for the store, refusals for the quarantine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from gateway.inbox import Delivery
from geodata.store.ingest.flush import Observations, SourceMessage, StatusReport, parts

NO_DATASTREAM = 0
"""Stands in a row for the datastream of a property that the device sends for the first time."""


class ValidatedMessage(msgspec.Struct):
    """One delivery taken apart; ``device`` is None where it is not registered.

    ``source`` is the message for the quarantine, with what was refused of it. ``unknown``: the registry lacked the
    device or a property; validating again with one of another ``generation`` may end better. ``unnamed``: rows stand
    with NO_DATASTREAM. ``further`` is what other devices say in the same message, with the same ``source``;
    ``unregistered`` are devices that the payload names and nobody registered.
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
    confirms: bool = True
    """Whether the device listens to what is confirmed to it."""
    further: Sequence[ValidatedMessage] = ()
    unregistered: Sequence[str] = ()

    @property
    def received(self) -> int:
        """Parts of this message."""
        return len(self.rows) + parts(self.source.refusals) + sum(len(part.rows) for part in self.further)

    @property
    def devices(self) -> set[str]:
        """All that send in it, registered or not."""
        names = {self.source.device, *self.unregistered, *(part.device for part in self.further)}
        return {name for name in names if name is not None}

    @property
    def heard(self) -> bool:
        """Whether the device itself spoke just now: not the broker's memory, and not its last will."""
        return not self.delivery.retain and self.spoken and (self.status is None or self.status.state == "online")


def senders(messages: Iterable[ValidatedMessage]) -> Iterator[ValidatedMessage]:
    """Each message, and what further devices say in it."""
    for message in messages:
        yield message
        if message.further:
            yield from message.further
