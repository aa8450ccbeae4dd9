"""From a page's dataclass to bytes with their ETag, once for all who ask."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Hashable, Mapping
from pathlib import Path
from typing import Generic, Protocol, TypeVar, cast

from fastapi.concurrency import run_in_threadpool
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from api.http.assets import Assets
from api.http.caches.etag import Answer, answer
from api.http.caches.lru_cache import LruCache
from api.http.page_headers import policy_with_style
from api.webapp import wording
from api.webapp.site import Site
from api.webapp.views.frame import Frame

_MOST_PAGES = 500
_MOST_BYTES = 16_000_000  # of their bodies, some 20 kB each
_ASK_EACH_TIME = "private, no-cache"  # so that every visit of a station reaches us and is counted
_STYLE = "style.css"
Made = TypeVar("Made")
_TEMPLATES = Path(__file__).parent / "templates"


class Page(Protocol):
    """Any page: all of them have a frame."""

    @property
    def frame(self) -> Frame:
        """Language and links around the page."""
        ...


class Renderer:
    """Fills templates; ``assets`` gives the addresses of static files."""

    def __init__(self, assets: Assets, site: Site) -> None:
        self._environment = Environment(
            loader=FileSystemLoader(_TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._style = assets.text(_STYLE)
        self.policy = policy_with_style(self._style)
        """The security policy of a page that has the style in itself."""
        names = cast("dict[str, object]", self._environment.globals)
        style = Markup(self._style)  # noqa: S704 - a file of ours
        names.update(asset=assets.url, style=style, bytes_sent=assets.bytes_sent, site=site.address or "…", kept=site)
        names.update(distance=wording.distance, number=wording.number, size=wording.size)

    def render(
        self, template: str, page: Page, headers: Mapping[str, str] | None = None, *, tag_end: str = ""
    ) -> Answer:
        """Render ``page`` with ``template``, where it is called ``page``; ``headers`` are the answer's own.

        ``tag_end``: the end of its ETag.
        """
        t = page.frame.t
        text = self._environment.get_template(template).render(page=page, frame=page.frame, t=t, plural=t.plural)
        common = {"vary": "Accept-Language", "content-language": page.frame.choice.html_lang}
        if f"<style>{self._style}</style>" in text:
            common["content-security-policy"] = self.policy
        every = {**common, **(headers or {})}
        return answer(text.encode(), "text/html; charset=utf-8", cache=_ASK_EACH_TIME, headers=every, tag_end=tag_end)


class MadeOnce(Generic[Made]):
    """What is made by key; each is made once, in a thread, however many ask for it at the same moment.

    Those go that nobody has asked for longest: the pages of past minutes, and who leafs through rare ones throws out
    none that many ask for. ``size_of``: bytes that one takes.
    """

    def __init__(self, size_of: Callable[[Made], int], *, most: int, most_bytes: int) -> None:
        self._made = LruCache[Made](size_of, most_bytes=most_bytes, most_entries=most)
        self._making: dict[Hashable, asyncio.Task[Made]] = {}

    def peek(self, key: Hashable) -> Made | None:
        """What is made for ``key`` already."""
        return self._made.get(key)

    async def get(self, key: Hashable, build: Callable[[], Made]) -> Made:
        """What is made for ``key``; ``build`` runs when there is none yet. What it raises is raised here, not kept."""
        made = self._made.get(key)
        if made is not None:
            return made
        task = self._making.get(key)
        if task is None:
            task = self._making[key] = asyncio.create_task(run_in_threadpool(build))
            task.add_done_callback(lambda done: self._keep(key, done))
        return await asyncio.shield(task)

    def _keep(self, key: Hashable, task: asyncio.Task[Made]) -> None:
        del self._making[key]
        if not task.cancelled() and task.exception() is None:
            self._made.put(key, task.result())


class PageCache(MadeOnce[Answer]):
    """The pages that were asked for last."""

    def __init__(self, *, most_pages: int = _MOST_PAGES, most_bytes: int = _MOST_BYTES) -> None:
        super().__init__(_size, most=most_pages, most_bytes=most_bytes)


def _size(page: Answer) -> int:
    """What is kept with it for each Accept-Encoding (see fast_path) is smaller, and not counted."""
    return len(page.body)
