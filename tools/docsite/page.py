"""What a built page holds: its anchors, its links, what it loads, and the text and structure of its article."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from html.parser import HTMLParser

_LOADED = {
    ("link", "href"),
    *((tag, "src") for tag in ("script", "img", "iframe", "source", "audio", "video", "embed")),
}
_LOADING_RELATIONS = {
    "stylesheet",
    "preload",
    "prefetch",
    "modulepreload",
    "icon",
    "preconnect",
    "dns-prefetch",
    "manifest",
}
_COUNTED = {
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "ul",
    "ol",
    "li",
    "table",
    "tr",
    "td",
    "th",
    "pre",
    "blockquote",
    "img",
    "em",
    "strong",
}
_STYLE_ADDRESS = re.compile(r"url\(\s*['\"]?([^'\")]+)|@import\s+['\"]([^'\"]+)")
_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


def style_addresses(text: str) -> list[str]:
    """What a style sheet loads."""
    return [first or second for first, second in _STYLE_ADDRESS.findall(text)]


@dataclass
class Page(HTMLParser):
    """A parsed page; ``shape`` is how often each kind of element is in its article."""

    anchors: set[str] = field(default_factory=set[str])
    links: list[str] = field(default_factory=list[str])
    loaded: list[str] = field(default_factory=list[str])
    language: str = ""
    shape: Counter[str] = field(default_factory=Counter[str])
    text: list[str] = field(default_factory=list[str])
    _open: list[str] = field(default_factory=list[str])
    _article: int = -1
    _skipped: int = -1

    def __post_init__(self) -> None:
        super().__init__()

    @property
    def words(self) -> str:
        """The article's text without any white space."""
        return re.sub(r"\s+", "", "".join(self.text))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what the element says, and whether it begins the article or something that is no part of the text."""
        given = {name: value or "" for name, value in attrs}
        self._note(tag, given)
        if self._is_read() and tag in _COUNTED:
            self.shape[tag] += 1
        if tag in _VOID:
            return
        if tag == "article" and self._article < 0:
            self._article = len(self._open)
        if self._skipped < 0 and _is_added(tag, given):
            self._skipped = len(self._open)
        self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Close the element and all that was left open in it."""
        if tag not in self._open:
            return
        while self._open.pop() != tag:
            pass
        if len(self._open) == self._skipped:
            self._skipped = -1
        if len(self._open) == self._article:
            self._article = -2

    def handle_data(self, data: str) -> None:
        """Keep the article's text, and what style sheets within the page load."""
        if self._is_read():
            self.text.append(data)
        if self._open and self._open[-1] == "style":
            self.loaded += style_addresses(data)

    def _is_read(self) -> bool:
        return self._article >= 0 and self._skipped < 0

    def _note(self, tag: str, given: dict[str, str]) -> None:
        self.anchors |= {given[name] for name in ("id", "name") if given.get(name)}
        if tag == "html":
            self.language = given.get("lang", "")
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        for name, value in given.items():
            is_loaded = (tag, name) in _LOADED
            if tag == "link":
                is_loaded = is_loaded and bool(_LOADING_RELATIONS & set(given.get("rel", "").split()))
            if is_loaded:
                self.loaded.append(value)
            if name == "style":
                self.loaded += style_addresses(value)


def _is_added(tag: str, given: dict[str, str]) -> bool:
    """Whether an element of the article was added by the theme: marks beside headings, numbers and buttons of code."""
    return tag in {"nav", "button", "script", "style", "svg"} or "headerlink" in given.get("class", "").split()


def parsed(text: str) -> Page:
    """A whole page, or with ``<article>`` around it a part of one."""
    page = Page()
    page.feed(text)
    page.close()
    return page
