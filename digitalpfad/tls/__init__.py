"""Certificates of this system: judged, renewed while it serves, and what is open to a network without them.

Trust of the gateway in its broker is gateway.mqtt.
"""
