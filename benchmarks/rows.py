"""A figure with its reference and its goal, and the table of them."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal


@dataclass(frozen=True, slots=True)
class Row:
    """One figure. The goal is for ``ours / reference`` where there is a reference, else for ``ours``.

    ``better`` says on which side of the goal it is reached; without ``goal`` the row only informs.
    """

    subject: str
    what: str
    ours: float | None
    unit: str
    reference: float | None = None
    reference_is: str = ""
    goal: float | None = None
    better: Literal["more", "less"] = "more"
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """Ours / reference."""
        return self.ours / self.reference if self.ours is not None and self.reference else None

    @property
    def reached(self) -> bool | None:
        """Whether the goal is reached; None where there is none, or no figure."""
        figure = self.ratio if self.reference_is else self.ours
        if self.goal is None or figure is None:
            return None
        return figure >= self.goal if self.better == "more" else figure <= self.goal


@dataclass(frozen=True, slots=True)
class Scale:
    """How much of everything: the full form for figures, the short and the tiny one for «it still runs»."""

    name: str
    messages: int
    peer_messages: int
    live_s: float
    memory_messages: int
    devices: int
    rows: int

    @property
    def whole(self) -> bool:
        """Whether the figures count."""
        return self.name == "full"


FULL = Scale("full", 100_000, 20_000, 30, 200_000, 10_000, 3_000_000)
SHORT = Scale("short", 10_000, 2_000, 3, 20_000, 1_000, 200_000)
TINY = Scale("tiny", 6_000, 500, 1, 1_000, 200, 10_000)


def table(rows: Sequence[Row]) -> str:
    """The rows as a Markdown table."""
    lines = ["| what | ours | reference | ratio | goal | reached |", "| --- | ---: | ---: | ---: | ---: | --- |"]
    for row in rows:
        reference = f"{_number(row.reference)} ({row.reference_is})" if row.reference_is else ""
        goal = "" if row.goal is None else f"{'≥' if row.better == 'more' else '≤'} {row.goal:g}"
        reached = {True: "yes", False: "**no**", None: ""}[row.reached]
        what = f"{row.subject}: {row.what}" + (f" ({row.note})" if row.note else "")
        ratio = f"{row.ratio:.2f}" if row.ratio is not None and row.reference_is else ""
        ours = f"{_number(row.ours)} {row.unit}"
        lines.append(f"| {what} | {ours} | {reference} | {ratio} | {goal} | {reached} |")
    return "\n".join(lines)


def write_json(rows: Sequence[Row], scale: Scale, path: Path) -> None:
    """Keep the figures with the kind of machine that they are from."""
    found = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": {"cores": os.cpu_count(), "system": platform.platform(), "python": platform.python_version()},
        "load": os.getloadavg(),
        "scale": scale.name,
        "rows": [asdict(row) | {"ratio": row.ratio, "reached": row.reached} for row in rows],
    }
    path.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n")


def _number(value: float | None) -> str:
    if value is None:
        return "–"
    if abs(value) >= 1000:
        return f"{value:,.0f}".replace(",", " ")
    return f"{value:.3g}"
