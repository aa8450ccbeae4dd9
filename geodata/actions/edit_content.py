"""One text of a station or a trail, written by hand: saved as a draft, published, taken back to an earlier version.

Two people may write at once. Whoever saves says which version they began with; where another has been saved since,
nothing is written over.
"""

from __future__ import annotations

from dataclasses import dataclass

from geodata.actions.publish_content import release
from geodata.content.versions import Author, Slot, State, Text, Version
from geodata.errors import DigitalpfadError, NotFound
from geodata.findings.content import TextFindings
from geodata.store.catalogue import content_versions
from geodata.store.transaction import Transaction

NONE_YET = 0
"""The number of the version that a text begins with which nobody has saved before."""


class TextChanged(DigitalpfadError):
    """Another version was saved meanwhile; ``begun_with`` is the one that both began with, None without one."""

    def __init__(self, newest: Version, begun_with: Version | None) -> None:
        super().__init__()
        self.newest = newest
        self.begun_with = begun_with


@dataclass(frozen=True, slots=True)
class Written:
    """A text as it is to be saved, and the number of the version that its writer began with."""

    slot: Slot
    text: Text
    begun_with: int


def versions_of(connection: Transaction, slot: Slot) -> list[Version]:
    """The versions of one text, the oldest first."""
    of_owner = content_versions.history(connection, station=slot.station, trail=slot.trail)
    return [version for version in of_owner if version.slot == slot]


def save_draft(connection: Transaction, written: Written, author: Author) -> bool:
    """Keep a text as a draft, which nobody outside sees; False where the newest version says the same.

    Raises TextChanged where another text was saved since its writer began.
    """
    content_versions.lock(connection)
    versions = versions_of(connection, written.slot)
    newest = versions[-1] if versions else None
    if newest is not None and newest.number != written.begun_with and newest.text != written.text:
        begun = next((version for version in versions if version.number == written.begun_with), None)
        raise TextChanged(newest, begun)
    return content_versions.save(connection, written.slot, written.text, author, publish=False)


def publish_draft(
    connection: Transaction, trail: str, slot: Slot, number: int, author: Author, findings: TextFindings
) -> bool:
    """Show the draft with this number, unless the publication checks find an error; True where it is shown now.

    ``trail``: that of the text. Raises TextChanged where there is a newer version: what was looked at is what is shown.
    """
    content_versions.lock(connection)
    states = content_versions.states(connection, trail)
    state = _known(states, slot)
    if state.newest.number != number:
        raise TextChanged(state.newest, None)
    if state.draft is None:
        return False
    return bool(release(connection, [state.draft], states, author, findings))


def restore(connection: Transaction, slot: Slot, number: int, author: Author) -> bool:
    """Make an earlier version's text the newest draft; False where the newest says the same. Raises NotFound."""
    content_versions.lock(connection)
    versions = versions_of(connection, slot)
    chosen = next((version for version in versions if version.number == number), None)
    if chosen is None or chosen.text is None:
        raise NotFound("version", str(number))
    return content_versions.save(connection, slot, chosen.text, author, publish=False)


def _known(states: dict[Slot, State], slot: Slot) -> State:
    if slot not in states:
        raise NotFound("text", slot.name)
    return states[slot]
