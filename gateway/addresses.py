"""WLAN and Bluetooth addresses are personal data: find them in a message and black them out before anything is kept."""

from __future__ import annotations

import re
from typing import cast

REDACTED = "[redacted]"

_KEY = re.compile(r"(?:mac|bssid|(?:mac|ble|bt|bd|bluetooth|wlan|wifi)(?:addr|address|mac|id))(?:s|es)?")
_HEX = "[0-9A-Fa-f]"
_ADDRESS = re.compile(rf"(?<!{_HEX})(?<!{_HEX}[:-]){_HEX}{{2}}([:-])(?:{_HEX}{{2}}\1){{4}}{_HEX}{{2}}(?![:-]?{_HEX})")
_RAW_ADDRESS = re.compile(_ADDRESS.pattern.encode())
_RAW_FIELD = re.compile(
    rb'("[\w.-]{0,40}?(?:mac|bssid|(?:mac|ble|bt|bd|bluetooth|wlan|wifi)[_-]?(?:addr|address|mac|id))(?:s|es)?"\s*:\s*)'
    rb'(?:"[^"]*"|\[[^\]]*\]|\{[^}]*\}|[^\s,}\]]+)',
    re.IGNORECASE,
)


def is_address(name: str, value: object = None) -> bool:
    """Whether a field by its ``name``, or anything in its ``value``, is an address."""
    return _is_key(name) or _contains(value)


def redact(value: object) -> object:
    """``value`` with every address in it, and every value of a field named like one, blacked out."""
    if isinstance(value, str):
        return _ADDRESS.sub(REDACTED, value)
    if isinstance(value, list):
        return [redact(item) for item in cast("list[object]", value)]
    if isinstance(value, dict):
        fields = cast("dict[str, object]", value)
        return {cast("str", redact(name)): REDACTED if _is_key(name) else redact(item) for name, item in fields.items()}
    return value


def redact_bytes(payload: bytes) -> bytes:
    """The same for a message that is not read as JSON."""
    return _RAW_FIELD.sub(rb'\1"[redacted]"', _RAW_ADDRESS.sub(REDACTED.encode(), payload))


def _is_key(name: str) -> bool:
    words = re.split(r"[^a-z0-9]+", name.lower())
    return bool(_ADDRESS.search(name)) or any(
        _KEY.fullmatch("".join(words[start:])) is not None for start in range(len(words))
    )


def _contains(value: object) -> bool:
    if isinstance(value, str):
        return _ADDRESS.search(value) is not None
    if isinstance(value, list):
        return any(_contains(item) for item in cast("list[object]", value))
    if isinstance(value, dict):
        return any(is_address(name, item) for name, item in cast("dict[str, object]", value).items())
    return False
