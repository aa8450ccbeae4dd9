"""Every bad input gets its reason, and costs no good part of the same message."""

from __future__ import annotations

import pytest

from gateway.decoding.payload import MAX_BYTES
from gateway.decoding.reasons import SENTENCES, Reason
from gateway.redaction import REDACTED, redact
from tests.gateway.decoding.test_addresses import ADDRESSES
from tests.gateway.messages import GOOD, RECEIVED_US, STATUS, TIME, kept, raw, reasons, validate

WHOLE = [
    (b"", Reason.NOT_JSON),
    (b"hello", Reason.NOT_JSON),
    (b'{"boot": "b1"', Reason.NOT_JSON),
    (b"\xef\xbb\xbf" + raw(), Reason.NOT_JSON),
    (raw().decode().encode("utf-16"), Reason.NOT_UTF8),
    (raw(boot='"\xff"').replace(b"\xc3\xbf", b"\xff"), Reason.NOT_UTF8),
    (b"[1, 2]", Reason.NOT_AN_OBJECT),
    (b"7.4", Reason.NOT_AN_OBJECT),
    (b"null", Reason.NOT_AN_OBJECT),
    (b"[" * 16_000, Reason.TOO_DEEP),
    (b'{"a":' * 2_500 + b"1" + b"}" * 2_500, Reason.TOO_DEEP),
    (b'{"a":' * 20 + b"1" + b"}" * 20, Reason.TOO_DEEP),
    (raw() + b" " * MAX_BYTES, Reason.TOO_LARGE),
    (b"{}", Reason.NO_IDENTITY),
    (b'{"values": {"air_temperature": 7.4}}', Reason.NO_IDENTITY),
    (b'{"boot": "b1", "values": {"air_temperature": 7.4}}', Reason.NO_IDENTITY),
    (b'{"seq": 5, "values": {"air_temperature": 7.4}}', Reason.NO_IDENTITY),
]


@pytest.mark.parametrize(("payload", "reason"), WHOLE, ids=lambda value: str(value)[:30])
def test_a_message_that_cannot_be_taken_apart_is_one_part_with_its_reason(payload: bytes, reason: Reason):
    validated = validate(payload)
    assert reasons(validated) == [reason]
    assert validated.received == 1


PARTS = [
    ('"air_humidity": 1e400', Reason.NOT_FINITE),
    ('"air_humidity": 1.5e308', Reason.NOT_FINITE),
    ('"air_humidity": ' + "9" * 5_000, Reason.NOT_FINITE),
    ('"air_humidity": "60"', Reason.NOT_A_NUMBER),
    ('"air_humidity": true', Reason.NOT_A_NUMBER),
    ('"air_humidity": [60]', Reason.NOT_A_NUMBER),
    ('"air_humidity": {"value": 60}', Reason.NOT_A_NUMBER),
    ('"air_humidty": 60', Reason.UNKNOWN_PROPERTY),
    ('"\\ud800": 60', Reason.UNKNOWN_PROPERTY),
    ('"": 60', Reason.UNKNOWN_PROPERTY),
    ('"mac": "aabbccddeeff"', Reason.ADDRESS),
    ('"ble_addr": 1', Reason.ADDRESS),
    ('"AA:BB:CC:DD:EE:FF": -70', Reason.ADDRESS),
    ('"air_humidity": "aa-bb-cc-dd-ee-ff"', Reason.ADDRESS),
]


@pytest.mark.parametrize(("value", "reason"), PARTS, ids=lambda value: str(value)[:30])
def test_a_bad_value_is_refused_and_the_good_one_beside_it_is_kept(value: str, reason: Reason):
    validated = validate(raw(f"{GOOD}, {value}"))
    assert reasons(validated) == [reason]
    assert kept(validated) == {"air_temperature": 7.4}
    assert validated.seqs == [5]


IDENTITIES = [
    ({"boot": '""'}, Reason.BOOT),
    ({"boot": '"a-boot-name-too-long"'}, Reason.BOOT),
    ({"boot": '"a\\u0000b"'}, Reason.BOOT),
    ({"boot": '"\\ud800"'}, Reason.BOOT),
    ({"boot": "7"}, Reason.BOOT),
    ({"seq": "-1"}, Reason.SEQ),
    ({"seq": "true"}, Reason.SEQ),
    ({"seq": "5.5"}, Reason.SEQ),
    ({"seq": "NaN"}, Reason.SEQ),
    ({"seq": '"5"'}, Reason.SEQ),
    ({"seq": "9007199254740992"}, Reason.SEQ),
    ({"seq": "1" * 5_000}, Reason.SEQ),
]


