"""`digitalpfad trail list|hide|show|retire|remove|stamps|direction`: where a trail shows, and what its page says.

No printed code ever stops answering.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from digitalpfad import services
from digitalpfad.commands.devices import device_rights
from digitalpfad.commands.output import Json, answer_json, answer_table, say
from digitalpfad.config import settings
from digitalpfad.noting import note
from geodata.actions import edit_trail
from geodata.errors import InvalidInput
from geodata.facts import words
from geodata.messages.message import Message, counted, joined, message, phrase
from geodata.model.trail import Trail, TrailDirection, TrailState
from geodata.store.catalogue import trail_state
from geodata.store.catalogue.station import load_stations
from geodata.store.catalogue.trail import load_trails
from geodata.vocabulary.audit import Action

_DONE = {
    TrailState.SHOWN: Action.TRAIL_SHOW,
    TrailState.HIDDEN: Action.TRAIL_HIDE,
    TrailState.RETIRED: Action.TRAIL_RETIRE,
}
Slug = Annotated[str, typer.Argument(metavar="TRAIL", help="Short name of the trail.")]


def register(group: typer.Typer) -> None:
    """Add the commands to the group `trail`."""
    group.command("list")(list_trails)
    group.command("hide")(hide)
    group.command("show")(show)
    group.command("retire")(retire)
    group.command("remove")(remove)
    group.command("stamps")(stamps)
    group.command("direction")(direction)


def list_trails(*, as_json: Json = False) -> None:
    """List the trails and where they show."""
    present, _ = settings.load()
    with services.open_database(present) as database, database.transaction() as connection:
        trails, stations = load_trails(connection), load_stations(connection).values()
    live = {slug: sum(station.trail == slug and station.retired_at is None for station in stations) for slug in trails}
    if as_json:
        answer_json([_record(trail, live[slug]) for slug, trail in trails.items()])
        return
    answer_table(
        ("trail", "municipality", "name", "stations", "state", "since (UTC)", ""),
        [
            (slug, trail.municipality, _name(trail), live[slug], phrase(trail.state), trail.state_since, _kind(trail))
            for slug, trail in trails.items()
        ],
        "There are no trails. 'digitalpfad trail import FILE --municipality TOWN' brings one.",
    )


def hide(trail: Slug) -> None:
    """Take a trail out of all lists, while it is prepared for instance. Its own addresses and codes work as before."""
    _change(trail, TrailState.HIDDEN)
    say(
        message(
            "{trail} is hidden: home page, lists, feeds and the staff menu leave it out; /t/{trail} and its codes"
            " answer.",
            trail=trail,
        )
    )
    say(_way_back(trail))


def show(trail: Slug) -> None:
    """Bring a hidden or retired trail back, with all of its stations that are not retired themselves."""
    _change(trail, TrailState.SHOWN)
    say(message("{trail} is shown.", trail=trail))


def retire(trail: Slug) -> None:
    """Give a trail up. Its codes keep answering: what stood there, and the nearest station. Its figures are kept."""
    held = _change(trail, TrailState.RETIRED)
    say(
        counted(
            "{trail} is retired: its one code says what stood there and where the nearest station is.",
            "{trail} is retired: its {count} codes say what stood there and where the nearest station is.",
            count=held.stations,
            trail=trail,
        )
    )
    say(_way_back(trail))
    if held.devices:
        say(
            counted(
                "{count} device may still log in and is stored: 'digitalpfad device revoke ID' ends that.",
                "{count} devices may still log in and are stored: 'digitalpfad device revoke ID' ends that.",
                count=held.devices,
            )
        )


def remove(
    trail: Slug,
    *,
    no_sign_hangs: Annotated[
        bool, typer.Option("--no-sign-hangs", help="Its stations were only looked at, while it was hidden.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would go and change nothing.")] = False,
) -> None:
    """Remove a demonstration, or a trail imported by mistake that never had data. Its codes are never given again."""
    present, _ = settings.load()
    with services.open_database(present) as database, database.transaction() as connection:
        held = (edit_trail.removable if dry_run else edit_trail.remove)(connection, trail, no_sign_hangs=no_sign_hangs)
        if not dry_run:
            note(connection, Action.TRAIL_REMOVE, trail)
    what = _counts(held)
    if dry_run:
        say(message("{trail} would be removed with {what}.", trail=trail, what=what))
        return
    say(
        message(
            "{trail} is removed with {what}. Its codes answer that they are no longer valid, and are given to no"
            " other.",
            trail=trail,
            what=what,
        )
    )
    if held.devices:
        device_rights.after_removed_trail(present)


def stamps(
    trail: Slug,
    *,
    needed: Annotated[int | None, typer.Option(min=1, help="Stamps that earn the badge of this trail.")] = None,
) -> None:
    """Say how many stamps earn the badge of a trail. Without --needed it takes all stations that are open."""
    present, _ = settings.load()
    with services.open_database(present) as database, database.transaction() as connection:
        trail_state.set_stamps_needed(connection, trail, needed)
        note(connection, Action.TRAIL_STAMPS, trail)
        live = sum(
            station.trail == trail and station.retired_at is None for station in load_stations(connection).values()
        )
    if needed is None:
        say(message("The badge of {trail} takes the stamps of all stations that are open.", trail=trail))
        return
    say(message("The badge of {trail} takes {needed} stamps.", trail=trail, needed=needed))
    if needed > live:
        say(message("It has {live} stations: all of them are enough.", live=live))


def direction(
    trail: Slug,
    which: Annotated[
        str,
        typer.Argument(
            metavar="DIRECTION", help=f"{words.listed(TrailDirection)}, or unknown, which takes it away again."
        ),
    ],
) -> None:
    """Say which way the signs of a trail lead, as its page tells. An import keeps it unless its file says otherwise."""
    led = words.direction_of(which)
    if led is None and not words.is_unknown(which):
        raise InvalidInput(
            "DIRECTION", which, message("one of {names}", names=f"{words.listed(TrailDirection)}, unknown")
        )
    present, _ = settings.load()
    with services.open_database(present) as database, database.transaction() as connection:
        trail_state.set_direction(connection, trail, led)
        note(connection, Action.TRAIL_DIRECTION, trail)
    if led is None:
        say(message("Nothing is said of which way the signs of {trail} lead.", trail=trail))
    else:
        say(message("The signs of {trail} lead: {direction}.", trail=trail, direction=led.value))


def _counts(held: trail_state.Holdings) -> Message:
    return joined(
        [
            counted("{count} station", "{count} stations", count=held.stations),
            counted("{count} device", "{count} devices", count=held.devices),
            counted("{count} value", "{count} values", count=held.observations),
            *([counted("{count} scan", "{count} scans", count=held.sign_scans)] if held.sign_scans else []),
        ]
    )


def _way_back(trail: str) -> Message:
    return message("{action[trail show]:{trail}} brings it back.", trail=trail)


def _change(trail: str, state: TrailState) -> trail_state.Holdings:
    present, _ = settings.load()
    with services.open_database(present) as database, database.transaction() as connection:
        edit_trail.set_state(connection, trail, state, datetime.now(UTC))
        note(connection, _DONE[state], trail)
        return trail_state.holdings(connection, trail)


def _record(trail: Trail, stations: int) -> dict[str, object]:
    return {
        "trail": trail.slug,
        "municipality": trail.municipality,
        "name": _name(trail),
        "stations": stations,
        "state": trail.state.value,
        "since": trail.state_since,
        "surveyed": trail.surveyed,
        "direction": trail.direction,
        "stamps_needed": trail.stamps_needed,
    }


def _name(trail: Trail) -> str | None:
    return trail.name() or None


def _kind(trail: Trail) -> str:
    return "" if trail.surveyed else phrase("demonstration")
