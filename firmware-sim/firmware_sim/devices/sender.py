"""What goes on the wire next: in order, a bounded number unconfirmed, and again when no confirmation comes."""

from __future__ import annotations

from collections.abc import Sequence

from firmware_sim.devices.outbox import Held, Outbox
from firmware_sim.devices.protocol import MAX_MESSAGE_BYTES

WINDOW = 1000
"""Readings that may be on the wire without a confirmation."""
BATCH = 60
_BATCH_BYTES = MAX_MESSAGE_BYTES * 3 // 4
_ENTRY_BYTES = 48
"""What seq, time and punctuation add to the values of a reading in a batch."""
_LONGEST_PATIENCE_S = 600.0


class Sender:
    """The sending side of one device's outbox; times are seconds of any steady clock."""

    def __init__(self, device: str, outbox: Outbox, *, window: int = WINDOW, patience_s: float = 30.0) -> None:
        self._device = device
        self._outbox = outbox
        self._window = window
        self._first_patience_s = patience_s
        self._patience_s = patience_s
        self._sent_until = 0
        self._waiting_since: float | None = None

    def again(self) -> None:
        """Begin anew with the oldest unconfirmed reading, as after every connect."""
        self._sent_until = 0
        self._waiting_since = None

    def next_batch(self) -> list[Held]:
        """Readings of one boot to send now; none while the window is full or nothing is left."""
        room = self._window - self._outbox.count_until(self._device, self._sent_until)
        if room <= 0:
            return []
        return _one_message(self._outbox.after(self._device, self._sent_until, min(room, BATCH)))

    def oldest(self, batch: Sequence[Held]) -> int:
        """The lowest seq that the device still holds of the batch's boot."""
        return self._outbox.oldest(self._device, batch[0].reading.boot) or 0

    def sent(self, batch: Sequence[Held], now: float) -> None:
        """The batch is on the wire."""
        self._sent_until = batch[-1].position
        if self._waiting_since is None:
            self._waiting_since = now

    def confirmed(self, boot: str, seq: int, now: float) -> int:
        """The gateway keeps everything of ``boot`` up to ``seq``; returns how many readings that let go."""
        forgotten = self._outbox.confirm(self._device, boot, seq)
        if forgotten:
            self._patience_s = self._first_patience_s
            self._waiting_since = now if self._unconfirmed() else None
        return forgotten

    def overdue(self, now: float) -> int:
        """Go back to the oldest reading if confirmations stay away; returns how many are sent again."""
        if self._waiting_since is None or now - self._waiting_since < self._patience_s:
            return 0
        unconfirmed = self._unconfirmed()
        self._patience_s = min(2 * self._patience_s, _LONGEST_PATIENCE_S)
        self.again()
        return unconfirmed

    def _unconfirmed(self) -> int:
        return self._outbox.count_until(self._device, self._sent_until)


def _one_message(held: Sequence[Held]) -> list[Held]:
    """The first of them that fit in one message: one boot, at most ``_BATCH_BYTES``."""
    batch: list[Held] = []
    size = 0
    for item in held:
        size += len(item.reading.values) + _ENTRY_BYTES
        if batch and (item.reading.boot != batch[0].reading.boot or size > _BATCH_BYTES):
            break
        batch.append(item)
    return batch
