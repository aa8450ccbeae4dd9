"""Markdown of the editors to HTML that cannot harm: no raw HTML, a short list of tags, sanitised in any case.

A line's end is a line's end, as plain language needs it.
"""

from __future__ import annotations

import re

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

_TAGS = {"p", "br", "em", "strong", "ul", "ol", "li", "blockquote", "h2", "h3", "h4", "a", "hr"}
_OTHER_HOST = re.compile(r"[\x00-\x20]*[/\\][\t\n\r]*[/\\]")  # browsers read \ as / and pass over tabs and line ends
_parser = MarkdownIt("commonmark", {"html": False, "breaks": True}).disable(["image", "code", "fence"])


def to_html(text: str) -> Markup:
    """Render Markdown; headings begin below the page's own title."""
    tokens = _parser.parse(text)
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(max(int(token.tag[1]), 2), 4)}"
    html = _parser.renderer.render(tokens, _parser.options, {})
    clean = nh3.clean(
        html,
        tags=_TAGS,
        attributes={"a": {"href"}},
        url_schemes={"https", "http", "mailto", "tel"},
        url_relative=_within_this_site,
    )
    return Markup(clean)  # noqa: S704 - sanitised in the line above


def opening(html: Markup) -> tuple[Markup, Markup]:
    """The first paragraph of what ``to_html`` made, and all that follows; nothing follows where it begins otherwise."""
    first, end, rest = html.partition(Markup("</p>"))
    return (first + end, rest.strip()) if first.startswith("<p>") else (html, Markup())


def _within_this_site(address: str) -> str | None:
    """``//host/…`` looks like a path and leads to another host: that takes a whole address, for all to see."""
    return None if _OTHER_HOST.match(address) else address
