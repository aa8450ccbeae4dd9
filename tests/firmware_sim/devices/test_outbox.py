"""Whatever happens between measuring and confirming, no unconfirmed reading is lost unless the outbox says so."""

from __future__ import annotations

import json
import shutil
import sqlite3
import tempfile
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from firmware_sim.devices.outbox import Outbox
from firmware_sim.devices.protocol import MAX_MESSAGE_BYTES, Address, Measurement
from firmware_sim.devices.sender import Sender
from firmware_sim.errors import CannotRun

DEVICE = "klima-01"
PATIENCE_S = 30.0


class Gateway:
    """Keeps what it gets and confirms the gapless prefix of a boot, as the wire contract says."""

    def __init__(self) -> None:
        self.got: dict[str, set[int]] = {}
        self.floor: dict[str, int] = {}

    def take(self, batch: list[Measurement], oldest: int) -> None:
        boot = batch[0].boot
        self.got.setdefault(boot, set()).update(reading.seq for reading in batch)
        self.floor[boot] = max(oldest, self.floor.get(boot, 0))

    def prefix(self, boot: str) -> int:
        """The seq to confirm; -1 while the beginning is missing."""
        seq = self.floor[boot]
        while seq in self.got[boot]:
            seq += 1
        return seq - 1


class Life(RuleBasedStateMachine):
    """A device that measures, sends over a link that loses messages, restarts and is killed."""

    capacity = 10_000

    def __init__(self) -> None:
        super().__init__()
        self.root = tempfile.TemporaryDirectory()
        self.lives = 0
        self.boots: list[str] = []
        self.measured: list[tuple[str, int]] = []
        self.dropped = 0
        self.now = 0.0
        self.gateway = Gateway()
        self.outbox: Outbox | None = None
        self.begin()

    def begin(self) -> None:
        """Start as after a kill -9: from the files as they lie there, without a proper close of the old ones."""
        state = Path(self.root.name) / str(self.lives)
        if self.outbox is not None:
            shutil.copytree(Path(self.root.name) / str(self.lives - 1), state)
            self.outbox.close()
        self.outbox = Outbox(state, self.capacity)
        self.sender = Sender(DEVICE, self.outbox, window=12, patience_s=PATIENCE_S)
        self.boots.append(f"boot{self.lives}")
        self.lives += 1
        self.seq = 0

    def teardown(self) -> None:
        self.box.close()
        self.root.cleanup()

    @property
    def box(self) -> Outbox:
        assert self.outbox is not None
        return self.outbox

    @rule(number=st.integers(1, 8))
    def measure(self, number: int) -> None:
        readings = [
            Measurement(self.boots[-1], self.seq + i, 1000 * self.lives + self.seq + i, b"{}") for i in range(number)
        ]
        self.seq += number
        self.dropped += self.box.append((DEVICE, reading) for reading in readings).get(DEVICE, 0)
        self.measured += [(reading.boot, reading.seq) for reading in readings]

    @rule(arrives=st.booleans())
    def send(self, arrives: bool) -> None:
        held = self.sender.next_batch()
        if not held:
            return
        readings = [each.reading for each in held]
        assert len({reading.boot for reading in readings}) == 1
        oldest = self.sender.oldest(held)
        assert oldest <= readings[0].seq
        self.sender.sent(held, self.now)
        if arrives:
            self.gateway.take(readings, oldest)

    @precondition(lambda self: self.gateway.got)
    @rule(data=st.data())
    def confirm(self, data: st.DataObject) -> None:
        """The newest confirm of any boot or, since messages are repeated, an older one."""
        boot = data.draw(st.sampled_from(sorted(self.gateway.got)))
        prefix = self.gateway.prefix(boot)
        if prefix >= 0:
            self.sender.confirmed(boot, data.draw(st.integers(0, prefix)), self.now)

    @rule(boot=st.text(max_size=4), seq=st.integers(-1, 1000))
    def hear_a_confirm_of_a_boot_that_never_was(self, boot: str, seq: int) -> None:
        assert self.sender.confirmed(boot, seq, self.now) == 0

    @rule(seconds=st.floats(0, 2000))
    def wait(self, seconds: float) -> None:
        self.now += seconds
        self.sender.overdue(self.now)

    @rule()
    def reconnect(self) -> None:
        self.sender.again()

    @rule()
    def crash(self) -> None:
        self.begin()

    @rule()
    def drain(self) -> None:
        """With a link that works for a while everything arrives and is forgotten."""
        self.sender.again()
        while held := self.sender.next_batch():
            self.gateway.take([each.reading for each in held], self.sender.oldest(held))
            self.sender.sent(held, self.now)
            boot = held[0].reading.boot
            self.sender.confirmed(boot, self.gateway.prefix(boot), self.now)
        assert self.box.count(DEVICE) == 0

    def held(self) -> list[tuple[str, int]]:
        return [(each.reading.boot, each.reading.seq) for each in self.box.after(DEVICE, 0, 1_000_000)]

    @invariant()
    def nothing_unconfirmed_is_lost(self) -> None:
        kept = set(self.held())
        arrived = {(boot, seq) for boot, seqs in self.gateway.got.items() for seq in seqs}
        assert len(set(self.measured) - kept - arrived) <= self.dropped

    @invariant()
    def no_boot_and_seq_is_used_twice(self) -> None:
        assert len(self.measured) == len(set(self.measured))

    @invariant()
    def readings_stay_in_the_order_of_measuring(self) -> None:
        order = {key: place for place, key in enumerate(self.measured)}
        assert all(order[a] < order[b] for a, b in pairwise(self.held()))

    @invariant()
    def the_count_is_true_and_bounded(self) -> None:
        assert self.box.count(DEVICE) == len(self.held()) <= self.capacity


