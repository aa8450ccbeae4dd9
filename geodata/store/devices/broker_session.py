"""Persistent sessions that gateways hold with brokers: what is known can be ended when its client id is given up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from geodata.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class BrokerSession:
    """One session. ``broker`` is host:port, ``partition`` a trail or empty for all; ``used_at`` is not exact."""

    client_id: str
    broker: str
    partition: str
    used_at: datetime


def note(connection: Transaction, client_id: str, broker: str, partition: str) -> None:
    """Note that the gateway of ``partition`` uses this session now."""
    connection.execute(
        "INSERT INTO broker_session (client_id, broker, partition) VALUES (%s, %s, %s)"
        " ON CONFLICT (client_id) DO UPDATE"
        " SET broker = excluded.broker, partition = excluded.partition, used_at = now()",
        [client_id, broker, partition],
    )


def given_up(connection: Transaction, client_id: str, partition: str) -> list[BrokerSession]:
    """Sessions under other client ids whose topics the gateway of ``partition`` serves, oldest use first.

    A gateway of all trails serves those of each; a gateway of one trail not those of all.
    """
    rows = connection.execute(
        "SELECT client_id, broker, partition, used_at FROM broker_session"
        " WHERE client_id <> %s AND (partition = %s OR %s = '') ORDER BY used_at, client_id",
        [client_id, partition, partition],
    )
    return [BrokerSession(*row) for row in rows]


def entries(connection: Transaction) -> list[BrokerSession]:
    """All sessions, latest use first."""
    rows = connection.execute(
        "SELECT client_id, broker, partition, used_at FROM broker_session ORDER BY used_at DESC, client_id"
    )
    return [BrokerSession(*row) for row in rows]


def forget(connection: Transaction, session: BrokerSession) -> None:
    """Forget a session that was ended, unless a gateway has begun to use it again since it was read."""
    connection.execute(
        "DELETE FROM broker_session WHERE client_id = %s AND used_at = %s", [session.client_id, session.used_at]
    )
