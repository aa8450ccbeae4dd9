"""New observations to everyone who listens: server-sent events with bounded queues."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from itertools import count
from secrets import token_hex

import msgspec
from fastapi.sse import KEEPALIVE_COMMENT, format_sse_event

from api.catalogue.keeper import SnapshotKeeper
from api.catalogue.latest import is_public
from api.limits.places import Places
from geodata.model.observation import Observation, Quality

_RETRY_MS = 3000
_LONGEST_NUMBER = 18  # digits of an event's


@dataclass(frozen=True, slots=True)
class LiveEvent:
    """One observation on the wire; ``number`` rises by one from event to event."""

    number: int
    station: str | None
    wire: bytes
    is_listed: bool = True
    """Whether it goes to those who listen to all stations."""


@dataclass(eq=False, slots=True)
class Listener:
    """One open stream: what waits to be sent, and how much was dropped."""

    station: str | None
    queue: deque[LiveEvent]
    last: int = 0
    skipped: int = 0
    awake: asyncio.Event = field(default_factory=asyncio.Event)

    def put(self, event: LiveEvent) -> None:
        """Take an event if it is for this listener and new to it."""
        if event.number <= self.last:
            return  # recalled already, before it was delivered
        self.last = event.number
        if event.station != self.station if self.station is not None else not event.is_listed:
            return
        if len(self.queue) == self.queue.maxlen:
            self.skipped += 1  # the deque drops its oldest
        self.queue.append(event)
        self.awake.set()


class LiveHub:
    """Takes observations from the keeper's thread and hands them to listeners on the event loop.

    The last ``recall`` events are kept for listeners that come back with a Last-Event-ID.
    """

    def __init__(
        self,
        keeper: SnapshotKeeper,
        *,
        max_listeners: int = 500,
        max_listeners_of_network: int = 100,
        queue_length: int = 256,
        recall: int = 1000,
        ping_s: float = 15,
    ) -> None:
        self._keeper = keeper
        self.places = Places(max_listeners, max_listeners_of_network)
        self._queue_length = queue_length
        self._ping_s = ping_s
        self._run = token_hex(4)  # numbers begin anew with each process
        self._numbers = count(1)
        self._recent: deque[LiveEvent] = deque(maxlen=recall)
        self._listeners: set[Listener] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._closed = False
        self._unsubscribe = keeper.subscribe(self._take)

    @property
    def listeners(self) -> int:
        """How many listen right now."""
        return len(self.places)

    def close(self) -> None:
        """End all streams soon; safe from any thread and from a signal handler."""
        self._closed = True
        self._unsubscribe()
        self._on_loop(self._wake_all)

    def listen(self, station: str | None, last_event_id: str = "") -> AsyncIterator[bytes]:
        """A stream of server-sent events, of one station or of all, for somebody who has one of the ``places``.

        Call from the event loop. What came after ``last_event_id`` is sent first where it is still known.
        """
        self._loop = asyncio.get_running_loop()
        return self._stream(Listener(station, deque(maxlen=self._queue_length)), last_event_id)

    async def _stream(self, listener: Listener, last_event_id: str) -> AsyncIterator[bytes]:
        self._recall(listener, last_event_id)
        self._listeners.add(listener)
        try:
            yield format_sse_event(comment="digitalpfad live", retry=_RETRY_MS)
            while not self._closed:
                if listener.skipped:
                    yield format_sse_event(event="skipped", data_str=str(listener.skipped))
                    listener.skipped = 0
                while listener.queue:
                    yield listener.queue.popleft().wire
                listener.awake.clear()
                try:
                    await asyncio.wait_for(listener.awake.wait(), self._ping_s)
                except TimeoutError:
                    yield KEEPALIVE_COMMENT
        finally:
            self._listeners.discard(listener)

    def _recall(self, listener: Listener, last_event_id: str) -> None:
        run, _, number = last_event_id.partition("-")
        if run != self._run or not number.isdecimal() or len(number) > _LONGEST_NUMBER:
            return
        recent = list(self._recent)  # the copy is one step
        if not recent or int(number) > recent[-1].number:
            return  # none of ours: whoever waited for what follows it would wait forever
        listener.last = int(number)
        missed = [event for event in recent if event.number > listener.last]
        if missed:
            listener.skipped = max(missed[0].number - listener.last - 1, 0)
        for event in missed:
            listener.put(event)

    def _take(self, observations: list[Observation]) -> None:
        """In the keeper's thread: write the events once for all listeners."""
        events = [event for observation in observations if (event := self._event(observation)) is not None]
        if events:
            self._recent.extend(events)
            self._on_loop(self._deliver, events)

    def _event(self, observation: Observation) -> LiveEvent | None:
        catalogue = self._keeper.current.catalogue
        stream = catalogue.datastreams.get(observation.datastream_id)
        if stream is None or not is_public(catalogue.properties[stream.observed_property]):
            return None
        number = next(self._numbers)
        trail, station = catalogue.devices[stream.device].place_at(observation.phenomenon_time)
        data = {
            "station": station,
            "device": stream.device,
            "property": stream.observed_property,
            "unit": catalogue.properties[stream.observed_property].unit,
            "value": observation.result if observation.quality is Quality.OK else None,
            "quality": observation.quality.name.lower(),
            "measured_at": observation.phenomenon_time,
        }
        wire = format_sse_event(
            event="observation", id=f"{self._run}-{number}", data_str=msgspec.json.encode(data).decode()
        )
        is_listed = trail in catalogue.trails and catalogue.trails[trail].is_listed  # removed since it stood there
        return LiveEvent(number, station, wire, is_listed=is_listed)

    def _deliver(self, events: list[LiveEvent]) -> None:
        for listener in self._listeners:
            for event in events:
                listener.put(event)

    def _wake_all(self) -> None:
        for listener in self._listeners:
            listener.awake.set()

    def _on_loop(self, callback: Callable[..., None], *arguments: object) -> None:
        if self._loop is not None:
            with contextlib.suppress(RuntimeError):  # the loop has ended, and with it every listener
                self._loop.call_soon_threadsafe(callback, *arguments)
