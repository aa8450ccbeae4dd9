"""What a station says, in one variant of the language each."""

from __future__ import annotations

from dataclasses import dataclass

from geodata.model.media import Audio, Picture, SignVideo
from geodata.model.plain_language import CheckState, PlainLanguage
from geodata.vocabulary.season import Season


@dataclass(frozen=True, slots=True, kw_only=True)
class StationContent:
    """What a station says in one variant. ``body`` is Markdown; ``answer`` belongs to ``question``.

    ``task`` is something to do without looking at the phone.
    The first of ``pictures`` stands above the text, the others below it.
    With a ``season`` (its short name) the text is shown on the days ``show`` instead of the one of all the year, which
    has neither. ``plain`` is of a text in plain language.
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
    plain: PlainLanguage | None = None

    @property
    def words(self) -> tuple[str, ...]:
        """All that a reader of the text reads: not who made a picture, nor where the facts are from."""
        pictures = [words for picture in self.pictures for words in (picture.alt, picture.caption)]
        spoken = self.audio.transcript if self.audio else ""
        signed = self.sign_video.text if self.sign_video else ""
        own = (self.title, self.lead, self.body, self.question, self.answer, self.task)
        return (*own, *pictures, spoken, signed)

    @property
    def check_state(self) -> CheckState:
        """Whether a group of readers has checked these words."""
        return self.plain.state(self.words) if self.plain else CheckState.UNCHECKED
