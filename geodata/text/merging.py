"""Two people have changed the same text: what each did, put together paragraph by paragraph. Texts in, texts out."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher

_BETWEEN = "\n\n"


def merged(base: str, mine: str, theirs: str) -> str:
    """What came of ``base`` with the changes of both; where both changed the same place, both are there, theirs first.

    Nothing that either of them wrote is lost: who reads the result strikes out what is too much.
    """
    if mine in {base, theirs}:
        return theirs
    if theirs == base:
        return mine
    old, ours, others = (_paragraphs(text) for text in (base, mine, theirs))
    return _BETWEEN.join(_merged(old, ours, others))


def _paragraphs(text: str) -> list[str]:
    return [paragraph for paragraph in text.split(_BETWEEN) if paragraph]


def _merged(old: Sequence[str], ours: Sequence[str], others: Sequence[str]) -> list[str]:
    """Walk along the paragraphs that all three have; between two of them take whoever changed what was there."""
    merged_paragraphs: list[str] = []
    at = our_at = their_at = 0
    for anchor, our, their in [*_anchors(old, ours, others), (len(old), len(ours), len(others))]:
        was, our_part, their_part = old[at:anchor], ours[our_at:our], others[their_at:their]
        merged_paragraphs += _of_gap(was, our_part, their_part)
        if anchor < len(old):
            merged_paragraphs.append(old[anchor])
        at, our_at, their_at = anchor + 1, our + 1, their + 1
    return merged_paragraphs


def _of_gap(was: Sequence[str], ours: Sequence[str], others: Sequence[str]) -> list[str]:
    if list(ours) == list(was):
        return list(others)
    if list(others) in (list(was), list(ours)):
        return list(ours)
    if len(was) == len(ours) == len(others) > 1:  # the same paragraphs, each in words of its own
        triples = zip(was, ours, others, strict=True)
        return [paragraph for one, mine, theirs in triples for paragraph in _of_gap([one], [mine], [theirs])]
    return [*others, *(paragraph for paragraph in ours if paragraph not in others)]


def _anchors(old: Sequence[str], ours: Sequence[str], others: Sequence[str]) -> list[tuple[int, int, int]]:
    """Where each paragraph stands that all three have in the same order."""
    in_ours, in_others = _matches(old, ours), _matches(old, others)
    return [(at, in_ours[at], in_others[at]) for at in sorted(in_ours.keys() & in_others.keys())]


def _matches(old: Sequence[str], new: Sequence[str]) -> dict[int, int]:
    blocks = SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
    return {block.a + step: block.b + step for block in blocks for step in range(block.size)}
