"""Pictures: what people hand in becomes upright, sRGB, free of metadata, or a sentence that says what to do."""

from __future__ import annotations

import io
import struct
import zlib
from contextlib import suppress
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms

from geodata.errors import InvalidInput
from geodata.media.pictures import render
from geodata.media.renditions import Encoded
from tests.fixtures.trails.media import photo

PLACE = "content/04-teiche/erle.jpg"
GPS, XMP = 0x8825, b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>Anna Beispiel</x:xmpmeta>"


def opened(encoded: Encoded) -> Image.Image:
    return Image.open(io.BytesIO(encoded.data))


def colour(image: Image.Image, at: tuple[int, int]) -> tuple[int, int, int]:
    return cast("tuple[int, int, int]", image.convert("RGB").getpixel(at))


def is_red(image: Image.Image, at: tuple[int, int]) -> bool:
    red, green, blue = colour(image, at)
    return red > 180 and green < 70 and blue < 70


def with_secrets(orientation: int = 1, width: int = 1200, height: int = 800) -> bytes:
    """A JPEG as a phone writes it: place, name, remark, XMP, colour profile, turned by a tag."""
    exif = Image.Exif()
    exif[0x0112], exif[0x013B], exif[0x010F] = orientation, "Anna Beispiel", "Telefon 12"
    exif.get_ifd(GPS).update({1: "N", 2: (52.0, 3.0, 5.58), 3: "E", 4: (8.0, 55.0, 0.38)})
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return photo(width, height, exif=exif, comment=b"fuer Oma", xmp=XMP, icc_profile=profile, quality=90)


def segments(jpeg: bytes) -> list[int]:
    """The markers of a JPEG up to its picture data."""
    at, found = 2, list[int]()
    while jpeg[at + 1] != 0xDA:
        found.append(jpeg[at + 1])
        at += 2 + struct.unpack_from(">H", jpeg, at + 2)[0]
    return found


def test_a_picture_comes_in_three_sizes_as_avif_and_jpeg() -> None:
    encoded = render(photo(2000, 1500), PLACE)
    assert [(one.name, one.width, one.height) for one in encoded] == [
        ("480.avif", 480, 360), ("480.jpg", 480, 360), ("960.avif", 960, 720), ("960.jpg", 960, 720),
        ("1600.avif", 1600, 1200), ("1600.jpg", 1600, 1200),
    ]  # fmt: skip
    for one in encoded:
        image = opened(one)
        assert (image.format, image.size) == ("AVIF" if one.name.endswith("avif") else "JPEG", (one.width, one.height))
        assert one.content_type == f"image/{str(image.format).lower()}"
    assert all(opened(one).info.get("progressive") for one in encoded if one.name.endswith("jpg"))


@pytest.mark.parametrize(("width", "widths"), [(480, [480]), (540, [540]), (700, [480, 700]), (1300, [480, 960, 1300])])
def test_a_small_picture_is_never_enlarged(width: int, widths: list[int]) -> None:
    assert [one.width for one in render(photo(width, 400), PLACE)] == [w for w in widths for _ in "ab"]


def test_nothing_of_the_camera_the_person_or_the_place_is_left() -> None:
    original = with_secrets()
    for secret in (b"Exif", b"Anna Beispiel", b"fuer Oma", b"xap", b"ICC_PROFILE"):
        assert secret in original
    for one in render(original, PLACE):
        image = opened(one)
        assert not image.getexif()
        assert not {"exif", "xmp", "icc_profile", "comment", "photoshop"} & image.info.keys()
        for trace in (b"Exif", b"Anna", b"Telefon", b"fuer Oma", b"xap", b"xmp", b"ICC_PROFILE", b"prof", b"mime"):
            assert trace not in one.data, (one.name, trace)
        if one.name.endswith("jpg"):
            # JFIF's own APP0 and tables; APP1 (Exif, XMP), APP2 (ICC), APP13 (IPTC) and remarks are other markers
            assert set(segments(one.data)) <= {0xE0, 0xDB, 0xC2, 0xC4}


@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_turn_that_a_camera_only_noted_is_done(orientation: int) -> None:
    corners = {1: "tl", 2: "tr", 3: "br", 4: "bl", 5: "tl", 6: "tr", 7: "br", 8: "bl"}  # where the red one shows then
    for one in render(with_secrets(orientation), PLACE)[:2]:
        image = opened(one)
        assert (image.width > image.height) == (orientation < 5)
        x = 20 if "l" in corners[orientation] else image.width - 20
        y = 20 if "t" in corners[orientation] else image.height - 20
        assert is_red(image, (x, y))
        assert not is_red(image, (image.width - x, image.height - y))


def test_transparent_parts_become_white() -> None:
    image = Image.new("RGBA", (600, 400), (0, 0, 0, 0))
    image.paste((220, 20, 20, 255), (0, 0, 100, 100))
    out = io.BytesIO()
    image.save(out, "PNG")
    for one in render(out.getvalue(), "blatt.png"):
        assert min(colour(opened(one), (450, 300))) > 250
        assert is_red(opened(one), (30, 30))


def test_other_colours_become_srgb() -> None:
    """A profile with red and green swapped: what is written red means green."""
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped = srgb.replace(b"rXYZ", b"~~~~").replace(b"gXYZ", b"rXYZ").replace(b"~~~~", b"gXYZ")
    for one in render(photo(icc_profile=swapped), PLACE):
        red, green, _ = colour(opened(one), (10, 10))
        assert green > 150
        assert red < 110


