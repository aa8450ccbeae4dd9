"""What is said of a picture, a recording or a film: the fields of its form, and the item that they make."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace

from wtforms import BooleanField, Field, IntegerField, StringField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from dashboards.content.fields import PART_LABELS
from dashboards.forms import GermanForm
from dashboards.languages import marked
from geodata.content import media_fields
from geodata.content.versions import Text
from geodata.media.files import AUDIO, PICTURE, SIGN_VIDEO
from geodata.model.content import StationContent
from geodata.model.media import Audio, Picture, SignVideo
from geodata.text.broken import UNFIT

Item = Picture | Audio | SignVideo

LICENCES: Mapping[str, str] = {
    "": marked("Bitte wählen"),
    "CC-BY-4.0": marked("CC BY 4.0: alle dürfen es nutzen und müssen Sie nennen"),
    "CC-BY-SA-4.0": marked("CC BY-SA 4.0: wie CC BY, was daraus wird, bleibt frei"),
    "CC0-1.0": marked("CC0: alle dürfen alles damit"),
    "LicenseRef-permission": marked("nur für diesen Pfad erlaubt"),
}
ENDINGS: Mapping[str, tuple[tuple[bytes, str], ...]] = {
    PICTURE: ((b"\xff\xd8", ".jpg"), (b"\x89PNG", ".png"), (b"RIFF", ".webp")),
    AUDIO: ((b"ID3", ".mp3"), (b"\xff", ".mp3")),
    SIGN_VIDEO: (),
}
"""How the bytes of a file of each kind begin; those that begin otherwise have their kind written at byte 4."""
_FTYP: Mapping[str, str] = {PICTURE: ".avif", AUDIO: ".m4a", SIGN_VIDEO: ".mp4"}
_FOREIGN = re.compile(r"[^\w.-]+")


def kind_of(field: str) -> str:
    """``picture`` of ``picture_2``."""
    return PICTURE if field.startswith(PICTURE) else field


def _fit(_: object, field: Field) -> None:
    if UNFIT.search(str(field.data or "").replace("\r\n", "\n")):
        raise ValidationError(
            marked("Der Text hat unsichtbare Zeichen. Bitte tippen Sie ihn neu, statt ihn einzufügen.")
        )


_LINE = (Length(max=500, message=marked("Das ist viel zu lang. Bitte kürzen Sie den Text.")), _fit)
_TEXT = (Length(max=20_000, message=marked("Das ist viel zu lang. Bitte kürzen Sie den Text.")), _fit)
_PER_CENT = (
    Optional(),
    NumberRange(min=0, max=100, message=marked("Bitte geben Sie eine Zahl von 0 bis 100 ein.")),
)


class MediaForm(GermanForm):
    """All that is said of a file; ``media`` is which file it was when the page was opened."""

    media = StringField()
    alt = StringField(PART_LABELS["alt"], _LINE)
    decorative = BooleanField(marked("Das Bild ist nur Schmuck und sagt nichts, was nicht im Text steht"))
    caption = StringField(PART_LABELS["caption"], _LINE)
    transcript = TextAreaField(PART_LABELS["transcript"], _TEXT)
    text = TextAreaField(PART_LABELS["text"], _TEXT)
    author = StringField(PART_LABELS["author"], _LINE)
    licence = StringField(PART_LABELS["licence"], _LINE)
    year = IntegerField(
        PART_LABELS["year"],
        [Optional(), NumberRange(1826, 2100, marked("Bitte schreiben Sie das Jahr mit vier Ziffern."))],
    )
    focus_x = IntegerField(marked("Von links in Prozent"), _PER_CENT)
    focus_y = IntegerField(marked("Von oben in Prozent"), _PER_CENT)
    consent = BooleanField(marked("Alle, die man erkennt oder hört, sind einverstanden, bei Kindern die Eltern"))

    @classmethod
    def of(cls, item: Item) -> MediaForm:
        """What is said of ``item``."""
        names = ("media", "alt", "decorative", "caption", "transcript", "text", "author", "licence", "year")
        said = {name: getattr(item, name) for name in names if hasattr(item, name)}
        focus = item.focus if isinstance(item, Picture) else None
        return cls(data={**said, "focus_x": focus[0] if focus else None, "focus_y": focus[1] if focus else None})

    def validate_decorative(self, field: Field) -> None:
        """What is decorative needs no words."""
        if field.data and str(self.alt.data or "").strip():
            raise ValidationError(
                marked("Bitte wählen Sie eines: eine Bildbeschreibung, oder dass das Bild nur Schmuck ist.")
            )

    def need_consent(self) -> None:
        """A file that comes now comes with the word that it may."""
        self.consent.validators = (
            InputRequired(marked("Ohne dieses Einverständnis darf die Datei nicht auf die Seite.")),
        )

    def item(self, item: Item) -> Item:
        """``item``, of which this is said from now on."""
        rights = {"author": self._line("author"), "licence": self._line("licence"), "year": self.year.data}
        if isinstance(item, Audio):
            return replace(item, transcript=self._text("transcript"), **rights)
        if isinstance(item, SignVideo):
            return replace(item, text=self._text("text"), **rights)
        x, y = self.focus_x.data, self.focus_y.data
        return replace(
            item,
            alt=self._line("alt"),
            decorative=bool(self.decorative.data),
            caption=self._line("caption"),
            focus=None if x is None or y is None else (x, y),
            **rights,
        )

    def _line(self, name: str) -> str:
        return " ".join(str(self[name].data or "").split())

    def _text(self, name: str) -> str:
        return str(self[name].data or "").replace("\r\n", "\n").strip()


@dataclass(frozen=True, slots=True)
class NamedFile:
    """A file that came in, with a name fit for a folder, whose ending is what the bytes are."""

    data: bytes
    name: str

    @classmethod
    def of(cls, data: bytes, name: str, kind: str) -> NamedFile:
        """What somebody sent; of its name nothing is believed."""
        stem, _, ending = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2].rpartition(".")
        plain = _FOREIGN.sub("-", stem or ending).strip("-.")[:60] or kind.replace("_", "-")
        real = next((known for start, known in ENDINGS[kind] if data.startswith(start)), "")
        if not real:
            real = _FTYP[kind] if data[4:8] == b"ftyp" else f".{_FOREIGN.sub('', ending)[:8].lower() or 'bin'}"
        return cls(data, plain + real)


def empty_item(kind: str, media: str, name: str) -> Item:
    """A file of which nothing is said yet; a picture is given out as a JPEG, whatever it was."""
    if kind == PICTURE:
        return Picture(media=media, file=f"{name.rpartition('.')[0]}.jpg")
    return Audio(media=media, file=name) if kind == AUDIO else SignVideo(media=media, file=name)


def item_at(text: Text | None, field: str) -> Item | None:
    """The file that a text shows at ``field``."""
    return dict(media_fields.items(text)).get(field) if isinstance(text, StationContent) else None


def with_item(text: StationContent, field: str, item: Item | None) -> StationContent:
    """The text with this file at ``field``, or none; the first free place is behind the last picture."""
    if kind_of(field) != PICTURE:
        return replace(text, **{field: item})
    index = media_fields.PICTURES.index(field)
    pictures = [*text.pictures[:index], *([item] if isinstance(item, Picture) else []), *text.pictures[index + 1 :]]
    return replace(text, pictures=tuple(pictures))
