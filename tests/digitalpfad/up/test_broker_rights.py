"""The embedded broker goes by the devices of the database: whatever stands there, and proven after each change."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from digitalpfad.broker import login_proof
from digitalpfad.data_directory.folder import DataDir
from digitalpfad.embedded.nats import EmbeddedNats
from digitalpfad.embedded.process import Supervisor
from digitalpfad.up import broker_logins
from digitalpfad.up.broker_logins import BrokerRights
from geodata.store.database import Database
from geodata.store.devices import credential
from tests.digitalpfad.commandline import run
from tests.digitalpfad.embedded.test_nats import Peer, digest
from tests.fixtures.process.ports import free_port
from tests.fixtures.process.waiting import wait_until

ODD = {
    "": "no name", "_gateway": "a user of ours", "_witness": "another", "a b": "a space", "a.b": "a level",
    "*": "any", ">": "all", "x\x01": "a control character", 'q"\\': "quotes", "Ä": "a letter", "a" * 64: "long",
}  # fmt: skip
HASHES = [
    "",
    "plain-text",
    "$2a$05$short",
    "$2a$31$" + "x" * 53,
    "$2a$05$" + "x" * 52 + "\n",
    "\x00",
    "$PATH",
    "x" * 9000,
]


@pytest.fixture
def broker(data: DataDir) -> EmbeddedNats:
    return EmbeddedNats(data, "127.0.0.1", free_port())


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def rights(broker: EmbeddedNats, supervisor: Supervisor, said: list[str]) -> BrokerRights:
    return BrokerRights(broker, supervisor, said.append)


def gets_in(broker: EmbeddedNats, user: str, password: str) -> bool:
    peer = Peer(broker, user, password)
    peer.leave()
    return peer.welcome


def test_the_broker_starts_with_whatever_stands_in_the_device_table(
    rights: BrokerRights, broker: EmbeddedNats, said: list[str]
) -> None:
    good = digest("secret")
    odd_hashes = {f"hash-{number}": hashed for number, hashed in enumerate(HASHES)}
    rights.start({"pond": good, "gateway": good, **dict.fromkeys(ODD, good), **odd_hashes})
    assert gets_in(broker, "pond", "secret")
    assert gets_in(broker, "gateway", "secret")
    assert not gets_in(broker, "hash-1", "plain-text"), "the broker would take it for the password itself"
    assert not gets_in(broker, "_witness", "secret")
    assert len(said) == 1
    assert f"and {len(ODD) + len(HASHES) - 5} more" in said[0]
    rights.set({"soil": good, "*": good, **odd_hashes})
    wait_until(lambda: gets_in(broker, "soil", "secret"), 5)
    assert not gets_in(broker, "pond", "secret")


def test_five_thousand_devices_are_taken_and_one_more_is_let_in(rights: BrokerRights, broker: EmbeddedNats) -> None:
    good = digest("secret")
    many = {f"device-{number}": good for number in range(5_000)}
    rights.start(many)
    assert broker.knows(many)
    rights.set({**many, "new": good})
    wait_until(lambda: broker.knows({**many, "new": good}), 10)
    assert gets_in(broker, "new", "secret")
    assert gets_in(broker, "device-4999", "secret")


def test_the_broker_proves_which_devices_it_knows(
    rights: BrokerRights, broker: EmbeddedNats, supervisor: Supervisor
) -> None:
    one, other = digest("secret"), digest("secret")
    rights.start({"pond": one})
    assert broker.knows({"pond": one})
    for wrong in ({}, {"pond": other}, {"soil": one}, {"pond": one, "soil": one}):
        assert not broker.knows(wrong)
    rights.set({"pond": other})
    wait_until(lambda: broker.knows({"pond": other}), 5)
    assert not broker.knows({"pond": one})


def test_up_says_once_that_the_broker_refused_a_configuration_and_when_it_took_it(
    rights: BrokerRights, broker: EmbeddedNats, supervisor: Supervisor, said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(broker_logins, "_PROVEN_WITHIN_S", 0.3)
    good = digest("secret")
    rights.start({"pond": good})
    rights._broker = replace(broker, sync="nonsense")  # pyright: ignore[reportPrivateUsage] - NATS refuses it
    rights.set({"pond": good, "soil": good})
    wait_until(lambda: (rights.look(), said)[1])
    assert "has not taken the changed devices: it refuses the new configuration." in said[0]
    assert str(broker.log) in said[0]
    assert gets_in(broker, "pond", "secret"), "it goes on with those it knew"
    rights._broker = broker  # pyright: ignore[reportPrivateUsage]
    wait_until(lambda: (rights.look(), said[1:])[1])
    assert said[1:] == ["The MQTT broker has taken the changed devices now."]
    assert gets_in(broker, "soil", "secret")


@pytest.fixture
def held(demo: dict[str, str], rights: BrokerRights, data: DataDir, broker: EmbeddedNats) -> Iterator[dict[str, str]]:
    """Settings of commands beside a broker whose data directory is held, as by a running `up`."""
    data.write_secret("mqtt-url", broker.url)
    with data.lock():
        yield demo | {"DIGITALPFAD_DATA_DIR": str(data.path)}


def devices(settings: dict[str, str]) -> dict[str, str]:
    with psycopg.connect(settings["DIGITALPFAD_DATABASE_URL"]) as connection:
        return credential.hashes(connection)


@pytest.fixture
def following(held: dict[str, str], rights: BrokerRights) -> Iterator[None]:
    """The broker follows the database, as under `up`."""
    rights.start(devices(held))
    stop = threading.Event()

    def follow() -> None:
        while not stop.wait(0.05):
            rights.set(devices(held))

    thread = threading.Thread(target=follow)
    thread.start()
    yield
    stop.set()
    thread.join()


def test_commands_prove_that_the_running_broker_took_the_change(
    held: dict[str, str], following: None, broker: EmbeddedNats
) -> None:
    station = json.loads(run("device", "list", "--json", **held).stdout)[0]["station"]
    added = run("device", "add", "klima-99", "--station", station, "--json", **held)
    assert (added.returncode, added.stderr) == (0, "The broker lets it in: tried just now.\n")
    first = json.loads(added.stdout)["password"]
    session = Peer(broker, "klima-99", first)
    assert session.welcome
    given = run("device", "password", "klima-99", "--json", **held)
    assert (given.returncode, "the broker takes the new" in given.stderr) == (0, True)
    assert session.gone.wait(5)
    assert not gets_in(broker, "klima-99", first)
    again = Peer(broker, "klima-99", json.loads(given.stdout)["password"])
    assert again.welcome
    revoked = run("device", "revoke", "klima-99", **held)
    assert (revoked.returncode, "The broker has thrown it out" in revoked.stderr) == (0, True)
    assert again.gone.wait(5)
    for peer in (session, again):
        peer.leave()


def test_the_devices_of_a_removed_trail_are_thrown_out(
    held: dict[str, str], following: None, broker: EmbeddedNats
) -> None:
    word = json.loads(run("device", "password", "klima-01", "--json", **held).stdout)["password"]
    session = Peer(broker, "klima-01", word)
    assert session.welcome
    removed = run("trail", "remove", "stadtwald", **held)
    assert (removed.returncode, "The broker has thrown out its devices" in removed.stderr) == (0, True)
    assert session.gone.wait(5)
    session.leave()


@pytest.mark.parametrize(
    "command", [("add", "klima-99", "--station"), ("password", "klima-01"), ("revoke", "klima-01")], ids=lambda c: c[0]
)
def test_a_command_fails_where_the_running_broker_does_not_take_the_change(
    held: dict[str, str],
    database: Database,
    rights: BrokerRights,
    monkeypatch: pytest.MonkeyPatch,
    command: tuple[str, ...],
) -> None:
    monkeypatch.setattr(login_proof, "WITHIN_S", 0.4)
    with database.transaction() as connection:
        credential.issue(connection, "klima-01")
    rights.start(devices(held))
    station = json.loads(run("device", "list", "--json", **held).stdout)[0]["station"]
    before = devices(held)
    ended = run("device", *command, *([station] if command[0] == "add" else []), **held)
    assert ended.returncode == 1
    last = ended.stderr.splitlines()[-1]
    assert last.startswith("digitalpfad: The change is in the database, but the broker of 'digitalpfad up' does not")
    assert "It goes by the logins of before. 'digitalpfad doctor' tells when it does" in last
    assert devices(held) != before
    assert ("password" in ended.stdout) == (command[0] != "revoke"), "a password is shown this once, come what may"


def test_a_command_fails_where_up_runs_and_its_broker_is_down(
    held: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(login_proof, "WITHIN_S", 0.4)
    ended = run("device", "revoke", "klima-01", **held)
    assert (ended.returncode, "The embedded broker is not running" in ended.stderr) == (1, True)


def test_a_change_counts_from_the_next_start_where_up_does_not_run(demo: dict[str, str], tmp_path: Path) -> None:
    ended = run("device", "revoke", "klima-01", **demo)
    assert ended.returncode == 0
    assert f"does not run with {tmp_path / 'none'}: this counts from its next start on." in ended.stderr
    assert not (tmp_path / "none").exists()


def test_a_held_data_directory_is_known_as_such(data: DataDir) -> None:
    assert not data.is_held()
    with data.lock():
        assert data.is_held()
    assert not data.is_held()


def test_doctor_says_whether_the_broker_goes_by_the_database(
    held: dict[str, str], rights: BrokerRights, database: Database
) -> None:
    rights.start(devices(held))

    def finding() -> dict[str, object]:
        found = json.loads(run("doctor", "--json", **held).stdout)
        return next(one for one in found if one["check"] == "device logins")

    assert finding()["ok"]
    with database.transaction() as connection:
        credential.issue(connection, "klima-01")
    assert not finding()["ok"]
    assert "the broker goes by the logins of before" in str(finding()["found"])


def test_doctor_says_that_the_embedded_broker_binds_no_client_id(held: dict[str, str], rights: BrokerRights) -> None:
    rights.start({})
    found = json.loads(run("doctor", "--json", **held).stdout)
    told = next(one for one in found if one["check"] == "client ids")
    assert told["found"] == "the embedded broker binds none to a login; nobody guesses the gateway's"
