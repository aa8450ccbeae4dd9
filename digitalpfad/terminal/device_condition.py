"""How devices are, for the terminal: the judgement of the staff's pages, and a silence of all of them said as one."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime

from geodata.conditions.device_condition import CommonSilence, Condition, judge, silences
from geodata.messages.message import Message, followed_by, joined, message, phrase
from geodata.model.device import Device
from geodata.model.observation import Observation
from geodata.store.catalogue import properties
from geodata.store.devices import device_status
from geodata.store.devices.device import load_datastreams
from geodata.store.series import latest
from geodata.store.transaction import Transaction

_MOST_NAMED = 5
EVERYWHERE = phrase(
    "Check in this order: gateway and broker run on the server; it is reached from outside (firewall, address,"
    " certificate); power and mobile network at the trails."
)
HERE = phrase(
    "Check in this order: power at the trail; router, radio or mobile network there; its gateway, where the trail has"
    " one of its own (DIGITALPFAD_PARTITION)."
)

Judged = Sequence[tuple[Device, Condition]]


def judged(connection: Transaction, now: datetime, *, revoked: bool = False) -> list[tuple[Device, Condition]]:
    """All devices with how they are, by id; revoked ones only where asked for."""
    observed = latest.load(connection, now)
    of_device: defaultdict[str, dict[str, Observation]] = defaultdict(dict)
    for stream in load_datastreams(connection).values():
        if stream.id in observed:
            of_device[stream.device][stream.observed_property] = observed[stream.id]
    devices = device_status.list_devices(connection, revoked=revoked)
    props = properties.load(connection)
    return [(device, judge(device, of_device[device.id], props, now)) for device in devices]


def common(devices: Judged) -> tuple[Message, Message] | None:
    """What all devices, or all of a trail, have in common where they are silent, and the hint; else None.

    Revoked devices say nothing of it.
    """
    silent = silences([(device, condition) for device, condition in devices if device.revoked_at is None])
    if not silent:
        return None
    hint = EVERYWHERE if silent[0][0] is None else HERE
    return followed_by(*(_sentence(trail, silence) for trail, silence in silent)), hint


def _sentence(trail: str | None, silence: CommonSilence) -> Message:
    since = f"{silence.since:%Y-%m-%d %H:%M}"
    if trail is None:
        return message(
            "All {count} devices are silent, the last one since {since} UTC: one common cause is likelier than a fault"
            " of each.",
            count=silence.devices,
            since=since,
        )
    return message(
        "All {count} devices of {trail} are silent, the last one since {since} UTC, and those of other trails are"
        " heard: the cause lies at this trail.",
        count=silence.devices,
        trail=trail,
        since=since,
    )


def summary(devices: Judged) -> Message:
    """``9 running; 2 silent (pond-1, soil-2)``, the worst first; of each bad condition a few devices are named."""
    if not devices:
        return phrase("none")
    counts = Counter(condition for _, condition in devices)
    return joined(
        [_counted(devices, condition, counts[condition]) for condition in Condition if counts[condition]], "; "
    )


def _counted(devices: Judged, condition: Condition, count: int) -> Message:
    if not condition.needs_visit:
        return message("{count} {condition}", count=count, condition=phrase(condition.value))
    names = [device.id for device, other in devices if other is condition]
    more = ["…"] if len(names) > _MOST_NAMED else []
    return message(
        "{count} {condition} ({devices})",
        count=count,
        condition=phrase(condition.value),
        devices=", ".join([*names[:_MOST_NAMED], *more]),
    )