@pytest.mark.parametrize(("fault", "reason"), IDENTITIES, ids=lambda value: str(value)[:40])
def test_with_a_bad_boot_or_seq_the_time_alone_keeps_the_values(fault: dict[str, str], reason: Reason):
    validated = validate(raw(**fault))
    assert reasons(validated) == [reason]
    assert kept(validated) == {"air_temperature": 7.4}
    assert validated.seqs == []


@pytest.mark.parametrize(("fault", "reason"), IDENTITIES, ids=lambda value: str(value)[:40])
def test_with_a_bad_boot_or_seq_and_no_time_the_reading_is_refused_whole(fault: dict[str, str], reason: Reason):
    validated = validate(raw(time="null", **fault))
    assert reasons(validated) == [reason]
    assert kept(validated) == {}


TIMES = [
    ("0", Reason.TIME_TOO_EARLY),
    ('"1970-01-01T00:00:00Z"', Reason.TIME_TOO_EARLY),
    ("1790000000", Reason.TIME_UNIT),  # seconds
    ("1790000000000000", Reason.TIME_UNIT),  # microseconds
    ("1790000000000000000", Reason.TIME_UNIT),
    ("-5", Reason.TIME_TOO_EARLY),
    ('"2019-12-31T23:59:59Z"', Reason.TIME_TOO_EARLY),
    ('"0001-01-01T00:00:00+23:59"', Reason.TIME_TOO_EARLY),
    ('"2036-02-07T06:28:16Z"', Reason.TIME_AHEAD),
    (str(RECEIVED_US // 1000 + 600_001), Reason.TIME_AHEAD),
    ("1" * 400, Reason.TIME_AHEAD),
    ("1" * 5_000, Reason.TIME),
    ('"9999-12-31T23:59:59-23:59"', Reason.TIME_AHEAD),
    ('"yesterday"', Reason.TIME),
    ('"2026-09-21"', Reason.TIME),
    ('"2026-W39"', Reason.TIME),
    ('"2026-W39-1T10:15:00Z"', Reason.TIME),
    ('"2026-264T10:15:00Z"', Reason.TIME),
    ('"20260921T101500Z"', Reason.TIME),
    ('""', Reason.TIME),
    ("1790000000000.5", Reason.TIME),
    ("1790000000.25", Reason.TIME),
    ('"1790000000000"', Reason.TIME),
    ('"2026-09-20T24:00:00Z"', Reason.TIME),
    ('"2026-09-20T10:15:61Z"', Reason.TIME),
    ('"9999-12-31T23:59:60Z"', Reason.TIME),
    ("NaN", Reason.TIME),
    ("true", Reason.TIME),
    ("[]", Reason.TIME),
    ('"2026-09-21T10:15:00"', Reason.TIME_WITHOUT_OFFSET),
]


@pytest.mark.parametrize(("time", "reason"), TIMES, ids=lambda value: str(value)[:40])
def test_a_time_that_cannot_be_right_refuses_the_reading_and_settles_its_seq(time: str, reason: Reason):
    validated = validate(raw(time=time))
    assert reasons(validated) == [reason]
    assert kept(validated) == {}
    assert validated.seqs == [5]


@pytest.mark.parametrize(
    "time",
    [f'"{TIME}"', '"2026-09-21T12:15:00+02:00"', '"2026-09-21T10:15:00.000Z"', str(RECEIVED_US // 1000 + 600_000)],
)
def test_a_time_up_to_ten_minutes_ahead_is_kept(time: str):
    assert kept(validate(raw(time=time))) == {"air_temperature": 7.4}


def test_readings_are_judged_one_by_one():
    message = {
        "boot": "b1",
        "readings": [
            {"seq": 1, "time": TIME, "values": {"air_temperature": 1}},
            {"seq": 2, "time": "never", "values": {"air_temperature": 2}},
            "nonsense",
            {"seq": 4, "time": 1789000000000, "values": {"air_temperature": 4, "air_humidity": "wet"}},
            {"seq": 5, "time": 1789000060000},
        ],
    }
    validated = validate(message)
    assert validated.rows.results == [1, 4]
    assert reasons(validated) == [Reason.READINGS, Reason.NOT_A_NUMBER, Reason.NO_VALUES, Reason.TIME]
    assert validated.seqs == [1, 2, 4, 5]


def test_readings_that_are_no_list_cost_nothing_else():
    validated = validate(raw(more=', "readings": 7'))
    assert reasons(validated) == [Reason.READINGS]
    assert kept(validated) == {"air_temperature": 7.4}


@pytest.mark.parametrize("oldest", ["-1", "1.5", "true", '"3"', "6"])
def test_a_wrong_oldest_is_refused_alone(oldest: str):
    validated = validate(raw(more=f', "oldest": {oldest}'))
    assert reasons(validated) == [Reason.OLDEST]
    assert (kept(validated), validated.oldest) == ({"air_temperature": 7.4}, 0)


def test_a_property_misspelt_is_answered_with_the_one_that_was_meant():
    [refusal] = validate(raw('"air_temprature": 7')).source.refusals
    assert "did you mean air_temperature?" in refusal.detail


@pytest.mark.parametrize(
    "payload",
    [raw(f"{GOOD}, {value}") for value, _ in PARTS] + [raw(time=time) for time, _ in TIMES] + ADDRESSES,
    ids=lambda value: str(value)[:60],
)
def test_a_message_in_quarantine_meets_the_same_end_when_read_again(payload: bytes):
    validated = validate(payload)
    again = validate(validated.source.payload)
    assert (reasons(again), kept(again), again.seqs) == (reasons(validated), kept(validated), validated.seqs)
    assert again.source.payload == validated.source.payload


UNKNOWN_SHAPES = [
    (b'{"boot":"b1","seq":5,"value":{"air_temperature":7.4}}', "rename 'value'"),
    (b'{"time":"2026-09-21T10:15:00Z","measurements":{"air_temperature":7.4}}', "rename 'measurements'"),
    (b'{"ts":1789985700000,"values":{"air_temperature":9.9}}', "did you mean time for"),
    (b'{"boot":"b1","readngs":[{"seq":1,"values":{"rain":1}}]}', "did you mean readings for"),
    (b'{"time":"2026-09-21T10:15:00Z","air_temperature":19.1}', "put 'air_temperature' into it"),
    (b'{"Time":"2026-09-21T10:15:00","BME280":{"Temperature":20.1},"TempUnit":"C"}', "did you mean time for"),
    (b'{"deviceInfo":{"devEui":"24e124136b502217"},"fCnt":7,"object":{"temperature":7.4}}', "'deviceInfo', 'fCnt'"),
]


@pytest.mark.parametrize(("payload", "hint"), UNKNOWN_SHAPES, ids=lambda value: str(value)[:60])
def test_a_message_of_another_shape_is_kept_as_it_came_and_told_what_was_meant(payload: bytes, hint: str):
    validated = validate(payload)
    assert (validated.source.payload, validated.source.kept) == (payload, "whole")
    assert hint in " ".join(refusal.detail for refusal in validated.source.refusals)
    assert kept(validated) == {}


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        (', "remark": "by the pond"', Reason.UNKNOWN_FIELD),
        (', "valves": {"rain": 3}', Reason.UNKNOWN_FIELD),
        (', "values": {"rain": 3}', Reason.REPEATED_FIELD),
    ],
)
def test_what_stands_beside_good_values_and_is_not_read_is_kept_with_the_whole_message(more: str, reason: Reason):
    payload = raw(more=more)
    validated = validate(payload)
    assert reasons(validated) == [reason]
    assert (validated.source.payload, validated.seqs) == (payload, [5])
    assert kept(validated)


def test_of_a_value_that_occurs_twice_the_last_is_stored_and_the_message_is_kept():
    payload = raw('"air_temperature": 1, "air_temperature": 2')
    validated = validate(payload)
    assert (kept(validated), reasons(validated)) == ({"air_temperature": 2.0}, [Reason.REPEATED_FIELD])
    assert validated.source.payload == payload


def test_a_message_with_ever_so_many_faults_is_told_of_the_first_and_counted_for_all():
    validated = validate(raw(", ".join(f'"what_{number}": 1' for number in range(500))))
    told = [refusal for refusal in validated.source.refusals if refusal.detail]
    assert (len(told), validated.received) == (32, 500)


def test_a_terminator_behind_a_message_costs_no_other_byte_of_it():
    payload = b'{"boot":"b","seq":7,"values":{"rain":7},"mac":"aabbccddeeff"}\0'
    assert redact(payload) == payload.replace(b"aabbccddeeff", REDACTED.encode())


def test_a_time_that_cannot_be_read_is_refused_also_where_nothing_was_measured():
    assert reasons(validate(raw("", time='"yesterday"'))) == [Reason.TIME]
    assert reasons(validate({"state": "online", "time": [1]}, STATUS)) == [Reason.STATUS_FIELD]


@pytest.mark.parametrize("number", ["1e400", "-1e9999", "1" * 400])
def test_a_number_without_end_is_told_as_it_was_sent(number: str):
    validated = validate(f'{{"boot":"b","seq":1,"time":"{TIME}","values":{{"rain":{number}}}}}'.encode())
    assert f"rain' is {number[:79]}" in validated.source.refusals[0].detail
    assert reasons(validated) == [Reason.NOT_FINITE]


def test_every_reason_has_a_sentence():
    assert set(SENTENCES) == set(Reason)
