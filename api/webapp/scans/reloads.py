"""Telling a reload from another visit by the page's ETag alone, which ends with when the page was made.

A browser that still has a station's page names its ETag. What it says is the same for everybody who got the page in the
same five minutes, and nothing is kept here.
"""

from __future__ import annotations

import re
from datetime import datetime

from geodata.times import minute_of

_STEP_MINUTES = 5
_STEPS = 6
"""For half an hour from the beginning of its step a page is the same visit's."""
_AHEAD = 1  # another process's clock may be in the next step already
_MADE = re.compile(r'\.([0-9a-f]{4,8})(?:-[a-z]+)?"')  # Apache writes its coding behind


def made_at(now: datetime) -> str:
    """The end of the ETag of a page that is made now; the same for five minutes."""
    return f".{_step(now):x}"


def is_reload(if_none_match: str | None, now: datetime) -> bool:
    """Whether who asks got this page within the last half hour: then this is no other visit."""
    if not if_none_match:
        return False
    steps = (int(step, 16) for step in _MADE.findall(if_none_match[:500]))
    return any(-_AHEAD <= _step(now) - step < _STEPS for step in steps)


def _step(now: datetime) -> int:
    return minute_of(now) // _STEP_MINUTES
