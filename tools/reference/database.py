"""docs/database.md: what is where in the database, drawn from the tables of a database that was really migrated."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import psycopg

from geodata.store import roles
from tools.reference import schema
from tools.reference.made_database import migrated_database
from tools.reference.markdown import paragraph, table
from tools.reference.schema import Column, Reference, Table

GROUPS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    (
        "Catalogue",
        (
            "What the city writes: its trails, their stations and the texts of both. A code that was given once lives"
            " for ever, as a station or as a removed code."
        ),
        (
            "municipality", "trail", "trail_content", "trail_place", "trail_section", "station", "station_content",
            "content_version", "contribution_link", "contribution", "removed_code", "trail_upload",
        ),
    ),
    ("Media", "Files that people handed in, in the forms in which they are served.", ("media", "media_rendition")),
    (
        "Closures and notices",
        "What hikers are told of the way. Whether it holds at a moment is worked out from these rows and the clock.",
        ("closure", "closure_content", "notice_rule", "notice_text", "notice_override", "notice_log"),
    ),
    (
        "Devices",
        (
            "Who measures what, and what each device last said of itself. The state changes with every batch and stands"
            " apart from the device, which changes seldom."
        ),
        (
            "device", "device_stay", "device_maintenance", "device_state", "device_interval", "device_boot",
            "device_credential", "sensor", "observed_property", "trail_audience", "datastream",
        ),
    ),
    (
        "Time series",
        (
            "What was measured. Single values are deleted after the time that the settings keep them, hourly sums"
            " later. Datastreams are never deleted, so the big tables check no foreign key to them."
        ),
        ("observation", "rollup_hour", "latest", "receipt_time", "observation_horizon"),
    ),
    (
        "Ingest",
        "What could not be kept, and the counters that show that nothing was lost.",
        ("quarantine", "quarantine_replay", "ingest_counter", "ingest_minute", "broker_session"),
    ),
    (
        "Visitors",
        "Page requests, counted by the hour; there is no row for a person.",
        ("scan_hour", "scan_uptime", "scan_journal", "scan_receipt"),
    ),
    (
        "Published figures",
        "What the public may know of passes and scans. A time closes once; no later closing opens what is withheld.",
        ("closed_period", "published_figure", "withheld_count"),
    ),
    (
        "Counting",
        (
            "Where counters hang, and what passed them: that follows from the hourly rollup and the mountings, and"
            " can be made from them again."
        ),
        (
            "counter_mounting", "counter_channel", "passes_queue", "passes_hour", "counter_silence", "passes_day",
            "figures_log", "count_session", "count_tally", "count_slice", "sign_watch", "sign_case",
            "sign_case_report",
        ),
    ),
    (
        "Comparing years",
        "What a change from a year to another is held against: the weather, and days on which something was.",
        ("weather_day", "annotation"),
    ),
    ("Reports", "Problems that people tell of, and what became of them.", ("report", "report_picture")),
    (
        "Care rounds",
        "What staff do on their walks: tasks that they wrote down, who was at which station when, and what they did.",
        ("care_task", "care_visit", "care_tick", "care_picture"),
    ),
    (
        "Access",
        "Who may use the staff pages, and what was done there.",
        (
            "staff", "staff_grant", "staff_session", "staff_token", "staff_totp", "staff_recovery_code",
            "staff_passkey", "audit",
        ),
    ),
    ("Mail", "Mails to staff.", ("mail_wish", "mail")),
    ("Operations", "How the database itself fares.", ("database_size",)),
    ("Schema", "What has been applied to this database.", ("schema_migration",)),
)  # fmt: skip
"""Heading, sentence and tables of each part of the page; every table is in one of them."""

UNCHECKED: Mapping[str, tuple[Reference, ...]] = {
    "observation": (Reference(("datastream",), "datastream"),),
    "rollup_hour": (Reference(("datastream",), "datastream"),),
    "quarantine": (Reference(("device",), "device"),),
    "passes_queue": (Reference(("datastream",), "datastream"),),
}
"""References that hold by how rows are written, not by a foreign key: dotted in the diagrams."""

_INTRODUCTION = """\
# What is where in the database

Made from a database that was really migrated: tables, columns, keys, comments and rights are those of PostgreSQL. The
comments are in the database too: `\\d+ observation` in psql shows them. With TimescaleDB `observation` is a hypertable,
else it has a partition for each month; nothing else differs. Why a table looks as it does is in the migration that
made it, and in [the decisions](decisions/README.md).