class ShortLife(Life):
    """The same with an outbox that is too small."""

    capacity = 10


for machine in (Life, ShortLife):
    machine.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
TestNothingUnconfirmedIsLost = Life.TestCase
TestASmallOutboxDropsOnlyWhatItSays = ShortLife.TestCase


def readings(number: int, boot: str = "b7f3", size: int = 2) -> Iterator[tuple[str, Measurement]]:
    values = json.dumps({"x" * (size - 6): 1}).encode() if size > 8 else b"{}"
    return ((DEVICE, Measurement(boot, seq, 1_790_000_000 + seq, values)) for seq in range(number))


@contextmanager
def filled(number: int, **kwargs: int) -> Generator[tuple[Outbox, Sender]]:
    with closing(Outbox()) as outbox:
        outbox.append(readings(number))
        yield outbox, Sender(DEVICE, outbox, patience_s=PATIENCE_S, **kwargs)


def test_dropping_the_oldest_moves_oldest_forward() -> None:
    with closing(Outbox(capacity=5)) as outbox:
        assert outbox.append(readings(8)) == {DEVICE: 3}
        assert outbox.oldest(DEVICE, "b7f3") == 3
        batch = [held.reading for held in outbox.after(DEVICE, 0, 10)]
        assert json.loads(Address("stadtwald", DEVICE).telemetry(batch, 3).payload)["oldest"] == 3


def test_one_device_does_not_forget_what_was_confirmed_to_another() -> None:
    with closing(Outbox()) as outbox:
        outbox.append(("klima-07", reading) for _, reading in readings(3))
        assert outbox.confirm(DEVICE, "b7f3", 2) == 0
        assert outbox.count("klima-07") == 3


def test_the_window_bounds_what_is_unconfirmed_on_the_wire() -> None:
    with filled(500, window=100) as (_, sender):
        sent = 0
        while batch := sender.next_batch():
            sender.sent(batch, 0.0)
            sent += len(batch)
        assert sent == 100
        sender.confirmed("b7f3", 29, 0.0)
        assert [held.reading.seq for held in sender.next_batch()] == list(range(100, 130))


def test_no_message_is_larger_than_the_contract_allows() -> None:
    with closing(Outbox()) as outbox:
        outbox.append(readings(100, size=900))
        batch = [held.reading for held in Sender(DEVICE, outbox).next_batch()]
        assert 1 < len(batch) < 60
        assert len(Address("stadtwald", DEVICE).telemetry(batch, oldest=999_999).payload) <= MAX_MESSAGE_BYTES


def test_without_a_confirmation_everything_is_sent_again_ever_more_patiently() -> None:
    with filled(3) as (_, sender):
        sender.sent(sender.next_batch(), 0.0)
        assert (sender.overdue(29.0), sender.overdue(30.0)) == (0, 3)
        sender.sent(sender.next_batch(), 30.0)
        assert (sender.overdue(89.0), sender.overdue(90.0)) == (0, 3)
        sender.sent(sender.next_batch(), 90.0)
        sender.confirmed("b7f3", 0, 91.0)
        assert (sender.overdue(120.0), sender.overdue(121.0)) == (0, 2)


def test_nothing_is_overdue_once_all_is_confirmed() -> None:
    with filled(3) as (_, sender):
        sender.sent(sender.next_batch(), 0.0)
        sender.confirmed("b7f3", 2, 1.0)
        assert sender.overdue(1_000_000.0) == 0


def test_the_time_of_the_last_reading_outlives_its_confirmation(tmp_path: Path) -> None:
    with closing(Outbox(tmp_path)) as outbox:
        outbox.append(readings(3))
        outbox.confirm(DEVICE, "b7f3", 2)
    with closing(Outbox(tmp_path)) as outbox:
        assert outbox.last_time(DEVICE) == 1_790_000_002
        assert outbox.last_time("klima-07") is None


def test_a_second_simulator_on_the_same_state_is_refused(tmp_path: Path) -> None:
    with closing(Outbox(tmp_path)), pytest.raises(CannotRun, match="another simulator"):
        Outbox(tmp_path)


def test_a_state_that_is_no_database_is_refused_in_one_sentence_that_names_it(tmp_path: Path) -> None:
    (tmp_path / "outbox.sqlite").write_bytes(b"no database at all" * 100)
    with pytest.raises(CannotRun, match=r"outbox\.sqlite cannot be used"):
        Outbox(tmp_path)


def test_the_same_boot_and_seq_cannot_be_kept_twice() -> None:
    with closing(Outbox()) as outbox:
        outbox.append(readings(2))
        with pytest.raises(CannotRun) as refused:
            outbox.append(readings(1))
        assert isinstance(refused.value.__cause__, sqlite3.IntegrityError)
