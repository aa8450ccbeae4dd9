"""Channels on which the database tells its listeners what changed.

Processes of two releases listen to one database while it is updated: a payload keeps its meaning, what is new to tell
gets its own channel.
"""

from __future__ import annotations

import msgspec

from geodata.model.observation import Observation, Quality
from geodata.times import to_datetime

CATALOGUE_CHANNEL = "digitalpfad_catalogue"
"""Payload: the table that changed."""

TOLD_BY_DEVICE = frozenset({"device", "datastream"})
"""Tables on CATALOGUE_CHANNEL of which the next two channels tell more."""

DEVICE_CHANNEL = "digitalpfad_device"
"""Payload: JSON list of the ids of devices that were added, changed or deleted; or empty: any of them."""

DATASTREAM_CHANNEL = "digitalpfad_datastream"
"""Payload: JSON list of the ids of devices whose datastreams were added, changed or deleted; or empty: of any."""

OBSERVATION_CHANNEL = "digitalpfad_observation"
"""Payload: JSON list of [datastream, phenomenon_time in microseconds, result or null, quality]; or empty: read all
latest values again."""

LATE_CHANNEL = "digitalpfad_late_observation"
"""Payload: a list as on OBSERVATION_CHANNEL, of observations too old to be news: all of a transaction where they are
few, else of each series that got such ones the newest of them."""

CREDENTIAL_CHANNEL = "digitalpfad_credential"
"""Without a payload: a device's password was made, replaced or withdrawn, and the broker's logins are to be written."""

_rows = msgspec.json.Decoder(list[tuple[int, int, float | None, int]])


def observations(payload: str) -> list[Observation]:
    """What a payload of OBSERVATION_CHANNEL or LATE_CHANNEL tells of, without flags.

    Raises ValueError where it is none, or empty.
    """
    return [
        Observation(datastream, to_datetime(us), result, Quality(quality))
        for datastream, us, result, quality in _rows.decode(payload)
    ]
