"""The command line of the simulator: what may be said, and one clear sentence for what may not."""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import NoReturn

import msgspec

from firmware_sim.devices.link import PROTOCOLS
from firmware_sim.errors import WrongArgument

_DESCRIPTION = """A fleet of simulated devices for the demonstration trail "stadtwald".
It speaks MQTT and knows nothing of the server.
The same --seed is the same weather and the same walkers, whenever and wherever it runs."""
_SECONDS_OF = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Arguments:
    """What the operator asked for, checked; times in seconds, ``since`` in Unix seconds."""

    url: str
    credentials: Path | None
    password: str | None
    ca: str | None
    server_name: str
    protocol: str
    trail: str
    devices: tuple[str, ...]
    seed: int
    interval_s: int
    past_interval_s: int
    since: int | None
    years: bool
    speed: float
    state: Path | None
    capacity: int
    patience_s: float
    silent: tuple[str, ...]
    broken: tuple[tuple[str, str], ...]
    dry_run: bool
    count: int | None
    json_logs: bool


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise WrongArgument(f"{message[:1].upper()}{message[1:]}. See python -m firmware_sim --help.")


def parse_arguments(argv: Sequence[str], now: float) -> Arguments:
    """Read the command line; ``now`` (Unix seconds) is what --history counts back from. Raises WrongArgument."""
    values = vars(_parser(now).parse_args(argv))
    interval_s = values["interval_s"]
    if values["past_interval_s"] is None:
        values["past_interval_s"] = max(600, interval_s) if values["speed"] == 1 else interval_s
    if values["count"] is not None and not values["dry_run"]:
        raise WrongArgument("--count belongs to --dry-run.")
    if values["password"] is not None and (len(values["devices"]) != 1 or values["credentials"]):
        raise WrongArgument("--password is for exactly one --device; for several use --credentials FILE.")
    for name in ("devices", "silent", "broken"):
        values[name] = tuple(values[name])
    return Arguments(**values)


