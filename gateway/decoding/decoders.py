"""All formats of messages that the gateway reads, and which of them a topic belongs to."""

from __future__ import annotations

from collections.abc import Sequence

from gateway.decoding.decoder import Decoder
from gateway.decoding.native import NativeDecoder
from gateway.topics import Topic

DECODERS: tuple[Decoder, ...] = (NativeDecoder(),)
"""The first that knows a topic reads its messages."""


def filters(decoders: Sequence[Decoder], trail: str | None) -> tuple[str, ...]:
    """The topic filters of all of them, each once."""
    return tuple(dict.fromkeys(each for decoder in decoders for each in decoder.filters(trail)))


def find(decoders: Sequence[Decoder], text: str) -> tuple[Decoder, Topic] | None:
    """The decoder of a topic, and what the topic tells; None where nobody knows it."""
    for decoder in decoders:
        topic = decoder.topic(text)
        if topic is not None:
            return decoder, topic
    return None
