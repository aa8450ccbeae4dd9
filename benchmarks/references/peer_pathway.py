"""The peer Pathway, run by an interpreter of its own: PORT POSTGRES_PORT CHECKPOINT_FOLDER."""

# pyright: basic, reportMissingImports=false
# (the peer is never installed beside the project)
import sys

import pathway as pw


class Message(pw.Schema):
    """The payload of the benchmark, one row each."""

    seq: int
    measured_at: int
    air_temperature: float
    air_humidity: float
    soil_moisture: float
    battery_voltage: float


port, postgres_port, checkpoints = sys.argv[1:]
names = ("air_temperature", "air_humidity", "soil_moisture", "battery_voltage")
table = pw.io.mqtt.read(
    f"mqtt://127.0.0.1:{port}/?client_id=peer-pathway",
    "digitalpfad/v1/+/+/event/+",
    qos=1,
    schema=Message,
    format="json",
    json_field_paths={name: f"/values/{name}" for name in names} | {"measured_at": "/time"},
    autocommit_duration_ms=200,
    name="telemetry",
)
settings = {"host": "127.0.0.1", "port": postgres_port, "dbname": "peer_pathway", "user": "postgres", "password": "-"}
pw.io.postgres.write(table, settings, "message")
backend = pw.persistence.Backend.filesystem(checkpoints)
pw.run(
    monitoring_level=pw.MonitoringLevel.NONE,
    persistence_config=pw.persistence.Config(backend, snapshot_interval_ms=500),
)
