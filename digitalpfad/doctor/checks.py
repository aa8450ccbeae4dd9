"""The checks of `doctor`: each looks at one thing and says what it found and, if that is bad, the hint."""

from __future__ import annotations

import shutil
import stat
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from digitalpfad import services
from digitalpfad.broker import login_proof, service_logins, sessions
from digitalpfad.config.model import Settings
from digitalpfad.data_directory import maintenance
from digitalpfad.data_directory.folder import DataDir
from digitalpfad.doctor import base_map_check, certificate_checks, database_roles, figure_checks, trail_facts
from digitalpfad.doctor.result import CheckResult
from digitalpfad.logs import log_sizes
from digitalpfad.running import running_services, web_port
from digitalpfad.running.running_services import Trouble
from digitalpfad.terminal import device_condition
from digitalpfad.terminal.names import spelled
from gateway.mqtt import probe
from geodata.conditions import legal_gaps
from geodata.errors import DigitalpfadError
from geodata.model.municipality import Municipality
from geodata.model.operator import Operator, option
from geodata.model.trail import Trail
from geodata.runtime.machine_clock import is_synchronised
from geodata.runtime.steady_clock import SteadyClock
from geodata.security.login_url import ENCODE
from geodata.store import migrate
from geodata.store.catalogue.trail import load_municipalities, load_trails
from geodata.store.database import Database, translated
from geodata.store.ingest import counters
from geodata.store.operations import inspection
from geodata.store.reports import reading

_LEAST_FREE_BYTES = 1_000_000_000
_CLOCK_TOLERANCE_S = 5.0
_START = "Start the database ('digitalpfad up' starts the embedded one), or correct DIGITALPFAD_DATABASE_URL."
_UP = "Start it: 'systemctl start digitalpfad' on a server, else 'digitalpfad up'; leave it running."
_DATABASE_HINTS = {
    "Connection refused": _START,
    "No database": _START,
    services.STOPPED: _UP,
    "resolve host": "Correct the host's name in DIGITALPFAD_DATABASE_URL.",
    "password authentication failed": f"Correct user and password in DIGITALPFAD_DATABASE_URL. {ENCODE}",
    "no password supplied": "Put the user's password into DIGITALPFAD_DATABASE_URL.",
    "does not exist": "Create the database and its user, or correct their names in DIGITALPFAD_DATABASE_URL.",
    "must be preloaded": "Add timescaledb to shared_preload_libraries in postgresql.conf and restart PostgreSQL.",
    "permission denied": "Run this with the login that owns the tables: one made for a service may not look at all.",
    "timeout expired": "Let the database's host and firewall answer, or correct DIGITALPFAD_DATABASE_URL.",
}
_SERVICES = {"database", "migrations", "broker"}
_LATE_DAYS = 14
_ANSWER = "Have staff answer and close them: /staff/reports."
_EARLIEST = datetime(2026, 1, 1, tzinfo=UTC)


def examine(settings: Settings) -> list[CheckResult]:
    """All findings, in the order in which an operator should read them."""
    clock, at_web_port = SteadyClock(), web_port.occupant(settings)
    troubles = running_services.troubles(settings, at_web_port)
    services_found = [
        *_database(settings, clock),
        _try("broker", lambda: _broker(settings), _broker_hint(settings)),
    ]
    return [
        *services_found,
        *(
            _broker_details(settings)
            if all(result.ok for result in services_found if result.check in _SERVICES)
            else []
        ),
        _disk(settings),
        _try("logs", lambda: log_sizes.look(DataDir.at(settings.data_dir).logs), log_sizes.HINT),
        _clock(clock, [trouble for trouble in troubles if trouble.check == running_services.CLOCK]),
        *(_told(trouble) for trouble in troubles if trouble.check != running_services.CLOCK),
        _rights(settings),
        _maintenance(settings, datetime.now(UTC)),
        _try("port", lambda: web_port.look(settings, at_web_port), web_port.HINT),
        *certificate_checks.look(settings, datetime.now(UTC)),
        base_map_check.look(settings),
    ]


def _broker_details(settings: Settings) -> list[CheckResult]:
    return [_logins(settings), _client_ids(settings), _sessions(settings)]


def _try(check: str, look: Callable[[], str], hint: str) -> CheckResult:
    try:
        return CheckResult(check, ok=True, found=look())
    except DigitalpfadError as error:
        return CheckResult(check, ok=False, found=str(spelled(error.sentence)), hint=hint)


