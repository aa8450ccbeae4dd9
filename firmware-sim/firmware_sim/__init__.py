"""A simulated fleet of trail devices: it knows MQTT and nothing of the server."""
