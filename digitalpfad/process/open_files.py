"""How many files and connections this process may hold at once."""

from __future__ import annotations

import resource

_ENOUGH = 65_536  # "unlimited" is no number to derive anything from


def raise_limit() -> int:
    """Take what the system allows: raise the soft limit of open files to the hard one, and return it.

    Systems keep the soft one at 1024 for old programs, and a visitor's connections would reach that first.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _ENOUGH if hard == resource.RLIM_INFINITY else min(hard, _ENOUGH)
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return _ENOUGH if soft == resource.RLIM_INFINITY else soft
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    return wanted
