"""The time of day of a process that runs for months, which a step of the machine's clock does not carry away.

A wrong source (RTC, GPS, NTP) may set the machine's clock years ahead and back. What was stored meanwhile would lie in
the future, and what is right would be refused. So time continues as before a step, by the clock that counts from the
machine's start, until devices that know the time side with the step; see docs/decisions/0011.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Hashable
from datetime import UTC, datetime
from statistics import median_low

import structlog

from geodata.runtime import machine_clock
from geodata.runtime.clock_state import ClockState, span, utc_text
from geodata.times import DAY_US, to_datetime, to_us

_MINUTE_US = 60_000_000
_AT_ONCE_US = _MINUTE_US
"""A smaller step is followed at once, whichever way it goes."""
_EXACT_US = 1_000_000
"""So far the machine's clock may run away from what was noted of it before it is noted anew."""
_AGREES_US = 10 * _MINUTE_US
"""A device's clock that differs by less agrees: it may be that much ahead, or its message that long under way."""
_YOUNG_US = 15 * _MINUTE_US
"""A machine without a battery for its clock sets it by NTP so soon after its start."""
_LONGEST_PAUSE_US = 400 * DAY_US
"""A clock that says that nothing was stored for longer is not believed on its own word: a trail may rest all winter."""
_PROBATION_US = 60 * _MINUTE_US
_VOICES = 3
"""So many devices that agree are enough to know; a single one is, after an hour."""
_MANY = 16

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


