"""The QR code of a sign as a phone reads it: covered, askew, small."""

from __future__ import annotations

from itertools import product

import pytest
from PIL import Image, ImageDraw, ImageFilter

from tests.digitalpfad.signs.printed import BASE_URL, picture, plates, read, sheets, signs

BLEED_MM, QR_MM = 10, 56
QR_PLACE_MM = (6, 71)  # of its white field's corner on the trimmed plate


@pytest.mark.parametrize("page", range(10))
def test_every_plate_decodes_to_the_address_of_its_station(page: int) -> None:
    (found,) = read(picture(plates(), page))
    assert found.text == f"{BASE_URL}/s/{signs()[page].code}"
    assert found.ec_level == "H"


def test_every_sheet_decodes_too() -> None:
    assert [read(picture(sheets(), page))[0].text for page in range(1, 11)] == [sign.address for sign in signs()]


def dark_area(image: Image.Image, dpi: float) -> tuple[float, float, float]:
    """Left, top and side in pixels of the code without its white field."""
    field = QR_MM / signs()[0].qr_modules * 4
    scale = dpi / 25.4
    left, top = ((BLEED_MM + place + field) * scale for place in QR_PLACE_MM)
    return left, top, (QR_MM - 2 * field) * scale


def readable(image: Image.Image, dpi: float, share: float, colour: str) -> list[bool]:
    """Whether the code is read under a square patch over ``share`` of it, for each place that leaves its corners."""
    left, top, side = dark_area(image, dpi)
    module = side / (signs()[3].qr_modules - 8)
    corner, patch = 8 * module, share**0.5 * side
    steps = [i / 10 * (side - patch) for i in range(11)]
    area = image.crop(
        (int(left - 9 * module), int(top - 9 * module), int(left + side + 9 * module), int(top + side + 9 * module))
    )
    answers: list[bool] = []
    for x, y in product(steps, steps):
        near = [
            (x < corner and y < corner),
            (x + patch > side - corner and y < corner),
            (x < corner and y + patch > side - corner),
        ]
        if not any(near):
            covered = area.copy()
            start = (9 * module + x, 9 * module + y)
            ImageDraw.Draw(covered).rectangle([start, (start[0] + patch, start[1] + patch)], fill=colour)
            answers.append([found.text for found in read(covered)] == [signs()[3].address])
    return answers


@pytest.mark.parametrize("colour", ["#3d3122", "#ffffff", "#6f8f3f"], ids=["mud", "snow", "moss"])
def test_a_phone_reads_the_code_where_a_fifth_of_it_is_covered(colour: str) -> None:
    image = picture(plates(), 3, 200)
    answers = readable(image, 200, 0.20, colour)
    assert len(answers) > 50
    assert all(answers)
    assert not all(readable(image, 200, 0.30, colour)), "the patch covers what it should"


def test_a_phone_reads_the_code_askew_blurred_and_small() -> None:
    image = picture(plates(), 3, 110)
    width, height = image.size
    corners = (-30, -10, 25, height + 20, width + 15, height - 25, width - 40, 30)
    askew = image.transform(image.size, Image.Transform.QUAD, corners, Image.Resampling.BICUBIC, fillcolor="#777")
    for turned in (12, -35, 90):
        seen = askew.rotate(turned, expand=True, fillcolor="#777").filter(ImageFilter.GaussianBlur(1.2))
        assert [found.text for found in read(seen)] == [signs()[3].address], turned


def test_the_code_keeps_a_white_field_of_four_modules() -> None:
    dpi = 200
    image = picture(plates(), 3, dpi)
    left, top, side = dark_area(image, dpi)
    field = 4 * side / (signs()[3].qr_modules - 8)
    for x in range(int(left - field) + 2, int(left + side + field) - 2):
        for y in (top - field + 2, top - 2, top + side + 2, top + side + field - 3):
            assert image.getpixel((x, int(y))) == (255, 255, 255)


def test_the_code_is_drawn_with_vectors_only() -> None:
    assert b"/Subtype/Image" not in plates().replace(b" ", b"")
