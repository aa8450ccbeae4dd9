"""docs/api.md: the public interface from its OpenAPI document, with answers of a server that really ran."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from api.app import ROUTERS
from api.v1.openapi import document
from tools.reference.made_database import migrated_database
from tools.reference.markdown import anchor, code, paragraph, table
from tools.reference.served import PROPERTY, STATION, Site, served

_INTRODUCTION = """\
# The public interface

{description}

Made from the OpenAPI document, which each server has at `/api/v1/openapi.json`; `/api` lists the paths and explains
each `type` of an error. Pages of every origin may ask (CORS). Ask again with the `ETag` of an answer in
`If-None-Match`: where nothing has changed, 304 comes without a body. What costs the server more than an answer from
memory has [bounds](operations.md#what-one-visitor-may-take); 429 and 503 say in `Retry-After` when to come again.

The examples ask a server with the demonstration trail, as `make demo` starts one. Their answers are those of such a
server, on a morning in November; long texts and lists are cut off with `…`.

"""
_SERVER = "http://127.0.0.1:8080"
_LONGEST_TEXT, _LONGEST_LINE = 80, 110
_NOTHING_SAID = "Successful Response"  # what FastAPI writes where nothing else is said
_METRIC = "digitalpfad_database_up"


@dataclass(frozen=True, slots=True)
class Example:
    """A request and the status that it must get."""

    request: str
    status: int = 200


_SERIES = f"/api/v1/stations/{STATION}/series?property={PROPERTY}"
EXAMPLES: Mapping[str, Sequence[Example]] = {
    "/api/v1/trails": [Example("/api/v1/trails")],
    "/api/v1/trails/{trail}": [Example("/api/v1/trails/stadtwald")],
    "/api/v1/trails/{trail}/position": [Example("/api/v1/trails/stadtwald/position?lon=8.9168&lat=52.0516")],
    "/api/v1/stations": [
        Example("/api/v1/stations?near=8.9168,52.0516&radius=400"),
        Example("/api/v1/stations?limit=0", 422),
    ],
    "/api/v1/stations/{code}": [
        Example(f"/api/v1/stations/{STATION}?lang=en"),
        Example(f"/api/v1/stations/{STATION[:-1]}M", 404),
    ],
    "/api/v1/closures": [Example("/api/v1/closures?trail=stadtwald&lang=en")],
    "/api/v1/closures.ics": [Example("/api/v1/closures.ics?lang=en")],
    "/api/v1/stations/{code}/series": [
        Example(f"{_SERIES}&from=2026-11-22&to=2026-11-22"),
        Example(f"{_SERIES}&bucket=raw&from=2026-11-22T10:00:00Z&to=2026-11-22T10:20:00Z&format=csv"),
    ],
    "/api/v1/statistics/visits": [
        Example("/api/v1/statistics/visits?trail=stadtwald&from=2026-11-20&to=2026-11-20"),
        Example("/api/v1/statistics/visits?trail=stadtwald&bucket=day&from=2026-11-20&format=csv"),
        Example("/api/v1/statistics/visits?trail=stadtwald&from=2026-11-21", 422),
    ],
    "/api/v1/live": [Example(f"/api/v1/live?station={STATION}")],
    "/healthz": [Example("/healthz")],
    "/readyz": [Example("/readyz")],
    "/metrics": [Example("/metrics")],
}
"""Of each path of the document; every one is asked when the page is made."""


class UnexpectedAnswer(Exception):
    """An example got another status than it must."""


def page() -> str:
    """The whole page, from a database that is made for it."""
    with migrated_database() as url:
        return page_of(url)


def page_of(url: str) -> str:
    """The whole page, with answers from this migrated database, which it fills."""
    described = document(ROUTERS)
    paths = {path: operations["get"] for path, operations in described["paths"].items()}
    with served(url) as site:
        answers = {path: [(example, _answer(site, example)) for example in EXAMPLES.get(path, ())] for path in paths}
    contents = [(f"[`{path}`](#{anchor(one['summary'])})", one["summary"]) for path, one in paths.items()]
    parts = [_INTRODUCTION.format(description=paragraph(described["info"]["description"]).strip())]
    parts.append(table(("GET", "is"), contents))
    for path, operation in paths.items():
        parts.extend(_section(path, operation, answers[path], described["components"]["schemas"]))
    return "".join(parts)


def _section(
    path: str, operation: Mapping[str, Any], answers: Sequence[tuple[Example, str]], schemas: Mapping[str, Any]
) -> Iterator[str]:
    yield f"\n## {operation['summary']}\n\n`GET {path}`\n\n"
    yield "\n".join(map(paragraph, operation["description"].split("\n\n")))
    rows = [_parameter(one, schemas) for one in operation.get("parameters", [])]
    if rows:
        yield "\n" + table(("parameter", "in", "values", "default", "meaning"), rows)
    yield "\n" + table(("answer", "type", "when"), list(map(_response, sorted(operation["responses"].items()))))
    for example, answer in answers:
        yield f"\n```sh\ncurl -s '{_SERVER}{example.request}'\n```\n\n{answer}"


def _parameter(one: Mapping[str, Any], schemas: Mapping[str, Any]) -> tuple[str, str, str, str, str]:
    schema: dict[str, Any] = one["schema"]
    default = "required" if one["required"] else code(str(schema.get("default", "")))
    if "$ref" in schema:
        schema = schemas[schema["$ref"].rpartition("/")[2]]
    return code(one["name"]), one["in"], _values(schema), default, one["description"]


def _values(schema: Mapping[str, Any]) -> str:
    if "enum" in schema:
        return ", ".join(map(code, schema["enum"]))
    least, most = (schema.get(long, schema.get(short)) for long, short in (("minimum", "ge"), ("maximum", "le")))
    bounds = f", {least} to {most}" if least is not None and most is not None else ""
    return f"{schema['type']}{bounds}"


def _response(item: tuple[str, Mapping[str, Any]]) -> tuple[str, str, str]:
    status, response = item
    when = response["description"]
    return status, ", ".join(map(code, response.get("content", {}))), "" if when == _NOTHING_SAID else when


def _answer(site: Site, example: Example) -> str:
    """What the server answers, as a block of the page; raises UnexpectedAnswer for another status."""
    if example.request.startswith("/api/v1/live"):
        return f"```\n{_first_event(site, example.request)}\n```\n"
    answer = site.client.get(example.request)
    if answer.status_code != example.status:
        raise UnexpectedAnswer(f"{example.request} got {answer.status_code}, expected {example.status}: {answer.text}")
    if "json" in answer.headers["content-type"]:
        return f"```json\n{shown(abridged(json.loads(_stable(answer.text))))}\n```\n"
    lines = _stable(answer.text).splitlines()
    if example.request == "/metrics":
        lines = [line for line in lines if _METRIC in line] + ["…"]
    return "```\n" + "\n".join(line.strip() for line in lines) + "\n```\n"


def _first_event(site: Site, request: str) -> str:
    """The stream up to the event of a value that arrives meanwhile."""
    seen: list[str] = []
    with site.client.stream("GET", request) as answer:
        for line in answer.iter_lines():
            if not seen:
                site.measure(7.4)
            seen.append(line)
            if line.startswith("id:"):
                break
    return _stable("\n".join(seen))


def _stable(text: str) -> str:
    """``text`` with the ids and times of one server's run replaced: the page stays as it is until an answer changes."""
    text = re.sub(r"^id: \w+-", "id: 5c0e91d7-", text, flags=re.MULTILINE)
    text = re.sub(r"DTSTAMP:\w+", "DTSTAMP:20261115T090000Z", text)
    return re.sub(r'"instance":"\w{16}"', '"instance":"6c420e718b46e78c"', text)


def abridged(value: object) -> object:
    """A decoded JSON ``value`` with long texts and lists cut off."""
    if isinstance(value, str):
        return value if len(value) <= _LONGEST_TEXT else value[:_LONGEST_TEXT].rstrip() + "…"
    if isinstance(value, dict):
        return {name: abridged(one) for name, one in cast("dict[str, object]", value).items()}
    if isinstance(value, list):
        items = cast("list[object]", value)
        kept = items if len(items) <= 2 or all(isinstance(one, str) for one in items) else [*items[:2], "…"]
        return [abridged(one) for one in kept]
    return value


def shown(value: object, indent: int = 0, before: int = 0) -> str:
    """JSON in lines of one width: what fits stays in one; ``before`` is what is in the line already."""
    line = json.dumps(value, ensure_ascii=False)
    if indent + before + len(line) <= _LONGEST_LINE or not isinstance(value, dict | list) or not value:
        return line
    inner = " " * (indent + 2)
    if isinstance(value, dict):
        named = [(f"{json.dumps(name)}: ", one) for name, one in cast("dict[str, object]", value).items()]
        parts = [name + shown(one, indent + 2, len(name) + 1) for name, one in named]
        opening, closing = "{}"
    else:
        parts = [shown(one, indent + 2, 1) for one in cast("list[object]", value)]
        opening, closing = "[]"
    return opening + "\n" + ",\n".join(inner + part for part in parts) + "\n" + " " * indent + closing
