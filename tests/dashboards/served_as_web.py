"""The staff pages with the rights that the web process has in production, and with a trail of a year's counts."""

from __future__ import annotations

import html
import re
from collections.abc import Generator
from contextlib import contextmanager

import httpx

from geodata.store import roles
from geodata.store.database import Database
from tests.dashboards.office import Office, open_office, seed


@contextmanager
def office_as_web(database: Database, database_url: str) -> Generator[Office]:
    """An office over a seeded database whose pages work as the web role; ``database`` has the owner's rights."""
    seed(database)
    with Database(database_url, role=roles.WEB) as web, open_office(web) as opened:
        yield opened


def text_of(answer: httpx.Response, status: int = 200) -> str:
    """What is read of a page, without markup, in one line."""
    assert answer.status_code == status, answer.text
    body = re.sub(r"<(style|script)\b.*?</\1>", " ", answer.text, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).replace("\u00a0", " ").split())