Solid lines are foreign keys; dotted lines are references that no key checks. `PK` is the primary key, `FK` a foreign
key, `UK` unique by itself. Times are `timestamptz`, written in UTC. The gateway and the web process each work in a role
of their own: what is not listed there they may not do, but for [some functions](#functions).
"""
_FUNCTIONS = """
## Functions

These work with the owner's rights, each within bounds of its own, so that the services need no right to delete
observations or to change the audit log. Nobody else may call them.

"""
_SERVICES = {roles.GATEWAY: "gateway", roles.WEB: "web"}
_TYPES = {"timestamp with time zone": "timestamptz", "double precision": "double"}
_RIGHTS = (("select", "reads"), ("insert", "adds"), ("update", "changes"), ("delete", "deletes"))


def page() -> str:
    """The whole page, from a database that is made for it."""
    with migrated_database() as url:
        return page_of(url)


def page_of(url: str) -> str:
    """The whole page, from this migrated database."""
    with psycopg.connect(url) as connection:
        tables, functions = schema.read(connection), schema.functions(connection)
    for name, references in UNCHECKED.items():
        tables[name].references.extend(references)
    called = [(f"`{one.name}`", one.comment, ", ".join(_SERVICES[role] for role in one.roles)) for one in functions]
    called_by = table(("function", "does", "for"), called)
    return "".join([_INTRODUCTION, *_overview(tables), *_groups(tables), _FUNCTIONS, called_by])


def _overview(tables: Mapping[str, Table]) -> Iterator[str]:
    yield "\n## All of it\n\n```mermaid\nerDiagram\n"
    yield from _lines(tables, tables)
    yield "```\n\n"
    alone = [name for name in tables if not any(name in pair for pair in _pairs(tables))]
    yield paragraph(f"Tables that refer to no other: {', '.join(f'`{name}`' for name in alone)}.")


def _groups(tables: Mapping[str, Table]) -> Iterator[str]:
    for heading, sentence, names in GROUPS:
        yield f"\n## {heading}\n\n{paragraph(sentence)}\n"
        rows = [(f"`{name}`", tables[name].comment, *_rights(tables[name])) for name in names]
        yield table(("table", "holds", "gateway", "web"), rows)
        yield "\n```mermaid\nerDiagram\n"
        yield from _lines(tables, names)
        for name in names:
            yield from _entity(tables[name])
        yield "```\n"
        explained = [
            (f"`{name}.{column.name}`", column.comment)
            for name in names
            for column in tables[name].columns
            if column.comment
        ]
        if explained:
            yield "\n" + table(("column", "is"), explained)


def _pairs(tables: Mapping[str, Table]) -> Iterator[tuple[str, str]]:
    yield from ((one.name, reference.table) for one in tables.values() for reference in one.references)


def _lines(tables: Mapping[str, Table], names: Iterable[str]) -> Iterator[str]:
    """A line from each table to those it refers to."""
    for name in names:
        one = tables[name]
        for reference in one.references:
            unchecked = reference in UNCHECKED.get(name, ())
            optional = not all(one.column(column).is_required for column in reference.columns)
            single = reference.columns == one.primary or reference.columns in one.unique
            ends = f"{'|o' if optional else '||'}{'..' if unchecked else '--'}{'o|' if single else 'o{'}"
            yield f'    {reference.table} {ends} {name} : "{", ".join(reference.columns)}"\n'


def _entity(one: Table) -> Iterator[str]:
    yield f"    {one.name} {{\n"
    for column in one.columns:
        kind = _TYPES.get(column.type, column.type).replace(" ", "_")
        yield f"        {' '.join(filter(None, (kind, column.name, ', '.join(_keys(one, column)))))}\n"
    yield "    }\n"


def _keys(one: Table, column: Column) -> Iterator[str]:
    if column.name in one.primary:
        yield "PK"
    checked = [each for each in one.references if each not in UNCHECKED.get(one.name, ())]
    if any(column.name in reference.columns for reference in checked):
        yield "FK"
    if (column.name,) in one.unique:
        yield "UK"


def _rights(one: Table) -> tuple[str, str]:
    """What the gateway and the web process may do with it."""
    gateway, web = (one.rights.get(role, set[str]()) for role in (roles.GATEWAY, roles.WEB))
    return _words(gateway), _words(web)


def _words(rights: set[str]) -> str:
    return ", ".join(word for right, word in _RIGHTS if right in rights)
