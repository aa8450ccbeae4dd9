"""The latest observation of each datastream in memory, and for notices those that decide."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable, Collection, Mapping
from datetime import datetime

from geodata.model.observation import Observation
from geodata.store.channels import observations

_MOST_FUTURE = 20_000  # observations


class Observed:
    """One thread writes, any number read. ``on_change`` gets each datastream of which something else is shown.

    ``undecided`` are datastreams of notices whose deciding observations must be read again.
    """

    def __init__(self, on_change: Callable[[int], None]) -> None:
        self._on_change = on_change
        self._latest: dict[int, Observation] = {}
        self._decisive: dict[int, list[Observation]] = {}
        self._future_observations: list[tuple[datetime, int, Observation]] = []
        self._number = itertools.count()
        self.undecided: set[int] = set()

    def latest(self, datastream: int) -> Observation | None:
        """The latest observation, by measuring time."""
        return self._latest.get(datastream)

    def all(self) -> list[Observation]:
        """The latest observation of each datastream."""
        return list(self._latest.values())

    def recent(self, datastream: int) -> list[Observation]:
        """The latest observation of a notice's datastream, and those that decide about its thresholds; in any order."""
        latest = self._latest.get(datastream)
        return [*self._decisive.get(datastream, ()), *([latest] if latest else ())]

    def take_news(self, payload: str, now: datetime) -> list[Observation]:
        """Take what the store told; returned is what has been measured by ``now``, the rest waits for its time."""
        measured = list[Observation]()
        for observation in observations(payload):
            if observation.phenomenon_time <= now:
                measured.append(observation)
            elif len(self._future_observations) < _MOST_FUTURE:  # beyond it the next whole reading brings them
                heapq.heappush(
                    self._future_observations, (observation.phenomenon_time, next(self._number), observation)
                )
        self._add(measured)
        return measured

    def publish_due(self, now: datetime) -> list[Observation]:
        """What lay in the future until now: a device's clock may be ahead, the latest value never is."""
        measured = list[Observation]()
        while self._future_observations and self._future_observations[0][0] <= now:
            measured.append(heapq.heappop(self._future_observations)[2])
        self._add(measured)
        return measured

    def take_late(self, payload: str, now: datetime) -> None:
        """Take what is no news: of each datastream the newest of its late observations."""
        for observation in observations(payload):
            if observation.phenomenon_time <= now:  # else this clock is wrong: the next whole reading brings it
                self._advance(observation)
            if observation.datastream_id in self._decisive:  # one of those not told may decide
                self.undecided.add(observation.datastream_id)

    def replace_latest(self, latest: dict[int, Observation]) -> None:
        """Take the latest observations of all datastreams as they were read."""
        before, self._latest = self._latest, latest
        for datastream in before.keys() | latest.keys():
            if _shown(before.get(datastream)) != _shown(latest.get(datastream)):
                self._on_change(datastream)

    def follow_notices(self, datastreams: Collection[int], *, anew: bool) -> None:
        """Keep deciding observations of these datastreams; those of new ones, or ``anew`` of all, are undecided."""
        wanted = set(datastreams)
        self.undecided = wanted if anew else (self.undecided & wanted) | (wanted - self._decisive.keys())
        self._decisive = {datastream: self._decisive.get(datastream, []) for datastream in wanted}

    def decide(self, decisive: Mapping[int, list[Observation]]) -> None:
        """Take the deciding observations of the undecided datastreams as they were read."""
        for datastream in self.undecided:
            before, after = self._decisive[datastream], decisive.get(datastream, [])
            self._decisive[datastream] = after
            if set(after) != set(before):
                self._on_change(datastream)
        self.undecided = set()

    def _add(self, observations: list[Observation]) -> None:
        for observation in observations:
            self._advance(observation)
            if observation.datastream_id in self._decisive:
                self._decisive[observation.datastream_id].append(observation)
                self._on_change(observation.datastream_id)  # it decides, though it need not be the latest

    def _advance(self, observation: Observation) -> None:
        latest = self._latest.get(observation.datastream_id)
        if latest is None or latest.phenomenon_time < observation.phenomenon_time:
            self._latest[observation.datastream_id] = observation
            self._on_change(observation.datastream_id)


def _shown(observation: Observation | None) -> tuple[object, ...]:
    """What a notification tells of an observation; it has no flags."""
    return () if observation is None else (observation.phenomenon_time, observation.result, observation.quality)
