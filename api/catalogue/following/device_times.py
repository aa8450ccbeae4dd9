"""What devices say of the time, for the clock of a web process: it hears of them by their observations."""

from __future__ import annotations

from collections.abc import Iterable

from geodata.model.observation import Flag, Observation
from geodata.runtime.steady_clock import SteadyClock
from geodata.store.catalogue.catalogue import Catalogue
from geodata.store.ingest import counters
from geodata.store.transaction import Transaction
from geodata.times import to_us


class DeviceTimes:
    """Between the keeper and ``clock``; without one nothing is done. For the keeper's thread."""

    def __init__(self, clock: SteadyClock | None) -> None:
        self._clock = clock
        self._turns = 0
        self._have_clock: dict[int, bool] = {}

    def compare(self, connection: Transaction) -> None:
        """Hold the clock against what is stored, once."""
        if self._clock is not None and not self._clock.compared:
            self._clock.begin_after(counters.last_commit(connection))

    def note(self, stored: Iterable[Observation]) -> None:
        """Remember the series of devices that tell the time themselves, as what was read from the database says.

        Others have the time at which the gateway received them, and would only repeat what its clock says.
        """
        self._have_clock = {
            observation.datastream_id: Flag.TIME_OF_RECEIPT not in observation.flags for observation in stored
        }

    def hear(self, catalogue: Catalogue, observations: Iterable[Observation]) -> bool:
        """Each device has one voice, however many series it has. Returns whether some are of series to be noted yet."""
        unknown = False
        if self._clock is None or not self._clock.asks:
            return unknown
        for observation in observations:
            stream = catalogue.datastreams.get(observation.datastream_id)
            has_clock = self._have_clock.get(observation.datastream_id)
            unknown |= has_clock is None
            if stream is not None and has_clock:
                self._clock.hear(stream.device, to_us(observation.phenomenon_time))
        return unknown

    @property
    def clock_jumped(self) -> bool:
        """Whether time went on elsewhere since the last call: what was made for a moment was made for another."""
        if self._clock is None or self._clock.turns == self._turns:
            return False
        self._turns = self._clock.turns
        return True
