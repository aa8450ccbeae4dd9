"""JSON that is not quite: what can mean only one thing is read, of the rest every fault is told at once."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.decoding.reasons import Reason
from geodata.model.observation import Flag, Quality
from tests.gateway.messages import STATUS, TIME, kept, reasons, validate

MILLISECONDS = 1790000000000


def message(value: str = "7.4", time: str = f'"{TIME}"') -> bytes:
    return f'{{"time": {time}, "values": {{"air_temperature": {value}, "soil_moisture": 31.2}}}}'.encode()


def told(payload: bytes) -> str:
    return " ".join(refusal.detail for refusal in validate(payload).source.refusals)


NO_NUMBERS = [
    *("nan", "NaN", "NAN", "-nan", "+NaN", "nan(ind)", "-nan(ind)", "inf", "-inf", "+inf", "Inf", "INF", "Infinity"),
    *("-Infinity", "1.#QNAN", "-1.#IND00", "1.#INF00", '"nan"', '"-inf"', "None", "NULL", "undefined"),
]


@pytest.mark.parametrize("value", NO_NUMBERS)
def test_a_number_that_is_none_is_a_flagged_gap_however_it_is_spelt(value: str):
    validated = validate(message(value))
    assert (kept(validated), reasons(validated)) == ({"air_temperature": None, "soil_moisture": 31.2}, [])
    assert (validated.rows.qualities[0], validated.rows.flags[0]) == (Quality.MISSING, Flag.SENSOR_FAILED)


@pytest.mark.parametrize("end", [b"\0", b"\0\0\0", b"\r\n", b"\n\0", b" \0\r\n\0"])
def test_nothing_is_amiss_with_what_the_buffer_of_a_device_leaves_behind_the_message(end: bytes):
    validated = validate(message() + end)
    assert (kept(validated)["air_temperature"], reasons(validated)) == (7.4, [])


def test_words_within_texts_stay_words():
    validated = validate(b'{"boot": "a, nan, b", "seq": 1, "values": {"air_temperature": nan}}')
    assert (validated.boot, kept(validated)) == ("a, nan, b", {"air_temperature": None})


WHOLE_NUMBERS = [("1.79e12", 0), ("1790000000000.0", 0), ("1790000000000.000", 0), ("17900000000e2", 0)]


@pytest.mark.parametrize(("time", "ms"), WHOLE_NUMBERS)
def test_a_whole_number_is_one_however_it_is_written(time: str, ms: int):
    validated = validate(message(time=time))
    assert (validated.rows.times_us[0], reasons(validated)) == ((MILLISECONDS + ms) * 1000, [])
    numbered = validate(b'{"boot": "b", "seq": 5.0, "oldest": 1e0, "values": {"air_temperature": 1}}')
    assert (numbered.seqs, numbered.oldest, reasons(numbered)) == ([5], 1, [])
    status = validate(b'{"state": "online", "interval_s": 6e2}', STATUS)
    assert (status.status.interval_s if status.status else None, reasons(status)) == (600, [])


SAME_INSTANT = [
    *("2026-09-21T10:15:00.123456Z", "2026-09-21T10:15:00.123456999Z", "2026-09-21T12:15:00.1234560+02:00"),
    *("2026-09-21T10:14:60.123456Z", "2026-09-21t10:14:60,123456789z"),
]


def test_decimals_beyond_microseconds_are_cut_and_second_60_begins_the_next_minute():
    times = {validate(message(time=f'"{time}"')).rows.times_us[0] for time in SAME_INSTANT}
    assert times == {1_789_985_700_123_456}


HINTS = [
    (message(time="1790000000"), "looks like seconds: multiply by 1000 and send 1790000000000"),
    (message(time="1790000000000000"), "looks like microseconds: divide by 1000 and send 1790000000000"),
    (message(time="1790000000000000000"), "looks like nanoseconds: divide by 1000000 and send 1790000000000"),
    (message(time="1790000000.5"), "Multiply these seconds by 1000"),
    (message(time='"1790000000000"'), "Send the number without quotes"),
    (message(time='"2026-09-21T10:15:00"'), "Append Z for UTC"),
    (message(time='"2026-09-20T24:00:00Z"'), "Hours go from 00 to 23"),
    (message('"8,5"'), "Write 8.5 without quotes"),
    (b'{"boot": "b", "seq": "1", "values": {}}', "Write 1 without quotes"),
    (b'{"boot": 4711, "seq": 1, "values": {}}', "Put it in quotes"),
    (b"", "it is empty"),
    (b"hello", "it begins with ('hello')"),
    (message().replace(b'"', b"'"), "a single quote stands at character 2"),
    (message("7.4,}").replace(b', "soil', b', "x": {"soil'), "a comma stands at character"),
    (message("7.4,"), "two commas stand at character 68"),
    (message().replace(b'"values": ', b'"values" '), "a colon or comma is missing at character 43"),
    (message("7,4"), "a comma stands within a number at character 66"),
    (message(""), "no value stands behind the colon at character"),
    (message("+7.4"), "a number is misspelt"),
    (message("07.4"), "a number is misspelt"),
    (message("True"), "a truth value is misspelt"),
    (message("wet"), "a word without double quotes stands"),
    (message().replace(b'"time"', b"time"), "a name without double quotes stands at character 2"),
    (message()[:-1], "it ends at character 91"),
    (message()[:40], "a text has no closing quote"),
    (message() + message(), "a second object begins at character 92"),
    (message() + b"// by the pond", "a comment stands at character 92"),
    (message("7.4 /* warm */"), "a comment stands"),
    (message('"a\nb"'), "a control character stands within a text"),
    (message(r'"\d"'), "a backslash stands"),
    (b"\xef\xbb\xbf" + message(), "it begins with a byte-order mark"),
    (message('"F\u00f6rster"').decode().encode("latin-1"), "It looks like Latin-1, where that byte is \u00f6"),
    (message().decode().encode("utf-16"), "It looks like UTF-16"),
    (message().decode().encode("utf-16-le"), "a NUL character stands at character 2"),
    (b"[" + message() + b"]", 'Put the readings into it, {"boot"'),
]


@pytest.mark.parametrize(("payload", "hint"), HINTS, ids=lambda value: str(value)[-40:])
def test_a_fault_is_told_with_its_place_and_what_to_send_instead(payload: bytes, hint: str):
    said = told(payload)
    assert hint in said
    assert not any(word in said for word in ("line 1 column", "Expecting", "msgspec", "codec", "Extra data"))
    assert "byte-order mark" not in said or payload.startswith(b"\xef")


AT_ONCE = [
    (
        b"{'Time': '2026-09-21T10:15:00', 'BME280': {'Temperature': 20.1, 'Humidity': 'x'}, 'TempUnit': 'C',}",
        [Reason.NOT_JSON, Reason.NO_IDENTITY, Reason.NO_VALUES, Reason.UNKNOWN_FIELD, Reason.TIME_WITHOUT_OFFSET,
         Reason.UNKNOWN_PROPERTY],
    ),
    (
        b'{"time": 1790000000, "air_temperature": 19.1, "wetness": 4}',
        [Reason.NO_VALUES, Reason.TIME_UNIT, Reason.UNKNOWN_PROPERTY],
    ),
    (
        b'[{"ts": 1790000000, "values": {"air_temperature": "7"}}]',
        [Reason.NOT_AN_OBJECT, Reason.NO_IDENTITY, Reason.NOT_A_NUMBER, Reason.UNKNOWN_FIELD, Reason.TIME_UNIT],
    ),
    (
        b'{"time": "soon", "values": {"air_temprature": 7, "rain": "x"}}',
        [Reason.TIME, Reason.NOT_A_NUMBER, Reason.UNKNOWN_PROPERTY],
    ),
    (
        b'{"time": "soon", "values": {"air_temperature": 7}, "remark": "F\xf6rster"}',
        [Reason.NOT_UTF8, Reason.UNKNOWN_FIELD, Reason.TIME],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("payload", "expected"), AT_ONCE, ids=lambda value: str(value)[:40])
def test_all_faults_of_a_message_are_told_in_one_round_and_nothing_of_it_is_stored(
    payload: bytes, expected: list[Reason]
):
    validated = validate(payload)
    assert sorted(reasons(validated)) == sorted(expected)
    assert (kept(validated), validated.seqs, validated.unnamed) == ({}, [], False)
    assert validated.source.payload == payload


def test_a_message_mended_to_tell_more_settles_no_seq_and_takes_no_time_of_receipt():
    validated = validate(b"{'boot': 'b', 'seq': 0, 'oldest': 0, 'values': {'air_temperature': 7}}")
    assert (reasons(validated), validated.boot, validated.seqs, validated.oldest) == ([Reason.NOT_JSON], None, [], 0)
    assert not validated.receipt_counts


def test_an_excerpt_shows_nothing_of_a_message_with_an_address():
    said = told(b'{"seen": AA:BB:CC:DD:EE:FF, "values": {}}')
    assert not any(trace in said for trace in ("AA", "BB:CC", "EE:FF"))


@pytest.mark.parametrize(
    ("payload", "hint"),
    [
        (b"Offline", 'Send {"state": "offline"}, retained'),
        (b'{"state": "Online"}', "Write online in lower case"),
        (b'{"state": "online", "interval_s": 0}', "Leave it out where the device has no rhythm"),
        (b'{"state": "online", "interval_s": "600"}', "Write 600 without quotes"),
    ],
)
@pytest.mark.parametrize("retain", [True, False])
def test_a_status_is_told_what_to_send_instead(payload: bytes, hint: str, retain: bool):
    assert hint in " ".join(refusal.detail for refusal in validate(payload, STATUS, retain=retain).source.refusals)


pieces = st.lists(
    st.sampled_from(
        [*"{}[],:'\"\\/#\0\n", " nan", "inf", "None", "true", "7", "-", ".5", '"time"', '"values"', '"rain"', TIME]
    ),
    max_size=14,
).map(lambda parts: "".join(parts).encode())


@given(payload=pieces | st.binary(max_size=40))
def test_whatever_comes_ends_as_rows_or_with_a_sentence_that_says_what_to_do(payload: bytes):
    validated = validate(payload)
    assert validated.rows.properties or validated.source.refusals
    for refusal in validated.source.refusals:
        assert "maintainers" not in refusal.detail
        assert refusal.detail.endswith((".", ")", "}"))
