"""Publication checks: each thing that accessibility or rights need has a named reason, and nothing else is refused."""

from __future__ import annotations

from dataclasses import replace

import pytest

from geodata.bundle.folder import bundled
from geodata.content.checks import LICENCE, StoredText, check, check_text
from geodata.content.versions import Text
from geodata.findings.content import TextFindings
from geodata.findings.finding import Finding, Severity
from geodata.model.content import StationContent
from geodata.model.media import Audio, Picture, SignVideo
from geodata.model.trail import TrailContent
from geodata.vocabulary.season import Season

GOOD = StationContent(variant="de", title="Eiche", lead="Ein Baum.", body="Sie ist alt.", source="Stadt Lemgo.")
PICTURE = Picture(media="0" * 32, file="a.jpg", alt="Eine Eiche", author="Klasse 4b", licence="CC-BY-4.0", year=2026)
AUDIO = Audio(media="0" * 32, file="a.mp3", transcript="Ki-ki.", author="A", licence="CC0-1.0", year=2026)
FILM = SignVideo(media="0" * 32, file="a.mp4", text="Die Eiche.", author="A", licence="CC-BY-SA-4.0", year=2026)


def found(*texts: Text) -> list[Finding]:
    findings = TextFindings()
    check([StoredText(text, f"3DVB54, {text.variant}") for text in texts], "3DVB54", findings)
    return findings.found


def test_a_text_with_all_that_is_needed_passes() -> None:
    full = replace(GOOD, question="Wie alt?", answer="Sehr.", pictures=(PICTURE,), audio=AUDIO, sign_video=FILM)
    assert found(full, replace(full, variant="children")) == []
    decorative = replace(PICTURE, alt="", decorative=True)
    assert found(replace(GOOD, pictures=(decorative,))) == []


CASES: dict[str, tuple[Text, str]] = {
    "title-missing": (replace(GOOD, title=" "), "3DVB54, de, title is '', expected a title. Add a line title"),
    "lead-missing": (replace(GOOD, lead=""), 'Add a line lead: "…" to the head.'),
    "body-missing": (replace(GOOD, body="\n"), "expected a body. Write it below the head."),
    "title-too-long": (replace(GOOD, title="x" * 121), "title is 121 characters, expected at most 120."),
    "body-too-long": (replace(GOOD, body="x" * 20_001), "expected at most 20,000. Shorten it."),
    "question-without-answer": (replace(GOOD, question="Wie?"), "expected answer too: both or none. Add a line answer"),
    "answer-without-question": (replace(GOOD, answer="So."), "expected question too: both or none."),
    "source-missing": (replace(GOOD, source=""), "a book, a website, a person, or what you have seen yourselves."),
    "picture-without-alt": (
        replace(GOOD, pictures=(replace(PICTURE, alt=""),)),
        "picture is 'a.jpg', expected what it shows, in words. Add a line picture_alt: \"…\", or picture",
    ),
    "picture-without-author": (replace(GOOD, pictures=(replace(PICTURE, author=""),)), "expected who made it."),
    "picture-without-licence": (
        replace(GOOD, pictures=(PICTURE, replace(PICTURE, licence=""))),
        "3DVB54, de, picture_2 is 'a.jpg', expected under which licence it is. Add a line picture_2_licence: CC-BY-4.0",
    ),
    "picture-without-year": (replace(GOOD, pictures=(replace(PICTURE, year=None),)), "expected the year it was made."),
    "licence-unknown": (
        replace(GOOD, pictures=(replace(PICTURE, licence="CC BY 4.0"),)),
        "picture_licence is 'CC BY 4.0', expected the short name of an open licence. Write CC-BY-4.0.",
    ),
    "audio-without-transcript": (replace(GOOD, audio=replace(AUDIO, transcript="")), "all that is said, to read."),
    "audio-without-author": (replace(GOOD, audio=replace(AUDIO, author="")), "expected who made it."),
    "sign-video-without-text": (replace(GOOD, sign_video=replace(FILM, text="")), "Add a line sign_video_text"),
    "heading-level-jump": (replace(GOOD, body="A\n\n## B\n\n#### C"), "body line 5 is '####', expected a heading of"),
    "link-text-empty": (
        replace(GOOD, body="Mehr\ndazu [hier](https://lemgo.de)."),
        "body line 2 is 'hier', expected words that say where the link leads. Say where it leads",
    ),
    "link-text-address": (replace(GOOD, body="Siehe https://lemgo.de"), "expected words instead of an address."),
    "link-target": (replace(GOOD, body="[Die Stadt](lemgo.de)"), "an address that begins with https://"),
    "picture-in-text": (replace(GOOD, body="![Eiche](a.jpg)"), "Name it in the head: picture: name of the file."),
    "raw-html": (
        replace(GOOD, body="Ein <b>alter</b> Baum"),
        "line 1 is '<b>', expected Markdown. Write *emphasis*",
    ),
}


