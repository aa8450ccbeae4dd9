"""PostgreSQL and an MQTT broker started by us, for a trail without a database server of its own."""
