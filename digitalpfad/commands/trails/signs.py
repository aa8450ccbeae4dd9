"""`digitalpfad signs`: print-ready signs of a trail."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from digitalpfad import services
from digitalpfad.config import settings
from digitalpfad.signs import lists, pdf
from digitalpfad.signs.letters import ready_to_set
from digitalpfad.signs.of_trail import load_signs
from digitalpfad.signs.sign import public_address
from geodata.errors import StartRefused
from geodata.text.csv_table import Dialect

group = typer.Typer(no_args_is_help=True, help="Print-ready signs.")


class SignFormat(StrEnum):
    """What is set in type."""

    A6 = "a6"
    A4 = "a4"
    BOTH = "both"


_FILES: dict[SignFormat, tuple[str, pdf.Template]] = {
    SignFormat.A6: ("schilder-a6.pdf", "plate"),
    SignFormat.A4: ("werkstatt-a4.pdf", "workshop"),
}


def register(app: typer.Typer) -> None:
    """Add the group."""
    app.add_typer(group, name="signs")


@group.callback()
def _group() -> None:
    """Print-ready signs."""


@group.command("build")
def build(
    trail: Annotated[str, typer.Argument(metavar="TRAIL", help="The trail's short name.")],
    out: Annotated[Path, typer.Argument(metavar="OUT", help="Folder; the files come into OUT/TRAIL.")],
    *,
    chosen: Annotated[
        SignFormat, typer.Option("--format", help="Plates, sheets for the workshop, or both.")
    ] = SignFormat.BOTH,
    station: Annotated[str | None, typer.Option(metavar="CODE", help="Only the sign of this station.")] = None,
    base_url: Annotated[str | None, typer.Option(help="Instead of DIGITALPFAD_BASE_URL.")] = None,
    dialect: Annotated[
        Dialect,
        typer.Option(help="Of the lists: plain CSV for programs, or as a German Excel or LibreOffice opens it."),
    ] = Dialect.PLAIN,
    draft: Annotated[bool, typer.Option("--draft", help="For looking at only: any address, marked «Entwurf».")] = False,
) -> None:
    """Make the signs of a trail: PDF/UA for the printer and the workshop, lists for NFC tags and the test walk."""
    present, _ = settings.load(base_url=base_url)
    address = public_address(present.base_url, draft=draft)
    with services.open_database(present) as database:
        signs = load_signs(database, trail, station, address)
    set_in_type, exchanged = ready_to_set(signs)
    for sentence in exchanged:
        typer.echo(sentence, err=True)
    folder = out / trail
    files = {
        "nfc.csv": lists.nfc_csv(signs, dialect),
        "rundgang.csv": lists.walk_csv(signs, dialect),
        "rundgang.html": lists.walk_html(signs).encode(),
    }
    for kind, (name, template) in _FILES.items():
        if chosen in {kind, SignFormat.BOTH}:
            files[name] = pdf.render(template, set_in_type, draft=draft, now=datetime.now(UTC))
    _write(folder, files)


def _write(folder: Path, files: dict[str, bytes]) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in sorted(files.items()):
            (folder / name).write_bytes(content)
            typer.echo(folder / name)
    except OSError as error:
        raise StartRefused(f"{error.filename} cannot be written: {error.strerror}. Choose another folder.") from error
