"""What Geotrek-admin's interface v2 answers to Geotrek-rando for one trek: our facts in its fields, lists empty."""

from __future__ import annotations

import json
import threading
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

_LOGO = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"><circle cx="20" cy="20" r="18"/></svg>'
_NOTHING: dict[str, object] = {"count": 0, "next": None, "previous": None, "results": []}
_NULLS = (
    *("access", "accessibility_level", "advice", "advised_parking", "altimetric_profile", "arrival_city"),
    *("departure_city", "disabled_infrastructure", "elevation_area_url", "gear", "gpx", "kml", "parking_location"),
    *("pdf", "points_reference", "public_transport", "reservation_id"),
)
_LISTS = (
    *("accessibilities", "attachments_accessibility", "children", "cities", "information_desks", "labels", "networks"),
    *("ratings", "source", "themes", "view_points", "web_links"),
)


@dataclass(frozen=True, slots=True)
class Trek:
    """Properties of a station and a trail as /api/v1 gives them, and the file of the picture."""

    station: dict[str, Any]
    trail: dict[str, Any]
    picture: bytes

    def detail(self, base: str) -> dict[str, Any]:
        """The feature that its details page asks for."""
        trail, content = self.trail["properties"], self.station["content"]
        line = self.trail["geometry"]["coordinates"]
        lons, lats = [one[0] for one in line], [one[1] for one in line]
        climb = round(trail["ascent_m"])
        properties: dict[str, Any] = {
            **dict.fromkeys(_NULLS),
            **{name: list[object]() for name in _LISTS},
            **dict.fromkeys(("id", "practice", "difficulty", "route"), 1),
            **dict.fromkeys(("departure", "arrival"), trail["name"]),
            **dict.fromkeys(("description_teaser", "ambiance"), content["lead"]),
            "name": content["title"],
            "description": "".join(f"<p>{part}</p>" for part in content["body"].split("\n\n")),
            "attachments": [_picture(f"{base}/media/teich.png")],
            "duration": trail["minutes"] / 60,
            "length_2d": trail["length_m"],
            "ascent": climb,
            "descent": -climb,
            "ratings_description": "",
        }
        bbox = [min(lons), min(lats), max(lons), max(lats)]
        return {"type": "Feature", "geometry": self.trail["geometry"], "bbox": bbox, "properties": properties}


def _picture(url: str) -> dict[str, object]:
    words = dict.fromkeys(("author", "backend", "legend", "title"), "")
    return {**words, "thumbnail": url, "url": url, "type": "image", "filetype": {"id": 1, "type": "Bild"}}


class _Answers(BaseHTTPRequestHandler):
    trek: ClassVar[Trek]
    asked: ClassVar[set[str]]

    def do_GET(self) -> None:
        """Answer by the path alone; parameters choose fields and languages, of which there is one each."""
        path = self.path.partition("?")[0]
        _Answers.asked.add(path)
        base = f"http://{self.headers['host']}"
        if path == "/media/teich.png":
            self._send("image/png", self.trek.picture)
        elif path.startswith("/media/"):
            self._send("image/svg+xml", _LOGO.encode())
        else:
            self._send("application/json", json.dumps(self._json(path.removeprefix("/api/v2"), base)).encode())

    def _json(self, path: str, base: str) -> object:
        if path == "/version":
            return {"version": "2.110.0"}
        if path == "/trek/1/":
            return self.trek.detail(base)
        if path.endswith("/1/"):
            words = {"trek_practice": "Wandern", "trek_difficulty": "Leicht", "trek_route": "Rundweg"}
            name = words.get(path.split("/")[1], "")
            return {"id": 1, "name": name, "label": name, "route": name, "pictogram": f"{base}/media/sign.svg"}
        return _NOTHING

    def _send(self, content_type: str, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Access-Control-Allow-Origin", "*")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
        """Say nothing."""


@contextmanager
def admin(trek: Trek) -> Generator[tuple[str, set[str]]]:
    """Its address on loopback, and the paths that are asked for, as they come."""
    _Answers.trek, _Answers.asked = trek, set()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Answers)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", _Answers.asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
