"""The OpenAPI document is true: schemathesis asks what it allows and holds every answer against it."""

from __future__ import annotations

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis import checks
from schemathesis.specs.openapi import checks as openapi_checks

from tests.api.trail import FIRST

CHECKS = [
    checks.not_a_server_error,
    openapi_checks.status_code_conformance,
    openapi_checks.content_type_conformance,
    openapi_checks.response_schema_conformance,
    openapi_checks.response_headers_conformance,
    openapi_checks.negative_data_rejection,
    openapi_checks.unsupported_method,
]
"""Not among them: positive_data_acceptance, for no schema can say that minLon ≤ maxLon or from < to."""


@pytest.fixture
def schema(shared_client: httpx.Client) -> schemathesis.BaseSchema:
    return schemathesis.openapi.from_url(f"{shared_client.base_url}/api/v1/openapi.json")
