"""`digitalpfad up`: start everything in order, show where it is, watch over it, stop it in reverse order."""

from __future__ import annotations

import shlex
import threading
import time
from collections.abc import Collection
from datetime import UTC, datetime

from digitalpfad import services
from digitalpfad.broker import service_logins
from digitalpfad.config.model import Settings
from digitalpfad.data_directory import ports
from digitalpfad.data_directory.folder import DataDir
from digitalpfad.embedded import postgres
from digitalpfad.embedded.nats import EmbeddedNats
from digitalpfad.embedded.process import Interrupted, Supervisor
from digitalpfad.network import is_loopback, lan_address
from digitalpfad.process import watchdog
from digitalpfad.process.signals import stop_on_signals
from digitalpfad.tls import configured, open_to_network
from digitalpfad.up import children, chosen_ports
from digitalpfad.up.broker_certificate import BrokerCertificate
from digitalpfad.up.broker_logins import BrokerRights
from digitalpfad.up.first_data import example_station, load_demonstration, simulator_credentials, staff_login
from digitalpfad.up.news import DatabaseNews
from digitalpfad.up.screen import Terminal
from geodata.errors import StartRefused
from geodata.runtime.worker import Worker, ended
from geodata.store import migrate, roles
from geodata.store.database import Database
from geodata.store.devices import credential

_LOOK_S = 0.5
_STILL_S = 60.0
_LONGEST_PAUSE_S = 5.0


def run(settings: Settings, *, demo: bool, years: bool = False, given: Collection[str] = ()) -> None:
    """Run until SIGINT or SIGTERM; raise StartRefused when a precondition is missing. No process stays behind.

    ``demo``: with the demonstration, ``years``: and with what its counters counted in the years before. ``given`` are
    the settings that somebody has set: a new data directory chooses only among the others.
    """
    stop = stop_on_signals()
    terminal = Terminal()
    data = DataDir.at(settings.data_dir)
    data.create()
    with data.lock():
        settings = chosen_ports.with_free_ports(settings, data, given)
        supervisor = Supervisor(terminal.say, stop)
        try:
            _System(settings, data, supervisor, terminal, stop).run(demo=demo, years=years)
        except Interrupted:
            terminal.say("Interrupted.")
        finally:
            supervisor.stop_all()
    terminal.say("Stopped.")


