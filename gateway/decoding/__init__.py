"""From bytes to readings: payloads, times, status, reasons of refusal. No broker, no database, no registry.

A new format of messages is a decoder (gateway.decoding.decoder says what it must tell) and its name in DECODERS of
gateway.decoding.decoders; the topics of the wire contract are in gateway.topics.
"""