def _database(settings: Settings, clock: SteadyClock) -> list[CheckResult]:
    try:
        url = services.database_url(settings)
        database = Database(url, name="digitalpfad doctor")
        with translated(), database.connect() as connection:  # a pool would try for long and log each attempt
            server = inspection.server(connection)
            missing = migrate.pending(connection)
            failed_jobs = inspection.failed_jobs(connection)
            catalogue = None if missing else (load_trails(connection).values(), load_municipalities(connection))
            facts = None if missing else trail_facts.look(connection)
            devices = [] if missing else device_condition.judged(connection, datetime.now(UTC))
            reports = None if missing else reading.count_open(connection)
            figures = [] if missing else figure_checks.look(connection, datetime.now(UTC))
            clock.begin_after(None if missing else counters.last_commit(connection))
    except DigitalpfadError as error:
        hints = (hint for sign, hint in _DATABASE_HINTS.items() if sign in str(error))
        hint = next(hints, "Correct DIGITALPFAD_DATABASE_URL, or what the database says is wrong with it.")
        return [CheckResult("database", ok=False, found=str(spelled(error.sentence)), hint=hint)]
    drift = abs((server.now - datetime.now(UTC)).total_seconds())
    return [
        CheckResult("database", ok=True, found=f"PostgreSQL {server.version}"),
        CheckResult(
            "migrations",
            ok=not missing,
            found=f"missing: {', '.join(missing)}" if missing else "up to date",
            hint="Run 'digitalpfad migrate'." if missing else "",
        ),
        _timescale(server.timescale, failed_jobs),
        _server_clock(drift),
        *([] if missing else _roles(url)),
        *([] if catalogue is None else [_legal_pages(*catalogue, Operator(**settings.operator)), _devices(devices)]),
        *([] if facts is None else [facts]),
        *figures,
        *([] if missing else [_names(settings, devices)]),
        *([] if reports is None else [_reports(reports, datetime.now(UTC))]),
    ]


def _timescale(version: str | None, failed: list[inspection.FailedJob]) -> CheckResult:
    if version is None:
        return CheckResult("TimescaleDB", ok=True, found="none (monthly partitions instead)")
    failures = [f"; job {job.id} ({job.name}) failed: {job.reason or 'its owner may read why'}" for job in failed]
    hint = "Mend the reason, then run CALL run_job(number) or wait for its next turn; the view"
    return CheckResult(
        "TimescaleDB",
        ok=not failed,
        found=f"TimescaleDB {version}{''.join(failures)}",
        hint=f"{hint} timescaledb_information.job_errors has all of them." if failed else "",
    )


def _legal_pages(trails: Iterable[Trail], towns: Mapping[str, Municipality], default: Operator) -> CheckResult:
    """Hikers are shown no gap; a demonstration needs no imprint, a real trail does."""
    gaps = legal_gaps.find(trails, towns, default)
    lacks = "; ".join(f"{gap.municipality.name} lacks {', '.join(map(option, gap.missing))}" for gap in gaps)
    real = [gap for gap in gaps if not gap.is_demonstration]
    hint = f"Set them: 'digitalpfad municipality set {real[0].municipality.slug} --help'." if real else ""
    only_shown = " (a demonstration)" if gaps and not real else ""
    return CheckResult("legal pages", ok=not real, found=(lacks or "nothing is missing") + only_shown, hint=hint)


def _devices(devices: device_condition.Judged) -> CheckResult:
    """One device that is silent or sends rubbish is the staff's; all of them at once are a fault of the system."""
    common = device_condition.common(devices)
    if common is None:
        return CheckResult("devices", ok=True, found=device_condition.summary(devices))
    return CheckResult("devices", ok=False, found=common[0], hint=common[1])


def _server_clock(drift: float) -> CheckResult:
    """``drift``: seconds between the database's clock and this machine's."""
    hint = "" if drift < _CLOCK_TOLERANCE_S else "Set the clocks of both machines by NTP."
    return CheckResult("server clock", ok=not hint, found=f"{drift:.1f} s off this machine's", hint=hint)


def _reports(waiting: reading.OpenReports, now: datetime) -> CheckResult:
    """People who tell of a problem and hear nothing tell of none again."""
    if waiting.oldest is None:
        return CheckResult("reports", ok=True, found="none waits")
    days = (now - waiting.oldest).days
    is_late = days >= _LATE_DAYS
    found = f"{waiting.count} open, the oldest for {days} days"
    return CheckResult("reports", ok=not is_late, found=found, hint=_ANSWER if is_late else "")


def _names(settings: Settings, judged: device_condition.Judged) -> CheckResult:
    """A device with the name of a service's login: what a broker's user list cannot hold twice."""
    name_conflict = service_logins.name_conflict(settings, (device.id for device, _ in judged))
    detail = name_conflict or "no device has the name of a service's login"
    return CheckResult("names", ok=not name_conflict, found=detail, hint=service_logins.HINT if name_conflict else "")


def _roles(url: str) -> list[CheckResult]:
    return database_roles.look(url)


def _broker(settings: Settings) -> str:
    broker = services.broker(settings)
    probe.probe(broker)
    return f"{broker.host}:{broker.port} takes the login"


