"""Load on a server from outside: as fast as it answers (wrk), or at a fixed rate."""

from __future__ import annotations

import asyncio
import re
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from tests.fixtures.process.programs import require

CONNECTIONS = 16
PHONE = "Mozilla/5.0 (Linux; Android 14; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Mobile Safari/537.36"


@dataclass(frozen=True, slots=True)
class Load:
    """What wrk says: answers, answers per second, 99th percentile in milliseconds."""

    answers: int
    per_second: float
    p99_ms: float


def saturate(url: str, headers: tuple[str, ...] = (), script: Path | None = None) -> Load:
    """For a second ask on 16 connections, each as soon as it has its answer; ``script`` (Lua) writes requests."""
    given = [part for header in (f"User-Agent: {PHONE}", *headers) for part in ("-H", header)]
    written = ["-s", str(script)] if script else []
    command = [require("wrk"), "-t1", f"-c{CONNECTIONS}", "-d1s", "--latency", *given, *written, url]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert "Non-2xx or 3xx" not in said, said
    rate, answers = re.search(r"Requests/sec:\s+([\d.]+)", said), re.search(r"(\d+) requests in", said)
    slowest = re.search(r"99%\s+([\d.]+)(us|ms|s)", said)
    assert rate is not None, said
    assert answers is not None, said
    assert slowest is not None, said
    return Load(int(answers[1]), float(rate[1]), float(slowest[1]) * {"us": 0.001, "ms": 1, "s": 1000}[slowest[2]])


def steadily(url: str, seconds: float, per_second: int = 200) -> list[float]:
    """Milliseconds from when each request was due to its answer, in order of size; late answers delay nobody else's."""
    return asyncio.run(_steadily(url, round(seconds * per_second), 1 / per_second))


def p99(ordered: list[float]) -> float:
    """The 99th percentile of sorted figures."""
    return ordered[int(len(ordered) * 0.99)]


async def _steadily(url: str, count: int, every_s: float) -> list[float]:
    parts = urlsplit(url)
    request = f"GET {parts.path}?{parts.query} HTTP/1.1\r\nhost: {parts.netloc}\r\nuser-agent: {PHONE}\r\n\r\n".encode()
    free: asyncio.Queue[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = asyncio.Queue()
    for _ in range(CONNECTIONS):
        free.put_nowait(await asyncio.open_connection(parts.hostname, parts.port))
    took: list[float] = []

    async def ask(due: float) -> None:
        reader, writer = connection = await free.get()
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200"), head
        length = re.search(rb"content-length: (\d+)", head)
        assert length is not None, head
        await reader.readexactly(int(length[1]))
        took.append((time.perf_counter() - due) * 1000)
        free.put_nowait(connection)

    began = time.perf_counter()
    async with asyncio.TaskGroup() as asking:
        for number in range(count):
            due = began + number * every_s
            await asyncio.sleep(max(due - time.perf_counter(), 0))
            asking.create_task(ask(due))
    while not free.empty():
        free.get_nowait()[1].close()
    return sorted(took)
