"""The time of day of a process that runs for months, which a step of the machine's clock does not carry away.

A wrong source (RTC, GPS, NTP) may set the machine's clock years ahead and back. What was stored meanwhile would lie in
the future, and what is right would be refused. So time goes on as before a step, by the clock that counts from the
machine's start, until devices that know the time side with the step; see docs/decisions/0011.
"""

from __future__ import annotations

import ctypes
import threading
import time
from collections import deque
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import median_low

import structlog

from geodata.store.times import DAY_US, to_datetime, to_us

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
_RUNNING = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
_TIME_ERROR = 5  # of adjtimex(2): the kernel's clock is not synchronised
_SIZE_OF_TIMEX = 512  # more than the structure has on any machine

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class ClockState:
    """Whether the machine's clock is believed; ``detail`` is a sentence for an operator."""

    ok: bool
    detail: str


def is_synchronised() -> bool:
    """Whether NTP, or another service, keeps this machine's clock, as the kernel says; False where it cannot say."""
    try:
        answer = ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(_SIZE_OF_TIMEX))
    except (OSError, AttributeError):
        return False
    return 0 <= int(answer) < _TIME_ERROR


def _wall_us() -> int:
    return time.time_ns() // 1000


def _running_us() -> int:
    """Since the machine's start, also while it was suspended; nobody can set it."""
    return time.clock_gettime_ns(_RUNNING) // 1000


