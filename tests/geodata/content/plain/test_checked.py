"""«Geprüft» holds for the words that were read and for no others, whichever way a text got in."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from itertools import count
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geodata.content.plain import checked
from geodata.content.versions import Author, Slot
from geodata.model.content import StationContent
from geodata.model.media import Picture
from geodata.model.plain_language import CheckState, PlainLanguage, digest
from geodata.store.catalogue import content_versions
from geodata.store.catalogue.published_content import load_stations
from geodata.store.database import Database
from geodata.vocabulary.season import Season
from tests.fixtures.web.hikers import PONDS
from tests.geodata.content.imported_folder import bring, changes, give, pond, shown
from tests.geodata.content.written_folder import read

ME = Author("Büro")
GROUP = "Prüfgruppe Lemgo"
DAYS = (date(2026, 5, 12), date(2026, 6, 1))
TEXT = StationContent(variant="de_simple", title="Teiche", lead="4 Teiche.", body="Quak.", source="Klasse 4b")
LINES = f'checked_by: "{GROUP}"\nchecked_on: 2026-05-12\n'
_seasons = count()


@dataclass
class Desk:
    """A text of its own in the database, and what a group has really read: its checks with the words of each."""

    database: Database
    slot: Slot
    read: dict[tuple[str, date], set[tuple[str, ...]]] = field(
        default_factory=dict[tuple[str, date], set[tuple[str, ...]]]
    )

    def write(self, text: StationContent, *, publish: bool) -> None:
        text = replace(text, season=self.slot.season, show=Season((1, 1), (1, 2)))
        plain = text.plain
        if plain and plain.checked_on:
            claim = plain.checked_by, plain.checked_on
            if plain.checked_text == digest(text.words):
                self.read.setdefault(claim, set()).add(text.words)  # said so in the file
            elif not plain.checked_text and claim not in self.read:
                self.read[claim] = {text.words}
        with self.database.transaction() as connection:
            content_versions.save(connection, self.slot, text, ME, publish=publish)

    def publish(self, number: int) -> None:
        with self.database.transaction() as connection:
            versions = [one for one in content_versions.history(connection, station=PONDS) if one.slot == self.slot]
            chosen = versions[number % len(versions)] if versions else None
            is_shown = chosen and chosen.published_at and chosen is [one for one in versions if one.published_at][-1]
            if chosen is not None and not is_shown:
                content_versions.publish(connection, chosen, ME)

    def change_by_hand(self, body: str) -> None:
        with self.database.transaction() as connection:
            connection.execute("UPDATE station_content SET body = %s WHERE season = %s", [body, self.slot.season])

    @property
    def shown(self) -> StationContent | None:
        with self.database.transaction() as connection:
            texts = [text for _, text in load_stations(connection, [PONDS]) if text.season == self.slot.season]
        return texts[0] if texts else None


PICTURE = Picture(media="0" * 32, file="a.jpg", alt="Teich", author="A", licence="CC0-1.0", year=2026)
WORDS = st.builds(
    replace, st.just(TEXT), title=st.sampled_from(["Teiche", "Teich"]), body=st.sampled_from(["Quak.", "Quak!"]),
    question=st.sampled_from(["", "Wo?"]), answer=st.just("Da."), source=st.sampled_from(["Klasse 4b", "Klasse 4c"]),
)  # fmt: skip
PLAIN = st.none() | st.builds(
    PlainLanguage, translator=st.sampled_from(["", "Büro für Leichte Sprache"]), checked_by=st.just(GROUP),
    checked_on=st.sampled_from(DAYS), checked_text=st.sampled_from(["", "", "", digest(TEXT.words), "0" * 16]),
)  # fmt: skip
STEPS = st.lists(
    st.tuples(st.just("write"), WORDS, PLAIN, st.booleans())
    | st.tuples(st.just("publish"), st.integers(0, 9))
    | st.tuples(st.just("by hand"), st.sampled_from(["Quak.", "Anders."])),
    min_size=1, max_size=9,
)  # fmt: skip


@given(steps=STEPS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_text_is_shown_as_checked_exactly_while_its_words_are_those_that_were_read(
    loaded: Database, steps: list[tuple[object, ...]]
) -> None:
    season = f"s{next(_seasons)}"
    desk = Desk(loaded, Slot(station=PONDS, variant="de_simple", season=season))
    for step in steps:
        match step:
            case ("write", StationContent() as text, PlainLanguage() | None as plain, bool() as publish):
                desk.write(replace(text, plain=plain), publish=publish)
            case ("publish", int() as number):
                desk.publish(number)
            case _:
                desk.change_by_hand(str(step[1]))
        if (text := desk.shown) is None:
            continue
        plain = text.plain or PlainLanguage()
        was_read = plain.checked_on is not None and text.words in desk.read.get((GROUP, plain.checked_on), set())
        assert (text.check_state is CheckState.CHECKED) <= was_read, "never called checked without having been read"
        is_of_these = plain.claims_check and plain.checked_text == digest(text.words)
        assert (text.check_state is CheckState.CHECKED) >= is_of_these, "nor is the mark lost without a change"


@given(words=WORDS, other=WORDS)
def test_a_check_falls_off_with_the_words_and_stays_with_all_else(words: StationContent, other: StationContent) -> None:
    once = checked.tied(replace(words, plain=PlainLanguage(checked_by=GROUP, checked_on=DAYS[0])), ())
    assert once.check_state is CheckState.CHECKED
    again = replace(other, plain=once.plain, pictures=())
    assert (again.check_state is CheckState.CHECKED) is (other.words == words.words)
    untied = replace(other, plain=PlainLanguage(checked_by=GROUP, checked_on=DAYS[0]))
    after = checked.tied(untied, [once.plain] if once.plain else [])
    assert (after.check_state is CheckState.CHECKED) is (other.words == words.words), "its lines were left as they were"
    anew = replace(untied, plain=PlainLanguage(checked_by=GROUP, checked_on=DAYS[1]))
    assert checked.tied(anew, [once.plain] if once.plain else []).check_state is CheckState.CHECKED, "read once more"


def test_a_licence_changes_no_word_and_a_caption_does() -> None:
    text = replace(TEXT, pictures=(PICTURE,))
    assert digest(text.words) == digest(replace(text, pictures=(replace(PICTURE, licence="CC-BY-4.0"),)).words)
    assert digest(text.words) != digest(replace(text, pictures=(replace(PICTURE, caption="Der Teich"),)).words)
    assert digest(["ab", "c"]) != digest(["a", "bc"])
    assert digest(["Ein Satz.  \nNoch einer."]) == digest(["Ein Satz.\nNoch einer."])
    assert digest(["Ein Satz.\nNoch einer."]) != digest(["Ein Satz. Noch einer."])


def test_a_changed_file_whose_lines_were_left_loses_its_mark_and_is_told_how_to_get_it_again(
    loaded: Database, tmp_path: Path
) -> None:
    pond(tmp_path / "a", "de_simple.md", head=LINES)
    assert changes(bring(loaded, tmp_path / "a"))[f"{PONDS} de_simple"] == "changed"
    assert shown(loaded)["de_simple"].check_state is CheckState.CHECKED

    pond(tmp_path / "a", "de_simple.md", body="Quak, quak.", head=LINES)
    plan = bring(loaded, tmp_path / "a")
    [said] = [one for one in plan.findings if one.reason == "check-outdated"]
    now = shown(loaded)["de_simple"]
    assert now.check_state is CheckState.OUTDATED
    assert digest(now.words) in said.hint
    assert said.place.startswith("04-x/de_simple.md, line ")
    assert changes(bring(loaded, tmp_path / "a")).get(f"{PONDS} de_simple") is None, "the same again changes nothing"

    given_out = give(loaded, tmp_path / "b")
    file = next(path for path in given_out if path.match("04-*/de_simple.md"))
    assert changes(bring(loaded, tmp_path / "b")) == {}
    text = (tmp_path / "b" / file).read_text().replace("2026-05-12", "2026-06-01")
    text = "\n".join(line for line in text.split("\n") if not line.startswith("checked_text"))
    (tmp_path / "b" / file).write_text(text)
    assert not [one for one in bring(loaded, tmp_path / "b").findings if one.reason == "check-outdated"]
    assert shown(loaded)["de_simple"].check_state is CheckState.CHECKED


def test_an_export_that_somebody_changed_is_found_without_a_database(loaded: Database, tmp_path: Path) -> None:
    pond(tmp_path / "a", "de_simple.md", head=LINES)
    bring(loaded, tmp_path / "a")
    give(loaded, tmp_path / "b")
    file = next((tmp_path / "b").glob("04-*/de_simple.md"))
    assert "checked_text: " in file.read_text()
    assert read(tmp_path / "b")[1].found == []
    file.write_text(file.read_text().replace("Quak.", "Quark."))
    assert [one.reason for one in read(tmp_path / "b")[1].found] == ["check-outdated"]
