"""The buffered client still fits into paho: what it uses of it is listed, and there."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from paho.mqtt import client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from gateway.mqtt import buffered_client
from gateway.mqtt.buffered_client import USED_OF_PAHO, BufferedClient, check_paho
from geodata.errors import StartRefused
from tests.checkout import ROOT


def test_a_paho_that_lacks_what_is_used_of_it_is_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(mqtt.Client, "_send_pubcomp")

    with pytest.raises(StartRefused, match=r"paho-mqtt 2\.2\.0 lacks _send_pubcomp, .*Install paho-mqtt>=2\.2,<2\.3"):
        BufferedClient(CallbackAPIVersion.VERSION2)
    with pytest.raises(StartRefused, match="lacks _send_pubcomp"):
        check_paho()


def test_all_names_that_paho_keeps_to_itself_are_listed_and_no_others() -> None:
    source = Path(buffered_client.__file__).read_text(encoding="utf-8")
    used = set(re.findall(r"(?:self|super\(\))\.(_[a-z][a-z_]+)", source)) | set(
        re.findall(r"def (_[a-z][a-z_]+)\(self", source)
    )
    own = set(dir(mqtt.Client)) | set(vars(mqtt.Client(CallbackAPIVersion.VERSION2)))

    assert used & own == set(USED_OF_PAHO)


def test_the_versions_of_paho_are_those_that_are_installed_and_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

    assert f"paho-mqtt{buffered_client.VERSIONS}" in project["dependencies"]
