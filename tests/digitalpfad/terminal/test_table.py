"""Tables of commands: no wider than the terminal, whole in a pipe, letters of any width in their columns."""

from __future__ import annotations

import fcntl
import os
import pty
import struct
import sys
import termios
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rich.cells import cell_len

from digitalpfad.commands.output import answer_table
from digitalpfad.terminal.table import aligned, cut

HEAD = ["id", "received (UTC)", "device", "reason", "detail"]
ENTRY = [
    "17",
    "2026-11-22 10:15:00",
    "klima-01",
    "unknown-property",
    "humidty is no observed property; did you mean humidity?",
]
DEVICES = [
    ["device", "trail", "station", "state", "last seen (UTC)", "every", "firmware", "revoked (UTC)"],
    ["klima-01", "stadtwald", "3DVB54", "online", "2026-11-22 10:15:00", "600 s", "1.4.2", "–"],
    ["boden-02", "stadtwald", "4K7MPX", "offline", "2026-11-21 08:00:00", "600 s", "1.4.2", "–"],
]


def test_what_fits_stands_in_one_line_a_row() -> None:
    assert aligned([["id", "name"], ["1", "Teich"], ["20", "–"]], 80) == ["id  name", "1   Teich", "20  –"]


def test_a_long_text_is_shortened_where_it_stays_readable() -> None:
    assert aligned([HEAD, ENTRY], 100) == [
        "id  received (UTC)       device    reason            detail",
        "17  2026-11-22 10:15:00  klima-01  unknown-property  humidty is no observed property; did you mean …",
    ]


def test_a_text_that_would_not_stay_readable_gets_a_line_of_its_own() -> None:
    assert aligned([HEAD, ENTRY], 80) == [
        "id  received (UTC)       device    reason",
        "  detail",
        "17  2026-11-22 10:15:00  klima-01  unknown-property",
        "  humidty is no observed property; did you mean humidity?",
    ]


def test_columns_that_say_nothing_are_left_out_and_the_others_go_on_below() -> None:
    assert aligned(DEVICES, 40) == [
        "device    trail      station  state",
        "  last seen (UTC)      every  firmware",
        "klima-01  stadtwald  3DVB54   online",
        "  2026-11-22 10:15:00  600 s  1.4.2",
        "boden-02  stadtwald  4K7MPX   offline",
        "  2026-11-21 08:00:00  600 s  1.4.2",
    ]


@pytest.mark.parametrize(
    ("text", "cells", "shown"),
    [
        ("Teich", 5, "Teich"),
        ("Teiche", 5, "Teic…"),
        ("日本語", 5, "日本…"),
        ("日本語", 4, "日…"),
        ("e\u0301e\u0301e\u0301", 2, "e\u0301…"),
        ("a👩\u200d🌾bcd", 4, "a👩\u200d🌾…"),
        ("👩\u200d🌾bcd", 2, "…"),
    ],
)
def test_letters_are_measured_as_terminals_show_them_and_never_torn(text: str, cells: int, shown: str) -> None:
    assert cut(text, cells) == shown


def test_wide_and_combining_letters_keep_the_columns_straight() -> None:
    lines = aligned([["name", "state"], ["日本", "on"], ["Mu\u0308hle", "off"]])
    assert [cell_len(line[: line.index("o")]) for line in lines[1:]] == [7, 7]


cells = st.text(st.sampled_from("ab –日é👩🌾\u0301\u200d\ufe0f"), max_size=60)


@given(st.integers(1, 6).flatmap(lambda n: st.lists(st.lists(cells, min_size=n, max_size=n), min_size=1, max_size=5)),
       st.integers(4, 120))  # fmt: skip
@example([["", "\u200d\u200d日a"]], 4)
def test_no_line_is_wider_than_the_terminal(table: list[list[str]], width: int) -> None:
    assert max(cell_len(line) for line in aligned(table, width)) <= width


@given(st.lists(st.lists(cells, min_size=3, max_size=3), min_size=1, max_size=5))
def test_in_a_pipe_every_cell_is_whole(table: list[list[str]]) -> None:
    for row, line in zip(table, aligned(table), strict=True):
        assert all(cell.rstrip() in line for cell in row)


@pytest.fixture
def on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], list[str]]:
    """What answer_table writes to a real terminal of so many columns."""

    def shown(columns: int) -> list[str]:
        ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        monkeypatch.delenv("COLUMNS", raising=False)
        with os.fdopen(theirs, "w", encoding="utf-8") as terminal:
            monkeypatch.setattr(sys, "stdout", terminal)
            monkeypatch.setattr(sys, "__stdout__", terminal)
            answer_table(HEAD, [ENTRY], "")
        text = b""
        with suppress(OSError):  # the end, since the other side is closed
            while part := os.read(ours, 4096):
                text += part
        os.close(ours)
        return text.decode().splitlines()

    return shown


@pytest.mark.parametrize(("columns", "lines"), [(200, 2), (100, 2), (80, 4), (40, 6)])
def test_on_a_real_terminal_the_table_is_as_wide_as_that(
    on_a_terminal: Callable[[int], list[str]], columns: int, lines: int
) -> None:
    shown = on_a_terminal(columns)
    assert (len(shown), max(cell_len(line) for line in shown) <= columns) == (lines, True)
    assert ("…" in "".join(shown)) == (columns in {100, 40})


def test_in_a_file_nothing_is_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    with (tmp_path / "out").open("w", encoding="utf-8") as file:
        monkeypatch.setattr(sys, "stdout", file)
        answer_table(HEAD, [ENTRY], "")
    assert ENTRY[-1] in (tmp_path / "out").read_text().splitlines()[1]
