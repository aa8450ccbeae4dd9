"""The ports of one system among several on a machine."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import msgspec
import pytest

from digitalpfad import services
from digitalpfad.config import settings
from digitalpfad.data_directory import ports
from digitalpfad.data_directory.folder import DataDir
from digitalpfad.doctor import checks
from digitalpfad.running import running_services, web_port
from digitalpfad.up import children, chosen_ports
from gateway.mqtt.config import parse_url
from geodata.errors import StartRefused
from geodata.store.database import Database
from geodata.store.operations import inspection
from geodata.store.transaction import Transaction
from tests.fixtures.process.ports import free_port

HOSTS = dict.fromkeys(ports.Ports.__struct_fields__, "127.0.0.1")


def taken_as_given(**given: object) -> settings.Settings:
    return settings.load(Path("none"), **given)[0]


def wanted() -> dict[str, int]:
    return {name: free_port() for name in HOSTS}


def test_one_taken_port_moves_all_that_nobody_has_set_by_the_same_step(folder: Path) -> None:
    asked = wanted()
    with socket.create_server(("127.0.0.1", asked["mqtt_port"])):
        chosen = ports.settle(asked, HOSTS, given={"port"})
    (step,) = {chosen[name] - asked[name] for name in ("mqtt_port", "gateway_http_port")}
    assert step >= ports.STEP
    assert chosen["port"] == asked["port"], "somebody has set it"


def test_free_ports_are_taken_as_they_are() -> None:
    asked = wanted()
    assert ports.settle(asked, HOSTS, given=()) == asked


def test_a_folder_where_no_system_was_started_takes_free_ports_also_if_it_was_restored(folder: Path) -> None:
    data, asked = DataDir.at(folder / "data").create(), wanted()
    usual = taken_as_given(**asked)
    with socket.create_server(("127.0.0.1", asked["port"])):
        moved = chosen_ports.with_free_ports(usual, data, given=())
        assert moved.port != asked["port"]
        assert ports.load(data.path) == {}, "not before they were found free"
        data.write_secret(services.KEPT_MQTT_URL, "mqtt://x:y@127.0.0.1:1883")
        assert chosen_ports.with_free_ports(usual, data, given=()) == usual, "the devices of a system know its ports"


def test_the_ports_of_one_start_are_those_of_its_services_whatever_the_folder_keeps(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, asked = DataDir.at(folder / "data").create(), wanted()
    ports.keep(data, ports.Ports(**wanted()))
    url = "mqtt://x:y@127.0.0.1:1883"
    program = children.gateway(taken_as_given(**asked), data, "postgresql:///x", parse_url(url), url)
    for name, value in program.env.items():
        monkeypatch.setenv(name, value)
    told, _ = settings.load(folder / "none")
    assert (told.port, told.gateway_http_port) == (asked["port"], asked["gateway_http_port"])


def test_only_ports_that_are_kept_are_called_so(folder: Path) -> None:
    data, first, other = DataDir.at(folder / "data").create(), wanted(), wanted()
    chosen_ports.keep(taken_as_given(**first), data)
    chosen_ports.keep(taken_as_given(**other), data)
    assert ports.load(data.path) == first
    assert chosen_ports.line(taken_as_given(**first), data).endswith(f"(kept in {data.path})")
    assert f"(for this start; {data.path} keeps web {first['port']}," in chosen_ports.line(
        taken_as_given(**other), data
    )


def test_all_taken_ports_are_told_at_once_each_with_its_option(folder: Path) -> None:
    asked = wanted()
    with (
        socket.create_server(("127.0.0.1", asked["port"])),
        socket.create_server(("127.0.0.1", asked["mqtt_port"])),
        pytest.raises(StartRefused) as refused,
    ):
        chosen_ports.check(taken_as_given(**asked))
    assert f"Port {asked['port']} on 127.0.0.1" in str(refused.value)
    assert "with --mqtt-port or DIGITALPFAD_MQTT_PORT" in str(refused.value)
    assert str(asked["gateway_http_port"]) not in str(refused.value)


@contextmanager
def answering(body: bytes, asked: list[str] | None = None) -> Generator[int]:
    """A program that answers ``body`` to every request; its port. ``asked`` collects the paths."""
    paths = [] if asked is None else asked

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            paths.append(self.path)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as the base calls it
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


def test_the_doctor_knows_the_web_app_of_its_own_database_from_any_other(demo: dict[str, str]) -> None:
    url = demo["DIGITALPFAD_DATABASE_URL"]
    with Database(url) as database, database.connect() as connection:
        own = inspection.instance(connection)
    own_body = msgspec.json.encode({"ready": True, "checks": [], "instance": own})
    for body, expected in [
        (own_body, "the web app answers"),
        (own_body.replace(own.encode(), b"0123456789abcdef"), "the web app of another system answers there"),
        (own_body.replace(own.encode(), b""), "a web app without its database answers there"),
        (b'{"ready": true}', "another program answers there"),
        (b"<html>", "another program answers there"),
        (b'{"other":' + b"[" * 50_000, "another program answers there"),
        (b'{"ready":true,"instance":"\xff"}', "another program answers there"),
    ]:
        with answering(body) as port:
            given = taken_as_given(port=port, gateway_http_port=port, database_url=url)
            at_port = web_port.occupant(given)
            found = web_port_says(given, at_port)
            assert running_services.troubles(given, at_port) == []
        assert found == f"{port}: {expected}" or found.startswith(f"{port}: {expected},")


def test_the_doctor_asks_the_web_app_and_its_database_once(
    demo: dict[str, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    url, asked, looked_up = demo["DIGITALPFAD_DATABASE_URL"], list[str](), list[str]()
    with Database(url) as database, database.connect() as connection:
        own = inspection.instance(connection)

    def instance(connection: Transaction) -> str:
        looked_up.append(own)
        return own

    monkeypatch.setattr(inspection, "instance", instance)
    body = msgspec.json.encode({"ready": False, "instance": own, "checks": [{"name": "work", "ok": False}]})
    with answering(body, asked) as port:
        given = taken_as_given(
            port=port, gateway_http_port=free_port(), database_url=url, data_dir=tmp_path, mqtt_port=free_port()
        )
        found = {one.check: one for one in checks.examine(given)}
    assert (asked, looked_up) == (["/readyz"], [own])
    assert found["web app work"].found == "the web app says: not ok"
    assert found["port"].found == f"{port}: the web app answers, but is not ready (see /readyz)"


def web_port_says(of: settings.Settings, found: web_port.Occupant) -> str:
    try:
        return web_port.look(of, found)
    except StartRefused as error:
        return str(error)


def test_every_command_knows_the_ports_of_its_data_directory(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = DataDir.at(folder / "data").create()
    asked = wanted()
    ports.keep(data, ports.Ports(**asked))
    present, sources = settings.load(folder / "none", data_dir=data.path)
    assert {name: getattr(present, name) for name in HOSTS} == asked
    assert sources["mqtt_port"] == str(data.path / ports.FILE)
    monkeypatch.setenv("DIGITALPFAD_MQTT_PORT", "1999")
    assert settings.load(folder / "none", data_dir=data.path)[0].mqtt_port == 1999, "who sets it is heard first"
    assert settings.load(folder / "none", data_dir=folder / "other")[0].port == 8080


@pytest.mark.parametrize("text", ["", "[]", json.dumps({"port": 8080}), json.dumps(dict.fromkeys(HOSTS, 0))])
def test_a_damaged_file_of_ports_is_one_sentence_with_an_example(folder: Path, text: str) -> None:
    (folder / ports.FILE).write_text(text)
    with pytest.raises(StartRefused, match=r"is damaged.*expected the ports of this system, such as"):
        ports.load(folder)
