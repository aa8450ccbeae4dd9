"""The signs of the bundled trail as a PDF, read back by other programs."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from functools import cache
from typing import Any, cast

import pypdf
import pypdfium2
import zxingcpp
from PIL import Image

from digitalpfad.signs import pdf
from digitalpfad.signs.sign import Sign, signs_of
from geodata.bundle.folder import bundled

BASE_URL = "https://pfad.example.org"
NOW = datetime(2026, 11, 22, tzinfo=UTC)


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


def fonts_of(document: bytes) -> set[str]:
    """The names of all fonts in the file, on whichever page or inside whatever they are."""
    reader = pypdf.PdfReader(io.BytesIO(document))
    objects = [reader.get_object(number) for number in range(1, int(cast("Any", reader.trailer)["/Size"]))]
    fonts = [each for each in objects if isinstance(each, dict) and each.get("/Type") == "/Font"]
    return {str(font["/BaseFont"]).split("+")[-1].removesuffix("-Identity-H") for font in fonts}
