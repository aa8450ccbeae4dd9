"""Signs as a printer, a phone and a screen reader get them, read back from the PDF by other programs."""

from __future__ import annotations

import csv
import io
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any, cast

import pypdf
import pypdfium2
import pytest
import zxingcpp
from PIL import Image, ImageDraw, ImageFilter
from typer.testing import CliRunner, Result

from digitalpfad.cli import build
from digitalpfad.signs import lists, pdf
from digitalpfad.signs.sign import Sign, public_address, signs_of
from geodata.actions import edit_station
from geodata.bundle.folder import bundled
from geodata.errors import DigitalpfadError, InvalidInput, NotFound, StartRefused
from geodata.messages.translation import translated
from geodata.store.database import Database

BASE_URL = "https://pfad.example.org"
NOW = datetime(2026, 11, 22, tzinfo=UTC)
MM = 72 / 25.4
BLEED_MM, QR_MM = 10, 56
QR_PLACE_MM = (6, 71)  # of its white field's corner on the trimmed plate


@cache
def signs() -> list[Sign]:
    bundle = bundled()
    return signs_of(bundle.trail, bundle.municipality, bundle.stations, BASE_URL)


@cache
def plates() -> bytes:
    return pdf.render("plate", signs(), draft=False, now=NOW)


@cache
def sheets() -> bytes:
    return pdf.render("workshop", signs(), draft=False, now=NOW)


def picture(document: bytes, page: int, dpi: int = 200) -> Image.Image:
    """As PDFium, the renderer of browsers, draws it."""
    opened = pypdfium2.PdfDocument(document)
    return opened[page].render(scale=cast("int", dpi / 72)).to_pil().convert("RGB")


def read(image: Image.Image) -> list[Any]:
    return list(zxingcpp.read_barcodes(image, formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)))


def text_of(document: bytes, page: int) -> str:
    return pypdf.PdfReader(io.BytesIO(document)).pages[page].extract_text()


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


def test_a_plate_has_the_size_of_a6_with_bleed_and_marks() -> None:
    page = pypdf.PdfReader(io.BytesIO(plates())).pages[0]
    assert [float(side) / MM for side in (page.trimbox.width, page.trimbox.height)] == pytest.approx([105, 148])
    image = picture(plates(), 0, 254)  # ten pixels a millimetre
    assert image.getpixel((75, 300)) == (36, 82, 47), "colour 2.5 mm outside the trimmed edge"
    assert image.getpixel((65, 300)) == (255, 255, 255), "and none 3.5 mm outside"
    assert image.crop((98, 40, 103, 41)).getcolors(1) is None, "a crop mark above the left edge"


def test_a_plate_says_in_text_what_helps_without_a_phone_and_against_stickers() -> None:
    for page, sign in enumerate(signs()):
        text = " ".join(text_of(plates(), page).split())
        for part in (str(sign.number), sign.title, sign.lead, sign.code, "pfad.example.org", "überklebt"):
            assert part in text.replace("\u200b", ""), (page, part)


@pytest.mark.parametrize("make", [plates, sheets])
def test_the_pdf_is_tagged_as_pdf_ua_with_language_title_and_alt_texts(make: Any) -> None:
    reader = pypdf.PdfReader(io.BytesIO(make()))
    root: Any = reader.trailer["/Root"]
    metadata = root["/Metadata"].get_object().get_data().decode()
    assert "<pdfuaid:part>1</pdfuaid:part>" in metadata
    assert root["/MarkInfo"]["/Marked"]
    assert str(root["/Lang"]).startswith("de")
    assert reader.metadata is not None
    assert "Stadtwald" in str(reader.metadata.title)
    figures = [node for node in structure(root["/StructTreeRoot"]) if node.get("/S") == "/Figure"]
    assert [figure["/Alt"] for figure in figures] == [f"QR-Code mit der Adresse {sign.address}" for sign in signs()]


def structure(node: Any) -> Iterator[Any]:
    node = node.get_object()
    if not isinstance(node, dict):
        return
    yield node
    children = node.get("/K", [])
    children = children.get_object() if hasattr(children, "get_object") else children
    for child in children if isinstance(children, list) else [children]:
        yield from structure(child)


@pytest.mark.parametrize("make", [plates, sheets])
def test_all_fonts_are_embedded_and_our_own(make: Any) -> None:
    fonts = fonts_of(make())
    assert fonts <= {"AtkinsonHyperlegible-Regular", "AtkinsonHyperlegible-Bold"}
    assert fonts