class SteadyClock:
    """For any thread. All times are microseconds; an *offset* is a time of day less the running clock at that moment.

    ``asks``: what devices say of the time should be handed to hear(). ``confirmed``: some agreed with the time of this
    process since its start. ``turns`` counts how often time went on elsewhere, by more than a minute. ``compared``:
    begin_after() was called.

    An offset that was left is remembered with whether devices had agreed: where they agree with another since, one with
    which nobody did is followed no more by its sight alone.
    """

    def __init__(
        self,
        wall_us: Callable[[], int] = machine_clock.wall_us,
        running_us: Callable[[], int] = machine_clock.running_us,
        synchronised: Callable[[], bool] = machine_clock.is_synchronised,
    ) -> None:
        self._wall_us, self._running_us, self._synchronised = wall_us, running_us, synchronised
        self._lock = threading.Lock()
        self._offset, self._began_us = self._measure()
        self._was_synchronised = synchronised()
        self._doubted: int | None = None
        self._is_guess, self._least = False, self._offset
        self._earlier: deque[tuple[int, bool]] = deque(maxlen=8)
        self._said: dict[Hashable, int] = {}
        self._voices = 0
        self._count_at = self._turned_at = self._stepped_at = self._began_us
        self._stored_us: int | None = None
        self._is_stored_later = False
        self.asks, self.confirmed, self.turns, self.compared = True, False, 0, False

    def now_us(self) -> int:
        """The time of day in microseconds since 1970 (UTC)."""
        running, wall = self._running_us(), self._wall_us()
        if self._doubted is None and -_EXACT_US <= wall - running - self._offset <= _EXACT_US:
            return wall
        with self._lock:
            return self._look()

    def now(self) -> datetime:
        """The time of day as an aware time in UTC, exact to the microsecond for the next two centuries."""
        return datetime.fromtimestamp(self.now_us() / 1e6, UTC)  # twice as fast as to_datetime()

    def may_be_now(self, says_us: int) -> bool:
        """Whether a device's clock may be right that says this: by the time here, or by a step that is in doubt yet."""
        now_us = self.now_us()
        with self._lock:
            ahead_us = 0 if self._doubted is None else self._doubted - self._offset
            is_guess = self._is_guess
        by_step = says_us <= now_us + ahead_us + _AGREES_US and (is_guess or says_us >= now_us + ahead_us - _AGREES_US)
        return says_us <= now_us + _AGREES_US or by_step

    def surely_us(self) -> int:
        """The latest time that has surely come, in microseconds since 1970 (UTC), for what is refused by its age.

        It is that of the last stored message where that is more than a day ago, until a device agrees with the clock.
        """
        now_us, stored_us = self.now_us(), self._stored_us
        if stored_us is None or self.confirmed or self._doubted is not None or now_us - stored_us <= DAY_US:
            return now_us
        return stored_us

    def surely(self) -> datetime:
        """The latest time that has surely come, as an aware time in UTC, for what is deleted by its age.

        As surely_us(), and not later than any device said either, until one agrees with the clock.
        """
        surely_us = self.surely_us()
        with self._lock:
            if self._said and not self.confirmed and self._doubted is None:
                surely_us = min(surely_us, self._running_us() + max(self._said.values()))
        return to_datetime(surely_us)

    @property
    def settled(self) -> bool:
        """Whether what is old may be deleted: a device agreed, or for an hour none that could have said otherwise."""
        return self.confirmed or self._running_us() - self._began_us > _PROBATION_US

    def state(self) -> ClockState:
        """How the machine's clock is judged now."""
        now_us = self.now_us()
        with self._lock:
            doubted, offset = self._doubted, self._offset
            is_late = doubted is None and not self.confirmed and self._is_contradicted(offset)
        if is_late:
            hint = "Set it right, or wait for devices with the right time."
            return ClockState(ok=False, detail=f"{utc_text(now_us)}; most devices say a later time. {hint}")
        if doubted is None:
            agreed = "devices agree" if self.confirmed else "no device has agreed since the start"
            unsynchronised = "" if self._synchronised() else "; nothing synchronises the machine's clock (NTP)"
            return ClockState(ok=True, detail=f"{utc_text(now_us)}; {agreed}{unsynchronised}")
        way = "ahead" if doubted > offset else "back"
        machine = f"The machine's clock says {utc_text(now_us + doubted - offset)}, {span(doubted - offset)} {way}"
        of = " of the last message that was stored" if self._is_guess else " of the time before"
        last_word = "let a device with a clock report" if self._is_guess else "restart this process"
        hint = f"Set it right; if it is right, {last_word}."
        return ClockState(ok=False, detail=f"{machine}{of}; here it is {utc_text(now_us)}. {hint}")

    def begin_after(self, stored: datetime | None) -> None:
        """Tell when the last message was stored, by another process.

        A clock that is years ahead of it is wrong, and one that is behind it where nothing synchronises it.
        """
        self.compared = True
        if stored is None:
            return
        stored_us = to_us(stored)
        with self._lock:
            wall, running = self._measure()
            self._stored_us = stored_us
            if self.confirmed or self._doubted is not None:
                return
            ahead_us = wall + running - stored_us
            self._is_stored_later = -_LONGEST_PAUSE_US <= ahead_us < -_AGREES_US
            if ahead_us > _LONGEST_PAUSE_US or (self._is_stored_later and not self._synchronised()):
                self._guess(wall, stored_us - running)

    def hear(self, who: Hashable, says_us: int) -> None:
        """What a device with a clock measured just now, or some time ago, says of the time; of each the latest counts.

        ``who`` has one voice. No single one carries the time away: more must agree with the step than contradict it.
        """
        with self._lock:
            self._look()
            running = self._running_us()
            offset = says_us - running
            self._said[who] = max(offset, self._said.get(who, offset))
            if running >= self._count_at:
                self._count(running)

    def _guess(self, wall: int, offset: int) -> None:
        """Go on elsewhere than the machine's clock says, until it or the devices say better."""
        _log.warning("clock-far-from-what-is-stored", ahead_s=(wall - offset) // 1_000_000)
        self._offset, self._doubted, self._is_guess, self._least = offset, wall, True, offset
        self.turns += 1

    def _count(self, running: int) -> None:
        """Count the voices; those of many not at each of them."""
        if len(self._said) > _MANY:
            self._count_at = running + _EXACT_US
        if self._doubted is not None and self._outvotes(self._doubted, running):
            self._follow(self._doubted, "devices")
        if self._doubted is None:
            self._reconsider(running)
        if self._doubted is None:
            self._confirm(running)
        elif self._is_guess:
            self._guess_better(self._doubted, median_low(self._said.values()))

    def _guess_better(self, wall: int, median: int) -> None:
        """Go on where the devices are: never beyond a clock that is ahead, nor before a time that has surely come."""
        offset = max(self._offset, min(median, wall)) if wall > self._offset else max(self._least, median)
        self.turns += abs(offset - self._offset) > _AT_ONCE_US
        self._offset = offset

    def _reconsider(self, running: int) -> None:
        """Go back to a time that was left where more devices agree with it, or leave one before what is stored."""
        for offset, _ in self._earlier:
            if self._outvotes(offset, running):
                _log.warning("clock-returned", by_s=(offset - self._offset) // 1_000_000, why="devices")
                self._doubted, self._offset = self._offset, offset
                self._turned_at = running
                self.turns += 1
                return
        if self._is_stored_later and not self.confirmed and self._is_contradicted(self._offset):
            self._guess(self._offset, self._offset)

    def _measure(self) -> tuple[int, int]:
        """The machine's offset, and the running clock; read again where the process slept between the two."""
        while True:
            before, wall, after = self._running_us(), self._wall_us(), self._running_us()
            if after - before < _EXACT_US:
                return wall - after, after

    def _look(self) -> int:
        wall, running = self._measure()
        step = wall - self._offset
        if abs(step) <= _AT_ONCE_US:
            if self._doubted is not None:
                _log.warning("clock-right-again", was_wrong_by_s=(self._doubted - self._offset) // 1_000_000)
            self._offset, self._doubted, self._is_guess = wall, None, False
        elif self._doubted is None or abs(wall - self._doubted) > _AT_ONCE_US:
            self._step(wall)
        else:
            self._doubted = wall
            if self._was_set_by_ntp(wall, running):
                self._follow(wall, "ntp")
        return running + self._offset

    def _step(self, wall: int) -> None:
        """The machine's clock was set: believe it, or continue as before."""
        step = wall - self._offset
        trusted_offsets = [offset for offset, was_confirmed in self._earlier if was_confirmed or not self.confirmed]
        if any(abs(wall - offset) <= _AT_ONCE_US for offset in trusted_offsets):
            return self._follow(wall, "as before")
        if self._is_guess and 0 <= step <= _LONGEST_PAUSE_US:
            return self._follow(wall, "plausible again")
        if not self.confirmed and step < 0 and not self._is_contradicted(wall):
            return self._follow(wall, "set back")  # a clock that was ahead from the start
        self._doubted, self.asks = wall, True
        self._stepped_at = self._running_us()
        self._said.clear()  # said before the machine's clock was set, it tells nothing of why
        _log.warning("clock-stepped", by_s=step // 1_000_000, hint="time continues as before: see /readyz")
        return None

    def _follow(self, wall: int, why: str) -> None:
        _log.warning("clock-followed", by_s=(wall - self._offset) // 1_000_000, why=why)
        self._earlier.append((self._offset, self.confirmed))
        self._offset, self._doubted, self._is_guess = wall, None, False
        self.asks, self._turned_at = True, self._running_us()
        self.turns += 1

    def _was_set_by_ntp(self, wall: int, running: int) -> bool:
        """For the first time since this process began, soon after that, and nobody had agreed with the time before."""
        young = running - self._began_us < _YOUNG_US
        unsure = young and not self.confirmed and not self._was_synchronised and not self._is_guess
        return unsure and wall > self._offset and self._synchronised()

    def _is_contradicted(self, wall: int) -> bool:
        """Whether most devices said a later time already: a message may come late, never early."""
        later = sum(offset > wall + _AGREES_US for offset in self._said.values())
        return 2 * later > len(self._said)

    def _outvotes(self, other: int, running: int) -> bool:
        """Whether more devices agree with another time than with the time as it goes on here.

        Soon after a step most of those that are known must: who speaks first may be wrong, and the others silent yet.
        """
        near = min(_AGREES_US, abs(other - self._offset) // 2)
        for_other = sum(abs(offset - other) <= near for offset in self._said.values())
        against = sum(abs(offset - self._offset) <= near for offset in self._said.values())
        is_soon = running - self._stepped_at < _AGREES_US
        enough = for_other > self._voices // 2 if is_soon else for_other >= min(2, self._voices)
        return for_other > against and enough

    def _confirm(self, running: int) -> None:
        agree = sum(abs(offset - self._offset) <= _AGREES_US for offset in self._said.values())
        if agree <= sum(offset > self._offset + _AGREES_US for offset in self._said.values()):
            return
        self.confirmed, self._voices = True, max(agree, self._voices)
        listened_us = running - self._turned_at
        if listened_us > _PROBATION_US or (agree >= _VOICES and listened_us > _AGREES_US):
            self.asks = False
            self._said.clear()
