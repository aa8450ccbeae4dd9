"""What the terminal shows."""

from __future__ import annotations

import segno

from digitalpfad.network import is_loopback, reachable_host
from digitalpfad.up.screen import qr_code

URL = "http://192.168.1.20:8080/s/7K3QZ5"


def test_the_qr_code_has_every_module_and_a_quiet_zone() -> None:
    wanted = [[bool(module) for module in row] for row in segno.make(URL, micro=False, error="m").matrix_iter(border=2)]
    upper = {"█": (False, False), "▄": (True, False), "▀": (False, True), " ": (True, True)}
    lines = [line[2:] for line in qr_code(URL, coloured=False).split("\n")]
    seen: list[list[bool]] = []
    for line in lines:
        seen.append([upper[character][0] for character in line])
        seen.append([upper[character][1] for character in line])
    assert seen[: len(wanted)] == wanted


def test_on_a_terminal_the_qr_code_is_dark_on_white_whatever_the_theme() -> None:
    assert all(line.startswith("  \x1b[38;5;16;48;5;231m") and line.endswith("\x1b[0m")
               for line in qr_code(URL, coloured=True).split("\n"))  # fmt: skip


def test_a_server_for_everyone_is_reached_on_the_loopback() -> None:
    assert reachable_host("0.0.0.0") == "127.0.0.1"
    assert reachable_host("192.168.1.20") == "192.168.1.20"


def test_loopback_is_known_by_name_and_number() -> None:
    assert [is_loopback(host) for host in ("127.0.0.1", "::1", "localhost", "0.0.0.0", "192.168.1.20")] == [
        True, True, True, False, False,
    ]  # fmt: skip
