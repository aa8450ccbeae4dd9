"""What the published schemas take the gateway takes, and what they refuse it refuses: messages made from the schemas.

Beyond what a schema can say, and so left out here: whether a character is printable, whether ``oldest`` is the lowest
``seq``, which properties there are, and the gateway's clock. The gateway takes more than the schema in three respects,
which docs/wire-contract.md names: a field that is null counts as left out, a time may be written a little freer, and
``readings`` may be empty beside a reading.
"""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker

from gateway.decoding.reasons import Reason
from gateway.inbox import Delivery
from gateway.validation.validate import Validator
from gateway.validation.validated_message import ValidatedMessage
from geodata.model.observation import by_name
from geodata.model.properties import STANDARD_PROPERTIES
from geodata.store.ingest.registry import RegisteredDevice, Registry
from tests.contract.test_wire_contract import NOW_US, SCHEMAS

Schema = dict[str, Any]
Made = st.SearchStrategy[Any]

PROPERTIES = by_name(STANDARD_PROPERTIES)
REGISTRY = Registry({"d": RegisteredDevice("d", "t", {})}, PROPERTIES)
VALIDATOR = Validator()
CHECKER = FormatChecker([])
RFC_3339 = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[Tt]([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?([Zz]|[+-]([01]\d|2[0-3]):[0-5]\d)", re.ASCII
)
JUNK = [True, "", "7", "soon", -1, 1.5, 2**60, [], {}, [1], {"rain": 1}, "Online", "b" * 70]


@CHECKER.checks("date-time", raises=ValueError)
def is_date_time(text: object) -> bool:
    if not isinstance(text, str):
        return True
    found = RFC_3339.fullmatch(text)
    return bool(found and date(*map(int, found.group(1, 2, 3))))


VALIDATORS = {name: Draft202012Validator(SCHEMAS[name], format_checker=CHECKER) for name in ("telemetry", "status")}


def from_schema(schema: Schema, root: Schema) -> Made:
    """Values that keep to a schema's own words; what it asks of several fields together is left to the validator."""
    if "$ref" in schema:
        return from_schema(root["$defs"][schema["$ref"].rsplit("/", 1)[1]], root)
    if "oneOf" in schema:
        return st.one_of([from_schema(part, root) for part in schema["oneOf"]])
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    types = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    return st.one_of([OF_TYPE[name](schema, root) for name in types])


def integers(schema: Schema, _root: Schema) -> Made:
    """Whole numbers as integers, with a decimal point and with an exponent."""
    made = st.integers(schema.get("minimum", -1000), min(schema.get("maximum", NOW_US // 1000), 2**53 - 1))
    return made | made.map(float) | made.map(lambda whole: float(f"{whole:.3e}")).filter(lambda x: valid(schema, x))


def numbers(schema: Schema, _root: Schema) -> Made:
    return st.floats(schema["minimum"], schema["maximum"]) | st.integers(-(10**40), 10**40)


def strings(schema: Schema, _root: Schema) -> Made:
    if schema.get("format") == "date-time":
        return st.builds(
            "{:%Y-%m-%d}{}{:02d}:{:02d}:{:02d}{}{}".format,
            st.dates(date(2020, 1, 2), date(2090, 1, 1)),
            st.sampled_from("Tt"),
            *(st.integers(0, 23), st.integers(0, 59), st.integers(0, 60)),
            st.sampled_from(["", ".5", ".123456789", ".000000000000001"]),
            st.sampled_from(["Z", "z", "+01:00", "-23:59", "-00:00"]),
        )
    return st.text(min_size=schema.get("minLength", 0), max_size=schema.get("maxLength", 20)).filter(str.isprintable)


def objects(schema: Schema, root: Schema) -> Made:
    if "properties" not in schema:
        names = st.sampled_from(sorted(PROPERTIES))
        return st.dictionaries(names, from_schema(schema["additionalProperties"], root), max_size=3)
    fields = {name: from_schema(part, root) for name, part in schema["properties"].items()}
    required = {name: fields.pop(name) for name in schema.get("required", [])}
    return st.fixed_dictionaries(required, optional=fields)


OF_TYPE = {
    "integer": integers,
    "number": numbers,
    "null": lambda _schema, _root: st.none(),
    "string": strings,
    "object": objects,
    "array": lambda schema, root: st.lists(from_schema(schema["items"], root), min_size=schema["minItems"], max_size=3),
}


def valid(schema: Schema, value: Any) -> bool:
    return Draft202012Validator(schema).is_valid(value)


@st.composite
def messages(draw: st.DrawFn, name: str) -> dict[str, Any]:
    """A message made from the schema; some with a field taken away, added or filled with something else."""
    message: dict[str, Any] = draw(from_schema(SCHEMAS[name], SCHEMAS[name]))
    spoil = draw(st.integers(0, 5))
    holders = [message, *(part for part in [message.get("values"), *message.get("readings", [])] if part)]
    holder = cast("dict[str, Any]", draw(st.sampled_from(holders)))
    if spoil == 1 and holder:
        holder.pop(draw(st.sampled_from(sorted(holder))))
    if spoil == 2 and holder:
        holder[draw(st.sampled_from(sorted(holder)))] = draw(st.sampled_from(JUNK))
    if spoil == 3 and holder is message:
        holder[draw(st.sampled_from(["Time", "remark", "ts"]))] = draw(st.sampled_from(JUNK))
    return message


def validated_by_the_gateway(name: str, message: object) -> ValidatedMessage:
    payload = json.dumps(message).encode()
    return VALIDATOR.validate(
        Delivery(f"digitalpfad/v1/t/d/event/{name}", payload, NOW_US, size=len(payload)), REGISTRY
    )


@pytest.mark.parametrize("name", ["telemetry", "status"])
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(data=st.data())
def test_the_gateway_takes_whole_what_the_schema_takes_and_nothing_else(name: str, data: st.DataObject):
    message = data.draw(messages(name))
    validated = validated_by_the_gateway(name, message)
    refused = {refusal.reason for refusal in validated.source.refusals}
    assume(message.get("readings") != [] or "values" not in message)
    assume(not refused & {Reason.ADDRESS, Reason.TIME_AHEAD})
    assume(Reason.OLDEST not in refused or not isinstance(message["oldest"], int | float) or message["oldest"] < 0)
    assert VALIDATORS[name].is_valid(message) == (not refused), validated.source.refusals
    if not refused and name == "telemetry":
        readings = [message, *message.get("readings", [])]
        assert len(validated.rows) == sum(len(reading.get("values", {})) for reading in readings)


@pytest.mark.parametrize(
    ("name", "message", "taken"),
    [
        ("telemetry", {"time": 1.79e12, "values": {"rain": 1}}, True),
        ("telemetry", {"boot": "b", "seq": 1.0, "values": {}}, True),
        ("telemetry", {"boot": "b", "seq": 1, "time": "2026-11-28T20:32:60Z", "values": {"rain": 1}}, True),
        ("telemetry", {"time": "2026-11-28T20:32:00.123456789Z", "values": {"rain": None}}, True),
        ("telemetry", {"time": "2026-11-28T20:32:00Z", "values": {}}, False),
        ("telemetry", {"boot": "b", "readings": [{"time": 1790000000000, "values": {}}]}, False),
        ("telemetry", {"boot": "b", "seq": 3, "readings": [{"seq": 1, "values": {"rain": 1}}]}, False),
        ("telemetry", {"time": 1790000000000, "oldest": 3, "values": {"rain": 1}}, False),
        ("telemetry", {"boot": "b\u00a0", "seq": 1, "values": {"rain": 1}}, False),
        ("status", {"state": "online", "interval_s": 600.0}, True),
        ("status", {"state": "online", "firmware": "1\t4"}, False),
    ],
    ids=json.dumps,
)
def test_schema_and_gateway_agree_where_they_once_did_not(name: str, message: Any, taken: bool):
    assert VALIDATORS[name].is_valid(message) is taken
    assert (not validated_by_the_gateway(name, message).source.refusals) is taken
