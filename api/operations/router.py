"""For those who run this server: is it up, can it do its job, and how much does it do."""

from __future__ import annotations

import dataclasses

import msgspec
from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4

from api.operations.exposition import exposition
from api.operations.readiness import check
from api.services import WithServices
from api.v1.router import problems
from api.v1.schemas.series import Health, Readiness
from api.visibility import is_local, may_read, require

router = APIRouter(tags=["operations"])

_NO_STORE = {"Cache-Control": "no-store"}


@router.get("/healthz", summary="Is the process up?", responses={200: {"model": Health}}, response_class=Response)
async def healthz() -> Response:
    """Answers as long as the process does; see /readyz for whether it can work."""
    return Response(b'{"status":"up"}', media_type="application/json", headers=_NO_STORE)


@router.get(
    "/readyz",
    summary="Can it do its job?",
    responses={
        200: {"model": Readiness, "description": "It can."},
        503: {"model": Readiness, "description": "It cannot; `checks` say why."},
    },
    response_class=Response,
)
async def readyz(request: Request, services: WithServices) -> Response:
    """Tries the database, its schema, and whether changes arrive; answers within 3 seconds.

    A check with `decides` false calls for somebody, and takes no process out of service: `clock`, `side_work`,
    `scan_journal`.
    All but `ready` is told to those alone who may read /metrics, and to this machine.
    """
    report = await check(services)
    ready = report.is_ready
    is_told = is_local(request) or may_read(request, services.metrics_from)
    details = dataclasses.asdict(report) if is_told else {}
    body = {"ready": ready, **details}
    return Response(
        msgspec.json.encode(body),
        status_code=200 if ready else 503,
        media_type="application/json",
        headers=_NO_STORE,
    )


@router.get(
    "/metrics",
    summary="Figures for Prometheus",
    responses={
        200: {"content": {"text/plain": {"schema": {"type": "string"}}}},
        **problems(e403="It is for those who run this server, and the address of the caller is none of theirs."),
    },
    response_class=Response,
)
async def metrics(request: Request, services: WithServices) -> Response:
    """Requests of this process, the gateway's counters, ages of the devices' latest observations. Nothing of visitors.

    `digitalpfad_database_up` is 0 where the figures of the database are missing; answers within 3 seconds.
    """
    require(request, services.metrics_from)
    return Response(await exposition(services), headers={**_NO_STORE, "Content-Type": CONTENT_TYPE_PLAIN_0_0_4})
