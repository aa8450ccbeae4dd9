"""docs/api.md is the OpenAPI document, and a server that runs answers its examples as they stand there."""

from __future__ import annotations

import pytest

from api.app import ROUTERS
from api.v1.openapi import document
from tests.docs.committed import assert_committed
from tools.reference import api
from tools.reference.api import EXAMPLES, Example, UnexpectedAnswer
from tools.reference.served import served


def test_the_page_of_the_interface_is_what_its_description_and_a_running_server_say(
    demo_trail: None, database_url: str
) -> None:
    assert_committed("api", api.page_of(database_url))


def test_every_path_of_the_interface_has_an_example_that_is_answered() -> None:
    described = document(ROUTERS)["paths"]
    assert list(EXAMPLES) == list(described)
    assert all(examples[0].status == 200 for examples in EXAMPLES.values())


def test_an_example_that_is_answered_otherwise_makes_no_page(
    demo_trail: None, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api, "EXAMPLES", {"/healthz": [Example("/healthz", 404)]})
    with pytest.raises(UnexpectedAnswer, match="/healthz got 200, expected 404"):
        api.page_of(database_url)


def test_answers_have_an_etag_where_304_is_among_those_of_their_path_and_nowhere_else(
    demo_trail: None, database_url: str
) -> None:
    described = document(ROUTERS)
    assert "has an ETag where 304 is among its answers" in described["info"]["description"]
    with served(database_url) as site:
        for path, examples in EXAMPLES.items():
            may_be_unchanged = "304" in described["paths"][path]["get"]["responses"]
            for example in examples:
                with site.client.stream("GET", example.request) as answer:
                    etag = answer.headers.get("etag")
                assert (etag is not None) == (may_be_unchanged and example.status == 200), example
                if etag:
                    again = site.client.get(example.request, headers={"If-None-Match": etag})
                    assert (again.status_code, again.content) == (304, b""), example


@pytest.mark.parametrize(
    ("value", "short"),
    [
        ("x" * 81, "x" * 80 + "…"),
        ([[1, 2], [3, 4], [5, 6]], [[1, 2], [3, 4], "…"]),
        (["children", "de", "de_simple", "en"], ["children", "de", "de_simple", "en"]),
        ({"a": [{"b": 1}] * 3}, {"a": [{"b": 1}, {"b": 1}, "…"]}),
    ],
)
def test_long_texts_and_lists_are_cut_off(value: object, short: object) -> None:
    assert api.abridged(value) == short


def test_an_answer_is_shown_in_lines_that_fit() -> None:
    answer = {"names": [f"station {number}" for number in range(20)], "empty": [], "place": [8.9, 52.0]}
    lines = api.shown(answer).splitlines()
    assert lines[0] == "{"
    assert '  "place": [8.9, 52.0]' in lines
    assert max(map(len, lines)) < 120
