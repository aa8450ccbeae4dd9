"""A simulated fleet of trail devices: it knows MQTT and nothing of the server.

It imports nothing of the other packages, and they nothing of it.
"""
