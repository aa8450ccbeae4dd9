"""The catalogue of translations: its entries, and the stanzas of those that are missing."""

from __future__ import annotations

from collections.abc import Iterable

from babel.messages.catalog import Message as Entry
from babel.messages.pofile import read_po

from tools.messages.source import ROOT, Said, has_words

CATALOGUE = ROOT / "geodata" / "messages" / "locale" / "de.po"


def entries() -> dict[str, Entry]:
    """The catalogue, by the text that the code has: of counted ones that for many."""
    with CATALOGUE.open("rb") as source:
        return {msgid(one): one for one in read_po(source, locale="de") if one.id}


def msgid(entry: Entry) -> str:
    """The text in the code; of counted ones that for many."""
    return str(entry.id if isinstance(entry.id, str) else entry.id[1])


def missing(found: Iterable[Said]) -> list[Said]:
    """What has no entry, each text once, in the order of the source."""
    known, seen = entries(), set[str]()
    lacking = [one for one in found if not one.glued and one.text not in known and has_words(one.text)]
    return [one for one in lacking if not (one.text in seen or seen.add(one.text))]


def stanza(one: Said) -> str:
    """An entry of the catalogue, to be filled in."""
    if one.one:
        return (
            f'#: {one.where}\nmsgid {_quoted(one.one)}\nmsgid_plural {_quoted(one.text)}\nmsgstr[0] ""\nmsgstr[1] ""\n'
        )
    return f'#: {one.where}\nmsgid {_quoted(one.text)}\nmsgstr ""\n'


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
