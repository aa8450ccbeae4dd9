"""Texts that take their turn: on pages and in the interface the right one, from the first moment of the local day."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from api.http.caches.etag import Answer
from api.webapp.rendering import PageCache
from geodata.bundle.folder import bundled
from geodata.content.versions import Author, Slot
from geodata.model.content import StationContent
from geodata.store.catalogue import content_versions
from geodata.store.database import Database
from geodata.vocabulary.season import Season
from tests.fixtures.process.waiting import wait_until
from tests.fixtures.web.hikers import OAKS, PONDS, Hikers, hikers_on

DEER = bundled().stations[6].code
JUST = timedelta(microseconds=1)
ME = Author("test")


class Clock:
    """A clock that stands where it is put."""

    def __init__(self) -> None:
        self.now = datetime(2026, 8, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def hikers(demo_trail: None, database: Database, clock: Clock) -> Iterator[Hikers]:
    with hikers_on(database, clock=clock) as running:
        yield running


def lead(hikers: Hikers, code: str, variant: str = "de") -> str:
    """What page and interface both say."""
    told: str = hikers.get(f"/api/v1/stations/{code}?lang={variant}").json()["properties"]["content"]["lead"]
    assert f'<p class="lead">{told}</p>' in hikers.get(f"/s/{code}?lang={variant}").text
    return told


def test_the_autumn_text_of_the_deer_comes_and_goes_at_local_midnight(hikers: Hikers, clock: Clock) -> None:
    usual = lead(hikers, DEER)
    first, after = datetime(2026, 9, 9, 22, tzinfo=UTC), datetime(2026, 10, 20, 22, tzinfo=UTC)  # summer time: UTC+2
    shown = dict[datetime, bool]()
    for moment in (first - JUST, first, after - JUST, after):
        clock.now = moment
        shown[moment] = lead(hikers, DEER) != usual
    assert list(shown.values()) == [False, True, True, False]


@pytest.mark.parametrize(
    ("day", "begins", "ends"),
    [
        ((3, 28), datetime(2027, 3, 27, 23, tzinfo=UTC), datetime(2027, 3, 28, 22, tzinfo=UTC)),
        ((10, 31), datetime(2027, 10, 30, 22, tzinfo=UTC), datetime(2027, 10, 31, 23, tzinfo=UTC)),
    ],
    ids=["a day of 23 hours", "a day of 25 hours"],
)
def test_on_days_on_which_the_clock_changes_a_text_holds_exactly_that_day(
    hikers: Hikers, clock: Clock, day: tuple[int, int], begins: datetime, ends: datetime
) -> None:
    text = replace(bundled().stations[3].contents["de"], lead="Nur heute.", season="tag", show=Season(day, day))
    publish(hikers, PONDS, text)
    shown = list[bool]()
    for moment in (begins - JUST, begins, ends - JUST, ends):
        clock.now = moment
        shown.append(lead(hikers, PONDS) == "Nur heute.")
    assert shown == [False, True, True, False]


def publish(hikers: Hikers, code: str, text: StationContent) -> None:
    with hikers.database.transaction() as connection:
        content_versions.save(connection, Slot.of(code, text), text, ME, publish=True)
    wait_until(
        lambda: text in hikers.keeper.current.stored.stations[code].seasonal, what="the pages to know the new text"
    )


def test_the_season_turns_while_the_database_is_away(hikers: Hikers, clock: Clock) -> None:
    usual = lead(hikers, DEER)
    hikers.database.close()
    clock.now = datetime(2026, 9, 15, tzinfo=UTC)
    assert lead(hikers, DEER) != usual


def test_the_turn_of_a_season_renders_anew_what_changes_and_leaves_the_rest(hikers: Hikers, clock: Clock) -> None:
    every = "/api/v1/stations"
    before, tag = hikers.keeper.current, hikers.get(every).headers["etag"]
    clock.now = datetime(2026, 9, 15, tzinfo=UTC)
    after = hikers.keeper.current
    changed = {code for code, one in after.catalogue.stations.items() if one is not before.catalogue.stations[code]}
    assert changed == {DEER}
    assert after.version == before.version + 1
    assert hikers.get(every).headers["etag"] == tag  # the same title: not one byte of the list is another
    clock.now += timedelta(days=1)
    assert hikers.keeper.current is after  # an ordinary midnight changes nothing
    assert hikers.get(f"/s/{OAKS}").status_code == 200


def test_what_is_kept_ready_turns_with_the_season_and_every_visit_is_counted_once(
    hikers: Hikers, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    german = hikers.keeper.current.stored.stations[PONDS].contents["de"]
    publish(hikers, PONDS, replace(german, title="Teich im Mai", season="mai", show=Season((5, 1), (5, 31))))
    rendered = list[Hashable]()
    usual_way = PageCache.get

    async def noted(cache: PageCache, key: Hashable, build: Callable[[], Answer]) -> Answer:
        rendered.append(key)
        return await usual_way(cache, key, build)

    monkeypatch.setattr(PageCache, "get", noted)
    paths = (f"/s/{PONDS}", "/api/v1/stations", f"/api/v1/stations/{PONDS}")
    turn, tags, seen = datetime(2027, 4, 30, 22, tzinfo=UTC), dict[str, str](), list[tuple[bool, ...]]()
    for moment in (turn - JUST, turn, datetime(2027, 5, 31, 22, tzinfo=UTC)):
        clock.now = moment
        answers = [hikers.get(path, if_none_match=tags.get(path, "")) for path in paths]
        assert [answer.status_code for answer in answers] == [200, 200, 200]  # the old tag does not hold any more
        seen.append(tuple("Teich im Mai" in answer.text for answer in answers))
        tags = {path: answer.headers["etag"] for path, answer in zip(paths, answers, strict=True)}
        again = [hikers.get(path, if_none_match=tags[path]).status_code for path in paths * 2]
        assert again == [304] * 6
    assert seen == [(False,) * 3, (True,) * 3, (False,) * 3]
    assert len(rendered) == 3, "each state is rendered once; all else takes the fast path"
    wait_until(lambda: _scans(hikers) == 2, what="the visits to be counted, but no reload")


class Striking(Clock):
    """A clock that strikes midnight in the middle of a request: at ``turn``, after having been read ``left`` times."""

    def __init__(self) -> None:
        super().__init__()
        self.turn, self.left = self.now, 0

    def __call__(self) -> datetime:
        self.left -= 1
        return self.turn if self.left < 0 else self.turn - JUST


def test_a_text_of_yesterday_is_not_kept_whenever_in_a_request_midnight_strikes(
    demo_trail: None, database: Database
) -> None:
    may = replace(bundled().stations[3].contents["de"], lead="Im Mai.", season="mai", show=Season((5, 1), (5, 31)))
    clock = Striking()
    with hikers_on(database, clock=clock) as hikers:
        publish(hikers, PONDS, may)
        paths = (f"/s/{PONDS}?lang=de", f"/api/v1/stations/{PONDS}?lang=de")
        for left in range(14):
            for turn, is_may in (((4, 30), True), ((5, 31), False)):
                clock.turn, clock.left = datetime(2027 + left, *turn, 22, tzinfo=UTC), left
                for path in paths:
                    hikers.get(path)
                clock.left = 0
                assert (lead(hikers, PONDS) == "Im Mai.") == is_may, (left, turn)


def _scans(hikers: Hikers) -> int:
    with hikers.database.transaction() as connection:
        return sum(count for (count,) in connection.execute("SELECT count FROM scan_hour").fetchall())


def test_a_childrens_text_of_a_season_is_offered_in_its_season_only(hikers: Hikers, clock: Clock) -> None:
    text = replace(
        bundled().stations[3].contents["children"], lead="Hu.", season="winter", show=Season((12, 1), (2, 29))
    )
    publish(hikers, DEER, text)
    assert "Für Kinder" not in hikers.get(f"/s/{DEER}").text
    clock.now = datetime(2027, 1, 1, tzinfo=UTC)
    assert "Für Kinder" in hikers.get(f"/s/{DEER}").text
    assert lead(hikers, DEER, "children") == "Hu."


def test_a_draft_is_nowhere_to_be_seen(hikers: Hikers) -> None:
    draft = replace(bundled().stations[3].contents["de"], title="Geheimer Entwurf")
    seen = replace(bundled().stations[0].contents["de"], title="Für alle")
    with hikers.database.transaction() as connection:
        content_versions.save(connection, Slot.of(PONDS, draft), draft, ME, publish=False)
        content_versions.save(connection, Slot.of(OAKS, seen), seen, ME, publish=True)
    wait_until(lambda: "Für alle" in hikers.get("/t/stadtwald").text, what="what was saved together with the draft")
    for path in ("/", "/t/stadtwald", f"/s/{PONDS}", f"/api/v1/stations/{PONDS}", "/api/v1/stations", "/api/v1/trails"):
        assert "Geheimer Entwurf" not in hikers.get(path).text, path
