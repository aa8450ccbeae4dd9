"""Every bad input gets its reason, and costs no good part of the same message."""

from __future__ import annotations

import pytest

from gateway.decoding.payload import MAX_BYTES
from gateway.decoding.reasons import SENTENCES, Reason
from gateway.redaction import REDACTED, redact, redact_text
from tests.gateway.messages import RECEIVED_US, STATUS, TIME, TOPIC, kept, reasons, validate

GOOD = '"air_temperature": 7.4'


def raw(values: str = GOOD, *, boot: str = '"b1"', seq: str = "5", time: str = f'"{TIME}"', more: str = "") -> bytes:
    return f'{{"boot": {boot}, "seq": {seq}, "time": {time}, "values": {{{values}}}{more}}}'.encode()


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


@pytest.mark.parametrize(
    ("topic", "reason"),
    [
        ("digitalpfad/v1/stadtwald/nobody/event/telemetry", Reason.UNKNOWN_DEVICE),
        ("digitalpfad/v1/stadtwald/pond-01/event/telemetry", Reason.WRONG_TRAIL),
        ("digitalpfad/v1/stadtwald/Climate-01/event/telemetry", Reason.TOPIC),
        ("digitalpfad/v1/stadtwald/climate-01/event/weather", Reason.TOPIC),
        ("(a topic that is not UTF-8)", Reason.TOPIC),
    ],
)
def test_a_message_of_somebody_else_is_refused_whole_and_settles_nothing(topic: str, reason: Reason):
    validated = validate(raw(), topic)
    assert reasons(validated) == [reason]
    assert (validated.seqs, validated.boot, kept(validated)) == ([], None, {})
    assert validated.device == ("pond-01" if reason is Reason.WRONG_TRAIL else None)  # it spoke, though out of place


@pytest.mark.parametrize(
    ("topic", "device"),
    [
        ("digitalpfad/v1/stadtwald/climate-01/event/weather", "climate-01"),
        ("digitalpfad/v1/stadtwald/climate-01/event/telemetry/deeper", "climate-01"),
        ("digitalpfad/v1/stadtwald/climate-01/event", "climate-01"),
        ("digitalpfad/v1/STADT/climate-01/event/telemetry", "climate-01"),
        ("digitalpfad/v1//climate-01/event/telemetry", "climate-01"),
        ("digitalpfad/v1/a/b/climate-01/event/telemetry", None),
        ("digitalpfad/v1/stadtwald/climate-01/events/telemetry", None),
        ("digitalpfad/v1/stadtwald/aa-bb-cc-dd-ee-ff/event/weather", None),
        ("digitalpfad/v1/stadtwald/climate-01/command/confirm", None),
    ],
)
def test_a_topic_that_is_no_event_counts_to_the_quarantine_of_its_registered_device(topic: str, device: str | None):
    assert validate(raw(), topic).source.device == device


def test_a_property_misspelt_is_answered_with_the_one_that_was_meant():
    [refusal] = validate(raw('"air_temprature": 7')).source.refusals
    assert "did you mean air_temperature?" in refusal.detail


