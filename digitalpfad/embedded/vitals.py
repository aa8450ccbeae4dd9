"""Whether a child process needs a new start though it runs: a part of it ended, or it answers nobody.

A database or a broker that is away is no reason: a new start would not bring it back.
"""

from __future__ import annotations

from collections.abc import Callable
from http.client import HTTPException
from urllib.error import HTTPError
from urllib.request import OpenerDirector

import msgspec

from digitalpfad.running import told_checks

EVERY_S = 5.0
"""So often a child is asked."""
PATIENCE_S = 60.0
"""So long a child may answer nobody."""

_ANSWER_S = 5.0  # /readyz itself waits 2.5 s for a database
_LONGEST_GAP_S = 2 * (EVERY_S + _ANSWER_S)  # a machine that slept, or was too busy to ask, proves nothing by that
_STARTING_TIMES = 2
_LONGEST_PATIENCE_S = 16 * PATIENCE_S
_CALM_S = 600.0
_MOST_BYTES = 65_536


class Reply(msgspec.Struct):
    """What counts of the body of /readyz: the parts that only a new start of the process brings back.

    ``clock`` is what it says of the machine's clock where it does not believe it; a new start is no answer to that.
    """

    dead: list[str] = []
    clock: str = ""


Ask = Callable[[], Reply | None]
"""Asks a child how it is; None: it did not answer."""


class Vitals:
    """Judges the answers of one child; times are monotonic seconds.

    A child that hangs again after its new start is given twice the time: where the machine is too slow for it, new
    starts make that worse.
    """

    def __init__(self, ask: Ask, patience_s: float = PATIENCE_S) -> None:
        self._ask = ask
        self._first_patience_s = self._patience_s = patience_s
        self.clock = ""
        """What the last answer said of the machine's clock; empty while it is believed."""
        self._due_at = float("-inf")
        self.begin()

    def begin(self) -> None:
        """A process was started: judge it by its own answers."""
        self._asked_at: float | None = None
        self._answering_since: float | None = None
        self._unanswered_s = 0.0
        self._named: frozenset[str] = frozenset()
        self.verdict = ""
        """Why it needs a new start, to follow its name; empty while it does not."""

    def look(self, now: float) -> None:
        """Ask when that is due."""
        if now >= self._due_at and not self.verdict:
            self._due_at = now + EVERY_S
            self.note(self._ask(), now)

    def note(self, answer: Reply | None, now: float) -> None:
        """Take what was answered to a question of ``now``."""
        gap_s = 0.0 if self._asked_at is None else min(now - self._asked_at, _LONGEST_GAP_S)
        self._asked_at = now
        if answer is None:
            self._unanswered_s += gap_s
            self._judge_silence()
            return
        self._unanswered_s = 0.0
        self.clock = answer.clock
        self._answering_since = now if self._answering_since is None else self._answering_since
        if now - self._answering_since > _CALM_S:
            self._patience_s = self._first_patience_s
        dead = frozenset(answer.dead)
        if lasting := sorted(dead & self._named):  # in two answers: one may be of the very moment of its end
            self.verdict = f"names parts that ended ({', '.join(lasting)})"
        self._named = dead

    def _judge_silence(self) -> None:
        bound_s = self._patience_s * (1 if self._answering_since is not None else _STARTING_TIMES)
        if self._unanswered_s >= bound_s:
            self.verdict = f"has answered nobody for {self._unanswered_s:.0f} s"
            self._patience_s = min(2 * self._patience_s, _LONGEST_PATIENCE_S)


def asks(url: str, opener: Callable[[], OpenerDirector]) -> Ask:
    """Asks the /readyz at ``url`` on this machine, whatever the status; ``opener`` knows how it speaks."""

    def body() -> bytes:
        try:
            with opener().open(url, timeout=_ANSWER_S) as response:
                return bytes(response.read(_MOST_BYTES))
        except HTTPError as error:
            with error:
                return bytes(error.read(_MOST_BYTES))

    def ask() -> Reply | None:
        try:
            checks = told_checks.read(body())  # a proxy's page, say, tells of nothing that a new start would mend
            return Reply(checks.dead, checks.failing.get("clock", ""))
        except (OSError, UnicodeError, HTTPException):
            return None

    return ask
