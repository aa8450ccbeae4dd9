"""Counting page requests of stations, and nothing else about them.

What is looked at to decide (user agent, where the request came from) is forgotten with the request.
"""

from __future__ import annotations

import re
import threading
from collections import Counter
from collections.abc import Mapping

import structlog

from geodata.errors import StoreError, StoreRejected
from geodata.runtime.background_part import BackgroundPart
from geodata.runtime.worker import Worker
from geodata.store.access import scan as scan_store
from geodata.store.access.scan import ScanKey
from geodata.store.database import Database

_WRITE_EVERY_S = 3.0
_NO_PERSON = (
    "crawl", "spider", "slurp", "preview", "scan", "monitor", "uptime", "probe", "headless", "facebookexternalhit",
    "whatsapp", "curl", "wget", "python", "httpx", "aiohttp", "go-http", "java/", "libwww", "okhttp", "node-fetch",
    "axios", "postman", "lighthouse", "wrk",
)  # fmt: skip
_BOT = re.compile(r"bot\b|bot[/_-]")

VIAS = frozenset({"nfc", "sign"})
"""What an address may say of itself: how its reader came by it."""

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


def entry_of(method: str, headers: Mapping[str, str], via: str | None) -> str | None:
    """How a person came to a station's page: ``sign``, ``nfc`` or ``link``; None for machines and prefetching.

    ``via`` is the address's own word: an NFC tag carries ``via=nfc``, a code typed from the sign ``via=sign``.
    """
    if method != "GET" or not _is_person(headers):
        return None
    if via in VIAS:
        return via
    site = headers.get("sec-fetch-site")
    came_from_a_page = site not in {None, "none"} or "referer" in headers
    return "link" if came_from_a_page else "sign"


def _is_person(headers: Mapping[str, str]) -> bool:
    agent = headers.get("user-agent", "").lower()
    ahead_of_need = "prefetch" in headers.get("sec-purpose", headers.get("purpose", "")).lower()
    navigates = headers.get("sec-fetch-mode", "navigate") == "navigate"
    is_machine = any(map(agent.__contains__, _NO_PERSON)) or ("bot" in agent and _BOT.search(agent) is not None)
    return bool(agent) and not is_machine and not ahead_of_need and navigates


class ScanCounter(BackgroundPart):
    """Counts in memory and writes every few seconds in a separate thread; an outage of the database loses nothing."""

    def __init__(self, database: Database, *, every_s: float = _WRITE_EVERY_S) -> None:
        super().__init__(Worker("scans", self._wait_and_write), ends_within_s=15)
        self._database = database
        self._every_s = every_s
        self._counts: Counter[ScanKey] = Counter()
        self._lock = threading.Lock()

    def stop(self) -> None:
        """Write what is left and end."""
        super().stop()
        self.write()

    @property
    def waiting(self) -> int:
        """Scans that are counted but not written yet."""
        with self._lock:
            return self._counts.total()

    def count(self, key: ScanKey) -> None:
        """Count one scan; never blocks on the database."""
        with self._lock:
            self._counts[key] += 1

    def write(self) -> None:
        """Write what is counted; keep it for the next time when the database does not answer, or whatever is raised."""
        with self._lock:
            counts, self._counts = self._counts, Counter()
        try:
            self._settle(counts)
        finally:
            self._keep(counts)

    def _settle(self, counts: Counter[ScanKey]) -> None:
        """Write these and take out of them what is written, or what no try would write."""
        if not counts:
            return
        try:
            self._add(counts)
            counts.clear()
        except StoreRejected:
            self._add_one_by_one(counts)
        except StoreError as error:
            _log.warning("scans-wait", waiting=counts.total(), error=str(error))
        except Exception:
            self._add_one_by_one(counts)
            raise

    def _wait_and_write(self) -> None:
        if not self.stopping.wait(self._every_s):
            self.write()

    def _add(self, counts: Counter[ScanKey]) -> None:
        with self._database.transaction() as connection:
            scan_store.add(connection, counts)

    def _add_one_by_one(self, counts: Counter[ScanKey]) -> None:
        """One key that the database will never take must not hold up the others."""
        for key, count in list(counts.items()):
            try:
                self._add(Counter({key: count}))
            except StoreRejected as error:
                _log.error("scan-count-dropped", key=key, count=count, error=str(error))
            except Exception:  # noqa: BLE001, S112 - it was told of all of them together, and is tried again
                continue
            del counts[key]

    def _keep(self, counts: Counter[ScanKey]) -> None:
        with self._lock:
            self._counts.update(counts)
