"""Texts as word processors, phones and Macs leave them: read rightly, or told with the line and the hint."""

from __future__ import annotations

from pathlib import Path
from typing import Literal
from unicodedata import normalize

import pytest

from api.webapp.markdown import to_html
from geodata.content import folder as content_folder
from geodata.content import markdown_checks
from geodata.content.checks import check
from geodata.content.folder import StationFolder
from geodata.findings.content import TextFindings
from geodata.findings.finding import Severity
from geodata.model.content import StationContent
from geodata.text.quotes import in_quotes, mixed_quotes

GOOD = '---\ntitle: "Teich"\nlead: "Ein Satz."\nsource: "Klasse 4b"\n---\nText.\n'

RENDERED = {
    "Seen:\n\n* frogs\n* newts": "<p>Seen:</p>\n<ul>\n<li>frogs</li>\n<li>newts</li>\n</ul>\n",
    "Seen:\n- frogs\n- newts": "<p>Seen:</p>\n<ul>\n<li>frogs</li>\n<li>newts</li>\n</ul>\n",
    "So:\n\n1. sit\n2. wait": "<p>So:</p>\n<ol>\n<li>sit</li>\n<li>wait</li>\n</ol>\n",
    "> Be still.\n\n---\n\nEnd": "<blockquote>\n<p>Be still.</p>\n</blockquote>\n<hr>\n<p>End</p>\n",
    "__a__ _b_ *c*, 3 * 4 * 5, foto_eins_zwei": (
        "<p><strong>a</strong> <em>b</em> <em>c</em>, 3 * 4 * 5, foto_eins_zwei</p>\n"
    ),
    "A poem:  \nline one\\\nline two\nline three": "<p>A poem:<br>\nline one<br>\nline two<br>\nline three</p>\n",
    "Ein Fr__sch, ein ____ und Ei____.": "<p>Ein Fr__sch, ein ____ und Ei____.</p>\n",
    "– Wer bist du?": "<p>– Wer bist du?</p>\n",
    "-5 Grad\n-3 Grad": "<p>-5 Grad<br>\n-3 Grad</p>\n",
    "*Quercus robur*\n*Fagus sylvatica*": "<p><em>Quercus robur</em><br>\n<em>Fagus sylvatica</em></p>\n",
    "Kinder*garten und Platz #1 und C#.": "<p>Kinder*garten und Platz #1 und C#.</p>\n",
    "Am\n3. Mai [...] kam er": "<p>Am<br>\n3. Mai [...] kam er</p>\n",
}


@pytest.mark.parametrize("body", RENDERED)
def test_what_the_text_language_knows_is_shown_as_it_was_meant(body: str) -> None:
    assert list(markdown_checks.faults(body)) == []
    assert str(to_html(body)) == RENDERED[body]


UNREAD = {
    "A\n\n##Seen": ("heading-unread", 2, "error", "Put a space behind the last #."),
    "#Waldtag": ("heading-unread", 0, "warning", "Put a space behind the last #."),
    "Seen\n---": ("heading-by-line", 0, "warning", "Put an empty line above the line"),
    "A\n\n| a | b |\n|---|---|\n| 1 | 2 |": ("table", 2, "error", "Write a list"),
    "a | b\n--|--\n1 | 2": ("table", 0, "error", "Write a list"),
    "| a | b |\n| 1 | 2 |": ("table", 0, "error", "Write a list"),
    "Seen:\n• frogs": ("list-unread", 1, "error", "Write a hyphen and a space"),
    "Seen:\n-frogs\n-newts": ("list-unread", 1, "error", "Write a hyphen and a space"),
    "Seen:\n*frogs\n*newts": ("list-unread", 1, "error", "Write a hyphen and a space"),
    "Seen:\n\n– frogs\n– newts": ("list-unread", 2, "warning", "Write a hyphen and a space"),
    "1.sit\n2.wait": ("list-unread", 0, "warning", "Write 1. and a space"),
    "- [ ] frogs": ("list-unread", 0, "error", "Remove the brackets."),
    "A\n**quite still **": ("emphasis-unread", 1, "error", "right beside the words: **ganz leise**"),
    "__quite still __": ("emphasis-unread", 0, "error", "right beside the words"),
    "~~gone~~": ("emphasis-unread", 0, "error", "Remove the signs ~~."),
    "[Wald][1]": ("link-unread", 0, "error", "without spaces"),
    "Quelle[^1]": ("link-unread", 0, "error", "without spaces"),
    "[Wald] (/s/3DVB54)": ("link-unread", 0, "error", "without spaces"),
    "[Wald](im Wald)": ("link-unread", 0, "error", "without spaces"),
    "Siehe www.a.example.": ("link-text-address", 0, "error", "[Wald in Lemgo](https://…)"),
    "An klasse@schule.example": ("mail-address", 0, "warning", "[Klasse 4b](mailto:klasse@schule.example)"),
}


