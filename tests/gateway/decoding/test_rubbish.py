"""Messages of which nothing is any good: they cost little, however they are made, and all of them is counted."""

from __future__ import annotations

import json
import random
import time
import tracemalloc
from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gateway.decoding.lenient import decode
from gateway.decoding.status import decode_status
from gateway.redaction import redact
from gateway.validation.validate import Validator
from geodata.model.properties import STANDARD_PROPERTIES
from geodata.store.ingest.flush import LISTED, MORE, parts, reasons
from tests.faults.harness.rubbish import KINDS
from tests.gateway.messages import RECEIVED_US, TIME, delivery, kept, registry, validate

_N = 2 * 1024
_TOO_SHORT_TO_TELL_S = 0.010
_LINEAR = 24  # for eight times as much: 8 where each byte costs the same, 64 where each costs what is before it

_UNITS = (
    *(
        '"',
        "'",
        "\\",
        "\\'",
        '\\"',
        "\"'",
        "[",
        "{",
        '{"a":',
        ",",
        ":",
        " ",
        "\n",
        "a",
        "1",
        "-",
        "_",
        ".",
        "\0",
        "\xff",
    ),
    *("aB", "a_", "a=", "abc:", "word ", "true ", "nan,", "nan(", "-inf,", "1e-", "#", ",   ", '"a', ':"', "9"),
    *("mac:", '"mac', "mac=", "mac.", "mac ", "mac:[", '"mac":[', '"mac":{"', '"mac":{"mac":', "bt_id_", "bssid    "),
    *("aa:bb-", "aa:bb:cc ", "aabb.", "aabbccddeeff", "aa:bb:cc:dd:ee:ff,"),
)
_OPENINGS = ("", "[", '{"boot":"b","values":{"', '{"boot":"b","seq":1,"time":"', '{"readings":[')


def _cpu_s(work: Callable[[bytes], object], payload: bytes) -> float:
    spent: list[float] = []
    for _ in range(3):
        redact.cache_clear()
        began = time.thread_time()
        work(payload)
        spent.append(time.thread_time() - began)
        if spent[-1] < _TOO_SHORT_TO_TELL_S:
            break
    return min(spent)


def _assert_linear(work: Callable[[bytes], object], make: Callable[[int], bytes]) -> None:
    much_s = _cpu_s(work, make(8 * _N))
    if much_s > _TOO_SHORT_TO_TELL_S:
        assert much_s <= _LINEAR * _cpu_s(work, make(_N)), f"{much_s * 1000:.0f} ms for 16 kB of {make(40)!r}"