def read_credentials(path: Path) -> dict[str, str]:
    """The secrets by device id from a JSON file ``{"klima-01": "secret"}``; raises WrongArgument."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=dict[str, str])
    except OSError as error:
        raise WrongArgument(f"--credentials {str(path)!r} cannot be read: {error.strerror}.") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        expected = 'expected a JSON object like {"klima-01": "secret"}'
        raise WrongArgument(f"--credentials {str(path)!r} is not right: {error}; {expected}.") from error


def _parser(now: float) -> _Parser:
    parser = _Parser(prog="python -m firmware_sim", description=_DESCRIPTION, allow_abbrev=False)
    _add_connection(parser)
    _add_fleet(parser)
    _add_time(parser, now)
    _add_outbox(parser)
    _add_output(parser)
    return parser


def _add_connection(parser: _Parser) -> None:
    group = parser.add_argument_group("connection")
    group.add_argument("--url", default="mqtt://127.0.0.1:1883", help="broker: mqtt[s]://host:port (%(default)s)")
    group.add_argument("--credentials", type=Path, metavar="FILE", help='JSON: {"device-id": "secret"}')
    group.add_argument("--password", metavar="SECRET", help="the secret of the one --device")
    group.add_argument("--ca", metavar="FILE", help="certificates to trust with mqtts://, PEM (the system's)")
    group.add_argument(
        "--server-name", metavar="NAME", default="", help="name that the broker's certificate must bear (that in --url)"
    )
    group.add_argument("--protocol", choices=list(PROTOCOLS), default="3.1.1", help="MQTT version (%(default)s)")


def _add_fleet(parser: _Parser) -> None:
    group = parser.add_argument_group("fleet")
    group.add_argument("--trail", type=_slug, default="stadtwald", help="the trail's name in the topics (%(default)s)")
    group.add_argument(
        "--device", dest="devices", action="append", default=[], metavar="ID", help="only this one; may be repeated"
    )
    group.add_argument("--seed", type=_whole, default=1, help="which weather and which walkers (%(default)s)")
    group.add_argument(
        "--silent", action="append", default=[], metavar="ID",
        help="this device sends its history, then stays connected and says nothing; may be repeated",
    )  # fmt: skip
    group.add_argument(
        "--broken", type=_broken, action="append", default=[], metavar="ID/PROPERTY",
        help="this sensor has failed and sends null; may be repeated",
    )  # fmt: skip


def _add_time(parser: _Parser, now: float) -> None:
    group = parser.add_argument_group("time")

    def moment(text: str) -> int:
        return _moment(text, now)

    group.add_argument(
        "--interval",
        dest="interval_s",
        type=_count,
        default=60,
        metavar="S",
        help="seconds between two readings (%(default)s)",
    )
    group.add_argument(
        "--history", dest="since", type=moment, metavar="7d",
        help="begin in the past: that long ago (30s, 90m, 12h, 7d) or at an instant (2026-11-15T00:00:00Z); "
        "with --state what was measured before is not measured again",
    )  # fmt: skip
    group.add_argument(
        "--history-interval", dest="past_interval_s", type=_count, metavar="S",
        help="seconds between two readings of the past (600, or --interval if that is longer)",
    )  # fmt: skip
    group.add_argument(
        "--years", action="store_true",
        help="counters and the rain gauge begin with what they measured each hour since they were installed",
    )  # fmt: skip
    group.add_argument(
        "--speed", type=_speed, default=1.0, metavar="N",
        help="live through the past N times faster, from --history (1d) on, instead of sending it at once; "
        "simulated time never passes the real one: where they meet, it goes on at normal pace",
    )  # fmt: skip


def _add_outbox(parser: _Parser) -> None:
    group = parser.add_argument_group("outbox")
    group.add_argument(
        "--state", type=Path, metavar="DIR", help="keep unconfirmed readings here, over restarts too (in memory only)"
    )
    group.add_argument(
        "--capacity", type=_count, default=50_000, metavar="N", help="readings kept per device (%(default)s)"
    )
    group.add_argument(
        "--patience", dest="patience_s", type=_count, default=30, metavar="S",
        help="seconds without a confirmation before sending again; doubles up to ten minutes (%(default)s)",
    )  # fmt: skip


def _add_output(parser: _Parser) -> None:
    group = parser.add_argument_group("output")
    group.add_argument(
        "--dry-run",
        action="store_true",
        help="print topic and payload of each message until now; no network, ignores --speed",
    )
    group.add_argument("--count", type=_count, metavar="N", help="stop after that many messages of a --dry-run")
    group.add_argument("--json-logs", action="store_true", help="one JSON object per line on stderr")


def _whole(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number") from None


def _count(text: str) -> int:
    number = _whole(text)
    if not 1 <= number <= 10_000_000:
        raise argparse.ArgumentTypeError(f"{number} is not between 1 and 10 000 000")
    return number


def _speed(text: str) -> float:
    try:
        speed = float(text)
    except ValueError:
        speed = 0.0
    if not 1.0 <= speed <= 1_000_000.0:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number between 1 and 1 000 000")
    return speed


def _slug(text: str) -> str:
    if not _SLUG.fullmatch(text):
        raise argparse.ArgumentTypeError(f"{text!r} has other signs than a-z, 0-9 and -, or more than 63 of them")
    return text


def _broken(text: str) -> tuple[str, str]:
    device, slash, name = text.partition("/")
    if not (device and slash and name):
        raise argparse.ArgumentTypeError(f"{text!r} is not of the form boden-05/soil_moisture")
    return device, name


def _moment(text: str, now: float) -> int:
    """Unix seconds of a duration before ``now`` or of an instant, neither in the future nor before 2020."""
    if match := re.fullmatch(r"(\d{1,9})([smhd])", text):
        moment = int(now) - int(match[1]) * _SECONDS_OF[match[2]]
    else:
        moment = _instant(text)
    if not 1_577_836_800 <= moment <= now:
        raise argparse.ArgumentTypeError(f"{text!r} is in the future or before 2020")
    return moment


def _instant(text: str) -> int:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is None:
        expected = "neither a duration like 7d nor an instant with its offset like 2026-11-15T00:00:00Z"
        raise argparse.ArgumentTypeError(f"{text!r} is {expected}")
    return int(instant.timestamp())
