"""A reading's values, one by one: a row for each, or why there is none."""

from __future__ import annotations

import difflib

from gateway.decoding.payload import LARGEST, Reading
from gateway.decoding.reasons import Reason, is_full, may_hint, refuse, show
from gateway.decoding.written import place_of
from gateway.redaction import is_address
from gateway.validation.validated_message import NO_DATASTREAM, ValidatedMessage
from geodata.model.observation import Flag, Quality
from geodata.store.ingest.flush import ObservationOrigin, count
from geodata.store.ingest.registry import RegisteredDevice, Registry

_OK = (int(Quality.OK), int(Flag.NONE))
_SUSPECT = (int(Quality.SUSPECT), int(Flag.OUT_OF_RANGE))
_MISSING = (int(Quality.MISSING), int(Flag.SENSOR_FAILED))
_TIME_OF_RECEIPT = int(Flag.TIME_OF_RECEIPT)
_LONGEST_NAME = 80  # characters that are compared: beyond them nothing is nearly an observed property


def add_rows(
    validated: ValidatedMessage, reading: Reading, us: int, device: RegisteredDevice, registry: Registry
) -> None:
    """A row for each value, measured at ``us``; what is no property or no number that is kept is refused."""
    rows, properties, datastreams = validated.rows, registry.properties, device.datastreams
    before = len(rows.datastreams)
    for name, value in reading.values.items():
        observed = properties.get(name)
        if observed is None:
            refuse_unknown_property(validated, reading, name, registry)
            continue
        if value is None:
            quality, flags = _MISSING
        elif not -LARGEST <= value <= LARGEST:
            place = place_of(reading.seq, reading.time)
            refuse(validated.source.refusals, Reason.NOT_FINITE, place, name=show(name), value=show(value))
            continue
        elif observed.minimum <= value <= observed.maximum:
            quality, flags = _OK
        else:
            quality, flags = _SUSPECT
        rows.datastreams.append(datastreams.get(observed.id, NO_DATASTREAM))
        rows.results.append(value)
        rows.qualities.append(quality)
        rows.flags.append(flags)
        rows.properties.append(observed.id)
    number = len(rows.datastreams) - before
    rows.times_us += [us] * number
    rows.origins += [ObservationOrigin(validated.source, device.id, validated.boot, reading.seq)] * number
    if NO_DATASTREAM in rows.datastreams:
        validated.unnamed = True
    if reading.time is None:
        rows.without_device_time += range(before, before + number)
        rows.flags[before:] = [flags | _TIME_OF_RECEIPT for flags in rows.flags[before:]]


def refuse_unknown_property(validated: ValidatedMessage, reading: Reading, name: str, registry: Registry) -> None:
    """Refuse a value whose name is no observed property, with the one that may be meant."""
    validated.unknown = True
    refusals = validated.source.refusals
    if is_full(refusals):
        return count(refusals, Reason.UNKNOWN_PROPERTY, 1)
    place = place_of(reading.seq, reading.time)
    if is_address(name):
        return refuse(refusals, Reason.ADDRESS, place, name=show(name))
    compared = len(name) <= _LONGEST_NAME and may_hint(refusals)
    near = difflib.get_close_matches(name, registry.properties, n=1) if compared else ()
    expected = f" (did you mean {registry.properties[near[0]].id}?)" if near else ""
    return refuse(refusals, Reason.UNKNOWN_PROPERTY, place, name=show(name), expected=expected)