def fonts_of(document: bytes) -> set[str]:
    """The names of all fonts in the file, on whichever page or inside whatever they are."""
    reader = pypdf.PdfReader(io.BytesIO(document))
    objects = [reader.get_object(number) for number in range(1, int(cast("Any", reader.trailer)["/Size"]))]
    fonts = [each for each in objects if isinstance(each, dict) and each.get("/Type") == "/Font"]
    return {str(font["/BaseFont"]).split("+")[-1].removesuffix("-Identity-H") for font in fonts}


@pytest.mark.parametrize("letter", ["ẞ", "→", "₂", "✓", "\u2011", "🌳", "ю"])
@pytest.mark.parametrize("template", ["plate", "workshop"])
def test_no_other_font_takes_over_where_ours_lack_a_letter(template: pdf.Template, letter: str) -> None:
    with pytest.raises(DigitalpfadError, match="could not be displayed with font"):
        pdf.render(template, [replace(signs()[0], title=f"Eiche {letter}")], draft=False, now=NOW)


def test_long_german_titles_are_hyphenated_and_nothing_runs_off_the_plate() -> None:
    title = "Naturschutzgebietsbetreuungsstation Landschaftsparkerweiterungsfläche"
    long = replace(
        signs()[0], title=title, number=123, lead=signs()[0].lead * 3,
        site="digitalpfade.gemeindeverwaltung-kalletal.example.org/wanderwege/wald",
    )  # fmt: skip
    made = pdf.render("plate", [long], draft=False, now=NOW)
    image = picture(made, 0, 254)
    assert image.crop((110, 110, 155, 1560)).getcolors(2) is not None, "the left margin holds the two grounds only"
    assert image.crop((1090, 110, 1140, 1560)).getcolors(2) is not None, "and so does the right one"
    assert read(image)[0].text == long.address
    assert "Naturschutzgebietsbetreuungsstation" not in text_of(made, 0).split("\n")


def test_a_draft_says_so_and_the_print_does_not() -> None:
    draft = pdf.render("plate", signs()[:1], draft=True, now=NOW)
    assert "Entwurf" in text_of(draft, 0)
    assert "Entwurf" not in text_of(plates(), 0)


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("", "DIGITALPFAD_BASE_URL is not set"),
        ("http://127.0.0.1:8080", "only this machine reaches that"),
        ("http://[::1]", "only this machine reaches that"),
        ("https://localhost", "only this machine reaches that"),
        ("https://192.168.1.20", "only its own network reaches that"),
        ("https://pfad", "no name of the public internet"),
        ("https://pfad.local", "no name of the public internet"),
        ("http://pfad.example.org", "expected https"),
    ],
)
def test_an_address_that_would_not_last_is_refused_with_its_reason_but_may_be_drafted(url: str, reason: str) -> None:
    with pytest.raises(StartRefused, match=reason):
        public_address(url, draft=False)
    assert public_address(url, draft=True).startswith("http")


def test_the_address_holds_nothing_but_the_code() -> None:
    for sign in signs():
        assert sign.address == f"{BASE_URL}/s/{sign.code}"
        assert sign.nfc_address == f"{BASE_URL}/s/{sign.code}?via=nfc"


def test_the_lists_name_every_sign_and_a_formula_is_no_formula() -> None:
    rows = list(csv.DictReader(io.StringIO(lists.nfc_csv(signs()).decode())))
    assert [(row["code"], row["number"], row["address"]) for row in rows] == [
        (sign.code, str(sign.number), sign.nfc_address) for sign in signs()
    ]
    evil = replace(signs()[0], title="=HYPERLINK(1)<script>")
    assert "'=HYPERLINK" in lists.walk_csv([evil]).decode()
    html = lists.walk_html([evil])
    assert "<script>" not in html
    assert html.count('type="checkbox"') == 4


