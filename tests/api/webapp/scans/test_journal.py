"""A file of scans: what is written, and what is left of it whatever happens."""

from __future__ import annotations

import os
from collections import Counter
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.webapp.scans.journal import Journal, key_of, line_of
from geodata.store.access.scan import ScanKey
from geodata.vocabulary.languages import VARIANTS

HOUR = datetime(2026, 11, 22, 10, tzinfo=UTC)
PONDS: ScanKey = ("3DVB54", HOUR, "de", "sign")
OAKS: ScanKey = ("K7YNX0", HOUR, "de_simple", "nfc")
KEYS = st.tuples(
    st.text("0123456789ABCDEFGHJKMNPQRSTVWXYZ", min_size=6, max_size=6),
    st.datetimes(datetime(1990, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC)).map(  # noqa: DTZ001
        lambda moment: moment.replace(minute=0, second=0, microsecond=0)
    ),
    st.sampled_from(VARIANTS),
    st.sampled_from(["sign", "nfc", "link"]),
)


@given(KEYS)
def test_a_line_says_what_was_counted_and_has_at_most_forty_bytes(key: ScanKey) -> None:
    line = line_of(key)
    assert len(line) <= 40
    assert line.endswith(b"\n")
    assert key_of(line[:-1]) == key


@given(st.binary(max_size=60))
def test_what_is_no_line_of_ours_is_no_scan(line: bytes) -> None:
    key = key_of(line)
    assert key is None or line_of(key) == line + b"\n" or line.split(b" ")[1].startswith(b"0")


def test_scans_are_read_from_a_byte_on_and_a_torn_last_line_is_none(tmp_path: Path) -> None:
    with closing(Journal.create(tmp_path)) as journal:
        for key in (PONDS, OAKS, PONDS):
            journal.append(key)
        first = len(line_of(PONDS))
        assert journal.read(0) == (Counter({PONDS: 2, OAKS: 1}), journal.size)
        assert journal.read(first) == (Counter({PONDS: 1, OAKS: 1}), journal.size)
        assert journal.read(journal.size) == (Counter(), journal.size)
        with journal.path.open("ab") as torn:
            torn.write(line_of(OAKS)[:-5])
        assert journal.read(first) == (Counter({PONDS: 1, OAKS: 1}), journal.size)


def test_zeros_after_a_loss_of_power_hold_up_no_scan_behind_them(tmp_path: Path) -> None:
    with closing(Journal.create(tmp_path)) as journal:
        with journal.path.open("ab") as damaged:
            damaged.write(b"\0" * 3_000_000 + b"\n" + line_of(PONDS))
        counts, start = Counter[ScanKey](), 0
        while (read := journal.read(start))[1] > start:
            counts, start = counts + read[0], read[1]
    assert counts == Counter({PONDS: 1})


def test_a_scan_for_which_there_is_no_room_leaves_nothing_in_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = os.write
    with closing(Journal.create(tmp_path)) as journal:
        journal.append(PONDS)
        with monkeypatch.context() as full:
            full.setattr(os, "write", lambda descriptor, line: write(descriptor, line[:9]))
            with pytest.raises(OSError, match="No space"):
                journal.append(OAKS)
        journal.append(PONDS)
        assert journal.path.read_bytes() == line_of(PONDS) * 2
        assert journal.size == len(line_of(PONDS)) * 2


def test_half_a_line_that_cannot_be_taken_away_spoils_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write = os.write

    def broken(*_: object) -> None:
        raise OSError(5, "Input/output error")

    with closing(Journal.create(tmp_path)) as journal:
        journal.append(PONDS)
        with monkeypatch.context() as full:
            full.setattr(os, "write", lambda descriptor, line: write(descriptor, line[:9]))
            full.setattr(os, "ftruncate", broken)
            with pytest.raises(OSError, match="No space"):
                journal.append(OAKS)
        journal.append(PONDS)
        journal.append(OAKS)
        assert journal.read(0) == (Counter({PONDS: 2, OAKS: 1}), journal.size)


def test_one_that_a_process_holds_is_taken_by_no_other(tmp_path: Path) -> None:
    held = Journal.create(tmp_path)
    held.append(PONDS)
    assert Journal.take(held.path) is None
    held.close()
    taken = Journal.take(held.path)
    assert taken is not None
    assert taken.read(0)[0] == Counter({PONDS: 1})
    taken.remove()
    taken.close()
    assert Journal.take(held.path) is None
