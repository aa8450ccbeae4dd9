"""The published texts of stations and trails, as the public catalogue reads them; ``content_versions`` writes them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec
from psycopg.types.json import Jsonb

from geodata.model.content import StationContent
from geodata.model.plain_language import PlainLanguage
from geodata.model.trail import TrailContent
from geodata.store.catalogue import media
from geodata.store.transaction import Transaction
from geodata.vocabulary.season import Season, month_day, month_day_text


def put_stations(connection: Transaction, texts: Iterable[tuple[str, StationContent]]) -> None:
    """Add or update texts, each with the code of its station, all in one round trip; the same again changes nothing."""
    with connection.cursor() as cursor:
        cursor.executemany(_PUT_STATION, [_station_values(station, text) for station, text in texts])


_PUT_STATION = """
    INSERT INTO station_content AS old
        (station, variant, season, show_from, show_until, title, lead, body, question, answer, task, source, media,
        plain)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
    ON CONFLICT (station, variant, season) DO UPDATE SET show_from = excluded.show_from,
        show_until = excluded.show_until, title = excluded.title, lead = excluded.lead, body = excluded.body,
        question = excluded.question, answer = excluded.answer, task = excluded.task, source = excluded.source,
        media = excluded.media, plain = excluded.plain, updated_at = now()
    WHERE (old.show_from, old.show_until, old.title, old.lead, old.body, old.question, old.answer, old.task,
        old.source, old.media, old.plain)
        IS DISTINCT FROM
        (excluded.show_from, excluded.show_until, excluded.title, excluded.lead, excluded.body, excluded.question,
        excluded.answer, excluded.task, excluded.source, excluded.media, excluded.plain)
"""


def _station_values(station: str, text: StationContent) -> list[object]:
    return [
        station,
        text.variant,
        text.season,
        text.show and month_day_text(text.show.first),
        text.show and month_day_text(text.show.last),
        text.title,
        text.lead,
        text.body,
        text.question,
        text.answer,
        text.task,
        text.source,
        media.shown_by(text),
        _plain_values(text.plain),
    ]


def _plain_values(plain: PlainLanguage | None) -> Jsonb | None:
    return None if plain is None else Jsonb(msgspec.to_builtins(plain))


def read_plain(stored: object) -> PlainLanguage | None:
    """What a column ``plain`` holds."""
    return None if stored is None else msgspec.convert(stored, PlainLanguage)


def remove_station(connection: Transaction, station: str, variant: str, season: str) -> None:
    """Show one text of a station no longer."""
    connection.execute(
        "DELETE FROM station_content WHERE station = %s AND variant = %s AND season = %s", [station, variant, season]
    )


def put_trail(connection: Transaction, trail: str, text: TrailContent) -> None:
    """Add or update one text of a trail; the same again changes nothing."""
    connection.execute(
        """
        INSERT INTO trail_content AS old (trail, variant, name, lead, body, plain) VALUES (%s, %s, %s, %s, %s, %s)
        ON CONFLICT (trail, variant) DO UPDATE SET name = excluded.name, lead = excluded.lead, body = excluded.body,
            plain = excluded.plain
        WHERE (old.name, old.lead, old.body, old.plain)
            IS DISTINCT FROM (excluded.name, excluded.lead, excluded.body, excluded.plain)
        """,
        [trail, text.variant, text.name, text.lead, text.body, _plain_values(text.plain)],
    )


def remove_trail(connection: Transaction, trail: str, variant: str) -> None:
    """Show one text of a trail no longer."""
    connection.execute("DELETE FROM trail_content WHERE trail = %s AND variant = %s", [trail, variant])


def load_stations(connection: Transaction, only: list[str] | None) -> Iterator[tuple[str, StationContent]]:
    """Texts with the code of their station: all, or those of the stations ``only``."""
    rows = connection.execute(
        "SELECT station, variant, season, show_from, show_until, title, lead, body, question, answer, task, source,"
        " media, plain FROM station_content WHERE %(only)s::text[] IS NULL OR station = ANY(%(only)s)"
        " ORDER BY station, variant, season",
        {"only": only},
    )
    for code, variant, season, show_from, show_until, title, lead, body, question, answer, task, source, *parts in rows:
        named = media.read_shown(parts[0])
        text = StationContent(
            variant=variant,
            title=title,
            lead=lead,
            body=body,
            question=question,
            answer=answer,
            task=task,
            source=source,
            pictures=named.pictures,
            audio=named.audio,
            sign_video=named.sign_video,
            season=season,
            show=Season(month_day(show_from), month_day(show_until)) if season else None,
            plain=read_plain(parts[1]),
        )
        yield code, text
