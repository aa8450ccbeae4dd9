"""What the contract allows is kept, with the right time, quality and place in the sequence."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.decoding import lenient
from gateway.decoding.payload import decode_fast
from gateway.validation.validate import Validator
from gateway.validation.validated_message import NO_DATASTREAM
from geodata.model.observation import Flag, Quality
from tests.gateway.messages import RECEIVED_US, STATUS, TIME, TOPIC, delivery, kept, reasons, registry, validate

ONE = {"boot": "b7f3", "seq": 1042, "time": TIME, "values": {"air_temperature": 7.4, "passes_in_total": 5120}}
MANY = {"boot": "b7f3", "readings": [{"seq": 1043, "time": 1790000000000, "values": {"soil_moisture": 31.2}}]}


def test_the_first_example_of_the_contract_is_kept_whole():
    validated = validate(ONE)
    assert kept(validated) == {"air_temperature": 7.4, "passes_in_total": 5120}
    assert (validated.boot, validated.seqs, validated.source.refusals) == ("b7f3", [1042], [])
    assert validated.rows.datastreams == [11, NO_DATASTREAM]
    assert validated.unnamed


def test_readings_and_a_reading_at_the_top_may_come_together():
    validated = validate(ONE | MANY)
    assert kept(validated) == {"air_temperature": 7.4, "passes_in_total": 5120, "soil_moisture": 31.2}
    assert validated.seqs == [1042, 1043]


def test_a_null_is_a_flagged_gap():
    rows = validate(ONE | {"values": {"air_temperature": None}}).rows
    assert (rows.results, rows.qualities, rows.flags) == ([None], [Quality.MISSING], [Flag.SENSOR_FAILED])


@pytest.mark.parametrize("value", [-40.1, 50.1, -1e308, 1e308])
def test_a_value_out_of_the_plausible_range_is_kept_as_suspect(value: float):
    rows = validate(ONE | {"values": {"air_temperature": value}}).rows
    assert (rows.results, rows.qualities, rows.flags) == ([value], [Quality.SUSPECT], [Flag.OUT_OF_RANGE])


def test_unix_milliseconds_and_rfc_3339_mean_the_same_instant():
    written = [
        1790000000000,
        "2026-09-21T14:13:20Z",
        "2026-09-21T16:13:20.000+02:00",
        "2026-09-21t14:13:20z",
        "2026-09-21 14:13:20Z",
    ]
    assert {validate(ONE | {"time": time}).rows.times_us[0] for time in written} == {1790000000000000}


def test_a_time_without_boot_and_seq_is_enough():
    validated = validate({"time": TIME, "values": {"air_temperature": 7}})
    assert (kept(validated), validated.boot, validated.seqs) == ({"air_temperature": 7}, None, [])


def test_without_a_clock_the_receipt_counts_and_is_flagged():
    rows = validate({"boot": "b", "seq": 1, "values": {"air_temperature": 7}}).rows
    assert rows.times_us == [RECEIVED_US]
    assert rows.flags == [Flag.TIME_OF_RECEIPT]
    assert rows.without_device_time == [0]


def test_no_two_readings_of_a_device_without_a_clock_share_a_time():
    one_judge, times = Validator(), []
    for number in range(5):
        readings = [{"seq": 10 * number + i, "values": {"air_temperature": i}} for i in range(10)]
        message = delivery({"boot": "b", "readings": readings}, received_us=RECEIVED_US + number)
        times += one_judge.validate(message, registry()).rows.times_us
    assert len(set(times)) == 50
    assert times == sorted(times)


def test_fields_beyond_the_contract_cost_no_value_and_are_told_as_one_part():
    validated = validate(ONE | {"comment": "wet", "location": {"lat": 1}})
    assert (len(validated.rows), reasons(validated)) == (2, ["unknown-field"])


def test_a_reading_without_values_settles_its_seq():
    validated = validate(ONE | {"values": {}})
    assert (validated.received, validated.seqs) == (0, [1042])


def test_oldest_is_kept():
    assert validate(ONE | {"oldest": 1000}).oldest == 1000


def test_a_status_is_kept_and_heard():
    validated = validate(
        {"state": "online", "boot": "b7f3", "firmware": "1.4.2", "interval_s": 600, "time": TIME}, STATUS
    )
    assert validated.status is not None
    assert (validated.status.firmware, validated.status.boot, validated.status.interval_s) == ("1.4.2", "b7f3", 600)
    assert validated.heard


def test_what_the_broker_remembered_and_a_last_will_do_not_count_as_hearing_the_device():
    assert not validate({"state": "online"}, STATUS, retain=True).heard
    assert not validate({"state": "offline"}, STATUS).heard
    assert not validate(ONE, retain=True).heard


values = st.dictionaries(
    st.sampled_from(["air_temperature", "air_humidity", "rain", "what"]),
    st.none() | st.integers(-(2**70), 2**70) | st.floats(),
)
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
seqs = st.integers(-2, 2**54) | anything
times = st.sampled_from([TIME, 1790000000000, "x", 0, None]) | anything
readings = st.fixed_dictionaries({}, optional={"seq": seqs, "time": times, "values": values | anything})
messages = st.fixed_dictionaries(
    {},
    optional={
        "boot": st.text(max_size=18) | anything,
        "seq": seqs,
        "time": times,
        "values": values | anything,
        "oldest": seqs,
        "readings": st.lists(readings | anything, max_size=4) | anything,
        "mac": st.text(),
    },
)


@given(st.binary(max_size=300), st.sampled_from([TOPIC, STATUS]))
def test_no_bytes_make_the_gateway_stumble(payload: bytes, topic: str):
    validated = validate(payload, topic)
    assert validated.received == len(validated.rows) + len(validated.source.refusals)


@given(messages, st.sampled_from([TOPIC, STATUS]))
def test_no_json_makes_the_gateway_stumble_and_what_it_refuses_can_be_stored(message: object, topic: str):
    validated = validate(json.dumps(message).encode(), topic)
    for refusal in validated.source.refusals:
        assert "\0" not in refusal.detail.encode().decode() + refusal.where.encode().decode()
    assert all(origin.boot is None or origin.boot.isprintable() for origin in validated.rows.origins)


finite = st.floats(-1e308, 1e308) | st.integers(-(2**60), 2**60)
sound = st.dictionaries(st.sampled_from(["air_temperature", "rain", "what"]), st.none() | finite, min_size=1)


@given(sound, st.lists(st.tuples(st.integers(0, 2**53 - 1), sound), max_size=5))
def test_each_value_ends_as_a_row_or_as_a_rejection(top: dict[str, float], more: list[tuple[int, dict[str, float]]]):
    readings = [{"seq": seq, "time": TIME, "values": values} for seq, values in more]
    validated = validate({"boot": "b", "seq": 1, "time": TIME, "values": top, "readings": readings})
    assert validated.received == len(top) + sum(len(values) for _, values in more)


@given(messages)
def test_where_the_fast_way_reads_a_message_the_lenient_way_reads_the_same(message: object):
    payload = json.dumps(message).encode()
    fast = decode_fast(payload)
    if fast is not None:
        slow = lenient.decode(payload)
        told = [reading for reading in fast.readings if reading.values or (fast.boot and reading.seq is not None)]
        assert slow.readings == told
        assert (slow.boot, slow.oldest) == (fast.boot, fast.oldest)
