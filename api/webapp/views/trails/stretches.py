"""The ground stretch by stretch, and how far wheels get: a table, and a band to stand below the height profile."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from api.drawing.profile import WIDTH
from api.languages.texts import Texts
from api.webapp import wording
from api.webapp.views.trails.facts_words import PASSABLE, SURFACES
from geodata.model.section import Passable, Section
from geodata.model.sentences import marked

_GAP_M = 15.0
_BOTH = {"wheelchair": marked("Rollstuhl"), "pram": marked("Kinderwagen")}


@dataclass(frozen=True, slots=True)
class StretchRow:
    """A stretch in words; ``note`` is German text of the town."""

    reach: str
    ground: str
    steps: str
    width: str
    wheelchair: str
    pram: str
    note: str


@dataclass(frozen=True, slots=True)
class BandPart:
    """A part of a band from ``x`` on, ``width`` wide; ``state`` is yes, limited, no or unknown."""

    x: float
    width: float
    state: str


@dataclass(frozen=True, slots=True)
class Band:
    """Who gets along where; ``sums`` says it in a sentence."""

    label: str
    parts: tuple[BandPart, ...]
    sums: str


@dataclass(frozen=True, slots=True)
class StretchesCard:
    """All stretches of a trail, with gaps as stretches of which nothing is known."""

    rows: tuple[StretchRow, ...]
    bands: tuple[Band, ...]
    steps: str


def build(sections: Sequence[Section], length_m: float, t: Texts) -> StretchesCard | None:
    """The stretches of a trail of this length; None where nothing is known of any."""
    if not sections or length_m <= 0:
        return None
    whole = with_gaps(sections, length_m)
    return StretchesCard(
        rows=tuple(_row(section, t) for section in whole),
        bands=tuple(_band(t(label), whole, length_m, name, t) for name, label in _BOTH.items()),
        steps=_all_steps(whole, t),
    )


def with_gaps(sections: Sequence[Section], length_m: float) -> list[Section]:
    """The stretches and, where something lies between two of them, one of which nothing is known."""
    trail = sections[0].trail
    ends = [Section(trail=trail, from_m=0, to_m=0), *sections, Section(trail=trail, from_m=length_m, to_m=length_m)]
    whole: list[Section] = []
    for before, after in pairwise(ends):
        if after.from_m - before.to_m > _GAP_M:
            whole.append(Section(trail=trail, from_m=before.to_m, to_m=after.from_m))
        whole.append(after)
    return [section for section in whole if section.length_m > 0]


def _row(section: Section, t: Texts) -> StretchRow:
    width = wording.number(section.width_cm / 100, 1, t) if section.width_cm else ""
    return StretchRow(
        reach=_reach(section, t),
        ground=t(SURFACES[section.surface]) if section.surface else t("Untergrund nicht bekannt"),
        steps=_steps(section.steps, t),
        width=t("%(width)s\u00a0m breit", width=width) if width else "",
        wheelchair=t(PASSABLE[section.wheelchair]),
        pram=t(PASSABLE[section.pram]),
        note=section.note,
    )


def _reach(section: Section, t: Texts) -> str:
    """From where to where; finer than other distances where both ends would read the same."""
    start, end = (wording.distance(along_m, t) for along_m in (section.from_m, section.to_m))
    if start == end:
        start, end = (f"{wording.number(along_m / 1000, 2, t)}\u00a0km" for along_m in (section.from_m, section.to_m))
    return t("%(start)s bis %(end)s", start=t("Start") if section.from_m < 1 else start, end=end)


def _steps(steps: int | None, t: Texts) -> str:
    """Nothing to say where there is none; what nobody has counted is said once for all."""
    return t.plural("eine Stufe", "%(number)s Stufen", steps) if steps else ""


def _all_steps(sections: Sequence[Section], t: Texts) -> str:
    counted = [section.steps for section in sections if section.steps is not None]
    total, unknown = sum(counted), len(counted) < len(sections)
    if not unknown:
        whole = t.plural("Eine Stufe auf dem ganzen Weg.", "%(number)s Stufen auf dem ganzen Weg.", total)
        return whole if total else t("Keine Stufen auf dem ganzen Weg.")
    least = t.plural("Mindestens eine Stufe.", "Mindestens %(number)s Stufen.", total) if total else ""
    return " ".join(filter(None, (least, t("Auf einem Teil des Wegs hat niemand die Stufen gezählt."))))


def _band(label: str, sections: Sequence[Section], length_m: float, name: str, t: Texts) -> Band:
    lengths = dict.fromkeys((*Passable, None), 0.0)
    parts: list[BandPart] = []
    for section in sections:
        state: Passable | None = getattr(section, name)
        lengths[state] += section.length_m
        x, width = WIDTH * section.from_m / length_m, WIDTH * section.length_m / length_m
        parts.append(BandPart(round(x, 1), round(width, 1), state.value if state else "unknown"))
    words = [f"{t(PASSABLE[state])}: {wording.distance(metres, t)}" for state, metres in lengths.items() if metres >= 1]
    return Band(label, tuple(parts), ", ".join(words))
