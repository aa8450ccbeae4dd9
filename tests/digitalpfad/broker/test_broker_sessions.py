"""`doctor` and `digitalpfad broker` name the sessions that nobody reads, and end them."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from paho.mqtt import publish as outgoing
from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion

from digitalpfad import cli, services
from digitalpfad.broker.sessions import SessionReport, Use, merged, unread
from digitalpfad.data_directory.folder import DataDir
from digitalpfad.embedded import jetstream
from digitalpfad.embedded.jetstream import KeptSession, NoAnswer
from digitalpfad.embedded.nats import EmbeddedNats
from digitalpfad.embedded.process import Supervisor
from gateway.mqtt import probe
from gateway.mqtt.config import parse_url
from geodata.store.devices import broker_session
from geodata.store.devices.broker_session import BrokerSession
from tests.digitalpfad.embedded.test_nats import TELEMETRY, Peer, digest
from tests.fixtures.brokers.mosquitto import Mosquitto
from tests.fixtures.databases.database import url_of
from tests.fixtures.process.ports import free_port
from tests.fixtures.process.waiting import wait_until

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
ABANDONED = 1200


def noted(client_id: str, partition: str, age: timedelta) -> BrokerSession:
    return BrokerSession(client_id, "broker:1883", partition, NOW - age)


@pytest.fixture
def broker(data: DataDir, supervisor: Supervisor) -> EmbeddedNats:
    broker = EmbeddedNats(data, "127.0.0.1", free_port())
    broker.start(supervisor, {"pond": digest("pond-secret")})
    data.write_secret(services.KEPT_MQTT_URL, broker.url)
    return broker


def leave_a_session(broker: EmbeddedNats, client_id: str, filter_: str = "digitalpfad/v1/+/+/event/#") -> None:
    login = parse_url(broker.url)
    peer = Peer(broker, login.user, login.password, client_id, clean=False)
    assert peer.may_subscribe(filter_)
    peer.leave()


def publish(broker: EmbeddedNats, count: int) -> None:
    pond = Peer(broker, "pond", "pond-secret")
    last = [pond.client.publish(TELEMETRY.format("pond"), b"x", qos=1) for _ in range(count)][-1]
    last.wait_for_publish(30)
    pond.leave()


@pytest.fixture
def run(
    data: DataDir, database_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[object, str]]:
    """The command line in this process: exit code, and what it prints."""
    monkeypatch.setenv("DIGITALPFAD_DATABASE_URL", url_of(database_url))
    monkeypatch.setenv("DIGITALPFAD_DATA_DIR", str(data.path))
    monkeypatch.chdir(data.path)

    def call(*command: str) -> tuple[object, str]:
        with pytest.raises(SystemExit) as ended:
            cli.main(command)
        printed = capsys.readouterr()
        return ended.value.code, printed.out + printed.err

    return call


def test_the_doctor_names_an_abandoned_session_and_the_command_ends_it(
    broker: EmbeddedNats, database_url: str, run: Callable[..., tuple[object, str]]
) -> None:
    with psycopg.connect(database_url) as connection:
        broker_session.note(connection, "gateway-now", f"127.0.0.1:{broker.port}", "")
    for client_id in ("gateway-now", "gateway-lost"):
        leave_a_session(broker, client_id)
    publish(broker, ABANDONED)

    _, told = run("doctor", "--json")
    finding = next(one for one in json.loads(told) if one["check"] == "sessions")
    assert not finding["ok"]
    assert finding["found"] == f"nobody reads session gateway-lost: {ABANDONED} messages wait"
    assert "digitalpfad broker end-session" in finding["hint"]

    code, told = run("broker", "end-session", "gateway-now")
    assert code == 2
    assert "--force" in told
    assert run("broker", "end-session", "gateway-lost")[0] == 0
    entry, *_ = json.loads(run("audit", "list", "--json")[1])
    assert (entry["action"], entry["object"]) == ("broker-end-session", "gateway-lost")
    listed = json.loads(run("broker", "sessions", "--json")[1])["sessions"]
    assert [(one["client_id"], one["use"], one["waiting"]) for one in listed] == [("gateway-now", "gateway", ABANDONED)]


def test_the_session_of_somebody_who_is_connected_is_ended_by_force_alone(
    broker: EmbeddedNats, run: Callable[..., tuple[object, str]]
) -> None:
    login = parse_url(broker.url)
    here = Peer(broker, login.user, login.password, "here", clean=False)
    assert here.may_subscribe("digitalpfad/v1/+/+/event/#")
    code, told = run("broker", "end-session", "here")
    assert (code, "expected a session that nobody is connected with" in told) == (2, True)
    assert not here.gone.is_set()
    assert run("broker", "end-session", "here", "--force")[0] == 0
    assert here.gone.wait(5)
    assert broker.sessions() == []
    here.leave()


def test_nats_tells_who_is_connected_and_what_waits(broker: EmbeddedNats) -> None:
    assert broker.sessions() == []
    leave_a_session(broker, "away")
    login = parse_url(broker.url)
    here = Peer(broker, login.user, login.password, "here", clean=False)
    assert here.may_subscribe("digitalpfad/v1/+/+/event/#")
    publish(broker, 5)
    wait_until(lambda: broker.sessions() == [KeptSession("away", False, 5), KeptSession("here", True, 0)])
    here.leave()


def test_what_waits_is_counted_over_all_pages_of_the_brokers_answer(broker: EmbeddedNats) -> None:
    login = parse_url(broker.url)
    for number in range(22):  # with 12 consumers each; a page holds 256
        peer = Peer(broker, login.user, login.password, f"away-{number:02}", clean=False)
        _, mid = peer.client.subscribe([(f"digitalpfad/v1/t{filter_}/+/event/#", 1) for filter_ in range(6)])
        wait_until(lambda peer=peer, mid=mid: peer.granted.get(mid or 0) == [True] * 6)
        peer.leave()
    pond = Peer(broker, "pond", "pond-secret")
    for filter_ in range(6):
        pond.publish(f"digitalpfad/v1/t{filter_}/pond/event/telemetry")
    pond.leave()
    expected = [KeptSession(f"away-{number:02}", connected=False, waiting=6) for number in range(22)]
    wait_until(lambda: broker.sessions() == expected)


@pytest.mark.parametrize(
    ("user", "password"), [("pond", "pond-secret"), ("_gateway", "mqtt-password"), ("_doctor", "wrong")]
)
def test_nobody_but_the_doctor_is_let_in_by_natss_own_protocol(broker: EmbeddedNats, user: str, password: str) -> None:
    secret = broker.data.read(password) or password
    with pytest.raises(NoAnswer, match=r"Authorization Violation|ended"):
        jetstream.sessions(port_of(broker), user, secret)


@pytest.mark.parametrize("subject", ["$JS.API.STREAM.DELETE.$MQTT_msgs", "digitalpfad.v1.a.b.event.telemetry"])
def test_the_doctor_may_only_ask(broker: EmbeddedNats, subject: str) -> None:
    leave_a_session(broker, "away")
    password = broker.data.read("nats-doctor-password") or ""
    with (
        jetstream._conversation(port_of(broker), "_doctor", password) as talk,
        pytest.raises(NoAnswer, match="Permissions Violation"),
    ):
        talk.ask(subject, {})


def port_of(broker: EmbeddedNats) -> int:
    (file,) = (broker.data.path / "nats-ports").glob("*.ports")
    return int(json.loads(file.read_text())["nats"][0].rpartition(":")[2])


def test_mosquitto_tells_how_much_waits_to_a_login_that_may_read_it(mosquitto: Callable[..., Mosquitto]) -> None:
    broker = mosquitto(users={"gateway": "gateway-secret", "pond": "pond-secret"}, extra="sys_interval 1\n")
    assert probe.figures(parse_url(broker.url("pond"))) is None
    client = Client(CallbackAPIVersion.VERSION2, client_id="away", clean_session=False)
    client.username_pw_set("gateway", "gateway-secret")
    granted: list[int] = []
    client.on_subscribe = lambda _c, _u, mid, _r, _p: granted.append(mid)
    client.connect("127.0.0.1", broker.port)
    client.loop_start()
    wait_until(client.is_connected)
    client.subscribe("digitalpfad/v1/+/+/event/#", 1)
    wait_until(lambda: granted)
    client.disconnect()
    client.loop_stop()
    login: outgoing.AuthParameter = {"username": "pond", "password": "pond-secret"}
    for _ in range(3):
        outgoing.single(TELEMETRY.format("pond"), b"x", qos=1, hostname="127.0.0.1", port=broker.port, auth=login)

    def told() -> bool:
        figures = probe.figures(parse_url(broker.url()))
        return figures is not None and (figures.waiting, figures.disconnected) == (3, 1)

    wait_until(told)


@pytest.mark.parametrize(
    ("sessions", "given_up"),
    [
        ([("a", "", 0)], set()),
        ([("new", "", 0), ("old", "", 1)], {"old"}),
        ([("x", "forest", 0), ("y", "town", 5)], set()),
        ([("x2", "forest", 0), ("x1", "forest", 1), ("y", "town", 5)], {"x1"}),
        ([("x", "forest", 0), ("y", "town", 1), ("all", "", 2)], {"all"}),
        ([("all", "", 0), ("x", "forest", 1), ("y", "town", 2)], {"x", "y"}),
        ([("x", "forest", 0), ("all", "", 1), ("y", "town", 2)], {"all", "y"}),
    ],
)
def test_a_session_is_given_up_when_a_later_one_serves_its_topics(
    sessions: list[tuple[str, str, int]], given_up: set[str]
) -> None:
    known = merged(None, [noted(name, partition, timedelta(hours=age)) for name, partition, age in sessions])
    assert {one.client_id for one in known if one.use is Use.GIVEN_UP} == given_up


def test_a_partition_that_no_gateway_serves_any_more_is_named_after_a_day() -> None:
    told = [KeptSession("x", False, 7)]
    for age, named in ((timedelta(hours=23), False), (timedelta(hours=25), True)):
        found = unread(SessionReport(merged(told, [noted("x", "forest", age)])), NOW)
        assert ("the gateway of forest, last used 2026-11-21 11:00 UTC: 7 messages wait" in found) == named


def test_a_sleeping_device_with_a_few_confirmations_is_no_finding() -> None:
    assert unread(SessionReport(merged([KeptSession("pond", False, 40)], [])), NOW) == ""
