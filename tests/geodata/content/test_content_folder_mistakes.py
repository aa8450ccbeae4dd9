"""Folders as people make them: each mistake is told with its file, line and hint."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.geodata.content.written_folder import GOOD, TRAIL, put, read

FILES = Path(__file__).parents[1] / "files" / "media"


def link(folder: Path) -> None:
    put(folder, "elsewhere.md")
    put(folder.parent, "secret.md")
    (folder / "elsewhere.md").unlink()
    (folder / "04/en.md").symlink_to(folder.parent / "secret.md")


def with_line(line: str) -> str:
    return GOOD.replace("source", f"{line}\nsource")


Spoil = Callable[[Path], object]
WRONG: dict[str, tuple[Spoil, str, str]] = {
    "unknown variant": (
        lambda f: put(f, "04/eo.md"),
        "unknown-file",
        "04/eo.md is 'eo', expected one of de, de_simple, ",
    ),
    "German variant": (lambda f: put(f, "04/Kinder.md"), "unknown-file", "ending in .md. Did you mean children.md?"),
    "capital letters": (lambda f: put(f, "04/EN.md"), "unknown-file", "Did you mean en.md?"),
    "hidden ending": (lambda f: put(f, "04/en.md.txt"), "unknown-file", "Rename it to en.md; Windows hides the ending"),
    "word processor": (
        lambda f: put(f, "04/Text.docx"),
        "unknown-file",
        "04/Text.docx is 'Text.docx', expected one of",
    ),
    "children of a trail": (lambda f: put(f, "trail/children.md", TRAIL), "unknown-file", "one of de, de_simple, en,"),
    "season of a trail": (lambda f: put(f, "trail/de.mai.md", TRAIL), "season-of-trail", "Only texts of stations have"),
    "season's name": (
        lambda f: put(f, "04/de.Frühling.md"),
        "season-name",
        "'Frühling', expected small letters a to z",
    ),
    "folder in a folder": (
        lambda f: put(f, "04/bilder/x.txt", "x"),
        "folder-in-folder",
        "04/bilder is 'bilder', expected",
    ),
    "text beside the folders": (lambda f: put(f, "de.md"), "stray-file", "Put a text into the folder of its station"),
    "empty folder": (
        lambda f: (f / "05-neu").mkdir(),
        "folder-without-text",
        "05-neu is no text, expected a file de.md",
    ),
    "no number": (lambda f: put(f, "neu/de.md"), "folder-without-number", "Begin its name with the station's number"),
    "number twice": (
        lambda f: put(f, "4-x/de.md"),
        "two-folders",
        "4-x is '4-x', expected one folder for station 4. Merge",
    ),
    "code twice": (
        lambda f: [put(f, f"{n}/de.md", with_line("code: 3DVB54")) for n in ("07", "08")],
        "two-folders",
        "08 is '08', expected one folder for station 3DVB54. Merge it with 07.",
    ),
    "mistyped code": (
        lambda f: put(f, "04/en.md", with_line("code: 3DVB45")),
        "code-wrong",
        "04/en.md, line 4 is '3DVB45', expected a code with a right check character. Copy it from the sign",
    ),
    "two codes": (
        lambda f: [put(f, f"04/{n}.md", with_line(f"code: {c}")) for n, c in (("de", "3DVB54"), ("en", "2FYJEM"))],
        "codes-differ",
        "04 is '3DVB54, 2FYJEM', expected one code in a folder.",
    ),
    "empty file": (lambda f: put(f, "04/en.md", ""), "empty-file", "04/en.md, line 1 is '', expected a text."),
    "Windows-1252": (
        lambda f: put(f, "04/en.md", GOOD.replace("still", "schön").encode("cp1252")),
        "not-utf-8",
        "04/en.md, line 6 is 'Hier ist es schön.', expected text in UTF-8. It is in Windows-1252. Save the file",
    ),
    "UTF-16": (
        lambda f: put(f, "04/en.md", GOOD.encode("utf-16")),
        "not-utf-8",
        "line 1 is 'UTF-16', expected text in",
    ),
    "no text at all": (lambda f: put(f, "04/en.md", b"---\n\x81\x8d\n"), "not-utf-8", "line 2 is \"b'\\\\x81'\""),
    "twice encoded": (
        lambda f: put(f, "04/en.md", GOOD.replace("still", "schÃ¶n")),
        "umlauts-broken",
        "04/en.md, line 6 is 'Hier ist es schÃ¶n.', expected whole umlauts and signs. Write the umlauts anew",
    ),
    "control character": (
        lambda f: put(f, "04/en.md", GOOD.replace("still", "st\x07ill")),
        "control-character",
        "04/en.md, line 6 is ",
    ),
    "a turn of direction": (
        lambda f: put(f, "04/en.md", GOOD.replace("still", "st\u202elli")),
        "control-character",
        "04/en.md, line 6 is ",
    ),
    "too large": (
        lambda f: put(f, "04/en.md", "x" * 200_001),
        "file-too-large",
        "more than 200,000 bytes, expected at most 200,000",
    ),
    "unknown key": (
        lambda f: put(f, "04/en.md", with_line("autor: B")),
        "unknown-key",
        "04/en.md, line 4 is 'autor', expected one of answer, audio, code, invented, lead, ",
    ),
    "key nearly right": (
        lambda f: put(f, "04/en.md", with_line("quesion: B")),
        "unknown-key",
        "Did you mean question?",
    ),
    "missing colon": (lambda f: put(f, "04/en.md", with_line("question Was?")), "colon-missing", "04/en.md, line 4 is"),
    "open quote": (
        lambda f: put(f, "04/en.md", with_line('question: "Was')),
        "quote-not-closed",
        "04/en.md, line 4 is",
    ),
    "link": (link, "link", "04/en.md is a link, expected a file or folder, not a link to one. Copy what it points to"),
    "missing picture": (
        lambda f: put(f, "04/en.md", with_line("picture: Eiche.jpg")),
        "media",
        "04/en.md, line 4 is 'Eiche.jpg', expected a file in 04 (there: none). Put it beside the text or",
    ),
    "path out of the folder": (
        lambda f: put(f, "04/en.md", with_line("picture: ../../secret.jpg")),
        "media",
        "'../../secret.jpg', expected the name of a file beside the text, without a path. Put the file into the folder",
    ),
    "path of Windows": (lambda f: put(f, "04/en.md", with_line("picture: ..\\a.jpg")), "media", "without a path."),
    "picture nobody shows": (lambda f: put(f, "04/a.jpg", b"x"), "media-not-named", "04/a.jpg is a file that no text"),
    "season without days": (
        lambda f: put(f, "04/de.mai.md", with_line("show_from: 05-01")),
        "season-without-days",
        "04/de.mai.md, line 1 is 'show_until', expected its first and last day. Add a line show_until: 03-01",
    ),
    "days without season": (
        lambda f: put(f, "04/en.md", with_line("show_from: 05-01")),
        "season-in-year-text",
        "04/en.md, line 4 is 'show_from', expected no days: this is the text of all the year. Rename the file",
    ),
    "German day": (
        lambda f: put(f, "04/de.mai.md", with_line("show_from: 1.5.\nshow_until: 05-31")),
        "season-days",
        "04/de.mai.md, line 4 is '1.5.', expected month-day. Write 05-01.",
    ),
    "no day": (
        lambda f: put(f, "04/de.mai.md", with_line("show_from: 02-30\nshow_until: 05-31")),
        "season-days",
        "04/de.mai.md, line 4 is '02-30', expected a month and a day such as 03-01.",
    ),
    "overlap": (
        lambda f: [
            put(f, f"04/de.{name}.md", with_line(f"show_from: {first}\nshow_until: 05-31"))
            for name, first in (("mai", "05-01"), ("ostern", "03-20"))
        ],
        "seasons-overlap",
        "04/de.ostern.md, line 4 is mai and ostern on 05-01, expected one text a day. Let the one end the day before",
    ),
    "no German text": (
        lambda f: (f / "04/de.md").rename(f / "04/en.md"),
        "de-missing",
        "04 is 'en', expected a German",
    ),
    "no answer": (
        lambda f: put(f, "04/en.md", with_line("question: Was?")),
        "question-without-answer",
        "04/en.md, line 4 is question alone, expected answer too: both or none. Add a line answer",
    ),
    "link text": (
        lambda f: put(f, "04/en.md", GOOD + "\nMehr [hier](https://lemgo.de).\n"),
        "link-text-empty",
        "04/en.md, line 8 is 'hier', expected words that say where the link leads.",
    ),
    "no folders": (
        lambda f: [(f / "04/de.md").unlink(), (f / "04").rmdir()],
        "folder-empty",
        "expected folders such as",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_each_mistake_has_a_reason_and_a_sentence(tmp_path: Path, case: str) -> None:
    folder = tmp_path / "klasse"
    put(folder, "04/de.md")
    spoil, reason, sentence = WRONG[case]
    spoil(folder)
    _, findings = read(folder)
    assert {one.reason for one in findings.errors} == {reason}, [str(one) for one in findings.errors]
    assert sentence in " ".join(str(one) for one in findings.errors)


def test_everything_wrong_in_a_folder_is_told_at_once(tmp_path: Path) -> None:
    folder = tmp_path / "klasse"
    put(folder, "04/de.md")
    for case in ("German variant", "Windows-1252", "empty folder", "text beside the folders"):
        WRONG[case][0](folder)
    for name in ("a.jpg", "b.png", "c.mp3"):
        put(folder, f"04/{name}", b"x")
    put(folder, "04/de_simple.md", "---\ntitel: A\nlead: B\n---\n## A\n#### B [hier](https://a.de) <b>x</b>\n")
    reasons = [one.reason for one in read(folder)[1].errors]
    assert reasons.count("media-not-named") == 3
    assert set(reasons) == {
        "media-not-named",
        "unknown-file",
        "not-utf-8",
        "folder-without-text",
        "stray-file",
        "unknown-key",
        "title-missing",
        "source-missing",
        "heading-level-jump",
        "link-text-empty",
        "raw-html",
    }


def test_the_lines_of_the_text_are_those_of_the_file(tmp_path: Path) -> None:
    put(tmp_path, "04/de.md", GOOD.replace("Hier", "\n\nAlt.\n\nSiehe\n<b>hier</b>"))
    [first, *_] = read(tmp_path)[1].errors
    assert (tmp_path / "04/de.md").read_text().splitlines()[int(first.place.rpartition(" ")[2]) - 1].startswith("<b>")
