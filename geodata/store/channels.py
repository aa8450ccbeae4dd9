"""Channels on which the database tells its listeners what changed."""

from __future__ import annotations

CATALOGUE_CHANNEL = "digitalpfad_catalogue"
"""Payload: the table that changed."""

OBSERVATION_CHANNEL = "digitalpfad_observation"
"""Payload: JSON list of [datastream, phenomenon_time in microseconds, result or null, quality]; or empty: reload."""
