"""Whether figures close and passes are counted: what the gateway does beside its ingest, and nobody sees fail."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from digitalpfad.doctor.result import CheckResult
from geodata.figures.publishing.closing import closes_at, next_due
from geodata.model.counting.counter import Mounting
from geodata.store.counting import mountings, queue
from geodata.store.figures import periods
from geodata.store.transaction import Transaction

_CLOSE_LATE = timedelta(days=3)
_FIRST_LATE = timedelta(days=14)  # a new system closes nothing in its first hour, whatever its devices kept till then
_COUNT_LATE = timedelta(hours=1)
_CLOSE = "Look into the gateway's log for 'nightly-step-failed'; 'digitalpfad figures close' closes what is due now."
_REST = timedelta(days=2)
_CARRIED = timedelta(hours=1)  # a counter reports on its way to the shelf
_MOUNT = "'digitalpfad counter mount' begins a mounting period where one hangs again; switch one off that rests."
_COUNT = "Start the gateway, or look into its log for 'passes-not-counted'."


def look(connection: Transaction, now: datetime) -> list[CheckResult]:
    """The checks of the figures of all municipalities, and of the passes that wait to be counted."""
    late: list[str] = []
    for publishes in periods.publishing(connection):
        due = next_due(connection, publishes, now)
        late_after = _CLOSE_LATE if periods.last_closed(connection, publishes.slug) else _FIRST_LATE
        if due is not None and closes_at(publishes, *due) + late_after <= now:
            late.append(f"{publishes.slug} since {due[1].isoformat()}")
    down = mountings.taken_down(connection)
    heard = mountings.last_reports(connection, [each.device for each in down])
    return [judge_closing(late), judge_waiting(queue.oldest(connection), now), judge_taken_down(down, heard, now)]


def judge_closing(late: Sequence[str]) -> CheckResult:
    """``late``: municipalities with the first time that should have closed days ago."""
    found = f"not closed: {', '.join(late)}" if late else "all that is due is closed"
    return CheckResult("figures", ok=not late, found=found, hint=_CLOSE if late else "")


def judge_waiting(oldest: datetime | None, now: datetime) -> CheckResult:
    """``oldest``: since when the oldest hour waits to be counted."""
    is_late = oldest is not None and now - oldest > _COUNT_LATE
    found = f"hours of counters wait since {oldest:%Y-%m-%d %H:%M} UTC" if is_late else "all hours are counted"
    return CheckResult("passes", ok=not is_late, found=found, hint=_COUNT if is_late else "")


def judge_taken_down(down: Sequence[Mounting], heard: Mapping[str, datetime], now: datetime) -> CheckResult:
    """``down``: the last periods of counters that hang nowhere; ``heard``: when each last said how many passed."""
    sending = [
        each.device
        for each in down
        if each.ends_at is not None
        and (last := heard.get(each.device)) is not None
        and last > max(each.ends_at + _CARRIED, now - _REST)
    ]
    found = "counters that were taken down still report, and count nothing: " + ", ".join(sending)
    return CheckResult(
        "counters",
        ok=not sending,
        found=found if sending else "all that report hang somewhere",
        hint=_MOUNT if sending else "",
    )
