"""Bytes to the JSON they spell, or nearly spell: what has one meaning is read, all else is told with its place.

Read: white space and NULs at the end; ``nan``, ``inf`` and their like in any spelling; ``None`` and ``NULL`` for null.
Told and not stored: any other fault. Its text is mended as well as it can be, only to tell what else is wrong with the
message at the same time.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Self, cast

from gateway.decoding.reasons import Reason, refuse, show
from gateway.redaction import REDACTED, redact
from geodata.store.ingest.flush import Refusal

MAX_DEPTH = 8
"""Levels of objects and lists in a message."""

NOT_A_NUMBER = r"[+-]?(?:nan(?:\(\w*\))?|inf(?:inity)?|1\.#(?:[qs]?nan|ind|inf)\d*)"
"""How devices write a number that is none: C's printf, on Windows too, Python, JavaScript."""

_MENDED = 4_096  # characters: of a longer message the first fault says enough
_BEHIND = "\0 \t\r\n"
_EXCERPT = 14  # characters on either side of a fault
_TOKEN = re.compile(
    r'(?P<text>"(?:[^"\\]|\\.)*"?)|(?P<single>(?<!\\)\'(?:[^\'\\]|\\.)*\')|(?P<comma>,)(?=\s*[}\]])'
    rf"|(?<![\w.])(?:(?P<nan>{NOT_A_NUMBER})|(?P<null>none|null|undefined)|(?P<truth>true|false))(?=\s*[,}}\]])"
    r"|(?<![\w.])(?P<name>[A-Za-z_]\w*)(?=\s*:)",
    re.IGNORECASE | re.DOTALL,
)
_RESPELT = re.compile(rf"{NOT_A_NUMBER}|none|null|undefined", re.IGNORECASE)
"""What occurs where anything is to be respelt: one fast look."""
_DOUBLE_QUOTES = "JSON takes double quotes only (from Python: json.dumps() instead of str())."
_CUT_OFF = "Send the whole message: the buffer of the device's MQTT client may be too small."
_FAULTS: tuple[tuple[str, str, str, str], ...] = (
    (r"^\s*$", r"$", "it is empty", "Send one JSON object."),
    (r"^\s*$", r"[^{\[]", "it begins with {}", "Send one JSON object in braces."),
    (r"", r"$", "it ends {} without its last closing brace", _CUT_OFF),
    (r"", r"\0", "a NUL character stands {}", "Encode it as UTF-8, not UTF-16, and send no bytes of an unused buffer."),
    (r"", r"[\"'][^\"']*$", "a text has no closing quote: it begins {}", _CUT_OFF),
    (r"", r"'", "a single quote stands {}", _DOUBLE_QUOTES),
    (r",\s*$", r"[}\]]", "a comma stands {} before a closing brace", "Leave out the comma behind the last entry."),
    (r"", r",\s*[}\]]", "a comma stands {} before a closing brace", "Leave out the comma behind the last entry."),
    (r",\s*$", r",", "two commas stand {}", "Leave one out."),
    (r":\s*$", r"[,}\]]", "no value stands behind the colon {}", "Send null when the sensor failed."),
    (r"\d,$", r"\d", "a comma stands within a number {}", "Write 7.4, with a decimal point."),
    (r"", r"//|/\*|#", "a comment stands {}", "Leave it out: JSON has no comments."),
    (r"[}\]]\s*$", r"[{\[]", "a second object begins {}", "Send one; several readings stand in its list readings."),
    (r"[{,]\s*$", r"[A-Za-z_]", "a name without double quotes stands {}", "Put every name in double quotes."),
    (r"[:,\[]\s*$", r"(?i:true|false)\b", "a truth value is misspelt {}", "Write true or false in lower case."),
    (r"[:,\[]\s*$", r"[A-Za-z_]", "a word without double quotes stands {}", "Put every text in double quotes."),
    (r"[\d:,\[]\s*$", r"[-+.\dxXeE]", "a number is misspelt {}", "Write 0.5 or -12, without + and zeros in front."),
    (r"", r"[\x00-\x1f]", "a control character stands within a text {}", r"Write a line end as \n."),
    (r"", r"\\", "a backslash stands {} that begins no escape", r"Write \\ for a backslash."),
    (r'"\s*$', r'["\d{\[]', "a colon or comma is missing {}", "Put : behind a name and , between two entries."),
)
"""Before the place of a fault, from it on: what it is, and the hint. ``{}`` becomes the place. The first one counts."""


@dataclass(slots=True)
class NearlyJson:
    """``value`` is what the bytes spell.

    ``broken``: only after mending, to tell more; nothing of it may be stored. ``private``: there is an address in it.
    """

    value: object = None
    found: bool = False
    broken: bool = False
    private: bool = False
    repeated: list[str] = field(default_factory=list[str])
    refusals: list[Refusal] = field(default_factory=list[Refusal])


