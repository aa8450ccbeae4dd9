"""Lists beside the signs: addresses for NFC tags, and the test walk after mounting."""

from __future__ import annotations

from collections.abc import Sequence

from jinja2 import Environment, PackageLoader, StrictUndefined

from digitalpfad.signs.sign import Sign
from geodata.text.csv_table import Column, Dialect, Kind, write

CHECKS = ("Muster öffnet die richtige Seite", "Code von Hand geht", "NFC geht", "gut zu sehen", "Bemerkung")

_environment = Environment(
    loader=PackageLoader("digitalpfad.signs", "."), autoescape=True, undefined=StrictUndefined, trim_blocks=True
)


def nfc_csv(signs: Sequence[Sign], dialect: Dialect = Dialect.PLAIN) -> bytes:
    """One row per tag: what to write into it as its URI record."""
    columns = (Column("code"), Column("number", Kind.NUMBER), Column("address"))
    return write(columns, [(sign.code, sign.number, sign.nfc_address) for sign in signs], dialect)


def walk_csv(signs: Sequence[Sign], dialect: Dialect = Dialect.PLAIN) -> bytes:
    """The test walk for a spreadsheet; the columns of the checks are empty."""
    numbers, texts = {"Nr.", "Breite", "Länge"}, ("Nr.", "Station", "Code", "Adresse", "Breite", "Länge", *CHECKS)
    rows = [
        (s.number, s.title, s.code, s.address, round(s.lat, 6), round(s.lon, 6), *[None] * len(CHECKS)) for s in signs
    ]
    return write([Column(name, Kind.NUMBER if name in numbers else Kind.TEXT) for name in texts], rows, dialect)


def walk_html(signs: Sequence[Sign]) -> str:
    """The test walk for paper or a phone."""
    return _environment.get_template("walk.html").render(signs=signs, checks=CHECKS, trail=signs[0].trail)
