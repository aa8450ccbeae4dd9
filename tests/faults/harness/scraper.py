"""Asks one /metrics without a pause and adds up the ingest counters in every answer."""

from __future__ import annotations

import re
import threading
from http.client import HTTPConnection, HTTPException
from typing import Self

_FIGURE = r"(?:\{[^}]*\})? (\S+)$"
_RECEIVED = re.compile(r"^digitalpfad_(?:gateway_received_parts_total|ingest_received)" + _FIGURE, re.MULTILINE)
_ENDS = re.compile(
    r"^digitalpfad_(?:gateway_parts_total|ingest_(?:stored|duplicates|quarantined))" + _FIGURE, re.MULTILINE
)


class Scraper:
    """``balanced`` counts the answers in which received was the sum of its ends and not nothing."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self.balanced = 0
        self.torn: list[str] = []

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join(10)
        assert not self.torn, self.torn[:3]

    def _run(self) -> None:
        while not self._stop.wait(0.005):
            text = self._scrape()
            received = sum(map(float, _RECEIVED.findall(text)))
            ends = sum(map(float, _ENDS.findall(text)))
            if received != ends:
                self.torn.append(f"received {received}, ends {ends}")
            elif received:
                self.balanced += 1

    def _scrape(self) -> str:
        connection = HTTPConnection("127.0.0.1", self._port, timeout=5)
        try:
            connection.request("GET", "/metrics")
            return connection.getresponse().read().decode()
        except (OSError, HTTPException):  # killed a moment ago
            return ""
        finally:
            connection.close()
