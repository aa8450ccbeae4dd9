"""How changes of a trail's places and stretches are told, by an import of a trail and by one of tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from geodata.facts import wording
from geodata.facts.changes import Fate, PlaceStep, StretchesStep
from geodata.messages.message import Message, joined, message, phrase

_FATES = {fate: phrase(word) for fate, word in ((Fate.NEW, "new"), (Fate.CHANGED, "changed"),
          (Fate.UNCHANGED, "unchanged"), (Fate.KEPT, "kept"), (Fate.REMOVED, "removed"))}  # fmt: skip


def place_record(step: PlaceStep) -> dict[str, object]:
    """A place and what happens to it, for programs."""
    moved_m = step.moved_m
    return {
        "change": step.fate,
        "kind": step.place.kind,
        "name": step.place.name,
        "along_m": round(step.place.along_m, 1),
        "off_m": round(step.place.off_m, 1),
        "moved_m": None if moved_m is None else round(moved_m, 1),
    }


def stretches_record(step: StretchesStep) -> dict[str, object]:
    """What happens to the stretches, for programs."""
    return {"change": step.fate, "before": step.before, "after": step.after}


def fate(of: Fate) -> Message:
    """What happens, in a word."""
    return _FATES[of]


def what_happens(step: PlaceStep) -> Message:
    """In a word, and which columns change."""
    word = _FATES[step.fate]
    if step.fate is not Fate.CHANGED or step.before is None:
        return word
    before, after = step.before, step.place
    columns = [
        *([] if (before.lon, before.lat) == (after.lon, after.lat) else ["lon, lat"]),
        *(name for name in ("name", "note", "wheelchair") if getattr(before, name) != getattr(after, name)),
    ]
    return message("{change} ({columns})", change=word, columns=", ".join(columns)) if columns else word


def place_rows(steps: Iterable[PlaceStep]) -> list[tuple[object, ...]]:
    """A row for each place but those that are as before: what, what happens, where along the line, off it, moves."""
    return [
        (
            wording.called(step.place),
            what_happens(step),
            message("{metres:.0f} m", metres=step.place.along_m),
            message("{metres:.0f} m", metres=step.place.off_m),
            None if step.moved_m is None else message("{metres:.1f} m", metres=step.moved_m),
        )
        for step in steps
        if step.fate is not Fate.UNCHANGED
    ]


def places_summary(steps: Sequence[PlaceStep]) -> Message:
    """How many of each kind there are then, and what happens to how many; empty where there is none."""
    there = [step.place for step in steps if step.fate is not Fate.REMOVED]
    return joined([*wording.counts(there), *_fates(steps)]) if steps else phrase("")


def stretches_summary(step: StretchesStep) -> Message:
    """How many there are then, and what happens to them; empty where there is none."""
    if not step.before and not step.after:
        return phrase("")
    parts = [phrase(str(step.after)), _FATES[step.fate]]
    if step.fate in {Fate.CHANGED, Fate.REMOVED}:
        parts.append(message("{count} before", count=step.before))
    return joined(parts)


def _fates(steps: Sequence[PlaceStep]) -> list[Message]:
    """What happens to all, in one word, or to how many of them."""
    found = Counter(step.fate for step in steps)
    if len(found) == 1:
        return [_FATES[fate] for fate in found]
    said = {
        Fate.NEW: message("{count} of them new", count=found[Fate.NEW]),
        Fate.CHANGED: message("{count} of them changed", count=found[Fate.CHANGED]),
        Fate.KEPT: message("{count} of them not in the file", count=found[Fate.KEPT]),
        Fate.REMOVED: message("{count} go", count=found[Fate.REMOVED]),
    }
    return [sentence for fate, sentence in said.items() if found[fate]]
