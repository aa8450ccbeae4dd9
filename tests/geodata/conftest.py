"""A fresh, migrated database for each test."""

from __future__ import annotations

import os
from collections.abc import Iterator
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo

from geodata.store.database import Database
from geodata.store.migrate import migrate

SERVER = os.environ.get("DIGITALPFAD_TEST_DATABASE_URL", "postgresql://postgres@127.0.0.1:54320/postgres")


@pytest.fixture
def database() -> Iterator[Database]:
    name = f"content_{uuid4().hex[:12]}"
    with psycopg.connect(SERVER, autocommit=True) as server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        url = make_conninfo(SERVER, dbname=name)
        try:
            migrate(url)
            opened = Database(url)
            opened.open()
            try:
                yield opened
            finally:
                opened.close()
        finally:
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
