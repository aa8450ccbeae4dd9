"""The OpenAPI document is true: schemathesis asks what it allows, and more, and holds every answer against it."""

from __future__ import annotations

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from api.app import ROUTERS
from api.v1.openapi import document
from tests.api.trail import FIRST

REAL = {"code": FIRST, "trail": "wald"}
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
    negative_data_rejection,
    unsupported_method,
]
"""Not among them: positive_data_acceptance, for no schema can say that minLon ≤ maxLon or that from < to."""


SCHEMA = schemathesis.openapi.from_dict(document(ROUTERS))
PATHS = [
    path for path in document(ROUTERS)["paths"] if path != "/api/v1/live"
]  # its answer never ends; see test_live.py
CAN_BE_WRONG = [
    "/api/v1/trails/{trail}/position",
    "/api/v1/stations",
    "/api/v1/stations/{code}",
    "/api/v1/stations/{code}/series",
]


ASKED = [(path, GenerationMode.POSITIVE) for path in PATHS] + [(path, GenerationMode.NEGATIVE) for path in CAN_BE_WRONG]


@pytest.mark.parametrize(("path", "mode"), ASKED)
def test_every_answer_is_as_described(shared_client: httpx.Client, path: str, mode: GenerationMode) -> None:
    assert asked(shared_client, path, mode, 30) > 0


def asked(client: httpx.Client, path: str, mode: GenerationMode, examples: int, *, derandomize: bool = True) -> int:
    """Ask with so many examples, hold each answer against the document, and return how many there were."""
    answers = 0

    @given(case=SCHEMA[path]["GET"].as_strategy(generation_mode=mode))
    @settings(
        max_examples=examples,
        deadline=None,
        derandomize=derandomize,
        database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    )
    def hold(case: Case) -> None:
        nonlocal answers
        answers += 1
        check(client, case, CHECKS)
        if case.path_parameters:  # the generated ones seldom exist
            case.path_parameters = {name: REAL[name] for name in case.path_parameters}
            check(client, case, [check for check in CHECKS if check is not negative_data_rejection])
            answers += 1

    hold()
    return answers


def check(client: httpx.Client, case: Case, checks: list) -> None:
    answer = case.call(base_url=str(client.base_url))
    case.validate_response(answer, checks=checks)


def test_every_path_of_the_interface_is_described_with_examples(shared_client: httpx.Client) -> None:
    document = shared_client.get("/api/v1/openapi.json").json()
    assert set(document["paths"]) == {
        "/api/v1/trails",
        "/api/v1/trails/{trail}",
        "/api/v1/trails/{trail}/position",
        "/api/v1/stations",
        "/api/v1/stations/{code}",
        "/api/v1/stations/{code}/series",
        "/api/v1/statistics/visits",
        "/api/v1/closures",
        "/api/v1/closures.ics",
        "/api/v1/live",
        "/healthz",
        "/readyz",
        "/metrics",
    }
    for path, operations in document["paths"].items():
        assert set(operations) == {"get"}, path
        for parameter in operations["get"].get("parameters", []):
            schema = parameter["schema"]
            assert parameter.get("description"), (path, parameter["name"])
            assert "anyOf" not in schema, (path, parameter["name"])
