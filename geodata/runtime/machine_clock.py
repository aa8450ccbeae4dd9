"""What this machine says of the time: its clock, which anybody may set, and the one that counts since its start."""

from __future__ import annotations

import ctypes
import time

_RUNNING = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
_TIME_ERROR = 5  # of adjtimex(2): the kernel's clock is not synchronised
_SIZE_OF_TIMEX = 512  # more than the structure has on any machine


def is_synchronised() -> bool:
    """Whether NTP, or another service, keeps this machine's clock, as the kernel says; False where it cannot say."""
    try:
        answer = ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(_SIZE_OF_TIMEX))
    except (OSError, AttributeError):
        return False
    return 0 <= int(answer) < _TIME_ERROR


def wall_us() -> int:
    """The machine's time of day, microseconds since 1970, as it is set."""
    return time.time_ns() // 1000


def running_us() -> int:
    """Since the machine's start, also while it was suspended; nobody can set it."""
    return time.clock_gettime_ns(_RUNNING) // 1000
