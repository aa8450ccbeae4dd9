"""From bytes to validated readings: payloads, times, status, reasons of refusal. No broker, no database.

Which topics there are stands in gateway.topics. A new format of messages is a decoder with the topics that it reads.
"""
