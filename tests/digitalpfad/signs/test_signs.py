"""Signs as a printer and a screen reader get them, read back from the PDF by other programs."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pypdf
import pytest

from digitalpfad.signs import lists, pdf
from digitalpfad.signs.sign import public_address
from geodata.errors import DigitalpfadError, StartRefused
from tests.digitalpfad.signs.printed import BASE_URL, NOW, fonts_of, picture, plates, read, sheets, signs, text_of

MM = 72 / 25.4


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
        for part in (str(sign.number), sign.title, sign.lead, sign.code, "überklebt"):
            assert part in text.replace("\u200b", ""), (page, part)


@pytest.mark.parametrize("make", [plates, sheets])
def test_every_format_carries_the_whole_address_in_clear_text(make: Any) -> None:
    text = "".join(text_of(make(), page) for page in range(len(pypdf.PdfReader(io.BytesIO(make())).pages)))
    plain = "".join(text.replace("\u200b", "").split())
    for sign in signs():
        assert f"pfad.example.org/s/{sign.code}" in plain, sign.number


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
