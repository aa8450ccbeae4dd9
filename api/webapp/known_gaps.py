"""Barriers that the pages are known to have, whatever a town writes: what, why, what goes instead, until when.

The accessibility statement names each; what a town's own texts lack is counted there and is not listed here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class GapWords:
    """A gap in the words of one variant: what is not accessible, for which reason, and what can be used instead."""

    what: str
    why: str
    instead: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownGap:
    """A gap by variant, as legal pages are written; ``until``: the day on which it is to be closed, if known."""

    words: Mapping[str, GapWords]
    until: date | None = None


KNOWN_GAPS = (
    KnownGap(
        words={
            "de": GapWords(
                "Noch kein Mensch mit Behinderung hat die Seiten geprüft, auch nicht mit einem Vorleseprogramm.",
                "Die Software ist neu; geprüft haben bisher Programme und die Entwickelnden. Programme finden nur einen"
                " Teil der Barrieren.",
            ),
            "de_simple": GapWords(
                "Noch kein Mensch mit Behinderung hat die Seiten geprüft.",
                "Die Seiten sind noch neu. Bis jetzt haben Computer die Seiten geprüft. Computer finden nicht alles.",
            ),
            "en": GapWords(
                "No person with a disability has tested the pages yet, nor has anyone with a screen reader.",
                "The software is new; so far programs and its developers have tested it. Programs find only a part of"
                " all barriers.",
            ),
        }
    ),
    KnownGap(
        words={
            "de": GapWords(
                "Die bewegliche Karte ist ein Bild: Ein Vorleseprogramm liest darin nichts vor.",
                "Die Karte zeichnet eine fremde Software.",
                "Alles auf der Karte steht daneben als Liste, und ohne JavaScript steht dort die gezeichnete Karte.",
            ),
            "de_simple": GapWords(
                "Die große Karte ist ein Bild. Ein Vorlese-Programm kann das Bild nicht lesen.",
                "Die Karte kommt von einem anderen Programm.",
                "Neben der Karte ist eine Liste. In der Liste steht alles.",
            ),
            "en": GapWords(
                "The map that moves is a picture: a screen reader reads nothing in it.",
                "It is drawn by software of others.",
                "All that is on the map stands beside it as a list, and without JavaScript the drawn map stands there.",
            ),
        }
    ),
)
