"""A second format for the tests, as small as one can be: packs like SenML (RFC 8428) of several devices."""

from __future__ import annotations

import json
from collections.abc import Sequence

from gateway.decoding.decoder import Uplink
from gateway.decoding.payload import Reading, Telemetry
from gateway.decoding.reasons import Reason, refuse
from gateway.topics import Topic


class SenmlDecoder:
    """Topics ``senml/{network}``; the payload names devices and times, in seconds."""

    confirms = False

    def filters(self, trail: str | None) -> Sequence[str]:
        return ("senml/+",) if trail is None else ()

    def topic(self, text: str) -> Topic | None:
        return Topic(None, None, "pack") if text.startswith("senml/") else None

    def decode(self, topic: Topic, payload: bytes, received_us: int) -> Sequence[Uplink]:
        devices: dict[str, list[Reading]] = {}
        broken = Telemetry()
        try:
            for record in json.loads(payload):
                reading = Reading({record["n"]: record["v"]}, record.get("fCnt"), record["bt"] * 1000)
                devices.setdefault(record["bn"], []).append(reading)
        except (ValueError, KeyError, TypeError) as error:
            refuse(broken.refusals, Reason.NOT_JSON, value=str(error))
        return [Telemetry("joined", readings=all_of, device=name) for name, all_of in devices.items()] or [broken]
