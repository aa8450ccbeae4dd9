"""WLAN and Bluetooth addresses are personal data: find them in a message and black them out before anything is kept.

Works on the bytes as they came, whether or not they are JSON: all else stays as it is, byte for byte.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import cast

REDACTED = "[redacted]"

_PAIR = "[0-9A-Fa-f]{2}"
_FOUR = "[0-9A-Fa-f]{4}"
_GROUPS = re.compile(
    rf"{_PAIR}([:-]){_PAIR}(?:\1{_PAIR})*"
    rf"|(?<![0-9A-Za-z]){_FOUR}\.{_FOUR}\.{_FOUR}(?:\.{_FOUR})*(?![0-9A-Za-z])"  # as network equipment writes them
)
_RAW_GROUPS = re.compile(_GROUPS.pattern.encode())
_DIGITS = b"0123456789ABCDEFabcdef"
_DIGITS_AS_ONE = bytes.maketrans(_DIGITS, b"0" * len(_DIGITS))
_ADDRESSES = (b"00:00:00:00:00:00", b"00-00-00-00-00-00", b"0000.0000.0000")  # a date has three pairs
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
_LONGEST_NAME = 200  # characters of a name that are looked at, from its end
_SIGN = re.compile(r"mac|bssid|(?:ble|bt|bd|bluetooth|wlan|wifi)(?:addr|id)")
"""Letters of which one group occurs, side by side, in whatever _KEY matches."""
_RAW_SIGN = re.compile(_SIGN.pattern.encode())
_OTHER_THAN_LETTERS = re.compile(r"[^a-z]+")
_RAW_OTHER_THAN_LETTERS = bytes(set(range(256)) - set(b"abcdefghijklmnopqrstuvwxyz"))
_TEXT_OR_WORD = rb'"(?:[^"\\]|\\.)*"?|[^\s{}\[\],:"]+'
_TOKEN = re.compile(_TEXT_OR_WORD + rb"|[{}\[\],:]", re.DOTALL)
_NAME = re.compile(rb"(" + _TEXT_OR_WORD + rb")\s*(:?)", re.DOTALL)
"""Whatever may be the name of a field, and whether a colon follows: brackets and commas are no news here."""
_ASSIGNMENT = re.compile(rb"([\w.-]+)=")
_SPLIT = re.compile(r"[^A-Za-z0-9]+|(?<=[a-z0-9])(?=[A-Z])")

_MOST_PRIVATE = 1_700
"""More values that must not be kept are in no list of readings of 16 kB (`{"mac":1},`); the rest is not read."""

_Span = tuple[int, int]


def is_address(name: str, value: object = None) -> bool:
    """Whether a field by its ``name``, or anything in its ``value``, is an address or was one."""
    return _is_key(name) or _contains(value)


def redact_text(text: str) -> str:
    """``text`` with every address in it blacked out."""
    return _GROUPS.sub(lambda match: REDACTED if _is_address(match) else match[0], text)


@lru_cache(maxsize=1)
def redact(payload: bytes) -> bytes:
    """``payload`` with every address in it, and every value of a field named like one, blacked out.

    Reads tokens instead of JSON, so that a broken message is cleaned as well as a good one. Linear in the length.
    """
    if not _suspicious(payload):
        return payload
    if payload.count(b"\0") * 3 > len(payload) and _clean(narrow := payload.replace(b"\0", b"")) != narrow:
        return REDACTED.encode()  # UTF-16, most likely: nobody can tell which bytes of it to spare
    return _clean(payload)


def _is_address(match: re.Match[str] | re.Match[bytes]) -> bool:
    """Whether a run of hexadecimal groups is an address of six bytes, or several; eight are a LoRaWAN EUI.

    The first and the last pair may be the end or the beginning of a word instead ("mac:AA:…", "…:FF:71dB").
    """
    text, pairs = match.string, (len(match[0]) + 1) // 3
    if match[1] is None:
        return (len(match[0]) + 1) // 5 % 3 == 0
    words = text[match.start() - 1 : match.start()].isalnum() if match.start() else False
    words += text[match.end() : match.end() + 1].isalnum()
    return any((pairs - outside) % 6 == 0 for outside in range(words + 1)) and pairs >= 6


def _suspicious(payload: bytes) -> bool:
    """Whether a closer look is needed: one fast look at an ordinary message says no.

    Looks for fixed bytes: a regular expression takes five times as long, and much of what comes here is large rubbish.
    """
    if not payload.isascii() or b"\\" in payload or b"\0" in payload:
        return True
    alike = payload.translate(_DIGITS_AS_ONE)
    if any(address in alike for address in _ADDRESSES):
        return True
    letters = payload.lower().translate(None, _RAW_OTHER_THAN_LETTERS)
    return b"mac" in letters or ((b"addr" in letters or b"id" in letters) and _RAW_SIGN.search(letters) is not None)


def _clean(payload: bytes) -> bytes:
    payload = _RAW_GROUPS.sub(lambda match: REDACTED.encode() if _is_address(match) else match[0], payload)
    payload = _DIGITS_BESIDE_NAME.sub(rb"\1" + REDACTED.encode(), payload)
    cleaned, end = bytearray(), 0
    for number, (start, stop) in enumerate(_private(payload)):
        if number == _MOST_PRIVATE:
            return bytes(cleaned + REDACTED.encode())
        cleaned += payload[end:start] + b'"' + REDACTED.encode() + b'"'
        end = stop
    return bytes(cleaned + payload[end:]) if end else payload


def _private(payload: bytes) -> Iterator[_Span]:
    """Where values stand that must not be kept, in order, none within another."""
    at, end = 0, len(payload)
    while at < end:
        value = end
        for match in _NAME.finditer(payload, at):
            token, colon = match.groups()
            if (b"\\" in token or not token.isascii()) and _is_spelled(token):
                yield match.span(1)
            if colon:
                if _names_address(token):
                    value = match.end()
                    break
                continue
            assigned = _ASSIGNMENT.match(token) if b"=" in token else None
            if assigned and _names_address(assigned[1]):
                if assigned.end() == len(token):
                    value = match.end(1)
                    break
                yield match.start(1) + assigned.end(), match.end(1)
        span = _value(payload, value) if value < end else None
        if span is not None:
            yield span
        at = span[1] if span is not None else value


def _value(payload: bytes, at: int) -> _Span | None:
    """Where the value stands that begins behind ``at``; None where there is none."""
    depth, first, last = 0, -1, -1
    for match in _TOKEN.finditer(payload, at):
        token = match[0]
        if token in b"}]" or (token == b"," and depth == 0):
            depth -= 1
            if depth < 0:
                break
        first, last = match.start() if first < 0 else first, match.end()
        if token in b"{[":
            depth += 1
        elif depth == 0:
            break
    return None if first < 0 else (first, last)


def _is_spelled(token: bytes) -> bool:
    """Whether a token is an address spelled with escapes: as it stands it was not seen."""
    return _looked_at(token)[0]


def _names_address(token: bytes) -> bool:
    """Whether a token is the name of a field that holds an address."""
    return _looked_at(token)[1]


def _looked_at(token: bytes) -> tuple[bool, bool]:
    """Whether a token is an address by itself, and whether it names one; of short ones known from the last time."""
    return _short_looked_at(token) if len(token) <= _LONGEST_NAME else _look_at(token)  # a long one is no news twice


def _look_at(token: bytes) -> tuple[bool, bool]:
    text = _text(token)
    return redact_text(text) != text, _is_key(text)


_short_looked_at = lru_cache(maxsize=4_096)(_look_at)


def _text(token: bytes) -> str:
    """What a token says, its escapes resolved where it is a proper string."""
    if b"\\" in token and token.startswith(b'"'):
        try:
            return cast("str", json.loads(token, strict=False))
        except ValueError:
            pass
    return token.decode(errors="replace").strip("\"'")


def _is_key(name: str) -> bool:
    """Whether a field's last words, run together, say that it holds an address."""
    return (
        _ends_like_address(name[-_LONGEST_NAME:].rstrip("0123456789_"))
        or REDACTED in name
        or (_GROUPS.search(name) is not None and redact_text(name) != name)
    )


@lru_cache(maxsize=4_096)
def _ends_like_address(name: str) -> bool:
    if not _SIGN.search(_OTHER_THAN_LETTERS.sub("", name.lower())):
        return False
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
