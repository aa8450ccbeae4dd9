"""`digitalpfad broker`: sessions that the broker keeps messages for, and the end of one that nobody reads."""

from __future__ import annotations

from typing import Annotated

import typer

from digitalpfad import services
from digitalpfad.broker import sessions as broker_sessions
from digitalpfad.broker.sessions import Kept, Use
from digitalpfad.commands.output import Json, answer_json, answer_table, record
from digitalpfad.config import settings
from digitalpfad.noting import note
from gateway.mqtt.clean_connect import connect_once
from geodata.errors import InvalidInput
from geodata.messages.message import phrase
from geodata.store.devices import broker_session
from geodata.vocabulary.audit import Action

_USES = {Use.GATEWAY: phrase("gateway"), Use.GIVEN_UP: phrase("given up"), Use.OTHER: phrase("other")}

group = typer.Typer(no_args_is_help=True, help="Sessions that the MQTT broker keeps messages for.")


def register(app: typer.Typer) -> None:
    """Add the group."""
    app.add_typer(group, name="broker")


@group.command("sessions")
def sessions(*, as_json: Json = False) -> None:
    """List the sessions that the broker tells of and those that gateways noted, with what waits in them."""
    present, _ = settings.load()
    report = broker_sessions.report(present)
    if as_json:
        figures = None if report.figures is None else record(report.figures)
        answer_json({"sessions": [record(session) for session in report.sessions], "figures": figures})
        return
    answer_table(
        ["client id", "use", "partition", "last used", "connected", "waiting"],
        [_row(session) for session in report.sessions],
        "No session is known.",
    )
    if report.figures is not None:
        typer.echo(f"The broker says: {report.figures.sentence}.")


@group.command("end-session")
def end_session(
    client_id: Annotated[str, typer.Argument(metavar="CLIENT_ID", help="As 'broker sessions' shows it.")],
    *,
    force: Annotated[bool, typer.Option("--force", help="Also a session that is in use.")] = False,
) -> None:
    """End a session for good: the broker forgets its subscriptions and discards what waits for it.

    A gateway ends sessions of earlier client ids by itself, after it has stored what waits there. A session that is
    in use is refused: a gateway's, and at the embedded broker, which tells, one that somebody is connected with.
    """
    present, _ = settings.load()
    with services.open_database(present) as database:
        with database.transaction() as connection:
            noted = broker_session.entries(connection)
        merged = broker_sessions.merged(broker_sessions.of_embedded(present), noted)
        session_to_end = {session.client_id: session for session in merged}.get(client_id)
        if not force:
            _refuse_in_use(client_id, session_to_end)
        connect_once(services.broker(present), client_id, present.mqtt_protocol)
        with database.transaction() as connection:
            for session in noted:
                if session.client_id == client_id:
                    broker_session.forget(connection, session)
            note(
                connection,
                Action.BROKER_END_SESSION,
                "" if session_to_end and session_to_end.use is Use.GATEWAY else client_id,
            )
    typer.echo(f"The broker keeps nothing for {client_id} any more.")


def _refuse_in_use(client_id: str, session: Kept | None) -> None:
    if session is not None and session.use is Use.GATEWAY:
        raise InvalidInput(
            "CLIENT_ID",
            client_id,
            "a session that no gateway uses",
            "What waits for the gateway would be lost; --force ends it all the same.",
        )
    if session is not None and session.connected:
        raise InvalidInput(
            "CLIENT_ID",
            client_id,
            "a session that nobody is connected with",
            "Whoever is, a device perhaps, would be thrown out and lose what waits; --force ends it all the same.",
        )


def _row(session: Kept) -> list[object]:
    partition = phrase("all trails") if session.partition == "" else session.partition
    connected = {True: phrase("yes"), False: phrase("no"), None: None}[session.connected]
    return [session.client_id, _USES[session.use], partition, session.used_at, connected, session.waiting]
