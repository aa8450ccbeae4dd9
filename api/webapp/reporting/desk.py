"""Takes reports in: a few at a time, each once, its picture decoded in a process of its own.

However many come at the same moment, the pages keep their threads and connections: those who wait here wait in the
event loop, and where too many wait, the next is told to come again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar
from uuid import UUID

from fastapi.concurrency import run_in_threadpool

from geodata.figures import signs
from geodata.media import apart
from geodata.model.report import NewReport, Report, ReportPicture
from geodata.store.database import Database
from geodata.store.reports import intake, reading
from geodata.store.reports.intake import AcceptedReport, TooManyReports
from geodata.store.transaction import Transaction

_AT_THE_DATABASE = 3  # of its 8 connections
_DECODING = 2
_WAITING_PICTURES = 20
_COME_AGAIN_S = 30

Result = TypeVar("Result")


class ReportDesk:
    """One for the process; from the event loop."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._turns = asyncio.Semaphore(_AT_THE_DATABASE)
        self._decoders = asyncio.Semaphore(_DECODING)
        self._pictures = 0

    async def take(self, report: NewReport, picture: bytes | None) -> AcceptedReport:
        """Keep a report, once; raises NoPicture, TooManyReports or StoreError, and then nothing of it is kept."""
        there = await self._do(lambda connection: intake.check_room(connection, report))
        if there is not None:
            return AcceptedReport(there, is_new=False)
        decoded = None if picture is None else await self._decoded(picture)
        return await self._do(lambda connection: _kept(connection, report, decoded))

    async def find(self, report: UUID) -> Report | None:
        """The report with this id."""
        return await self._do(lambda connection: reading.find(connection, report))

    async def _decoded(self, picture: bytes) -> ReportPicture:
        if self._pictures >= _WAITING_PICTURES:
            raise TooManyReports(_COME_AGAIN_S)
        self._pictures += 1
        try:
            async with self._decoders:
                return await run_in_threadpool(apart.decoded, picture)
        finally:
            self._pictures -= 1

    async def _do(self, work: Callable[[Transaction], Result]) -> Result:
        def in_transaction() -> Result:
            with self._database.transaction() as connection:
                return work(connection)

        async with self._turns:
            return await run_in_threadpool(in_transaction)


def _kept(connection: Transaction, report: NewReport, picture: ReportPicture | None) -> AcceptedReport:
    """Kept, and where it says that a sign fails joined to the case of that sign."""
    accepted = intake.keep(connection, report, picture)
    if accepted.is_new:
        signs.report_came(connection, accepted.report, accepted.report.received_at)
    return accepted