class _System:
    """The parts of one running system."""

    def __init__(
        self, settings: Settings, data: DataDir, supervisor: Supervisor, terminal: Terminal, stop: threading.Event
    ) -> None:
        self._settings = settings
        self._data = data
        self._supervisor = supervisor
        self._terminal = terminal
        self._stop = stop
        self._began = self._looked_at = time.monotonic()
        self._began_at = datetime.now(UTC)
        self._broker: EmbeddedNats | None = None
        self._rights: BrokerRights | None = None
        self._certificate: BrokerCertificate | None = None
        if settings.mqtt_url is None:
            certificate = configured.of_mqtt(settings)
            self._broker = EmbeddedNats(
                data, settings.mqtt_host, settings.mqtt_port, settings.mqtt_sync, certificate=certificate
            )
            self._rights = BrokerRights(self._broker, supervisor, terminal.say)
            if certificate:
                self._certificate = BrokerCertificate(self._broker, certificate, supervisor, terminal.say)

    def run(self, *, demo: bool, years: bool) -> None:
        configured.of_web(self._settings)
        chosen_ports.check(self._settings)
        chosen_ports.keep(self._settings, self._data)
        urls = self._start_database()
        database = Database(urls["owner"], pool_size=2, name="digitalpfad up")
        with self._terminal.step("Reading trails and logins", "Trails and logins are read"), database:
            if demo:
                load_demonstration(database, years=years)
            login = staff_login(database, self._data)
            credentials = simulator_credentials(database, self._data) if demo else None
            station = example_station(database)
            with database.transaction() as connection:
                name_conflict = service_logins.name_conflict(self._settings, credential.hashes(connection))
        mqtt_url = self._start_broker(database)
        broker = services.broker(self._settings)
        with self._terminal.step("Starting the gateway", "Gateway takes messages"):
            self._supervisor.start(children.gateway(self._settings, self._data, urls["gateway"], broker, mqtt_url))
        with self._terminal.step("Starting the web app", "Web app answers"):
            self._supervisor.start(children.web(self._settings, self._data, urls["web"]))
        if credentials:
            self._supervisor.start(children.simulator(self._data, broker, credentials, years=years))
        self._show(station, login)
        if name_conflict:
            self._terminal.say(f"Note: {name_conflict}. {service_logins.HINT}")
        self._watch(database, await_first_value=demo)

    def _start_database(self) -> dict[str, str]:
        """Start the embedded database unless another is set, migrate, and return the address for each service."""
        if self._settings.database_url is not None:
            url = self._settings.database_url.get_secret_value()
            with self._terminal.step("Migrating the database", "Database is up to date"):
                migrate.migrate(url)
            return {"owner": url, "gateway": url, "web": url}
        with self._terminal.step("Starting PostgreSQL", f"PostgreSQL {postgres.MAJOR} is ready"):
            server = postgres.prepare(self._data)
            server.start(self._supervisor)
        self._data.write_secret(services.KEPT_DATABASE_URL, server.url)
        with self._terminal.step("Migrating the database", "Database is up to date"):
            migrate.migrate(server.url)
            return {"owner": server.url, "gateway": server.login(roles.GATEWAY), "web": server.login(roles.WEB)}

    def _start_broker(self, database: Database) -> str:
        """Start the embedded broker unless another is set; return the gateway's address of it."""
        if self._broker is None or self._rights is None:
            if self._settings.mqtt_url is None:  # pragma: no cover - the broker is None only when an address is set
                raise StartRefused("There is neither a broker nor an address of one.")
            return self._settings.mqtt_url.get_secret_value()
        with self._terminal.step("Starting the MQTT broker", "MQTT broker is ready"):
            with database.listener() as connection:
                devices = credential.hashes(connection)
            self._rights.start(devices)
            services.keep_broker(self._data, self._broker.url, self._broker.certificate)
        return self._broker.url

    def _show(self, station: str | None, login: tuple[str, str]) -> None:
        settings = self._settings
        scheme = "https" if settings.tls_certificate_file else "http"
        base = settings.base_url.rstrip("/") or _address(scheme, settings.host, settings.port)
        lines = [("Open", f"{base}/"), ("Staff", f"{base}/staff/   {login[0]}  {login[1]}")]
        if self._broker:
            scheme = "mqtts" if self._broker.certificate else "mqtt"
            lines.append(
                ("Devices", f"{scheme}://{_host(settings.mqtt_host)}:{settings.mqtt_port}   (digitalpfad device add)")
            )
        page = f"{base}/s/{station}" if station else f"{base}/"
        if station:
            lines.insert(1, ("Station", page))
        else:
            lines.append(("Next", "digitalpfad trail import FILE --municipality TOWN   (or start with --demo)"))
        lines += self._lines_of_another_system()
        if is_loopback(settings.host) and not settings.base_url:
            lines.append(("Phone", "start with --host 0.0.0.0 to open it from a phone in the same network"))
        self._terminal.show(lines, qr=page)
        for warning in open_to_network.of_all(settings):
            self._terminal.say(warning)

    def _lines_of_another_system(self) -> list[tuple[str, str]]:
        """What a second system on the machine needs to know; nothing for one with the usual folder and ports."""
        present, usual = self._settings, Settings.model_fields
        lines: list[tuple[str, str]] = []
        if any(getattr(present, name) != usual[name].default for name in ports.Ports.__struct_fields__):
            lines.append(("Ports", chosen_ports.line(present, self._data)))
        if present.data_dir != usual["data_dir"].default:
            lines.append(("Commands", f"DIGITALPFAD_DATA_DIR={shlex.quote(str(self._data.path))} digitalpfad …"))
        return lines

    def _watch(self, database: Database, *, await_first_value: bool) -> None:
        """Look after the children, and tell the embedded broker whenever a device comes or goes."""
        since = self._began_at if await_first_value else None
        news = DatabaseNews(database, self._stop, self._terminal.say, since, self._tell_first_value)
        news.worker.start()
        self._supervisor.caretaker.start()
        self._looked_at = time.monotonic()
        watchdog.begin(lambda: self._dead([news.worker, self._supervisor.caretaker]))
        Worker("supervisor", lambda: self._look_after(news), self._stop, longest_pause_s=_LONGEST_PAUSE_S).run()

    def _dead(self, workers: list[Worker]) -> list[str]:
        """Parts of this process itself that only a new start brings back."""
        names = ended(workers)
        return [*names, "supervisor"] if time.monotonic() - self._looked_at > _STILL_S else names

    def _look_after(self, news: DatabaseNews) -> None:
        while not self._stop.is_set():
            self._looked_at = time.monotonic()
            self._supervisor.watch()
            self._prove_rights()
            if self._certificate:
                self._certificate.look()
            devices = news.devices()
            if devices is not None:
                self._reload(devices)
            self._prove_rights()
            self._stop.wait(_LOOK_S)

    def _tell_first_value(self) -> None:
        self._terminal.say(f"First live value after {time.monotonic() - self._began:.1f} s.")

    def _prove_rights(self) -> None:
        if self._rights:
            self._rights.look()

    def _reload(self, devices: dict[str, str]) -> None:
        if self._rights:
            self._rights.set(devices)


def _host(host: str) -> str:
    """The name under which others reach a server that listens on ``host``."""
    return (lan_address() or "127.0.0.1") if host in {"0.0.0.0", "::"} else host  # noqa: S104 - compared only


def _address(scheme: str, host: str, port: int) -> str:
    name = _host(host)
    return f"{scheme}://[{name}]:{port}" if ":" in name else f"{scheme}://{name}:{port}"
