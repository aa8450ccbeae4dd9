"""/.well-known/security.txt (RFC 9116): to whom a weakness of this installation is told."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

from fastapi import APIRouter, Response
from starlette.exceptions import HTTPException

from api.catalogue.snapshot import Snapshot
from api.services import WithServices

PATH = "/.well-known/security.txt"
_VALID = timedelta(days=180)  # the standard recommends less than a year; it counts anew with each request
_HEADERS = {"Cache-Control": "public, max-age=86400", "X-Content-Type-Options": "nosniff"}


def contacts(set_contact: str, default_email: str, snapshot: Snapshot | None) -> list[str]:
    """Addresses, the preferred one first: the one that is set, else e-mail of the operator and of the towns."""
    if set_contact:
        return [set_contact]
    emails = [default_email]
    if snapshot is not None:
        active = sorted({trail.municipality for trail in snapshot.listed.values()})
        emails += [snapshot.catalogue.municipalities[slug].operator.email for slug in active]
    addresses = [f"mailto:{quote(email.strip(), safe='@+!#$&*=?^_{|}~.-')}" for email in emails if email.strip()]
    return list(dict.fromkeys(addresses))


def text(addresses: Iterable[str], base_url: str, now: datetime) -> str:
    """The file; it says where it belongs only where that is https, as the standard asks."""
    expires = (now.astimezone(UTC) + _VALID).replace(hour=0, minute=0, second=0, microsecond=0)
    lines = [f"Contact: {address}" for address in addresses]
    lines += [f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}", "Preferred-Languages: de, en"]
    if base_url.startswith("https://"):
        lines.append(f"Canonical: {base_url}{PATH}")
    return "".join(f"{line}\n" for line in lines)


def router_of(set_contact: str, default_email: str) -> APIRouter:
    """A router with the file; without any address there is none (404), since a file must name one."""
    router = APIRouter(include_in_schema=False)

    @router.api_route(PATH, methods=["GET", "HEAD"])
    async def security_txt(services: WithServices) -> Response:
        addresses = contacts(
            set_contact, default_email, services.keeper.current if services.keeper.has_snapshot else None
        )
        if not addresses:
            raise HTTPException(404)
        body = text(addresses, services.base_url, services.clock())
        return Response(body, media_type="text/plain; charset=utf-8", headers=_HEADERS)

    return router
