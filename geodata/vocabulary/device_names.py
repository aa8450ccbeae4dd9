"""Which ids a device may have. An id is also the device's user name at the broker: the login of a service is none."""

from __future__ import annotations

from collections.abc import Collection

from geodata.errors import InvalidInput
from geodata.messages.message import phrase
from geodata.vocabulary.names import EXPECTED, is_name

SERVICE_LOGINS = frozenset(
    {
        "admin",
        "chirpstack",
        "digitalpfad",
        "doctor",
        "emqx",
        "gateway",
        "mosquitto",
        "nats",
        "root",
        "tts",
        "web",
    }
)
"""User names that services, administrators and LoRaWAN servers have at brokers: the only list of them.

A broker's users have one name space: a device of such a name would be given the service's rights, and a new password
for it would lock the service out. Logins in which a character stands that no id has, such as ``_gateway`` or
``$dashboard``, need no entry.
"""


def check_spelling(name: str) -> None:
    """Raise InvalidInput for what is not spelled as an id."""
    if not is_name(name):
        raise InvalidInput("ID", name, EXPECTED)


def check_free(name: str, logins: Collection[str] = ()) -> None:
    """Raise InvalidInput for the login of a service: one of SERVICE_LOGINS, or of this system's own ``logins``."""
    if name in SERVICE_LOGINS or name in logins:
        raise InvalidInput(
            "ID",
            name,
            phrase("a name that is no service's login at the broker"),
            "Choose another, such as the kind and place of the device.",
        )
