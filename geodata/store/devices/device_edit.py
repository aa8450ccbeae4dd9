"""Devices registered and changed by hand: where they stand, what they are called. Datastreams and their past stay."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from geodata.errors import InvalidInput, NotFound
from geodata.messages.message import message
from geodata.model.device import Device
from geodata.store.devices.device_status import find
from geodata.store.transaction import Transaction
from geodata.text.broken import is_one_line
from geodata.times import rfc3339
from geodata.vocabulary.device_names import check_free

LONGEST_NAME = 80
LONGEST_INTERVAL_S = 31 * 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceChange:
    """What to change, or to begin with; None leaves a field as it is. Raises InvalidInput for what cannot be."""

    name: str | None = None
    kind: str | None = None
    interval_s: int | None = None

    def __post_init__(self) -> None:
        """Refuse names of more than a line, and rhythms that are none."""
        for field, text in (("name", self.name), ("kind", self.kind)):
            if text is not None and (len(text) > LONGEST_NAME or not is_one_line(text)):
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
    if connection.execute("SELECT FROM device WHERE id = %s", [device]).fetchone() is not None:
        hint = message("{action[device list all]} shows them.")
        raise InvalidInput("device", device, "an id that no device has yet", hint)
    trail, station = _place(connection, position.station, position.trail)
    lon, lat = position.lonlat or (None, None)
    connection.execute(
        "INSERT INTO device (id, trail, station, lon, lat) VALUES (%s, %s, %s, %s, %s)",
        [device, trail, station, lon, lat],
    )
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

    What it measured before stays with the old place. ``at`` the moment at which it came to its present place corrects
    that place. Raises NotFound and InvalidInput; the same place again changes nothing.
    """
    before = _working(connection, device)
    to_trail, to_station = _place(connection, station, trail)
    if (before.trail, before.station) == (to_trail, to_station):
        return before
    _check_time(before, at, now)
    if at != before.since:
        connection.execute(
            "INSERT INTO device_stay (device, trail, station, until) VALUES (%s, %s, %s, %s)",
            [device, before.trail, before.station, at],
        )
    else:
        _forget_return(connection, before, to_trail, to_station)
    connection.execute(
        "UPDATE device SET trail = %s, station = %s, lon = NULL, lat = NULL WHERE id = %s",
        [to_trail, to_station, device],
    )
    return find(connection, device)


def rules_of(connection: Transaction, device: str) -> list[tuple[str, str]]:
    """The notice rules that look at ``device``, each with its trail."""
    rows = connection.execute("SELECT id, trail FROM notice_rule WHERE device = %s ORDER BY id", [device])
    return [(str(rule), str(trail)) for rule, trail in rows]


def _check_time(device: Device, at: datetime, now: datetime) -> None:
    if at > now:
        raise InvalidInput(message("{option[at]}"), rfc3339(at), "a time that is not after now")
    if device.since is not None and at < device.since:
        expected = message("{since} or later: since then it stands at its present place", since=rfc3339(device.since))
        raise InvalidInput(
            message("{option[at]}"), rfc3339(at), expected, "Exactly that time corrects the present place."
        )


def edit(connection: Transaction, device: str, change: DeviceChange) -> Device:
    """Change what is given and return the device. Raises NotFound and InvalidInput."""
    _working(connection, device)
    connection.execute(
        "UPDATE device SET name = coalesce(%s, name), kind = coalesce(%s, kind), interval_s = coalesce(%s, interval_s)"
        " WHERE id = %s",
        [change.name, change.kind, change.interval_s, device],
    )
    return find(connection, device)


def correct_position(connection: Transaction, device: str, position: Position) -> Device:
    """Say where ``device`` has stood since it came to its present place, which was written down wrongly.

    What it measured there goes with it. Raises NotFound, and InvalidInput for another trail: that is a move.
    """
    before = _working(connection, device)
    trail, station = _place(connection, position.station, position.trail)
    if trail != before.trail:
        expected = message("a place on {trail}, where it stands", trail=before.trail)
        raise InvalidInput("place", station or trail, expected, "Another trail is a move: the device's topics change.")
    _forget_return(connection, before, trail, station)
    lon, lat = position.lonlat or (None, None)
    connection.execute(
        "UPDATE device SET station = %s, lon = %s, lat = %s WHERE id = %s",
        [station, lon, lat, device],
    )
    return find(connection, device)


def _forget_return(connection: Transaction, before: Device, trail: str, station: str | None) -> None:
    """Delete the end of the last stay where that was at this very place: the device never left it."""
    if before.earlier and (before.earlier[-1].trail, before.earlier[-1].station) == (trail, station):
        connection.execute("DELETE FROM device_stay WHERE device = %s AND until = %s", [before.id, before.since])


def _working(connection: Transaction, device: str) -> Device:
    connection.execute("SELECT FROM device WHERE id = %s FOR UPDATE", [device])
    found = find(connection, device)
    if found.revoked_at is not None:
        raise InvalidInput("device", device, "a device that is not revoked")
    return found


def _place(connection: Transaction, station: str | None, trail: str | None) -> tuple[str, str | None]:
    """Trail and station; a station lies at its own trail."""
    if station is not None:
        row = connection.execute(
            "SELECT trail FROM station WHERE code = %s AND retired_at IS NULL", [station]
        ).fetchone()
        if row is None:
            raise NotFound("station", station)
        if trail is not None and trail != row[0]:
            raise InvalidInput(
                "trail", trail, message("{trail}, the trail of station {code}", trail=row[0], code=station)
            )
        return str(row[0]), station
    if trail is None:
        raise InvalidInput("place", None, "a station, or a trail that it stands near")
    if connection.execute("SELECT FROM trail WHERE slug = %s", [trail]).fetchone() is None:
        raise NotFound("trail", trail)
    return trail, None
