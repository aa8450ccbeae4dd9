"""Generated secrets of machines: devices, services, sessions."""

from __future__ import annotations

import secrets

_BYTES = 24


def new_secret() -> str:
    """192 random bits in characters that need no quoting in an address, a shell or a configuration file.

    It begins with no hyphen: commands would take it for an option.
    """
    while (secret := secrets.token_urlsafe(_BYTES)).startswith("-"):
        pass
    return secret
