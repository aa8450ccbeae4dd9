"""Whether this process can do its job: by trying, not by remembering."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from api.services import Services
from geodata.errors import DigitalpfadError, StoreError, StoreUnavailable
from geodata.store import migrate


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that must hold; ``detail`` says what is wrong, for an operator."""

    name: str
    ok: bool
    detail: str


def check(services: Services) -> list[Check]:
    """Try everything; takes as long as the database takes to answer or not."""
    return [
        _try("database", services.database.ping),
        _try("migrations", lambda: _migrated(services)),
        _try("catalogue", lambda: _fresh(services)),
    ]


def _migrated(services: Services) -> None:
    with services.database.transaction() as connection:
        missing = migrate.pending(connection)
    if missing:
        raise StoreError(
            f"{len(missing)} migrations are missing, the first is {missing[0]}: run 'digitalpfad migrate'."
        )


def _fresh(services: Services) -> None:
    if not services.keeper.is_fresh:
        raise StoreUnavailable("Changes in the database do not reach this process.")


def _try(name: str, attempt: Callable[[], object]) -> Check:
    try:
        attempt()
    except StoreUnavailable:
        return Check(name, ok=False, detail="The database does not answer, or changes in it do not reach this process.")
    except DigitalpfadError as error:
        return Check(name, ok=False, detail=str(error))
    return Check(name, ok=True, detail="")
