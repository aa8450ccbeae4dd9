"""Everything known of one device, and what can be done about it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import groupby

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.catalogue.snapshot import Snapshot
from dashboards import words
from dashboards.conditions import board
from dashboards.counting import words as counting_words
from dashboards.devices import outlook
from dashboards.devices.forms import MaintenanceForm
from dashboards.gate import may
from dashboards.languages import marked
from dashboards.services import ServicesDep, StaffServices
from dashboards.templating import page
from geodata.errors import NotFound
from geodata.model.counting.counter import Mounting
from geodata.model.device import Device
from geodata.model.observation import Observation
from geodata.store.counting import mountings
from geodata.store.devices import device_edit, device_status, maintenance
from geodata.store.ingest import boots as starts
from geodata.store.ingest import quarantine
from geodata.store.ingest.quarantine import Selection
from geodata.store.series import completeness, series
from geodata.store.transaction import Transaction

router = APIRouter()

_MESSAGES = 20
_ENTRIES = 5
_WORK = 10
_NOTICES = {
    "saved": marked("Gespeichert."),
    "overruled": marked("Gespeichert. Wie oft es sich meldet, sagt das Gerät selbst: Das gilt."),
    "moved": marked("Gespeichert. Was es bisher gemessen hat, bleibt bei der alten Station."),
    "revoked": marked("Das Gerät ist abgemeldet. Was es gemessen hat, bleibt."),
    "maintenance": marked("Die Wartung ist eingetragen. Solange sie dauert, schlägt niemand Alarm."),
    "maintenance-ended": marked("Die Wartung ist beendet."),
    "maintenance-goes-on": marked("Die Wartung dauert an."),
}


@dataclass(frozen=True, slots=True)
class MessageRow:
    """What a device measured at one time: pairs of property and value in words."""

    at: str
    values: list[tuple[str, str]]


@router.get("/devices/{device}")
def show(request: Request, services: ServicesDep, device: str, notice: str = "") -> Response:
    """The page of one device."""
    return device_page(request, services, device, notice=_NOTICES.get(notice, ""))


def device_page(
    request: Request,
    services: StaffServices,
    device: str,
    *,
    form: MaintenanceForm | None = None,
    notice: str = "",
    refused: str = "",
    status: int = 200,
) -> Response:
    """The page, with the form for maintenance as it was typed."""
    snapshot, now = services.keeper.current, services.clock()
    with services.database.transaction() as connection:
        state = device_status.find(connection, device)
        if state.trail not in snapshot.catalogue.trails:
            raise NotFound("device", device)
        zone = snapshot.catalogue.timezone_of(state.trail)
        context = _known(connection, snapshot, state, now, partial(words.moment, now=now, timezone=zone))
    may_do = {name: may(request, f"POST /devices/{{device}}/{name}") for name in _ACTIONS}
    context |= {
        "row": board.row(snapshot, services.keeper.latest, state, now),
        "at_work": state.maintenance_at(now),
        "now": now,
        "may_do": may_do if state.revoked_at is None else dict.fromkeys(_ACTIONS, False),
        "form": form or MaintenanceForm(),
        "notice": notice,
        "refused": refused,
    }
    return page(request, "devices/device.html", context, status)


def _known(
    connection: Transaction, snapshot: Snapshot, state: Device, now: datetime, moment: Callable[[datetime], str]
) -> dict[str, object]:
    """What is read of the device beside its state."""
    device, today = state.id, now.astimezone(snapshot.catalogue.timezone_of(state.trail)).date()
    streams = [stream.id for stream in snapshot.datastreams_of_device.get(device, [])]
    found = outlook.forecasts(connection, snapshot, [state], today).get(device)
    return {
        "messages": _messages(snapshot, series.recent(connection, streams, _MESSAGES), moment),
        "boots": completeness.load(connection, device),
        "boots_forgotten": starts.forgotten(connection, device),
        "entries": quarantine.newest(connection, _ENTRIES, Selection(device=device)),
        "waiting": quarantine.count_open(connection, Selection(device=device)),
        "battery": outlook.battery_words(found, today),
        "reception": outlook.reception(connection, snapshot, device, today),
        "heard": outlook.heard(connection, snapshot, state, now),
        "mountings": _mountings(snapshot, mountings.load(connection, device), moment),
        "stays": _stays(snapshot, state, moment),
        "work": maintenance.history(connection, device, _WORK),
        "rules": [rule for rule, _ in device_edit.rules_of(connection, device)],
        "moment": moment,
    }


_ACTIONS = ("edit", "move", "replace", "password", "revoke", "maintenance")


def _messages(
    snapshot: Snapshot, observations: Sequence[Observation], moment: Callable[[datetime], str]
) -> list[MessageRow]:
    """The newest measuring times with all their values; the newest first."""
    catalogue = snapshot.catalogue
    messages: list[MessageRow] = []
    for at, same_time in groupby(observations, key=lambda observation: observation.phenomenon_time):
        values: list[tuple[str, str]] = []
        for observation in same_time:
            prop = catalogue.properties[catalogue.datastreams[observation.datastream_id].observed_property]
            values.append((board.label(prop), board.result_text(observation, prop)))
        messages.append(MessageRow(moment(at), values))
    return messages[:_MESSAGES]


def _mountings(
    snapshot: Snapshot, periods: Sequence[Mounting], moment: Callable[[datetime], str]
) -> list[tuple[str, str, str]]:
    """Place, beginning and end of each period as a counter, the newest first; empty strings where there is none."""
    return [
        (
            counting_words.place(snapshot, period),
            moment(period.starts_at) if period.starts_at else "",
            moment(period.ends_at) if period.ends_at else "",
        )
        for period in reversed(periods)
    ]


def _stays(snapshot: Snapshot, device: Device, moment: Callable[[datetime], str]) -> list[tuple[str, str]]:
    """Where it stood before and until when, the newest first."""
    stations = snapshot.catalogue.stations
    return [
        (
            f"{station.number} {station.title()}" if (station := stations.get(stay.station or "")) else stay.trail,
            moment(stay.until),
        )
        for stay in reversed(device.earlier)
    ]
