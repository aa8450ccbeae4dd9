"""Devices registered and changed by hand: where they stand, what they are called. Datastreams and their past stay.

Each works in the caller's transaction and is undone with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from geodata.actions.devices import mounting
from geodata.errors import InvalidInput, NotFound
from geodata.messages.message import message
from geodata.model.device import LONGEST_INTERVAL_S, Device
from geodata.store.catalogue import station_edit, trail_state
from geodata.store.counting import mountings, queue
from geodata.store.devices import device_edit
from geodata.store.devices.device_status import find
from geodata.store.transaction import Transaction
from geodata.text.broken import is_line
from geodata.times import rfc3339
from geodata.vocabulary.device_names import check_free

LONGEST_NAME = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceChange:
    """What to change, or to begin with; None leaves a field as it is. Raises InvalidInput for what cannot be."""

    name: str | None = None
    kind: str | None = None
    interval_s: int | None = None

    def __post_init__(self) -> None:
        """Refuse names of more than a line, and rhythms that are none."""
        for field, text in (("name", self.name), ("kind", self.kind)):
            if text and not is_line(text, LONGEST_NAME):
                expected = message("one line of at most {most} characters", most=LONGEST_NAME)
                raise InvalidInput(field, text, expected, "Leave out line breaks and what steers a terminal.")
        if self.interval_s is not None and not 1 <= self.interval_s <= LONGEST_INTERVAL_S:
            expected = message("1 to {most} seconds", most=LONGEST_INTERVAL_S)
            raise InvalidInput("every", self.interval_s, expected, "600 is every ten minutes.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """Where a device stands: at ``station`` (a stored code), or beside ``trail``, there at ``lonlat`` where known."""

    station: str | None = None
    trail: str | None = None
    lonlat: tuple[float, float] | None = None


def register(connection: Transaction, device: str, position: Position, change: DeviceChange) -> Device:
    """Add a device and return it.

    Raises NotFound for an unknown trail and an unknown or retired station, InvalidInput for an id that is taken or a
    service's login, and for no position.
    """
    check_free(device)
    if device_edit.is_known(connection, device):
        hint = message("{action[device list all]} shows them.")
        raise InvalidInput("device", device, "an id that no device has yet", hint)
    trail, station = _place(connection, position.station, position.trail)
    device_edit.insert(connection, device, trail, station, position.lonlat)
    return edit(connection, device, change)


def move(
    connection: Transaction,
    device: str,
    *,
    station: str | None = None,
    trail: str | None = None,
    at: datetime,
    now: datetime,
) -> Device:
    """Stand ``device`` at ``station`` (a stored code), or beside ``trail``, from ``at`` on; return it as it is then.

    What it measured before stays with the old place; its counters begin a mounting period. ``at`` the moment at which
    it came to its present place corrects that place. Raises NotFound and InvalidInput; the same place again changes
    nothing.
    """
    before = _working(connection, device)
    to_trail, to_station = _place(connection, station, trail)
    if (before.trail, before.station) == (to_trail, to_station):
        return before
    _check_time(before, at, now)
    if at != before.since:
        mounting.begin(connection, device, at)
        device_edit.end_stay(connection, before, at)
    else:
        _forget_return(connection, before, to_trail, to_station)
    _set_place(connection, device, to_trail, to_station, None)
    return find(connection, device)


def edit(connection: Transaction, device: str, change: DeviceChange) -> Device:
    """Change what is given and return the device. Raises NotFound and InvalidInput."""
    _working(connection, device)
    device_edit.set_described(connection, device, name=change.name, kind=change.kind, interval_s=change.interval_s)
    return find(connection, device)


def correct_position(connection: Transaction, device: str, position: Position) -> Device:
    """Say where ``device`` has stood since it came to its present place, which was written down wrongly.

    What it measured there goes with it. Raises NotFound, and InvalidInput for another trail and for a point of a device
    at a station: those are moves.
    """
    before = _working(connection, device)
    trail, station = _place(connection, position.station, position.trail)
    if trail != before.trail:
        expected = message("a place on {trail}, where it stands", trail=before.trail)
        raise InvalidInput("place", station or trail, expected, "Another trail is a move: the device's topics change.")
    if position.lonlat is not None and before.station is not None:
        expected = message(
            "a device at no station; {device} stands at {station}", device=device, station=before.station
        )
        hint = message("{action[device move off]} takes it off there; then it has a point of its own.")
        raise InvalidInput("lon, lat", position.lonlat, expected, hint)
    _forget_return(connection, before, trail, station)
    _set_place(connection, device, trail, station, position.lonlat)
    return find(connection, device)


def _check_time(device: Device, at: datetime, now: datetime) -> None:
    if at > now:
        raise InvalidInput(message("{option[at]}"), rfc3339(at), "a time that is not after now")
    if device.since is not None and at < device.since:
        expected = message("{since} or later: since then it stands at its present place", since=rfc3339(device.since))
        raise InvalidInput(
            message("{option[at]}"), rfc3339(at), expected, "Exactly that time corrects the present place."
        )


def _forget_return(connection: Transaction, before: Device, trail: str, station: str | None) -> None:
    """Delete the end of the last stay where that was at this very place: the device never left it."""
    if before.earlier and (before.earlier[-1].trail, before.earlier[-1].station) == (trail, station):
        device_edit.delete_last_stay(connection, before)
        mounting.take_back(connection, before.id, before.since)


def _set_place(
    connection: Transaction, device: str, trail: str, station: str | None, lonlat: tuple[float, float] | None
) -> None:
    """Write where a device stands, and with it its counters."""
    device_edit.set_place(connection, device, trail, station, lonlat)
    mountings.follow_devices(connection, device)


def _working(connection: Transaction, device: str) -> Device:
    queue.lock(connection)  # before the row: see there
    device_edit.lock(connection, device)
    stored = find(connection, device)
    if stored.revoked_at is not None:
        raise InvalidInput("device", device, "a device that is not revoked")
    return stored


def _place(connection: Transaction, station: str | None, trail: str | None) -> tuple[str, str | None]:
    """Trail and station; a station lies at its own trail."""
    if station is not None:
        own = station_edit.trail_of_present(connection, station)
        if own is None:
            raise NotFound("station", station)
        if trail is not None and trail != own:
            raise InvalidInput("trail", trail, message("{trail}, the trail of station {code}", trail=own, code=station))
        return own, station
    if trail is None:
        raise InvalidInput("place", None, "a station, or a trail that it stands near")
    if not trail_state.is_known(connection, trail):
        raise NotFound("trail", trail)
    return trail, None
