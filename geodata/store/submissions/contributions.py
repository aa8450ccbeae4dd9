"""SQL of what classes and clubs hand in: their links, and the texts that wait for an editor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString, cast

from psycopg.rows import TupleRow

from geodata.content.contribution import (
    MOST_OF_LINK,
    MOST_WAITING_OF_STATION,
    Contribution,
    ContributionLink,
    ContributionState,
    NewContribution,
)
from geodata.errors import DigitalpfadError, NotFound
from geodata.store.transaction import Transaction

_LINKS: LiteralString = (
    "SELECT contribution_link.id, contribution_link.trail, stations, variant, contributor, licence, created_by,"
    " created_at, expires_at, withdrawn_at FROM contribution_link "
)
_CONTRIBUTION: LiteralString = (
    "SELECT contribution_link.id, contribution_link.trail, stations, variant, contributor, licence, created_by,"
    " created_at, expires_at, withdrawn_at, contribution.id, contribution.station, title, lead, body,"
    " picture IS NOT NULL, picture_alt, received_at, state, answer, decided_by"
    " FROM contribution JOIN contribution_link ON contribution_link.id = link "
)


class TooManyContributions(DigitalpfadError):
    """A link has brought in as much as one link may."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewLink:
    """A link to be made; its token is known to whoever gets it, the database holds the ``token_sha256`` alone."""

    token_sha256: str
    trail: str
    stations: Sequence[str]
    variant: str
    contributor: str
    licence: str
    created_by: str
    expires_at: datetime


def make_link(connection: Transaction, link: NewLink) -> int:
    """Add a link; returns its id."""
    row = connection.execute(
        "INSERT INTO contribution_link"
        " (token_sha256, trail, stations, variant, contributor, licence, created_by, expires_at)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s) RETURNING id",
        [
            link.token_sha256,
            link.trail,
            list(link.stations),
            link.variant,
            link.contributor,
            link.licence,
            link.created_by,
            link.expires_at,
        ],
    ).fetchone()
    assert row is not None  # noqa: S101 - RETURNING gives a row or raises
    return int(row[0])


def withdraw_link(connection: Transaction, link: int, now: datetime) -> ContributionLink:
    """Let nothing more in by this link; twice is once. Raises NotFound."""
    connection.execute(
        "UPDATE contribution_link SET withdrawn_at = %s WHERE id = %s AND withdrawn_at IS NULL", [now, link]
    )
    row = connection.execute(_LINKS + "WHERE id = %s", [link]).fetchone()
    if row is None:
        raise NotFound("link", str(link))
    return _link(row)


def links_of(connection: Transaction, trail: str) -> list[ContributionLink]:
    """The links of a trail, the newest first."""
    rows = connection.execute(_LINKS + "WHERE trail = %s ORDER BY id DESC LIMIT 200", [trail])
    return [_link(row) for row in rows]


def link_with(connection: Transaction, token_sha256: str) -> ContributionLink | None:
    """The link that ends in this token."""
    row = connection.execute(_LINKS + "WHERE token_sha256 = %s", [token_sha256]).fetchone()
    return _link(row) if row else None


def hand_in(connection: Transaction, link: ContributionLink, new: NewContribution) -> int:
    """Keep what was handed in; the same text again is kept once. Returns its id; raises TooManyContributions."""
    connection.execute("SELECT FROM contribution_link WHERE id = %s FOR UPDATE", [link.id])  # one at a time: counted
    there = connection.execute(
        "SELECT id FROM contribution WHERE link = %s AND station = %s AND state = 'waiting'"
        " AND (title, lead, body, picture, picture_alt) IS NOT DISTINCT FROM (%s, %s, %s, %b::bytea, %s)",
        [link.id, new.station, new.title, new.lead, new.body, new.picture, new.picture_alt],
    ).fetchone()
    if there is not None:
        return int(there[0])
    check_room(connection, link, new.station)
    row = connection.execute(
        "INSERT INTO contribution (link, station, title, lead, body, picture, picture_alt)"
        " VALUES (%s, %s, %s, %s, %s, %b, %s) RETURNING id",
        [link.id, new.station, new.title, new.lead, new.body, new.picture, new.picture_alt],
    ).fetchone()
    assert row is not None  # noqa: S101 - RETURNING gives a row or raises
    return int(row[0])


def check_room(connection: Transaction, link: ContributionLink, station: str) -> None:
    """Raise TooManyContributions where the link, or the station by it, has all that it may have."""
    row = connection.execute(
        "SELECT count(*), count(*) FILTER (WHERE station = %s AND state = 'waiting') FROM contribution WHERE link = %s",
        [station, link.id],
    ).fetchone()
    of_link, waiting = (int(row[0]), int(row[1])) if row else (0, 0)
    if of_link >= MOST_OF_LINK or waiting >= MOST_WAITING_OF_STATION:
        raise TooManyContributions


def of_link(connection: Transaction, link: int) -> list[Contribution]:
    """All that came by a link, the newest first."""
    rows = connection.execute(_CONTRIBUTION + "WHERE link = %s ORDER BY contribution.id DESC", [link])
    return [_contribution(row) for row in rows]


def waiting(connection: Transaction, trail: str) -> list[Contribution]:
    """What waits for an editor of a trail, the oldest first."""
    rows = connection.execute(
        _CONTRIBUTION + "WHERE contribution_link.trail = %s AND state = 'waiting' ORDER BY contribution.id LIMIT 200",
        [trail],
    )
    return [_contribution(row) for row in rows]


def find(connection: Transaction, contribution: int) -> Contribution:
    """One of them; raises NotFound."""
    row = connection.execute(_CONTRIBUTION + "WHERE contribution.id = %s", [contribution]).fetchone()
    if row is None:
        raise NotFound("contribution", str(contribution))
    return _contribution(row)


def picture(connection: Transaction, contribution: int) -> bytes:
    """Its picture; raises NotFound."""
    row = connection.execute("SELECT picture FROM contribution WHERE id = %s", [contribution]).fetchone()
    if row is None or row[0] is None:
        raise NotFound("picture", str(contribution))
    return cast("bytes", row[0])


def decide(
    connection: Transaction, contribution: int, state: ContributionState, answer: str, by: str, now: datetime
) -> bool:
    """Say what becomes of one that waits; False where somebody has said so before."""
    done = connection.execute(
        "UPDATE contribution SET state = %s, answer = %s, decided_by = %s, decided_at = %s"
        " WHERE id = %s AND state = 'waiting'",
        [state, answer, by, now, contribution],
    )
    return done.rowcount == 1


def _link(row: TupleRow) -> ContributionLink:
    return ContributionLink(
        id=row[0],
        trail=row[1],
        stations=tuple(row[2]),
        variant=row[3],
        contributor=row[4],
        licence=row[5],
        created_by=row[6],
        created_at=row[7],
        expires_at=row[8],
        withdrawn_at=row[9],
    )


def _contribution(row: TupleRow) -> Contribution:
    link, own = row[:10], row[10:]
    return Contribution(
        id=own[0],
        link=_link(link),
        station=own[1],
        title=own[2],
        lead=own[3],
        body=own[4],
        has_picture=own[5],
        picture_alt=own[6],
        received_at=own[7],
        state=ContributionState(own[8]),
        answer=own[9],
        decided_by=own[10],
    )
