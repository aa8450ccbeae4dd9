"""`digitalpfad municipality records`: drafts of what data protection law asks for in writing."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from api.catalogue.latest import counts_people
from digitalpfad import records, services
from digitalpfad.commands.output import say
from digitalpfad.config import settings
from geodata.errors import InvalidInput, NotFound
from geodata.messages.message import message
from geodata.model import operator
from geodata.model.operator import Operator
from geodata.store.catalogue import catalogue


def register(group: typer.Typer) -> None:
    """Add the command to the group `municipality`."""
    group.command("records")(write)


def write(
    town: Annotated[str, typer.Argument(metavar="TOWN", help="Short name of the municipality.")],
    folder: Annotated[Path, typer.Argument(file_okay=False, metavar="FOLDER", help="Made where there is none.")],
) -> None:
    """Write German drafts: the record of processing activities (Art. 30 GDPR) and the measures (Art. 32).

    They say what the software does as it is set; what only the municipality knows is in square brackets.
    """
    present, _ = settings.load()
    with services.open_database(present) as database, database.transaction() as connection:
        stored = catalogue.load(connection)
    if town not in stored.municipalities:
        raise NotFound("municipality", town)
    municipality = stored.municipalities[town]
    texts = records.build(
        operator.effective(municipality.operator, Operator(**present.operator)),
        municipality.name,
        present,
        datetime.now(UTC).date(),
        has_counters=counts_people(stored, town),
    )
    _write(folder, texts)
    gaps = sum(text.count("[bitte ergänzen") for text in texts.values())
    say(
        message(
            "{files} are in {folder}; {gaps} places are left to you.",
            files=", ".join(texts),
            folder=folder,
            gaps=gaps,
        )
    )


def _write(folder: Path, texts: dict[str, str]) -> None:
    for name in texts:
        if (folder / name).exists():
            place = str(folder / name)
            raise InvalidInput("FOLDER", place, "a file that is not there yet", "Files are never overwritten.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            (folder / name).write_text(text, encoding="utf-8")
    except OSError as error:
        raise InvalidInput("FOLDER", str(folder), "a place to write to", f"{error.strerror}.") from error
