"""Somebody who hangs up in the middle is no fault of the server."""

from __future__ import annotations

import asyncio
from typing import Any

from structlog.testing import capture_logs

from tests.dashboards.office import Office


def test_a_visitor_who_hangs_up_while_a_form_is_sent_leaves_no_trace_in_the_log(office: Office) -> None:
    heard: list[dict[str, Any]] = [
        {"type": "http.request", "body": b"name=somebody", "more_body": True},
        {"type": "http.disconnect"},
    ]
    headers = [
        (b"origin", office.url.encode()),
        (b"content-type", b"application/x-www-form-urlencoded"),
        (b"content-length", b"100"),
        (b"sec-fetch-site", b"same-origin"),
    ]
    scope = {
        "type": "http", "http_version": "1.1", "method": "POST", "path": "/staff/login", "root_path": "/staff",
        "raw_path": b"/staff/login", "query_string": b"", "scheme": "http", "headers": headers,
        "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80),
    }  # fmt: skip

    async def receive() -> dict[str, Any]:
        return heard.pop(0)

    async def send(_: object) -> None:
        """Nobody listens."""

    with capture_logs() as logs:
        asyncio.run(office.app(scope, receive, send))
    assert heard == [], "the form was read"
    assert logs == []
