"""What mostly makes a German sentence hard to read, by its form alone: hints while writing, never a check.

The rules are those on which the guides to Leichte Sprache agree (DIN SPEC 33429, Netzwerk Leichte Sprache). A sentence
without a hint may be hard, and one with a hint may be right: only readers know.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from geodata.content import markdown_checks
from geodata.messages.message import Message, message, phrase

LONGEST_SENTENCE = 12
"""Words."""
LONGEST_WORD = 14
"""Letters of a word, or of a part of one with hyphens."""

_WORD = re.compile(r"[^\W\d_]+")
_LINK_TARGET = re.compile(r"\]\([^)]*\)")
_BOLD = re.compile(r"\*\*[^*]*\*\*")
_GENITIVE = re.compile(
    r"\b(?:[Dd]es|(?:[Ee]in|[Kk]ein|[Mm]ein|[Dd]ein|[Ss]ein|[Ii]hr|[Uu]nser)es)\s+(?:[a-zäöüß-]+(?:en|er)\s+)?[A-ZÄÖÜ][\wäöüß-]+"
    r"|\b(?:[Dd]ies|[Jj]ed|[Jj]en)es\s+(?:[a-zäöüß-]+en\s+)?[A-ZÄÖÜ][\wäöüß-]*es\b"
)
_SUBJUNCTIVE = re.compile(
    r"\b(?:wär|hätt|würd|könnt|müsst|dürft|käm|gäb|fänd|bräucht|wüsst|stünd|läg)(?:e|en|est|et)\b"
)  # not «ginge», «ließen»: too near to the simple past
_PASSIVE = re.compile(
    r"\b(?:[Ww]ird|[Ww]erden|[Ww]urden?|[Ww]irst|[Ww]erdet)\b[^.!?;,]*?\b"
    r"((?:[a-zäöüß]{2,}|)ge[a-zäöüß]{2,}(?:t|en)|(?:be|ver|er|ent|zer|miss)[a-zäöüß]{2,}t|[a-zäöüß]{3,}iert)\b"
)
_NO_PARTICIPLE = re.compile(
    r"\w*(?:gegen|geben|gehen)|ge(?:fallen|hören|winnen|nießen|raten|lingen|schehen|lten|samt|wohnt|wöhnen|nügen|"
    r"stalten|deihen|langen|leiten)|be(?:reit|rühmt|kannt|liebt|gabt|gehrt|stimmt)|ver(?:liebt|kehrt)|erst|ernst|vielleicht"
)
_NEGATION = re.compile(r"\b(?:[Nn]icht|[Kk]ein(?:e|en|em|er|es)?|[Nn]ie|[Nn]iemals|[Nn]iemand(?:en|em)?|[Nn]irgends)\b")
_ABBREVIATION = re.compile(
    r"\b(?:z\.\s?B|d\.\s?h|u\.\s?a|usw|bzw|ca|etc|ggf|evtl|inkl|vgl|sog|Nr|Str|Jh|Mio|Mrd)\.|[%§&]"
)
_PARTS = re.compile(r";|(?:,[^,;]+){3,}")


@dataclass(frozen=True, slots=True)
class Hint:
    """``reason`` is a name that stays; ``words`` gave rise to it; ``instead`` is what mostly reads better."""

    reason: str
    words: str
    expected: Message
    instead: Message


_EXPECTED: Mapping[str, tuple[Message, Message]] = {
    "hint-genitive": (
        phrase("no genitive"),
        phrase("Write it with von: das Haus von dem Förster."),
    ),
    "hint-subjunctive": (
        phrase("what is, not what would be"),
        phrase("Write it with vielleicht, or as two sentences."),
    ),
    "hint-passive": (
        phrase("who does it"),
        phrase("Name who does it: Förster messen das Wasser."),
    ),
    "hint-negation": (
        phrase("what is so"),
        phrase("Say what is so, or let the word stand out: **nicht**."),
    ),
    "hint-abbreviation": (
        phrase("whole words"),
        phrase("Write it out: zum Beispiel."),
    ),
    "hint-parts": (
        phrase("one thought in a sentence"),
        phrase("Make a sentence of each part, or a list."),
    ),
}


def hints(markdown: str) -> Iterator[tuple[int, Hint]]:
    """Hints for a text, each with the line, counted from 0, where its sentence begins; one of each kind a sentence."""
    for line, sentence in markdown_checks.sentences(_LINK_TARGET.sub("]", markdown)):
        for hint in of_sentence(sentence):
            yield line, hint


def of_sentence(sentence: str) -> Iterator[Hint]:
    """Hints for one sentence, which may hold Markdown."""
    count = markdown_checks.words(sentence)
    if count > LONGEST_SENTENCE:
        expected = message("at most {most} words in a sentence, not {words}", most=LONGEST_SENTENCE, words=count)
        yield Hint("hint-sentence", sentence, expected, phrase("Make two of it."))
    long = next((word[0] for word in _WORD.finditer(sentence) if len(word[0]) > LONGEST_WORD), None)
    if long:
        expected = message("at most {most} letters without a hyphen", most=LONGEST_WORD)
        yield Hint("hint-word", long, expected, phrase("Part it: Trink-Wasser. Or take an easier word."))
    found = {
        "hint-genitive": _first(_GENITIVE, sentence),
        "hint-subjunctive": _first(_SUBJUNCTIVE, sentence),
        "hint-passive": _passive(sentence),
        "hint-negation": _first(_NEGATION, _BOLD.sub("", sentence)),
        "hint-abbreviation": _first(_ABBREVIATION, sentence),
        "hint-parts": sentence if _PARTS.search(sentence) else "",
    }
    yield from (Hint(reason, words, *_EXPECTED[reason]) for reason, words in found.items() if words)


def _first(pattern: re.Pattern[str], sentence: str) -> str:
    match = pattern.search(sentence)
    return match[0] if match else ""


def _passive(sentence: str) -> str:
    return next((match[0] for match in _PASSIVE.finditer(sentence) if not _NO_PARTICIPLE.fullmatch(match[1])), "")