def _broker_hint(settings: Settings) -> str:
    if settings.mqtt_url is None and not DataDir.at(settings.data_dir).is_held():
        return _UP
    return f"Start the broker, or correct DIGITALPFAD_MQTT_URL. {ENCODE}"


def _logins(settings: Settings) -> CheckResult:
    """A reload that the broker refused leaves a revoked device in."""
    hint = "Wait a minute: 'digitalpfad up' asks it again. Else start 'up' anew, or 'digitalpfad device password ID'."
    return _try("device logins", lambda: login_proof.look(settings), hint)


def _client_ids(settings: Settings) -> CheckResult:
    """Where a client id is anybody's, who knows the gateway's throws it out."""
    if settings.mqtt_url is None:
        is_made = settings.mqtt_client_id is None
        secret = "nobody guesses the gateway's" if is_made else "keep DIGITALPFAD_MQTT_CLIENT_ID secret"
        return CheckResult("client ids", ok=True, found=f"the embedded broker binds none to a login; {secret}")
    hint = "Give gateways a listener without use_username_as_clientid, as in deploy/mosquitto (docs/operations.md)."
    return _try("client ids", lambda: probe.client_ids(services.broker(settings)), hint)


def _sessions(settings: Settings) -> CheckResult:
    """A persistent session that nobody reads fills the broker, NATS's without end."""
    try:
        report = sessions.report(settings)
    except DigitalpfadError as error:
        of_database = "permission denied for" in str(error)
        hint = _DATABASE_HINTS["permission denied"] if of_database else "Start the broker anew, and look into its log."
        return CheckResult("sessions", ok=False, found=str(spelled(error.sentence)), hint=hint)
    unread = sessions.unread(report, datetime.now(UTC))
    return CheckResult("sessions", not unread, unread or sessions.read(report), unread and sessions.HINT)


def _disk(settings: Settings) -> CheckResult:
    folder = DataDir.at(settings.data_dir).path
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    enough = free >= _LEAST_FREE_BYTES
    detail = f"{free / 1e9:.1f} GB free at {folder}"
    return CheckResult("disk", ok=enough, found=detail, hint="" if enough else "Free 1 GB or more, or move the data.")


def _clock(clock: SteadyClock, troubles: Sequence[Trouble] = ()) -> CheckResult:
    """By the rule of gateway and web app, for a process that begins now; ``troubles``: they know whether it was set."""
    state = clock.state()
    now = datetime.fromtimestamp(time.time(), UTC)
    sane = now > _EARLIEST and state.ok and not troubles
    unsynchronised = "" if is_synchronised() else ", kept by nobody (NTP)"
    detail = f"{now:%Y-%m-%d %H:%M:%S} UTC{unsynchronised}" if state.ok else state.detail
    detail = " ".join(f"The {trouble.service} says: {trouble.detail}" for trouble in troubles) or detail
    return CheckResult("clock", ok=sane, found=detail, hint="" if sane else "Set the clock by NTP.")


def _told(trouble: Trouble) -> CheckResult:
    """What a service that runs says of itself; a check without words says enough by its name."""
    detail = f"the {trouble.service} says: {trouble.detail or 'not ok'}"
    hint = f"See its log, and '{trouble.check}' in docs/operations.md, 'What it says of itself'."
    return CheckResult(f"{trouble.service} {trouble.check}", ok=False, found=detail, hint=hint)


def _rights(settings: Settings) -> CheckResult:
    """Secrets of the data directory are for their owner alone."""
    data = DataDir.at(settings.data_dir)
    if not data.path.exists():
        return CheckResult("data", ok=True, found=f"{data.path} does not exist (made by 'digitalpfad up')")
    try:
        files = [path for path in data.path.iterdir() if path.is_file()]
        open_files = [path.name for path in files if _readable_by_others(path)]
    except OSError as error:
        detail = f"{data.path}: {error.strerror}"
        return CheckResult("data", ok=False, found=detail, hint="Run this as the account that started Digitalpfad.")
    if open_files:
        detail = f"others may read {', '.join(sorted(open_files))} in {data.path}"
        return CheckResult("data", ok=False, found=detail, hint="Run chmod 600 on these files.")
    return CheckResult("data", ok=True, found=f"{data.path} is private")


def _maintenance(settings: Settings, now: datetime) -> CheckResult:
    """Hikers stand before a closed door for as long as nobody thinks of it."""
    present = maintenance.present(DataDir.at(settings.data_dir))
    if present is None:
        return CheckResult("maintenance", ok=True, found="none: pages are shown")
    until = f"{present.until:%Y-%m-%d %H:%M} UTC" if present.until else "nobody has said when"
    is_over = present.until is None or present.until <= now
    hint = "Run 'digitalpfad maintenance off', or 'maintenance on --until' a later time."
    return CheckResult("maintenance", ok=not is_over, found=f"pages are closed until {until}", hint=is_over * hint)


def _readable_by_others(path: Path) -> bool:
    return bool(path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO))
