"""Which number each station of a file gets: its own, the stored one, or a new one; what was not printed so is told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from geodata.findings.trail_file import Findings
from geodata.messages.listing import listed, shortened
from geodata.messages.message import message, phrase
from geodata.model.station import Station
from geodata.trailfiles.plan.matching import Match

_PRINTED = phrase("Compare them with the signs that are printed.")


def numbers(matches: Sequence[Match], own: Iterable[Station], findings: Findings) -> list[int]:
    """The file's numbers; a stored station without one keeps its own, new ones follow the highest."""
    station_numbers = [match.parsed.number or (match.station.number if match.station else 0) for match in matches]
    highest = max([*station_numbers, *(station.number for station in own), 0])
    numbered: list[int] = []
    for i, number in enumerate(station_numbers):
        if not number:
            highest += 1
            station_numbers[i] = highest
            numbered.append(i)
    _tell_unread(matches, station_numbers, findings)
    _tell_made(matches, station_numbers, [i for i in numbered if not matches[i].parsed.unread_number], findings)
    _tell_changed(matches, station_numbers, findings)
    return station_numbers


def _tell_unread(matches: Sequence[Match], station_numbers: Sequence[int], findings: Findings) -> None:
    """Warn of numbers such as 11a: they cannot be kept, so the station gets another one."""
    changes = [
        f"{shortened(match.parsed.unread_number)} → {number} ({shortened(match.parsed.name)})"
        for match, number in zip(matches, station_numbers, strict=True)
        if match.parsed.unread_number and not match.parsed.number
    ]
    if changes:
        findings.warn(
            message(
                "Numbers that are no whole numbers are not kept, {count} of them: {changes}.",
                count=len(changes), changes=listed(changes, quoted=False),
            ),
            phrase("whole numbers from 1"),
            _PRINTED, reason="numbers-not-whole",
        )  # fmt: skip


def _tell_made(
    matches: Sequence[Match], station_numbers: Sequence[int], numbered: Sequence[int], findings: Findings
) -> None:
    if not numbered:
        return
    if any(match.parsed.number or match.parsed.unread_number for match in matches):
        changes = [f"{station_numbers[i]} ({shortened(matches[i].parsed.name)})" for i in numbered]
        findings.warn(
            message(
                "Stations without a number get the next free ones, {count} of them: {changes}.",
                count=len(changes), changes=listed(changes, quoted=False),
            ),
            hint=_PRINTED, reason="numbers-missing",
        )  # fmt: skip
    else:
        first, last = station_numbers[numbered[0]], station_numbers[numbered[-1]]
        findings.note(
            message("New stations are numbered {first} to {last}, in the order of the file.", first=first, last=last),
            reason="numbers-given",
        )


def _tell_changed(matches: Sequence[Match], station_numbers: Sequence[int], findings: Findings) -> None:
    changes = [
        f"{match.station.number} → {number} ({match.station.code})"
        for match, number in zip(matches, station_numbers, strict=True)
        if match.station and match.station.number != number
    ]
    if changes:
        findings.warn(
            message(
                "Stored stations get other numbers, {count} of them: {changes}.",
                count=len(changes), changes=listed(changes, quoted=False),
            ),
            hint=_PRINTED, reason="numbers-change",
        )  # fmt: skip
