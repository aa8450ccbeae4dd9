"""A check is tied to the words that were read: what a text says of its check, beside what was said of it before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TypeVar

from geodata.model.content import StationContent
from geodata.model.plain_language import PlainLanguage, digest
from geodata.model.trail import TrailContent

Text = TypeVar("Text", bound=StationContent | TrailContent)


def tied(text: Text, before: Iterable[PlainLanguage]) -> Text:
    """The text with the digest of the words that its check was of; ``before``: what its saved versions say, in order.

    A check that was never saved before is of the words that come with it. One that was is of the words of then,
    whatever the text says now: who changes a text and leaves the lines about its check as they were has no checked
    text.
    """
    plain = text.plain
    if plain is None or not plain.claims_check or plain.checked_text:
        return text
    present = digest(text.words)
    known = [one.checked_text for one in before if one.checked_text and _is_same(one, plain)]
    read_words = present if present in known or not known else known[-1]
    return replace(text, plain=replace(plain, checked_text=read_words))


def _is_same(one: PlainLanguage, other: PlainLanguage) -> bool:
    return (one.checked_by, one.checked_on) == (other.checked_by, other.checked_on)
