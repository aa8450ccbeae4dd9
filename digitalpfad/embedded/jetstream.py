"""What NATS keeps for MQTT sessions, asked for over its own protocol: MQTT itself has no question for it.

A session's subscription is a consumer of the stream `$MQTT_msgs`, named HASH_…; `$MQTT.sess.HASH` in `$MQTT_sess` holds
the session with its client id (nats-server/server/mqtt.go, tried with 2.15.1).
"""

from __future__ import annotations

import base64
import json
import socket
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, BinaryIO, cast

from geodata.errors import DigitalpfadError

READABLE = [
    "$JS.API.CONSUMER.LIST.$MQTT_msgs",
    "$JS.API.STREAM.MSG.GET.$MQTT_sess",
]
"""The questions that are asked here, as subjects: what a user must be allowed to publish."""
INBOX = "_INBOX.doctor"
"""Where the answers come: what the user must be allowed to subscribe."""

_CONSUMERS, _SESSION = READABLE
_TIMEOUT_S = 5.0
_NO_STREAM = 10059  # no MQTT client has ever connected


class NoAnswer(DigitalpfadError):
    """NATS cannot be reached, or refuses the question."""


@dataclass(frozen=True, slots=True)
class KeptSession:
    """A session with subscriptions; ``waiting`` messages are not acknowledged by it."""

    client_id: str
    connected: bool
    waiting: int


def sessions(port: int, user: str, password: str) -> list[KeptSession]:
    """All sessions of the server at ``port`` of this machine, most waiting messages first; raise NoAnswer."""
    try:
        with _conversation(port, user, password) as talk:
            by_stream: dict[str, tuple[bool, int]] = {}
            for consumer in _consumers(talk):
                key = str(consumer["name"]).split("_", 1)[0]
                connected, waiting = by_stream.get(key, (False, 0))
                waiting += int(consumer["num_pending"]) + int(consumer["num_ack_pending"])
                by_stream[key] = connected or bool(consumer.get("push_bound")), waiting
            kept_sessions = [KeptSession(_client_id(talk, key), *rest) for key, rest in by_stream.items()]
    except (OSError, ValueError, KeyError) as error:
        raise NoAnswer(f"NATS at 127.0.0.1:{port} does not tell its sessions: {error}.") from error
    return sorted(kept_sessions, key=lambda session: (-session.waiting, session.client_id))


def _consumers(talk: _Conversation) -> list[dict[str, Any]]:
    collected: list[dict[str, Any]] = []
    while True:
        page = talk.ask(_CONSUMERS, {"offset": len(collected)})
        consumers = cast("list[dict[str, Any]]", page.get("consumers") or [])
        collected += consumers
        if not consumers or len(collected) >= int(page["total"]):
            return collected


def _client_id(talk: _Conversation, key: str) -> str:
    answer = talk.ask(_SESSION, {"last_by_subj": f"$MQTT.sess.{key}"})
    return str(json.loads(base64.b64decode(answer["message"]["data"]))["id"])


class _Conversation:
    """A connection in NATS's text protocol, one question at a time."""

    def __init__(self, connection: socket.socket, reader: BinaryIO) -> None:
        self._connection = connection
        self._reader = reader
        self._asked = 0

    def ask(self, subject: str, question: dict[str, object]) -> dict[str, Any]:
        """The answer to one question; raise NoAnswer where there is none."""
        self._asked += 1
        body, inbox = json.dumps(question).encode(), f"{INBOX}.{self._asked}"
        head = f"SUB {inbox} {self._asked}\r\nUNSUB {self._asked} 1\r\nPUB {subject} {inbox} {len(body)}\r\n"
        self._connection.sendall(head.encode() + body + b"\r\n")
        answer = cast("dict[str, Any]", json.loads(self._next_message()))
        if "error" in answer and answer["error"].get("err_code") != _NO_STREAM:
            raise NoAnswer(f"NATS answers to {subject}: {answer['error'].get('description')}.")
        return answer if "error" not in answer else {"total": 0}

    def _next_message(self) -> bytes:
        while line := self._reader.readline():
            if line.startswith(b"MSG"):
                return self._reader.read(int(line.split()[-1]) + 2)[:-2]
            if line.startswith(b"PING"):
                self._connection.sendall(b"PONG\r\n")
            if line.startswith(b"-ERR"):
                raise NoAnswer(f"NATS refuses: {line.decode(errors='replace').strip()}.")
        raise NoAnswer("NATS ended the connection.")


@contextmanager
def _conversation(port: int, user: str, password: str) -> Generator[_Conversation]:
    login = {"user": user, "pass": password, "verbose": False, "pedantic": False, "name": "digitalpfad doctor"}
    login |= {"lang": "python", "version": "1", "protocol": 0}
    with (
        socket.create_connection(("127.0.0.1", port), timeout=_TIMEOUT_S) as connection,
        connection.makefile("rb") as reader,
    ):
        reader.readline()  # INFO
        connection.sendall(f"CONNECT {json.dumps(login)}\r\n".encode())
        yield _Conversation(connection, cast("BinaryIO", reader))
