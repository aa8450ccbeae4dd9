"""What systemd hears of a service: that it runs, and from then on that no part of it is dead (sd_notify(3)).

A datagram to the socket that systemd names; without one nothing is sent. A service that falls silent for its unit's
WatchdogSec= is started anew.
"""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable, Mapping

import structlog

from geodata.runtime.worker import Worker

VARIABLES = ("NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID")
"""What systemd tells a service, and what is not for its children."""

_OFTEN = 4  # times within WatchdogSec=, so that a moment's trouble ends nothing
_SEND_S = 1.0  # a manager that does not read has a full queue: the start must not hang with it

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


def begin(dead: Callable[[], list[str]], environment: Mapping[str, str] = os.environ) -> threading.Event:
    """Tell that the service runs; then again and again that it lives, while ``dead`` names no part.

    Returned is what ends that when it is set; the thread that does it ends with the process anyway.
    """
    stop = threading.Event()
    address = environment.get("NOTIFY_SOCKET", "")
    if not address.startswith(("/", "@")):
        return stop
    try:
        _send(address, "READY=1")
    except OSError as error:
        _log.warning("start-not-told", socket=address, error=str(error))
    pause_s = int(environment.get("WATCHDOG_USEC", "0")) / 1e6 / _OFTEN
    if pause_s and environment.get("WATCHDOG_PID", str(os.getpid())) == str(os.getpid()):
        beat = _Beat(address, dead, stop, pause_s)
        Worker("watchdog", beat.tell_and_wait, stop, longest_pause_s=pause_s).start()
    return stop


class _Beat:
    """Says that the service lives, as long as it does."""

    def __init__(self, address: str, dead: Callable[[], list[str]], stop: threading.Event, pause_s: float) -> None:
        self._address = address
        self._dead = dead
        self._stop = stop
        self._pause_s = pause_s
        self._missed: list[str] = []

    def tell_and_wait(self) -> None:
        """One beat and the pause after it; raises OSError where nobody listens, or nobody reads."""
        dead = list(self._dead())
        if not dead:
            _send(self._address, "WATCHDOG=1")
        elif dead != self._missed:
            _log.error("watchdog-not-told", dead=dead, hint="systemd starts this service anew")
        self._missed = dead
        self._stop.wait(self._pause_s)


def _send(address: str, state: str) -> None:
    """Raises OSError where nobody listens, or nobody reads within a second."""
    name = f"\0{address[1:]}" if address.startswith("@") else address  # an abstract name
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sending:
        sending.settimeout(_SEND_S)
        sending.sendto(state.encode(), name)