def _repeated(opening: str, unit: str) -> Callable[[int], bytes]:
    return lambda size: (opening + unit * (size // len(unit))).encode("latin-1")[:size]


@pytest.mark.parametrize("unit", _UNITS)
def test_eight_times_as_many_bytes_of_anything_cost_eight_times_as_much(unit: str):
    for opening in _OPENINGS:
        _assert_linear(redact, _repeated(opening, unit))
        _assert_linear(decode, _repeated(opening, unit))
    _assert_linear(lambda payload: decode_status(payload, RECEIVED_US), _repeated('{"state":"', unit))


def _object(name: Callable[[int], str], value: str = "1", before: str = "", after: str = "") -> Callable[[int], bytes]:
    def make(size: int) -> bytes:
        members = ",".join(f'"{name(i)}":{value}' for i in range(size // (len(name(100)) + len(value) + 4)))
        return f"{before}{{{members}}}{after}".encode()

    return make


def _shuffled(name: str) -> Callable[[int], str]:
    return lambda number: "".join(random.Random(number).sample(name, len(name))) + str(number)


@pytest.mark.parametrize(
    "make",
    [
        _object(str),
        _object(_shuffled("values")),
        _object(_shuffled("readings"), '{"a":1}'),
        _object(_shuffled("air_temperature"), before='{"boot":"b","seq":1,"values":', after="}"),
        _object(lambda number: f"mac_{number}", before='{"boot":"b","seq":1,"values":', after="}"),
        _object(str, "NaN", before='{"boot":"b","seq":1,"values":', after="}"),
        _object(str, "1e400", before='{"boot":"b","seq":1,"values":', after="}"),
        _object(str, '"x"', before='{"boot":"b","seq":1,"values":', after="}"),
        _object(lambda number: "rain", before='{"boot":"b","seq":1,"values":', after="}"),
        _object(str, "[[1]]", before='{"readings":[', after="]}"),
    ],
)
def test_eight_times_as_many_names_cost_eight_times_as_much(make: Callable[[int], bytes]):
    _assert_linear(decode, make)
    _assert_linear(
        lambda payload: Validator().validate(delivery(payload), registry()), lambda size: make(size)[:16_000]
    )


def test_a_name_is_compared_with_what_is_known_only_among_the_first_refusals():
    names = [f"air_temperatur{letter}" for letter in "abcdfghijklmnop"]
    validated = validate({"boot": "b", "seq": 1, "time": TIME, "values": dict.fromkeys(names, 1)})
    hinted = ["did you mean air_temperature?" in refusal.detail for refusal in validated.source.refusals]
    assert hinted == [True] * 8 + [False] * (len(names) - 8)


@pytest.mark.parametrize("number", [LISTED - 1, LISTED, LISTED + 1, 1_200])
def test_beyond_the_first_32_refused_parts_all_are_one_entry_and_each_is_counted(number: int):
    values = {f"x{i}": 1 for i in range(number)}
    validated = validate({"boot": "b", "seq": 1, "time": TIME, "values": {**values, "air_temperature": 7}})
    refusals = validated.source.refusals
    assert len(refusals) == min(number, LISTED + 1)
    assert [refusal.reason for refusal in refusals[LISTED:]] == [MORE] * (number > LISTED)
    assert (parts(refusals), validated.received) == (number, number + 1)
    assert reasons(refusals) == {"unknown-property": number}
    assert kept(validated) == {"air_temperature": 7}


def test_good_readings_behind_many_bad_ones_are_kept():
    bad = [{"seq": 5}, 7, {"time": TIME, "values": {"rain": "wet"}}, {"seq": 6, "x": 1}] * 30
    good = {"seq": 8, "time": TIME, "values": {"rain": 1, "rian": 2}}
    validated = validate({"readings": [*bad, good]})
    assert kept(validated) == {"rain": 1}
    counts = reasons(validated.source.refusals)
    assert (counts["no-identity"], counts["readings"], counts["not-a-number"]) == (60, 30, 30)


@pytest.mark.parametrize("kind", KINDS)
def test_rubbish_is_refused_with_few_entries_and_no_row(kind: str):
    validated = validate(KINDS[kind](random.Random(1)))
    assert len(validated.rows) == 0
    assert 1 <= len(validated.source.refusals) <= LISTED + 1
    assert validated.received == parts(validated.source.refusals)


def test_all_properties_are_short_enough_to_be_compared():
    assert all(len(known.id) < 80 for known in STANDARD_PROPERTIES)
    assert json.loads(KINDS["thousands of unknown names"](random.Random(1)))["boot"] == "rubbish"


@pytest.mark.parametrize("unit", ['"mac":"aabbccddeeff",', "mac=aabbccddeeff ", '"m\\u0061c":"aabbccddeeff",'])
def test_of_a_message_that_names_thousands_of_addresses_none_is_kept(unit: str):
    payload = unit.encode() * 5000
    kept_bytes = redact(payload)
    assert b"aabbcc" not in kept_bytes
    assert kept_bytes.endswith(b"[redacted]")
    assert len(kept_bytes) < len(payload) / 2
    assert redact(kept_bytes) == kept_bytes


def test_a_long_list_of_addresses_keeps_all_else_that_it_says():
    scan = [{"mac": f"{number:012x}", "rssi": -number} for number in range(400)]
    kept_list = json.loads(redact(json.dumps(scan, separators=(",", ":")).encode()))
    assert kept_list == [{"mac": "[redacted]", "rssi": -number} for number in range(400)]


@pytest.mark.parametrize("unit", ['"{}":1', "{}=1", "{}=", "'{}':1"])
def test_names_of_many_kb_are_not_remembered(unit: str):
    redact(b"mac")
    tracemalloc.start()
    try:
        for number in range(100):
            redact(f"mac {unit.format('n' * 16_000 + str(number))}".encode())
        redact(b"mac")
        assert tracemalloc.get_traced_memory()[0] < 200_000
    finally:
        tracemalloc.stop()


_PIECES = ("aa", "0F", "3", "b1c2", ":", "-", ".", "mac", "M", "AC", "bss", "id", "wlan", "ble", "bt", "_", "=", " ")


@given(st.lists(st.sampled_from(_PIECES[:7]) | st.sampled_from(_PIECES), max_size=30))
@example(["aa:bb:cc:dd:ee:ff"])
@example(["aa-bb-cc-dd-ee-ff"])
@example(["aabb.ccdd.eeff"])
@example(["Wlan-Id: 12"])
@example(["BLE-addr: 12"])
@example(["BSSID: 12"])
@example(["mac=12"])
@example(["mac", ":"])
def test_a_fast_look_passes_nothing_that_a_closer_one_blacks_out(pieces: list[str]):
    payload = "".join(pieces).encode()
    looked_at_closely = b",\n\\"  # the comma: what follows is no value of the name that stands last
    assert redact(payload) + looked_at_closely == redact(payload + looked_at_closely)
