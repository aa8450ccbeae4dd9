"""Every reason of the quarantine in words of the staff's pages."""

from __future__ import annotations

import re

from dashboards import words
from dashboards.reasons import REASONS
from gateway.decoding.reasons import Reason
from geodata.store.ingest.flush import CONFLICT

OF_PROGRAMMERS = re.compile(r"\b(JSON|UTF-8|RFC|MQTT|Unix|topic|Topic|payload|Payload|boot|seq|[a-z]+_[a-z]+|--\w+)\b")


def test_the_pages_have_words_for_each_reason_and_for_no_other() -> None:
    assert set(REASONS) == {reason.value for reason in Reason} | {CONFLICT}


def test_each_says_what_to_do_in_words_of_a_town_hall() -> None:
    for code, said in REASONS.items():
        assert said.heading, code
        assert len(said.what_to_do) > 30, code
        assert said.what_to_do.endswith("."), code
        assert not OF_PROGRAMMERS.search(f"{said.heading} {said.what_to_do}"), code


def test_a_code_of_another_release_is_shown_as_it_is() -> None:
    assert (words.reason("tomorrow"), words.what_to_do("tomorrow")) == ("tomorrow", "")
