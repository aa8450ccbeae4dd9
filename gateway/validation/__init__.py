"""Readings against the registry: whose they are, which series they belong to, what is refused. No bytes, no database.

A new check is a Reason of gateway.decoding.reasons with its sentence, the place in gateway.validation.validate where it
is made, and a sample in tests/contract. What a format spells is gateway.decoding.
"""
