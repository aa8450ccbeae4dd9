"""The audit log: who signed in, failed to, and changed what."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from dashboards import words
from dashboards.services import ServicesDep
from dashboards.templating import page
from geodata.store.access import audit
from geodata.vocabulary.audit import Action

router = APIRouter()

_ENTRIES = 100

ACTIONS: dict[str, str] = {
    Action.LOGIN: "Anmeldung",
    Action.LOGOUT: "Abmeldung",
    Action.LOGOUT_EVERYWHERE: "Abmeldung überall",
    Action.PASSWORD_CHANGE: "Passwortänderung",
    Action.PAGE: "Seite ohne Berechtigung",
    Action.STAFF_ADD: "Zugang angelegt",
    Action.STAFF_RESET: "Neues Einmal-Passwort für einen Zugang",
    Action.STAFF_ENABLE: "Zugang wieder freigegeben",
    Action.STAFF_DISABLE: "Zugang gesperrt",
    Action.DEVICE_ADD: "Gerät angemeldet",
    Action.DEVICE_PASSWORD: "Neues Passwort für ein Gerät",
    Action.DEVICE_REVOKE: "Gerät abgemeldet",
    Action.DEVICE_MOVE: "Gerät umgezogen",
    Action.DEVICE_EDIT: "Gerät geändert",
    Action.CLOSURE_ADD: "Sperrung eingetragen",
    Action.CLOSURE_END: "Sperrung beendet",
    Action.NOTICE_SET: "Hinweis von Hand gesetzt",
    Action.NOTICE_END: "Hinweis folgt wieder dem Sensor",
    Action.NOTICE_IMPORT: "Regeln für Hinweise eingelesen",
    Action.NOTICE_REMOVE: "Regel für Hinweise entfernt",
    Action.PROPERTY_ADD: "Messgröße angelegt",
    Action.PROPERTY_EDIT: "Messgröße geändert",
    Action.PROPERTY_RENAME: "Messgröße umbenannt",
    Action.QUARANTINE_REPLAY: "Quarantäne noch einmal gelesen",
    Action.TRAIL_IMPORT: "Pfad eingelesen",
    Action.TRAIL_HIDE: "Pfad verborgen",
    Action.TRAIL_SHOW: "Pfad gezeigt",
    Action.TRAIL_RETIRE: "Pfad aufgegeben",
    Action.TRAIL_REMOVE: "Pfad entfernt",
    Action.STATION_ADD: "Station angelegt",
    Action.STATION_RENUMBER: "Stationen umnummeriert",
    Action.STATION_MOVE: "Station verlegt",
    Action.STATION_RETIRE: "Station aufgegeben",
    Action.STATION_RESTORE: "Station zurückgeholt",
    Action.CONTENT_IMPORT: "Texte eingelesen",
    Action.CONTENT_PUBLISH: "Texte veröffentlicht",
    Action.MUNICIPALITY_SET: "Angaben der Gemeinde geändert",
    Action.BROKER_END_SESSION: "Sitzung am Broker beendet",
    Action.HOUSEKEEPING: "Aufgeräumt",
    Action.RESTORE: "Sicherung eingespielt",
}


@router.get("/audit")
def show(
    request: Request, services: ServicesDep, before: Annotated[int | None, Query(ge=1, le=2**63 - 1)] = None
) -> Response:
    """A page of entries, the newest first; ``before`` continues behind the entry with this id."""
    with services.database.transaction() as connection:
        entries = audit.newest(connection, _ENTRIES + 1, before=before)
    zone = services.keeper.current.catalogue.timezones()[0]
    context = {
        "entries": entries[:_ENTRIES],
        "older": entries[_ENTRIES - 1].id if len(entries) > _ENTRIES else None,
        "is_newest": before is None,
        "actions": ACTIONS,
        "clock": partial(words.clock, timezone=zone),
        "moment": partial(words.moment, now=services.clock(), timezone=zone),
    }
    return page(request, "audit.html", context)
