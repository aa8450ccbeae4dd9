"""Texts as numbered versions: drafts, the published one, and what saving another does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from geodata.model.content import StationContent
from geodata.model.plain_language import PlainLanguage
from geodata.model.trail import TrailContent

Text = StationContent | TrailContent


@dataclass(frozen=True, slots=True, order=True, kw_only=True)
class Slot:
    """What has versions: the text of a station (by code) or a trail (by slug), in one variant, for one season."""

    station: str = ""
    trail: str = ""
    variant: str
    season: str = ""

    @property
    def name(self) -> str:
        """«de», or «de.fruehling» of a season: as its file is called."""
        return f"{self.variant}.{self.season}" if self.season else self.variant

    @classmethod
    def of(cls, owner: str, text: Text) -> Slot:
        """The slot that a text belongs to; ``owner`` is the code or slug."""
        if isinstance(text, StationContent):
            return cls(station=owner, variant=text.variant, season=text.season)
        return cls(trail=owner, variant=text.variant)


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A saved text; ``text`` None: from this version on there is none. Not published: a draft."""

    slot: Slot
    number: int
    text: Text | None
    saved_at: datetime
    saved_by: str
    note: str = ""
    published_at: datetime | None = None
    published_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """Where a text stands: its newest version, and the one that is shown. Drafts are newer than ``shown``.

    ``plain``: what its versions say of who checked them, oldest first.
    """

    newest: Version
    shown: Version | None
    plain: tuple[PlainLanguage, ...] = ()

    @property
    def draft(self) -> Version | None:
        """The newest version while it waits to be published."""
        return self.newest if self.newest.published_at is None else None


@dataclass(frozen=True, slots=True)
class Author:
    """Who saves or publishes, and what for."""

    name: str
    note: str = ""


class Effect(StrEnum):
    """What saving a text does."""

    NOTHING = "same"
    NEW = "new"
    CHANGE = "changed"
    PUBLISH = "published"  # the draft that says the same
    END = "ended"


def effect(state: State | None, text: Text | None, *, publish: bool) -> Effect:
    """What saving ``text`` does to where a text stands; None ends it.

    As a draft it changes nothing where the newest version says the same; published, where the shown one does.
    """
    version = (state.shown if publish else state.newest) if state else None
    if version is not None and version.text == text:
        return Effect.NOTHING
    if publish and state and state.draft and state.draft.text == text:
        return Effect.PUBLISH
    if text is None:
        return Effect.END
    return Effect.NEW if version is None or version.text is None else Effect.CHANGE
