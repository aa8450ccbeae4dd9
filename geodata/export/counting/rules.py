"""What a Table Schema cannot say of counting data: checked over files of measures, ours or anybody's.

Frictionless finds nothing in times without an offset, in counts that are NaN or below 0, in measures that overlap and
would be summed twice, and in channels that no file names. Each is told here with its line.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from geodata.export.counting.files import CHANNELS, MEASURES, QUALITIES
from geodata.findings.finding import Finding
from geodata.messages.message import message
from geodata.statistics.figure import FigureState

_Line = Mapping[str, str]


@dataclass(slots=True)
class _Seen:
    """How far each channel was read: the end of its newest measure."""

    channels: frozenset[str]
    until: dict[str, datetime] = field(default_factory=dict[str, datetime])


def check(channels: bytes, measures: bytes, qualities: bytes | None = None) -> list[Finding]:
    """What is wrong in a file of measures, with its channels and, where there is one, its file of quality."""
    known, found = _lines(channels, "channel", [column.name for column in CHANNELS.columns])
    lines, more = _lines(measures, "measure", [column.name for column in MEASURES.columns])
    found += more
    seen = _Seen(frozenset(line["channel_id"] for _, line in known))
    for number, line in lines:
        place = f"measure:{number}"
        found += [*_count(place, line), *_span(place, line, seen)]
    if qualities is not None:
        of_quality, more = _lines(qualities, "quality", [column.name for column in QUALITIES.columns])
        found += [*more, *_agree([line for _, line in lines], [line for _, line in of_quality])]
        found += [finding for number, line in of_quality for finding in _shares(f"quality:{number}", line)]
    return found


def _lines(data: bytes, name: str, expected: list[str]) -> tuple[list[tuple[int, _Line]], list[Finding]]:
    """Numbered lines by column; none where a required column is missing."""
    reader = csv.DictReader(io.StringIO(data.decode("utf-8-sig")), restval="")
    missing = [column for column in expected if column not in (reader.fieldnames or [])]
    if missing:
        sentence = message("The file of {file} lacks the column {column}.", file=name, column=missing[0])
        return [], [Finding("counting-column", name, missing[0], sentence=sentence)]
    return [(reader.line_num, line) for line in reader], []


def _count(place: str, line: _Line) -> Iterator[Finding]:
    text = line["count"]
    if not text:
        return
    try:
        count = float(text)
    except ValueError:
        count = math.nan
    if not math.isfinite(count) or count < 0:
        yield Finding("counting-count", place, text, message("a number from 0 on, or nothing where nobody counted"))


def _span(place: str, line: _Line, seen: _Seen) -> Iterator[Finding]:
    channel = line["channel_id"]
    if channel not in seen.channels:
        yield Finding("counting-channel", place, channel, message("a channel of the file of channels"))
    start, end = (_instant(line[name]) for name in ("start_datetime", "end_datetime"))
    for name, moment in (("start_datetime", start), ("end_datetime", end)):
        if moment is None:
            expected = message("a time with its offset, such as 2026-03-29T00:00:00+01:00")
            yield Finding("counting-time", place, line[name], expected)
    if start is None or end is None:
        return
    if start >= end:
        yield Finding("counting-order", place, line["end_datetime"], message("a time after start_datetime"))
        return
    before = seen.until.get(channel)
    if before is not None and start < before:
        hint = message("A sum over all lines would count these passes twice.")
        yield Finding(
            "counting-overlap", place, line["start_datetime"], message("a time from {end} on", end=before), hint
        )
    seen.until[channel] = end if before is None else max(before, end)


def _instant(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def _agree(measures: list[_Line], qualities: list[_Line]) -> Iterator[Finding]:
    """Each measure has its line of quality in the same place, which says whether it has a number."""
    if len(measures) != len(qualities):
        yield Finding("counting-quality", "quality", str(len(qualities)), message("as many lines as measures"))
        return
    for number, (measure, quality) in enumerate(zip(measures, qualities, strict=True), start=2):
        if any(measure[name] != quality[name] for name in QUALITIES.key):
            yield Finding("counting-quality", f"quality:{number}", quality["start_datetime"], measure["start_datetime"])
        elif bool(measure["count"]) != (quality["state"] in {FigureState.COUNTED, FigureState.ESTIMATED}):
            expected = message("counted or estimated where there is a count, hidden or no-data elsewhere")
            yield Finding("counting-state", f"quality:{number}", quality["state"], expected)


def _shares(place: str, line: _Line) -> Iterator[Finding]:
    """What is known hour by hour and what is estimated are shares of the same time, which is no longer than it is."""
    try:
        shares = [float(line[name]) for name in ("coverage", "estimated")]
    except ValueError:
        shares = [math.nan]
    if not (min(shares) >= 0 and round(sum(shares), 6) <= 1):
        said = f"{line['coverage']} + {line['estimated']}"
        yield Finding("counting-shares", place, said, message("two shares of the time, together at most 1"))
