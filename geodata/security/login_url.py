"""Addresses with user and password in them: where a character of the password would be read as a part of the address.

A URL ends the password at its first ``@`` or ``/``, libpq and urllib each in its own way. What is not unmistakable is
refused, and no piece of it is ever shown.
"""

from __future__ import annotations

import re

from geodata.messages.message import Message, phrase

ENCODE: Message = phrase(
    "Write @ # / : ? % [ ] and blanks in user and password percent-encoded: %40 %23 %2F %3A %3F %25 %5B %5D %20."
)
"""The hint of every message about such an address, also where a login was refused."""
_HOST_AND_PORT: Message = phrase("Host and port are written host:1234, with a number as port.")

_HOST = re.compile(r"(\[[0-9A-Fa-f:.%]+\]|[^:\[\]@]*)(:\d{0,5})?")
_LIBPQ_REFUSES = re.compile(r" |%(?![0-9A-Fa-f]{2})")


def misread(url: str, *, ends: str, is_libpq: bool) -> Message | None:
    """Why ``url`` might be read otherwise than meant, as a hint; None where it cannot be.

    ``ends`` are the characters that end user, password, host and port. ``is_libpq``: libpq takes the first ``@`` as the
    end of the password and refuses escapes that are none; urllib takes the last one.
    """
    rest = url.partition("://")[2]
    authority = re.split(f"[{re.escape(ends)}]", rest, maxsplit=1)[0]
    before, at, host = authority.partition("@") if is_libpq else authority.rpartition("@")
    if is_libpq and not at:
        before, host = "", authority
    behind = rest[len(authority) :]
    is_cut = "@" in (behind.partition("?")[0] if is_libpq else behind) or ("?" in host and not at and "@" in rest)
    is_unreadable = bool(_LIBPQ_REFUSES.search(before)) if is_libpq else "[" in before or "]" in before
    if is_cut or "@" in host.partition("?")[0] or is_unreadable:
        return ENCODE
    if not all(_HOST.fullmatch(address) for address in host.partition("?")[0].split(",")):
        return _HOST_AND_PORT
    return None