def test_sixteen_bits_of_grey_are_scaled_and_not_cut() -> None:
    out = io.BytesIO()
    Image.new("I;16", (600, 400), 32768).save(out, "PNG")
    assert all(abs(colour(opened(one), (300, 200))[0] - 128) < 4 for one in render(out.getvalue(), "a.png"))


def test_the_same_file_gives_the_same_bytes() -> None:
    data = with_secrets()
    assert render(data, PLACE) == render(data, PLACE)


def png_claiming(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says it is enormous."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(100))) + chunk(b"IEND", b"")


def animation() -> bytes:
    out = io.BytesIO()
    frames = [Image.new("RGB", (600, 400), colour) for colour in ("red", "blue")]
    frames[0].save(out, "WEBP", save_all=True, append_images=frames[1:])
    return out.getvalue()


def for_print() -> bytes:
    out = io.BytesIO()
    Image.new("CMYK", (600, 400), (0, 255, 255, 0)).save(out, "JPEG")
    return out.getvalue()


def as_gif() -> bytes:
    return photo(600, 400, "GIF")


GOOD = photo()
SEVERAL_PASSES = r"expected at most 28 megapixels in a progressive JPEG\. Save it smaller, or as a JPEG that is not"


def claiming(jpeg: bytes, width: int, height: int, *, in_first_pass: int = 3) -> bytes:
    """``jpeg`` with another size in its head, and so many colours in its first pass."""
    found, at = bytearray(jpeg), 2
    while found[at + 1] != 0xDA:
        if found[at + 1] in {0xC0, 0xC2}:
            struct.pack_into(">HH", found, at + 5, height, width)
        at += 2 + struct.unpack_from(">H", found, at + 2)[0]
    found[at + 4] = in_first_pass
    return bytes(found)


REFUSED = {
    "a progressive JPEG": ("a.jpg", claiming(photo(progressive=True), 6_500, 4_400), SEVERAL_PASSES),
    "colour after colour": ("a.jpg", claiming(photo(), 6_500, 4_400, in_first_pass=1), SEVERAL_PASSES),
    "a bomb of 8000 megapixels": ("a.png", png_claiming(100_000, 80_000), r"more than 178 megapixels.*at most 40 mega"),
    "too many pixels": (
        "a.png",
        png_claiming(10_000, 8_000),
        r"is 10000 × 8000 pixels, expected at most 12 megapixels\. Save it smaller, or",
    ),
    "nothing behind its head": (
        "a.png",
        png_claiming(2_000, 1_000),
        r"is damaged, expected a whole picture\. Copy the",
    ),
    "cut off": ("a.jpg", GOOD[: len(GOOD) // 2], r"is damaged, expected a whole picture"),
    "an empty file": ("a.jpg", b"", r"is no picture that we know, expected JPEG, PNG, WebP or AVIF\. Save it as JPEG"),
    "a text": ("a.jpg", b"<html>" * 50, r"is no picture that we know"),
    "a drawing with scripts in it": ("a.jpg", b"<svg onload=alert(1)>", r"is a file in the format SVG, expected JPEG"),
    "a GIF": ("a.jpg", as_gif(), r"is a file in the format GIF, expected JPEG, PNG, WebP or AVIF"),
    "an iPhone's own format": ("a.jpg", b"\0\0\0\x18ftypheic" + bytes(50), r"is a HEIC picture.*Settings > Camera"),
    "for a printer": ("a.jpg", for_print(), r"is in printing colours \(CMYK\), expected RGB\. Save it as RGB"),
    "another ending": (
        "a.png",
        GOOD,
        r"a\.png is a file in the format JPEG, expected what its ending says\. Rename it to a\.jpg",
    ),
    "an animation": ("a.webp", animation(), r"is an animation, expected one picture that stands still"),
    "a preview": ("a.jpg", photo(320, 240), r"is 320 pixels wide, expected at least 480\. Take the original"),
    "a strip": ("a.jpg", photo(4000, 400), r"is 4000 × 400 pixels, expected at most four times as wide as high"),
    "a column": (
        "a.jpg",
        photo(480, 2000),
        r"is 480 × 2000 pixels, expected .* at most twice as high as wide\. Cut it",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_shown_is_refused_with_file_value_and_mend(case: str) -> None:
    place, data, sentence = REFUSED[case]
    with pytest.raises(InvalidInput, match=sentence):
        render(data, place)


SMALL = {
    "a.jpg": photo(480, 320),
    "a.png": photo(480, 320, "PNG"),
    "a.webp": photo(480, 320, "WEBP"),
    "a.avif": photo(480, 320, "AVIF"),
}


@given(st.sampled_from(sorted(SMALL)), st.data())
@settings(max_examples=60, deadline=None)
def test_a_damaged_file_is_read_or_refused_in_our_words(place: str, data: st.DataObject) -> None:
    broken = bytearray(SMALL[place][: data.draw(st.integers(0, len(SMALL[place])))])
    for _ in range(data.draw(st.integers(0, 6))):
        if broken:
            broken[data.draw(st.integers(0, min(len(broken), 600) - 1))] = data.draw(st.integers(0, 255))
    with suppress(InvalidInput):
        assert render(bytes(broken), place)
