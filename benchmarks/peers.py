"""Peers that pip and npm install: messages a second, and what is lost or doubled when the consumer is killed once.

They are installed into build/peers by the full form, and stay there for the next run; the project never needs them.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg

from benchmarks.backlog import VALUES, message, publish
from benchmarks.rows import Row, Scale
from benchmarks.world import World, one
from tests.checkout import ROOT
from tests.faults.harness.gateway import Gateway
from tests.fixtures.process.ports import free_port

_FOLDER = ROOT / "build/peers"
_DEVICES = 100
_FIRST = 1_000_000  # apart from the warm-up
_QUIET_S = 10.0  # nothing new for so long: it will not come any more
_SOURCE = Path(__file__).parent / "references/peer_pathway.py"
_TABLE = """CREATE TABLE message (seq bigint, measured_at bigint, air_temperature float8, air_humidity float8,
    soil_moisture float8, battery_voltage float8{0})"""


@dataclass
class Consumer:
    """One that takes messages into a database: how it is started, and how its rows are counted."""

    name: str
    database_url: str
    start: Callable[[], subprocess.Popen[bytes]]
    count: str  # rows, and different messages among them

    def rows(self) -> int:
        """Messages in the table, doubled ones too."""
        with psycopg.connect(self.database_url, autocommit=True) as connection:
            return one(
                connection, self.count.partition(", count(DISTINCT")[0] + " FROM" + self.count.rpartition(" FROM")[2]
            )

    def counted(self) -> tuple[int, int]:
        """Rows and different messages."""
        with psycopg.connect(self.database_url, autocommit=True) as connection:
            row = connection.execute(self.count.encode()).fetchone()
        return (int(row[0]), int(row[1])) if row else (0, 0)


def run(world: World, scale: Scale) -> Iterator[Row]:
    """Each on a mosquitto of its own, twice: undisturbed, and killed after a third of the messages."""
    yield from _measured(world, scale, "Digitalpfad", _ours)
    for name, find, make in (("Pathway", _pathway_python, _pathway), ("Node-RED with pg", _node_red_js, _node_red)):
        try:
            program = find(install=scale.whole)
        except (OSError, subprocess.SubprocessError) as error:
            yield Row("peers", name, None, "", note=f"skipped: it cannot be installed here ({type(error).__name__})")
            continue
        if program is None:
            yield Row("peers", name, None, "", note="skipped: the full form installs it")
            continue
        yield from _measured(world, scale, name, lambda w, p, make=make, program=program: make(w, p, program))


def _measured(world: World, scale: Scale, name: str, make: Callable[[World, int], Consumer]) -> Iterator[Row]:
    count = scale.peer_messages
    for killed in (False, True):
        with world.broker("mosquitto") as broker:
            consumer = make(world, broker.port)
            try:
                took, rows, different = _through(consumer, broker.port, count, killed=killed)
            except Exception as error:  # noqa: BLE001 - a peer that does not run is a line of the table
                yield Row("peers", name, None, "", note=f"does not run here: {str(error)[:80]}")
                return
        if not killed:
            yield Row("peers", f"{name}, messages/s", count / took, "/s", note=f"{count:,} messages with 4 values")
            continue
        yield Row("peers", f"{name}, lost after kill -9", count - different, "messages")
        yield Row("peers", f"{name}, doubled after kill -9", rows - different, "messages")


def _through(consumer: Consumer, port: int, count: int, *, killed: bool) -> tuple[float, int, int]:
    """Seconds from the first publish to the last row, rows, and different messages; all without the warm-up."""
    process = consumer.start()
    try:
        base = _warm_up(consumer, port)
        began = last = time.monotonic()
        messages = (message(seq % _DEVICES, _FIRST + seq, 1_780_000_000_000 + seq * 1000) for seq in range(count))
        publish(port, messages)
        seen = 0
        while time.monotonic() < last + _QUIET_S:
            now = consumer.rows()
            if now != seen:
                seen, last = now, time.monotonic()
            if killed and seen > base + count // 3:
                killed = False
                _kill(process)
                process = consumer.start()
                last = time.monotonic() + 20  # it may take its time to start
            if not killed and seen >= base + count and consumer.counted()[1] >= base + count:
                break
            time.sleep(0.05)
        time.sleep(2)  # what comes twice may come late
        rows, different = consumer.counted()
        return last - began, rows - base, different - base
    finally:
        _kill(process)


def _kill(process: subprocess.Popen[bytes]) -> None:
    """kill -9, also of the processes that it started where it leads a group of its own."""
    if process.poll() is not None:
        return
    if os.getpgid(process.pid) == process.pid:
        os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.wait(10)


def _warm_up(consumer: Consumer, port: int) -> int:
    """Send one message after the other until the first are stored; how many arrived."""
    deadline = time.monotonic() + 40
    sent = 0
    while consumer.rows() == 0:
        if time.monotonic() > deadline:
            raise TimeoutError("it stored nothing in 40 s")
        publish(port, [message(sent % _DEVICES, sent, 1_770_000_000_000 + sent * 1000)])
        sent += 1
        time.sleep(0.2)
    time.sleep(2)
    return consumer.counted()[1]


def _ours(world: World, port: int) -> Consumer:
    url = world.database(_DEVICES)
    gateway = Gateway(world.folder, url, f"mqtt://127.0.0.1:{port}", {"PYTHONDONTWRITEBYTECODE": ""})

    def start() -> subprocess.Popen[bytes]:
        process = gateway.start().process
        assert process is not None
        return process

    of = f"/ {len(VALUES)}"
    count = f"SELECT count(*) {of}, count(DISTINCT (datastream, phenomenon_time)) {of} FROM observation"
    return Consumer("Digitalpfad", url, start, count)


def _pathway_python(*, install: bool) -> Path | None:
    python = _FOLDER / "pathway/bin/python"
    if not python.exists() and install:
        subprocess.run([sys.executable, "-m", "venv", _FOLDER / "pathway"], check=True, timeout=60)
        command = [python, "-m", "pip", "install", "-q", "pathway"]
        subprocess.run(command, check=True, timeout=300, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return python if python.exists() else None


def _pathway(world: World, port: int, python: Path) -> Consumer:
    url = _database(world, "peer_pathway", _TABLE.format(", time bigint, diff smallint"))
    checkpoints = world.folder / f"pathway-{port}"
    command = [str(python), str(_SOURCE), str(port), str(world.postgres.port), str(checkpoints)]
    return Consumer("Pathway", url, lambda: _process(command, world.folder), _SEQS)


def _node_red_js(*, install: bool) -> Path | None:
    program = _FOLDER / "node-red/node_modules/node-red/red.js"
    npm = shutil.which("npm")
    if not program.exists() and install and npm:
        (_FOLDER / "node-red").mkdir(parents=True, exist_ok=True)
        command = [npm, "install", "--no-audit", "--no-fund", "--prefix", str(_FOLDER / "node-red"), "node-red", "pg"]
        subprocess.run(command, check=True, timeout=300, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return program if program.exists() and shutil.which("node") else None


def _node_red(world: World, port: int, program: Path) -> Consumer:
    """The flow that its documentation suggests: MQTT in, a function with the driver `pg`, a pool of connections."""
    url = _database(world, "peer_node_red", _TABLE.format(""))
    folder = world.folder / f"node-red-{port}"
    folder.mkdir()
    (folder / "node_modules").symlink_to(program.parents[1])
    (folder / "package.json").write_text('{"dependencies": {"pg": "*"}}')
    (folder / "flows.json").write_text(json.dumps(_flow(port, url)))
    (folder / "settings.js").write_text(
        f"module.exports = {{flowFile: 'flows.json', uiHost: '127.0.0.1', uiPort: {free_port()},"
        " functionExternalModules: true, telemetry: {enabled: false}, externalModules: {autoInstall: false,"
        " palette: {allowInstall: false}}, logging: {console: {level: 'warn'}}}"
    )
    command = [str(shutil.which("node")), str(program), "--userDir", str(folder), "-s", str(folder / "settings.js")]
    return Consumer("Node-RED", url, lambda: _process(command, folder), _SEQS)


_SEQS = "SELECT count(*), count(DISTINCT seq) FROM message"


def _flow(port: int, url: str) -> list[dict[str, object]]:
    names = ", ".join(VALUES)
    insert = (
        "const v = msg.payload.values;\n"
        f'await context.get("pool").query("INSERT INTO message (seq, measured_at, {names})'
        ' VALUES ($1, $2, $3, $4, $5, $6)", [msg.payload.seq, msg.payload.time, '
        + ", ".join(f"v.{name}" for name in VALUES)
        + "]);"
    )
    return [
        {"id": "tab", "type": "tab", "label": "telemetry"},
        {
            "id": "broker", "type": "mqtt-broker", "broker": "127.0.0.1", "port": str(port),
            "clientid": "peer-node-red", "protocolVersion": "4", "keepalive": "60", "cleansession": False,
            "autoConnect": True,
        },
        {
            "id": "in", "type": "mqtt in", "z": "tab", "topic": "digitalpfad/v1/+/+/event/+", "qos": "1",
            "datatype": "json", "broker": "broker", "nl": False, "rap": True, "inputs": 0, "wires": [["write"]],
        },
        {
            "id": "write", "type": "function", "z": "tab", "func": insert, "outputs": 0, "wires": [],
            "libs": [{"var": "pg", "module": "pg"}],
            "initialize": f'context.set("pool", new pg.Pool({{connectionString: "{url}", max: 10}}));',
            "finalize": "",
        },
    ]  # fmt: skip


def _database(world: World, name: str, table: str) -> str:
    with psycopg.connect(world.postgres.url, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)".encode())
        connection.execute(f"CREATE DATABASE {name}".encode())
    url = f"{world.postgres.url.rpartition('/')[0]}/{name}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(table.encode())
    return url


def _process(command: list[str], folder: Path) -> subprocess.Popen[bytes]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DIGITALPFAD_", "PYTHON"))}
    with (folder / "peer.log").open("ab") as log:
        return subprocess.Popen(
            command, env=kept, cwd=folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
        )
