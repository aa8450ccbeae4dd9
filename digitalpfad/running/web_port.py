"""What answers at the web app's port: this system's own, that of another one, or a strange program."""

from __future__ import annotations

import ssl
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPException
from urllib.error import HTTPError
from urllib.request import HTTPSHandler, OpenerDirector, ProxyHandler, build_opener

import msgspec

from digitalpfad import services
from digitalpfad.config.model import Settings
from digitalpfad.network import check_port_free, reachable_host
from geodata.errors import DigitalpfadError, StartRefused
from geodata.store.database import Database, translated
from geodata.store.operations import inspection

HINT = "Stop it, or choose another port with DIGITALPFAD_PORT; the first 'digitalpfad up' in a folder finds a free one."
_MOST_BYTES = 100_000


class _Answer(msgspec.Struct):
    """What of /readyz of the web app counts here; the gateway's has no ``instance``."""

    ready: bool
    instance: str


@dataclass(frozen=True, slots=True)
class Occupant:
    """Who answers at the port: ``body`` is what to /readyz, None where nobody does. ``answer`` is a web app's.

    A system is known by its database, ``own``: a web app of a database that cannot be asked now is taken for another's.
    """

    port: int
    body: bytes | None
    answer: _Answer | None
    own: str | None

    def words(self) -> str:
        """Check that this system's web app answers; raise StartRefused where somebody else does."""
        if self.answer is None:
            raise StartRefused(f"{self.port}: another program answers there")
        if not self.answer.instance:
            raise StartRefused(f"{self.port}: a web app without its database answers there, perhaps this system's")
        if self.answer.instance != self.own:
            raise StartRefused(f"{self.port}: the web app of another system answers there")
        return f"{self.port}: the web app answers{'' if self.answer.ready else ', but is not ready (see /readyz)'}"

    @property
    def own_body(self) -> bytes:
        """What this system's web app answers; empty where another's does, or nobody.

        One that cannot reach its database names none, and may be this system's.
        """
        is_own = self.answer is not None and (not self.answer.instance or self.answer.instance == self.own)
        return self.body if is_own and self.body is not None else b""


def occupant(settings: Settings) -> Occupant:
    """Ask the web app's port once, and the database where a web app names one."""
    body = fetch(f"{address(settings)}/readyz")
    answer = None if body is None else _decoded(body)
    own = _own(settings) if answer is not None and answer.instance else None
    return Occupant(settings.port, body, answer, own)


def look(settings: Settings, occupant: Occupant) -> str:
    """Either this system's web app answers, or the port is free for it; raise StartRefused for anything else."""
    if occupant.body is not None:
        return occupant.words()
    check_port_free(settings.host, settings.port, "DIGITALPFAD_PORT")
    return f"{settings.port} is free"


def _decoded(body: bytes) -> _Answer | None:
    """The body of a web app's /readyz; None of another program's."""
    with suppress(ValueError, RecursionError):
        return msgspec.json.decode(body, type=_Answer)
    return None


def address(settings: Settings) -> str:
    """Where this machine itself reaches the web app, without a slash at the end."""
    scheme, host = "https" if settings.tls_certificate_file else "http", reachable_host(settings.host)
    return f"{scheme}://[{host}]:{settings.port}" if ":" in host else f"{scheme}://{host}:{settings.port}"


def opener() -> OpenerDirector:
    """What asks a server of this machine how it is, and tells it nothing.

    It takes any certificate: an expired one, or one renewed for another name, is no reason to start a web app anew.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return build_opener(ProxyHandler({}), HTTPSHandler(context=context))  # a proxy is for other machines


def _own(settings: Settings) -> str | None:
    try:
        database = Database(services.database_url(settings), name="digitalpfad doctor")
        with translated(), database.connect() as connection:
            return inspection.instance(connection)
    except DigitalpfadError:
        return None  # the check of the database says why


def fetch(url: str) -> bytes | None:
    """What is answered there, whatever the status; None where nobody speaks HTTP."""
    try:
        with opener().open(url, timeout=4) as answer:
            return bytes(answer.read(_MOST_BYTES))
    except HTTPError as error:
        with error:
            return bytes(error.read(_MOST_BYTES))
    except (OSError, UnicodeError, HTTPException):
        return None
