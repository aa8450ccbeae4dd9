"""Two people wrote the same text at once: both versions side by side, and what can be made of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from fastapi import Request
from starlette.responses import Response

from dashboards.content.differences import WordPiece, pieces
from dashboards.content.fields import LABELS, parts_of
from dashboards.content.form import ContentForm
from dashboards.content.places import TextPlace
from dashboards.languages import t
from dashboards.templating import page
from geodata.actions.edit_content import TextChanged
from geodata.text.merging import merged


@dataclass(frozen=True, slots=True)
class TwoParts:
    """A part of the text that is not the same in both; ``pieces`` lead from theirs to mine."""

    name: str
    label: str
    mine: str
    theirs: str
    pieces: tuple[WordPiece, ...]


def conflict(request: Request, place: TextPlace, form: ContentForm, changed: TextChanged) -> Response:
    """The page that asks what to keep; all that was typed is in it."""
    theirs = parts_of(changed.newest.text)
    mine = {name: form.value(name) for name in LABELS if name in form}
    context = {
        "place": place,
        "theirs": changed.newest,
        "differing": _differing(mine, theirs),
        "mine": mine,
        "merged": merged_parts(parts_of(changed.begun_with.text if changed.begun_with else None), mine, theirs),
        "note": form.value("note"),
    }
    return page(request, "content/conflict.html", context, 409)


def merged_parts(base: Mapping[str, str], mine: Mapping[str, str], theirs: Mapping[str, str]) -> dict[str, str]:
    """Part by part what both did; of a single line that both changed mine, since two of them are none."""
    return {
        name: merged(base[name], value, theirs[name])
        if name == "body"
        else (theirs[name] if value == base[name] else value)
        for name, value in mine.items()
    }


def _differing(mine: Mapping[str, str], theirs: Mapping[str, str]) -> list[TwoParts]:
    return [
        TwoParts(name, t(LABELS[name]), value, theirs[name], tuple(pieces(theirs[name], value)))
        for name, value in mine.items()
        if value != theirs[name]
    ]
