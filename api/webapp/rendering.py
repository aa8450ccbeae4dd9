"""From a page's dataclass to bytes, and to an answer with its ETag."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from fastapi.concurrency import run_in_threadpool
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import Response

from api.assets import Assets
from api.webapp import wording
from api.webapp.views.frame import Frame

_MOST_PAGES = 2000
_TEMPLATES = Path(__file__).parent / "templates"


class Page(Protocol):
    """Any page: all of them have a frame."""

    @property
    def frame(self) -> Frame:
        """Language and links around the page."""
        ...


@dataclass(frozen=True, slots=True)
class Rendered:
    """A page as bytes, with its weak ETag (compression changes the bytes) and its language."""

    body: bytes
    etag: str
    language: str


class Renderer:
    """Fills templates; ``assets`` gives the addresses of static files."""

    def __init__(self, assets: Assets) -> None:
        self._environment = Environment(
            loader=FileSystemLoader(_TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.globals["asset"] = assets.url
        self._environment.globals["distance"] = wording.distance
        self._environment.globals["number"] = wording.number

    def render(self, template: str, page: Page) -> Rendered:
        """Render ``page`` with ``template``; in the template it is called ``page``."""
        t = page.frame.t
        text = self._environment.get_template(template).render(page=page, frame=page.frame, t=t, plural=t.plural)
        body = text.encode()
        etag = f'W/"{hashlib.sha256(body).hexdigest()[:20]}"'
        return Rendered(body, etag, page.frame.choice.html_lang)


class PageCache:
    """Pages by key; each is rendered once, in a thread, however many ask for it at the same moment."""

    def __init__(self) -> None:
        self._tasks: dict[Hashable, asyncio.Task[Rendered]] = {}

    async def get(self, key: Hashable, build: Callable[[], Rendered]) -> Rendered:
        """The page of ``key``; ``build`` runs when there is none yet. What it raises is raised here and not kept."""
        task = self._tasks.get(key)
        if task is None:
            if len(self._tasks) >= _MOST_PAGES:
                self._tasks.clear()
            task = self._tasks[key] = asyncio.create_task(run_in_threadpool(build))
            task.add_done_callback(lambda done: self._forget_failed(key, done))
        if task.done():
            return task.result()
        return await asyncio.shield(task)

    def _forget_failed(self, key: Hashable, task: asyncio.Task[Rendered]) -> None:
        if task.cancelled() or task.exception() is not None:
            self._tasks.pop(key, None)


def answer(request: Request, page: Rendered, status: int = 200) -> Response:
    """The page, or 304 when the browser has it. Every visit asks, so that every visit of a station can be counted."""
    headers = {
        "cache-control": "private, no-cache",
        "content-language": page.language,
        "etag": page.etag,
        "vary": "Accept-Language",
    }
    if status == 200 and page.etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(page.body, status, headers, media_type="text/html; charset=utf-8")
