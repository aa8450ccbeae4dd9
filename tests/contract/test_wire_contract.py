"""What devices send is what the documents say and what the gateway reads: golden messages, schemas, AsyncAPI, prose."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from gateway import topics
from gateway.decoding.reasons import Reason
from gateway.inbox import Delivery
from gateway.validation.validate import Validator
from geodata.model.observation import by_name
from geodata.model.properties import STANDARD_PROPERTIES
from geodata.store.ingest.registry import RegisteredDevice, Registry
from geodata.vocabulary import device_topics
from tests.checkout import ROOT

DOCS = ROOT / "docs"
GOLDEN = sorted((Path(__file__).parent / "golden").glob("*.json"))
SCHEMAS = {path.name.split(".")[0]: json.loads(path.read_text()) for path in (DOCS / "schema").glob("*.schema.json")}
ASYNCAPI = yaml.safe_load((DOCS / "asyncapi.yaml").read_text())
PROSE = (DOCS / "wire-contract.md").read_text()
CONFIRM = re.compile(r"digitalpfad/v1/[a-z0-9-]+/[a-z0-9-]+/command/confirm")
NOW_US = 4_000_000_000_000_000  # whatever time a golden message bears, it is not ahead of this


def validator(name: str) -> Draft202012Validator:
    return Draft202012Validator(SCHEMAS[name], format_checker=Draft202012Validator.FORMAT_CHECKER)


def event_of(topic: str) -> str:
    parsed = topics.parse(topic)
    if parsed is not None:
        return parsed.event
    assert CONFIRM.fullmatch(topic), topic
    return "confirm"


def read_by_the_gateway(topic: str, payload: object) -> tuple[int, list[str]]:
    """Rows, and reasons of refusal."""
    parsed = topics.parse(topic)
    assert parsed is not None
    assert parsed.trail is not None
    assert parsed.device is not None
    device = RegisteredDevice(parsed.device, parsed.trail, {})
    registry = Registry({parsed.device: device}, by_name(STANDARD_PROPERTIES))
    validated = Validator().validate(Delivery(topic, json.dumps(payload).encode(), NOW_US), registry)
    return len(validated.rows), [refusal.detail for refusal in validated.source.refusals]


def test_there_are_golden_messages():
    assert GOLDEN, "tests/contract/golden holds no message: the simulator's tests write them"


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_a_golden_message_keeps_to_the_schema_and_the_gateway_reads_all_of_it(path: Path):
    golden = json.loads(path.read_text())
    event, payload = event_of(golden["topic"]), golden["payload"]
    validator(event).validate(payload)
    if event == "confirm":
        return
    rows, refusals = read_by_the_gateway(golden["topic"], payload)
    assert refusals == []
    assert event == "status" or rows > 0


@pytest.mark.parametrize("name", ["telemetry", "status", "confirm"])
def test_the_examples_of_the_documents_keep_to_the_schema(name: str):
    Draft202012Validator.check_schema(SCHEMAS[name])
    examples = [example["payload"] for example in ASYNCAPI["components"]["messages"][name]["examples"]]
    assert examples
    for example in examples:
        validator(name).validate(example)
        if name != "confirm":
            _, refusals = read_by_the_gateway(f"digitalpfad/v1/stadtwald/climate-01/event/{name}", example)
            assert refusals == []


BAD = [
    {"boot": "b", "seq": -1, "values": {}},
    {"boot": "b", "seq": 1.5, "values": {}},
    {"boot": "b", "seq": True, "values": {}},
    {"boot": "", "seq": 1, "values": {}},
    {"boot": "b" * 17, "seq": 1, "values": {}},
    {"seq": 1, "values": {"rain": 1}},
    {"boot": "b", "values": {"rain": 1}},
    {"boot": "b", "seq": 1, "values": {"rain": "1"}},
    {"boot": "b", "seq": 1, "values": {"rain": True}},
    {"boot": "b", "seq": 1, "values": {"Rain": 1}},
    {"boot": "b", "seq": 1, "time": 0, "values": {"rain": 1}},
    {"boot": "b", "seq": 1, "time": 1790000000000.5, "values": {"rain": 1}},
    {"boot": "b", "seq": 1, "values": None},
    {"boot": "b", "seq": 1},
    {"boot": "b", "readings": [{"values": {"rain": 1}}]},
    {"readings": [{"seq": 1, "values": {"rain": 1}}]},
    {"boot": "b", "readings": {}},
    [],
]


@pytest.mark.parametrize("message", BAD, ids=json.dumps)
def test_what_the_schema_refuses_the_gateway_refuses_too(message: Any):
    assert not validator("telemetry").is_valid(message)
    _, refusals = read_by_the_gateway("digitalpfad/v1/stadtwald/climate-01/event/telemetry", message)
    assert refusals


def test_asyncapi_refers_to_files_that_exist_and_names_the_gateway_s_topics():
    for message in ASYNCAPI["components"]["messages"].values():
        assert (DOCS / message["payload"]["schema"]["$ref"]).is_file()
    addresses = [channel["address"] for channel in ASYNCAPI["channels"].values()]
    spelt = [address.format(trail="stadtwald", device="climate-01") for address in addresses]
    assert sorted(event_of(topic) for topic in spelt) == ["confirm", "status", "telemetry"]
    assert device_topics.confirm("stadtwald", "climate-01") in spelt


def test_every_reference_in_asyncapi_leads_somewhere():
    references = re.findall(r"\$ref: '#/([^']+)'", (DOCS / "asyncapi.yaml").read_text())
    assert references
    for reference in references:
        found = ASYNCAPI
        for step in reference.split("/"):
            found = found[step]


def test_the_prose_names_every_reason_and_every_observed_property():
    named = set(re.findall(r"`([a-z0-9_-]+)`", PROSE))
    assert {str(reason) for reason in Reason} | {"conflict"} <= named
    assert {prop.id for prop in STANDARD_PROPERTIES} <= named


def test_every_example_in_the_prose_keeps_to_its_schema():
    blocks = [json.loads(block) for block in re.findall(r"```json\n(.*?)\n```", PROSE, re.DOTALL)]
    telemetry, status = blocks[:2], blocks[2]
    for block in telemetry:
        validator("telemetry").validate(block)
    validator("status").validate(status)
    validator("confirm").validate(blocks[3])
