"""500 phones at once: each report is kept or told to come later, and the pages go on."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from statistics import median
from uuid import uuid4

import httpx

from api.webapp.reporting.desk import ReportDesk
from geodata.model.report import NewReport, ReportKind, ReportPlace
from geodata.store.counting import sign_cases
from geodata.store.reports import intake
from tests.fixtures.trails.media import photo
from tests.fixtures.web.hikers import PONDS, Hikers
from tests.fixtures.web.reports import FORM, kept

PHONES = 500
LONGEST_S = 60.0
"""For all of them together, on a machine that does other work beside it."""
PAGE_S = 2.0
"""For half of the pages read meanwhile: the phones are in the same process, and take its time."""


async def rush(hikers: Hikers, pictures: bytes) -> tuple[list[httpx.Response], list[float]]:
    """All phones at the same moment, every tenth with a picture; and how long a station's page took meanwhile."""
    seconds: list[float] = []
    limits, headers = httpx.Limits(max_connections=None), {"origin": hikers.url, "accept": "application/json"}
    async with httpx.AsyncClient(base_url=hikers.url, limits=limits, timeout=LONGEST_S, headers=headers) as phones:

        async def report(number: int) -> httpx.Response:
            fields = {"id": str(uuid4()), "kind": "sign", "text": f"Meldung {number}"}
            file = ("a.jpg", pictures) if number % 10 == 0 else ("", b"")
            return await phones.post(FORM, data=fields, files={"picture": file})

        async def read(done: asyncio.Event) -> None:
            while not done.is_set():
                begun = time.monotonic()
                assert (await phones.get(f"/s/{PONDS}")).status_code == 200
                seconds.append(time.monotonic() - begun)

        done = asyncio.Event()
        reader = asyncio.create_task(read(done))
        answers = await asyncio.gather(*map(report, range(PHONES)))
        done.set()
        await reader
    return answers, seconds


def test_500_phones_at_once_get_an_answer_each_and_bury_nobody(hikers: Hikers) -> None:
    begun = time.monotonic()
    answers, pages = asyncio.run(rush(hikers, photo(1200, 900)))
    assert time.monotonic() - begun < LONGEST_S
    counted = Counter(answer.status_code for answer in answers)
    assert counted == {201: intake.MOST_OF_PLACE, 429: PHONES - intake.MOST_OF_PLACE}
    assert all(int(answer.headers["retry-after"]) > 0 for answer in answers if answer.status_code == 429)
    told = {answer.json()["id"] for answer in answers if answer.status_code == 201}
    assert {str(report.id) for report in kept(hikers.database)} == told, "what was told as kept is kept, and no other"
    assert median(pages) < PAGE_S


def test_a_report_that_the_code_fails_opens_the_case_of_its_sign_and_others_do_not(hikers: Hikers) -> None:
    desk = ReportDesk(hikers.database)
    place = ReportPlace(trail="stadtwald", station=PONDS)
    code, tree = (NewReport(id=uuid4(), kind=kind, place=place, text="") for kind in (ReportKind.CODE, ReportKind.TREE))

    async def told() -> None:
        for report in (code, code, tree, code):
            await desk.take(report, None)

    asyncio.run(told())
    with hikers.database.transaction() as connection:
        (case,) = sign_cases.open_cases(connection)
    assert (case.station, case.reports) == (PONDS, [code.id])
