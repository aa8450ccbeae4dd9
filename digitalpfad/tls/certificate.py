"""A TLS certificate with its key: judged before it is used, and taken anew when its files change."""

from __future__ import annotations

import ssl
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from digitalpfad.config.secret_file import why_unreadable
from geodata.errors import StartRefused
from geodata.security import bounded_file

_MAX_BYTES = 2**20  # of a chain of certificates or a key: hundreds of times as much as they have
_CIPHERS = "ECDHE+AESGCM:ECDHE+CHACHA20"  # of TLS 1.2: forward secrecy and authenticated; TLS 1.3 has no others
_BEGIN = "-----BEGIN CERTIFICATE-----"
_HELD_BACK = 10  # turns of a handshake in memory; it takes two or three


@dataclass(frozen=True, slots=True)
class Certificate:
    """PEM files of a chain, the server's own certificate first, and of its key; whom it names and until when."""

    chain: Path
    key: Path
    names: tuple[str, ...]
    expires_at: datetime
    chain_text: str = field(repr=False, compare=False)
    key_text: str = field(repr=False, compare=False)
    """What the files held when they were judged: they may be others by now."""

    @property
    def name(self) -> str:
        """A name that it is good for; below a wildcard, one that it covers."""
        return self.names[0].replace("*", "digitalpfad", 1)

    def covers(self, name: str) -> bool:
        """Whether it is good for ``name``."""
        return name in self.names or f"*.{name.partition('.')[2]}" in self.names

    def server_context(self) -> ssl.SSLContext:
        """For a server: TLS 1.2 or newer."""
        return _server_context(self.chain, self.key)


def of(chain: Path | None, key: Path | None, settings: tuple[str, str]) -> Certificate | None:
    """The certificate of two settings, None where neither is set.

    Raises StartRefused where one is missing, or where the files cannot be used, naming the setting at fault.
    """
    for missing, there, present in ((chain, *settings), (key, *reversed(settings))):
        if missing is None and (chain or key):
            raise StartRefused(f"{present} is set and {there} is not: TLS needs both, certificate and key.")
    return read(chain, key, settings) if chain and key else None


def read(chain: Path, key: Path, settings: tuple[str, str]) -> Certificate:
    """Judge the files as a client will; raise StartRefused with what is wrong, naming the setting at fault."""
    text = _checked_text(chain, settings[0], "CERTIFICATE-----", "certificate")
    key_text = _checked_text(key, settings[1], "PRIVATE KEY-----", "private key")
    where = f"The certificate {chain} ({settings[0]})"
    try:
        server = _server_context(chain, key)
    except _Encrypted:
        raise StartRefused(
            f"The key {key} ({settings[1]}) is protected by a password. Give one without: openssl pkey -in KEY -out"
            " NEW."
        ) from None
    except ssl.SSLError as error:
        if error.reason == "KEY_VALUES_MISMATCH":
            raise StartRefused(
                f"The key {key} ({settings[1]}) does not belong to the certificate {chain}.{_hint_at_order(text)}"
            ) from None
        raise StartRefused(f"{where} and its key {key} cannot be used: {error.reason or error}.") from None
    try:
        seen = _seen_by_a_client(server, chain)
    except ssl.SSLCertVerificationError as error:
        raise StartRefused(f"{where} {_why_not_valid(error)}.") from None
    except ssl.SSLError as error:
        raise StartRefused(f"{where} cannot be used: {error.reason or error}.") from None
    names = tuple(str(name) for kind, name in seen.get("subjectAltName", ()) if kind in {"DNS", "IP Address"})
    if not names:
        raise StartRefused(f"{where} names no host (subjectAltName), so that no client accepts it.")
    expires_at = datetime.fromtimestamp(ssl.cert_time_to_seconds(seen["notAfter"]), UTC)
    return Certificate(chain, key, names, expires_at, text, key_text)


class Watched:
    """Finds that the files of a certificate were replaced, as they are every few weeks."""

    def __init__(self, certificate: Certificate, settings: tuple[str, str]) -> None:
        self._chain, self._key, self._settings = certificate.chain, certificate.key, settings
        self._seen = self._stamp()

    def changed(self) -> Certificate | None:
        """The new certificate, once after each change; raise StartRefused, once too, where it cannot be used."""
        stamp = self._stamp()
        if stamp == self._seen:
            return None
        self._seen = stamp
        return read(self._chain, self._key, self._settings)

    def _stamp(self) -> tuple[tuple[int, int, int], ...]:
        return tuple(_stamp(path) for path in (self._chain, self._key))


class _Encrypted(Exception):
    """OpenSSL asks for a password."""


def _stamp(path: Path) -> tuple[int, int, int]:
    try:
        status = path.stat()  # of what a symbolic link leads to
    except OSError:
        return 0, 0, 0
    return status.st_ino, status.st_mtime_ns, status.st_size


def _checked_text(path: Path, setting: str, mark: str, what: str) -> str:
    try:
        text = bounded_file.at_most(path, _MAX_BYTES).decode("ascii", "replace")
    except OSError as error:
        raise StartRefused(f"The file {path} ({setting}) cannot be read: {why_unreadable(error)}.") from None
    if mark not in text:
        raise StartRefused(f"The file {path} ({setting}) holds no {what} in PEM form.")
    return text


def _hint_at_order(chain: str) -> str:
    """What may be wrong where the first certificate of several is another's than the key's."""
    if chain.count(_BEGIN) <= 1:
        return ""
    return " The file holds several: the server's own certificate comes first, those that signed it after it."


def _server_context(chain: Path, key: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(_CIPHERS)
    context.options |= ssl.OP_NO_RENEGOTIATION
    context.set_alpn_protocols(["http/1.1"])
    load(context, chain, key)
    return context


def load(context: ssl.SSLContext, chain: Path, key: Path) -> None:
    """Let ``context`` show this certificate at each new connection; never asks anybody for a password."""

    def refuse() -> str:
        raise _Encrypted

    context.load_cert_chain(chain, key, password=refuse)


def _seen_by_a_client(server: ssl.SSLContext, chain: Path) -> dict[str, Any]:
    """What a client that trusts ``chain`` reads of the certificate, in a handshake in memory."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    context.load_verify_locations(chain)
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    client_side = context.wrap_bio(to_client, to_server)
    server_side = server.wrap_bio(to_server, to_client, server_side=True)
    for _ in range(_HELD_BACK):
        done = [_step(side) for side in (client_side, server_side)]
        if all(done):
            break
    return client_side.getpeercert() or {}


def _step(side: ssl.SSLObject) -> bool:
    try:
        side.do_handshake()
    except ssl.SSLWantReadError:
        return False
    return True


def _why_not_valid(error: ssl.SSLCertVerificationError) -> str:
    match error.verify_code:
        case 10:  # X509_V_ERR_CERT_HAS_EXPIRED
            return "has expired: renew it"
        case 9:  # X509_V_ERR_CERT_NOT_YET_VALID
            return "is not valid yet: look at its dates and at this machine's clock"
        case _:
            return f"is refused by clients: {error.verify_message}"