@pytest.mark.parametrize(
    ("payload", "refused", "state"),
    [
        ({"state": "asleep"}, [Reason.STATE], None),
        ({"boot": "b1"}, [Reason.STATE], None),
        (
            {"state": "Online", "interval_s": 0, "boot": 7},
            [Reason.STATE, Reason.STATUS_FIELD, Reason.STATUS_FIELD],
            None,
        ),
        (b"online", [Reason.NOT_JSON], None),
        (b'"Offline"\0', [Reason.NOT_JSON], None),
        (b"{'state': 'online', 'interval_s': '600'}", [Reason.NOT_JSON, Reason.STATUS_FIELD], None),
        ({"state": ["online"]}, [Reason.STATE], None),
        ({"state": "online", "interval_s": 0, "firmware": "1.4.2"}, [Reason.STATUS_FIELD], "online"),
        ({"state": "online", "interval_s": True}, [Reason.STATUS_FIELD], "online"),
        ({"state": "online", "firmware": "x" * 65}, [Reason.STATUS_FIELD], "online"),
        ({"state": "online", "firmware": "a\x00b"}, [Reason.STATUS_FIELD], "online"),
        ({"state": "online", "boot": "x" * 17}, [Reason.STATUS_FIELD], "online"),
        ({"state": "online", "bssid": "aa:bb:cc:dd:ee:ff"}, [Reason.ADDRESS], "online"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_bad_status_part_is_refused_and_the_rest_is_kept(payload: object, refused: list[Reason], state: str | None):
    validated = validate(payload, STATUS)
    assert reasons(validated) == refused
    assert (validated.status.state if validated.status else None) == state


def test_an_empty_status_is_how_a_retained_one_is_cleared_and_is_no_fault():
    validated = validate(b"", STATUS)
    assert (validated.received, validated.status) == (0, None)


ADDRESSES = [
    raw(more=', "mac": "AA:BB:CC:DD:EE:FF"'),
    raw(more=', "seen": [{"ble": {"address": "aa-bb-cc-dd-ee-ff"}}]'),
    raw(more=', "wlan_mac": "aabbccddeeff"'),
    raw(f'{GOOD}, "mac": "aabbccddeeff"'),
    b'not json "mac": "aabbccddeeff", aa:bb:cc:dd:ee:ff',
    raw(boot='"AA:BB:CC:DD:EE:FF"'),
    raw(time='"aa:bb:cc:dd:ee:ff"'),
    raw(time='"aabb.ccdd.eeff"'),
    raw(boot='"AABB.ccdd.eeff"'),
    raw(more=', "seen": ["x aabb.ccdd.eeff y"]'),
    raw(boot='["AA:BB:CC:DD:EE:FF"]', time="null"),
]


@pytest.mark.parametrize("payload", ADDRESSES, ids=lambda value: str(value)[:60])
@pytest.mark.parametrize("topic", [TOPIC, "digitalpfad/v1/stadtwald/nobody/event/telemetry"])
def test_no_address_reaches_the_quarantine(payload: bytes, topic: str):
    validated = validate(payload, topic)
    assert validated.source.refusals
    told = "".join(refusal.detail + refusal.where for refusal in validated.source.refusals)
    stored = (validated.source.payload + told.encode()).lower()
    assert not any(trace in stored for trace in (b"aabbccddeeff", b"bb:cc:dd:ee", b"bb-cc-dd-ee", b"bb.ccdd.ee"))
    assert REDACTED.encode() in validated.source.payload
    assert validated.source.kept == "redacted"


def test_an_address_beside_good_values_costs_none_of_them():
    validated = validate(raw(more=', "mac": "AA:BB:CC:DD:EE:FF"'))
    assert (reasons(validated), kept(validated)) == ([Reason.ADDRESS], {"air_temperature": 7.4})


def test_a_lorawan_eui_is_no_wlan_address():
    payload = raw(more=', "dev_eui": "70-B3-D5-7E-D0-05-AA-BB", "rssi_ble": 4')
    validated = validate(payload)
    assert (reasons(validated), validated.source.payload) == ([Reason.UNKNOWN_FIELD], payload)


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


@pytest.mark.parametrize(
    "hidden",
    [
        b'{"a":"\\u0041\\u0041:BB:CC:DD:EE:FF"}',
        b'{"a":"AA\\u003aBB:CC:DD:EE:FF"}',
        b'{"\\u006dac":"aabbccddeeff","b":1}',
        b'{"AA\\u003aBB:CC:DD:EE:FF":-70}',
        b'{"mac":{"a":{"b":"aabbccddeeff"},"c":"}"},"d":1}',
        b'{"mac":["]","aabbccddeeff"],"d":1}',
        b'{"mac" : "a\\"aabbccddeeff"',
        b"mac=aabbccddeeff;rssi=-70",
        b"mac = aabbccddeeff",
        b'{"remark":"a"b","mac":"aabbccddeeff"}',
        b'{"raw":"{\\"mac\\":\\"aabbccddeeff\\"}"}',
        b'mac="aabbccddeeff" rssi=-70',
        b"{'mac': 'aabbccddeeff'}",
        '{"mac":"aabbccddeeff"}'.encode("utf-16"),
        '{"a":"AA:BB:CC:DD:EE:FF"}'.encode("utf-16-be"),
    ],
    ids=repr,
)
def test_an_address_is_blacked_out_however_it_is_spelt(hidden: bytes):
    kept_bytes = redact(hidden)
    text = kept_bytes.replace(b"\0", b"").lower()
    assert b"aabbccddeeff" not in text
    assert b"bb:cc:dd" not in text
    assert REDACTED.encode() in kept_bytes
    assert redact(kept_bytes) == kept_bytes


@pytest.mark.parametrize(
    "payload",
    [
        b'{"boot":{"mac":"aabbccddeeff"},"seq":1,"values":{"rain":1}}',
        b'{"boot":"b","seq":1,"time":"' + b"seen " * 13 + b'AA:BB:CC:DD:EE:FF","values":{"rain":1}}',
        b'{"boot":"\\u000cAA:BB:CC:DD:EE:FF","seq":1,"values":{"rain":1}}',
        b'{"boot":"b","seq":1,"values":["aa:bb:cc:dd:ee:ff"]}',
        b'{"boot":"b","seq":1,"oldest":{"mac":"aabbccddeeff"},"values":{"rain":1}}',
    ],
)
def test_what_is_told_of_a_refusal_shows_no_address_however_it_is_shortened(payload: bytes):
    refusals = validate(payload).source.refusals
    assert refusals
    told = "".join(refusal.detail + refusal.where for refusal in refusals).lower()
    assert "aabbccdd" not in told
    assert "aa:bb:cc" not in told


@pytest.mark.parametrize(
    "text",
    [
        *("mac:AA:BB:CC:DD:EE:FF", "ble:AA:BB:CC:DD:EE:FF", "node-AA-BB-CC-DD-EE-FF", "device-AA-BB-CC-DD-EE-FF"),
        *("AA:BB:CC:DD:EE:FF-71", "AA:BB:CC:DD:EE:FF:71dB", "AA:BB:CC:DD:EE:FF-11:22:33:44:55:66"),
        *("deviceAA:BB:CC:DD:EE:FF", "x-AA:BB:CC:DD:EE:FF", "mac.AABB.CCDD.EEFF", "seen AABB.CCDD.EEFF."),
    ],
)
def test_an_address_is_found_between_words_and_numbers(text: str):
    assert "AA" not in redact_text(text)
    assert "55:66" not in redact_text(text)


@pytest.mark.parametrize(
    "text",
    [
        *("70-B3-D5-7E-D0-05-AA-BB", "dev70-B3-D5-7E-D0-05-AA-BB", "70B3.D57E.D005.AABB"),
        *("2026-11-29", "12:30:45", "xaabb.ccdd.eeff", "aabb.ccdd.eeffx", "1234.5678", "firmware 1.2.3"),
    ],
)
def test_what_is_no_address_of_six_pairs_stays(text: str):
    assert redact_text(text) == text


@pytest.mark.parametrize("name", ["clientMac", "mac1", "bssid_2", "mac_hex", "macaddr_str", "wlanMacAddress"])
def test_a_field_is_known_as_an_address_by_its_name_however_it_is_written(name: str):
    assert b"AABBCC" not in redact(b'{"%s":"AABBCCDDEEFF"}' % name.encode())


def test_a_terminator_behind_a_message_costs_no_other_byte_of_it():
    payload = b'{"boot":"b","seq":7,"values":{"rain":7},"mac":"aabbccddeeff"}\0'
    assert redact(payload) == payload.replace(b"aabbccddeeff", REDACTED.encode())


def test_a_boot_with_an_address_is_no_boot_when_read_again():
    validated = validate(b'{"boot":"x-AA:BB:CC:DD:EE:01","seq":1,"values":{"rain":1}}')
    assert (reasons(validated), validated.boot) == ([Reason.BOOT], None)
    again = validate(validated.source.payload)
    assert (reasons(again), again.boot) == ([Reason.BOOT], None)


def test_a_time_that_cannot_be_read_is_refused_also_where_nothing_was_measured():
    assert reasons(validate(raw("", time='"yesterday"'))) == [Reason.TIME]
    assert reasons(validate({"state": "online", "time": [1]}, STATUS)) == [Reason.STATUS_FIELD]


def test_a_topic_with_control_characters_is_kept_spelled_out():
    validated = validate(GOOD, "digitalpfad/v1/a\0b/\ud800/event/\x1b")
    assert validated.source.topic == "digitalpfad/v1/a\\x00b/\\ud800/event/\\x1b"
    assert validated.source.refusals[0].detail.isprintable()


@pytest.mark.parametrize("number", ["1e400", "-1e9999", "1" * 400])
def test_a_number_without_end_is_told_as_it_was_sent(number: str):
    validated = validate(f'{{"boot":"b","seq":1,"time":"{TIME}","values":{{"rain":{number}}}}}'.encode())
    assert f"rain' is {number[:79]}" in validated.source.refusals[0].detail
    assert reasons(validated) == [Reason.NOT_FINITE]


def test_an_address_in_a_topic_is_not_kept():
    validated = validate(raw(), "digitalpfad/v1/stadtwald/climate-01/event/AA:BB:CC:DD:EE:FF")
    assert validated.source.topic.endswith("/event/[redacted]")


def test_blacking_out_leaves_every_other_byte_as_it_came():
    payload = b'{ "a" : 1.10,\t"mac" : {"x": [1, {"y": 2}]} , "b" : "\xc3\xa4", "c":["AA-BB-CC-DD-EE-FF", 1e2]}\r\n'
    expected = payload.replace(b'{"x": [1, {"y": 2}]}', b'"[redacted]"').replace(b"AA-BB-CC-DD-EE-FF", b"[redacted]")
    assert redact(payload) == expected


def test_every_reason_has_a_sentence():
    assert set(SENTENCES) == set(Reason)
