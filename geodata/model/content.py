"""What a station says, in one variant of the language each."""

from __future__ import annotations

from dataclasses import dataclass

from geodata.model.media import Audio, Picture, SignVideo
from geodata.vocabulary.season import Season


@dataclass(frozen=True, slots=True, kw_only=True)
class StationContent:
    """What a station says in one variant. ``body`` is Markdown; ``answer`` belongs to ``question``.

    ``task`` is something to do without looking at the phone.
    The first of ``pictures`` stands above the text, the others below it.
    With a ``season`` (its short name) the text is shown on the days ``show`` instead of the one of all the year, which
    has neither.
    """

    variant: str
    title: str
    lead: str
    body: str
    question: str = ""
    answer: str = ""
    task: str = ""
    source: str = ""
    pictures: tuple[Picture, ...] = ()
    audio: Audio | None = None
    sign_video: SignVideo | None = None
    season: str = ""
    show: Season | None = None
