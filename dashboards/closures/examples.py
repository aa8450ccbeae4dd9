"""What closes a trail most often, ready to be sent: whoever stands before a fallen tree types nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from dashboards.closures.form import BETWEEN, WHOLE, ClosureForm, rounded
from dashboards.languages import marked
from dashboards.trails.ground import Ground


@dataclass(frozen=True, slots=True)
class ClosureExample:
    """What a form begins with. ``name`` is what staff press; ``fields`` hold what hikers read, in its languages."""

    name: str
    where: str
    fields: Mapping[str, str] = field(default_factory=dict[str, str])


EXAMPLES: Mapping[str, ClosureExample] = {
    "tree": ClosureExample(
        marked("Baum liegt quer"),
        BETWEEN,
        {
            "reason_de": "Ein Baum liegt quer über dem Weg. Hier kommst du nicht durch.",
            "reason_en": "A tree lies across the path. You cannot get through here.",
        },
    ),
    "storm": ClosureExample(
        marked("Sturm: ganzer Wald"),
        WHOLE,
        {
            "reason_de": "Es stürmt: Äste und Bäume können fallen. Bitte verlass den Wald.",
            "reason_en": "There is a storm: branches and trees may fall. Please leave the forest.",
        },
    ),
    "felling": ClosureExample(
        marked("Holzernte"),
        BETWEEN,
        {
            "reason_de": "Hier werden Bäume gefällt. Der Weg ist gesperrt, auch wenn du niemanden hörst.",
            "reason_en": "Trees are being felled here. The path is closed, even if you hear nobody.",
        },
    ),
    "breeding": ClosureExample(
        marked("Brutzeit, jedes Jahr"),
        BETWEEN,
        {
            "reason_de": "Hier brüten Vögel. Bitte stör sie nicht und geh außen herum.",
            "reason_en": "Birds are breeding here. Please do not disturb them and take the way around.",
            "season_first": "01.03.",
            "season_last": "31.07.",
        },
    ),
}
"""By the word in an address."""


def begun(ground: Ground, example: str, now: datetime, from_station: str, to_station: str) -> ClosureForm:
    """A new form: from now on, with what an example says; stations by their numbers, where an address names them."""
    chosen = EXAMPLES.get(example)
    local = rounded(now).astimezone(ground.timezone)
    known = {str(station.number) for station in ground.stations}
    form = ClosureForm(
        data={
            "where": chosen.where if chosen else BETWEEN,
            "begins": local.strftime("%Y-%m-%dT%H:%M"),
            "from_station": from_station if from_station in known else "",
            "to_station": to_station if to_station in known else "",
            **(chosen.fields if chosen else {}),
        }
    )
    form.ground = ground
    return form
