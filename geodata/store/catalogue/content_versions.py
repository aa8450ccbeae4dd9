"""Texts of stations and trails as numbered versions, and the published ones where the public catalogue reads them.

A version is never changed. Of the published versions of a text the one with the highest number is shown; one without a
text ends it. The tables station_content and trail_content follow in the same transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

import msgspec
from psycopg.types.json import Jsonb

from geodata.content.plain import checked
from geodata.content.versions import Author, Effect, Slot, State, Text, Version, effect
from geodata.errors import InvalidInput
from geodata.model.content import StationContent
from geodata.model.plain_language import PlainLanguage
from geodata.model.trail import TrailContent
from geodata.store.catalogue import media, published_content
from geodata.store.transaction import Transaction

ITSELF = Author("digitalpfad")
"""What a command writes on its own, such as the texts of the bundled trail."""


def lock(connection: Transaction) -> None:
    """Let one at a time compare and write texts; others wait. Ends with the transaction."""
    connection.execute("SELECT pg_advisory_xact_lock(hashtext('digitalpfad content'))")


def history(connection: Transaction, *, station: str = "", trail: str = "") -> list[Version]:
    """All versions of a station's or a trail's own texts, by variant, season and number."""
    return _versions(connection, station=station, trail=trail)


def states(connection: Transaction, trail: str) -> dict[Slot, State]:
    """Where all texts of a trail and its stations stand; retired stations too."""
    by_slot: dict[Slot, State] = {}
    for version in _versions(connection, all_of=trail):
        before = by_slot.get(version.slot)
        shown_version = version if version.published_at is not None else before.shown if before else None
        plain = (*(before.plain if before else ()), *_plain([version]))
        by_slot[version.slot] = State(newest=version, shown=shown_version, plain=plain)
    return by_slot


def save(connection: Transaction, slot: Slot, text: Text | None, author: Author, *, publish: bool) -> bool:
    """Save a text, or with None its end, and ``publish`` it; False where that changes nothing, see versions.effect().

    A check that the text names is tied to the words that were checked, see geodata.content.plain.checked.
    Raises InvalidInput where it shows a medium that is not stored.
    """
    state = _state(connection, slot)
    text = text and checked.tied(text, state.plain if state else ())
    does = effect(state, text, publish=publish)
    if does is Effect.PUBLISH and state:
        _mark_published(connection, state.newest, author.name)
    elif does is not Effect.NOTHING:
        _insert(connection, slot, state.newest.number + 1 if state else 1, text, author, publish=publish)
    if publish:
        _show(connection, slot, text)
    return does is not Effect.NOTHING


def save_all(
    connection: Transaction, texts: Iterable[Text], author: Author, *, station: str = "", trail: str = ""
) -> None:
    """Publish these texts of a station or trail, and end those it has besides."""
    wanted = {Slot.of(station or trail, text): text for text in texts}
    rows = connection.execute(
        "SELECT variant, season FROM station_content WHERE station = %(station)s"
        " UNION ALL SELECT variant, '' FROM trail_content WHERE trail = %(trail)s",
        {"station": station, "trail": trail},
    )
    for variant, season in rows.fetchall():
        slot = Slot(station=station, trail=trail, variant=variant, season=season)
        if slot not in wanted:
            save(connection, slot, None, author, publish=True)
    for slot, text in wanted.items():
        save(connection, slot, text, author, publish=True)


def save_first(connection: Transaction, texts: Mapping[str, Iterable[StationContent]], author: Author) -> None:
    """Publish the first texts of stations that were just added, by their codes: for thousands in two round trips.

    Raises InvalidInput where one shows a medium that is not stored.
    """
    all_of_them = [(station, checked.tied(text, ())) for station, of_station in texts.items() for text in of_station]
    for _, text in all_of_them:
        media.check_there(connection, text)
    with connection.cursor() as cursor:
        cursor.executemany(
            _INSERT,
            [_inserted(Slot.of(station, text), 1, text, author, publish=True) for station, text in all_of_them],
        )
    published_content.put_stations(connection, all_of_them)


def publish(connection: Transaction, version: Version, author: Author) -> int:
    """Show this version's text: a draft newer than the shown version as it is, any other as a copy with a new number.

    Returns the number that is shown then. Raises InvalidInput for the version that is shown already.
    """
    state = _state(connection, version.slot)
    shown_number = state.shown.number if state and state.shown else 0
    if version.number == shown_number:
        raise InvalidInput("version", version.number, "one that is not shown already")
    if version.published_at is None and version.number > shown_number:
        _mark_published(connection, version, author.name)
        _show(connection, version.slot, version.text)
        return version.number
    number = state.newest.number + 1 if state else 1
    note = author.note or f"Version {version.number} again."
    _insert(connection, version.slot, number, version.text, replace(author, note=note), publish=True)
    _show(connection, version.slot, version.text)
    return number


def _state(connection: Transaction, slot: Slot) -> State | None:
    versions = _versions(connection, station=slot.station, trail=slot.trail, variant=slot.variant, season=slot.season)
    if not versions:
        return None
    shown_version = next((version for version in reversed(versions) if version.published_at is not None), None)
    return State(newest=versions[-1], shown=shown_version, plain=_plain(versions))


def _plain(versions: Iterable[Version]) -> tuple[PlainLanguage, ...]:
    return tuple(version.text.plain for version in versions if version.text and version.text.plain)


def _versions(
    connection: Transaction,
    *,
    station: str = "",
    trail: str = "",
    all_of: str = "",
    variant: str | None = None,
    season: str = "",
) -> list[Version]:
    """Versions of a station, of a trail itself, or of a trail with ``all_of`` its stations; of one text if named."""
    rows = connection.execute(
        """
        SELECT coalesce(station, ''), coalesce(trail, ''), variant, season, number, content, saved_at, saved_by, note,
            published_at, published_by
        FROM content_version
        WHERE (station = %(station)s OR trail = %(trail)s OR trail = %(all_of)s
                OR station IN (SELECT code FROM station WHERE station.trail = %(all_of)s))
            AND (%(variant)s::text IS NULL OR (variant = %(variant)s AND season = %(season)s))
        ORDER BY station, trail, variant, season, number
        """,
        {"station": station, "trail": trail, "all_of": all_of, "variant": variant, "season": season},
    )
    return [
        Version(
            slot=(slot := Slot(station=row[0], trail=row[1], variant=row[2], season=row[3])),
            number=row[4],
            text=None if row[5] is None else _text(slot, row[5]),
            saved_at=row[6],
            saved_by=row[7],
            note=row[8],
            published_at=row[9],
            published_by=row[10],
        )
        for row in rows
    ]


def _text(slot: Slot, content: object) -> Text:
    """A saved text; what an older release did not know of yet has its default."""
    return msgspec.convert(content, StationContent if slot.station else TrailContent)


def _insert(
    connection: Transaction, slot: Slot, number: int, text: Text | None, author: Author, *, publish: bool
) -> None:
    if isinstance(text, StationContent):
        media.check_there(connection, text)
    connection.execute(_INSERT, _inserted(slot, number, text, author, publish=publish))


_INSERT = """
    INSERT INTO content_version
        (station, trail, variant, season, number, content, saved_by, note, published_at, published_by)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, CASE WHEN %s THEN now() END, %s)
"""


def _inserted(slot: Slot, number: int, text: Text | None, author: Author, *, publish: bool) -> list[object]:
    return [
        slot.station or None,
        slot.trail or None,
        slot.variant,
        slot.season,
        number,
        None if text is None else Jsonb(msgspec.to_builtins(text)),
        author.name,
        author.note,
        publish,
        author.name if publish else None,
    ]


def _mark_published(connection: Transaction, draft: Version, by: str) -> None:
    slot = draft.slot
    connection.execute(
        "UPDATE content_version SET published_at = now(), published_by = %s"
        " WHERE (station = %s OR trail = %s) AND variant = %s AND season = %s AND number = %s",
        [by, slot.station, slot.trail, slot.variant, slot.season, draft.number],
    )


def _show(connection: Transaction, slot: Slot, text: Text | None) -> None:
    if isinstance(text, StationContent):
        published_content.put_stations(connection, [(slot.station, text)])
    elif text is not None:
        published_content.put_trail(connection, slot.trail, text)
    elif slot.station:
        published_content.remove_station(connection, slot.station, slot.variant, slot.season)
    else:
        published_content.remove_trail(connection, slot.trail, slot.variant)
