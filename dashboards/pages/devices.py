"""Devices: the list, and everything known of one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import groupby

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.catalogue.snapshot import Snapshot
from dashboards import board, words
from dashboards.services import ServicesDep
from dashboards.templating import page
from geodata.errors import NotFound
from geodata.model.device import Device
from geodata.model.observation import Observation
from geodata.store.devices import device_status
from geodata.store.ingest import boots as starts
from geodata.store.ingest import quarantine
from geodata.store.ingest.quarantine import Selection
from geodata.store.series import completeness, series

router = APIRouter()

_MESSAGES = 20
_ENTRIES = 20


@dataclass(frozen=True, slots=True)
class MessageRow:
    """What a device measured at one time: pairs of property and value in words."""

    at: str
    values: list[tuple[str, str]]


@router.get("/devices")
def show_list(request: Request, services: ServicesDep) -> Response:
    """All devices of all trails."""
    snapshot = services.keeper.current
    with services.database.transaction() as connection:
        devices = device_status.list_devices(connection, revoked=True)
        waiting = quarantine.count_by_device(connection)
    now = services.clock()
    of_trail: defaultdict[str, list[Device]] = defaultdict(list)
    for device in devices:
        of_trail[device.trail].append(device)
    by_trail = [
        (trail, board.rows(snapshot, services.keeper.latest, of_trail[trail.slug], now))
        for trail in snapshot.listed.values()
    ]
    zones = [snapshot.catalogue.timezone_of(trail) for trail in snapshot.catalogue.trails]
    everything = [row for _, rows in by_trail for row in rows]
    common = board.common_by_trail(everything, now, zones[0]) if zones else {}
    return page(request, "devices.html", {"by_trail": by_trail, "waiting": waiting, "common": common})


@router.get("/devices/{device}")
def show(request: Request, services: ServicesDep, device: str) -> Response:
    """One device: its state, last messages, completeness, and what of it is in quarantine."""
    snapshot = services.keeper.current
    streams = [stream.id for stream in snapshot.datastreams_of_device.get(device, [])]
    with services.database.transaction() as connection:
        state = device_status.find(connection, device)
        if state.trail not in snapshot.catalogue.trails:
            raise NotFound("device", device)
        observations = series.recent(connection, streams, _MESSAGES)
        boots = completeness.load(connection, device)
        forgotten = starts.forgotten(connection, device)
        entries = quarantine.newest(connection, _ENTRIES, Selection(device=device))
    now = services.clock()
    zone = snapshot.catalogue.timezone_of(state.trail)
    moment = partial(words.moment, now=now, timezone=zone)
    context = {
        "row": board.row(snapshot, services.keeper.latest, state, now),
        "messages": _messages(snapshot, observations, moment),
        "boots": boots,
        "boots_forgotten": forgotten,
        "entries": entries,
        "moment": moment,
    }
    return page(request, "device.html", context)


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
            values.append((prop.label_de, board.result_text(observation, prop)))
        messages.append(MessageRow(moment(at), values))
    return messages[:_MESSAGES]
