"""A text as the file that reads as the same text again, byte for byte the same each time it is written."""

from __future__ import annotations

import re
import unicodedata

from geodata.content import media_fields
from geodata.content.plain import fields as plain_fields
from geodata.content.versions import Text
from geodata.model.content import StationContent
from geodata.model.trail import TrailContent
from geodata.vocabulary.season import month_day_text

_UNQUOTED = frozenset({"code", "show_from", "show_until", *plain_fields.UNQUOTED})


def file_name(text: Text) -> str:
    """``de.md``, or ``de.fruehling.md`` of a season."""
    season = text.season if isinstance(text, StationContent) else ""
    return f"{text.variant}.{season}.md" if season else f"{text.variant}.md"


def folder_name(number: int, title: str) -> str:
    """``04-foersterteiche``: what people find again; only the number is read."""
    plain = title.lower()
    for letter, letters in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss")):
        plain = plain.replace(letter, letters)
    plain = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:50].rstrip("-")
    return f"{number:02}-{slug}" if slug else f"{number:02}"


def write(text: Text, code: str = "") -> str:
    """The file's text; ``code`` ties it to its station, whatever number that has then."""
    fields = {"code": code, **_fields(text)}
    lines = [_line(name, value) for name, value in fields.items() if value]
    return "\n".join(["---", *lines, "---", text.body, ""])


def _fields(text: Text) -> dict[str, str]:
    if isinstance(text, TrailContent):
        return {"title": text.name, "lead": text.lead, **plain_fields.write(text.plain)}
    return {
        "title": text.title,
        "lead": text.lead,
        "show_from": month_day_text(text.show.first) if text.show else "",
        "show_until": month_day_text(text.show.last) if text.show else "",
        "question": text.question,
        "answer": text.answer,
        "task": text.task,
        "source": text.source,
        **plain_fields.write(text.plain),
        **media_fields.write(text),
    }


def _line(name: str, value: str) -> str:
    if name in _UNQUOTED:
        return f"{name}: {value}"
    lines = value.split("\n")
    if len(lines) > 1 and all(line == line.strip() and line.isprintable() for line in lines):
        return "\n".join([f"{name}: |", *(f"  {line}" if line else "" for line in lines)])
    return f'{name}: "{"".join(map(_escaped, value))}"'


def _escaped(letter: str) -> str:
    if letter in {'"', "\\"}:
        return f"\\{letter}"
    if letter == "\n":
        return "\\n"
    if letter.isprintable():
        return letter
    return f"\\u{ord(letter):04x}" if ord(letter) < 0x10000 else f"\\U{ord(letter):08x}"
