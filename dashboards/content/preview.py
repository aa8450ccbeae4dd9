"""A text as hikers would see it, at the size of a phone, by the renderer of their pages; for staff alone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import cache

from starlette.responses import Response

from api.catalogue.keeper import SnapshotKeeper
from api.http.page_headers import CONTENT_SECURITY_POLICY, framed_policy
from api.webapp.language import Choice
from api.webapp.rendering import Renderer
from api.webapp.routes.site_files import static_files
from api.webapp.site import Site
from api.webapp.views.frame import Frame
from api.webapp.views.stations import station as station_view
from api.webapp.views.stations.media import Address
from api.webapp.views.stations.station import Around
from api.webapp.views.trails import trail as trail_view
from dashboards.content.places import HOME, TextPlace
from dashboards.services import StaffServices
from geodata.content import media_fields
from geodata.content.versions import Text
from geodata.model.content import StationContent
from geodata.model.media import Medium
from geodata.model.trail import TrailContent
from geodata.store.catalogue import media as media_store

_SCRIPT = re.compile(rb"<script [^>]*></script>\n?")
"""Of ours, the only ones on these pages: the policy would refuse them, and the browser complain."""


@cache
def _renderer() -> Renderer:
    return Renderer(static_files(), Site())


def answer(services: StaffServices, place: TextPlace, text: Text) -> Response:
    """The page that hikers would see with ``text`` in it; nothing is stored, and nobody else sees it."""
    if isinstance(text, TrailContent):
        return _of_trail(services.keeper, place, text, services.clock())
    media: Mapping[str, Medium] = {}
    ids = [item.media for _, item in media_fields.items(text)]
    if ids:
        with services.database.transaction() as connection:
            media = media_store.of_ids(connection, ids)
    return of_station(services, place, text, media)


def of_station(
    services: StaffServices,
    place: TextPlace,
    text: StationContent,
    media: Mapping[str, Medium],
    where: Address | None = None,
) -> Response:
    """The page of a station with ``text``, whose ``media`` are those of a draft; ``where`` they are served."""
    station = place.station
    assert station is not None  # noqa: S101 - a station's text has a station
    frame = Frame.of(Choice(text.variant, explicit=True), f"/s/{station.code}", place.trail.municipality)
    around = Around(
        pasts={},
        operator=services.around.operator,
        media=media,
        media_address=where or (lambda medium, name: f"{HOME}/stations/{station.code}/media/{medium}/{name}"),
    )
    with_text = replace(station, contents={**station.contents, text.variant: text})
    made = station_view.build(services.keeper, with_text, around, frame, services.clock())
    return _framed(_renderer().render("station.html", made).body, made.frame)


def _of_trail(keeper: SnapshotKeeper, place: TextPlace, text: TrailContent, now: datetime) -> Response:
    trail = replace(place.trail, contents={**place.trail.contents, text.variant: text})
    frame = Frame.of(Choice(text.variant, explicit=True), f"/t/{trail.slug}", trail.municipality)
    made = trail_view.build(keeper, trail, frame, now)
    return _framed(_renderer().render("trail.html", made).body, made.frame)


def _framed(body: bytes, frame: Frame) -> Response:
    """With the policy that the page itself has, but shown within a page of ours, without scripts and forms."""
    policy = _renderer().policy if b"<style>" in body else CONTENT_SECURITY_POLICY
    headers = {
        "content-security-policy": framed_policy(policy),
        "content-language": frame.choice.html_lang,
        "x-robots-tag": "noindex",
    }
    return Response(_SCRIPT.sub(b"", body), headers=headers, media_type="text/html; charset=utf-8")
