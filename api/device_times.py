"""What devices say of the time, for the clock of a web process: it hears of them by their observations."""

from __future__ import annotations

from collections.abc import Iterable

from geodata.model import Observation
from geodata.steady_clock import SteadyClock
from geodata.store import books
from geodata.store.catalogue import Catalogue
from geodata.store.database import Transaction
from geodata.store.times import to_us


class DeviceTimes:
    """Between the keeper and ``clock``; without one nothing is done. For the keeper's thread."""

    def __init__(self, clock: SteadyClock | None) -> None:
        self._clock = clock
        self._turns = 0

    def compare(self, connection: Transaction) -> None:
        """Hold the clock against what is stored, once."""
        if self._clock is not None and not self._clock.compared:
            self._clock.begin_after(books.last_commit(connection))

    def hear(self, catalogue: Catalogue, observations: Iterable[Observation]) -> None:
        """Each device has one voice, however many series it has."""
        if self._clock is None or not self._clock.asks:
            return
        for observation in observations:
            stream = catalogue.datastreams.get(observation.datastream_id)
            if stream is not None:
                self._clock.hear(stream.device, to_us(observation.phenomenon_time))

    @property
    def turned(self) -> bool:
        """Whether time went on elsewhere since the last call: what was made for a moment was made for another."""
        if self._clock is None or self._clock.turns == self._turns:
            return False
        self._turns = self._clock.turns
        return True
