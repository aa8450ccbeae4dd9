"""The bars that stand in the page itself: complete without a program, and what is printed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from api.drawing import bars
from api.drawing.bars import BarDrawing, BarKind, BarValue
from api.webapp.views.trails.walked import WHOLE
from dashboards.explorer import words
from dashboards.explorer.rows import UsageRow
from dashboards.languages import t
from geodata.statistics.usage.buckets import UsageBucket

MOST_BARS = 400
"""More of them are thinner than a line."""
_NAMES = 6
"""Names below the bars, at most."""
_CLOSE = 14.0  # numbers of annotations nearer than this would touch each other


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageChart:
    """Bars of passes, and of scans below; ``names`` and ``notes`` are x and text, ``highest`` x, y, text of each."""

    passes: BarDrawing | None
    scans: BarDrawing | None
    names: Sequence[tuple[float, str]]
    notes: Sequence[tuple[float, str]]
    highest: tuple[float, float, str] | None
    highest_scans: tuple[float, float, str] | None
    how: str


def chart(rows: Sequence[UsageRow], bucket: UsageBucket) -> UsageChart:
    """Draw rows (at least one), MOST_BARS at most."""
    passes = bars.draw([_passes(row) for row in rows], [row.before for row in rows])
    scans = bars.draw([_scans(row) for row in rows])
    drawing = passes or scans
    return UsageChart(
        passes=passes,
        scans=scans,
        names=_names(rows, bucket, drawing) if drawing else (),
        notes=_notes(rows, drawing) if drawing else (),
        highest=_highest(passes, [row.passes.passes for row in rows]),
        highest_scans=_highest(scans, [row.scans for row in rows]),
        how=_how(rows, bucket, passes),
    )


def _passes(row: UsageRow) -> BarValue:
    if row.passes.passes is None:
        return BarValue(BarKind.GAP)
    whole = (row.passes.coverage or 0) >= WHOLE
    return BarValue(BarKind.COUNTED if whole else BarKind.PARTLY, row.passes.passes)


def _scans(row: UsageRow) -> BarValue:
    return BarValue(BarKind.GAP) if row.scans is None else BarValue(BarKind.COUNTED, row.scans)


def _how(rows: Sequence[UsageRow], bucket: UsageBucket, passes: BarDrawing | None) -> str:
    parts = [t("Balken: %(what)s", what=t(words.PASSES_BY[bucket]))]
    if passes and passes.marks:
        parts.append(t("Strich: im Jahr davor"))
    if passes and any(bar.kind is BarKind.PARTLY for bar in passes.bars):
        parts.append(t("hell: nur ein Teil der Zeit gezählt"))
    if passes is None or passes.gaps:
        parts.append(t("schraffiert: nicht gezählt"))
    if any(row.passes.shared for row in rows):
        parts.append(t("Geschätztes ist nicht in den Balken, es steht in der Tabelle"))
    return " · ".join(parts)


def _names(rows: Sequence[UsageRow], bucket: UsageBucket, drawing: BarDrawing) -> list[tuple[float, str]]:
    step = -(-len(rows) // _NAMES)
    return [(drawing.middles[at], words.axis_name(bucket, rows[at].start)) for at in range(step // 2, len(rows), step)]


def _notes(rows: Sequence[UsageRow], drawing: BarDrawing) -> list[tuple[float, str]]:
    """Where each annotation begins; those that would touch stand together."""
    found: list[tuple[float, str]] = []
    seen = set[int]()
    for x, row in zip(drawing.middles, rows, strict=True):
        begun = [number for number in row.notes if number not in seen]
        seen.update(begun)
        listed = ", ".join(map(str, begun))
        if begun and found and x - found[-1][0] < _CLOSE:
            found[-1] = (found[-1][0], f"{found[-1][1]}, {listed}")
        elif begun:
            found.append((x, listed))
    return found


def _highest(drawing: BarDrawing | None, counts: Sequence[int | None]) -> tuple[float, float, str] | None:
    if drawing is None or drawing.highest is None:
        return None
    at = drawing.highest
    bar = drawing.bars[sum(count is not None for count in counts[:at])]
    return drawing.middles[at], bar.y, words.number(counts[at] or 0)
