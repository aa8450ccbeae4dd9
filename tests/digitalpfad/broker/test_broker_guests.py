"""What a guest with bad manners can take from the others at the broker of `up` and at mosquitto as in deploy/."""

from __future__ import annotations

import fcntl
import json
import resource
import select
import socket
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, contextmanager

import pytest

from digitalpfad.data_directory.folder import DataDir
from digitalpfad.embedded.nats import EmbeddedNats
from digitalpfad.embedded.process import Supervisor
from gateway.mqtt.config import parse_url
from tests.digitalpfad.broker.guests import CONFIRM, POND, SOIL, TELEMETRY, Guest, Site, is_ended, packet, raw, text
from tests.digitalpfad.commandline import run
from tests.digitalpfad.embedded.test_nats import digest
from tests.fixtures.brokers.deployed_mosquitto import DeployedMosquitto
from tests.fixtures.process.ports import free_port
from tests.fixtures.process.waiting import wait_until

Deployed = Callable[..., DeployedMosquitto]


def start_nats(data: DataDir, supervisor: Supervisor, connections: int = 10_000) -> Site:
    broker = EmbeddedNats(data, "127.0.0.1", free_port(), connections=connections)
    broker.start(supervisor, {name: digest(word) for name, word in (POND, SOIL)})
    login = parse_url(broker.url)
    return Site("nats", broker.port, broker.port, (login.user, login.password))


def start_mosquitto(deployed: Deployed) -> Site:
    gateway = ("gateway", "gateway-secret")
    broker = deployed(users=dict([gateway, POND, SOIL]))
    return Site("mosquitto", broker.port, broker.gateway_port, gateway)


@pytest.fixture(params=["nats", "mosquitto"])
def site(request: pytest.FixtureRequest) -> Site:
    if request.param == "nats":
        return start_nats(request.getfixturevalue("data"), request.getfixturevalue("supervisor"))
    return start_mosquitto(request.getfixturevalue("deployed_mosquitto"))


@pytest.fixture
def gateway(site: Site) -> Iterator[Guest]:
    guest = site.service("the-gateways-own")
    assert guest.welcome
    assert guest.subscribe("digitalpfad/v1/+/+/event/#")
    yield guest
    guest.leave()


@pytest.fixture
def soil(site: Site) -> Iterator[Guest]:
    guest = site.guest(SOIL)
    assert guest.welcome
    yield guest
    guest.leave()


def still_served(gateway: Guest, soil: Guest) -> None:
    """The others' connections stand, and what they say arrives alone."""
    soil.publish(TELEMETRY.format("soil"), b"honest")
    wait_until(lambda: gateway.heard)
    assert gateway.heard == [(TELEMETRY.format("soil"), b"honest")]
    assert not gateway.gone.is_set()
    assert not soil.gone.is_set()


def test_nobody_gets_in_without_a_name(site: Site, gateway: Guest, soil: Guest) -> None:
    for port in {site.port, site.gateway_port}:
        nobody = Guest(port, None)
        assert not nobody.welcome
        nobody.leave()
    still_served(gateway, soil)


@pytest.mark.parametrize(
    "topic", ["digitalpfad/v1/+/pond/event/telemetry", "digitalpfad/v1/stadtwald/pond/event/#", "#"]
)
def test_a_publish_to_a_wildcard_ends_the_guest_alone(site: Site, gateway: Guest, soil: Guest, topic: str) -> None:
    with raw(site.port, POND) as guest:
        guest.sendall(packet(0x32, text(topic) + b"\x00\x01" + b"forged"))
        assert is_ended(guest)
    still_served(gateway, soil)


@pytest.mark.parametrize("topic", ["#", "+/#", "digitalpfad/v1/+/+/event/#", "digitalpfad/v1/+/+/command/#", "$SYS/#"])
def test_a_subscription_to_a_wildcard_hears_nothing_of_others(
    site: Site, gateway: Guest, soil: Guest, topic: str
) -> None:
    guest = site.guest(POND)
    granted = guest.subscribe(topic)
    assert granted == (site.kind == "mosquitto"), "mosquitto grants it and delivers nothing"
    guest.subscribe("digitalpfad/v1/stadtwald/pond/command/#")
    still_served(gateway, soil)
    gateway.publish(CONFIRM.format("soil"), b"not for you")
    gateway.publish(CONFIRM.format("pond"), b"for you")
    wait_until(lambda: guest.heard)
    assert set(guest.heard) == {(CONFIRM.format("pond"), b"for you")}
    guest.leave()


@pytest.mark.parametrize("size", [1_100_000, 3_000_000])
def test_a_message_of_megabytes_is_not_delivered_and_ends_nobody_else(
    site: Site, gateway: Guest, soil: Guest, size: int
) -> None:
    body = text(TELEMETRY.format("pond")) + b"\x00\x01" + bytes(size)
    with raw(site.port, POND) as guest:
        try:
            guest.sendall(packet(0x32, body))
            ended = is_ended(guest, 1.0)
        except OSError:
            ended = True
        assert ended == (site.kind == "nats" or size > 2_097_152)
    still_served(gateway, soil)


