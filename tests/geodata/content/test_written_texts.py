"""What is written reads as the same text, whatever the text is."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from unicodedata import normalize

from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.content import folder as content_folder
from geodata.content import writing
from geodata.errors import InvalidInput
from geodata.findings.content import TextFindings
from geodata.model.content import StationContent
from geodata.model.media import Audio, Picture, SignVideo
from geodata.vocabulary.languages import VARIANTS
from geodata.vocabulary.season import Season
from tests.fixtures.web.hikers import PONDS

_CONTROLS = [*range(9), *range(11, 32), *range(127, 160)]
_REFUSED = [0x2028, 0x2029, *range(0x202A, 0x202F), *range(0x206A, 0x2070), *range(0xFFF9, 0xFFFC), 0xFEFF]
INVISIBLE = "".join(map(chr, [*_CONTROLS, *_REFUSED]))
LETTERS = st.characters(exclude_categories=["Cs", "Cn"], exclude_characters=INVISIBLE + "ÃÂâ\ufffd")


def composed(text: str) -> str:
    return normalize("NFC", text)  # as every text is once it was read


WORDS = (
    st.text(LETTERS, min_size=1, max_size=40).map(lambda text: composed(text.replace("\n", " ").strip())).filter(bool)
)
LINES = (
    st.lists(st.text(LETTERS, max_size=30).map(str.rstrip), min_size=1, max_size=6)
    .map("\n".join)
    .map(str.strip)
    .map(composed)
)
OPTIONAL = st.just("") | LINES
BODY = LINES.filter(bool)


@st.composite
def seasons(draw: st.DrawFn) -> tuple[str, Season | None]:
    name = draw(st.just("") | st.from_regex(r"[a-z0-9][a-z0-9-]{0,10}", fullmatch=True))
    try:
        days = st.tuples(st.integers(1, 12), st.integers(1, 28))
        return name, Season(draw(days), draw(days)) if name else None
    except InvalidInput:
        return name, Season((3, 1), (5, 31))


RIGHTS = {"author": st.just("") | WORDS, "licence": st.just("") | WORDS, "year": st.none() | st.integers(1826, 2100)}
PICTURES = st.builds(
    Picture, media=st.just("0" * 32), file=st.just("a.jpg"), alt=OPTIONAL, caption=st.just("") | WORDS, **RIGHTS
)  # fmt: skip


@st.composite
def station_texts(draw: st.DrawFn) -> StationContent:
    season, show = draw(seasons())
    return StationContent(
        variant=draw(st.sampled_from(VARIANTS)),
        title=draw(WORDS),
        lead=draw(WORDS),
        body=draw(BODY),
        question=draw(OPTIONAL),
        task=draw(OPTIONAL),
        answer=draw(OPTIONAL),
        source=draw(OPTIONAL),
        pictures=tuple(draw(st.lists(PICTURES, max_size=3))),
        audio=draw(st.none() | st.builds(Audio, media=st.just("0" * 32), file=st.just("a.mp3"), transcript=OPTIONAL)),
        sign_video=draw(
            st.none() | st.builds(SignVideo, media=st.just("0" * 32), file=st.just("a.mp4"), text=OPTIONAL)
        ),
        season=season,
        show=show,
    )


@settings(max_examples=300, deadline=None)
@given(station_texts())
def test_a_written_text_is_read_as_the_same_text_and_written_as_the_same_bytes(text: StationContent) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name, writing.folder_name(4, text.title))
        folder.mkdir()
        shown = [one for one in (*text.pictures, text.audio, text.sign_video) if one]
        for item in shown:
            (folder / item.file).write_bytes(item.file.encode())
        written = writing.write(text, PONDS)
        (folder / writing.file_name(text)).write_bytes(written.encode())
        findings = TextFindings()
        [folder] = content_folder.read(Path(name), findings)
    assert findings.found == []
    [one] = folder.texts
    read = one.text
    assert isinstance(read, StationContent)
    assert without_ids(read) == without_ids(text)
    assert writing.write(read, PONDS) == written
    assert (folder.number, folder.code) == (4, PONDS)


def without_ids(text: StationContent) -> StationContent:
    """The files have other bytes here than the ids say."""
    return replace(
        text,
        pictures=tuple(replace(one, media="") for one in text.pictures),
        audio=text.audio and replace(text.audio, media=""),
        sign_video=text.sign_video and replace(text.sign_video, media=""),
    )
