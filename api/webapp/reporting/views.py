"""The form on which people tell of a problem, and the page that says what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import uuid4

from api.catalogue.snapshot import Snapshot
from api.languages.texts import Texts
from api.webapp import wording
from api.webapp.reporting.fields import Typed
from api.webapp.views.frame import Frame, Words
from api.webapp.views.parts import ordinary_name, ordinary_title, trail_name
from geodata.model.report import Report, ReportKind, ReportPlace, ReportState
from geodata.vocabulary.languages import html_tag

MOST_MEGABYTES = 12
"""Of a picture as a phone sends it without JavaScript; what is kept of it is far smaller."""


@dataclass(frozen=True, slots=True)
class KindChoice:
    """A kind of problem to choose."""

    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class TrailChoice:
    """A trail to choose, where the form is of none."""

    slug: str
    name: Words
    is_chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportForm:
    """What ``report.html`` shows. ``id`` is a new one each time; with JavaScript the phone makes its own.

    ``number`` and ``where`` name the place, empty on the form of none; ``errors`` are sentences by field, ``trouble``
    is one about the whole; after either the fields hold what was typed. ``had_picture``: it has to be chosen again.
    """

    frame: Frame
    id: str
    action: str
    kinds: tuple[KindChoice, ...]
    number: int | None = None
    where: Words | None = None
    back: str
    trails: tuple[TrailChoice, ...] = ()
    typed: Typed = field(default_factory=Typed)
    errors: Mapping[str, str] = field(default_factory=dict[str, str])
    trouble: str = ""
    had_picture: bool = False
    most_megabytes: int = MOST_MEGABYTES


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What ``receipt.html`` shows. ``state`` and ``means`` say how far it is; ``text_lang``: that of what was written.

    ``differs``: the same report was sent once more with other words, and the first are kept.
    """

    frame: Frame
    state: str
    means: str
    kind: str
    number: int | None
    where: Words | None
    back: str
    received: str
    text: str
    text_lang: str
    answer: str
    has_picture: bool
    is_closed: bool
    differs: bool


def kind_words(kind: ReportKind, t: Texts) -> str:
    """What is wrong, as people choose it."""
    return {
        ReportKind.SIGN: t("Das Schild ist beschädigt, überklebt oder fehlt"),
        ReportKind.CODE: t("Der Code auf dem Schild geht nicht"),
        ReportKind.TREE: t("Ein Baum liegt quer"),
        ReportKind.TEXT: t("Ein Text stimmt nicht"),
        ReportKind.BARRIER: t("Eine Barriere, im Gelände oder auf diesen Seiten"),
        ReportKind.OTHER: t("Etwas anderes"),
    }[kind]


def state_words(state: ReportState, t: Texts) -> tuple[str, str]:
    """How far it is: a word, and what that means."""
    return {
        ReportState.NEW: (t("Angekommen"), t("Deine Meldung ist da. Es hat sie noch niemand angesehen.")),
        ReportState.IN_WORK: (t("In Arbeit"), t("Jemand kümmert sich darum.")),
        ReportState.DONE: (t("Erledigt"), t("Danke. Deine Meldung hat geholfen.")),
        ReportState.REJECTED: (t("Abgeschlossen"), t("Wir haben nachgesehen und ändern nichts.")),
    }[state]


def town_of(place: ReportPlace) -> dict[str, str]:
    """What the form's address says of a place of which its path says nothing."""
    return {"town": place.municipality} if place.municipality and not place.trail else {}


def build(
    snapshot: Snapshot,
    place: ReportPlace,
    frame: Frame,
    *,
    typed: Typed,
    errors: Mapping[str, str] | None = None,
    trouble: str = "",
    had_picture: bool = False,
) -> ReportForm:
    """The form for ``place``, with what was ``typed`` into it so far."""
    number, where, back = _where(snapshot, place, frame)
    listed = snapshot.listed.values() if place.trail is None else ()
    return ReportForm(
        frame=frame,
        id=str(uuid4()),
        action=frame.link(frame.path, **town_of(place)),
        kinds=tuple(KindChoice(kind, kind_words(kind, frame.t), kind == typed.kind) for kind in ReportKind),
        number=number,
        where=where,
        back=back,
        trails=tuple(TrailChoice(trail.slug, trail_name(trail, frame), trail.slug == typed.trail) for trail in listed),
        typed=typed,
        errors=errors or {},
        trouble=trouble,
        had_picture=had_picture,
    )


def build_receipt(snapshot: Snapshot, report: Report, frame: Frame, now: datetime, *, differs: bool) -> Receipt:
    """The page of a report, for whoever has its address."""
    t, place = frame.t, report.place
    number, where, back = _where(snapshot, place, frame)
    zone = snapshot.catalogue.timezone_of(place.trail) if place.trail else snapshot.catalogue.timezones()[0]
    state, means = state_words(report.state, t)
    return Receipt(
        frame=frame,
        state=state,
        means=means,
        kind=kind_words(report.kind, t),
        number=number,
        where=where,
        back=back,
        received=wording.age(report.received_at, now, zone, t),
        text=report.text,
        text_lang=html_tag(report.variant),
        answer=report.answer,
        has_picture=report.has_picture,
        is_closed=report.state.is_closed,
        differs=differs,
    )


def _where(snapshot: Snapshot, place: ReportPlace, frame: Frame) -> tuple[int | None, Words | None, str]:
    """Number and ordinary name of a place, and the address of its page; of one that is gone, the start page's."""
    station = snapshot.catalogue.stations.get(place.station or "")
    if station is not None:
        return station.number, ordinary_title(station, frame), frame.link(f"/s/{station.code}")
    trail = snapshot.catalogue.trails.get(place.trail or "")
    if trail is not None:
        return None, ordinary_name(trail, frame), frame.link(f"/t/{trail.slug}")
    return None, None, frame.link("/")
