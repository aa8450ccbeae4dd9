"""Whom the embedded broker of `up` lets in: the devices of the database, proven after each change."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

from digitalpfad.embedded import witness
from digitalpfad.embedded.nats import EmbeddedNats
from digitalpfad.embedded.process import Supervisor
from geodata.errors import DigitalpfadError, StartRefused
from geodata.runtime.back_off import BackOff

_PROVEN_WITHIN_S = 5.0  # NATS reads 5000 devices in 0.2 s
_LONGEST_PAUSE_S = 60.0


class BrokerRights:
    """Call set() with the devices (id → bcrypt hash) whenever they may have changed, and look() about every second.

    ``say`` gets a sentence on devices that no broker can take, and on a broker that did not take the others.
    """

    def __init__(self, broker: EmbeddedNats, supervisor: Supervisor, say: Callable[[str], None]) -> None:
        self._broker, self._supervisor, self._say = broker, supervisor, say
        self._devices: Mapping[str, str] = {}
        self._left_out: list[str] = []
        self._is_proven, self._trouble = True, ""
        self._pauses = BackOff(_PROVEN_WITHIN_S, _LONGEST_PAUSE_S, spread=False)
        self._has_told, self._tell_at = False, 0.0

    def start(self, devices: Mapping[str, str]) -> None:
        """Start the broker with these devices; raises StartRefused as it does."""
        self._keep(devices)
        self._broker.start(self._supervisor, devices)

    def set(self, devices: Mapping[str, str]) -> None:
        """Let in these devices and no others from now on."""
        if devices == self._devices:
            return
        self._keep(devices)
        self._is_proven = self._has_told = False
        self._pauses.reset()
        self._tell_at = time.monotonic() + self._pauses.next_s()
        self._reload()

    def look(self) -> None:
        """Say so once where the broker has not taken the devices in time, and ask it again and again."""
        if self._is_proven:
            return
        reason = self._trouble or self._refusal()
        if not reason:
            if self._has_told:
                self._say("The MQTT broker has taken the changed devices now.")
            self._is_proven = True
        elif time.monotonic() >= self._tell_at:
            if not self._has_told:
                self._say(
                    f"The MQTT broker has not taken the changed devices: {reason} It continues with those it knew, and"
                    f" is asked again and again. Log: {self._broker.log}"
                )
            self._has_told = True
            self._tell_at = time.monotonic() + self._pauses.next_s()
            self._reload()

    def _refusal(self) -> str:
        try:
            return "" if self._broker.knows(self._devices) else "it refuses the new configuration."
        except DigitalpfadError as error:
            return str(error)

    def _reload(self) -> None:
        try:
            self._broker.reload(self._supervisor, self._devices)
        except StartRefused as error:  # the disk is full, say: look() tells and tries again
            self._trouble = str(error)
        else:
            self._trouble = ""

    def _keep(self, devices: Mapping[str, str]) -> None:
        self._devices = dict(devices)
        left_out = sorted(devices.keys() - witness.admissible(devices).keys())
        if left_out and left_out != self._left_out:
            more = f" and {len(left_out) - 5} more" if len(left_out) > 5 else ""
            self._say(
                f"The MQTT broker does not let in {', '.join(map(repr, left_out[:5]))}{more}: no broker can take the id"
                " or the kept hash. 'digitalpfad device password ID' gives a device a new one."
            )
        self._left_out = left_out
