"""How trails, devices and towns are named where a name is in an address or a topic: the only pattern of it."""

from __future__ import annotations

import re

from geodata.messages.message import phrase

PATTERN = "[a-z0-9][a-z0-9-]{0,62}"
EXPECTED = phrase("1 to 63 characters a-z, 0-9 and -, not beginning with -")
_NAME = re.compile(PATTERN)


def is_name(text: str) -> bool:
    """Whether ``text`` may name a trail or a device: anything else would spoil the topic that it is put into."""
    return _NAME.fullmatch(text) is not None