def test_the_gateways_login_commands_and_cannot_speak_for_a_device(site: Site, gateway: Guest, soil: Guest) -> None:
    assert soil.subscribe("digitalpfad/v1/stadtwald/soil/command/#")
    service = site.service()
    for topic in (
        TELEMETRY.format("soil"), TELEMETRY.format("pond"), "digitalpfad/v1/stadtwald/soil/event/status",
        "digitalpfad/v1/stadtwald/soil", "digitalpfad/v2/stadtwald/soil/command/confirm", "$SYS/broker/uptime",
    ):  # fmt: skip
        service.publish(topic, b"forged")
    service.publish(CONFIRM.format("soil"), b"confirmed")
    wait_until(lambda: soil.heard)
    assert soil.heard == [(CONFIRM.format("soil"), b"confirmed")]
    still_served(gateway, soil)
    service.leave()


def test_a_guest_with_the_gateways_client_id_reads_nothing_and_where_ids_are_bound_disturbs_nobody(
    site: Site, gateway: Guest, soil: Guest
) -> None:
    thief = site.guest(POND, "the-gateways-own")
    assert thief.welcome
    if site.kind == "nats":
        assert gateway.gone.wait(5), "NATS binds no client id to a login: so the gateway's is one that nobody guesses"
        soil.publish(TELEMETRY.format("soil"), b"honest")
    else:
        still_served(gateway, soil)
    assert thief.heard == []
    thief.leave()


def test_where_client_ids_are_bound_a_guest_cannot_throw_out_another_device(deployed_mosquitto: Deployed) -> None:
    site = start_mosquitto(deployed_mosquitto)
    soil = site.guest(SOIL, "soil-1")
    for stolen in ("soil", "soil-1"):
        thief = site.guest(POND, stolen)
        assert thief.welcome
        assert not soil.gone.wait(0.3)
        thief.leave()
    second = site.guest(SOIL, "soil-2")
    assert soil.gone.wait(5), "a login has one session, whatever client id it says"
    for guest in (soil, second):
        guest.leave()


def test_gateways_of_two_partitions_share_a_login_under_client_ids_of_their_own(site: Site) -> None:
    one, other = site.service("partition-a"), site.service("partition-b")
    assert (one.welcome, other.welcome) == (True, True)
    assert not one.gone.wait(0.3)
    for guest in (one, other):
        guest.leave()


def connected_high(port: int) -> socket.socket:
    """A connection whose file has a number from 2000 on."""
    with socket.create_connection(("127.0.0.1", port), timeout=5) as low:
        high = socket.socket(fileno=fcntl.fcntl(low, fcntl.F_DUPFD_CLOEXEC, 2000))
    high.settimeout(5)
    return high


@contextmanager
def silent(port: int, count: int) -> Generator[list[socket.socket]]:
    """Connections that say nothing, out of the way of paho, which can wait for none but the first 1024 files."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, max(soft, 4096)), hard))
    with ExitStack() as stack:
        yield [stack.enter_context(connected_high(port)) for _ in range(count)]
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def is_let_in(site: Site) -> bool:
    try:
        guest = site.guest(SOIL)
    except OSError:
        return False
    guest.leave()
    return guest.welcome


def test_beyond_the_bound_on_connections_guests_are_refused_and_a_device_gets_in_once_they_are_ended(
    data: DataDir, supervisor: Supervisor
) -> None:
    site = start_nats(data, supervisor, connections=20)
    gateway = site.service()
    with silent(site.port, 40) as connections:
        poll = select.poll()
        for connection in connections:
            poll.register(connection, select.POLLIN)
        wait_until(lambda: len(poll.poll(0)) >= 21)  # one of the 20 is the gateway's
        assert not is_let_in(site)
        wait_until(lambda: is_let_in(site), 10)  # the silent ones are ended after 5 s
        assert not gateway.gone.is_set()
    gateway.leave()


def test_at_mosquitto_the_gateway_gets_in_however_many_guests_there_are(deployed_mosquitto: Deployed) -> None:
    site = start_mosquitto(deployed_mosquitto)
    with silent(site.port, 950):
        assert not is_let_in(site)
        gateway = site.service()
        assert gateway.welcome
        gateway.leave()
    wait_until(lambda: is_let_in(site))


def client_ids(demo: dict[str, str], url: str) -> dict[str, object]:
    found = json.loads(run("doctor", "--json", **demo, DIGITALPFAD_MQTT_URL=url).stdout)
    return next(one for one in found if one["check"] == "client ids")


def test_doctor_tells_whether_the_gateways_connections_are_one_and_ends_nobodys_where_they_are_not(
    demo: dict[str, str], deployed_mosquitto: Deployed
) -> None:
    site = start_mosquitto(deployed_mosquitto)
    gateway = site.service()
    name, word = site.gateway
    right = client_ids(demo, f"mqtt://{name}:{word}@127.0.0.1:{site.gateway_port}")
    assert (right["ok"], gateway.gone.is_set()) == (True, False)
    wrong = client_ids(demo, f"mqtt://{name}:{word}@127.0.0.1:{site.port}")
    assert not wrong["ok"]
    assert "takes all connections of a login for one" in str(wrong["found"])
    assert "use_username_as_clientid" in str(wrong["hint"])
    gateway.leave()
