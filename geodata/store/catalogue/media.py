"""Pictures, recordings and films in the database. They never change: another file is another medium."""

from __future__ import annotations

from collections.abc import Collection
from itertools import groupby
from typing import cast

import msgspec
from psycopg.types.json import Jsonb

from geodata.errors import InvalidInput, NotFound
from geodata.media.renditions import Prepared
from geodata.model.content import StationContent
from geodata.model.media import Medium, Rendition, ShownMedia
from geodata.store.transaction import Transaction


def save(connection: Transaction, prepared: Prepared) -> None:
    """Add a medium with its renditions; the same again changes nothing."""
    added = connection.execute(
        "INSERT INTO media (id, kind, seconds) VALUES (%s, %s, %s) ON CONFLICT (id) DO NOTHING RETURNING id",
        [prepared.id, prepared.kind, prepared.seconds],
    ).fetchone()
    if added is None:
        return
    for rendition in prepared.encoded:
        connection.execute(
            "INSERT INTO media_rendition (media, name, content_type, width, height, size, data)"
            " VALUES (%s, %s, %s, %s, %s, %s, %b)",
            [
                prepared.id,
                rendition.name,
                rendition.content_type,
                rendition.width,
                rendition.height,
                len(rendition.data),
                rendition.data,
            ],
        )


def stored_ids(connection: Transaction, ids: Collection[str]) -> set[str]:
    """Which of these media the database holds."""
    rows = connection.execute("SELECT id FROM media WHERE id = ANY(%s)", [list(ids)])
    return {str(row[0]) for row in rows}


def held_as(connection: Transaction, ids: Collection[str]) -> dict[str, str]:
    """The media among whose renditions are files with these ids: a file that was given out comes back as itself."""
    if not ids:
        return {}
    rows = connection.execute(
        "SELECT left(encode(sha256(data), 'hex'), 32) AS id, media FROM media_rendition"
        " WHERE left(encode(sha256(data), 'hex'), 32) = ANY(%s)",
        [list(ids)],
    )
    return {str(key): str(media) for key, media in rows}


def digests(connection: Transaction, ids: Collection[str]) -> dict[tuple[str, str], str]:
    """SHA-256, in hexadecimal, of each rendition of these media, by medium and name."""
    rows = connection.execute(
        "SELECT media, name, encode(sha256(data), 'hex') FROM media_rendition WHERE media = ANY(%s)", [list(ids)]
    )
    return {(str(media), str(name)): str(sha256) for media, name, sha256 in rows}


def best(connection: Transaction, media: str) -> bytes:
    """The rendition to give out: the widest JPEG of a picture, the one of anything else; raises NotFound."""
    row = connection.execute(
        "SELECT data FROM media_rendition WHERE media = %s AND content_type <> 'image/avif'"
        " ORDER BY width DESC NULLS LAST, name LIMIT 1",
        [media],
    ).fetchone()
    if row is None:
        raise NotFound("medium", media)
    return cast("bytes", row[0])


def load(connection: Transaction, before: dict[str, Medium] | None = None) -> dict[str, Medium]:
    """The media that published texts show, by id, without their bytes; those in ``before`` are not read again.

    What a draft shows, or showed once, is in nobody's reach: rights may be missing, or have ended.
    """
    there = {
        str(row[0])
        for row in connection.execute(
            "SELECT DISTINCT jsonb_path_query(media, '$.**.media') #>> '{}' FROM station_content WHERE media <> '{}'"
        )
    }
    media = {key: medium for key, medium in (before or {}).items() if key in there}
    return media | of_ids(connection, there - media.keys())


def of_ids(connection: Transaction, ids: Collection[str]) -> dict[str, Medium]:
    """Media by id, without their bytes, whoever shows them: also those of drafts."""
    media: dict[str, Medium] = {}
    rows = connection.execute(
        "SELECT id, kind, seconds, name, content_type, size, width, height FROM media JOIN media_rendition"
        " ON media = id WHERE id = ANY(%s) ORDER BY id, width, name",
        [list(ids)],
    ).fetchall()
    for (key, kind, seconds), group in groupby(rows, key=lambda row: row[:3]):
        renditions = tuple(
            Rendition(name=name, content_type=content_type, size=size, width=width, height=height)
            for *_, name, content_type, size, width, height in group
        )
        media[key] = Medium(id=key, kind=kind, renditions=renditions, seconds=seconds)
    return media


def of_station(connection: Transaction, station: str, media: str, name: str) -> tuple[str, bytes]:
    """Content type and bytes of a rendition that some version of this station's texts shows; raises NotFound."""
    row = connection.execute(
        "SELECT content_type, data FROM media_rendition WHERE media = %(media)s AND name = %(name)s AND EXISTS ("
        " SELECT FROM content_version WHERE station = %(station)s"
        " AND jsonb_path_exists(content, '$.**.media ? (@ == $media)', jsonb_build_object('media', %(media)s::text)))",
        {"media": media, "name": name, "station": station},
    ).fetchone()
    if row is None:
        raise NotFound("medium", f"{media}/{name}")
    return str(row[0]), cast("bytes", row[1])


def piece(connection: Transaction, media: str, name: str, start: int, length: int) -> bytes:
    """``length`` bytes of a rendition from ``start``, counted from 0; raises NotFound."""
    row = connection.execute(
        "SELECT substring(data FROM %s FOR %s) FROM media_rendition WHERE media = %s AND name = %s",
        [start + 1, length, media, name],
    ).fetchone()
    if row is None:
        raise NotFound("medium", f"{media}/{name}")
    return cast("bytes", row[0])


def shown_by(content: StationContent) -> Jsonb:
    """What ``station_content.media`` holds of a content."""
    media = ShownMedia(content.pictures, content.audio, content.sign_video)
    return Jsonb(msgspec.to_builtins(media) if media != ShownMedia() else {})


def read_shown(value: object) -> ShownMedia:
    """What shown_by() wrote."""
    return msgspec.convert(value, ShownMedia)


def check_there(connection: Transaction, content: StationContent) -> None:
    """Raise InvalidInput where a content shows a medium that the database does not hold."""
    references = [*content.pictures, *filter(None, [content.audio, content.sign_video])]
    there = stored_ids(connection, [item.media for item in references]) if references else set[str]()
    for item in references:
        if item.media not in there:
            raise InvalidInput("media", item.file, "a file that was saved before", "Save the file first.")
