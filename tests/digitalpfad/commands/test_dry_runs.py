"""What a command with --dry-run leaves behind: nothing, in no table, whatever it would have done."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import typer
from psycopg import sql
from typer.main import get_command

from digitalpfad import cli
from geodata.store.database import Database
from tests.digitalpfad.commandline import run
from tests.digitalpfad.commands.conditions.test_notice_import import RULE
from tests.fixtures.web.hikers import PONDS
from tests.gateway.replaying.quarantined import delivery, reading, receive
from tests.geodata.statistics.weather.test_dwd_file import product, row

Contents = dict[str, tuple[int, str]]


def contents(database: Database) -> Contents:
    """By table how many rows it has, and a hash of all of them."""
    with database.transaction() as connection:
        tables = connection.execute(
            "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace"
        ).fetchall()
        return {name: _of_table(connection, name) for (name,) in tables}


def _of_table(connection: Any, name: str) -> tuple[int, str]:
    query = sql.SQL(
        "SELECT count(*), coalesce(md5(string_agg(line, '' ORDER BY line)), '')"
        " FROM (SELECT each::text AS line FROM {} AS each) AS lines"
    )
    return connection.execute(query.format(sql.Identifier(name))).fetchone()


def another_climate_station(demo: dict[str, str], database: Database, folder: Path) -> str:
    file = folder / "klima.txt"
    file.write_text(product([row(), row("20250207")]))
    assert run("weather", "import", "lemgo", str(file), **demo).returncode == 0
    file.write_text(product([row("20260101").replace("433;", "434;", 1)]))
    return f"weather import lemgo {file} --replace-station"


def a_closed_month(demo: dict[str, str], database: Database, folder: Path) -> str:
    noon = datetime(2026, 1, 5, 12, tzinfo=UTC)
    with database.transaction() as connection:
        connection.execute("INSERT INTO scan_hour VALUES (%s, %s, 'de', 'sign', 9)", [PONDS, noon])
    assert run("figures", "close", "--until", "2026-01-31", **demo).returncode == 0
    with database.transaction() as connection:
        connection.execute("UPDATE scan_hour SET count = count + 20")
    return "figures revise lemgo --month 2026-01 --reason Nachtrag"


def a_waiting_message(demo: dict[str, str], database: Database, folder: Path) -> str:
    receive(database, [delivery({"boot": "b", **reading(1)})])
    assert run("device", "add", "pond", "--station", PONDS, **demo).returncode == 0
    return "quarantine replay"


def a_rule(demo: dict[str, str], database: Database, folder: Path) -> str:
    (folder / "notices.json").write_text(json.dumps([RULE]), encoding="utf-8")
    return f"notice import {folder}/notices.json --trail stadtwald"


def texts_of_a_class(demo: dict[str, str], database: Database, folder: Path) -> str:
    (folder / "klasse/05-teiche").mkdir(parents=True)
    (folder / "klasse/05-teiche/children.md").write_text(
        "---\ntitle: Frösche\nlead: Quak.\nsource: Klasse 4b\n---\nHier quakt es.\n"
    )
    return f"content import stadtwald {folder}/klasse --publish"


def a_changed_trail(demo: dict[str, str], database: Database, folder: Path) -> str:
    file = folder / "pfad.gpx"
    assert run("trail", "export", "stadtwald", str(file), **demo).returncode == 0
    assert run("station", "add", "stadtwald", "--number", "90", "--lon", "8.9165", "--lat", "52.0516",
               "--title", "Neu", **demo).returncode == 0  # fmt: skip
    return f"trail import {file} --trail stadtwald --retire-missing"


def a_trail_to_remove(demo: dict[str, str], database: Database, folder: Path) -> str:
    return "trail remove stadtwald"


def old_receipts(demo: dict[str, str], database: Database, folder: Path) -> str:
    with database.transaction() as connection:
        connection.execute("INSERT INTO scan_receipt VALUES (gen_random_uuid(), %s)", [date(2026, 1, 1)])
    return "housekeeping"


CASES: dict[str, Callable[[dict[str, str], Database, Path], str]] = {
    "content import": texts_of_a_class,
    "figures revise": a_closed_month,
    "housekeeping": old_receipts,
    "notice import": a_rule,
    "quarantine replay": a_waiting_message,
    "trail import": a_changed_trail,
    "trail remove": a_trail_to_remove,
    "weather import": another_climate_station,
}


def with_dry_run(command: Any, name: str = "") -> set[str]:
    """The commands below ``command`` that have the option, as they are typed."""
    inner: dict[str, Any] = getattr(command, "commands", {})
    found = {each for word, one in inner.items() for each in with_dry_run(one, f"{name} {word}".strip())}
    has_it = any("--dry-run" in each.opts for each in command.params)
    return found | ({name} if has_it else set())


def test_every_command_with_a_dry_run_is_tried_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(cli._COMPLETION, "complete_bash")  # loads all of them
    app: typer.Typer = cli.build(None)
    assert with_dry_run(get_command(app)) == CASES.keys()


@pytest.mark.parametrize("command", CASES)
def test_a_dry_run_leaves_every_row_as_it_is_where_the_same_without_it_changes_some(
    demo: dict[str, str], database: Database, tmp_path: Path, command: str
) -> None:
    typed = CASES[command](demo, database, tmp_path).split()
    before = contents(database)
    done = run(*typed, "--dry-run", **demo)
    assert done.returncode in {0, 3}, done.stderr
    after = contents(database)
    assert {name for name in before if before[name] != after[name]} == set()
    assert run(*typed, **demo).returncode in {0, 3}
    assert contents(database) != before, "the test has nothing to do"
