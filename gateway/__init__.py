"""MQTT to store: bytes become observations, and are acknowledged after the commit."""
