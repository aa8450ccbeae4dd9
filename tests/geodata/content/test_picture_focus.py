"""``picture_focus``: the point of a picture that matters, read and written."""

from __future__ import annotations

from dataclasses import replace

import pytest

from geodata.content import frontmatter, media_fields, media_head
from geodata.errors import InvalidInput
from geodata.findings.content import TextFindings
from geodata.model.content import StationContent
from geodata.model.media import Picture

KNOWN = ("title", *media_fields.FIELDS)


def focus_of(line: str) -> tuple[int, int] | None:
    document = frontmatter.read(f"---\npicture: a.jpg\n{line}\n---\n", "de.md", KNOWN, TextFindings())
    assert document is not None
    return media_head.read(document, "de.md", lambda *_: "0" * 32).pictures[0].focus


@pytest.mark.parametrize(("written", "focus"), [("30 60", (30, 60)), ("0, 100", (0, 100)), ('"7;5"', (7, 5))])
def test_two_numbers_are_per_cent_from_left_and_above(written: str, focus: tuple[int, int]) -> None:
    assert focus_of(f"picture_focus: {written}") == focus


def test_a_picture_without_a_point_has_none() -> None:
    assert focus_of("picture_alt: Teich") is None


@pytest.mark.parametrize("written", ["101 5", "30", "-1 5", "Mitte", "1.5 2"])
def test_anything_else_is_refused_by_its_line(written: str) -> None:
    with pytest.raises(InvalidInput, match=r"de\.md, line 3"):
        focus_of(f"picture_focus: {written}")


def test_what_is_written_is_read_as_the_same_point() -> None:
    picture = Picture(media="0" * 32, file="a.jpg", focus=(0, 42))
    text = StationContent(variant="de", title="T", lead="L", body="B", pictures=(picture,))
    written = media_fields.write(text)["picture_focus"]
    assert focus_of(f"picture_focus: {written}") == (0, 42)
    assert "picture_focus" not in media_fields.write(replace(text, pictures=(replace(picture, focus=None),)))
