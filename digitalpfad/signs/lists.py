"""Lists beside the signs: addresses for NFC tags, and the test walk after mounting."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from jinja2 import Environment, PackageLoader, StrictUndefined

from digitalpfad.signs.sign import Sign

CHECKS = ("Muster öffnet die richtige Seite", "Code von Hand geht", "NFC geht", "gut zu sehen", "Bemerkung")

_environment = Environment(
    loader=PackageLoader("digitalpfad.signs", "."), autoescape=True, undefined=StrictUndefined, trim_blocks=True
)


def nfc_csv(signs: Sequence[Sign]) -> str:
    """One row per tag: what to write into it as its URI record."""
    return _csv(("code", "number", "address"), [(sign.code, sign.number, sign.nfc_address) for sign in signs])


def walk_csv(signs: Sequence[Sign]) -> str:
    """The test walk for a spreadsheet; the columns of the checks are empty."""
    return _csv(
        ("Nr.", "Station", "Code", "Adresse", "Breite", "Länge", *CHECKS),
        [
            (s.number, _harmless(s.title), s.code, s.address, f"{s.lat:.6f}", f"{s.lon:.6f}", *[""] * len(CHECKS))
            for s in signs
        ],
    )


def walk_html(signs: Sequence[Sign]) -> str:
    """The test walk for paper or a phone."""
    return _environment.get_template("walk.html").render(signs=signs, checks=CHECKS, trail=signs[0].trail)


def _csv(header: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([header, *rows])
    return text.getvalue()


def _harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in {"=", "+", "-", "@"} else text
