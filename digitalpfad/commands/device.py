"""`digitalpfad device`: measuring devices and their credentials."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated

import typer

from digitalpfad import device_condition, services, settings
from digitalpfad.commands import device_edit
from digitalpfad.commands.output import Json, answer_json, answer_table, printable, record, say
from digitalpfad.commands.quarantine import suggest_replay
from digitalpfad.signals import stop_on_signals
from geodata.errors import InvalidInput
from geodata.message import message, phrase
from geodata.model import Quality
from geodata.store import completeness, credential, device_status, quarantine
from geodata.store.channels import OBSERVATION_CHANNEL
from geodata.store.database import Database, notifications
from geodata.store.device_status import LatestObservation
from geodata.store.quarantine import Selection
from geodata.store.times import to_datetime

_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")

group = typer.Typer(no_args_is_help=True, help="Measuring devices and their credentials.")
device_edit.register(group)
DeviceId = Annotated[str, typer.Argument(metavar="ID")]


def register(app: typer.Typer) -> None:
    """Add the group."""
    app.add_typer(group, name="device")


@group.command("add")
def add(
    device: DeviceId,
    station: Annotated[str, typer.Option(metavar="CODE", help="Code of the station where it stands.")],
    *,
    as_json: Json = False,
) -> None:
    """Register a device at a station and print its password, this once."""
    if not _ID.fullmatch(device):
        raise InvalidInput("ID", device, "1 to 63 characters a-z, 0-9 and -, not beginning with -")
    present, _ = settings.load()
    with services.open_database(present) as database, database.transaction() as connection:
        added = device_status.register(connection, device, station.strip().upper())
        password = credential.issue(connection, device)
        waiting = quarantine.count_open(connection, Selection(device=device))
    topic = f"digitalpfad/v1/{added.trail}/{added.id}/event/telemetry"
    if as_json:
        answer_json(
            {
                "device": added.id,
                "station": added.station,
                "user": added.id,
                "password": password,
                "topic": topic,
                "quarantined": waiting,
            }
        )
        return
    typer.echo(f"user      {added.id}\npassword  {password}\ntopic     {topic}")
    typer.echo("The password is shown this once.", err=True)
    suggest_replay(waiting, f"--device {added.id}")
    if present.mqtt_url is not None:
        typer.echo("Add this user to your broker, with rights to its own topics only (docs/operations.md).", err=True)


@group.command("list")
def list_devices(
    *,
    everything: Annotated[bool, typer.Option("--all", help="Revoked devices too.")] = False,
    as_json: Json = False,
) -> None:
    """List the devices with what they last said of themselves."""
    present, _ = settings.load()
    with services.open_database(present) as database, database.transaction() as connection:
        devices = device_condition.judged(connection, datetime.now(UTC), revoked=everything)
    for sentence in device_condition.common(devices) or ():
        say(sentence)
    if as_json:
        answer_json([{**record(device), "condition": condition.value} for device, condition in devices])
        return
    answer_table(
        ("device", "trail", "station", "condition", "state", "last seen (UTC)", "every", "firmware", "revoked (UTC)"),
        [
            (one.id, one.trail, one.station, None if one.revoked_at else phrase(condition.value), one.state,
             one.last_seen_at, f"{one.interval_s} s", one.firmware, one.revoked_at)
            for one, condition in devices
        ],
        "There are no devices. 'digitalpfad device add ID --station CODE' adds one.",
    )  # fmt: skip


@group.command("completeness")
def show_completeness(
    device: DeviceId,
    *,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="At most so many starts, the newest first.")] = 20,
    as_json: Json = False,
) -> None:
    """Show what arrived of each start of a device by its sequence numbers, and what is missing between."""
    present, _ = settings.load()
    with services.open_database(present) as database, database.transaction() as connection:
        device_status.latest(connection, device)  # raises for a device that is not there
        boots = completeness.load(connection, device, limit=limit, gaps=1000)
    if as_json:
        answer_json([record(boot) for boot in boots])
        return
    answer_table(
        ("boot", "first received (UTC)", "last received (UTC)", "messages", "missing", "received seq", "missing seq"),
        [
            (one.boot, one.first_received_at, one.last_received_at, one.received, one.missing,
             _stretches(one.ranges), _stretches(one.gaps))
            for one in boots
        ],
        message("{device} has sent no sequence numbers yet.", device=device),
    )  # fmt: skip


def _stretches(stretches: Sequence[tuple[int, int]]) -> str:
    shown = [str(first) if first == last else f"{first}-{last}" for first, last in stretches[:10]]
    return ", ".join([*shown, "…"] if len(stretches) > len(shown) else shown)


@group.command("tail")
def tail(device: DeviceId, *, as_json: Json = False) -> None:
    """Show the latest values of a device, then each new one as it is stored, until Ctrl-C."""
    stop = stop_on_signals()
    present, _ = settings.load()
    with services.open_database(present) as database, database.listener(OBSERVATION_CHANNEL) as listener:
        series = _series(database, device)
        for one in series.values():
            _print(device, one, as_json=as_json)
        while not stop.is_set():
            for notice in notifications(listener, 0.5):
                series = _print_news(database, device, series, notice.payload, as_json=as_json)


def _print_news(
    database: Database, device: str, series: dict[int, LatestObservation], payload: str, *, as_json: bool
) -> dict[int, LatestObservation]:
    """Print what ``payload`` holds of this device; a series seen for the first time is looked up."""
    news: list[tuple[int, int, float | None, int]] = json.loads(payload) if payload else []
    if any(stream not in series for stream, *_ in news):
        series = _series(database, device)
    for stream, time_us, result, quality in news:
        if stream in series:
            changed = {"phenomenon_time": to_datetime(time_us), "result": result, "quality": Quality(quality)}
            _print(device, replace(series[stream], **changed), as_json=as_json)
    return series


def _series(database: Database, device: str) -> dict[int, LatestObservation]:
    with database.transaction() as connection:
        return {one.datastream: one for one in device_status.latest(connection, device)}


def _print(device: str, one: LatestObservation, *, as_json: bool) -> None:
    quality = one.quality.name.lower()
    if as_json:
        answer_json({**record(one), "device": device, "quality": quality, "flags": int(one.flags)})
        return
    flagged = "" if one.quality is Quality.OK else f"  ({quality})"
    moment = f"{one.phenomenon_time.astimezone(UTC):%Y-%m-%d %H:%M:%S}"
    typer.echo(f"{moment}  {one.observed_property:<20} {printable(one.result):>12} {one.unit}{flagged}")


@group.command("revoke")
def revoke(device: DeviceId) -> None:
    """Take a device's credential; what it reported stays. The embedded broker throws it out within seconds."""
    present, _ = settings.load()
    with services.open_database(present) as database, database.transaction() as connection:
        credential.revoke(connection, device, datetime.now(UTC))
    typer.echo(f"{device} may not report any more.", err=True)
    if present.mqtt_url is not None:
        typer.echo("Remove this user from your broker too.", err=True)
