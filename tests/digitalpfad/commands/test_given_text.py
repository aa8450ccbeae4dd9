"""Texts on a command line that no page and no terminal would show as they are written."""

from __future__ import annotations

import pytest

from tests.checkout import ROOT
from tests.digitalpfad.commandline import run

PROPERTY = ("property", "add", "own", "--minimum", "0", "--maximum", "9", "--unit", "1", "--label-de", "E")
CLOSURE = ("closure", "add", "--trail", "stadtwald", "--from", "2026-11-23T08:00", "--open-end")
STATION = ("station", "add", "stadtwald", "--number", "5", "--lon", "8", "--lat", "52")
TRAIL = ("trail", "import", str(ROOT / "geodata/trails/stadtwald/trail.geojson"))
LINES = [
    (*PROPERTY, "--label-en"),
    (*PROPERTY, "--label-en", "O", "--label-de"),
    (*PROPERTY, "--label-en", "O", "--unit"),
    (*CLOSURE, "--reason", "de=Sturm", "--legal-basis"),
    (*STATION, "--title"),
    (*STATION, "--title", "Teich", "--lead"),
    (*TRAIL, "--name"),
    (*TRAIL, "--municipality"),
    (*TRAIL, "--licence"),
    (*TRAIL, "--attribution"),
    ("device", "edit", "klima-1", "--name"),
    ("device", "edit", "klima-1", "--kind"),
    ("municipality", "set", "lemgo", "--name"),
    ("content", "publish", "stadtwald", "--as"),
    ("content", "publish", "stadtwald", "--note"),
]
TEXTS = [
    ((*CLOSURE, "--reason"), "de="),
    ((*CLOSURE, "--reason", "de=Sturm", "--detour"), "de="),
    (("municipality", "set", "lemgo", "--address"), ""),
]


@pytest.mark.parametrize("broken", ["a\x1b[31mb", "a\u202eb", "a\nb", "\u200b\u200b", "\u3164", "a" * 10_000])
@pytest.mark.parametrize("arguments", LINES, ids=" ".join)
def test_a_line_that_steers_the_terminal_is_not_seen_or_has_no_end_is_refused(
    arguments: tuple[str, ...], broken: str
) -> None:
    done = run(*arguments, broken)
    assert (done.returncode, " characters" in done.stderr) == (2, True), done.stderr
    assert done.stderr.rstrip("\n").isprintable()


@pytest.mark.parametrize("arguments", [each for each in LINES if each[0] == "property"], ids=" ".join)
def test_the_names_and_the_unit_of_a_property_are_not_empty(arguments: tuple[str, ...]) -> None:
    done = run(*arguments, " ")
    assert (done.returncode, "1 to 80 characters" in done.stderr) == (2, True), done.stderr


@pytest.mark.parametrize("broken", ["a\x1b[31mb", "a\u202ec", "\u200b", "a\udcffb"])
@pytest.mark.parametrize(("arguments", "language"), TEXTS)
def test_a_text_that_steers_the_terminal_or_the_direction_of_reading_is_refused(
    arguments: tuple[str, ...], language: str, broken: str
) -> None:
    done = run(*arguments, f"{language}{broken}")
    assert done.returncode == 2, done.stderr
    assert "invisible control characters" in done.stderr or "printable characters" in done.stderr


@pytest.mark.parametrize("broken", ["\u3164", "\u2800\u2800"])
def test_a_login_that_nobody_sees_is_refused(broken: str) -> None:
    done = run("staff", "add", broken, "--role", "admin")
    assert (done.returncode, "printable characters" in done.stderr) == (2, True), done.stderr
