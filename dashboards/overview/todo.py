"""What is to be done, as one list: the most urgent first, each with what opens or settles it. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from enum import IntEnum

from api.catalogue.texts import name_of
from dashboards import words
from dashboards.conditions import board
from dashboards.conditions.board import DeviceRow
from dashboards.languages import t
from geodata.conditions.common_cause import fell_silent_together
from geodata.conditions.device_condition import Condition
from geodata.model.device import DeviceWork
from geodata.model.trail import Trail

_ASK_AFTER = timedelta(days=3)
MOST = 40
"""Further ones are on the page of devices."""


class Urgency(IntEnum):
    """What comes first: people on the way, then what one cause explains, then single devices, then paper."""

    PEOPLE = 0
    CAUSE = 1
    VISIT = 2
    SIGN = 3
    QUESTION = 4
    PAPER = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Todo:
    """A task in words, with where to go (``href``, ``button``), or what to answer (``posts``: address and button)."""

    urgency: Urgency
    id: str
    where: str
    said: str
    href: str = ""
    button: str = ""
    posts: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingPaper:
    """What waits beside devices. ``reports_since`` in words."""

    reports: int = 0
    reports_since: str = ""
    signs: int = 0
    quarantined: int = 0


def tasks(
    rows: Sequence[DeviceRow], trails: Mapping[str, Trail], waiting: WaitingPaper, now: datetime, zone: tzinfo
) -> list[Todo]:
    """All of it; ``rows`` are the devices that need somebody or are worked at, in walking direction by trail."""
    found = [*_people(waiting), *_of_devices(rows, trails, now, zone), *_open_work(rows, now, zone), *_paper(waiting)]
    return sorted(found, key=lambda todo: todo.urgency)


def _people(waiting: WaitingPaper) -> list[Todo]:
    if not waiting.reports:
        return []
    said = t.plural("%(number)s Meldung wartet", "%(number)s Meldungen warten", waiting.reports)
    said = t("%(waiting)s, die älteste %(since)s", waiting=said, since=waiting.reports_since)
    return [_todo(Urgency.PEOPLE, "reports", "", said, "/staff/reports", t("Meldungen lesen"))]


def _of_devices(rows: Sequence[DeviceRow], trails: Mapping[str, Trail], now: datetime, zone: tzinfo) -> list[Todo]:
    """The devices that need somebody; those that fell silent together as one."""
    groups = fell_silent_together([(row.device, row.condition) for row in rows])
    explained = {device.id for group in groups for device in group.devices}
    found: list[Todo] = []
    for group in groups:
        trail = trails.get(group.trail)
        said = t(
            "%(count)s Geräte schweigen %(since)s, alle fast gleichzeitig. Erst die gemeinsame Ursache suchen: Strom,"
            " Router oder Funk am Pfad.",
            count=len(group.devices),
            since=words.since(group.since, now, zone),
        )
        href = f"/staff/devices?trail={group.trail}&state=silent"
        where = name_of(trail) if trail else group.trail
        found.append(_todo(Urgency.CAUSE, f"cause-{group.devices[0].id}", where, said, href, t("Geräte ansehen")))
    return found + [_visit(row, trails) for row in rows if row.condition.needs_visit and row.device.id not in explained]


def _visit(row: DeviceRow, trails: Mapping[str, Trail]) -> Todo:
    place = t("Station %(number)s · %(place)s", number=row.number, place=row.place) if row.station else row.place
    if len(trails) > 1 and row.device.trail in trails:
        place = f"{name_of(trails[row.device.trail])}, {place}"
    href = f"/staff/devices/{row.device.id}"
    button = t("Gründe ansehen") if row.condition is Condition.UNUSABLE else t("Gerät ansehen")
    if row.condition is Condition.UNUSABLE:
        href = f"/staff/quarantine?device={row.device.id}"
    return _todo(Urgency.VISIT, row.device.id, place, words.foreign(board.next_action(row)), href, button)


def _open_work(rows: Sequence[DeviceRow], now: datetime, zone: tzinfo) -> list[Todo]:
    """Work at devices whose end nobody said, asked about after some days."""
    found: list[Todo] = []
    for row in rows:
        work = row.device.maintenance_at(now)
        if work is None or work.ends_at is not None or not _is_asked(work, now):
            continue
        said = t(
            "%(name)s: in Wartung %(since)s (%(reason)s). Dauert sie noch an?",
            name=words.foreign(row.name),
            since=words.since(work.starts_at, now, zone),
            reason=words.foreign(work.reason),
        )
        posts = [
            (f"/staff/maintenance/{work.id}/confirm", t("Ja, sie dauert an")),
            (f"/staff/maintenance/{work.id}/end", t("Nein, beenden")),
        ]
        found.append(
            Todo(urgency=Urgency.QUESTION, id=f"work-{row.device.id}", where=row.place, said=said, posts=posts)
        )
    return found


def _is_asked(work: DeviceWork, now: datetime) -> bool:
    return now - max(work.starts_at, work.confirmed_at or work.starts_at) >= _ASK_AFTER


def _paper(waiting: WaitingPaper) -> list[Todo]:
    found: list[Todo] = []
    if waiting.signs:
        said = t.plural(
            "%(number)s Schild fällt auf: Bitte prüfen", "%(number)s Schilder fallen auf: Bitte prüfen", waiting.signs
        )
        found.append(_todo(Urgency.SIGN, "signs", "", said, "/staff/signs", t("Schilder ansehen")))
    if waiting.quarantined:
        said = t.plural(
            "%(number)s Nachricht nicht oder nicht ganz verwendbar",
            "%(number)s Nachrichten nicht oder nicht ganz verwendbar",
            waiting.quarantined,
        )
        found.append(_todo(Urgency.PAPER, "quarantine", "", said, "/staff/quarantine", t("Quarantäne ansehen")))
    return found


def _todo(urgency: Urgency, identity: str, where: str, said: str, href: str, button: str) -> Todo:
    return Todo(urgency=urgency, id=identity, where=where, said=said, href=href, button=button)
