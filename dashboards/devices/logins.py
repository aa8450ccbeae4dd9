"""A device's login, shown this once: user, password, topic, and the line with which anybody can try it."""

from __future__ import annotations

import shlex

from fastapi import Request
from starlette.responses import Response

from dashboards.services import StaffServices
from dashboards.templating import page
from geodata.actions.devices.device_login import DeviceLogin
from geodata.model.operator import DeviceBroker

_TRY = '{"time": "\'"$(date -u +%FT%TZ)"\'", "values": {"air_temperature": 7.4}}'


def show(request: Request, services: StaffServices, login: DeviceLogin, heading: str) -> Response:
    """The page; it is the answer to the form itself: a password belongs in no address."""
    context = {
        "login": login,
        "heading": heading,
        "broker": services.around.broker,
        "line": trial_line(login, services.around.broker),
        "device": login.user,
    }
    return page(request, "devices/login.html", context)


def trial_line(login: DeviceLogin, broker: DeviceBroker) -> str:
    """A value sent with ``mosquitto_pub``."""
    options = ["-h", broker.host, "-p", str(broker.port), *(["--tls-use-os-certs"] if broker.tls else [])]
    parts = [*options, "-q", "1", "-u", login.user, "-P", login.password, "-t", login.topic]
    return f"mosquitto_pub {shlex.join(parts)} -m '{_TRY}'"
