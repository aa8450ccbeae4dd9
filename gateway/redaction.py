"""WLAN and Bluetooth addresses are personal data: find them in a message and black them out before anything is kept.

Works on the bytes as they came, whether or not they are JSON: all else stays as it is, byte for byte.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import cast

REDACTED = "[redacted]"

_PAIR = "[0-9A-Fa-f]{2}"
_PAIRS = re.compile(rf"{_PAIR}([:-]){_PAIR}(?:\1{_PAIR})*")
_RAW_PAIRS = re.compile(_PAIRS.pattern.encode())
_RAW_SIX_PAIRS = re.compile(rf"{_PAIR}([:-]){_PAIR}(?:\1{_PAIR}){{4}}".encode())  # a date has three
_KEY = re.compile(r"(?:mac|bssid|(?:mac|ble|bt|bd|bluetooth|wlan|wifi)(?:addr|address|mac|id))(?:s|es)?")
_SUFFIXES = {"", "hex", "str", "string", "raw", "text"}
"""Last words of a name that say how an address is written."""
_DIGITS_BESIDE_NAME = re.compile(
    rb"((?:mac|bssid|(?:ble|bt|bd|bluetooth|wlan|wifi)[\W_]?(?:addr|address|id))(?:s|es)?[^0-9A-Za-z]{1,8})"
    rb"[0-9a-f]{12}(?![0-9A-Za-z])",
    re.IGNORECASE,
)
"""Where the tokens do not show what belongs together: a broken message, or one within a text."""
_LONGEST_KEY = len("bluetoothaddresses")
_SIGNS = tuple(
    sign.encode()
    for sign in (
        *("mac", "bssid"),
        *(kind + what for kind in ("ble", "bt", "bd", "bluetooth", "wlan", "wifi") for what in ("addr", "id")),
    )
)
"""Letters of which one group occurs, side by side, in whatever _KEY matches."""
_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*"?|[{}\[\],:]|[^\s{}\[\],:"]+', re.DOTALL)
_ASSIGNMENT = re.compile(rb"([\w.-]+)=")
_SPLIT = re.compile(r"[^A-Za-z0-9]+|(?<=[a-z0-9])(?=[A-Z])")

_Span = tuple[int, int]


def is_address(name: str, value: object = None) -> bool:
    """Whether a field by its ``name``, or anything in its ``value``, is an address or was one."""
    return _is_key(name) or _contains(value)


def redact_text(text: str) -> str:
    """``text`` with every address in it blacked out."""
    return _PAIRS.sub(lambda match: REDACTED if _is_six(match) else match[0], text)


def redact(payload: bytes) -> bytes:
    """``payload`` with every address in it, and every value of a field named like one, blacked out.

    Reads tokens instead of JSON, so that a broken message is cleaned as well as a good one. Linear in the length.
    """
    if not _suspicious(payload):
        return payload
    if payload.count(b"\0") * 3 > len(payload) and _clean(narrow := payload.replace(b"\0", b"")) != narrow:
        return REDACTED.encode()  # UTF-16, most likely: nobody can tell which bytes of it to spare
    return _clean(payload)


def _is_six(match: re.Match[str] | re.Match[bytes]) -> bool:
    """Whether a run of hexadecimal pairs is an address of six, or several; eight are a LoRaWAN EUI.

    The first and the last pair may be the end or the beginning of a word instead ("mac:AA:…", "…:FF:71dB").
    """
    text, pairs = match.string, (len(match[0]) + 1) // 3
    words = text[match.start() - 1 : match.start()].isalnum() if match.start() else False
    words += text[match.end() : match.end() + 1].isalnum()
    return any((pairs - outside) % 6 == 0 for outside in range(words + 1)) and pairs >= 6


def _suspicious(payload: bytes) -> bool:
    """Whether a closer look is needed: one fast look at an ordinary message says no."""
    if not payload.isascii() or b"\\" in payload or b"\0" in payload or _RAW_SIX_PAIRS.search(payload):
        return True
    letters = re.sub(rb"[^a-z0-9]+", b"", payload.lower())
    return any(sign in letters for sign in _SIGNS)


def _clean(payload: bytes) -> bytes:
    payload = _RAW_PAIRS.sub(lambda match: REDACTED.encode() if _is_six(match) else match[0], payload)
    payload = _DIGITS_BESIDE_NAME.sub(rb"\1" + REDACTED.encode(), payload)
    cleaned, end = bytearray(), 0
    for start, stop in _private(payload):
        cleaned += payload[end:start] + b'"' + REDACTED.encode() + b'"'
        end = stop
    return bytes(cleaned + payload[end:]) if end else payload


def _private(payload: bytes) -> Iterator[_Span]:
    """Where values stand that must not be kept, in order, none within another."""
    tokens = [match.span() for match in _TOKEN.finditer(payload)]
    i = 0
    while i < len(tokens):
        start, stop = tokens[i]
        token = payload[start:stop]
        text = _text(token)
        assigned = _ASSIGNMENT.match(token)
        value = 0
        if redact_text(text) != text:  # spelled with escapes: as it stands it was not seen
            yield start, stop
        if i + 1 < len(tokens) and payload[tokens[i + 1][0] : tokens[i + 1][1]] == b":":
            value = i + 2 if _is_key(text) else 0
        elif assigned and _is_key(assigned[1].decode()):
            if assigned.end() < len(token):
                yield start + assigned.end(), stop
            else:
                value = i + 1
        if value:
            last = _end_of_value(payload, tokens, value)
            if last >= value:
                yield tokens[value][0], tokens[last][1]
            i = max(last, value - 1)
        i += 1


def _end_of_value(payload: bytes, tokens: list[_Span], i: int) -> int:
    """Index of the last token of the value that begins at token ``i``; i - 1 where there is none."""
    depth = 0
    for j in range(i, len(tokens)):
        token = payload[tokens[j][0] : tokens[j][1]]
        if token in b"}]" or (token == b"," and depth == 0):
            depth -= 1
            if depth < 0:
                return j - 1
        elif token in b"{[":
            depth += 1
            continue
        if depth == 0:
            return j
    return len(tokens) - 1


def _text(token: bytes) -> str:
    """What a token says, its escapes resolved where it is a proper string."""
    if token.startswith(b'"'):
        try:
            return cast("str", json.loads(token, strict=False))
        except ValueError:
            pass
    return token.decode(errors="replace").strip("\"'")


def _is_key(name: str) -> bool:
    """Whether a field's last words, run together, say that it holds an address."""
    if REDACTED in name or redact_text(name) != name:
        return True
    words = [word.lower().rstrip("0123456789") for word in _SPLIT.split(name)]
    while words and words[-1] in _SUFFIXES:
        words.pop()
    tail = ""
    for word in reversed(words):
        tail = word + tail
        if len(tail) > _LONGEST_KEY:
            return False
        if _KEY.fullmatch(tail):
            return True
    return False


def _contains(value: object) -> bool:
    if isinstance(value, str):
        return REDACTED in value or redact_text(value) != value
    if isinstance(value, list):
        return any(_contains(item) for item in cast("list[object]", value))
    if isinstance(value, dict):
        return any(is_address(name, item) for name, item in cast("dict[str, object]", value).items())
    return False
