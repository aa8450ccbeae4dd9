"""Topics, addresses of brokers, the inbox: values that are right or refused."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from gateway import topics
from gateway.mqtt.config import parse_url
from gateway.settings import GatewaySettings
from gateway.topics import Topic, TopicFilter
from geodata.errors import InvalidInput


def test_a_topic_tells_trail_device_and_event():
    assert topics.parse("digitalpfad/v1/stadtwald/pond-01/event/status") == Topic("stadtwald", "pond-01", "status")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "digitalpfad/v1/stadtwald/pond-01/event/telemetry/more",
        "digitalpfad/v1/stadtwald/pond-01/event/telemetry\n",
        "digitalpfad/v2/stadtwald/pond-01/event/telemetry",
        "digitalpfad/v1/stadtwald/-pond/event/telemetry",
        "digitalpfad/v1//pond/event/telemetry",
        "digitalpfad/v1/stadtwald/" + "p" * 64 + "/event/telemetry",
        "digitalpfad/v1/stadtwald/pönd/event/telemetry",
        "digitalpfad/v1/stadtwald/pond/command/confirm",
    ],
)
def test_anything_else_is_no_topic_of_an_event(text: str):
    assert topics.parse(text) is None


def test_the_longest_topic_of_an_event_is_one():
    text = f"digitalpfad/v1/{'t' * 63}/{'d' * 63}/event/telemetry"

    assert topics.parse(text) == Topic("t" * 63, "d" * 63, "telemetry")


def test_a_topic_of_64_kb_is_not_remembered():
    text = "digitalpfad/v1/stadtwald/pond-01/event/" + "x" * 60_000
    before = sys.getrefcount(text)

    assert topics.parse(text) is None
    assert sys.getrefcount(text) == before


@pytest.mark.parametrize("text", ["", f"digitalpfad/v1/{'t' * 63}/{'d' * 63}/event/telemetry", "/" * 255, "ä" * 255])
def test_a_topic_of_usual_length_is_kept_as_it_is(text: str):
    assert topics.shortened(text) == text


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("digitalpfad/v1/stadtwald/pond-01/event/", f"digitalpfad/v1/stadtwald/pond-01/event/{'x' * 64}…"),
        ("digitalpfad/v1/", f"digitalpfad/v1/{'x' * 64}…"),
        ("", f"{'x' * 64}…"),
        ("digitalpfad/v1/a/b/event/" + "/" * 40, f"digitalpfad/v1/a/b/event/{'/' * 40}{'x' * 24}…"),
    ],
)
@pytest.mark.parametrize("behind", ["", "/pond-01/event/telemetry"])
def test_of_a_longer_topic_the_beginning_of_each_level_is_kept_and_its_length(text: str, kept: str, behind: str):
    whole = f"{text}{'x' * 60_000}{behind}"

    assert topics.shortened(whole) == f"{kept}{behind if text.count('/') < 5 else ''} ({len(whole)} characters)"


def test_the_sender_of_a_topic_that_is_shortened_stays_known():
    assert topics.sender(topics.shortened(f"digitalpfad/v1/{'x' * 60_000}/pond-01/event/telemetry")) == "pond-01"


def test_no_half_address_stays_where_a_topic_is_shortened():
    for before in range(40, 64):
        kept = topics.shortened(f"digitalpfad/v1/{'-' * before} AA:BB:CC:DD:EE:FF{' ' * 300}/b/event/telemetry")
        assert "AA:" not in kept


def test_a_filter_covers_one_trail_or_all():
    assert str(TopicFilter()) == "digitalpfad/v1/+/+/event/#"
    assert str(TopicFilter("stadtwald")) == "digitalpfad/v1/stadtwald/+/event/#"


@pytest.mark.parametrize("trail", ["", "#", "+", "a/b", "Stadtwald"])
def test_a_filter_for_a_trail_that_cannot_be_is_refused(trail: str):
    with pytest.raises(InvalidInput, match="trail is"):
        TopicFilter(trail)


def test_a_broker_address_is_taken_apart():
    broker = parse_url("mqtts://gate%40way:p%2Fw@broker.example:8884")
    assert (broker.host, broker.port, broker.user, broker.password) == ("broker.example", 8884, "gate@way", "p/w")
    assert broker.tls
    assert parse_url("mqtt://localhost").port == 1883


@pytest.mark.parametrize("url", ["localhost:1883", "http://u:geheim@x", "mqtt://", "mqtt://u:geheim@x:port", ""])
def test_a_wrong_broker_address_is_refused_without_showing_the_password(url: str):
    with pytest.raises(InvalidInput, match="mqtt_url") as refusal:
        parse_url(url)
    assert "geheim" not in str(refusal.value)


def test_the_password_of_a_broker_never_shows():
    assert "geheim" not in repr(parse_url("mqtt://u:geheim@x"))


@pytest.mark.parametrize("wrong", [{"client_id": ""}, {"window": 0}, {"batch_size": 0}, {"batch_wait_s": -1}])
def test_a_wrong_setting_is_refused(wrong: dict[str, Any]):
    settings: dict[str, Any] = {"database_url": "x", "mqtt_url": "x", "client_id": "g"}
    with pytest.raises(InvalidInput):
        GatewaySettings(**(settings | wrong))
