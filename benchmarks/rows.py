"""A figure with its reference and its goal, and the table of them."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import psutil


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
        return self.name in {"full", "long"}


FULL = Scale("full", 100_000, 20_000, 30, 200_000, 10_000, 2_000_000)
LONG = replace(FULL, name="long", rows=50_000_000)
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


@dataclass(frozen=True, slots=True)
class Machine:
    """Where figures are from; ``load`` at the beginning and at the end, of the last minute."""

    processor: str
    cores: int
    memory_gb: int
    system: str
    python: str
    load: tuple[float, float]

    def __str__(self) -> str:
        begin, end = self.load
        where = f"{self.cores} cores ({self.processor}), {self.memory_gb} GB, {self.system}, Python {self.python}"
        return f"{where}; load {begin:.1f} at the beginning, {end:.1f} at the end"


def this_machine(load_at_begin: float) -> Machine:
    """The kind of machine that this is."""
    info = Path("/proc/cpuinfo")
    models = [line.partition(":")[2].strip() for line in info.read_text().splitlines() if line.startswith("model name")]
    return Machine(
        processor=models[0] if models else platform.machine(),
        cores=os.cpu_count() or 0,
        memory_gb=round(psutil.virtual_memory().total / 1e9),
        system=platform.freedesktop_os_release().get("PRETTY_NAME", platform.system()),
        python=platform.python_version(),
        load=(load_at_begin, os.getloadavg()[0]),
    )


def write_json(rows: Sequence[Row], scale: Scale, machine: Machine, path: Path) -> None:
    """Keep the figures with the kind of machine that they are from."""
    found = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": asdict(machine),
        "scale": scale.name,
        "rows": [asdict(row) | {"ratio": row.ratio, "reached": row.reached} for row in rows],
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n")


def write_docs(rows: Sequence[Row], machine: Machine, path: Path) -> None:
    """Put date, machine and table between the two marks of ``path``; what stands around them stays."""
    before, begin, rest = path.read_text().partition("<!-- figures: written by make bench -->\n")
    _, end, after = rest.partition("<!-- end of figures -->\n")
    if not begin or not end:
        raise ValueError(f"{path} lacks the two marks between which the figures stand")
    figures = f"\n**{datetime.now(UTC):%d %B %Y}**, {machine}\n\n{table(rows)}\n\n"
    path.write_text(before + begin + figures + end + after)


def _number(value: float | None) -> str:
    if value is None:
        return "–"
    if abs(value) >= 1000:
        return f"{value:,.0f}".replace(",", " ")
    return f"{value:.3g}"
