"""What a setting takes and what it is when nobody sets it, in words: for refusals and for the docs."""

from __future__ import annotations

from digitalpfad.config.model import Settings
from geodata.maps.base_map import EXPECTED as EXPECTED_BASE_MAP

_HOST = "a name or address of this machine, such as 127.0.0.1"
_NETWORKS = "all, none, private, or addresses and networks such as 10.0.0.5, 192.168.7.0/24"
_PHRASES = {
    "database_url": "a PostgreSQL address such as postgresql://user:password@host/database",
    "mqtt_url": "a broker address such as mqtt://user:password@host:1883",
    "mqtt_sync": "always, or a duration such as 500ms, 10s or 2m",
    "mqtt_ca_file": "the path of a PEM file",
    "base_url": "an address such as https://pfad.example.org without query, user and password",
    "data_dir": "the path of a folder",
    "mqtt_host": _HOST,
    "host": _HOST,
    "gateway_http_host": _HOST,
    "mqtt_server_name": "a host's name or address, such as broker.example.org",
    "mqtt_tls_certificate_file": "the path of a PEM file",
    "mqtt_tls_key_file": "the path of a PEM file",
    "tls_certificate_file": "the path of a PEM file",
    "tls_key_file": "the path of a PEM file",
    "trusted_proxies": "addresses and networks such as 127.0.0.1, 10.0.0.0/8",
    "metrics_from": _NETWORKS,
    "api_docs_from": _NETWORKS,
    "base_map": EXPECTED_BASE_MAP,
    "base_map_attribution": "a text of at most 200 characters, not empty where there is a base map",
    "security_contact": "an address such as mailto:it@town.example or https://town.example/security",
    "partition": "a trail's short name (a-z, 0-9 and -)",
}


def expectation(name: str) -> str:
    """What values a setting takes, as a phrase."""
    schema = Settings.model_json_schema()["properties"][name]
    schema = next((part for part in schema.get("anyOf", []) if part.get("type") != "null"), schema)
    if "enum" in schema:
        return " or ".join(str(value) for value in schema["enum"])
    if schema["type"] == "integer":
        return f"a whole number from {schema['minimum']} to {schema['maximum']}"
    return _PHRASES.get(name, "a text that is not empty")


def default_text(name: str) -> str:
    """A setting's default as text; empty ones as «unset»."""
    default = Settings.model_fields[name].default
    return "unset" if default in (None, "") else str(default)
