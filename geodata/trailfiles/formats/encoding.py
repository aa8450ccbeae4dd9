"""Bytes as text: what the file says of its encoding is believed where the bytes agree, else they are judged.

UTF-8 shows itself: bytes that are not ASCII and yet decode strictly are UTF-8, whatever a declaration says. Bytes that
do not are taken for Windows-1252, which most software of the desk wrote before, or for code page 850 where umlauts
stand as DOS wrote them. Each guess is told.
"""

from __future__ import annotations

import codecs
import re

from geodata.errors import InvalidInput
from geodata.findings.trail_file import Refused
from geodata.messages.message import message
from geodata.trailfiles.source import ImportFile

_WINDOWS, _DOS, _LATIN_1 = "cp1252", "cp850", "iso8859-1"
_LABELS = {"utf-8": "UTF-8", _WINDOWS: "Windows-1252", _LATIN_1: "ISO-8859-1", "mac-roman": "Mac Roman"}
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SAY_IT = message(
    "Say the encoding with {option[encoding]}, such as {option[encoding]:cp1252} or {option[encoding]:cp850}."
)
_LATIN_1_CONTROLS = re.compile(rb"[\x80-\x9f]")
_UMLAUT_OF_DOS = re.compile(rb"[A-Za-z][\x81\x84\x94][a-z]")  # Windows has quotes there, which stand at no such place
_UMLAUT_OF_WINDOWS = re.compile(rb"[\xc4\xd6\xdc\xdf\xe4\xf6\xfc]")


def codec_name(name: str) -> str:
    """Python's name of the encoding, or "" where it knows none of this name."""
    try:
        codec = codecs.lookup(name.strip()).name
        b" ".decode(codec, "ignore")  # some codecs, such as hex, make no text
    except (LookupError, ValueError):
        return ""
    return codec


def asked_for(option: str) -> str:
    """The value of ``--encoding`` as Python's name, "" for none; raises InvalidInput."""
    codec = codec_name(option) if option else ""
    if option and not codec:
        raise InvalidInput(
            message("{option[encoding]}"), option, "the name of an encoding", "Write it as utf-8, cp1252 or cp850."
        )
    return codec


def label(codec: str) -> str:
    """How people call it."""
    return _LABELS.get(codec, codec.upper())


def is_utf_8(data: bytes) -> bool:
    """Whether it decodes strictly."""
    return _decodes(data, "utf-8")


def instead_of(said: str, data: bytes) -> str:
    """``said``, or Windows-1252 for what calls itself ISO-8859-1 and has dashes where that has control characters."""
    return _WINDOWS if said == _LATIN_1 and _LATIN_1_CONTROLS.search(data) else said


def judged(data: bytes) -> str:
    """The encoding of bytes that are not UTF-8 and of which nothing is said."""
    return _DOS if _UMLAUT_OF_DOS.search(data) and not _UMLAUT_OF_WINDOWS.search(data) else _WINDOWS


def fitting(said: str, data: bytes) -> str:
    """``said`` where it has a letter for each byte, else what is judged; ISO-8859-1 where that has not either.

    That makes letters of what is none: control characters, which are refused in names.
    """
    for codec in (instead_of(said, data), judged(data)):
        if codec and _decodes(data, codec):
            return codec
    return _LATIN_1


def _decodes(data: bytes, codec: str) -> bool:
    try:
        data.decode(codec)
    except UnicodeError:
        return False
    return True


def decoded(import_file: ImportFile, data: bytes, said: str = "") -> str:
    """``data`` as text, without a byte-order mark. ``said`` is what the file calls its encoding. Raises Refused."""
    if import_file.encoding:
        return _strictly(import_file, data, import_file.encoding).removeprefix("\ufeff")
    for mark, codec in _MARKS:
        if data.startswith(mark):
            return _strictly(import_file, data[len(mark) :], codec)
    if 0 in data[:2]:
        return _strictly(import_file, data, "utf-16-be" if data[0] == 0 else "utf-16-le")
    codec = codec_name(said)
    if codec.startswith("utf"):
        codec = ""  # of two bytes a letter it is not, whatever it says
    if is_utf_8(data):
        if codec and not data.isascii():
            _tell_of_the_other(import_file, said, "utf-8")
        return data.decode()
    if codec:
        return _strictly(import_file, data, instead_of(codec, data))
    codec = judged(data)
    text = _strictly(import_file, data, codec)
    _tell_of_the_other(import_file, said or "UTF-8", codec)
    return text


def _tell_of_the_other(import_file: ImportFile, said: str, read_as: str) -> None:
    import_file.findings.note(
        message(
            "{name} should be in {said}, but its bytes are not: it is read as {read_as}. {option[encoding]} says"
            " another.",
            name=import_file.name,
            said=said,
            read_as=label(read_as),
        ),
        reason="encoding-contradicted",
    )


def _strictly(import_file: ImportFile, data: bytes, codec: str) -> str:
    try:
        return data.decode(codec)
    except UnicodeError as error:
        at = error.start if isinstance(error, UnicodeDecodeError) else 0
        line = data.count(b"\n", 0, at) + 1
        raise Refused(
            message(
                "{name} is not in {encoding}: line {line} holds the byte {byte}.",
                name=import_file.name,
                encoding=label(codec),
                line=line,
                byte=f"0x{data[at]:02x}" if at < len(data) else "",
            ),
            hint=_SAY_IT,
            reason="encoding-wrong",
        ) from error
