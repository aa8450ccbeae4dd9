"""How often somebody may try to sign in; counted in memory only, kept and logged nowhere.

By the monotonic clock of the process, which nobody can set: the wall clock set back does not keep a lock, set forward
it does not release one. Each web process counts for itself, and its restart forgets what it counted.

A network is one IPv4 address, or the /64 of an IPv6 address: whoever has one address of that has all of them. Only a
network is ever refused. An account that many networks guess at stays open, with few and slow attempts for networks
from which nobody has signed in to it before: strangers must not be able to lock its owner out.
"""

from __future__ import annotations

import hashlib
import math
import secrets
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass

from api.limits.moving_window import MonotonicClock, MovingWindow
from api.limits.visitor_network import network_of

_QUARTER_S = 15 * 60.0
_HOUR_S = 60 * 60.0
_DELAY_S = 2.0
FROM_NETWORK = 30
"""Attempts of one network in a quarter of an hour, whatever the account."""
ACCOUNT_FROM_NETWORK = 10
"""Attempts for one account from one network in the same time."""
REMEMBERED = 10_000
"""So many pairs of account and network from which it was opened; the ones used longest ago are forgotten first."""


@dataclass(frozen=True, slots=True)
class Admission:
    """What becomes of an attempt: refused for ``wait_s`` more seconds, or let through after ``delay_s``."""

    wait_s: int = 0
    delay_s: float = 0.0


class LoginThrottle:
    """Bounds attempts per network, per account and network, and slows them per account from anywhere."""

    def __init__(self, monotonic_s: MonotonicClock = time.monotonic, delay_s: float = _DELAY_S) -> None:
        self._delay_s = delay_s
        self._lock = threading.Lock()  # forms are answered in several threads
        self._network = MovingWindow(FROM_NETWORK, _QUARTER_S, monotonic_s)
        self._account_from_network = MovingWindow(ACCOUNT_FROM_NETWORK, _QUARTER_S, monotonic_s)
        self._guessed_from_network = MovingWindow(3, _QUARTER_S, monotonic_s)
        self._account = MovingWindow(100, _HOUR_S, monotonic_s)
        self._remembered = _Remembered()

    def admit(self, name: str, address: str) -> Admission:
        """Count one attempt to sign in as ``name``. A refused one counts for nothing."""
        network = network_of(address)
        pair = (name, network)
        with self._lock:
            is_stranger = pair not in self._remembered
            is_slowed = is_stranger and self._account.wait_s((name,)) > 0
            windows = [(self._network, (network,)), (self._account_from_network, pair)]
            if is_slowed:
                windows.append((self._guessed_from_network, pair))
            wait_s = max(window.wait_s(key) for window, key in windows)
            if wait_s > 0:
                return Admission(wait_s=math.ceil(wait_s))
            for window, key in windows:
                window.take(key)
            if is_stranger:
                self._account.take((name,))
            return Admission(delay_s=self._delay_s if is_slowed else 0.0)

    def admit_network(self, address: str) -> Admission:
        """Count one attempt that names nobody, such as one with a passkey."""
        network = (network_of(address),)
        with self._lock:
            wait_s = self._network.wait_s(network)
            if wait_s == 0:
                self._network.take(network)
            return Admission(wait_s=math.ceil(wait_s))

    def forgive(self, name: str, address: str) -> None:
        """The attempt was right: earlier slips of this account from this network no longer count."""
        pair = (name, network_of(address))
        with self._lock:
            self._account_from_network.clear(pair)
            self._guessed_from_network.clear(pair)
            self._remembered.add(pair)


class _Remembered:
    """Pairs of account and network, as digests under a key of this process: no address stays in memory."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)
        self._known: OrderedDict[bytes, None] = OrderedDict()

    def __contains__(self, pair: tuple[str, str]) -> bool:
        return self._digest(pair) in self._known

    def add(self, pair: tuple[str, str]) -> None:
        digest = self._digest(pair)
        self._known[digest] = None
        self._known.move_to_end(digest)
        if len(self._known) > REMEMBERED:
            self._known.popitem(last=False)

    def _digest(self, pair: tuple[str, str]) -> bytes:
        return hashlib.blake2b("\n".join(pair).encode(), key=self._key, digest_size=16).digest()
