"""Which sessions a broker keeps, and whether anybody reads them: from the broker where it tells, and from the database.

The embedded broker tells of every session; mosquitto tells sums below `$SYS` to a login that may read them; of other
brokers only the sessions are known that gateways noted in the database.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from digitalpfad import services
from digitalpfad.config.model import Settings
from digitalpfad.data_directory.folder import DataDir
from digitalpfad.embedded.jetstream import KeptSession
from digitalpfad.embedded.nats import EmbeddedNats
from gateway.mqtt import probe
from gateway.mqtt.probe import Figures
from geodata.store.database import Database, translated
from geodata.store.devices import broker_session
from geodata.store.devices.broker_session import BrokerSession

_MANY = 1000  # messages: a device that sleeps has a few confirmations waiting, a session that nobody reads soon more
_LATELY = timedelta(days=1)
HINT = (
    "Start a gateway of the same partition or of all trails: it stores what waits, and ends a session of an earlier"
    " client id. 'digitalpfad broker sessions' lists them; 'digitalpfad broker end-session CLIENT_ID' discards one."
)


class Use(StrEnum):
    """What a session is to us."""

    GATEWAY = "gateway"
    GIVEN_UP = "given up"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Kept:
    """A session that a broker keeps; None stands for what is not known.

    ``partition``: a trail, or empty for all; ``used_at``: when its gateway last used it.
    """

    client_id: str
    use: Use
    partition: str | None = None
    used_at: datetime | None = None
    connected: bool | None = None
    waiting: int | None = None

    def unread(self, now: datetime) -> bool:
        """Whether nobody reads it and the broker keeps messages for it, or may be doing so."""
        if self.connected:
            return False
        if self.use is Use.OTHER:
            return (self.waiting or 0) >= _MANY
        abandoned = self.use is Use.GIVEN_UP or (self.used_at is not None and self.used_at < now - _LATELY)
        return abandoned and self.waiting != 0


@dataclass(frozen=True, slots=True)
class SessionReport:
    """What is known of a broker's sessions; ``figures``: its sums, where it tells them instead of single sessions."""

    sessions: list[Kept]
    figures: Figures | None = None


def report(settings: Settings) -> SessionReport:
    """Ask the database and the broker; raise DigitalpfadError where one does not answer."""
    database = Database(services.database_url(settings), name="digitalpfad doctor")
    with translated(), database.connect() as connection:  # a pool would try for long and log each attempt
        noted = broker_session.entries(connection)
    kept_by_broker = of_embedded(settings)
    figures = probe.figures(services.broker(settings)) if kept_by_broker is None else None
    return SessionReport(merged(kept_by_broker, noted), figures)


def of_embedded(settings: Settings) -> list[KeptSession] | None:
    """What the embedded broker tells, or None with a broker of one's own; raise NoAnswer."""
    if settings.mqtt_url is not None:
        return None
    return EmbeddedNats(DataDir.at(settings.data_dir), settings.mqtt_host, settings.mqtt_port).sessions()


def merged(by_broker: list[KeptSession] | None, by_gateways: list[BrokerSession]) -> list[Kept]:
    """What the broker told (None: nothing) and what gateways noted, latest use first, as one list."""
    current = _current(by_gateways)
    told_by_id = {session.client_id: session for session in by_broker or []}
    sessions: list[Kept] = []
    for entry in by_gateways:
        at_broker = told_by_id.pop(entry.client_id, None)
        connected, waiting = (
            (at_broker.connected, at_broker.waiting) if at_broker else (None, None if by_broker is None else 0)
        )
        use = Use.GATEWAY if entry.client_id in current else Use.GIVEN_UP
        sessions.append(Kept(entry.client_id, use, entry.partition, entry.used_at, connected, waiting))
    others = told_by_id.values()
    return sessions + [
        Kept(session.client_id, Use.OTHER, None, None, session.connected, session.waiting) for session in others
    ]


def _current(noted: list[BrokerSession]) -> set[str]:
    """The newest session of each partition; a gateway of all trails and those of single trails exclude each other."""
    newest: dict[str, BrokerSession] = {}
    for session in noted:
        newest.setdefault(session.partition, session)
    of_all = newest.get("")
    if of_all is None:
        return {session.client_id for session in newest.values()}
    if of_all is noted[0]:
        return {of_all.client_id}
    return {session.client_id for session in newest.values() if session.used_at > of_all.used_at}


def unread(session_report: SessionReport, now: datetime) -> str:
    """A sentence on each session that nobody reads; empty where there is none."""
    figures = session_report.figures
    nothing_waits = figures is not None and figures.waiting == 0
    parts = [_sentence(session) for session in session_report.sessions if session.unread(now) and not nothing_waits]
    if figures is not None and figures.disconnected and figures.waiting >= _MANY:
        parts.append(f"{figures.sentence}; it does not say for whom")
    return "; ".join(parts)


def read(session_report: SessionReport) -> str:
    """A sentence where all is well."""
    if session_report.figures is not None:
        return session_report.figures.sentence
    countable = [session for session in session_report.sessions if session.waiting is not None]
    if countable or not session_report.sessions:
        return f"{len(countable)} kept, {sum(session.waiting or 0 for session in countable)} messages wait"
    return f"{len(session_report.sessions)} of gateways; this broker tells our login no more"


def _sentence(session: Kept) -> str:
    waiting = "an unknown number of" if session.waiting is None else f"{session.waiting}"
    whose = ""
    if session.used_at is not None:
        of = f"the gateway of {session.partition}" if session.partition else "the gateway of all trails"
        whose = f", of {of}, last used {session.used_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    return f"nobody reads session {session.client_id}{whose}: {waiting} messages wait"
