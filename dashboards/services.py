"""What the staff pages work with, and who is asking; handed to every endpoint."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, cast

from fastapi import Depends, Request

from api.catalogue.keeper import SnapshotKeeper
from api.limits.places import Places
from dashboards.throttle import LoginThrottle
from geodata.model.operator import Operator
from geodata.model.staff import Staff
from geodata.store.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffServices:
    """The parts that create_staff() was given. ``stopping`` is set when the process is about to end."""

    database: Database
    keeper: SnapshotKeeper
    clock: Callable[[], datetime]
    is_https: bool
    stopping: threading.Event
    operator: Operator = field(default_factory=Operator)
    """What the settings say of who runs the trails."""
    throttle: LoginThrottle = field(default_factory=LoginThrottle)
    streams: Places = field(default_factory=lambda: Places(200, 50))
    """Start pages that keep themselves up to date; each asks the database every second."""

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
