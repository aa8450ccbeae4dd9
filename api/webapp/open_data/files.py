"""Open counts at /data/counting: files of sites and channels, of each year's measures with their quality, and schemas.

A year of hours is large. It is read and sent channel by channel, so that it takes neither the memory nor a connection
for as long as somebody's line is slow; what is closed never changes, so the parts fit together.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

import msgspec
from fastapi.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from api.http.caches.etag import Answer, answer, is_known, respond
from api.http.fast_path import PlainRequest
from api.limits.places import address_of
from api.limits.read_limits import Costly
from api.services import Services, services_of
from api.webapp.open_data import town
from api.webapp.open_data.town import OpenTown
from api.webapp.routes.page_router import CachedPage, PageRouter
from geodata.errors import NotFound
from geodata.export.counting.files import CHANNELS, MEASURES, QUALITIES, SITES, CountingFile
from geodata.figures.publishing.public import FigureBucket
from geodata.store.database import Database

MEDIA_TYPE = "text/csv; charset=utf-8"
_SCHEMAS: dict[str, CountingFile[Any]] = {file.name: file for file in (SITES, CHANNELS, MEASURES, QUALITIES)}
_YEARLY = {
    f"{file.name}{end}": (file, bucket)
    for file in (MEASURES, QUALITIES)
    for end, bucket in (("", FigureBucket.DAY), ("-hours", FigureBucket.HOUR))
}
"""The files of a year by the name that stands in their address."""
_FOR_ALL = {"access-control-allow-origin": "*", "vary": "Accept-Encoding"}

_Part = Callable[[], bytes]
Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class _LongFile:
    """A file in parts; ``head`` has its ETag and headers."""

    head: Answer
    parts: Sequence[_Part]


class CountingFiles:
    """The files below /data/counting."""

    def __init__(self, pages: PageRouter, database: Database) -> None:
        self._keeper = pages.keeper
        self._database = database
        pages.add_cached("/data/counting/{file}.schema.json", self._schema)
        pages.add("/data/counting/{municipality}/{file}.csv", self._small)
        pages.add("/data/counting/{municipality}/{year:int}/{file}.csv", self._year)

    def _schema(self, request: PlainRequest) -> CachedPage:
        file = _SCHEMAS.get(request.path["file"])
        if file is None:
            raise NotFound("file", request.path["file"])

        def render() -> Answer:
            body = msgspec.json.format(msgspec.json.encode(file.table_schema()))
            return answer(body, "application/json", headers={"access-control-allow-origin": "*"})

        return CachedPage(("counting-schema", file.name), render)

    async def _small(self, request: Request) -> Response:
        slug, name = request.path_params["municipality"], request.path_params["file"]

        def make() -> Answer:
            of = town.load(self._database, self._keeper.current, slug)
            if name == SITES.name:
                body = SITES.write(of.sites())
            elif name == CHANNELS.name:
                body = CHANNELS.write(of.channel_rows())
            else:
                raise NotFound("file", name)
            return answer(body, MEDIA_TYPE, headers=_headers(of, name, f"{slug}-{name}"))

        return respond(request, await _in_turn(request, make))

    async def _year(self, request: Request) -> Response:
        slug, year, name = (request.path_params[each] for each in ("municipality", "year", "file"))
        if name not in _YEARLY:
            raise NotFound("file", name)
        file = await _in_turn(request, lambda: self._long_file(slug, year, name))
        if is_known(file.head, request.headers.get("if-none-match")):
            return respond(request, file.head)
        headers = {key.decode(): value.decode() for key, value in file.head.headers_unchanged}
        return StreamingResponse(_sent(request, file.parts), headers=headers, media_type=MEDIA_TYPE)

    def _long_file(self, slug: str, year: int, name: str) -> _LongFile:
        """A year's file. It hangs on what is closed, and on what hung where: that is its ETag."""
        (file, bucket), of = _YEARLY[name], town.load(self._database, self._keeper.current, slug)
        within = of.within(year)
        header = file.write(())
        state = repr((header, bucket, within, of.channels)).encode()
        head = answer(state, MEDIA_TYPE, headers=_headers(of, file.name, f"{slug}-{year}-{name}"))

        def lines(number: int) -> bytes:
            return file.lines(town.measures(self._database, of.channels[number], bucket, within))

        return _LongFile(head, [lambda: header, *(partial(lines, number) for number in range(len(of.channels)))])


def _headers(of: OpenTown, schema: str, name: str) -> dict[str, str]:
    licence = of.licence_url()
    links = [f'</data/counting/{schema}.schema.json>; rel="describedby"; type="application/json"']
    return {
        **_FOR_ALL,
        "content-disposition": f'attachment; filename="{name}.csv"',
        "link": ", ".join([*([f'<{licence}>; rel="license"'] if licence else []), *links]),
    }


async def _in_turn(request: Request, work: Callable[[], Made]) -> Made:
    """What ``work`` makes of the database, as often as a network may ask for it and not many at once."""
    services = services_of(request)
    services.limits.take_of(Costly.SERIES, request)
    return await _in_thread(services, request, work)


async def _in_thread(services: Services, request: Request, work: Callable[[], Made]) -> Made:
    async with services.limits.series_turn(address_of(request)):
        return await run_in_threadpool(work)


async def _sent(request: Request, parts: Sequence[_Part]) -> AsyncGenerator[bytes]:
    """The parts one by one, each read when the one before has been taken."""
    for part in parts:
        if lines := await _in_thread(services_of(request), request, part):
            yield lines
            await asyncio.sleep(0)
