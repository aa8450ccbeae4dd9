"""The ports of one system among several on a machine."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest

from digitalpfad import ports, settings
from digitalpfad.datadir import DataDir
from geodata.errors import StartRefused

from .conftest import free_port

HOSTS = dict.fromkeys(ports.Ports.__struct_fields__, "127.0.0.1")


def wanted() -> dict[str, int]:
    return {name: free_port() for name in HOSTS}


def test_one_taken_port_moves_all_that_nobody_has_set_by_the_same_step(folder: Path) -> None:
    data, asked = DataDir.at(folder / "data").create(), wanted()
    with socket.create_server(("127.0.0.1", asked["mqtt_port"])):
        chosen = ports.settle(data, asked, HOSTS, given={"port"})
    (step,) = {chosen[name] - asked[name] for name in ("mqtt_port", "gateway_http_port")}
    assert step >= ports.STEP
    assert chosen["port"] == asked["port"], "somebody has set it"
    assert ports.kept(data.path) == chosen


def test_free_ports_are_taken_as_they_are(folder: Path) -> None:
    asked = wanted()
    assert ports.settle(DataDir.at(folder / "data").create(), asked, HOSTS, given=()) == asked


def test_every_command_knows_the_ports_of_its_data_directory(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = DataDir.at(folder / "data").create()
    asked = ports.settle(data, wanted(), HOSTS, given=())
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
        ports.kept(folder)
