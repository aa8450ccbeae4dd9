"""Publish stored versions that pass the publication checks: all together, or none of them."""

from __future__ import annotations

from collections.abc import Sequence

from geodata.content.checks import StoredText, check_text, check_together
from geodata.content.versions import Author, Slot, State, Text, Version
from geodata.findings.content import TextFindings
from geodata.store.catalogue import content_versions
from geodata.store.transaction import Transaction


def release(
    connection: Transaction,
    versions: Sequence[Version],
    states: dict[Slot, State],
    author: Author,
    findings: TextFindings,
) -> dict[Slot, int]:
    """Publish these versions, at most one of each text, unless the publication checks find an error.

    ``states``: those of the whole trail. Returns the number that is shown of each then, nothing where it is refused.
    """
    after = {slot: state.shown.text for slot, state in states.items() if state.shown is not None}
    after |= {version.slot: version.text for version in versions}
    for version in versions:
        if version.text is not None:
            check_text(StoredText(version.text, _name(version.slot)), findings)
    for owner in sorted({_owner(version.slot) for version in versions}):
        check_together(_of(owner, after), owner, findings)
    if findings.errors:
        return {}
    return {version.slot: content_versions.publish(connection, version, author) for version in versions}


def _of(owner: str, texts: dict[Slot, Text | None]) -> list[StoredText]:
    return [StoredText(text, _name(slot)) for slot, text in texts.items() if text is not None and _owner(slot) == owner]


def _owner(slot: Slot) -> str:
    return slot.station or slot.trail


def _name(slot: Slot) -> str:
    return f"{_owner(slot)}, {slot.name}"