@pytest.fixture
def command(demo_trail: None, database_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    parts = dict(part.split("=", 1) for part in database_url.split())
    url = f"postgresql://{parts['user']}@{parts['host']}:{parts['port']}/{parts['dbname']}"
    monkeypatch.setenv("DIGITALPFAD_DATABASE_URL", url)

    def run(*arguments: str) -> Result:
        result = CliRunner().invoke(build("signs"), ["signs", "build", *arguments])
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return run


def test_the_command_writes_all_files_of_a_trail_without_its_retired_stations(
    command: Any, database: Database, tmp_path: Path
) -> None:
    with database.transaction() as connection:
        edit_station.retire(connection, signs()[4].code, NOW)
    result = command("stadtwald", str(tmp_path), "--base-url", BASE_URL)
    names = {"schilder-a6.pdf", "werkstatt-a4.pdf", "nfc.csv", "rundgang.html", "rundgang.csv"}
    assert {path.name for path in (tmp_path / "stadtwald").iterdir()} == names
    assert len(result.stdout.splitlines()) == len(names)
    assert len(pypdf.PdfReader(tmp_path / "stadtwald/schilder-a6.pdf").pages) == 9
    assert signs()[4].code not in (tmp_path / "stadtwald/nfc.csv").read_text()


def test_letters_that_the_fonts_lack_are_told_before_a_file_is_written(
    command: Any, database: Database, tmp_path: Path
) -> None:
    _retitle(database, 2, "Wasser H₂O")
    _retitle(database, 5, "Große Eiche → GROẞ")
    with pytest.raises(DigitalpfadError) as caught:
        command("stadtwald", str(tmp_path), "--base-url", BASE_URL)
    _, water, arrow, capital = str(caught.value).splitlines()
    assert f"station 2 ({signs()[1].code}), the title «Wasser H₂O»: ₂ (U+2082 SUBSCRIPT TWO)" in water
    assert water.endswith("write 2 instead")
    assert "station 5" in arrow
    assert "U+1E9E LATIN CAPITAL LETTER SHARP S" in capital
    assert not list(tmp_path.iterdir())


def test_a_hyphen_that_the_fonts_lack_is_set_as_one_they_have_and_told(
    command: Any, database: Database, tmp_path: Path
) -> None:
    _retitle(database, 2, "Goethe\u2011Eiche")
    result = command("stadtwald", str(tmp_path), "--base-url", BASE_URL, "--station", signs()[1].code)
    assert "U+2011 NON-BREAKING HYPHEN" in result.stderr
    made = (tmp_path / "stadtwald/schilder-a6.pdf").read_bytes()
    assert "Goethe-Eiche" in text_of(made, 0)
    assert fonts_of(made) == fonts_of(plates())
    assert "Goethe\u2011Eiche" in (tmp_path / "stadtwald/rundgang.csv").read_text(), "lists keep the letters"


def _retitle(database: Database, number: int, title: str) -> None:
    with database.transaction() as connection:
        connection.execute(
            "UPDATE station_content SET title = %s FROM station WHERE code = station AND number = %s"
            " AND trail = 'stadtwald' AND variant = 'de'",
            [title, number],
        )


def test_one_sign_of_one_format_by_its_code(command: Any, tmp_path: Path) -> None:
    code = signs()[3].code
    command("stadtwald", str(tmp_path), "--base-url", BASE_URL, "--format", "a6", "--station", code.lower())
    made = (tmp_path / "stadtwald/schilder-a6.pdf").read_bytes()
    assert [found.text for found in read(picture(made, 0))] == [f"{BASE_URL}/s/{code}"]
    assert not (tmp_path / "stadtwald/werkstatt-a4.pdf").exists()


def test_wrong_wishes_are_refused_in_a_sentence(command: Any, tmp_path: Path) -> None:
    with pytest.raises(StartRefused, match="DIGITALPFAD_BASE_URL is not set"):
        command("stadtwald", str(tmp_path))
    with pytest.raises(NotFound, match="There is no trail 'nirgends'"):
        command("nirgends", str(tmp_path), "--draft")
    with pytest.raises(InvalidInput, match="Did you mean"):
        command("stadtwald", str(tmp_path), "--draft", "--station", signs()[0].code[:-1] + "U")
    blocked = tmp_path / "file"
    blocked.write_text(json.dumps("in the way"))
    with pytest.raises(StartRefused, match="cannot be written"):
        command("stadtwald", str(blocked), "--draft")


def test_without_typst_the_sentence_is_a_command_for_this_python(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "find_spec", lambda _: None)
    plate = signs()[:1]
    with pytest.raises(StartRefused) as refused:
        pdf.render("plate", plate, draft=False, now=NOW)
    assert re.search(rf"Run: .*{re.escape(sys.executable)} .*'typst>=", refused.value.sentence)
    assert re.search(rf"Führen Sie aus: .*{re.escape(sys.executable)} ", translated(refused.value.sentence, "de"))
