"""No WLAN or Bluetooth address is kept, wherever in a message it is."""

from __future__ import annotations

import pytest

from gateway.decoding.reasons import Reason
from gateway.redaction import REDACTED, redact, redact_text
from tests.gateway.messages import GOOD, TOPIC, kept, raw, reasons, validate

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


def test_a_boot_with_an_address_is_no_boot_when_read_again():
    validated = validate(b'{"boot":"x-AA:BB:CC:DD:EE:01","seq":1,"values":{"rain":1}}')
    assert (reasons(validated), validated.boot) == ([Reason.BOOT], None)
    again = validate(validated.source.payload)
    assert (reasons(again), again.boot) == ([Reason.BOOT], None)


def test_an_address_in_a_topic_is_not_kept():
    validated = validate(raw(), "digitalpfad/v1/stadtwald/climate-01/event/AA:BB:CC:DD:EE:FF")
    assert validated.source.topic.endswith("/event/[redacted]")


def test_blacking_out_leaves_every_other_byte_as_it_came():
    payload = b'{ "a" : 1.10,\t"mac" : {"x": [1, {"y": 2}]} , "b" : "\xc3\xa4", "c":["AA-BB-CC-DD-EE-FF", 1e2]}\r\n'
    expected = payload.replace(b'{"x": [1, {"y": 2}]}', b'"[redacted]"').replace(b"AA-BB-CC-DD-EE-FF", b"[redacted]")
    assert redact(payload) == expected
