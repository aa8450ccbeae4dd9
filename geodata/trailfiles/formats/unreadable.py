"""What is said of a text format that cannot be read on, where nobody can tell why."""

from __future__ import annotations

from geodata.messages.message import Message, message
from geodata.trailfiles.source import EXPORT_AGAIN

UNEXPLAINED: tuple[Message, Message] = (message("it cannot be read on from there"), EXPORT_AGAIN)
"""Why, and what to do."""
