"""Topics that are none, devices that are not registered, and status messages with a fault."""

from __future__ import annotations

import pytest

from gateway.decoding.reasons import Reason
from tests.gateway.messages import GOOD, STATUS, kept, raw, reasons, validate


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


def test_a_topic_with_control_characters_is_kept_spelled_out():
    validated = validate(GOOD, "digitalpfad/v1/a\0b/\ud800/event/\x1b")
    assert validated.source.topic == "digitalpfad/v1/a\\x00b/\\ud800/event/\\x1b"
    assert validated.source.refusals[0].detail.isprintable()
