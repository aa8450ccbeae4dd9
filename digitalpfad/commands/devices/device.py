"""`digitalpfad device`: measuring devices and their credentials."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated

import typer

from digitalpfad import services
from digitalpfad.commands.devices import (
    device_add,
    device_check,
    device_edit,
    device_password,
    device_rights,
    device_tail,
)
from digitalpfad.commands.devices.device_options import DeviceId, place_of
from digitalpfad.commands.output import Json, answer_json, answer_table, record, say
from digitalpfad.config import settings
from digitalpfad.noting import note
from digitalpfad.terminal import device_condition
from geodata.messages.message import message, phrase
from geodata.store.counting import mountings
from geodata.store.devices import credential, device_status
from geodata.store.ingest import boots
from geodata.store.series import completeness
from geodata.vocabulary.audit import Action

_CONNECTIONS = {state: phrase(state) for state in ("online", "offline", "unknown")}

group = typer.Typer(no_args_is_help=True, help="Measuring devices and their credentials.")
device_add.register(group)
device_edit.register(group)


def register(app: typer.Typer) -> None:
    """Add the group."""
    app.add_typer(group, name="device")


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
        (
            "device", "trail", "place", "condition", "connection", "last seen (UTC)", "every", "firmware",
            "name", "kind", "revoked (UTC)",
        ),
        [
            (device.id, device.trail, place_of(device), None if device.revoked_at else phrase(condition.value),
             _CONNECTIONS.get(device.state, device.state), device.last_seen_at, f"{device.interval_s} s",
             device.firmware, device.name, device.kind, device.revoked_at)
            for device, condition in devices
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
    """Show what arrived of each start of a device by its sequence numbers, and what is missing between.

    Where gaps are ever so many the lowest are given up: of the numbers between them nobody knows any more which came.
    Of ever so many starts those heard last are remembered.
    """
    present, _ = settings.load()
    with services.open_database(present) as database, database.transaction() as connection:
        device_status.latest(connection, device)  # raises for a device that is not there
        starts = completeness.load(connection, device, limit=limit, gaps=1000)
        forgotten = boots.forgotten(connection, device)
    if as_json:
        answer_json([record(boot) for boot in starts])
    else:
        _answer_completeness(device, starts)
    if forgotten:
        say(
            message(
                "Of {count} further starts nothing is remembered: of a device that names ever so many the {kept} heard"
                " last are kept.",
                count=forgotten,
                kept=boots.KEPT,
            )
        )


def _answer_completeness(device: str, starts: Sequence[completeness.BootCompleteness]) -> None:
    answer_table(
        ("boot", "first received (UTC)", "last received (UTC)", "messages", "missing", "given up", "gaps given up",
         "received seq", "missing seq"),
        [
            (start.boot, start.first_received_at, start.last_received_at, start.received, start.missing, start.given_up,
             start.gaps_given_up,
             _stretches(start.ranges), _stretches(start.gaps))
            for start in starts
        ],
        message("{device} has sent no sequence numbers yet.", device=device),
    )  # fmt: skip


def _stretches(stretches: Sequence[tuple[int, int]]) -> str:
    ranges = [str(first) if first == last else f"{first}-{last}" for first, last in stretches[:10]]
    return ", ".join([*ranges, "…"] if len(stretches) > len(ranges) else ranges)


@group.command("password")
def password(device: DeviceId, *, as_json: Json = False) -> None:
    """Give a device a new password and print it, this once; the old one stops working.

    The embedded broker ends a session of the device within seconds. For a broker of your own it says what to run.
    """
    device_password.password(device, as_json=as_json)


@group.command("check")
def check(
    device: DeviceId,
    *,
    url: Annotated[
        str | None, typer.Option(metavar="URL", help="Where devices connect, such as mqtts://host:8883, if not there.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Try a device's login: reads its password from the terminal or standard input. Exit code 1 where it is refused.

    Where the broker binds client ids to logins, this ends the device's own connection; it comes again.
    """
    device_check.check(device, url, as_json=as_json)


@group.command("tail")
def tail(device: DeviceId, *, as_json: Json = False) -> None:
    """Show a device's latest values, then each new or late one and each refusal as it comes, until Ctrl-C."""
    device_tail.tail(device, as_json=as_json)


@group.command("revoke")
def revoke(device: DeviceId) -> None:
    """Take a device's credential; what it reported stays. The embedded broker throws it out within seconds.

    Exit code 1 where the running broker does not; for a broker of your own it says what to run.
    """
    present, _ = settings.load()
    with services.open_database(present) as database, database.transaction() as connection:
        if credential.revoke(connection, device, datetime.now(UTC)):
            note(connection, Action.DEVICE_REVOKE, device)
        hangs = any(each.ends_at is None for each in mountings.load(connection, device))
    say(message("{device} may not report any more.", device=device))
    if hangs:
        say(message("As a counter it hangs where it did, and its silence keeps signs there from being judged:"
            " {action[counter end]} ends that."))  # fmt: skip
    device_rights.after_revoke(present, device)