@pytest.mark.parametrize("body", UNREAD)
def test_what_it_does_not_know_is_told_with_line_and_hint(body: str) -> None:
    reason, line, severity, hint = UNREAD[body]
    [(found_on, finding)] = markdown_checks.faults(body)
    assert (finding.reason, found_on, finding.severity) == (reason, line, severity)
    assert hint in finding.hint


def test_each_address_of_a_line_is_told() -> None:
    found = [
        finding.value
        for _, finding in markdown_checks.faults("Mehr auf www.a.example und https://b.example/a_b_c oder c@d.example.")
    ]
    assert found == ["www.a.example", "https://b.example/a_b_c", "c@d.example"]


def read(folder: Path, name: str, text: str | bytes, *beside: str) -> tuple[StationFolder, TextFindings]:
    file = folder / name
    file.parent.mkdir(parents=True)
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    for other in beside:
        (file.parent / other).write_bytes(b"x")
    findings = TextFindings()
    [station_folder] = content_folder.read(folder, findings)
    check(station_folder.texts, station_folder.name, findings)
    return station_folder, findings


def with_picture(name: str) -> str:
    fields = {"": name, "_alt": "A", "_author": "B", "_licence": "CC0-1.0", "_year": "2026"}
    return GOOD.replace("source", "\n".join(f"picture{part}: {value}" for part, value in fields.items()) + "\nsource")


def content(folder: StationFolder) -> StationContent:
    [text] = folder.texts
    assert isinstance(text.text, StationContent)
    return text.text


Form = Literal["NFC", "NFD"]


@pytest.mark.parametrize(
    ("source", "read_as"),
    [
        ("Klasse 4b", "Klasse 4b. Alles ist"),
        ("Klasse 4b.", "Klasse 4b. Alles ist"),
        ("„Der Wald.“", "„Der Wald.“ Alles ist"),
    ],
)
def test_what_is_invented_begins_a_sentence_of_its_own_behind_the_source(
    tmp_path: Path, source: str, read_as: str
) -> None:
    text = GOOD.replace("Klasse 4b", source).replace("---\nText", "invented: Alles ist erfunden.\n---\nText")
    folder, _ = read(tmp_path, "04/de.md", text)
    assert content(folder).source == f"{read_as} erfunden."


@pytest.mark.parametrize(("there", "named"), [("NFD", "NFC"), ("NFC", "NFD"), ("NFD", "NFD")])
def test_a_picture_is_found_in_either_form_of_its_name(tmp_path: Path, there: Form, named: Form) -> None:
    written = with_picture(normalize(named, "Bäumchen.jpg"))
    folder, findings = read(tmp_path, "04/de.md", written, normalize(there, "Bäumchen.jpg"))
    assert findings.found == []
    assert [picture.file for picture in content(folder).pictures] == [normalize("NFC", "Bäumchen.jpg")]


def test_two_names_that_look_the_same_are_told(tmp_path: Path) -> None:
    names = [normalize(form, "Bäumchen.jpg") for form in ("NFC", "NFD")]
    _, findings = read(tmp_path, "04/de.md", with_picture(names[0]), *names)
    assert [one.reason for one in findings.errors] == ["media-not-named"]


@pytest.mark.parametrize("there", ["Foto.JPG", "foto.jpeg", "Foto 1.jpg"])
def test_a_name_that_is_nearly_right_is_told_once_with_the_real_one(tmp_path: Path, there: str) -> None:
    _, findings = read(tmp_path, "04/de.md", with_picture("foto.jpg"), there)
    [wrong] = findings.errors
    assert (wrong.reason, wrong.place, wrong.value) == ("media", "04/de.md, line 4", "foto.jpg")
    assert f"Write {there}, with its capital letters" in wrong.hint


def test_letters_that_a_mac_wrote_in_two_parts_are_kept_as_one(tmp_path: Path) -> None:
    folder, findings = read(tmp_path, "04/de.md", normalize("NFD", GOOD.replace("Text.", "Bäume überall.")))
    assert findings.found == []
    assert content(folder).body == normalize("NFC", "Bäume überall.")


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("4 Teiche", 4),
        ("Station 4 Teiche", 4),
        ("Station-04", 4),
        ("04_teiche", 4),
        ("4. Teiche", 4),
        ("Nr. 12: Eiche", 12),
        ("4a Teiche", None),
        ("Teiche 4", None),
        ("100jährige Eiche", None),
        ("Trail", 0),
    ],
)
def test_a_folders_number_is_read_where_it_stands_as_one(tmp_path: Path, name: str, number: int | None) -> None:
    folder, findings = read(
        tmp_path, f"{name}/de.md", GOOD if number != 0 else GOOD.replace('source: "Klasse 4b"\n', "")
    )
    assert folder.number == number
    assert [one.reason for one in findings.errors] == ([] if number is not None else ["folder-without-number"])


def test_what_systems_leave_behind_is_passed_over(tmp_path: Path) -> None:
    names = (".DS_Store", "Thumbs.db", "ehthumbs.db", "desktop.ini", "._de.md", "~$de.docx", ".directory", "Icon\r")
    assert read(tmp_path, "04/de.md", GOOD, *names)[1].found == []