@pytest.mark.parametrize("reason", CASES)
def test_what_is_missing_is_refused_with_its_name_place_and_mend(reason: str) -> None:
    text, sentence = CASES[reason]
    wrong = [one for one in found(text) if one.reason == reason]
    assert wrong, found(text)
    assert wrong[0].severity is Severity.ERROR
    assert sentence in str(wrong[0])


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("[Mehr lesen!](https://a.de)", "link-text-empty"),
        ("[here](https://a.de)", "link-text-empty"),
        ("<https://a.de>", "link-text-address"),
        ("[www.a.de](https://a.de)", "link-text-address"),
        ("[A](ftp://a.de)", "link-target"),
        ("[A](//a.de)", "link-target"),
        ("[A](javascript:alert)", "link-target"),
        ("<div>\nA\n</div>", "raw-html"),
        ("# A\n\n#### B", "heading-level-jump"),
        ("### A", "heading-level-jump"),
    ],
)
def test_other_forms_of_the_same_are_refused_too(body: str, reason: str) -> None:
    assert reason in {one.reason for one in found(replace(GOOD, body=body))}


@pytest.mark.parametrize(
    "body",
    [
        "# A\n\n## B\n\n### C\n\n## D",
        "5 < 7 und a<b",
        "[Die Stadt Lemgo](https://lemgo.de/wald) hilft.",
        "1. A\n2. B",
        "[Die Teiche](/s/3DVB54) und das Wort javascript: (so)",
        "A – *B*",
    ],
)
def test_good_markdown_passes(body: str) -> None:
    assert found(replace(GOOD, body=body)) == []


def test_a_long_sentence_in_plain_language_is_a_warning_and_refuses_nothing() -> None:
    long = "Im Wald von Lemgo " + "stehen sehr viele " * 5 + "Bäume."
    simple = replace(GOOD, variant="de_simple", body=f"Kurz.\n{long}")
    [warning] = found(GOOD, simple)
    assert (warning.reason, warning.severity) == ("sentence-long", Severity.WARNING)
    assert "body line 2" in warning.place
    assert "expected at most 15 words in a sentence, not 20. Make two of it." in str(warning)
    assert found(replace(GOOD, body=long)) == []


def test_other_variants_need_the_german_one() -> None:
    [wrong] = found(replace(GOOD, variant="en"), replace(GOOD, variant="children"))
    assert (wrong.reason, wrong.value, wrong.hint) == (
        "de-missing",
        "children, en",
        "Add de.md: every other text falls back to it.",
    )


def in_season(name: str, first: tuple[int, int], last: tuple[int, int], variant: str = "de") -> StationContent:
    return replace(GOOD, variant=variant, season=name, show=Season(first, last))


def test_seasons_of_one_variant_must_not_overlap_also_across_the_new_year() -> None:
    winter, january = in_season("winter", (12, 1), (1, 10)), in_season("januar", (1, 10), (1, 31))
    [wrong] = found(GOOD, winter, january)
    assert wrong.reason == "seasons-overlap"
    assert "is winter and januar on 01-10, expected one text a day. Let the one end the day before" in str(wrong)
    assert found(GOOD, winter, in_season("januar", (1, 11), (1, 31))) == []
    assert found(GOOD, replace(GOOD, variant="en"), winter, in_season("januar", (1, 10), (1, 31), "en")) == []


def test_a_season_needs_the_text_of_all_the_year() -> None:
    wrong = found(GOOD, in_season("winter", (12, 1), (1, 10), "children"))
    assert [(one.reason, one.expected) for one in wrong] == [("season-without-year-text", "children.md")]


def test_a_trail_needs_no_source() -> None:
    assert found(TrailContent(variant="de", name="Pfad", lead="Ein Weg.", body="Text.")) == []
    assert [one.reason for one in found(TrailContent(variant="de", name="", lead="A", body="B"))] == ["title-missing"]


def test_the_bundled_trail_passes_without_a_warning() -> None:
    bundle = bundled()
    assert found(*bundle.trail.contents.values()) == []
    for station in bundle.stations:
        assert found(*station.contents.values(), *station.seasonal) == []


def test_common_licences_are_known_and_wishes_are_not() -> None:
    for name in ("CC0-1.0", "CC-BY-4.0", "CC-BY-NC-SA-3.0", "dl-de/by-2-0", "LicenseRef-permission"):
        assert LICENCE.fullmatch(name), name
    for name in ("CC", "frei", "Google", "CC-BY", "CC-SA-4.0"):
        assert not LICENCE.fullmatch(name), name


def test_one_text_can_be_judged_alone() -> None:
    findings = TextFindings()
    check_text(StoredText(replace(GOOD, variant="en"), "x"), findings)
    assert findings.found == []
