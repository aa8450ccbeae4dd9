"""`digitalpfad device tail`: what comes of a device while somebody watches, stored and refused."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime

import typer

from digitalpfad import services
from digitalpfad.commands.output import answer_json, printable, record, say
from digitalpfad.config import settings
from digitalpfad.config.model import Settings
from digitalpfad.data_directory.folder import DataDir
from digitalpfad.process.signals import stop_on_signals
from geodata.messages.message import counted, followed_by, message, phrase
from geodata.model.observation import Quality
from geodata.store.channels import LATE_CHANNEL, OBSERVATION_CHANNEL, observations
from geodata.store.database import Database, notifications
from geodata.store.devices import device_status
from geodata.store.devices.device_status import LatestObservation
from geodata.store.ingest import quarantine
from geodata.store.ingest.quarantine import Selection
from geodata.store.ingest.quarantine_news import Arrival, Arrivals

_POLL_S = 0.5
_MARKS = {Quality.SUSPECT: phrase("suspect"), Quality.MISSING: phrase("missing")}


def tail(device: str, *, as_json: bool) -> None:
    """Print the latest values of ``device``, then what comes, until a signal; raise NotFound."""
    stop = stop_on_signals()
    present, _ = settings.load()
    with (
        services.open_database(present) as database,
        database.listener(OBSERVATION_CHANNEL, LATE_CHANNEL) as listener,
    ):
        watch = _Watch(database, device, as_json=as_json)
        watch.begin(present)
        while not stop.is_set():
            for notice in notifications(listener, _POLL_S):
                watch.hear(notice.payload)
            watch.look_for_refusals()


class _Watch:
    """What was shown of one device."""

    def __init__(self, database: Database, device: str, *, as_json: bool) -> None:
        self._database = database
        self._device = device
        self._as_json = as_json
        self._series: dict[int, LatestObservation] = {}
        self._newest: dict[int, datetime] = {}  # shown of each series
        with database.transaction() as connection:
            self._arrivals = Arrivals.begin(connection, device)

    def begin(self, present: Settings) -> None:
        """Show the latest values, and say what waits in quarantine and where the rest is logged."""
        self._look_up()
        with self._database.transaction() as connection:
            waiting = quarantine.count_open(connection, Selection(device=self._device))
        say(followed_by(_waits(self._device, waiting), _logged(present)))
        if not self._series:
            say(message("{device} has sent no values yet: waiting for the first.", device=self._device))
        self._show_latest()

    def hear(self, payload: str) -> None:
        """Show what a notification holds of this device; one that says nothing readable has all read again."""
        try:
            values = observations(payload)
        except (ValueError, OverflowError):
            self._look_up()
            self._show_latest()
            return
        if any(value.datastream_id not in self._series for value in values):
            self._look_up()
        for value in values:
            latest = self._series.get(value.datastream_id)
            if latest is not None and value.phenomenon_time != self._newest.get(value.datastream_id):
                self._show(
                    replace(latest, phenomenon_time=value.phenomenon_time, result=value.result, quality=value.quality)
                )

    def look_for_refusals(self) -> None:
        """Show what went to quarantine since the last time."""
        with self._database.transaction() as connection:
            arrived = self._arrivals.take(connection)
        for arrival in arrived:
            self._show_refusal(arrival)

    def _look_up(self) -> None:
        with self._database.transaction() as connection:
            self._series = {
                observation.datastream: observation for observation in device_status.latest(connection, self._device)
            }

    def _show_latest(self) -> None:
        for stream, observation in self._series.items():
            if stream not in self._newest or observation.phenomenon_time > self._newest[stream]:
                self._show(observation)

    def _show(self, observation: LatestObservation) -> None:
        newest = self._newest.setdefault(observation.datastream, observation.phenomenon_time)
        late = observation.phenomenon_time < newest
        self._newest[observation.datastream] = max(newest, observation.phenomenon_time)
        quality = observation.quality.name.lower()
        if self._as_json:
            fields = {
                **record(observation),
                "device": self._device,
                "quality": quality,
                "flags": int(observation.flags),
            }
            answer_json({"kind": "value", **fields, "late": late})
            return
        marks = [_MARKS[observation.quality]] if observation.quality in _MARKS else []
        marks += [phrase("late")] if late else []
        value = f"{observation.observed_property:<20} {printable(observation.result):>12} {observation.unit}"
        typer.echo(f"{_moment(observation.phenomenon_time)}  {value}{_in_brackets(marks)}")

    def _show_refusal(self, arrival: Arrival) -> None:
        if self._as_json:
            answer_json({"kind": "refusal", "device": self._device, **record(arrival)})
            return
        typer.echo(f"{_moment(arrival.received_at)}  {printable(_refused(arrival))}")


def _refused(arrival: Arrival) -> str:
    values = {"reason": arrival.reason, "detail": arrival.detail, "entry": str(arrival.id)}
    if arrival.refused_parts == arrival.parts:
        return message("refused as a whole: {reason}: {detail} (entry {entry})", **values)
    return message(
        "refused in part ({refused} of {parts}): {reason}: {detail} (entry {entry})",
        refused=arrival.refused_parts,
        parts=arrival.parts,
        **values,
    )


def _waits(device: str, waiting: int) -> str:
    if not waiting:
        return message("Nothing of {device} waits in quarantine.", device=device)
    return counted(
        "{count} entry of {device} waits in quarantine: 'digitalpfad quarantine list --device {device}'.",
        "{count} entries of {device} wait in quarantine: 'digitalpfad quarantine list --device {device}'.",
        count=waiting,
        device=device,
    )


def _logged(present: Settings) -> str:
    """Where the gateway logs: `up` into a file of its data directory, a service into the journal."""
    file = DataDir.at(present.data_dir).logs / "gateway.log"
    place = str(file) if file.exists() else "journalctl -u digitalpfad-gateway"
    return message("The rest is in the gateway's log ({place}), its counts under /metrics.", place=place)


def _moment(time: datetime) -> str:
    return f"{time.astimezone(UTC):%Y-%m-%d %H:%M:%S}"


def _in_brackets(marks: Iterable[str]) -> str:
    words = ", ".join(printable(mark) for mark in marks)
    return f"  ({words})" if words else ""
