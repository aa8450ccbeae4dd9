"""Whether this process can do its job: by trying, not by remembering."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from api.http.caches.single_flight import DEADLINE_S
from api.http.checks import ReadinessCheck, ReadinessReport
from api.services import Services
from geodata.errors import DigitalpfadError, StoreError, StoreUnavailable
from geodata.runtime.worker import ended, failing
from geodata.store import migrate
from geodata.store.operations import inspection

_NO_ANSWER = "The database does not answer, or changes in it do not reach this process."


async def check(services: Services) -> ReadinessReport:
    """Try everything; what hangs counts as failed, after 2.5 seconds."""
    dead = ended(services.workers)
    threads = ReadinessCheck(
        "threads", ok=not dead, detail=f"Ended: {', '.join(dead)}. Restart the web app." if dead else ""
    )
    try:
        report = await services.readiness.result(lambda: _tried(services), DEADLINE_S)
    except TimeoutError:
        late = [ReadinessCheck(name, ok=False, detail=_NO_ANSWER) for name in ("database", "migrations")]
        report = ReadinessReport([*late, _try("catalogue", lambda: _fresh(services)), *_clock(services)])
    return replace(report, checks=[*report.checks, threads, *_works(services)], dead=dead)


def _works(services: Services) -> list[ReadinessCheck]:
    """What fails each time it is tried takes the process out of service where pages are made of it, and else not."""
    keeper = services.keeper.worker
    failures, side_failures = failing([keeper]), failing(worker for worker in services.workers if worker is not keeper)
    trouble = services.scan_trouble()
    return [
        ReadinessCheck("work", ok=not failures, detail=failures),
        ReadinessCheck("side_work", ok=not side_failures, detail=side_failures, decides=False),
        ReadinessCheck("scan_journal", ok=not trouble, detail=trouble, decides=False),
    ]


def _tried(services: Services) -> ReadinessReport:
    seen: list[str] = []
    checks = [
        _try("database", services.database.ping),
        _try("migrations", lambda: _migrated(services, seen)),
        _try("catalogue", lambda: _fresh(services)),
        *_clock(services),
    ]
    return ReadinessReport(checks, "".join(seen))


def _migrated(services: Services, seen: list[str]) -> None:
    with services.database.transaction() as connection:
        missing = migrate.pending(connection)
        seen.append(inspection.instance(connection))
    if missing:
        raise StoreError(f"{len(missing)} migrations are missing, the first is {missing[0]}: apply them.")


def _fresh(services: Services) -> None:
    if not services.keeper.is_fresh:
        raise StoreUnavailable("Changes in the database do not reach this process.")


def _clock(services: Services) -> list[ReadinessCheck]:
    """Time continues as before where the machine's clock was set wrong: pages are right, and nobody is sent away."""
    if services.steady is None:
        return []
    state = services.steady.state()
    return [ReadinessCheck("clock", ok=state.ok, detail=state.detail, decides=False)]


def _try(name: str, attempt: Callable[[], object]) -> ReadinessCheck:
    try:
        attempt()
    except StoreUnavailable:
        return ReadinessCheck(name, ok=False, detail=_NO_ANSWER)
    except DigitalpfadError as error:
        return ReadinessCheck(name, ok=False, detail=str(error))
    return ReadinessCheck(name, ok=True, detail="")
