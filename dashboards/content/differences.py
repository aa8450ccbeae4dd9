"""What changed from one version of a text to another, word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from dashboards.content.fields import LABELS, MEDIA_LABELS, PART_LABELS, media_parts_of, parts_of
from dashboards.languages import t
from geodata.content import media_fields
from geodata.content.versions import Text

SAME, ADDED, REMOVED = "same", "added", "removed"
_WORD = re.compile(r"\n|[^\S\n]+|[^\W_]+|.", re.DOTALL)
_MOST_WORDS = 3_000  # of a changed place, beyond which it is told as a whole


@dataclass(frozen=True, slots=True)
class WordPiece:
    """Words in a row that stayed, came or went: ``kind`` is SAME, ADDED or REMOVED."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A part of a text that is not what it was; ``label`` is translated."""

    name: str
    label: str
    pieces: tuple[WordPiece, ...]


def changes(old: Text | None, new: Text | None) -> list[FieldChange]:
    """The parts that differ, in the editor's order, then what is said of files."""
    before, after = parts_of(old), parts_of(new)
    media_before, media_after = media_parts_of(old), media_parts_of(new)
    found = [(name, t(LABELS[name]), before[name], after[name]) for name in LABELS]
    found += [
        (name, _media_label(name), media_before.get(name, ""), media_after.get(name, ""))
        for name in media_fields.FIELDS
    ]
    return [
        FieldChange(name, label, tuple(pieces(was, becomes))) for name, label, was, becomes in found if was != becomes
    ]


def pieces(old: str, new: str) -> Iterator[WordPiece]:
    """The words of both in reading order; those that stay together are one piece."""
    kind, text = SAME, ""
    for one in _by_line(old, new):
        if one.kind != kind and text:
            yield WordPiece(kind, text)
            text = ""
        kind, text = one.kind, text + one.text
    if text:
        yield WordPiece(kind, text)


def _by_line(old: str, new: str) -> Iterator[WordPiece]:
    """Lines first, words only where lines differ: of a long text nearly all stays."""
    before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    for tag, old_from, old_to, new_from, new_to in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            yield WordPiece(SAME, "".join(before[old_from:old_to]))
        else:
            yield from _by_word("".join(before[old_from:old_to]), "".join(after[new_from:new_to]))


def _by_word(old: str, new: str) -> Iterator[WordPiece]:
    before, after = _WORD.findall(old), _WORD.findall(new)
    if len(before) + len(after) > _MOST_WORDS:
        before, after = [old], [new]
    for tag, old_from, old_to, new_from, new_to in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            yield WordPiece(SAME, _joined(before[old_from:old_to]))
            continue
        yield WordPiece(REMOVED, _joined(before[old_from:old_to]))
        yield WordPiece(ADDED, _joined(after[new_from:new_to]))


def _joined(words: Sequence[str]) -> str:
    return "".join(words)


def _media_label(name: str) -> str:
    stem = max((stem for stem in MEDIA_LABELS if name == stem or name.startswith(f"{stem}_")), key=len)
    part = name.removeprefix(stem).removeprefix("_")
    if not part:
        return t(MEDIA_LABELS[stem])
    return t("%(file)s: %(part)s", file=t(MEDIA_LABELS[stem]), part=t(PART_LABELS[part]))
