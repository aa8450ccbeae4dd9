"""Rules that many trails have, to begin with: what is dangerous, from which value on, and what hikers read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dashboards.languages import marked


@dataclass(frozen=True, slots=True)
class NoticeExample:
    """``name`` is what staff press; ``fields`` are those of the form."""

    name: str
    fields: Mapping[str, str]


_Three = tuple[str, str, str]


def _example(name: str, measured: str, numbers: _Three, german: _Three, english: _Three) -> NoticeExample:
    fields = {"observed_property": measured, **dict(zip(("caution", "warning", "hysteresis"), numbers, strict=True))}
    for variant, texts in (("de", german), ("en", english)):
        fields |= dict(zip((f"caution_{variant}", f"warning_{variant}", f"unknown_{variant}"), texts, strict=True))
    return NoticeExample(name, fields)


EXAMPLES: Mapping[str, NoticeExample] = {
    "boardwalk": _example(
        marked("Nasser Holzsteg"),
        "surface_wetness",
        ("30", "60", "10"),
        (
            "Der Holzsteg ist feucht. Geh vorsichtig.",
            "Der Holzsteg ist nass und rutschig. Geh langsam oder nimm den Weg daneben.",
            "Gerade weiß niemand, ob der Holzsteg nass ist. Geh vorsichtig.",
        ),
        (
            "The boardwalk is damp. Walk with care.",
            "The boardwalk is wet and slippery. Walk slowly or take the path beside it.",
            "Nobody knows right now whether the boardwalk is wet. Walk with care.",
        ),
    ),
    "wind": _example(
        marked("Sturmböen"),
        "wind_gust",
        ("14", "18", "2"),
        (
            "Kräftige Böen im Wald. Achte auf Äste über dir.",
            "Sturmböen im Wald. Äste können brechen. Verlass den Wald auf dem kürzesten Weg.",
            "Gerade misst niemand den Wind. Sieh nach, ob sich die Wipfel stark bewegen.",
        ),
        (
            "Strong gusts in the forest. Watch out for branches above you.",
            "Gale-force gusts in the forest. Branches may break. Leave the forest by the shortest way.",
            "Nobody measures the wind right now. Look whether the treetops move a lot.",
        ),
    ),
    "heat": _example(
        marked("Hitze"),
        "air_temperature",
        ("29", "33", "1"),
        (
            "Es ist heiß. Nimm Wasser mit.",
            "Es ist sehr heiß. Nimm viel Wasser mit und mach Pausen im Schatten.",
            "Gerade misst niemand, wie warm es ist. Nimm an warmen Tagen Wasser mit.",
        ),
        (
            "It is hot. Take water with you.",
            "It is very hot. Take plenty of water with you and rest in the shade.",
            "Nobody measures the temperature right now. Take water with you on warm days.",
        ),
    ),
    "water": _example(
        marked("Hochwasser"),
        "water_level",
        ("105", "115", "4"),
        (
            "Das Wasser steht hoch. Bleib vom Ufer weg.",
            "Das Wasser steht sehr hoch. Der Weg am Ufer kann unter Wasser stehen.",
            "Gerade weiß niemand, wie hoch das Wasser steht. Bleib auf dem Weg.",
        ),
        (
            "The water is high. Stay away from the bank.",
            "The water is very high. The path along the bank may be under water.",
            "Nobody knows right now how high the water is. Stay on the path.",
        ),
    ),
}
"""By the word in an address."""
