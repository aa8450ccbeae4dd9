"""What the staff pages work with, and who is asking; handed to every endpoint."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Protocol, cast

from fastapi import Depends, Request

from api.catalogue.keeper import SnapshotKeeper
from api.limits.places import Places
from dashboards.access.passkeys import RelyingParty
from dashboards.access.throttle import LoginThrottle
from dashboards.operator_tools import OperatorTools
from geodata.model.operator import DeviceBroker, Operator
from geodata.model.staff import Staff
from geodata.store.database import Database


class SignLike(Protocol):
    """What stands on the sign of a station."""

    @property
    def code(self) -> str:
        """The station's code."""
        ...

    @property
    def number(self) -> int:
        """The station's number."""
        ...

    @property
    def title(self) -> str:
        """What stands large."""
        ...

    @property
    def lead(self) -> str:
        """The sentence below it."""
        ...

    @property
    def address(self) -> str:
        """What the pattern opens."""
        ...


class SignMaker(Protocol):
    """Makes the sheets of signs; the command that starts the pages brings it along."""

    def signs(self, trail: str, *, draft: bool) -> Sequence[SignLike]:
        """What stands on the signs of a trail; raises DigitalpfadError where none can be made."""
        ...

    def sheet(self, name: str, trail: str, code: str | None, *, draft: bool) -> bytes:
        """A file for all stations or for one; raises DigitalpfadError where it cannot be made, NotFound."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffSurroundings:
    """What the process that serves the pages knows and can do beside them."""

    operator: Operator = field(default_factory=Operator)
    """What the settings say of who runs the trails."""
    broker: DeviceBroker = field(default_factory=DeviceBroker)
    """Where devices connect."""
    tools: OperatorTools | None = None
    """What the operator's page asks of the machine; None where nobody gave it."""
    signs: SignMaker | None = None
    """None where the pages run without what makes signs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffServices:
    """The parts that create_staff() was given. ``stopping`` is set when the process is about to end."""

    database: Database
    keeper: SnapshotKeeper
    clock: Callable[[], datetime]
    is_https: bool
    stopping: threading.Event
    base_url: str = ""
    """The public address, without a slash at its end."""
    around: StaffSurroundings = field(default_factory=StaffSurroundings)
    throttle: LoginThrottle = field(default_factory=LoginThrottle)
    streams: Places = field(default_factory=lambda: Places(200, 50))
    """Start pages that keep themselves up to date; each asks the database every second."""

    decoders: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(2))
    """Pictures that are decoded at the same moment, each in a process of its own."""

    @property
    def relying_party(self) -> RelyingParty | None:
        """For whom passkeys are good; None where browsers take no part in them."""
        return RelyingParty.of(self.base_url)

    @property
    def cookie(self) -> str:
        """The cookie's name; behind TLS one that no other host or path can set."""
        return "__Host-digitalpfad" if self.is_https else "digitalpfad"


def _services(request: Request) -> StaffServices:
    return cast("StaffServices", request.app.state.services)


def _current_staff(request: Request) -> Staff:
    return cast("Staff", request.state.staff)  # the gate lets nobody else in


ServicesDep = Annotated[StaffServices, Depends(_services)]
CurrentStaff = Annotated[Staff, Depends(_current_staff)]
