"""No other site acts in the name of somebody who is signed in."""

from __future__ import annotations

import pytest

from tests.dashboards.office import PASSWORD, Office, hire


@pytest.mark.parametrize(
    "headers", [{"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}]
)
@pytest.mark.parametrize("path", ["/staff/login", "/staff/logout", "/staff/account/sign-out-everywhere"])
def test_a_foreign_page_can_neither_sign_in_nor_out(office: Office, path: str, headers: dict[str, str]) -> None:
    hire(office.database, "anna")
    visitor = office.signed_in("anna")
    answer = visitor.post(path, headers=headers, data={"name": "anna", "password": PASSWORD})
    assert answer.status_code == 403
    assert "kam nicht von den Seiten des Digitalpfads" in answer.text
    assert visitor.get("/staff/").status_code == 200
