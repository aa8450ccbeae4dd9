"""What keeps packs on a phone, under every interruption: a trail has its old pack or its new one whole, or none."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Page

FAULTS = st.sampled_from([None, "away", "swapped", "changed", "full"])
STEPS = st.fixed_dictionaries(
    {
        "act": st.sampled_from(["take", "take", "take", "remove"]),
        "trail": st.sampled_from(["t", "t", "u"]),
        "contents": st.lists(st.integers(0, 8), min_size=1, max_size=6),
        "writes": st.one_of(st.none(), st.integers(0, 14)),
        "fault": FAULTS,
        "at": st.integers(0, 5),
    }
)


@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(steps=st.lists(STEPS, min_size=1, max_size=8))
def test_whatever_ends_it_a_trail_has_one_whole_pack_or_none(core: Page, steps: list[dict[str, Any]]) -> None:
    numbered = [{**step, "version": f"v{number}"} for number, step in enumerate(steps)]
    others: dict[str, list[str]] = {"t": [], "u": []}
    for step, told in zip(numbered, core.evaluate("steps => play(steps)", numbered), strict=True):
        assert told["isAllowed"], (step, told)
        assert told["others"] == {"trails": others[step["trail"]], "faults": 0}, "pieces that both have stay"
        others["u" if step["trail"] == "t" else "t"] = [step["trail"]] if told["isThere"] else []
        assert (told["faults"], told["lacking"]) == (0, 0), (step, told)
        if told["outcome"] == "done":
            assert told["isNew"], (step, told)
            assert told["useless"] == 0, "nothing else is left"
            assert bool(told["caches"]) == bool(told["wanted"]), "nothing at all is left without a pack"
        elif step["writes"] is None:
            assert told["outcome"] == {"swapped": "damaged"}.get(step["fault"] or "", step["fault"]), (step, told)


@pytest.mark.parametrize("key", ["/offline/packs/t", "/offline/copies/t"])
def test_a_pack_whose_manifest_is_broken_at_any_byte_is_there_whole(core: Page, key: str) -> None:
    spoil = "([key, at, text]) => spoil(key, at, text)"
    length = core.evaluate(spoil, [key, 0, "x"])["length"]
    for at in range(0, length, 7):
        told = core.evaluate(spoil, [key, at, "~"])
        assert (told["changed"], told["whole"]) == (True, [2]), at


def test_of_two_packs_with_the_same_station_the_newer_one_is_first(core: Page) -> None:
    assert core.evaluate("() => newest()") == ["b", "c", "a"]


@pytest.mark.parametrize(
    ("asked", "status", "content", "where"),
    [
        ("bytes=0-", 206, "0123456789", "bytes 0-9/10"),
        ("bytes=0-1", 206, "01", "bytes 0-1/10"),
        ("bytes=4-", 206, "456789", "bytes 4-9/10"),
        ("bytes=4-500", 206, "456789", "bytes 4-9/10"),
        ("bytes=-3", 206, "789", "bytes 7-9/10"),
        ("bytes=-500", 206, "0123456789", "bytes 0-9/10"),
        (" BYTES=9-9 ", 206, "9", "bytes 9-9/10"),
        ("bytes=10-", 416, "", "bytes */10"),
        ("bytes=-0", 416, "", "bytes */10"),
        ("bytes=5-2", 200, "0123456789", None),
        ("bytes=0-1,4-5", 200, "0123456789", None),
        ("bytes=-", 200, "0123456789", None),
        ("lines=1-2", 200, "0123456789", None),
    ],
)
def test_a_player_gets_the_part_that_it_asks_for(
    core: Page, asked: str, status: int, content: str, where: str | None
) -> None:
    told = core.evaluate("range => part(range)", asked)
    assert told[:3] == [status, content, where]
    assert told[3] == (None if status == 416 else str(len(content)))