def read(payload: bytes) -> NearlyJson:
    """Read ``payload``; NaN stands for a number that is none, infinity for one too large."""
    out = NearlyJson()
    body = payload.rstrip(_BEHIND.encode())
    is_private = redact(payload) != payload  # then no part of it is shown
    out.private = is_private or REDACTED.encode() in payload
    try:
        text = body.decode()
    except UnicodeDecodeError as error:
        is_wide = body.startswith((b"\xff\xfe", b"\xfe\xff")) or body.count(0) * 3 > len(body)
        text, out.broken = payload.decode("utf-16" if is_wide else "cp1252", errors="replace"), True
        _refuse_encoding(out.refusals, body, error.start, "" if is_wide else text, is_private=is_private)
    if text.startswith("\ufeff"):
        text, out.broken = text[1:], True
        value = "it begins with a byte-order mark, the bytes EF BB BF"
        refuse(out.refusals, Reason.NOT_JSON, value=value, expected="Save and send it without.")
    try:
        _load(text, out, is_private=is_private)
    except RecursionError:
        refuse(out.refusals, Reason.TOO_DEEP, expected=str(MAX_DEPTH))
    return out


def _load(text: str, out: NearlyJson, *, is_private: bool) -> None:
    """The value of ``text``, of it with numbers that are none, or, with the fault told, of it mended."""
    fault: tuple[str, json.JSONDecodeError] | None = None
    for spell in (_as_it_is, _respelt, _mended) if len(text) <= _MENDED else (_as_it_is, _respelt):
        spelt = spell(text)
        try:
            _take(spelt, out)
            break
        except json.JSONDecodeError as error:
            fault = (spelt, error) if spell is _respelt else fault
    if fault is not None:
        out.broken = True
        value, hint = _fault(*fault, is_private=is_private)
        refuse(out.refusals, Reason.NOT_JSON, value=value, expected=hint)


def _as_it_is(text: str) -> str:
    return text


def _respelt(text: str) -> str:
    return _TOKEN.sub(_respell, text) if _RESPELT.search(text) else text


def _mended(text: str) -> str:
    return _TOKEN.sub(_mend, text)


def _take(text: str, out: NearlyJson) -> None:
    repeated: dict[str, None] = {}

    def unite(pairs: list[tuple[str, object]]) -> dict[str, object]:
        fields = dict(pairs)
        if len(fields) < len(pairs):
            counts = Counter(name for name, _ in pairs)
            repeated.update((name, None) for name, count in counts.items() if count > 1)
        return fields

    out.value = cast(
        "object",
        json.loads(
            text, parse_int=_integer, parse_float=_number, parse_constant=lambda _: math.nan, object_pairs_hook=unite
        ),
    )
    out.found, out.repeated = True, list(repeated)


def _integer(digits: str) -> int | float:
    """An integer, or a float where Python would refuse or crawl."""
    return int(digits) if len(digits) <= 30 else _number(digits)


class _Endless(float):
    """A number beyond all that machines calculate with; it shows as it was written."""

    def __new__(cls, text: str) -> Self:
        token = super().__new__(cls, text)
        token.text = text
        return token

    text: str

    def __repr__(self) -> str:
        return self.text


def _number(text: str) -> float:
    value = float(text)
    return value if math.isfinite(value) else _Endless(text)


def _respell(token: re.Match[str]) -> str:
    """Numbers that are none, and null in other languages, as JSON's reader knows them; places stay where they are."""
    kind = token.lastgroup
    word = "NaN" if kind == "nan" else "null" if kind == "null" else ""
    return word.ljust(len(token[0])) if word else token[0]


def _mend(token: re.Match[str]) -> str:
    match token.lastgroup:
        case "single":
            return json.dumps(token[0][1:-1].replace("\\'", "'"))
        case "comma":
            return ""
        case "truth":
            return token[0].lower()
        case "name":
            return json.dumps(token[0])
        case _:
            return _respell(token)


def _fault(text: str, error: json.JSONDecodeError, *, is_private: bool) -> tuple[str, str]:
    """What is wrong with ``text``, with the hint."""
    at = error.pos
    while at < len(text) and text[at] in " \t\r\n" and "control character" not in error.msg:
        at += 1
    before, after = text[:at], text[at:]
    for left, right, what, hint in _FAULTS:
        if re.match(right, after) and (not left or re.search(left, before)):
            place = _excerpt(text, at, is_private=is_private)
            return what.format(place if "begins with" in what else f"at character {at + 1} {place}".rstrip()), hint
    place = _excerpt(text, at, is_private=is_private)
    return f"it cannot be read from character {at + 1} on {place}".rstrip(), "Check it with a JSON validator."


def _excerpt(text: str, at: int, *, is_private: bool) -> str:
    """The text around a place; nothing where something of the message must not be shown."""
    if is_private:
        return ""
    first, last = max(0, at - _EXCERPT), at + _EXCERPT
    excerpt = show(text[first:last])
    return f"({'…' if first else ''}{excerpt}{'…' if last < len(text) else ''})"


def _refuse_encoding(refusals: list[Refusal], body: bytes, at: int, text: str, *, is_private: bool) -> None:
    """``text`` is the body as Latin-1, empty where it looks like UTF-16."""
    hint = "Encode it as UTF-8." if text else "It looks like UTF-16: encode it as UTF-8."
    if text[at : at + 1].isalpha() and not is_private:
        hint = f"It looks like Latin-1, where that byte is {text[at]}: encode it as UTF-8."
    place = _excerpt(text, at, is_private=is_private) if text else ""
    value = f"byte {at + 1} is {body[at]:#04x} {place}".rstrip()
    refuse(refusals, Reason.NOT_UTF8, value=value, expected=hint)
