"""Names that would stand on signs with broken letters: refused, as in folders of texts."""

from __future__ import annotations

from collections.abc import Iterator

from geodata.findings.finding import LonLat
from geodata.findings.trail_file import Findings
from geodata.messages.message import message, phrase
from geodata.text.broken import INVISIBLE, TWICE_ENCODED
from geodata.trailfiles.draft.records import Draft

_ENCODING = message(
    "Read the file with {option[encoding]}, such as {option[encoding]:cp1252} or cp850, or correct it in your GIS."
)
_AROUND = 15
_MANY = 5


def check(draft: Draft, findings: Findings) -> None:
    """An error for each of the first texts that hold control characters or broken umlauts."""
    together = "\n".join(text for _, text, _ in _texts(draft))
    if not (INVISIBLE.search(together) or TWICE_ENCODED.search(together)):
        return
    broken = 0
    for what, text, place in _texts(draft):
        for pattern, expected in ((INVISIBLE, "no invisible characters"), (TWICE_ENCODED, "whole umlauts and signs")):
            match = pattern.search(text)
            if match and broken < _MANY:
                broken += 1
                excerpt = repr(text[max(match.start() - _AROUND, 0) : match.end() + _AROUND])
                sentence = message("{what} holds broken letters: {text}.", what=phrase(what), text=excerpt)
                findings.error(sentence, expected, _ENCODING, place, reason="letters-broken")


def _texts(draft: Draft) -> Iterator[tuple[str, str, LonLat | None]]:
    yield "The name of the trail", draft.name, None
    for name, value in draft.properties.items():
        yield message("The property {name}", name=name), value, None
    for station in draft.stations:
        yield "The name of a station", f"{station.name}{station.code}", (station.lon, station.lat)
    for place in draft.places:
        yield "The name of a place", f"{place.name}{place.note}", (place.lon, place.lat)
