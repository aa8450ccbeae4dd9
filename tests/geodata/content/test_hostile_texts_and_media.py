"""Texts, pictures, recordings, films and JSON that take the memory, the time or the process of who reads them."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from geodata.bundle import json_rows
from geodata.bundle.notice_rows import NoticeRow
from geodata.content import frontmatter
from geodata.errors import InvalidInput
from geodata.findings.content import TextFindings
from geodata.media import mp4, sound
from geodata.media.prepare import prepare_bytes
from tests.fixtures.process.peak_memory import run_measured

HEAD = 'title: "Teiche"\nlead: "x"\npicture: {}\npicture_alt: "a"\npicture_credit: "b"\npicture_licence: "CC0-1.0"\n'


@pytest.mark.parametrize("nested", ["[", "{a: ", "- ", "? ", "&x [*x, "])
def test_a_head_that_is_nested_without_end_is_refused_in_a_sentence(nested: str) -> None:
    findings = TextFindings()
    document = frontmatter.read(f"---\ntitle: {nested * 60_000}\n---\nText", "de.md", ("title",), findings)
    assert document is None
    assert len(findings.errors) == 1
    assert str(findings.errors[0]).startswith("de.md, line 2 is ")


def test_a_head_of_many_brackets_is_read() -> None:
    findings = TextFindings()
    title = "[a] {b} - c ? d: e " * 20
    document = frontmatter.read(f'---\ntitle: "{title}"\n---\nText', "de.md", ("title",), findings)
    assert document is not None
    assert document.fields["title"] == title.strip()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b" " * (json_rows.MAX_BYTES + 1), "rules.json is larger than 5,000,000 bytes, expected at most"),
        (b'[{"id": "a", "texts": ' + b'{"a":' * 100_000, "rules.json is a file, expected what the format says"),
        (b'[{"id": "\xff"}]', "rules.json is a file, expected text in UTF-8. Save it anew as UTF-8."),
    ],
    ids=["long", "nested", "an encoding"],
)  # fmt: skip
def test_json_that_is_too_much_is_refused_in_a_sentence(tmp_path: Path, content: bytes, sentence: str) -> None:
    (tmp_path / "rules.json").write_bytes(content)
    with pytest.raises(InvalidInput) as caught:
        json_rows.decode(tmp_path / "rules.json", list[NoticeRow])
    assert sentence in str(caught.value)
    with pytest.raises(InvalidInput, match=r"is a file, expected a file that can be read\. Is a directory"):
        json_rows.decode(tmp_path, list[NoticeRow])


def test_json_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    (tmp_path / "rules.json").write_bytes(b"\xef\xbb\xbf[]")
    assert json_rows.decode(tmp_path / "rules.json", list[NoticeRow]) == []


def test_a_recording_of_a_million_tags_is_read_in_one_pass() -> None:
    tags = (b"ID3\4\0\0\0\0\0\0" + b"\0") * 1_000_000
    assert sound._after_tags(tags) == len(tags)
    with pytest.raises(InvalidInput, match=r"a\.mp3 is no MP3 file"):
        prepare_bytes(tags, "audio", "a.mp3")


def test_a_film_with_more_rows_than_any_film_is_damaged() -> None:
    rows = 300_000
    with pytest.raises(mp4._Broken, match="a table has more rows than any film"):
        mp4._numbers(struct.pack(">I", rows) + bytes(4 * rows), 0, "I")


def test_a_film_with_more_tracks_than_any_film_is_damaged_before_their_tables_are_read() -> None:
    handler = _box(b"hdlr", bytes(8) + b"soun" + bytes(13))
    index = _box(b"mvhd", bytes(100)) + 9 * _box(b"trak", _box(b"mdia", handler))
    with pytest.raises(mp4._Broken, match="it has more tracks than any film"):
        mp4._movie(_box(b"moov", index))


def _box(name: bytes, inner: bytes) -> bytes:
    return struct.pack(">I4s", len(inner) + 8, name) + inner


def content(folder: Path, picture: str) -> Path:
    """A folder of texts with a picture; returns where the picture goes."""
    (folder / "04-teiche").mkdir()
    (folder / "04-teiche" / "de.md").write_text(f"---\n{HEAD.format(picture)}---\nText\n")
    return folder / "04-teiche" / picture


@pytest.mark.parametrize(
    ("size", "saved"), [((7300, 5470), {}), ((6480, 4320), {"progressive": True, "subsampling": 0})]
)
def test_a_picture_of_the_most_megapixels_takes_no_more_memory_than_there_is(
    size: tuple[int, int], saved: dict[str, object], tmp_path: Path
) -> None:
    image = pytest.importorskip("PIL.Image")
    image.new("RGB", size, "green").save(content(tmp_path, "a.jpg"), **saved)
    taken = run_measured("content", "check", str(tmp_path))
    assert "media" not in taken.said
    assert taken.peak_mb < 300


@pytest.mark.parametrize(
    ("name", "size"), [("a.png", (4000, 3010)), ("a.webp", (3600, 2800)), ("a.avif", (4000, 3010))]
)
def test_a_picture_that_is_decoded_as_a_whole_may_be_smaller_only(
    name: str, size: tuple[int, int], tmp_path: Path
) -> None:
    image = pytest.importorskip("PIL.Image")
    image.new("RGB", size).save(tmp_path / name)
    with pytest.raises(
        InvalidInput, match=r"expected at most 1[02] megapixels. Save it smaller, or a photograph as JPEG"
    ):
        prepare_bytes((tmp_path / name).read_bytes(), "picture", name)
