"""The bars of the report as an SVG with the colours of the sign: paper has no theme."""

from __future__ import annotations

from markupsafe import escape

from api.drawing.bars import BarKind
from dashboards.explorer.drawing import UsageChart

_FILLS = {BarKind.COUNTED: "#24522f", BarKind.PARTLY: "#91a897"}
_INK, _SOFT, _BARK = "#16211a", "#46544a", "#b3541e"


def svg(chart: UsageChart) -> str:
    """Bars from zero up; a gap is hatched, the year before a line. Empty where nothing was counted."""
    drawing = chart.passes
    if drawing is None:
        return ""
    parts = [
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="8 0 344 154" font-family="Atkinson Hyperlegible">',
        *(_hatched(x, width) for x, width in drawing.gaps),
        *(
            f'<rect x="{bar.x}" y="{bar.y}" width="{bar.width}" height="{bar.height}" fill="{_FILLS[bar.kind]}"/>'
            for bar in drawing.bars
            if bar.height
        ),
        *(f'<path d="M{x} {y}h{width}" stroke="{_BARK}" stroke-width="1.5"/>' for x, y, width in drawing.marks),
        f'<path d="M12 136h336" stroke="{_SOFT}" stroke-width=".75"/>',
        *(_text(min(max(x, 24), 336), 147, name, _SOFT) for x, name in chart.names),
        *(_text(min(max(x, 16), 344), 9, number, _INK) for x, number in chart.notes),
    ]
    if chart.highest:
        x, y, said = chart.highest
        parts.append(_text(min(max(x, 30), 330), y - 3, said, _INK))
    return "".join([*parts, "</svg>"])


def _text(x: float, y: float, said: str, fill: str) -> str:
    return f'<text x="{x}" y="{y}" font-size="8" text-anchor="middle" fill="{fill}">{escape(said)}</text>'


def _hatched(x: float, width: float) -> str:
    """Slanting lines from one edge to the other, by hand: not every reader of SVG knows patterns."""
    steps = range(0, max(round(width), 1), 4)
    lines = "".join(f"M{round(x + at, 1)} 136L{round(min(x + at + 4, x + width), 1)} 24" for at in steps)
    return f'<path d="{lines}" stroke="{_SOFT}" stroke-width=".35" fill="none"/>'
