"""The gateway under test: as a thread of the test, or as a process that may be killed."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Sequence
from dataclasses import asdict
from http.client import HTTPResponse
from typing import Any, Self, cast

from gateway.decoding.decoder import Decoder
from gateway.decoding.decoders import DECODERS
from gateway.service import run
from gateway.settings import GatewaySettings
from tests.checkout import ROOT
from tests.fixtures.process.ports import free_port
from tests.fixtures.process.waiting import wait_until
from tests.gateway.conftest import (
    BASE_MS,
    DEVICES,
    BrokerServer,
    Publisher,
    Table,
    reading,
)


class Gateway:
    """The service in a thread of the test."""

    def __init__(
        self, database_url: str, server: BrokerServer, decoders: Sequence[Decoder] = DECODERS, **more: Any
    ) -> None:
        self.http_port, self.decoders = free_port(), decoders
        given: dict[str, Any] = {"client_id": "gateway-under-test", "http_port": self.http_port} | more
        self.settings = GatewaySettings(database_url=database_url, mqtt_url=server.url, **given)
        self.stopping = threading.Event()
        self.result: int | None = None
        self.thread = threading.Thread(target=self._run)

    def _run(self) -> None:
        self.result = run(self.settings, self.stopping, decoders=self.decoders)

    def __enter__(self) -> Self:
        self.thread.start()
        wait_until(lambda: self.ready()[0] == 200, what="the gateway to be ready")
        return self

    def __exit__(self, *_: object) -> None:
        self.stopping.set()
        self.thread.join(20)
        assert not self.thread.is_alive()
        assert self.result == 0

    def ready(self) -> tuple[int, dict]:
        try:
            with self._get("readyz") as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)
        except OSError:
            return 0, {}

    def metric(self, name: str) -> float:
        with self._get("metrics") as answer:
            lines = answer.read().decode().splitlines()
        return next(float(line.split()[-1]) for line in lines if line.startswith(f"digitalpfad_gateway_{name} "))

    def faults(self) -> dict[str, float]:
        """Of each worker, from the figures."""
        with self._get("metrics") as answer:
            text = answer.read().decode()
        found = re.findall(r'^digitalpfad_gateway_worker_faults_total\{worker="(.+)"\} (.+)$', text, re.MULTILINE)
        return {worker: float(count) for worker, count in found}

    def _get(self, path: str) -> HTTPResponse:
        return cast("HTTPResponse", urllib.request.urlopen(f"http://127.0.0.1:{self.http_port}/{path}", timeout=5))


class Child:
    """The gateway as a process of its own."""

    def __init__(self, database_url: str, server: BrokerServer, **more: Any) -> None:
        given: dict[str, Any] = {"client_id": "gateway-child"} | more
        settings = GatewaySettings(database_url=database_url, mqtt_url=server.url, **given)
        self.command = [sys.executable, str(ROOT / "tests/gateway/process.py"), json.dumps(asdict(settings))]
        self.process: subprocess.Popen[bytes] | None = None

    def kill(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait(10)

    def stop(self) -> int:
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(10)

    def start(self) -> None:
        paths = os.environ | {"PYTHONPATH": str(ROOT)}
        self.process = subprocess.Popen(self.command, cwd=ROOT, env=paths, stdout=subprocess.DEVNULL)


def publish_all(device: Publisher, total: int) -> None:
    for number in range(total):
        device.send(DEVICES[number % 10], reading(number // 10 + 1))


def wait_for_subscription(child: Child, device: Publisher, table: Table) -> int:
    """Send one value again and again until the child's subscription catches it; how many values that stored."""
    message = {"time": BASE_MS, "values": {"rain": 1}}

    def caught() -> bool:
        device.send(DEVICES[0], message)
        return table.counters[1] > 0

    wait_until(caught, what="the gateway's subscription")
    return 1
