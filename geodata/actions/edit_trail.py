"""Trails that are shown, hidden or given up, and the removal of one that need never have been.

Each works in the caller's transaction and is undone with it.
"""

from __future__ import annotations

from datetime import datetime

from geodata.errors import DigitalpfadError, InvalidInput
from geodata.messages.message import message
from geodata.model.trail import TrailState
from geodata.store.catalogue import trail_state
from geodata.store.catalogue.trail_state import Holdings
from geodata.store.transaction import Transaction


class RemovalRefused(DigitalpfadError):
    """A trail holds what must not be lost; the message says what, and what to do instead."""


def set_state(connection: Transaction, trail: str, state: TrailState, now: datetime) -> None:
    """Change where a trail shows; raises NotFound, and InvalidInput where it is so already."""
    if trail_state.lock(connection, trail) is state:
        expected = message("a trail that is not {state} yet", state=state.value)
        raise InvalidInput("TRAIL", trail, expected, "'trail list' shows them all.")
    trail_state.set_state(connection, trail, state, now)


def removable(connection: Transaction, trail: str, *, no_sign_hangs: bool = False) -> Holdings:
    """What would go with a trail. Raises NotFound, and RemovalRefused where figures or signs of a real one would go.

    ``no_sign_hangs``: somebody says that its stations were only looked at while it was hidden.
    """
    held = trail_state.holdings(connection, trail)
    _check_removable(trail, held)
    _check_no_sign_hangs(trail, held, said=no_sign_hangs)
    return held


def remove(connection: Transaction, trail: str, *, no_sign_hangs: bool = False) -> Holdings:
    """Remove a demonstration with all of its data, or a trail that never had any; the codes stay known as gone.

    Returns what it held. Raises as removable().
    """
    trail_state.lock(connection, trail)
    held = removable(connection, trail, no_sign_hangs=no_sign_hangs)
    trail_state.delete(connection, trail)
    return held


def _check_removable(trail: str, held: Holdings) -> None:
    if held.guests:
        raise RemovalRefused(
            message(
                "{devices} devices of {trail} stood on other trails before, and what they measured there would go"
                " with them. {action[device move]} takes each back.",
                trail=trail,
                devices=held.guests,
            )
        )
    if not held.surveyed:
        return  # an invented demonstration: its figures are invented too
    if held.observations or held.quarantined:
        raise RemovalRefused(
            message(
                "{trail} holds {observations} measured values and {quarantined} messages in quarantine: they are not"
                " removed. {action[trail retire]:{trail}} gives the trail up and keeps them.",
                trail=trail,
                observations=held.observations,
                quarantined=held.quarantined,
            )
        )


def _check_no_sign_hangs(trail: str, held: Holdings, *, said: bool) -> None:
    """A page opened by its address counts as from a sign: those who try a hidden trail, and nobody else, do so too."""
    if not held.surveyed or not held.sign_scans:
        return
    if held.hidden_scans < held.sign_scans:
        raise RemovalRefused(
            message(
                "Signs of {trail} have been scanned {times} times: they hang somewhere. {action[trail"
                " retire]:{trail}} gives the trail up, and its signs still say what stood there.",
                trail=trail,
                times=held.sign_scans,
            )
        )
    if not said:
        raise RemovalRefused(
            message(
                "Stations of {trail} have been opened {times} times as if from their signs, all since it was hidden."
                " If these were looks of your own and no sign hangs, {option[no-sign-hangs]} removes it with these"
                " counts; else {action[trail retire]:{trail}} gives it up, and its signs still say what stood there.",
                trail=trail,
                times=held.sign_scans,
            )
        )