HEADS: dict[str, tuple[str, dict[str, str], list[str]]] = {
    "typographic quotes": ("title: „Am Teich“\nlead: “Ein Satz.”", {"title": "Am Teich"}, ["quotes-typographic"] * 2),
    "book quotes": ("title: »Am Teich«\nlead: A", {"title": "Am Teich"}, ["quotes-typographic"]),
    "quotes to be shown": ('title: "„Am Teich“"\nlead: A', {"title": "„Am Teich“"}, []),
    "a quotation within": ("title: „Quak“, sagte er\nlead: A", {"title": "„Quak“, sagte er"}, []),
    "two quotations": ("title: „A“ und „B“\nlead: A", {"title": "„A“ und „B“"}, []),
    "an apostrophe within": ("title: “It’s me”\nlead: A", {"title": "It’s me"}, ["quotes-typographic"]),
    "a tab and a no-break space": ('title:\t"Am Teich"\nlead:\u00a0 "A"\n', {"title": "Am Teich", "lead": "A"}, []),
    "a blank before the colon": ('title : "Am Teich"\nlead\u00a0: "A"', {"title": "Am Teich", "lead": "A"}, []),
    "a longer text behind tabs": ("title: A\nlead: |\n\tB\n\tC", {"lead": "B\nC"}, []),
    "quotes that differ": ('title: „Am Teich"\nlead: A', {}, ["quotes-differ"]),
    "the other quotes that differ": ('title: "Am Teich“\nlead: A', {}, ["quote-not-closed"]),
    "HTML": ("title: <b>Teich</b>\nlead: A&nbsp;B", {}, ["raw-html"] * 2),
    "no HTML": ("title: Wenn a<b und c>d\nlead: Wald & Wiese", {"title": "Wenn a<b und c>d"}, []),
    "Markdown": ("title: Der **alte** Teich\nlead: Siehe [hier](/s/3DVB54)", {}, ["markdown-in-head"] * 2),
}


@pytest.mark.parametrize("case", HEADS)
def test_a_head_is_read_as_it_was_meant_or_told(tmp_path: Path, case: str) -> None:
    head, fields, reasons = HEADS[case]
    folder, findings = read(tmp_path, "04/de.md", f"---\n{head}\nsource: B\n---\nText.\n")
    assert [one.reason for one in findings.found] == reasons
    for name, value in fields.items():
        assert getattr(content(folder), name) == value


def test_a_typographic_quote_at_the_end_is_named_as_the_other_sign(tmp_path: Path) -> None:
    _, findings = read(tmp_path, "04/de.md", GOOD.replace('Teich"', "Teich“"))
    assert 'The “ at the end is another sign: write " there.' in str(findings.errors[0])


@pytest.mark.parametrize("dashes", ["—", "–-", "----", "−−−"])
def test_dashes_of_a_word_processor_end_the_head_and_are_told(tmp_path: Path, dashes: str) -> None:
    folder, findings = read(tmp_path, "04/de.md", "\n" + GOOD.replace("---", dashes))
    assert [(one.reason, one.place, one.severity) for one in findings.found] == [
        ("head-dashes", "04/de.md, line 2", Severity.WARNING),
        ("head-dashes", "04/de.md, line 6", Severity.WARNING),
    ]
    assert (content(folder).title, content(folder).body) == ("Teich", "Text.")
    assert (folder.texts[0].place("title"), folder.texts[0].place("body")) == ("04/de.md, line 3", "04/de.md, line 7")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_a_file_in_another_encoding_is_told_with_the_way_to_save_it(tmp_path: Path, encoding: str) -> None:
    _, findings = read(tmp_path, "04/de.md", GOOD.replace("Teich", "Försterteich").encode(encoding))
    assert [one.reason for one in findings.errors] == ["not-utf-8"]
    assert "Save the file as UTF-8: in the editor, 'Save as'" in str(findings.errors[0])


def test_words_to_read_along_are_judged_as_the_text_is(tmp_path: Path) -> None:
    rights = "audio_author: A\naudio_licence: CC0-1.0\naudio_year: 2026\n"
    text = GOOD.replace("source", f"audio: a.mp3\naudio_transcript: <i>Quak</i>\n{rights}source")
    _, findings = read(tmp_path, "04/de.md", text, "a.mp3")
    assert {(one.reason, one.place) for one in findings.errors} == {("raw-html", "04/de.md, line 5")}


def test_only_quotes_around_all_of_a_text_are_taken_off() -> None:
    assert [in_quotes(text) for text in ("„A“", "‚A‘", "«A»", "„A", "A“", "„A „B“", "““", "")] == [
        *("A", "A", "A"),
        *[None] * 5,
    ]
    assert [mixed_quotes(text) for text in ('„A"', '"A“', "'A’", '"A"', "„A“", '„A" und "B"', '"')] == [
        *(True, True, True),
        *[False] * 4,
    ]
