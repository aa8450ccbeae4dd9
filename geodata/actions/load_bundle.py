"""Write a trail folder's records to the database."""

from __future__ import annotations

from collections.abc import Mapping

from geodata.bundle.folder import TrailBundle, bundled
from geodata.media.files import MediaFile
from geodata.media.prepare import prepare
from geodata.store.catalogue import facts, media
from geodata.store.catalogue.notice import save_rule
from geodata.store.catalogue.station import save_station
from geodata.store.catalogue.trail import any_trail, save_municipality, save_trail
from geodata.store.database import Database
from geodata.store.devices.device import save_device
from geodata.store.transaction import Transaction


def save_bundle(connection: Transaction, bundle: TrailBundle) -> None:
    """Add or update all that a trail folder holds; the same again changes nothing. The caller's transaction commits it.

    Raises InvalidInput for a picture, recording or film that cannot be used.
    """
    save_media(connection, bundle.media)
    save_municipality(connection, bundle.municipality)
    save_trail(connection, bundle.trail)
    facts.replace_places(connection, bundle.trail.slug, bundle.places)
    facts.replace_sections(connection, bundle.trail.slug, bundle.sections)
    for station in bundle.stations:
        save_station(connection, station)
    for entry in bundle.devices:
        save_device(connection, entry.device, entry.sensors)
    for rule in bundle.notices:
        save_rule(connection, rule)


def save_media(connection: Transaction, files: Mapping[str, MediaFile]) -> None:
    """Prepare and save the files, by id, that the database does not hold yet; raises InvalidInput."""
    for key in files.keys() - media.stored_ids(connection, files.keys()):
        media.save(connection, prepare(files[key]))


def load_if_empty(database: Database) -> TrailBundle | None:
    """Write the demonstration trail where there is no trail at all; return it, or None where there was one."""
    with database.transaction() as connection:
        if any_trail(connection):
            return None
        bundle = bundled()
        save_bundle(connection, bundle)
    return bundle
