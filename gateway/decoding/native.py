"""The messages of the wire contract: JSON below digitalpfad/v1/{trail}/{device}/event/."""

from __future__ import annotations

from collections.abc import Sequence

from gateway import topics
from gateway.decoding.decoder import Uplink
from gateway.decoding.lenient import decode
from gateway.decoding.payload import decode_fast
from gateway.decoding.status import decode_status
from gateway.topics import STATUS, Topic, TopicFilter


class NativeDecoder:
    """See gateway.decoding.decoder.Decoder."""

    confirms = True

    def filters(self, trail: str | None) -> Sequence[str]:
        """The events of the trail's devices."""
        return (str(TopicFilter(trail)),)

    def topic(self, text: str) -> Topic | None:
        """Trail, device and event."""
        return topics.parse(text)

    def decode(self, topic: Topic, payload: bytes, received_us: int) -> Sequence[Uplink]:
        """One uplink, of the topic's device."""
        if topic.event == STATUS:
            return (decode_status(payload, received_us),)
        return (decode_fast(payload) or decode(payload),)
