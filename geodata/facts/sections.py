"""Stretches of a trail as a table: read, checked against the line, and written back."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from geodata.facts import table, words
from geodata.facts.table import TableRow
from geodata.findings.content import TextFindings
from geodata.messages.message import message, phrase
from geodata.model.section import Passable, Section, Surface

FILE = "sections.csv"
COLUMNS: Mapping[str, Sequence[str]] = {
    "from_m": ("von", "von_m", "ab", "start", "from"),
    "to_m": ("bis", "bis_m", "ende", "end", "to"),
    "surface": ("belag", "oberfläche", "oberflaeche", "untergrund", "wegbelag", "boden"),
    "steps": ("stufen", "treppenstufen", "anzahl_stufen", "step_count"),
    "wheelchair": ("rollstuhl", "rollstuhlgerecht", "barrierefrei"),
    "pram": ("kinderwagen", "stroller", "buggy"),
    "width_cm": ("breite_cm", "wegbreite_cm", "mindestbreite_cm"),
    "note": ("hinweis", "anmerkung", "bemerkung", "notiz", "beschreibung"),
}
"""The columns of the table, with their other spellings."""

NEEDED = ("from_m", "to_m")
"""Columns without which no row is a stretch."""

_SLACK_M = 30.0
"""So far beyond the end of the line a last stretch may reach: lengths of two measurings differ."""
_GAP_M = 1.0
_OTHER_LENGTH = 0.05
_LONGEST_KM = 10.0
"""Of a trail whose length is not known, where its stretches may be in kilometres."""


def read(name: str, text: str, trail: str, length_m: float, findings: TextFindings) -> tuple[Section, ...]:
    """The stretches of a table, sorted along a trail of ``length_m``; a wrong one becomes a finding and is left out.

    ``length_m`` may be infinite where the line is not known.
    """
    rows = table.read(name, text, COLUMNS, findings, NEEDED)
    read_rows = [(section, row) for row in rows if (section := _section(row, trail, length_m)) is not None]
    read_rows.sort(key=lambda pair: pair[0].from_m)
    if read_rows and _are_kilometres((section for section, _ in read_rows), length_m):
        farthest, row = max(read_rows, key=lambda pair: pair[0].to_m)
        hint = phrase("Kilometres? 1.2 km are 1200 m; 1.200 is read as a little more than one metre.")
        row.refuse("to_m", f"{farthest.to_m:g}", phrase("metres along the line from its start"), hint)
        return ()
    kept: list[tuple[Section, TableRow]] = []
    for section, row in read_rows:
        if kept and section.from_m < kept[-1][0].to_m - _GAP_M:
            before = message("{metres:.0f} or more, where the stretch before it ends", metres=kept[-1][0].to_m)
            row.refuse("from_m", f"{section.from_m:g}", before)
            continue
        kept.append((section, row))
    return joined(section for section, _ in kept)


def joined(sections: Iterable[Section]) -> tuple[Section, ...]:
    """Sorted stretches of which none reaches into the next."""
    ordered = sorted(sections, key=lambda section: section.from_m)
    cut = [replace(section, to_m=min(section.to_m, after.from_m)) for section, after in pairwise(ordered)]
    return tuple(section for section in (*cut, *ordered[-1:]) if section.length_m > 0)


def write(sections: Iterable[Section], comment: str = "") -> str:
    """The table that read() reads as the same stretches."""
    rows = [(s.from_m, s.to_m, s.surface, s.steps, s.wheelchair, s.pram, s.width_cm, s.note) for s in sections]
    return table.write(tuple(COLUMNS), rows, comment)


def _are_kilometres(sections: Iterable[Section], length_m: float) -> bool:
    """Whether none reaches further in metres than the trail does in kilometres."""
    longest_km = length_m / 1000 if math.isfinite(length_m) else _LONGEST_KM
    return max(section.to_m for section in sections) <= longest_km * (1 + _OTHER_LENGTH)


def _section(row: TableRow, trail: str, length_m: float) -> Section | None:
    before = len(row.findings.errors)
    for column in NEEDED:
        row.require(column, phrase("metres along the line from its start"))
    ends = row.number("from_m", 0, length_m + _SLACK_M), row.number("to_m", 0, length_m + _SLACK_M)
    section = Section(
        trail=trail,
        from_m=min(ends[0] or 0.0, length_m),
        to_m=min(ends[1] or 0.0, length_m),
        surface=row.word("surface", words.surface_of, words.listed(Surface)),
        steps=row.whole("steps", 0, 10_000),
        wheelchair=row.word("wheelchair", words.passable_of, words.listed(Passable)),
        pram=row.word("pram", words.passable_of, words.listed(Passable)),
        width_cm=row.whole("width_cm", 1, 10_000),
        note=row.text("note"),
    )
    if len(row.findings.errors) > before:
        return None
    if section.length_m <= 0:
        row.refuse("to_m", f"{section.to_m:g}", message("more than {metres:g}", metres=section.from_m))
        return None
    return section
