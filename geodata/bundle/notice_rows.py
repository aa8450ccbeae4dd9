"""``notices.json`` of a trail folder: rules by which values of a sensor become notices, with their texts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Annotated

import msgspec

from geodata.bundle.json_rows import JsonRow, Slug, once
from geodata.conditions.notices import Level, NoticeRule, NoticeText
from geodata.errors import InvalidInput
from geodata.messages.message import Message, followed_by, message, phrase
from geodata.model.station import Station
from geodata.model.trail import Trail
from geodata.text.broken import INVISIBLE
from geodata.vocabulary.languages import DEFAULT, VARIANTS

_NotEmpty = Annotated[str, msgspec.Meta(min_length=1)]
_Seconds = Annotated[int, msgspec.Meta(ge=0, le=2**31 - 1)]  # the most that the database keeps: 68 years


class NoticeTextRow(JsonRow):
    """The texts of one variant."""

    caution: _NotEmpty
    warning: _NotEmpty
    unknown: _NotEmpty


class NoticeRow(JsonRow, kw_only=True, omit_defaults=True):
    """A rule. ``station`` is a number; left out, the notice is shown at all of them."""

    id: Slug
    station: int | None = None
    device: Slug
    observed_property: str
    below: bool = False
    caution: float | None = None
    warning: float | None = None
    hysteresis: Annotated[float, msgspec.Meta(ge=0)]
    hold_s: _Seconds = 0
    expires_s: _Seconds = 6 * 3600
    texts: dict[str, NoticeTextRow]


def notice_rules(
    rows: list[NoticeRow], trail: Trail, stations: Mapping[int, Station], measured: Mapping[str, Sequence[str]]
) -> tuple[NoticeRule, ...]:
    """The rules of ``rows``; ``measured`` is what each of the trail's devices measures. Raises InvalidInput."""
    once("notices.json: id", (row.id for row in rows))
    rules, faults = checked(rows, trail, stations, measured)
    for fault in faults:
        raise fault
    return rules


def checked(
    rows: Sequence[NoticeRow], trail: Trail, stations: Mapping[int, Station], measured: Mapping[str, Sequence[str]]
) -> tuple[tuple[NoticeRule, ...], list[InvalidInput]]:
    """The rules of the rows that can work, and all faults of the others; as notice_rules()."""
    rules: list[NoticeRule] = []
    faults: list[InvalidInput] = []
    for row in rows:
        found = list(unknown_names(row, stations, measured))
        try:
            rule = _rule(row, trail, stations)
        except InvalidInput as fault:
            found.append(fault)
        else:
            if not found:
                rules.append(rule)
        faults.extend(found)
    return tuple(rules), faults


def rows_of(rules: Iterable[NoticeRule], numbers: Mapping[str, int]) -> list[NoticeRow]:
    """The rows that notice_rules() reads back as ``rules``; ``numbers`` are those of the stations, by their codes."""
    return [
        NoticeRow(
            id=rule.id,
            station=None if rule.station is None else numbers[rule.station],
            device=rule.device,
            observed_property=rule.observed_property,
            below=rule.below,
            caution=rule.thresholds.get(Level.CAUTION),
            warning=rule.thresholds.get(Level.WARNING),
            hysteresis=rule.hysteresis,
            hold_s=rule.hold_s,
            expires_s=rule.expires_s,
            texts={
                variant: NoticeTextRow(caution=text.caution, warning=text.warning, unknown=text.unknown)
                for variant, text in rule.texts.items()
            },
        )
        for rule in rules
    ]


def _numbers(stations: Mapping[int, Station]) -> Message:
    return message("The trail has the stations {numbers}.", numbers=", ".join(map(str, sorted(stations))))


def unknown_names(
    row: NoticeRow, stations: Mapping[int, Station], measured: Mapping[str, Sequence[str]]
) -> Iterator[InvalidInput]:
    """What a row names that is not there, and texts with letters that no page shows."""
    if row.station is not None and row.station not in stations:
        yield InvalidInput(
            message("station of notice {id}", id=row.id), row.station, "the number of a station", _numbers(stations)
        )
    if row.observed_property not in measured.get(row.device, ()):
        series = f"{row.device}: {row.observed_property}"
        near = (
            get_close_matches(row.observed_property, measured[row.device], n=1)
            if row.device in measured
            else (get_close_matches(row.device, measured, n=1))
        )
        yield InvalidInput(
            message("series of notice {id}", id=row.id),
            series,
            "what a device measures",
            followed_by(
                phrase("Register the device, or correct its id or the name of the observed property."),
                message("Did you mean {name}?", name=near[0]) if near else "",
            ),
        )
    unknown = row.texts.keys() - set(VARIANTS)
    if unknown or DEFAULT not in row.texts:
        expected = message("de and others of {names}", names=", ".join(VARIANTS))
        yield InvalidInput(message("texts of notice {id}", id=row.id), tuple(sorted(row.texts)), expected)
    for text in row.texts.values():
        yield from _broken_letters(row.id, text)


def _rule(row: NoticeRow, trail: Trail, stations: Mapping[int, Station]) -> NoticeRule:
    """The rule; at a station that is not there it stands for all. Raises InvalidInput for thresholds that cannot be."""
    station = None if row.station is None else stations.get(row.station)
    thresholds = ((Level.CAUTION, row.caution), (Level.WARNING, row.warning))
    return NoticeRule(
        id=row.id,
        trail=trail.slug,
        station=None if station is None else station.code,
        device=row.device,
        observed_property=row.observed_property,
        below=row.below,
        thresholds={level: at for level, at in thresholds if at is not None},
        hysteresis=row.hysteresis,
        hold_s=row.hold_s,
        expires_s=row.expires_s,
        texts={
            variant: NoticeText(variant=variant, caution=text.caution, warning=text.warning, unknown=text.unknown)
            for variant, text in row.texts.items()
        },
    )


def _broken_letters(rule: str, texts: NoticeTextRow) -> Iterator[InvalidInput]:
    for text in (texts.caution, texts.warning, texts.unknown):
        if INVISIBLE.search(text):
            hint = phrase("Remove invisible control characters.")
            yield InvalidInput(message("texts of notice {id}", id=rule), text, phrase("plain text"), hint)