class SteadyClock:
    """For any thread. All times are microseconds; an *offset* is a time of day less the running clock at that moment.

    ``asks``: what devices say of the time should be handed to hear(). ``confirmed``: some agreed with the time of this
    process since its start. ``turns`` counts how often time went on elsewhere, by more than a minute. ``compared``:
    begin_after() was called.
    """

    def __init__(
        self,
        wall_us: Callable[[], int] = _wall_us,
        running_us: Callable[[], int] = _running_us,
        synchronised: Callable[[], bool] = is_synchronised,
    ) -> None:
        self._wall_us, self._running_us, self._synchronised = wall_us, running_us, synchronised
        self._lock = threading.Lock()
        self._offset, self._began_us = self._measure()
        self._was_synchronised = synchronised()
        self._doubted: int | None = None
        self._is_guess = False
        self._earlier: deque[int] = deque(maxlen=8)
        self._said: dict[Hashable, int] = {}
        self._voices = 0
        self._count_at = self._began_us
        self._stored_us: int | None = None
        self.asks, self.confirmed, self.turns, self.compared = True, False, 0, False

    def now_us(self) -> int:
        """The time of day since 1970."""
        running, wall = self._running_us(), self._wall_us()
        if self._doubted is None and -_EXACT_US <= wall - running - self._offset <= _EXACT_US:
            return wall
        with self._lock:
            return self._look()

    def now(self) -> datetime:
        """The same as an aware time in UTC, exact for the next two centuries."""
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
        """The latest time of day that has surely come, for what is deleted or refused by its age.

        It is that of the last stored message where that is more than a day ago, until a device agrees with the clock.
        """
        now_us, stored_us = self.now_us(), self._stored_us
        if stored_us is None or self.confirmed or self._doubted is not None or now_us - stored_us <= DAY_US:
            return now_us
        return stored_us

    def surely(self) -> datetime:
        """The same as an aware time in UTC."""
        return to_datetime(self.surely_us())

    def state(self) -> ClockState:
        """How the machine's clock is judged now."""
        now_us = self.now_us()
        with self._lock:
            doubted, offset = self._doubted, self._offset
        if doubted is None:
            agreed = "devices agree" if self.confirmed else "no device has agreed since the start"
            kept = "" if self._synchronised() else "; nothing synchronises the machine's clock (NTP)"
            return ClockState(ok=True, detail=f"{_written(now_us)}; {agreed}{kept}")
        way = "ahead" if doubted > offset else "back"
        machine = f"The machine's clock says {_written(now_us + doubted - offset)}, {_span(doubted - offset)} {way}"
        of = " of the last message that was stored" if self._is_guess else " of the time before"
        last_word = "let a device with a clock report" if self._is_guess else "restart this process"
        mend = f"Set it right; if it is right, {last_word}."
        return ClockState(ok=False, detail=f"{machine}{of}; here it is {_written(now_us)}. {mend}")

    def begin_after(self, stored: datetime | None) -> None:
        """Tell when the last message was stored, by another process: a clock that is years ahead of it is wrong."""
        self.compared = True
        if stored is None:
            return
        stored_us = to_us(stored)
        with self._lock:
            wall, running = self._measure()
            self._stored_us = stored_us
            if self.confirmed or self._doubted is not None or wall + running - stored_us <= _LONGEST_PAUSE_US:
                return
            self._offset, self._doubted, self._is_guess = stored_us - running, wall, True
            self.turns += 1
            _log.warning("clock-far-ahead-of-what-is-stored", days=(wall - self._offset) // DAY_US)

    def hear(self, who: Hashable, says_us: int) -> None:
        """What a device with a clock measured just now, or some time ago, says of the time; of each the latest counts.

        ``who`` has one voice. No single one carries the time away: more must agree with the step than contradict it.
        """
        with self._lock:
            self._look()
            running = self._running_us()
            said = says_us - running
            self._said[who] = max(said, self._said.get(who, said))
            if running >= self._count_at:
                self._count(running)

    def _count(self, running: int) -> None:
        """Count the voices; those of many not at each of them."""
        if len(self._said) > _MANY:
            self._count_at = running + _EXACT_US
        if self._doubted is not None and self._outvoted(self._doubted):
            self._follow(self._doubted, "devices")
        if self._doubted is None:
            self._confirm(running)
        elif self._is_guess:
            self._offset = max(self._offset, min(median_low(self._said.values()), self._doubted))

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
        """The machine's clock was set: believe it, or go on as before."""
        step = wall - self._offset
        if any(abs(wall - known) <= _AT_ONCE_US for known in self._earlier):
            return self._follow(wall, "as before")
        if self._is_guess and 0 <= step <= _LONGEST_PAUSE_US:
            return self._follow(wall, "plausible again")
        if not self.confirmed and step < 0 and not self._is_contradicted(wall):
            return self._follow(wall, "set back")  # a clock that was ahead from the start
        self._doubted, self.asks = wall, True
        self._said.clear()  # said before the machine's clock was set, it tells nothing of why
        _log.warning("clock-stepped", by_s=step // 1_000_000, mend="time goes on as before: see /readyz")
        return None

    def _follow(self, wall: int, why: str) -> None:
        _log.warning("clock-followed", by_s=(wall - self._offset) // 1_000_000, why=why)
        self._earlier.append(self._offset)
        self._offset, self._doubted, self._is_guess = wall, None, False
        self.turns += 1

    def _was_set_by_ntp(self, wall: int, running: int) -> bool:
        """For the first time since this process began, soon after that, and nobody had agreed with the time before."""
        young = running - self._began_us < _YOUNG_US
        unsure = young and not self.confirmed and not self._was_synchronised and not self._is_guess
        return unsure and wall > self._offset and self._synchronised()

    def _is_contradicted(self, wall: int) -> bool:
        """Whether most devices said a later time already: a message may come late, never early."""
        later = sum(said > wall + _AGREES_US for said in self._said.values())
        return 2 * later > len(self._said)

    def _outvoted(self, wall: int) -> bool:
        """Whether more devices agree with the machine's clock than with the time as it goes on here."""
        near = min(_AGREES_US, abs(wall - self._offset) // 2)
        for_wall = sum(abs(said - wall) <= near for said in self._said.values())
        against = sum(abs(said - self._offset) <= near for said in self._said.values())
        return for_wall > against and for_wall >= min(2, self._voices)

    def _confirm(self, running: int) -> None:
        agree = sum(abs(said - self._offset) <= _AGREES_US for said in self._said.values())
        if agree <= sum(said > self._offset + _AGREES_US for said in self._said.values()):
            return
        self.confirmed, self._voices = True, max(agree, self._voices)
        if agree >= _VOICES or running - self._began_us > _PROBATION_US:
            self.asks = False
            self._said.clear()


def _written(us: int) -> str:
    return f"{to_datetime(us):%Y-%m-%d %H:%M:%S} UTC"


def _span(us: int) -> str:
    span = abs(timedelta(microseconds=us))
    days = "1 day" if span.days == 1 else f"{span.days} days"
    return days if span.days else f"{span.seconds} s"
