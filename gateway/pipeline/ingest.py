"""Validate → store → acknowledge, in order of receipt. Knows neither MQTT nor SQL: both come as arguments."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress

import structlog

from gateway.decoding.decoder import Decoder
from gateway.decoding.decoders import DECODERS
from gateway.inbox import Delivery, Inbox
from gateway.metrics import Metrics
from gateway.pipeline.batch import Batch, compose
from gateway.pipeline.current_registry import CurrentRegistry
from gateway.pipeline.datastreams import missing_datastreams, resolve_datastreams
from gateway.pipeline.flush_size import FlushSize
from gateway.pipeline.ingest_store import Store
from gateway.pipeline.limits import Limits
from gateway.pipeline.refusal_log import RefusalLog
from gateway.validation.refused_message import plainer
from gateway.validation.validate import Validator
from gateway.validation.validated_message import ValidatedMessage, senders
from geodata.errors import StoreError, StoreRejected, StoreTimeout, StoreUnavailable
from geodata.runtime.back_off import BackOff
from geodata.runtime.fault_log import FaultLog
from geodata.runtime.steady_clock import SteadyClock
from geodata.store.ingest.flush import CONFLICT, Confirmation, FlushOutcome

_FIRST_DELAY_S = 0.1
_LONGEST_DELAY_S = 2.0  # a database that is back is used within that time
_LONGEST_VALIDATING_S = 0.25  # then the database is due: it gives up on who is silent, and others wait behind
_OPTIMISTIC_AFTER = 3  # flushes without a repetition: an attempt that fails leaves dead rows behind

_log: structlog.stdlib.BoundLogger = structlog.get_logger("gateway.pipeline.ingest")


class Ingest:
    """The one consumer of the inbox; one thread calls step() again and again.

    ``acknowledge`` is called with deliveries after their commit, ``confirm`` with (trail, confirmation) likewise.
    Both hand over and return at once. ``clock`` tells what time it is, and learns from the devices.
    """

    def __init__(  # noqa: PLR0913 - the parts of the gateway, all named
        self,
        inbox: Inbox,
        store: Store,
        acknowledge: Callable[[Sequence[Delivery]], None],
        confirm: Callable[[str, Confirmation], None],
        *,
        partition: str,
        limits: Limits,
        metrics: Metrics,
        clock: SteadyClock,
        decoders: Sequence[Decoder] = DECODERS,
    ) -> None:
        self._inbox = inbox
        self._store = store
        self._acknowledge = acknowledge
        self._confirm = confirm
        self._partition = partition
        self._metrics = metrics
        self._batch = Batch(limits.batch_size, limits.batch_wait_s)
        self._flush_size = FlushSize(limits.batch_size)
        self._validator = Validator(limits.retention_us, clock, decoders)
        self._clock, self._turns = clock, 0
        self._registry = CurrentRegistry(store)
        self._unrepeated = 0
        self._told = FaultLog()
        self.refusals = RefusalLog()
        self._pauses = BackOff(_FIRST_DELAY_S, _LONGEST_DELAY_S)
        self._retry_at = float("-inf")
        self.trouble = ""
        """Why the last attempt to read or write the database failed; empty after one that did not. For any thread."""

    @property
    def oldest_us(self) -> int | None:
        """Receipt of the oldest message that is not committed, microseconds; None when all are. For any thread."""
        try:
            return self._batch.messages[0].delivery.received_us
        except IndexError:
            return self._inbox.oldest_us

    @property
    def waiting(self) -> int:
        """Messages that are not committed."""
        return len(self._batch) + len(self._inbox)

    @property
    def collecting(self) -> bool:
        """Whether a batch has begun."""
        return len(self._batch) > 0

    @property
    def progress(self) -> str:
        """How the last attempt to write went; for any thread."""
        if self.trouble or not self._flush_size.reduced:
            return self.trouble or "the last attempt succeeded"
        return f"the last attempt succeeded; at most {self._flush_size.now} messages at once, more took too long"

    def forget(self) -> None:
        """Drop what waits, unacknowledged: the broker delivers it to the active gateway."""
        self._inbox.clear()
        self._batch.acknowledged(len(self._batch))

    def registry_changed(self, devices: Collection[str] | None = None) -> None:
        """Have these devices read again before the next message, or the whole registry; for any thread."""
        self._registry.changed(devices)

    def idle_s(self, longest: float) -> float:
        """Seconds until step() has something to do, unless a message arrives."""
        now = time.monotonic()
        if now < self._retry_at:
            return min(longest, self._retry_at - now)
        due_in = self._batch.due_in(now)
        return longest if due_in is None else min(longest, due_in)

    def step(self, *, drain: bool = False) -> None:
        """Validate what arrived and flush when due (``drain``: at once); a database that is away makes it wait."""
        if time.monotonic() < self._retry_at:
            return
        try:
            self._fill()
            if drain or self._batch.due_in(time.monotonic()) == 0:
                self._flush()
        except StoreError as error:
            self._back_off(error)

    def _fill(self) -> None:
        registry = self._registry.get()
        if self._clock.turns != self._turns:
            self._turns = self._clock.turns
            self._receive_no_later(self._clock.now_us())
        began = time.monotonic()
        while not self._batch.full and (delivery := self._inbox.take()) is not None:
            message = self._validator.validate(delivery, registry)
            self._batch.add(message, began)
            if not message.source.refusals:
                continue
            message.generation = self._registry.generation
            if time.monotonic() > began + _LONGEST_VALIDATING_S:
                self._batch.close()

    def _receive_no_later(self, now_us: int) -> None:
        """The clock was set back: what waits here was not received in the future."""
        self._inbox.receive_no_later(now_us)
        messages = self._batch.messages
        for i, message in enumerate(messages):
            if message.delivery.received_us > now_us:
                message.delivery.received_us = now_us
                messages[i] = self._validator.validate(message.delivery, self._registry.get())

    def _flush(self) -> None:
        messages = self._batch.messages
        if not messages:
            return
        if any(message.unknown for message in messages):
            self._validate_unregistered_again()
        self._write(messages[: self._flush_size.now])  # the oldest: what is acknowledged stays in order of receipt
        self._pauses.reset()
        self.trouble = ""

    def _validate_unregistered_again(self) -> None:
        """A device or property added a moment ago is known to the database before it is known here.

        Where nothing was added all would end as it did.
        """
        messages = self._batch.messages
        sought = set[str]().union(*(message.devices for message in messages if message.unknown))
        registry = self._registry.seek(sought)
        for i, message in enumerate(messages):
            if message.unknown and message.generation != self._registry.generation:
                messages[i] = self._validator.validate(message.delivery, registry)
                messages[i].generation = self._registry.generation

    def _write(self, messages: list[ValidatedMessage]) -> None:
        """Commit and acknowledge; what the database refuses for good is halved down to the message at fault."""
        try:
            outcome = self._commit(messages)
        except StoreRejected as error:
            if len(messages) == 1:
                return self._write_refused(messages[0], error)
            _log.warning("batch-refused", messages=len(messages), error=str(error))
            middle = len(messages) // 2
            self._write(messages[:middle])
            return self._write(messages[middle:])
        return self._acknowledge_and_confirm(messages, outcome)

    def _write_refused(self, message: ValidatedMessage, error: StoreRejected) -> None:
        _log.error("message-refused", topic=message.delivery.topic, error=str(error))
        forms = plainer(message, str(error))
        try:
            outcome = self._commit_first(*forms)
        except StoreRejected as again:  # not the message's fault: nothing of it is left but its bytes
            raise StoreError(str(again)) from again
        self._acknowledge_and_confirm([forms[0]], outcome)

    def _commit_first(self, *forms: ValidatedMessage) -> FlushOutcome:
        """Commit the first of these forms of a message that the database takes."""
        for form in forms[:-1]:
            with suppress(StoreRejected):
                return self._commit([form])
        return self._commit([forms[-1]])

    def _commit(self, messages: list[ValidatedMessage]) -> FlushOutcome:
        started = time.perf_counter()
        try:
            self._name_datastreams(messages)
            flush = compose(messages, self._partition, self._clock.now_us())
            flush.optimistic = self._unrepeated >= _OPTIMISTIC_AFTER
            outcome = self._store.write(flush)
        except StoreTimeout:
            self._flush_size.timed_out(len(messages))
            raise
        except StoreError:
            raise
        except Exception as error:
            _log.error("flush-failed", messages=len(messages), **self._told.fields(error))
            raise StoreRejected(f"{type(error).__name__} while writing") from error
        repeated = outcome.duplicates or CONFLICT in outcome.reasons
        self._unrepeated = 0 if repeated else self._unrepeated + 1
        self._flush_size.committed(len(messages))
        seconds = time.perf_counter() - started
        self._metrics.flushed(messages, outcome, seconds)
        self._tell(messages, outcome, seconds)
        return outcome

    def _tell(self, messages: list[ValidatedMessage], outcome: FlushOutcome, seconds: float) -> None:
        """One line per flush where somebody wants to see them; what could not be kept is told in sums."""
        if outcome.quarantined:
            self.refusals.note(messages, outcome)
        _log.debug(
            "flush",
            messages=len(messages),
            parts=outcome.stored + outcome.duplicates + outcome.quarantined,
            stored=outcome.stored,
            duplicates=outcome.duplicates,
            quarantined=outcome.quarantined,
            reasons=outcome.reasons,
            seconds=round(seconds, 4),
            waiting=self.waiting - len(messages),
            lag_s=round((self._clock.now_us() - messages[0].delivery.received_us) / 1e6, 3),
        )

    def _name_datastreams(self, messages: list[ValidatedMessage]) -> None:
        """Make the datastreams that are missing, in a transaction of their own: known here only when committed."""
        wanted = missing_datastreams(messages)
        if not wanted:
            return
        ids = dict(zip(wanted, self._store.add_datastreams(wanted), strict=True))
        devices = self._registry.get().devices
        for (device, name), datastream in ids.items():
            if device in devices:
                devices[device].datastreams[name] = datastream
        resolve_datastreams(messages, ids)

    def _acknowledge_and_confirm(self, messages: list[ValidatedMessage], outcome: FlushOutcome) -> None:
        """After the commit: acknowledge in order of receipt, forget, confirm."""
        self._acknowledge([message.delivery for message in messages])
        self._batch.acknowledged(len(messages))
        listening = (sender for sender in senders(messages) if sender.boot is not None and sender.confirms)
        trails = {sender.device: sender.trail for sender in listening}
        for confirmation in outcome.confirmations:
            if confirmation.device in trails:
                self._confirm(trails[confirmation.device], confirmation)

    def _back_off(self, error: StoreError) -> None:
        self._metrics.store_errors.inc()
        self.trouble = str(error)
        if isinstance(error, StoreTimeout) and self._flush_size.reduced:
            self.trouble += f"; next with at most {self._flush_size.now} messages at once"
        delay_s = self._pauses.next_s()
        self._retry_at = time.monotonic() + delay_s
        log = _log.warning if isinstance(error, StoreUnavailable) else _log.error
        log("store-away", error=self.trouble, waiting=self.waiting, retry_in_s=round(delay_s, 2))
