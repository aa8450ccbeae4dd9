"""How often somebody may try to sign in; counted in memory only, kept and logged nowhere."""

from __future__ import annotations

from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

_ACCOUNT_FROM_ADDRESS = RateLimitItemPerMinute(10, 15)
_ADDRESS = RateLimitItemPerMinute(30, 15)
_ACCOUNT = RateLimitItemPerHour(100)  # high: a stranger must not be able to lock somebody out


class LoginThrottle:
    """Bounds attempts per account and client address, per address, and per account from anywhere."""

    def __init__(self) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def allow(self, name: str, address: str) -> bool:
        """Count one attempt; False when it is one too many."""
        limits: list[tuple[RateLimitItem, tuple[str, ...]]] = [
            (_ADDRESS, ("address", address)),
            (_ACCOUNT_FROM_ADDRESS, ("both", name, address)),
            (_ACCOUNT, ("account", name)),
        ]
        return all(self._limiter.hit(limit, *key) for limit, key in limits)

    def forgive(self, name: str, address: str) -> None:
        """The attempt was right: earlier slips of this account from this address no longer count."""
        self._limiter.clear(_ACCOUNT_FROM_ADDRESS, "both", name, address)
